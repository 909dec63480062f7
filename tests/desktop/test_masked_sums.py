"""What is hidden is not told by a sum beside it, nor by what a sheet would change."""

from tests.desktop.typing import type_text
from tests.store.offices import ask, put
from union_desk.desktop import import_check
from union_desk.desktop.navigation import Route
from union_desk.taskpack.field_types import HIDDEN


def test_the_sum_of_hidden_cells_is_hidden_too(own_desk, settled):
    shown = own_desk("county")
    store = shown.session.store
    assert not put(store, "hardship", reason="样本").refused
    (uid,) = ask(store, "SELECT parent FROM hardship_family ORDER BY uid LIMIT 1")[0]
    shown.open(Route("form", form="hardship", uid=uid))
    settled()
    grid = shown.page.body.grids["hardship_family"]
    told = grid.model.totals()
    assert told
    assert all(words.endswith(HIDDEN) for words in told)
    assert not any(figure in grid._totals.text() for figure in ("元", ".00"))


def test_what_is_typed_anew_is_summed_in_sight(own_desk):
    shown = own_desk("county")
    shown.open(Route("form", form="hardship"))
    grid = shown.page.body.grids["hardship_family"]
    item = grid.model.form.by_id["income_month"]
    assert not grid.model.reader.hides(item, 100_000)


def test_a_change_to_whom_it_points_is_told_without_the_name(pack):
    form = pack.forms["aid"]
    assert import_check._shown(form.by_id["hardship"], "王芳") == HIDDEN
    assert import_check._shown(form.by_id["aid_date"], "2012-08-31") == "2012-08-31"


def test_the_total_of_one_record_in_a_ledger_is_its_amount_and_hidden(own_desk, settled, qtbot):
    shown = own_desk("county")
    store = shown.session.store
    assert not put(store, "school_aid", reason="样本").refused
    shown.open(Route("ledger", form="school_aid"))
    settled()
    assert "资助金额合计 " in shown.page.totals.text()
    assert HIDDEN not in shown.page.totals.text()
    (name,) = ask(store, "SELECT student_name FROM school_aid ORDER BY uid LIMIT 1")[0]
    shown.page.bar.search.setFocus()
    type_text(name)
    qtbot.waitUntil(lambda: shown.page.totals.text().startswith("共 1 条"))
    assert f"资助金额合计 {HIDDEN}" in shown.page.totals.text()
