"""报送记录 over three offices: written, received by the county, received by the city, returned."""

from tests.store.offices import put
from union_desk.store import deliveries


def state(store):
    with store.read() as connection:
        newest = next(
            item for item in deliveries.listed(connection, store) if item.reader == store.parent
        )
    return newest.state, newest.by


def test_a_file_goes_from_written_to_received_by_the_county_and_by_the_city(offices):
    """Requirement 17."""
    unit = offices.grassroots
    put(unit, "member")
    offices.up("grassroots", "county")
    assert state(unit) == ("written", "")
    offices.down("county", "grassroots")
    assert state(unit) == ("received", "county")
    offices.up("county", "city")
    offices.down("city", "county")
    assert state(offices.county) == ("received", "city")
    offices.down("county", "grassroots")
    assert state(unit) == ("received", "city")


def test_what_stands_on_paper_is_told_before_a_file_is_written(offices):
    unit = offices.grassroots
    put(unit, "member")
    with unit.read() as connection:
        assert deliveries.papers(connection, unit) == deliveries.Papers("", 0, 0, 0)
        about = deliveries.estimate(connection, unit)
    assert about.size > 10_000
    assert about.attachments == 0
