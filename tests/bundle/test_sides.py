"""Both sides of a hold: how far this computer got, and what is known of the other one."""

import shutil
from contextlib import ExitStack

import pytest

from tests.bundle.offices import GRASS, Offices, build, opened
from tests.store.offices import DAY, put, rows_of, sheet
from union_desk.bundle import exporting, importing
from union_desk.desktop import sent_words
from union_desk.store import counter, holds, parent_says, sides
from union_desk.taskpack.record import new_uid


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    """The data folders of three offices that know one another."""
    folder = tmp_path_factory.mktemp("sides") / "made"
    build(folder, pack)
    return folder


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    """Copies of the three offices."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(made, tmp_path, stack)


@pytest.fixture
def copied(offices, tmp_path):
    """The unit's data folder as it was before anything was sent."""
    folder = tmp_path / "copied"
    shutil.copytree(offices.folder / "offices" / "grassroots", folder)
    return folder


def visit(store):
    row = rows_of("visit")[0] | {"visitor": f"周沫云{new_uid()[-6:]}"}
    assert not put(store, "visit", sheet("visit", row), reason="样本").refused


def known(store):
    with store.read() as connection:
        return holds.current(connection), sides.of(connection, store)


def test_where_nothing_was_sent_there_are_no_sides(offices):
    assert known(offices.grassroots) == (None, sides.Sides(None, None))


def test_an_old_copy_on_this_machine_is_told_by_the_counter(offices, copied):
    visit(offices.grassroots)
    offices.send("grassroots")
    run = known(offices.grassroots)[1].here
    assert (run.n, run.who) == (1, "李敏")
    with opened(copied) as old:
        hold, both = known(old)
    assert hold.why == holds.BEHIND
    assert both.here is None
    assert (both.there.n, both.there.epoch, both.there.known_by) == (1, run.epoch, sides.COUNTER)
    assert both.there.at[:2] == "20"


def test_of_two_computers_the_receipt_tells_how_far_the_parent_got(
    offices, copied, tmp_path, monkeypatch
):
    visit(offices.grassroots)
    offices.up("grassroots", "county")
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "elsewhere"))
    with opened(copied) as other:
        visit(other)
        exporting.export(other, offices.stick(), as_of=DAY)
        importing.take_in(other, offices.send("county", "children"))
        hold, both = known(other)
        assert hold.why == holds.LATER
        assert (both.here.n, both.there.n) == (1, 1)
        assert both.here.epoch != both.there.epoch
        assert (both.there.who, both.there.known_by) == ("", sides.RECEIPT)

        place = offices.stick()
        exporting.give_back(offices.county, GRASS, place)
        importing.take_in(other, place)
        both = known(other)[1]
        assert (both.there.n, both.there.who, both.taken_back) == (1, "李敏", 1)
        assert both.there.known_by == sides.PACKETS


def test_once_decided_nothing_of_the_other_side_is_left(offices, copied, tmp_path, monkeypatch):
    visit(offices.grassroots)
    offices.up("grassroots", "county")
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "elsewhere"))
    with opened(copied) as other:
        visit(other)
        exporting.export(other, offices.stick(), as_of=DAY)
        importing.take_in(other, offices.send("county", "children"))
        counter.resume(other)
        exporting.export(other, offices.stick(), as_of=DAY)
        hold, both = known(other)
    assert hold is None
    assert both.there is None
    assert both.here.n == 1


def test_a_unit_reads_in_its_receipt_what_the_parent_lacks_and_sends_it_once_more(offices):
    unit = offices.grassroots
    visit(unit)
    offices.up("grassroots", "county")
    visit(unit)
    lost = offices.send("grassroots")
    with unit.write() as tx:  # a receipt that the parent's restore has made untrue
        tx.connection.exec_driver_sql("UPDATE packet SET acked = 1")
    visit(unit)
    (came,) = [item for item in offices.up("grassroots", "county") if item.outcome == "waiting"]
    assert came.packet.endswith("000003")
    offices.down("county", "grassroots")
    with unit.read() as connection:
        said = parent_says.newest(connection, unit)
    told = sent_words.lacking(unit)
    assert (said.n, said.missing, said.held) == (1, ((2, 2),), ())
    assert "市中区总工会的回执" in told
    assert "缺第 2 包" in told
    offices.take("county", lost)
    offices.down("county", "grassroots")
    assert sent_words.lacking(unit) == ""
