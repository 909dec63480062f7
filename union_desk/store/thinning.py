"""Which backups of a place stay: all of two days, then ever fewer, never without the newest.

Kept: all of 2 days, 14 daily, 8 weekly, 12 monthly, those made before an upgrade for 90 days; on a
disk where they fill more than a fifth, 3 daily, 2 weekly and 2 monthly. Days are counted over the
days that have a backup, so that a wrong clock costs none.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import FileError, StoreError
from union_desk.store import backup_file, sealed_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

_USUAL = (14, 8, 12)
_SCARCE = (3, 2, 2)
_SHARE = 5
_ALL_OF = timedelta(days=2)
_UPGRADE = timedelta(days=90)
_LONG = ("upgrade", "package")


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup as the list of a place shows it."""

    path: Path
    manifest: backup_file.Manifest
    size: int

    @property
    def at(self) -> datetime:
        """When it was made."""
        return moment(self.manifest.made_at)

    @property
    def order(self) -> tuple[int, str]:
        """Newest last: by the number of the change log's head, which no clock disturbs."""
        return self.manifest.audit[0], self.manifest.made_at


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a backup place: backups, the newest first, and files that cannot be read."""

    kept: tuple[Kept, ...]
    unreadable: tuple[Path, ...]


def moment(text: str) -> datetime:
    """Return a stored time; the beginning of time for one that cannot be read."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def listing(place: Path) -> Listing:
    """Return the backups of a place, the newest first."""
    kept, unreadable = [], []
    for path in sorted(place.glob(f"*{backup_file.SUFFIX}")) if place.is_dir() else ():
        try:
            kept.append(Kept(path, backup_file.read(path), path.stat().st_size))
        except (StoreError, FileError):
            unreadable.append(path)
    kept.sort(key=lambda item: item.order, reverse=True)
    return Listing(tuple(kept), tuple(unreadable))


def to_drop(backups: Sequence[Kept], now: datetime, *, scarce: bool) -> list[Kept]:
    """Return the backups that need not stay."""
    if not backups:
        return []
    newest = max(backups, key=lambda item: item.order)
    stay = {newest.path}
    if not scarce:
        stay |= {item.path for item in backups if now - item.at < _ALL_OF}
        stay |= {
            item.path for item in backups if item.manifest.why in _LONG and now - item.at < _UPGRADE
        }
    days, weeks, months = _SCARCE if scarce else _USUAL
    for most, bucket in ((days, _day), (weeks, _week), (months, _month)):
        stay |= _newest_of_each(backups, most, bucket)
    return [item for item in backups if item.path not in stay]


def _day(at: datetime) -> tuple[int, ...]:
    return at.year, at.month, at.day


def _week(at: datetime) -> tuple[int, ...]:
    return at.isocalendar()[:2]


def _month(at: datetime) -> tuple[int, ...]:
    return at.year, at.month


def _newest_of_each(
    backups: Iterable[Kept], most: int, bucket: Callable[[datetime], tuple[int, ...]]
) -> set[Path]:
    newest: dict[tuple[int, ...], Kept] = {}
    for item in backups:
        known = newest.get(bucket(item.at))
        if known is None or item.order > known.order:
            newest[bucket(item.at)] = item
    return {newest[key].path for key in sorted(newest, reverse=True)[:most]}


def thin(place: Path, store_id: str, now: datetime) -> list[Path]:
    """Remove the backups of a store that need not stay, then the sealed files nothing names.

    One unreadable backup stops the second step: it may name any of them.
    """
    found = listing(place)
    own = [item for item in found.kept if item.manifest.store_id == store_id]
    gone = to_drop(own, now, scarce=False)
    left = sum(item.size for item in own if item not in gone)
    if left * _SHARE > shutil.disk_usage(place).free + left:
        gone = to_drop(own, now, scarce=True)
    for item in gone:
        files.remove(item.path)
    if not found.unreadable:
        stay = [item for item in found.kept if item not in gone]
        keep = {digest for item in stay for _, digest in item.manifest.named.each()}
        sealed_files.sweep(place / sealed_files.COPIES, keep)
    return [item.path for item in gone]
