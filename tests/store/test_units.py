"""The unit directory: package, table `unit`, confirmed rows of the directory form, notes."""

import pytest

from tests.store.sample_tables import CITY
from union_desk.store import units as directory
from union_desk.store.units import UnitEntry, Units

COUNTY = "511102000013"
GRASS = "511102400017"


@pytest.fixture
def units(samples):
    return lambda: directory.directory(samples.connection, samples.tables, samples.pack, CITY)


def test_the_packages_units_and_confirmed_rows_of_the_directory_form_are_entries(units):
    found = units()
    assert found.name(CITY) == "乐山市总工会"
    assert found.by_code[COUNTY].level == "county"
    entry = found.by_code[GRASS]
    assert (entry.name, entry.parent, entry.level, entry.kind) == (
        "乐山沫水餐饮管理工会委员会",
        COUNTY,
        "grassroots",
        "grass_enterprise",
    )
    assert (entry.active_from, entry.active_to) == ("2012-03-20", None)


def test_the_kind_of_a_unit_follows_its_code_and_its_category(units, samples):
    samples.change("union_org", 1, econ_type="400")
    assert units().by_code[GRASS].kind == "grass_public"
    assert units().by_code[CITY].kind == "county"


def test_a_draft_or_voided_row_is_no_entry(units, samples):
    samples.change("union_org", 1, record_state="draft")
    assert GRASS not in units().by_code
    assert units().name(GRASS) == GRASS


def test_table_unit_holds_nodes_without_a_row_and_gives_way_to_one(units, samples):
    samples.system(
        "unit",
        union_code="511102200012",
        name="大佛街道工会",
        parent=COUNTY,
        level="county",
        kind="2",
        active_from="2012-02-01",
    )
    samples.system("unit", union_code=GRASS, name="旧名", parent=CITY, level="grassroots", kind="4")
    found = units().by_code
    assert (found["511102200012"].kind, found["511102200012"].active_from) == (
        "township",
        "2012-02-01",
    )
    assert found[GRASS].name == "乐山沫水餐饮管理工会委员会"


def test_notes_give_contact_filer_and_register(units, samples):
    samples.system(
        "unit_note",
        unit=GRASS,
        contact="周沫云",
        phone="13908330001",
        filer=COUNTY,
        register_from="2012Q3",
    )
    entry = units().by_code[GRASS]
    assert (entry.contact, entry.phone, entry.filer, entry.register_from) == (
        "周沫云",
        "13908330001",
        COUNTY,
        "2012Q3",
    )
    assert [other.code for other in units().filed_by(COUNTY)] == [GRASS]


def test_a_subtree_holds_a_unit_and_all_below_it_whatever_their_depth(units):
    found = units()
    assert found.subtree(COUNTY) >= {COUNTY, GRASS}
    assert found.subtree(CITY) == frozenset(found.by_code)
    assert found.outside(CITY) == frozenset()
    assert GRASS not in found.outside(COUNTY)
    assert found.root == CITY


def test_a_circle_of_parents_ends(units):
    entries = {
        code: UnitEntry(code, code, parent, "county", "")
        for code, parent in (("a", "b"), ("b", "a"))
    }
    found = Units(entries, "a")
    assert found.subtree("a") == {"a", "b"}
    assert found.root == "b"


def test_codes_of_rows_that_nobody_lists_are_told(units, samples):
    samples.change("visit", 1, unit="511199400021")
    assert directory.unlisted(samples.connection, samples.tables, samples.pack, units()) == [
        "511199400021"
    ]


def test_the_stores_own_unit_is_known_without_an_entry(tmp_path, pack):
    from union_desk.store import opening

    code = "511199400026"
    with (
        opening.create(
            tmp_path / "s",
            pack,
            unit=code,
            name="市属基层",
            level="grassroots",
            parent=CITY,
            password=None,
        ) as store,
        store.read() as connection,
    ):
        found = directory.of_store(connection, store)
    assert (found.by_code[code].name, found.by_code[code].parent, found.root) == (
        "市属基层",
        CITY,
        CITY,
    )
