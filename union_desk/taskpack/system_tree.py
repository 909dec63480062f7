"""The system tables of the tree and of time: dated changes of units, and which periods are closed.

Both are written by an office above and travel up and down, so that every level counts alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.taskpack.definition import CodeItem, CodeList, Field, Form, Section

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENT, LOCK = "unit_event", "period_lock"


def _list(list_id: str, title: str, items: Mapping[str, str]) -> CodeList:
    return CodeList(list_id, title, tuple(CodeItem(code, label) for code, label in items.items()))


TREE_LISTS = (
    _list(
        "system_unit_event",
        "单位变动",
        {
            "renamed": "更名", "moved": "划转", "merged": "合并", "closed": "撤销",
            "reopened": "恢复",
        },
    ),
    _list("system_lock", "结账", {"closed": "结账", "open": "准许补报"}),
)  # fmt: skip


def _text(name: str, label: str, longest: int, help_text: str, *, required: bool = False) -> Field:
    return Field(name, label, "text", required=required, max_length=longest, help=help_text)


def _code(name: str, label: str, help_text: str, *, required: bool = False) -> Field:
    return Field(
        name, label, "text", required=required, pattern=r"\d{12}", pattern_help="12 位工会编码",
        check_digit="mod_11_10", help=help_text,
    )  # fmt: skip


def _form(form_id: str, title: str, keys: tuple[str, ...], *fields: Field, help_text: str) -> Form:
    return Form(
        id=form_id, title=title, area="", kind="system", fields=fields,
        sections=(Section(title, tuple(item.id for item in fields)),), filing="",
        duplicate_keys=(keys,) if keys else (), natural_keys=(keys,) if keys else (),
        name_field=fields[0].id, help=help_text,
    )  # fmt: skip


TREE_FORMS = (
    _form(
        EVENT,
        "单位变动",
        ("union_code", "kind", "date"),
        _code("union_code", "工会编码", "变动的单位。", required=True),
        Field("kind", "变动", "choice", required=True, code_list="system_unit_event"),
        Field("date", "变动日期", "date", required=True, help="从这一天起按变动后的计算。"),
        _text("name", "新名称", 80, "更名后的全称。"),
        _code("parent", "新上级或并入的单位", "划转的写新上级，合并的写并入哪个单位。"),
        _text("doc_no", "文号", 40, "批准变动的文件。"),
        Field("reason", "说明", "text", max_length=200, sensitivity=1, help="为什么变动。"),
        help_text="更名、划转、合并、撤销：注明日期，以前的数字仍按以前的组织计算。",
    ),
    _form(
        LOCK,
        "结账",
        ("unit", "period"),
        _code("unit", "单位", "写本单位的，本单位和全部下级结账；写下级的，只对它。",
              required=True),
        _text("period", "报告期", 8, "如 2012M08。", required=True),
        Field("state", "状态", "choice", required=True, code_list="system_lock"),
        Field("until", "准许到", "date", help="准许补报到哪一天，当天有效。"),
        _text("who", "办理人", 30, "谁结的账。", required=True),
        Field("date", "日期", "date", required=True, help="办理的日期。"),
        Field("reason", "原因", "text", max_length=200, sensitivity=1, help="为什么准许补报。"),
        help_text="结了账的报告期不再确认，以后的改动是更正；准许补报只对一个单位，有期限。",
    ),
)  # fmt: skip
