"""数据与备份: the last verified backup, 立即备份, 恢复, 恢复演练, the second place, 交接包."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLabel, QLineEdit, QWidget

from union_desk.desktop import backup_words, faults, jobs, theme
from union_desk.desktop.page import button, column, label, row
from union_desk.errors import UserError

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.store.backup_file import Manifest
    from union_desk.store.backups import Made

_MOST = 12
NO_SECOND = "不再用第二位置"
_OVERDUE = f"{backup_words.OVERDUE}。这台电脑坏了，数据就没有了。"


class BackupCard(QWidget):
    """What stands in the card; a long work runs in a worker."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._outer = column(self, gap=14)
        self._last = self._fact("最近备份")
        self._second = self._fact("第二备份位置")
        self._overdue = label(_OVERDUE, "error", wrap=True)
        self._outer.addWidget(self._overdue)
        self._add_buttons()
        self.said = label("", "hint", wrap=True)
        self._outer.addWidget(self.said)
        self.refresh()

    def _fact(self, words: str) -> QLabel:
        line = row(gap=12)
        name = label(words, "second")
        name.setFixedWidth(theme.px(110))
        line.addWidget(name)
        value = label("", wrap=True)
        line.addWidget(value, 1)
        self._outer.addLayout(line)
        return value

    def _add_buttons(self) -> None:
        acts = (
            (
                ("立即备份", "", self.back_up),
                ("恢复备份…", "", self.restore),
                ("恢复演练…", "", self.drill),
                ("打开数据目录", "folder-open", self._show_folder),
            ),
            (
                ("第二备份位置…", "", self._choose_second),
                (NO_SECOND, "", self.drop_second),
                ("做交接包（换电脑）…", "", self._hand_over),
                ("检查数据", "", self.examine),
            ),
        )
        self.buttons = {}
        for line_of in acts:
            line = row(gap=8)
            for words, icon, act in line_of:
                made = button(words, icon=icon)
                made.clicked.connect(act)
                made.setEnabled(not self.session.store.demo or act == self._show_folder)
                self.buttons[words] = made
                line.addWidget(made)
            line.addStretch(1)
            self._outer.addLayout(line)

    def refresh(self) -> None:
        """Show what is known of backups now."""
        from union_desk.store import backups

        store = self.session.store
        with store.read() as connection:
            last, second = backups.last(connection), backups.last_elsewhere(connection)
            place = backups.second_place(connection)
            overdue = not store.demo and backups.second_place_overdue(connection)
        if store.demo:
            self._last.setText("示例数据不备份")
        else:
            self._last.setText(backup_words.made_words(last))
        told = f"{place or '没有设置'}；最近一次：{backup_words.made_words(second)}"
        self._second.setText(told)
        self.buttons[NO_SECOND].setVisible(bool(place))
        self._overdue.setVisible(overdue)
        desk = getattr(self.window(), "desk", None)
        if desk is not None:
            desk.backed_up()

    # --- acts --------------------------------------------------------------------------

    def back_up(self) -> None:
        """Make a backup, and one in the second place where that is chosen."""
        from union_desk.store import backups, rights

        store = self.session.store

        def work(progress: jobs.Progress) -> tuple[Made, object]:
            rights.check_may(store, "backup")
            made = backups.make(store, "command", progress=progress)
            return made, backups.make_elsewhere(store, "command")

        jobs.run(self, work, self._backed_up, title="正在备份", lane="write")

    def _backed_up(self, made: tuple[Made, object]) -> None:
        first, second = made
        self.said.setText(f"已备份并核对：{Path(first.file).name}")
        if isinstance(second, UserError):
            faults.report(second, self)
        self.refresh()

    def restore(self) -> None:
        """Ask which backup; the window does the rest with the store closed."""
        from union_desk.desktop import recovery
        from union_desk.desktop.restore_dialog import RestoreDialog
        from union_desk.store import rights

        store, window = self.session.store, self.window()
        try:
            rights.check_may(store, "restore")
        except UserError as error:
            faults.report(error, self)
            return
        dialog = RestoreDialog(store.folder, self, store)
        dialog.chosen.connect(lambda path, word: recovery.restore(window, path, word))
        dialog.open()

    def drill(self) -> None:
        """恢复演练: ask for the password and open the newest backup with it."""
        word, given = QInputDialog.getText(
            self,
            "恢复演练",
            "用口令打开最近的备份，核对记录和附件，不改动现有数据。\n口令：",
            QLineEdit.EchoMode.Password,
        )
        if given and word:
            self.run_drill(word)

    def run_drill(self, word: str) -> None:
        """Open the newest backup with `word`, compare, delete the copy."""
        from union_desk.store import restoring

        store = self.session.store
        jobs.run(
            self,
            lambda _progress: restoring.drill(store, word),
            self._drilled,
            title="正在演练恢复",
            lane="write",
        )

    def _drilled(self, manifest: Manifest) -> None:
        rows = sum(manifest.rows.values())
        at = backup_words.local(manifest.made_at)
        self.said.setText(f"演练成功：{at} 的备份能打开，{rows:,} 行和附件都对得上。")

    def _choose_second(self) -> None:
        place = QFileDialog.getExistingDirectory(self, "第二备份位置：另一块磁盘或 U 盘")
        if place:
            self.choose_second(Path(place))

    def choose_second(self, place: Path) -> None:
        """Let backups go to `place`, too, and make the first one there."""
        from union_desk.store import backups

        store = self.session.store

        def work(_progress: jobs.Progress) -> object:
            backups.choose_second_place(store, place)
            return backups.make_elsewhere(store, "command")

        def done(made: object) -> None:
            if isinstance(made, UserError):
                faults.report(made, self)
            else:
                self.said.setText(f"第二份备份已写入并核对：{place}")
            self.refresh()

        jobs.run(self, work, done, title="正在备份到第二处", lane="write")

    def drop_second(self) -> None:
        """Let no more backups go to the second place; what lies there stays."""
        from union_desk.store import backups

        backups.choose_second_place(self.session.store, None)
        self.said.setText("以后不再往第二位置备份，已有的备份还在那里。")
        self.refresh()

    def _hand_over(self) -> None:
        place = QFileDialog.getExistingDirectory(self, "交接包存到哪里")
        if place:
            self.hand_over(Path(place))

    def hand_over(self, place: Path) -> None:
        """Write everything for a new computer into one file in `place`."""
        from union_desk.store import handing_over

        store = self.session.store

        def done(made: Made) -> None:
            self.said.setText(
                f"交接包已写入并核对：{made.file}。在新电脑上用“恢复备份”打开它；"
                "这台电脑已停用，不再报送。"
            )
            self.refresh()

        jobs.run(
            self,
            lambda progress: handing_over.make(store, place, progress),
            done,
            title="正在做交接包",
            lane="write",
        )

    def examine(self) -> None:
        """Examine all that the store rests on, the newest backup too; nothing is changed."""
        from union_desk.store import survey

        store = self.session.store
        jobs.run(
            self,
            lambda progress: list(survey.problems(store, full=True, progress=progress)),
            self._examined,
            title="正在检查数据",
        )

    def _examined(self, found: list[str]) -> None:
        if not found:
            self.said.setText("数据完好：每一页、每条记录、每个附件和最近的备份都对得上。")
            return
        more = [f"……其余 {len(found) - _MOST} 个"] if len(found) > _MOST else []
        self.said.setText("\n".join([f"发现 {len(found)} 个问题：", *found[:_MOST], *more]))

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.session.store.folder)))
