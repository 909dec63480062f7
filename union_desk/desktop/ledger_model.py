"""The rows of a ledger as a table: an array of ids, and blocks of 128 rows as ready strings."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from union_desk.desktop.line_editor import NUMBERS
from union_desk.desktop.pill import WORDS
from union_desk.taskpack.field_types import HIDDEN, SENSITIVE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.desktop.editor import Reader
    from union_desk.desktop.ledger_view import View
    from union_desk.store.listing import ListedRow
    from union_desk.taskpack.definition import Field

    Index = QModelIndex | QPersistentModelIndex

BLOCK = 128
MOST_BLOCKS = 48
CHECK, STATE, UNIT = "check", "state", "unit"
"""Columns beside the fields."""
PILLS = Qt.ItemDataRole.UserRole
CHECKED = Qt.ItemDataRole.CheckStateRole
_OF_ROW = (PILLS, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
_ROOT = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it is shown: record, states, and the text of every column."""

    uid: str
    states: tuple[str, ...]
    texts: tuple[str, ...]


class LedgerModel(QAbstractTableModel):
    """Shows a view; rows are fetched when they come into sight."""

    picked = Signal()
    """Rows were chosen or let go."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        self.view: View | None = None
        self.fields: tuple[Field, ...] = ()
        self.columns: tuple[str, ...] = (CHECK, STATE)
        self.units: Mapping[str, str] = {}
        self._blocks: OrderedDict[int, list[Shown]] = OrderedDict()
        self._picked: set[int] = set()
        self._all = False

    def show_view(self, view: View, fields: Sequence[Field], units: Mapping[str, str]) -> None:
        """Show other rows, or the same in other columns."""
        self.beginResetModel()
        if self.view is None or self.view.wanted.chip != view.wanted.chip:
            self._picked.clear()
            self._all = False
        self.view, self.units = view, units
        self._blocks.clear()
        self._set_columns(fields)
        self.endResetModel()
        self.picked.emit()

    def show_fields(self, fields: Sequence[Field]) -> None:
        """Show other columns."""
        if tuple(fields) != self.fields:
            self.beginResetModel()
            self._blocks.clear()
            self._set_columns(fields)
            self.endResetModel()

    def _set_columns(self, fields: Sequence[Field]) -> None:
        self.fields = tuple(fields)
        several = self.view is not None and self.view.several_units
        names = [item.id for item in self.fields]
        self.columns = (CHECK, *names[:1], *([UNIT] if several else []), *names[1:], STATE)

    # --- rows --------------------------------------------------------------------------

    def shown(self, place: int) -> Shown | None:
        """Return the row at a place."""
        number, offset = divmod(place, BLOCK)
        block = self._blocks.get(number)
        if block is None:
            block = self._fetch(number)
        else:
            self._blocks.move_to_end(number)
        return block[offset] if offset < len(block) else None

    def _fetch(self, number: int) -> list[Shown]:
        if self.view is None:
            return []
        rows = self.view.listing.page(number * BLOCK, BLOCK)
        block = [self._ready(row) for row in rows]
        self._blocks[number] = block
        while len(self._blocks) > MOST_BLOCKS:
            self._blocks.popitem(last=False)
        return block

    def _ready(self, row: ListedRow) -> Shown:
        texts = []
        fields = {item.id: item for item in self.fields}
        for name in self.columns:
            if name in fields:
                texts.append(self._text(fields[name], row))
            elif name == UNIT:
                texts.append(self.units.get(row.unit, row.unit))
            else:
                texts.append("")
        states = [row.state]
        if self.view is not None and self.view.listing.filter.voided:
            states = ["voided"]
        elif self.view is not None and row.uid in self.view.wrong:
            states = ["errors"]
        elif row.editing:
            states.append("editing")
        return Shown(row.uid, tuple(states), tuple(texts))

    def _text(self, item: Field, row: ListedRow) -> str:
        if item.type == "ref":
            label = str(row.values.get(f"{item.id}__label") or "")
            return HIDDEN if label and item.sensitivity >= SENSITIVE else label
        return self.reader.shown(item, row.values.get(item.id), masked=True)

    # --- what a table asks ---------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT, /) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() or self.view is None else self.view.count

    def columnCount(self, parent: Index = _ROOT, /) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """Return a ready string, alignment, pills, the check mark."""
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.shown(index.row())
            return row.texts[index.column()] if row else None
        name = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(name)
        if role == CHECKED and name == CHECK:
            return Qt.CheckState.Checked if self.is_picked(index.row()) else Qt.CheckState.Unchecked
        row = self.shown(index.row()) if role in _OF_ROW else None
        return None if row is None else self._said(row, index.column(), role)

    def _said(self, row: Shown, column: int, role: int) -> object:
        """Return the pills of a row, or the whole text of a cell."""
        state = self.columns[column] == STATE
        if role == PILLS:
            return row.states if state else ()
        return "、".join(WORDS[one] for one in row.states) if state else row.texts[column] or None

    def _side(self, name: str) -> Qt.AlignmentFlag:
        item = next((item for item in self.fields if item.id == name), None)
        return _RIGHT if item is not None and item.type in NUMBERS else _LEFT

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> object:
        """Return labels, with the mark of the order."""
        if orientation == Qt.Orientation.Vertical or section >= len(self.columns):
            return None
        name = self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(name)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(name) + self._mark(name)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.title(name) + self._spoken(name)
        return None

    def title(self, name: str) -> str:
        """Return the label of a column."""
        if name == UNIT:
            return "填报单位"
        if name == STATE:
            return "状态"
        return next((item.label for item in self.fields if item.id == name), "")

    def sort_column(self, section: int) -> str | None:
        """Return the column of the store that a header sorts by."""
        name = self.columns[section]
        return None if name == CHECK else "record_state" if name == STATE else name

    def _mark(self, name: str) -> str:
        sort = self.view.wanted.sort if self.view else None
        column = "record_state" if name == STATE else name
        if sort is None or sort.column != column:
            return ""
        return " ▼" if sort.descending else " ▲"

    def _spoken(self, name: str) -> str:
        mark = self._mark(name)
        if not mark:
            return "" if name == CHECK else "（点按排序）"
        return "，已降序" if "▼" in mark else "，已升序"

    # --- chosen rows -----------------------------------------------------------------------

    def is_picked(self, place: int) -> bool:
        """Return whether a row is chosen."""
        if self.view is None:
            return False
        return self._all or self.view.listing.ids[place] in self._picked

    def pick(self, places: Sequence[int], *, on: bool) -> None:
        """Choose rows, or let them go."""
        if self.view is None or not places:
            return
        ids = self.view.listing.ids
        if self._all:
            self._all = False
            self._picked = set(ids)
        found = {ids[place] for place in places if place < len(ids)}
        self._picked = self._picked | found if on else self._picked - found
        self._repaint()

    def pick_all(self, *, on: bool) -> None:
        """Choose every row that is shown, or none."""
        self._all = on
        self._picked.clear()
        self._repaint()

    def _repaint(self) -> None:
        last = max(self.rowCount() - 1, 0)
        self.dataChanged.emit(self.index(0, 0), self.index(last, 0), [CHECKED])
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
        self.picked.emit()

    @property
    def picked_count(self) -> int:
        """How many rows are chosen."""
        if self.view is None:
            return 0
        return self.view.count if self._all else len(self._picked)

    @property
    def all_picked(self) -> bool:
        """Whether every row that is shown is chosen."""
        return self.picked_count > 0 and self.picked_count == self.rowCount()

    def picked_view(self) -> View | None:
        """Return the view with nothing but the chosen rows that are still shown, in order."""
        view = self.view
        if view is None or self._all:
            return view
        ids = [rowid for rowid in view.listing.ids if rowid in self._picked]
        return replace(view, listing=view.listing.only(ids))

    def picked_rows(self) -> list[ListedRow]:
        """Return the chosen rows that are still shown, in order."""
        view = self.picked_view()
        return view.listing.page(0, view.count) if view is not None else []

    def block_text(self, places: Sequence[int]) -> str:
        """Return rows as a block that a spreadsheet takes, labels on top."""
        wanted = [n for n, name in enumerate(self.columns) if name not in (CHECK, STATE)]
        lines = ["\t".join(self.title(self.columns[n]) for n in wanted)]
        for place in places:
            row = self.shown(place)
            if row is not None:
                lines.append("\t".join(row.texts[n] for n in wanted))
        return "\n".join(lines)
