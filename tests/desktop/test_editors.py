import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tests.desktop.entering import CTRL, KEY, SHIFT, samples
from tests.desktop.typing import compose, focused, press, replace_text, type_text
from union_desk.desktop import editors
from union_desk.desktop.editor import Reader, Target
from union_desk.taskpack.definition import Field
from union_desk.taskpack.field_types import FIELD_TYPES, Hints, Unreadable, parse

TODAY = "2012-08-31"
JUNK = {
    "int": "一百二", "decimal": "约三成", "money": "1.234", "date": "8月32日", "choice": "没有这一项",
    "person_id": "511197197002143127", "uscc": "91511197MA0T00011X", "phone": "12345",
    "bool": "x", "multi": "火星", "attach": "不是摘要",
}  # fmt: skip


class Register:
    """Rows a reference may point to, without a store."""

    rows = (Target("u1", "A1", "乐山陶瓷厂"), Target("u2", "A2", "乐山陶瓷二厂"))

    def fitting(self, form, text):
        return tuple(row for row in self.rows if text in row.label or text in row.key)

    def target(self, form, text):
        hits = [row for row in self.rows if text in (row.label, row.key, row.uid)]
        if text == "陶瓷":
            return Unreadable(text, "对应不止一条记录")
        return hits[0] if hits else Target(None, text, text)

    def may_register(self, form):
        return True


@pytest.fixture
def reader(pack):
    return Reader(pack, Hints(year=2012, today=TODAY, pack=pack), Register())


@pytest.fixture
def show(qtbot, reader):
    """Put an editor between two others into a window of its own and give it the focus."""
    hosts = []

    def make(item):
        host = QWidget()
        body = QVBoxLayout(host)
        host.before = editors.make(Field("before", "前一格", "text"), reader)
        host.editor = editors.make(item, reader)
        host.after = editors.make(Field("after", "后一格", "text"), reader)
        for widget in (host.before, host.editor, host.after):
            body.addWidget(widget)
        host.resize(700, 600)
        with qtbot.waitActive(host):
            host.show()
        qtbot.addWidget(host)
        host.editor.setFocus(Qt.FocusReason.TabFocusReason)
        hosts.append(host)
        return host.editor

    yield make
    for host in hosts:
        host.close()


def one_of(pack, kind):
    return next(item for form in pack.forms.values() for item in form.fields if item.type == kind)


def leave():
    press(KEY.Key_Tab)


def every_field(pack):
    return [(form, item) for form in pack.forms.values() for item in form.fields]


def test_there_is_an_editor_for_every_field_type():
    assert set(editors.EDITORS) == set(FIELD_TYPES)


def test_every_field_of_every_form_shows_each_sample_value_and_gives_it_back(pack, reader, dressed):
    for form, item in every_field(pack):
        for row in samples(form.id):
            value = parse(item, row.get(item.id) or "", reader.hints)
            if item.type == "ref" or isinstance(value, Unreadable):
                continue
            editor = editors.make(item, reader)
            editor.set_cells({item.id: value})
            assert editor.cells() == {item.id: value}, (form.id, item.id)
            assert editor.problem() is None
            again = editors.make(item, reader)
            again.restore(editor.draft())
            assert again.cells() == {item.id: value}, (form.id, item.id)


@pytest.mark.parametrize("kind", sorted(JUNK))
def test_what_cannot_be_read_is_kept_and_flagged(pack, reader, kind, dressed):
    item = one_of(pack, kind)
    editor = editors.make(item, reader)
    editor.restore({item.id: JUNK[kind]})
    if kind == "attach":
        assert editor.cells() == {item.id: None}
        return
    assert editor.problem() is not None
    assert editor.cells() == {item.id: None}
    assert editor.draft() == {item.id: JUNK[kind]}


@pytest.mark.parametrize(
    "kind", ["int", "decimal", "money", "date", "choice", "person_id", "uscc", "phone"]
)
def test_junk_typed_stays_in_the_line_when_the_focus_leaves(pack, show, kind):
    editor = show(one_of(pack, kind))
    type_text(JUNK[kind])
    press(KEY.Key_Escape)
    leave()
    assert editor.text() == JUNK[kind]
    assert editor.problem() is not None


