"""Deciding about keys of others: by 开通码, by paper, by the old key, by the level between.

A card is read before trust and decides by itself where it can. Otherwise it stays pending with
its reason, and a person decides: 换电脑还是冒充.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk import crypto
from union_desk.errors import BundleError
from union_desk.store import audit, enrolment, key_rows, peers, units, vouching
from union_desk.store.peers import Peer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from union_desk.store.enrolment import Strip
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.record import Value

REASONS = {
    "paper": "没有开通码，请按盖章的单位开通卡输核对码。",
    "wrong": "开通码不对。请单位核对开通码条后再输，或按单位开通卡输核对码。",
    "expired": "开通码已过期。请给这个单位发新的开通码。",
    "used": "这个开通码已用过。换电脑还是冒充？换电脑的，发新的开通码；冒充的，拒绝。",
    "void": "这张开通码条已作废，请用最新的一张。",
    "second": "这个单位已有核对过的电脑。换电脑还是冒充？换电脑的，发新的开通码；冒充的，拒绝。",
    "parent": "请输入上级发的开通码，或按上级的单位开通卡输核对码。",
    "vouch": "等它的上级核对；核对结果随上级的数据包来。",
    "unlisted": "单位目录里还没有这个单位。请按单位开通卡输核对码。",
    "enrol_wrong": "开通码不对：与上级通知包里的对不上。请对照开通码条再输一次。",
    "enrol_absent": (
        "上级的通知包里没有本单位，或开通码已过期。请向上级要最新的通知文件，或新的开通码。"
    ),
    "enrol_none": "还没有输开通码。请输入上级发的开通码，或按上级的单位开通卡输核对码。",
}
"""Why a key is pending, and what to do, by `Peer.reason`."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a key card or of a parent's broadcast."""

    peer: Peer
    changed: bool
    """Whether the store knows something new."""

    @property
    def trusted(self) -> bool:
        """Whether packets signed with this key count."""
        return self.peer.status == "trusted"

    @property
    def sentence(self) -> str:
        """What to tell, and what to do."""
        if self.peer.status == "pending":
            return REASONS[self.peer.reason or "paper"]
        return f"{peers.STATUSES[self.peer.status]}。"


def take_card(
    tx: Transaction,
    origin: str,
    epoch: str,
    rows: Sequence[Mapping[str, Value]],
    *,
    signer: str,
    card: str,
    day: str | None = None,
) -> Taken:
    """Take in the key card of another installation; its signature by `signer` was verified.

    :param rows: table ``key`` of the card.
    :param card: hash of the packet.
    :param day: the date here, which decides whether a 开通码 holds yet.
    :raises BundleError: B535 no card, B536 a stranger's, B537 not signed by the key it may be.
    """
    peer, tag, from_n = _read(tx, origin, rows)
    if peer.role == "":
        raise BundleError(
            "B536", f"“{origin}”不是本单位的上级或下级，没有收它的开通卡。", "请核对单位目录。"
        )
    known = peers.find(tx.connection, tx.store, origin, peer.sign_public)
    if known is not None and known.status != "pending":
        kept = replace(known, card=card)
        if known.status == "trusted" and signer == known.sign_public:
            kept = replace(
                kept,
                age_recipient=peer.age_recipient,
                recovery=peer.recovery or known.recovery,
            )
        return Taken(peers.put(tx, kept), changed=kept != known)
    peer = replace(peer, card=card)
    if signer != peer.sign_public:
        return Taken(_rotated(tx, peer, signer, epoch, from_n), changed=True)
    reason, strip = _decide(tx, peer, tag, day or enrolment.today())
    if reason is None:
        if strip is not None:
            enrolment.use(tx, strip, peer.fingerprint)
        made = trust(tx, peer, "code" if strip else "vouch")
        return Taken(made, changed=True)
    pending = replace(peer, status="pending", reason=reason)
    return Taken(peers.put(tx, pending), changed=known is None or known.reason != reason)


