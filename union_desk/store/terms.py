"""Terms of indicators as SQL: those over one form's table become one statement.

Statements are built once per store; the day, the year and the units are bound when they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from union_desk.store.dialect import folded, listed
from union_desk.store.reading import Reading
from union_desk.store.row_sources import TableRow
from union_desk.store.sql_functions import last_day
from union_desk.taskpack.expression_tree import FieldValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.sql import ColumnElement

    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import TaskPack, Term

    Key = tuple[str, str, int]
    """Indicator, ``n`` (numerator) or ``d``, and the place of the term."""
    Within = Literal["all", "in", "out"]
    """All rows; those of the units listed in parameter ``codes``; those of all other units."""

_DISTINCT_TEXTS = ("text", "longtext")


def statement(
    tables: Tables,
    pack: TaskPack,
    terms: Mapping[Key, Term],
    within: Within,
    by: str = "",
    *,
    but: bool = False,
) -> sa.Select[Any]:
    """Return the statement with one column for each of `terms`, which share form and selection.

    :param but: records listed in parameter ``but`` are left out.
    :param by: a field by whose values the terms are broken down, in one more column.
    """
    key = ("terms", pack.digest, tuple(terms), within, by, but)
    if key not in tables.statements:
        tables.statements[key] = _build(tables, pack, terms, within, by, but=but)
    known: sa.Select[Any] = tables.statements[key]
    return known


def _build(
    tables: Tables,
    pack: TaskPack,
    terms: Mapping[Key, Term],
    within: Within,
    by: str,
    *,
    but: bool,
) -> sa.Select[Any]:
    first = next(iter(terms.values()))
    source = TableRow.of(tables, first.form)
    reading = Reading(tables, source)
    columns = [
        aggregate(reading, source, term, fen=pack.indicators[key[0]].money)
        for key, term in terms.items()
    ]
    made = (
        sa.select(*columns)
        .select_from(source.joined)
        .where(*_counted(source, first, within, but=but))
    )
    return made.add_columns(source.column(by)).group_by(source.column(by)) if by else made


def _counted(
    source: TableRow, term: Term, within: Within, *, but: bool
) -> list[ColumnElement[bool]]:
    """Return the conditions of a row that counts, is of the units, and may be the latest."""
    conditions = [source.counted()]
    if within != "all":
        inside = listed(source.column("unit"), sa.bindparam("codes", type_=sa.TEXT))
        conditions.append(inside if within == "in" else sa.not_(inside))
    if but:
        conditions.append(sa.not_(listed(source.table.c.uid, sa.bindparam("but", type_=sa.TEXT))))
    if term.latest_per_unit:
        conditions = [source.table.c.rowid.in_(latest(source, conditions))]
    return conditions


def rows(
    tables: Tables, term: Term, within: Within, *, fen: bool, by: str = "", but: bool = False
) -> sa.Select[Any]:
    """Return the rows that a term counts: the record's id, its unit, and what it brings.

    What a row brings is 1 for a count, its value for a sum, and what tells it apart for a count of
    distinct values. A detail row stands for the record it belongs to.

    :param fen: see :func:`aggregate`.
    :param by: a field in one more column.
    """
    source = TableRow.of(tables, term.form)
    reading = Reading(tables, source)
    conditions = _counted(source, term, within, but=but)
    if term.where is not None:
        conditions.append(reading.condition(term.where.tree))
    value = _brought(reading, source, term, fen=fen)
    if term.value is not None:
        conditions.append(value.is_not(None))
    record = source.table.c.uid if source.owner is None else source.owner.c.uid
    shown = [record, source.column("unit"), value, *([source.column(by)] if by else [])]
    return sa.select(*shown).select_from(source.joined).where(*conditions)


def aggregate(reading: Reading, source: TableRow, term: Term, *, fen: bool) -> ColumnElement[Any]:
    """Return count, sum or count of distinct values over the rows for which a term holds.

    :param fen: an amount of money stays in whole fen, so that nothing is lost in adding it up.
    """
    where = None if term.where is None else reading.condition(term.where.tree)
    if term.value is None:
        return sa.func.count() if where is None else sa.func.count(sa.case((where, 1)))
    value = _brought(reading, source, term, fen=fen)
    if term.aggregate == "sum":
        return sa.func.sum(value if where is None else sa.case((where, value)))
    return sa.func.count(sa.distinct(value if where is None else sa.case((where, value))))


def _brought(reading: Reading, source: TableRow, term: Term, *, fen: bool) -> ColumnElement[Any]:
    """Return the value of a row that is summed or told apart; 1 where rows are counted."""
    if term.value is None:
        return sa.literal(1)
    tree = term.value.tree
    if term.aggregate != "sum":
        return _compared(reading, source, tree)
    stored = fen and isinstance(tree, FieldValue) and tree.money
    return source.column(tree.column) if stored else reading.read(tree)  # type: ignore[union-attr]


def _compared(reading: Reading, source: TableRow, tree: Any) -> ColumnElement[Any]:  # noqa: ANN401
    """Return what tells rows apart: of a reference its record, of a text its folded form."""
    value = reading.read(tree)
    if not isinstance(tree, FieldValue):
        return value
    if tree.kind == "ref":
        return sa.func.coalesce(value, source.column(f"{tree.field}__key"))
    return folded(value) if tree.type in _DISTINCT_TEXTS else value


def latest(source: TableRow, conditions: Iterable[ColumnElement[bool]]) -> sa.Select[Any]:
    """Return the rows of each unit's last period that ended by the day, its own sheet first."""
    end = last_day(source.column("period"))
    filed_for_itself = sa.func.substr(source.table.c.origin, 1, 12) == source.column("unit")
    place = sa.func.row_number().over(
        partition_by=source.column("unit"),
        order_by=[
            end.desc(),
            sa.case((filed_for_itself, 0), else_=1),
            source.table.c.updated_at.desc(),
            source.table.c.uid.desc(),
        ],
    )
    numbered = (
        sa.select(source.table.c.rowid, place.label("place"))
        .where(*conditions, end <= sa.bindparam("context_as_of", type_=sa.TEXT))
        .subquery()
    )
    return sa.select(numbered.c.rowid).where(numbered.c.place == 1)
