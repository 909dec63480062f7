"""报送记录: every file that was written, and what became of it; green only on a signed receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from union_desk.bundle.delivery import WAYS
from union_desk.desktop import jobs, sent_words, slips, theme
from union_desk.desktop.backup_words import local
from union_desk.desktop.chip_row import ChipRow
from union_desk.desktop.export_page import AGAIN, AGAIN_DOWN
from union_desk.desktop.navigation import Route
from union_desk.desktop.nothing import Nothing, NothingHere
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import Page, button, column, elided, frame, label, row
from union_desk.desktop.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session
    from union_desk.store.deliveries import Delivery, PacketLine

_COLUMNS = (
    Column("时间", 140),
    Column("文件", 250, weight=3),
    Column("收件单位", 130, weight=2),
    Column("方式", 90),
    Column("送交人", 80),
    Column("记录", 66, right=True),
    Column("状态", 104, pill=True),
)
_TONES = {"written": "primary", "received": "ok", "returned": "warn"}
_CHIPS = (("", "全部"), ("written", "已写出"), ("received", "已收到"), ("returned", "被退回"))
_NEXT = {
    "written": "还没有回执。收件单位装入后会给回执文件，在“装入”里装入它，这里就变绿。",
    "received": "收件单位的回执已到，签名核对过。",
    "returned": "里面有记录被退回：到台账里看退回意见，改好确认后再报送。",
}
_MOST_PACKETS = 4
_NOTHING_YET = Nothing(
    "history",
    "还没有报送过",
    "报送以后，每个文件写给谁、怎样送去、有没有回执都在这里；\n没有回执的，一点就再写一份。",
    (("export", "去报送", "secondary"),),
)


@dataclass(frozen=True, slots=True)
class _Listed:
    """All files, and the packets of those that are looked at."""

    files: tuple[Delivery, ...]
    packets: dict[str, tuple[PacketLine, ...]]
    lacking: str = ""
    """What the parent's receipt says that it lacks."""