def _read(
    tx: Transaction, origin: str, rows: Sequence[Mapping[str, Value]]
) -> tuple[Peer, str, int]:
    """Return the key that a card brings, its tag, and the packet from which it signs."""
    work = [row for row in rows if row.get("role") == "work"]
    spare = [row for row in rows if row.get("role") == "recovery"]
    if (
        len(work) != 1
        or len(spare) > 1
        or len(rows) != len(work) + len(spare)
        or any(row.get("for_origin") != origin for row in rows)
    ):
        raise _no_card()
    public, recipient = str(work[0].get("sign_pub")), str(work[0].get("age_pub"))
    recovery = str(spare[0].get("age_pub")) if spare else None
    try:
        crypto.public_bytes(public)
        for name in filter(None, (recipient, recovery)):
            crypto.check_recipient(name)
    except crypto.Damaged as error:
        raise _no_card() from error
    from_n = work[0].get("from_n")
    return (
        new_peer(tx, origin, public, recipient, recovery),
        str(work[0].get("tag") or ""),
        from_n if isinstance(from_n, int) else 0,
    )


def new_peer(
    tx: Transaction, origin: str, public: str, recipient: str, recovery: str | None
) -> Peer:
    """Return a key that nothing is known of yet, pending."""
    unit = origin[: peers.SOLID]
    known = units.of_store(tx.connection, tx.store)
    role = peers.relation(known, tx.store, unit)
    if role == "" and unit not in known.by_code:
        role = "child"
    return Peer(
        origin=origin,
        fingerprint=crypto.fingerprint(public),
        unit=unit,
        sign_public=public,
        age_recipient=recipient,
        recovery=recovery,
        role=role,
        status="pending",
        way=None,
        from_n=0,
        epoch=None,
        after_n=None,
        reason="paper",
        card=None,
        at=tx.now,
        person=tx.person,
    )


def _no_card() -> BundleError:
    return BundleError("B535", "这张开通卡的内容不对，没有收。", "请该单位重新做一次。")


def _decide(tx: Transaction, peer: Peer, tag: str, day: str) -> tuple[str | None, Strip | None]:
    """Return why a card cannot be trusted by itself, or None and the strip that proves it."""
    if peer.role in ("parent", "above"):
        return "parent", None
    strip = enrolment.proved(tx.connection, tx.store, peer, tag) if tag else None
    if strip is not None:
        return _strip_trouble(tx, peer, strip, day), strip
    if peer.role == "below":
        return (None if vouching.vouched(tx, peer) else "vouch"), None
    if _others(tx, peer):
        return "second", None
    if peer.unit not in units.of_store(tx.connection, tx.store).by_code:
        return "unlisted", None
    return ("wrong" if tag else "paper"), None


def _strip_trouble(tx: Transaction, peer: Peer, strip: Strip, day: str) -> str | None:
    if strip.used_by is not None and strip.used_by != peer.fingerprint:
        return "used"
    if strip.void:
        return "void"
    if strip.expires < day:
        return "expired"
    if strip.replaces is None and _others(tx, peer):
        return "second"
    return None


def settle_vouched(tx: Transaction, origins: Iterable[str]) -> bool:
    """Apply what the level between says of the keys below it; return whether anything changed.

    Keys that this office enrolled itself are not touched.

    :param origins: installations that something new was said of.
    """
    changed = False
    said_of = [
        peer
        for origin in sorted(set(origins))
        for peer in peers.everyone(tx.connection, tx.store, origin=origin)
    ]
    for peer in said_of:
        if peer.role != "below" or peer.status == "refused" or peer.way in ("code", "paper"):
            continue
        said = next(iter(vouching.words(tx, peer)), None)
        if said is None or said["status"] == peer.status:
            continue
        changed = True
        if said["status"] == "trusted":
            trust(tx, peer, "vouch")
        else:
            after = said["after_n"]
            end(
                tx,
                peer,
                str(said["status"]),
                epoch=str(said["epoch"] or "") or None,
                after_n=int(after) if after is not None else None,
            )
    return changed


