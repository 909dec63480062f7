"""States of filings in words and tones, and the list of who is late, to be read out or copied."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.desktop.dashboard_words import day_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.store.filing_matrix import Matrix, UnitFilings
    from union_desk.store.filings import Filing
    from union_desk.taskpack.definition import TaskPack

MOST_NAMED = 6
"""Forms that one sentence names."""
LATE, OPEN, OWN = "late", "open", "own"
WORDS = {**workflow.FILING_STATES, LATE: "逾期", OPEN: "未报"}
TONES = {
    "sent": ("primary", "primaryt"),
    "nil": ("text2", "track"),
    "returned": ("warn", "warnt"),
    "received": ("ok", "okt"),
    LATE: ("err", "errt"),
    OPEN: ("text3", "surface"),
    OWN: ("text2", "track"),
}


def state_of(filing: Filing, day: str) -> str:
    """Return what became of a filing as a key of the words above."""
    if filing.late(day):
        return LATE
    return filing.state or OPEN


def cell_words(row: UnitFilings, form: str, day: str) -> tuple[str, str]:
    """Return state and words of a cell; two empty texts where the form is 不适用."""
    filing = row.filings.get(form)
    if filing is None:
        return "", ""
    state = state_of(filing, day)
    here = (row.own or {}).get(form)
    if here and filing.state is None:
        drafts = here.get("draft", 0)
        confirmed = sum(here.values()) - drafts
        return OWN if state == OPEN else state, _counts(drafts, confirmed)
    words = WORDS[state]
    return state, f"{words}·代" if filing.filed_by and filing.state else words


def _counts(drafts: int, confirmed: int) -> str:
    parts = [f"草稿{drafts}"] if drafts else []
    parts += [f"确认{confirmed}"] if confirmed else []
    return " ".join(parts)


def tip(row: UnitFilings, form: str, pack: TaskPack, day: str) -> str:
    """Return a cell in whole words."""
    title, filing = pack.forms[form].title, row.filings.get(form)
    if filing is None:
        return f"{row.unit.name}：《{title}》不适用"
    duty = {"must": "必报", "if_any": "有则报"}[filing.duty]
    said = [f"{row.unit.name}：《{title}》{duty}", cell_words(row, form, day)[1]]
    said.append(f"{day_words(filing.due_date)}截止")
    said += [f"{filing.rows} 条"] if filing.rows else []
    said += [f"{day_words(filing.sent_date)}报"] if filing.sent_date else []
    said += [f"由 {filing.filed_by} 代报"] if filing.filed_by else []
    return "，".join(said)


def paper_words(row: UnitFilings) -> str:
    """Return the mark of the paper beside the file."""
    if row.awaited:
        return "纸质待补"
    return "纸质齐" if row.papers else ""


def late_units(rows: Sequence[UnitFilings], day: str, own: str) -> list[UnitFilings]:
    """Return those below that are late with anything."""
    return [row for row in rows if row.unit.code != own and row.late(day)]


def reminder(rows: Sequence[UnitFilings], pack: TaskPack, title: str, day: str) -> Sequence[str]:
    """Return the list of who is late with what: text to copy, to print or to read out."""
    lines = [f"{title}逾期未报 {len(rows)} 个单位（截至 {day}）", ""]
    for number, row in enumerate(rows, 1):
        late = row.late(day)
        days = max(_days(item.due_date, day) for item in late)
        reach = "　".join(filter(None, (row.unit.contact, row.unit.phone))) or "没有登记联系人"
        lines.append(f"{number}. {row.unit.name}　{reach}")
        lines += [f"   {said}"] if (said := contact_words(row)) else []
        names = "、".join(f"《{pack.forms[item.form].title}》" for item in late)
        lines.append(f"   逾期 {days} 天：{names}")
    return lines


def notice_words(row: UnitFilings, pack: TaskPack, title: str, day: str) -> str:
    """Return what a 催报 says to a unit: the period, its overdue forms and their day."""
    late = row.late(day)
    names = "".join(f"《{pack.forms[item.form].title}》" for item in late[:MOST_NAMED])
    more = f"等 {len(late)} 张表" if len(late) > MOST_NAMED else ""
    due = day_words(min(item.due_date for item in late))
    return f"{title}的{names}{more}还没有收到，{due}已截止，请尽快报送。"


def contact_words(row: UnitFilings) -> str:
    """Say when a unit was last reached, what it promised and why it is late."""
    unit = row.unit
    said = [f"{day_words(unit.last_contact)}联系过"] if unit.last_contact else []
    said += [f"说 {day_words(unit.promise)}报齐"] if unit.promise else []
    said += [f"原因：{unit.late_reason}"] if unit.late_reason else []
    return "，".join(said)


def _days(due: str, day: str) -> int:
    return (date.fromisoformat(day) - date.fromisoformat(due)).days


def counts(matrix: Matrix, day: str) -> Mapping[str, int]:
    """Return how many units each chip shows."""
    return {
        "": len(matrix.rows),
        LATE: sum(bool(row.late(day)) for row in matrix.rows),
        OPEN: sum(_unfinished(row) for row in matrix.rows),
        "paper": sum(bool(row.awaited) for row in matrix.rows),
    }


def shows(row: UnitFilings, chip: str, day: str) -> bool:
    """Return whether a chip shows a unit."""
    if chip == LATE:
        return bool(row.late(day))
    if chip == OPEN:
        return _unfinished(row)
    return bool(row.awaited) if chip == "paper" else True


def _unfinished(row: UnitFilings) -> bool:
    owed, there = row.reported
    return there < owed
