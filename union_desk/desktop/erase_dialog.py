"""删除个人信息: what is known of the person is listed, then a reason, then it is gone for good."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.desktop import jobs
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.taskpack.field_types import SENSITIVE

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.session import Session
    from union_desk.store.erasing import Erased, Related
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Record

_FOR_GOOD = (
    "内容、附件和操作记录里的值都删掉，只留下何时由谁填报，不能撤销；已报送的随下一个报送文件删掉。"
)


def offered(session: Session, form: Form, record: Record) -> bool:
    """Return whether a kept record is of a person, written here, and may be erased."""
    from union_desk.store.layout import ERASED

    store = session.store
    own = record.origin == store.origin and record.deleted != ERASED
    person = any(item.type == "person_id" and item.sensitivity >= SENSITIVE for item in form.fields)
    return own and person and not store.demo and workflow.allowed("erase", store.roles)


@dataclass(frozen=True, slots=True)
class Erasing:
    """One record on the page `owner`, from the list of what goes to its end."""

    owner: QWidget
    session: Session
    form: str
    uid: str
    done: Callable[[], None]
    """Leave the page: there is nothing on it any more."""

    def ask(self) -> None:
        """List what speaks of the same person, ask for the reason, erase."""
        jobs.run(self.owner, lambda _progress: self._look(), self._show)

    def _look(self) -> list[Related]:
        from union_desk.store import erasing

        with self.session.store.read() as connection:
            return erasing.related(connection, self.session.store, self.form, self.uid)

    def _show(self, found: list[Related]) -> None:
        dialog = ReasonDialog("删除个人信息", self._words(found), "全部删除", self.owner)
        dialog.given.connect(lambda reason: self._erase(found, reason))
        dialog.open()

    def _words(self, found: list[Related]) -> str:
        counted = Counter(item.form for item in found if item.own)
        forms = self.session.pack.forms
        listed = "、".join(f"《{forms[form].title}》{count} 条" for form, count in counted.items())
        lines = [f"这个人的记录有：{listed}。", _FOR_GOOD]
        if others := sum(not item.own for item in found):
            lines.append(f"另有 {others} 条由别的单位填报，要由填报单位删除。")
        return "\n".join(lines)

    def _erase(self, found: list[Related], reason: str) -> None:
        from union_desk.store import erasing

        store = self.session.store
        chosen = [(item.form, item.uid) for item in found if item.own]
        jobs.run(
            self.owner,
            lambda _progress: erasing.erase(store, chosen, reason),
            self._erased,
            title="正在删除个人信息",
            lane="write",
        )

    def _erased(self, made: Erased) -> None:
        window = self.owner.window()
        self.done()
        UndoNotice.say(
            window, f"已删除 {made.records} 条记录里的个人信息；备份里的最迟到 {made.until} 清完。"
        )
