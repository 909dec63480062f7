"""A field on the form: label above, editor, and one line below for error, warning or note.

Label and line are painted, not widgets: a form of 30 fields opens at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QPushButton, QWidget

from union_desk.desktop import icons, theme
from union_desk.desktop.explain_box import ExplainBox
from union_desk.desktop.page import button

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from union_desk.desktop.editors import AnyEditor
    from union_desk.taskpack.definition import Field

LABEL, GAP, BELOW, MARK = 21, 5, 4, 16
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
TONES = {
    "error": ("err", "alert-circle-filled"),
    "warning": ("warn", "alert-triangle-filled"),
    "explained": ("text2", "circle-check-filled"),
    "hint": ("text2", "info-circle"),
    "returned": ("warn", "arrow-back-up"),
    "note": ("text3", ""),
}
"""Level of a line -> its colour and its icon."""


@dataclass(frozen=True, slots=True)
class Line:
    """What stands below a field: level, sentence, and the check that may be explained."""

    level: str
    words: str
    code: str = ""


class FieldCell(QWidget):
    """One field with all that belongs to it."""

    resized = Signal()
    """Its height may have changed."""
    explained = Signal(str, str)
    """(check, text): a warning was explained."""

    def __init__(self, item: Field, editor: AnyEditor, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = item
        self.editor = editor
        self.lines: tuple[Line, ...] = ()
        self._required = item.required
        self._tag = ""
        self._note = ""
        self._button: QPushButton | None = None
        self._box: ExplainBox | None = None
        editor.setParent(self)

    # --- what it says ------------------------------------------------------------------------

    def set_required(self, *, required: bool) -> None:
        """Show or hide the star."""
        if required != self._required:
            self._required = required
            self.update()

    def set_tag(self, words: str) -> None:
        """Show quiet words at the right of the label: why the field is locked."""
        if words != self._tag:
            self._tag = words
            self.update()

    def set_note(self, words: str) -> None:
        """Say something quiet below while nothing is wrong."""
        if words != self._note:
            self._note = words
            self._changed()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show what is wrong; the editor takes the colour of the worst and says it aloud."""
        if tuple(lines) == self.lines:
            return
        self.lines = tuple(lines)
        levels = {line.level for line in lines}
        state = "error" if "error" in levels else "warn" if "warning" in levels else ""
        if (self.editor.property("state") or "") != state:
            theme.mark(self.editor, state=state)
            self.editor.update()
        self.editor.setAccessibleDescription("；".join(line.words for line in lines))
        self._offer_button()
        self._changed()

    @property
    def to_explain(self) -> Line | None:
        """The first warning that wants a written reason, or has one."""
        levels = ("warning", "explained")
        return next((line for line in self.lines if line.level in levels), None)

    def explain(self, reasons: Sequence[str], text: str = "") -> None:
        """Open the box for the reason of the warning."""
        line = self.to_explain
        if line is None:
            return
        if self._box is None:
            self._box = ExplainBox(self)
            self._box.accepted.connect(self._box_accepted)
            self._box.dismissed.connect(self.close_box)
        self._box.offer(line.code, reasons, text)
        self._box.show()
        self._changed()
        self._box.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_box(self) -> None:
        """Close the box and give the focus back to the field."""
        if self._box is not None and not self._box.isHidden():
            self._box.hide()
            self._changed()
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def box(self) -> ExplainBox | None:
        """The box for a reason while it is open."""
        return self._box if self._box is not None and not self._box.isHidden() else None

    @property
    def explain_button(self) -> QPushButton | None:
        """The button that opens the box, while there is a warning."""
        return self._button if self._button is not None and not self._button.isHidden() else None

    def _box_accepted(self, code: str, text: str) -> None:
        self.close_box()
        self.explained.emit(code, text)

    def _offer_button(self) -> None:
        line = self.to_explain
        if line is None:
            if self._button is not None:
                self._button.hide()
            if self._box is not None:
                self._box.hide()
            return
        if self._button is None:
            self._button = button("写审核说明", role="link")
            self._button.setParent(self)
            self._button.clicked.connect(self._button_clicked)
            QWidget.setTabOrder(self.editor, self._button)
        words = "改说明" if line.level == "explained" else "写审核说明"
        self._button.setText(words)
        self._button.setAccessibleName(f"{words}：{self.item.label}")
        self._button.show()

    asked = Signal()
    """The button was pressed: open the box with the reasons of the check."""

    def _button_clicked(self) -> None:
        self.asked.emit()

    # --- layout ------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.resized.emit()
        self.update()

    def _shown(self) -> Sequence[Line]:
        if self.lines:
            return self.lines
        return (Line("note", self._note),) if self._note else ()

    def height_for(self, width: int) -> int:
        """Return the height that a cell of this width takes."""
        height = theme.px(LABEL + GAP) + self._editor_height(width)
        height += self._lines_height(width)
        if self.explain_button is not None:
            height += self._button_height() + theme.px(2)
        if self.box is not None:
            height += self.box.height_for(width) + theme.px(6)
        return height

    def editor_bottom(self) -> int:
        """Return how far below the top of the cell a line editor ends."""
        return theme.px(LABEL + GAP) + self._editor_height(self.width())

    def _editor_height(self, width: int) -> int:
        if self.editor.hasHeightForWidth():
            return self.editor.heightForWidth(width)
        return max(self.editor.sizeHint().height(), self.editor.minimumSizeHint().height())

    def _button_height(self) -> int:
        return theme.px(32)

    def _lines_height(self, width: int) -> int:
        return sum(self._line_height(line, width) for line in self._shown())

    def _line_height(self, line: Line, width: int) -> int:
        left = theme.px(MARK + 6) if TONES[line.level][1] else 0
        metrics = QFontMetrics(_font(line.level))
        place = QRect(0, 0, max(width - left, 40), 2000)
        return metrics.boundingRect(place, _WRAP, line.words).height() + theme.px(BELOW)

    def sizeHint(self) -> QSize:
        """Return the size at the present width."""
        return QSize(self.width(), self.height_for(max(self.width(), 1)))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Lay out anew."""
        self.lay()
        super().resizeEvent(event)

    def lay(self) -> None:
        """Put editor, button and box in their places."""
        width = self.width()
        top = theme.px(LABEL + GAP)
        height = self._editor_height(width)
        self.editor.setGeometry(0, top, width, height)
        top += height + self._lines_height(width)
        if (made := self.explain_button) is not None:
            left = theme.px(MARK - 2)
            made.setGeometry(left, top, made.sizeHint().width(), self._button_height())
            top += self._button_height() + theme.px(2)
        if (box := self.box) is not None:
            box.setGeometry(0, top + theme.px(4), width, box.height_for(width))

    # --- look --------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Draw label, star, tag, and the lines below."""
        painter = QPainter(self)
        self._paint_label(painter)
        top = theme.px(LABEL + GAP) + self.editor.height() + theme.px(BELOW)
        for line in self._shown():
            top += self._paint_line(painter, line, top)

    def _paint_label(self, painter: QPainter) -> None:
        place = QRect(0, 0, self.width(), theme.px(LABEL))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        room = place.width() - (theme.px(14) if self._required else 0)
        if self._tag:
            painter.setFont(theme.font(12))
            width = painter.fontMetrics().horizontalAdvance(self._tag) + theme.px(20)
            spot = QRect(place.right() - width, 0, width, place.height())
            side = theme.px(14)
            mark = QRectF(spot.left() + theme.px(2), (place.height() - side) / 2, side, side)
            icons.draw(painter, "lock", "text3", mark)
            painter.setPen(theme.color("text3"))
            painter.drawText(spot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                             self._tag)  # fmt: skip
            room -= width
        painter.setFont(self.font())
        metrics = painter.fontMetrics()
        words = metrics.elidedText(self.item.label, Qt.TextElideMode.ElideRight, room)
        whole = "" if words == self.item.label else self.item.label
        if whole != self.toolTip():
            self.setToolTip(whole)
        painter.setPen(theme.color("text"))
        painter.drawText(place, left, words)
        if self._required:
            star = place.translated(metrics.horizontalAdvance(words) + theme.px(5), 0)
            painter.setFont(theme.font(bold=True))
            painter.setPen(theme.color("err"))
            painter.drawText(star, left, "*")

    def _paint_line(self, painter: QPainter, line: Line, top: int) -> int:
        tone, icon = TONES[line.level]
        left = 0
        if icon:
            side = theme.px(MARK)
            icons.draw(painter, icon, tone, QRectF(theme.px(2), top + theme.px(1), side, side))
            left = side + theme.px(6)
        painter.setFont(_font(line.level))
        painter.setPen(theme.color(tone))
        place = QRect(left, top, self.width() - left, 2000)
        painter.drawText(place, _WRAP, line.words)
        return self._line_height(line, self.width())


def _font(level: str) -> QFont:
    return theme.font(12 if level == "note" else 13)
