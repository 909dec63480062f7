"""Which indexes the table of a form has: for lists and keys, for references, for adding up.

Indicators read few columns of wide rows, and a store is decrypted page by page: an index that
holds just these columns makes a pass a tenth of the work. The same goes for what a condition
about another form looks at once it has found the rows by their reference.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.taskpack import expression_tree as tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from union_desk.taskpack.definition import Form, Indicator, TaskPack, Term
    from union_desk.taskpack.expression import Expression

_COUNTED = ("record_state", "deleted")
_LATEST = ("origin", "updated_at", "uid")
"""What tells the sheet of a unit's latest period."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index: its columns; only rows in which `filled` is filled, or that are drafts."""

    columns: tuple[str, ...]
    filled: str | None = None
    drafts: bool = False


def indexes(form: Form, packs: Sequence[TaskPack]) -> Iterator[Index]:
    """Yield the indexes of a form's table."""
    if form.detail_of:
        yield Index(("parent", "position"))
    else:
        more = (*_added_up(form, packs), *_looked_at_by_unit(form, packs))
        yield Index(_once("unit", "record_state", "deleted", "period", *more))
        yield Index(("updated_at",), drafts=True)
    looked_at = _looked_at(form, packs)
    used: set[str] = set()
    for columns, filled in (*_keys(form), *_references(form)):
        first = columns[0]
        if filled and first in used:
            continue
        more = () if first in used else looked_at.get(first, ())
        used.add(first)
        yield Index(_once(*columns, *more), filled)


def _keys(form: Form) -> Iterator[tuple[tuple[str, ...], None]]:
    """Yield duplicate and natural keys; one that begins another is served by it."""
    seen: list[tuple[str, ...]] = []
    for key in (*form.duplicate_keys, *form.natural_keys):
        columns = _key_columns(form, key)
        if columns and not any(other[: len(columns)] == columns for other in seen):
            seen.append(columns)
            yield columns, None


def _references(form: Form) -> Iterator[tuple[tuple[str, ...], str]]:
    for item in form.fields:
        if item.type == "ref" and item.id != form.parent_field:
            for name in (item.id, f"{item.id}__key"):
                yield (name,), name


def _key_columns(form: Form, key: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of a key, the most telling first: unit and period come last."""
    parts = sorted(key, key=lambda part: part in ("unit", "period"))
    if form.kind == "detail":
        parts = ["parent" if part == form.parent_field else part for part in parts]
        parts = [part for part in parts if part not in ("unit", "period")]
    return tuple(
        f"{part}__key" if part in form.by_id and form.by_id[part].type == "ref" else part
        for part in parts
    )


def _added_up(form: Form, packs: Sequence[TaskPack]) -> Iterator[str]:
    """Yield the columns that the indicators read of a form's rows."""
    for indicator, term in _terms(packs):
        if term.form != form.id:
            continue
        for expression in (term.where, term.value):
            if expression is not None:
                yield from _columns(expression.tree)
        if term.latest_per_unit:
            yield from _LATEST
        if indicator.by:
            yield indicator.by


def _terms(packs: Sequence[TaskPack]) -> Iterator[tuple[Indicator, Term]]:
    for pack in packs:
        for indicator in pack.indicators.values():
            for term in (*indicator.numerator, *indicator.denominator):
                yield indicator, term


def _columns(node: tree.Node) -> Iterator[str]:
    """Yield the columns of the outermost row that a tree reads."""
    for item in tree.own_fields(node):
        yield item.column
        if item.kind == "ref":
            yield f"{item.field}__key"
    if any(isinstance(part, tree.This | tree.Children) for part in tree.walk(node)):
        yield "uid"


def _looked_at(form: Form, packs: Sequence[TaskPack]) -> Mapping[str, tuple[str, ...]]:
    """Return by column what conditions read of the rows that they find by it."""
    found: dict[str, list[str]] = defaultdict(list)
    counted = () if form.detail_of else _COUNTED
    for node in _asked(packs).by_indicators:
        if node.form != form.id:
            continue
        read = [item.column for item in _inner_fields(node) if not item.is_parent]
        for column in found_by(node.where):
            if column.endswith("__key"):
                continue
            found[column] += [*read, *(("parent",) if form.detail_of else ()), *counted]
    return {column: _once(*read) for column, read in found.items()}


def _looked_at_by_unit(form: Form, packs: Sequence[TaskPack]) -> Iterator[str]:
    """Yield what checks read of the rows of a form that are about the same unit."""
    for node in _asked(packs).by_checks:
        if node.form == form.id and not tuple(found_by(node.where)):
            yield from (item.column for item in _inner_fields(node))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the checks and the indicators of packages ask of other forms."""

    packs: tuple[TaskPack, ...]
    by_checks: tuple[tree.Aggregate, ...]
    by_indicators: tuple[tree.Aggregate, ...]


_lately: list[_Asked] = []
"""Asked for the packages used last: every table of a store wants it, at every opening."""


def _asked(packs: Sequence[TaskPack]) -> _Asked:
    for known in _lately:
        if len(known.packs) == len(packs) and all(map(operator.is_, known.packs, packs)):
            return known
    rules = (check.rule for pack in packs for form in pack.forms.values() for check in form.checks)
    found = _Asked(
        tuple(packs),
        tuple(node for rule in rules for node in _aggregates(rule)),
        tuple(_of_indicators(packs)),
    )
    _lately[:] = [found, *_lately[:3]]
    return found


def _of_indicators(packs: Sequence[TaskPack]) -> Iterator[tree.Aggregate]:
    for _, term in _terms(packs):
        for expression in (term.where, term.value):
            if expression is not None:
                yield from _aggregates(expression)


def _aggregates(expression: Expression) -> Iterator[tree.Aggregate]:
    for node in tree.walk(expression.tree):
        if isinstance(node, tree.Aggregate):
            yield node


def _inner_fields(node: tree.Aggregate) -> Iterator[tree.FieldValue]:
    for item in tree.walk(node.where):
        if isinstance(item, tree.FieldValue) and item.scope == "row":
            yield item
    if node.field is not None:
        yield node.field


def found_by(where: tree.Node) -> Iterator[str]:
    """Yield the columns of the other form that a condition compares with the outer row."""
    match where:
        case tree.Boolean(operator="and"):
            for part in where.operands:
                yield from found_by(part)
        case tree.SameRecord(negated=False) if where.reference.scope == "row":
            if isinstance(where.other, tree.This | tree.FieldValue):
                yield where.reference.column
            if not isinstance(where.other, tree.This) and not where.reference.is_parent:
                yield f"{where.reference.field}__key"
        case tree.Compare(
            operator="==", left=tree.FieldValue() as left, right=tree.FieldValue() as right
        ):
            if {left.scope, right.scope} == {"row", "this"}:
                yield left.column if left.scope == "row" else right.column


def _once(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
