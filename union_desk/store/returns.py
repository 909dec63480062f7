"""Returns: a record goes back to its writer with a remark; the office that returned waits for it.

The note names the packet it judged. A record that was changed since stays as it is: 其后已修改.
It is open until the record's next revision comes: the record's own state tells, no other flag.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import audit
from union_desk.store.layout import CHUNK, HEAD_PLACE, Row, layout, rows_by
from union_desk.store.writing import Write, set_head, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.record import Value

_STATES = ("sent", "received", "archived")
FORMS = NOTE, REVIEW = "return_note", "review"


def note_judged(tx: Transaction, columns: dict[str, list[Value]]) -> None:
    """Let rows about to be entered name the packet that brought the record they judge."""
    pairs = list(zip(columns.get("form", ()), columns.get("record", ()), strict=True))
    places = [_packet(tx, str(form), record) for form, record in pairs]
    columns["epoch"] = [epoch for epoch, _ in places]
    columns["n"] = [n for _, n in places]


def _packet(tx: Transaction, form: str, record: Value) -> tuple[Value, Value]:
    """Return epoch and number of the packet that brought a record; both None: none did."""
    target, table = tx.tables.forms.get(form), tx.tables.received
    if target is None or target.kind not in ("sheet", "ledger"):
        return None, None
    for row in rows_by(tx.connection, layout(tx.tables, form), "uid", [record]):
        chosen = sa.select(table.c.epoch, table.c.n).where(
            table.c.name == row[HEAD_PLACE["packet"]]
        )
        held = tx.connection.execute(chosen.limit(1)).first()
        if held is not None:
            return held[0], held[1]
    return None, None


def given(tx: Transaction, form: str, rows: Sequence[Row]) -> None:
    """Let records that this office has just judged say so here: 退回, or 归档 once accepted."""
    made = layout(tx.tables, form)
    for verdict, state in (("returned", "returned"), ("received", "archived")):
        for target, uids in _judged(made.place, rows, form, verdict).items():
            _move(tx, target, uids, state)
            audit.note(tx, "return" if state == "returned" else "accept", form=target,
                       new={"records": len(uids)})  # fmt: skip


def _move(tx: Transaction, form: str, uids: Sequence[str], state: str) -> None:
    table = tx.tables.form[form]
    for start in range(0, len(uids), CHUNK):
        judged = sa.and_(
            table.c.uid.in_(uids[start : start + CHUNK]),
            table.c.origin != tx.store.origin,
            table.c.record_state.in_(_STATES),
        )
        tx.connection.execute(sa.update(table).where(judged).values(record_state=state))


def arrived(tx: Transaction, notes: Sequence[Row], reviews: Sequence[Row]) -> None:
    """Let own records that an upper office returns go back to work, with their filing."""
    for form, rows in ((NOTE, notes), (REVIEW, reviews)):
        made = layout(tx.tables, form)
        for target, uids in _judged(made.place, rows, form, "returned").items():
            if target in tx.tables.form and tx.tables.forms[target].kind in ("sheet", "ledger"):
                _take_back(tx, target, _judgements(made.place, rows), uids)


def _judged(
    place: Mapping[str, int], rows: Sequence[Row], form: str, verdict: str
) -> dict[str, list[str]]:
    """Return records by form that got a verdict; a remark always returns."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        said = "returned" if form == NOTE else row[place["verdict"]]
        if said == verdict:
            found[str(row[place["form"]])].append(str(row[place["record"]]))
    return found


def _judgements(place: Mapping[str, int], rows: Sequence[Row]) -> dict[str, tuple[Value, Value]]:
    return {str(row[place["record"]]): (row[place["epoch"]], row[place["n"]]) for row in rows}


def _take_back(
    tx: Transaction,
    form: str,
    judgements: Mapping[str, tuple[Value, Value]],
    uids: Sequence[str],
) -> None:
    made, table = layout(tx.tables, form), tx.tables.form[form]
    back = []
    for row in rows_by(tx.connection, made, "uid", uids):
        own = row[HEAD_PLACE["origin"]] == tx.store.origin and not row[HEAD_PLACE["deleted"]]
        if (
            own
            and row[HEAD_PLACE["record_state"]] in _STATES
            and not _changed_since(tx, row, judgements[str(row[0])])
        ):
            back.append(row)
    if back:
        for start in range(0, len(back), CHUNK):
            chosen = table.c.uid.in_([row[0] for row in back[start : start + CHUNK]])
            tx.connection.execute(sa.update(table).where(chosen).values(record_state="returned"))
        audit.note(tx, "returned", form=form, new={"records": len(back)})
        _return_filings(tx, form, back)


def _changed_since(tx: Transaction, row: Row, judgement: tuple[Value, Value]) -> bool:
    """Return whether the record was sent again after the packet that was judged."""
    epoch, number = judgement
    if epoch is None or number is None:
        return False
    table = tx.tables.packet
    chosen = sa.select(table.c.n).where(
        table.c.name == row[HEAD_PLACE["packet"]], table.c.epoch == epoch
    )
    own = tx.connection.execute(chosen).scalar()
    return own is not None and int(own) > int(number)


def _return_filings(tx: Transaction, form: str, records: Sequence[Row]) -> None:
    made, table = layout(tx.tables, "filing"), tx.tables.form["filing"]
    wanted = {(row[HEAD_PLACE["unit"]], row[HEAD_PLACE["period"]]) for row in records}
    chosen = sa.select(*(table.c[name] for name in made.columns)).where(
        table.c.origin == tx.store.origin,
        table.c.form == form,
        table.c.state.in_(_STATES),
        table.c.deleted == 0,
    )
    rows = [
        tuple(row)
        for row in tx.connection.execute(chosen)
        if (row[made.place["unit"]], row[made.place["period"]]) in wanted
    ]
    writes = [Write(set_head(made, row, state="returned"), row) for row in rows]
    if writes:
        write_rows(tx, "filing", writes, act="returned")


def waiting(connection: Connection, store: Store) -> dict[str, int]:
    """Return how many returned records of each writer have not come back yet."""
    found: dict[str, int] = defaultdict(int)
    for form in store.tables.forms.values():
        if form.kind not in ("sheet", "ledger"):
            continue
        table = store.tables.form[form.id]
        chosen = sa.select(table.c.origin, sa.func.count()).where(
            table.c.record_state == "returned", table.c.deleted == 0
        )
        for origin, count in connection.execute(chosen.group_by(table.c.origin)):
            found[str(origin)] += int(count)
    return found
