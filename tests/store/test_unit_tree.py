"""The tree of units changes: fresh codes, and dated changes that leave earlier days as they were."""

import itertools
from contextlib import ExitStack

import pytest
from stdnum.iso7064 import mod_11_10

from tests.bundle.offices import CITY, COUNTY, GRASS, Offices, build
from tests.papers.offices import restore
from tests.store.offices import PROPOSAL, ask, confirm, draft, put, sheet
from union_desk.errors import InputError
from union_desk.store import counter, holds, records, rollup, unit_tree, units
from union_desk.taskpack.record import new_uid

OTHER = "511111000015"


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    build(folder / "made", pack)
    return folder / "made"


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(made, tmp_path, stack)


def tree(store, day=None):
    with store.read() as connection:
        return units.of_store(connection, store, day)


def add(store, name="城东街道工会", digit="2", parent=COUNTY, **reach):
    return unit_tree.add(store, digit, name, parent, "2012-03-01", reach)


def test_a_county_adds_units_under_codes_of_its_own_block_that_nobody_else_mints(offices):
    county = offices.county
    first, second = add(county), add(county, "城西街道工会")
    assert (first[:11], second[:11]) == ("51110220001", "51110220002")
    assert mod_11_10.is_valid(first)
    taken = add(county, "某厂工会", "4")
    assert taken[:7] == GRASS[:7]
    assert taken != GRASS
    known = tree(county)
    assert known.by_code[first].kind == "township"
    with offices.city.read() as connection:
        assert unit_tree.mint(connection, offices.city, tree(offices.city), "4")[:6] == "511100"
        further = [unit_tree._range(letter) for letter in ("", "B", "Z")]
    assert all(one.stop <= two.start for one, two in itertools.pairwise(further))
    with pytest.raises(InputError, match="I643"):
        add(county)
    with pytest.raises(InputError, match="I642"):
        add(county, "工会")
    with pytest.raises(InputError, match="I644"):
        add(county, "某某工会", parent=OTHER)
    with pytest.raises(InputError, match="I647"):
        add(county, "城北街道工会", phone="1")


def test_a_voided_or_used_code_is_not_given_again_and_the_end_of_the_range_is_told(
    offices, monkeypatch
):
    county = offices.county
    code = add(county)
    uid = ask(county, f"SELECT uid FROM unit WHERE union_code = '{code}'")[0][0]
    with county.write() as transaction:
        records.void(transaction, "unit", uid, "写错了")
    assert add(county) != code
    monkeypatch.setattr(unit_tree, "_FIRST", range(1, 3))
    with pytest.raises(InputError, match="I641"):
        add(county, "城南街道工会")


def test_after_every_restore_codes_go_on_further_up(offices):
    county = offices.county
    backup = offices.folder / "backup"
    county.database.copy_to(backup, county.database.key_pragma)
    assert add(county)[7:11] == "0001"
    with county.write() as transaction:
        holds.put(transaction, holds.RESTORED)
    with pytest.raises(InputError, match="I653"):
        add(county, "城西街道工会")
    serials = []
    for _ in range(2):
        restore(county, backup)
        with county.write() as transaction:
            holds.put(transaction, holds.RESTORED)
        counter.resume(county)
        serials += [add(county)[7:11], add(county, "城西街道工会")[7:11]]
    assert serials == ["0100", "0101", "0200", "0201"], "the city may know each of them"


def test_a_grassroots_office_gives_no_codes(offices):
    store = offices.grassroots
    with store.read() as connection, pytest.raises(InputError, match="I640"):
        unit_tree.mint(connection, store, tree(store), "4")


def test_contact_and_filer_stand_in_the_directory(offices):
    county = offices.county
    code = add(county, contact="王敏", phone="13900001111")
    entry = tree(county).by_code[code]
    assert (entry.contact, entry.phone) == ("王敏", "13900001111")
    unit_tree.note(county, code, {"filer": GRASS})
    entry = tree(county).by_code[code]
    assert (entry.contact, entry.filer) == ("王敏", GRASS)
    with pytest.raises(InputError, match="I645"):
        unit_tree.note(county, code, {"filer": "511102400025"})


