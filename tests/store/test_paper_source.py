"""What a paper shows: the rows that count of its unit and period, in the order of the ledger."""

import pytest

from tests.store.sample_tables import CITY
from union_desk.errors import InputError
from union_desk.store.paper_source import PaperSource
from union_desk.taskpack.period import Period

DAY = "2012-08-31"


@pytest.fixture
def source(sample_store, connection):
    def made(period=None, as_of=DAY, unit=None):
        parsed = Period.parse(period) if period else None
        return PaperSource(connection, sample_store, period=parsed, as_of=as_of, unit=unit)

    return made


def test_it_says_whose_paper_it_is(source):
    paper = source()
    assert (paper.unit, paper.unit_name, paper.level, paper.demo) == (
        CITY,
        "乐山市总工会",
        "city",
        True,
    )
    county = source(unit="511102000013")
    assert (county.unit_name, county.level, county.person) == ("市中区总工会", "county", "")


def test_records_come_with_their_details_in_the_order_of_the_ledger(source):
    found = list(source("2012M08").records("contest"))
    assert len(found) == source("2012M08").count("contest") == 8
    assert [len(record.details.get("contest_unit", ())) for record in found] == [
        0,
        3,
        0,
        0,
        0,
        0,
        0,
        0,
    ]


def test_only_rows_whose_period_lies_in_the_papers(source):
    assert source("2012M07").count("visit") == 0
    assert source("2012Q3").count("visit") == 8
    assert source("2012Q2").count("unit_profile") == sum(
        record.period == "2012Q2" for record in source().records("unit_profile")
    )


def test_without_a_period_all_rows_up_to_the_day(source):
    assert source(as_of=DAY).count("visit") == 8
    assert source(as_of="2012-07-31").count("visit") == 0


def test_drafts_and_voided_rows_are_not_printed(source, connection):
    connection.exec_driver_sql("UPDATE visit SET deleted = 1 WHERE rowid = 1")
    connection.exec_driver_sql("UPDATE visit SET record_state = 'draft' WHERE rowid = 2")
    assert source().count("visit") == len(list(source().records("visit"))) == 6


def test_one_record_is_found_whatever_its_form(source):
    uid = next(source().records("demand")).uid
    assert source().record(uid).form == "demand"
    with pytest.raises(InputError, match="I471"):
        source().record("nobody")


def test_an_unknown_unit_is_refused(source):
    with pytest.raises(InputError, match="I472"):
        source(unit="511199400021")


def test_progress_and_filings_are_those_of_the_papers_unit(source):
    paper = source("2012M08", unit="511102000013")
    assert {item.unit for item in paper.progress(DAY)} == {"511102000013"}
    due, done = paper.reported()
    assert due > 0
    assert done == 0


def test_reasons_and_measures_stand_by_indicator(source, connection, sample_store):
    table = sample_store.tables.form["indicator_note"]
    head = {
        "origin": CITY,
        "record_state": "confirmed",
        "rev": 1,
        "package": "",
        "created_by": "",
        "created_at": "",
        "updated_at": "",
        "deleted": 0,
    }
    note = {
        "uid": "n",
        "indicator": "A1_skill",
        "unit": CITY,
        "period": "2012M08",
        "reason": "起步晚",
        "measure": "九月补办",
        "date": DAY,
    }
    connection.execute(table.insert().values(**head, **note))
    assert source("2012M08").notes() == {"A1_skill": ("起步晚", "九月补办")}
    assert source("2012M07").notes() == {}
