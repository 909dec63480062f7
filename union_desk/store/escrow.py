"""请上级协助: the recovery key of an upper office, and this store's key sealed to the parent's.

The recovery key is made once and printed or saved for the safe; only its public half stays. The
store's key is sealed to the parent's recovery key once that is trusted, and again when it changes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from union_desk import crypto
from union_desk.errors import InputError, StoreError
from union_desk.store import audit, keyring, peers, rights, setting_rows

if TYPE_CHECKING:
    from union_desk.store.transaction import Store

RECIPIENT = "recovery_recipient"
_SECRET = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")


def new_recovery_key() -> crypto.AgeIdentity:
    """Return a fresh recovery key; it is this office's once its public half is kept."""
    return crypto.new_age_identity()


def keep_recovery_key(store: Store, recipient: str) -> None:
    """Keep the public half of this office's recovery key; the paper with the other is saved.

    :raises StoreError: S361; S450 sample data.
    """
    rights.check_may(store, "keys")
    if store.demo:
        raise StoreError("S450", "这里是样本数据，不能做恢复钥匙。", "请用本单位的正式数据。")
    with store.write() as tx:
        setting_rows.write(tx.connection, RECIPIENT, recipient)
        setting_rows.write(tx.connection, "recovery_key_at", tx.now)
        audit.note(tx, "recovery_key", new={"digits": digits(recipient)})


def digits(recipient: str) -> str:
    """Return the 核对码 of a recovery key, printed on its paper."""
    return crypto.check_digits(recipient)


def read_recovery_key(text: str) -> str:
    """Return the secret half of a recovery key from typed text, or from its paper as a text file.

    :raises InputError: I483, there is none in it.
    """
    plain = "".join(text.upper().split())
    found = _SECRET.search(plain)
    if found is None:
        raise InputError(
            "I483", "这里没有恢复钥匙。", "请选恢复钥匙的文件，或照纸上的逐组输入，共 74 个字。"
        )
    try:
        crypto.recipient_of(found.group())
    except crypto.Damaged as error:
        raise InputError("I484", "恢复钥匙有一处输错了。", "请对照纸上的逐组核对。") from error
    return found.group()


def keep_up(store: Store) -> bool:
    """Seal the store's key to the parent's recovery key, if that is known and it is not done yet.

    Returns whether anything was written.
    """
    if store.key is None or not store.parent:
        return False
    with store.read() as connection:
        known = [
            peer
            for peer in peers.trusted(connection, store, unit=store.parent)
            if peer.recovery is not None
        ]
    if not known:
        return False
    recipient = str(max(known, key=lambda peer: peer.at).recovery)
    ring = keyring.look(store.folder)
    if any(slot.get("recipient") == recipient for slot in ring.of_kind("parent")):
        return False
    made = ring.add_parent(store.key, recipient, store.unit)
    with store.write() as tx:
        audit.note(tx, "parent_slot", new={"recipient": recipient})
        keyring.write(store.folder, made)
    return True
