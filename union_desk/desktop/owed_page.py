"""The expected filings behind a figure: of which unit, which form, which period, what became."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from union_desk.desktop import figure_rows, jobs
from union_desk.desktop.dashboard_tabs import home_tabs
from union_desk.desktop.filing_words import WORDS, state_of
from union_desk.desktop.navigation import Route
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import Page, column, frame
from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.store.behind import Asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session
    from union_desk.store.behind import Behind
    from union_desk.store.units import Units

COLUMNS = (
    Column("单位", 260, 2), Column("报表、台账", 260, 2), Column("报告期", 150, 1),
    Column("限期", 120), Column("报送日期", 120), Column("状态", 120),
)  # fmt: skip


class OwedPage(Page):
    """The filings that a rate counts, one row each."""

    title = "工作台"

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        first = next(iter(session.pack.indicators))
        self.asked = route.filter if isinstance(route.filter, Asked) else Asked(first)
        self.context = session.pack.indicators[self.asked.indicator].title
        self.found: Behind | None = None
        outer = column(self, gap=12, margins=(26, 14, 26, 14))
        self.figure = NoticeBar()
        outer.addWidget(self.figure)
        card = frame("card")
        body = column(card, gap=0, margins=(1, 1, 1, 1))
        self.table = RowTable("计入的报送", COLUMNS)
        body.addWidget(self.table)
        outer.addWidget(card, 1)

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of the 工作台."""
        return home_tabs(self.session)

    def first_focus(self) -> RowTable:
        """Return the rows."""
        return self.table

    def entered(self) -> None:
        """Show what is counted now."""
        from union_desk.store import behind, units

        session, asked = self.session, self.asked

        def work(_progress: jobs.Progress) -> tuple[Behind, Units]:
            with session.store.read() as connection:
                found = behind.rows(connection, session.store, asked)
                return found, units.of_store(connection, session.store)

        jobs.run(self, work, lambda found: self._show(*found))

    def _show(self, found: Behind, known: Units) -> None:
        from union_desk.taskpack.period import Period

        self.found = found
        pack = self.session.pack
        self.table.show_rows([
            Row((
                known.name(item.unit), pack.forms[item.form].title,
                Period.parse(item.period).title, item.due_date, item.sent_date or "",
                WORDS[state_of(item, self.session.today)],
            ))
            for item in found.filings
        ])  # fmt: skip
        actions = [
            (title, partial(self.opened.emit, figure_rows.route(pack, other)))
            for title, other in figure_rows.others(pack, self.asked)
        ]
        analysis = Route("analysis", text=self.asked.indicator)
        actions.append(("趋势与各单位", partial(self.opened.emit, analysis)))
        indicator = pack.indicators[self.asked.indicator]
        self.figure.say(figure_rows.words(indicator, found, known), actions=actions)
