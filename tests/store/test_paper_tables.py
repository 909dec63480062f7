"""What the tables of the package count on the samples: the same as indicators and as plain SQL."""

import pytest

from tests.store.sample_tables import CITY
from union_desk.store.paper_source import PaperSource
from union_desk.taskpack.period import Period

DAY = "2012-08-31"
COUNTY = "511102000013"


@pytest.fixture
def source(sample_store, connection):
    def made(period="2012M08", as_of=DAY, unit=None):
        parsed = Period.parse(period) if period else None
        return PaperSource(connection, sample_store, period=parsed, as_of=as_of, unit=unit)

    return made


@pytest.fixture
def counted(source, pack):
    def made(report, name, unit=None, period="2012M08"):
        block = pack.reports[report].body.block(name)
        return source(period, unit=unit).counts(block, Period.parse(period))

    return made


def blocks(pack):
    return [
        (report.id, block.id)
        for report in pack.reports.values()
        for block in report.body.blocks
        if block.figures
    ]


def test_the_totals_of_a_grouped_table_are_the_sums_of_its_rows(source, pack):
    for report, name in blocks(pack):
        block = pack.reports[report].body.block(name)
        found = source().counts(block, Period.parse("2012M08"))
        for figure in block.figures:
            plain = all(item.term.aggregate != "distinct" for item in figure.counted)
            one_key = len(block.groups) == 1 and block.groups[0].type != "multi"
            if figure.counted and plain and (one_key or block.kind == "units"):
                values = found.values.get(figure.id, {})
                assert sum(values.values()) == found.totals[figure.id], (report, name, figure.id)


def test_every_key_that_was_counted_has_its_row(source, pack):
    for report, name in blocks(pack):
        block = pack.reports[report].body.block(name)
        found = source().counts(block, Period.parse("2012M08"))
        keys = {row.key for row in found.rows}
        for column in found.values.values():
            assert {key for key, value in column.items() if value} <= keys, (report, name)


def test_season_figures_are_those_of_the_indicator(counted, source):
    found = counted("R13", "t1")
    wanted = {item.id: item for item in source().progress(DAY)}["A3_four_season"]
    assert found.totals["受益（人次）"] == wanted.value == 606
    assert [(row.title, found.values["受益（人次）"].get(row.key, 0)) for row in found.rows] == [
        ("春送岗位", 420),
        ("夏送清凉", 180),
        ("秋送助学", 0),
        ("冬送温暖", 4),
        ("日常帮扶", 2),
    ]
    assert found.values["另有台账/助学（人）"] == {"3": 7}


def test_rates_are_those_of_the_indicators(counted, source):
    progress = {item.id: item for item in source().progress(DAY)}
    rates = counted("R17", "rates")
    congress = progress["A4_congress_rate"]
    assert rates.totals["职工代表大会/已建"] == congress.numerator == 5
    assert rates.totals["应建企业（家）"] == congress.denominator == 5
    scale = counted("R08", "scale")
    assert scale.totals["参与企业（家）/参与任一项"] == progress["A1_scale_rate"].numerator


def test_money_stays_in_whole_fen(counted, connection):
    found = counted("R07", "kinds").totals["经费（万元）"]
    assert isinstance(found, int)
    assert found == connection.exec_driver_sql("SELECT sum(cost) FROM contest").scalar()


def test_two_fields_give_subtotals_and_the_rows_below_them(counted):
    found = counted("R07", "kinds")
    outer = [row for row in found.rows if not row.depth]
    for row in outer:
        inner = [one for one in found.rows if one.key.startswith(f"{row.key}|")]
        cells = found.values["场次"]
        assert sum(cells[one.key] for one in inner) == cells[row.key]
    assert {row.depth for row in found.rows} == {0, 1}


def test_a_unit_counts_its_own_tree_only(counted, connection, source):
    found = counted("R07", "kinds", unit=COUNTY)
    codes = next(codes for code, _, codes in source().tree() if code == COUNTY)
    rows = connection.exec_driver_sql('SELECT "unit", person_times FROM contest').all()
    assert found.totals["参加（人次）"] == sum(times for unit, times in rows if unit in codes)


def test_units_below_stand_in_the_order_of_their_codes_and_distinct_things_count_once(counted):
    found = counted("R22", "t1")
    assert [row.title for row in found.rows[:3]] == ["市中区", "沙湾区", "五通桥区"]
    assert len(found.rows) >= 15
    assert found.rows[-1].title == "市总（本级）"
    assert found.values["走访干部（人）"][CITY] == found.totals["走访干部（人）"] == 8


