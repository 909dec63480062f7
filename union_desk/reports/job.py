"""What is to be printed and where its values come from; nothing here loads reportlab."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from union_desk.reports import checkcode
from union_desk.taskpack.definition import FILINGS
from union_desk.taskpack.paper_blocks import Body
from union_desk.taskpack.period import containing, of_year

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from union_desk.indicators import Progress
    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.taskpack.definition import Form, Report, TaskPack
    from union_desk.taskpack.expression import Expression
    from union_desk.taskpack.paper_blocks import (
        Block,
        Counts,
        Explained,
        Listed,
        PaperMark,
        Returned,
    )
    from union_desk.taskpack.period import Period
    from union_desk.taskpack.record import Record

    Told = Callable[[int, int], None]
    """``progress(done, total)``; raises ``Cancelled`` to stop."""


class Owed(Protocol):
    """An expected filing and what became of it."""

    @property
    def unit(self) -> str:
        """Who owes it."""

    @property
    def form(self) -> str:
        """What is owed."""

    @property
    def period(self) -> str:
        """For which period."""

    @property
    def duty(self) -> str:
        """``must`` or ``if_any``."""

    @property
    def due_date(self) -> str:
        """The last day in time."""

    @property
    def state(self) -> str | None:
        """``sent``, ``nil``, ``received``, ``returned`` or None."""

    def late(self, day: str) -> bool:
        """Return whether it is overdue on a day."""


class Source(Protocol):
    """Where a report's values come from: newest confirmed revisions, decisions laid over.

    `unit` is the unit the paper speaks for: its own rows and those of the units below it.
    `period` is the period asked for, None for all rows up to `as_of`. `person` and `phone` are
    of who fills in; empty ones are left to the pen.
    """

    @property
    def pack(self) -> TaskPack:
        """The task package."""

    @property
    def level(self) -> str:
        """Level of the unit."""

    @property
    def unit(self) -> str:
        """Code of the unit."""

    @property
    def unit_name(self) -> str:
        """Name of the unit."""

    @property
    def period(self) -> Period | None:
        """The period asked for: rows whose own period shares days with it; None for all."""

    @property
    def as_of(self) -> str:
        """The day up to which data are taken, ISO."""

    @property
    def person(self) -> str:
        """Who fills in."""

    @property
    def phone(self) -> str:
        """Their phone."""

    @property
    def demo(self) -> bool:
        """Whether these are sample data."""

    def records(
        self, form_id: str, where: Expression | None = None, *, whole: bool = False
    ) -> Iterator[Record]:
        """Yield the rows of a form for which `where` holds, in the order of its ledger.

        :param whole: those of earlier periods, too.
        """

    def record(self, uid: str) -> Record:
        """Return one record; UserError if there is none."""

    def count(self, form_id: str) -> int:
        """Return how many rows :meth:`records` yields."""

    def progress(self, as_of: str) -> Sequence[Progress]:
        """Return every indicator of the unit at a day."""

    def reported(self) -> tuple[int, int]:
        """Return how many filings are due from the tree for the period, and how many are in."""

    def name_of(self, unit: str) -> str:
        """Return the name of a unit by its code; the code where the directory has none."""

    def notes(self) -> Mapping[str, tuple[str, str]]:
        """Return 原因 and 措施 by indicator, for the period."""

    def progress_below(self, as_of: str) -> Sequence[tuple[str, str, Sequence[Progress]]]:
        """Return code, short name and indicators of each unit directly below."""

    def sums_said(self, names: Sequence[str]) -> Sequence[str]:
        """Say whether figures of the units right below are the sums over their units."""

    def tree(self) -> Sequence[tuple[str, str, Collection[str]]]:
        """Return code, short name and all units of the own unit and each unit directly below.

        The own unit stands for itself alone.
        """

    def owed(self) -> Sequence[Owed]:
        """Return the expected filings whose periods share days with the paper's."""

    def overdue(self) -> Sequence[Owed]:
        """Return what the units below have not filed in time, of any period."""

    def papers(self) -> Sequence[PaperMark]:
        """Return what is known of the papers of units below for the paper's period."""

    def returned(self) -> Sequence[Returned]:
        """Return the records of the period that were returned."""

    @property
    def parent_name(self) -> str:
        """Name of the unit above, empty where there is none."""

    def limit(self) -> str:
        """Return the last day in time for the paper's period, ISO; empty without a period."""

    def counts(self, block: Block, period: Period | None) -> Counts:
        """Return what a counted block comes to; `period` is that of the paper."""

    def listing(self, block: Block, period: Period | None) -> Iterable[Listed]:
        """Return the records of a list."""

    def explained(
        self, forms: Sequence[str], period: Period | None, record: str | None = None
    ) -> Sequence[Explained]:
        """Return why warnings of the forms' rows, or of one record, were passed."""


