"""What can be done on the page of papers: issue, void, print one, the month's set, a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from union_desk.desktop import faults, jobs, papers
from union_desk.desktop.issued_dialog import IssuedDialog
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.paper_words import title
from union_desk.desktop.print_dialog import PrintDialog, Sheet
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.work_dialog import WorkDialog
from union_desk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.print_page import PrintPage
    from union_desk.desktop.session import Session
    from union_desk.store.issued import Issued

LANE = "print"
MOST_BLANKS = 200


def print_month(owner: QWidget, session: Session, done: object = None) -> None:
    """打印本月全套: issue what the month's set lacks, then one dialog, one job.

    :param done: called without arguments once something was written down about the papers.
    """

    def work(progress: jobs.Progress) -> list[Sheet]:
        from union_desk.papers import issuing, monthly

        store = session.store
        wanted = monthly.subjects_of(store, session.period("month"), session.as_of, session.about)
        made = monthly.issue_set(store, wanted, progress)
        return [Sheet(title(store.pack, item), issuing.reprint(store, item), item) for item in made]

    def show(sheets: list[Sheet]) -> None:
        if callable(done):
            done()
        open_dialog(owner, session, sheets, done)

    jobs.run(owner, work, show, title="正在出具本月全套", lane=LANE)


def open_dialog(
    owner: QWidget, session: Session, sheets: Sequence[Sheet], done: object = None
) -> PrintDialog | None:
    """Open the print dialog over some papers."""
    if not sheets:
        nothing = UserError("D734", "这一期没有要打印的报表。", "有记录确认以后再来打印。")
        faults.report(nothing, owner)
        return None
    dialog = PrintDialog(session, sheets, owner)
    if callable(done):
        dialog.finished_well.connect(done)
    dialog.open()
    return dialog


class PrintActs:
    """The acts of one page."""

    def __init__(self, page: PrintPage) -> None:
        self.page = page
        self.dialog: WorkDialog | ReasonDialog | None = None

    def issue(self) -> None:
        """正式出具 what is shown."""
        page = self.page
        drawn = page.drawn
        if drawn is None or drawn.about is None:
            return
        about, store = drawn.about, page.session.store

        def work(progress: jobs.Progress) -> Issued:
            from union_desk.papers import issuing

            return issuing.issue(store, about, progress=progress)

        jobs.run(page, work, lambda _made: page.again(), title="正在出具报表", lane=LANE)

    def ask_void(self, paper: Issued) -> None:
        """Ask why an issued paper is voided."""
        words = f"报表 {paper.serial} 作废后不能再用；签过字的纸质件请收回。"
        self.dialog = ReasonDialog("作废报表", words, "作废", self.page)
        self.dialog.given.connect(lambda reason: self._void(paper, reason))
        self.dialog.open()

    def _void(self, paper: Issued, reason: str) -> None:
        page = self.page

        def work(_progress: jobs.Progress) -> Issued:
            from union_desk.papers import voiding

            return voiding.void(page.session.store, paper, reason)

        jobs.run(page, work, lambda _gone: page.again(), lane=LANE)

    def ask_full(self) -> None:
        """Ask why numbers of persons are to print in full."""
        words = (
            "花名册上的证件号、电话本来只印头尾。印全的纸请妥善保管，用完收回；原因记入操作记录。"
        )
        self.dialog = ReasonDialog("证件号印全", words, "印全", self.page)
        self.dialog.given.connect(self._full)
        self.dialog.open()

    def _full(self, reason: str) -> None:
        page = self.page
        drawn, session = page.drawn, page.session
        if drawn is not None:
            jobs.run(
                page, lambda _progress: papers.full(session, drawn, reason), page.show_full,
                title="正在生成", lane=LANE,
            )  # fmt: skip

    def ask_other(self) -> None:
        """Offer what was issued before: printed again as it was, a voided paper under 作废."""
        drawn = self.page.drawn
        if drawn is not None and drawn.others:
            self.dialog = IssuedDialog(drawn.others, self.page)
            self.dialog.chosen.connect(self._show_other)
            self.dialog.open()

    def _show_other(self, paper: Issued) -> None:
        page = self.page

        def work(_progress: jobs.Progress) -> bytes:
            from union_desk.papers import issuing

            return issuing.reprint(page.session.store, paper)

        jobs.run(page, work, lambda pdf: page.show_issued(paper, pdf), lane=LANE)

    def print_shown(self) -> None:
        """Print what is shown: an issue, a draft with its watermark, a blank form."""
        page = self.page
        if page.drawn is None:
            return
        chosen = page._paper()
        name = chosen.title if chosen is not None else page.title
        paper = page.drawn.issued
        draft = page.drawn.about is not None and paper is None
        if paper is not None and not paper.live:
            name, paper = f"{name}（{paper.title}）", None
        sheet = Sheet(name, page.drawn.pdf, paper, draft=draft, copies=page.drawn.copies)
        dialog = open_dialog(page, page.session, [sheet], page.again)
        if dialog is not None:
            dialog.save.connect(page._save)
            dialog.open_elsewhere.connect(page._open_elsewhere)
            self.dialog = dialog

    def print_month(self) -> None:
        """打印本月全套."""
        print_month(self.page, self.page.session, self.page.again)

    def save_pictures(self, path: Path) -> None:
        """Save the edition without names as a picture a page: for chat groups and slides."""
        page = self.page
        drawn, session = page.drawn, page.session
        if drawn is None or not drawn.picture:
            return
        name = drawn.about.name if drawn.about is not None else page.title

        def work(_progress: jobs.Progress) -> list[Path]:
            from union_desk import files
            from union_desk.desktop import printers
            from union_desk.store import access

            access.printed(session.store, f"{name} PNG")
            pages = printers.pictures(papers.public(session, drawn))
            several = len(pages) > 1
            made = []
            for number, content in enumerate(pages, 1):
                target = path.with_stem(f"{path.stem}-{number}") if several else path
                files.write_durable(target, content, mode=0o644)
                made.append(target)
            return made

        def done(made: list[Path]) -> None:
            page.context = f"已存为图片 {len(made)} 张：{made[0]}"
            page.head_changed.emit()

        jobs.run(page, work, done, title="正在生成图片", lane=LANE)

    def print_batch(self) -> None:
        """Print the sheets of all records of the period, a notice to each unit, or blank forms."""
        page = self.page
        paper = page._paper()
        if paper is None:
            return
        if paper.group == papers.BLANKS:
            self.dialog = dialog = BlankDialog(page, paper.name)
            dialog.open()
            return
        session, kind = page.session, page.period_kind or "month"
        copies = page.drawn.copies if page.drawn is not None else 1

        def work(progress: jobs.Progress) -> list[Sheet]:
            from union_desk.papers import addressing, issuing, monthly

            store = session.store
            if paper.notice:
                about = papers.subject(session, paper, kind, None)
                made = addressing.issue_each(store, about, progress)
            else:
                uids = papers.uids_of_period(session, paper.form, kind)
                wanted = [papers.subject(session, paper, kind, uid) for uid in uids]
                made = monthly.issue_set(store, wanted, progress)
            return [
                Sheet(paper.title, issuing.reprint(store, item), item, copies=copies)
                for item in made
            ]

        def show(sheets: list[Sheet]) -> None:
            page.again()
            open_dialog(page, session, sheets, page.again)

        jobs.run(page, work, show, title=f"正在出具“{paper.title}”", lane=LANE)


class BlankDialog(WorkDialog):
    """How many blank forms; their numbers go on where the last batch ended."""

    def __init__(self, page: PrintPage, name: str) -> None:
        super().__init__("批量打印空白表", "下一步", page)
        self._page, self._name = page, name
        self.count = QLineEdit("10")
        words = "每张上印第几张，接着上一批往下数"
        self.body.addWidget(Labelled("印几张", self.count, required=True, hint=words))
        self.act.clicked.connect(self._draw)

    def _draw(self) -> None:
        text = self.count.text().strip()
        if not text.isdecimal() or not 1 <= int(text) <= MOST_BLANKS:
            self.refuse(f"请写 1 到 {MOST_BLANKS} 的数。")
            return
        session, name, count = self._page.session, self._name, int(text)
        page = self._page

        def work(progress: jobs.Progress) -> list[Sheet]:
            from union_desk.papers import blanks

            made = blanks.batch(session.store, name, session.as_of, count, progress)
            return [Sheet(title_, pdf) for title_, pdf in made]

        def show(sheets: list[Sheet]) -> None:
            self.accept()
            open_dialog(page, session, sheets)

        self.act.setEnabled(False)
        jobs.run(self, work, show, title="正在生成空白表", lane=LANE)
