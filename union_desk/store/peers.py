"""Public keys of other installations, and what this office makes of each.

A key is unknown, then pending, then trusted (by 开通码, by paper, by the old key, by the word of
the level between), at last retired or revoked; a card that was refused as false stays refused.
Trust binds an installation to its unit: the first 12 characters of its name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk import crypto
from union_desk.errors import BundleError
from union_desk.store import setting_rows, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store, Transaction
    from union_desk.store.units import Units

STATUSES = {
    "pending": "待核对",
    "trusted": "已核对",
    "retired": "已停用",
    "revoked": "已作废",
    "refused": "已拒绝",
}
"""Titles by status, in the order of a key's life."""
WAYS = {"code": "开通码", "paper": "单位开通卡", "old_key": "原有签名", "vouch": "上下级核对"}
"""Titles of how a key came to be trusted."""
ROLES = {
    "parent": "上级",
    "above": "更上级",
    "child": "下级",
    "below": "下级的下级",
    "self": "本单位另一台",
}
"""Titles of what an installation is to this one."""
SOLID = 12
"""Length of a unit's code at the head of an origin."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One key of another installation."""

    origin: str
    fingerprint: str
    unit: str
    sign_public: str
    age_recipient: str
    recovery: str | None
    """Recovery recipient of a parent."""
    role: str
    status: str
    way: str | None
    from_n: int
    """Of a trusted key: number of the first packet in `epoch` that it may sign."""
    epoch: str | None
    after_n: int | None
    """Of a retired or revoked key: number of the last packet in `epoch` that it may have signed."""
    reason: str | None
    """Of a pending key: why nothing decided by itself."""
    card: str | None
    """Hash of the packet that is its key card."""
    at: str
    person: str

    @property
    def digits(self) -> str:
        """核对码 of the key."""
        return crypto.check_digits(self.fingerprint)


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The keys of this installation; secret parts do not leave the store."""

    origin: str
    signing: crypto.SigningKey
    recipient: str
    secret: str
    recovery: str | None
    """Recipient of this office's recovery key, None before one was made."""

    def __repr__(self) -> str:
        return f"OwnKeys({self.origin})"

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the signing key."""
        return crypto.fingerprint(self.signing.public)

    @property
    def digits(self) -> str:
        """核对码 of the signing key."""
        return crypto.check_digits(self.fingerprint)


def own(connection: Connection, store: Store) -> OwnKeys:
    """Return the keys of this installation."""
    read = setting_rows.read
    return OwnKeys(
        store.origin,
        crypto.SigningKey(read(connection, "sign_secret"), read(connection, "sign_public")),
        read(connection, "age_recipient"),
        read(connection, "age_secret"),
        read(connection, "recovery_recipient") or None,
    )


def everyone(connection: Connection, store: Store, *, origin: str = "") -> tuple[Peer, ...]:
    """Return all known keys, or those of one installation, by origin and time."""
    table = store.tables.peer
    chosen = sa.select(table).order_by(table.c.origin, table.c.at, table.c.fingerprint)
    if origin:
        chosen = chosen.where(table.c.origin == origin)
    return tuple(Peer(**row) for row in connection.execute(chosen).mappings())


def find(connection: Connection, store: Store, origin: str, public: str) -> Peer | None:
    """Return what is known of one key of an installation."""
    known = everyone(connection, store, origin=origin)
    return next((peer for peer in known if peer.sign_public == public), None)


def statuses(connection: Connection, store: Store, public: str) -> set[str]:
    """Return what is made of one key, whatever installations it is said to be of."""
    table = store.tables.peer
    chosen = sa.select(table.c.status).where(table.c.sign_public == public)
    return set(connection.execute(chosen).scalars())


def trusted(connection: Connection, store: Store, *, unit: str = "") -> tuple[Peer, ...]:
    """Return the keys that are trusted now, of one unit or of all."""
    return tuple(
        peer
        for peer in everyone(connection, store)
        if peer.status == "trusted" and unit in ("", peer.unit)
    )


def put(tx: Transaction, peer: Peer) -> Peer:
    """Enter a key, or what is known of it anew, and return it."""
    table = tx.tables.peer
    values = {name: getattr(peer, name) for name in Peer.__slots__}
    same = sa.and_(table.c.origin == peer.origin, table.c.fingerprint == peer.fingerprint)
    if not tx.connection.execute(sa.update(table).where(same).values(values)).rowcount:
        tx.connection.execute(sa.insert(table).values(values))
    return peer


def relation(known: Units, store: Store, unit: str) -> str:
    """Return what a unit is to this one: a key of `ROLES`, or "" for a stranger."""
    if unit == store.unit:
        return "self"
    if unit == store.parent:
        return "parent"
    if unit in known.subtree(store.unit):
        entry = known.by_code.get(unit)
        return "child" if entry and entry.parent == store.unit else "below"
    return "above" if unit in _ancestors(known, store) else ""


def _ancestors(known: Units, store: Store) -> set[str]:
    """Return the units above the parent that this office was given: no row says who that is."""
    found: set[str] = set()
    below = known.subtree(store.unit)
    code = store.parent
    while code and code not in found and code not in below:
        found.add(code)
        entry = known.by_code.get(code)
        code = entry.parent if entry else None
    return found


def verdict(
    connection: Connection,
    store: Store,
    origin: str,
    public: str,
    *,
    epoch: str,
    n: int,
    known: Sequence[Peer] | None = None,
) -> str:
    """Return what a packet's signature by `public` is worth; it must have been verified.

    ``trusted``, ``pending`` (a person or a card decides), ``unknown``, ``retired`` (a former key,
    beyond its last packet), ``revoked`` (also a card refused as false).

    :param known: the keys of `origin`, where they are at hand.
    """
    if origin == store.origin:
        return "trusted" if public in own_publics(connection) else "unknown"
    if known is None:
        known = everyone(connection, store, origin=origin)
    peer = next((item for item in known if item.sign_public == public), None)
    if peer is None:
        return "unknown"
    if peer.status == "trusted":
        early = peer.epoch == epoch and n < peer.from_n
        return "retired" if early else "trusted"
    if peer.status in ("retired", "revoked"):
        return _stands(connection, store, peer, epoch, n)
    return "revoked" if peer.status == "refused" else "pending"


def _stands(connection: Connection, store: Store, peer: Peer, epoch: str, n: int) -> str:
    """Return what a packet by a key that was ended is worth: what it signed before still counts.

    A key that was only replaced also holds in its other streams, as far as they were read.
    """
    if peer.epoch == epoch:
        return "trusted" if n <= (peer.after_n or 0) else peer.status
    if peer.status == "retired":
        table = store.tables.source
        held = sa.select(table.c.stream).where(
            table.c.origin == peer.origin, table.c.epoch == epoch
        )
        return "trusted" if connection.execute(held).first() else "retired"
    return "revoked"


def own_publics(connection: Connection) -> tuple[str, ...]:
    """Return the public keys this installation signs with, or did before."""
    former = json.loads(setting_rows.read(connection, "sign_retired", "[]"))
    return (setting_rows.read(connection, "sign_public"), *former)


def parent_origin(connection: Connection, store: Store) -> str | None:
    """Return the parent's installation whose key is trusted, the one trusted last; None before."""
    known = trusted(connection, store, unit=store.parent or "-")
    return max(known, key=lambda peer: peer.at).origin if known else None


