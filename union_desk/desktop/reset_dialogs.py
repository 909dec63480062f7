"""What an upper office does for a unit that forgot its password: its recovery key, the answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from union_desk.desktop import faults, theme
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, label, row
from union_desk.desktop.peer_dialogs import TypedLine
from union_desk.desktop.work_dialog import WorkDialog
from union_desk.errors import UserError

if TYPE_CHECKING:
    from union_desk.reports.office_paper import OfficePaper
    from union_desk.store.resetting import Request
    from union_desk.store.transaction import Store

_LIMIT = 1 << 16


class RecoveryKeyDialog(WorkDialog):
    """Makes this office's recovery key and saves it once, for the safe."""

    def __init__(self, store: Store, parent: QWidget) -> None:
        super().__init__("恢复钥匙", "制作并保存…", parent)
        self._store = store
        words = (
            "下级单位忘记口令、请本单位协助时，要用恢复钥匙。它只在制作时保存一次："
            "存到 U 盘或打印出来，锁进保险柜；程序里不留。"
            "做好后，下级单位装入新的通知文件，就可以请本单位协助。"
        )
        self.body.addWidget(label(words, wrap=True))
        with store.read() as connection:
            from union_desk.store import setting_rows

            before = setting_rows.read(connection, "recovery_key_at")
        if before:
            told = f"{before[:10]} 已经做过一把。重新做，旧的等下级都装入新的通知文件后才能销毁。"
            self.body.addWidget(label(told, "caution", wrap=True))
        self.act.clicked.connect(self._ask_where)

    def _ask_where(self) -> None:
        start = str(Path.home() / "恢复钥匙.pdf")
        chosen, _ = QFileDialog.getSaveFileName(
            self, "保存恢复钥匙", start, "PDF (*.pdf);;文本 (*.txt)"
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Make the key and write its paper to `path`."""
        if path.suffix.lower() not in (".pdf", ".txt"):
            path = path.with_name(path.name + ".pdf")
        self.work(lambda: self._make(path))

    def _make(self, path: Path) -> None:
        from union_desk import files
        from union_desk.reports import office_paper
        from union_desk.store import escrow, recovering, transaction

        store = self._store
        recovering.check_sheet_place(store.folder, path)
        if not path.parent.is_dir():
            files.existing_folder(str(path.parent))
        made = escrow.new_recovery_key()
        paper: OfficePaper = office_paper.recovery_key(
            store.unit,
            store.unit_name,
            transaction.now(),
            escrow.digits(made.recipient),
            made.secret,
        )
        plain = path.suffix.lower() == ".txt"
        content = (
            office_paper.text(paper).encode("utf-8-sig") if plain else office_paper.render(paper)
        )
        files.write_durable(path, content)
        escrow.keep_recovery_key(store, made.recipient)


class AnswerDialog(WorkDialog):
    """A unit's request, compared by telephone, answered with the recovery key."""

    def __init__(self, store: Store, parent: QWidget) -> None:
        super().__init__("答复重设口令的申请", "写出答复…", parent)
        self._store = store
        self._content = b""
        self._request: Request | None = None
        words = "下级单位忘记口令时会送来一个申请文件。请打电话给该单位，请对方念出申请上的核对码。"
        self.body.addWidget(label(words, wrap=True))
        line = row(gap=12)
        choose = button("选申请文件…")
        choose.clicked.connect(self._choose)
        self.who = label("还没有选文件", "second", wrap=True)
        line.addWidget(choose)
        line.addWidget(self.who, 1)
        self.body.addLayout(line)
        self.digits = TypedLine()
        hint = "电话里对方念的 12 位数字，照着输入"
        self.body.addWidget(Labelled("核对码", self.digits, required=True, hint=hint))
        self.key = QPlainTextEdit()
        self.key.setFixedHeight(theme.px(72))
        self.key.setTabChangesFocus(True)
        self._key_line = Labelled(
            "恢复钥匙", self.key, required=True, hint="照保险柜里那张纸输入，或从 U 盘读"
        )
        self.body.addWidget(self._key_line)
        read = button("从文件读…", role="link")
        read.clicked.connect(self._read_key)
        self.body.addWidget(read, 0, Qt.AlignmentFlag.AlignLeft)
        self.act.clicked.connect(self._ask_where)
        self.setMinimumWidth(theme.px(600))

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选申请文件", str(Path.home()))
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Read a request and say whose it is."""
        from union_desk import files
        from union_desk.store import resetting, units

        try:
            content = files.read_file(path, limit=_LIMIT)
            request = resetting.read_request(content)
        except UserError as error:
            self.refuse(f"{error.sentence}{error.step}")
            return
        self._content, self._request = content, request
        with self._store.read() as connection:
            name = units.of_store(connection, self._store).name(request.unit)
        self.who.setText(f"{name}（{request.unit}），{request.login}")
        self.refuse("")

    def _read_key(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "恢复钥匙", str(Path.home()), "文本 (*.txt)")
        if chosen:
            self.read_key(Path(chosen))

    def read_key(self, path: Path) -> None:
        """Take the recovery key from its text file."""
        from union_desk import files

        try:
            content = files.read_file(path, limit=_LIMIT)
            self.key.setPlainText(content.decode("utf-8-sig", "replace"))
        except UserError as error:
            faults.report(error, self)

    def _ask_where(self) -> None:
        if self._request is None:
            self.refuse("请先选申请文件。")
            return
        start = str(Path.home() / f"重设口令答复-{self._request.unit}.udreply")
        chosen, _ = QFileDialog.getSaveFileName(self, "写出答复", start)
        if chosen:
            self.answer_to(Path(chosen))

    def answer_to(self, path: Path) -> None:
        """Write the answer; it opens at the unit alone, once."""
        text, typed = self.key.toPlainText(), self.digits.text()
        self.work(lambda: self._answer(path, text, typed))

    def _answer(self, path: Path, text: str, typed: str) -> None:
        from union_desk.store import escrow, resetting

        secret = escrow.read_recovery_key(text)
        resetting.answer(self._store, self._content, typed, secret, path)
