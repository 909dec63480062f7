"""The unit directory: who is there, under whom, what kind, since when, and how to reach them.

A confirmed row of the package's directory form is the entry of its code; the units of the
package and table ``unit`` hold the nodes without one. Table ``unit_note`` adds one row per code,
and the dated rows of ``unit_event`` what became of a unit: the tree of an earlier day is at hand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store import unit_events
from union_desk.store.kept import kept
from union_desk.store.unit_entry import UnitEntry
from union_desk.store.visible import counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.schema import Tables
    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import TaskPack
    from union_desk.taskpack.organisation import UnitKind


__all__ = ["TABLES", "UnitEntry", "Units", "directory", "kind_of", "of_store", "unlisted"]

TABLES = ("unit", "unit_note", "unit_event")
"""System tables that make the directory."""


@dataclass(frozen=True)
class Units:
    """The directory of one store."""

    by_code: Mapping[str, UnitEntry]
    own: str
    """The store's own unit; codes without an entry count as its own until theirs comes."""

    @cached_property
    def children(self) -> Mapping[str, tuple[UnitEntry, ...]]:
        """Units by the code of their parent, in order of their codes."""
        found: dict[str, list[UnitEntry]] = defaultdict(list)
        for entry in sorted(self.by_code.values(), key=lambda entry: entry.code):
            if entry.parent is not None and entry.parent != entry.code:
                found[entry.parent].append(entry)
        return {code: tuple(entries) for code, entries in found.items()}

    @cached_property
    def root(self) -> str:
        """Code of the top of the tree: the own unit's uppermost known ancestor."""
        code, seen = self.own, {self.own}
        while entry := self.by_code.get(code):
            parent = entry.parent
            if parent is None or parent in seen or parent not in self.by_code:
                break
            code = parent
            seen.add(code)
        return code

    def name(self, code: str) -> str:
        """Return the name of a unit; a code not in the directory stands for itself."""
        entry = self.by_code.get(code)
        return entry.name if entry else code

    @cached_property
    def _subtrees(self) -> dict[str, frozenset[str]]:
        return {}

    def subtree(self, code: str) -> frozenset[str]:
        """Return the unit and all units below it, whatever their depth."""
        if code not in self._subtrees:
            found, waiting = {code}, [code]
            while waiting:
                for entry in self.children.get(waiting.pop(), ()):
                    if entry.code not in found:
                        found.add(entry.code)
                        waiting.append(entry.code)
            self._subtrees[code] = frozenset(found)
        return self._subtrees[code]

    def outside(self, code: str) -> frozenset[str]:
        """Return the units of the tree that are not below `code`.

        One whose parents lead nowhere is in no tree yet: it is outside of nothing.
        """
        return self.subtree(self.root) - self.subtree(code)

    def filed_by(self, code: str) -> tuple[UnitEntry, ...]:
        """Return the units whose directory row names `code` as the one that files for them."""
        return tuple(entry for entry in self.by_code.values() if entry.filer == code)


def of_store(connection: Connection, store: Store, day: str | None = None) -> Units:
    """Return the directory of a store; its own unit is in it even without an entry.

    :param day: the tree as it stood on a day, ISO; as it stands where None.
    """
    known = kept(connection, store.tables, ("directory", day), rows_alone=True)
    forms = frozenset({store.pack.directory.form, *TABLES})
    units = known.value(store.pack.digest, forms, lambda: _with_own(connection, store, day))
    known.keep()
    return units


def _with_own(connection: Connection, store: Store, day: str | None) -> Units:
    units = directory(connection, store.tables, store.pack, store.unit, day=day)
    if store.unit in units.by_code:
        return units
    kind = _kind(store.pack, store.unit, None)
    own = UnitEntry(store.unit, store.unit_name, store.parent, store.level, kind)
    return Units({**units.by_code, store.unit: own}, store.unit)


