"""收件 from sticks in a queue: take in what is for this office, answer on them, let them go.

A stick is clean when all that is for this office was applied or known before: then the answer of
each unit is written back to it, read back, and the stick let go, without a question. Otherwise
all stops at the outcome and nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import crypto, files
from union_desk.bundle import delivery, drives, importing, outcomes
from union_desk.bundle.container import SEALED
from union_desk.bundle.delivery import Target
from union_desk.errors import UserError
from union_desk.store import deliveries, peers, units

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from union_desk.bundle.drives import Drive
    from union_desk.bundle.exporting import Exported, Progress
    from union_desk.bundle.outcomes import Outcome
    from union_desk.store.transaction import Store

FINE = (outcomes.APPLIED, outcomes.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a stick."""

    drive: Drive
    found: tuple[Outcome, ...]
    answered: tuple[Exported, ...] = ()
    trouble: UserError | None = None
    """Why the answer could not be written."""
    gone: bool = False
    """The system says that the stick may be pulled out."""

    @property
    def clean(self) -> bool:
        """Whether all that is for this office was taken in, now or before."""
        return bool(self.found) and all(item.outcome in FINE for item in self.found)

    @property
    def units(self) -> tuple[str, ...]:
        """Codes of the units whose packets lay on it, in their order."""
        return tuple(dict.fromkeys(item.unit for item in self.found if item.unit))


def take_stick(
    store: Store, drive: Drive, *, as_of: str, progress: Progress | None = None
) -> Taken:
    """Take in what is for this office; where the stick is clean, answer on it and let it go.

    :raises UserError: the store cannot be written.
    """
    paths = for_this_office(store, importing.expand(drive.root))
    found = tuple(importing.take_in(store, paths, progress=progress)) if paths else ()
    taken = Taken(drive, found)
    return answer(store, taken, as_of=as_of) if taken.clean else taken


def for_this_office(store: Store, paths: Sequence[Path]) -> list[Path]:
    """Return the bundles that this office can open and did not write itself, by their content."""
    with store.read() as connection:
        secret = peers.own(connection, store).secret
        written = {item.sha256 for item in deliveries.listed(connection, store)}
    return [
        path
        for path in paths
        if files.sha256_file(path) not in written and _opens(store, path, secret)
    ]


def _opens(store: Store, path: Path, secret: str) -> bool:
    """Return whether a bundle is for this office: damaged ones are, so that they are told."""
    with path.open("rb") as source, files.temporary(store.folder / "tmp") as target:
        if source.read(len(SEALED)) != SEALED:
            return True
        source.seek(0)
        try:
            crypto.open_file(source, target, [secret])
        except crypto.WrongKey:
            return False
        except crypto.Damaged:
            return True
    return True


def answer(store: Store, taken: Taken, *, as_of: str) -> Taken:
    """Write what is for the units of a stick back to it, read it back, let the stick go."""
    with store.read() as connection:
        known = units.of_store(connection, store)
        below = known.subtree(store.unit) - {store.unit}
        need = deliveries.broadcast_size(connection, store)
    drive = taken.drive
    target = Target(delivery.STICK, drive.root, drive)
    made: list[Exported] = []
    trouble: UserError | None = None
    for unit in taken.units:
        if unit not in below:
            continue
        try:
            made += delivery.hand_over(store, target, need, reader=unit, as_of=as_of)
        except UserError as error:
            trouble = error
    gone = trouble is None and drives.eject(drive)
    return Taken(drive, taken.found, tuple(made), trouble, gone)
