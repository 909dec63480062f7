"""A picture to look at: fitted to its width, larger and smaller, turned; never kept by looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap, QTransform
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QScrollArea, QSizePolicy, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, column, elided, row

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QResizeEvent, QWheelEvent

STEP, MOST = 1.25, 6.0
_EDGE = 24


class _Area(QScrollArea):
    """Tells when there is another width."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Tell of a new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.resized.emit()


class PictureView(QFrame):
    """The picture below its buttons; Ctrl and the wheel make it larger."""

    def __init__(self, name: str, image: QImage) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._image = image
        self.zoom = 1.0
        outer = column(self, gap=6, margins=(10, 8, 10, 10))
        self.tools = row(gap=4)
        self.tools.addWidget(elided(name, "small"), 1)
        for icon, words, act in (
            ("plus", "放大", lambda: self.magnify(STEP)),
            ("minus", "缩小", lambda: self.magnify(1 / STEP)),
            ("refresh", "转 90 度", self.turn),
        ):  # fmt: skip
            made = button("", role="icon", icon=icon, name=words, tip=words)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.clicked.connect(lambda _=False, call=act: call())
            self.tools.addWidget(made)
        outer.addLayout(self.tools)
        self._label = QLabel()
        self._label.setAccessibleName(name)
        self._label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.area = _Area()
        self.area.resized.connect(self._draw)
        self.area.setProperty("role", "clear")
        self.area.setWidgetResizable(True)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        column(holder, gap=0).addWidget(self._label)
        self.area.setWidget(holder)
        outer.addWidget(self.area, 1)

    def magnify(self, factor: float) -> None:
        """Make the picture larger or smaller; at its smallest it fits the width."""
        self.zoom = min(max(self.zoom * factor, 1.0), MOST)
        self._draw()

    def turn(self) -> None:
        """Turn the picture by a right angle."""
        self._image = self._image.transformed(QTransform().rotate(90))
        self._draw()

    def _draw(self) -> None:
        width = round(max(self.area.viewport().width() - 2, theme.px(_EDGE)) * self.zoom)
        smooth = Qt.TransformationMode.SmoothTransformation
        shown = self._image.scaledToWidth(width, smooth)
        self._label.setPixmap(QPixmap.fromImage(shown))
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._label.setMinimumSize(shown.width() if self.zoom > 1 else 0, shown.height())

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """Ctrl and the wheel: larger and smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.magnify(STEP if event.angleDelta().y() > 0 else 1 / STEP)
            event.accept()
        else:
            super().wheelEvent(event)


class PictureDialog(QDialog):
    """A picture large, over the window."""

    def __init__(self, name: str, image: QImage, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(name)
        outer = column(self, gap=10, margins=(16, 16, 16, 16))
        self.view = PictureView(name, image)
        outer.addWidget(self.view, 1)
        line = row()
        line.addStretch(1)
        done = button("关闭", role="primary")
        done.clicked.connect(self.accept)
        line.addWidget(done)
        outer.addLayout(line)
        self.resize(min(theme.px(860), 1300), min(theme.px(600), 660))
