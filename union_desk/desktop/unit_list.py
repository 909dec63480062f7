"""The tree of units: a branch grows when it is opened; a search shows what fits as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from union_desk.desktop import theme
from union_desk.desktop.unit_field import initials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from union_desk.store.units import UnitEntry, Units

HEADS = ("单位", "编码", "联系人 电话", "情况")
_WIDTHS = (0, 126, 160, 150)
_REACH = 2
_CODE = int(Qt.ItemDataRole.UserRole)
ROW = 36


def found(units: Units, below: frozenset[str], text: str) -> list[UnitEntry]:
    """Return the units whose name, code or pinyin initials hold `text`."""
    wanted = text.strip().lower()
    return [
        entry
        for code in sorted(below & units.by_code.keys())
        for entry in (units.by_code[code],)
        if wanted in entry.name.lower() or wanted in code or wanted in initials(entry.name)
    ]


def state_words(units: Units, entry: UnitEntry) -> str:
    """Say what became of a unit."""
    if entry.merged_into:
        return f"{entry.active_to} 并入{units.name(entry.merged_into)}"
    if entry.active_to:
        return f"{entry.active_to} 撤销"
    return f"由{units.name(entry.filer)}代填" if entry.filer else ""


class UnitList(QTreeWidget):
    """Arrows open and close branches; the chosen unit is told."""

    chosen = Signal(str)
    """Code of the unit, "" for none."""

    def __init__(self) -> None:
        super().__init__()
        self._units: Units | None = None
        self._own = ""
        self.setHeaderLabels(HEADS)
        self.setProperty("role", "ledger")
        self.setAccessibleName("组织机构")
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setIndentation(theme.px(18))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        across = self.header()
        across.setStretchLastSection(False)
        across.setFixedHeight(theme.px(40))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, width in enumerate(_WIDTHS):
            if width:
                across.resizeSection(place, theme.px(width))
        self.itemExpanded.connect(self._grow)
        self.currentItemChanged.connect(lambda *_: self.chosen.emit(self.code()))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Leave contacts to the card at the right where names would be cut."""
        self.setColumnHidden(_REACH, event.size().width() < theme.px(680))
        super().resizeEvent(event)

    def code(self) -> str:
        """Return the code of the unit under the cursor."""
        item = self.currentItem()
        return "" if item is None else str(item.data(0, _CODE))

    def show_tree(self, units: Units, own: str, code: str) -> None:
        """Show the tree from the own unit on, the cursor on `code`."""
        self._units, self._own = units, own
        self.clear()
        top = self._item(units.by_code[own])
        self.addTopLevelItem(top)
        top.setExpanded(True)
        self.go_to(code or own)

    def show_found(self, units: Units, entries: Sequence[UnitEntry]) -> None:
        """Show some units as a list."""
        self._units = units
        self.clear()
        for entry in entries:
            self.addTopLevelItem(self._item(entry, branch=False))
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)

    def go_to(self, code: str) -> None:
        """Open the branches that lead to a unit and put the cursor on it."""
        units = self._units
        if units is None:
            return
        path = [code]
        while path[-1] != self._own and (entry := units.by_code.get(path[-1])) and entry.parent:
            if entry.parent in path:
                break
            path.append(entry.parent)
        item = self.topLevelItem(0)
        for step in reversed(path[:-1]):
            if item is None:
                return
            item.setExpanded(True)
            item = _child(item, step) or item
        if item is not None:
            self.setCurrentItem(item)

    def _item(self, entry: UnitEntry, *, branch: bool = True) -> QTreeWidgetItem:
        units = self._units
        if units is None:
            raise ValueError(entry)
        below = len(units.children.get(entry.code, ())) if branch else 0
        name = f"{entry.name}（{below}）" if below else entry.name
        reach = " ".join(filter(None, (entry.contact, entry.phone)))
        cells = [name, entry.code, reach, state_words(units, entry)]
        item = QTreeWidgetItem(cells)
        item.setData(0, _CODE, entry.code)
        item.setSizeHint(0, QSize(0, theme.px(ROW)))
        for place, words in enumerate(cells):
            item.setToolTip(place, words)
            if entry.active_to:
                item.setForeground(place, theme.color("text3"))
        if below:
            policy = QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator
            item.setChildIndicatorPolicy(policy)
        return item

    def _grow(self, item: QTreeWidgetItem) -> None:
        """Make the children of a branch when it is first opened."""
        if item.childCount() or self._units is None:
            return
        children = self._units.children.get(str(item.data(0, _CODE)), ())
        item.addChildren([self._item(entry) for entry in children])


def _child(item: QTreeWidgetItem, code: str) -> QTreeWidgetItem | None:
    below = (item.child(place) for place in range(item.childCount()))
    return next((one for one in below if one is not None and one.data(0, _CODE) == code), None)
