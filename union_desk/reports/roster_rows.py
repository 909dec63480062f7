"""The rows of a roster, read once: texts by column, sums, digest lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk.reports import checkcode, values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from union_desk.reports.job import Job
    from union_desk.reports.roster_columns import Column
    from union_desk.taskpack.definition import Field, TaskPack
    from union_desk.taskpack.record import Record, Value

    Reader = Callable[[Mapping[str, Value]], str]


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
    readers = [_reader(column.field, job) if column.field else None for column in columns]
    numbers = [item for item in form.fields if values.reason_fields(form, item)]
    rows.persons = any(item.type == "person_id" for item in form.fields)
    must_name = _signer(job, columns)
    for record in job.source.records(form.id):
        if must_name and values.stored(must_name, record.values) is None:
            continue
        rows.count += 1
        _take(record, columns, readers, rows)
        if any(values.awaited(form, item, record.values) for item in numbers):
            rows.awaited += 1
    return rows


def _signer(job: Job, columns: Sequence[Column]) -> Field | None:
    if job.block != "D":
        return None
    return next((column.field for column in columns if column.key), None)


def _take(
    record: Record, columns: Sequence[Column], readers: Sequence[Reader | None], rows: Rows
) -> None:
    row = record.values
    for place, column in enumerate(columns):
        item, reader = column.field, readers[place]
        if item is None or reader is None:
            rows.texts[place].append("")
            continue
        rows.texts[place].append(reader(row))
        value = row.get(item.id) if item.type != "ref" else values.stored(item, row)
        amounts = rows.amounts[place]
        if amounts is not None:
            amounts.append(value if isinstance(value, int) else 0)
        if value is not None:
            rows.cells.append(checkcode.cell(record.uid, item.id, value))


def _reader(item: Field, job: Job) -> Reader:
    """Return what makes the text of a cell; equal values are worked out once."""
    pack: TaskPack = job.pack
    form = job.of
    known: dict[Value, str] = {}
    reasons = values.reason_fields(form, item)

    def read_reference(row: Mapping[str, Value]) -> str:
        return _text(item, row, pack)

    def read_value(row: Mapping[str, Value]) -> str:
        value = row.get(item.id)
        if value is None and reasons and values.awaited(form, item, row):
            return values.AWAITED
        text = known.get(value)
        if text is None:
            text = known[value] = _text(item, row, pack)
        return text

    return read_reference if item.type == "ref" else read_value


def _text(item: Field, row: Mapping[str, Value], pack: TaskPack) -> str:
    return values.clean(values.shown(item, row, pack, masked=True))
