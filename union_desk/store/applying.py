"""Rows of others into their tables: new, changed, the same, voided, lapsed; by the one road.

A row is written as its writer wrote it; decisions are laid over it afterwards. The `packet` column
of a row names the packet that brought it last, so that a new full state of a stream shows which
of its rows are gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING

from union_desk.errors import BundleError
from union_desk.store import decisions, erasing, references
from union_desk.store.layout import ERASED, HEAD_PLACE, Layout, Row, details_of, layout, rows_by
from union_desk.store.references import Link
from union_desk.store.schema import stored_fields
from union_desk.store.writing import Write, move, write_rows
from union_desk.store.written import written_rows
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Value

LIVE, VOIDED, LAPSED = 0, 1, 2
"""Values of the head column `deleted`, beside ERASED."""
_CHUNK = 10_000
_FILING = "filing"
_DELETED = HEAD_PLACE["deleted"]
_ORIGIN = HEAD_PLACE["origin"]
_STATE = HEAD_PLACE["record_state"]
_PACKET = HEAD_PLACE["packet"]
_MOVED = (_STATE, _PACKET)
"""Head columns that are this store's own affair: no difference between two rows."""


@dataclass(slots=True)
class Counts:
    """What became of the rows of a packet: the four add up to them."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    voided: int = 0
    periods: set[str] = field(default_factory=set, compare=False)
    """Ids of the periods that the rows of the package's forms, and the filings, are for."""

    @property
    def total(self) -> int:
        """How many rows were counted."""
        return self.added + self.updated + self.unchanged + self.voided

    def add(self, other: Counts) -> None:
        """Add the counts of another packet or table."""
        self.added += other.added
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.voided += other.voided
        self.periods |= other.periods

    def to_json(self) -> dict[str, int]:
        """Return the counts as the command line prints them."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "voided": self.voided,
        }


@dataclass(frozen=True, slots=True)
class Incoming:
    """The rows of one table of a packet."""

    form: str
    columns: Sequence[str]
    rows: Sequence[Row]
    details: Mapping[str, tuple[Sequence[str], Mapping[str, Sequence[Row]]]] = field(
        default_factory=dict
    )
    """By detail form: its columns, and its rows by the parent's uid."""


