"""Ctrl+K: to any form or page by a few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from union_desk.desktop import icons, navigation, theme
from union_desk.desktop.navigation import Place, Route
from union_desk.desktop.page import column, label
from union_desk.desktop.unit_field import initials
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from union_desk.taskpack.definition import TaskPack

_PASSED_ON = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def places(pack: TaskPack, level: str) -> list[Place]:
    """Return every place one can jump to: pages, work areas, forms, a new record of each."""
    found = [navigation.DASHBOARD, *navigation.handing_in(level), *navigation.areas(pack)]
    found += [
        Place(form.title, navigation.DEFAULT_ICON, Route("ledger", form=form.id))
        for form in pack.top_forms
    ]
    return [*found, *navigation.FOOT, navigation.LOG, navigation.BOOK]


def new_records(pack: TaskPack, level: str) -> list[Place]:
    """Return a new record of each form that `level` writes."""
    return [
        Place(form.title, "plus", Route("form", form=form.id))
        for form in pack.top_forms
        if level in form.writers
    ]


def matching(options: list[Place], text: str) -> list[Place]:
    """Return the places whose title or initials hold `text`, those that begin with it first."""
    wanted = text.strip().lower()
    if not wanted:
        return options
    hits = [p for p in options if wanted in p.title.lower() or wanted in initials(p.title)]
    return sorted(
        hits,
        key=lambda p: (
            not (p.title.lower().startswith(wanted) or initials(p.title).startswith(wanted))
        ),
    )


class QuickJump(QDialog):
    """A line and a list; ↑↓ choose, Enter goes."""

    chosen = Signal(object)

    def __init__(
        self,
        pack: TaskPack,
        parent: QWidget | None = None,
        *,
        level: str = LEVELS[-1],
        new: str | None = None,
    ) -> None:
        """Offer places of an office.

        :param level: of the office: it has no other places.
        :param new: a level: offer a new record of each form it writes, instead of places.
        """
        super().__init__(parent)
        self.setWindowTitle("登记一条" if new else "跳到")
        self._places = new_records(pack, new) if new else places(pack, level)
        outer = column(self, gap=8, margins=(16, 16, 16, 12))
        self.line = QLineEdit()
        words = "登记哪一张表：表名或拼音首字母" if new else "表名、页面名或拼音首字母"
        self.line.setPlaceholderText(words)
        self.line.setAccessibleName("跳到哪里")
        self.line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.textChanged.connect(self._filter)
        self.line.returnPressed.connect(self._go)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setProperty("role", "popup")
        self.list.setIconSize(QSize(theme.px(18), theme.px(18)))
        self.list.setAccessibleName("表和页面")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._go)
        self._none = label("没有这样的表或页面，换个词试试。", "hint")
        outer.addWidget(self.line)
        outer.addWidget(self.list, 1)
        outer.addWidget(self._none)
        outer.addWidget(label("↑↓ 选择　Enter 前往　Esc 关闭", "hint"))
        self.setFixedSize(theme.px(460), theme.px(440))
        self._filter("")
        self.line.setFocus()

    def _filter(self, text: str) -> None:
        self.list.clear()
        hits = matching(self._places, text)
        for place in hits:
            item = QListWidgetItem(icons.icon(place.icon), place.title)
            item.setData(Qt.ItemDataRole.UserRole, place.route)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._none.setVisible(not hits)

    def _go(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            route = item.data(Qt.ItemDataRole.UserRole)
            self.accept()
            self.chosen.emit(route)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Hand ↑↓ to the list while the line keeps the focus."""
        if (
            watched is self.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in _PASSED_ON
        ):
            self.list.keyPressEvent(event)
            return True
        return False
