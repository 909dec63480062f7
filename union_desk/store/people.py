"""Who works with a store. Signing in by person, roles and handing over will live here.

Until then a store has one password, one person at a time, and that person holds every role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.errors import InputError
from union_desk.store import audit, setting_rows

if TYPE_CHECKING:
    from union_desk.store.transaction import Store

_LONGEST = 30


def roles(store: Store) -> tuple[str, ...]:
    """Return the roles of the person at work: all of them where one person holds the office."""
    return tuple(workflow.ROLES) if store.person else ()


def rename(store: Store, name: str) -> None:
    """Set the name of the person at work: it stands in every record and log row from now on.

    :raises InputError: I460, no name.
    """
    name = name.strip()
    if not name or len(name) > _LONGEST:
        raise InputError("I460", "姓名不能为空，也不能超过 30 个字。", "请填写填报人的姓名。")
    with store.write() as transaction:
        setting_rows.write(transaction.connection, "person", name)
        audit.note(transaction, "person", new={"from": store.person, "to": name})
    store.person = name
