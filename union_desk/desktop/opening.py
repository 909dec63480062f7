"""From a data folder to a session: what the worker does while the window is already there.

Nothing here touches a widget; the store and its libraries are loaded here and not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.desktop import packages
from union_desk.desktop.session import Session
from union_desk.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.desktop.first_run_page import Beginning
    from union_desk.desktop.jobs import Progress
    from union_desk.store.opening import Store
    from union_desk.taskpack.definition import TaskPack


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in the data folder: a store, or nothing yet and the package to begin with."""

    store: bool
    pack: TaskPack | None
    logins: tuple[str, ...] = ()
    """The names people sign in with, in clear beside the wrapped keys."""
    helped: bool = False
    """Whether the parent can help with a forgotten password."""


def look(folder: Path) -> Found:
    """Return whether a store lies in `folder`; the newest package where none does.

    :raises PlaceError: one lies there, and no store may.
    """
    from union_desk.store import opening, place

    if opening.exists(folder):
        place.check_place(folder)
        logins, helped = _slots(folder)
        return Found(store=True, pack=None, logins=logins, helped=helped)
    return Found(store=False, pack=packages.newest())


def _slots(folder: Path) -> tuple[tuple[str, ...], bool]:
    """Return the known names, and whether the parent holds a slot of the key.

    Neither where the keys cannot be read: opening will say why.
    """
    from union_desk.store import keyring

    try:
        ring = keyring.look(folder)
    except StoreError:
        return (), False
    return ring.logins, bool(ring.of_kind("parent"))


def begin(beginning: Beginning, pack: TaskPack) -> Session:
    """Make the store of first run and open it."""
    from union_desk.store import opening

    store = opening.create(
        beginning.folder,
        pack,
        unit=beginning.unit,
        name=beginning.name,
        level=beginning.level,
        parent=beginning.parent,
        password=beginning.password,
        person=beginning.person,
        origin=beginning.origin or None,
    )
    if beginning.code:
        _enter_code(store, beginning.code)
    return _session(store)


def _enter_code(store: Store, code: str) -> None:
    from union_desk.store import joining

    try:
        joining.enter_code(store, code)
    except BaseException:
        store.close()
        raise


def unlock(folder: Path, person: str, password: str) -> Session:
    """Open the store of `folder` and note who has signed in."""
    from union_desk.store import opening

    return _signed_in(opening.open_store(folder, password=password, login=person))


def recover(folder: Path, person: str, code: str, password: str) -> Session:
    """Give an administrator a new password by the recovery code, and open the store."""
    from union_desk.store import recovering

    return _signed_in(recovering.reset_by_code(folder, code, person, password))


def reply(folder: Path, content: bytes, password: str) -> Session:
    """Set the new password by the parent's reply, and open the store."""
    from union_desk.store import resetting

    return _signed_in(resetting.complete(folder, content, password))


def _signed_in(store: Store) -> Session:
    from union_desk.store import access

    try:
        access.login(store)
        return _session(store)
    except BaseException:
        store.close()
        raise


def _session(store: Store) -> Session:
    from union_desk.store import backups, passwords, periods

    late = not store.demo and passwords.recovery_state(store).late
    with store.read() as connection:
        return Session(
            store,
            closed=periods.closed(connection),
            recovery_late=late,
            backup_overdue=not store.demo and backups.second_place_overdue(connection),
        )


def sample(kind: str, progress: Progress) -> Session:
    """Make a throw-away store of sample rows and open it."""
    from union_desk.desktop import demo

    return demo.build(kind, progress)
