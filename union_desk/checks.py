"""A record and the rules of its form -> findings.

The same call serves the form while it is typed, 确认 and the command line; whole tables are
checked in SQL by ``store`` over the same trees. A finding is a value; nothing is raised for data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.taskpack.definition import reaches
from union_desk.taskpack.expression import fails
from union_desk.taskpack.expression_tree import Aggregate, own_fields, rows_of_unit, walk
from union_desk.taskpack.period import Period
from union_desk.taskpack.sentences import sentence
from union_desk.taskpack.typed_text import fold

if TYPE_CHECKING:
    from union_desk.taskpack.definition import Check, Form, TaskPack
    from union_desk.taskpack.expression import Context, Lookup
    from union_desk.taskpack.field_types import Unreadable
    from union_desk.taskpack.record import Record, Row, Value

__all__ = [
    "ALL_KINDS", "LIVE_KINDS", "Finding", "affected", "check_record", "level_of", "place_of",
    "runs", "seen_from", "sentence",
]  # fmt: skip

ALL_KINDS = frozenset({"required", "constraint", "row", "cross", "duplicate", "decided"})
LIVE_KINDS = ALL_KINDS - {"cross", "decided"}
"""The kinds that run at every keystroke.

Not those that need other forms' rows, nor those that must know whether a value is the writer's or
a decision laid over it: the store runs them at 确认.
"""

_NOTHING: Mapping[str, Unreadable] = MappingProxyType({})

Explained = Callable[["Check", "Row"], "str | None"]
"""The written explanation of a warning on a row, None where none holds for its figures."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, and in which words.

    `record` is the uid of the row it stands at (of a detail, the detail row's), `row` the line of a
    sheet or the place of a detail row, `column` the header of a sheet, `level` ``error``,
    ``warning`` or ``hint``.
    """

    form: str
    record: str | None
    row: int | None
    column: str | None
    field: str | None
    code: str
    level: str
    message: str
    explained: str | None = None

    def to_json(self) -> dict[str, str | int | None]:
        """Return the finding as the command line prints it."""
        return asdict(self)


def runs(check: Check, level: str) -> bool:
    """Return whether a check runs at a level: at its `checked_at` and above, 由上级确定 below."""
    if check.checked_at is None:
        return True
    return reaches(level, check.checked_at) is not (check.kind == "decided")


def level_of(check: Check, row: Row, context: Context) -> str | None:
    """Return the level of a failed check: a hint until the unit has declared its register.

    Until then None where the unit has no row at all of a form that the check counts.
    """
    if check.hint_until is None or _declared(check.hint_until, row, context):
        return check.level
    counted = {node.form for node in walk(check.rule.tree) if isinstance(node, Aggregate)}
    for form in counted - {check.form}:
        if not context.lookup.aggregate(rows_of_unit(form), row, context):
            return None
    return "hint"


def _declared(column: str, row: Row, context: Context) -> bool:
    since = context.units.get(str(row.get("unit")), {}).get(column)
    try:
        first = Period.parse(str(since)).first_day
        own = Period.parse(str(row.get("period"))).first_day
    except ValueError:
        return False
    return own >= first


def place_of(check: Check) -> str | None:
    """Return the field at which a finding of a check stands: the first that its rule reads."""
    return check.field or next((item.field for item in own_fields(check.rule.tree)), None)


def check_record(
    pack: TaskPack,
    record: Record,
    context: Context,
    *,
    unreadable: Mapping[str, Unreadable] = _NOTHING,
    kinds: Collection[str] = ALL_KINDS,
    only: Collection[str] | None = None,
    explained: Explained | None = None,
) -> tuple[Finding, ...]:
    """Return every finding of a record and its detail rows, in the order of the form.

    :param unreadable: by field id (of a detail row: ``uid.field``), what could not be read; its
        checks wait until it can.
    :param kinds: the kinds of checks to run; cross-form checks need a lookup that sees the record
        as it is to be checked.
    :param only: ids of the checks to run, as `affected` gives them; all if None.
    :param explained: gives the written explanation of a warning.
    """
    form = pack.forms[record.form]
    inside = seen_from(pack, record, context)
    run = _Run(pack, inside, kinds, only, explained)
    found = list(run.rows(form, record.row(), None, unreadable, ""))
    for detail_form in (pack.forms[name] for name in form.details):
        rows = record.details.get(detail_form.id, ())
        for item in rows:
            row = record.detail_row(item)
            found += run.rows(detail_form, row, item.position, unreadable, f"{item.uid}.")
        if "duplicate" in kinds and only is None:
            found += _repeated(detail_form, [record.detail_row(item) for item in rows])
    return tuple(found)


def seen_from(pack: TaskPack, record: Record, context: Context) -> Context:
    """Return the context in which a record and its detail rows are seen as they stand."""
    form = pack.forms[record.form]
    return replace(context, lookup=_WithRecord(context.lookup, record, form, pack))


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of checks over the rows of a record."""

    pack: TaskPack
    context: Context
    kinds: Collection[str]
    only: Collection[str] | None
    explained: Explained | None

    def rows(
        self,
        form: Form,
        row: Row,
        position: int | None,
        unreadable: Mapping[str, Unreadable],
        prefix: str,
    ) -> Iterator[Finding]:
        """Yield the findings of one row."""
        unread = {item.id for item in form.fields if prefix + item.id in unreadable}
        uid = str(row["uid"])
        for name in (item.id for item in form.fields if item.id in unread):
            message = unreadable[prefix + name].message
            label = form.by_id[name].label
            code = f"{form.id}.{name}.unreadable"
            yield Finding(form.id, uid, position, None, name, code, "error", f"{label}：{message}")
        for check in form.all_checks:
            if not self._wanted(check, unread) or not fails(check, row, self.context):
                continue
            level = level_of(check, row, self.context)
            if level is not None:
                yield self._finding(check, row, position, level)

    def _wanted(self, check: Check, unread: set[str]) -> bool:
        if check.kind not in self.kinds or (self.only is not None and check.id not in self.only):
            return False
        return runs(check, self.context.level) and not (unread and unread & _reads(check))

    def _finding(self, check: Check, row: Row, position: int | None, level: str) -> Finding:
        return Finding(
            form=check.form,
            record=str(row["uid"]),
            row=position,
            column=None,
            field=place_of(check),
            code=check.id,
            level=level,
            message=sentence(check, row, self.pack, context=self.context),
            explained=self.explained(check, row) if self.explained and level == "warning" else None,
        )


def _reads(check: Check) -> frozenset[str]:
    return check.rule.fields | check.when.fields if check.when else check.rule.fields


def affected(form: Form, name: str) -> tuple[Check, ...]:
    """Return the checks that must run again when a field changes, or the rows of a detail form.

    Fields computed from it change with it.
    """
    changed = {name}
    while True:
        more = {
            item.id
            for item in form.fields
            if item.computed is not None
            and _touches(item.computed.fields | item.computed.forms, changed)
        }
        if more <= changed:
            break
        changed |= more
    return tuple(
        check
        for check in form.all_checks
        if _touches(_reads(check) | _forms(check), changed) or check.field in changed
    )


def _touches(names: frozenset[str], changed: set[str]) -> bool:
    return not changed.isdisjoint(names)


def _forms(check: Check) -> frozenset[str]:
    return check.rule.forms | check.when.forms if check.when else check.rule.forms


def _repeated(form: Form, rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield a warning for each detail row that repeats a key of a row before it."""
    for key in form.duplicate_keys:
        parts = [part for part in key if part != form.parent_field]
        seen: dict[tuple[Value, ...], int] = {}
        for place, row in enumerate(rows, 1):
            values = tuple(_part(form, row, part) for part in parts)
            if not parts or None in values:
                continue
            first = seen.setdefault(values, place)
            if first != place:
                names = "、".join(form.by_id[part].label for part in parts)
                yield Finding(
                    form=form.id,
                    record=str(row["uid"]),
                    row=place,
                    column=None,
                    field=parts[0],
                    code=f"{form.id}.duplicate",
                    level="warning",
                    message=f"“{names}”与本表第 {first} 行重复，请核对",
                )


def _part(form: Form, row: Row, part: str) -> Value:
    if form.by_id[part].type == "ref":
        return row.get(part) or row.get(f"{part}__key")
    value = row.get(part)
    return fold(value) if isinstance(value, str) else value


class _WithRecord:
    """A lookup that sees a record and its detail rows as they stand in the form."""

    def __init__(self, inner: Lookup, record: Record, form: Form, pack: TaskPack) -> None:
        self.inner = inner
        self.record = record
        self.form = form
        self.pack = pack

    def reference(self, form: str, uid: str) -> Row | None:
        """Return the record itself, or a row from outside."""
        if form == self.form.id and uid == self.record.uid:
            return self.record.row()
        return self.inner.reference(form, uid)

    def children(self, form: str, parent_form: str, parent_uid: str) -> Sequence[Row]:
        """Return the record's own detail rows, or rows from outside."""
        if parent_uid == self.record.uid and form in self.form.details:
            details = self.record.details.get(form, ())
            return [self.record.detail_row(item) for item in details]
        return self.inner.children(form, parent_form, parent_uid)

    def aggregate(self, node: Aggregate, outer: Row, context: Context) -> Value:
        """Return the aggregate over the rows from outside."""
        return self.inner.aggregate(node, outer, context)
