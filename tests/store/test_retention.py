"""保存期: what is kept for too long is listed as of a day; nothing goes by itself."""

import dataclasses

import pytest

from tests.store.offices import ask, put
from union_desk.store import erasing, retention


@pytest.fixture
def office(city):
    assert not put(city, "hardship", reason="样本").refused
    assert not put(city, "aid", reason="样本").refused
    return city


def counts(store, today):
    with store.read() as connection:
        return retention.counts(connection, store, today)


def overdue(store, today):
    with store.read() as connection:
        return retention.overdue(connection, store, today)


def test_every_form_with_private_fields_is_kept_for_some_years(pack, office):
    years = {form.id: retention.years_of(office, form) for form in pack.top_forms}
    assert {form: count for form, count in years.items() if count} == {
        "member": 5, "hardship": 5, "aid": 10, "school_aid": 10, "employment": 5,
        "health_check": 5, "sports_team": 3,
    }  # fmt: skip


def test_a_form_of_which_the_package_says_nothing_has_the_usual_years(pack, office):
    silent = dataclasses.replace(pack.forms["aid"], keep_years=0, keep_from=None)
    assert retention.years_of(office, silent) == retention.YEARS
    team = dataclasses.replace(pack.forms["sports_team"], keep_years=0)
    assert retention.years_of(office, team) == retention.YEARS, "its players count"
    assert retention.years_of(office, pack.forms["union_org"]) == 0


def test_the_years_begin_at_the_date_the_form_names_and_end_on_its_day(office):
    days = sorted(row[0] for row in ask(office, "SELECT aid_date FROM aid"))
    last = f"{int(days[0][:4]) + 10}{days[0][4:]}"
    assert counts(office, "2022-01-01").get("aid") is None
    assert counts(office, last)["aid"] == days.count(days[0])
    (first, *_) = overdue(office, last)
    assert (first.form, first.since, first.until, first.own) == ("aid", days[0], last, True)
    assert first.name


def test_without_such_a_date_they_begin_when_the_record_was_last_written(office):
    (written,) = set(ask(office, "SELECT DISTINCT substr(updated_at, 1, 10) FROM hardship"))
    year = int(written[0][:4])
    assert "hardship" not in counts(office, f"{year + 5}{'-01-01'}")
    assert counts(office, f"{year + 6}-01-01")["hardship"] == 8


def test_an_empty_date_means_they_have_not_begun(city):
    assert not put(city, "member", reason="样本").refused
    begun = ask(city, "SELECT count(*) FROM member WHERE state_date IS NOT NULL")[0][0]
    assert counts(city, "2099-01-01").get("member", 0) == begun < 8


def test_what_is_erased_is_not_listed_and_nothing_else_is_touched(office):
    before = counts(office, "2099-01-01")["aid"]
    item = next(one for one in overdue(office, "2099-01-01") if one.form == "aid")
    erasing.erase(office, [(item.form, item.uid)], "保存期满")
    assert counts(office, "2099-01-01")["aid"] == before - 1
    assert item.uid not in {one.uid for one in overdue(office, "2099-01-01")}


def test_29_february_ends_on_the_28th_of_a_short_year():
    assert retention._later("2012-02-29", 5) == "2017-02-28"
    assert retention._later("2012-02-29", 4) == "2016-02-29"
    assert retention._later("2000-02-29", -100) == "1900-02-28"
