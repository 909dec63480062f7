import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.desktop.typing import press, type_text
from union_desk import resources
from union_desk.desktop import faults
from union_desk.desktop.desk import Desk
from union_desk.desktop.first_run_page import FirstRunPage, code_trouble, read_code
from union_desk.desktop.sign_in_page import SignInPage
from union_desk.desktop.unit_field import UnitField, found, initials
from union_desk.store import joining, opening
from union_desk.taskpack import load


@pytest.fixture(scope="module")
def package():
    return load.load(next(iter(sorted(resources.taskpacks().iterdir()))))


@pytest.fixture
def first_run(window, settled):
    """The page of first run, as it comes up on an empty data folder."""
    window.start()
    settled()
    page = window.centralWidget()
    assert isinstance(page, FirstRunPage)
    return page


def test_first_run_by_keyboard_makes_a_real_encrypted_store_and_opens_it(
    window, first_run, settled, qtbot
):
    """Requirement 20: three questions, nothing else."""
    assert QApplication.focusWidget() is first_run.unit
    type_text("emss")
    assert first_run.unit.completer().popup().isVisible()
    QTest.keyClick(first_run.unit.completer().popup(), Qt.Key.Key_Return)
    assert first_run.unit.text() == "峨眉山市总工会"
    assert QApplication.focusWidget() is first_run.person
    type_text("李敏")
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is first_run.code
    press(Qt.Key.Key_Return)
    type_text("secret-1")
    press(Qt.Key.Key_Return)
    type_text("secret-1")
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is first_run.begin
    press(Qt.Key.Key_Space)
    settled()
    assert isinstance(window.centralWidget(), Desk)
    store = window.session.store
    assert (store.unit, store.unit_name, store.level, store.parent) == (
        "511181000014",
        "峨眉山市总工会",
        "county",
        "511100000010",
    )
    assert window.session.person == "李敏"
    folder = store.folder
    assert opening.exists(folder)
    assert (folder / "store.db").read_bytes()[:6] != b"SQLite"
    window.close()
    with opening.open_store(folder, password="secret-1") as again:
        assert again.unit == "511181000014"


def test_a_code_that_is_at_hand_is_typed_once_and_kept_for_the_parents_file(
    window, first_run, settled
):
    type_text("峨眉山市")
    press(Qt.Key.Key_Escape)
    for line, words in (
        (first_run.person, "李敏"),
        (first_run.code, "k7wq 2m9d"),
        (first_run.password, "secret-1"),
        (first_run.again, "secret-1"),
    ):
        line.setFocus()
        type_text(words)
    first_run.begin.click()
    assert "16 个字" in first_run._code_line.error
    assert QApplication.focusWidget() is first_run.code
    first_run.code.clear()
    type_text("k7wq-2m9d-xtra-84hj")
    first_run.more.click()
    first_run.computer.setCurrentIndex(1)
    first_run.begin.click()
    settled()
    assert window.session.store.origin == "511181000014B"
    with window.session.store.read() as connection:
        assert joining.waits_for_proof(connection)


def test_an_office_without_parent_is_told_that_it_needs_no_code(first_run):
    type_text("乐山市总工会")
    press(Qt.Key.Key_Escape)
    first_run.code.setFocus()
    type_text("k7wq-2m9d-xtra-84hj")
    first_run.begin.click()
    assert "没有上级" in first_run._code_line.error


def test_enter_reaches_the_primary_button_without_pressing_it(first_run):
    first_run.again.setFocus()
    press(Qt.Key.Key_Return)
    assert isinstance(first_run, FirstRunPage)
    assert first_run.isVisible()


def test_each_missing_answer_is_told_at_its_field_and_nothing_is_made(window, first_run, tmp_path):
    first_run.begin.click()
    assert "请选择本单位" in first_run._unit.error
    assert "填报人" in first_run._person.error
    assert "至少 6 位" in first_run._password.error
    assert first_run.unit.accessibleDescription() == first_run._unit.error
    assert QApplication.focusWidget() is first_run.unit
    assert not (tmp_path / "data").exists()


def test_two_different_passwords_are_told(first_run):
    first_run.password.setFocus()
    type_text("secret-1")
    first_run.again.setFocus()
    type_text("secret-2")
    first_run.begin.click()
    assert "不一样" in first_run._again.error


