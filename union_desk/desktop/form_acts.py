"""What can be done with the record on the form page: save, confirm, copy, delete, go on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from union_desk.desktop import erase_dialog, faults, form_store, jobs
from union_desk.desktop.form_findings import is_open
from union_desk.desktop.form_saver import clock
from union_desk.desktop.navigation import Route
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.undo_notice import UndoNotice, refresh_desk
from union_desk.errors import UserError
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from union_desk.desktop.form_page import FormPage
    from union_desk.taskpack.record import Record

LANE = "write"


class FormActs(QObject):
    """The acts of a form page; what writes runs in a worker."""

    def __init__(self, page: FormPage) -> None:
        super().__init__(page)
        self.page = page
        self._running = False

    def menu(self) -> Sequence[tuple[str, str, Callable[[], object]]]:
        """Return the acts behind ⋯: title, keys, act."""
        page = self.page
        record = page.entry.base
        nothing = ("", "", self._nothing)
        acts: list[tuple[str, str, Callable[[], object]]] = []
        if page.access.writes:
            acts += [("新登记一条", "Ctrl+N", self.new), ("还原本条", "", page.typing.start_over)]
            acts.append(page.photo.act())
        acts += page.beside.offers()
        acts += [("打印本条", "Ctrl+P", self.print_record), ("打印空白表", "", self.print_blank)]
        if not page.entry.new:
            acts += [("操作记录…", "", self.show_history)]
        own = record.origin == page.session.store.origin and not record.deleted
        if page.access.writes and record.record_state == "draft" and not page.entry.new:
            acts += [nothing, ("删除草稿", "", self.delete)]
        elif own and not page.entry.new and record.record_state != "draft":
            acts += [nothing, ("作废…", "", self.ask_void)]
        if not page.entry.new and erase_dialog.offered(page.session, page.form, record):
            about = (page.session, page.form.id, record.uid)
            acts += [("删除个人信息…", "", erase_dialog.Erasing(page, *about, page.go_back).ask)]
        return acts

    def show_history(self) -> None:
        """Show who did what to this record, and when."""
        from union_desk.desktop import history_dialog

        page = self.page
        history_dialog.show(page, page.session, page.form, page.entry.base.uid)

    def _nothing(self) -> None:
        """Stand for a line in the menu."""

    def _commit_focus(self) -> None:
        """Take what stands in the focused field as meant."""
        name = self.page.body.has_focus()
        if name in self.page.body.cells:
            self.page.typing.committed(self.page.body.editor(name))

    # --- saving ------------------------------------------------------------------------------

    def save(self, then: Callable[[], object] | None = None) -> None:
        """存草稿: a never-confirmed record becomes a row; an edit waits in table draft."""
        page = self.page
        if not page.access.writes or self._running:
            return
        self._commit_focus()
        entry = page.entry
        if not self._is_draft():
            page.saver.keep()
            if then is not None:
                then()
            return
        page.saver.halt()
        record, left = entry.record(), entry.draft(cursor=None, left=False, unreadable_only=True)
        notes, run = entry.explanations(), entry.context
        work = lambda _p: form_store.save_row(page.session, record, left, notes, run)  # noqa: E731
        self._run(work, lambda saved: self._saved(record, saved, then))

    def _saved(self, typed: Record, saved: Record, then: Callable[[], object] | None) -> None:
        page = self.page
        page.typing.rebase(typed, saved)
        page.touched = False
        page.head.show_saved(f"草稿已存 {clock()}")
        page.changed.emit()
        page.show_state()
        page.head.set_actions(self.menu())
        if then is not None:
            then()

    def _is_draft(self) -> bool:
        return self.page.entry.new or self.page.entry.base.record_state == "draft"

    def again(self) -> None:
        """存草稿并再登一条."""
        if self.page.form.kind == "ledger":
            self.save(self._begin_new)

    def new(self) -> None:
        """Begin a new record; what is typed is kept."""
        if self.page.form.kind == "ledger" and self.leave():
            self._begin_new()

    def _begin_new(self) -> None:
        page = self.page
        if not page.entry.new or page.entry.dirty:
            page.before = page.entry.record()
        page.load(None)
        page.body.focus_first()

    def neighbour(self, way: int) -> None:
        """Go to another record of the list."""
        page = self.page
        uid = page.list.beside(way)
        if uid is not None and (other := page.list.elsewhere(uid, page.form.id)) is not None:
            page.opened.emit(other)
            return
        if uid is None or not self.leave():
            return
        page.before = page.entry.record() if way > 0 else None
        name = page.body.has_focus()
        page.load(uid)
        stops = page.body.stops()
        page.body.focus(name if name in stops else stops[0] if stops else "")

    def leave(self) -> bool:
        """Keep what is typed before the record goes off the page; False where that fails."""
        page = self.page
        if self._running:
            return False
        self._commit_focus()
        page.saver.halt()
        try:
            self._keep_for_leaving()
        except UserError as error:
            faults.report(error, page)
            return False
        return True

    def _keep_for_leaving(self) -> None:
        page, entry = self.page, self.page.entry
        session, kept = page.session, page.loaded.draft
        if not page.access.writes:
            return
        if not page.touched:
            if kept is not None and kept.open:
                form_store.close_draft(session, kept.uid)
            return
        page.touched = False
        if not entry.dirty:
            if kept is not None or page.saver.wrote:
                form_store.drop_draft(session, entry.base.uid)
        elif self._is_draft():
            left = entry.draft(cursor=None, left=True, unreadable_only=True)
            record, notes = entry.record(), entry.explanations()
            saved = form_store.save_row(session, record, left, notes, entry.context)
            page.typing.rebase(record, saved)
        else:
            form_store.keep_draft(session, entry.draft(cursor=None, left=True))
        page.changed.emit()

    # --- confirming --------------------------------------------------------------------------

    def confirm(self) -> None:
        """检查并确认: to the first place that blocks it, or into the store."""
        page = self.page
        if not page.access.writes or self._running:
            return
        self._commit_focus()
        page.typing.check()
        page.show_state()
        if self._go_to_trouble():
            return
        reason = page.notice.reason
        if page.correcting and reason is not None and not reason.text().strip():
            page.focus_on(reason)
            page.head.show_saved("请写更正的原因", failed=True)
            return
        page.saver.halt()
        entry = page.entry
        record, notes, run = entry.record(), entry.explanations(), entry.context
        period = page._period(entry.base).id
        text = reason.text().strip() if reason is not None else None
        self._run(
            lambda _p: form_store.confirm(
                page.session, record, notes, run, period=period, reason=text
            ),
            self._confirmed,
            self._refused,
        )

    def _go_to_trouble(self) -> bool:
        """Go to the first error, else ask for the reason of the first warning."""
        page = self.page
        blocking = page.typing.findings.blocking()
        if not blocking:
            return False
        first = blocking[0]
        cell = page.body.cells.get(first.field or "") if first.form == page.form.id else None
        if first.level == "warning" and cell is not None and cell.to_explain is not None:
            page.ask_reason(cell)
        elif first.level == "warning":
            self._ask_reason_of(first.code, first.message)
        else:
            page.body.reveal((first.form, first.record, first.field))
        return True

    def _ask_reason_of(self, code: str, message: str) -> None:
        """Ask for the reason of a warning that stands at no field of the form."""
        dialog = ReasonDialog("写审核说明", message, "记下", self.page)
        dialog.given.connect(lambda text: self._explained(code, text))
        dialog.open()

    def _explained(self, code: str, text: str) -> None:
        self.page.typing.explained(code, text)
        self.confirm()

    def _refused(self, error: UserError) -> None:
        page = self.page
        findings = getattr(error, "findings", None)
        page.saver.touch()
        if findings is None:
            faults.report(error, page)
            return
        page.typing.check(tuple(findings))
        page.show_state()
        if not self._go_to_trouble():
            faults.report(error, page)

    def _confirmed(self, saved: Record) -> None:
        page = self.page
        was_new = page.entry.new or page.entry.base.rev == 0
        page.load(saved.uid)
        page.before = saved
        words = f"已确认，记入{Period.parse(saved.period).title}。"
        actions: list[tuple[str, Callable[[], object]]] = []
        if page.form.kind == "ledger" and was_new:
            actions.append(("再登一条", self.new))
        if page.list.beside(1) is not None:
            actions.append(("下一条", lambda: self.neighbour(1)))
        actions.append((f"回{page.list.back_words}", page.go_back))
        page.notice.say(words, tone="ok", actions=actions)
        page.changed.emit()
        button = page.notice.first_button()
        if button is not None:
            page.focus_on(button)  # type: ignore[arg-type]

    def after_reason(self) -> None:
        """Go on to the next place once a warning is explained, or to the primary button."""
        page = self.page
        if not page.typing.findings.checked:
            return
        if any(is_open(item) for item in page.typing.findings.shown):
            self._go_to_trouble()
        else:
            page.focus_on(page.foot.confirm_button)

    # --- undoing, deleting -------------------------------------------------------------------

    def drop_edit(self) -> None:
        """放弃修改, with an undo."""
        page = self.page
        page.saver.halt()
        uid, kept = page.entry.base.uid, page.entry.draft(cursor=None, left=True)

        def dropped(_draft: object) -> None:
            page.load(uid)
            page.changed.emit()
            UndoNotice(page.window(), "已放弃修改", take_back)

        def take_back() -> None:
            self._run(
                lambda _p: form_store.keep_draft(page.session, kept), lambda _d: page.load(uid)
            )

        self._run(lambda _p: form_store.drop_draft(page.session, uid), dropped)

    def delete(self) -> None:
        """Put the draft into the recycle list, with an undo."""
        page = self.page
        page.saver.halt()
        session, form, uid = page.session, page.form.id, page.entry.base.uid
        self._run(
            lambda _p: form_store.remove(session, form, uid),
            lambda _n: self._gone("已删除草稿", uid),
        )

    def ask_void(self) -> None:
        """Ask why the record is voided."""
        words = "作废后不再计数，报送时告诉上级。请写明原因："
        dialog = ReasonDialog("作废这条记录", words, "作废", self.page)
        dialog.given.connect(self._void)
        dialog.open()

    def _void(self, reason: str) -> None:
        page = self.page
        page.saver.halt()
        session, form, uid = page.session, page.form.id, page.entry.base.uid
        self._run(
            lambda _p: form_store.void(session, form, uid, reason),
            lambda _n: self._gone("已作废", uid),
        )

    def _gone(self, words: str, uid: str) -> None:
        page = self.page
        session, form, window = page.session, page.form.id, page.window()
        refresh = refresh_desk(page)
        page.entry.start(page.entry.base)
        page.access = type(page.access)(writes=False)
        page.changed.emit()
        undo = partial(form_store.bring_back, session, form, [uid])
        UndoNotice(window, words, undo, refresh)
        page.opened.emit(Route("ledger", form=form, filter=page.list.wanted))

    def restore(self) -> None:
        """Bring a deleted record back."""
        page = self.page
        uid = page.entry.base.uid
        self._run(
            lambda _p: form_store.bring_back(page.session, page.form.id, [uid]),
            lambda _n: self._reloaded(uid),
        )

    def _reloaded(self, uid: str) -> None:
        self.page.load(uid)
        self.page.changed.emit()

    # --- small things ------------------------------------------------------------------------

    def as_before(self) -> None:
        """Ctrl+D: take the value of the record before."""
        page = self.page
        name = page.body.has_focus()
        if page.before is None or name not in page.body.cells or not page.access.writes:
            return
        item = page.body.cells[name].item
        editor = page.body.editor(name)
        if editor.property("state") == "locked":
            return
        page.typing.put(name, {key: page.before.values.get(key) for key in columns_of(item)})
        page.body.cells[name].set_note("与上一条相同")

    def print_record(self) -> None:
        """Print this record."""
        page = self.page
        page.opened.emit(Route("print", form=page.form.id, uid=page.entry.base.uid))

    def print_blank(self) -> None:
        """Print the empty form."""
        page = self.page
        page.opened.emit(Route("print", form=page.form.id, text="blank"))

    def returned_words(self) -> str:
        """Return the remark of a returned record."""
        page = self.page
        remark = form_store.remark_of_return(page.session, page.entry.base.uid)
        return f"被退回：{remark}" if remark else "被退回，请改好后再确认。"

    def _run(
        self,
        work: Callable[[object], object],
        done: Callable[..., object],
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        page = self.page
        self._running = True
        page.set_busy(busy=True)

        def ended() -> None:
            self._running = False
            page.set_busy(busy=False)

        def finish(result: object) -> None:
            ended()
            done(result)

        def fail(error: UserError) -> None:
            ended()
            (failed or (lambda e: faults.report(e, page)))(error)

        jobs.run(page, work, finish, fail, lane=LANE)
