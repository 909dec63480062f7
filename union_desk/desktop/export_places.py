"""Where the file is written: the sticks that are in, each with why not, or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QRadioButton, QWidget

from union_desk.bundle import drives
from union_desk.desktop import folders, jobs
from union_desk.desktop.page import button, clear, column, frame, label, picture, row
from union_desk.files import size_words

if TYPE_CHECKING:
    from union_desk.bundle.drives import Drive


class DriveList(QWidget):
    """The sticks; one that cannot be written to says so and cannot be chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        outer = column(self, gap=10)
        head = row()
        self._title = label("写到哪个 U 盘？", "heading")
        head.addWidget(self._title)
        head.addStretch(1)
        self.again = button("重新查找", role="link", icon="refresh")
        self.again.clicked.connect(self.look)
        head.addWidget(self.again)
        outer.addLayout(head)
        self._body = column(gap=10)
        outer.addLayout(self._body)
        self._group = QButtonGroup(self)
        self._found: tuple[Drive, ...] = ()
        self._wanted: Path | None = None

    @property
    def drive(self) -> Drive | None:
        """The chosen stick."""
        return next((drive for drive in self._found if drive.root == self._wanted), None)

    def look(self) -> None:
        """Look which sticks are in, off the GUI thread: one may be slow to answer."""
        self.again.setEnabled(False)
        jobs.run(self, lambda _progress: drives.found(), self.show_drives)

    def show_drives(self, found: tuple[Drive, ...]) -> None:
        """List them; the only one that can be written to is chosen."""
        self.again.setEnabled(True)
        self._found = found
        usable = [drive for drive in found if drive.trouble is None]
        if self.drive not in usable:
            self._wanted = usable[0].root if len(usable) == 1 else None
        clear(self._body)
        self._group.deleteLater()
        self._group = QButtonGroup(self)
        for drive in found:
            self._body.addWidget(self._row(drive))
        if not found:
            self._body.addWidget(self._none())
        self.changed.emit()

    def first_focus(self) -> QWidget:
        """Return the first stick that can be chosen, else 重新查找."""
        return next((made for made in self._group.buttons() if made.isEnabled()), self.again)

    def reason(self) -> str:
        """Say why no stick is chosen."""
        if not self._found:
            return "没有找到 U 盘。插好后点“重新查找”；移动硬盘请选“文件夹”。"
        if not any(drive.trouble is None for drive in self._found):
            return "插着的 U 盘都不能写入。"
        return "插着几个 U 盘，请选定写到哪一个。" if self._wanted is None else ""

    def _none(self) -> QWidget:
        box = frame("box")
        line = row(box, gap=12, margins=(14, 14, 16, 14))
        line.addWidget(picture("usb", "text3", 22))
        words = "没有找到 U 盘。插好后点“重新查找”。移动硬盘不在这里列出，请选“文件夹”。"
        line.addWidget(label(words, "note", wrap=True), 1)
        return box

    def _row(self, drive: Drive) -> QWidget:
        box = frame("box")
        line = row(box, gap=12, margins=(14, 6, 16, 6))
        usable = drive.trouble is None
        chooser = QRadioButton()
        chooser.setAccessibleName(f"写到 {drive.title}")
        chooser.setEnabled(usable)
        chooser.setChecked(drive.root == self._wanted)
        chooser.toggled.connect(lambda on: self._take(drive) if on else None)
        self._group.addButton(chooser)
        line.addWidget(chooser)
        line.addWidget(picture("usb", "primary" if usable else "text3", 22))
        words = column(gap=0)
        words.addWidget(label(drive.title, "strong"))
        facts = "可写" if usable else drive.trouble.sentence if drive.trouble else ""
        about = " · ".join(filter(None, (drive.kind, facts)))
        words.addWidget(label(about, "note", wrap=True))
        line.addLayout(words, 1)
        if usable:
            line.addWidget(label(f"剩余 {size_words(drive.free)}", "ok"))
        else:
            line.addWidget(label("不能写入", "error"))
        return box

    def _take(self, drive: Drive) -> None:
        self._wanted = drive.root
        self.changed.emit()


class FolderLine(QWidget):
    """The folder that the file is put into, and the way to another."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        outer = column(self, gap=10)
        self._title = label("", "heading")
        outer.addWidget(self._title)
        box = frame("box")
        line = row(box, gap=12, margins=(14, 6, 12, 6))
        line.addWidget(picture("folder", "primary", 22))
        words = column(gap=0)
        self._name = label("", "strong")
        self._about = label("", "note", wrap=True)
        words.addWidget(self._name)
        words.addWidget(self._about)
        line.addLayout(words, 1)
        self.other = button("换一个文件夹…", icon="folder-open")
        self.other.clicked.connect(self._choose)
        line.addWidget(self.other)
        outer.addWidget(box)
        self.folder: Path | None = None
        self.own = Path.home()
        self.take(None)

    def ask(self, title: str) -> None:
        """Put the question over it."""
        self._title.setText(title)

    def take(self, folder: Path | None) -> None:
        """Take another folder; None: none is chosen yet."""
        self.folder = folder
        self._name.setText(folder.name or str(folder) if folder else "还没有选文件夹")
        about = f"{folder} · {folders.free_words(folder)}" if folder else "点右边的按钮选一个。"
        self._about.setText(about)
        self.changed.emit()

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, "报送文件写到哪里", str(self.folder or self.own)
        )
        if chosen:
            self.take(Path(chosen))
