"""First run: which unit, who, a password. Or the sample data. Nothing else is asked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from union_desk import settings
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.entrance import Entrance
from union_desk.desktop.labelled import Labelled, all_right
from union_desk.desktop.page import button, column, row
from union_desk.desktop.unit_field import UnitField
from union_desk.errors import InputError, StoreError
from union_desk.taskpack.definition import Field
from union_desk.taskpack.typed_text import Unreadable

if TYPE_CHECKING:
    from union_desk.taskpack.definition import TaskPack

SHORTEST_PASSWORD = 6
OWN_UNIT = "名单里没有本单位"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What first run found out: everything a store needs."""

    folder: Path
    unit: str
    name: str
    level: str
    parent: str | None
    person: str
    password: str
    font_size: str
    code: str = ""
    """开通码, where it was typed already."""
    origin: str = ""
    """The unit's code, with a letter for each further computer."""


class FirstRunPage(Entrance):
    """Three questions; font size and data folder are preset under 更多."""

    begun = Signal(object)
    """A :class:`Beginning`."""
    demo = Signal()
    size_chosen = Signal(str)

    def __init__(self, pack: TaskPack, folder: Path, font_size: str) -> None:
        super().__init__("欢迎使用工会填报台", "不用联网。填好三项就能开始，以后随时可改。")
        self._pack = pack
        self._listed = True
        self.unit = UnitField(pack.units)
        self._unit = Labelled(
            "本单位", self.unit, required=True, hint=f"从“{pack.issuer}”的单位名单里选，可打字查找"
        )
        self.body.addWidget(self._unit)
        self._own = self._own_unit()
        self.body.addWidget(self._own)
        self._switch = button(OWN_UNIT, role="link")
        self._switch.clicked.connect(self._turn)
        self._build_person()
        self._more = self._build_more(folder, font_size)
        self.body.addWidget(self._more)
        self.body.addLayout(self._foot())
        self._more.hide()
        self._list(listed=True)

    def first_focus(self) -> QWidget:
        """Return the unit."""
        return self.unit

    def _own_unit(self) -> QWidget:
        holder = QWidget()
        outer = column(holder, gap=14)
        self.own_name, self.own_code = QLineEdit(), QLineEdit()
        self.parent_unit = UnitField(self._pack.units)
        self._own_name = Labelled("本单位全称", self.own_name, required=True, hint="与公章一致")
        self._own_code = Labelled(
            "单位编码",
            self.own_code,
            required=True,
            hint="上级工会给的 12 位编码，见任务通知或开通单",
        )
        self._parent = Labelled("上级工会", self.parent_unit, required=True)
        outer.addWidget(self._own_name)
        pair = row(gap=20)
        pair.addWidget(self._own_code, 1)
        pair.addWidget(self._parent, 1)
        outer.addLayout(pair)
        return holder

    def _build_person(self) -> None:
        line = row()
        line.addWidget(self._switch)
        line.addStretch(1)
        self.body.addLayout(line)
        self.person, self.password, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        for made in (self.password, self.again):
            made.setEchoMode(QLineEdit.EchoMode.Password)
        self._person = Labelled("填报人", self.person, required=True, hint="记在操作记录里")
        self.code = QLineEdit()
        hint = "上级发的 16 个字；没有就空着，以后再输"
        self._code_line = Labelled("开通码", self.code, hint=hint)
        names = row(gap=20)
        names.addWidget(self._person)
        names.addWidget(self._code_line)
        self.body.addLayout(names)
        pair = row(gap=20)
        self._password = Labelled(
            "口令", self.password, required=True, hint=f"至少 {SHORTEST_PASSWORD} 位；数据用它加密"
        )
        self._again = Labelled("再输一次口令", self.again, required=True)
        pair.addWidget(self._password)
        pair.addWidget(self._again)
        self.body.addLayout(pair)

    def _build_more(self, folder: Path, font_size: str) -> QWidget:
        holder = QWidget()
        outer = column(holder, gap=14)
        self.font_size = Chooser("字号")
        for code, words in settings.OPTIONS["font_size"].items():
            self.font_size.addItem(words, code)
        self.font_size.setCurrentIndex(self.font_size.findData(font_size))
        self.font_size.activated.connect(
            lambda: self.size_chosen.emit(self.font_size.currentData())
        )
        self.computer = Chooser("这是本单位的第几台电脑")
        self.computer.addItem("只有这一台，或是第一台", "")
        for number, letter in enumerate("BCDEFGH", 2):
            self.computer.addItem(f"第 {number} 台（编号加 {letter}）", letter)
        pair = row(gap=20)
        pair.addWidget(Labelled("字号", self.font_size), 1)
        pair.addWidget(
            Labelled("这是本单位的第几台电脑", self.computer, hint="与开通码条上的编号一致"), 2
        )
        outer.addLayout(pair)
        self.folder = QLineEdit(str(folder))
        choose = button("选择…", name="选择数据目录")
        choose.clicked.connect(self._choose_folder)
        line = row()
        self._folder = Labelled(
            "数据放在哪里", self.folder, hint="放在本机硬盘上，不要放在 U 盘或网络盘"
        )
        line.addWidget(self._folder, 1)
        outer.addLayout(line)
        outer.addWidget(choose)
        return holder

    def _foot(self) -> QHBoxLayout:
        line = row(gap=8)
        self.try_demo = button("先用示例数据试一试", role="link")
        self.try_demo.clicked.connect(self.demo)
        self.more = button("更多", role="quiet", icon="chevron-down", name="更多：字号、数据目录")
        self.more.clicked.connect(lambda: self._more.setVisible(self._more.isHidden()))
        self.begin = button("开始使用", role="primary")
        self.begin.setDefault(True)
        self.begin.clicked.connect(self._begin)
        line.addWidget(self.try_demo)
        line.addStretch(1)
        line.addWidget(self.more)
        line.addWidget(self.begin)
        self._let_enter_move_on()
        return line

    def _let_enter_move_on(self) -> None:
        """Lead Enter from line to line; from the last it reaches the primary button, unpressed."""
        own = (self.own_name, self.own_code, self.parent_unit)
        rest = (self.person, self.code, self.password, self.again)
        for one, two in pairwise((*own, *rest)):
            one.returnPressed.connect(two.setFocus)
        self.unit.returnPressed.connect(self.person.setFocus)
        self.again.returnPressed.connect(self.begin.setFocus)

    def _turn(self) -> None:
        """Change between the list and a unit that it does not have, and begin there."""
        self._list(listed=not self._listed)
        (self.unit if self._listed else self.own_name).setFocus()

    def _list(self, *, listed: bool) -> None:
        self._listed = listed
        self._unit.setVisible(listed)
        self._own.setVisible(not listed)
        self._switch.setText(OWN_UNIT if listed else "从名单里选单位")
        self._switch.setAccessibleName(self._switch.text())

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "数据放在哪里", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def busy(self, *, working: bool) -> None:
        """Hold the buttons while the store is being made."""
        for made in (self.begin, self.try_demo, self.more):
            made.setEnabled(not working)
        self.begin.setText("正在建立…" if working else "开始使用")

    def _begin(self) -> None:
        self.unit.settle()
        self.parent_unit.settle()
        checks = [*self._unit_troubles(), *self._person_troubles()]
        if any(place is self._folder and said for place, said in checks):
            self._more.show()  # what is wrong there is to be seen
        if not all_right(checks):
            return
        self.begun.emit(self._beginning())

    def _beginning(self) -> Beginning:
        unit, parent = self.unit.unit, self.parent_unit.unit
        person, size = self.person.text().strip(), self.font_size.currentData()
        folder = Path(self.folder.text().strip()).expanduser()
        if self._listed and unit is not None:
            code, name, level, above = unit.code, unit.name, unit.level, unit.parent
        else:
            code, name = self._code(), self.own_name.text().strip()
            level, above = "grassroots", parent.code if parent else None
        word, strip = self.password.text(), self.code.text().strip()
        origin = code + str(self.computer.currentData() or "")
        return Beginning(folder, code, name, level, above, person, word, size, strip, origin)

    def _code(self) -> str:
        read = read_code(self.own_code.text())
        return "" if isinstance(read, Unreadable) else read

    def _unit_troubles(self) -> list[tuple[Labelled, str]]:
        if self._listed:
            typed = self.unit.text().strip()
            where = f"请从下拉名单里选，或点下面的“{OWN_UNIT}”。"
            missing = f"名单里没有“{typed}”，{where}" if typed else "请选择本单位。"
            return [(self._unit, "" if self.unit.unit else missing)]
        return [
            (self._own_name, "" if self.own_name.text().strip() else "请填写本单位全称。"),
            (self._own_code, code_trouble(self.own_code.text())),
            (self._parent, "" if self.parent_unit.unit else "请从名单里选上级工会。"),
        ]

    def _person_troubles(self) -> list[tuple[Labelled, str]]:
        word, again = self.password.text(), self.again.text()
        short = f"口令至少 {SHORTEST_PASSWORD} 位，现在是 {len(word)} 位。"
        folder = self.folder.text().strip()
        return [
            (self._person, "" if self.person.text().strip() else "请填写填报人姓名。"),
            (self._code_line, self._strip_trouble()),
            (self._password, "" if len(word) >= SHORTEST_PASSWORD else short),
            (self._again, "" if word == again else "两次输入的口令不一样，请重新输入。"),
            (self._folder, _folder_trouble(folder)),
        ]

    def _strip_trouble(self) -> str:
        """Return what is wrong with the 开通码; an empty one is typed later."""
        text = self.code.text().strip()
        if not text:
            return ""
        if self._listed and self.unit.unit is not None and self.unit.unit.parent is None:
            return "这个单位没有上级，不用开通码。"
        from union_desk.store import joining

        try:
            joining.read_code(text)
        except InputError as refused:
            return f"{refused.sentence}{refused.step}"
        return ""


def _folder_trouble(folder: str) -> str:
    from union_desk.store.place import check_place

    if not folder:
        return "请选择数据目录。"
    try:
        check_place(Path(folder).expanduser())
    except StoreError as refused:
        return f"{refused.sentence}{refused.step}"
    return ""


def read_code(text: str) -> str | Unreadable:
    """Return the 12-digit code of a unit as it is kept, or why `text` is none."""
    from union_desk.taskpack.field_types import Hints, parse

    item = Field(
        "unit", "单位编码", "text", pattern="[0-9]{12}", pattern_help=" 12 位数字",
        check_digit="mod_11_10",
    )  # fmt: skip
    read = parse(item, "".join(text.split()), Hints())
    return read if isinstance(read, Unreadable) else str(read or "")


def code_trouble(text: str) -> str:
    """Return what is wrong with a unit code, empty if nothing is."""
    read = read_code(text)
    if isinstance(read, Unreadable):
        return f"单位编码{read.message}。"
    return "" if read else "请填写单位编码。"
