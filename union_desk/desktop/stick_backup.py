"""同时在 U 盘留一份加密备份: offered, ticked, where the file is written to a stick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from union_desk.desktop import jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.bundle.drives import Drive
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

    def make(
        self, drive: Drive, told: Callable[[str, str], None], then: Callable[[], None]
    ) -> None:
        """Make the backup if it is ticked; `told` takes a sentence and its tone."""
        from union_desk.store import backups

        if not self.isChecked():
            then()
            return
        place, store = drive.root.joinpath(*PLACE), self._session.store

        def done(_made: Made) -> None:
            told("U 盘上留了一份加密备份，已核对", "ok")
            then()

        def failed(error: UserError) -> None:
            told(f"U 盘上的备份没有做成：{error.sentence}{error.step}报送的文件不受影响。", "warn")
            then()

        jobs.run(
            self,
            lambda progress: backups.make(store, "stick", to=place, progress=progress),
            done,
            failed,
            title="正在 U 盘上备份",
            lane="write",
            cancelled=then,
        )
