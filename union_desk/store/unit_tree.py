"""Changing the tree of units: adding one with a fresh code, and dated changes of those below.

Codes are minted by the office of a reporting block under the block's own six digits, and by each
of its computers in a range of its own, so that offices without a line never mint the same one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from stdnum.iso7064 import mod_11_10

from union_desk.errors import InputError
from union_desk.store import counter, holds, intake, rights, tree_rules, unit_events
from union_desk.store import units as directory
from union_desk.taskpack.record import Table
from union_desk.taskpack.system_tree import EVENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store
    from union_desk.store.units import Units
    from union_desk.taskpack.organisation import UnitKind
    from union_desk.taskpack.record import Value

_FIRST, _FURTHER = range(1, 5_000), 200
"""Serials of the first computer; how many each further one has."""
_COMPUTERS = "BCDEFGHIJKLMNOPQRSTUVWXYZ"
_STEP = 100
"""After a restore codes go on at the next full hundred; of a short range at a tenth of it."""
_RESUMED = "SELECT count(*), max(at) FROM audit WHERE act = 'hold_decided'"


def kinds(store: Store) -> tuple[UnitKind, ...]:
    """Return the kinds of unit that an office may add, one for each digit of the code."""
    found = {kind.code_digit: kind for kind in reversed(store.pack.unit_kinds)}
    return tuple(found[digit] for digit in sorted(found))


def mints(store: Store, units: Units) -> bool:
    """Return whether this office gives codes: that of a reporting block, or of the root."""
    entry = units.by_code.get(store.unit)
    return entry is not None and entry.base and entry.level != "grassroots"


def mint(connection: Connection, store: Store, units: Units, digit: str) -> str:
    """Return the next free code of this computer's range for a kind of unit.

    After a restore units may carry codes that this store no longer knows: codes go on further up.

    :raises InputError: I640, this office gives no codes; I641, the range is used up; I653, a
        restore waits for the decision which computer goes on.
    """
    if not mints(store, units):
        raise InputError(
            "I640", f"{store.unit_name}不编单位编码。", "请由所在的县（市、区）总工会新增单位。"
        )
    head = store.unit[:6] + digit
    if holds.current(connection) is not None:
        raise InputError(
            "I653",
            "还没有决定由哪台电脑继续填报，不能新增单位：恢复前编过的编码可能会再编一次。",
            "请先在“报送”页上作决定。",
        )
    used = {code[7:11] for code in _codes(connection, store, units) if code[:7] == head}
    for number in _unspent(connection, store, head):
        serial = f"{number:04d}"
        if serial not in used:
            return head + serial + str(mod_11_10.calc_check_digit(head + serial))
    raise InputError("I641", f"{head} 的编码用完了。", "请与市总工会商量新的编码段。")


def _range(letter: str) -> range:
    if not letter:
        return _FIRST
    first = _FIRST.stop + _FURTHER * _COMPUTERS.index(letter)
    return range(first, first + _FURTHER)


def _unspent(connection: Connection, store: Store, head: str) -> range:
    """Return the part of this computer's range that no restore has made doubtful.

    It begins above the codes of before the last decision to go on, one step further for every
    earlier one: a store restored twice from one backup has forgotten the first time.
    """
    mine = _range(store.origin[12:])
    decided, day = connection.exec_driver_sql(_RESUMED).one()
    times = max(int(decided), counter.resumed(store.store_id))
    if not times or day is None:
        return mine
    last, names = mine.start, store.pack.directory
    for form, column in ((names.form, names.code), ("unit", "union_code")):
        table = store.tables.form[form]
        cell = table.c[column]
        before = sa.select(cell).where(cell.startswith(head), table.c.created_at < day)
        serials = (int(code[7:11]) for code in connection.execute(before).scalars())
        last = max([last, *(number for number in serials if number in mine)])
    step = max(1, min(_STEP, len(mine) // 10))
    return range((last // step + times) * step, mine.stop)


def _codes(connection: Connection, store: Store, units: Units) -> Iterator[str]:
    """Yield every code that was ever used here, of drafts and voided rows too."""
    yield from units.by_code
    names = store.pack.directory
    for form, column in ((names.form, names.code), ("unit", "union_code")):
        cell = store.tables.form[form].c[column]
        yield from connection.execute(sa.select(cell).where(cell.is_not(None))).scalars()
    for top in store.pack.top_forms:
        yield from connection.execute(
            sa.select(store.tables.form[top.id].c.unit).distinct()
        ).scalars()


def add(  # noqa: PLR0917 - what a new unit is
    store: Store, digit: str, name: str, parent: str, day: str, reach: Mapping[str, str]
) -> str:
    """Add a unit below `parent` and return its new code.

    :param day: from when on it is there, ISO.
    :param reach: contact and phone, where known.
    :raises InputError: I640 to I643, I653.
    :raises StoreError: S361.
    """
    rights.check_may(store, "tree")
    counter.watch(store)
    name = name.strip()
    if len(name) < 4:
        raise InputError("I642", "单位名称太短。", "请写与批复文件一致的全称。")
    with store.read() as connection:
        units = directory.of_store(connection, store)
        _check_below(store, units, parent, own_too=True)
        alike = [entry for entry in units.by_code.values() if entry.name == name]
        if any(entry.active_to is None for entry in alike):
            raise InputError(
                "I643", f"名录里已有“{name}”（{alike[0].code}）。", "同名的，请写上所在地再试。"
            )
        code = mint(connection, store, units, digit)
    kind = next(kind for kind in kinds(store) if kind.code_digit == digit)
    division = units.by_code[parent].division or store.unit[:6]
    row = {
        "union_code": code, "name": name, "parent": parent, "level": kind.level, "kind": digit,
        "division": division, "active_from": day,
    }  # fmt: skip
    _put(store, "unit", row)
    if any(reach.values()):
        _put(store, "unit_note", {"unit": code, **reach})
    return code


def note(store: Store, code: str, values: Mapping[str, str]) -> None:
    """Write how a unit is reached and who files for it: contact, phone, filer.

    :raises InputError: I644, not below this office; I645, no such filer.
    """
    rights.check_may(store, "tree")
    filer = values.get("filer", "")
    with store.read() as connection:
        units = directory.of_store(connection, store)
        _check_below(store, units, code, own_too=True)
        if filer and (filer not in units.by_code or filer == code):
            raise InputError(
                "I645", f"名录里没有代填单位“{filer}”。", "请填另一个单位的 12 位编码，或留空。"
            )
    _put(store, "unit_note", {"unit": code, **values})


def change(store: Store, code: str, kind: str, day: str, said: Mapping[str, str]) -> str:
    """Write a dated change of a unit below this office; return the uid of its row.

    :param kind: one of :data:`union_desk.store.unit_events.TITLES`.
    :param said: name, parent, doc_no, reason, as the kind asks.
    :raises InputError: I644, not below; I646, the change is not possible.
    :raises StoreError: S361.
    """
    rights.check_may(store, "tree")
    with store.read() as connection:
        units = directory.of_store(connection, store)
        _check_below(store, units, code)
        event = unit_events.UnitEvent(
            "", code, kind, day, said.get("name"), said.get("parent"), writer=store.unit
        )
        trouble = tree_rules.trouble(units, event)
        if trouble:
            raise InputError("I646", f"{trouble}。", "请核对单位和日期后再试。")
    row = {"union_code": code, "kind": kind, "date": day, **said}
    _put(store, EVENT, {name: value for name, value in row.items() if value})
    return _newest(store, code, kind, day)


def take_back(store: Store, uid: str) -> None:
    """Void a change that was written by mistake."""
    from union_desk.store import records

    rights.check_may(store, "tree")
    with store.write() as transaction:
        records.void(transaction, EVENT, uid, "撤回单位变动")


def _check_below(store: Store, units: Units, code: str, *, own_too: bool = False) -> None:
    below = units.subtree(store.unit) - (set() if own_too else {store.unit})
    if code not in below:
        raise InputError("I644", f"“{units.name(code)}”不在本单位之下。", "请由它的上级办理。")


def _newest(store: Store, code: str, kind: str, day: str) -> str:
    table = store.tables.form[EVENT]
    chosen: sa.Select[Any] = sa.select(table.c.uid).where(
        table.c.union_code == code, table.c.kind == kind, table.c.date == day,
        table.c.origin == store.origin, table.c.deleted == 0,
    )  # fmt: skip
    with store.read() as connection:
        return str(connection.execute(chosen.order_by(table.c.uid.desc())).scalars().first())


def _put(store: Store, form: str, row: Mapping[str, Value]) -> None:
    table = Table(form, list(row), [list(row.values())])
    done = intake.put(store, form, table, reason="改动组织机构")
    if done.refused:
        told = "；".join(item.message for item in done.findings if item.level == "error")
        raise InputError("I647", f"没有保存：{told}。", "请改正后再试。")
