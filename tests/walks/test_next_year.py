"""The package of 2013: checked, compared, handed down, and both years entered, compared, printed."""

import shutil
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tests import next_year
from tests.bundle.offices import Offices, build, told
from tests.reports import looking
from tests.store.offices import put, rows_of, sheet
from union_desk import resources
from union_desk.bundle import exporting
from union_desk.errors import InputError
from union_desk.reports import printing
from union_desk.store import carry_over, rollup, shares, upgrading, years
from union_desk.store.context import context_at
from union_desk.store.listing import ListFilter, Listing
from union_desk.store.paper_source import PaperSource
from union_desk.store.records import confirm, get
from union_desk.taskpack import load
from union_desk.taskpack.comparing import diff
from union_desk.taskpack.period import Period

OLD = "lszgh-2012-55"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return next_year.write(tmp_path_factory.mktemp("2013") / "package")


@pytest.fixture(scope="module")
def handed_down(tmp_path_factory, pack, package):
    """The folders of three offices with rows of 2012, to all of which the package has come."""
    folder = tmp_path_factory.mktemp("handed-down")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("UNION_DESK_STATE", str(folder / "state"))
        build(folder / "made", pack)
        made = Offices(folder / "made", folder, stack)
        visits = [row | {"duty": "主席"} for row in rows_of("visit")[:3]]
        assert put(made.grassroots, "visit", sheet("visit", *visits), reason="样本").added == 3
        chosen = [row | {"reps": "40"} for row in rows_of("democracy")[:2]]
        done = put(made.grassroots, "democracy", sheet("democracy", *chosen), reason="样本")
        assert done.added == 2
        made.up("grassroots", "county")
        made.up("county", "city")
        upgrading.install(made.city, package)
        assert {outcome for outcome, _ in told(made.down("city", "county"))} == {
            "waiting",
            "applied",
        }
        below = {outcome for outcome, _ in told(made.down("county", "grassroots"))}
        assert below == {"waiting", "applied"}
    return folder / "offices"


@pytest.fixture
def offices(handed_down, tmp_path, monkeypatch):
    """Copies of the three offices."""
    shutil.copytree(handed_down.parent / "state", tmp_path / "state")
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(handed_down, tmp_path, stack)


def figures(store, as_of):
    with store.read() as connection:
        return {item.id: item for item in rollup.progress(connection, store, as_of)}


def test_the_package_has_no_problem_and_its_differences_are_told(pack, package):
    found = load.read(package)
    assert found.problems == ()
    told_of = "\n".join(diff(pack, found.pack))
    for words in (
        "表 cadre_training（工会干部培训台账）是新增的。", "表 sports_team（职工篮球比赛参赛队报名表）不再有。",
        "表 visit的字段 followed（已回访）是新增的。", "表 visit的字段 duty（职务）不再有。",
        "表 visit的字段 findings的“最长长度”由“1000”改为“800”。", "指标 A2_new_unions的“目标”由“>= 2000",
        "表 democracy的“结转”由空改为“存为草稿”。",
    ):  # fmt: skip
        assert words in told_of


def test_both_years_are_entered_below_added_up_above_and_keep_their_own_bounds_and_targets(offices):
    unit = offices.grassroots
    assert [pack.year for pack in years.packages(unit)] == [2012, 2013]
    row = dict(rows_of("visit")[3])
    row.pop("duty")
    fresh = row | {"visit_date": "2013-01-08", "followed": "1", "workers": "30"}
    assert put(unit, "visit", sheet("visit", fresh), as_of="2013-01-09", reason="核对过").added == 1
    last = years.view(unit, OLD)
    late = rows_of("visit")[4] | {"visit_date": "2012-12-30", "duty": "主席", "workers": "7"}
    assert (
        put(
            last, "visit", sheet("visit", late), period="2012M12", as_of="2012-12-31", reason="补登"
        ).added
        == 1
    )
    training = {"title": "基层工会主席培训班", "start_date": "2013-01-07", "persons": "25"}
    assert (
        put(unit, "cadre_training", sheet("cadre_training", training), as_of="2013-01-09").added
        == 1
    )
    for source, target in (("grassroots", "county"), ("county", "city")):
        stick = offices.stick()
        exporting.export(getattr(offices, source), stick, as_of="2013-01-31")
        assert {outcome for outcome, _ in told(offices.take(target, stick))} <= {
            "applied",
            "duplicate",
        }
    city = offices.city
    now, then = figures(city, "2013-01-31"), figures(years.view(city, OLD), "2012-12-31")
    assert (now["A6_visits"].value, now["A6_workers"].value, now["A6_training"].value) == (
        1,
        30,
        25,
    )
    assert then["A6_visits"].value == 4
    assert (now["A2_new_unions"].target, then["A2_new_unions"].target) == (1500, 2000)
    assert "A5_teams" not in now
    assert "A6_training" not in then
    with city.read() as connection:
        beside = {item.now.id: item for item in years.beside(connection, city, "2013-01-31")}
    assert (beside["A6_visits"].same_day.value, beside["A6_visits"].whole.value) == (0, 4)
    assert beside["A6_training"].whole is None