def test_a_name_that_is_not_in_the_list_is_told_with_what_was_typed(first_run):
    type_text("峨边市")
    first_run.begin.click()
    assert "名单里没有“峨边市”" in first_run._unit.error


def test_a_unit_that_is_not_in_the_list_gives_its_name_code_and_parent(window, first_run, settled):
    first_run._switch.click()
    first_run.own_name.setFocus()
    type_text("乐山沫水餐饮管理工会委员会")
    first_run.own_code.setFocus()
    type_text("511102 4000 1７")
    first_run.parent_unit.setFocus()
    type_text("511102000013")
    press(Qt.Key.Key_Escape)
    first_run.person.setFocus()
    type_text("周沫云")
    for field in (first_run.password, first_run.again):
        field.setFocus()
        type_text("secret-1")
    first_run.begin.click()
    settled()
    assert isinstance(window.centralWidget(), Desk), [
        label.error for label in (first_run._own_name, first_run._own_code, first_run._parent)
    ]
    store = window.session.store
    assert (store.unit, store.level, store.parent) == ("511102400017", "grassroots", "511102000013")


def test_a_unit_code_is_read_as_people_type_it_and_its_check_digit_is_held():
    assert read_code("５１１１０２ 4000 17") == "511102400017"
    assert "校验位不对" in code_trouble("511102400018")
    assert "12 位数字" in code_trouble("5111024000")
    assert code_trouble("") == "请填写单位编码。"


@pytest.mark.parametrize("text", ["峨眉山市", "emss", "511181", "EMSSZGH"])
def test_a_unit_is_found_by_name_code_or_initials(package, text):
    assert any(unit.code == "511181000014" for unit in found(package.units, text))


def test_units_that_begin_with_the_text_come_first(package):
    assert found(package.units, "市中区")[0].name.startswith("市中区")
    assert initials("峨眉山市") == "emss"


def test_the_list_of_units_opens_by_key(package, qtbot):
    field = UnitField(package.units)
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
    field.setFocus()
    press(Qt.Key.Key_F4)
    assert field.completer().popup().isVisible()
    assert field.completer().model().rowCount() == len(package.units)
    field.completer().popup().hide()


def test_a_stick_or_a_missing_path_is_no_place_for_data(first_run):
    first_run.folder.setText("")
    first_run.begin.click()
    assert first_run._folder.error == "请选择数据目录。"


def test_a_folder_that_holds_a_store_asks_to_sign_in_and_a_wrong_password_is_told(
    window, first_run, settled, package
):
    from union_desk.crypto import Cost

    opening.create(
        window.folder, package, unit="511181000014", name="峨眉山市总工会", level="county", parent="511100000010",
        password="right", person="李敏", cost=Cost(1, 1024, 1),
    ).close()  # fmt: skip
    window.start()
    settled()
    page = window.centralWidget()
    assert isinstance(page, SignInPage)
    assert page.person.text() == "李敏"
    assert QApplication.focusWidget() is page.password
    type_text("wrong")
    press(Qt.Key.Key_Return)
    settled()
    assert page._password.error
    assert QApplication.focusWidget() is page.password
    type_text("right")
    press(Qt.Key.Key_Return)
    settled()
    assert isinstance(window.centralWidget(), Desk)
    assert window.session.person == "李敏"


def test_a_store_in_use_is_told_in_a_sentence(window, first_run, settled, package):
    from union_desk.crypto import Cost

    with opening.create(
        window.folder, package, unit="511181000014", name="峨眉山市总工会", level="county", parent=None,
        password="right", person="李敏", cost=Cost(1, 1024, 1),
    ):  # fmt: skip
        window.start()
        settled()
        page = window.centralWidget()
        page.person.setText("李敏")
        page.password.setFocus()
        type_text("right")
        press(Qt.Key.Key_Return)
        settled()
        assert "正" in page._password.error or "已" in page._password.error
    assert not faults._shown


def test_capitals_in_a_password_are_pointed_out(qtbot):
    page = SignInPage("/data", "李敏")
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
    page.password.setFocus()
    type_text("SECRET")
    assert page._caps.isVisible()
