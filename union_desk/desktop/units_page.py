"""组织机构: the tree of units from this office down, how each is reached, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from union_desk import workflow
from union_desk.desktop import jobs, theme
from union_desk.desktop.dashboard_tabs import home_tabs
from union_desk.desktop.ledger_bar import SearchLine
from union_desk.desktop.page import Page, button, clear, column, frame, label, row, scrolled
from union_desk.desktop.undo_notice import UndoNotice, refresh_desk
from union_desk.desktop.unit_list import UnitList, found, state_words
from union_desk.taskpack.vocabulary import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.navigation import Route
    from union_desk.desktop.session import Session
    from union_desk.desktop.unit_dialogs import AddDialog, ChangeDialog, ReachDialog
    from union_desk.store.unit_events import UnitEvent
    from union_desk.store.units import UnitEntry, Units
    from union_desk.taskpack.definition import TaskPack

MOST_FOUND = 500


class UnitsPage(Page):
    """Left the tree, right the chosen unit with its history and what can be done."""

    title = "工作台"

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.context = "本单位和下级单位；变动注明日期，以前的数字按以前的组织算"
        self.units: Units | None = None
        self._events: tuple[UnitEvent, ...] = ()
        self._wanted = route.text
        self._may = workflow.allowed("tree", session.store.roles)
        outer = row(self, gap=14, margins=(26, 12, 24, 14))
        left = column(gap=10)
        self.search = SearchLine()
        self.search.setPlaceholderText("搜索单位名称、编码，或拼音首字母")
        self.search.wanted.connect(lambda _text: self._fill())
        left.addWidget(self.search)
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.list = UnitList()
        self.list.chosen.connect(self._choose)
        inner.addWidget(self.list, 1)
        self.said = label("", "note")
        foot = frame("tablefoot")
        row(foot, margins=(14, 6, 14, 6)).addWidget(self.said)
        inner.addWidget(foot)
        left.addWidget(card, 1)
        outer.addLayout(left, 1)
        outer.addWidget(self._right())
        self.add = button("新增单位…", role="primary", icon="plus")
        self.add.clicked.connect(self._add)
        self.add.setEnabled(False)

    def _right(self) -> QWidget:
        card = frame("card")
        card.setFixedWidth(theme.px(306))
        outer = column(card, gap=0, margins=(1, 1, 1, 1))
        inside = QWidget()
        inner = column(inside, gap=8, margins=(18, 16, 6, 16))
        self.name = label("", "heading", wrap=True)
        self.facts = label("", "note", wrap=True)
        inner.addWidget(self.name)
        inner.addWidget(self.facts)
        self.acts: dict[str, QPushButton] = {}
        from union_desk.store.unit_events import TITLES

        self.reach = button("联系人与代填…")
        self.reach.clicked.connect(self._reach)
        inner.addWidget(self.reach)
        for first, second in (("renamed", "moved"), ("merged", "closed")):
            line = row(gap=8)
            for kind in (first, second):
                self.acts[kind] = button(f"{TITLES[kind]}…")
                self.acts[kind].clicked.connect(lambda _=False, one=kind: self._change(one))
                line.addWidget(self.acts[kind], 1)
            inner.addLayout(line)
        self.acts["reopened"] = button("恢复…")
        self.acts["reopened"].clicked.connect(lambda: self._change("reopened"))
        inner.addWidget(self.acts["reopened"])
        self._past = column(gap=6)
        inner.addSpacing(theme.px(6))
        inner.addWidget(label("变动", "strong"))
        inner.addLayout(self._past)
        inner.addStretch(1)
        outer.addWidget(scrolled(inside))
        return card

    # --- the page of the window --------------------------------------------------------------

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of the 工作台."""
        return home_tabs(self.session)

    def head_buttons(self) -> list[QWidget]:
        """Return 新增单位."""
        return [self.add] if self._may else []

    def first_focus(self) -> QWidget:
        """Return the search."""
        return self.search

    def entered(self) -> None:
        """Read the directory anew."""
        from union_desk.store import unit_events, units

        store = self.session.store

        def read(_progress: object) -> tuple[Units, tuple[UnitEvent, ...]]:
            with store.read() as connection:
                return (
                    units.of_store(connection, store),
                    unit_events.read(connection, store.tables),
                )

        jobs.run(self, read, self._show)

    def _show(self, read: tuple[Units, tuple[UnitEvent, ...]]) -> None:
        self.units, self._events = read
        self._fill()

    def _fill(self) -> None:
        units, own = self.units, self.session.unit
        if units is None:
            return
        code, self._wanted = self._wanted or self.list.code(), ""
        below = units.subtree(own)
        text = self.search.text().strip()
        open_ = sum(units.by_code[one].active_to is None for one in below & units.by_code.keys())
        if text:
            hits = found(units, below, text)
            self.list.show_found(units, hits[:MOST_FOUND])
            more = f"，只列出前 {MOST_FOUND} 个" if len(hits) > MOST_FOUND else ""
            words = f"找到 {len(hits):,} 个单位{more}"
            self.said.setText(words if hits else "没有找到。换名称里的几个字、编码或拼音首字母再试")
        else:
            self.list.show_tree(units, own, code)
            self.said.setText(f"在用单位 {open_:,} 个，已撤销 {len(below) - open_:,} 个")
        self._choose(self.list.code())

    # --- the chosen unit ---------------------------------------------------------------------

    def _entry(self) -> UnitEntry | None:
        return self.units.by_code.get(self.list.code()) if self.units else None

    def _choose(self, code: str) -> None:
        entry, units = self._entry(), self.units
        clear(self._past)
        own = entry is None or entry.code == self.session.unit
        for kind, made in self.acts.items():
            shut = bool(entry and entry.active_to)
            made.setVisible(self._may and not own and (kind == "reopened") == shut)
        self.reach.setVisible(self._may and entry is not None)
        self.add.setEnabled(entry is not None and entry.active_to is None and self._may)
        if entry is None or units is None:
            self.name.setText("没有选中单位")
            self.facts.setText("")
            return
        self.name.setText(entry.name)
        self.facts.setText("\n".join(_facts(units, entry, self.session.pack)))
        told = [event for event in self._events if event.code == code]
        for event in reversed(told):
            self._past.addWidget(label(_event_words(units, event), "note", wrap=True))
        if not told:
            self._past.addWidget(label("没有登记过变动", "hint"))

    # --- acts --------------------------------------------------------------------------------

    def _add(self) -> None:
        from union_desk.desktop.unit_dialogs import AddDialog

        entry = self._entry()
        if entry is not None and self.units is not None:
            self._open(AddDialog(self.session, self.units, entry.code, self))

    def _reach(self) -> None:
        from union_desk.desktop.unit_dialogs import ReachDialog

        entry = self._entry()
        if entry is not None and self.units is not None:
            self._open(ReachDialog(self.session, self.units, entry, self))

    def _change(self, kind: str) -> None:
        from union_desk.desktop.unit_dialogs import ChangeDialog

        entry = self._entry()
        if entry is not None and self.units is not None:
            self._open(ChangeDialog(self.session, self.units, entry, kind, self))

    def _open(self, dialog: AddDialog | ChangeDialog | ReachDialog) -> None:
        dialog.written.connect(self._written)
        dialog.open()

    def _written(self, code: str, uid: str) -> None:
        from union_desk.store import unit_tree

        store, window, refresh = self.session.store, self.window(), refresh_desk(self)
        self._wanted = code
        self.search.clear()
        self.entered()
        if uid:
            UndoNotice(
                window, "已登记变动，随下一个报送文件上下都能看到",
                lambda: unit_tree.take_back(store, uid), refresh,
            )  # fmt: skip
        else:
            UndoNotice.say(window, f"已保存（{code}）")


