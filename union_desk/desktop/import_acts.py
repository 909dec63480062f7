"""What can be done with a sheet in the preview: paste, choose a file, explain, take in, undo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFileDialog

from union_desk.desktop import import_check, import_sheet, jobs, remembered
from union_desk.desktop.navigation import Route
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.rule_dialog import RuleDialog
from union_desk.desktop.undo_notice import UndoNotice, refresh_desk
from union_desk.taskpack import period as periods

if TYPE_CHECKING:
    from union_desk.desktop.import_page import ImportPage
    from union_desk.desktop.import_sheet import ImportSheet
    from union_desk.desktop.jobs import Progress
    from union_desk.store.full_check import RuleFindings
    from union_desk.store.intake import PutResult

SHEETS = "表格 (*.xlsx *.csv)"
_REASON = "检查结果"


class ImportActs(QObject):
    """The acts of a preview; what reads files or writes runs in a worker."""

    def __init__(self, page: ImportPage) -> None:
        super().__init__(page)
        self.page = page
        self.file_name = ""
        """Of the file that was read; empty for a block that was pasted."""

    # --- where a sheet comes from ------------------------------------------------------------

    def paste(self) -> None:
        """Take the block that was copied in a spreadsheet program."""
        self.take_text(QApplication.clipboard().text())

    def take_text(self, text: str) -> None:
        """Show a copied block; say so where there is none."""
        page = self.page
        cells = import_sheet.pasted(text)
        if not cells:
            page.notice.say(
                "剪贴板里没有表格：请先在 Excel 或 WPS 里选中，按 Ctrl+C。", tone="warn"
            )
            return
        self.file_name = ""
        self._show(import_sheet.from_cells(page.form, cells))

    def ask_for_file(self) -> None:
        """Ask for a file."""
        name, _ = QFileDialog.getOpenFileName(self.page, "选择表格", str(Path.home()), SHEETS)
        if name:
            self.read_file(Path(name))

    def read_file(self, path: Path) -> None:
        """Read a file in a worker and show it."""
        page = self.page
        self.file_name = path.name

        def read(_progress: Progress) -> ImportSheet:
            from union_desk import excel

            tables = excel.read_tables(path)
            main, details = excel.choose(tables, page.form, page.session.pack)
            return import_sheet.from_table(page.form, main, details)

        jobs.run(page, read, self._show, title="正在读表格")

    def _show(self, sheet: ImportSheet) -> None:
        """Show a sheet, its columns laid as they were the last time such a header came."""
        page = self.page
        known = remembered.read(page.session, self._name(sheet))
        if isinstance(known, list) and len(known) == len(sheet.titles):
            fields = {*page.form.by_id, "uid", "unit", "period", ""}
            sheet.mapping = [name if name in fields else "" for name in known]
        page.show_sheet(sheet)

    def _name(self, sheet: ImportSheet) -> str:
        return f"columns:{sheet.form.id}:{'|'.join(sheet.titles)}"

    def remember(self, sheet: ImportSheet) -> None:
        """Keep how the columns of such a header are laid."""
        remembered.keep(self.page, self.page.session, self._name(sheet), sheet.mapping)

    # --- explaining --------------------------------------------------------------------------

    def explain(self) -> None:
        """Ask for the reason of each rule that warns."""
        from union_desk.store import full_check

        page = self.page
        rules = full_check.by_rule(page.session.store, page.checked.warnings)
        dialog = RuleDialog(rules, page.session.pack, page)
        dialog.explained.connect(self._explained)
        dialog.finished.connect(lambda _result: page.table.setFocus())
        dialog.open()

    def ask_reason(self) -> None:
        """Ask why records are corrected that have been sent."""
        count = self.page.checked.corrections
        words = f"{count} 行是已报送的记录，改动就是更正。请写明原因："
        dialog = ReasonDialog("更正的原因", words, "记下", self.page)
        dialog.given.connect(self._reason_given)
        dialog.open()

    def _reason_given(self, text: str) -> None:
        self.page.reason = text
        self.page.check()

    def _explained(self, rule: RuleFindings, text: str) -> None:
        self.page.explanations[rule.code] = text
        self.page.check()

    # --- taking in ---------------------------------------------------------------------------

    def take_in(self) -> None:
        """Take the good rows in as confirmed and the rest as drafts, by one act with one undo."""
        page = self.page
        sheet = page.sheet
        if sheet is None:
            return
        if page.prior:
            self._keep_prior(sheet)
            return
        session, reasons, reason = page.session, dict(page.explanations), page.reason
        chosen = page.chosen()
        page.take.setEnabled(False)

        def work(progress: Progress) -> PutResult:
            from union_desk.store import backups

            if not session.store.demo:
                backups.before(session.store, "import")
            return import_check.put(
                session, sheet, reasons, chosen, progress, dry_run=False, reason=reason
            )

        jobs.run(page, work, self._taken_in, title="正在导入", lane="write")

    def _taken_in(self, done: PutResult) -> None:
        from union_desk.store import undoing

        page = self.page
        if done.refused:
            page.check()
            return
        store, back = page.session.store, done.undo
        parts = [f"新增 {done.added} 条", f"更新 {done.updated} 条"]
        parts += [f"{done.drafts} 条存为草稿"] if done.drafts else []
        window, refresh = page.window(), refresh_desk(page)
        page.changed.emit()
        page.opened.emit(Route("ledger", form=page.form.id))

        def take_back() -> None:
            if back is not None:
                with store.write() as transaction:
                    undoing.undo(transaction, back)

        UndoNotice(window, f"已导入：{'，'.join(parts)}", take_back, refresh)

    def _keep_prior(self, sheet: ImportSheet) -> None:
        """Keep the figures of last year's sheet, to be shown beside the fields."""
        page = self.page
        session, form, name = page.session, page.form, self.file_name
        period = periods.same_last_year(session.period(form.filing)).id
        if form.kind == "ledger":
            period = f"{session.pack.year - 1:04}Y"

        def work(_progress: Progress) -> int:
            from union_desk.store import prior_figures

            with session.store.write() as transaction:
                return prior_figures.load(
                    transaction, form, sheet.table(), period=period, unit=session.unit, file=name
                )

        def done(count: int) -> None:
            window = page.window()
            page.opened.emit(Route("ledger", form=form.id))
            title = periods.Period.parse(period).title
            UndoNotice.say(window, f"已存为{title}的对照数 {count} 行，填表时显示在旁边")

        jobs.run(page, work, done, title="正在存对照数", lane="write")

    # --- sheets out --------------------------------------------------------------------------

    def ask_where_template(self) -> None:
        """Ask where the empty sheet of the form is to be saved."""
        name = self._where(f"{self.page.form.title}模板.xlsx")
        if name:
            self.write_template(Path(name))

    def write_template(self, path: Path) -> None:
        """Write the empty sheet of the form in a worker."""
        page = self.page

        def write(_progress: Progress) -> Path:
            from union_desk.excel import template

            template.template(page.form, page.session.pack, path)
            return path

        jobs.run(page, write, self._written, title="正在写模板")

    def ask_where_bad_rows(self) -> None:
        """Ask where the rows in trouble are to be saved."""
        name = self._where(f"{self.page.form.title}问题行.xlsx")
        if name:
            self.write_bad_rows(Path(name))

    def write_bad_rows(self, path: Path) -> None:
        """Write the rows in trouble as they came, the reason beside each."""
        page = self.page
        sheet = page.sheet
        if sheet is None:
            return
        rows = [
            [*("" if cell is None else str(cell) for cell in sheet.rows[place]), verdict.words]
            for place, verdict in page.checked.verdicts.items()
            if verdict.state != import_check.FINE
        ]
        titles = [*sheet.titles, _REASON]

        def write(_progress: Progress) -> Path:
            from union_desk import excel

            excel.write_tables(path, {"问题行": (titles, rows)})
            return path

        jobs.run(page, write, self._written, title="正在写表格")

    def _written(self, path: Path) -> None:
        UndoNotice.say(self.page.window(), f"已存为 {path.name}")

    def _where(self, name: str) -> str:
        chosen, _ = QFileDialog.getSaveFileName(
            self.page, "另存为 Excel", str(Path.home() / name), "Excel 表格 (*.xlsx)"
        )
        return chosen