@pytest.mark.parametrize(
    ("kind", "typed", "value", "shown"),
    [
        ("int", "１,２００", 1200, "1,200"),
        ("int", "1 200", 1200, "1,200"),
        ("money", "1.2万", 1_200_000, "12,000.00"),
        ("money", "600", 60_000, "600.00"),
        ("date", "2012.8.27", "2012-08-27", "2012-08-27"),
        ("date", "8月27日", "2012-08-27", "2012-08-27"),
        ("date", "=", TODAY, TODAY),
        ("date", "20120827", "2012-08-27", "2012-08-27"),
        ("phone", "１３９００００１１１１", "13900001111", "13900001111"),
    ],
)
def test_what_people_really_type_is_understood_when_the_focus_leaves(
    pack, show, kind, typed, value, shown
):
    editor = show(one_of(pack, kind))
    type_text(typed)
    leave()
    assert editor.cells()[editor.item.id] == value
    assert editor.text() == shown


def test_a_reading_nobody_could_know_is_told(pack, show):
    editor = show(one_of(pack, "money"))
    type_text("1.2万")
    leave()
    assert editor.note().startswith("读作 12,000.00")
    editor = show(one_of(pack, "date"))
    type_text("8.27")
    leave()
    assert editor.note() == "“8.27”已识别为 2012-08-27"


def test_a_number_shows_separators_only_while_nobody_types(pack, show):
    editor = show(one_of(pack, "int"))
    type_text("12000")
    leave()
    assert editor.text() == "12,000"
    press(KEY.Key_Tab, SHIFT)
    assert focused() is editor
    assert editor.text() == "12000"
    assert editor.selectedText() == "12000"


def test_a_sensitive_number_is_masked_unless_it_has_the_focus(pack, show):
    item = next(i for _, i in every_field(pack) if i.type == "person_id" and i.sensitivity == 2)
    editor = show(item)
    type_text("511197197002143126")
    leave()
    assert editor.text() == "511197********3126"
    press(KEY.Key_Tab, SHIFT)
    assert editor.text() == "511197197002143126"
    assert editor.cells() == {item.id: "511197197002143126"}


# --- input methods -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["text", "int", "date", "choice", "ref", "bool", "multi", "longtext", "person_id"]
)
def test_enter_and_shortcuts_wait_while_an_input_method_composes(pack, show, kind, qtbot):
    editor = show(one_of(pack, kind))
    moved, told = [], []
    editor.advance.connect(moved.append)
    editor.edited.connect(lambda: told.append(editor))
    compose("shi")
    assert editor.composing
    assert told == []
    press(KEY.Key_Return)
    press(KEY.Key_Return, SHIFT)
    assert moved == []
    assert focused() is editor
    type_text("是")
    assert not editor.composing


def test_a_preedit_is_not_part_of_the_text(pack, show):
    editor = show(one_of(pack, "text"))
    compose("gong")
    assert editor.draft() == {editor.item.id: ""}
    type_text("工会")
    assert editor.draft() == {editor.item.id: "工会"}


# --- choices -----------------------------------------------------------------------------------


@pytest.fixture
def division(pack):
    return next(i for _, i in every_field(pack) if i.code_list == "division")


@pytest.mark.parametrize("typed", ["峨眉", "511181", "emss", "EMS"])
def test_a_choice_is_found_by_label_code_and_initials(show, division, typed):
    editor = show(division)
    type_text(typed)
    assert editor.list_open
    press(KEY.Key_Return)
    assert editor.cells() == {division.id: "511181"}
    assert editor.text() == "峨眉山市"
    assert not editor.list_open


def test_the_list_opens_by_f4_and_by_down_and_closes_by_esc(show, division):
    editor = show(division)
    press(KEY.Key_F4)
    assert editor.list_open
    press(KEY.Key_Escape)
    assert not editor.list_open
    press(KEY.Key_Down)
    assert editor.list_open
    press(KEY.Key_Down)
    press(KEY.Key_Return)
    assert editor.text() == editor.reader.codes(division)[1].label


