"""零报: stated in one act, taken back by a record, never beside one."""

import pytest

from tests.store.offices import put
from union_desk.errors import InputError
from union_desk.store import filings, nil_filings, units
from union_desk.store.layout import layout

DAY, AUGUST = "2012-08-31", "2012M08"


@pytest.fixture
def county_owes(county):
    def owed(*wanted, all_of_them=False):
        with county.read() as connection:
            known = units.of_store(connection, county)
            owes = nil_filings.owed(connection, county, known, wanted or (AUGUST,), as_of=DAY)
            there = nil_filings.records_in(connection, county, county.unit, (AUGUST,))
        return [item for item in owes if (item.form, item.period) not in there or all_of_them]

    return owed


def live(store):
    made = layout(store.tables, "filing")
    with store.read() as connection:
        rows = connection.exec_driver_sql(f"{made.select} WHERE deleted = 0").all()
    return {(row[made.place["form"]], row[made.place["state"]]) for row in rows}


def test_what_is_owed_and_has_no_record_can_be_stated_as_nil_at_once(county, county_owes):
    open_ = [item for item in county_owes() if item.state is None]
    assert open_
    with county.write() as transaction:
        nil_filings.state(transaction, open_)
    assert {item.state for item in county_owes()} == {"nil"}
    assert all(item.state in filings.DONE for item in county_owes())


def test_a_statement_can_be_taken_back(county, county_owes):
    with county.write() as transaction:
        uids = nil_filings.state(transaction, county_owes())
    with county.write() as transaction:
        nil_filings.withdraw(transaction, uids)
    assert {item.state for item in county_owes()} == {None}
    with county.write() as transaction:
        nil_filings.state(transaction, county_owes())
    assert {item.state for item in county_owes()} == {"nil"}


def test_a_record_confirmed_later_lifts_the_statement_of_its_form_alone(county, county_owes):
    with county.write() as transaction:
        nil_filings.state(transaction, county_owes())
    assert ("visit", "nil") in live(county)
    put(county, "visit", reason="样本", period=AUGUST)
    assert ("visit", "nil") not in live(county)
    assert ("demand", "nil") in live(county)


def test_no_statement_stands_beside_a_record(county, county_owes):
    put(county, "visit", reason="样本", period=AUGUST)
    visit = [item for item in county_owes(all_of_them=True) if item.form == "visit"]
    with pytest.raises(InputError, match="已有记录") as refused, county.write() as transaction:
        nil_filings.state(transaction, visit)
    assert refused.value.code == "I436"


def test_what_is_filed_is_not_stated_again(county, county_owes):
    with county.write() as transaction:
        nil_filings.state(transaction, county_owes())
    with pytest.raises(InputError) as refused, county.write() as transaction:
        nil_filings.state(transaction, county_owes())
    assert refused.value.code == "I437"


def test_records_are_counted_by_form_period_and_state(county):
    put(county, "visit", reason="样本", period=AUGUST)
    with county.read() as connection:
        found = nil_filings.records_in(connection, county, county.unit, (AUGUST,))
    assert found["visit", AUGUST] == {"confirmed": 8}
