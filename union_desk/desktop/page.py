"""What every page of the window is, and the small parts that pages are put together from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from union_desk.desktop import icons, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QShowEvent

    from union_desk.desktop.navigation import Route
    from union_desk.desktop.session import Session


class Page(QWidget):
    """A page: the window shows its title, context and buttons in the head.

    A subclass sets `title` and `context`, and emits `head_changed` when they change. With
    `own_head` it draws a head of its own (the form page does). `period_kind` names the
    filing kind whose working period the head offers to choose.
    """

    opened = Signal(object)
    """A :class:`~union_desk.desktop.navigation.Route` to go to."""
    head_changed = Signal()
    changed = Signal()
    """Rows were written: badges and open figures are out of date."""

    title = ""
    own_head = False
    period_kind: str | None = None
    for_units = False
    """Shows one unit's work: the head offers the units that are written for."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.context = ""
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def entered(self) -> None:
        """Show what holds now; called each time the page comes on top, and on a new period."""

    def leaving(self) -> bool:
        """Save what was typed; return False to keep the page on top."""
        return True

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return title and route of each tab below the head; none unless a page has some."""
        return ()

    def head_buttons(self) -> list[QWidget]:
        """Return the buttons at the right of the head, the primary one last."""
        return []

    def way_to(self, words: str, route: Route) -> QPushButton:
        """Return the link of the head to the page that this one belongs to."""
        made = button(words, role="link", icon="arrow-left", name=f"返回{words}")
        made.setAutoDefault(True)
        made.clicked.connect(lambda: self.opened.emit(route))
        return made

    def first_focus(self) -> QWidget | None:
        """Return the control that takes the keys when the page comes on top."""
        return None


def button(
    text: str, *, role: str = "secondary", icon: str = "", tip: str = "", name: str = ""
) -> QPushButton:
    """Return a push button; `role` is primary, secondary, link, quiet, danger, chip or tab."""
    made = QPushButton(text)
    made.setProperty("role", role)
    tokens = {"primary": "#FFFFFF", "link": "primary", "danger": "err"}
    if icon:
        made.setIcon(icons.icon(icon, tokens.get(role, "text2")))
    if tip:
        made.setToolTip(tip)
    made.setAccessibleName(name or text)
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label in one of the roles of the style sheet, plain text only."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
    return made


def elided(text: str = "", role: str = "") -> QLabel:
    """Return a label of one line that ends in … where there is no room; the tooltip has it all."""
    made = _Elided()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    made.setText(text)
    return made


class _Elided(QLabel):
    """Cuts its text at the right."""

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint as much as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        self.setToolTip("" if words == self.text() else self.text())
        painter.drawText(self.contentsRect(), self.alignment(), words)


def picture(name: str, tone: str = "text2", size: int = 18) -> QLabel:
    """Return a label that shows an icon and follows the scheme."""
    return _Picture(name, tone, size)


class _Picture(QLabel):
    """An icon as a label."""

    def __init__(self, name: str, token: str, size: int) -> None:
        super().__init__()
        self._icon = icons.icon(name, token)
        self._size = size
        self.setFixedSize(theme.px(size), theme.px(size))
        self.setAccessibleName("")

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint the icon."""
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())


def frame(role: str = "card") -> QFrame:
    """Return a frame in one of the roles of the style sheet."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def column(
    parent: QWidget | None = None,
    *,
    gap: int = 8,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> QVBoxLayout:
    """Return a column; gap and margins (left, top, right, bottom) at scale 1."""
    made = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    made.setSpacing(theme.px(gap))
    made.setContentsMargins(*(theme.px(value) for value in margins))
    return made


def row(
    parent: QWidget | None = None,
    *,
    gap: int = 8,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> QHBoxLayout:
    """Return a row; gap and margins (left, top, right, bottom) at scale 1."""
    made = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    made.setSpacing(theme.px(gap))
    made.setContentsMargins(*(theme.px(value) for value in margins))
    return made


def scrolled(content: QWidget, *, keep_room: bool = True) -> QScrollArea:
    """Return `content` in an area that scrolls up and down only.

    :param keep_room: leave 14 px at the right for the scroll bar even while there is none.
    """
    area = _Scroller() if keep_room else QScrollArea()
    area.setProperty("role", "clear")
    content.setProperty("role", "clear")
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


class _Scroller(QScrollArea):
    """Keeps the room of its scroll bar free when there is none, so that edges stay in line."""

    def __init__(self) -> None:
        super().__init__()
        self.verticalScrollBar().rangeChanged.connect(self._keep_room)

    def _keep_room(self, _low: int, high: int) -> None:
        self.setViewportMargins(0, 0, theme.px(4 if high > 0 else 14), 0)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Keep the room from the first paint on."""
        self._keep_room(0, self.verticalScrollBar().maximum())
        super().showEvent(event)


def clear(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Take everything out of a layout and drop it."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)  # type: ignore[arg-type]