def test_a_list_that_was_only_opened_changes_nothing(show, division):
    editor = show(division)
    press(KEY.Key_F4)
    press(KEY.Key_Return)
    assert editor.cells() == {division.id: None}


def test_a_unique_abbreviation_is_taken_with_a_note(show, division):
    editor = show(division)
    type_text("犍为")
    press(KEY.Key_Escape)
    leave()
    assert editor.cells() == {division.id: "511123"}
    assert editor.note() == "“犍为”已取为“犍为县”"


def test_a_choice_by_mouse(show, division, qtbot):
    editor = show(division)
    qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=editor.button_rect().center())
    options = editor._list
    place = options.visualItemRect(options.item(2)).center()
    qtbot.mouseClick(options.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert editor.text() == editor.reader.codes(division)[2].label


def test_a_click_elsewhere_closes_the_list_and_keeps_the_text(show, division, qtbot):
    editor = show(division)
    type_text("山")
    assert editor.list_open
    qtbot.mouseClick(editor.window(), Qt.MouseButton.LeftButton, pos=QPoint(5, 590))
    assert not editor.list_open
    assert editor.text() == "山"


def test_codes_a_level_above_decides_are_not_offered(pack, dressed):
    item = next(i for _, i in every_field(pack) if i.decided_codes)
    locked = frozenset((item.id, code) for code in item.decided_codes)
    reader = Reader(pack, Hints(pack=pack), locked_codes=locked)
    offered = {code.code for code in reader.codes(item)}
    assert offered
    assert offered.isdisjoint(item.decided_codes)


def test_the_wheel_changes_no_field(pack, show):
    for kind in ("choice", "date", "int", "bool"):
        editor = show(one_of(pack, kind))
        before = editor.draft()
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, 120),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(editor, event)
        assert editor.draft() == before


# --- dates, yes and no, several codes -----------------------------------------------------------


def test_up_and_down_go_by_a_day(pack, show):
    editor = show(one_of(pack, "date"))
    press(KEY.Key_Up)
    assert editor.text() == TODAY
    press(KEY.Key_Up)
    assert editor.text() == "2012-09-01"
    press(KEY.Key_Down)
    press(KEY.Key_Down)
    assert editor.text() == "2012-08-30"


def test_the_calendar_takes_a_day_by_keyboard(pack, show, qtbot):
    editor = show(one_of(pack, "date"))
    type_text("2012-08-27")
    press(KEY.Key_F4)
    calendar = editor.calendar
    qtbot.waitExposed(calendar)
    month = calendar.month
    qtbot.keyClick(month.focusProxy() or month, KEY.Key_Right)
    qtbot.keyClick(month.focusProxy() or month, KEY.Key_Return)
    assert editor.cells() == {editor.item.id: "2012-08-28"}


@pytest.mark.parametrize(
    ("keys", "answer"),
    [("1", 1), ("0", 0), ("是", 1), ("否", 0), ("y", 1), ("n", 0), ("√", 1)],
)
def test_yes_and_no_are_typed(pack, show, keys, answer):
    editor = show(one_of(pack, "bool"))
    type_text(keys)
    assert editor.cells() == {editor.item.id: answer}


def test_yes_and_no_have_an_unanswered_state_and_go_by_space_arrows_and_mouse(pack, show, qtbot):
    editor = show(one_of(pack, "bool"))
    assert editor.cells() == {editor.item.id: None}
    press(KEY.Key_Space)
    assert editor.cells() == {editor.item.id: 1}
    press(KEY.Key_Right)
    assert editor.cells() == {editor.item.id: 0}
    press(KEY.Key_Delete)
    assert editor.cells() == {editor.item.id: None}
    qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert editor.cells() == {editor.item.id: 1}
    qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert editor.cells() == {editor.item.id: None}
    assert "未填" in editor.accessibleName()


