"""Whole tables against their rules: one statement per form, findings only where a rule fails.

The same trees, sentences, levels and explanations as :mod:`union_desk.checks`, which checks the one
record in a form. Rows that count are checked, and their detail rows with them.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.checks import ALL_KINDS, Finding, level_of, place_of, runs
from union_desk.store import repeated
from union_desk.store.dialect import listed
from union_desk.store.lookup import StoreLookup, row_columns
from union_desk.store.notes import figures_of
from union_desk.store.reading import Reading, bound
from union_desk.store.row_sources import TableRow
from union_desk.store.visible import counts
from union_desk.taskpack.expression_tree import FieldValue
from union_desk.taskpack.sentences import sentence, told_nodes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql import ColumnElement

    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import Check, Form, TaskPack
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.expression_tree import Node
    from union_desk.taskpack.record import Row, Value

NOTES = "check_note"
_CHUNK = 5_000
"""Failing rows looked at in one statement."""
_FEW = 200
"""Records that are always few: repeated keys are found by index, not by a full pass."""


def check_rows(  # noqa: PLR0917 - what is checked, then where and when
    connection: Connection,
    tables: Tables,
    pack: TaskPack,
    form: str,
    uids: Collection[str] | None,
    context: Context,
    *,
    kinds: Collection[str] = ALL_KINDS,
) -> list[Finding]:
    """Return every finding of records of a form and of their detail rows, in the order of rows.

    :param uids: the records, drafts among them as well; where None all that count.
    :param context: of the run; its lookup is the store's own, whatever it holds.
    :param kinds: kinds of checks to run (see `checks.ALL_KINDS`).
    """
    top = pack.forms[form]
    inside = replace(context, lookup=StoreLookup(connection, tables))
    chosen = None if uids is None else [*uids]
    run = _Run(
        connection, tables, pack, inside,
        None if chosen is None else json.dumps(chosen), None if chosen is None else len(chosen),
    )  # fmt: skip
    found: list[Finding] = []
    for item in (top, *(pack.forms[detail] for detail in top.details)):
        found += run.rules(item, kinds)
        if "duplicate" in kinds:
            found += run.repeated(item)
    return found


@dataclass(frozen=True)
class _Notes:
    """Written explanations by record (of a detail, its own uid or its parent's) and check."""

    known: Mapping[tuple[str, str], tuple[str | None, str]]

    def text(self, check: str, *records: Value, figures: str = "") -> str | None:
        """Return the explanation that holds: of these figures, or of any."""
        for record in records:
            told = self.known.get((str(record), check))
            if told and (not told[0] or not figures or told[0] == figures):
                return told[1]
        return None


def _records(rows: Iterable[Row]) -> set[str]:
    """Return the uids under which notes about rows may stand: their own and their parents'."""
    return {str(row[name]) for row in rows for name in ("uid", "parent") if row.get(name)}


@dataclass(frozen=True)
class _Failure:
    """A row and the checks of it that fail."""

    uid: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class _Run:
    """One run of checks over the rows of one form and its details."""

    connection: Connection
    tables: Tables
    pack: TaskPack
    context: Context
    uids: str | None
    """JSON array of the records to check, None for all."""
    count: int | None = None
    """How many they are."""

    def _chosen(self, source: TableRow) -> Iterable[ColumnElement[bool]]:
        """Yield the conditions that pick the rows of this run."""
        if self.uids is None:
            yield source.counted()
        else:
            head = source.table if source.owner is None else source.owner
            yield head.c.deleted == 0
            yield listed(head.c.uid, sa.bindparam("uids", type_=sa.TEXT))

    def _ask(self, statement: sa.Select[Any], **values: Value) -> sa.CursorResult[Any]:
        chosen = {} if self.uids is None else {"uids": self.uids}
        return self.connection.execute(statement, bound(self.context) | chosen | values)

    def rules(self, form: Form, kinds: Collection[str]) -> Iterable[Finding]:
        """Yield the findings of a form's rules."""
        wanted = [
            check
            for check in form.all_checks
            if check.kind in kinds and runs(check, self.context.level)
        ]
        failures = self._failures(form, wanted)
        for start in range(0, len(failures), _CHUNK):
            chunk = failures[start : start + _CHUNK]
            rows = self._rows(form, [failure.uid for failure in chunk])
            figures = self._figures(form, chunk)
            notes = self._notes(_records(rows.values()))
            for failure in chunk:
                for check in failure.checks:
                    row = rows[failure.uid]
                    level = level_of(check, row, self.context)
                    if level is None:
                        continue
                    found = self._finding(check, row, level, figures.get((failure.uid, check.id)))
                    if level == "warning":
                        told = figures_of(check, row)
                        text = notes.text(check.id, *_records([row]), figures=told)
                        found = replace(found, explained=text)
                    yield found

    def _failures(self, form: Form, wanted: Sequence[Check]) -> list[_Failure]:
        if not wanted:
            return []
        key = ("checking", self.pack.digest, tuple(item.id for item in wanted), self.uids is None)
        statement = self.tables.statements.get(key)
        if statement is None:
            statement = self.tables.statements[key] = self._failing(form, wanted)
        return [
            _Failure(row[0], tuple(itertools.compress(wanted, row[1:])))
            for row in self._ask(statement)
        ]

    def _failing(self, form: Form, wanted: Sequence[Check]) -> sa.Select[Any]:
        """Return the rows that fail a rule, with a flag for each rule."""
        source = TableRow.of(self.tables, form.id)
        reading = Reading(self.tables, source)
        fails = [self._fails(reading, source, check) for check in wanted]
        flags = [sa.case((fail, 1), else_=0).label(f"c{n}") for n, fail in enumerate(fails)]
        return (
            sa.select(source.table.c.uid, *flags)
            .select_from(source.joined)
            .where(*self._chosen(source), sa.or_(*fails))
            .order_by(source.table.c.rowid)
        )

    def _fails(self, reading: Reading, source: TableRow, check: Check) -> ColumnElement[bool]:
        """Return the condition that a row fails a check.

        What an upper level has decided and laid over the row is no entry of its writer's.
        """
        fail = reading.fails(check)
        if check.kind != "decided":
            return fail
        laid = self.tables.written_value.c
        over = sa.exists().where(
            laid.form == check.form, laid.record == source.table.c.uid, laid.field == check.field
        )
        return sa.and_(fail, ~over)

    def _rows(self, form: Form, uids: Sequence[str]) -> dict[str, Row]:
        source = TableRow.of(self.tables, form.id)
        statement = (
            sa.select(*row_columns(self.tables, source))
            .select_from(source.joined)
            .where(listed(source.table.c.uid, sa.bindparam("failing", type_=sa.TEXT)))
        )
        found = self._ask(statement, failing=json.dumps(uids)).mappings()
        return {row["uid"]: dict(row) for row in found}

    def _figures(
        self, form: Form, failures: Sequence[_Failure]
    ) -> dict[tuple[str, str], Mapping[Node, Value]]:
        """Return the figures of failing checks that are not in the rows themselves."""
        by_check: dict[str, tuple[Check, list[str]]] = {}
        for failure in failures:
            for check in failure.checks:
                by_check.setdefault(check.id, (check, []))[1].append(failure.uid)
        found: dict[tuple[str, str], Mapping[Node, Value]] = {}
        for check, uids in by_check.values():
            nodes = [node for node in told_nodes(check) if not isinstance(node, FieldValue)]
            if nodes:
                for uid, values in self._values(form, nodes, uids):
                    found[uid, check.id] = dict(zip(nodes, values, strict=True))
        return found

    def _values(
        self, form: Form, nodes: Sequence[Node], uids: Sequence[str]
    ) -> Iterable[tuple[str, Sequence[Value]]]:
        source = TableRow.of(self.tables, form.id)
        reading = Reading(self.tables, source)
        statement = (
            sa.select(source.table.c.uid, *(reading.read(node) for node in nodes))
            .select_from(source.joined)
            .where(listed(source.table.c.uid, sa.bindparam("failing", type_=sa.TEXT)))
        )
        for row in self._ask(statement, failing=json.dumps(uids)):
            yield row[0], row[1:]

    def _finding(
        self, check: Check, row: Row, level: str, figures: Mapping[Node, Value] | None
    ) -> Finding:
        position = row.get("position")
        return Finding(
            form=check.form,
            record=str(row["uid"]),
            row=position if isinstance(position, int) else None,
            column=None,
            field=place_of(check),
            code=check.id,
            level=level,
            message=sentence(check, row, self.pack, figures, context=self.context),
        )

    def repeated(self, form: Form) -> Iterable[Finding]:
        """Yield a warning for each row that repeats a duplicate key of an earlier one."""
        for key in form.duplicate_keys:
            rows = self._repeating(form, key)
            notes = self._notes({row.uid for row in rows} | {row.record for row in rows})
            for row in rows:
                found = repeated.finding(form, key, row)
                yield replace(found, explained=notes.text(found.code, row.uid, row.record))

    def _repeating(self, form: Form, key: tuple[str, ...]) -> Sequence[sa.Row[Any]]:
        if self._are_few(form):
            chosen = sa.bindparam("uids", type_=sa.TEXT)
            return self._ask(repeated.later_of(self.tables, form, key, chosen)).all()
        rows = self._ask(repeated.later_rows(self.tables, form, key)).all()
        if self.uids is None:
            return rows
        wanted = set(json.loads(self.uids))
        return [row for row in rows if row.record in wanted]

    def _are_few(self, form: Form) -> bool:
        """Return whether the records to check are few beside their table."""
        if self.count is None or self.count <= _FEW:
            return self.count is not None
        rowid = self.tables.form[form.detail_of or form.id].c.rowid
        return self.count * 4 < (
            self.connection.execute(sa.select(sa.func.max(rowid))).scalar() or 0
        )

    def _notes(self, records: Iterable[str]) -> _Notes:
        """Return the written explanations about records or detail rows."""
        table = self.tables.form[NOTES]
        statement: sa.Select[Any] = (
            sa.select(table.c.record, table.c.check, table.c.figures, table.c.text)
            .where(listed(table.c.record, sa.bindparam("noted", type_=sa.TEXT)), counts(table))
            .order_by(table.c.updated_at)
        )
        rows = self._ask(statement, noted=json.dumps(sorted(records))).all()
        return _Notes({(row.record, row.check): (row.figures, row.text) for row in rows})
