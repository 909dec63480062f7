"""Who may write what on the form page, and the words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.desktop.area_page import writers
from union_desk.errors import UserError
from union_desk.taskpack.field_types import HIDDEN, SENSITIVE
from union_desk.taskpack.figures import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.desktop.editor import Reader
    from union_desk.desktop.form_page import FormPage
    from union_desk.desktop.form_store import Loaded
    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Value


@dataclass(frozen=True, slots=True)
class Access:
    """Whether the record can be typed into here, and if not why."""

    writes: bool
    why: str = ""
    may_correct: bool = False
    """Sent: it can be corrected by a new revision with a reason."""
    may_restore: bool = False


def judge(  # noqa: PLR0911 - one line a reason
    session: Session, form: Form, loaded: Loaded
) -> Access:
    """Return what may be done with a record in this office."""
    from union_desk.store import rights
    from union_desk.store.layout import ERASED

    record = loaded.record
    if not rights.writes(session.level, form):
        return Access(writes=False, why=f"本表由{writers(form)}填报，这里只能查看。")
    if record.origin != session.store.origin:
        return Access(
            writes=False, why="这条记录由下级单位填报，这里只能查看；要改请退回填报单位。"
        )
    if record.deleted == ERASED:
        return Access(writes=False, why="这条记录的个人信息已按要求删除，只留下何时由谁填报。")
    if record.deleted:
        return Access(writes=False, why="这条记录已删除（作废），不再计数。", may_restore=True)
    if loaded.closed:
        sheet = form.kind == "sheet" and record.record_state in workflow.COUNTED
        why = "这一期已结账，只能查看；" + ("要改请做更正。" if sheet else "改动记入下一期。")
        return Access(writes=False, why=why, may_correct=sheet)
    if record.record_state in workflow.OUTSIDE:
        state = workflow.RECORD_STATES[record.record_state]
        return Access(writes=False, why=f"{state}，不能直接修改；可做更正。", may_correct=True)
    return Access(writes=True)


def locked_codes(form: Form, level: str) -> frozenset[tuple[str, str]]:
    """Return the codes that a level above decides."""
    from union_desk.taskpack.definition import reaches

    return frozenset(
        (item.id, code)
        for item in form.fields
        if item.decided_by is not None and not item.proposed and not reaches(level, item.decided_by)
        for code in item.decided_codes
    )


def why_locked(item: Field, level: str) -> str:
    """Return why a field takes no typing, in few words."""
    from union_desk.store.decisions import locked

    if item.computed is not None:
        return "自动计算"
    if locked(item, level):
        return "由上级确定"
    return ""


def rules(form: Form, item: Field) -> str:
    """Return what a field must satisfy, in words."""
    words = []
    if item.measure:
        words.append(f"单位：{item.measure}")
    low, high = item.minimum, item.maximum
    if low is not None and high is not None:
        words.append(f"在 {grouped(low)} 至 {grouped(high)} 之间")
    elif low is not None:
        words.append(f"不小于 {grouped(low)}")
    elif high is not None:
        words.append(f"不大于 {grouped(high)}")
    if item.above is not None:
        words.append(f"大于 {grouped(item.above)}")
    if item.max_length:
        words.append(f"最多 {item.max_length} 个字")
    if item.pattern_help:
        words.append(item.pattern_help)
    checks = [check.message for check in form.checks if check.field == item.id]
    return "\n".join([*(["；".join(words)] if words else []), *checks[:4]])


def shown(reader: Reader, item: Field, values: Mapping[str, Value]) -> str:
    """Return what a record holds in a field, for people, sensitive values masked."""
    if item.type == "ref":
        label = str(values.get(f"{item.id}__label") or "")
        return HIDDEN if label and item.sensitivity >= SENSITIVE else label
    return reader.shown(item, values.get(item.id), masked=True)


def local_time(stamp: str) -> str:
    """Return a time of the store as people read it: today's by the clock alone."""
    when = datetime.fromisoformat(stamp).astimezone()
    today = datetime.now().astimezone().date()
    return when.strftime("%H:%M" if when.date() == today else "%m-%d %H:%M")


def tell(page: FormPage, *, dirty: bool) -> None:
    """Say on the page in which state the record is, where that is not plain."""
    acts, access, record = page.acts, page.access, page.entry.base
    notice = page.notice
    if not access.writes:
        actions = [("更正…", page.unlock)] if access.may_correct else []
        actions += [("恢复", acts.restore)] if access.may_restore else []
        _say(page, access.why, tone="info", actions=actions)
    elif page.correcting:
        if notice.reason is None:
            words = "更正已报送的记录："
            notice.say(
                words,
                tone="warn",
                actions=[("不改了", acts.drop_edit)],
                reason="更正的原因（必填）",
            )
    elif record.record_state not in ("", "draft") and dirty:
        day = local_time(record.updated_at) if record.updated_at else ""
        words = f"修改中：确认前仍按 {day} 确认的数据统计。"
        _say(page, words, tone="info", actions=[("放弃修改", acts.drop_edit)])
    elif record.record_state == "returned":
        _say(page, acts.returned_words(), tone="warn")
    elif page.notice.words.startswith(("修改中", "更正")):
        notice.quiet()


def _say(page: FormPage, words: str, *, tone: str, actions: list = ()) -> None:  # type: ignore[type-arg, assignment]
    if page.notice.words != words:
        page.notice.say(words, tone=tone, actions=actions)


def reveal(page: FormPage, item: Field) -> bool:
    """Write down that a masked field of the record on the page is shown; then it may be."""
    from union_desk.desktop import faults
    from union_desk.store import access

    record = page.entry.base
    if page.entry.new:
        return True
    try:
        access.reveal(page.session.store, page.form.id, record.uid, item.id)
    except UserError as error:
        faults.report(error, page)
        return False
    return True
