"""The rows of a roster, read once: texts by column, sums, digest lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk.reports import checkcode, values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from union_desk.reports.job import Job
    from union_desk.reports.roster_columns import Column
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

    Reader = Callable[[Value, Mapping[str, Value]], str]


@dataclass(slots=True)
class Rows:
    """All rows of a roster by column."""

    texts: list[list[str]]
    amounts: list[list[int] | None]
    """Of summed columns the stored whole numbers, row by row."""
    cells: list[str] = field(default_factory=list)
    count: int = 0
    awaited: int = 0
    persons: bool = False

    @property
    def measure(self) -> str:
        """Counting word of the rows."""
        return "人" if self.persons else "条"


def read(job: Job, columns: Sequence[Column]) -> Rows:
    """Return the rows of the job's form, for signing only those that name somebody."""
    form = job.of
    rows = Rows([[] for _ in columns], [[] if column.summed else None for column in columns])
    takers = [_taker(place, column, job, rows) for place, column in enumerate(columns)]
    numbers = [item for item in form.fields if values.reason_fields(form, item)]
    rows.persons = any(item.type == "person_id" for item in form.fields)
    must_name = _signer(job, columns)
    whole = job.body.span in {"year", "day"}
    for record in job.source.records(form.id, job.body.where, whole=whole):
        row = record.values
        if must_name and values.stored(must_name, row) is None:
            continue
        rows.count += 1
        for take in takers:
            take(record.uid, row)
        if numbers and any(values.awaited(form, item, row) for item in numbers):
            rows.awaited += 1
    return rows


def _signer(job: Job, columns: Sequence[Column]) -> Field | None:
    if job.block != "D":
        return None
    return next((column.field for column in columns if column.key), None)


def _taker(
    place: int, column: Column, job: Job, rows: Rows
) -> Callable[[str, Mapping[str, Value]], None]:
    """Return what takes a row's cell into its column: text, amount, digest line."""
    add_text, add_cell = rows.texts[place].append, rows.cells.append
    amounts, item = rows.amounts[place], column.field
    if item is None:
        return lambda _uid, _row: add_text("")
    reader, name, key = _reader(item, job), item.id, f"{item.id}__key"
    shown = f"{name}__label" if item.type == "ref" else name

    def take(uid: str, row: Mapping[str, Value]) -> None:
        value = row.get(shown)
        if value is None and shown is not name:
            value = row.get(key)
        add_text(reader(value, row))
        if value is not None:
            add_cell(checkcode.cell(uid, name, value))
        if amounts is not None:
            amounts.append(value if isinstance(value, int) else 0)

    return take


def _reader(item: Field, job: Job) -> Reader:
    """Return what makes the text of a cell; equal values are worked out once."""
    pack, form = job.pack, job.of
    known: dict[Value, str] = {}
    reasons = values.reason_fields(form, item)

    def read(value: Value, row: Mapping[str, Value]) -> str:
        if value is None:
            late = reasons and values.awaited(form, item, row)
            return values.AWAITED if late else ""
        text = known.get(value)
        if text is None:
            text = values.clean(values.shown(item, row, pack, masked=not job.full))
            known[value] = text
        return text

    return read
