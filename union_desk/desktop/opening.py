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


def look(folder: Path) -> Found:
    """Return whether a store lies in `folder`; the newest package where none does.

    :raises PlaceError: one lies there, and no store may.
    """
    from union_desk.store import opening, place

    if opening.exists(folder):
        place.check_place(folder)
        return Found(store=True, pack=None, logins=_logins(folder))
    return Found(store=False, pack=packages.newest())


def _logins(folder: Path) -> tuple[str, ...]:
    """Return the known names; none where the keys cannot be read: opening will say why."""
    from union_desk.store import keyring

    try:
        return keyring.look(folder).logins
    except StoreError:
        return ()


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
