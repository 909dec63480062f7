"""更换数据钥匙: what it does, and the password of the one who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from union_desk.desktop.page import label
from union_desk.desktop.work_dialog import WorkDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from union_desk.store.transaction import Store

_WHY = (
    "有人离开时知道口令，或者丢了备份，就换一次：全部数据用新的钥匙重新加密，"
    "原来的数据移到数据目录的 salvage 文件夹里。"
)
_AFTER = (
    "换好以后：其他人员要由管理员设新口令；恢复单作废，要重新制作；"
    "以前的备份仍用备份当时的口令打开。"
)


class KeyDialog(WorkDialog):
    """The password is tried while the store is still open; the window does the rest."""

    chosen = Signal(str)
    """The password of the one at work, which was right."""

    def __init__(self, store: Store, parent: QWidget) -> None:
        super().__init__("更换数据钥匙", "更换", parent)
        self._store = store
        for words in (_WHY, _AFTER):
            self.body.addWidget(label(words, wrap=True))
        self.password = self.secret("我的口令")
        self.password.returnPressed.connect(self._check)
        self.act.clicked.connect(self._check)
        self.password.setFocus()

    def _check(self) -> None:
        word = self.password.text()
        self.work(lambda: self._try(word), lambda: self._right(word))

    def _try(self, word: str) -> None:
        from union_desk.store import passwords, rights

        rights.check_may(self._store, "keys")
        passwords.unlock_screen(self._store, word)

    def _right(self, word: str) -> None:
        self.accept()
        self.chosen.emit(word)
