"""What people decide about keys: by the sealed 单位开通卡, 冒充, revoked.

Typing the twelve digits stands for having the card: never a question to be answered with yes.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk import crypto
from union_desk.errors import InputError, StoreError
from union_desk.store import audit, peers, rights, trusting

if TYPE_CHECKING:
    from union_desk.store.peers import Peer
    from union_desk.store.transaction import Store

_MISTYPED = {
    "length": ("核对码应为 12 位数字，现在不够或多了。", "请对照单位开通卡，三组都要输。"),
    "sign": ("核对码里只有数字。", "请对照单位开通卡重新输入。"),
}


def trust_by_card(store: Store, origin: str, typed: str, *, seal_seen: bool) -> Peer:
    """Trust the pending key of an installation by the digits of its sealed 单位开通卡.

    :param typed: 12 digits; blanks, hyphens and full width are forgiven.
    :raises StoreError: S361; S444 no key waits, S445 other digits, S446 the seal was not seen,
        S447 the unit has a trusted computer already.
    :raises InputError: I482, these are no digits of a card.
    """
    rights.check_may(store, "trust")
    try:
        digits = crypto.read_check_digits(typed)
    except ValueError as error:
        raise InputError("I482", *_MISTYPED[str(error)]) from error
    with store.write() as tx:
        known = peers.everyone(tx.connection, store, origin=origin)
        waiting = [peer for peer in known if peer.status == "pending"]
        if not waiting:
            raise StoreError(
                "S444", f"没有等待核对的“{origin}”。", "请先装入它报送来的文件或通知文件。"
            )
        peer = next((peer for peer in waiting if _same(peer, digits)), None)
        if peer is None:
            raise StoreError(
                "S445",
                "输入的核对码与收到的不一致。",
                "请对照盖章的单位开通卡重新输入；仍不一致时，请打电话向该单位核实。",
            )
        if not seal_seen:
            raise StoreError("S446", "还没有确认已见公章。", "请看到卡上的公章后，勾选“已见公章”。")
        if peer.role != "parent" and any(item.status == "trusted" for item in known):
            raise StoreError(
                "S447",
                f"“{origin}”已有核对过的电脑，不能只凭卡再加一台。",
                "换电脑的，请给它发新的开通码；冒充的，请拒绝。",
            )
        return trusting.trust(tx, peer, "paper")


def _same(peer: Peer, digits: str) -> bool:
    return hmac.compare_digest(peer.digits.encode(), digits.encode())


def refuse(store: Store, origin: str, fingerprint: str) -> Peer:
    """Refuse a pending key as false (冒充): what it signs is never taken in.

    :raises StoreError: S361, S448 it is not pending.
    """
    rights.check_may(store, "trust")
    with store.write() as tx:
        peer = next(
            (
                item
                for item in peers.everyone(tx.connection, store, origin=origin)
                if item.fingerprint == fingerprint and item.status == "pending"
            ),
            None,
        )
        if peer is None:
            raise StoreError("S448", "这张开通卡已经处理过了。", "请刷新后再看。")
        made = peers.put(tx, replace(peer, status="refused", at=tx.now, person=tx.person))
        said: dict[str, object] = {
            "origin": origin,
            "digits": peer.digits,
            "status": "refused",
        }
        audit.note(tx, "trust", new=said)
        return made


def revoke(store: Store, origin: str, fingerprint: str) -> Peer:
    """Revoke a trusted key after the last packet that was applied: it may be in others' hands.

    :raises StoreError: S361, S449 it is not trusted.
    """
    rights.check_may(store, "trust")
    with store.write() as tx:
        for peer in peers.everyone(tx.connection, store, origin=origin):
            if peer.fingerprint == fingerprint and peer.status == "trusted":
                return trusting.end(tx, peer, "revoked")
    raise StoreError("S449", "这把钥匙现在没有在用。", "请刷新后再看。")
