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
    "received": "已回执",
    "returned": "已退回",
    "void": "已作废",
    "corrected": "已更正",
})  # fmt: skip
"""Titles of a printed report's states, in the order of its life; no state goes back."""
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


LIVE_PAPERS = ("issued", "printed", "signed", "sealed", "sent", "received", "returned")
"""States of a printed report that stands."""
SENT_PAPERS = ("sent", "received", "returned")
"""States of a printed report whose row lies outside this office."""


@dataclass(frozen=True, slots=True)
class PaperMove:
    """An act that moves a printed report: from which states, to which, by whom.

    `marks` are states that it finds and leaves as they are: it only adds its date and person,
    as the seal that comes after the file has gone (纸质后补).
    """

    id: str
    title: str
    sources: tuple[str, ...]
    target: str
    by: str
    """``office``, ``upper``, ``machine`` (export, receipt) or ``rule`` (a printed cell changed)."""
    roles: tuple[str, ...] = ()
    needs_reason: bool = False
    marks: tuple[str, ...] = ()


_PAPER_MOVES = (
    PaperMove("issue", "正式出具", ("",), "issued", "office", ("head",)),
    PaperMove(
        "print", "打印", ("issued",), "printed", "office", ("clerk", "reviewer", "head"),
        marks=("printed", "signed", "sealed", *SENT_PAPERS),
    ),
    PaperMove(
        "sign", "登记签字", ("issued", "printed"), "signed", "office", ("clerk", "head"),
        marks=("signed", *SENT_PAPERS),
    ),
    PaperMove(
        "seal", "登记盖章", ("issued", "printed", "signed"), "sealed", "office", ("clerk", "head"),
        marks=("sealed", *SENT_PAPERS),
    ),
    PaperMove(
        "later", "纸质后补", (), "issued", "office", ("clerk", "head"),
        marks=("issued", "printed", "signed"),
    ),
    PaperMove(
        "scan", "附盖章页扫描件", (), "sealed", "office", ("clerk", "head"), marks=LIVE_PAPERS
    ),
    PaperMove("send", "报送", ("issued", "printed", "signed", "sealed"), "sent", "machine"),
    PaperMove("receive", "回执", ("sent",), "received", "machine"),
    PaperMove(
        "return", "退回", ("sent", "received"), "returned", "upper", ("reviewer", "head"),
        needs_reason=True,
    ),
    PaperMove("void", "作废", LIVE_PAPERS, "void", "rule", ("head",), needs_reason=True),
    PaperMove("correct", "更正", ("void",), "corrected", "machine"),
)  # fmt: skip
PAPER_MOVES: Mapping[str, PaperMove] = MappingProxyType({move.id: move for move in _PAPER_MOVES})
"""Who may do what to a printed report: the one table."""
PAPER_STEPS = ("issued", "printed", "signed", "sealed")
"""States before 报送, in order: a later one may be set directly, the skipped ones are filled."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act that moves no single record: its title and the roles that may do it."""

    id: str
    title: str
    roles: tuple[str, ...]
    second: bool = False
    """Takes a second person's sign-in where the unit or the task package asks for it."""
    beside: tuple[str, ...] = ()
    """Roles that confirm it where they are not those of the act: then the act takes both."""


_ACTS = (
    Act("enter", "填报", ("clerk",)),
    Act("export", "报送", ("head",), second=True),
    Act("answer", "给下级回执和退回", ("clerk", "reviewer", "head")),
    Act("resume", "决定恢复报送", ("head",), second=True),
    Act("review", "审核", ("reviewer",)),
    Act("tree", "改动组织机构", ("head", "admin")),
    Act("close_period", "结账", ("head",)),
    Act("print", "打印", ("clerk", "reviewer", "head")),
    Act("issue", "正式出具报表", ("head",), second=True),
    Act("sign_off", "登记签章", ("clerk", "head")),
    Act("check_paper", "核对纸质报表", ("clerk", "reviewer", "head")),
    Act("reveal", "查看证件号等敏感内容", ("clerk", "reviewer", "head")),
    Act("password", "修改自己的口令", tuple(ROLES)),
    Act("handover", "离岗交接", tuple(ROLES)),
    Act("backup", "备份", tuple(ROLES)),
    Act("restore", "恢复备份", ("admin",)),
    Act("people", "管理人员和口令", ("admin",), second=True, beside=("head", "admin")),
    Act("keys", "做恢复单和单位开通卡", ("admin",)),
    Act("trust", "确认上下级单位", ("admin",)),
    Act("package", "装入任务包", ("admin",)),
    Act("erase", "删除个人信息", ("admin",), second=True),
)
ACTS: Mapping[str, Act] = MappingProxyType({act.id: act for act in _ACTS})
"""Who may do what else: against mistakes, not against the owner of the machine."""


def allowed(act: str, roles: tuple[str, ...]) -> bool:
    """Return whether someone with `roles` may do `act`."""
    return any(role in ACTS[act].roles for role in roles)


def confirms(act: str, roles: tuple[str, ...]) -> bool:
    """Return whether someone with `roles` may be the second person for `act`."""
    return any(role in (ACTS[act].beside or ACTS[act].roles) for role in roles)


def who_confirms(act: str) -> str:
    """Return the titles of the roles that may be the second person for `act`."""
    return "、".join(ROLES[role] for role in ACTS[act].beside or ACTS[act].roles)


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


def paper_after(move: str, state: str) -> str | None:
    """Return the state of a printed report after `move`, None where the move is not allowed."""
    rule = PAPER_MOVES[move]
    if state in rule.sources:
        return rule.target
    return state if state in rule.marks else None


def skipped_steps(state: str, target: str) -> tuple[str, ...]:
    """Return the steps between two states that were not set: they take the later one's date."""
    if target not in PAPER_STEPS:
        return ()
    begin = PAPER_STEPS.index(state) + 1 if state in PAPER_STEPS else 1
    return PAPER_STEPS[begin : PAPER_STEPS.index(target)]
