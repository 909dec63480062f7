"""The strip at the foot of the window: where the data lie, who works, how large the type is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from union_desk.desktop.page import elided, label, row

if TYPE_CHECKING:
    from union_desk.desktop.session import Session


class StatusStrip(QFrame):
    """Facts of the open store, small and out of the way."""

    def __init__(self, session: Session, size: str) -> None:
        super().__init__()
        self.setProperty("role", "status")
        line = row(self, margins=(8, 4, 16, 4))
        left = ["示例数据"] if session.store.demo else []
        left.append(f"数据目录 {session.store.folder}")
        self._left = elided(" · ".join(left), "small")
        self._right = label("", "small")
        line.addWidget(self._left, 1)
        line.addWidget(self._right)
        self.show_size(session, size)

    def show_size(self, session: Session, size: str) -> None:
        """Say who works and the font size."""
        person = f"填报人：{session.person}" if session.person else ""
        self._right.setText(" · ".join(filter(None, ("离线", person, f"字号 {size}"))))
