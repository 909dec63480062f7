"""What a ledger asks of the store beyond its rows: deleting many, writing a sheet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from union_desk.taskpack.field_types import SENSITIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from union_desk.desktop.editor import Reader
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.ledger_view import View
    from union_desk.desktop.session import Session
    from union_desk.store.drafts import Draft
    from union_desk.store.listing import ListedRow
    from union_desk.taskpack.definition import Field, Form

BLOCK = 128


def remove_all(
    session: Session, form: str, rows: Sequence[ListedRow], reason: str, progress: Progress
) -> list[str]:
    """Delete drafts and void confirmed records in one transaction; return their uids.

    :raises InputError: one of them may not be touched here; then nothing was changed.
    """
    from union_desk.store import drafts, records

    with session.store.write() as transaction:
        records.delete_drafts(transaction, form, [row.uid for row in rows if row.state == "draft"])
        for place, row in enumerate(rows):
            progress(place, len(rows))
            if row.state != "draft":
                records.void(transaction, form, row.uid, reason)
            drafts.discard(transaction, row.uid)
    return [row.uid for row in rows]


def left_open(session: Session, form: str) -> tuple[Draft, ...]:
    """Return what was being typed in a form when its page was not left in order."""
    from union_desk.store import drafts

    with session.store.read() as connection:
        return drafts.load_drafts(connection, form, left_open=True)


def write_sheet(
    path: Path, view: View, reader: Reader, form: Form, progress: Progress, *, masked: bool
) -> Path:
    """Write the rows of a view as a sheet with labels on top; return where it lies.

    :param masked: of sensitive values only the mask.
    :raises FileError: it cannot be written.
    """
    from union_desk import excel

    columns = [*(item.label for item in form.fields), "状态", "报告期"]
    excel.write_tables(
        path,
        {
            form.title[:31]: (
                columns,
                _rows(view, partial(_cell, reader, masked=masked), form, progress),
            )
        },
    )
    return path


def _rows(
    view: View, write: Callable[[Field, ListedRow], str], form: Form, progress: Progress
) -> Iterator[list[str]]:
    from union_desk import workflow

    for start in range(0, view.count, BLOCK):
        progress(start, view.count)
        for row in view.listing.page(start, BLOCK):
            cells = [write(item, row) for item in form.fields]
            yield [*cells, workflow.RECORD_STATES[row.state], row.period]


def _cell(reader: Reader, item: Field, row: ListedRow, *, masked: bool) -> str:
    name = f"{item.id}__label" if item.type == "ref" else item.id
    value = row.values.get(name)
    if masked and item.sensitivity >= SENSITIVE:
        return reader.shown(item, value, masked=True)
    return str(value or "") if item.type == "ref" else reader.typed(item, value)
