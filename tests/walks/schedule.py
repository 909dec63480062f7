"""One random schedule of the exchange: weights as people live, then everyone meets again."""

from tests.walks.exchange_world import OFFICES, WRITERS, World

MODES = ("marked", "silent")
"""Restores are known to the program, or files are copied back without a word."""
ACTS = {
    "edit": 45, "send": 15, "arrive": 18, "again": 5, "answer": 7, "down": 6, "backup": 2,
    "restore": 2,
}  # fmt: skip


def run(made, folder, pack, *, seed, steps, mode):
    """Run a schedule; whatever breaks an invariant raises. Returns (acts done, rounds needed)."""
    world = World(made, folder, pack, seed)
    try:
        done = [step(world, mode) for _ in range(steps)]
        rounds = world.settle()
        if mode == "marked":
            world.replay()
            assert world.same(), world.differences()
        world.check_whole()
    finally:
        world.close()
    return done, rounds


def step(world, mode):
    """Do one act, chosen by weight."""
    act = world.random.choices([*ACTS], [*ACTS.values()])[0]
    act_on(world, act, mode)
    return act


def act_on(world, act, mode):
    writer = world.random.choice(WRITERS)
    anyone = world.random.choice([*OFFICES])
    lost = world.random.random() < 0.3
    if act == "edit":
        world.edit(writer)
    elif act == "send":
        sender = world.random.choice((*WRITERS, "county"))
        if sender in WRITERS or world.random.random() < 0.7:
            world.decide(sender)
        for item in world.send(sender):
            if not lost:
                world.arrive(item)
    elif act in ("arrive", "again"):
        world.arrive_any()
    elif act in ("answer", "down"):
        upper = world.random.choice(("county", "city"))
        for item in world.send(upper, "children"):
            if not lost:
                world.arrive(item)
    elif act == "backup":
        (world.back_up if mode == "marked" else world.copy)(anyone)
    else:
        (world.restore if mode == "marked" else world.copy_back)(anyone)