def up_recipients(connection: Connection, store: Store) -> tuple[str, ...]:
    """Return whom packets upward are sealed to: the parent, its recovery key, this installation.

    :raises BundleError: B538, no key of the parent is trusted yet.
    """
    known = trusted(connection, store, unit=store.parent or "-")
    if not known:
        raise BundleError(
            "B538",
            "还没有核对过上级工会的身份，不能报送。",
            "请输入上级发的开通码并装入上级的通知文件；没有开通码的，在“上下级单位”里输上级的核对码。",
        )
    names = [peer.age_recipient for peer in known]
    names += [peer.recovery for peer in known if peer.recovery]
    return tuple(dict.fromkeys([*names, own(connection, store).recipient]))


def down_recipients(connection: Connection, store: Store, unit: str) -> tuple[str, ...]:
    """Return whom packets to a lower unit are sealed to: its computers and this installation.

    :raises BundleError: B539, none of its keys is trusted yet.
    """
    known = trusted(connection, store, unit=unit)
    if not known:
        name = units.of_store(connection, store).name(unit)
        raise BundleError(
            "B539",
            f"还没有核对过“{name}”的身份，不能向它发文件。",
            "请先装入它的数据包；没有开通码的，请按单位开通卡输核对码。",
        )
    names = [peer.age_recipient for peer in known]
    return tuple(dict.fromkeys([*names, own(connection, store).recipient]))


def allowed_signers(connection: Connection, store: Store) -> str:
    """Return OpenSSH's ``allowed_signers``: own key and every one that was ever trusted."""
    mine = own(connection, store)
    lines = [crypto.allowed_signers(mine.origin, mine.signing.public)]
    lines += [
        crypto.allowed_signers(peer.origin, peer.sign_public)
        for peer in everyone(connection, store)
        if peer.status in ("trusted", "retired", "revoked")
    ]
    return "".join(f"{line}\n" for line in lines)
