"""同时在 U 盘留一份加密备份: offered, ticked, where the file is written to a stick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from union_desk.desktop import folders, jobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from union_desk.desktop.session import Session
    from union_desk.errors import UserError
    from union_desk.store.backups import Made

PLACE = ("union-desk", "backups")


class StickBackup(QCheckBox):
    """The tick; the backup is made after the file was verified and never undoes the 报送."""

    def __init__(self, session: Session) -> None:
        super().__init__("同时在 U 盘留一份加密备份")
        self._session = session
        self.setChecked(True)
        self.setAccessibleName(self.text())
        self.hide()

    def offer(self, folder: Path | None) -> None:
        """Show the tick where `folder` lies on a stick."""
        self.setVisible(folders.stick_of(folder) is not None)

    def make(self, folder: Path, told: Callable[[str], None]) -> None:
        """Make the backup if it is ticked and `folder` lies on a stick; say how it went."""
        from union_desk.store import backups

        stick = folders.stick_of(folder)
        if stick is None or not self.isChecked():
            return
        place, store = stick.joinpath(*PLACE), self._session.store

        def done(made: Made) -> None:
            told(f"U 盘上留了一份加密备份，已核对：{made.file}")

        def failed(error: UserError) -> None:
            told(f"U 盘上的备份没有做成：{error.sentence}{error.step}报送的文件不受影响。")

        jobs.run(
            self,
            lambda progress: backups.make(store, "stick", to=place, progress=progress),
            done,
            failed,
            title="正在 U 盘上备份",
            lane="write",
        )
