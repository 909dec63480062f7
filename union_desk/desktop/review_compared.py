"""What a unit filed beside the period before and last year, figure by figure, what jumps first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.store.compared import ROWS, change, jumps
from union_desk.taskpack.field_types import format_value
from union_desk.taskpack.figures import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.compared import Figure
    from union_desk.taskpack.definition import TaskPack

_COLUMNS = (
    Column("表", 106, weight=2),
    Column("项目", 102, weight=2),
    Column("报告期", 76),
    Column("本期", 100, right=True),
    Column("上期", 100, right=True),
    Column("增减 %", 86, right=True),
    Column("上年同期", 100, right=True),
    Column("增减 %", 86, right=True),
)
_NONE = "—"


class ComparedTable(RowTable):
    """The figures of one unit."""

    def __init__(self, pack: TaskPack) -> None:
        super().__init__("与上期、上年同期对照", _COLUMNS)
        self._pack = pack
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show figures, those out of line first."""
        self.show_rows([self._row(one) for one in sorted(figures, key=lambda one: not one.outlier)])

    def _row(self, one: Figure) -> Row:
        form = self._pack.forms[one.form]
        item = None if one.field == ROWS else form.by_id[one.field]

        def said(value: float | None) -> str:
            if value is None:
                return _NONE
            return format_value(item, value, self._pack) if item else grouped(value)

        cells = (
            form.title, item.label if item else "行数", one.period, said(one.now),
            said(one.last), _percent(one.now, one.last), said(one.last_year),
            _percent(one.now, one.last_year),
        )  # fmt: skip
        return Row(cells)


def _percent(now: float, then: float | None) -> str:
    """Return the change in percent, with an arrow where it jumps."""
    found = change(now, then)
    if found is None:
        return _NONE
    arrow = ("↑" if found > 0 else "↓") if jumps(now, then) else ""
    return f"{arrow}{found:+,.1f}"
