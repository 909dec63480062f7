"""删除个人信息: what is known of the person is listed, then a reason, then it is gone for good."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.desktop import jobs
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.taskpack.field_types import SENSITIVE

if TYPE_CHECKING:
    from union_desk.desktop.form_page import FormPage
    from union_desk.store.erasing import Erased, Related

_FOR_GOOD = (
    "内容、附件和操作记录里的值都删掉，只留下何时由谁填报，不能撤销；已报送的随下一个报送文件删掉。"
)


def offered(page: FormPage) -> bool:
    """Return whether the record on the page is of a person, written here, and may be erased."""
    from union_desk.store.layout import ERASED

    store, record = page.session.store, page.entry.base
    own = record.origin == store.origin and not page.entry.new and record.deleted != ERASED
    person = any(
        item.type == "person_id" and item.sensitivity >= SENSITIVE for item in page.form.fields
    )
    return own and person and not store.demo and workflow.allowed("erase", store.roles)


def ask(page: FormPage) -> None:
    """List what speaks of the same person, ask for the reason, erase."""
    from union_desk.store import erasing

    store, form, uid = page.session.store, page.form.id, page.entry.base.uid

    def look(_progress: object) -> list[Related]:
        with store.read() as connection:
            return erasing.related(connection, store, form, uid)

    def show(found: list[Related]) -> None:
        dialog = ReasonDialog("删除个人信息", _words(page, found), "全部删除", page)
        dialog.given.connect(lambda reason: _erase(page, found, reason))
        dialog.open()

    jobs.run(page, look, show)


def _words(page: FormPage, found: list[Related]) -> str:
    counted = Counter(item.form for item in found if item.own)
    forms = page.session.pack.forms
    listed = "、".join(f"《{forms[form].title}》{count} 条" for form, count in counted.items())
    lines = [f"这个人的记录有：{listed}。", _FOR_GOOD]
    if others := sum(not item.own for item in found):
        lines.append(f"另有 {others} 条由别的单位填报，要由填报单位删除。")
    return "\n".join(lines)


def _erase(page: FormPage, found: list[Related], reason: str) -> None:
    from union_desk.store import erasing

    store = page.session.store
    chosen = [(item.form, item.uid) for item in found if item.own]

    def done(made: Erased) -> None:
        page.go_back()
        UndoNotice.say(
            page.window(),
            f"已删除 {made.records} 条记录里的个人信息；备份里的最迟到 {made.until} 清完。",
        )

    jobs.run(
        page,
        lambda _progress: erasing.erase(store, chosen, reason),
        done,
        title="正在删除个人信息",
        lane="write",
    )
