"""报送册: which forms a unit owes, and what it filled in without the program, taken in for it.

The records are this office's, about that unit (代报); the filing says who filled it in, the
change log says from which file. All forms of a book enter by one transaction or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import filings, intakes, nil_filings, periods, rights, sent_filings, undoing
from union_desk.store import units as directory
from union_desk.store.layout import HEAD_PLACE, layout, rows_by
from union_desk.store.taking_in import Options, PutResult, TakingIn
from union_desk.taskpack.definition import FILINGS
from union_desk.taskpack.period import Period, due
from union_desk.taskpack.record import Table
from union_desk.taskpack.report_book import EmptyBook, OwedForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.taking_in import Progress
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import Form, TaskPack
    from union_desk.taskpack.report_book import FilledBook

_STEPS = 5


@dataclass(frozen=True, slots=True)
class BookFile:
    """The file a book came in, for the list of what was taken in."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class BookUndo:
    """What takes a book back."""

    forms: tuple[undoing.Undo, ...]
    filings: tuple[str, ...]
    """Filings that the book made."""


@dataclass(frozen=True, slots=True)
class BookResult:
    """What came of a book, form by form."""

    results: Mapping[str, PutResult]
    nothing: tuple[str, ...] = ()
    """Forms of which 本期无发生 was stated."""
    told: tuple[str, ...] = ()
    """What was not done as the book says, in sentences."""
    refused: bool = False
    """Nothing was changed, because of the findings."""
    undo: BookUndo | None = None

    def total(self, name: str) -> int:
        """Return the sum of a count over all forms: ``added``, ``updated``, and so on."""
        return sum(getattr(one, name) for one in self.results.values())


class _Undone(Exception):  # noqa: N818 - an outcome, not an error
    """Leaves the transaction: nothing of it stays but the result."""

    def __init__(self, result: BookResult) -> None:
        super().__init__()
        self.result = result


# --- handing out -------------------------------------------------------------------------------


def plan(store: Store, unit: str, chosen: Mapping[str, str], *, as_of: str, day: str) -> EmptyBook:
    """Return the book of a unit: the forms that it owes for the `chosen` periods by filing kind.

    A unit that the directory does not know yet gets every form that units of the lowest level
    fill in.

    :raises InputError: I564 not a unit that this office may fill in for, I565 it owes nothing.
    """
    pack = store.pack
    with store.read() as connection:
        known = directory.of_store(connection, store)
        _check_unit(store, known, unit)
        owed = _owed(connection, store, known, unit, chosen.values(), as_of=as_of)
    listed = known.by_code.get(unit)
    if listed is None:
        forms = tuple(
            OwedForm(form.id, period, "if_any", due(pack, Period.parse(period)))
            for form in pack.top_forms
            if form.filing in chosen and rights.writes(store.level, form)
            for period in (chosen[form.filing],)
        )
    else:
        forms = tuple(
            OwedForm(item.form, item.period, item.duty, item.due_date)
            for item in owed
            if rights.writes(store.level, pack.forms[item.form])
        )
    if not forms:
        raise InputError(
            "I565", f"“{known.name(unit)}”在所选的报告期没有要报的表。",
            "请换一个报告期，或在“报送情况”里核对应报。",
        )  # fmt: skip
    return EmptyBook(unit, known.name(unit), dict(chosen), forms, store.unit_name, day)


def working_periods(
    store: Store, as_of: str, given: Iterable[str] = (), unit: str = ""
) -> dict[str, str]:
    """Return a period for every filing kind: those `given`, else those open for a unit.

    :param unit: the own one where "".
    :raises InputError: I566, not a period.
    """
    found = {}
    for text in given:
        try:
            period = Period.parse(text)
        except ValueError as error:
            raise InputError(
                "I566", f"“{text}”不是报告期。", "月报写 2012M08，季报写 2012Q3，年报写 2012Y。"
            ) from error
        found[period.kind] = period.id
    with store.read() as connection:
        for kind in FILINGS:
            form = next((one for one in store.pack.top_forms if one.filing == kind), None)
            if kind not in found and form is not None:
                found[kind] = periods.working(
                    connection, store.pack, form, given=None, as_of=as_of, unit=unit
                ).id  # fmt: skip
    return found


