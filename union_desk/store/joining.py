"""The unit's side of 开通码: the code is typed once, and the parent's packets prove its keys by it.

Until then typing, checks and prints work; only 报送 needs the parent's key.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk import crypto
from union_desk.errors import InputError
from union_desk.store import audit, enrolment, peers, rights, setting_rows, trusting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.peers import Peer
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.record import Value

    Rows = Sequence[Mapping[str, Value]]

CODE, TAG, NEEDED = "enrol_code", "card_tag", "enrol_needed"
"""Settings: the code that was typed and not proved yet, its tag of the own card, whether a new
code must be typed before anything is sent."""
_MISTYPED = {
    "length": ("开通码应为 16 个字，现在不够或多了。", "请对照开通码条，4 组每组 4 个字都要输。"),
    "sign": ("开通码里有不会出现的字。", "开通码只有数字和英文字母，没有 0、1、O、I。"),
}


def enter_code(store: Store, text: str) -> None:
    """Keep the 开通码 of this unit's strip: its card is tagged with it, the parent's keys proved.

    :raises StoreError: S361.
    :raises InputError: I480 no code; I481 a unit without parent needs none.
    """
    rights.check_may(store, "trust")
    if not store.parent:
        raise InputError("I481", f"{store.unit_name}没有上级，不用开通码。", "不用输。")
    code = read_code(text)
    with store.write() as tx:
        mine = peers.own(tx.connection, store)
        tag = crypto.enrol_tag(
            code,
            store.parent,
            store.origin,
            role="unit",
            fingerprint=mine.fingerprint,
            recipient=mine.recipient,
        )
        setting_rows.write(tx.connection, CODE, code)
        setting_rows.write(tx.connection, TAG, tag)
        setting_rows.write(tx.connection, NEEDED, "")
        audit.note(tx, "enrol_code_typed")


def read_code(text: str) -> str:
    """Return a 开通码 as 16 signs.

    :raises InputError: I480, it is none.
    """
    try:
        return crypto.read_enrol_code(text)
    except ValueError as error:
        raise InputError("I480", *_MISTYPED[str(error)]) from error


def is_code(text: str) -> bool:
    """Return whether a text can be a 开通码: sixteen signs, where a 核对码 has twelve digits."""
    try:
        crypto.read_enrol_code(text)
    except ValueError:
        return False
    return True


def waits_for_code(connection: Connection) -> bool:
    """Return whether a new 开通码 must be typed before anything is sent: the keys are new."""
    return setting_rows.read(connection, NEEDED) == "1"


def waits_for_proof(connection: Connection) -> bool:
    """Return whether a code was typed that no broadcast of the parent has answered yet."""
    return bool(setting_rows.read(connection, CODE))


def take_enrol(
    tx: Transaction,
    origin: str,
    *,
    signer: str,
    keys: Rows,
    enrols: Rows,
) -> trusting.Taken | None:
    """Take in what a broadcast says of keys, before its other rows; `signer` was verified.

    None: no key of the parent's, or none that this broadcast is signed with. Whether a code has
    expired is for the parent to say, when the card comes: no clock is read here.

    :param keys: rows of its table ``key``.
    :param enrols: rows of its table ``enrol``.
    """
    store = tx.store
    if origin[: peers.SOLID] != store.parent:
        return None
    known = peers.find(tx.connection, store, origin, signer)
    if known is not None and known.status != "pending":
        return trusting.Taken(known, changed=False)
    found = _signed_with(tx, origin, signer, keys)
    if found is None:
        return None
    reason = _reason(tx, found, enrols)
    if reason is not None:
        pending = peers.put(tx, replace(found, reason=reason))
        return trusting.Taken(pending, changed=known is None or known.reason != reason)
    setting_rows.write(tx.connection, CODE, "")
    return trusting.Taken(trusting.trust(tx, found, "code"), changed=True)


def _signed_with(tx: Transaction, origin: str, signer: str, keys: Rows) -> Peer | None:
    """Return the parent's working key that a broadcast is signed with, as it says it."""
    mine = [row for row in keys if row.get("for_origin") == origin]
    spare = next((str(row["age_pub"]) for row in mine if row.get("role") == "recovery"), None)
    for row in mine:
        if row.get("role") == "work" and row.get("sign_pub") == signer:
            recipient = str(row.get("age_pub"))
            try:
                for name in filter(None, (recipient, spare)):
                    crypto.check_recipient(name)
            except crypto.Damaged:
                return None
            return trusting.new_peer(tx, origin, signer, recipient, spare)
    return None


