"""What can be done in a ledger: add, delete with an undo, bring back, change many at once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from union_desk.desktop import faults, form_store, jobs, ledger_store
from union_desk.desktop.form_access import local_time
from union_desk.desktop.ledger_view import ALL
from union_desk.desktop.navigation import Route
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.undo_notice import UndoNotice, refresh_desk
from union_desk.errors import UserError

if TYPE_CHECKING:
    from union_desk.desktop.bulk_dialog import BulkDialog
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.ledger_page import LedgerPage
    from union_desk.desktop.ledger_view import View
    from union_desk.desktop.notice_bar import Action
    from union_desk.desktop.session import Session
    from union_desk.store.listing import ListedRow
    from union_desk.store.transaction import Store
    from union_desk.store.undoing import Undo
    from union_desk.taskpack.definition import Form

LANE = "write"
MOST_AT_ONCE = 20_000
"""Records that are changed in one act: what would become of them is shown before."""


def may_import(session: Session, form: Form) -> bool:
    """Return whether this office takes in sheets of a form, for itself or for others (代报)."""
    from union_desk.store import rights

    return rights.writes(session.level, form)


def take_back(store: Store, done: Undo) -> None:
    """Take a bulk edit back, in a worker."""
    from union_desk.store import undoing

    with store.write() as transaction:
        undoing.undo(transaction, done)


class LedgerActs(QObject):
    """The acts of a ledger page; what writes runs in a worker."""

    def __init__(self, page: LedgerPage) -> None:
        super().__init__(page)
        self.page = page

    def new(self, text: str = "") -> None:
        """Enter a new record."""
        page = self.page
        if page.writes:
            route = Route("form", form=page.form.id, filter=page.view, text=text)
            page.opened.emit(route)

    def asked(self, what: str) -> None:
        """Do what the empty ledger offers."""
        page = self.page
        if what == "new":
            self.new()
        elif what == "register":
            self.new(page.wanted.search)
        elif what == "paste":
            self.take_in()
        elif what in ("inbox", "home"):
            page.opened.emit(Route("inbox" if what == "inbox" else "dashboard"))
        elif what == "clear":
            page.bar.search.put("")
            page.ask(replace(page.wanted, search=""))
            page.bar.search.setFocus()
        else:
            keep = page.wanted.search if what == "everywhere" else ""
            page.bar.search.put(keep)
            page.bar.period.setCurrentIndex(0)
            page.ask(replace(page.everything(), search=keep, chip=ALL))

    def tell_figure(self, view: View) -> None:
        """Say which figure the rows are behind, with the ways to its other rows and out of it."""
        from union_desk.desktop import figure_rows
        from union_desk.store import units

        page, found = self.page, view.behind
        if found is None:
            page.figure.quiet()
            return
        session, asked = page.session, found.asked
        with session.store.read() as connection:
            known = units.of_store(connection, session.store)
        actions: list[Action] = [
            (title, partial(page.opened.emit, figure_rows.route(session.pack, other)))
            for title, other in figure_rows.others(session.pack, asked)
        ]
        analysis = Route("analysis", text=asked.indicator)
        actions.append(("趋势与各单位", partial(page.opened.emit, analysis)))
        actions.append(("看全部记录", lambda: page.show_wanted(page.everything())))
        indicator = session.pack.indicators[asked.indicator]
        page.figure.say(figure_rows.words(indicator, found, known), actions=actions)

    # --- after a crash ---------------------------------------------------------------------

    def offer_recovery(self) -> None:
        """Offer what was being typed when the program ended without leaving the page."""
        page = self.page
        left = ledger_store.left_open(page.session, page.form.id)
        if not left:
            page.notice.quiet()
            return
        first = left[0]
        words = f"上次没有正常退出，找回 {len(left)} 条草稿（{local_time(first.at)}）。"
        route = Route("form", form=page.form.id, uid=first.uid)
        page.notice.say(
            words,
            tone="warn",
            actions=[
                ("恢复", lambda: page.opened.emit(route)),
                ("不恢复", lambda: self._let_go(first.uid)),
                ("稍后", page.notice.quiet),
            ],
        )

    def _let_go(self, uid: str) -> None:
        """Offer it no more; what was typed is kept."""
        session = self.page.session
        jobs.run(
            self.page,
            lambda _progress: form_store.close_draft(session, uid),
            lambda _result: self.offer_recovery(),
            lane=LANE,
        )

    # --- deleting --------------------------------------------------------------------------

    def _chosen(self) -> list[ListedRow]:
        """Return the chosen rows, else the row under the cursor."""
        page = self.page
        count = page.model.picked_count
        if count > MOST_AT_ONCE:
            faults.report(
                UserError(
                    "D741", f"选了 {count:,} 条，一次最多 {MOST_AT_ONCE:,} 条。",
                    "请先按列筛选，分几次做。",
                ),
                page,
            )  # fmt: skip
            return []
        rows = page.model.picked_rows()
        if rows or page.view is None:
            return rows
        here = page.table.currentIndex()
        return page.view.listing.page(here.row(), 1) if here.isValid() else []

    def remove(self) -> None:
        """Put drafts into the recycle list; confirmed records are voided with a reason."""
        page = self.page
        rows = self._chosen() if page.writes and page.wanted.chip != "voided" else []
        if not rows:
            return
        confirmed = [row for row in rows if row.state != "draft"]
        if not confirmed:
            self._remove(rows, "")
            return
        drafts = len(rows) - len(confirmed)
        words = f"{len(confirmed)} 条已确认的记录不能删除，只能作废：不再计数，报送时告诉上级。"
        words += f"另有 {drafts} 条草稿一并删除。" if drafts else ""
        dialog = ReasonDialog("作废记录", f"{words}请写明原因：", "作废", page)
        dialog.given.connect(lambda reason: self._remove(rows, reason))
        dialog.open()

    def _remove(self, rows: list[ListedRow], reason: str) -> None:
        page = self.page
        session, form = page.session, page.form.id

        def work(progress: Progress) -> list[str]:
            return ledger_store.remove_all(session, form, rows, reason, progress)

        def done(uids: list[str]) -> None:
            page.changed.emit()
            page.ask(page.wanted)
            word = "已作废" if reason else "已删除"
            undo = lambda: form_store.bring_back(session, form, uids)  # noqa: E731
            UndoNotice(page.window(), f"{word} {len(uids)} 条", undo, refresh_desk(page))

        jobs.run(page, work, done, title="正在删除", lane=LANE)

    def _brought_back(self) -> None:
        page = self.page
        page.changed.emit()
        page.ask(page.wanted)

    def restore(self) -> None:
        """Bring chosen records back from the recycle list."""
        page = self.page
        session, form = page.session, page.form.id
        uids = [row.uid for row in page.model.picked_rows()]
        if uids:
            jobs.run(
                page,
                lambda _progress: form_store.bring_back(session, form, uids),
                lambda _result: self._brought_back(),
                title="正在恢复",
                lane=LANE,
            )

    # --- many at once ------------------------------------------------------------------------

    def edit_many(self) -> None:
        """Set one field of the chosen records."""
        from union_desk.desktop import bulk_dialog

        page = self.page
        rows = self._chosen()
        if rows:
            self._open(bulk_dialog.editing(page.session, page.form, rows, page.reader, page))

    def confirm_many(self) -> None:
        """Confirm the chosen drafts."""
        from union_desk.desktop import bulk_dialog

        page = self.page
        rows = [row for row in self._chosen() if row.state == "draft"]
        if rows:
            self._open(bulk_dialog.confirming(page.session, page.form, rows, page.reader, page))

    def _open(self, dialog: BulkDialog) -> None:
        page = self.page
        store = page.session.store

        def done(words: str, undo: Undo | None) -> None:
            page.model.pick_all(on=False)
            page.changed.emit()
            page.ask(page.wanted)
            if undo is not None:
                UndoNotice(page.window(), words, lambda: take_back(store, undo), refresh_desk(page))

        dialog.did.connect(done)
        dialog.open()

    # --- sheets in ---------------------------------------------------------------------------

    def paste(self) -> None:
        """Look at the block that was copied in a spreadsheet program before it is taken in."""
        page = self.page
        if may_import(page.session, page.form):
            text = QApplication.clipboard().text()
            page.opened.emit(Route("import", form=page.form.id, text=text))

    def take_in(self) -> None:
        """Go to the page that takes sheets in."""
        page = self.page
        page.opened.emit(Route("import", form=page.form.id))
