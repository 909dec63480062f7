"""催报 and 缺号通知 go with the next file for their unit, sealed, and to nobody else."""

import pytest

from tests.bundle.offices import CITY, COUNTY, GRASS, told
from tests.store.offices import ask
from union_desk.errors import InputError
from union_desk.store import notices, received, streams
from union_desk.store.notices import MISSING, OVERDUE, Notice


def test_a_notice_travels_in_the_stream_of_its_unit_once_and_is_read_there(offices):
    county, unit = offices.county, offices.grassroots
    said = Notice(
        GRASS, OVERDUE, " 8 月的表还没有报。 ", due_date="2012-09-10", doc_no="催〔2012〕1号"
    )
    notices.send(county, [said, Notice(GRASS, MISSING, "缺第 3—4 包。")])
    assert {outcome for outcome, _ in told(offices.down("county", "grassroots"))} == {"applied"}
    with unit.read() as connection:
        found = notices.received(connection, unit)
        (stream,) = [
            item.stream
            for item in received.arrivals(connection, unit, received.APPLIED)
            if streams.kind(item.stream) == streams.TO
        ]
    assert {(item.kind, item.text, item.due_date, item.origin) for item in found} == {
        (OVERDUE, "8 月的表还没有报。", "2012-09-10", COUNTY),
        (MISSING, "缺第 3—4 包。", None, COUNTY),
    }
    assert stream == streams.to_unit(GRASS)
    assert ask(county, "SELECT count(*) FROM addressed WHERE packet IS NULL") == [(0,)]
    with county.read() as connection:
        assert notices.received(connection, county) == []


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Notice(COUNTY, OVERDUE, "请报。"), "I655"),
        (Notice(CITY, OVERDUE, "请报。"), "I655"),
        (Notice(GRASS, OVERDUE, "  "), "I656"),
        (Notice(GRASS, OVERDUE, "长" * 501), "I656"),
    ],
)
def test_a_notice_goes_downward_only_and_says_something(offices, wanted, code):
    with pytest.raises(InputError, match=code):
        notices.send(offices.county, [Notice(GRASS, OVERDUE, "请报。"), wanted])
    assert ask(offices.county, "SELECT count(*) FROM notice") == [(0,)]


def test_one_taken_back_before_a_file_was_written_goes_to_nobody(offices):
    county, unit = offices.county, offices.grassroots
    asked = Notice(GRASS, OVERDUE, "请报。", period="2012M07")
    first = notices.send(county, [asked, asked])
    assert len(first) == 1
    assert notices.withdraw(county, first) == 1
    offices.down("county", "grassroots")
    assert ask(county, "SELECT count(*) FROM addressed") == [(0,)]
    assert ask(unit, "SELECT count(*) FROM notice") == [(0,)]
    assert len(notices.send(county, [asked])) == 1
    offices.down("county", "grassroots")
    assert ask(unit, "SELECT text, period FROM notice") == [("请报。", "2012M07")]
