"""Printed reports that were issued: rows of ``issued_report``, their serials, how they move.

An issue is frozen: the printed cells and the PDF stay as they were, but for erased persons. States
only go forward, by the one table of :mod:`union_desk.workflow`; each move is a revision and travels
in the next packet.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from union_desk import workflow
from union_desk.errors import InputError
from union_desk.store import counter, holds, outbox
from union_desk.store.layout import layout, rows_by
from union_desk.store.notes import new_head
from union_desk.store.writing import Write, set_head, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from union_desk.store.layout import Row
    from union_desk.store.schema import Tables
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.record import Value

FORM = "issued_report"
SENT = workflow.SENT_PAPERS
Cell = tuple[str, str, str]
"""Row key, column, value as the digest has it."""
Covers = dict[str, dict[str, int]]
"""Records a paper read: form -> uid -> revision."""
Change = tuple[str, str, str | None, str | None]
"""Row key, column, value before and after; None: not printed."""
ERASED = "〔已删除的个人信息〕"
"""Stands in a frozen cell for what it said of an erased person."""
_PLAIN = 200_000
"""Longer texts are packed."""
_PACKED = "z:"
_RESTORES = "SELECT count(*) FROM audit WHERE act = 'hold_decided'"


@dataclass(frozen=True, slots=True)
class Issued:
    """One issued paper, as its row has it."""

    uid: str
    origin: str
    unit: str
    period: str
    rev: int
    packet: str | None
    serial: str
    report: str
    record: str | None
    asked: str | None
    """Id of the period the paper was drawn for; None: all up to `as_of`."""
    as_of: str
    package: str
    package_version: str
    digest: str
    state: str
    issued_at: str
    issued_by: str
    audit: int
    printed_at: str | None = None
    printed_by: str | None = None
    printed_on: str | None = None
    copies: int | None = None
    signed_date: str | None = None
    signer: str | None = None
    signer_post: str | None = None
    proxy: str | None = None
    ground: str | None = None
    sealed_date: str | None = None
    later: int | None = None
    scan: str | None = None
    void_reason: str | None = None
    void_by: str | None = None
    void_at: str | None = None
    void_from: str | None = None
    """State in which it was voided: one sent before waits for a correction report."""
    corrected_by: str | None = None
    missing: str | None = None
    cells: str | None = None
    covers: str | None = None
    changes: str | None = None
    pdf: str | None = None

    @property
    def live(self) -> bool:
        """Whether it stands."""
        return self.state in workflow.LIVE_PAPERS

    @property
    def sent(self) -> bool:
        """Whether its row lies outside this office."""
        return self.packet is not None or self.state in workflow.SENT_PAPERS

    @property
    def title(self) -> str:
        """Return the state in words."""
        return workflow.PAPER_STATES[self.state]

    @property
    def paper_awaited(self) -> bool:
        """Whether the file went first and the sealed page is still to come: 纸质待补."""
        return self.state in workflow.SENT_PAPERS and self.sealed_date is None

    def frozen_cells(self) -> list[Cell]:
        """Return the printed cells as they were issued."""
        return [(row, column, value) for row, column, value in unpacked(self.cells)]

    @property
    def erased(self) -> bool:
        """Whether it showed a person who was erased: its digest cannot be reckoned again."""
        return any(value == ERASED for _, _, value in self.frozen_cells())

    def covered(self) -> Covers | None:
        """Return the records that it read; None: too many to list, all confirmed before it."""
        return None if self.covers is None else unpacked(self.covers)

    def changed_cells(self) -> list[Change]:
        """Return what a later revision changed of the printed cells, where that voided it."""
        return [(row, column, old, new) for row, column, old, new in unpacked(self.changes)]


_NAMES = tuple(item.name for item in fields(Issued))


def packed(content: object) -> str:
    """Return lists and numbers as a text without control characters, packed where it is long."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    if len(text) <= _PLAIN:
        return text
    return _PACKED + b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str | None) -> Any:  # noqa: ANN401 - as it was packed
    """Return what :func:`packed` was given; nothing for None."""
    if text is None:
        return []
    if text.startswith(_PACKED):
        return json.loads(zlib.decompress(b64decode(text[len(_PACKED) :])))
    return json.loads(text)


def papers(
    connection: Connection,
    tables: Tables,
    *,
    unit: str | None = None,
    period: str | None = None,
    report: str | None = None,
    states: Iterable[str] = (),
    origin: str | None = None,
) -> list[Issued]:
    """Return issued papers, in the order they were issued."""
    made = layout(tables, FORM)
    asked = {"unit": unit, "period": period, "report": report, "origin": origin}
    wanted = {name: value for name, value in asked.items() if value is not None}
    where = [f'"{name}" = ?' for name in wanted]
    chosen = tuple(states)
    if chosen:
        where.append(f"state IN ({', '.join('?' * len(chosen))})")
    condition = " AND ".join(["deleted = 0", *where])
    rows = connection.exec_driver_sql(
        f"{made.select} WHERE {condition} ORDER BY issued_at, uid", (*wanted.values(), *chosen)
    )
    return [_issued(tables, tuple(row)) for row in rows]


def any_live(connection: Connection, store: Store) -> bool:
    """Return whether a paper of this office stands."""
    marks = ", ".join("?" * len(workflow.LIVE_PAPERS))
    statement = f"SELECT 1 FROM issued_report WHERE origin = ? AND state IN ({marks}) LIMIT 1"  # noqa: S608
    found = connection.exec_driver_sql(statement, (store.origin, *workflow.LIVE_PAPERS))
    return found.first() is not None