@dataclass(frozen=True)
class Job:
    """One paper: its name, the report or form behind it, the source, the record of a sheet."""

    name: str
    pack: TaskPack
    source: Source
    form: Form | None = None
    report: Report | None = None
    record: Record | None = None
    block: str = ""
    """Signature block: A, B, AB, C, D, E1 to E3 (with 本人: the person signs), G."""
    listing: bool = False
    """Whether many rows print, not one record."""
    full: bool = False
    """Whether ID and telephone numbers print in full: only for a reason that is written down."""
    public: bool = False
    """Whether it is for everybody's eyes: no names, no signatures, no free texts."""
    part: bool = False
    """Whether its rows were chosen by hand: the title says that they are not all."""

    to: str = ""
    """Code of the unit directly below that a notice goes to; empty: to all concerned."""

    def concerns(self, unit: str) -> bool:
        """Return whether the paper speaks of a unit: every one, or those of whom it goes to."""
        return not self.to or unit in self._addressed

    @cached_property
    def _addressed(self) -> Collection[str]:
        return next((units for code, _, units in self.source.tree() if code == self.to), ())

    @property
    def of(self) -> Form:
        """The form behind a sheet or roster."""
        if self.form is None:
            message = f"{self.name} has no form"
            raise LookupError(message)
        return self.form

    @property
    def body(self) -> Body:
        """What the report says between head and foot; of a form's own papers nothing."""
        return self.report.body if self.report is not None else Body()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The tables of figures and lists that a unit of the source's level prints."""
        level = self.source.level
        return tuple(item for item in self.body.blocks if not item.levels or level in item.levels)

    @property
    def title(self) -> str:
        """The title as it prints."""
        report = self.report
        if report is None:
            title = self.of.title
            title = title if self.listing else sheet_title(title)
            return f"{title}（所选记录）" if self.part else title
        if self.record is not None and report.record_heading:
            return report.record_heading
        return report.heading or report.title

    @property
    def table_code(self) -> str:
        """表号 of the report, if the paper is one."""
        return self.report.table_code if self.report else ""

    @property
    def period(self) -> Period | None:
        """The period the paper is for: the quarter or year of a form that is filed by it."""
        asked = self.source.period
        if asked is None or self.form is None:
            return asked
        if FILINGS.index(self.form.filing) <= FILINGS.index(asked.kind):
            return asked
        return containing(self.form.filing, asked.last_day)

    @property
    def period_id(self) -> str:
        """Period in the serial: record sheets take the year."""
        if self.record is not None and self.form is not None and self.form.kind != "sheet":
            return of_year(self.pack).id
        if self.record is not None:
            return self.record.period
        if self.period is not None:
            return self.period.id
        return containing("month", self.source.as_of).id

    @property
    def identity(self) -> checkcode.Identity:
        """The first line of the digest."""
        subject = self.record.uid if self.record else f"{self.period_id}{self.to and ':'}{self.to}"
        return checkcode.Identity(
            self.name, self.source.unit, subject, self.pack.id, self.pack.version
        )


def sheet_title(title: str) -> str:
    """Return the title of one record's sheet after the title of its list: 台账 -> 登记表."""
    for word in ("台账", "名册"):
        if title.endswith(word):
            return f"{title.removesuffix(word)}登记表"
    return title


class Plan(Protocol):
    """A paper worked out but not drawn: its cells are known, its pages are not yet."""

    @property
    def cells(self) -> Iterable[str]:
        """Lines of :func:`checkcode.cell`, one per printed value."""

    @property
    def texts(self) -> Iterable[tuple[str, str, str]]:
        """(whose, field label, text) of what is printed, to look for characters without glyph."""

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
