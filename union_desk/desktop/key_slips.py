"""单位开通卡 and strips of 开通码, drawn in a worker and shown to be printed or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.desktop import jobs
from union_desk.desktop.paper_dialog import PaperDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.session import Session
    from union_desk.store.enrolment import Strip


def show_card(owner: QWidget, session: Session) -> PaperDialog:
    """Show this office's 单位开通卡."""

    def work(_progress: jobs.Progress) -> bytes:
        from union_desk.reports import key_papers as drawing
        from union_desk.store import key_papers

        return drawing.render_card(drawing.CardPaper(**key_papers.card(session.store)))

    return _show(owner, session, "单位开通卡", work)


def show_strips(owner: QWidget, session: Session, strips: Sequence[Strip]) -> PaperDialog:
    """Show strips that were just made; their codes are shown nowhere else."""

    def work(_progress: jobs.Progress) -> bytes:
        from union_desk.reports import key_papers as drawing
        from union_desk.store import key_papers, transaction

        store = session.store
        said = [drawing.StripPaper(**strip) for strip in key_papers.strips(store, strips)]
        return drawing.render_strips(
            said, unit=store.unit, unit_name=store.unit_name, made=transaction.now()
        )

    return _show(owner, session, "开通码条", work)


def _show(
    owner: QWidget, session: Session, title: str, work: Callable[[jobs.Progress], bytes]
) -> PaperDialog:
    dialog = PaperDialog(session, title, f"{session.store.unit_name}_{title}.pdf", owner)
    dialog.open()
    jobs.run(dialog, work, dialog.show_pdf, title=f"正在生成{title}")
    return dialog
