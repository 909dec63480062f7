"""报送: content, check, where to, write and read back. Back keeps what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from union_desk.desktop import jobs
from union_desk.desktop.export_steps import CheckStep, ContentStep, DoneStep, TargetStep
from union_desk.desktop.hold_panel import HoldPanel
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import Page, button, column, frame, label, picture, row
from union_desk.desktop.step_bar import StepBar
from union_desk.desktop.stick_backup import StickBackup

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.bundle.exporting import Exported
    from union_desk.checks import Finding
    from union_desk.desktop.export_content import Content
    from union_desk.desktop.jobs import Job, Progress
    from union_desk.desktop.session import Session

CONTENT, CHECK, TARGET, DONE = range(4)
STEPS = ("选择内容", "检查", "选择位置", "写出与核对")


class ExportPage(Page):
    """Four steps; one primary button that says what comes next."""

    title = "报送"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.job: Job | None = None
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
        body.addWidget(self.hold)
        body.addWidget(self._refusal)
        self.stack = QStackedWidget()
        body.addWidget(self.stack, 1)
        self.content = ContentStep()
        self.check = CheckStep()
        self.target = TargetStep()
        self.done = DoneStep()
        for step in (self.content, self.check, self.target, self.done):
            self.stack.addWidget(step)
        self.check.opened.connect(self.opened)
        self.target.changed.connect(self._refresh)
        body.addLayout(self._foot())
        self._errors = 0
        self._known: Content | None = None

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

    def entered(self) -> None:
        """Gather what is due; refuse at once where nothing can be sent from here."""
        from union_desk.desktop import export_content

        self.target.remember(self._remembered_folder())
        self._go(CONTENT)
        jobs.run(self, lambda _progress: export_content.gather(self.session), self._show_content)

    def _refused(self) -> str:
        store = self.session.store
        if self.hold.hold is not None:
            return "先在上面决定由哪台电脑继续，然后报送。"
        if store.demo:
            return "这里是示例数据，不能报送。建立本单位的正式数据后就能报送。"
        if not store.parent:
            return f"{store.unit_name}没有上级工会，不用报送。"
        if self._known is not None and not (
            self._known.due or self._known.attached or self._known.repeated
        ):
            return "没有要报送的记录：已确认的都报送过了，草稿确认后才能报送。"
        return ""

    def _show_content(self, found: Content) -> None:
        self._known = found
        self.hold.refresh()
        self.content.show_content(found)
        if found.receiver:
            self.context = f"把已确认的记录写成报送文件，交给{found.receiver}"
            self.head_changed.emit()
        refused = self._refused()
        self._reason.setText(refused)
        self._refusal.setVisible(bool(refused))
        self._refresh()
        self.next.setFocus()

    def _go(self, step: int) -> None:
        self.steps.go(step)
        self.stack.setCurrentIndex(step)
        self._refresh()
        (self.next if self.next.isEnabled() else self.target.first_focus()).setFocus()

    def _next(self) -> None:
        step = self.steps.step
        if step == CONTENT:
            self._go(CHECK)
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

    def _write(self) -> None:
        from union_desk.bundle import exporting

        folder = self.target.folder
        if folder is None:
            return
        session = self.session

        def work(progress: Progress) -> list[Exported]:
            return exporting.export(session.store, folder, as_of=session.as_of, progress=progress)

        self._go(DONE)
        self.done.begin(folder)
        self.job = jobs.run(
            self, work, lambda made: self._written(made, folder), self._failed,
            cancelled=lambda: self._go(TARGET), lane="write",
        )  # fmt: skip
        self.job.progressed.connect(self.done.advance)
        self._refresh()

    def _written(self, made: list[Exported], folder: Path) -> None:
        self.job = None
        receiver = self._known.receiver if self._known else ""
        self.done.show_written(made, folder, receiver)
        self.copy.make(folder, self.done.add_fact)
        self._remember(folder)
        self._refresh()
        self.next.setFocus()
        self.changed.emit()

    def _failed(self, error: object) -> None:
        from union_desk.desktop import faults

        self.job = None
        self._go(TARGET)
        faults.report(error, self)  # type: ignore[arg-type]

    def _stop(self) -> None:
        if self.job is not None:
            self.cancel.setEnabled(False)
            self.job.cancel()

    def leaving(self) -> bool:
        """Stay while a file is being written."""
        return self.job is None

    def _refresh(self) -> None:
        """Enable what can be done now, and say why the rest cannot."""
        step, writing = self.steps.step, self.job is not None
        self.back.setVisible(step in (CHECK, TARGET))
        self.copy.offer(self.target.folder if step == TARGET else None)
        self.cancel.setVisible(writing)
        self.cancel.setEnabled(True)
        self.next.setVisible(not writing)
        self.next.setText(("下一步", "下一步", "开始写出", "完成")[step])
        self.next.setAccessibleName(self.next.text())
        ready, hint = self._ready(step)
        self.next.setEnabled(ready)
        self._hint.setText(hint)

    def _ready(self, step: int) -> tuple[bool, str]:
        if step == CONTENT:
            return self._known is not None and not self._refused(), ""
        if step == CHECK:
            if self._errors < 0:
                return False, ""
            wrong = f"有 {self._errors} 处错误，更正并重新确认后才能报送。" if self._errors else ""
            return not self._errors, wrong
        if step == TARGET:
            chosen = self.target.folder is not None
            return chosen, "" if chosen else "请选择写到哪里。"
        return True, ""

    def _remembered_folder(self) -> str:
        settings: dict[str, str] = getattr(self.window(), "settings", {})
        return settings.get("export_folder", "")

    def _remember(self, folder: Path) -> None:
        settings = getattr(self.window(), "settings", None)
        if settings is not None:
            settings["export_folder"] = str(folder)
