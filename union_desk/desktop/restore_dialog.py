"""恢复: which backup, what is in it, what newer work would go, and the password that opens it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from union_desk.desktop import backup_words, jobs, theme
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from union_desk.errors import UserError
    from union_desk.store.restoring import Newer
    from union_desk.store.thinning import Kept, Listing
    from union_desk.store.transaction import Store

_AFTER = (
    "恢复前先备份现在的数据，再把它移到数据目录的 salvage 文件夹里，不会删除。"
    "恢复后报送暂停，直到有人决定由哪台电脑继续。"
)


class RestoreDialog(QDialog):
    """One dialog; nothing is done before the backup has been opened and found whole."""

    chosen = Signal(object, str)
    """Path of a backup that was opened and compared, and the password that opens it."""

    def __init__(self, folder: Path, parent: QWidget, store: Store | None = None) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("恢复备份")
        self._folder, self._store = folder, store
        self._kept: list[Kept] = []
        outer = column(self, gap=12, margins=(24, 20, 24, 20))
        outer.addWidget(label("选择要恢复的备份", "heading"))
        self.list = QListWidget()
        self.list.setAccessibleName("备份")
        self.list.setMinimumHeight(theme.px(200))
        self.list.currentRowChanged.connect(self._selected)
        outer.addWidget(self.list, 1)
        other = button("选择别处的备份文件…", role="link")
        other.clicked.connect(self._browse)
        line = row()
        line.addWidget(other)
        line.addStretch(1)
        outer.addLayout(line)
        self.told = label("", wrap=True)
        outer.addWidget(self.told)
        outer.addWidget(label(_AFTER, "hint", wrap=True))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.returnPressed.connect(self._check)
        self._password = Labelled("口令（现在的；打不开时用备份当时的）", self.password)
        outer.addWidget(self._password)
        outer.addLayout(self._foot())
        self.setMinimumWidth(theme.px(620))
        self._fill()

    def _foot(self) -> QHBoxLayout:
        line = row(gap=8)
        line.addStretch(1)
        away = button("取消")
        away.clicked.connect(self.reject)
        self.act = button("恢复这份备份", role="primary")
        self.act.setEnabled(False)
        self.act.clicked.connect(self._check)
        line.addWidget(away)
        line.addWidget(self.act)
        return line

    def _fill(self) -> None:
        from union_desk.store import backups, thinning

        place = self._folder / backups.FOLDER
        jobs.run(self, lambda _progress: thinning.listing(place), self._show)

    def _show(self, found: Listing) -> None:
        for kept in found.kept:
            self._add(kept)
        if found.kept:
            self.list.setCurrentRow(0)
            self.password.setFocus()
        else:
            self.told.setText("数据目录里没有可用的备份，请选择 U 盘或别的磁盘上的备份文件。")
        if found.unreadable:
            self.told.setText(f"另有 {len(found.unreadable)} 份备份读不出来，没有列出。")

    def _add(self, kept: Kept) -> None:
        self._kept.append(kept)
        self.list.addItem(QListWidgetItem(backup_words.kept_line(kept)))

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "选择备份文件", "", "备份 (*.udbak)")
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Put a backup from elsewhere on the list and choose it."""
        from union_desk.store import backup_file, thinning

        def read(_progress: object) -> Kept:
            return thinning.Kept(path, backup_file.read(path), path.stat().st_size)

        def show(kept: Kept) -> None:
            self._add(kept)
            self.list.setCurrentRow(self.list.count() - 1)

        jobs.run(self, read, show)

    def _selected(self, number: int) -> None:
        self.act.setEnabled(number >= 0)
        if number < 0 or self._store is None:
            return
        from union_desk.store import restoring

        store, manifest = self._store, self._kept[number].manifest

        def show(newer: Newer) -> None:
            if self.list.currentRow() == number:
                self.told.setText(backup_words.newer_words(newer))

        jobs.run(self, lambda _progress: restoring.newer(store, manifest), show)

    def _check(self) -> None:
        """Open the chosen backup and compare it; only then may it be restored."""
        from union_desk.store import restoring

        number, word = self.list.currentRow(), self.password.text()
        if number < 0:
            return
        if not word:
            self._password.set_error("请输入口令。")
            return
        path = self._kept[number].path
        self.act.setEnabled(False)
        self.act.setText("正在核对…")

        def good(_manifest: object) -> None:
            self.accept()
            self.chosen.emit(path, word)

        def bad(error: UserError) -> None:
            self.act.setEnabled(True)
            self.act.setText("恢复这份备份")
            self._password.set_error(f"{error.sentence}{error.step}")

        jobs.run(self, lambda _progress: restoring.check(path, word, self._folder), good, bad)
