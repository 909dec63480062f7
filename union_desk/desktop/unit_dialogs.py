"""What an office does to its tree of units, a small dialog each: add, change with a date, note."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from union_desk.desktop.chooser import Chooser
from union_desk.desktop.labelled import Labelled, all_right
from union_desk.desktop.line_editor import ENTER
from union_desk.desktop.page import label
from union_desk.desktop.unit_field import UnitField
from union_desk.desktop.work_dialog import WorkDialog
from union_desk.taskpack.definition import Field
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.organisation import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent

    from union_desk.desktop.session import Session
    from union_desk.store.units import UnitEntry, Units

_DAY = Field("date", "日期", "date")
_HINTS = {
    "renamed": "以前印出的报表仍是原名；从这一天起用新名称。",
    "moved": "这一天以前的数字仍算在原上级，从这一天起算在新上级。",
    "merged": "并入以后不再要它报表；它报过的数字留在原处，不重复计算。",
    "closed": "这一天以后不再要它报表；它报过的数字留在原处。",
    "reopened": "撤回撤销或合并，从现在起又要它报表。",
}


def as_units(entries: Iterable[UnitEntry]) -> list[Unit]:
    """Return entries as the finder of units takes them."""
    return [Unit(one.code, one.name, one.parent, one.level) for one in entries]


class _UnitDialog(WorkDialog):
    """A dialog that tells the code of the unit that it has written about."""

    written = Signal(str, str)
    """Code of the unit, uid of a change that can be taken back or ""."""

    def __init__(self, session: Session, title: str, act: str, parent: QWidget) -> None:
        super().__init__(title, act, parent)
        self._session = session
        self._made = ""
        self._lines: list[Labelled] = []
        self.act.clicked.connect(self._take)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Go on to the next line with Enter, and from the last one to the act."""
        here = self.focusWidget()
        if event.key() not in ENTER or not isinstance(here, QLineEdit):
            super().keyPressEvent(event)
        elif here is self._lines[-1].control:
            self.act.click()
        else:
            self.focusNextChild()

    @abstractmethod
    def _take(self) -> None:
        """Do the act with what was typed, or say what is missing."""

    def _line(
        self, words: str, text: str = "", *, hint: str = "", required: bool = False
    ) -> QLineEdit:
        made = QLineEdit(text)
        self._add(Labelled(words, made, hint=hint, required=required))
        return made

    def _add(self, line: Labelled) -> Labelled:
        self.body.addWidget(line)
        self._lines.append(line)
        return line

    def _day_line(self, words: str, hint: str = "") -> QLineEdit:
        self.day = QLineEdit(self._session.today)
        self._day = self._add(Labelled(words, self.day, hint=hint, required=True))
        return self.day

    def _read_day(self) -> str:
        """Return the day as ISO, "" with its reason shown where it is none."""
        today = self._session.today
        day = parse(_DAY, self.day.text(), Hints(year=int(today[:4]), today=today))
        if isinstance(day, Unreadable) or day is None:
            said = day.message if isinstance(day, Unreadable) else "请写日期"
            self._day.set_error(said)
            return ""
        if str(day) > today:
            self._day.set_error("日期还没有到，到了那一天再办")
            return ""
        self._day.set_error("")
        return str(day)

    def _written_in(self, line: QLineEdit, words: str) -> bool:
        """Return whether a line is filled in; say below it what is missing where it is not."""
        place = next(one for one in self._lines if one.control is line)
        return all_right([(place, "" if line.text().strip() else words)])

    def _done(self, code: str, uid: str = "") -> None:
        self.accept()
        self.written.emit(code, uid)


class AddDialog(_UnitDialog):
    """A new unit below another: its code is given by the program."""

    def __init__(self, session: Session, units: Units, above: str, parent: QWidget) -> None:
        from union_desk.store import unit_tree

        super().__init__(session, "新增单位", "新增", parent)
        self._above = above
        self.body.addWidget(
            label(f"上级：{units.name(above)}。编码由程序从本单位的编码段里给。", "note", wrap=True)
        )
        self.kind = Chooser("类别")
        for kind in unit_tree.kinds(session.store):
            self.kind.addItem(kind.title, kind.code_digit)
        self.kind.setCurrentIndex(self.kind.count() - 1)
        self.body.addWidget(Labelled("类别", self.kind, required=True))
        hint = "与批复文件一致的全称；有批复的，随后在台账登记，以台账为准"
        self.name = self._line("单位名称", hint=hint, required=True)
        self._day_line("启用日期", "从这一天起要它报表")
        self.contact = self._line("联系人")
        self.phone = self._line("电话")
        self.name.setFocus()

    def _take(self) -> None:
        from union_desk.store import unit_tree

        day = self._read_day()
        if not self._written_in(self.name, "请写单位名称") or not day:
            return
        store, digit = self._session.store, str(self.kind.currentData())
        reach = {"contact": self.contact.text().strip(), "phone": self.phone.text().strip()}
        name = self.name.text()

        def add() -> None:
            self._made = unit_tree.add(store, digit, name, self._above, day, reach)

        self.work(add, lambda: self._done(self._made))


