"""A ledger's rows: their ids in sort order at once, the rows themselves in blocks.

Ids are whole numbers in an array (8 MB for a million rows); blocks are fetched by id, so a jump
costs what a page costs. Nothing is ever skipped over by OFFSET.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store import searching
from union_desk.store.dialect import listed
from union_desk.store.schema import value_columns
from union_desk.taskpack.definition import HEAD
from union_desk.taskpack.field_types import FIELD_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql import ColumnElement, FromClause

    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

BLOCK = 128
"""Rows fetched at once."""
_FETCH = 20_000


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `low` to `high`, both included; None leaves an end open."""

    low: Value = None
    high: Value = None


@dataclass(frozen=True)
class ListFilter:
    """Which rows a ledger shows; an empty part shows all."""

    states: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    search: str = ""
    columns: Mapping[str, Value | tuple[Value, ...] | Range] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """By field id: a value (None: not filled in), several values, or a range."""
    uids: tuple[str, ...] | None = None
    """Only these records, such as those with findings."""
    editing: bool = False
    """Only once-confirmed rows with an edit under way (修改中)."""
    voided: bool = False
    """Voided and deleted rows instead of those that stand."""


@dataclass(frozen=True, slots=True)
class ListSort:
    """By which field, ``unit``, ``period``, ``record_state`` or ``updated_at`` rows are sorted."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row of a ledger: its head, whether an edit is under way, and its stored values."""

    rowid: int
    uid: str
    state: str
    unit: str
    period: str
    rev: int
    updated_at: str
    packet: str | None
    editing: bool
    values: Mapping[str, Value]


