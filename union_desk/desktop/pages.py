"""Which page a route leads to; a page's module loads when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from union_desk.desktop.navigation import Route
    from union_desk.desktop.page import Page
    from union_desk.desktop.session import Session


def build(session: Session, route: Route) -> Page:  # noqa: PLR0911 - one line a page
    """Return a new page for `route`."""
    match route.kind:
        case "area":
            from union_desk.desktop.area_page import AreaPage

            return AreaPage(session, route)
        case "ledger":
            from union_desk.desktop.ledger_page import LedgerPage

            return LedgerPage(session, route)
        case "form":
            from union_desk.desktop.form_page import FormPage

            return FormPage(session, route)
        case "print":
            from union_desk.desktop.print_page import PrintPage

            return PrintPage(session, route)
        case "export":
            from union_desk.desktop.export_page import ExportPage

            return ExportPage(session, route)
        case "sent":
            from union_desk.desktop.sent_page import SentPage

            return SentPage(session, route)
        case "settings":
            from union_desk.desktop.settings_page import SettingsPage

            return SettingsPage(session, route)
        case "shares":
            from union_desk.desktop.shares_page import SharesPage

            return SharesPage(session, route)
        case "help":
            from union_desk.desktop.help_page import HelpPage

            return HelpPage(session, route)
        case "filings":
            from union_desk.desktop.filings_page import FilingsPage

            return FilingsPage(session, route)
        case "dashboard" if session.level == LEVELS[0]:
            from union_desk.desktop.month_page import MonthPage

            return MonthPage(session, route)
        case _:
            from union_desk.desktop.dashboard_page import DashboardPage

            return DashboardPage(session, route)