def test_only_the_period_asked_for_counts_where_a_table_is_of_the_period(counted):
    assert counted("R19", "new").totals[":件数"] > 0
    assert counted("R19", "new", period="2012M02").totals[":件数"] == 0
    assert counted("R19", "new", period="2012M02").rows


def test_columns_across_a_list_split_the_sum(counted):
    found = counted("R15", "services")
    split = [value for name, value in found.totals.items() if not name.startswith(":")]
    assert sum(split) == found.totals[":人次"]


def test_a_list_holds_the_rows_of_its_condition_in_its_order(source, pack):
    block = pack.reports["R19"].body.block("open")
    rows = list(source().listing(block, None))
    assert len(rows) == 3
    assert all(row.values["state"] not in {"4", "5", "6"} for row in rows)
    assert [row.values["level"] for row in rows] == sorted(row.values["level"] for row in rows)


def test_a_list_works_out_expressions_and_bands(source, pack):
    points = pack.reports["R21"].body.block("points")
    for row in source().listing(points, None):
        played, won = row.values["played"], row.values["won"]
        if played is not None:
            assert row.told["x8"] == 2 * won + played - won
    players = list(source().listing(pack.reports["R21"].body.block("players"), None))
    assert len(players) == 64
    bands = [row.band for row in players]
    assert len(set(bands)) == 8
    assert bands == sorted(bands)


def test_a_roster_may_hold_only_the_rows_of_a_condition_and_earlier_ones_too(source, pack):
    where = pack.reports["R03"].body.where
    rows = list(source().records("union_org", where, whole=True))
    assert len(rows) == 4
    assert all(row.values["change_kind"] == "1" for row in rows)
    assert not list(source("2012M07").records("visit"))
    assert len(list(source("2012M07").records("visit", whole=True))) == 8


def test_progress_of_the_units_below_adds_up_to_the_units(source):
    paper = source()
    whole = {item.id: item for item in paper.progress(DAY)}
    below = paper.progress_below(DAY)
    assert [name for _, name, _ in below][:2] == ["市中区", "沙湾区"]
    new = sum(
        item.numerator for _, _, found in below for item in found if item.id == "A2_new_members"
    )
    assert new == whole["A2_new_members"].numerator == 380


def test_filings_touch_the_period_and_late_ones_are_found(source):
    paper = source("2012M06")
    periods = {item.period for item in paper.owed()}
    assert periods == {"2012M06", "2012Q2", "2012Y"}
    late = paper.overdue()
    assert late
    assert all(item.due_date < DAY and item.unit != CITY for item in late)
    assert paper.limit() == "2012-07-05"
    assert source(None).limit() == ""


def test_explained_warnings_are_gathered_by_rule_and_text(source):
    found = source().explained(["labor_risk", "school_aid"], Period.parse("2012M08"))
    assert {item.check for item in found} >= {"L06", "X12"}
    assert all(item.text == "样本" and item.count >= 1 and item.message for item in found)
    assert source().explained(["labor_risk"], Period.parse("2012M02")) == ()


def test_a_returned_record_is_named_with_its_rule_and_its_unit(source, connection, sample_store):
    table = sample_store.tables.form["return_note"]
    risk = next(source().records("labor_risk"))
    head = {
        "origin": CITY, "record_state": "confirmed", "rev": 1, "package": "", "created_by": "",
        "created_at": "", "updated_at": "", "deleted": 0, "unit": risk.unit, "period": "2012M09",
    }  # fmt: skip
    note = {
        "uid": "n", "record": risk.uid, "form": "labor_risk", "rule": "L06", "text": "请写清金额。",
        "reviewer": "王珺", "date": "2012-09-06", "due_date": "2012-09-10",
    }  # fmt: skip
    connection.execute(table.insert().values(**head, **note))
    (found,) = source().returned()
    assert (found.record, found.unit) == (risk.values["title"], risk.unit)
    assert found.form == "职工队伍稳定预报预警台账"
    assert "L06" not in found.rule
    assert source("2012M05").returned() == ()


def test_the_unit_above_is_named_and_the_root_has_none(source):
    assert source(unit=COUNTY).parent_name == "乐山市总工会"
    assert source().parent_name == ""
