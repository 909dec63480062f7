"""汇总与打印: a list of papers, the real PDF as preview, saving it, opening it elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from union_desk import files
from union_desk.desktop import faults, icons, jobs, theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import Page, button, column, frame, label, row
from union_desk.desktop.pdf_elsewhere import open_pdf
from union_desk.desktop.pdf_preview import PdfPreview
from union_desk.desktop.print_acts import PrintActs
from union_desk.desktop.print_life import PaperLife
from union_desk.errors import UserError

if TYPE_CHECKING:
    from union_desk.desktop.jobs import Job
    from union_desk.desktop.papers import Drawn, Paper
    from union_desk.desktop.session import Session
    from union_desk.store.issued import Issued

KINDS = {"month": "月", "quarter": "季", "year": "年"}
LANE = "print"
BLANKS = "空白表"
"""One paper is drawn at a time."""
_HEAD = Qt.ItemFlag.NoItemFlags
"""Of an entry of the list that is a heading."""


class PrintPage(Page):
    """Papers at the left, the chosen one as it will print at the right."""

    title = "汇总与打印"
    period_kind = "month"

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.context = "选一张表，右边就是打印出来的样子"
        self._route = route
        self._papers: tuple[Paper, ...] = ()
        self._job: Job | None = None
        self._opening = True
        self._pdf = b""
        self._word = b""
        self.drawn: Drawn | None = None
        self.acts = PrintActs(self)
        outer = row(self, gap=14, margins=(26, 16, 26, 16))
        outer.addWidget(self._list_card())
        right = column(gap=8)
        self.life = PaperLife()
        self.life.issue.connect(self.acts.issue)
        self.life.void.connect(self.acts.ask_void)
        self.life.full.connect(self.acts.ask_full)
        self.life.others.connect(self.acts.ask_other)
        right.addWidget(self.life)
        self.preview = PdfPreview()
        right.addWidget(self.preview, 1)
        outer.addLayout(right, 1)
        self.print = button("打印…", role="primary", icon="printer")
        self.print.clicked.connect(self.acts.print_shown)
        self.save = button("另存 PDF", icon="device-floppy")
        self.save.clicked.connect(self._save)
        self.elsewhere = button("用系统程序打开", icon="external-link")
        self.elsewhere.clicked.connect(self._open_elsewhere)
        self._allow(ready=False)

    def head_buttons(self) -> list[QWidget]:
        """Return 用系统程序打开, 另存 PDF and 打印."""
        return [self.elsewhere, self.save, self.print]

    def first_focus(self) -> QWidget:
        """Return the search line over the papers."""
        return self.search

    def _list_card(self) -> QWidget:
        card = frame("card")
        card.setFixedWidth(theme.px(300))
        body = column(card, gap=8, margins=(12, 12, 12, 12))
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找表名")
        self.search.setAccessibleName("查找表名")
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._fill)
        body.addWidget(self.search)
        self.list = QListWidget()
        self.list.setProperty("role", "entries")
        self.list.setAccessibleName("可以打印的表")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._chosen)
        body.addWidget(self.list, 1)
        self._record_label = label("哪一条记录", "note")
        body.addWidget(self._record_label)
        self.record = Chooser("哪一条记录")
        self.record.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.record.activated.connect(lambda _index: self._render())
        body.addWidget(self.record)
        self._record_label.hide()
        self.record.hide()
        self._kinds = QWidget()
        line = row(self._kinds, gap=6)
        line.addWidget(label("哪一期", "note"))
        self._kind_group = QButtonGroup(self)
        for kind, words in KINDS.items():
            made = button(words, role="chip", name=f"按{words}")
            made.setCheckable(True)
            made.setChecked(kind == self.period_kind)
            made.clicked.connect(lambda _on=False, which=kind: self._take_kind(which))
            self._kind_group.addButton(made)
            line.addWidget(made)
        line.addStretch(1)
        body.addWidget(self._kinds)
        self._kinds.hide()
        body.addWidget(self._month_links())
        return card

    def _month_links(self) -> QWidget:
        """Return what is done with all papers of the month."""
        whole = QWidget()
        inner = QGridLayout(whole)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setHorizontalSpacing(theme.px(4))
        inner.setVerticalSpacing(0)
        self.month = button("打印本月全套", role="link", icon="printer")
        self.month.clicked.connect(self.acts.print_month)
        self.sign_off = button("签章登记", role="link", icon="check")
        self.sign_off.clicked.connect(lambda: self.opened.emit(Route("sign_off")))
        self.compare = button("核对纸质报表", role="link", icon="search")
        self.compare.clicked.connect(lambda: self.opened.emit(Route("paper_check")))
        self.batch = button("批量打印…", role="link", icon="copy")
        self.batch.clicked.connect(self.acts.print_batch)
        for n, made in enumerate((self.month, self.batch, self.sign_off, self.compare)):
            inner.addWidget(made, n // 2, n % 2, Qt.AlignmentFlag.AlignLeft)
        return whole

    # --- the list ----------------------------------------------------------------------

    def entered(self) -> None:
        """List the papers, or draw the chosen one anew: the period changed."""
        if self._papers:
            self._render()
            return
        from union_desk.desktop import papers

        session = self.session
        jobs.run(self, lambda _progress: papers.listed(session), self._show_papers, lane=LANE)

    def _show_papers(self, found: tuple[Paper, ...]) -> None:
        groups = list(dict.fromkeys(paper.group for paper in found))
        self._papers = tuple(
            sorted(found, key=lambda paper: (groups.index(paper.group), not paper.targets))
        )
        self._fill("")
        order = sorted(found, key=lambda paper: not paper.targets)
        wanted = self._route.text or (order[0].name if order else "")
        if self._route.form and not self._route.text:
            wanted = next((p.name for p in found if p.form == self._route.form), wanted)
        for n in range(self.list.count()):
            if self.list.item(n).data(Qt.ItemDataRole.UserRole) == wanted:
                self.list.setCurrentRow(n)

    def _fill(self, text: str) -> None:
        from union_desk.desktop.unit_field import initials

        wanted = text.strip().lower()
        self.list.clear()
        group = ""
        for paper in self._papers:
            if wanted and wanted not in paper.title.lower() and wanted not in initials(paper.title):
                continue
            if paper.group != group:
                group = paper.group
                self._head(group)
            item = QListWidgetItem(paper.title)
            item.setData(Qt.ItemDataRole.UserRole, paper.name)
            item.setToolTip(paper.title)
            item.setSizeHint(QSize(0, theme.px(36)))
            self.list.addItem(item)

    def _head(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(_HEAD)
        item.setFont(theme.font(12, bold=True))
        item.setForeground(theme.color("text2"))
        item.setSizeHint(QSize(0, theme.px(32)))
        self.list.addItem(item)

    def _paper(self) -> Paper | None:
        item = self.list.currentItem()
        name = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return next((paper for paper in self._papers if paper.name == name), None)

    # --- drawing -----------------------------------------------------------------------

    def _chosen(self) -> None:
        from union_desk.desktop import papers

        paper = self._paper()
        if paper is None:
            return
        self.record.clear()
        words = "发给哪个单位" if paper.notice else "哪一条记录"
        self._record_label.setText(words)
        self.record.setAccessibleName(words)
        for widget in (self._record_label, self.record):
            widget.setVisible(paper.chosen_for)
        self._kinds.setVisible(paper.group == papers.SUMMARIES)
        self._set_kind(papers.kind_of(self.session, paper))
        QTimer.singleShot(0, self, self._keep_in_sight)
        if not paper.chosen_for:
            self._render()
            return
        session, form, notice = self.session, paper.form, paper.notice

        def show(found: list[tuple[str, str]]) -> None:
            for uid, words in found:
                self.record.addItem(words, uid)
            wanted = self.record.findData(self._route.uid)
            self.record.setCurrentIndex(max(wanted, 0) if found else -1)
            self._render()

        def offered(_progress: jobs.Progress) -> list[tuple[str, str]]:
            return papers.addressees(session) if notice else papers.records(session, form)

        jobs.run(self, offered, show)

    def _keep_in_sight(self) -> None:
        """Scroll to the chosen paper: what stands below the list has changed its height.

        On opening, from the top of the list where that shows it, else from the heading above it.
        """
        place = self.list.currentRow()
        if self._opening and place >= 0:
            self._opening = False
            self.list.scrollToTop()
            chosen = self.list.visualItemRect(self.list.item(place))
            heads = [n for n in range(place) if self.list.item(n).flags() == _HEAD]
            if heads and chosen.bottom() > self.list.viewport().height():
                top = QListWidget.ScrollHint.PositionAtTop
                self.list.scrollToItem(self.list.item(heads[-1]), top)
        if (item := self.list.currentItem()) is not None:
            self.list.scrollToItem(item)

    def _take_kind(self, kind: str) -> None:
        self._set_kind(kind)
        self._render()

    def _set_kind(self, kind: str) -> None:
        """Offer the periods of `kind` in the head."""
        self.period_kind = kind
        for made, known in zip(self._kind_group.buttons(), KINDS, strict=True):
            made.setChecked(known == kind)
        self.head_changed.emit()

    def _render(self) -> None:
        from union_desk.desktop import papers

        paper = self._paper()
        if paper is None:
            return
        if self._job is not None:
            self._job.cancel()
        self._allow(ready=False)
        uid = (self.record.currentData() or None) if paper.chosen_for else None
        if paper.needs_record and uid is None:
            self.preview.say("这张表还没有已确认的记录。确认一条以后再来打印。")
            return
        self.preview.say("正在生成…")
        session = self.session
        kind = self.period_kind or "month"
        self._job = jobs.run(
            self,
            lambda progress: papers.render(session, paper, kind, uid, progress),
            self._show,
            self._refused,
            title=f"正在生成“{paper.title}”",
            lane=LANE,
        )

    def _show(self, drawn: Drawn) -> None:
        self._job = None
        self._pdf, self._word = drawn.pdf, drawn.word
        self.drawn = drawn
        self.life.show_paper(drawn)
        self.preview.show_pdf(drawn.pdf, drawn.warnings)
        self._allow(ready=True)

    def _refused(self, error: UserError) -> None:
        self._job = None
        self.preview.say(f"{error.sentence}{error.step}")

    def _allow(self, *, ready: bool) -> None:
        if not ready:
            self.drawn = None
            self.life.hide()
        self.print.setEnabled(ready)
        paper = self._paper()
        several = paper is not None and (paper.chosen_for or paper.group == BLANKS)
        self.batch.setEnabled(ready and several)
        self.save.setEnabled(ready)
        self.save.setText("另存 PDF 或 Word" if ready and self._word else "另存 PDF")
        self.elsewhere.setEnabled(ready)

    def show_full(self, pdf: bytes) -> None:
        """Show, print and save the numbers of persons in full until another paper is chosen."""
        self._pdf = pdf
        if self.drawn is not None:
            self.drawn = replace(self.drawn, pdf=pdf, masks=False)
            self.life.show_paper(self.drawn)
        self.preview.show_pdf(pdf)

    def show_issued(self, paper: Issued, pdf: bytes) -> None:
        """Show a paper that was issued before, until another paper is chosen."""
        self._pdf, self._word = pdf, b""
        if self.drawn is not None:
            rest = tuple(item for item in self.drawn.others if item.uid != paper.uid)
            self.drawn = replace(
                self.drawn, pdf=pdf, issued=paper, word=b"", picture=False, masks=False, others=rest
            )
            self.life.show_paper(self.drawn)
        self.preview.show_pdf(pdf)

    def again(self) -> None:
        """Draw the paper anew: it was issued, printed or voided."""
        self.changed.emit()
        self._render()

    # --- keeping -----------------------------------------------------------------------

    def file_name(self) -> str:
        """Return the name offered for the chosen paper: unit, paper, period; no person."""
        paper = self._paper()
        title = paper.title if paper is not None else self.title
        period = self.session.period(self.period_kind or "month").title
        name = f"{self.session.store.unit_name}_{title}_{period}.pdf"
        return "".join("_" if letter in '\\/:*?"<>|' else letter for letter in name)

    def _save(self) -> None:
        start = str(Path.home() / self.file_name())
        kinds = "PDF (*.pdf)"
        if self._word:
            kinds += ";;Word 文件 (*.docx)"
        if self.drawn is not None and self.drawn.picture:
            kinds += ";;图片，不含姓名和签字 (*.png)"
        chosen, kind = QFileDialog.getSaveFileName(self, self.save.text(), start, kinds)
        if not chosen:
            return
        path = Path(chosen)
        if "png" in kind:
            self.acts.save_pictures(path.with_suffix(".png"))
            return
        self.save_to(path.with_suffix(".docx") if "docx" in kind else path)

    def save_to(self, path: Path) -> None:
        """Write the paper shown to `path`."""
        word = path.suffix.lower() == ".docx" and bool(self._word)
        if path.suffix.lower() != ".pdf" and not word:
            path = path.with_name(path.name + ".pdf")
        try:
            self._note()
            files.write_durable(path, self._word if word else self._pdf, mode=0o644)
        except UserError as error:
            faults.report(error, self)
            return
        self.context = f"已另存为 {path}"
        self.head_changed.emit()

    def _note(self) -> None:
        """Write down that the paper leaves the program."""
        from union_desk.store import access

        paper = self._paper()
        access.printed(self.session.store, paper.name if paper is not None else self.title)

    def _open_elsewhere(self) -> None:
        try:
            self._note()
        except UserError as error:
            faults.report(error, self)
            return
        open_pdf(self.session.store, self.file_name(), self._pdf, self)
