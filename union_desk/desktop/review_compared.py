"""What a unit filed beside the period before and last year, figure by figure, what jumps first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.store.compared import ROWS, change
from union_desk.taskpack.field_types import format_value
from union_desk.taskpack.figures import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.compared import Figure
    from union_desk.taskpack.definition import TaskPack

_COLUMNS = (
    Column("表", 150, weight=2),
    Column("项目", 130, weight=2),
    Column("报告期", 84),
    Column("本期", 92, right=True),
    Column("上期", 92, right=True),
    Column("增减 %", 76, right=True),
    Column("上年同期", 92, right=True),
    Column("增减 %", 76, right=True),
    Column("", 86, pill=True),
)
_NONE = "—"


class ComparedTable(RowTable):
    """The figures of one unit."""

    def __init__(self, pack: TaskPack) -> None:
        super().__init__("与上期、上年同期对照", _COLUMNS)
        self._pack = pack

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
            _percent(one.now, one.last_year), "变化大" if one.outlier else "",
        )  # fmt: skip
        return Row(cells, "warn" if one.outlier else "plain")


def _percent(now: float, then: float | None) -> str:
    found = change(now, then)
    return _NONE if found is None else f"{found:+,.1f}"
