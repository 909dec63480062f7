"""The six steps of 办理本月: what each holds, whether it is done, and its one action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.desktop.dashboard_words import SOON, day_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.month_figures import Month
    from union_desk.store.full_check import RuleFindings
    from union_desk.taskpack.definition import TaskPack

KIND_WORDS = {
    "returned": "被退回", "draft": "草稿", "editing": "修改中", "unlinked": "待关联",
    "unnumbered": "证件号待补",
}  # fmt: skip
BLOCKING = ("returned", "draft", "editing")
"""What keeps step ① open; loose ends stay on the list and hold nobody up."""


@dataclass(frozen=True, slots=True)
class Step:
    """One card: its number and title, its state in words, its action."""

    number: int
    title: str
    words: str
    done: bool
    action: str = ""
    """Words of the button; empty: nothing to do here."""
    tone: str = "note"
    """How the words look: note, warn, error or ok."""


def steps(month: Month, pack: TaskPack, rules: Sequence[RuleFindings] | None) -> tuple[Step, ...]:
    """Return the six steps; `rules` is None while the checks are running."""
    return (
        _pending(month),
        _nil(month, pack),
        _checks(month, rules),
        _printing(month),
        _sealing(month),
        _sending(month),
    )


def count_of(month: Month, kinds: Sequence[str]) -> int:
    """Return how many records are pending in some of the kinds."""
    return sum(len(uids) for kind in kinds for uids in month.pending.get(kind, {}).values())


def _pending(month: Month) -> Step:
    parts = [
        f"{words} {count} 条"
        for kind, words in KIND_WORDS.items()
        if (count := count_of(month, (kind,)))
    ]
    done = not count_of(month, BLOCKING)
    action = "" if not parts else "继续填写" if not done else "去补"
    tone = "warn" if month.pending.get("returned") else "note"
    return Step(1, "草稿与退回", "，".join(parts) or "没有未完成的记录", done, action, tone)


def _nil(month: Month, pack: TaskPack) -> Step:
    title, missing = "零报", month.missing
    if not month.owed:
        return Step(2, title, "这一期没有要报的表", done=True)
    if not missing:
        told = f"已作零报 {len(month.stated)} 张表" if month.stated else "要报的表都有记录"
        return Step(2, title, told, done=True)
    names = "、".join(f"《{pack.forms[item.form].title}》" for item in missing)
    return Step(
        2, title, f"还没有记录：{names}", done=False, action=f"其余 {len(missing)} 张表本期无发生"
    )


def _checks(month: Month, rules: Sequence[RuleFindings] | None) -> Step:
    title = "全审与说明"
    if rules is None:
        return Step(3, title, "正在检查全部记录…", done=False)
    errors = sum(len(rule.findings) for rule in rules if rule.level == "error")
    warnings = sum(len(rule.findings) for rule in rules if rule.level == "warning")
    parts = [f"{errors} 处错误要更正"] if errors else []
    parts += [f"{warnings} 处警告要说明"] if warnings else []
    if month.wrong:
        told = f"草稿 {month.wrong} 条有错误，见①"
        if not parts:
            return Step(3, title, f"已确认的记录没有问题；{told}", done=False, tone="warn")
        parts.append(told)
    if not parts:
        return Step(3, title, "全部记录已检查，没有问题", done=True)
    return Step(3, title, "，".join(parts), done=False, action="重新检查",
                tone="error" if errors else "warn")  # fmt: skip


def _printing(month: Month) -> Step:
    title, count = "打印本月全套", month.papers
    if not count:
        return Step(4, title, "这一期没有要打印的报表", done=True)
    words = f"封面、各表和清单一次打印：共 {count} 份，已打印 {month.printed} 份"
    return Step(4, title, words, done=month.printed == count, action="打印本月全套")


def _sealing(month: Month) -> Step:
    title, count = "签章登记", month.papers
    if not count:
        return Step(5, title, "没有要签章的报表", done=True)
    if not month.printed:
        words = "打印、签字、盖章以后在这里一次登记；来不及可以后补"
        return Step(5, title, words, done=False)
    words = f"共 {count} 份，已盖章 {month.sealed} 份"
    words += f"，纸质待补 {month.later} 份" if month.later else ""
    done = month.sealed + month.later == count
    return Step(5, title, words, done=done, action="登记签章")


def _sending(month: Month) -> Step:
    title, to = "报送", f"交给{month.receiver}" if month.receiver else ""
    if month.received and not month.due_rows:
        days = [item.sent_date for item in month.owed if item.sent_date]
        when = f"，回执 {day_words(max(days))}" if days else ""
        return Step(6, title, f"{month.receiver or '上级'}已收{when}", done=True, tone="ok")
    if month.due_rows:
        parts = [f"待报送 {month.due_rows - month.attached} 条记录"]
        parts += [f"附说明等 {month.attached} 条"] if month.attached else []
        words = "，".join([*parts, to] if to else parts)
        words += "；签章没有登记，会标明“纸质待补”" if month.sealed < month.papers else ""
        return Step(6, title, words, done=False, action="去报送")
    if month.sent:
        waiting = f"，{month.unreceipted} 个文件还没有回执" if month.unreceipted else ""
        return Step(6, title, f"已写出{waiting}", done=True)
    return Step(6, title, "还没有可以报送的内容", done=False, action="去报送")


def deadline(month: Month) -> tuple[str, str]:
    """Return the due date in words, and how they look."""
    if month.closed:
        return "这一期已结账，只能查看；后来的改动记入下一期", "warn"
    if not month.owed:
        return "这一期没有要报的表", "note"
    day = day_words(month.due)
    if month.sent:
        return f"{day}截止，已报齐", "ok"
    if month.left < 0:
        return f"{day}截止，已过期 {-month.left} 天", "error"
    if not month.left:
        return f"{day}，今天截止", "error"
    words = f"{day}截止，还剩 {month.left} 天"
    return (words, "error") if month.left <= SOON else (words, "note")