def _facts(units: Units, entry: UnitEntry, pack: TaskPack) -> list[str]:
    """Return what is known of a unit, a line each."""
    said = [f"编码 {entry.code}"]
    kinds = [one for one in pack.unit_kinds if (one.id, one.level) == (entry.kind, entry.level)]
    said += [one.title for one in kinds] or [word for word, level in LEVELS.items()
                                             if level == entry.level]  # fmt: skip
    said += [f"上级 {units.name(entry.parent)}"] if entry.parent else []
    said += [f"{entry.active_from} 启用"] if entry.active_from else []
    said += [words] if (words := state_words(units, entry)) else []
    reach = " ".join(filter(None, (entry.contact, entry.phone)))
    said.append(f"联系人 {reach}" if reach else "没有登记联系人")
    said += [f"最近一次联系 {entry.last_contact}"] if entry.last_contact else []
    said += [f"名册自 {entry.register_from} 起核对"] if entry.register_from else []
    return said


def _event_words(units: Units, event: UnitEvent) -> str:
    from union_desk.store.unit_events import TITLES

    about = event.name or (units.name(event.parent) if event.parent else "")
    more = "，".join(filter(None, (event.doc_no, event.reason, f"{event.person}登记")))
    return f"{event.day} {TITLES[event.kind]}{f'：{about}' if about else ''}（{more}）"
