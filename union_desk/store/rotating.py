"""A new signing key for this installation: the old one signs the card that announces it.

The new key signs everything from the next packet of each stream on. What was signed before stays
as it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import crypto
from union_desk.store import audit, outbox, peers, rights, setting_rows, streams

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.store.transaction import Store, Transaction

_ROTATION = "rotation"


@dataclass(frozen=True, slots=True)
class Rotation:
    """From which packet the present key signs, and the key that signs for it."""

    old: crypto.SigningKey
    from_n: int


def rotate(store: Store) -> str:
    """Make a new signing key and return its 核对码; the next bundles announce it.

    :raises StoreError: S361.
    """
    rights.check_may(store, "keys")
    with store.write() as tx:
        before = peers.own(tx.connection, store)
        replace(tx, before)
        now = peers.own(tx.connection, store)
        places = {}
        for stream in (streams.UP, streams.ALL):
            epoch = outbox.current_epoch(tx.connection, store, stream)
            if epoch is not None:
                newest = outbox.newest(tx.connection, store, stream, epoch.id)
                places[stream] = [epoch.id, newest.n + 1 if newest else 1]
        said = {"secret": before.signing.secret, "public": before.signing.public, "at": places}
        setting_rows.write(tx.connection, _ROTATION, json.dumps(said))
        audit.note(tx, "key_rotated", new={"from": before.digits, "to": now.digits})
        return now.digits


def replace(tx: Transaction, before: peers.OwnKeys) -> None:
    """Put a fresh signing key in the place of the present one; nothing signs for it."""
    made = crypto.new_signing_key()
    retired = json.loads(setting_rows.read(tx.connection, "sign_retired", "[]"))
    retired.append(before.signing.public)
    for name, value in (
        ("sign_retired", json.dumps(retired)),
        ("sign_secret", made.secret),
        ("sign_public", made.public),
        ("sign_since", tx.now),
        (_ROTATION, ""),
    ):
        setting_rows.write(tx.connection, name, value)


def rotation(connection: Connection, stream: str, epoch: str) -> Rotation | None:
    """Return how the present key came into a run of packets by the old one, or None."""
    said = json.loads(setting_rows.read(connection, _ROTATION) or "{}")
    place = said.get("at", {}).get(stream)
    if place is None or place[0] != epoch:
        return None
    return Rotation(crypto.SigningKey(said["secret"], said["public"]), int(place[1]))
