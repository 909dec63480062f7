"""The navigation at the left: work areas with what waits in them, narrow or wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from union_desk.desktop import icons, navigation, theme
from union_desk.desktop.logo import Logo
from union_desk.desktop.page import column, elided, frame, label, row, scrolled
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QEnterEvent

    from union_desk.desktop.navigation import Place, Route
    from union_desk.desktop.session import Session

WIDE = 216
NARROW = 56


class NavigationButton(QAbstractButton):
    """One place: icon, words and a red count that says what it counts."""

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self._count = 0
        self._counted = ""
        self._narrow = False
        self._hovered = False
        self.setCheckable(True)
        self.setText(place.title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def show_count(self, count: int, counted: str) -> None:
        """Show `count` in red; `counted` says of what, for tooltip and screen reader."""
        self._count, self._counted = count, counted
        self._name()
        self.update()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain setter
        """Show the icon alone, the words as a tooltip."""
        self._narrow = narrow
        self._name()
        self.updateGeometry()
        self.update()

    def _name(self) -> None:
        counted = f"{self._count} {self._counted}" if self._count else ""
        self.setAccessibleName("，".join(filter(None, (self.place.title, counted))))
        tip = (self.place.title, counted) if self._narrow else (counted,)
        self.setToolTip("：".join(filter(None, tip)))

    def sizeHint(self) -> QSize:
        """Return the size of an item, 38 px high at scale 1, 32 px where the window is narrow."""
        width, height = (NARROW, 32) if self._narrow else (WIDE, 38)
        return QSize(theme.px(width - 20), theme.px(height))

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Tint the item under the pointer."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent, /) -> None:
        """Take the tint away."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint tint, icon, words, count and the focus ring."""
        px, chosen = theme.px, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if chosen or self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("primaryt" if chosen else "track"))
            painter.drawRoundedRect(box, px(6), px(6))
        tone = "primary" if chosen else "text2"
        side = px(20)
        left = (self.width() - side) / 2 if self._narrow else px(13)
        icons.draw(
            painter, self.place.icon, tone, QRectF(left, (self.height() - side) / 2, side, side)
        )
        if not self._narrow:
            painter.setFont(theme.font(bold=chosen))
            painter.setPen(theme.color(tone))
            words = QRect(px(43), 0, self.width() - px(43 + 8), self.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._count:
            self._paint_count(painter)
        if self.hasFocus():
            pen = painter.pen()
            pen.setColor(theme.color("primary"))
            pen.setWidth(2)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, px(6), px(6))

    def _paint_count(self, painter: QPainter) -> None:
        px = theme.px
        words = str(self._count) if self._count < 1000 else "999+"
        painter.setFont(theme.font(12, bold=True))
        width = max(px(22), painter.fontMetrics().horizontalAdvance(words) + px(12))
        if self._narrow:
            painter.setFont(theme.font(12, bold=True))
            spot = QRectF(self.width() - width + px(4), 0, width - px(4), px(17))
        else:
            spot = QRectF(self.width() - width - px(8), (self.height() - px(19)) / 2, width, px(19))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("errt"))
        painter.drawRoundedRect(spot, spot.height() / 2, spot.height() / 2)
        painter.setPen(theme.color("err"))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)


class NavigationPanel(QFrame):
    """All places of the window; says which one was chosen."""

    chosen = Signal(object)
    """The :class:`~union_desk.desktop.navigation.Route` of the place."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "nav")
        self.setAccessibleName("导航")
        self._session = session
        self._words: list[QWidget] = []
        self.buttons: list[NavigationButton] = []
        outer = column(self, gap=0, margins=(10, 16, 10, 10))
        outer.addLayout(self._brand())
        outer.addSpacing(theme.px(12))
        middle = QWidget()
        inner = column(middle, gap=2)
        self._add(inner, navigation.DASHBOARD)
        groups = [
            ("填报", navigation.areas(session.pack)),
            ("报送", navigation.handing_in(session.level)),
        ]
        for title, places in groups if session.level == LEVELS[0] else reversed(groups):
            self._group(inner, title)
            for place in places:
                self._add(inner, place)
        inner.addStretch(1)
        self._area = scrolled(middle, keep_room=False)
        outer.addWidget(self._area, 1)
        line = frame("rule")
        line.setFixedHeight(1)
        outer.addSpacing(theme.px(4))
        outer.addWidget(line)
        outer.addSpacing(theme.px(4))
        for place in navigation.FOOT:
            self._add(outer, place)
        self.set_narrow(narrow=False)

    def _brand(self) -> QHBoxLayout:
        line = row(gap=10, margins=(1, 0, 0, 0))
        line.addWidget(Logo())
        words = QWidget()
        names = column(words, gap=0)
        names.addWidget(label("工会填报台", "strong"))
        names.addWidget(elided(self._session.store.unit_name, "small"))
        self._words.append(words)
        line.addWidget(words, 1)
        return line

    def _group(self, layout: QVBoxLayout, title: str) -> None:
        made = label(title, "small")
        made.setContentsMargins(theme.px(16), theme.px(12), 0, theme.px(4))
        self._words.append(made)
        layout.addWidget(made)

    def _add(self, layout: QVBoxLayout, place: Place) -> None:
        made = NavigationButton(place)
        made.clicked.connect(lambda: self._choose(made))
        self.buttons.append(made)
        layout.addWidget(made)

    def _choose(self, button: NavigationButton) -> None:
        button.setChecked(button.place.route.kind == self._kind)
        self.chosen.emit(button.place.route)

    _kind = ""

    def set_narrow(self, *, narrow: bool) -> None:
        """Show icons alone in 56 px, or words in 216 px."""
        self.setFixedWidth(theme.px(NARROW if narrow else WIDE))
        policy = Qt.ScrollBarPolicy
        self._area.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if narrow else policy.ScrollBarAsNeeded
        )
        for widget in self._words:
            widget.setVisible(not narrow)
        for button in self.buttons:
            button.set_narrow(narrow)

    def point_at(self, route: Route) -> None:
        """Mark the place that `route` belongs to."""
        self._kind = route.kind
        area = navigation.area_of(self._session.pack, route)
        for button in self.buttons:
            own = button.place.route
            home = own.kind in navigation.HOME and route.kind in navigation.HOME
            same = home or own.kind == navigation.BELONGS.get(route.kind, route.kind)
            button.setChecked(own.area == area if own.kind == "area" else same)
            if button.isChecked() and self._area.isAncestorOf(button):
                self._area.ensureWidgetVisible(button, 0, theme.px(4))

    def show_places(self, counts: Mapping[str, int], counted: Mapping[str, str]) -> None:
        """Show per kind of place how many things wait; `counted` says what is counted there."""
        for button in self.buttons:
            kind = button.place.route.kind
            if kind in counted:
                button.show_count(counts.get(kind, 0), counted[kind])

    def show_counts(self, counts: Mapping[str, int], counted: str) -> None:
        """Show per work area how many rows wait; `counted` says what is counted."""
        for button in self.buttons:
            if button.place.route.kind == "area":
                button.show_count(counts.get(button.place.route.area or "", 0), counted)
