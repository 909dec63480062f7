"""What an upper level decides lies over what the writer wrote, and comes off again."""

import pytest

from tests.store.offices import ask, confirm, draft, get, put, rows_of, run, sheet
from union_desk.store import decisions, records, survey
from union_desk.store.layout import layout, rows_by
from union_desk.store.written import written_rows

COUNTY, CITY, UNIT = "511102000013", "511100000010", "511102400017"


@pytest.fixture
def office(offices):
    """A grassroots unit with one confirmed report, its adoption not decided."""
    store = offices("grassroots")
    row = rows_of("info_report")[4]
    put(store, "info_report", sheet("info_report", row))
    return store


def report(store):
    ((uid,),) = ask(store, "SELECT uid FROM info_report")
    return get(store, "info_report", uid)


def decide(store, origin=COUNTY, *, record=None, form="info_report", **fields):
    """Let decisions arrive from an upper level, as a packet brings them."""
    record = record or report(store).uid
    with store.write() as transaction:
        context = run(store, transaction.connection)
        made = layout(store.tables, decisions.FORM)
        rows = []
        for field, value in fields.items():
            values = {
                "form": form,
                "record": record,
                "field": field,
                "value": value,
                "who": "县总",
                "date": "2012-08-30",
            }
            own, store.origin = store.origin, origin
            saved = records.confirm(
                transaction, draft("decision", values), context, period="2012M08"
            )
            store.origin = own
            rows += rows_by(transaction.connection, made, "uid", [saved.uid])
        decisions.settle(transaction, decisions.FORM, rows, context)
        return [row[0] for row in rows]


def test_below_the_deciding_level_a_record_starts_with_the_default(office):
    values = report(office).values
    assert (values["adopt_level"], values["points"]) == ("0", 0)


def test_a_decision_is_laid_over_the_record_and_computed_fields_follow(office):
    before = report(office)
    decide(office, adopt_level="4", adopt_date="2012-08-30")
    after = report(office)
    assert (after.values["adopt_level"], after.values["adopt_date"], after.values["points"]) == (
        "4",
        "2012-08-30",
        10,
    )
    assert (after.rev, after.updated_at, after.packet) == (
        before.rev,
        before.updated_at,
        before.packet,
    )


def test_what_the_writer_wrote_stays_known(office):
    before = report(office)
    decide(office, adopt_level="4")
    with office.read() as connection:
        rows = list(rows_by(connection, layout(office.tables, "info_report"), "uid", [before.uid]))
        (written,) = written_rows(connection, office.tables, "info_report", rows)
    made = layout(office.tables, "info_report")
    assert made.record(written).values == before.values
    assert list(survey.problems(office, full=True)) == []


def test_the_newest_decision_of_a_level_stands_and_the_higher_level_before_it(office):
    decide(office, adopt_level="1")
    decide(office, adopt_level="3")
    assert report(office).values["adopt_level"] == "3"
    decide(office, CITY, adopt_level="2")
    decide(office, adopt_level="4")
    assert report(office).values["adopt_level"] == "2"


def test_a_decision_taken_back_gives_the_writer_his_value_again(office):
    (first,) = decide(office, adopt_level="1")
    before = report(office)
    with office.write() as transaction:
        context = run(office, transaction.connection)
        transaction.connection.exec_driver_sql(
            "UPDATE decision SET deleted = 1 WHERE uid = ?", (first,)
        )
        assert decisions.lay_decisions(transaction, "info_report", [before.uid], context) == 1
    values = report(office).values
    assert (values["adopt_level"], values["points"]) == ("0", 0)
    assert ask(office, "SELECT count(*) FROM written_value") == [(0,)]


def test_a_new_revision_of_the_writer_keeps_the_decision_over_it(office):
    decide(office, adopt_level="4")
    record = report(office)
    changed = draft("info_report", dict(record.values) | {"author": "新信息员"}, uid=record.uid)
    done = confirm(office, changed)
    assert (done.values["author"], done.values["adopt_level"], done.values["points"]) == (
        "新信息员",
        "4",
        10,
    )
    assert ask(office, "SELECT cells FROM written_value WHERE field = 'adopt_level'") == [
        ('["0"]',)
    ]
    assert list(survey.problems(office, full=True)) == []