class ChangeDialog(_UnitDialog):
    """更名, 划转, 合并, 撤销 or 恢复 from a day on, with the document that says so."""

    def __init__(
        self, session: Session, units: Units, entry: UnitEntry, kind: str, parent: QWidget
    ) -> None:
        from union_desk.store import unit_events

        title = unit_events.TITLES[kind]
        act = f"{title}这个单位" if kind == unit_events.CLOSED else title
        super().__init__(session, f"{title}单位", act, parent)
        self._entry, self._kind = entry, kind
        self.body.addWidget(label(f"{title}单位：{entry.name}", "strong", wrap=True))
        self.name: QLineEdit | None = None
        self.target: UnitField | None = None
        if kind == unit_events.RENAMED:
            self.name = self._line("新名称", entry.name, required=True)
        elif kind in (unit_events.MOVED, unit_events.MERGED):
            words = "新上级" if kind == unit_events.MOVED else "并入哪个单位"
            below = units.subtree(session.unit) - units.subtree(entry.code)
            fit = [units.by_code[code] for code in sorted(below & units.by_code.keys())]
            self.target = UnitField(as_units(one for one in fit if one.active_to is None))
            self._add(Labelled(words, self.target, required=True))
        self._day_line("日期", _HINTS[kind])
        self.doc = self._line("文号", hint="批准变动的文件，没有的不填")
        self.reason = self._line("说明")
        (self.name or self.target or self.day).setFocus()
        if kind in (unit_events.CLOSED, unit_events.MERGED):
            self._refuse_with_units_below(units)

    def _refuse_with_units_below(self, units: Units) -> None:
        """Say at once what has to be done first, before anything is filled in."""
        from union_desk.store import tree_rules, unit_events

        session = self._session
        closed = unit_events.UnitEvent(
            "", self._entry.code, unit_events.CLOSED, session.today, writer=session.unit
        )
        if trouble := tree_rules.trouble(units, closed):
            self.refuse(f"{trouble}。")
            self.act.setEnabled(False)
            self.away.setFocus()

    def _take(self) -> None:
        from union_desk.store import unit_tree

        day = self._read_day()
        said = {"doc_no": self.doc.text().strip(), "reason": self.reason.text().strip()}
        if self.name is not None:
            if not self._written_in(self.name, "请写新名称"):
                return
            said["name"] = self.name.text().strip()
        if self.target is not None:
            self.target.settle()
            place = next(one for one in self._lines if one.control is self.target)
            missing = "" if self.target.unit else "请选一个单位：打名称、编码或拼音首字母。"
            if not all_right([(place, missing)]) or self.target.unit is None:
                return
            said["parent"] = self.target.unit.code
        if not day:
            return
        store, code, kind = self._session.store, self._entry.code, self._kind

        def change() -> None:
            self._made = unit_tree.change(store, code, kind, day, said)

        self.work(change, lambda: self._done(code, self._made))


class ReachDialog(_UnitDialog):
    """How a unit is reached, and who files for it."""

    def __init__(self, session: Session, units: Units, entry: UnitEntry, parent: QWidget) -> None:
        super().__init__(session, "联系人与代填", "保存", parent)
        self._entry = entry
        self.body.addWidget(label(entry.name, "strong", wrap=True))
        self.contact = self._line("联系人", entry.contact or "")
        self.phone = self._line("电话", entry.phone or "")
        near = units.children.get(entry.parent or "", ())
        fit = [one for one in near if one.code != entry.code and one.active_to is None]
        above = units.by_code.get(entry.parent or "")
        self.filer = UnitField(as_units([*fit, *([above] if above else [])]))
        if entry.filer:
            self.filer.setText(units.name(entry.filer))
        hint = "一位填报人管几个单位时，写由哪个单位的电脑代填；自己填报的留空"
        self._add(Labelled("代填单位", self.filer, hint=hint))
        self.contact.setFocus()

    def _take(self) -> None:
        from union_desk.store import unit_tree

        self.filer.settle()
        filer = ""
        if self.filer.text().strip():
            kept = self._entry.filer or ""
            filer = self.filer.unit.code if self.filer.unit else kept
            if not filer:
                self.refuse("代填单位没有找到：打名称、编码或拼音首字母，或者留空。")
                return
        said = {
            "contact": self.contact.text().strip(), "phone": self.phone.text().strip(),
            "filer": filer,
        }  # fmt: skip
        store, code = self._session.store, self._entry.code
        self.work(lambda: unit_tree.note(store, code, said), lambda: self._done(code))
