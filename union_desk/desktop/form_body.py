"""The sections of a form, generated from its definition: cells, grids, and the way through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from union_desk.desktop import editors, theme
from union_desk.desktop.attachment_editor import AttachmentEditor
from union_desk.desktop.detail_grid import DetailGrid
from union_desk.desktop.field_cell import FieldCell, Line
from union_desk.desktop.finding_strip import Spot
from union_desk.desktop.form_findings import counts, is_open
from union_desk.desktop.reference_picker import ReferenceEditor
from union_desk.desktop.section_card import SectionCard
from union_desk.taskpack.definition import Section

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QResizeEvent

    from union_desk.checks import Finding
    from union_desk.desktop.editor import Reader
    from union_desk.desktop.editors import AnyEditor
    from union_desk.taskpack.definition import Form, TaskPack

Where = tuple[str, str | None, str | None]
"""(form, uid of a detail row, field): a place on the page."""


def sections_of(form: Form) -> tuple[Section, ...]:
    """Return the sections; fields that no section names follow in one of their own."""
    named = {name for section in form.sections for name in section.fields}
    rest = tuple(item.id for item in form.fields if item.id not in named)
    return (*form.sections, Section("其他", rest)) if rest else form.sections


class FormBody(QScrollArea):
    """All cards of a form, one below the other."""

    edited = Signal(object)
    """An editor: something was typed."""
    committed = Signal(object)
    """An editor: the focus left."""
    entered = Signal(object)
    """A field: the focus came."""
    section_left = Signal(tuple)
    """Names of the fields of a section that was left."""
    finished = Signal()
    """Enter in the last field."""
    details_typed = Signal(str)
    explained = Signal(str, str)
    explain_asked = Signal(object)
    register = Signal(str, str)

    def __init__(self, form: Form, pack: TaskPack, reader: Reader) -> None:
        super().__init__()
        self.form = form
        self.setProperty("role", "clear")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cells: dict[str, FieldCell] = {}
        self.grids: dict[str, DetailGrid] = {}
        self.cards: list[SectionCard] = []
        self._current = -1
        self.remarks: dict[str, str] = {}
        """What the level above wrote at a field when it returned the record."""
        inside = QWidget()
        inside.setProperty("role", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setSpacing(theme.px(12))
        self._column.setContentsMargins(theme.px(26), theme.px(12), theme.px(14), theme.px(16))
        for section in sections_of(form):
            self._add_section(section, reader)
        for name in form.details:
            self._add_details(pack.forms[name], reader)
        self._column.addStretch(1)
        self.setWidget(inside)

    def _add_section(self, section: Section, reader: Reader) -> None:
        cells = []
        for name in section.fields:
            item = self.form.by_id[name]
            cell = FieldCell(item, editors.make(item, reader), self)
            self._listen(cell)
            self.cells[name] = cell
            cells.append(cell)
        card = SectionCard(section, cells, reader)
        self.cards.append(card)
        self._column.addWidget(card)

    def _listen(self, cell: FieldCell) -> None:
        editor, name = cell.editor, cell.item.id
        editor.edited.connect(lambda: self.edited.emit(editor))
        editor.committed.connect(lambda: self.committed.emit(editor))
        editor.entered.connect(lambda: self._entered(name))
        editor.advance.connect(lambda forward: self.advance(name, forward=forward))
        cell.explained.connect(self.explained)
        cell.asked.connect(lambda: self.explain_asked.emit(cell))
        if isinstance(editor, ReferenceEditor):
            editor.register.connect(self.register)
        elif isinstance(editor, AttachmentEditor):
            editor.resized.connect(cell.resized)

    def _add_details(self, form: Form, reader: Reader) -> None:
        grid = DetailGrid(form, reader)
        grid.typed.connect(lambda: self.details_typed.emit(form.id))
        grid.left.connect(lambda forward: self.advance(form.id, forward=forward))
        grid.entered.connect(lambda item: self._entered_grid(form.id, item))
        card = SectionCard(Section(form.title, (), form.help), (), reader)
        card.extra.append(grid)
        grid.setParent(card)
        grid.resized.connect(card.lay)
        self.grids[form.id] = grid
        self.cards.append(card)
        self._column.addWidget(card)

    # --- the way through ---------------------------------------------------------------------

    def stops(self) -> list[str]:
        """Return the names of the fields and grids that Enter visits, in reading order."""
        names = [
            name
            for name, cell in self.cells.items()
            if not cell.isHidden() and _takes_tab(cell.editor)
        ]
        return names + [name for name, grid in self.grids.items() if not grid.model.locked]

    def advance(self, name: str, *, forward: bool) -> None:
        """Go to the next or previous stop; beyond the last to the primary button."""
        stops = self.stops()
        if name not in stops:
            return
        place = stops.index(name) + (1 if forward else -1)
        if place >= len(stops):
            self.finished.emit()
        elif place >= 0:
            self.focus(stops[place], forward=forward)

    def focus(self, name: str, *, forward: bool = True) -> None:
        """Put the focus into a field or grid and bring it into sight."""
        if name in self.grids:
            self.grids[name].table.enter(forward=forward)
            return
        cell = self.cells.get(name)
        if cell is not None:
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            cell.editor.setFocus(reason)

    def focus_first(self) -> None:
        """Put the focus into the first field that is still empty, else the first."""
        stops = self.stops()
        if stops:
            self.focus(stops[0])

    def order_tabs(self, after: QWidget) -> None:
        """Make Tab follow the reading order, and leave to `after`."""
        chain = [cell.editor.focusProxy() or cell.editor for cell in self.cells.values()]
        chain += [grid.table for grid in self.grids.values()]
        for one, two in zip(chain, [*chain[1:], after], strict=True):
            QWidget.setTabOrder(one, two)

    def _entered(self, name: str) -> None:
        cell = self.cells[name]
        self._show(cell)
        self._in_section(self.section_of(name))
        self.entered.emit(cell.item)

    def _entered_grid(self, name: str, item: object) -> None:
        self._show(self.grids[name])
        self._in_section(self.section_of(name))
        self.entered.emit(item)

    def _show(self, widget: QWidget) -> None:
        inside = self.widget()
        if inside is None:
            return
        top = widget.mapTo(inside, QPoint(0, 0)).y()
        bar, view = self.verticalScrollBar(), self.viewport().height()
        edge = theme.px(12)
        if top - edge < bar.value():
            bar.setValue(top - edge)
        elif top + widget.height() + edge > bar.value() + view:
            bar.setValue(min(top + widget.height() + edge - view, top - edge))

    def _keep_in_sight(self) -> None:
        """Scroll as little as needed to see what has the focus, with its line below."""
        name = self.has_focus()
        if name in self.cells:
            self._show(self.cells[name])
        elif name in self.grids:
            self._show(self.grids[name])

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Keep what has the focus in sight."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._keep_in_sight)

    def _in_section(self, number: int) -> None:
        if number == self._current:
            return
        old, self._current = self._current, number
        if old >= 0:
            self.section_left.emit(self._names(old))

    def _names(self, number: int) -> tuple[str, ...]:
        card = self.cards[number]
        return card.section.fields or tuple(grid.form.id for grid in self._grids_of(card))

    def _grids_of(self, card: SectionCard) -> list[DetailGrid]:
        return [grid for grid in self.grids.values() if grid in card.extra]

    def section_of(self, name: str) -> int:
        """Return the number of the section that holds a field or grid."""
        return next(n for n in range(len(self.cards)) if name in self._names(n))

    def current_section(self) -> int:
        """Return the number of the section that has the focus."""
        return max(self._current, 0)

    def go_to_section(self, number: int) -> None:
        """Show a section and put the focus into its first field."""
        if not 0 <= number < len(self.cards):
            return
        stops = set(self.stops())
        first = next((name for name in self._names(number) if name in stops), None)
        if first is not None:
            self.focus(first)
        card = self.cards[number]
        self.verticalScrollBar().setValue(card.y() - theme.px(8))

    def has_focus(self) -> str | None:
        """Return the field or grid that has the focus."""
        widget = QApplication.focusWidget()
        while widget is not None and widget is not self:
            for name, cell in self.cells.items():
                if widget is cell:
                    return name
            for name, grid in self.grids.items():
                if widget is grid:
                    return name
            widget = widget.parentWidget()
        return None

    # --- what is shown -----------------------------------------------------------------------

    def editor(self, name: str) -> AnyEditor:
        """Return the editor of a field."""
        return self.cells[name].editor

    def set_hidden(self, names: Collection[str]) -> None:
        """Take fields that are not asked for out of sight and out of the way."""
        touched = set()
        for name, cell in self.cells.items():
            if cell.isHidden() != (name in names):
                cell.setHidden(name in names)
                touched.add(self.section_of(name))
        for number in touched:
            self.cards[number].lay()

    def set_narrow(self, *, narrow: bool) -> None:
        """Lay the fields out in two columns instead of three."""
        for card in self.cards:
            card.set_narrow(narrow=narrow)

    def show_findings(self, findings: Sequence[Finding]) -> list[Spot]:
        """Show findings at their places; return those that want something, errors first."""
        by_field: dict[str, list[Line]] = {}
        for item in findings:
            if item.form == self.form.id and item.field in self.cells:
                label = self.cells[item.field].item.label
                by_field.setdefault(item.field, []).append(_line(item, label))
        for name, words in self.remarks.items():
            by_field.setdefault(name, []).append(Line("returned", f"上级意见：{words}"))
        for name, cell in self.cells.items():
            cell.set_lines(by_field.get(name, ()))
        for name, grid in self.grids.items():
            grid.show_findings([item for item in findings if item.form == name])
        for number, card in enumerate(self.cards):
            card.set_counts(*self.counts_of(number, findings))
        QTimer.singleShot(0, self, self._keep_in_sight)
        wanted = sorted(filter(is_open, findings), key=lambda item: item.level != "error")
        return self._spots(wanted)

    def counts_of(self, number: int, findings: Sequence[Finding]) -> tuple[int, int]:
        """Return how many errors and warnings a section has."""
        card = self.cards[number]
        if card.section.fields:
            own = [item for item in findings if item.form == self.form.id]
            return counts(own, card.section.fields)
        names = {grid.form.id for grid in self._grids_of(card)}
        return counts([item for item in findings if item.form in names], None)

    def _spots(self, findings: Sequence[Finding]) -> list[Spot]:
        spots: list[Spot] = []
        for item in findings:
            where: Where = (item.form, item.record, item.field)
            if not any(spot.where == where for spot in spots):
                spots.append(Spot(where, self._name(item), item.message, item.level))
        return spots

    def _name(self, finding: Finding) -> str:
        if finding.form in self.grids:
            known = self.grids[finding.form].form.by_id.get(finding.field or "")
            return f"第 {finding.row} 行{known.label if known else ''}"
        cell = self.cells.get(finding.field or "")
        return cell.item.label if cell is not None else finding.message[:12]

    def reveal(self, where: Where) -> None:
        """Go to the place of a finding."""
        form, uid, field = where
        if form in self.grids:
            self.grids[form].reveal(uid, field)
        elif field in self.cells:
            self.focus(field)


def _takes_tab(editor: AnyEditor) -> bool:
    control = editor.focusProxy() or editor
    return control.isEnabledTo(editor) and bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _line(finding: Finding, label: str) -> Line:
    message = finding.message.removeprefix(f"{label}：")
    if finding.level == "warning" and finding.explained:
        return Line("explained", f"已说明：{finding.explained}（{message}）", finding.code)
    return Line(finding.level, message, finding.code)
