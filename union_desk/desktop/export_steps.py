"""The four steps of 报送, each a page of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QProgressBar,
    QRadioButton,
    QWidget,
)

from union_desk.desktop import folders, theme
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import button, clear, column, frame, label, picture, row, scrolled

if TYPE_CHECKING:
    from union_desk.bundle.exporting import Exported
    from union_desk.checks import Finding
    from union_desk.desktop.export_content import Content
    from union_desk.taskpack.definition import TaskPack

MOST_FINDINGS = 200


class ContentStep(QWidget):
    """Counts by form, and what stays here with the reason."""

    def __init__(self) -> None:
        super().__init__()
        outer = column(self, gap=12)
        outer.addWidget(label("报送哪些记录？", "heading"))
        self._line = label("正在清点…", "note", wrap=True)
        outer.addWidget(self._line)
        holder = QWidget()
        self._body = column(holder, gap=0)
        outer.addWidget(scrolled(holder, keep_room=False), 1)

    def show_content(self, content: Content) -> None:
        """Show what is due."""
        clear(self._body)
        parts = [f"本次报送 {content.due} 条记录"]
        if content.attached:
            parts.append(f"附说明等 {content.attached} 条")
        if content.repeated:
            parts.append(f"连同以前写出、还没有回执的 {content.repeated} 个文件")
        if content.drafts:
            parts.append(f"{content.drafts} 条草稿不报送")
        self._line.setText("，".join(parts) + "。")
        if content.forms:
            head = _line("表", "本次报送", "不报送", "原因", role="group")
            self._body.addWidget(head)
        for item in content.forms:
            held = f"{item.drafts} 条" if item.drafts else ""
            why = "还是草稿，检查并确认后再报送" if item.drafts else ""
            self._body.addWidget(_line(item.title, f"{item.due} 条", held, why))
        self._body.addStretch(1)


def _line(title: str, due: str, held: str, why: str, *, role: str = "") -> QWidget:
    """Return one line of the table of what is sent."""
    made = frame("row")
    made.setFixedHeight(theme.px(38))
    cells = row(made, gap=24)
    cells.addWidget(label(title, role), 1)
    for words, width, look in ((due, 90, "strong"), (held, 80, ""), (why, 300, "note")):
        cell = label(words, role or look)
        cell.setFixedWidth(theme.px(width))
        if look != "note":
            cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        cells.addWidget(cell)
    return made


class CheckStep(QWidget):
    """What the checks say about the rows that are due."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        outer = column(self, gap=12)
        outer.addWidget(label("检查结果", "heading"))
        self._line = label("", "note", wrap=True)
        outer.addWidget(self._line)
        holder = QWidget()
        self._body = column(holder, gap=8)
        outer.addWidget(scrolled(holder, keep_room=False), 1)

    def begin(self) -> None:
        """Show that the checks run."""
        clear(self._body)
        self._line.setText("正在检查…")

    def show_findings(self, found: list[Finding], pack: TaskPack) -> None:
        """List errors first, each with a way to its record."""
        clear(self._body)
        errors = sum(item.level == "error" for item in found)
        warnings = sum(item.level == "warning" for item in found)
        words = f"错误 {errors} 处，提醒 {warnings} 处" if found else "没有发现问题"
        self._line.setText(f"{words}。")
        if not found:
            line = row(gap=8)
            line.addWidget(picture("circle-check-filled", "ok", 20))
            line.addWidget(label("全部通过检查，可以报送。", "ok"), 1)
            self._body.addLayout(line)
        for item in found[:MOST_FINDINGS]:
            self._body.addWidget(self._finding(item, pack))
        if len(found) > MOST_FINDINGS:
            rest = len(found) - MOST_FINDINGS
            self._body.addWidget(label(f"还有 {rest} 处没有列出。", "hint"))
        self._body.addStretch(1)

    def _finding(self, item: Finding, pack: TaskPack) -> QWidget:
        wrong = item.level == "error"
        box = frame("box")
        line = row(box, gap=10, margins=(14, 6, 8, 6))
        line.addWidget(
            picture(
                "alert-circle-filled" if wrong else "alert-triangle-filled",
                "err" if wrong else "warn",
                18,
            )
        )
        words = column(gap=2)
        words.addWidget(label(item.message, wrap=True))
        title = pack.forms[item.form].title if item.form in pack.forms else ""
        told = f"{title} · 说明：{item.explained}" if item.explained else title
        words.addWidget(label(told, "hint"))
        line.addLayout(words, 1)
        if item.record:
            go = button("查看", role="link", name=f"查看：{item.message}")
            route = Route("form", form=item.form, uid=item.record)
            go.clicked.connect(lambda: self.opened.emit(route))
            line.addWidget(go)
        return box


