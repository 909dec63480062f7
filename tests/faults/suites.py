"""Every suite of this folder, and how large each is in a given time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.faults import (
    clock,
    crash_states,
    flips,
    full_disk,
    instance,
    kill_points,
    power_cut,
    schedules,
    silent,
    soak,
    stick,
    typing,
)
from tests.faults.trial import Suite


@dataclass(frozen=True)
class Entry:
    run: Suite
    promises: tuple[str, ...]
    per_minute: Mapping[str, float] = field(default_factory=dict)
    """By option: how much of it is done in a twelfth of the minutes."""

    def within(self, minutes: int) -> dict[str, int]:
        return {name: max(1, int(number * minutes)) for name, number in self.per_minute.items()}


SUITES: Mapping[str, Entry] = {
    "kill_points": Entry(kill_points.suite, ("P1", "P3", "P7", "P9", "P14"), {"points": 1.5}),
    "power_cut": Entry(power_cut.suite, ("P2",), {"cuts": 12}),
    "crash_states": Entry(crash_states.suite, ("P2",), {"states": 1500}),
    "schedules": Entry(schedules.suite, ("P6",), {"schedules": 1.2}),
    "full_disk": Entry(full_disk.suite, ("P7",), {"sizes": 1.5}),
    "clock": Entry(clock.suite, ("P3",), {"runs": 0.4}),
    "flips": Entry(flips.suite, ("P5", "P10"), {"number": 4}),
    "instance": Entry(instance.suite, ("P13",), {"turns": 1}),
    "silent": Entry(silent.suite, ("P11",)),
    "stick": Entry(stick.suite, ("P4",), {"pulls": 1.5}),
    "soak": Entry(soak.suite, ("P12",), {"forms": 40}),
    "typing": Entry(typing.suite, ("P8",), {"kills": 1}),
}
