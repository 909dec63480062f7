"""What a later self has sent comes back: taken over, sent again, and never over newer work."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.bundle.offices import Offices, build, told
from tests.store.offices import PASSWORD, ask, put, rows_of, sheet
from union_desk.bundle import exporting
from union_desk.store import audit, backups, counter, drafts, holds, opening, restoring, survey
from union_desk.taskpack.record import new_uid


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("three") / "made"
    build(folder, pack)
    return folder


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(made, tmp_path, stack)


def enter(store, uid, workers):
    row = rows_of("visit")[0] | {"uid": uid, "workers": str(workers)}
    assert not put(store, "visit", sheet("visit", row), reason="样本数据").refused


def restored(offices, path, pack):
    """Go back to a backup and go on with this computer."""
    folder = offices.grassroots.folder
    offices.grassroots.close()
    restoring.restore(folder, path, PASSWORD, pack=pack)
    offices._open["grassroots"] = opening.open_store(folder, password=PASSWORD)
    counter.resume(offices.grassroots)
    return offices.grassroots


def workers(store):
    return dict(ask(store, "SELECT uid, workers FROM visit WHERE deleted = 0"))


@pytest.fixture
def lost(offices, pack):
    """A unit restored to before its second and third delivery; the county has them."""
    unit = offices.grassroots
    old, kept, gone = new_uid(), new_uid(), new_uid()
    enter(unit, old, 1)
    enter(unit, kept, 2)
    offices.up("grassroots", "county")
    path = Path(backups.make(unit, "command").file)
    enter(unit, old, 11)
    enter(unit, gone, 3)
    offices.up("grassroots", "county")
    return restored(offices, path, pack), old, kept, gone


def test_records_lost_by_a_restore_come_back_from_the_parent_and_go_out_again(offices, lost):
    unit, old, kept, gone = lost
    assert workers(unit) == {old: 1, kept: 2}
    offices.up("grassroots", "county")
    assert gone not in workers(offices.county)
    assert ("applied", "") in told(offices.down("county", "grassroots"))
    assert workers(unit) == {old: 11, kept: 2, gone: 3}
    offices.up("grassroots", "county")
    assert workers(offices.county) == {old: 11, kept: 2, gone: 3}
    with unit.read() as connection:
        assert holds.current(connection) is None
    assert list(survey.problems(unit, full=True)) == []


def test_the_same_packets_a_second_time_change_nothing(offices, lost):
    unit, *_ = lost
    offices.up("grassroots", "county")
    stick = offices.send("county", "children")
    offices.take("grassroots", stick)
    before = workers(unit)
    assert {outcome for outcome, _ in told(offices.take("grassroots", stick))} == {"duplicate"}
    assert workers(unit) == before


def test_what_both_sides_changed_is_left_to_a_person(offices, lost):
    unit, old, kept, gone = lost
    enter(unit, old, 7)
    offices.up("grassroots", "county")
    offices.down("county", "grassroots")
    assert workers(unit) == {old: 7, kept: 2, gone: 3}
    with unit.read() as connection:
        edit = drafts.load_draft(connection, old)
    assert edit.fields["workers"] == "11"
    offices.up("grassroots", "county")
    assert workers(offices.county) == {old: 7, kept: 2, gone: 3}


def test_all_a_unit_ever_sent_is_given_back_to_a_new_computer(offices, lost):
    unit, old, kept, gone = lost
    place = offices.stick()
    written = exporting.give_back(offices.county, unit.unit, place)
    assert len(written) == 1
    found = told(offices.take("grassroots", place))
    assert {outcome for outcome, _ in found} == {"applied", "duplicate"}
    assert workers(unit) == {old: 11, kept: 2, gone: 3}


def test_what_was_touched_and_is_gone_here_comes_back_as_it_was_sent(offices, lost):
    unit, _, _, gone = lost
    with unit.write() as tx:
        audit.note(tx, "discard", form="visit", uid=gone)
    offices.up("grassroots", "county")
    assert ("applied", "") in told(offices.down("county", "grassroots"))
    assert gone in workers(unit)