@dataclass(slots=True)
class Applying:
    """One packet being written."""

    tx: Transaction
    origin: str
    packet: str
    context: Context
    counts: Counts = field(default_factory=Counts)
    act: str = "import"
    """Name of what is done, in the change log."""

    def head(self) -> dict[str, Value]:
        """Return the head columns that no packet brings."""
        return {
            "origin": self.origin,
            "record_state": "received",
            "packet": self.packet,
            "deleted": LIVE,
        }

    def apply(self, incoming: Incoming) -> list[Row]:
        """Write the rows of a table; return those that are new or changed.

        :raises BundleError: B588, a row belongs to another writer.
        """
        made = layout(self.tx.tables, incoming.form)
        merge = Merge(made, incoming.columns, self.head())
        if incoming.form == _FILING or incoming.form in self.tx.store.pack.forms:
            place = list(incoming.columns).index("period")
            self.counts.periods.update(str(row[place]) for row in incoming.rows if row[place])
        changed: list[Row] = []
        incoming = replace(incoming, details=self._linked_details(incoming))
        for start in range(0, len(incoming.rows), _CHUNK):
            chunk = incoming.rows[start : start + _CHUNK]
            linked = self._linked(made, incoming.columns, chunk)
            changed += self.write(made, merge, linked, incoming)
        references.relink(self.tx, incoming.form, changed)
        decisions.settle(self.tx, incoming.form, changed, self.context)
        return changed

    def write(
        self, made: Layout, merge: Merge, rows: Sequence[Row], incoming: Incoming
    ) -> list[Row]:
        """Write some rows of a table; return those that are new or changed."""
        uids = [str(row[0]) for row in rows]
        found = list(rows_by(self.tx.connection, made, "uid", uids))
        old = {
            str(row[0]): row
            for row in written_rows(self.tx.connection, self.tx.tables, incoming.form, found)
        }
        for row in old.values():
            if row[_ORIGIN] != self.origin:
                raise another_writer(incoming.form, str(row[0]), str(row[_ORIGIN]))
        old_details = details_of(self.tx.connection, self.tx.tables, made.form, list(old))
        new = [Write(merge.new(row), None, self.details(incoming, row)) for row in rows
               if str(row[0]) not in old]  # fmt: skip
        changes: list[Write] = []
        unchanged: list[Write] = []
        for row in rows:
            before = old.get(str(row[0]))
            if before is None:
                continue
            write = Write(
                merge.changed(row, before),
                before,
                self.details(incoming, row, old_details.get(str(row[0]), {})),
                old_details.get(str(row[0]), {}),
            )
            (unchanged if same(write) else changes).append(write)
        write_rows(self.tx, incoming.form, [*new, *changes], act=self.act)
        self.rename(made, unchanged)
        self._return(incoming.form, old.values())
        self.counts.added += len(new)
        self.counts.updated += len(changes)
        self.counts.unchanged += len(unchanged)
        return [write.row for write in (*new, *changes)]

    def _return(self, form: str, before: Iterable[Row]) -> None:
        """Take records that came again off the list of those set aside."""
        again = [(form, row[0]) for row in before if row[_DELETED] == LAPSED]
        if again:
            statement = "DELETE FROM lapsed WHERE form = ? AND uid = ?"
            self.tx.connection.exec_driver_sql(statement, again)

    def rename(self, made: Layout, unchanged: Sequence[Write]) -> None:
        """Let rows that stay as they are name the packet that brought them last."""
        if unchanged:
            self.tx.connection.exec_driver_sql(
                f'UPDATE "{made.form.id}" SET packet = ? WHERE uid = ?',  # noqa: S608
                [(self.packet, write.row[0]) for write in unchanged],
            )

    def details(
        self, incoming: Incoming, row: Row, old: Mapping[str, Sequence[Row]] | None = None
    ) -> dict[str, list[Row]]:
        """Return all detail rows of a record as they shall be."""
        made: dict[str, list[Row]] = {}
        for form, (columns, rows) in incoming.details.items():
            target = layout(self.tx.tables, form)
            before = {inner[0]: inner for inner in (old or {}).get(form, ())}
            blank: Row = (None,) * len(target.columns)
            places = {name: place for place, name in enumerate(columns)}
            made[form] = [
                tuple(
                    inner[places[name]] if name in places else before.get(inner[0], blank)[at]
                    for at, name in enumerate(target.columns)
                )
                for inner in rows.get(str(row[0]), ())
            ]
        return made

    def _linked(self, made: Layout, columns: Sequence[str], rows: Sequence[Row]) -> Sequence[Row]:
        """Link references that name their row by key only, where that row is here."""
        place = {name: number for number, name in enumerate(columns)}
        for item in stored_fields(made.form):
            names = columns_of(item)
            if item.type != "ref" or not item.form or names[0] not in place:
                continue
            uid, key, label = (place[name] for name in names)
            texts = {str(row[key]) for row in rows if row[uid] is None and row[key] is not None}
            if not texts:
                continue
            found = references.find(self.tx.connection, self.tx.tables, item.form, texts)
            links = {
                text: link for text, link in found.items() if isinstance(link, Link) and link.uid
            }
            if links:
                rows = [
                    _with_link(row, links, uid, key, label) if row[uid] is None else row
                    for row in rows
                ]
        return rows

    def _linked_details(
        self, incoming: Incoming
    ) -> dict[str, tuple[Sequence[str], Mapping[str, Sequence[Row]]]]:
        """Return the detail rows with their references linked, by their parents again."""
        found: dict[str, tuple[Sequence[str], Mapping[str, Sequence[Row]]]] = {}
        for form, (columns, by_parent) in incoming.details.items():
            every = [row for rows in by_parent.values() for row in rows]
            linked = iter(self._linked(layout(self.tx.tables, form), columns, every))
            found[form] = (
                columns,
                {parent: [next(linked) for _ in rows] for parent, rows in by_parent.items()},
            )
        return found

    # What is no longer there ------------------------------------------------------------------

    def void(self, form: str, uids: Sequence[str]) -> None:
        """Void records; one that never came is voided all the same.

        :raises BundleError: B588, a record belongs to another writer.
        """
        made = layout(self.tx.tables, form)
        found = self._own(made, uids)
        live = [row for row in found if row[_DELETED] not in (VOIDED, ERASED)]
        dead = [row for row in found if row[_DELETED] in (VOIDED, ERASED)]
        if live:
            move(self.tx, form, live, act="void", deleted=VOIDED, packet=self.packet)
            self._unsettle(form, live)
        self.rename(made, [Write(row) for row in dead])
        self.counts.voided += len(uids) - len(dead)
        self.counts.unchanged += len(dead)

    def erase(self, form: str, uids: Sequence[str]) -> list[Path]:
        """Blank records and all that is kept of them; return the files that go with them.

        :raises BundleError: B588, a record belongs to another writer.
        """
        made = layout(self.tx.tables, form)
        found = self._own(made, uids)
        before = [row for row in found if row[_DELETED] == ERASED]
        fresh = [str(row[0]) for row in found if row[_DELETED] != ERASED]
        gone = erasing.blank(self.tx, form, fresh, reason=None, packet=self.packet)
        self.rename(made, [Write(row) for row in before])
        self.counts.voided += len(uids) - len(before)
        self.counts.unchanged += len(before)
        return gone

    def _own(self, made: Layout, uids: Sequence[str]) -> list[Row]:
        found = list(rows_by(self.tx.connection, made, "uid", uids))
        for row in found:
            if row[_ORIGIN] != self.origin:
                raise another_writer(made.form.id, str(row[0]), str(row[_ORIGIN]))
        return found

    def _unsettle(self, form: str, rows: Sequence[Row]) -> None:
        """Take decisions that are no more off the records they lay over."""
        if form == decisions.FORM:
            decisions.settle(self.tx, form, rows, self.context)

    def lapse(self, forms: Iterable[str], stream: str, parts: Sequence[str], epoch: str) -> int:
        """Set aside what a new full state no longer has; return how many records."""
        like = f"{self.origin}.{stream}.%"
        marks = ", ".join("?" * len(parts))
        count = 0
        for form in forms:
            made = layout(self.tx.tables, form)
            rows = [
                tuple(row)
                for row in self.tx.connection.exec_driver_sql(
                    f"{made.select} WHERE origin = ? AND deleted = 0 AND packet LIKE ? "
                    f"AND packet NOT IN ({marks})",
                    (self.origin, like, *parts),
                )
            ]
            if rows:
                self._set_aside(form, rows, epoch)
            count += len(rows)
        return count

    def _set_aside(self, form: str, rows: Sequence[Row], epoch: str) -> None:
        move(self.tx, form, rows, act="lapse", deleted=LAPSED)
        self._unsettle(form, rows)
        self.tx.connection.exec_driver_sql(
            "INSERT INTO lapsed (form, uid, origin, epoch, at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (form, uid) DO UPDATE SET epoch = excluded.epoch, at = excluded.at",
            [(form, row[0], self.origin, epoch, self.tx.now) for row in rows],
        )


