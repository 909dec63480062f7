"""与上年核对: this sheet beside the periods before, with difference and per cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, column, label, row
from union_desk.desktop.prior_view import numbers
from union_desk.desktop.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Value

NONE = "—"


class CompareDialog(QDialog):
    """One row a figure; a pair of columns for each period before."""

    def __init__(
        self, form: Form, reader: Reader, values: Mapping[str, Value],
        before: Sequence[tuple[str, Mapping[str, Value]]], parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("与上年核对")
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        outer.addWidget(label(form.title, "strong"))
        heads = [Column("项目", 220, weight=1), Column("本期", 120, right=True)]
        for title, _ in before:
            short = title.partition("（")[0]
            heads += [Column(short, 120, right=True), Column("增减", 110, right=True),
                      Column("增减 %", 84, right=True)]  # fmt: skip
        self.table = RowTable("与以前各期核对", heads)
        self.table.show_rows([Row(cells) for cells in lines(form, reader, values, before)])
        outer.addWidget(self.table, 1)
        outer.addWidget(label("　".join(title for title, _ in before), "note", wrap=True))
        foot = row()
        foot.addStretch(1)
        done = button("关闭", role="primary")
        done.clicked.connect(self.accept)
        foot.addWidget(done)
        outer.addLayout(foot)
        wide = 420 + 330 * len(before)
        self.resize(min(theme.px(wide), 1300), min(theme.px(560), 640))


def lines(
    form: Form, reader: Reader, values: Mapping[str, Value],
    before: Sequence[tuple[str, Mapping[str, Value]]],
) -> Iterator[tuple[str, ...]]:  # fmt: skip
    """Yield the cells of each figure that any of the periods holds."""
    for item in numbers(form):
        now = values.get(item.id)
        if now is None and all(held.get(item.id) is None for _, held in before):
            continue
        cells = [f"{item.label}（{item.measure}）" if item.measure else item.label]
        cells.append(_shown(reader, item, now))
        for _, held in before:
            cells += _beside(reader, item, now, held.get(item.id))
        yield tuple(cells)


def _beside(reader: Reader, item: Field, now: Value, then: Value) -> tuple[str, str, str]:
    if not isinstance(then, int | float) or not isinstance(now, int | float):
        return _shown(reader, item, then), NONE, NONE
    gap = now - then
    sign = "+" if gap > 0 else ""
    share = f"{sign}{gap / abs(then) * 100:.1f}%" if then else NONE
    return _shown(reader, item, then), f"{sign}{_shown(reader, item, gap)}", share


def _shown(reader: Reader, item: Field, value: Value) -> str:
    return NONE if value is None else reader.shown(item, value, masked=True)
