"""The menu 列设置 of a ledger: columns, column filters, named views; all of it remembered."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from union_desk.desktop import ledger_layout
from union_desk.desktop.columns_dialog import ColumnsDialog
from union_desk.desktop.filter_dialog import FilterDialog
from union_desk.desktop.name_dialog import NameDialog

if TYPE_CHECKING:
    from union_desk.desktop.ledger_page import LedgerPage
    from union_desk.desktop.ledger_view import Wanted


class LedgerSetup(QObject):
    """How the ledger on the page is set up."""

    def __init__(self, page: LedgerPage) -> None:
        super().__init__(page)
        self.page = page
        self.layout = ledger_layout.read(page.session, page.form)
        self.menu = QMenu(page)

    def wanted(self) -> Wanted:
        """Return what was asked for the last time."""
        return ledger_layout.asked(self.page.form, self.layout.wanted)

    def note(self, wanted: Wanted) -> None:
        """Remember what is asked for, unless nothing of it is new."""
        before = dict(self.layout.wanted)
        self.layout.note(wanted)
        if self.layout.wanted != before:
            self._keep()

    def _keep(self) -> None:
        ledger_layout.keep(self.page, self.page.session, self.page.form, self.layout)

    def drawn(self) -> None:
        """Remember the widths that were drawn by hand."""
        self.layout.widths = {
            name: round(factor * 100) for name, factor in self.page.table.factors.items()
        }
        self._keep()

    def open_menu(self) -> None:
        """Offer what can be set up."""
        page, menu = self.page, self.menu
        menu.clear()
        menu.addAction("选择列…").triggered.connect(self.choose_columns)
        menu.addAction("按列筛选…").triggered.connect(self.choose_filter)
        if page.wanted.columns:
            menu.addAction("清除列筛选").triggered.connect(self._clear_filters)
        menu.addSeparator()
        menu.addAction("把现在的样子存为视图…").triggered.connect(self.ask_name)
        for name in self.layout.views:
            menu.addAction(f"视图：{name}").triggered.connect(partial(self.show_named, name))
        if self.layout.views:
            gone = menu.addMenu("删除视图")
            for name in self.layout.views:
                gone.addAction(name).triggered.connect(partial(self.drop_named, name))
        button = page.bar.setup
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    # --- columns -----------------------------------------------------------------------------

    def choose_columns(self) -> None:
        """Ask which columns are shown."""
        page = self.page
        dialog = ColumnsDialog(page.form, [item.id for item in page.model.fields], page)
        dialog.chosen.connect(self._columns_chosen)
        dialog.reset.connect(lambda: self._columns_chosen([], {}))
        dialog.open()

    def _columns_chosen(self, names: list[str], factors: dict[str, float]) -> None:
        table = self.page.table
        if not names:
            table.factors.clear()
        for name, factor in factors.items():
            table.factors[name] = table.factors.get(name, 1) * factor
        self.layout.columns = names
        self.drawn()
        self.page.show_columns()

    # --- filters -----------------------------------------------------------------------------

    def choose_filter(self) -> None:
        """Ask for a filter of one column."""
        page = self.page
        dialog = FilterDialog(page.form, page.reader, page)
        dialog.chosen.connect(self._filter_chosen)
        dialog.cleared.connect(self._clear_filters)
        dialog.open()

    def _filter_chosen(self, name: str, value: object) -> None:
        page = self.page
        others = tuple(pair for pair in page.wanted.columns if pair[0] != name)
        page.choose(replace(page.wanted, columns=(*others, (name, value))))

    def _clear_filters(self) -> None:
        page = self.page
        page.choose(replace(page.wanted, columns=()))

    # --- views -------------------------------------------------------------------------------

    def ask_name(self) -> None:
        """Ask under which name columns and filters are kept."""
        dialog = NameDialog("存为视图", "视图的名称", "例如：本月未报送", self.page)
        dialog.given.connect(self.keep_named)
        dialog.open()

    def keep_named(self, name: str) -> None:
        """Keep columns and filters as a view."""
        self.layout.keep_view(name, self.page.wanted)
        self._keep()

    def show_named(self, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        """Show a view."""
        page, view = self.page, self.layout.views[name]
        self.layout.columns = [one for one in view["columns"] if one in page.form.by_id]
        page.show_columns()
        page.show_wanted(ledger_layout.asked(page.form, view["wanted"], page.wanted))

    def drop_named(self, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        """Forget a view."""
        self.layout.views.pop(name, None)
        self._keep()
