"""What a unit filed stands beside the period before and last year; what jumps is told."""

from dataclasses import replace

from tests.store.offices import DAY, PROPOSAL, confirm, draft
from union_desk.store import compared, reviews
from union_desk.store.compared import ROWS, Figure, change

UNIT = "511102400017"


def figures(store, *filed):
    with store.read() as connection:
        form = store.pack.forms["proposal"]
        return compared.figures(connection, store, form, filed)


def proposals(store, period, count, people):
    for number in range(count):
        values = PROPOSAL | {"title": f"{period} {number}", "person_times": people}
        confirm(store, draft("proposal", values), period=period)


def test_rows_and_sums_stand_beside_the_period_before(city):
    proposals(city, "2012M07", 2, 100)
    proposals(city, "2012M08", 3, 20)
    found = figures(city, (city.unit, "2012M08"))[city.unit]
    by_field = {one.field: one for one in found}
    rows, people = by_field[ROWS], by_field["person_times"]
    assert (rows.now, rows.last, rows.last_year, rows.outlier) == (3, 2, None, False)
    assert (people.now, people.last, people.outlier) == (60, 200, True)
    assert change(people.now, people.last) == -70
    assert change(people.now, people.last_year) is None


def test_a_small_figure_does_not_jump_and_nothing_before_is_nothing_to_compare_with():
    one = Figure("proposal", "2012M08", ROWS, 9, 2, None)
    assert not one.outlier
    assert not replace(one, now=900, last=None).outlier
    assert replace(one, now=5, last_year=30).outlier


def test_figures_out_of_line_make_a_unit_worth_a_look(city):
    one = Figure("proposal", "2012M08", ROWS, 40, 2, None)
    calm = reviews.Sender(None, (), figures=(replace(one, now=3),))
    loud = reviews.Sender(None, (), figures=(one,))
    assert (calm.unusual, loud.unusual, loud.outliers) == (False, True, 1)
    assert reviews.queue(city, DAY) == ()
