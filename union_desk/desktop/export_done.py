"""Writing with its progress, then the facts and what happens next, by the way it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QProgressBar, QWidget

from union_desk.bundle.delivery import CHAT, MAIL, STICK
from union_desk.desktop import theme
from union_desk.desktop.export_letter import LetterBox
from union_desk.desktop.page import button, clear, column, frame, label, picture, row, scrolled
from union_desk.files import size_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from union_desk.bundle.delivery import Target
    from union_desk.bundle.exporting import Exported

MOST_FILES = 6
_ICONS = {"ok": "check", "warn": "alert-triangle-filled"}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, looked at while the stick was still in."""

    made: tuple[Exported, ...]
    size: int
    seconds: float
    sealed: bool


def files_on_clipboard(paths: Sequence[Path]) -> QMimeData:
    """Return files as what a chat or a file manager pastes: the files themselves."""
    urls = [QUrl.fromLocalFile(str(path)) for path in paths]
    data = QMimeData()
    data.setUrls(urls)
    listed = "\n".join(url.toString(QUrl.ComponentFormattingOption.FullyEncoded) for url in urls)
    data.setData("x-special/gnome-copied-files", f"copy\n{listed}".encode())
    return data


class DoneStep(QWidget):
    """The last step."""

    slip_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        column(self).addWidget(scrolled(inside, keep_room=False))
        outer = column(inside, gap=14)
        outer.addStretch(1)
        self._mark = picture("circle-check-filled", "ok", 56)
        self._title = label("", "title")
        self._where = label("", "note", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(theme.px(360))
        self._bar.setAccessibleName("写出的进度")
        self._facts = frame("box")
        self._facts.setFixedWidth(theme.px(480))
        self._list = column(self._facts, gap=10, margins=(24, 14, 32, 14))
        self.letter = LetterBox()
        middle = Qt.AlignmentFlag.AlignHCenter
        outer.addWidget(self._mark, 0, middle)
        outer.addWidget(self._title, 0, middle)
        outer.addWidget(self._where)
        for widget in (self._bar, self._facts, self.letter):
            outer.addWidget(widget, 0, middle)
        buttons = row(gap=10)
        buttons.addStretch(1)
        self.slip = button("打印交接单", icon="printer")
        self.slip.clicked.connect(self.slip_wanted)
        self.again = button("再放进剪贴板", icon="copy")
        self.again.clicked.connect(self._copy)
        self.show_folder = button("打开所在文件夹", icon="folder-open")
        self.show_folder.clicked.connect(self._open)
        for made in (self.slip, self.again, self.show_folder):
            buttons.addWidget(made)
        buttons.addStretch(1)
        outer.addLayout(buttons)
        self._then = label("", "hint", wrap=True)
        self._then.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)
        outer.addWidget(self._then)
        self._where.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._paths: tuple[Path, ...] = ()

    def _parts(self) -> tuple[QWidget, ...]:
        return (self._mark, self._facts, self.slip, self.again, self.show_folder, self.letter)

    def begin(self, target: Target) -> None:
        """Show that files are being written."""
        self._title.setText("正在写出并核对…")
        self._where.setText(_place(target))
        self._bar.setRange(0, 0)
        self._bar.show()
        for made in self._parts():
            made.hide()
        self._then.setText("写完以前请不要拔出 U 盘。" if target.way == STICK else "")

    def advance(self, done: int, total: int) -> None:
        """Show how far it is."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def show_written(self, written: Written, target: Target, receiver: str, *, down: bool) -> None:
        """Show the facts: what was written, that it was read back, for whom, and what is next."""
        made = written.made
        clear(self._list)
        self._bar.hide()
        self._paths = tuple(item.file for item in made)
        self._where.setText("\n".join(str(path) for path in self._paths[:MOST_FILES]))
        if not made:
            self._title.setText("没有要写出的文件")
            self._then.setText("")
            return
        self._title.setText(_titles(target))
        for widget in (self._mark, self._facts, self.slip, self.show_folder):
            widget.show()
        room = target.way != MAIL and theme.scale() < 1.2
        self._mark.setVisible(room)  # the letter and large type need it themselves
        self.again.setVisible(target.way == CHAT)
        self.letter.setVisible(target.way == MAIL)
        self._facts.setVisible(target.way != MAIL)
        records = sum(item.records for item in made)
        held = f"，{records} 条记录" if records else ""
        size, seconds = size_words(written.size), f"{written.seconds:.0f}"
        self.add_fact(f"写入 {len(made)} 个文件{held}，{size}，用时 {seconds} 秒")
        self.add_fact("已重新读出并比对校验值，完全一致")
        who = f"已加密，只有{receiver}能打开" if written.sealed else f"收件单位：{receiver}"
        self.add_fact(who)
        self._then.setText(_next(receiver, down=down))
        if target.way == CHAT:
            self._copy()
            self.add_fact("文件已放进剪贴板：到微信或 QQ 的聊天窗口里按 Ctrl+V 发出")

    def add_fact(self, words: str, tone: str = "ok") -> None:
        """Add a line to the facts."""
        line = row(gap=12)
        line.addWidget(picture(_ICONS[tone], tone, 16))
        line.addWidget(label(words, wrap=True), 1)
        self._list.addLayout(line)

    def ejected(self, *, gone: bool) -> None:
        """Say whether the stick may be pulled out; only the system knows."""
        if gone:
            self.add_fact("U 盘已可安全拔出")
            self.show_folder.hide()
        else:
            self.add_fact("系统没有弹出 U 盘，请用“安全删除硬件”后再拔出", "warn")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setMimeData(files_on_clipboard(self._paths))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paths[0].parent)))


def _place(target: Target) -> str:
    return target.drive.title if target.drive else str(target.folder)


def _titles(target: Target) -> str:
    return {
        STICK: "已写入 U 盘，并核对无误",
        MAIL: "文件已写入并核对，现在把它寄出",
        CHAT: "已写入并核对，可以粘贴发出",
    }.get(target.way, "已写入并核对")


def _next(receiver: str, *, down: bool) -> str:
    if down:
        return "下级单位在“装入”里装入它，回执、退回的意见和任务包就都到了。"
    return (
        f"{receiver}收到后会给你一份回执文件，在“装入”里装入它，报送记录就会变绿。"
        "没有回执以前，再次报送会连同这些数据一起写出。"
    )
