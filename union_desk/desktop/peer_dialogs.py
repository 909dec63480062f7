"""Dialogs about one office: its 开通码, the digits of its sealed card, 冒充 and 作废."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import label
from union_desk.desktop.work_dialog import WorkDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.store.peer_listing import Office
    from union_desk.store.transaction import Store


class TypedLine(QLineEdit):
    """A line that is typed into: nothing can be pasted or dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Take keys, but no pasting."""
        if event.matches(QKeySequence.StandardKey.Paste):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Take clicks, but not the middle button, which pastes on some systems."""
        if event.button() != Qt.MouseButton.MiddleButton:
            super().mouseReleaseEvent(event)


def _and_go_on(store: Store, act: Callable[[], object]) -> Callable[[], object]:
    """Return `act` and what follows from trust: packets that waited, the key for the parent."""

    def work() -> None:
        from union_desk.bundle import importing
        from union_desk.store import escrow

        act()
        importing.try_waiting(store)
        escrow.keep_up(store)

    return work


class CodeDialog(WorkDialog):
    """The 开通码 of this office's strip."""

    def __init__(self, store: Store, parent: QWidget) -> None:
        super().__init__("输入开通码", "确定", parent)
        self._store = store
        words = "开通码在上级发的开通码条上。输入后装入上级的通知文件，双方就自动核对。"
        self.body.addWidget(label(words, wrap=True))
        self.code = QLineEdit()
        hint = "16 个字，横线、空格和大小写随意"
        self.body.addWidget(Labelled("开通码", self.code, required=True, hint=hint))
        self.act.clicked.connect(self._enter)
        self.code.setFocus()

    def _enter(self) -> None:
        from union_desk.store import joining

        text = self.code.text()
        self.work(_and_go_on(self._store, lambda: joining.enter_code(self._store, text)))


class CardDialog(WorkDialog):
    """The digits of the sealed 单位开通卡, typed."""

    def __init__(self, store: Store, item: Office, parent: QWidget) -> None:
        super().__init__("按单位开通卡核对", "核对", parent)
        self._store, self._item = store, item
        words = f"请拿着“{item.name}”盖了章的单位开通卡，照着输入卡上的核对码。"
        self.body.addWidget(label(words, wrap=True))
        self.digits = TypedLine()
        hint = "12 位数字，逐位输入，不能粘贴"
        self.body.addWidget(Labelled("核对码", self.digits, required=True, hint=hint))
        self.seal = QCheckBox("已见公章：卡上盖着这个单位的公章")
        self.seal.setAccessibleName("已见公章")
        self.body.addWidget(self.seal)
        self.act.clicked.connect(self._trust)
        self.digits.setFocus()

    def _trust(self) -> None:
        from union_desk.store import deciding

        text, seen, origin = self.digits.text(), self.seal.isChecked(), self._item.origin
        self.work(
            _and_go_on(
                self._store,
                lambda: deciding.trust_by_card(self._store, origin, text, seal_seen=seen),
            )
        )


class EndDialog(WorkDialog):
    """Asks before a card is refused as false, or a key in use is revoked."""

    def __init__(self, store: Store, item: Office, parent: QWidget) -> None:
        waits = item.status == "pending"
        super().__init__("拒绝" if waits else "作废", "拒绝" if waits else "作废", parent)
        words = (
            f"确定不是“{item.name}”自己的电脑？拒绝后，用它报送的数据都不装入。"
            "请先打电话向该单位核实。"
            if waits
            else f"“{item.name}”的电脑或数据可能被别人拿走时才作废。"
            "已装入的数据不变，以后用它报送的不再装入；要继续报送，请给它发新的开通码。"
        )
        self.body.addWidget(label(words, wrap=True))
        self.act.setProperty("role", "danger")
        self.act.clicked.connect(lambda: self.work(lambda: self._end(store, item)))

    @staticmethod
    def _end(store: Store, item: Office) -> None:
        from union_desk.store import deciding

        if item.peer is not None:
            act = deciding.refuse if item.status == "pending" else deciding.revoke
            act(store, item.origin, item.peer.fingerprint)


class RotateDialog(WorkDialog):
    """Asks before this computer's signing key is changed."""

    def __init__(self, store: Store, parent: QWidget) -> None:
        super().__init__("更换签名钥匙", "更换", parent)
        words = (
            "给这台电脑换一把新的签名钥匙：以后的报送文件用新的签，旧的签名声明新的，"
            "上下级装入后自动认得，不用重新核对。单位开通卡要重新打印。"
            "怀疑旧的已被别人拿走时不要用它：请上级发新的开通码。"
        )
        self.body.addWidget(label(words, wrap=True))
        self.act.clicked.connect(lambda: self.work(lambda: self._rotate(store)))

    @staticmethod
    def _rotate(store: Store) -> None:
        from union_desk.store import rotating

        rotating.rotate(store)
