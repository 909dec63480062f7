"""Whatever is lost, repeated, reordered, restored or copied back: every record reaches the city."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.walks import schedule
from tests.walks.exchange_world import MOST_ROUNDS, World, build

EXAMPLES = int(os.environ.get("WALK_EXAMPLES", "2"))
STEPS = int(os.environ.get("WALK_STEPS", "14"))


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("four")
    build(folder, pack)
    return folder


@pytest.fixture
def world(made, pack, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    world = World(made, tmp_path, pack, seed=1)
    yield world
    world.close()


@pytest.mark.parametrize("mode", schedule.MODES)
def test_every_schedule_ends_with_the_same_rows_everywhere(
    made, pack, tmp_path_factory, mode, monkeypatch
):
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(0, 2**32))
    def every(seed):
        folder = tmp_path_factory.mktemp("walk")
        monkeypatch.setenv("UNION_DESK_STATE", str(folder / "state"))
        _, rounds = schedule.run(made, folder, pack, seed=seed, steps=STEPS, mode=mode)
        assert 1 <= rounds <= MOST_ROUNDS

    every()
    print(f"{mode}: {EXAMPLES} schedules x {STEPS} steps, derandomized")


def test_one_backup_restored_twice_with_work_between_ends_well(world):
    world.edit("one")
    world.send("one")
    world.back_up("one")
    for _ in range(2):
        world.edit("one")
        for item in world.send("one"):
            world.arrive(item)
        world.restore("one")
        world.decide("one")
    world.edit("one")
    assert world.settle() <= 2
    world.replay()


def test_a_laptop_copied_back_silently_waits_for_a_decision_and_heals(world):
    world.edit("one")
    world.settle()
    world.copy("one")
    world.edit("one")
    for item in world.send("one"):
        world.arrive(item)
    world.copy_back("one")
    assert world.send("one") == []
    world.settle()
    assert world.same()


def test_a_restored_county_asks_for_what_it_lost(world):
    world.edit("one")
    world.settle()
    world.back_up("county")
    world.edit("one")
    world.edit("two")
    world.settle()
    world.restore("county")
    world.settle()
    assert world.same()
