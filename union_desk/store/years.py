"""The years of a store: one task package each, all of which stay open to entry, look and print.

The newest package is worked in from the opening on. A look at another year is the same store with
that year's package in front: its forms, checks, targets and bounds hold there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import rollup, upgrading

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.indicators import Progress
    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import TaskPack


@dataclass(frozen=True, slots=True)
class Beside:
    """An indicator of this year beside the one of the same id of the year before."""

    now: Progress
    same_day: Progress | None
    """At the same day a year ago; None where the package of that year has no such indicator."""
    whole: Progress | None
    """At the end of the year before."""


def packages(store: Store) -> tuple[TaskPack, ...]:
    """Return the packages of a store by year, the last year last."""
    return tuple(sorted(store.packs, key=lambda pack: (pack.year, pack.id)))


def before(store: Store) -> TaskPack | None:
    """Return the package of the year before the one that is worked in."""
    earlier = [pack for pack in packages(store) if pack.year < store.pack.year]
    return earlier[-1] if earlier else None


def view(store: Store, ident: str) -> Store:
    """Return the same open store with another of its packages in front.

    :raises InputError: I498, it has no such package.
    """
    chosen = [pack for pack in store.packs if pack.id == ident]
    if not chosen:
        raise InputError("I498", f"没有装过任务包“{ident}”。", "请先装入这一年的任务包。")
    if store.pack is chosen[0]:
        return store
    packs = (*(pack for pack in store.packs if pack is not chosen[0]), chosen[0])
    with store.read() as connection:
        tables = upgrading.tables_of(connection, packs)
    return replace(store, packs=packs, tables=tables)


def beside(connection: Connection, store: Store, as_of: str) -> tuple[Beside, ...]:
    """Return every indicator of the year beside the year before, each by its own package.

    :param as_of: a day of the year that is worked in.
    """
    now = rollup.progress(connection, store, as_of)
    older = before(store)
    if older is None:
        return tuple(Beside(item, None, None) for item in now)
    last = view(store, older.id)
    then = {item.id: item for item in rollup.progress(connection, last, year_before(as_of))}
    whole = {item.id: item for item in rollup.progress(connection, last, older.year_to)}
    return tuple(Beside(item, then.get(item.id), whole.get(item.id)) for item in now)


def year_before(day: str) -> str:
    """Return the same day a year ago, 28 February for a 29th."""
    found = date.fromisoformat(day)
    short = found.replace(day=28) if (found.month, found.day) == (2, 29) else found
    return short.replace(year=found.year - 1).isoformat()
