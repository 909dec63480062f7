"""A second sign-in: where the unit or its task package asks for it, what counts takes two people.

:data:`~union_desk.workflow.ACTS` marks the acts. Besides whoever is at work someone else with a
role for the act types name and password at that moment; that counts for the one piece of work it
was asked for, and each act done by it has a row of its own in the change log, with both. The role
is the second person's to bring: where a clerk keeps the program open, the head signs in beside.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.errors import InputError, StoreError
from union_desk.store import audit, keyring, people, setting_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Store, Transaction

_SETTING = "second_sign_in"
_FEWEST = 2
"""People that it takes at least."""


class SecondNeededError(StoreError):
    """An act that waits for a second person.

    Whoever asks for them puts them into `signed`; inside `agree` the same act goes on. `declined`
    is set where nobody came.
    """

    def __init__(self, store: Store, act: str) -> None:
        self.store = store
        self.act = act
        self.signed: Second | None = None
        self.declined = False
        title, who = workflow.ACTS[act].title, workflow.who_confirms(act)
        super().__init__(
            "S379",
            f"{title}要由第二个人登录确认。",
            f"请另一位{who}当场输入姓名和口令；命令行用 --second 姓名。",
        )

    def agree(self) -> AbstractContextManager[None]:
        """Return the context in which the act counts as done by two."""
        return present(self.signed) if self.signed else nullcontext()


@dataclass(frozen=True, slots=True)
class Second:
    """Someone who signed in beside the person at work."""

    id: str
    name: str
    roles: tuple[str, ...]
    wrong_before: int = 0


_beside: ContextVar[Second | None] = ContextVar("beside", default=None)
"""Who signed in for the work that runs; of no other work, in no other thread."""


def by_package(store: Store) -> bool:
    """Return whether the task package asks for it: then the unit cannot do without."""
    return store.pack.second_sign_in


def turned_on(connection: Connection, store: Store) -> bool:
    """Return whether two people are asked for; never in the demonstration, where nobody signs."""
    if store.demo:
        return False
    return by_package(store) or setting_rows.read(connection, _SETTING) == "1"


def check_free(store: Store) -> None:
    """Refuse to turn what the task package asks for.

    :raises InputError: I485.
    """
    if by_package(store):
        raise InputError("I485", "任务包要求第二个人登录，本单位不能关闭。", "请向上级询问。")


def turn(store: Store, *, on: bool) -> None:
    """Ask for two people from now on, or no more. `rights` looks after who may.

    :raises InputError: I497 nobody else is there to sign in.
    """
    with store.write() as transaction:
        if on and len(people.everyone(transaction.connection)) < _FEWEST:
            raise InputError(
                "I497", "现在只有一个人，没有人能再登录确认。", "请先在“单位与人员”里添加另一个人。"
            )
        setting_rows.write(transaction.connection, _SETTING, "1" if on else "")
        audit.note(transaction, "second_sign_in", new={"on": on})


def asked(store: Store, act: str) -> bool:
    """Return whether `act` takes two people here.

    Looking after people does while somebody else could confirm it, and not for whoever came in by
    the recovery sheet or the parent's help: no office is locked out by somebody who has left.
    """
    rule = workflow.ACTS[act]
    if not rule.second or (rule.beside and store.recovered):
        return False
    with store.read() as connection:
        if not turned_on(connection, store):
            return False
        return not rule.beside or any(
            person.id != store.person_id and workflow.confirms(act, person.roles)
            for person in people.everyone(connection)
        )


def sign(store: Store, act: str, name: str, password: str) -> Second:
    """Return the second person for `act`, by name and password; a wrong one slows the next.

    :raises StoreError: S380 it is the person at work, S381 they lack the role, S382 wrong name
        or password, S383 too many were wrong.
    """
    moment = time.time()
    if wait := store.lock.wait(moment):
        raise StoreError("S383", "口令连续输错多次。", f"请过 {wait} 秒再试。")
    wanted = " ".join(name.split())
    with store.read() as connection:
        found = next((p for p in people.everyone(connection) if p.name == wanted), None)
    if found is None or not _opens(store, found.login, password, found.id):
        store.lock.note_failure(moment)
        raise StoreError("S382", "姓名或口令不对。", "请核对姓名、大小写和输入法后再输一次。")
    if found.id == store.person_id:
        raise StoreError("S380", "第二个人不能就是正在操作的人。", "请另一个人来登录。")
    if not workflow.confirms(act, found.roles):
        raise StoreError(
            "S381",
            f"“{found.name}”不能确认{workflow.ACTS[act].title}。",
            f"请{workflow.who_confirms(act)}来登录。",
        )
    return Second(found.id, found.name, found.roles, store.lock.forget_failures())


def _opens(store: Store, login: str, password: str, person: str) -> bool:
    try:
        return keyring.look(store.folder).open(password, login)[1] == person
    except StoreError as error:
        if error.code != "S301":
            raise
        return False


@contextmanager
def present(second: Second) -> Iterator[None]:
    """Let the work inside count as done with `second` beside."""
    before = _beside.set(second)
    try:
        yield
    finally:
        _beside.reset(before)


def confirm(store: Store, act: str, transaction: Transaction | None = None) -> None:
    """Write down who stood beside before the act is done.

    :param transaction: the running one, where the act has one already.
    :raises SecondNeededError: S379, nobody with a role for the act did.
    """
    second = _beside.get()
    if second is None or second.id == store.person_id or not workflow.confirms(act, second.roles):
        raise SecondNeededError(store, act)
    told: dict[str, object] = {"act": act, "id": second.id, "name": second.name}
    if second.wrong_before:
        told["wrong_before"] = second.wrong_before
    if transaction is not None:
        audit.note(transaction, "second", new=told)
        return
    with store.write() as own:
        audit.note(own, "second", new=told)
