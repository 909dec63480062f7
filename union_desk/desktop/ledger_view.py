"""What a ledger shows at the moment: filter, order, rows; carried along to the form and back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from union_desk import workflow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session
    from union_desk.store.behind import Asked, Behind
    from union_desk.store.listing import ListFilter, Listing, ListSort

ALL, ERRORS, EDITING, VOIDED = "", "errors", "editing", "voided"
MOST_DRAFTS = 500
"""Drafts that are looked into for errors."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one asks a ledger for."""

    form: str
    search: str = ""
    period: str = ""
    """Id of a period; empty: all."""
    chip: str = ALL
    """A state of a record, or one of the marks above."""
    sort: ListSort | None = None
    units: tuple[str, ...] = ()
    """Codes of units; empty: all."""
    columns: tuple[tuple[str, object], ...] = ()
    """By field: some values, a range, or None for what is not filled in."""
    behind: Asked | None = None
    """A figure: only the rows that it counts."""


@dataclass(slots=True)
class View:
    """Rows found, and the figures around them."""

    wanted: Wanted
    listing: Listing
    counts: Mapping[str, int] = field(default_factory=dict)
    """By chip: how many rows the search and the period show; all there are where that is none."""
    totals: Mapping[str, int | float] = field(default_factory=dict)
    several_units: bool = False
    wrong: frozenset[str] = frozenset()
    """Drafts with an error."""
    behind: Behind | None = None
    """The figure whose rows alone are shown."""

    @property
    def only(self) -> tuple[str, ...] | None:
        """The records behind the figure, None where all may be shown."""
        return None if self.behind is None else tuple(self.behind.brought)

    @property
    def count(self) -> int:
        """How many rows are shown."""
        return len(self.listing.ids)

    def place(self, uid: str) -> int | None:
        """Return the place of a record among the rows shown."""
        return self.listing.place(uid)

    def uid_at(self, place: int) -> str | None:
        """Return the record at a place."""
        if not 0 <= place < self.count:
            return None
        rows = self.listing.page(place, 1)
        return rows[0].uid if rows else None


def look(session: Session, wanted: Wanted, progress: Progress) -> View:
    """Find the rows; runs in a worker. Where there is none, `add_up` has been done already."""
    from union_desk.store.listing import Listing

    wrong = _wrong(session, wanted.form)
    progress(1, 2)
    figure = _behind(session, wanted)
    only = None if figure is None else tuple(figure.brought)
    listing = Listing(session.store, wanted.form, _filter(wanted, wrong, only), wanted.sort)
    found = len(listing.ids)
    progress(2, 2)
    view = View(
        wanted,
        listing,
        several_units=_several_units(session, wanted.form),
        wrong=frozenset(wrong),
        behind=figure,
    )
    return view if found else add_up(session, view)


def add_up(session: Session, view: View) -> View:
    """Return a view with its counts and totals; runs in a worker, after the rows are shown."""
    wrong, wanted = tuple(view.wrong), view.wanted
    counts = _counts(session, wanted, wrong, view.only)
    if not view.count and not counts[ALL]:
        counts = _counts(session, Wanted(wanted.form), wrong)
    return replace(view, counts=counts, totals=view.listing.totals)


def _behind(session: Session, wanted: Wanted) -> Behind | None:
    """Return the figure that is asked for, with its rows."""
    from union_desk.store import behind

    if wanted.behind is None:
        return None
    with session.store.read() as connection:
        return behind.rows(connection, session.store, wanted.behind)


def _filter(
    wanted: Wanted, wrong: tuple[str, ...], only: tuple[str, ...] | None = None
) -> ListFilter:
    """Return the filter of the store for what is wanted."""
    from union_desk.store.listing import ListFilter

    chip = wanted.chip
    return ListFilter(
        states=(chip,) if chip in workflow.RECORD_STATES else (),
        periods=(wanted.period,) if wanted.period else (),
        units=wanted.units,
        columns=dict(wanted.columns),  # type: ignore[arg-type]
        search=wanted.search,
        uids=wrong if chip == ERRORS else only,
        editing=chip == EDITING,
        voided=chip == VOIDED,
    )


def _counts(
    session: Session,
    wanted: Wanted,
    wrong: tuple[str, ...],
    only: tuple[str, ...] | None = None,
) -> dict[str, int]:
    """Return the number of rows behind every chip."""
    from union_desk.store.listing import Listing

    def count(chip: str) -> dict[str, int]:
        chosen = _filter(replace(wanted, chip=chip), wrong, only)
        return Listing(session.store, wanted.form, chosen).counts

    found = dict(count(ALL))
    found[ALL] = sum(found.values())
    marks = (EDITING, VOIDED, *((ERRORS,) if wrong and only is None else ()))
    return found | {chip: sum(count(chip).values()) for chip in marks}


def _wrong(session: Session, form: str) -> tuple[str, ...]:
    """Return the drafts that hold an error; what is merely not filled in yet is none."""
    from union_desk.store import tally

    with session.store.read() as connection:
        return tally.wrong_drafts(connection, session.store, form, session.today, MOST_DRAFTS)


def _several_units(session: Session, form: str) -> bool:
    """Return whether rows of other units are here, too."""
    table = session.store.tables.form[form]
    other = table.select().where(table.c.unit != session.unit).limit(1)
    with session.store.read() as connection:
        return connection.execute(other).first() is not None
