"""The unit directory: who is there, under whom, what kind, since when, and how to reach them.

A confirmed row of the package's directory form is the entry of its code; the units of the
package and table ``unit`` hold the nodes without one. Table ``unit_note`` adds one row per code.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store.visible import counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Connection, RowMapping

    from union_desk.store.schema import Tables
    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import TaskPack
    from union_desk.taskpack.organisation import UnitKind


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """One unit of the directory; dates are ISO, None where nothing limits them."""

    code: str
    name: str
    parent: str | None
    level: str
    kind: str
    """Id of the package's unit kind, "" where it knows none for the code."""
    division: str | None = None
    category: str | None = None
    """Code that tells kinds of the same digit apart."""
    active_from: str | None = None
    active_to: str | None = None
    contact: str | None = None
    phone: str | None = None
    last_contact: str | None = None
    filer: str | None = None
    register_from: str | None = None
    base: bool = False
    """One of the reporting blocks of the package, or the root."""


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

    def subtree(self, code: str) -> frozenset[str]:
        """Return the unit and all units below it, whatever their depth."""
        found, waiting = {code}, [code]
        while waiting:
            for entry in self.children.get(waiting.pop(), ()):
                if entry.code not in found:
                    found.add(entry.code)
                    waiting.append(entry.code)
        return frozenset(found)

    def outside(self, code: str) -> frozenset[str]:
        """Return the known units that are not below `code`."""
        return frozenset(self.by_code) - self.subtree(code)

    def filed_by(self, code: str) -> tuple[UnitEntry, ...]:
        """Return the units whose directory row names `code` as the one that files for them."""
        return tuple(entry for entry in self.by_code.values() if entry.filer == code)


def of_store(connection: Connection, store: Store) -> Units:
    """Return the directory of a store; its own unit is in it even without an entry."""
    units = directory(connection, store.tables, store.pack, store.unit)
    if store.unit in units.by_code:
        return units
    kind = _kind(store.pack, store.unit, None)
    own = UnitEntry(store.unit, store.unit_name, store.parent, store.level, kind)
    return Units({**units.by_code, store.unit: own}, store.unit)


def directory(connection: Connection, tables: Tables, pack: TaskPack, own: str) -> Units:
    """Return the directory of the store whose own unit is `own`."""
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
    return Units(entries, own)


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
    table = tables.form["unit"]
    for row in _rows(connection, sa.select(table).where(counts(table)).order_by(table.c.uid)):
        code = row["union_code"]
        yield UnitEntry(
            code, row["name"], row["parent"], row["level"], _kind(pack, code, None),
            row["division"], active_from=row["active_from"], active_to=row["active_to"],
        )  # fmt: skip


def _registered(connection: Connection, tables: Tables, pack: TaskPack) -> Iterator[UnitEntry]:
    """Yield the confirmed rows of the package's directory form, the newest of a code last."""
    where = pack.directory
    table = tables.form[where.form]
    names = {
        "code": where.code, "name": where.name, "parent": where.parent,
        "division": where.division, "category": where.category,
        "opened": where.opened, "closed": where.closed,
    }  # fmt: skip
    wanted = sa.select(*(table.c[column].label(name) for name, column in names.items()))
    for row in _rows(connection, wanted.where(counts(table)).order_by(table.c.uid)):
        code, kind = row["code"], kind_of(pack, row["code"] or "", row["category"])
        if code is None:
            continue
        yield UnitEntry(
            code, row["name"] or code, row["parent"], kind.level if kind else "grassroots",
            kind.id if kind else "", row["division"], row["category"], row["opened"], row["closed"],
        )  # fmt: skip


def _notes(
    connection: Connection, tables: Tables
) -> Iterator[tuple[str, Callable[[UnitEntry], UnitEntry]]]:
    """Yield a code and what lays its row of ``unit_note`` over its entry, the newest last."""
    table = tables.form["unit_note"]
    for row in _rows(connection, sa.select(table).where(counts(table)).order_by(table.c.uid)):
        yield (
            row["unit"],
            partial(
                replace,
                contact=row["contact"],
                phone=row["phone"],
                last_contact=row["last_contact"],
                filer=row["filer"],
                register_from=row["register_from"],
            ),
        )


def _rows(connection: Connection, statement: sa.Select[tuple[object, ...]]) -> Iterable[RowMapping]:
    return connection.execute(statement).mappings().all()