def _others(tx: Transaction, peer: Peer) -> list[Peer]:
    """Return the other trusted keys of the same installation."""
    return [
        other
        for other in peers.everyone(tx.connection, tx.store, origin=peer.origin)
        if other.status == "trusted" and other.fingerprint != peer.fingerprint
    ]


def _rotated(tx: Transaction, peer: Peer, signer: str, epoch: str, from_n: int) -> Peer:
    """Trust a card that the old, trusted key has signed, from its packet on."""
    old = peers.find(tx.connection, tx.store, peer.origin, signer)
    if old is None or old.status != "trusted":
        raise BundleError(
            "B537", "这张开通卡不是由它自己或原有的钥匙签的，没有收。", "请该单位重新做一次。"
        )
    new = replace(peer, recovery=peer.recovery or old.recovery)
    return replace_key(tx, old, new, epoch=epoch, from_n=from_n)


def replace_key(tx: Transaction, old: Peer, new: Peer, *, epoch: str, from_n: int) -> Peer:
    """Trust `new` by the word of `old` from packet `from_n` of `epoch` on; retire `old` there."""
    end(tx, old, "retired", epoch=epoch, after_n=max(from_n - 1, 0))
    made = replace(new, status="trusted", way="old_key", reason=None, epoch=epoch, from_n=from_n)
    return _enter(tx, made)


def trust(tx: Transaction, peer: Peer, way: str) -> Peer:
    """Trust a key; other keys of its installation are retired at the packet applied last."""
    for other in _others(tx, peer):
        end(tx, other, "retired")
    made = replace(peer, status="trusted", way=way, reason=None, at=tx.now, person=tx.person)
    return _enter(tx, made)


def end(
    tx: Transaction,
    peer: Peer,
    status: str,
    *,
    epoch: str | None = None,
    after_n: int | None = None,
) -> Peer:
    """Retire or revoke a key after a packet; without one, after that applied last."""
    if epoch is None:
        epoch, applied = _applied(tx, peer)
        after_n = applied if after_n is None else after_n
    return _enter(tx, replace(peer, status=status, epoch=epoch, after_n=after_n, reason=None))


def _applied(tx: Transaction, peer: Peer) -> tuple[str | None, int]:
    """Return epoch and number of the packet applied last of the stream a key signs most."""
    stream = "all" if peer.role in ("parent", "above") else "up"
    table = tx.tables.source
    held = sa.select(table.c.epoch, table.c.n).where(
        table.c.origin == peer.origin, table.c.stream == stream
    )
    row = tx.connection.execute(held).first()
    return (str(row[0]), int(row[1])) if row else (None, 0)


def _enter(tx: Transaction, peer: Peer) -> Peer:
    peers.put(tx, peer)
    audit.note(
        tx,
        "trust",
        new={
            "origin": peer.origin, "digits": peer.digits, "status": peer.status, "way": peer.way,
            "after_n": peer.after_n,
        },
    )  # fmt: skip
    if tx.store.parent and peer.role in ("child", "below", "self"):
        key_rows.lay(tx, "trust", ("for_origin", "fingerprint"), [_said(tx, peer)])
    return peer


def _said(tx: Transaction, peer: Peer) -> key_rows.Said:
    """Return the row by which this office vouches upward for a key, or takes its word back."""
    return {
        "for_origin": peer.origin,
        "fingerprint": peer.fingerprint,
        "status": peer.status if peer.status in ("trusted", "retired") else "revoked",
        "way": peer.way or "paper",
        "epoch": peer.epoch,
        "after_n": peer.after_n,
        "confirmed_by": tx.person,
        "date": tx.now[:10],
    }
