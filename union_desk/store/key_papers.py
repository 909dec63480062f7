"""What the 单位开通卡 and the strips of 开通码 say, as plain values for the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from union_desk.store import peers, setting_rows, transaction, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.enrolment import Strip
    from union_desk.store.transaction import Store


class Card(TypedDict):
    """What the card of an installation says."""

    unit: str
    unit_name: str
    origin: str
    digits: str
    fingerprint: str
    recipient: str
    since: str
    made: str
    parent: str


class StripWords(TypedDict):
    """What a strip says."""

    unit_name: str
    origin: str
    parent: str
    parent_name: str
    code: str
    expires: str


def card(store: Store) -> Card:
    """Return what this installation's card says."""
    with store.read() as connection:
        mine = peers.own(connection, store)
        since = setting_rows.read(connection, "sign_since") or setting_rows.read(
            connection, "created_at"
        )
        known = units.of_store(connection, store)
    return Card(
        unit=store.unit,
        unit_name=store.unit_name,
        origin=store.origin,
        digits=mine.digits,
        fingerprint=mine.fingerprint,
        recipient=mine.recipient,
        since=since[:10],
        made=transaction.now(),
        parent=f"{known.name(store.parent)}（{store.parent}）" if store.parent else "",
    )


def strips(store: Store, made: Sequence[Strip]) -> list[StripWords]:
    """Return what strips say, in the order of their units."""
    with store.read() as connection:
        known = units.of_store(connection, store)
    return [
        StripWords(
            unit_name=known.name(strip.unit),
            origin=strip.origin,
            parent=store.unit,
            parent_name=store.unit_name,
            code=strip.spoken,
            expires=strip.expires,
        )
        for strip in sorted(made, key=lambda strip: strip.origin)
    ]


def without_key(store: Store) -> list[str]:
    """Return the direct lower units of which no computer is known yet."""
    with store.read() as connection:
        known = units.of_store(connection, store)
        keyed = {peer.unit for peer in peers.trusted(connection, store)}
    return [
        entry.code
        for entry in known.children.get(store.unit, ())
        if entry.code not in keyed and not entry.active_to
    ]