class Listing:
    """The rows of a form that a filter shows, newest first unless sorted otherwise."""

    def __init__(
        self,
        store: Store,
        form: str,
        chosen: ListFilter | None = None,
        sort: ListSort | None = None,
    ) -> None:
        self.store = store
        self.form = store.tables.forms[form]
        self.table = store.tables.form[form]
        self.filter = chosen or ListFilter()
        self.sort = sort
        self.names = value_columns(self.form)
        self._ids: array[int] | None = None

    @property
    def ids(self) -> array[int]:
        """The ids of all rows shown, in order; read on first use."""
        if self._ids is None:
            with self.store.read() as connection:
                self._ids = self._read_ids(connection, None)
        return self._ids

    def first(self, count: int = 50) -> list[ListedRow]:
        """Return the first rows at once, before all ids are known."""
        with self.store.read() as connection:
            return self._rows(connection, self._read_ids(connection, count))

    def only(self, ids: Sequence[int]) -> Listing:
        """Return the same list with some of its rows, given by id in the order they shall have."""
        made = Listing(self.store, self.form.id, self.filter, self.sort)
        made._ids = array("q", ids)
        return made

    def page(self, start: int, count: int = BLOCK) -> list[ListedRow]:
        """Return `count` rows from place `start` on, fewer at the end."""
        ids = self.ids[start : start + count]
        with self.store.read() as connection:
            return self._rows(connection, ids)

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows by state, of those that the rest of the filter shows."""
        state = self.table.c.record_state
        statement = self._from(sa.select(state, sa.func.count())).where(*self._where(states=False))
        with self.store.read() as connection:
            return {row[0]: row[1] for row in connection.execute(statement.group_by(state))}

    @property
    def totals(self) -> dict[str, int | float]:
        """The sum of every field that adds up, over the rows shown; money in fen."""
        fields = [item.id for item in self.form.fields if _adds_up(item)]
        if not fields:
            return {}
        sums = (sa.func.sum(self.table.c[name]) for name in fields)
        statement = self._from(sa.select(*sums)).where(*self._where())
        with self.store.read() as connection:
            row = connection.execute(statement).one()
        return {name: total or 0 for name, total in zip(fields, row, strict=True)}

    def place(self, uid: str) -> int | None:
        """Return the place of a record among the rows shown, None where it is not shown."""
        with self.store.read() as connection:
            wanted = sa.select(self.table.c.rowid).where(self.table.c.uid == uid)
            rowid = connection.execute(wanted).scalar()
        return self.ids.index(rowid) if rowid is not None and rowid in self.ids else None

    def _read_ids(self, connection: Connection, limit: int | None) -> array[int]:
        """Return the ids in order; all of them, newest first, are read as they lie and sorted here.

        So a narrow index serves, where the order of rowid would lead through the whole table.
        """
        statement = self._from(sa.select(self.table.c.rowid)).where(*self._where())
        unsorted = self.sort is None and limit is None
        if not unsorted:
            statement = statement.order_by(*self._order()).limit(limit)
        found: array[int] = array("q")
        result = connection.execute(statement)
        while chunk := result.fetchmany(_FETCH):
            found.extend(row[0] for row in chunk)
        return array("q", sorted(found, reverse=True)) if unsorted else found

    def _rows(self, connection: Connection, ids: Sequence[int]) -> list[ListedRow]:
        if not ids:
            return []
        columns = (self.table.c[name] for name in (*_SHOWN, *self.names))
        statement = sa.select(*columns).where(self.table.c.rowid.in_(ids))
        rows = {row[0]: row for row in connection.execute(statement)}
        edited = self._edited(connection, [row[1] for row in rows.values()])
        return [self._listed(rows[rowid], edited) for rowid in ids if rowid in rows]

    def _listed(self, row: Sequence[Any], edited: frozenset[str]) -> ListedRow:
        head = dict(zip(_SHOWN, row, strict=False))
        head["state"] = head.pop("record_state")
        values = dict(zip(self.names, row[len(_SHOWN) :], strict=True))
        editing = row[1] in edited and head["state"] != "draft"
        return ListedRow(**head, editing=editing, values=values)

    def _edited(self, connection: Connection, uids: Sequence[str]) -> frozenset[str]:
        draft = self.store.tables.draft
        wanted = sa.select(draft.c.uid).where(draft.c.uid.in_(uids))
        return frozenset(connection.execute(wanted).scalars())

    @cached_property
    def _index(self) -> sa.TableClause | None:
        """The word index that leads the search, where this database has it."""
        sqlite = self.store.database.reader.dialect.name == "sqlite"
        searched = sqlite and searching.is_word(self.filter.search)
        return searching.index_of(self.form) if searched else None

    def _from(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        """Let the word index lead where one searches: its rows come in the order of rowid."""
        if self._index is None:
            return statement
        joined = self._index.join(self.table, self.table.c.rowid == self._index.c.rowid)
        matches = searching.in_index(self.form, self._index, self.filter.search)
        return statement.select_from(joined).where(matches)

    def _where(self, *, states: bool = True) -> Iterator[ColumnElement[bool]]:
        chosen, columns = self.filter, self.table.c
        yield columns.deleted == int(chosen.voided)
        for name, values in (
            ("record_state", chosen.states if states else ()),
            ("period", chosen.periods),
        ):
            if values == ("draft",):
                yield columns[name] == sa.literal_column("'draft'")  # as its index has it
            elif values:
                yield columns[name].in_(values)
        if chosen.units:
            yield listed(columns.unit, sa.literal(json.dumps(chosen.units)))
        if chosen.uids is not None:
            yield listed(columns.uid, sa.literal(json.dumps(chosen.uids)))
        if chosen.editing:
            yield columns.record_state != "draft"
            yield columns.uid.in_(sa.select(self.store.tables.draft.c.uid))
        for name, wanted in chosen.columns.items():
            yield from _holds(_compared(self.table, self.form.by_id[name]), wanted)
        if chosen.search:
            meets = searching.by_text if self._index is None else searching.in_row
            yield meets(self.form, self.table, chosen.search)

    def _order(self) -> Iterator[ColumnElement[Any]]:
        """Yield the order; no index may serve it, which would lead to each row by itself."""
        rowid = (self.table if self._index is None else self._index).c.rowid
        if self.sort is not None:
            by = sa.func.coalesce(self._sorted_by(self.sort.column), sa.null())
            yield (by.desc() if self.sort.descending else by.asc()).nulls_last()
        yield rowid.desc()

    def _sorted_by(self, name: str) -> ColumnElement[Any]:
        item = self.form.by_id.get(name)
        if item is None:
            return self.table.c[name]
        codes = self.store.pack.codes(item)
        if item.type == "choice" and codes:
            places = {code.code: place for place, code in enumerate(codes.items)}
            return sa.case(places, value=self.table.c[name])
        return self.table.c[f"{name}__label" if item.type == "ref" else name]


_SHOWN = ("rowid", "uid", "record_state", "unit", "period", "rev", "updated_at", "packet")


def _adds_up(item: Field) -> bool:
    return FIELD_TYPES[item.type].aggregate == "sum" and item.id not in HEAD


def _compared(table: FromClause, item: Field) -> ColumnElement[Any]:
    if item.type == "ref":
        return sa.func.coalesce(table.c[item.id], table.c[f"{item.id}__key"])
    return table.c[item.id]


def _holds(
    column: ColumnElement[Any], wanted: Value | tuple[Value, ...] | Range
) -> Iterator[ColumnElement[bool]]:
    if isinstance(wanted, Range):
        if wanted.low is not None:
            yield column >= wanted.low
        if wanted.high is not None:
            yield column <= wanted.high
    elif isinstance(wanted, tuple):
        yield column.in_(wanted)
    elif wanted is None:
        yield column.is_(None)
    else:
        yield column == wanted
