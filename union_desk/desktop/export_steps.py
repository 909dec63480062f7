"""The first two steps of 报送: what is sent, and what the checks say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from union_desk.desktop import theme
from union_desk.desktop.navigation import Route
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import button, clear, column, frame, label, picture, row, scrolled

if TYPE_CHECKING:
    from union_desk.checks import Finding
    from union_desk.desktop.export_content import Content
    from union_desk.store.deliveries import Papers
    from union_desk.taskpack.definition import TaskPack

MOST_FINDINGS = 200


class ContentStep(QWidget):
    """For whom, counts by form, and what stays here with the reason."""

    audience = Signal(bool)
    """Whether it goes down."""

    def __init__(self, *, both: bool, down: bool) -> None:
        super().__init__()
        outer = column(self, gap=12)
        head = row(gap=8)
        self._heading = label("", "heading")
        head.addWidget(self._heading, 1)
        self.chips: list[QPushButton] = []
        group = QButtonGroup(self)
        for words, downward in (("报送上级", False), ("下发下级", True)):
            chip = button(words, role="chip")
            chip.setCheckable(True)
            chip.setChecked(downward == down)
            if not both:
                chip.hide()
            chip.clicked.connect(lambda _on=False, which=downward: self.audience.emit(which))
            group.addButton(chip)
            self.chips.append(chip)
            head.addWidget(chip)
        outer.addLayout(head)
        self._line = label("正在清点…", "note", wrap=True)
        outer.addWidget(self._line)
        holder = QWidget()
        self._body = column(holder, gap=0)
        outer.addWidget(scrolled(holder, keep_room=False), 1)

    def show_content(self, content: Content) -> None:
        """Show what is due."""
        clear(self._body)
        self._heading.setText("下发哪些内容？" if content.lines else "报送哪些记录？")
        if content.lines:
            self._show_lines(content)
            return
        parts = [f"本次报送 {content.due} 条记录"]
        if content.attached:
            parts.append(f"附说明等 {content.attached} 条")
        if content.repeated:
            parts.append(f"连同以前写出、还没有回执的 {content.repeated} 个数据包")
        if content.drafts:
            parts.append(f"{content.drafts} 条草稿不报送")
        papers = content.papers
        cover = f"按通知单 {papers.cover} 报送。" if papers and papers.cover else ""
        if papers and papers.later:
            cover += (
                f"通知单打印以后确认的 {papers.later} 条留到下次；要一起报送，请重新打印通知单。"
            )
        self._line.setText("，".join(parts) + "。" + cover)
        if content.forms:
            head = _line("表", "本次报送", "不报送", "原因", role="group")
            self._body.addWidget(head)
        for item in content.forms:
            held = f"{item.drafts} 条" if item.drafts else ""
            why = "还是草稿，检查并确认后再报送" if item.drafts else ""
            self._body.addWidget(_line(item.title, f"{item.due} 条", held, why))
        self._body.addStretch(1)

    def _show_lines(self, content: Content) -> None:
        self._line.setText("每个文件写清给谁；给全部下级的一个文件，谁装入都有效。")
        for title, words, units in content.lines:
            made = frame("row")
            cells = row(made, gap=24, margins=(0, 8, 0, 8))
            name = label(title, "strong")
            name.setFixedWidth(theme.px(150))
            cells.addWidget(name)
            cells.addWidget(label(words, wrap=True), 1)
            cells.addWidget(label(units, "strong"))
            self._body.addWidget(made)
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
    cover_wanted = Signal()
    """The cover is to be issued anew."""

    def __init__(self) -> None:
        super().__init__()
        outer = column(self, gap=12)
        outer.addWidget(label("检查结果", "heading"))
        self._line = label("", "note", wrap=True)
        outer.addWidget(self._line)
        self.papers = NoticeBar()
        outer.addWidget(self.papers)
        self.cover = NoticeBar()
        outer.addWidget(self.cover)
        holder = QWidget()
        self._body = column(holder, gap=8)
        area = scrolled(holder, keep_room=False)
        area.setMinimumHeight(theme.px(30))  # the largest type on a small screen
        outer.addWidget(area, 1)

    def begin(self) -> None:
        """Show that the checks run."""
        clear(self._body)
        self._line.setText("正在检查…")

    def show_papers(self, papers: Papers | None) -> None:
        """Warn of papers without a seal: the file may go first, it is marked 纸质待补."""
        if papers is None or (papers.issued and not papers.unsealed):
            self.papers.quiet()
            return
        words = (
            f"有 {papers.unsealed} 份报表还没有登记盖章"
            if papers.issued
            else "本次的纸质报表还没有打印盖章"
        )
        self.papers.say(
            f"{words}。可以先报送文件，纸质后补，上级看到的是“纸质待补”。",
            tone="warn",
            actions=(("签章登记", lambda: self.opened.emit(Route("sign_off"))),)
            if papers.issued
            else (("去打印", lambda: self.opened.emit(Route("print"))),),
        )

    def show_cover(self, papers: Papers | None) -> None:
        """Ask whether the cover is issued anew: records came after it, or there is none."""
        if papers is not None and papers.cover and papers.later:
            words = (
                f"封面 {papers.cover} 印出以后又确认了 {papers.later} 条。照旧报送，这些留到下次；"
                "要一起报送，请重新出具封面，原来那一份作废。"
            )
            act = "重新出具封面"
        elif papers is not None and papers.issued and not papers.cover:
            words = "本次还没有封面：上级不能拿纸质上的内容摘要核对文件。"
            act = "出具封面"
        else:
            self.cover.quiet()
            return
        self.cover.say(words, tone="warn", actions=((act, self.cover_wanted.emit),))

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