def _check_unit(store: Store, known: directory.Units, unit: str) -> None:
    trouble = rights.unit_trouble(store, known, unit)
    if trouble:
        raise InputError("I564", f"{trouble}，不能代报。", "请核对报送册封面上的单位编码。")


def _owed(
    connection: Connection, store: Store, known: directory.Units, unit: str,
    wanted: Iterable[str], *, as_of: str,
) -> list[filings.Filing]:  # fmt: skip
    ids = set(wanted)
    last = max([as_of, *(Period.parse(one).first_day for one in ids)])
    every = filings.expected(
        connection, store.tables, store.pack, known, as_of=last, below=unit, only=ids
    )
    return [item for item in every if item.unit == unit]


# --- taking in ---------------------------------------------------------------------------------


def take_in(
    store: Store, book: FilledBook, file: BookFile, *, as_of: str | None = None,
    reason: str | None = None, drafts: bool = False, dry_run: bool = False,
    explanations: Mapping[str, str] | None = None, progress: Progress | None = None,
) -> BookResult:  # fmt: skip
    """Add or update what a book holds as confirmed records of its unit.

    :param reason: explains every warning, and is the reason of a 更正.
    :param drafts: rows that cannot be confirmed land as drafts, the rest goes in.
    :param explanations: written reasons by check, each for all rows of its rule.
    :raises InputError: I564, I567 the cover names no period for a form, I410, I421.
    :raises StoreError: S361.
    """
    rights.check_may(store, "enter")
    options = Options(
        None, as_of, (reason or "").strip() or None, drafts=drafts,
        explanations=explanations or {}, source=f"代报：{file.name}", about=book.unit,
    )  # fmt: skip
    try:
        with store.write(bulk=True) as transaction:
            run = _Taking(transaction, book, options, progress or (lambda _, __: None))
            result = run.all_forms()
            _stay(result, dry_run=dry_run)
            run.note(file, result)
    except _Undone as undone:
        return undone.result
    return result


def _stay(result: BookResult, *, dry_run: bool) -> None:
    """Leave the transaction unless what it did is to stay."""
    if result.refused or dry_run:
        raise _Undone(result)