def test_several_codes_are_chosen_by_digit_label_space_and_mouse(pack, show, qtbot):
    editor = show(one_of(pack, "multi"))
    codes = editor.reader.codes(editor.item)
    type_text(codes[2].code)
    type_text(codes[0].label)
    press(KEY.Key_Right)
    press(KEY.Key_Space)
    wanted = ";".join(code.code for code in codes[:3])
    assert editor.cells() == {editor.item.id: wanted}
    qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
    assert editor.cells()[editor.item.id] == ";".join(code.code for code in codes[1:3])
    press(KEY.Key_Delete)
    assert editor.cells() == {editor.item.id: None}


def test_a_longtext_takes_enter_and_leaves_by_tab(pack, show):
    editor = show(one_of(pack, "longtext"))
    type_text("第一行")
    press(KEY.Key_Return)
    type_text("第二行")
    assert focused() is editor
    assert editor.cells() == {editor.item.id: "第一行\n第二行"}
    assert editor.note().startswith("7 / ")
    leave()
    assert focused() is not editor


def test_text_over_the_limit_is_kept_whole(pack, show):
    item = next(i for _, i in every_field(pack) if i.type == "text" and i.max_length == 20)
    editor = show(item)
    type_text("很长的姓名" * 10)
    leave()
    assert editor.cells() == {item.id: "很长的姓名" * 10}


# --- references ---------------------------------------------------------------------------------


def test_a_reference_is_picked_from_the_rows_that_fit(pack, show):
    editor = show(one_of(pack, "ref"))
    type_text("陶瓷二")
    press(KEY.Key_Return)
    name = editor.item.id
    assert editor.cells() == {name: "u2", f"{name}__key": "A2", f"{name}__label": "乐山陶瓷二厂"}


def test_a_reference_typed_by_its_key_is_linked(pack, show):
    editor = show(one_of(pack, "ref"))
    type_text("A1")
    press(KEY.Key_Escape)
    leave()
    assert editor.text() == "乐山陶瓷厂"
    assert editor.cells()[editor.item.id] == "u1"


def test_a_reference_that_fits_no_row_is_kept_as_typed_and_waits(pack, show):
    editor = show(one_of(pack, "ref"))
    type_text("外地单位")
    press(KEY.Key_Escape)
    leave()
    name = editor.item.id
    assert editor.cells() == {name: None, f"{name}__key": "外地单位", f"{name}__label": "外地单位"}
    assert "待关联" in editor.note()
    assert editor.problem() is None


def test_a_reference_that_fits_several_rows_is_flagged(pack, show):
    editor = show(one_of(pack, "ref"))
    type_text("陶瓷")
    press(KEY.Key_Escape)
    leave()
    assert editor.problem() is not None
    assert editor.text() == "陶瓷"


def test_a_row_that_is_not_there_can_be_registered_from_the_list(pack, show):
    editor = show(one_of(pack, "ref"))
    asked = []
    editor.register.connect(lambda form, text: asked.append((form, text)))
    type_text("新厂")
    press(KEY.Key_Return)
    assert asked == [], "Enter alone keeps the text"
    focused().selectAll()
    type_text("新厂")
    press(KEY.Key_Down)
    press(KEY.Key_Return)
    assert asked == [(editor.item.form, "新厂")]


# --- locked -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(editors.EDITORS))
def test_a_locked_field_takes_no_typing_and_no_tab(pack, show, kind):
    editor = show(one_of(pack, kind))
    editor.set_locked(locked=True)
    before = editor.draft()
    if kind != "attach":
        type_text("1")
    assert editor.draft() == before
    editor.window().before.setFocus()
    press(KEY.Key_Tab)
    assert focused() is editor.window().after


def test_undo_inside_a_field_is_the_fields_own(pack, show):
    editor = show(one_of(pack, "text"))
    replace_text("甲乙")
    press(KEY.Key_Z, CTRL)
    assert editor.text() == ""


def test_every_editor_does_all_that_is_left_to_it():
    """Qt makes its objects past the check of ``abc``: so it is asked for here."""
    made = {cls for cls in editors.EDITORS.values() if isinstance(cls, type)}
    assert len(made) > 6
    left = {
        f"{cls.__name__}.{name}"
        for cls in made
        for name in dir(cls)
        if getattr(getattr(cls, name, None), "__isabstractmethod__", False)
    }
    assert not left
