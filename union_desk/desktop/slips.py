"""交接单 and the printed 报送记录, drawn in a worker and shown in a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.desktop import jobs
from union_desk.desktop.paper_dialog import PaperDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.session import Session
    from union_desk.store.deliveries import Delivery

STATES = {
    ("written", ""): "已写出",
    ("received", "county"): "县已收",
    ("received", "city"): "市已收",
    ("returned", ""): "被退回",
}


def state_words(item: Delivery) -> str:
    """Return what became of a file, in a word."""
    return STATES.get((item.state, item.by), "已收到")


def show_slips(owner: QWidget, session: Session, digests: Sequence[str]) -> PaperDialog:
    """Show the 交接单 of the newest files with these digests."""

    def work(_progress: jobs.Progress) -> bytes:
        return slips(session, digests)

    return _show(owner, session, "交接单", work)


def show_register(owner: QWidget, session: Session) -> PaperDialog:
    """Show the 报送记录 as it prints."""
    return _show(owner, session, "报送记录", lambda _progress: register(session))


def _show(owner: QWidget, session: Session, title: str, work: object) -> PaperDialog:
    dialog = PaperDialog(session, title, f"{session.store.unit_name}_{title}.pdf", owner)
    dialog.open()
    jobs.run(dialog, work, dialog.show_pdf, title=f"正在生成{title}")  # type: ignore[arg-type]
    return dialog


def slips(session: Session, digests: Sequence[str]) -> bytes:
    """Return a 交接单 for each of these files, in one PDF."""
    from union_desk.bundle.delivery import WAYS
    from union_desk.reports import handover
    from union_desk.store import deliveries

    store = session.store
    made = []
    with store.read() as connection:
        listed = deliveries.listed(connection, store)
        for digest in digests:
            item = next(entry for entry in listed if entry.sha256 == digest)
            lines = deliveries.packets(connection, store, item)
            made.append(
                handover.Slip(
                    store.unit, store.unit_name, item.reader_name, item.name, item.sha256,
                    WAYS.get(item.way, item.way), item.carrier, item.at,
                    tuple((line.name, line.sha256, line.records) for line in lines), item.verified,
                )
            )  # fmt: skip
    return handover.slip(*made)


def register(session: Session) -> bytes:
    """Return the list of everything that was handed over."""
    from union_desk.bundle.delivery import WAYS
    from union_desk.desktop.backup_words import local
    from union_desk.reports import handover
    from union_desk.store import deliveries
    from union_desk.store.transaction import now

    store = session.store
    with store.read() as connection:
        listed = deliveries.listed(connection, store)
    rows = [
        (
            local(item.at), item.name, handover.in_groups(item.sha256[:16]), item.reader_name,
            WAYS.get(item.way, item.way), item.carrier, state_words(item),
        )
        for item in listed
    ]  # fmt: skip
    return handover.register(store.unit, store.unit_name, rows, now())
