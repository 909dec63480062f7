"""Where an office may place units in the tree, by packets that no export would write."""

from tests.bundle.crafting import bundle, craft, row
from tests.bundle.offices import COUNTY, told
from union_desk.bundle import importing
from union_desk.store import units
from union_desk.taskpack.record import new_uid


def answer(offices, packet):
    """What the city says of a packet."""
    file = bundle(offices.stick(), packet, to=offices.city)
    return told(importing.take_in(offices.city, file))


def test_no_packet_turns_units_into_a_ring_or_takes_codes_of_another_block(offices, pack):
    county, city = offices.county, offices.city

    def node(code, parent, **cells):
        given = {"name": "某某工会", "level": "grassroots", "kind": "4"} | cells
        return row(pack, "unit", county, union_code=code, parent=parent, **given)

    first, second = "511102400106", "511102400092"
    squat = node("511111400010", COUNTY)
    assert answer(offices, craft(county, tables={"unit": [squat]})) == [("quarantined", "B604")]
    above, below = new_uid(), new_uid()
    good = craft(
        county, tables={"unit": [node(first, COUNTY, uid=above), node(second, first, uid=below)]}
    )
    assert told(importing.take_in(city, bundle(offices.stick(), good, to=city))) == [
        ("applied", "")
    ]
    ring = craft(county, tables={"unit": [node(first, second, uid=above, rev=2)]}, after=good)
    assert answer(offices, ring) == [("quarantined", "B560")]
    with city.read() as connection:
        assert {first, second} < units.of_store(connection, city).subtree(COUNTY)


def test_a_unit_cut_off_from_the_tree_is_placed_anew_by_its_writer(offices, pack):
    county, city = offices.county, offices.city
    one, own = "511102400106", new_uid()
    node = {"uid": own, "union_code": one, "name": "某某工会", "level": "grassroots", "kind": "4"}
    lost = craft(county, tables={"unit": [row(pack, "unit", county, parent=COUNTY, **node)]})
    assert told(importing.take_in(city, bundle(offices.stick(), lost, to=city))) == [
        ("applied", "")
    ]
    with city.write() as transaction:
        table = city.tables.form["unit"]
        transaction.connection.execute(table.update().values(parent=one))
    again = row(pack, "unit", county, parent=COUNTY, rev=2, **node)
    mended = craft(county, tables={"unit": [again]}, after=lost)
    assert answer(offices, mended) == [("applied", "")]
    with city.read() as connection:
        assert one in units.of_store(connection, city).subtree(COUNTY)
