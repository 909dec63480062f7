"""Makes a recovery sheet: the code once on the screen, to be saved or copied by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from union_desk.desktop import faults, theme
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, label
from union_desk.desktop.work_dialog import WorkDialog
from union_desk.errors import UserError

if TYPE_CHECKING:
    from union_desk.reports.office_paper import OfficePaper
    from union_desk.store.transaction import Store


class RecoveryDialog(WorkDialog):
    """First says what it does; then shows the code until the sheet is kept."""

    def __init__(self, store: Store, parent: QWidget) -> None:
        super().__init__("恢复单", "制作恢复单", parent)
        self._store = store
        self._paper: OfficePaper | None = None
        self._words = label(
            "忘记口令时，用恢复单给管理员设新口令。恢复码只在这里显示一次；以前的恢复单作废。",
            wrap=True,
        )
        self.body.addWidget(self._words)
        self.code = label("", "title")
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setAccessibleName("恢复码")
        self.code.hide()
        self.body.addWidget(self.code)
        self.group = QLineEdit()
        self._group = Labelled("已手抄：输入最后一组 4 个字", self.group, hint="抄完核对一遍再输")
        self._group.hide()
        self.body.addWidget(self._group)
        self.save = button("存为文件…", icon="device-floppy")
        self.save.clicked.connect(self._ask_where)
        self.save.hide()
        self.foot.insertWidget(0, self.save)
        self.act.clicked.connect(self._go_on)
        self.setMinimumWidth(theme.px(600))

    def _go_on(self) -> None:
        from union_desk.store import passwords

        if self._paper is None:
            made: list[str] = []
            self.work(
                lambda: made.append(passwords.new_recovery_code(self._store)),
                lambda: self._show(made[0]),
            )
            return
        typed = "".join(self.group.text().split()).upper()
        if typed != self._paper.code.rsplit("-", 1)[-1]:
            self._group.set_error("与恢复码的最后一组不同，请对照手抄的核对。")
            self.group.setFocus()
            return
        self.work(lambda: passwords.recovery_kept(self._store, "copied"))

    def _show(self, code: str) -> None:
        from union_desk.reports import office_paper
        from union_desk.store import passwords, transaction

        store = self._store
        self._paper = office_paper.recovery_sheet(
            store.unit, store.unit_name, transaction.now(), passwords.key_id(store), code
        )
        groups = code.split("-")
        self.code.setText(f"{'-'.join(groups[:4])}-\n{'-'.join(groups[4:])}")
        self._words.setText("存成文件打印，或抄在纸上，装入信封封存。不要拍照。")
        for made in (self.code, self._group, self.save):
            made.show()
        self.act.setText("已手抄好")
        self.act.setEnabled(True)
        self.away.setText("关闭")
        self.group.setFocus()

    def _ask_where(self) -> None:
        start = str(Path.home() / "恢复单.pdf")
        kinds = "PDF (*.pdf);;文本 (*.txt)"
        chosen, _ = QFileDialog.getSaveFileName(self, "存为文件", start, kinds)
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the sheet to `path`, PDF or text, and end the reminder."""
        from union_desk import files
        from union_desk.reports import office_paper
        from union_desk.store import passwords, recovering

        if self._paper is None:
            return
        plain = path.suffix.lower() == ".txt"
        if not plain and path.suffix.lower() != ".pdf":
            path = path.with_name(path.name + ".pdf")
        paper = self._paper
        try:
            recovering.check_sheet_place(self._store.folder, path)
            content = (
                office_paper.text(paper).encode("utf-8-sig")
                if plain
                else office_paper.render(paper)
            )
            files.write_durable(path, content)
        except UserError as error:
            faults.report(error, self)
            return
        self.work(lambda: passwords.recovery_kept(self._store, "saved"))
