"""离岗交接 on one page: who comes, a new password, what is unfinished, a list to sign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit, QWidget

from union_desk.desktop import faults, jobs, theme
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, label
from union_desk.desktop.pending_work import pending
from union_desk.desktop.work_dialog import WorkDialog, pair_trouble
from union_desk.errors import UserError

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.reports.office_paper import Listed


class HandoverDialog(WorkDialog):
    """The leaver fills it in together with the successor."""

    handed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__("离岗交接", "完成交接", parent)
        self._session = session
        self.leaver = session.person
        self._listed: tuple[Listed, ...] = ()
        words = f"{session.person}的角色和草稿转给接收人；交接后，{session.person}的口令作废。"
        self.body.addWidget(label(words, wrap=True))
        self.name = QLineEdit()
        self.body.addWidget(Labelled("接收人姓名", self.name, required=True))
        self.password = self.secret("接收人的口令", hint="由接收人自己输入，至少 6 位")
        self.again = self.secret("再输一次")
        self.list = QPlainTextEdit()
        self.list.setReadOnly(True)
        self.list.setTabChangesFocus(True)
        self.list.setFixedHeight(theme.px(170))
        self.body.addWidget(Labelled("未办完的事", self.list))
        self.save = button("保存交接单…", icon="device-floppy")
        self.save.setEnabled(False)
        self.save.clicked.connect(self._ask_where)
        self.foot.insertWidget(0, self.save)
        self.act.clicked.connect(self._hand_over)
        self.name.setFocus()
        jobs.run(self, lambda _progress: pending(session), self._show, self._failed)

    def _show(self, found: tuple[Listed, ...]) -> None:
        self._listed = found
        blocks = ("\n".join((part.heading, *(part.lines or (part.none,)))) for part in found)
        self.list.setPlainText("\n\n".join(blocks))
        self.save.setEnabled(True)

    def _failed(self, error: UserError) -> None:
        self.refuse(f"{error.sentence}{error.step}")

    def _ask_where(self) -> None:
        start = str(Path.home() / "离岗交接单.pdf")
        chosen, _ = QFileDialog.getSaveFileName(self, "保存交接单", start, "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the list to sign to `path`."""
        from union_desk import files
        from union_desk.reports import office_paper
        from union_desk.store import transaction

        store = self._session.store
        paper = office_paper.OfficePaper(
            "离岗交接单", store.unit, store.unit_name, transaction.now(),
            facts=(
                ("单位", f"{store.unit_name}（{store.unit}）"),
                ("移交人", self.leaver),
                ("接收人", " ".join(self.name.text().split())),
                ("数据位置", "本机，已加密"),
            ),
            lists=self._listed,
            signatures=("移交人签字", "接收人签字", "负责人签字", "日期"),
        )  # fmt: skip
        try:
            files.write_durable(path, office_paper.render(paper), mode=0o644)
        except UserError as error:
            faults.report(error, self)

    def _hand_over(self) -> None:
        trouble = pair_trouble(self.password.text(), self.again.text())
        name = " ".join(self.name.text().split())
        if not name:
            trouble = "请填写接收人姓名。"
        if trouble:
            self.refuse(trouble)
            return
        from union_desk.store import passwords

        word = self.password.text()
        self.work(lambda: passwords.hand_over(self._session.store, name, word), self._done)

    def _done(self) -> None:
        self.accept()
        self.handed.emit()
