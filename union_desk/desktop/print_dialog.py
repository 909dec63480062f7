"""打印: which printer, how many, which pages, both sides; then whether it is right on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from union_desk.desktop import jobs, printers, theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, column, label, scrolled
from union_desk.desktop.work_dialog import WorkDialog
from union_desk.papers import habits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session
    from union_desk.errors import UserError
    from union_desk.store.issued import Issued

MOST_COPIES = 99
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper to print: its name, its bytes, its issue.

    Without an issue it is a draft, a blank form, or one that does not stand any more: nothing is
    written down about it.
    """

    title: str
    pdf: bytes
    issued: Issued | None = None
    draft: bool = False
    copies: int = 1
    """How many are wanted of it, where nobody has chosen yet."""


class PrintDialog(WorkDialog):
    """Prints papers as one job and asks afterwards whether they are right on paper."""

    finished_well = Signal()
    """Something was written down about the papers."""
    save = Signal()
    open_elsewhere = Signal()

    def __init__(self, session: Session, sheets: Sequence[Sheet], parent: QWidget) -> None:
        super().__init__("打印", "打印", parent)
        self.session = session
        self.sheets = tuple(sheets)
        self.boxes: list[QCheckBox] = []
        self._order: printers.Order | None = None
        self.body.addWidget(label(self._what(), "strong", wrap=True))
        self._ways = QWidget()
        inner = column(self._ways, gap=10)
        self.printer = Chooser("打印机")
        self.copies, self.pages = QLineEdit("1"), QLineEdit()
        self.pages.setPlaceholderText("全部；或写 2-3")
        self.duplex = QCheckBox("两面打印")
        inner.addWidget(Labelled("打印机", self.printer))
        inner.addWidget(Labelled("份数", self.copies))
        self._pages = Labelled("页码", self.pages)
        inner.addWidget(self._pages)
        self._pages.setVisible(len(self.sheets) == 1)
        self.duplex.setAccessibleName(self.duplex.text())
        inner.addWidget(self.duplex)
        self._by_hand = label(
            "这台打印机不会自动两面印：请先印单面，翻过来再印另一面。", "hint", wrap=True
        )
        inner.addWidget(self._by_hand)
        self.body.addWidget(self._ways)
        self.elsewhere = button("在别处打印", tip="已用 U 盘等拿到别的电脑上印好")
        self.elsewhere.clicked.connect(self._printed_elsewhere)
        self.foot.insertWidget(0, self.elsewhere)
        self.elsewhere.setVisible(bool(self._issued()))
        self.act.clicked.connect(self._print)
        self.printer.currentIndexChanged.connect(self._chosen)
        self._fill(printers.names())
        self._offer(habits.read(session.store, self._title))

    @property
    def _title(self) -> str:
        """What the last choice is remembered by: the paper, or the set of a month."""
        titles = {sheet.title for sheet in self.sheets}
        return self.sheets[0].title if len(titles) == 1 else "本月全套"

    def _offer(self, last: habits.Habit | None) -> None:
        """Offer what was chosen the last time, else the copies that the papers ask for."""
        self.copies.setText(str(last.copies if last else min(s.copies for s in self.sheets)))
        place = self.printer.findData(last.printer) if last else -1
        if last is not None and place >= 0:
            self.printer.setCurrentIndex(place)
            self._chosen()
            self.duplex.setChecked(last.duplex and self.duplex.isEnabled())

    def _what(self) -> str:
        titles = [sheet.title for sheet in self.sheets]
        more = f"等 {len(titles)} 份" if len(titles) > _SHOWN else ""
        drafts = any(sheet.draft for sheet in self.sheets)
        told = "；未正式出具的印出来带“草稿”字样" if drafts else ""
        return "、".join(titles[:_SHOWN]) + more + told

    def _issued(self) -> list[Issued]:
        return [sheet.issued for sheet in self.sheets if sheet.issued is not None]

    def _fill(self, names: Sequence[str]) -> None:
        for name in names:
            self.printer.addItem(name, name)
        if names:
            self._chosen()
            return
        self._ways.hide()
        self.act.hide()
        self.body.addWidget(label("这台电脑上没有打印机。可以用下面的办法：", "", wrap=True))
        for words, signal in (("另存 PDF", self.save), ("用系统程序打开", self.open_elsewhere)):
            made = button(words)
            made.clicked.connect(self.reject)
            made.clicked.connect(signal)
            made.setVisible(len(self.sheets) == 1)
            self.body.addWidget(made)
        if self._issued():
            words = "在别的电脑上印好以后，点“在别处打印”记下来。"
            self.body.addWidget(label(words, "note", wrap=True))

    def _chosen(self) -> None:
        offered = printers.both_sides(str(self.printer.currentData()))
        self.duplex.setEnabled(offered)
        self._by_hand.setVisible(not offered)
        if not offered:
            self.duplex.setChecked(False)

    # --- printing --------------------------------------------------------------------------

    def order(self) -> printers.Order | None:
        """Return what is asked for, or say what is wrong with it."""
        text = self.copies.text().strip()
        if not text.isdecimal() or not 1 <= int(text) <= MOST_COPIES:
            self.refuse(f"份数请写 1 到 {MOST_COPIES} 的数。")
            return None
        try:
            pages = printers.check_pages(self.pages.text())
        except printers.PrintError as error:
            self.refuse(f"{error.sentence}{error.step}")
            return None
        name = str(self.printer.currentData())
        return printers.Order(name, int(text), pages, self.duplex.isChecked())

    def _print(self) -> None:
        from union_desk.store import access

        order = self.order()
        if order is None:
            return
        self._order = order
        self.refuse("")
        self.act.setEnabled(False)
        store, papers = self.session.store, [sheet.pdf for sheet in self.sheets]
        title, chosen = self._title, habits.Habit(order.printer, order.copies, order.duplex)
        names = "、".join(sheet.title for sheet in self.sheets)[:200]

        def work(progress: jobs.Progress) -> None:
            access.printed(store, names)
            printers.send(order, papers, store.folder / "tmp", progress)
            habits.note(store, title, chosen)

        jobs.run(
            self, work, lambda _done: self._ask(), self._failed, title="正在打印", lane="print",
            cancelled=lambda: self.act.setEnabled(True),
        )  # fmt: skip

    def _failed(self, error: UserError) -> None:
        self.refuse(f"{error.sentence}{error.step}")

    def _ask(self) -> None:
        """Ask whether the papers are right: spooled is not printed."""
        if not self._issued():
            self.accept()
            return
        self.setWindowTitle("纸上打印正确吗？")
        self._ways.hide()
        self.elsewhere.hide()
        holder = QWidget()
        inner = column(holder, gap=2)
        inner.addWidget(label("请看纸上：字迹清楚、没有缺页的打勾。", "", wrap=True))
        for sheet in self.sheets:
            if sheet.issued is not None:
                box = QCheckBox(f"{sheet.title}　{sheet.issued.serial}")
                box.setAccessibleName(box.text())
                box.setChecked(True)
                self.boxes.append(box)
                inner.addWidget(box)
        area = scrolled(holder)
        area.setMinimumHeight(theme.px(min(36 * (len(self.boxes) + 1), 320)))
        self.body.addWidget(area)
        self.away.setText("不正确，以后再印")
        self.act.setText("是，记为已打印")
        self.act.setEnabled(True)
        self.act.clicked.disconnect(self._print)
        self.act.clicked.connect(self._right)
        self.act.setFocus()

    def _right(self) -> None:
        good = [
            paper for paper, box in zip(self._issued(), self.boxes, strict=True) if box.isChecked()
        ]
        if not good:
            self.reject()
            return
        copies = self._order.copies if self._order else 1
        self._note(good, copies, self._order.printer if self._order else "")

    def _printed_elsewhere(self) -> None:
        self._note(self._issued(), 1, "")

    def _note(self, papers: Sequence[Issued], copies: int, on: str) -> None:
        from union_desk.papers import signing_off

        store = self.session.store

        def do() -> object:
            where = on or signing_off.ELSEWHERE
            return signing_off.printed(store, papers, copies=copies, on=where)

        def done() -> None:
            self.accept()
            self.finished_well.emit()

        self.work(do, done)
