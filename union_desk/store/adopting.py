"""The own rows of packets that this outbox does not hold: the work of a later self, taken back.

After a restore, on an old copy, on a new computer: what is not here, or was not touched here since
the two went apart, is taken over and goes out again. What both sides changed becomes an edit under
way (修改中): a person confirms it or drops it. Revisions are never compared: the higher one may be
the older work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import drafts, outbox
from union_desk.store.applying import LIVE, VOIDED, Applying, same
from union_desk.store.layout import (
    CHUNK,
    ERASED,
    HEAD_PLACE,
    Layout,
    Row,
    details_of,
    layout,
    rows_by,
)
from union_desk.store.schema import stored_fields
from union_desk.store.writing import Write, move
from union_desk.store.written import written_rows
from union_desk.taskpack import field_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.applying import Incoming, Merge
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Value

ACT = "adopt"
_NOT_TYPED = (ACT, "import", "lapse")
_REV, _DELETED = HEAD_PLACE["rev"], HEAD_PLACE["deleted"]


def apart_since(connection: Connection, store: Store, epoch: str) -> int:
    """Return the entry of the change log after which this store and the lost one went apart.

    That of the last restore, or of the last own packet of the epoch; 0 where there is neither.
    """
    restored = "SELECT max(n) FROM audit WHERE act = 'restore' AND form IS NULL"
    found = int(connection.exec_driver_sql(restored).scalar() or 0)
    last = outbox.newest(connection, store, outbox.UP, epoch)
    if last is not None:
        sent = (
            "SELECT max(a.n) FROM audit a JOIN audit_value v ON v.n = a.n "
            "WHERE a.act = 'export' AND v.new LIKE ?"
        )
        packed = connection.exec_driver_sql(sent, (f'%"{last.name}"%',)).scalar()
        found = max(found, int(packed or 0))
    return found


@dataclass(slots=True)
class Adopting(Applying):
    """One packet of a later self being taken back."""

    since: int = 0
    """Entry of the change log; what was changed after it was changed on both sides."""
    beside: int = 0
    """Records that both sides changed: the other version waits as an edit."""

    def head(self) -> dict[str, Value]:
        """Return the head of a confirmed row that is due."""
        return {
            "origin": self.origin,
            "record_state": "confirmed",
            "packet": None,
            "deleted": LIVE,
        }

    def rename(self, made: Layout, unchanged: Sequence[Write]) -> None:
        """Leave rows alone that say the same."""

    def write(
        self, made: Layout, merge: Merge, rows: Sequence[Row], incoming: Incoming
    ) -> list[Row]:
        """Take over what was not touched here; the rest waits as edits."""
        changed = self._touched(made, [str(row[0]) for row in rows])
        here = rows_by(self.tx.connection, made, "uid", sorted(changed))
        touched = {str(row[0]) for row in here}
        apart = [row for row in rows if str(row[0]) in touched]
        if apart:
            self._put_beside(made, merge, apart, incoming)
        free = [row for row in rows if str(row[0]) not in touched]
        return super(Adopting, self).write(made, merge, free, incoming)

    def void(self, form: str, uids: Sequence[str]) -> None:
        """Void what the later self voided and nobody touched here."""
        made = layout(self.tx.tables, form)
        touched = self._touched(made, uids)
        live = [
            row
            for row in rows_by(self.tx.connection, made, "uid", uids)
            if row[_DELETED] not in (VOIDED, ERASED) and str(row[0]) not in touched
        ]
        if live:
            move(self.tx, form, live, act=ACT, deleted=VOIDED, packet=None)
        self.counts.voided += len(live)
        self.counts.unchanged += len(uids) - len(live)

    def _touched(self, made: Layout, uids: Sequence[str]) -> set[str]:
        """Return the records that were changed here after the two went apart."""
        marks = ", ".join("?" * len(_NOT_TYPED))
        found: set[str] = set()
        for start in range(0, len(uids), CHUNK):
            chunk = tuple(uids[start : start + CHUNK])
            asked = (
                "SELECT DISTINCT uid FROM audit WHERE form = ? AND n > ? "  # noqa: S608
                f"AND act NOT IN ({marks}) AND uid IN ({', '.join('?' * len(chunk))})"
            )
            given = (made.form.id, self.since, *_NOT_TYPED, *chunk)
            found.update(row[0] for row in self.tx.connection.exec_driver_sql(asked, given))
        return found

    def _put_beside(
        self, made: Layout, merge: Merge, rows: Sequence[Row], incoming: Incoming
    ) -> None:
        """Keep the other version of records as edits, unless it says what stands here."""
        uids = [str(row[0]) for row in rows]
        tx = self.tx
        here = written_rows(
            tx.connection, tx.tables, made.form.id, list(rows_by(tx.connection, made, "uid", uids))
        )
        old = {str(row[0]): row for row in here}
        details = details_of(tx.connection, tx.tables, made.form, uids)
        self.counts.unchanged += len(rows)
        for row in rows:
            uid = str(row[0])
            before = old[uid]
            there = self.details(incoming, row, details.get(uid, {}))
            other = Write(merge.changed(row, before), before, there, details.get(uid, {}))
            if same(other) or drafts.load_draft(tx.connection, uid) is not None:
                continue
            drafts.save_draft(tx, _edit(made, other, tx))
            self.beside += 1


def _edit(made: Layout, other: Write, tx: Transaction) -> drafts.Draft:
    """Return a version of a record as an edit of the one that stands."""
    place = made.place
    return drafts.Draft(
        uid=str(other.row[0]),
        form=made.form.id,
        fields=_texts(made.form, {name: other.row[place[name]] for name in made.columns}),
        details={
            form: [
                drafts.DraftDetail(
                    str(inner[0]),
                    _texts(tx.tables.forms[form], dict(zip(columns, inner, strict=True))),
                )
                for inner in rows
            ]
            for form, rows in (other.details or {}).items()
            for columns in (layout(tx.tables, form).columns,)
        },
        unit=str(other.row[place["unit"]]),
        period=str(other.row[place["period"]]),
        base_rev=int(other.old[_REV] or 0) if other.old else 0,
        open=False,
    )


def _texts(form: Form, values: Mapping[str, Value]) -> dict[str, str]:
    """Return what a person would type to get these values."""
    found = {}
    for item in stored_fields(form):
        if item.type == "ref":
            names = (f"{item.id}__key", f"{item.id}__label", item.id)
            found[item.id] = next((str(values[name]) for name in names if values.get(name)), "")
        else:
            found[item.id] = field_types.plain(item, values.get(item.id))
    return found


def packet_known(connection: Connection, store: Store, digest: str) -> bool:
    """Return whether a packet of this origin lies in the own outbox."""
    table = store.tables.packet
    chosen = sa.select(table.c.n).where(table.c.hash == digest)
    return connection.execute(chosen).first() is not None
