"""The window: first the entrance, then the desk; keys that work everywhere; closing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QWidget

from union_desk import settings
from union_desk.desktop import daily_backup, faults, icons, jobs, theme
from union_desk.desktop.entrance import Opening
from union_desk.desktop.idle_lock import IdleLock
from union_desk.errors import DamageError, PlaceError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent

    from union_desk.desktop.desk import Desk
    from union_desk.desktop.first_run_page import Beginning
    from union_desk.desktop.navigation import Route
    from union_desk.desktop.opening import Found
    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import TaskPack

TITLE = "工会填报台"
DEMO_TITLES = {"grassroots": "基层工会", "county": "县（市、区）总工会", "city": "市总工会"}


class MainWindow(QMainWindow):
    """Shows one face at a time; `open` goes to a page of the desk."""

    settled = Signal()
    """The face changed: something to look at or to type into is there."""

    def __init__(self, folder: Path, chosen: dict[str, str] | None = None) -> None:
        super().__init__()
        self.folder = folder
        self.settings = chosen or settings.defaults()
        self.session: Session | None = None
        self.given = ""
        """A bundle file that the program was opened with: it is taken in once a store is open."""
        self._backup = daily_backup.BeforeClosing(self)
        self.desk: Desk | None = None
        self.setWindowTitle(TITLE)
        self.resize(1366, 740)
        self._stand_where_it_stood()
        self.setMinimumSize(800, 500)
        self._jumper = QShortcut(QKeySequence("Ctrl+K"), self, self._jump)
        self._helper = QShortcut(QKeySequence("Ctrl+/"), self, partial(self._go, "help", "keys"))
        self.idle = IdleLock(self, self)
        self._show_face(Opening())

    def _stand_where_it_stood(self) -> None:
        """Take place and size of the last time; what lies off the screen Qt brings back."""
        kept = self.settings.get("window", "")
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode("ascii", "ignore")))

    # --- opening -----------------------------------------------------------------------

    def start(self, demo: str | None = None) -> None:
        """Look into the data folder, or make the sample data `demo` names."""
        self.setWindowIcon(icons.icon("clipboard", "brand"))
        if demo is not None:
            self.start_demo(demo)
            return
        from union_desk.desktop import opening

        self._show_face(Opening())
        jobs.run(self, lambda _progress: opening.look(self.folder), self._found, self.cannot_start)

    def start_demo(self, kind: str) -> None:
        """Make a throw-away store of sample data and open it."""
        from union_desk.desktop import opening

        face = Opening(f"正在准备示例数据：{DEMO_TITLES[kind]}…")
        self.leave_session()
        self._show_face(face)
        job = jobs.run(
            self, lambda progress: opening.sample(kind, progress), self._enter, self.cannot_start
        )
        job.progressed.connect(face.advance)

    def _found(self, found: Found) -> None:
        if found.pack is not None:
            self._show_first_run(found.pack)
            return
        from union_desk.desktop.sign_in_page import SignInPage

        page = SignInPage(str(self.folder), self.settings.get("person", ""), found.logins)
        page.entered.connect(partial(self._unlock, page))
        page.demo.connect(self.choose_demo)
        page.forgotten.connect(lambda: self._show_forgotten(found))
        self._show_face(page)

    def _show_forgotten(self, found: Found) -> None:
        from union_desk.desktop import opening
        from union_desk.desktop.forgotten_page import ForgottenPage

        person = self.settings.get("person", "")
        page = ForgottenPage(found.logins, person, helped=found.helped)
        page.back.connect(lambda: self._found(found))
        page.parent_asked.connect(lambda: self._show_parent_help(found))
        page.given.connect(
            lambda person, code, word: self._open_by(
                page, person, lambda: opening.recover(self.folder, person, code, word)
            )
        )
        self._show_face(page)

    def _show_parent_help(self, found: Found) -> None:
        from union_desk.desktop import opening
        from union_desk.desktop.parent_help_page import ParentHelpPage

        page = ParentHelpPage(self.folder, found.logins, self.settings.get("person", ""))
        page.back.connect(lambda: self._found(found))
        page.replied.connect(
            lambda person, content, word: self._open_by(
                page, person, lambda: opening.reply(self.folder, content, word)
            )
        )
        self._show_face(page)

    def _show_first_run(self, pack: TaskPack) -> None:
        from union_desk.desktop.first_run_page import FirstRunPage

        page = FirstRunPage(pack, self.folder, self.settings["font_size"])
        page.begun.connect(lambda beginning: self._begin(page, beginning, pack))
        page.demo.connect(self.choose_demo)
        page.size_chosen.connect(lambda size: self.change_settings({"font_size": size}))
        self._show_face(page)

    def _begin(self, page: QWidget, beginning: Beginning, pack: TaskPack) -> None:
        from union_desk.desktop import opening

        page.busy(working=True)  # type: ignore[attr-defined]

        def refused(error: UserError) -> None:
            page.busy(working=False)  # type: ignore[attr-defined]
            faults.report(error, self)

        def begun(session: Session) -> None:
            self.folder = beginning.folder
            self.settings |= {"person": beginning.person, "font_size": beginning.font_size}
            self._keep_settings()
            self._enter(session)

        jobs.run(self, lambda _progress: opening.begin(beginning, pack), begun, refused)

    def _unlock(self, page: QWidget, person: str, password: str) -> None:
        from union_desk.desktop import opening

        self._open_by(page, person, lambda: opening.unlock(self.folder, person, password))

    def _open_by(self, page: QWidget, person: str, work: Callable[[], Session]) -> None:
        """Open the store in a worker; what is refused is told on the page."""

        def opened(session: Session) -> None:
            if self.settings.get("person") != person:
                self.settings["person"] = person
                self._keep_settings()
            self._enter(session)

        def refused(error: UserError) -> None:
            if isinstance(error, DamageError):
                self.cannot_start(error)
                return
            page.refuse(f"{error.sentence}{error.step}")  # type: ignore[attr-defined]

        jobs.run(self, lambda _progress: work(), opened, refused)

    def choose_demo(self) -> None:
        """Ask which of the three offices the sample data should show."""
        from union_desk.desktop.demo_dialog import DemoDialog

        dialog = DemoDialog(DEMO_TITLES, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.start_demo)
        dialog.open()

    def cannot_start(self, error: UserError) -> None:
        """Say why nothing was opened, and offer the ways out."""
        if isinstance(error, DamageError | PlaceError):
            from union_desk.desktop import recovery

            way = recovery.offer if isinstance(error, DamageError) else recovery.offer_copy
            way(self, error)
            return
        from union_desk.desktop.trouble_page import TroublePage

        page = TroublePage(error)
        page.again.connect(self.start)
        page.demo.connect(self.choose_demo)
        self._show_face(page)

    def _enter(self, session: Session) -> None:
        from union_desk.desktop.desk import Desk
        from union_desk.desktop.navigation import Route

        self.session = session
        faults.log_to(Path(session.store.folder) / "logs")
        size = settings.OPTIONS["font_size"][self.settings["font_size"]]
        self.desk = Desk(session, size)
        self.desk.start_own.connect(self._start_own)
        self.desk.changed.connect(self.refresh_counts)
        self.desk.year_chosen.connect(
            lambda: self._enter(session), Qt.ConnectionType.QueuedConnection
        )
        self.setWindowTitle(f"{TITLE} - {session.store.unit_name}")
        self._show_face(self.desk)
        given, self.given = self.given, ""
        self.desk.open(Route("inbox", text=given) if given else Route("dashboard"))
        self.refresh_counts()
        self.idle.begin()
        daily_backup.begin(self.desk, session)
        self.settled.emit()

    def show_face(self, face: QWidget) -> None:
        """Put another face into the window."""
        self._show_face(face)

    def sign_out(self) -> None:
        """Close the store and ask who comes next."""
        self.leave_session()
        self.start()

    def _show_face(self, face: QWidget) -> None:
        self.setCentralWidget(face)
        first = getattr(face, "first_focus", lambda: None)()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.settled.emit()

    # --- the desk ----------------------------------------------------------------------

    def open(self, route: Route) -> None:
        """Go to a page of the desk."""
        if self.desk is not None and not self.idle.locked:
            self.desk.open(route)

    def _go(self, kind: str, text: str = "") -> None:
        from union_desk.desktop.navigation import Route

        self.open(Route(kind, text=text))

    def _jump(self) -> None:
        if self.session is None or self.idle.locked:
            return
        from union_desk.desktop.quick_jump import QuickJump

        dialog = QuickJump(self.session.pack, self, level=self.session.level)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.open)
        dialog.open()

    def refresh_counts(self) -> None:
        """Count anew what waits in each work area."""
        session, desk = self.session, self.desk
        if session is None or desk is None:
            return
        from union_desk.desktop import waiting

        def show(found: waiting.Waiting) -> None:
            if self.desk is desk:
                desk.navigation.show_counts(found.by_area(session.pack), waiting.COUNTED)
                desk.navigation.show_places(found.places, waiting.PLACES)
                desk.head.show_counts(found.tabs)

        jobs.run(desk, lambda _progress: waiting.count(session), show)

    # --- settings ----------------------------------------------------------------------

    def change_settings(self, values: dict[str, str]) -> None:
        """Take new settings at once and keep them."""
        self.settings |= values
        self._keep_settings()
        self.idle.begin()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            size = theme.SIZES[self.settings["font_size"]] / theme.BASE_SIZE
            theme.apply(app, self.settings["appearance"], size)
        if self.session is not None and self.desk is not None:
            self._rebuild_desk(self.desk, self.session)

    def remember(self, values: dict[str, str]) -> None:
        """Keep choices that change nothing in sight."""
        self.settings |= values
        self._keep_settings()

    def person_changed(self) -> None:
        """Show and remember the name of the one who works now."""
        if self.session is None or self.desk is None:
            return
        self.settings["person"] = self.session.person
        self._keep_settings()
        size = settings.OPTIONS["font_size"][self.settings["font_size"]]
        self.desk.status.show_size(self.session, size)

    def _rebuild_desk(self, old: Desk, session: Session) -> None:
        from union_desk.desktop.desk import Desk

        size = settings.OPTIONS["font_size"][self.settings["font_size"]]
        desk = Desk(session, size)
        desk.start_own.connect(self._start_own)
        desk.changed.connect(self.refresh_counts)
        desk.last_forms = old.last_forms
        self.desk = desk
        self._show_face(desk)
        desk.open(old.route)
        self.refresh_counts()

    def _keep_settings(self) -> None:
        """Keep the settings in the data folder; before first run there is none."""
        if not self.folder.is_dir() or (self.session is not None and self.session.store.demo):
            return
        try:
            settings.save(self.folder, self.settings)
        except UserError as error:
            faults.report(error, self)

    # --- closing -----------------------------------------------------------------------

    def _start_own(self) -> None:
        if self.desk is not None and self.desk.page is not None and not self.desk.page.leaving():
            return
        self.leave_session()
        self.start()

    def leave_session(self) -> None:
        """Close the store; no desk is left."""
        session, self.session, self.desk = self.session, None, None
        if session is not None:
            session.close()

    def closeEvent(self, event: QCloseEvent, /) -> None:
        """Save first: an exception in here would close the window all the same."""
        event.ignore()
        try:
            page = self.desk.page if self.desk is not None else None
            if page is not None and not page.leaving():
                return
            if jobs.busy():
                self._ask_to_stop()
                return
            if self.session is not None and not self._backup.may_close(self.session):
                return
            jobs.wait_for_all()
            self.settings["window"] = bytes(self.saveGeometry().toBase64().data()).decode()
            self._keep_settings()
            self.leave_session()
        except UserError as error:
            faults.report(error, self)
            return
        event.accept()

    def _ask_to_stop(self) -> None:
        """Ask whether long work is to be cancelled; then close again."""
        titles = "、".join(f"“{job.title}”" for job in jobs.busy())
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(TITLE)
        box.setText(f"{titles}还没有做完。")
        box.setInformativeText("现在关闭会取消它，已保存的内容不受影响。")
        stop = box.addButton("取消它并关闭", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("继续等待", QMessageBox.ButtonRole.RejectRole)
        stop.clicked.connect(self._stop_and_close)
        box.open()

    def _stop_and_close(self) -> None:
        for job in jobs.busy():
            job.cancel()
        jobs.wait_for_all()
        # The news of the ended jobs must arrive before anyone asks again whether one runs.
        QTimer.singleShot(0, self.close)