def by_serial(connection: Connection, tables: Tables, serial: str) -> list[Issued]:
    """Return the papers of a serial: one, unless a further PC of a unit forgot its letter."""
    rows = rows_by(connection, layout(tables, FORM), "serial", [serial])
    return [_issued(tables, row) for row in rows]


def by_uid(connection: Connection, tables: Tables, uid: str) -> Issued:
    """Return one paper.

    :raises InputError: I602, there is none.
    """
    for row in rows_by(connection, layout(tables, FORM), "uid", [uid]):
        return _issued(tables, row)
    raise InputError("I602", "没有这份报表。", "请回到报表清单重新选择。")


def by_code(connection: Connection, tables: Tables, first: str) -> list[Issued]:
    """Return the papers whose digest begins with `first` (hex, lower case)."""
    made = layout(tables, FORM)
    rows = connection.exec_driver_sql(
        f"{made.select} WHERE deleted = 0 AND substr(digest, 1, ?) = ? ORDER BY issued_at, uid",
        (len(first), first),
    )
    return [_issued(tables, tuple(row)) for row in rows]


def _issued(tables: Tables, row: Row) -> Issued:
    values = dict(zip(layout(tables, FORM).columns, row, strict=True))
    return Issued(**{name: values[name] for name in _NAMES})  # type: ignore[arg-type]


# --- serials ------------------------------------------------------------------------------


def next_number(transaction: Transaction, report: str, unit: str, period: str) -> int:
    """Return the next number of a report, unit and period: never one that was given before.

    After a restore papers may carry numbers that this store no longer knows: numbers go on at
    the next full hundred.

    :raises InputError: I603, a restore waits for the decision which computer goes on.
    """
    store, connection = transaction.store, transaction.connection
    if holds.current(connection) is not None:
        raise InputError(
            "I603",
            "数据恢复后还没有决定由哪台电脑继续填报，不能正式出具报表。",
            "请先在“报送”页上作决定；草稿照常可以打印。",
        )
    known = connection.exec_driver_sql(
        'SELECT serial FROM issued_report WHERE origin = ? AND report = ? AND "unit" = ? '
        "AND period = ?",
        (store.origin, report, unit, period),
    ).scalars()
    last = max((int(serial.rpartition("-")[2]) for serial in known), default=0)
    return max(last + 1, 100 * _restored(connection, store))


def _restored(connection: Connection, store: Store) -> int:
    """Return how often this store began anew after a restore, by itself or as its machine knows.

    A store restored twice from one backup has forgotten the first time.
    """
    epoch = outbox.current_epoch(connection, store, outbox.UP)
    decided = int(connection.exec_driver_sql(_RESTORES).scalar() or 0)
    known = len(epoch.replaces) if epoch else 0
    return max(known, decided, counter.resumed(store.store_id))


def place_in_serial(store: Store, unit: str) -> str:
    """Return what stands for the unit in a serial: a further PC of it writes its own name."""
    return store.origin if unit == store.unit else unit


# --- writing ------------------------------------------------------------------------------


def add(transaction: Transaction, unit: str, period: str, values: Mapping[str, Value]) -> Issued:
    """Write the row of a fresh issue."""
    made = layout(transaction.tables, FORM)
    head = new_head(transaction, unit, period)
    row = tuple(head.get(name, values.get(name)) for name in made.columns)
    write_rows(transaction, FORM, [Write(row)], act="issue")
    return _issued(transaction.tables, row)


def move(
    transaction: Transaction, paper: Issued, act: str, *, reason: str | None = None, **values: Value
) -> Issued:
    """Move a paper by one act and write what the act tells; return it as it is then.

    :raises InputError: I601, its state does not allow that; I604, another office's paper.
    """
    return move_all(transaction, [(paper, values)], act, reason=reason)[0]


def move_all(
    transaction: Transaction,
    items: Iterable[tuple[Issued, Mapping[str, Value]]],
    act: str,
    *,
    reason: str | None = None,
) -> list[Issued]:
    """Move several papers by one act, each with what is told of it; all or none.

    :raises InputError: I601, I604.
    """
    made = layout(transaction.tables, FORM)
    writes = []
    for paper, values in items:
        target = workflow.paper_after(act, paper.state)
        if target is None:
            title = workflow.PAPER_MOVES[act].title
            raise InputError(
                "I601",
                f"报表 {paper.serial} 的状态是“{paper.title}”，不能“{title}”。",
                "请核对编号；需要新的报表时，请重新出具。",
            )
        if paper.origin != transaction.store.origin:
            raise InputError(
                "I604", f"报表 {paper.serial} 由 {paper.origin} 出具，本单位不能改它的状态。",
                "需要更正时，请退回出具单位。",
            )  # fmt: skip
        old = next(iter(rows_by(transaction.connection, made, "uid", [paper.uid])))
        row = set_head(
            made, old, **{**values, "state": target}, rev=paper.rev + 1,
            updated_at=transaction.now, packet=None, record_state="confirmed",
        )  # fmt: skip
        writes.append(Write(row, old))
    write_rows(transaction, FORM, writes, act=act, reason=reason)
    return [_issued(transaction.tables, write.row) for write in writes]


def note_sent(transaction: Transaction) -> None:
    """Let every standing paper of this office that the next packet carries be 已报送.

    Called in the transaction of the packet, before its rows are read. A paper without a seal is
    纸质后补 from then on.
    """
    ready = papers(
        transaction.connection,
        transaction.tables,
        origin=transaction.store.origin,
        states=workflow.PAPER_MOVES["send"].sources,
    )
    items: list[tuple[Issued, Mapping[str, Value]]] = [
        (paper, {} if paper.sealed_date else {"later": 1}) for paper in ready
    ]
    if items:
        move_all(transaction, items, "send")
