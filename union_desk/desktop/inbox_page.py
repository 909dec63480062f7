"""收件, 装入: what others sent comes in here; each packet with outcome, reason and rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from union_desk.desktop import inbox_words, jobs
from union_desk.desktop.chip_row import ChipRow
from union_desk.desktop.inbox_detail import Detail
from union_desk.desktop.inbox_station import Station
from union_desk.desktop.navigation import Route
from union_desk.desktop.nothing import NothingHere
from union_desk.desktop.page import Page, column, frame, label
from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from union_desk.bundle.drives import Drive
    from union_desk.bundle.outcomes import Outcome
    from union_desk.bundle.reception import Taken
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session
    from union_desk.errors import UserError
    from union_desk.store.arrivals import Arrived

_COLUMNS = (
    Column("时间", 118),
    Column("单位", 150, weight=3),
    Column("内容", 160, weight=2),
    Column("期", 96, weight=1),
    Column("新增", 56, right=True),
    Column("更新", 56, right=True),
    Column("相同", 56, right=True),
    Column("作废", 56, right=True),
    Column("结果", 158, pill=True),
)
TODAY, ALL, WAITING, HELD = "today", "all", "waiting", "held"
_BOOK = ".xlsx"
"""A 报送册 has a page of its own."""
_CHIPS = ((TODAY, "今天"), (ALL, "全部"), (WAITING, "等待"), (HELD, "未装入"))


@dataclass(frozen=True, slots=True)
class _Lists:
    """What the page lists, by chip."""

    rows: dict[str, list[Arrived]]


class InboxPage(Page):
    """The station on top, the lists below, the one under the cursor at the foot."""

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.upper = session.level != LEVELS[0]
        self.title = "收件" if self.upper else "装入"
        self.context = inbox_words.CONTEXT[self.upper]
        self.setAcceptDrops(True)
        self._given = [Path(route.text)] if route.text else []
        self._lists: dict[str, list[Arrived]] = {chip: [] for chip, _ in _CHIPS}
        outer = column(self, gap=10, margins=(26, 10, 26, 14))
        self.station = Station(*inbox_words.INVITATION[self.upper])
        self.station.files.clicked.connect(self._choose_files)
        self.station.folder.clicked.connect(self._choose_folder)
        self.station.watch.clicked.connect(self._choose_watched)
        self.station.inserted.connect(self.take_stick)
        self.station.arrived.connect(lambda paths: self.take(paths, named=False))
        outer.addWidget(self.station)
        self._sums = label("", "note")
        self.filter = ChipRow(_CHIPS, self._sums)
        self.filter.chosen.connect(self._choose)
        outer.addWidget(self.filter)
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.table = RowTable("装入的数据包", _COLUMNS)
        self.table.moved.connect(self._show_one)
        self.nothing = NothingHere()
        self.nothing.asked.connect(self._choose)
        inner.addWidget(self.nothing, 1)
        inner.addWidget(self.table, 1)
        outer.addWidget(card, 1)
        self.detail = Detail(session)
        self.detail.peers.clicked.connect(self._look_at_peer)
        self.detail.again.clicked.connect(self._try_again)
        self.detail.drop.clicked.connect(self._ask_to_drop)
        outer.addWidget(self.detail)

    def first_focus(self) -> QWidget:
        """Return 选择文件."""
        return self.station.files

    # --- what is listed --------------------------------------------------------------------

    def entered(self) -> None:
        """Read the lists anew; a file the program was started with is taken in."""
        self._refresh()
        if self._given:
            given, self._given = self._given, []
            self.take(given)

    def _refresh(self) -> None:
        store = self.session.store

        def work(_progress: Progress) -> _Lists:
            from union_desk.store import arrivals

            with store.read() as connection:
                everything = arrivals.listed(connection, store)
                waiting = arrivals.waiting(connection, store)
                held = arrivals.held(connection, store)
            today = inbox_words.today()
            return _Lists({
                TODAY: [item for item in everything if inbox_words.day(item.at) == today],
                ALL: everything, WAITING: waiting, HELD: held,
            })  # fmt: skip

        jobs.run(self, work, self._show)

    def _show(self, found: _Lists) -> None:
        self._lists = found.rows
        self.filter.show_counts({chip: len(rows) for chip, rows in found.rows.items()})
        self._choose(self.filter.key)

    def _choose(self, chip: str) -> None:
        self.filter.choose(chip)
        rows = self._lists[chip]
        self.table.show_rows(
            [Row(inbox_words.cells(i), inbox_words.TONES[i.outcome]) for i in rows]
        )
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        if not rows:
            earlier = chip == TODAY and bool(self._lists[ALL])
            self.nothing.tell(inbox_words.nothing(chip, upper=self.upper, earlier=earlier))
        self._sums.setText(inbox_words.sums(rows))
        self._show_one(self.table.place())

    def _item(self) -> Arrived | None:
        rows, place = self._lists[self.filter.key], self.table.place()
        return rows[place] if 0 <= place < len(rows) else None

    def _show_one(self, _place: int) -> None:
        self.detail.show_one(self._item())

    # --- taking in -------------------------------------------------------------------------

    def take(self, paths: Sequence[Path], *, named: bool = True) -> None:
        """Take in files and what lies in folders for this office."""
        from union_desk.bundle import reception

        store, given = self.session.store, list(paths)
        if self.station.busy or not given:
            return
        if len(given) == 1 and given[0].suffix.lower() == _BOOK:
            self.opened.emit(Route("book", text=str(given[0])))
            return
        self._run(
            lambda progress: reception.take_files(store, given, named=named, progress=progress),
            self._taken,
            f"正在装入 {given[0].name}" + (f" 等 {len(given)} 个" if len(given) > 1 else ""),
        )

    def take_stick(self, drive: Drive) -> None:
        """Take in what is for this office from a stick and answer on it."""
        from union_desk.bundle import reception

        session = self.session
        if session.store.demo:
            return
        if drive.trouble is not None and drive.trouble.code == inbox_words.UNREADABLE:
            self.station.say(
                "warn", "U 盘读不出来", f"{drive.trouble.sentence}{drive.trouble.step}"
            )
            return
        self._run(
            lambda progress: reception.take_stick(
                session.store, drive, as_of=session.as_of, progress=progress
            ),
            self._stick_taken,
            f"正在收取 {drive.title}",
        )

    def _run(
        self, work: Callable[[Progress], object], done: Callable[..., None], words: str
    ) -> None:
        self.station.busy = True
        self.station.say("busy", words, "收取时请不要拔出 U 盘。")

        def finished(result: object) -> None:
            self.station.busy = False
            done(result)
            self._tell_of_papers()
            self._refresh()
            self.changed.emit()

        jobs.run(
            self, work, finished, self._refused, title=words, lane="write", cancelled=self._stopped
        )

    def _tell_of_papers(self) -> None:
        """Say which own papers a correction from below has voided."""
        from union_desk.papers import watching

        if voided := watching.told(self.session.store):
            self.context = voided
            self.head_changed.emit()

    def _stopped(self) -> None:
        self.station.busy = False
        self.station.invite()
        self._refresh()

    def _refused(self, error: UserError) -> None:
        self._stopped()
        self.station.say("warn", "没有装入", f"{error.sentence}{error.step}（{error.code}）")

    def _taken(self, found: list[Outcome]) -> None:
        self.station.say(*inbox_words.told(found))
        self._look_at(found)

    def _stick_taken(self, taken: Taken) -> None:
        from union_desk.store import units

        if not taken.found:
            words = f"{taken.drive.title} 上没有给本单位的报送文件。"
            self.station.say("plain", "没有要收取的文件", words)
            return
        with self.session.store.read() as connection:
            directory = units.of_store(connection, self.session.store)
        names = "、".join(directory.name(code) for code in taken.units)
        tone, title, words = inbox_words.stick_told(taken, names)
        acts: list[tuple[str, Callable[[], object]]] = []
        if not taken.clean:
            acts = [
                ("仍把回执写回 U 盘", lambda: self._answer(taken)),
                ("下一个", self.station.invite),
            ]
        self.station.say(tone, title, words, acts)
        self._look_at(taken.found)

    def _answer(self, taken: Taken) -> None:
        """Write the answer although not all was taken in: a person has looked at it."""
        from union_desk.bundle import reception

        session = self.session
        self._run(
            lambda _progress: reception.answer(session.store, taken, as_of=session.as_of),
            self._answered,
            f"正在写回 {taken.drive.title}",
        )

    def _answered(self, taken: Taken) -> None:
        self.station.say(*inbox_words.answered(taken))

    def _look_at(self, found: Sequence[Outcome]) -> None:
        """Show the list in which what went wrong stands."""
        outcomes = {item.outcome for item in found}
        wanted = HELD if "quarantined" in outcomes else TODAY
        if outcomes:
            self.filter.choose(wanted)

    # --- choosing --------------------------------------------------------------------------

    def _choose_files(self) -> None:
        kinds = f"报送文件、报送册 (*.udsync *.zip *{_BOOK});;所有文件 (*)"
        chosen, _ = QFileDialog.getOpenFileNames(self, "装入哪些文件", str(Path.home()), kinds)
        self.take([Path(name) for name in chosen])

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "装入哪个文件夹里的文件", str(Path.home()))
        if chosen:
            self.take([Path(chosen)])

    def _choose_watched(self) -> None:
        if self.station.watched is not None:
            self.station.watch_folder(None)
            return
        chosen = QFileDialog.getExistingDirectory(self, "监视哪个文件夹", str(Path.home()))
        if chosen:
            self.station.watch_folder(Path(chosen))

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """Take in what was dropped."""
        event.acceptProposedAction()
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def leaving(self) -> bool:
        """Stay while files are taken in."""
        return not self.station.busy

    def _look_at_peer(self) -> None:
        """Go to the office whose key is to be looked at first."""
        item = self._item()
        if item is not None:
            self.opened.emit(Route("peers", text=item.origin))

    # --- what was not taken in -------------------------------------------------------------

    def _try_again(self) -> None:
        from union_desk.bundle import importing

        item, store = self._item(), self.session.store
        if item is None:
            return
        if self.filter.key == WAITING:
            self._run(lambda _progress: importing.try_waiting(store), self._taken, "正在再试")
        else:
            self._run(
                lambda _progress: importing.again(store, item.sha256), self._taken, "正在再试"
            )

    def _ask_to_drop(self) -> None:
        item = self._item()
        if item is None:
            return
        box = QMessageBox(self)
        box.setWindowTitle("移除文件")
        box.setText(f"不再保留“{item.file}”吗？")
        box.setInformativeText("文件会从本机删除，不影响已装入的数据。对方可以重新报送。")
        drop = box.addButton("移除", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("保留", QMessageBox.ButtonRole.RejectRole)
        drop.clicked.connect(lambda: self.drop(item))
        box.open()

    def drop(self, item: Arrived) -> None:
        """Remove a file that was not taken in."""
        from union_desk.store import quarantine

        store = self.session.store
        jobs.run(
            self,
            lambda _progress: quarantine.discard(store, item.sha256),
            lambda _result: self._refresh(),
            lane="write",
        )
