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
    Move("send", "报送", ("confirmed",), "sent", "machine", ("head", "clerk")),
    Move("receive", "接收", ("sent",), "received", "machine"),
    Move("return", "退回", ("sent", "received"), "returned", "upper", ("reviewer",)),
    Move("archive", "归档", ("received",), "archived", "machine"),
)
MOVES: Mapping[str, Move] = MappingProxyType({move.id: move for move in _MOVES})
"""Who may do what to a record."""


def move_to_confirm(state: str) -> Move:
    """Return the move by which an edit of a record in `state` becomes its next revision."""
    return MOVES["correct"] if state in OUTSIDE else MOVES["confirm"]


def may(move: str, state: str, roles: tuple[str, ...]) -> bool:
    """Return whether someone with `roles` may make `move` on a record in `state`."""
    rule = MOVES[move]
    return state in rule.sources and (not rule.roles or any(role in rule.roles for role in roles))
