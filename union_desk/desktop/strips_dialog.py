"""做开通码条: for whom, and for which of a unit's computers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from union_desk.desktop.chooser import Chooser
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import label
from union_desk.desktop.work_dialog import WorkDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.session import Session
    from union_desk.store.enrolment import Strip
    from union_desk.store.peer_listing import Office

_NAMED = 6


class StripsDialog(WorkDialog):
    """Says for whom strips are made; with one unit asks for which of its computers."""

    made = Signal(object)
    """The strips, to be printed."""

    def __init__(self, session: Session, items: Sequence[Office], parent: QWidget) -> None:
        super().__init__("做开通码条", "做开通码条", parent)
        self._session, self._items = session, list(items)
        self._strips: tuple[Strip, ...] = ()
        self.body.addWidget(label(self._words(), wrap=True))
        self.which = Chooser("哪一台电脑")
        if len(self._items) == 1:
            self._offer_computers(self._items[0])
        self.act.setEnabled(bool(self._items))
        self.act.clicked.connect(self._make)
        self.accepted.connect(lambda: self.made.emit(self._strips))

    def _words(self) -> str:
        if not self._items:
            return "请先在表里选要发开通码的下级单位；按住 Ctrl 或 Shift 可以选多个，Ctrl+A 全选。"
        names = "、".join(item.name for item in self._items[:_NAMED])
        more = f"等 {len(self._items)} 个单位" if len(self._items) > _NAMED else ""
        each = "各" if len(self._items) > 1 else ""
        return (
            f"给{names}{more}{each}做一张开通码条。有效 60 天，只能用一次；以前发出还没有用的作废。"
            "打印后裁开，当面交给单位；开通码只印在纸上，程序里不再显示。"
        )

    def _offer_computers(self, item: Office) -> None:
        from union_desk.store import peer_listing

        store = self._session.store
        with store.read() as connection:
            further = peer_listing.next_origin(connection, store, item.unit)
        self.which.addItem(f"{item.origin}：首次开通，或换电脑", item.origin)
        self.which.addItem(f"{further}：同时再用一台电脑", further)
        self.body.addWidget(Labelled("哪一台电脑", self.which))

    def _make(self) -> None:
        origins = [item.origin for item in self._items]
        if len(self._items) == 1:
            origins = [str(self.which.currentData())]
        self.work(lambda: self._hand_out(origins))

    def _hand_out(self, origins: list[str]) -> None:
        from union_desk.store import enrolment

        self._strips = enrolment.hand_out(self._session.store, origins)