def test_a_record_put_again_as_it_shows_is_unchanged_and_a_decided_cell_is_not_overwritten(office):
    decide(office, adopt_level="4", adopt_date="2012-08-30")
    row = rows_of("info_report")[4]
    shown = put(
        office,
        "info_report",
        sheet(
            "info_report", row | {"adopt_level": "4", "adopt_date": "2012-08-30", "points": "10"}
        ),
    )
    assert (shown.unchanged, shown.findings) == (1, ())
    result = put(
        office,
        "info_report",
        sheet("info_report", row | {"adopt_level": "2", "adopt_date": "2012-08-30"}),
    )
    assert result.refused
    assert [finding.code for finding in result.findings][:1] == ["info_report.adopt_level.decided"]
    assert report(office).values["adopt_level"] == "4"


def test_a_decision_before_its_record_waits_and_is_laid_when_it_arrives(office):
    uid = "01390000-0000-7000-8000-000000000001"
    decide(office, record=uid, adopt_level="3")
    values = dict(report(office).values) | {"title": "另一条信息"}
    saved = confirm(office, draft("info_report", values, uid=uid))
    assert (saved.values["adopt_level"], saved.values["points"]) == ("3", 8)


def test_an_upper_level_may_link_a_dangling_reference(city):
    put(city, "enterprise")
    ((uid, name),) = ask(city, "SELECT uid, name FROM enterprise ORDER BY rowid LIMIT 1")
    row = rows_of("proposal")[0] | {"enterprise": "那家厂"}
    put(city, "proposal", sheet("proposal", row))
    ((record,),) = ask(city, "SELECT uid FROM proposal")
    decide(city, CITY, record=record, form="proposal", enterprise=uid)
    values = get(city, "proposal", record).values
    assert (values["enterprise"], values["enterprise__label"]) == (uid, name)


def test_a_link_that_the_writer_made_stands_against_a_level_that_does_not_decide_it(city):
    put(city, "enterprise")
    (first, _), (second, _) = ask(city, "SELECT uid, name FROM enterprise ORDER BY rowid LIMIT 2")
    name = get(city, "enterprise", first).values["name"]
    put(city, "proposal", sheet("proposal", rows_of("proposal")[0] | {"enterprise": name}))
    ((record,),) = ask(city, "SELECT uid FROM proposal")
    assert get(city, "proposal", record).values["enterprise"] == first
    decide(city, CITY, record=record, form="proposal", enterprise=second)
    assert get(city, "proposal", record).values["enterprise"] == first


def test_decisions_about_what_is_not_there_change_nothing(office):
    before = report(office)
    decide(office, form="no_such_form", adopt_level="4")
    decide(office, no_such_field="4")
    assert report(office) == before


def test_fields_decided_above_are_no_business_of_the_unit(office):
    row = rows_of("info_report")[0] | {"title": "自报采用的信息"}
    result = put(office, "info_report", sheet("info_report", row))
    assert result.refused
    assert "由县级确定" in "".join(finding.message for finding in result.findings)


def test_where_the_writer_stands_at_the_deciding_level_they_are_ordinary_fields(city):
    result = put(city, "info_report")
    assert (result.added, result.findings) == (8, ())
    assert ask(city, "SELECT sum(points) FROM info_report") == [(32,)]


def test_decided_fields_are_listed_and_locked_below(pack):
    form = pack.forms["info_report"]
    assert [item.id for item in decisions.decided_fields(form)] == [
        "adopt_level",
        "adopt_date",
        "adopt_media",
    ]
    assert decisions.locked(form.by_id["adopt_level"], "grassroots")
    assert not decisions.locked(form.by_id["adopt_level"], "county")
    assert not decisions.locked(form.by_id["title"], "grassroots")
    assert not any(
        decisions.locked(item, "grassroots")
        for item in pack.forms["team_brand"].fields
        if item.decided_codes
    )
    assert not any(
        decisions.locked(item, "grassroots")
        for item in pack.forms["school_aid"].fields
        if item.proposed
    )


def test_voiding_a_record_keeps_the_decision_and_bringing_it_back_shows_it(office):
    decide(office, adopt_level="4")
    uid = report(office).uid
    with office.write() as transaction:
        records.void(transaction, "info_report", uid, "重复")
    with office.write() as transaction:
        back = records.restore(transaction, "info_report", uid)
    assert back.values["adopt_level"] == "4"
    assert list(survey.problems(office, full=True)) == []
