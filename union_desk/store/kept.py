"""What was worked out before and still holds: only tables that changed since are read again.

The change log tells which: every write to the table of a form leaves its row there, in the same
transaction. A log that does not continue the one seen last time means that nothing is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from union_desk.store import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from sqlalchemy import Connection

    from union_desk.store.schema import Tables

    Head = tuple[int, str]
    """Number and hash of the newest row of the change log."""

_T = TypeVar("_T")
_MOST = 64
"""Keys under which something is kept."""
_KEY = "kept"


@dataclass(frozen=True)
class Kept:
    """What is kept under one key, in one state of the store."""

    tables: Tables
    key: Hashable
    head: Head
    known: dict[Hashable, tuple[frozenset[str], Any]] = field(default_factory=dict)
    """By name: the forms it was worked out from, and the value."""

    def value(self, name: Hashable, forms: frozenset[str], work_out: Callable[[], _T]) -> _T:
        """Return a value, from before where none of the `forms` it reads has changed."""
        if name not in self.known:
            self.known[name] = (forms, work_out())
        found: _T = self.known[name][1]
        return found

    def keep(self) -> None:
        """Keep this for the next look."""
        all_kept = self.tables.remembered.setdefault(_KEY, {})
        if len(all_kept) >= _MOST:
            all_kept.clear()
        all_kept[self.key] = (self.head, self.known)


def kept(
    connection: Connection,
    tables: Tables,
    key: Hashable,
    everything: frozenset[str] = frozenset(),
    *,
    rows_alone: bool = False,
) -> Kept:
    """Return what still holds of what was kept under `key`.

    :param everything: forms whose change touches every value.
    :param rows_alone: acts that are about no form's rows (sent, received, settings) touch none.
    """
    head = audit.head(connection)
    seen, known = tables.remembered.get(_KEY, {}).get(key, (None, {}))
    changed: frozenset[str] | None = None
    if seen is not None:
        changed = _changed(connection, tables, seen, head, rows_alone=rows_alone)
    if changed is None or changed & everything:
        return Kept(tables, key, head)
    left = {name: item for name, item in known.items() if not item[0] & changed}
    return Kept(tables, key, head, left)


def forget(tables: Tables) -> None:
    """Keep nothing: what is asked next is worked out from the rows as they stand in the file."""
    tables.remembered.pop(_KEY, None)


def _changed(
    connection: Connection, tables: Tables, seen: Head, head: Head, *, rows_alone: bool
) -> frozenset[str] | None:
    """Return the forms written since `seen`; None where the log does not tell."""
    if seen == head:
        return frozenset()
    log = tables.audit
    number, digest = seen
    if connection.execute(sa.select(log.c.hash).where(log.c.n == number)).scalar() != digest:
        return None
    forms: Sequence[str | None] = (
        connection.execute(sa.select(log.c.form).where(log.c.n > number).distinct()).scalars().all()
    )
    if None in forms and not rows_alone:
        return None
    return frozenset(form for form in forms if form is not None)
