"""A check's message with the figures put in: what a person reads instead of a formula.

``会员人数不得大于职工人数（会员人数 126，职工人数 118）``. The figures are what the rule reads:
fields, fields behind references, counts and sums, parameters. ID and telephone numbers show only
their ends, other sensitive values, amounts among them, nothing: a sentence stands on pages, papers
and in notes that hide them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.taskpack import expression_tree as tree
from union_desk.taskpack.expression_values import closure
from union_desk.taskpack.field_types import SENSITIVE, format_value
from union_desk.taskpack.figures import grouped
from union_desk.taskpack.system import SYSTEM_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from union_desk.taskpack.definition import Check, Field, Form, TaskPack
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Row, Value

MOST = 5
"""More figures than this make a sentence harder to read, not easier."""
_LONGEST = 30
_MEASURES = frozenset({"number", "date"})


def sentence(
    check: Check,
    row: Row,
    pack: TaskPack,
    figures: Mapping[tree.Node, Value] | None = None,
    *,
    context: Context | None = None,
) -> str:
    """Return the message of a check that fails on `row`, figures in brackets.

    :param figures: values of nodes (money in yuan) that were worked out elsewhere.
    :param context: for what is not in the row itself; without it such figures are left out.
    """
    shown = []
    for node in figure_nodes(check):
        if figures is not None and node in figures:
            value = figures[node]
        elif isinstance(node, tree.FieldValue | tree.Call):
            value = closure(node)(row, context)  # type: ignore[arg-type]
        elif context is not None:
            value = closure(node)(row, context)
        else:
            continue
        if value is not None:
            shown.append(_shown(node, value, _form(pack, check.form), pack))
    told = "，".join(dict.fromkeys(shown).keys() if len(shown) <= MOST else shown[:MOST])
    told = "；".join((*((told,) if told else ()), *_lists(check, row, figures, context)))
    return f"{check.message}（{told}）" if told else check.message


def _lists(
    check: Check, row: Row, figures: Mapping[tree.Node, Value] | None, context: Context | None
) -> Iterator[str]:
    """Yield the names that a check tells with its message."""
    for title, expression in check.lists:
        if figures is not None and expression.tree in figures:
            value = figures[expression.tree]
        elif context is not None:
            value = expression.run(row, context)
        else:
            continue
        if value:
            found = str(value).split("、")
            more = f"等共 {len(found)} 条" if len(found) > MOST else ""
            yield f"{title}：{'、'.join(found[:MOST])}{more}"


def told_nodes(check: Check) -> tuple[tree.Node, ...]:
    """Return all that has to be worked out for the sentence: figures and lists of names."""
    return (*figure_nodes(check), *(expression.tree for _, expression in check.lists))


def figure_nodes(check: Check) -> tuple[tree.Node, ...]:
    """Return what the sentence tells of a check: its rule's figures, then its condition's."""
    rule = list(_figures(check.rule.tree))
    if check.when is not None:
        rule += [node for node in _figures(check.when.tree) if node.kind in _MEASURES]
    return tuple(dict.fromkeys(rule))


def _figures(node: tree.Node) -> Iterator[tree.Node]:
    match node:
        case tree.Call(function="empty" | "filled"):
            return
        case tree.Call(function="length"):
            yield node
        case tree.FieldValue(scope="row") if node.kind != "ref" and node.type != "attach":
            yield node
        case tree.ReferenceField() | tree.Children() | tree.Parameter():
            yield node
        case tree.Aggregate():
            if node.aggregate != "exists":
                yield node
        case _:
            for part in tree.parts(node):
                yield from _figures(part)


def _shown(node: tree.Node, value: Value, form: Form, pack: TaskPack) -> str:
    match node:
        case tree.FieldValue():
            item = form.by_id[node.field]
            return f"{_label(item)} {_text(item, _expressed(node, value), pack)}"
        case tree.ReferenceField():
            reference = form.by_id[node.reference.field]
            item = _form(pack, node.target).by_id[node.field]
            return f"{_label(reference)}的{_label(item)} {_text(item, value, pack)}"
        case tree.Children() | tree.Aggregate():
            return _counted(node, value, pack)
        case tree.Parameter():
            label = pack.parameters[node.name].label
            return f"{label} {grouped(value) if isinstance(value, int | float) else value}"
        case tree.Call():
            return f"现在 {value} 个字"
    return str(value)


def _expressed(node: tree.FieldValue, value: Value) -> Value:
    """Return yes and no as they are stored."""
    return int(value or 0) if node.kind == "bool" else value


def _counted(node: tree.Children | tree.Aggregate, value: Value, pack: TaskPack) -> str:
    other = _form(pack, node.form)
    if node.field is None:
        return f"{other.title} {value} 条"
    item = other.by_id[node.field.field]
    return f"{other.title}的{_label(item)}合计 {_text(item, value, pack)}"


def _form(pack: TaskPack, form: str) -> Form:
    return pack.forms.get(form) or SYSTEM_FORMS[form]


def _label(item: Field) -> str:
    for mark in ("其中:", "其中："):
        if item.label.startswith(mark):
            return item.label[len(mark) :]
    return item.label


def _text(item: Field, value: Value, pack: TaskPack) -> str:
    if item.type == "money" and item.sensitivity < SENSITIVE and isinstance(value, int | float):
        return f"{value:,.2f} 元"
    shown = format_value(item, value, pack, masked=True)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