class SentPage(Page):
    """A table of files; below it the one the cursor stands on."""

    title = "报送记录"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = "每个文件写给谁、怎样送去、有没有回执"
        self._files: tuple[Delivery, ...] = ()
        self._shown: list[Delivery] = []
        self._packets: dict[str, tuple[PacketLine, ...]] = {}
        outer = column(self, gap=12, margins=(26, 10, 26, 16))
        self.stack = QStackedWidget()
        outer.addWidget(self.stack)
        self.stack.addWidget(self._empty())
        self.stack.addWidget(self._list())
        self.take = button("装入回执…", icon="inbox")
        self.take.clicked.connect(lambda: self.opened.emit(Route("inbox")))
        self.paper = button("打印清单", icon="printer")
        self.paper.clicked.connect(lambda: slips.show_register(self, self.session))

    def head_buttons(self) -> list[QWidget]:
        """Return 装入回执 and 打印清单."""
        return [self.take, self.paper]

    def first_focus(self) -> QWidget:
        """Return the table."""
        return self.table if self._files else self.empty.first or self.empty

    def _empty(self) -> QWidget:
        card = frame("card")
        self.empty = NothingHere()
        self.empty.tell(_NOTHING_YET)
        self.empty.asked.connect(lambda kind: self.opened.emit(Route(kind)))
        column(card).addWidget(self.empty)
        return card

    def _list(self) -> QWidget:
        whole = QWidget()
        outer = column(whole, gap=10)
        self.lacking = NoticeBar()
        outer.addWidget(self.lacking)
        self.filter = ChipRow(_CHIPS)
        self.filter.chosen.connect(self._choose)
        outer.addWidget(self.filter)
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.table = RowTable("报送记录", _COLUMNS)
        self.table.moved.connect(self._show_one)
        inner.addWidget(self.table)
        outer.addWidget(card, 1)
        outer.addWidget(self._one())
        return whole

    def _one(self) -> QWidget:
        card = frame("card")
        card.setMinimumHeight(theme.px(150))
        inner = column(card, gap=6, margins=(20, 12, 20, 12))
        line = row(gap=8)
        self._name = label("", "strong")
        line.addWidget(self._name, 1)
        self.slip = button("打印交接单", icon="printer")
        self.slip.clicked.connect(self._print_slip)
        line.addWidget(self.slip)
        self.again = button("再写一份", role="primary", icon="refresh")
        self.again.clicked.connect(self._write_again)
        line.addWidget(self.again)
        inner.addLayout(line)
        self._digest = elided("", "note")
        self._held = label("", "note", wrap=True)
        self._next = label("", wrap=True)
        for made in (self._digest, self._held, self._next):
            inner.addWidget(made)
        return card

    # --- what is shown ---------------------------------------------------------------------

    def entered(self) -> None:
        """Read the list anew."""
        session = self.session

        def work(_progress: Progress) -> _Listed:
            from union_desk.store import deliveries

            with session.store.read() as connection:
                found = deliveries.listed(connection, session.store)
                packets = {
                    item.uid: tuple(deliveries.packets(connection, session.store, item))
                    for item in found[:200]
                }
            return _Listed(tuple(found), packets, sent_words.lacking(session.store))

        jobs.run(self, work, self._show)

    def _show(self, found: _Listed) -> None:
        self._files, self._packets = found.files, found.packets
        self.paper.setEnabled(bool(self._files))
        self._show_lacking(found.lacking)
        self.stack.setCurrentIndex(1 if self._files else 0)
        self.filter.show_counts({
            state: sum(not state or item.state == state for item in self._files)
            for state, _ in _CHIPS
        })  # fmt: skip
        self._choose(self.filter.key)
        self.first_focus().setFocus()

    def _choose(self, state: str) -> None:
        self._shown = [item for item in self._files if not state or item.state == state]
        self.table.show_rows([self._row(item) for item in self._shown])

    def _show_lacking(self, words: str) -> None:
        if not words:
            self.lacking.quiet()
            return
        again = Route("export", text=AGAIN)
        self.lacking.say(
            words, tone="warn", actions=(("再写一份", lambda: self.opened.emit(again)),)
        )

    def _row(self, item: Delivery) -> Row:
        way = WAYS.get(item.way, item.way)
        cells = (
            local(item.at), item.name, self._reader(item), way, item.carrier,
            f"{item.records:,}", slips.state_words(item),
        )  # fmt: skip
        return Row(cells, _TONES[item.state])

    @staticmethod
    def _reader(item: Delivery) -> str:
        return "各下级单位" if item.reader == "children" else item.reader_name

    def _show_one(self, place: int) -> None:
        known = 0 <= place < len(self._shown)
        self.slip.setEnabled(known)
        self.again.setEnabled(known)
        if not known:
            for made in (self._name, self._digest, self._held, self._next):
                made.setText("")
            return
        item = self._shown[place]
        verified = "已写入并核对" if item.verified else "没有核对"
        self._name.setText(f"{item.name}　{verified}")
        self._digest.setText(f"校验值 {_groups(item.sha256)}")
        lines = self._packets.get(item.uid, ())
        names = "、".join(line.name for line in lines[:_MOST_PACKETS])
        more = f" 等 {len(lines)} 个" if len(lines) > _MOST_PACKETS else ""
        self._held.setText(f"数据包 {names}{more}；写出人 {item.person}" if lines else "")
        self._next.setText(_NEXT[item.state])

    # --- acts ------------------------------------------------------------------------------

    def _item(self) -> Delivery | None:
        place = self.table.place()
        return self._shown[place] if 0 <= place < len(self._shown) else None

    def _print_slip(self) -> None:
        item = self._item()
        if item is not None:
            slips.show_slips(self, self.session, [item.sha256])

    def _write_again(self) -> None:
        item = self._item()
        if item is not None:
            up = item.reader == self.session.store.parent
            self.opened.emit(Route("export", text=AGAIN if up else AGAIN_DOWN))


def _groups(digest: str) -> str:
    return " ".join(digest[n : n + 4] for n in range(0, len(digest), 4)).upper()
