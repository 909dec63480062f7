"""Who works with a store: people, the names they sign in with, their roles.

Roles guard against mistakes, not against the owner of the machine. Where one person holds the
office that person has all of them. One active administrator always remains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.errors import InputError, StoreError
from union_desk.store import audit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Transaction

_LONGEST = 30
_COLUMNS = "id, login, name, roles, active, since, until"
_SELECT = f"SELECT {_COLUMNS} FROM person"  # noqa: S608
_INSERT = f"INSERT INTO person ({_COLUMNS}) VALUES (?, ?, ?, ?, 1, ?, NULL)"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works with the store, or did."""

    id: str
    login: str
    name: str
    roles: tuple[str, ...]
    active: bool
    since: str
    until: str | None = None

    @property
    def titles(self) -> str:
        """The roles in words."""
        return "、".join(title for role, title in workflow.ROLES.items() if role in self.roles)


def everyone(connection: Connection, *, active: bool = True) -> tuple[Person, ...]:
    """Return the people who may sign in, in the order they came; all that ever could."""
    where = " WHERE active = 1" if active else ""
    rows = connection.exec_driver_sql(f"{_SELECT}{where} ORDER BY since, id").all()
    return tuple(_person(tuple(row)) for row in rows)


def find(connection: Connection, person: str) -> Person | None:
    """Return the person with this id."""
    row = connection.exec_driver_sql(f"{_SELECT} WHERE id = ?", (person,)).first()
    return None if row is None else _person(tuple(row))


def by_id(connection: Connection, person: str) -> Person:
    """Return someone who may sign in.

    :raises InputError: I461, there is no such person, or no more.
    """
    found = find(connection, person)
    if found is None or not found.active:
        raise InputError("I461", "没有这个人，或已经停用。", "请重新打开“单位与人员”再选。")
    return found


def _person(row: tuple[object, ...]) -> Person:
    person, login, name, roles, active, since, until = row
    return Person(
        str(person), str(login), str(name), tuple(filter(None, str(roles).split(";"))),
        bool(active), str(since), None if until is None else str(until),
    )  # fmt: skip


def begin(connection: Connection, person: str, name: str, at: str) -> None:
    """Enter the first person of a new store, who holds every role."""
    connection.exec_driver_sql(_INSERT, (person, name, name, ";".join(workflow.ROLES), at))


def enter(transaction: Transaction, person: str, name: str, roles: Iterable[str]) -> Person:
    """Enter a person and return them; signing in is by the name.

    :raises InputError: I460 the name, I462 it is in use, I463 no role.
    """
    connection = transaction.connection
    made = _checked(connection, name)
    wanted = _known(roles)
    connection.exec_driver_sql(_INSERT, (person, made, made, ";".join(wanted), transaction.now))
    audit.note(transaction, "person", new={"id": person, "name": made, "roles": list(wanted)})
    return by_id(connection, person)


def set_roles(transaction: Transaction, person: str, roles: Iterable[str]) -> None:
    """Give a person other roles.

    :raises InputError: I461, I463; I464 they are the last administrator.
    """
    connection = transaction.connection
    old = by_id(connection, person)
    wanted = _known(roles)
    if wanted == old.roles:
        return
    connection.exec_driver_sql(
        "UPDATE person SET roles = ? WHERE id = ?", (";".join(wanted), person)
    )
    _check_admin(connection)
    audit.note(
        transaction,
        "role",
        new={"id": person, "name": old.name, "from": list(old.roles), "roles": list(wanted)},
    )


def leave(transaction: Transaction, person: str) -> Person:
    """Let a person sign in no more, and return them.

    :raises InputError: I461; I464 they are the last administrator.
    """
    old = by_id(transaction.connection, person)
    transaction.connection.exec_driver_sql(
        "UPDATE person SET active = 0, until = ? WHERE id = ?", (transaction.now, person)
    )
    _check_admin(transaction.connection)
    audit.note(transaction, "person_left", new={"id": person, "name": old.name})
    return old


def rename(transaction: Transaction, person: str, name: str) -> str:
    """Give a person another name: it stands in every record and log row from now on.

    :raises InputError: I460 the name, I462 it is in use.
    """
    old = by_id(transaction.connection, person)
    made = _checked(transaction.connection, name, person)
    transaction.connection.exec_driver_sql(
        "UPDATE person SET name = ?, login = ? WHERE id = ?", (made, made, person)
    )
    pass_drafts(transaction, old.name, made)
    audit.note(transaction, "person", new={"id": person, "from": old.name, "to": made})
    return made


def pass_drafts(transaction: Transaction, old: str, new: str) -> None:
    """Let the drafts of one name go on under another."""
    transaction.connection.exec_driver_sql(
        "UPDATE draft SET person = ? WHERE person = ?", (new, old)
    )


def _checked(connection: Connection, name: str, person: str = "") -> str:
    made = " ".join(name.split())
    if not made or len(made) > _LONGEST:
        raise InputError("I460", "姓名不能为空，也不能超过 30 个字。", "请填写填报人的姓名。")
    if any(item.login == made and item.id != person for item in everyone(connection)):
        raise InputError(
            "I462", f"已经有叫“{made}”的人。", "同名的请加一个字区别，如“李敏（财务）”。"
        )
    return made


def _known(roles: Iterable[str]) -> tuple[str, ...]:
    wanted = set(roles)
    found = tuple(role for role in workflow.ROLES if role in wanted)
    if not found or len(found) != len(wanted):
        raise InputError("I463", "没有选角色。", "请至少选一个：填报人、审核人、负责人、管理员。")
    return found


def _check_admin(connection: Connection) -> None:
    if not any("admin" in item.roles for item in everyone(connection)):
        raise InputError("I464", "至少要有一位管理员。", "请先让另一个人当管理员。")


def signed_in(connection: Connection, person: str) -> Person:
    """Return who has just signed in.

    :raises StoreError: S360, they may no more.
    """
    found = find(connection, person)
    if found is None or not found.active:
        name = f"“{found.name}”" if found else "这个人"
        raise StoreError("S360", f"{name}已不在本单位的人员名单里。", "请由管理员登录后处理。")
    return found
