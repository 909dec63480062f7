"""Dialogs about one person: enter them, change roles, name and password; change one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from union_desk import workflow
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import label, row
from union_desk.desktop.work_dialog import WorkDialog, pair_trouble

if TYPE_CHECKING:
    from union_desk.store.people import Person
    from union_desk.store.transaction import Store

_DUTIES = {
    "clerk": "录入、检查、确认", "reviewer": "审核、退回", "head": "批准、报送",
    "admin": "人员、口令、恢复、任务包",
}  # fmt: skip


class PersonDialog(WorkDialog):
    """Name, roles, a password: of someone new all of it, of someone known what is to change."""

    def __init__(self, store: Store, person: Person | None, parent: QWidget) -> None:
        title = "添加人员" if person is None else f"修改“{person.name}”"
        super().__init__(title, "添加" if person is None else "保存", parent)
        self._store, self._person = store, person
        self.name = QLineEdit(person.name if person else "")
        self.body.addWidget(
            Labelled("姓名", self.name, required=True, hint="登录用，记在操作记录里")
        )
        self.body.addWidget(label("角色"))
        self.roles: dict[str, QCheckBox] = {}
        for role, words in workflow.ROLES.items():
            box = QCheckBox(f"{words}：{_DUTIES[role]}")
            box.setAccessibleName(words)
            box.setChecked(role in person.roles if person else role == "clerk")
            self.roles[role] = box
            self.body.addWidget(box)
        hint = "至少 6 位，与别人的不同" if person is None else "不改就留空；改了要当面告诉本人"
        self.password = self.secret("口令" if person is None else "新口令", hint=hint,
                                    required=person is None)  # fmt: skip
        self.again = self.secret("再输一次", required=person is None)
        self.act.clicked.connect(self._save)
        self.name.setFocus()

    def _save(self) -> None:
        word = self.password.text()
        if self._person is None or word:
            trouble = pair_trouble(word, self.again.text())
            if trouble:
                self.refuse(trouble)
                return
        name = self.name.text()
        roles = [role for role, box in self.roles.items() if box.isChecked()]
        self.work(lambda: self._write(name, roles, word))

    def _write(self, name: str, roles: list[str], word: str) -> None:
        from union_desk.store import passwords

        store, person = self._store, self._person
        if person is None:
            passwords.add_person(store, name, roles, word)
            return
        if tuple(roles) != person.roles:
            passwords.set_roles(store, person.id, roles)
        if " ".join(name.split()) != person.name:
            passwords.rename(store, person.id, name)
        if word:
            passwords.set_password(store, person.id, word)


class OwnPasswordDialog(WorkDialog):
    """The old password, the new one twice."""

    def __init__(self, store: Store, parent: QWidget) -> None:
        super().__init__("修改我的口令", "修改", parent)
        self._store = store
        self.old = self.secret("原口令")
        self.password = self.secret("新口令", hint="至少 6 位")
        self.again = self.secret("再输一次")
        self.act.clicked.connect(self._save)
        self.old.setFocus()

    def _save(self) -> None:
        old, new = self.old.text(), self.password.text()
        trouble = pair_trouble(new, self.again.text())
        if trouble:
            self.refuse(trouble)
            return
        from union_desk.store import passwords

        self.work(lambda: passwords.change_own(self._store, old, new))


class LeaveDialog(WorkDialog):
    """Asks before somebody may sign in no more."""

    def __init__(self, store: Store, person: Person, parent: QWidget) -> None:
        super().__init__("停用人员", "停用", parent)
        words = f"“{person.name}”停用后不能再登录，录入过的数据和操作记录都保留。"
        line = row()
        line.addWidget(label(words, wrap=True))
        self.body.addLayout(line)
        from union_desk.store import passwords

        self.act.clicked.connect(
            lambda: self.work(lambda: passwords.remove_person(store, person.id))
        )
