"""Which column is which field; 元 or 万元; one value for all rows of a missing required field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from union_desk.desktop import theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.flow import Flow
from union_desk.desktop.import_sheet import WAN, choices, money_fields
from union_desk.desktop.page import column, label, scrolled

if TYPE_CHECKING:
    from decimal import Decimal

    from PySide6.QtGui import QResizeEvent

    from union_desk.desktop.import_sheet import ImportSheet
    from union_desk.taskpack.definition import Field

LEFT_OUT = "不导入"
_MOST_HIGH = 138


class MappingCard(QFrame):
    """A small chooser for each column of the sheet, and what is missing after them."""

    changed = Signal()
    """A column means something else, or counts otherwise: the grid has other columns."""
    filled = Signal()
    """One value for all rows was typed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        outer = column(self, gap=8, margins=(16, 10, 16, 12))
        self.words = label("", "note", wrap=True)
        outer.addWidget(self.words)
        self._flow = Flow(gap=12)
        self._area = scrolled(self._flow, keep_room=False)
        outer.addWidget(self._area)
        self.choosers: dict[int, Chooser] = {}
        self.units: dict[str, Chooser] = {}
        self.lines: dict[str, QLineEdit] = {}

    def show_sheet(self, sheet: ImportSheet) -> None:
        """Offer what the columns may mean."""
        offered = choices(sheet.form)
        self.choosers, self.units, self.lines = {}, {}, {}
        order = sorted(range(len(sheet.titles)), key=lambda place: _quiet(sheet, place))
        parts = [self._column(sheet, place, offered) for place in order]
        missing = [*sheet.missing(), *(sheet.form.by_id[name] for name in sheet.fills)]
        parts = [self._missing(sheet, item) for item in missing] + parts
        self._flow.fill(parts)
        self._fit()
        said = []
        if sheet.unknown():
            said.append(f"没有对应的列：{'、'.join(sheet.unknown())}，请指定，或不导入。")
        if sheet.missing():
            names = "、".join(item.label for item in sheet.missing())
            said.append(f"缺少必填列：{names}，可以给全部行填同一个值。")
        if sheet.derived:
            names = "、".join(sheet.form.by_id[name].label for name in sheet.derived)
            said.append(f"由同一行别的列带出：{names}。")
        self.words.setText("".join(said) or "各列已按列名对应；列名不同的可以改。")

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show two rows of choosers at most; more scroll."""
        needed = self._flow.heightForWidth(max(self._area.viewport().width(), 1))
        self._flow.setMinimumHeight(needed)
        self._area.setFixedHeight(min(needed, theme.px(_MOST_HIGH)))

    def _column(self, sheet: ImportSheet, place: int, offered: list[tuple[str, str]]) -> QWidget:
        title, name = sheet.titles[place] or f"第 {place + 1} 列", sheet.mapping[place]
        made = QWidget()
        lines = column(made, gap=2)
        lines.addWidget(label(title[:14], "small"))
        chooser = Chooser(f"“{title}”这一列是哪一项")
        chooser.addItem(LEFT_OUT, "")
        for words, one in offered:
            chooser.addItem(words, one)
        chooser.setCurrentIndex(max(chooser.findData(name), 0))
        chooser.setFixedWidth(theme.px(168))
        chooser.activated.connect(
            lambda _index: self._lay(sheet, place, str(chooser.currentData() or ""))
        )
        lines.addWidget(chooser)
        self.choosers[place] = chooser
        if name in money_fields(sheet.form):
            lines.addWidget(self._unit(sheet, name))
            lines.addWidget(label(_sum_words(*sheet.sums(name)), "hint"))
        return made

    def _unit(self, sheet: ImportSheet, name: str) -> Chooser:
        chooser = Chooser(f"{sheet.form.by_id[name].label}的单位")
        for words, factor in (("元", 1), ("万元", WAN)):
            chooser.addItem(words, factor)
        chooser.setCurrentIndex(int(sheet.factors.get(name, 1) == WAN))
        chooser.setFixedWidth(theme.px(168))

        def chosen(_index: int) -> None:
            sheet.factors[name] = int(chooser.currentData())
            self.show_sheet(sheet)
            self.changed.emit()

        chooser.activated.connect(chosen)
        self.units[name] = chooser
        return chooser

    def _missing(self, sheet: ImportSheet, item: Field) -> QWidget:
        made = QWidget()
        lines = column(made, gap=2)
        lines.addWidget(label(f"{item.label}（全部行）"[:14], "small"))
        line = QLineEdit(sheet.fills.get(item.id, ""))
        line.setAccessibleName(f"{item.label}：全部行填同一个值")
        line.setPlaceholderText("全部行同一个值")
        line.setFixedWidth(theme.px(168))

        def typed() -> None:
            text = line.text().strip()
            if sheet.fills.get(item.id, "") == text:
                return
            if text:
                sheet.fills[item.id] = text
            else:
                sheet.fills.pop(item.id, None)
            self.filled.emit()

        line.editingFinished.connect(typed)
        lines.addWidget(line)
        self.lines[item.id] = line
        return made

    def _lay(self, sheet: ImportSheet, place: int, name: str) -> None:
        sheet.lay(place, name)
        self.show_sheet(sheet)
        self.changed.emit()


def _quiet(sheet: ImportSheet, place: int) -> bool:
    """Return whether a column asks nothing: those that do stand first."""
    name = sheet.mapping[place]
    return bool(name) and name not in money_fields(sheet.form)


def _sum_words(before: Decimal, after: Decimal) -> str:
    if before == after:
        return f"合计 {before:,.2f} 元"
    return f"{before:,.2f} 万元 → {after:,.2f} 元"
