"""结账 at three levels: closed for all below, one unit let in until a day, figures kept."""

import datetime as dt
from contextlib import ExitStack

import pytest

from tests.bundle.offices import CITY, COUNTY, GRASS, Offices, build
from tests.store.offices import PROPOSAL, confirm, draft, get, put, rows_of, sheet
from union_desk.errors import InputError
from union_desk.store import closing, frozen, periods

AFTER, AUGUST = "2012-09-03", "2012M08"
NOW = dt.date.today().isoformat()  # noqa: DTZ011 - the day of this computer


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("closing")
    build(folder / "made", pack)
    return folder / "made"


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(made, tmp_path, stack)


def closed(store, unit=""):
    with store.read() as connection:
        return periods.closed(connection, unit)


def test_the_lock_of_the_city_goes_through_the_county_to_the_unit(offices):
    closing.close(offices.city, AUGUST, AFTER)
    offices.down("city", "county")
    offices.down("county", "grassroots")
    assert [closed(store) for store in (offices.city, offices.county, offices.grassroots)] == [
        {AUGUST}
    ] * 3
    with pytest.raises(InputError, match="I421"):
        confirm(offices.grassroots, draft("proposal", PROPOSAL))
    with offices.grassroots.read() as connection:
        state = closing.state(connection, offices.grassroots, AUGUST)
    assert (state.closed, state.by, state.who) == (True, CITY, "李敏")


def test_a_lock_from_below_closes_nothing_above(offices):
    closing.close(offices.county, AUGUST, AFTER)
    offices.up("county", "city")
    assert closed(offices.city) == set()
    closing.reopen(offices.county, AUGUST)
    assert closed(offices.county) == set()


def test_one_unit_is_let_in_until_a_day(offices):
    county, grass = offices.county, offices.grassroots
    closing.close(county, AUGUST, AFTER)
    closing.let_in(county, GRASS, AUGUST, NOW, "机器坏了", NOW)
    offices.down("county", "grassroots")
    assert closed(grass) == set()
    assert (closed(county), closed(county, GRASS)) == ({AUGUST}, set())
    with county.write() as transaction:
        periods.set_lock(transaction, GRASS, AUGUST, "open", "2012-09-10")
    offices.down("county", "grassroots")
    assert closed(grass) == {AUGUST}, "the day has passed"


def test_no_unit_lets_itself_in(offices):
    grass = offices.grassroots
    closing.close(offices.city, AUGUST, AFTER)
    offices.down("city", "county")
    offices.down("county", "grassroots")
    with grass.write() as transaction:
        periods.set_lock(transaction, GRASS, AUGUST, "open", "2099-12-31", "补报")
    assert closed(grass) == {AUGUST}
    with pytest.raises(InputError, match="I421"):
        confirm(grass, draft("proposal", PROPOSAL))


def test_an_office_lets_in_against_its_own_lock_and_those_below_it_not_against_one_above(offices):
    county, grass = offices.county, offices.grassroots
    closing.close(offices.city, AUGUST, AFTER)
    offices.down("city", "county")
    closing.let_in(county, GRASS, AUGUST, NOW, "机器坏了", NOW)
    offices.down("county", "grassroots")
    assert (closed(county, GRASS), closed(grass)) == ({AUGUST}, {AUGUST})
    closing.close(county, AUGUST, AFTER)
    with offices.city.write() as transaction:
        periods.set_lock(transaction, GRASS, AUGUST, "open", NOW, "机器坏了")
    offices.down("city", "county")
    offices.down("county", "grassroots")
    assert (closed(county, GRASS), closed(grass), closed(county)) == (set(), set(), {AUGUST})


def test_rows_about_other_units_go_by_whether_the_period_is_closed_for_those(offices):
    county = offices.county
    own, other = rows_of("visit")[:2]
    both = sheet("visit", {**own, "enterprise": ""}, {**other, "enterprise": "", "unit": GRASS})
    closing.close(county, AUGUST, AFTER)
    for rows in (both, sheet("visit", own)):
        with pytest.raises(InputError, match="I421"):
            put(county, "visit", rows, period=AUGUST, reason="样本")
    closing.let_in(county, GRASS, AUGUST, NOW, "没有电脑", NOW)
    with pytest.raises(InputError, match="I421"):
        put(county, "visit", both, period=AUGUST, reason="样本")
    alone = sheet("visit", {**other, "enterprise": "", "unit": GRASS})
    assert put(county, "visit", alone, period=AUGUST, reason="样本").added == 1
    closing.reopen(county, AUGUST)
    closing.close(offices.city, AUGUST, AFTER)
    closing.let_in(offices.city, COUNTY, AUGUST, NOW, "机器坏了", NOW)
    offices.down("city", "county")
    with pytest.raises(InputError, match="I421"):
        put(county, "visit", both, period=AUGUST, reason="样本")
    assert put(county, "visit", sheet("visit", own), period=AUGUST, reason="样本").added == 1


def test_what_cannot_be_closed_or_let_in_is_refused(offices):
    with pytest.raises(InputError, match="I648"):
        closing.close(offices.county, AUGUST, "2012-08-31")
    for unit, until, code in (
        (COUNTY, NOW, "I649"), (CITY, NOW, "I649"), (GRASS, "2012-09-01", "I652"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=code):
            closing.let_in(offices.county, unit, AUGUST, until, "机器坏了", NOW)


def test_the_figures_are_kept_as_they_stood(offices):
    county = offices.county
    closing.close(county, AUGUST, AFTER)
    item = next(iter(county.pack.indicators.values()))
    with county.read() as connection:
        assert frozen.progress(connection, county, AUGUST, item).value == 0


def test_a_sheet_of_a_closed_period_changes_only_by_a_correction_with_its_reason(offices):
    grass = offices.grassroots
    with grass.read() as connection:
        form = next(form for form in grass.pack.top_forms if form.kind == "sheet")
        assert form.filing == "quarter"
        assert periods.closed(connection) == set()
    assert not put(grass, form.id).refused
    uid, period = _sheet(grass, form.id)
    with grass.write() as transaction:
        periods.close(transaction, period)
    record = get(grass, form.id, uid)
    with pytest.raises(InputError, match="I403"):
        confirm(grass, record, period=period)
    saved = confirm(grass, record, period=period, reason="电话更正")
    assert saved.rev == record.rev + 1


def _sheet(store, form):
    with store.read() as connection:
        row = connection.exec_driver_sql(f"SELECT uid, period FROM {form} LIMIT 1").one()
    return row[0], row[1]
