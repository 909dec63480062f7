"""设置 → 单位与人员, 恢复单: who signs in, with which roles; handing over; the recovery sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from union_desk import workflow
from union_desk.desktop import theme
from union_desk.desktop.page import button, clear, column, label, row

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.desktop.work_dialog import WorkDialog
    from union_desk.store.people import Person


class PeopleCard(QWidget):
    """The people of the store, and what may be done about them."""

    changed = Signal()
    """The person at work has another name, or is another one."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._body: QVBoxLayout = column(self, gap=12)
        self.refresh()

    def refresh(self) -> None:
        """Show the people as they are now."""
        clear(self._body)
        store = self._session.store
        if store.demo:
            self._body.addWidget(label("示例数据不分人员，也没有口令。", "second", wrap=True))
            return
        from union_desk.store import people

        with store.read() as connection:
            found = people.everyone(connection)
        admin = workflow.allowed("people", store.roles)
        for person in found:
            self._show(person, admin=admin)
        line = row(gap=8)
        if admin:
            self._add(line, "添加人员…", lambda: self._person(None))
        self._add(line, "修改我的口令…", self._own)
        self._add(line, "离岗交接…", self._hand_over)
        if workflow.allowed("keys", store.roles):
            self._add(line, "更换数据钥匙…", self._change_key)
        line.addStretch(1)
        self._body.addLayout(line)
        self._show_second(admin=admin)

    def _show_second(self, *, admin: bool) -> None:
        """Say whether what counts takes two people; who looks after people may change it."""
        from union_desk.store import second

        store = self._session.store
        with store.read() as connection:
            on = second.turned_on(connection, store)
        acts = "、".join(act.title for act in workflow.ACTS.values() if act.second)
        state = "任务包要求" if second.by_package(store) else "要" if on else "不要"
        told = f"{acts}时，要第二个人登录确认：{state}"
        line = row(gap=12)
        line.addWidget(label(told, "second", wrap=True), 1)
        if admin and not second.by_package(store):
            self._add(line, "不再要" if on else "要第二个人确认", lambda: self._turn(on=not on))
        self._body.addLayout(line)

    def _turn(self, *, on: bool) -> None:
        from union_desk.desktop import jobs
        from union_desk.store import rights

        store = self._session.store
        jobs.run(
            self, lambda _progress: rights.turn_second(store, on=on), lambda _: self.refresh(),
            lane="write",
        )  # fmt: skip

    def _show(self, person: Person, *, admin: bool) -> None:
        own = person.id == self._session.store.person_id
        line = row(gap=12)
        name = label(person.name + ("（本人）" if own else ""), "strong")
        name.setMinimumWidth(theme.px(140))
        line.addWidget(name)
        line.addWidget(label(person.titles, "second", wrap=True), 1)
        if admin:
            self._add(line, "修改…", lambda: self._person(person), f"修改{person.name}")
            if not own:
                self._add(line, "停用…", lambda: self._leave(person), f"停用{person.name}")
        self._body.addLayout(line)

    def _add(self, line: object, words: str, act: object, name: str = "") -> None:
        made = button(words, role="link", name=name)
        made.clicked.connect(act)
        line.addWidget(made)  # type: ignore[attr-defined]

    def _open(self, dialog: WorkDialog) -> None:
        dialog.accepted.connect(self._settled)
        dialog.open()

    def _settled(self) -> None:
        self.refresh()
        self.changed.emit()

    def _person(self, person: Person | None) -> None:
        from union_desk.desktop.person_dialogs import PersonDialog

        self._open(PersonDialog(self._session.store, person, self))

    def _own(self) -> None:
        from union_desk.desktop.person_dialogs import OwnPasswordDialog

        self._open(OwnPasswordDialog(self._session.store, self))

    def _leave(self, person: Person) -> None:
        from union_desk.desktop.person_dialogs import LeaveDialog

        self._open(LeaveDialog(self._session.store, person, self))

    def _hand_over(self) -> None:
        from union_desk.desktop.handover_dialog import HandoverDialog

        dialog = HandoverDialog(self._session, self)
        dialog.handed.connect(self._offer_more)
        self._open(dialog)

    def _offer_more(self) -> None:
        """After a handover: what the leaver knew or took along may be made worthless."""
        if not workflow.allowed("keys", self._session.store.roles):
            return
        told = "已交接。离任人留有恢复单或备份的，可以现在："
        self._body.addWidget(label(told, "second", wrap=True))
        line = row(gap=8)
        self._add(line, "重新制作恢复单…", self._new_sheet)
        self._add(line, "更换钥匙…", self._change_key)
        line.addStretch(1)
        self._body.addLayout(line)

    def _new_sheet(self) -> None:
        from union_desk.desktop.recovery_dialog import RecoveryDialog

        RecoveryDialog(self._session.store, self).open()

    def _change_key(self) -> None:
        from union_desk.desktop import recovery
        from union_desk.desktop.key_dialog import KeyDialog

        window, login = self.window(), self._session.store.person
        dialog = KeyDialog(self._session.store, self)
        dialog.chosen.connect(lambda word: recovery.change_key(window, login, word))
        dialog.open()


class RecoveryCard(QWidget):
    """Whether there is a recovery sheet, and the way to a new one."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._body: QVBoxLayout = column(self, gap=12)
        self.refresh()

    def refresh(self) -> None:
        """Say what is known of the sheet."""
        clear(self._body)
        store = self._session.store
        if store.demo:
            self._body.addWidget(label("示例数据不用恢复单。", "second"))
            return
        from union_desk.store import passwords

        state = passwords.recovery_state(store)
        if state.kept:
            words = label(
                f"恢复单已在 {state.kept[:10]} 做好，请确认它封存在单位。", "second", wrap=True
            )
        else:
            told = "还没有恢复单。忘记口令时，没有它可能打不开数据。"
            words = label(told, "error" if state.late else "second", wrap=True)
        self._body.addWidget(words)
        line = row()
        if workflow.allowed("keys", store.roles):
            self.make = button("制作恢复单…")
            self.make.clicked.connect(self._make)
            line.addWidget(self.make)
        line.addStretch(1)
        self._body.addLayout(line)

    def _make(self) -> None:
        from union_desk.desktop.recovery_dialog import RecoveryDialog

        dialog = RecoveryDialog(self._session.store, self)
        dialog.finished.connect(lambda _: self.refresh())
        dialog.open()