def _with_link(row: Row, links: Mapping[str, Link], uid: int, key: int, label: int) -> Row:
    link = links.get(str(row[key]))
    if link is None:
        return row
    cells = list(row)
    cells[uid], cells[key], cells[label] = link.uid, link.key, link.label
    return tuple(cells)


def same(write: Write) -> bool:
    """Return whether a record says what it said before, details included."""
    if write.old is None or write.old[_DELETED] != LIVE:
        return False
    new, old = list(write.row), list(write.old)
    for place in _MOVED:
        new[place] = old[place] = None
    if new != old:
        return False
    before = write.old_details or {}
    return all(list(rows) == list(before.get(form, ())) for form, rows in
               (write.details or {}).items())  # fmt: skip


def another_writer(form: str, uid: str, writer: str) -> BundleError:
    """Return the refusal of a row that another installation owns."""
    return BundleError(
        "B588",
        f"数据包的表 {form} 里的记录 {uid} 属于 {writer}，不归它填报。",
        "请与报送单位核对；文件已另存，没有改动任何数据。",
    )


class Merge:
    """From the columns of a packet to those of the store, made once per table."""

    def __init__(self, made: Layout, columns: Sequence[str], head: Mapping[str, Value]) -> None:
        place = {name: number for number, name in enumerate(columns)}
        self._head: Row = (*head.values(), None)
        self._writer = place["created_by"]
        start = len(columns)
        special = {name: start + number for number, name in enumerate(head)}
        blank, old = start + len(head), start + len(self._head)
        self._new = itemgetter(
            *(place.get(name, special.get(name, blank)) for name in made.columns)
        )
        self._changed = itemgetter(
            *(place.get(name, special.get(name, old + at)) for at, name in enumerate(made.columns))
        )

    def new(self, row: Row) -> Row:
        """Return the row of a record that is not here yet."""
        made: Row = self._new((*self._named(row), *self._head))
        return made

    def _named(self, row: Row) -> Row:
        """Return `row` with a name for its writer: broadcasts leave out those of persons."""
        if row[self._writer] is not None:
            return row
        return (*row[: self._writer], self._head[0], *row[self._writer + 1 :])

    def changed(self, row: Row, old: Row) -> Row:
        """Return the row that replaces `old`; what the packet has no column for stays."""
        made: Row = self._changed((*self._named(row), *self._head, *old))
        return made


def found_by(tx: Transaction, form: str, uids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield uid, origin and unit of the records of a form that are here."""
    made = layout(tx.tables, form)
    place = made.place["unit"]
    for row in rows_by(tx.connection, made, "uid", uids):
        yield str(row[0]), str(row[_ORIGIN]), str(row[place])


def known_details(tx: Transaction, form: str, uids: Sequence[Value]) -> Iterator[tuple[str, str]]:
    """Yield uid and parent of the detail rows that are here."""
    for row in rows_by(tx.connection, layout(tx.tables, form), "uid", uids):
        yield str(row[0]), str(row[1])