def directory(
    connection: Connection, tables: Tables, pack: TaskPack, own: str, *, day: str | None = None
) -> Units:
    """Return the directory of the store whose own unit is `own`, as it stood on `day`."""
    entries: dict[str, UnitEntry] = {}
    for unit in pack.units:
        entries[unit.code] = UnitEntry(
            unit.code, unit.name, unit.parent, unit.level, _kind(pack, unit.code, None),
            unit.division, base=unit.base,
        )  # fmt: skip
    for entry in (*_nodes(connection, tables, pack), *_registered(connection, tables, pack)):
        known = entries.get(entry.code)
        entries[entry.code] = (
            replace(entry, level=known.level, base=known.base) if known and known.base else entry
        )
    for code, note in _notes(connection, tables):
        if code in entries:
            entries[code] = note(entries[code])
    return Units(unit_events.laid(entries, unit_events.read(connection, tables), day), own)


def unlisted(connection: Connection, tables: Tables, pack: TaskPack, units: Units) -> list[str]:
    """Return the codes that rows are about and the directory does not know (未归属单位)."""
    found: set[str] = set()
    for form in pack.top_forms:
        unit = tables.form[form.id].c.unit
        found.update(connection.execute(sa.select(unit).distinct()).scalars())
    return sorted(found - set(units.by_code) - {units.own})


def kind_of(pack: TaskPack, code: str, category: str | None) -> UnitKind | None:
    """Return the kind of a unit by the seventh digit of its code and its category."""
    alike = [kind for kind in pack.unit_kinds if kind.code_digit == code[6:7]]
    for kind in alike:
        if kind.attribute and _has(pack, category, kind.attribute):
            return kind
    plain = [kind for kind in alike if not kind.attribute]
    return plain[0] if plain else None


def _kind(pack: TaskPack, code: str, category: str | None) -> str:
    kind = kind_of(pack, code, category)
    return kind.id if kind else ""


def _has(pack: TaskPack, category: str | None, attribute: str) -> bool:
    form = pack.forms.get(pack.directory.form)
    codes = pack.codes(form.by_id[pack.directory.category]) if form else None
    item = codes.by_code.get(category or "") if codes else None
    return bool(item and item.attributes.get(attribute))


def _nodes(connection: Connection, tables: Tables, pack: TaskPack) -> Iterator[UnitEntry]:
    """Yield the rows of table ``unit``, the newest of a code last."""
    columns = ("union_code", "name", "parent", "level", "division", "active_from", "active_to")
    for code, name, parent, level, division, first, last in _rows(
        connection, tables.form["unit"], columns
    ):
        kind = _kind(pack, code, None)
        yield UnitEntry(code, name, parent, level, kind, division, None, first, last)


def _registered(connection: Connection, tables: Tables, pack: TaskPack) -> Iterator[UnitEntry]:
    """Yield the confirmed rows of the package's directory form, the newest of a code last."""
    names = pack.directory
    columns = (
        names.code, names.name, names.parent, names.division, names.category, names.opened,
        names.closed,
    )  # fmt: skip
    kinds: dict[tuple[str, str | None], tuple[str, str]] = {}
    for code, name, parent, division, category, first, last in _rows(
        connection, tables.form[names.form], columns
    ):
        if code is None:
            continue
        alike = (code[6:7], category)
        if alike not in kinds:
            kind = kind_of(pack, code, category)
            kinds[alike] = (kind.level, kind.id) if kind else ("grassroots", "")
        yield UnitEntry(code, name or code, parent, *kinds[alike], division, category, first, last)


def _notes(
    connection: Connection, tables: Tables
) -> Iterator[tuple[str, Callable[[UnitEntry], UnitEntry]]]:
    """Yield a code and what lays its row of ``unit_note`` over its entry, the newest last."""
    columns = (
        "contact", "phone", "last_contact", "promise", "late_reason", "filer", "register_from",
    )  # fmt: skip
    for code, *cells in _rows(connection, tables.form["unit_note"], ("unit", *columns)):
        yield code, partial(replace, **dict(zip(columns, cells, strict=True)))


def _rows(
    connection: Connection, table: sa.Table, columns: tuple[str, ...]
) -> Iterable[Sequence[Any]]:
    """Return columns of the rows that count, the newest last."""
    wanted: sa.Select[Any] = sa.select(*(table.c[name] for name in columns))
    return connection.execute(wanted.where(counts(table)).order_by(table.c.uid)).all()
