"""What becomes of each row of a sheet: new, changed with old and new values, the same, a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk.store.schema import stored_fields
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from union_desk.store.batch import Batch
    from union_desk.taskpack.record import Value

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """One row of a sheet, by its number there."""

    number: int
    kind: str
    """``new``, ``changed`` or ``same``."""
    draft: bool = False
    """It lands as a draft."""
    changes: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    """Of a changed row: old and new value by field; of a reference its label."""


def outcomes(batch: Batch, apart: Container[int]) -> tuple[RowOutcome, ...]:
    """Return the outcomes in the order of the sheet."""
    found = []
    for place, number in enumerate(batch.sheet.numbers):
        if batch.is_new(place):
            found.append(RowOutcome(number, NEW, place in apart))
        elif batch.changed(place):
            found.append(RowOutcome(number, CHANGED, place in apart, _changes(batch, place)))
        else:
            found.append(RowOutcome(number, SAME))
    return tuple(found)


def _changes(batch: Batch, place: int) -> dict[str, tuple[Value, Value]]:
    old, new, made = batch.old[place], batch.rows[place], batch.layout
    found: dict[str, tuple[Value, Value]] = {}
    for item in stored_fields(batch.sheet.form):
        column = made.place[columns_of(item)[-1]]
        if old[column] != new[column]:
            found[item.id] = (old[column], new[column])
    return found
