"""签章登记: all papers of the month, ticked, signer and date filled in, one confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QWidget

from union_desk.desktop import jobs, theme
from union_desk.desktop.date_editor import DateEditor
from union_desk.desktop.editor import Reader
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.navigation import Route
from union_desk.desktop.nothing import Nothing, NothingHere
from union_desk.desktop.page import Page, button, clear, column, frame, label, row, scrolled
from union_desk.desktop.paper_words import WordPill, state, title
from union_desk.taskpack.definition import FILINGS
from union_desk.taskpack.field_types import Hints
from union_desk.taskpack.system_papers import PAPER_FORM

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.desktop.session import Session
    from union_desk.errors import UserError
    from union_desk.store.issued import Issued

LANE = "papers"
_PICTURES = "扫描件或照片 (*.pdf *.jpg *.jpeg *.png)"


_NOTHING = Nothing(
    "file-text",
    "这一期还没有正式出具的报表",
    "正式出具、打印、签字盖章以后，到这里一次登记；文件可以先报送，纸质后补。",
    (("print", "去打印", "secondary"),),
)


class PaperRow(QWidget):
    """A paper with its box, its number and its state; a scan can be attached."""

    def __init__(self, session: Session, paper: Issued, page: SignOffPage) -> None:
        super().__init__()
        self.paper = paper
        outer = row(self, gap=10, margins=(4, 4, 4, 4))
        self.box = QCheckBox(title(session.pack, paper))
        self.box.setAccessibleName(f"{self.box.text()}，{paper.serial}")
        self.box.setChecked(paper.sealed_date is None)
        self.box.toggled.connect(page.count)
        words = column(gap=0)
        words.addWidget(self.box)
        told = paper.serial
        if paper.signer:
            proxy = f"（{paper.proxy} 代签）" if paper.proxy else ""
            told += f"　{paper.signer}{proxy} {paper.signed_date} 签字"
        if paper.scan:
            told += f"　扫描件 {len(paper.scan.split(';'))} 份"
        line = label(told, "note", wrap=True)
        line.setContentsMargins(theme.px(32), 0, 0, 0)
        words.addWidget(line)
        outer.addLayout(words, 1)
        outer.addWidget(WordPill(*state(paper)), 0, Qt.AlignmentFlag.AlignVCenter)
        self.scan = button("附扫描件…", role="link", name=f"{self.box.text()}：附盖章页扫描件")
        self.scan.clicked.connect(lambda: page.ask_scan(paper))
        outer.addWidget(self.scan, 0, Qt.AlignmentFlag.AlignVCenter)


class SignOffPage(Page):
    """Papers at the left; who signed, when, and the one button at the right."""

    title = "签章登记"
    period_kind = "month"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = "纸上签字盖章以后，在这里一次登记"
        self.rows: list[PaperRow] = []
        outer = row(self, gap=14, margins=(26, 16, 26, 16))
        card = frame("card")
        body = column(card, gap=8, margins=(16, 12, 8, 12))
        self._head = label("", "strong")
        body.addWidget(self._head)
        holder = QWidget()
        self._list = column(holder, gap=0)
        body.addWidget(scrolled(holder), 1)
        outer.addWidget(card, 1)
        self._entry = self._form()
        outer.addWidget(self._entry)

    def _form(self) -> QWidget:
        card = frame("card")
        card.setFixedWidth(theme.px(320))
        whole = column(card, gap=0, margins=(20, 16, 6, 16))
        holder = QWidget()
        body = column(holder, gap=8)
        hints = Hints(self.session.pack.year, self.session.today, self.session.pack)
        reader = Reader(self.session.pack, hints)
        self.signer, self.post = QLineEdit(), QLineEdit()
        self.signed = DateEditor(PAPER_FORM.by_id["signed_date"], reader)
        self.sealed = DateEditor(PAPER_FORM.by_id["sealed_date"], reader)
        self.proxy, self.ground = QLineEdit(), QLineEdit()
        body.addWidget(Labelled("签字人", self.signer, required=True))
        body.addWidget(Labelled("职务", self.post))
        body.addWidget(Labelled("签字日期", self.signed, required=True))
        body.addWidget(Labelled("盖章日期", self.sealed, hint="还没有盖章就清空"))
        self.by_proxy = QCheckBox("由别人代签")
        self.by_proxy.setAccessibleName(self.by_proxy.text())
        self.by_proxy.toggled.connect(self._show_proxy)
        body.addWidget(self.by_proxy)
        self._proxy = QWidget()
        inner = column(self._proxy, gap=8)
        inner.addWidget(Labelled("代签人", self.proxy, required=True))
        inner.addWidget(Labelled("依据", self.ground, required=True, hint="例如：主席电话授权"))
        body.addWidget(self._proxy)
        self._proxy.hide()
        self.said = label("", "error", wrap=True)
        self.said.hide()
        body.addWidget(self.said)
        body.addStretch(1)
        self._scroll = scrolled(holder)
        whole.addWidget(self._scroll, 1)
        foot = column(gap=8, margins=(0, 8, 14, 0))
        self.act = button("登记签章", role="primary", icon="check")
        self.act.clicked.connect(self._sign)
        self.later = button("纸质后补", tip="文件先报，纸质件随后补；报送时标明“纸质待补”")
        self.later.clicked.connect(self._put_later)
        foot.addWidget(self.act)
        foot.addWidget(self.later)
        whole.addLayout(foot)
        return card

    def first_focus(self) -> QWidget:
        """Return the button: everything is filled in, unless nobody signed before."""
        return self.act if self.signer.text() else self.signer

    def _show_proxy(self, on: bool) -> None:  # noqa: FBT001 - Qt's own signal
        self._proxy.setVisible(on)
        if on:
            self.proxy.setFocus()
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self.ground))

    # --- what is shown ---------------------------------------------------------------------

    def entered(self) -> None:
        """List the papers of the working period anew."""
        from union_desk.papers import signing_off

        session = self.session
        periods = [session.period("month"), *(session.period(kind) for kind in FILINGS[1:])]
        last = periods[0].last_day
        wanted = [periods[0].id] + [item.id for item in periods[1:] if item.holds(last)]

        def work(_progress: jobs.Progress) -> tuple[list[Issued], tuple[str, str]]:
            store = session.store
            found = signing_off.of_period(store, session.unit, wanted)
            return found, signing_off.last_signer(store)

        jobs.run(self, work, self._show, lane=LANE)

    def _show(self, found: tuple[list[Issued], tuple[str, str]]) -> None:
        papers, (signer, post) = found
        clear(self._list)
        self.rows = [PaperRow(self.session, paper, self) for paper in papers]
        for item in self.rows:
            self._list.addWidget(item)
        self._head.setVisible(bool(papers))
        self._entry.setVisible(bool(papers))
        if papers:
            self._list.addStretch(1)
        else:
            nothing = NothingHere()
            nothing.tell(_NOTHING)
            nothing.asked.connect(lambda kind: self.opened.emit(Route(kind)))
            self._list.addWidget(nothing, 1)
        if not self.signer.text():
            self.signer.setText(signer)
            self.post.setText(post or "主席")
        if not self.rows or not self.signed.text():
            self.signed.set_cells({self.signed.item.id: self.session.today})
            self.sealed.set_cells({self.sealed.item.id: self.session.today})
        self.count()

    def chosen(self) -> list[Issued]:
        """Return the papers that are ticked."""
        return [item.paper for item in self.rows if item.box.isChecked()]

    def count(self) -> None:
        """Say how many papers are ticked."""
        ticked = len(self.chosen())
        self._head.setText(f"本期的报表 {len(self.rows)} 份，选中 {ticked} 份")
        self.act.setText(f"登记 {ticked} 份的签章" if ticked else "登记签章")
        self.act.setEnabled(ticked > 0)
        self.later.setEnabled(ticked > 0)

    # --- acts ------------------------------------------------------------------------------

    def _sign(self) -> None:
        from union_desk.papers import signing_off

        signed, sealed = self.signed.value(), self.sealed.value()
        if not isinstance(signed, str) or not (sealed is None or isinstance(sealed, str)):
            self._refused_with("日期看不懂，请写成 2012-09-03 的样子。")
            return
        proxy = self.by_proxy.isChecked()
        told = signing_off.SignOff(
            self.signer.text(), signed, self.post.text(), sealed,
            self.proxy.text() if proxy else "", self.ground.text() if proxy else "",
        )  # fmt: skip
        if proxy and not (told.proxy.strip() and told.ground.strip()):
            self._refused_with("请写代签人和依据。")
            return
        papers, store = self.chosen(), self.session.store
        self._work(lambda: signing_off.sign_off(store, papers, told), "已登记签章")

    def _put_later(self) -> None:
        from union_desk.papers import signing_off

        store = self.session.store
        papers = [paper for paper in self.chosen() if paper.state not in ("sealed", "sent")]
        self._work(lambda: signing_off.put_later(store, papers), "已记为纸质后补，可以先报送文件")

    def ask_scan(self, paper: Issued) -> None:
        """Ask for the scan or photo of a sealed page."""
        from pathlib import Path

        chosen, _ = QFileDialog.getOpenFileName(self, "盖章页的扫描件或照片", "", _PICTURES)
        if chosen:
            self.attach(paper, Path(chosen))

    def attach(self, paper: Issued, path: Path) -> None:
        """Attach a scan to a paper."""
        from union_desk.papers import signing_off

        store = self.session.store
        words = "已附上扫描件，随下次报送带走"
        self._work(lambda: signing_off.attach_scan(store, paper, path), words)

    def _work(self, do: object, words: str) -> None:
        self.said.hide()
        self.act.setEnabled(False)

        def done(_result: object) -> None:
            self.context = words
            self.head_changed.emit()
            self.changed.emit()
            self.entered()

        jobs.run(self, lambda _progress: do(), done, self._refused, lane=LANE)  # type: ignore[operator]

    def _refused(self, error: UserError) -> None:
        self._refused_with(f"{error.sentence}{error.step}")

    def _refused_with(self, words: str) -> None:
        self.said.setText(words)
        self.said.show()
        self.count()
