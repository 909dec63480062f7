"""The data folder is damaged: what was found, and the ways out. Nothing is changed by looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from union_desk.desktop import backup_words
from union_desk.desktop.entrance import Entrance
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, column, frame, label, row

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.errors import UserError
    from union_desk.store.damage import Ways


class DamagePage(Entrance):
    """One sentence, and what can be done: backup, salvage, own packets back, the folder, again."""

    restore = Signal()
    salvage = Signal(str)
    """The password that opens the store's key."""
    again = Signal()
    demo = Signal()

    def __init__(self, error: UserError, folder: Path, ways: Ways) -> None:
        super().__init__("数据文件有损坏", "还没有改动任何数据。")
        self.body.addWidget(label(error.sentence, "strong", wrap=True))
        self.body.addWidget(label(f"代码 {error.code}", "hint"))
        self._add_backup(ways)
        self._add_salvage(ways)
        self._way(
            "③ 请上级发还本单位的数据包",
            "备份和抢救都不行时：用新的开通码在空文件夹里重新建立，再装入上级发还的数据包；"
            "已报送的记录都会回来。",
        )
        self._add_foot(folder)

    def _way(self, title: str, words: str) -> QVBoxLayout:
        card = frame("card")
        inside = column(card, gap=8, margins=(16, 12, 16, 12))
        inside.addWidget(label(title, "strong"))
        inside.addWidget(label(words, "second", wrap=True))
        self.body.addWidget(card)
        return inside

    def _add_backup(self, ways: Ways) -> None:
        if ways.backup is not None:
            words = f"最近的备份：{backup_words.kept_line(ways.backup)}"
        else:
            words = "数据目录里没有可用的备份；U 盘或别的磁盘上有的，也可以用。"
        inside = self._way("① 用备份恢复", words)
        self.to_backup = button("选择备份…", role="primary" if ways.backup else "secondary")
        self.to_backup.clicked.connect(self.restore)
        self._put(inside, self.to_backup)

    def _add_salvage(self, ways: Ways) -> None:
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.to_salvage = button("抢救")
        if not ways.salvage:
            return
        inside = self._way(
            "② 抢救还读得出的记录",
            "在副本上读出每一条还读得出的记录，列出缺少的；原来的文件原样保存。",
        )
        self._field = Labelled("口令", self.password)
        inside.addWidget(self._field)
        self.to_salvage.clicked.connect(self._salvage)
        self.password.returnPressed.connect(self._salvage)
        self._put(inside, self.to_salvage)

    def _add_foot(self, folder: Path) -> None:
        foot = row(gap=8)
        trial = button("先用示例数据试一试", role="link")
        trial.clicked.connect(self.demo)
        show = button("打开数据目录", icon="folder-open")
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        again = button("再试一次")
        again.clicked.connect(self.again)
        foot.addWidget(trial)
        foot.addStretch(1)
        foot.addWidget(show)
        foot.addWidget(again)
        self.body.addLayout(foot)

    def _put(self, inside: QVBoxLayout, made: QWidget) -> None:
        line = row()
        line.addStretch(1)
        line.addWidget(made)
        inside.addLayout(line)

    def _salvage(self) -> None:
        if self.password.text():
            self.salvage.emit(self.password.text())
        else:
            self._field.set_error("请输入口令。")
            self.password.setFocus()

    def first_focus(self) -> QWidget:
        """Return the way out that is best."""
        return self.to_backup
