"""What leaves a ledger: a sheet of what is shown or chosen, the chosen records on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from union_desk.desktop import faults, jobs, ledger_store, papers, print_acts
from union_desk.desktop.pdf_elsewhere import open_pdf
from union_desk.desktop.print_dialog import Sheet
from union_desk.desktop.sheet_dialog import SheetDialog
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.errors import UserError

if TYPE_CHECKING:
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.ledger_page import LedgerPage
    from union_desk.desktop.ledger_view import View

MOST_ON_PAPER = 5_000
LANE = "write"


class LedgerOut(QObject):
    """The ways out of a ledger page; all of them run in a worker."""

    def __init__(self, page: LedgerPage) -> None:
        super().__init__(page)
        self.page = page

    # --- sheets ------------------------------------------------------------------------------

    def save_sheet(self) -> None:
        """Save what is shown as a sheet, every field a column."""
        self._save(self.page.view, self.page.form.title)

    def save_chosen(self) -> None:
        """Save the chosen records as a sheet."""
        self._save(self.page.model.picked_view(), f"{self.page.form.title}（所选）")

    def _save(self, view: View | None, title: str) -> None:
        if view is None:
            return
        from union_desk.store import access

        page = self.page
        if not access.private(page.session.store, page.form.id):
            self._ask_place(view, title, None)
            return
        dialog = SheetDialog(title, page)
        dialog.given.connect(lambda reason: self._ask_place(view, title, reason))
        dialog.open()

    def _ask_place(self, view: View, title: str, full: str | None) -> None:
        kinds = "Excel 表格 (*.xlsx);;CSV (*.csv)"
        name, _ = QFileDialog.getSaveFileName(self.page, "另存为 Excel", f"{title}.xlsx", kinds)
        if name:
            self.write_sheet(Path(name), view, full=full)

    def write_sheet(self, path: Path, view: View | None = None, *, full: str | None = None) -> None:
        """Write a sheet in a worker: of a view, else of what is shown.

        :param full: why sensitive values stand in it in full; None: they are masked.
        """
        page = self.page
        shown, reader = view or page.view, page.reader
        if shown is None:
            return

        from union_desk.store import access

        def work(progress: Progress) -> Path:
            access.filed(page.session.store, page.form.id, path.name, full=full)
            return ledger_store.write_sheet(
                path, shown, reader, page.form, progress, masked=full is None
            )

        def done(written: Path) -> None:
            UndoNotice.say(page.window(), f"已存为 {written.name}，{shown.count:,} 条")

        jobs.run(page, work, done, title="正在写表格")

    # --- paper -------------------------------------------------------------------------------

    def print_chosen(self) -> None:
        """Print the chosen records as a roster, or the record under the cursor as its sheet."""
        page = self.page
        view = page.model.picked_view()
        if view is None:
            return
        count = page.model.picked_count
        if count > MOST_ON_PAPER:
            words = f"选了 {count:,} 条，一次最多打印 {MOST_ON_PAPER:,} 条。"
            faults.report(UserError("D742", words, "请先筛选，或在“汇总与打印”里印整册。"), page)
            return
        session, form = page.session, page.form

        def work(progress: Progress) -> Sheet:
            uids = [row.uid for row in view.listing.page(0, view.count)]
            title = f"{form.title}（所选 {len(uids)} 条）"
            return Sheet(title, papers.roster_of(session, form.id, uids, progress))

        jobs.run(page, work, self._show, title="正在生成", lane=print_acts.LANE)

    def _show(self, sheet: Sheet) -> None:
        page = self.page
        dialog = print_acts.open_dialog(page, page.session, [sheet])
        if dialog is not None:
            dialog.save.connect(lambda: self._keep(sheet))
            dialog.open_elsewhere.connect(lambda: self._elsewhere(sheet))

    def _elsewhere(self, sheet: Sheet) -> None:
        from union_desk.store import access

        page, store = self.page, self.page.session.store

        def done(_noted: None) -> None:
            open_pdf(store, f"{sheet.title}.pdf", sheet.pdf, page)

        jobs.run(page, lambda _progress: access.printed(store, sheet.title), done, lane=LANE)

    def _keep(self, sheet: Sheet) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self.page, "另存 PDF", f"{sheet.title}.pdf", "PDF (*.pdf)"
        )
        if name:
            self.keep_paper(Path(name), sheet)

    def keep_paper(self, path: Path, sheet: Sheet) -> None:
        """Write a paper to a place of one's choice, and note that it leaves the program."""
        from union_desk import files
        from union_desk.store import access

        page = self.page

        def work(_progress: Progress) -> Path:
            access.printed(page.session.store, sheet.title)
            files.write_durable(path, sheet.pdf, mode=0o644)
            return path

        def done(written: Path) -> None:
            UndoNotice.say(page.window(), f"已存为 {written.name}")

        jobs.run(page, work, done, lane=LANE)
