"""目标分解: each target of the office over the units right below it, and what is not split yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QMenu, QWidget

from union_desk.desktop import jobs, theme
from union_desk.desktop.dashboard_tabs import home_tabs
from union_desk.desktop.page import Page, button, column, frame, label, row
from union_desk.desktop.shares_model import SharesModel
from union_desk.desktop.shares_table import SharesTable
from union_desk.desktop.undo_notice import UndoNotice, refresh_desk
from union_desk.taskpack.figures import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.desktop.navigation import Route
    from union_desk.desktop.session import Session
    from union_desk.errors import UserError
    from union_desk.store.shares import Base, Split
    from union_desk.store.units import UnitEntry

LANE = "write"
_BY_BASE = "按各单位的职工数、企业数等比例分"
_NO_TOTAL = "上级还没有分给本单位目标数，等收到以后再分"


class SharesPage(Page):
    """Left the targets, right the units of the chosen one."""

    title = "工作台"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = f"{session.pack.year} 年度目标分解到下级单位"
        self.splits: tuple[Split, ...] = ()
        self._units: tuple[UnitEntry, ...] = ()
        self._bases: tuple[Base, ...] = ()
        self._at = 0
        self._wanted: int | None = None
        outer = row(self, gap=14, margins=(26, 16, 24, 16))
        self.targets = QListWidget()
        self.targets.setProperty("role", "entries")
        self.targets.setAccessibleName("目标")
        self.targets.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.targets.currentRowChanged.connect(self._choose)
        left = frame("card")
        left.setFixedWidth(theme.px(380))
        inner = column(left, gap=8, margins=(12, 16, 6, 12))
        heading = label("本单位的目标", "heading")
        heading.setContentsMargins(theme.px(8), 0, 0, 0)
        inner.addWidget(heading)
        inner.addWidget(self.targets)
        outer.addWidget(left)
        outer.addWidget(self._card(), 1)
        self.keep = button("保存", role="primary", icon="device-floppy", tip="Ctrl+S")
        self.keep.setShortcut(QKeySequence.StandardKey.Save)
        self.keep.clicked.connect(self._save)

    def _card(self) -> QWidget:
        card = frame("card")
        inner = column(card, gap=10, margins=(20, 16, 20, 16))
        self.heading = label("", "heading")
        self.sums = label("", "note", wrap=True)
        inner.addWidget(self.heading)
        inner.addWidget(self.sums)
        tools = row(gap=8)
        self.even = button("平均分")
        self.even.clicked.connect(lambda: self._divide(None))
        self.by_base = button("按基数分", tip=_BY_BASE)
        self.menu = QMenu(self.by_base)
        self.by_base.setMenu(self.menu)
        self.empty = button("清空", role="quiet")
        self.empty.clicked.connect(self._clear)
        for tool in (self.even, self.by_base, self.empty):
            tools.addWidget(tool)
        tools.addStretch(1)
        inner.addLayout(tools)
        self.model = SharesModel(())
        self.table = SharesTable(self.model)
        self.model.edited.connect(self._show_sums)
        inner.addWidget(self.table, 1)
        papers = row(gap=14)
        self.document = _line("分解文件的文号")
        self.reason = _line("改动的原因（已下发的要写）")
        for made in (self.document, self.reason):
            papers.addWidget(made, 1)
        inner.addLayout(papers)
        return card

    # --- the page ----------------------------------------------------------------------------

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of the 工作台."""
        return home_tabs(self.session)

    def head_buttons(self) -> list[QWidget]:
        """Return 保存."""
        return [self.keep]

    def first_focus(self) -> QWidget:
        """Return the list of targets."""
        return self.targets

    def entered(self) -> None:
        """Read targets and shares anew."""
        from union_desk.store import shares

        store = self.session.store

        def work(_progress: jobs.Progress) -> tuple[tuple[Split, ...], tuple[UnitEntry, ...]]:
            with store.read() as connection:
                return shares.splits(connection, store), shares.receivers(connection, store)

        jobs.run(self, work, self._show)

    def leaving(self) -> bool:
        """Save what was typed; stay where it cannot be."""
        if self.model.trouble():
            self._show_sums()
            return False
        if self.model.changes():
            self._save()
        return True

    def _show(self, found: tuple[tuple[Split, ...], tuple[UnitEntry, ...]]) -> None:
        place = max(self.targets.currentRow(), 0)
        self.splits, self._units = found
        self.model.units = self._units
        self.targets.blockSignals(True)  # noqa: FBT003 - Qt's own
        self.targets.clear()
        for split in self.splits:
            entry = QListWidgetItem(f"{split.indicator.title}\n{_state(split, len(self._units))}")
            entry.setToolTip(split.indicator.title)
            entry.setSizeHint(QSize(theme.px(320), theme.px(58)))
            self.targets.addItem(entry)
        self.targets.blockSignals(False)  # noqa: FBT003 - Qt's own
        usable = bool(self.splits and self._units)
        for widget in (self.table, self.even, self.by_base, self.empty, self.keep):
            widget.setEnabled(usable)
        if not usable:
            self.heading.setText("没有可分解的目标" if self._units else "没有下级单位")
            self.sums.setText(
                "比率类目标各单位相同，不用分解。" if self._units else "单位目录里还没有下级单位。"
            )
            return
        self._load(min(place, len(self.splits) - 1))

    @property
    def split(self) -> Split:
        """The target that is shown."""
        return self.splits[self._at]

    def _choose(self, place: int) -> None:
        """Show another target; what was typed is saved first, and keeps its target if refused."""
        if not 0 <= place < len(self.splits) or place == self._at:
            return
        if self.model.trouble():
            self._mark(self._at)
            self._show_sums()
        elif self._wanted is not None or self.model.changes():
            saving, self._wanted = self._wanted is not None, place
            self._mark(self._at)
            if not saving:
                self._save()
        else:
            self._load(place)

    def _mark(self, place: int) -> None:
        """Mark a target in the list without choosing it."""
        self.targets.blockSignals(True)  # noqa: FBT003 - Qt's own
        self.targets.setCurrentRow(place)
        self.targets.blockSignals(False)  # noqa: FBT003 - Qt's own

    def _load(self, place: int) -> None:
        self._at = place
        self._mark(place)
        split = self.split
        self.heading.setText(split.indicator.title)
        self.model.show_shares(split.given, split.indicator.measure)
        whole = split.total is not None
        self.even.setEnabled(whole)
        self.even.setToolTip("" if whole else _NO_TOTAL)
        self.by_base.setToolTip(_BY_BASE if whole else _NO_TOTAL)
        papers = [paper for paper in split.documents.values() if paper]
        self.document.setText(papers[-1] if papers else "")
        self.reason.clear()
        self.table.start()
        self._show_sums()
        self._ask_bases(split)

    def _ask_bases(self, split: Split) -> None:
        from union_desk.store import shares

        store, as_of = self.session.store, self.session.as_of
        self.by_base.setEnabled(False)

        def work(_progress: jobs.Progress) -> tuple[Base, ...]:
            with store.read() as connection:
                return shares.bases(connection, store, as_of, split)

        def offer(found: tuple[Base, ...]) -> None:
            if split is not self.split:
                return
            self.menu.clear()
            for base in found:
                self.menu.addAction(f"按{base.title}").triggered.connect(
                    lambda _on=False, chosen=base: self._divide(chosen)
                )
            self.by_base.setEnabled(bool(found) and split.total is not None)

        jobs.run(self, work, offer)

    # --- what is typed -----------------------------------------------------------------------

    def _show_sums(self) -> None:
        split, trouble = self.split, self.model.trouble()
        if trouble:
            self._say(trouble, "error")
            return
        measure = split.indicator.measure
        given = sum(value for value in self.model.values().values() if isinstance(value, float))
        if split.total is None:
            self._say(f"上级还没有分给本单位目标数；已分 {grouped(given)} {measure}。", "warn")
            return
        rest = round(split.total - given, 2)
        words = f"目标 {grouped(split.total)} {measure}，已分 {grouped(given)}"
        if rest > 0:
            self._say(f"{words}，还有 {grouped(rest)} 没有分。", "warn")
        elif rest < 0:
            self._say(f"{words}，比目标多分 {grouped(-rest)}。", "warn")
        else:
            self._say(f"{words}，正好分完。", "ok")

    def _say(self, words: str, tone: str) -> None:
        self.sums.setText(words)
        theme.mark(self.sums, role=tone)

    def _divide(self, base: Base | None) -> None:
        from union_desk.desktop import faults
        from union_desk.errors import UserError
        from union_desk.store import shares

        codes = [unit.code for unit in self._units]
        try:
            found = shares.divided(self.split, codes, base.weights if base else None)
        except UserError as error:
            faults.report(error, self)
            return
        if base is not None:
            self.model.show_base(base.title, base.weights)
        self.model.put(found)

    def _clear(self) -> None:
        self.model.put({unit.code: None for unit in self._units})

    # --- saving ------------------------------------------------------------------------------

    def _save(self) -> None:
        if self.model.trouble():
            self._show_sums()
            return
        changes = self.model.changes()
        if not changes:
            UndoNotice.say(self.window(), "没有改动，不用保存")
            return
        kept: dict[str, float | None] = {unit: self.split.given.get(unit) for unit in changes}
        split, document = self.split, self.document.text().strip()
        title, window = split.indicator.title, self.window()
        refresh = refresh_desk(self)

        def write(values: Mapping[str, float | None], reason: str) -> int:
            from union_desk.store import shares

            return shares.save(self.session.store, split.indicator.id, values, document, reason)

        def done(count: int) -> None:
            words = f"“{title}”的 {count} 个分解数已保存"
            UndoNotice(window, words, lambda: write(kept, "撤销分解"), refresh)
            if self._wanted is not None:
                self._mark(self._wanted)
                self._wanted = None
            refresh()

        def refused(error: UserError) -> None:
            from union_desk.desktop import faults

            self._wanted = None
            faults.report(error, self)

        reason = self.reason.text().strip()
        jobs.run(self, lambda _: write(changes, reason), done, refused, lane=LANE)


def _line(words: str) -> QLineEdit:
    """Return a line that says itself what goes into it."""
    made = QLineEdit()
    made.setPlaceholderText(words)
    made.setAccessibleName(words)
    made.setToolTip(words)
    return made


def _state(split: Split, units: int) -> str:
    """Say how far a target is divided."""
    measure = split.indicator.measure
    if split.total is None:
        return "上级还没有分给本单位"
    told = f"目标 {grouped(split.total)} {measure}"
    if not split.given:
        return f"{told} · 未分解"
    rest = split.rest or 0
    if rest:
        over = "多分" if rest < 0 else "还有"
        return f"{told} · {over} {grouped(abs(rest))}{'' if rest < 0 else ' 没有分'}"
    return f"{told} · 已分给 {len(split.given)} / {units} 个单位"
