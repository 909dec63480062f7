"""The strip at the foot of the window: where the data lie, who works, how large the type is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from union_desk.desktop.page import elided, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session


class StatusStrip(QFrame):
    """Facts of the open store, small and out of the way."""

    def __init__(self, session: Session, size: str) -> None:
        super().__init__()
        self.setProperty("role", "status")
        line = row(self, margins=(8, 4, 16, 4))
        self._session = session
        self.overdue = False
        """For 14 days no backup has gone to a second place."""
        self._alarm = label("", "error")
        line.addWidget(self._alarm)
        self._left = elided("", "small")
        self._right = label("", "small")
        line.addWidget(self._left, 1)
        line.addWidget(self._right)
        self.say()
        self.show_size(session, size)

    def say(self, told: Sequence[str] = ()) -> None:
        """Say where the data lie and when they were last backed up; `told` comes before it."""
        from union_desk.desktop.backup_words import OVERDUE, when_and_where
        from union_desk.store import backups

        store = self._session.store
        left = [*told, f"数据目录 {store.folder}"]
        if store.demo:
            left.insert(0, "示例数据")
        else:
            with store.read() as connection:
                last = backups.last(connection)
                self.overdue = backups.second_place_overdue(connection)
            left.append(f"最近备份 {when_and_where(last)}" if last else "还没有备份")
        self._alarm.setText(OVERDUE)
        self._alarm.setVisible(self.overdue)
        self._left.setText(" · ".join(left))

    def show_size(self, session: Session, size: str) -> None:
        """Say who works and the font size."""
        person = f"填报人：{session.person}" if session.person else ""
        self._right.setText(" · ".join(filter(None, ("离线", person, f"字号 {size}"))))
