"""County figures are the sums over their units; what counts once does not add up and says so."""

import dataclasses

import pytest

from tests.store.sample_tables import CITY
from union_desk.store import adding_up, rollup

DAY = "2012-08-31"
BLOCK = "511102000013"


@pytest.fixture
def checked(connection, sample_store):
    def look():
        return adding_up.check(connection, sample_store, DAY, sample_store.pack.indicators)

    return look


def test_every_figure_of_every_block_is_the_sum_over_its_units(checked, connection, sample_store):
    sums = checked()
    assert len(sums) == 46
    assert not any(item.wrong for item in sums)
    assert all(item.whole_holds for item in sums)
    whole = {item.id: item for item in rollup.progress(connection, sample_store, DAY)}
    assert all(item.whole[0] == whole[item.indicator.id].numerator for item in sums)


def test_rows_of_no_block_are_named_beside_the_whole(checked, connection):
    """A row of the city itself belongs to none of the 15 blocks."""
    connection.exec_driver_sql(
        f"UPDATE visit SET unit = CASE rowid WHEN 1 THEN '{CITY}' ELSE '{BLOCK}' END"
    )
    visits = next(item for item in checked() if item.indicator.id == "A6_visits")
    assert visits.rest[0] == 1
    assert visits.whole_holds
    assert "走访次数 1" in "".join(adding_up.words([visits], {}))


def test_a_person_helped_by_two_blocks_is_said_to_count_once(checked, connection):
    connection.exec_driver_sql(
        "UPDATE employment SET target_group = '1', employed = 1, employ_date = '2012-05-01',"
        " person_id = (SELECT person_id FROM employment WHERE rowid = 1),"
        f" unit = CASE rowid WHEN 1 THEN '511181000014' ELSE '{BLOCK}' END"
    )
    helped = next(item for item in checked() if item.indicator.id == "A3_reemployed")
    parts = sum(sides[0] for sides in helped.below.values())
    assert parts > helped.whole[0] == 1
    assert helped.repeated == parts + helped.rest[0] - 1
    assert "合计只计一次的" in "".join(adding_up.words([helped], {}))


def test_a_sum_that_does_not_hold_is_said(checked):
    visits = next(item for item in checked() if item.indicator.id == "A6_visits")
    broken = dataclasses.replace(visits, added={**visits.added, BLOCK: (99, None)})
    assert broken.wrong == (BLOCK,)
    assert "市中区的数与所辖各单位相加不等" in adding_up.words([broken], {BLOCK: "市中区"})[0]
