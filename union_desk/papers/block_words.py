"""Rows of counted tables in words: units, codes and totals behind the keys of the digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store import units

if TYPE_CHECKING:
    from union_desk.store.transaction import Connection, Store
    from union_desk.taskpack.definition import Report
    from union_desk.taskpack.paper_blocks import Block

TOTAL = "合计"
_TOTAL_KEY = "total"
_NOT_FILLED = "未填"


def row_words(connection: Connection, store: Store, report: Report | None, row: str) -> str:
    """Return the words of a row key such as ``t1|511102000013`` or ``511102000013|<indicator>``."""
    first, *keys = row.split("|")
    known = units.of_store(connection, store).by_code
    block = _block(report, first)
    if block is None:
        titles = [known[first].name] if first in known else []
        titles += [store.pack.indicators[key].title for key in keys if key in store.pack.indicators]
        titles += [store.pack.forms[key].title for key in keys if key in store.pack.forms]
        return "·".join(titles) or row
    words = []
    for place, key in enumerate(keys):
        if key == _TOTAL_KEY:
            words.append(TOTAL)
        elif key in known:
            words.append(known[key].name)
        else:
            words.append(_label(store, block, place, key))
    return "·".join(words)


def column_words(report: Report | None, row: str, column: str) -> str:
    """Return the title of a counted column, empty where the row is of no block."""
    block = _block(report, row.split("|", maxsplit=1)[0])
    figures = block.figures if block is not None else ()
    return next((item.title for item in figures if item.id == column), "")


def _block(report: Report | None, block_id: str) -> Block | None:
    blocks = report.body.blocks if report is not None else ()
    return next((item for item in blocks if item.id == block_id), None)


def _label(store: Store, block: Block, place: int, key: str) -> str:
    """Return the label of a code by the field that tells the rows apart."""
    if not key:
        return _NOT_FILLED
    for figure in block.figures:
        for counted in figure.counted:
            form = store.pack.forms.get(counted.term.form)
            for name in sorted(counted.groups[place].fields) if place < len(counted.groups) else ():
                field = form.by_id.get(name) if form else None
                codes = store.pack.codes(field) if field else None
                if codes is not None and key in codes.by_code:
                    return codes.label(key)
    return key
