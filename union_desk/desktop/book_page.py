"""报送册: made for units without the program; a filled one is looked at and taken in (代报)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from union_desk.desktop import book_words, jobs, theme
from union_desk.desktop.navigation import Route
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import Page, button, column, frame, label, picture, row
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.desktop.rule_dialog import RuleDialog
from union_desk.desktop.undo_notice import UndoNotice, refresh_desk

if TYPE_CHECKING:
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session
    from union_desk.store.full_check import RuleFindings
    from union_desk.store.report_books import BookFile, BookResult
    from union_desk.taskpack.report_book import FilledBook

LANE = "import"
_FORMS = (
    Column("表", 190, weight=2),
    Column("所属期", 110),
    Column("新增", 62, right=True),
    Column("更新", 62, right=True),
    Column("相同", 62, right=True),
    Column("要说明", 74, right=True),
    Column("有错误", 74, right=True),
    Column("结果", 132, pill=True),
)
_FINDINGS = (Column("行", 52, right=True), Column("项目", 130), Column("问题", 300, weight=1))
_EMPTY = (
    "报送册是一个 Excel 文件，装着一个单位要报的全部表。",
    "没有用本程序的单位在 Excel 或 WPS 里填好交来，由本单位装入，记为代报。",
)


@dataclass(frozen=True, slots=True)
class _Looked:
    """A book that was read and tried."""

    book: FilledBook
    file: BookFile
    result: BookResult
    name: str
    """Of the unit."""


class BookPage(Page):
    """One row a form; what is wrong in it below."""

    title = "报送册"

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.context = "给没有用本程序的单位填；填好的由本单位装入，记为代报"
        self._come = Path(route.text) if route.text else None
        self._path: Path | None = None
        self.looked: _Looked | None = None
        self.explanations: dict[str, str] = {}
        self.reason = ""
        self._order: list[str] = []
        outer = column(self, gap=10, margins=(26, 12, 26, 14))
        self.notice = NoticeBar()
        outer.addWidget(self.notice)
        self.found = label("", "strong", wrap=True)
        outer.addWidget(self.found)
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.forms = RowTable("报送册里的表", _FORMS)
        self.forms.moved.connect(self._show_form)
        self.findings = RowTable("这张表的问题", _FINDINGS)
        whole = QWidget()
        lines = column(whole, gap=0)
        lines.addWidget(self.forms, 3)
        self._below = label("", "note")
        self._below.setContentsMargins(theme.px(16), theme.px(8), 0, theme.px(8))
        lines.addWidget(self._below)
        lines.addWidget(self.findings, 2)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(whole)
        inner.addWidget(self._stack, 1)
        self._bottom = self._foot()
        inner.addWidget(self._bottom)
        outer.addWidget(card, 1)
        self._show_state()

    def _empty(self) -> QWidget:
        made = QWidget()
        outer = column(made, gap=10)
        outer.addStretch(1)
        lines = [picture("table-export", "line2", 72), label(_EMPTY[0], "strong")]
        lines.append(label(_EMPTY[1], "second"))
        for one in lines:
            outer.addWidget(one, 0, Qt.AlignmentFlag.AlignHCenter)
        acts = row(gap=10)
        acts.addStretch(1)
        self._load = button("装入填好的…", icon="folder-open")
        self._load.clicked.connect(self.choose)
        self._begin = button("做报送册…", role="primary", icon="table-export")
        self._begin.clicked.connect(self.make)
        for offered in (self._load, self._begin):
            offered.setAutoDefault(True)
            acts.addWidget(offered)
        acts.addStretch(1)
        outer.addLayout(acts)
        outer.addStretch(1)
        return made

    def _foot(self) -> QWidget:
        made = frame("tablefoot")
        line = row(made, gap=8, margins=(16, 8, 16, 8))
        self.hint = label("", "note", wrap=True)
        line.addWidget(self.hint, 1)
        self.explain = button("写说明…", name="给警告写说明")
        self.explain.clicked.connect(self._explain)
        self.correct = button("写更正原因…")
        self.correct.clicked.connect(self._ask_reason)
        self.away = button("取消")
        self.away.clicked.connect(self._forget)
        self.take = button("装入", role="primary")
        self.take.clicked.connect(self.take_in)
        for one in (self.explain, self.correct, self.away, self.take):
            one.setAutoDefault(True)
            line.addWidget(one)
        return made

    # --- the page of the window --------------------------------------------------------------

    def first_focus(self) -> QWidget:
        """Return the table of forms; before there is one, 做报送册."""
        return self.forms if self.looked is not None else self._begin

    def entered(self) -> None:
        """Read the book that the page was opened for."""
        if self._come is not None:
            path, self._come = self._come, None
            self.read(path)

    # --- making one --------------------------------------------------------------------------

    def make(self) -> None:
        """Ask for whom, and where the book is to be saved."""
        from union_desk.desktop.book_dialog import BookDialog

        dialog = BookDialog(self.session, self)
        dialog.made.connect(lambda words: UndoNotice.say(self.window(), words))
        dialog.open()

    # --- looking at one ----------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for a filled book."""
        name, _ = QFileDialog.getOpenFileName(
            self, "装入填好的报送册", str(Path.home()), "报送册 (*.xlsx)"
        )
        if name:
            self.read(Path(name))

    def read(self, path: Path) -> None:
        """Look at a book in a worker: nothing is changed."""
        self._path = path
        self.explanations.clear()
        self.reason = ""
        self.look()

    def look(self) -> None:
        """Try the book, with the reasons written so far."""
        path, session = self._path, self.session
        if path is None:
            return
        reasons, reason = dict(self.explanations), self.reason
        self.take.setEnabled(False)

        def work(progress: Progress) -> _Looked:
            return _look(session, path, reasons, reason, progress)

        jobs.run(self, work, self._show, title="正在看报送册", lane=LANE)

    def _show(self, looked: _Looked) -> None:
        book, pack = looked.book, self.session.pack
        self.found.setText(book_words.whose(book, looked.name, self.session.unit))
        place, first = max(self.forms.place(), 0), self.looked is None
        rows = book_words.rows(looked.result, book, pack)
        self._order = [form for form, _, _ in rows]
        self.forms.show_rows([Row(cells, tone) for _, cells, tone in rows])
        self._stack.setCurrentIndex(1)
        self.looked = looked
        if first:  # to the first form that wants something
            wants = [n for n, (_, _, tone) in enumerate(rows) if tone in ("err", "warn")]
            place = wants[0] if wants else 0
        self.forms.go_to(min(place, len(rows) - 1))
        self._show_form(self.forms.place())
        if looked.result.told:
            self.notice.say("".join(looked.result.told), tone="warn")
        else:
            self.notice.quiet()
        self.forms.setFocus()
        self._show_state()

    def _show_form(self, place: int) -> None:
        looked = self.looked
        if looked is None or not 0 <= place < len(self._order):
            return
        form = self._order[place]
        one = looked.result.results.get(form)
        rows = book_words.problems(one, self.session.pack) if one else []
        self.findings.show_rows([Row(cells) for cells in rows])
        self.findings.setVisible(bool(rows))
        title = self.session.pack.forms[form].title
        self._below.setText(f"《{title}》的问题：" if rows else f"《{title}》没有问题。")

    def _show_state(self) -> None:
        looked = self.looked
        self.found.setVisible(looked is not None)
        self._stack.setCurrentIndex(int(looked is not None))
        self._bottom.setVisible(looked is not None)
        if looked is None:
            return
        warnings, corrections = book_words.asked(looked.result)
        self.explain.setVisible(bool(warnings))
        self.correct.setVisible(corrections > 0)
        words, clean, there = book_words.button_words(looked.result)
        self.take.setText(words)
        self.take.setAccessibleName(words)
        self.take.setEnabled(there and not looked.result.refused)
        theme.mark(self.take, role="primary" if clean else "secondary")
        self.hint.setText("有问题的行存为草稿，在各表的台账里改好再确认。" if not clean else "")

    def _forget(self) -> None:
        self.looked, self._path = None, None
        self.notice.quiet()
        self._show_state()

    # --- explaining --------------------------------------------------------------------------

    def _explain(self) -> None:
        from union_desk.store import full_check

        if self.looked is None:
            return
        warnings, _ = book_words.asked(self.looked.result)
        rules = full_check.by_rule(self.session.store, warnings)
        dialog = RuleDialog(rules, self.session.pack, self)
        dialog.explained.connect(self._explained)
        dialog.finished.connect(lambda _result: self.look())
        dialog.open()

    def _explained(self, rule: RuleFindings, text: str) -> None:
        self.explanations[rule.code] = text

    def _ask_reason(self) -> None:
        words = "有的行是已报送的记录，改动就是更正。请写明原因："
        dialog = ReasonDialog("更正的原因", words, "记下", self)
        dialog.given.connect(self._reason_given)
        dialog.open()

    def _reason_given(self, text: str) -> None:
        self.reason = text
        self.look()

    # --- taking in ---------------------------------------------------------------------------

    def take_in(self) -> None:
        """Take the good rows in as confirmed and the rest as drafts, by one act with one undo."""
        looked, session = self.looked, self.session
        if looked is None:
            return
        reasons, reason = dict(self.explanations), self.reason
        self.take.setEnabled(False)

        def work(progress: Progress) -> BookResult:
            from union_desk.store import backups, report_books

            if not session.store.demo:
                backups.before(session.store, "import")
            return report_books.take_in(
                session.store, looked.book, looked.file, as_of=session.as_of, drafts=True,
                reason=reason, explanations=reasons, progress=progress,
            )  # fmt: skip

        jobs.run(self, work, self._taken, title="正在装入报送册", lane="write")

    def _taken(self, done: BookResult) -> None:
        from union_desk.store import report_books

        looked = self.looked
        if done.refused or looked is None:
            self.look()
            return
        store, back = self.session.store, done.undo
        window, refresh = self.window(), refresh_desk(self)
        self._forget()
        self.changed.emit()
        self.opened.emit(Route("filings" if self.session.level != "grassroots" else "dashboard"))

        def take_back() -> None:
            if back is not None:
                with store.write() as transaction:
                    report_books.take_back(transaction, back)

        UndoNotice(window, book_words.done_words(done, looked.name), take_back, refresh)


def _look(
    session: Session, path: Path, reasons: dict[str, str], reason: str, progress: Progress
) -> _Looked:
    """Read a book and try it; nothing is changed."""
    from union_desk import excel, files
    from union_desk.excel import report_book
    from union_desk.store import report_books, units

    book = report_book.read_book(excel.read_tables(path), session.pack)
    file = report_books.BookFile(path.name, files.sha256_file(path), path.stat().st_size)
    result = report_books.take_in(
        session.store, book, file, as_of=session.as_of, drafts=True, dry_run=True, reason=reason,
        explanations=reasons, progress=progress,
    )  # fmt: skip
    with session.store.read() as connection:
        name = units.of_store(connection, session.store).name(book.unit)
    return _Looked(book, file, result, name)
