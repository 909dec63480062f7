"""Last year's figures: kept from a sheet, carried over, compared, asked about when far off."""

import pytest
from PySide6.QtCore import Qt

from tests.desktop.entering import go_to, open_form, samples, type_field
from tests.desktop.looking import faults_of
from tests.desktop.typing import press
from tests.store.offices import put
from union_desk.desktop import import_hints
from union_desk.desktop.compare_dialog import NONE, CompareDialog
from union_desk.desktop.form_store import hints
from union_desk.desktop.import_page import PRIOR
from union_desk.desktop.import_sheet import ImportSheet
from union_desk.desktop.navigation import Route
from union_desk.store.context import context_at
from union_desk.taskpack.period import Period
from union_desk.taskpack.record import Table

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(own_desk):
    return own_desk("grassroots")


@pytest.fixture
def sheet_form(pack):
    return next(
        one for one in pack.top_forms if one.kind == "sheet" and "grassroots" in one.writers
    )


@pytest.fixture
def row(sheet_form):
    row = samples(sheet_form.id)[0]
    return {name: text for name, text in row.items() if name not in ("unit", "period")}


def titles(page):
    return [title for title, _, _ in page.acts.menu()]


def test_a_sheet_is_filled_from_the_period_before_in_one_step_and_back(
    desk, settled, sheet_form, row
):
    done = put(desk.session.store, sheet_form.id,
               Table(sheet_form.id, list(row), [list(row.values())]), reason="样本说明",
               period="2012Q2")  # fmt: skip
    assert not done.refused
    desk.session.choose(Period.parse("2012Q3"))
    page = open_form(desk, sheet_form.id)
    settled()
    assert "装入上期" in titles(page)
    assert page.notice.words
    name = next(item.id for item in sheet_form.fields if item.type == "int" and row.get(item.id))
    given = dict(page.entry.values)
    page.notice.first_button().click()
    settled()
    filled = [item.id for item in sheet_form.fields
              if page.entry.values.get(item.id) != given.get(item.id)]  # fmt: skip
    assert str(page.entry.values[name]) == row[name]
    assert page.body.cells[name]._note == "由上期带出"
    assert page.notice.words.startswith("由上期（2012年第二季度）带出")
    assert not faults_of(page)
    page.typing.undo()
    settled()
    assert all(page.entry.values.get(one) == given.get(one) for one in filled)


def load_prior(desk, settled, form, row):
    desk.open(Route("import", form=form.id))
    settled()
    page = desk.page
    labels = [form.by_id[name].label for name in row]
    page.acts.take_text("\t".join(labels) + "\n" + "\t".join(row.values()) + "\n")
    settled()
    page.mode.setCurrentIndex(page.mode.findData(PRIOR))
    page.mode.activated.emit(page.mode.currentIndex())
    settled()
    assert page.take.text() == "存为上年对照数 1 行"
    assert "cut off" not in faults_of(page)
    page.take.click()
    settled()


def test_last_years_sheet_stands_beside_the_fields_and_is_compared_and_asked_about(
    desk, settled, sheet_form, row, tmp_path
):
    desk.session.choose(Period.parse("2012Q3"))
    figures = {
        item.id: row[item.id] for item in sheet_form.fields
        if item.type == "int" and item.computed is None and row.get(item.id, "0") not in ("", "0")
    }  # fmt: skip
    load_prior(desk, settled, sheet_form, figures)
    store = desk.session.store
    with store.read() as connection:
        assert not connection.execute(store.tables.form[sheet_form.id].select()).all()
    page = open_form(desk, sheet_form.id)
    settled()
    assert titles(page).count("与上年核对…") == 1
    assert not [title for title in titles(page) if title.startswith("装入")]
    name = next(one for one in page.body.stops() if one in figures)
    go_to(page, name)
    settled()
    assert any(figures[name] == value.replace(",", "") for value in page.side.others())
    type_field(page, name, str(int(figures[name]) * 2_000), tmp_path)
    press(Qt.Key.Key_Return)
    settled()
    assert "1,000 倍以上" in page.notice.words
    page.beside.compare()
    dialog = page.window().findChild(CompareDialog)
    cells = next(row.cells for row in dialog.table.rows.rows
                 if row.cells[0].startswith(sheet_form.by_id[name].label))  # fmt: skip
    assert cells[-1] == "+199900.0%"
    assert not faults_of(dialog)
    assert any(row.cells[1] == NONE for row in dialog.table.rows.rows)
    dialog.accept()
    page.beside._meant(name)
    assert "1,000 倍以上" not in page.notice.words


def test_a_column_in_another_unit_than_last_year_is_asked_about_before_it_is_taken_in(
    desk, settled, pack
):
    form = pack.forms["labor_risk"]
    name = next(item.id for item in form.fields if item.type == "int" and item.computed is None)
    given = samples(form.id)[0] | {name: "40", "enterprise": ""}
    load_prior(desk, settled, form, given)
    desk.open(Route("import", form=form.id))
    settled()
    page = desk.page
    labels = "\t".join(form.by_id[one].label for one in given)
    page.acts.take_text(labels + "\n" + "\t".join((given | {name: "80000"}).values()) + "\n")
    settled()
    assert page.checked.questions
    assert page.checked.questions[0].startswith(f"“{form.by_id[name].label}”是上年平均数的")
    assert page.notice.words == "".join(page.checked.questions[:2])
    page._mean()
    page.check()
    settled()
    assert page.notice.words == ""


def test_what_follows_from_the_id_number_needs_no_column(desk, pack):
    """Requirement 35."""
    session = desk.session
    form, item = next(
        (form, item) for form in pack.top_forms for item in form.fields
        if item.prefill and item.required
        and [form.by_id[name].type for name in item.prefill.fields] == ["person_id"]
    )  # fmt: skip
    (source,) = item.prefill.fields
    number = samples("member")[0]["person_id"]
    titles = [form.by_id[source].label]
    sheet = ImportSheet(form, titles, [[number], ["看不懂"], [""]])
    assert item.id in {one.id for one in sheet.missing()}
    import_hints.derive(sheet, hints(session), context_at(session.store, session.as_of))
    assert item.id not in {one.id for one in sheet.missing()}
    place = sheet.table().header.index(item.id)
    assert [row[place] if row else None for row in sheet.table().rows][1:] == [None, None]
    assert sheet.table().rows[0][place]
    sheet.fills[item.id] = "1"
    assert sheet.table().header.count(item.id) == 1