@dataclass(frozen=True, slots=True)
class _Taking:
    """One book on its way in, inside one transaction."""

    transaction: Transaction
    book: FilledBook
    options: Options
    progress: Progress

    def all_forms(self) -> BookResult:
        """Take in every form of the book, then say what was filed."""
        transaction, book = self.transaction, self.book
        store, connection = transaction.store, transaction.connection
        known = directory.directory(connection, store.tables, store.pack, store.unit)
        _check_unit(store, known, book.unit)
        forms = [form for form in in_order(store.pack) if _has_rows(form, book)]
        results = {form.id: self._one(form, n, len(forms)) for n, form in enumerate(forms)}
        if any(one.refused for one in results.values()):
            return BookResult(results, refused=True)
        done = tuple(one.undo for one in results.values() if one.undo is not None)
        made = self._file(done)
        stated, told, nil = self._state_nothing(known, results)
        undo = BookUndo(done, (*made, *nil))
        return BookResult(results, stated, told, undo=undo)

    def _one(self, form: Form, number: int, count: int) -> PutResult:
        book = self.book
        rights.check_form(self.transaction.store.level, form)
        period = book.periods.get(form.filing)
        if period is None:
            raise InputError(
                "I567", f"报送册的封面没有写《{form.title}》的所属期。", "请用上级发的原件填写。"
            )
        options = replace(self.options, period=period)

        def step(done: int, _total: int) -> None:
            self.progress(number * _STEPS + done, count * _STEPS)

        run = TakingIn(self.transaction, form, options, step)
        empty = Table(form.id, [item.id for item in form.fields if item.computed is None], [])
        main = book.sheets.get(form.id, empty)
        return run.run(main, {name: book.sheets[name] for name in form.details
                              if name in book.sheets})  # fmt: skip

    def _file(self, done: Sequence[undoing.Undo]) -> list[str]:
        """Say of other units that they have handed in; the own ones do so by sending."""
        filed = set()
        for one in done:
            uids = [*one.added, *(str(row[0]) for row, _ in one.before)]
            made = layout(self.transaction.tables, one.form)
            for row in rows_by(self.transaction.connection, made, "uid", uids):
                place = (str(row[HEAD_PLACE["unit"]]), one.form, str(row[HEAD_PLACE["period"]]))
                if place[0] != self.transaction.store.unit:
                    filed.add(place)
        return sent_filings.note_for_others(self.transaction, filed)

    def _state_nothing(
        self, known: directory.Units, results: Mapping[str, PutResult]
    ) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
        """State 本期无发生 where the cover says so and nothing speaks against it."""
        transaction, book = self.transaction, self.book
        store, connection = transaction.store, transaction.connection
        day = self.options.as_of or transaction.now[:10]
        owed = _owed(connection, store, known, book.unit, book.periods.values(), as_of=day)
        by_form = {item.form: item for item in owed}
        shut = periods.closed(connection, book.unit)
        stated, told = [], []
        for form in (one.id for one in store.pack.top_forms if one.id in book.nothing):
            item, title = by_form.get(form), store.pack.forms[form].title
            if form in results:
                told.append(f"《{title}》标了本期无发生，却填了数据：已按数据装入。")
            elif item is None or item.period in shut:
                told.append(f"《{title}》标了本期无发生，但不用报或已结账：没有记零报。")
            elif item.state in filings.DONE or (form, item.period) in nil_filings.records_in(
                connection, store, book.unit, (item.period,)
            ):
                told.append(f"《{title}》标了本期无发生，但已经报过或有记录：没有记零报。")
            else:
                stated.append(item)
        uids = nil_filings.state(transaction, [replace(item, state=None) for item in stated])
        return tuple(item.form for item in stated), tuple(told), uids

    def note(self, file: BookFile, result: BookResult) -> None:
        """Enter the file into the list of what was taken in."""
        counts = {name: result.total(name) for name in ("added", "updated", "unchanged")}
        parts = [f"{result.total('drafts')} 行存为草稿"] if result.total("drafts") else []
        parts += [f"零报 {len(result.nothing)} 张"] if result.nothing else []
        words = f"报送册，由本单位代报{'：' if parts else ''}{'，'.join(parts)}。"
        told = {
            "packet": "", "outcome": "applied", "reason": words, "counts": counts,
            "unit": self.book.unit, "periods": "、".join(self.book.periods.values()),
        }  # fmt: skip
        intakes.note(self.transaction, file.name, file.sha256, file.size, [told])


def in_order(pack: TaskPack) -> list[Form]:
    """Return sheets and ledgers so that checks find what they compare with.

    Forms that others point to come first, sheets that add up ledgers last.
    """
    done: dict[str, Form] = {}

    def visit(form: Form, path: tuple[str, ...]) -> None:
        if form.id in done or form.id in path or form.kind == "detail":
            return
        for item in form.fields:
            if item.type == "ref" and item.form:
                visit(pack.forms[item.form], (*path, form.id))
        done[form.id] = form

    for form in sorted(pack.top_forms, key=lambda form: form.kind == "sheet"):
        visit(form, ())
    return list(done.values())


def _has_rows(form: Form, book: FilledBook) -> bool:
    return any(name in book.sheets for name in (form.id, *form.details))


def take_back(transaction: Transaction, done: BookUndo) -> None:
    """Take a book back, all of it or nothing.

    :raises InputError: I439, something of it was sent.
    """
    for one in reversed(done.forms):
        undoing.undo(transaction, one)
    nil_filings.withdraw(transaction, done.filings)
