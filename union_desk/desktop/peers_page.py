"""上下级单位: whose computers are known, who waits, what to do; strips, cards, recovery keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QWidget,
)

from union_desk import workflow
from union_desk.desktop import jobs, key_slips, theme
from union_desk.desktop.backup_words import local
from union_desk.desktop.chip_row import ChipRow
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import Page, button, clear, column, frame, label, row
from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.bundle.exporting import Exported
    from union_desk.desktop.session import Session
    from union_desk.desktop.work_dialog import WorkDialog
    from union_desk.store.peer_listing import Office

_COLUMNS = (
    Column("单位", 210, weight=3),
    Column("填报端编号", 135),
    Column("是谁", 110),
    Column("状态", 100, pill=True),
    Column("怎样核对的", 105),
    Column("日期", 105),
    Column("开通码", 160, weight=1),
)
_TONES = {
    "trusted": "ok", "pending": "warn", "none": "plain", "retired": "plain", "revoked": "err",
    "refused": "err",
}  # fmt: skip
_CHIPS = (("", "全部"), ("pending", "待处理"), ("none", "未开通"), ("trusted", "已核对"))
_LOWER = ("child", "below")
_PARENT_WAITS = "请输入上级发的开通码，再装入上级的通知文件；没有开通码的，装入后输它的核对码。"
_NONE = "还没有收到它的数据。给它做开通码条，当面交；它首次使用时输入，以后双方自动核对。"
_STRIP_OUT = "开通码条已发出，等它输入开通码、报送数据，收到后自动核对。"
_TRUSTED = "已核对。它报送的数据会自动装入。"
_ENDED = {
    "retired": "换过电脑，这一台已停用；停用前报送的数据仍然有效。",
    "revoked": "已作废，以后用它报送的数据不再装入。",
    "refused": "已按冒充拒绝，它报送的数据不装入。",
}


class PeersPage(Page):
    """A table of offices; below it the one the cursor stands on."""

    title = "上下级单位"

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self._wanted = route.text
        """Whose row the cursor stands on first: the beginning of a computer's number."""
        self.context = "核对过的单位，数据自动装入；没有核对过的，先放着不装"
        self._offices: tuple[Office, ...] = ()
        self._shown: list[Office] = []
        self._lower = session.level != LEVELS[0]
        outer = column(self, gap=10, margins=(26, 10, 26, 16))
        outer.addWidget(self._filters())
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.table = RowTable("上下级单位", _COLUMNS)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.moved.connect(self._show_one)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._count())
        inner.addWidget(self.table)
        outer.addWidget(card, 1)
        outer.addWidget(self._one())
        self.card = button("单位开通卡", icon="printer")
        self.card.clicked.connect(lambda: key_slips.show_card(self, self.session))
        self.codes = button("做开通码条…", role="primary")
        self.codes.clicked.connect(self._make_codes)
        self.enter = button("输入开通码…", role="secondary" if self._lower else "primary")
        self.enter.clicked.connect(self._enter_code)

    def head_buttons(self) -> list[QWidget]:
        """Return the way back, 单位开通卡, then what this office does most."""
        made: list[QWidget] = [self.way_to("设置与备份", Route("settings"))]
        if workflow.allowed("keys", self.session.store.roles):
            made.append(self.card)
        if workflow.allowed("trust", self.session.store.roles) and not self.session.store.demo:
            made += [self.enter] if self.session.store.parent else []
            made += [self.codes] if self._lower else []
        return made

    def first_focus(self) -> QWidget:
        """Return the table."""
        return self.table

    def _filters(self) -> QWidget:
        self._selected = label("", "note")
        others: list[QWidget] = [self._selected]
        may = workflow.allowed("keys", self.session.store.roles) and not self.session.store.demo
        if may:
            self.rotate = button("更换签名钥匙…", role="link")
            self.rotate.clicked.connect(self._rotate)
            others.append(self.rotate)
        if self._lower and may:
            self.recovery = button("恢复钥匙…", role="link")
            self.recovery.clicked.connect(self._recovery_key)
            self.answer = button("答复重设口令的申请…", role="link")
            self.answer.clicked.connect(self._answer)
            others += [self.recovery, self.answer]
        self.filter = ChipRow(_CHIPS, *others)
        self.filter.chosen.connect(self._choose)
        return self.filter

    def _one(self) -> QWidget:
        card = frame("card")
        card.setMinimumHeight(theme.px(120))
        inner = column(card, gap=8, margins=(20, 12, 20, 12))
        self._name = label("", "strong")
        self._digits = label("", "second")
        line = row(gap=12)
        line.addWidget(self._name, 1)
        line.addWidget(self._digits)
        inner.addLayout(line)
        self._next = label("", wrap=True)
        inner.addWidget(self._next)
        inner.addStretch(1)
        self.acts = row(gap=8)
        inner.addLayout(self.acts)
        return card

    # --- what is shown ---------------------------------------------------------------------

    def entered(self) -> None:
        """Read the list anew."""
        store = self.session.store

        def work(_progress: jobs.Progress) -> tuple[Office, ...]:
            from union_desk.store import peer_listing

            with store.read() as connection:
                return peer_listing.listed(connection, store)

        jobs.run(self, work, self._show)

    def _show(self, found: tuple[Office, ...]) -> None:
        self._offices = found
        self.filter.show_counts({
            status: sum(not status or item.status == status for item in found)
            for status, _ in _CHIPS
        })  # fmt: skip
        self._choose(self.filter.key)
        wanted, self._wanted = self._wanted, ""
        places = (n for n, item in enumerate(self._shown) if item.origin.startswith(wanted))
        self.table.go_to(next(places, 0))

    def _choose(self, status: str) -> None:
        self._shown = [item for item in self._offices if not status or item.status == status]
        self.table.show_rows([self._row(item) for item in self._shown])
        self._count()

    def _row(self, item: Office) -> Row:
        from union_desk.store import peers

        way = peers.WAYS.get(item.peer.way or "", "") if item.peer else ""
        cells = (
            item.name,
            item.origin,
            peers.ROLES.get(item.role, ""),
            _status(item),
            way,
            local(item.peer.at)[:10] if item.peer else "",
            f"已发，至 {item.code_until}" if item.code_until else "",
        )
        return Row(cells, _TONES[item.status])

    def _count(self) -> None:
        count = len(self.table.selectionModel().selectedRows())
        self._selected.setText(f"选中 {count} 个" if count > 1 else "")

    def _show_one(self, place: int) -> None:
        clear(self.acts)
        known = 0 <= place < len(self._shown)
        item = self._shown[place] if known else None
        self._name.setText(item.name if item else "")
        self._digits.setText(
            f"核对码 {item.peer.digits}" if item and item.peer and item.status == "trusted" else ""
        )
        self._next.setText(_advice(item) if item else "还没有上下级单位。")
        if item is not None and workflow.allowed("trust", self.session.store.roles):
            self._offer(item)
        self.acts.addStretch(1)

    def _offer(self, item: Office) -> None:
        if item.status == "pending":
            self._act("输核对码…", lambda: self._by_card(item))
            if item.role in _LOWER:
                self._act("换电脑：发新的开通码…", lambda: self._strips([item]))
            self._act("冒充：拒绝…", lambda: self._end(item))
        elif item.status == "trusted":
            if item.role in _LOWER:
                self._act("发还本单位数据包…", lambda: self._ask_where(item))
            self._act("作废…", lambda: self._end(item))

    def _act(self, words: str, act: Callable[[], object]) -> None:
        made = button(words)
        made.clicked.connect(act)
        self.acts.addWidget(made)

    # --- what is done ----------------------------------------------------------------------

    def _open(self, dialog: WorkDialog) -> WorkDialog:
        dialog.accepted.connect(self._settled)
        dialog.open()
        return dialog

    def _settled(self) -> None:
        self.changed.emit()
        self.entered()

    def _enter_code(self) -> None:
        from union_desk.desktop.peer_dialogs import CodeDialog

        self._open(CodeDialog(self.session.store, self))

    def _by_card(self, item: Office) -> None:
        from union_desk.desktop.peer_dialogs import CardDialog

        self._open(CardDialog(self.session.store, item, self))

    def _end(self, item: Office) -> None:
        from union_desk.desktop.peer_dialogs import EndDialog

        self._open(EndDialog(self.session.store, item, self))

    def _ask_where(self, item: Office) -> None:
        place = QFileDialog.getExistingDirectory(self, "发还的数据包写到哪里")
        if place:
            self.give_back(item, Path(place))

    def give_back(self, item: Office, place: Path) -> None:
        """Write what an office has sent here into a folder once more, as it came."""
        store = self.session.store

        def work(progress: jobs.Progress) -> list[Exported]:
            from union_desk.bundle import exporting

            return exporting.give_back(store, item.unit, place, progress=progress)

        def done(written: list[Exported]) -> None:
            names = "、".join(made.file.name for made in written)
            count = sum(made.packets for made in written)
            told = f"已写入并核对：{place} 里的 {names}，{count} 个数据包。请交给它装入。"
            self._next.setText(told if written else "它还没有报送过，没有可发还的。")

        jobs.run(self, work, done, title="正在写出数据包")

    def _make_codes(self) -> None:
        places = [index.row() for index in self.table.selectionModel().selectedRows()]
        self._strips([self._shown[place] for place in places])

    def _strips(self, items: list[Office]) -> None:
        from union_desk.desktop.strips_dialog import StripsDialog

        wanted = [item for item in items if item.role in _LOWER]
        dialog = StripsDialog(self.session, wanted, self)
        dialog.made.connect(lambda strips: key_slips.show_strips(self, self.session, strips))
        self._open(dialog)

    def _rotate(self) -> None:
        from union_desk.desktop.peer_dialogs import RotateDialog

        self._open(RotateDialog(self.session.store, self))

    def _recovery_key(self) -> None:
        from union_desk.desktop.reset_dialogs import RecoveryKeyDialog

        self._open(RecoveryKeyDialog(self.session.store, self))

    def _answer(self) -> None:
        from union_desk.desktop.reset_dialogs import AnswerDialog

        self._open(AnswerDialog(self.session.store, self))


def _status(item: Office) -> str:
    from union_desk.store import peers

    if item.status == "none":
        return "未核对" if item.role == "parent" else "未开通"
    return peers.STATUSES[item.status]


def _advice(item: Office) -> str:
    if item.status == "pending":
        return item.reason
    if item.status == "none":
        if item.role == "parent":
            return _PARENT_WAITS
        return _STRIP_OUT if item.code_until else _NONE
    return _TRUSTED if item.status == "trusted" else _ENDED[item.status]
