"""趋势与对照: one indicator by month and by unit, its forecast, why it lags and what is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QFileDialog, QPlainTextEdit, QWidget

from union_desk.desktop import analysis_tables, figure_rows, jobs, theme
from union_desk.desktop.block_map import BlockMap
from union_desk.desktop.dashboard_tabs import home_tabs
from union_desk.desktop.dashboard_words import day_words
from union_desk.desktop.month_chart import MonthChart
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import (
    Page,
    button,
    clear,
    column,
    frame,
    label,
    row,
    scrolled,
)
from union_desk.desktop.row_table import ROW, RowTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session
    from union_desk.store.analysis import Analysis

LANE = "write"
_WRITTEN_LINES = 64


class AnalysisPage(Page):
    """Everything about one indicator; every figure on it leads to its rows."""

    title = "工作台"

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.context = f"{session.pack.year} 年度 · 数据截至 {day_words(session.as_of)}"
        self.found: Analysis | None = None
        outer = column(self, gap=0, margins=(26, 14, 12, 14))
        holder = QWidget()
        inner = column(holder, gap=12)
        outer.addWidget(scrolled(holder))
        inner.addWidget(self._chooser(route.text))
        inner.addWidget(self._month_card())
        self._units_card = self._unit_card()
        inner.addWidget(self._units_card)
        inner.addWidget(self._note_card())
        inner.addStretch(1)

    # --- parts -------------------------------------------------------------------------------

    def _chooser(self, wanted: str) -> QWidget:
        card = frame("card")
        body = column(card, gap=6, margins=(20, 14, 20, 14))
        line = row(gap=12)
        self.choice = QComboBox()
        self.choice.setAccessibleName("指标")
        self.choice.setMaxVisibleItems(20)
        areas = {area.id: number for number, area in enumerate(self.session.pack.areas)}
        every = sorted(
            self.session.pack.indicators.values(),
            key=lambda item: (item.target is None, areas.get(item.area, len(areas))),
        )
        for item in every:
            self.choice.addItem(item.title, item.id)
        self.choice.setCurrentIndex(max(self.choice.findData(wanted), 0))
        self.choice.activated.connect(lambda _place: self.entered())
        line.addWidget(self.choice)
        self._links = row(gap=4)
        line.addLayout(self._links)
        line.addStretch(1)
        body.addLayout(line)
        self.words = label("", "", wrap=True)
        body.addWidget(self.words)
        self.forecast = label("", "note", wrap=True)
        body.addWidget(self.forecast)
        return card

    def _month_card(self) -> QWidget:
        card = frame("card")
        body = column(card, gap=8, margins=(20, 14, 20, 14))
        body.addWidget(label("逐月趋势", "heading"))
        self.chart = MonthChart()
        body.addWidget(self.chart)
        self.months = RowTable("逐月", analysis_tables.MONTHS)
        body.addWidget(self.months)
        return card

    def _unit_card(self) -> QWidget:
        card = frame("card")
        body = column(card, gap=8, margins=(20, 14, 20, 14))
        body.addWidget(label("各单位对照", "heading"))
        self.map = BlockMap()
        self.map.chosen.connect(self.open_unit)
        body.addWidget(self.map)
        self.units = RowTable("各单位", analysis_tables.UNITS)
        self.units.opened.connect(self._open_row)
        body.addWidget(self.units)
        self.check = label("", "note", wrap=True)
        body.addWidget(self.check)
        return card

    def _note_card(self) -> QWidget:
        card = frame("card")
        body = column(card, gap=8, margins=(20, 14, 20, 14))
        head = row(gap=12)
        head.addWidget(label("原因与措施", "heading"))
        head.addWidget(label("滞后时填写，印在进度表和通报上", "note"))
        head.addStretch(1)
        self.keep = button("保存", name="保存原因与措施")
        self.keep.clicked.connect(self._save_note)
        head.addWidget(self.keep)
        body.addLayout(head)
        line = row(gap=12)
        self.reason, self.measure = QPlainTextEdit(), QPlainTextEdit()
        for title, edit in (("原因", self.reason), ("措施", self.measure)):
            part = column(gap=4)
            part.addWidget(label(title, "note"))
            edit.setAccessibleName(title)
            edit.setTabChangesFocus(True)
            edit.setFixedHeight(theme.px(_WRITTEN_LINES))
            part.addWidget(edit)
            line.addLayout(part, 1)
        body.addLayout(line)
        self.gathered = label("", "", wrap=True)
        body.addWidget(self.gathered)
        return card

    # --- the page of the window ----------------------------------------------------------------

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of the 工作台."""
        return home_tabs(self.session)

    def head_buttons(self) -> list[QWidget]:
        """Return 另存为 Excel and 打印."""
        save = button("另存为 Excel", icon="table-export")
        save.clicked.connect(self._save)
        show = button("打印汇总表", icon="printer")
        show.clicked.connect(lambda: self.opened.emit(Route("print")))
        return [save, show]

    def first_focus(self) -> QWidget:
        """Return the choice of the indicator."""
        return self.choice

    def entered(self) -> None:
        """Look at the chosen indicator anew."""
        from union_desk.store import analysis

        session, name = self.session, str(self.choice.currentData())

        def work(_progress: jobs.Progress) -> Analysis:
            with session.store.read() as connection:
                return analysis.look(connection, session.store, name, session.as_of)

        jobs.run(self, work, self._show)

    def _show(self, found: Analysis) -> None:
        if found.indicator.id != self.choice.currentData():
            return
        self.found = found
        self.words.setText(analysis_tables.sentence_of(found))
        words = analysis_tables.forecast_words(found)
        self.forecast.setText(words)
        self.forecast.setVisible(bool(words))
        self._show_links(found)
        self.chart.show_analysis(found)
        self.months.show_rows(analysis_tables.month_rows(found))
        self.units.show_rows(analysis_tables.unit_rows(found))
        for table in (self.months, self.units):
            table.setFixedHeight(theme.px(ROW) * (table.rows.rowCount() + 1) + 2)
        shorts = {unit.code: unit.short or unit.name for unit in self.session.pack.units}
        self.map.show_units(found.units, shorts, analysis_tables.places(found))
        self.check.setText("".join(found.sums))
        self._units_card.setVisible(bool(found.units))
        own = [note for note in found.notes if note.unit == found.unit]
        self.reason.setPlainText(own[0].reason if own else "")
        self.measure.setPlainText(own[0].measure if own else "")
        told = analysis_tables.gathered(found)
        self.gathered.setText(told)
        self.gathered.setVisible(bool(told))
        self.head_changed.emit()

    def _show_links(self, found: Analysis) -> None:
        """Offer the rows behind numerator and denominator."""
        from union_desk.store.behind import Asked

        clear(self._links)
        pack, indicator = self.session.pack, found.indicator
        first = Asked(indicator.id, as_of=self.session.as_of)
        main = "看分子的记录" if indicator.denominator else "看计入的记录"
        for title, asked in ((main, first), *figure_rows.others(pack, first)):
            made = button(title, role="link")
            to = figure_rows.route(pack, asked)
            made.clicked.connect(lambda _=False, where=to: self.opened.emit(where))
            self._links.addWidget(made)

    # --- acts ----------------------------------------------------------------------------------

    def open_unit(self, code: str) -> None:
        """Open the rows behind the figure of one unit."""
        from union_desk.store.behind import Asked

        if self.found is not None:
            asked = Asked(self.found.indicator.id, unit=code, as_of=self.session.as_of)
            self.opened.emit(figure_rows.route(self.session.pack, asked))

    def _open_row(self, place: int) -> None:
        if self.found is not None:
            codes = [unit.code for unit in analysis_tables.in_order(self.found)]
            self.open_unit([*codes, self.found.unit][place])

    def _save_note(self) -> None:
        from union_desk.store import analysis

        session, name = self.session, str(self.choice.currentData())
        reason, measure = self.reason.toPlainText(), self.measure.toPlainText()

        def work(_progress: jobs.Progress) -> None:
            analysis.write_note(session.store, name, session.as_of, reason, measure)

        def done(_nothing: None) -> None:
            self.changed.emit()
            self.entered()

        jobs.run(self, work, done, lane=LANE)

    def _save(self) -> None:
        if self.found is None:
            return
        name = f"{self.found.indicator.title}.xlsx".replace("/", "、")
        chosen, _ = QFileDialog.getSaveFileName(self, "另存为 Excel", name, "Excel (*.xlsx)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the tables of the page as sheets."""
        from union_desk import excel

        found = self.found
        if found is None:
            return
        tables = analysis_tables.sheets(found)
        jobs.run(self, lambda _progress: excel.write_tables(path, tables))
