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
    tables: Tables, pack: TaskPack, terms: Mapping[Key, Term], within: Within, by: str = ""
) -> sa.Select[Any]:
    """Return the statement with one column for each of `terms`, which share form and selection.

    :param by: a field by whose values the terms are broken down, in one more column.
    """
    key = ("terms", pack.digest, tuple(terms), within, by)
    if key not in tables.statements:
        tables.statements[key] = _build(tables, pack, terms, within, by)
    known: sa.Select[Any] = tables.statements[key]
    return known


def _build(
    tables: Tables, pack: TaskPack, terms: Mapping[Key, Term], within: Within, by: str
) -> sa.Select[Any]:
    first = next(iter(terms.values()))
    source = TableRow.of(tables, first.form)
    reading = Reading(tables, source)
    columns = [
        aggregate(reading, source, term, fen=pack.indicators[key[0]].money)
        for key, term in terms.items()
    ]
    conditions = [source.counted()]
    if within != "all":
        inside = listed(source.column("unit"), sa.bindparam("codes", type_=sa.TEXT))
        conditions.append(inside if within == "in" else sa.not_(inside))
    if first.latest_per_unit:
        conditions = [source.table.c.rowid.in_(latest(source, conditions))]
    made = sa.select(*columns).select_from(source.joined).where(*conditions)
    return made.add_columns(source.column(by)).group_by(source.column(by)) if by else made


def aggregate(reading: Reading, source: TableRow, term: Term, *, fen: bool) -> ColumnElement[Any]:
    """Return count, sum or count of distinct values over the rows for which a term holds.

    :param fen: an amount of money stays in whole fen, so that nothing is lost in adding it up.
    """
    where = None if term.where is None else reading.condition(term.where.tree)
    if term.value is None:
        return sa.func.count() if where is None else sa.func.count(sa.case((where, 1)))
    tree = term.value.tree
    if term.aggregate == "sum":
        stored = fen and isinstance(tree, FieldValue) and tree.money
        value = source.column(tree.column) if stored else reading.read(tree)  # type: ignore[union-attr]
        return sa.func.sum(value if where is None else sa.case((where, value)))
    value = _compared(reading, source, tree)
    return sa.func.count(sa.distinct(value if where is None else sa.case((where, value))))


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
