"""A section of the form: a card with its fields on a grid of six columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from union_desk.desktop import icons, theme
from union_desk.desktop.number_or_reason import OR, WORDS, reasons

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from union_desk.desktop.editor import Reader
    from union_desk.desktop.field_cell import FieldCell
    from union_desk.taskpack.definition import Field, Section

COLUMNS = 6
GAP_X, GAP_Y = 20, 14
LEFT, TOP, RIGHT, BOTTOM = 20, 16, 20, 20
HEADING = 36
_WIDE = 4
_LONG_TEXT, _LONG_LABEL = 32, 15


def natural_span(item: Field, reader: Reader) -> int:
    """Return how many of the six columns a field asks for."""
    if item.type in {"longtext", "attach", "multi"}:
        return 6
    if item.type == "ref":
        return 4
    if item.type == "text":
        return 4 if (item.max_length or 100) > _LONG_TEXT and not item.pattern else 2
    if item.type == "choice":
        longest = max((len(code.label) for code in reader.codes(item)), default=0)
        return 4 if longest > _LONG_LABEL else 2
    return 2


def rows_of(
    spans: Sequence[tuple[str, int]], stretchable: Collection[str]
) -> list[list[tuple[str, int]]]:
    """Return fields with their spans in rows of six columns, in their order.

    Two wide fields in a row share it; room that is left goes to a field that can use it.
    """
    rows: list[list[tuple[str, int]]] = []
    used = COLUMNS
    for name, span in spans:
        if used == span == _WIDE and name in stretchable and len(rows[-1]) == 1:
            first, _ = rows[-1][0]
            rows[-1] = [(first, COLUMNS // 2), (name, COLUMNS // 2)]
            used = COLUMNS
            continue
        if used + span > COLUMNS:
            rows.append([])
            used = 0
        rows[-1].append((name, span))
        used += span
    return [_stretched(row, stretchable) for row in rows]


def _stretched(row: list[tuple[str, int]], stretchable: Collection[str]) -> list[tuple[str, int]]:
    left = COLUMNS - sum(span for _, span in row)
    last = next((n for n in range(len(row) - 1, -1, -1) if row[n][0] in stretchable), None)
    if not left or last is None or len(row) == 1:
        return row
    return [(name, span + left if n == last else span) for n, (name, span) in enumerate(row)]


class SectionCard(QFrame):
    """Title, note, count of what is wrong, and the cells."""

    resized = Signal()

    def __init__(self, section: Section, cells: Sequence[FieldCell], reader: Reader) -> None:
        super().__init__()
        self.section = section
        self.cells = list(cells)
        self.extra: list[QWidget] = []
        """Detail grids below the fields; each tells its height by ``height_for``."""
        self._reader = reader
        self._errors = 0
        self._warnings = 0
        self._narrow = False
        self._reasons = reasons([cell.item for cell in cells])
        self._joints: list[QRect] = []
        """Places of the word between a number and the reason why it is missing."""
        self.setProperty("role", "card")
        self.setAccessibleName(section.title)
        for cell in self.cells:
            cell.setParent(self)
            cell.resized.connect(self.lay)
            if cell.item.id in self._reasons.values() and isinstance(cell.editor, QLineEdit):
                cell.editor.setPlaceholderText(WORDS)

    def set_counts(self, errors: int, warnings: int) -> None:
        """Show how many places are wrong."""
        if (errors, warnings) != (self._errors, self._warnings):
            self._errors, self._warnings = errors, warnings
            self.update()

    def set_narrow(self, *, narrow: bool) -> None:
        """Two columns of fields instead of three."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.lay()

    # --- layout ------------------------------------------------------------------------------

    def _rows(self) -> list[list[tuple[FieldCell, int]]]:
        shown = {
            cell.item.id: cell for cell in self.cells
            if not cell.isHidden() and cell.item.id not in self._reasons.values()
        }  # fmt: skip
        spans = [(name, self._span(cell.item)) for name, cell in shown.items()]
        stretchable = {
            name for name, cell in shown.items() if cell.item.type in {"text", "ref", "choice"}
            and natural_span(cell.item, self._reader) > 2
        }  # fmt: skip
        return [[(shown[name], span) for name, span in row] for row in rows_of(spans, stretchable)]

    def _span(self, item: Field) -> int:
        paired = item.id in self._reasons
        span = _WIDE if paired else natural_span(item, self._reader)
        if self._narrow:
            return 3 if span == 2 else 6
        return span

    def lay(self) -> None:
        """Put every cell in its place and take the height that this needs."""
        width = self.width()
        inner = width - theme.px(LEFT + RIGHT)
        gap = theme.px(GAP_X)
        self._joints = []
        column = (inner - gap * (COLUMNS - 1)) / COLUMNS
        top = theme.px(TOP + HEADING)
        for row in self._rows():
            place, tallest = 0, 0
            sized = []
            for cell, span in row:
                left = round(place * (column + gap))
                wide = round(place * (column + gap) + span * column + (span - 1) * gap) - left
                for part, begin, size in self._parts(cell, left, wide, top):
                    tallest = max(tallest, part.height_for(size))
                    sized.append((part, begin, size))
                place += span
            for cell, left, wide in sized:
                cell.setGeometry(theme.px(LEFT) + left, top, wide, tallest)
                cell.lay()
            top += tallest + theme.px(GAP_Y)
        for widget in self.extra:
            height = widget.height_for(inner)  # type: ignore[attr-defined]
            widget.setGeometry(theme.px(LEFT), top, inner, height)
            top += height + theme.px(GAP_Y)
        height = top - theme.px(GAP_Y) + theme.px(BOTTOM)
        if height != self.height():
            self.setFixedHeight(height)
            self.resized.emit()
        self.update()

    def _parts(
        self, cell: FieldCell, left: int, wide: int, top: int
    ) -> list[tuple[FieldCell, int, int]]:
        """Return what shares the place of a cell: a number is followed by its reason.

        The place stays as wide when the reason is not asked for, so that nothing moves.
        """
        reason = self._reasons.get(cell.item.id)
        other = next((one for one in self.cells if one.item.id == reason), None)
        if other is None:
            return [(cell, left, wide)]
        between = theme.px(GAP_X)
        first = (wide - between) // 2
        if other.isHidden():
            return [(cell, left, first)]
        joint = QRect(theme.px(LEFT) + left + first, top, between, other.editor_bottom())
        self._joints.append(joint)
        begin = left + first + between
        return [(cell, left, first), (other, begin, wide - first - between)]

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Lay out anew at a new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.lay()

    # --- look --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the heading over the card."""
        super().paintEvent(event)
        painter = QPainter(self)
        top = theme.px(TOP)
        place = QRect(theme.px(LEFT), top, self.width() - theme.px(LEFT + RIGHT), theme.px(24))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        heading = theme.font(16, bold=True)
        painter.setFont(heading)
        painter.setPen(theme.color("text"))
        painter.drawText(place, left, self.section.title)
        used = QFontMetrics(heading).horizontalAdvance(self.section.title) + theme.px(12)
        right = self._paint_count(painter, place)
        painter.setFont(theme.font(12))
        painter.setPen(theme.color("text3"))
        room = place.adjusted(used, theme.px(2), -right, 0)
        words = painter.fontMetrics().elidedText(
            self.section.note, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, left, words)
        painter.setFont(theme.font())
        painter.setPen(theme.color("text2"))
        low = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        for joint in self._joints:
            painter.drawText(joint.adjusted(0, 0, 0, -theme.px(8)), low, OR)

    def _paint_count(self, painter: QPainter, place: QRect) -> int:
        if self._errors:
            words, tone, icon = f"{self._errors} 处需要更正", "err", "alert-circle-filled"
        elif self._warnings:
            words, tone, icon = f"{self._warnings} 处需要说明", "warn", "alert-triangle-filled"
        else:
            return 0
        painter.setFont(theme.font(13))
        painter.setPen(theme.color(tone))
        width = painter.fontMetrics().horizontalAdvance(words)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, right, words)
        side = theme.px(16)
        spot = QRectF(place.right() - width - side - theme.px(8), place.top(), side, side)
        spot.translate(0, (place.height() - side) / 2)
        icons.draw(painter, icon, tone, spot)
        return width + side + theme.px(20)