def test_changes_have_a_date_and_an_earlier_day_sees_the_tree_of_then(offices):
    county = offices.county
    town, shop = add(county), add(county, "某店工会", "4")
    unit_tree.change(county, shop, "renamed", "2012-05-01", {"name": "某店集团工会"})
    unit_tree.change(county, shop, "moved", "2012-06-01", {"parent": town, "doc_no": "〔2012〕1号"})
    unit_tree.change(county, GRASS, "merged", "2012-07-31", {"parent": shop})
    before, now = tree(county, "2012-04-30"), tree(county)
    assert (before.by_code[shop].name, before.by_code[shop].parent) == ("某店工会", COUNTY)
    assert (now.by_code[shop].name, now.by_code[shop].parent) == ("某店集团工会", town)
    assert shop in now.subtree(town)
    assert shop not in before.subtree(town)
    gone = now.by_code[GRASS]
    assert (gone.active_to, gone.merged_into) == ("2012-07-31", shop)
    assert GRASS in now.subtree(COUNTY), "its rows still count where it was"
    assert tree(county, "2012-07-30").by_code[GRASS].active_to is None


@pytest.mark.parametrize(
    ("kind", "day", "said"),
    [
        ("renamed", "2012-05-01", {"name": "城东街道工会"}),
        ("moved", "2012-05-01", {"parent": COUNTY}),
        ("moved", "2012-05-01", {"parent": OTHER}),
        ("moved", "2012-05-01", {"parent": "511102400025"}),
        ("closed", "2012-02-01", {}),
        ("reopened", "2012-05-01", {}),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_its_reason(offices, kind, day, said):
    code = add(offices.county)
    with pytest.raises(InputError, match="I646"):
        unit_tree.change(offices.county, code, kind, day, said)


def test_a_unit_with_units_below_is_emptied_before_it_is_closed(offices):
    county = offices.county
    town = add(county)
    shop = add(county, "某店工会", "4", parent=town)
    with pytest.raises(InputError, match="还有 1 个单位"):
        unit_tree.change(county, town, "closed", "2012-05-01", {})
    unit_tree.change(county, shop, "moved", "2012-05-01", {"parent": COUNTY})
    uid = unit_tree.change(county, town, "closed", "2012-05-01", {})
    assert tree(county).by_code[town].active_to == "2012-05-01"
    unit_tree.take_back(county, uid)
    assert tree(county).by_code[town].active_to is None


def test_changes_travel_up_and_down_and_the_city_moves_units_between_counties(offices):
    county, city = offices.county, offices.city
    town = add(county)
    unit_tree.change(county, town, "renamed", "2012-05-01", {"name": "东城街道工会"})
    offices.up("county", "city")
    assert tree(city).by_code[town].name == "东城街道工会"
    unit_tree.change(city, GRASS, "moved", "2012-08-01", {"parent": OTHER})
    offices.down("city", "county")
    offices.down("county", "grassroots")
    assert tree(offices.grassroots).by_code[town].name == "东城街道工会"
    for store in (city, county, offices.grassroots):
        assert tree(store).by_code[GRASS].parent == OTHER
        assert tree(store, "2012-07-31").by_code[GRASS].parent == COUNTY


def test_what_an_office_says_of_units_that_are_not_its_own_is_not_heard(offices):
    row = {"union_code": OTHER, "kind": "closed", "date": "2012-05-01"}
    assert not put(offices.county, "unit_event", sheet("unit_event", row)).refused
    assert tree(offices.county).by_code[OTHER].active_to is None
    assert CITY in tree(offices.county).by_code


def test_a_sheet_of_units_makes_no_ring_and_gives_no_code_of_another_block(offices):
    county = offices.county
    town, shop = add(county), add(county, "某店工会", "4")
    node = {"level": "grassroots", "kind": "4", "name": "某店工会"}

    def answer(code, parent):
        said = sheet("unit", node | {"union_code": code, "parent": parent})
        return put(county, "unit", said, reason="改动")

    assert not answer(shop, town).refused
    ring = answer(town, shop)
    assert ring.refused
    assert "成圈" in ring.findings[-1].message
    assert tree(county).by_code[town].parent == COUNTY
    assert answer("511111400010", COUNTY).refused
    assert "511111400010" not in tree(county).by_code


def test_figures_of_an_earlier_day_are_those_of_the_tree_of_then(offices):
    county = offices.county
    town, shop = add(county), add(county, "某店工会", "4")
    uid = new_uid()
    confirm(county, draft("proposal", PROPOSAL, unit=shop, uid=uid))
    unit_tree.change(county, shop, "moved", "2012-08-01", {"parent": town})
    people = PROPOSAL["person_times"]
    assert [people_of(county, town, day) for day in ("2012-07-31", "2012-08-31")] == [0, people]
    unit_tree.change(county, shop, "closed", "2012-08-15", {})
    assert people_of(county, town, "2012-08-31") == people, "what was done stays done"


def people_of(store, unit, day):
    with store.read() as connection:
        found = rollup.progress(connection, store, day, unit)
    return next(one.value for one in found if one.id == "A1_proposal")
