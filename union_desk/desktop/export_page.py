"""报送: content, check, how it goes, write and read back. Back keeps what was chosen."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from union_desk.desktop import jobs
from union_desk.desktop.export_channel import ChannelStep
from union_desk.desktop.export_done import DoneStep, Written
from union_desk.desktop.export_steps import CheckStep, ContentStep
from union_desk.desktop.hold_panel import HoldPanel
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import Page, button, column, frame, label, picture, row
from union_desk.desktop.step_bar import StepBar
from union_desk.desktop.stick_backup import StickBackup
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from union_desk.bundle.delivery import Target
    from union_desk.bundle.drives import Drive
    from union_desk.checks import Finding
    from union_desk.desktop.export_content import Content
    from union_desk.desktop.jobs import Job, Progress
    from union_desk.desktop.session import Session

CONTENT, CHECK, TARGET, DONE = range(4)
STEPS = ("选择内容", "检查", "选择方式", "写出与核对")
AGAIN, AGAIN_DOWN = "again", "again-down"
"""Texts of routes that write once more by the way used last: to the parent, to lower units."""


class ExportPage(Page):
    """Four steps; one primary button that says what comes next."""

    title = "报送"

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.job: Job | None = None
        self._again = route.text in (AGAIN, AGAIN_DOWN)
        self.context = "把已确认的记录写成报送文件，交给上级工会"
        outer = column(self, gap=12, margins=(26, 10, 26, 16))
        self.steps = StepBar(STEPS)
        outer.addWidget(self.steps)
        card = frame("card")
        outer.addWidget(card, 1)
        body = column(card, gap=12, margins=(24, 18, 24, 18))
        self._refusal = self._strip()
        self.hold = HoldPanel(session)
        self.hold.decided.connect(self.entered)
        self.hold.decided.connect(self.changed)
        self.hold.receipts_wanted.connect(lambda: self.opened.emit(Route("inbox")))
        self.hold.settings_wanted.connect(lambda: self.opened.emit(Route("settings")))
        body.addWidget(self.hold, 1)
        body.addWidget(self._refusal)
        self.stack = QStackedWidget()
        body.addWidget(self.stack, 1)
        alone = not session.store.parent and session.level != LEVELS[0]
        self.down = alone or route.text == AGAIN_DOWN
        both = bool(session.store.parent) and session.level != LEVELS[0]
        self.content = ContentStep(both=both, down=self.down)
        self.content.audience.connect(self._turn)
        self.check = CheckStep()
        self.target = ChannelStep()
        self.done = DoneStep()
        for step in (self.content, self.check, self.target, self.done):
            self.stack.addWidget(step)
        self.check.opened.connect(self.opened)
        self.check.cover_wanted.connect(self._issue_cover)
        self.target.changed.connect(self._target_changed)
        self.done.slip_wanted.connect(self._print_slip)
        self.done.letter.addressed.connect(lambda address: self._keep(mail_address=address))
        body.addLayout(self._foot())
        self._errors = 0
        self._known: Content | None = None
        self._written: Written | None = None

    def _strip(self) -> QWidget:
        made = frame("strip")
        made.setProperty("tone", "warn")
        line = row(made, gap=10, margins=(16, 10, 16, 10))
        line.addWidget(picture("info-circle-filled", "warn", 18))
        self._reason = label("", wrap=True)
        line.addWidget(self._reason, 1)
        made.hide()
        return made

    def _foot(self) -> QHBoxLayout:
        line = row(gap=10)
        self._hint = label("", "hint", wrap=True)
        line.addWidget(self._hint, 1)
        self.copy = StickBackup(self.session)
        line.addWidget(self.copy)
        self.back = button("上一步")
        self.back.clicked.connect(lambda: self._go(self.steps.step - 1))
        self.cancel = button("取消写出")
        self.cancel.clicked.connect(self._stop)
        self.next = button("下一步", role="primary", icon="arrow-right")
        self.next.clicked.connect(self._next)
        for made in (self.cancel, self.back, self.next):
            line.addWidget(made)
        return line

    def first_focus(self) -> QWidget:
        """Return the primary button."""
        return self.next

    # --- what is due -----------------------------------------------------------------------

    def entered(self) -> None:
        """Gather what is due; refuse at once where nothing can be sent from here."""
        from union_desk.desktop import export_content

        settings = self._settings()
        if not self.target.carrier.text():
            self.target.carrier.setText(self.session.person)
        self.target.remember(settings.get("export_way", ""), settings.get("export_folder", ""))
        self._go(CONTENT)
        down = self.down
        jobs.run(
            self,
            lambda _progress: export_content.gather(self.session, down=down),
            self._show_content,
        )

    def _turn(self, down: bool) -> None:  # noqa: FBT001 - a signal's value
        """Write for the parent, or for the units below."""
        self.down = down
        self.entered()

    def _refused(self) -> str:
        store = self.session.store
        if store.demo:
            return "这里是示例数据，不能报送。建立本单位的正式数据后就能报送。"
        known = self._known
        if known is None:
            return ""
        if not store.parent and not self.down:
            return f"{store.unit_name}没有上级工会，不用报送。"
        if not (self.down or known.due or known.attached or known.repeated):
            return "没有要报送的记录：已确认的都报送过了，草稿确认后才能报送。"
        return known.refusal

    def _show_content(self, found: Content) -> None:
        self._known = found
        self.hold.refresh()
        self.content.show_content(found)
        self.check.show_papers(found.papers)
        self.check.show_cover(found.papers)
        what = "任务包、回执和退回意见" if self.down else "已确认的记录"
        self.context = f"把{what}写成报送文件，交给{found.receiver}" if found.receiver else ""
        self.head_changed.emit()
        self.target.show_content(found, down=self.down)
        refused = self._refused()
        self._reason.setText(refused)
        held = self.hold.hold is not None
        self._refusal.setVisible(bool(refused) and not held)
        for made in (self.stack, self.steps, self.next):
            made.setVisible(not held)  # the decision has the page to itself
        self._refresh()
        (self.hold.first_focus() if held else self.next).setFocus()
        if self._again and not refused and not held:
            self._go(TARGET)
            self._target_changed()

    # --- steps -----------------------------------------------------------------------------

    def _go(self, step: int) -> None:
        self.steps.go(step)
        self.stack.setCurrentIndex(step)
        self._refresh()
        (self.next if self.next.isEnabled() else self.target.first_focus()).setFocus()

    def _next(self) -> None:
        step = self.steps.step
        if step == CONTENT:
            self._go(CHECK)
            if self.down:
                self._show_findings([])
            else:
                self._check()
        elif step == CHECK:
            self._go(TARGET)
        elif step == TARGET:
            self._write()
        else:
            self.opened.emit(Route("dashboard"))

    def _check(self) -> None:
        from union_desk.desktop import export_content

        self.check.begin()
        self._errors = -1
        self._refresh()
        jobs.run(
            self,
            lambda progress: export_content.findings(self.session, progress),
            self._show_findings,
            title="正在检查要报送的记录",
            cancelled=lambda: self._go(CONTENT),
        )

    def _show_findings(self, found: list[Finding]) -> None:
        self._errors = sum(item.level == "error" for item in found)
        self.check.show_findings(found, self.session.pack)
        self._refresh()
        self.next.setFocus()

    def _target_changed(self) -> None:
        """Take a new place; written once more, it begins by itself where the place is ready."""
        self._refresh()
        if self._again and self.steps.step == TARGET and self.target.target() is not None:
            self._again = False
            self._write()

    # --- writing ---------------------------------------------------------------------------

    def _write(self) -> None:
        from union_desk.desktop import handing_over

        target = self.target.target()
        if target is None or self._known is None or self.job is not None:
            return
        session, need, volume = self.session, self._known.size, self.target.volume()
        down = self.down

        def work(progress: Progress) -> Written:
            begun = time.monotonic()
            made = handing_over.write(
                session, target, need, down=down, volume=volume, progress=progress
            )
            size = sum(item.file.stat().st_size for item in made)
            sealed = handing_over.sealed(made)
            return Written(tuple(made), size, time.monotonic() - begun, sealed)

        self._go(DONE)
        self.done.begin(target)
        self.job = jobs.run(
            self, work, partial(self._show_written, target), self._failed,
            cancelled=self._stopped, lane="write",
        )  # fmt: skip
        self.job.progressed.connect(self.done.advance)
        self._refresh()

    def _show_written(self, target: Target, written: Written) -> None:
        self.job = None
        self._written = written
        receiver = self._known.receiver if self._known else ""
        self.done.show_written(written, target, receiver, down=self.down)
        made = written.made
        if made and not self.done.letter.isHidden():
            paths, digests = [item.file for item in made], [item.digest for item in made]
            address = self._settings().get("mail_address", "")
            unit = self.session.store.unit_name
            self.done.letter.show_letter(tuple(paths), tuple(digests), unit, address)
        self._keep(export_way=target.way)
        if target.drive is None:
            self._keep(export_folder=str(target.folder))
        elif made:
            self.copy.make(target.drive, self.done.add_fact, partial(self._eject, target.drive))
        self._refresh()
        self.next.setFocus()
        self.changed.emit()

    def _eject(self, drive: Drive) -> None:
        """Let the stick go once nothing more is written to it."""
        from union_desk.bundle import drives

        jobs.run(
            self,
            lambda _progress: drives.eject(drive),
            lambda gone: self.done.ejected(gone=gone),
            title="正在弹出 U 盘",
            lane="write",
        )

    def _failed(self, error: object) -> None:
        from union_desk.desktop import faults

        self._stopped()
        faults.report(error, self)  # type: ignore[arg-type]

    def _stopped(self) -> None:
        self.job = None
        self._go(TARGET)
        self.target.drives.look()

    def _stop(self) -> None:
        if self.job is not None:
            self.cancel.setEnabled(False)
            self.job.cancel()

    def _issue_cover(self) -> None:
        """Issue the cover of all that is due and offer to print it; then begin anew."""
        from union_desk.desktop import print_acts
        from union_desk.desktop.paper_words import title
        from union_desk.desktop.print_dialog import Sheet

        session = self.session

        def work(progress: Progress) -> Sheet:
            from union_desk.papers import covering, issuing

            store = session.store
            made = covering.reissue(store, session.period("month"), session.as_of, progress)
            return Sheet(title(store.pack, made), issuing.reprint(store, made), made)

        def show(sheet: Sheet) -> None:
            self.entered()
            print_acts.open_dialog(self, session, [sheet], self.entered)

        jobs.run(self, work, show, title="正在出具封面", lane="print")

    def _print_slip(self) -> None:
        from union_desk.desktop import slips

        if self._written is not None:
            slips.show_slips(self, self.session, [item.digest for item in self._written.made])

    def leaving(self) -> bool:
        """Stay while a file is being written."""
        return self.job is None

    # --- what can be done now --------------------------------------------------------------

    def _refresh(self) -> None:
        """Enable what can be done now, and say why the rest cannot."""
        step, writing = self.steps.step, self.job is not None
        self.back.setVisible(step in (CHECK, TARGET))
        target = self.target.target()
        self.copy.setVisible(step == TARGET and target is not None and target.drive is not None)
        self.cancel.setVisible(writing)
        self.cancel.setEnabled(True)
        self.next.setVisible(not writing and self.hold.hold is None)
        self.next.setText(("下一步", "下一步", "开始写入", "完成")[step])
        self.next.setAccessibleName(self.next.text())
        ready, hint = self._ready(step)
        self.next.setEnabled(ready)
        self._hint.setText(hint)

    def _ready(self, step: int) -> tuple[bool, str]:
        if step == CONTENT:
            held = self.hold.hint()
            return self._known is not None and not held and not self._refused(), held
        if step == CHECK:
            if self._errors < 0:
                return False, ""
            wrong = f"有 {self._errors} 处错误，更正并重新确认后才能报送。" if self._errors else ""
            return not self._errors, wrong
        if step == TARGET:
            reason = self.target.reason()
            return not reason, reason
        return True, ""

    def _settings(self) -> dict[str, str]:
        return getattr(self.window(), "settings", {})

    def _keep(self, **values: str) -> None:
        """Remember a choice for the next time."""
        keep = getattr(self.window(), "remember", None)
        if keep is not None:
            keep(values)