def _reason(tx: Transaction, peer: Peer, enrols: Rows) -> str | None:
    """Return why the typed code does not prove the parent's keys; None, it does."""
    code = setting_rows.read(tx.connection, CODE)
    if not code:
        return "enrol_none"
    mine = [row for row in enrols if row.get("for_origin") == tx.store.origin]
    if not mine:
        return "enrol_absent"
    wanted = crypto.enrol_tag(
        code,
        peer.unit,
        tx.store.origin,
        role="parent",
        fingerprint=peer.fingerprint,
        recipient=peer.age_recipient,
    )
    tags = [str(row.get("tag")).encode() for row in mine]
    proved = any(hmac.compare_digest(wanted.encode(), tag) for tag in tags)
    return None if proved else "enrol_wrong"


def learn(tx: Transaction, origin: str, epoch: str) -> None:
    """Learn from the newest packet of a trusted parent to all what it says of keys.

    Its own as they are now, a new one that the old has signed for, those above it vouches for.
    """
    store = tx.store
    if origin[: peers.SOLID] != store.parent:
        return
    table = tx.tables.form["key"]
    said = sa.select(table).where(table.c.origin == origin, table.c.deleted == 0)
    rows = [dict(row) for row in tx.connection.execute(said).mappings()]
    for known in peers.everyone(tx.connection, store, origin=origin):
        if known.status == "trusted":
            learn_rows(tx, known, rows, epoch)
            _learn_former(tx, rows)


def _learn_former(tx: Transaction, rows: Rows) -> None:
    """Learn the keys that this installation had before: what it sent then may come back to it.

    A computer that was lost left none of them to the one in its place.
    """
    known = peers.own_publics(tx.connection)
    said = [
        str(row["sign_pub"])
        for row in rows
        if row["role"] == enrolment.FORMER and row["for_origin"] == tx.store.origin
    ]
    fresh = [public for public in dict.fromkeys(said) if public not in known]
    if fresh:
        setting_rows.write(tx.connection, "sign_retired", json.dumps([*known[1:], *fresh]))
        audit.note(tx, "keys_former", new={"keys": [crypto.fingerprint(one) for one in fresh]})


def learn_rows(tx: Transaction, known: Peer, keys: Rows, epoch: str) -> None:
    """Learn from rows of table ``key`` that the trusted key `known` has signed."""
    found = _signed_with(tx, known.origin, known.sign_public, keys)
    if found is not None:
        fresh = replace(
            known,
            age_recipient=found.age_recipient,
            recovery=found.recovery or known.recovery,
        )
        if fresh != known:
            peers.put(tx, fresh)
    for row in keys:
        public, recipient = str(row.get("sign_pub")), str(row.get("age_pub"))
        origin = str(row.get("for_origin"))
        if row.get("role") != "work" or public == known.sign_public:
            continue
        if peers.find(tx.connection, tx.store, origin, public) is not None:
            continue
        new = _checked(tx, origin, public, recipient, known.recovery)
        if new is None:
            continue
        if origin == known.origin:
            first = row.get("from_n")
            number = first if isinstance(first, int) else 0
            trusting.replace_key(tx, known, new, epoch=epoch, from_n=number)
        elif new.role == "above":
            trusting.trust(tx, replace(new, recovery=None), "vouch")


def _checked(
    tx: Transaction, origin: str, public: str, recipient: str, recovery: str | None
) -> Peer | None:
    try:
        crypto.public_bytes(public)
        crypto.check_recipient(recipient)
    except crypto.Damaged:
        return None
    return trusting.new_peer(tx, origin, public, recipient, recovery)
