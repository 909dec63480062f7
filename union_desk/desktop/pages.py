"""Which page a route leads to; a page's module loads when it is first opened."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.desktop.navigation import Route
    from union_desk.desktop.page import Page
    from union_desk.desktop.session import Session

PAGES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "area": ("area_page", "AreaPage"),
    "ledger": ("ledger_page", "LedgerPage"),
    "form": ("form_page", "FormPage"),
    "print": ("print_page", "PrintPage"),
    "sign_off": ("sign_off_page", "SignOffPage"),
    "paper_check": ("paper_check_page", "PaperCheckPage"),
    "export": ("export_page", "ExportPage"),
    "sent": ("sent_page", "SentPage"),
    "log": ("log_page", "LogPage"),
    "inbox": ("inbox_page", "InboxPage"),
    "settings": ("settings_page", "SettingsPage"),
    "peers": ("peers_page", "PeersPage"),
    "keeping": ("keeping_page", "KeepingPage"),
    "review": ("review_page", "ReviewPage"),
    "deciding": ("deciding_page", "DecidingPage"),
    "changes": ("changes_page", "ChangesPage"),
    "units": ("units_page", "UnitsPage"),
    "shares": ("shares_page", "SharesPage"),
    "help": ("help_page", "HelpPage"),
    "import": ("import_page", "ImportPage"),
    "book": ("book_page", "BookPage"),
    "filings": ("filings_page", "FilingsPage"),
    "analysis": ("analysis_page", "AnalysisPage"),
    "years": ("years_page", "YearsPage"),
    "owed": ("owed_page", "OwedPage"),
    "month": ("month_page", "MonthPage"),
    "dashboard": ("dashboard_page", "DashboardPage"),
})  # fmt: skip
"""Kind of route -> module of this folder and class; any other kind leads to the dashboard."""


def build(session: Session, route: Route) -> Page:
    """Return a new page for `route`; the 工作台 of a grassroots unit is its month."""
    kind = route.kind if route.kind in PAGES else "dashboard"
    if route.kind == "dashboard" and session.level == LEVELS[0]:
        kind = "month"
    if kind == "import" and route.form is None:  # a sheet of no one form is a whole 报送册
        kind = "book"
    module, name = PAGES[kind]
    made: Page = getattr(import_module(f"union_desk.desktop.{module}"), name)(session, route)
    return made
