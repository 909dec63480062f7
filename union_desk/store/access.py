"""Who looked at what: rows of access in the change log, beside those of change.

Each is written before what it tells of is done, so nothing is seen without its row.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import audit, rights
from union_desk.taskpack.expression_tree import FieldValue, ReferenceField, walk
from union_desk.taskpack.field_types import SENSITIVE

if TYPE_CHECKING:
    from union_desk.store.transaction import Store
    from union_desk.taskpack.expression_tree import Expression


SHORTEST_REASON = 4
"""Letters of a reason for showing private values."""
_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[0-9Xx]|\d{15})(?!\d)")
"""What looks like a person's ID number."""


def login(store: Store) -> None:
    """Note that someone sits down at the window, and how many wrong passwords came before."""
    if not store.demo:
        wrong = store.wrong_before
        with store.write() as transaction:
            audit.note(transaction, "login", new={"wrong_before": wrong} if wrong else None)
        store.wrong_before = 0


def reveal(store: Store, form: str, uid: str, field: str) -> None:
    """Note that one masked field of one record is shown in full.

    :raises StoreError: S361, the person at work may not.
    """
    rights.check_may(store, "reveal")
    with store.write() as transaction:
        audit.note(transaction, "reveal", form=form, uid=uid, new={"field": field})


def searched(store: Store, form: str, text: str) -> None:
    """Note that a person is sought by ID number; the number itself is not written down."""
    if not store.demo and _NUMBER.search(unicodedata.normalize("NFKC", text)):
        with store.write() as transaction:
            audit.note(transaction, "search", form=form, new={"by": "person_id"})


def conditioned(store: Store, form: str, condition: Expression) -> None:
    """Note that a condition tells masked values apart, by their fields; no value is written down.

    :param form: the form whose rows it picks.
    """
    forms, nodes = store.tables.forms, list(walk(condition.tree))
    read = {node.field for node in nodes if isinstance(node, FieldValue | ReferenceField)}
    about = {form, *condition.forms}
    about |= {node.target for node in nodes if isinstance(node, ReferenceField)}
    found = {
        item.id
        for name in about & forms.keys()
        for item in forms[name].fields
        if item.id in read and item.sensitivity >= SENSITIVE
    }
    if found and not store.demo:
        with store.write() as transaction:
            audit.note(transaction, "search", form=form, new={"by": "、".join(sorted(found))})


def printed(store: Store, name: str) -> None:
    """Note that a paper leaves the program, by its name.

    :raises StoreError: S361, the person at work may not.
    """
    rights.check_may(store, "print")
    _given_out(store, "print", name, None)


def printed_full(store: Store, name: str, reason: str) -> None:
    """Note that a paper shows numbers of persons in full, and why.

    :raises StoreError: S361, the person at work may not.
    """
    rights.check_may(store, "reveal")
    with store.write() as transaction:
        audit.note(transaction, "print_full", reason=reason, new={"name": name})


def private(store: Store, form: str) -> bool:
    """Return whether a form or one of its details has sensitive fields."""
    forms = store.tables.forms
    return any(
        item.sensitivity >= SENSITIVE
        for name in (form, *forms[form].details)
        for item in forms[name].fields
    )


def filed(store: Store, form: str, name: str, *, full: str | None = None) -> None:
    """Note that rows of a form leave as a file; of forms without private fields nothing is noted.

    :param full: why sensitive values stand in it in full; None: they are masked.
    :raises StoreError: S361, the person at work may not.
    :raises InputError: I499, they shall stand in full for no reason.
    """
    if not private(store, form):
        return
    if full is None:
        rights.check_may(store, "print")
        _given_out(store, "file", name, form)
        return
    if len(full.strip()) < SHORTEST_REASON:
        raise InputError(
            "I499",
            "敏感内容写全要写明原因。",
            f"请用至少 {SHORTEST_REASON} 个字写清给谁、做什么用。",
        )
    rights.check_may(store, "reveal")
    with store.write() as transaction:
        told: dict[str, object] = {"name": name}
        audit.note(transaction, "file_full", form=form, reason=full.strip(), new=told)


def _given_out(store: Store, act: str, name: str, form: str | None) -> None:
    with store.write() as transaction:
        audit.note(transaction, act, form=form, new={"name": name})
