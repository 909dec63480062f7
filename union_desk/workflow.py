"""States of a record, a filing and a printed report, and who may move them: one table each.

A record: 草稿 → 已确认 → 已报送 (in a packet) → 已接收 (receipt) → 归档; a return makes it 退回.
Only its writer changes it; typing never changes a once-confirmed row.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORD_STATES: Mapping[str, str] = MappingProxyType({
    "draft": "草稿",
    "confirmed": "已确认",
    "sent": "已报送",
    "received": "已接收",
    "returned": "退回",
    "archived": "归档",
})  # fmt: skip
"""Titles by state, in the order of a record's life."""
FILING_STATES: Mapping[str, str] = MappingProxyType(
    {"sent": "已报", "nil": "零报", "returned": "退回", "received": "已接收"}
)
PAPER_STATES: Mapping[str, str] = MappingProxyType({
    "issued": "已出具",
    "printed": "已打印",
    "signed": "已签字",
    "sealed": "已盖章",
    "sent": "已报送",
    "void": "作废",
})  # fmt: skip
ROLES: Mapping[str, str] = MappingProxyType(
    {"clerk": "填报人", "reviewer": "审核人", "head": "负责人", "admin": "管理员"}
)
COUNTED = ("confirmed", "sent", "received", "returned", "archived")
"""States whose rows indicators, checks, prints and packets read."""
OUTSIDE = ("sent", "received", "archived")
"""States in which a copy lies outside this office: a change is a 更正 and needs a reason."""


@dataclass(frozen=True, slots=True)
class Move:
    """An act that moves a record: from which states, to which, by whom."""

    id: str
    title: str
    sources: tuple[str, ...]
    """States it starts from; ``""`` is a record that is not there yet."""
    target: str
    by: str
    """``writer``, ``upper`` (a level above the writer) or ``machine`` (export, receipt)."""
    roles: tuple[str, ...] = ()
    needs_reason: bool = False


_MOVES = (
    Move("save", "存草稿", ("", "draft"), "draft", "writer", ("clerk",)),
    Move(
        "confirm", "确认", ("", "draft", "confirmed", "returned"), "confirmed", "writer", ("clerk",)
    ),
    Move("correct", "更正", OUTSIDE, "confirmed", "writer", ("clerk",), needs_reason=True),
    Move("delete", "删除草稿", ("draft",), "draft", "writer", ("clerk",)),
    Move("void", "作废", COUNTED, "confirmed", "writer", ("clerk",), needs_reason=True),
    Move("restore", "恢复", ("draft", *COUNTED), "confirmed", "writer", ("clerk",)),
    Move("send", "报送", ("confirmed",), "sent", "machine", ("head",)),
    Move("receive", "接收", ("sent",), "received", "machine"),
    Move("return", "退回", ("sent", "received"), "returned", "upper", ("reviewer",)),
    Move("archive", "归档", ("received",), "archived", "machine"),
)
MOVES: Mapping[str, Move] = MappingProxyType({move.id: move for move in _MOVES})
"""Who may do what to a record."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act that moves no single record: its title and the roles that may do it."""

    id: str
    title: str
    roles: tuple[str, ...]


_ACTS = (
    Act("enter", "填报", ("clerk",)),
    Act("export", "报送", ("head",)),
    Act("resume", "决定恢复报送", ("head",)),
    Act("approve", "批准", ("head",)),
    Act("review", "审核", ("reviewer",)),
    Act("print", "打印", ("clerk", "reviewer", "head")),
    Act("reveal", "查看证件号等敏感内容", ("clerk", "reviewer", "head")),
    Act("password", "修改自己的口令", tuple(ROLES)),
    Act("handover", "离岗交接", tuple(ROLES)),
    Act("backup", "备份", tuple(ROLES)),
    Act("restore", "恢复备份", ("admin",)),
    Act("people", "管理人员和口令", ("admin",)),
    Act("keys", "做恢复单和单位开通卡", ("admin",)),
    Act("trust", "确认上下级单位", ("admin",)),
    Act("package", "装入任务包", ("admin",)),
    Act("erase", "删除个人信息", ("admin",)),
)
ACTS: Mapping[str, Act] = MappingProxyType({act.id: act for act in _ACTS})
"""Who may do what else: against mistakes, not against the owner of the machine."""


def allowed(act: str, roles: tuple[str, ...]) -> bool:
    """Return whether someone with `roles` may do `act`."""
    return any(role in ACTS[act].roles for role in roles)


def who(act: str) -> str:
    """Return the titles of the roles that may do `act`."""
    return "、".join(ROLES[role] for role in ACTS[act].roles)


def move_to_confirm(state: str) -> Move:
    """Return the move by which an edit of a record in `state` becomes its next revision."""
    return MOVES["correct"] if state in OUTSIDE else MOVES["confirm"]


def may(move: str, state: str, roles: tuple[str, ...]) -> bool:
    """Return whether someone with `roles` may make `move` on a record in `state`."""
    rule = MOVES[move]
    return state in rule.sources and (not rule.roles or any(role in rule.roles for role in roles))
