"""上年对照数: kept beside the records, found again by key, counted nowhere."""

import shutil

import pytest

from tests.store.offices import DAY, PASSWORD, put, rows_of, sheet
from union_desk.errors import InputError
from union_desk.store import opening, prior_figures
from union_desk.taskpack.record import Table

QUARTER = "2011Q3"


def load(store, form, table, period=QUARTER):
    with store.write() as transaction:
        return prior_figures.load(
            transaction, store.pack.forms[form], table, period=period, unit=store.unit,
            file="去年.xlsx",
        )  # fmt: skip


def read(store, form, period=QUARTER):
    with store.read() as connection:
        return prior_figures.read(connection, store.pack.forms[form], store.unit, period)


def count(store, form):
    with store.read() as connection:
        return len(connection.execute(store.tables.form[form].select()).all())


@pytest.fixture(scope="module")
def unit(pack, templates, tmp_path_factory):
    """A grassroots store; what a test loads takes the place of what was there."""
    folder = tmp_path_factory.mktemp("prior") / "store"
    shutil.copytree(templates("grassroots", PASSWORD), folder)
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        yield store


def test_a_sheet_of_last_year_is_figures_and_no_record(unit, pack):
    (row, *_) = rows_of("unit_profile")
    figures = prior_figures.numbers(pack.forms["unit_profile"])
    given = {name: text for name, text in row.items() if name not in ("unit", "period")}
    assert load(unit, "unit_profile", sheet("unit_profile", given)) == 1
    assert count(unit, "unit_profile") == 0
    prior = read(unit, "unit_profile")
    found = prior_figures.row_of(pack.forms["unit_profile"], prior, {}, unit.unit)
    assert prior.file == "去年.xlsx"
    assert found == {
        item.id: float(given[item.id]) * (100 if item.type == "money" else 1)
        for item in figures if given.get(item.id)
    }  # fmt: skip
    assert read(unit, "unit_profile", "2010Q3") is None


def test_a_row_of_a_ledger_is_found_by_its_key_and_no_name_is_kept(unit, pack):
    form = pack.forms["contest"]
    (row, *_) = rows_of("contest")
    given = row | {"enterprise": ""}
    load(unit, "contest", sheet("contest", given), "2011Y")
    prior = read(unit, "contest", "2011Y")
    with unit.read() as connection:
        text = connection.exec_driver_sql(
            "SELECT value FROM setting WHERE key LIKE 'prior:contest:%'"
        ).scalar()
    assert row["name"] not in text
    names = {name for key in form.duplicate_keys for name in key}
    values = {name: row.get(name) or None for name in names}
    known = prior_figures.row_of(form, prior, values, unit.unit)
    assert known is None or known["person_times"] == float(row["person_times"])
    assert prior.mean("person_times") == float(row["person_times"])


def test_a_sheet_without_figures_or_with_too_many_rows_is_refused(unit, monkeypatch):
    with pytest.raises(InputError) as caught:
        load(unit, "visit", Table("visit", ["place"], [["某处"]]))
    assert caught.value.code == "I569"
    monkeypatch.setattr(prior_figures, "MOST", 1)
    with pytest.raises(InputError) as caught:
        load(unit, "visit", Table("visit", ["place"], [["某处"], ["别处"]]))
    assert caught.value.code == "I568"


def test_the_mean_of_last_year_comes_from_records_else_from_the_sheet(unit, pack):
    form = pack.forms["labor_risk"]
    (row, *_) = rows_of("labor_risk")
    row |= {"enterprise": ""}
    name = next(item.id for item in prior_figures.numbers(form) if row.get(item.id))
    load(unit, form.id, sheet(form.id, row | {name: "40"}), "2011Y")
    with unit.read() as connection:
        means = prior_figures.means(connection, unit.tables, form, unit.unit, 2012)
    assert means[name] == 40
    done = put(unit, form.id, sheet(form.id, row), as_of=DAY, reason="样本")
    assert done.added == 1, [item.message for item in done.findings]
    with unit.read() as connection:
        means = prior_figures.means(connection, unit.tables, form, unit.unit, 2013)
    assert means[name] == float(row[name])


@pytest.mark.parametrize(
    ("now", "then", "steps"),
    [(1_000, 1, 1), (999, 1, 0), (1, 1_000, -1), (0, 5, 0), (5, 0, 0), (12_000, 11, 1)],
)
def test_a_thousandfold_is_told_from_a_change(now, then, steps):
    assert prior_figures.off(now, then) == steps
