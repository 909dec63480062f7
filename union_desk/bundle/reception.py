"""收件 from sticks in a queue: take in what is for this office, answer on them, let them go.

A stick is clean when all that is for this office was applied or known before: then the answer of
each unit is written back to it, read back, and the stick let go, without a question. Otherwise
all stops at the outcome and nothing is written.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from union_desk import crypto, files
from union_desk.bundle import delivery, drives, importing, outcomes, zip_end
from union_desk.bundle.container import LIMITS, SEALED
from union_desk.bundle.delivery import Target
from union_desk.bundle.packet_reading import TROUBLES
from union_desk.errors import UserError
from union_desk.store import deliveries, peers, units

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from union_desk.bundle.drives import Drive
    from union_desk.bundle.exporting import Exported, Progress
    from union_desk.bundle.outcomes import Outcome
    from union_desk.store.transaction import Store
    from union_desk.store.units import Units

FINE = (outcomes.APPLIED, outcomes.DUPLICATE)
_PARTS = 5
"""Of a packet's file name: origin, stream, run, number, ending."""


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


def take_files(
    store: Store, paths: Sequence[Path], *, named: bool, progress: Progress | None = None
) -> list[Outcome]:
    """Take in files that a person named, and of folders what is for this office.

    :param named: the files were named one by one; else those for others are passed over, too.
    """
    wanted: list[Path] = []
    for path in paths:
        if path.is_dir() or not named:
            wanted += for_this_office(store, importing.expand(path))
        else:
            wanted.append(path)
    return importing.take_in(store, wanted, progress=progress) if wanted else []


def for_this_office(store: Store, paths: Sequence[Path]) -> list[Path]:
    """Return the bundles that are for this office, by their content; own ones are not.

    What cannot be read counts as for this office, so that it is told.
    """
    with store.read() as connection:
        secret = peers.own(connection, store).secret
        written = {item.sha256 for item in deliveries.listed(connection, store)}
        known = units.of_store(connection, store)
    return [
        path
        for path in paths
        if files.sha256_file(path) not in written and _is_for(store, known, path, secret)
    ]


def _is_for(store: Store, known: Units, path: Path, secret: str) -> bool:
    with path.open("rb") as source, files.temporary(store.folder / "tmp") as target:
        if source.read(len(SEALED)) != SEALED:
            return _is_from_above(store, known, source)
        source.seek(0)
        try:
            crypto.open_file(source, target, [secret])
        except crypto.WrongKey:
            return False
        except crypto.Damaged:
            return True
    return True


def _is_from_above(store: Store, known: Units, source: IO[bytes]) -> bool:
    """Return whether a file that is secret to nobody comes from an office above, or brings keys."""
    try:
        if zip_end.entries(source) > LIMITS.entries:
            return True
        names = [name.split(".") for name in zipfile.ZipFile(source).namelist()]
        rows = [parts for parts in names if len(parts) == _PARTS and int(parts[3]) > 0]
    except TROUBLES:
        return True
    return not rows or any(
        peers.relation(known, store, parts[0][: peers.SOLID]) in ("parent", "above")
        for parts in rows
    )


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
    for unit in _uppermost(known, [code for code in taken.units if code in below]):
        try:
            made += delivery.hand_over(store, target, need, reader=unit, as_of=as_of)
        except UserError as error:
            trouble = error
    gone = trouble is None and drives.eject(drive)
    return Taken(drive, taken.found, tuple(made), trouble, gone)


def _uppermost(known: Units, codes: Sequence[str]) -> list[str]:
    """Return the units that are below no other of them: what is for the others goes through."""
    return [
        code
        for code in codes
        if not any(code != other and code in known.subtree(other) for other in codes)
    ]