class TargetStep(QWidget):
    """Which folder: a stick, the one used last, or any other."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        outer = column(self, gap=12)
        head = row()
        head.addWidget(label("写到哪里？", "heading"))
        head.addStretch(1)
        again = button("重新查找", role="link", icon="refresh")
        again.clicked.connect(self.look)
        head.addWidget(again)
        outer.addLayout(head)
        holder = QWidget()
        self._body = column(holder, gap=10)
        outer.addWidget(scrolled(holder, keep_room=False), 1)
        self._group = QButtonGroup(self)
        self._chosen: list[Path] = []
        self.folder: Path | None = None
        self.look()

    def first_focus(self) -> QWidget:
        """Return the first place that can be chosen, else the way to another."""
        rows = self._group.buttons()
        return rows[0] if rows else self.other

    def remember(self, folder: str) -> None:
        """Offer the folder that was written to last."""
        if folder and Path(folder).is_dir() and Path(folder) not in self._chosen:
            self._chosen.append(Path(folder))
        self.look()

    def look(self) -> None:
        """List the sticks that are in, the folders chosen, and the way to another."""
        clear(self._body)
        self._group.deleteLater()
        self._group = QButtonGroup(self)
        places = [*self._chosen, *(p for p in folders.sticks() if p not in self._chosen)]
        for place in places:
            self._body.addWidget(self._row(place))
        self.other = button("选择其他文件夹…", icon="folder-open")
        self.other.clicked.connect(self._choose)
        self._body.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)
        if not places:
            self._body.addWidget(
                label("没有找到 U 盘。插好后点“重新查找”，或选择一个文件夹。", "note", wrap=True)
            )
        warning = frame("strip")
        theme.mark(warning, tone="warn")
        line = row(warning, gap=10, margins=(16, 10, 16, 10))
        line.addWidget(picture("alert-triangle-filled", "warn", 18))
        words = "这一版写出的文件还没有加密，里面有个人信息：请当面交接，不要用邮件或微信传送。"
        line.addWidget(label(words, wrap=True), 1)
        self._body.addWidget(warning)
        self._body.addStretch(1)
        if self.folder not in places:
            self.folder = None
        self.changed.emit()

    def _row(self, place: Path) -> QWidget:
        box = frame("box")
        line = row(box, gap=12, margins=(14, 8, 16, 8))
        chooser = QRadioButton()
        chooser.setAccessibleName(f"写到 {place}")
        chooser.setChecked(place == self.folder)
        chooser.toggled.connect(lambda on, where=place: self._take(where) if on else None)
        self._group.addButton(chooser)
        line.addWidget(chooser)
        stick = place in folders.sticks()
        line.addWidget(picture("usb" if stick else "folder", "primary", 22))
        words = column(gap=0)
        words.addWidget(label(place.name or str(place), "strong"))
        words.addWidget(label(f"{'U 盘' if stick else '文件夹'} · {place}", "note", wrap=True))
        line.addLayout(words, 1)
        line.addWidget(label(folders.free_words(place), "ok"))
        return box

    def _take(self, place: Path) -> None:
        self.folder = place
        self.changed.emit()

    def _choose(self) -> None:
        start = str(self.folder or Path.home())
        chosen = QFileDialog.getExistingDirectory(self, "报送文件写到哪里", start)
        if chosen:
            self.take_folder(Path(chosen))

    def take_folder(self, place: Path) -> None:
        """Choose a folder, listed or not."""
        if place not in self._chosen:
            self._chosen.insert(0, place)
        self.folder = place
        self.look()


class DoneStep(QWidget):
    """Writing with its progress, then the facts."""

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        column(self).addWidget(scrolled(inside, keep_room=False))
        outer = column(inside, gap=14)
        outer.addStretch(1)
        self._mark = picture("circle-check-filled", "ok", 56)
        outer.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self._title = label("", "title")
        outer.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        self._where = label("", "note", wrap=True)
        self._where.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(self._where)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(theme.px(360))
        self._bar.setAccessibleName("写出的进度")
        outer.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        self._facts = frame("box")
        self._list = column(self._facts, gap=10, margins=(24, 16, 32, 16))
        outer.addWidget(self._facts, 0, Qt.AlignmentFlag.AlignHCenter)
        self.show_folder = button("打开所在文件夹", icon="folder-open")
        self.show_folder.clicked.connect(self._open)
        outer.addWidget(self.show_folder, 0, Qt.AlignmentFlag.AlignHCenter)
        self._then = label("", "hint", wrap=True)
        self._then.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)
        outer.addWidget(self._then)
        self._folder = Path()

    def begin(self, folder: Path) -> None:
        """Show that files are being written."""
        self._folder = folder
        self._title.setText("正在写出并核对…")
        self._where.setText(str(folder))
        self._bar.setRange(0, 0)
        self._bar.show()
        for made in (self._mark, self._facts, self.show_folder):
            made.hide()
        self._then.setText("写完以前请不要拔出 U 盘。")

    def advance(self, done: int, total: int) -> None:
        """Show how far it is."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def show_written(self, made: list[Exported], folder: Path, receiver: str) -> None:
        """Show the facts: what was written, that it was read back, for whom."""
        clear(self._list)
        self._bar.hide()
        self._title.setText("已写入并核对" if made else "没有要写出的文件")
        self._where.setText(str(folder))
        if made:
            size = sum(item.file.stat().st_size for item in made)
            records = sum(item.records for item in made)
            written = f"写入 {len(made)} 个文件，{records} 条记录，共 {size_words(size)}"
            facts = [written, "已重新读出并逐字节核对，完全一致", f"收件单位：{receiver}"]
            facts += [f"{item.file.name}　摘要 {_groups(item.digest)}" for item in made[:3]]
            for words in facts:
                line = row(gap=12)
                line.addWidget(picture("check", "ok", 16))
                line.addWidget(label(words), 1)
                self._list.addLayout(line)
        for widget in (self._mark, self._facts, self.show_folder):
            widget.setVisible(bool(made))
        self._then.setText(
            f"把文件交给{receiver}。对方装入后会给回执；没有回执以前，再次报送会连同这些文件一起写出。"
        )

    def add_fact(self, words: str) -> None:
        """Add a line to the facts."""
        self._list.addWidget(label(words, wrap=True))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _groups(digest: str) -> str:
    """Return the first 16 places in fours, to be read out."""
    return "-".join(digest[n : n + 4] for n in range(0, 16, 4))
