"""The year's targets divided over the units below: by hand, evenly, by a figure of the units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.offices import PASSWORD, new_store
from union_desk.errors import InputError
from union_desk.store import opening, shares
from union_desk.store.shares import Split

UNIONS, AMOUNT = "A2_new_unions", "A3_amount"


@pytest.fixture
def splits(city):
    def read():
        with city.read() as connection:
            return {item.indicator.id: item for item in shares.splits(connection, city)}

    return read


@pytest.fixture
def below(city):
    with city.read() as connection:
        return [entry.code for entry in shares.receivers(connection, city)]


def test_the_city_divides_the_count_targets_of_the_notice_over_its_15_blocks(splits, below, pack):
    found = splits()
    counts = [item.id for item in pack.indicators.values() if item.target and not item.denominator]
    assert list(found) == counts
    assert len(below) == 15
    assert (found[UNIONS].total, found[UNIONS].divided, found[UNIONS].rest) == (2000, 0, 2000)


def test_a_share_is_kept_with_its_paper_and_its_history(city, splits, below):
    assert (
        shares.save(city, UNIONS, {below[0]: 300, below[1]: 150.5}, "乐工发〔2012〕60号", "") == 2
    )
    assert shares.save(city, UNIONS, {below[0]: 320}, "乐工发〔2012〕61号", "补充分解") == 1
    held = splits()[UNIONS]
    assert held.given == {below[0]: 320, below[1]: 150.5}
    assert held.documents[below[0]] == "乐工发〔2012〕61号"
    assert (held.divided, held.rest) == (470.5, 1529.5)
    with city.read() as connection:
        log = "SELECT v.old, v.new FROM audit a JOIN audit_value v ON v.n = a.n WHERE a.form = 'target_share' AND a.rev = 2"
        ((old, new),) = connection.exec_driver_sql(log).all()
    assert ("60号" in old, "61号" in new) == (True, True)


def test_a_share_that_is_emptied_is_taken_back(city, splits, below):
    shares.save(city, UNIONS, {below[0]: 300, below[1]: 100}, "", "")
    assert shares.save(city, UNIONS, {below[0]: None}, "", "") == 1
    assert splits()[UNIONS].given == {below[1]: 100}


def test_an_unchanged_share_is_not_written_again(city, below):
    shares.save(city, UNIONS, {below[0]: 300}, "", "")
    assert shares.save(city, UNIONS, {below[0]: 300}, "", "") == 0


def test_a_share_below_zero_is_refused_and_nothing_changes(city, splits, below):
    with pytest.raises(InputError, match="I442"):
        shares.save(city, UNIONS, {below[0]: 5, below[1]: -1}, "", "")
    assert splits()[UNIONS].given == {}


def test_the_city_may_set_its_own_target_anew(city, splits):
    shares.save(city, UNIONS, {city.unit: 2100}, "乐工发〔2012〕70号", "")
    assert splits()[UNIONS].total == 2100


def test_a_county_divides_what_the_city_gave_it_and_nothing_else(tmp_path, pack):
    with new_store(tmp_path / "county", pack, "county") as county:
        with county.read() as connection:
            assert {item.total for item in shares.splits(connection, county)} == {None}
        shares.save(county, UNIONS, {county.unit: 120}, "", "")
        with county.read() as connection:
            found = shares.splits(connection, county)
    assert [(item.indicator.id, item.total) for item in found if item.total] == [(UNIONS, 120)]
    with opening.open_store(tmp_path / "county", password=PASSWORD) as county, county.read() as c:
        assert [item.total for item in shares.splits(c, county) if item.total] == [120]


def test_the_bases_are_figures_of_the_units_themselves(sample_store, connection):
    found = {item.indicator.id: item for item in shares.splits(connection, sample_store)}
    bases = shares.bases(connection, sample_store, "2012-08-31", found["A2_new_members"])
    staff = next(base for base in bases if base.title == "职工数")
    assert sum(staff.weights.values()) > 0


UNIT = "511102000013"


@given(
    st.integers(0, 10**6),
    st.lists(st.integers(0, 10**4), min_size=1, max_size=40).filter(any),
)
def test_no_unit_of_a_target_is_lost_or_made_by_dividing(pack, total, weights):
    split = Split(pack.indicators[UNIONS], total, {}, {})
    units = [f"{number:012d}" for number in range(len(weights))]
    by = dict(zip(units, map(float, weights), strict=True))
    for found in (shares.divided(split, units, by), shares.divided(split, units, None)):
        assert sum(found.values()) == total
        assert all(value == int(value) >= 0 for value in found.values())
    even = shares.divided(split, units, None).values()
    assert max(even) - min(even) <= 1


def test_money_is_divided_to_the_fen(pack):
    split = Split(pack.indicators[AMOUNT], 100, {}, {})
    assert list(shares.divided(split, ["a", "b", "c"], None).values()) == [33.34, 33.33, 33.33]


def test_without_a_target_or_a_base_there_is_nothing_to_divide(pack):
    with pytest.raises(InputError, match="I441"):
        shares.divided(Split(pack.indicators[UNIONS], None, {}, {}), [UNIT], None)
    with pytest.raises(InputError, match="I441"):
        shares.divided(Split(pack.indicators[UNIONS], 5, {}, {}), [UNIT], {UNIT: 0.0})
