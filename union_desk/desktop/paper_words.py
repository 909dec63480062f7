"""Issued papers in words: title, number, what state they are in and how that looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from union_desk import workflow
from union_desk.desktop import pill, theme
from union_desk.desktop.row_table import TONES

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from union_desk.store.issued import Issued
    from union_desk.taskpack.definition import TaskPack

_TONES = {
    "issued": "primary", "printed": "primary", "signed": "primary", "sealed": "ok", "sent": "ok",
    "received": "ok", "returned": "warn", "void": "plain", "corrected": "plain",
}  # fmt: skip
AWAITED = "纸质待补"


def title(pack: TaskPack, paper: Issued) -> str:
    """Return the name of a paper: of the package's report, or of the form behind it."""
    report = pack.reports.get(paper.report)
    if report is not None:
        return report.heading or report.title
    form = pack.forms.get(paper.report.rpartition("-")[0])
    return form.title if form is not None else paper.report


def state(paper: Issued) -> tuple[str, str]:
    """Return the state of a paper in a word, and its tone; 纸质待补 goes before 已报送."""
    if paper.paper_awaited:
        return AWAITED, "warn"
    return workflow.PAPER_STATES[paper.state], _TONES[paper.state]


class WordPill(QWidget):
    """A word on its tint, as a label."""

    def __init__(self, words: str = "", tone: str = "plain") -> None:
        super().__init__()
        self.words, self.tone = words, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def say(self, words: str, tone: str) -> None:
        """Show another word."""
        self.words, self.tone = words, tone
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the pill."""
        return QSize(pill.words_width(self.words) if self.words else 0, theme.px(pill.HEIGHT + 2))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint it."""
        if self.words:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ticked = self.tone == "ok"
            pill.draw_words(
                painter, self.words, TONES[self.tone], 0, self.height() / 2, ticked=ticked
            )