def test_a_field_that_is_gone_keeps_its_values_and_shows_them_in_its_year(offices):
    unit = offices.grassroots
    last = years.view(unit, OLD)
    rows = Listing(last, "visit", ListFilter()).first()
    assert {row.values["duty"] for row in rows} == {"主席"}
    assert "duty" not in unit.tables.forms["visit"].by_id


def test_what_continues_what_is_copied_and_what_starts_empty_is_told(offices):
    with offices.county.read() as connection:
        plan = {item.form.id: item for item in carry_over.plan(connection, offices.county)}
    assert plan["enterprise"].how == plan["union_org"].how == carry_over.CONTINUE
    assert plan["democracy"].how == carry_over.COPY
    assert plan["visit"].how == carry_over.EMPTY
    assert (plan["visit"].added, plan["visit"].dropped) == (("已回访",), ("职务",))
    assert plan["cadre_training"].new
    assert plan["visit"].last == 3
    assert [form.id for form in carry_over.gone(offices.county)] == ["sports_team"]


def test_last_year_is_taken_over_as_drafts_once_and_compared_when_confirmed(offices):
    unit = offices.grassroots
    assert carry_over.copy_last_year(unit, "democracy", "2013-01-09") == 2
    assert carry_over.copy_last_year(unit, "democracy", "2013-01-09") == 0
    drafts = Listing(unit, "democracy", ListFilter(states=("draft",))).first()
    assert {row.values["stat_year"] for row in drafts} == {2013}
    assert figures(unit, "2013-01-31")["A4_congress_rate"].numerator == 0
    with unit.write() as transaction:
        record = get(transaction.connection, unit.tables, "democracy", drafts[0].uid)
        changed = {**record.values, "reps": 55}
        context = context_at(unit, "2013-01-09", connection=transaction.connection)
        confirm(
            transaction, replace(record, values=changed), context, period="2013Q1", reason="核对过"
        )
    with unit.read() as connection:
        found = carry_over.differences(connection, unit, "democracy")
    assert [(one.field.id, one.last, one.now) for one in found] == [("reps", 40, 55)]


def test_targets_can_be_divided_by_what_was_done_last_year(offices):
    city = offices.city
    split = shares.Split(city.pack.indicators["A6_visits"], 30, {}, {})
    with city.read() as connection:
        bases = {base.title: base for base in shares.bases(connection, city, "2013-01-31", split)}
    weights = bases["上年完成数"].weights
    assert shares.divided(split, list(weights), weights)["511102000013"] == 30


def test_a_year_that_was_never_installed_is_refused(offices):
    with pytest.raises(InputError, match="I498"):
        years.view(offices.city, "lszgh-2014-1")


def test_both_years_are_printed(offices):
    city = offices.city
    for store, period, target in (
        (city, "2013M01", "1,500"), (years.view(city, OLD), "2012M08", "2,000"),
    ):  # fmt: skip
        month = Period.parse(period)
        with store.read() as connection:
            source = PaperSource(connection, store, period=month, as_of=month.last_day)
            pdf = printing.render(store.pack, "R30", source)
        assert any(target in page for page in looking.page_texts(pdf))


def test_the_package_of_the_program_still_loads(pack):
    assert load.load(resources.taskpacks() / OLD).digest == pack.digest
