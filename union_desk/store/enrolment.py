"""开通码: strips that a parent hands out, and what it publishes of them and of its keys.

A strip is for one installation, holds once and 60 days. The code itself stays on the strip and in
this store; the packets to all lower units carry a tag per strip, by which a unit that was given
the code knows the parent's keys to be true. The parent's date decides whether a strip holds yet.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk import crypto
from union_desk.errors import StoreError
from union_desk.store import audit, key_rows, peers, rights, setting_rows, units
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store, Transaction

DAYS = 60
"""How long a strip holds."""
FORMER = "former"
"""Role of a key that an installation signed with before it got a new one."""
_ORIGIN = re.compile(r"[0-9]{12}[B-Z]?")


@dataclass(frozen=True, slots=True)
class Strip:
    """A 开通码 handed out: whom it is for, and what became of it."""

    uid: str
    origin: str
    code: str
    """Sixteen signs without hyphens."""
    expires: str
    """ISO, the last day it holds."""
    replaces: str | None
    """Fingerprint of the key that was trusted when it was made: the unit changes its computer."""
    used_by: str | None
    """Fingerprint of the key that it brought in."""
    void: bool
    made_at: str
    person: str

    @property
    def unit(self) -> str:
        """Code of the unit."""
        return self.origin[: peers.SOLID]

    @property
    def spoken(self) -> str:
        """The code in groups of four."""
        return "-".join(self.code[at : at + 4] for at in range(0, len(self.code), 4))

    def __repr__(self) -> str:
        return f"Strip({self.origin}, {self.expires})"


def today() -> str:
    """Return the date of this computer: the only clock that a decision reads, for strips alone."""
    return dt.datetime.now().astimezone().date().isoformat()


def hand_out(store: Store, origins: Sequence[str], *, day: str | None = None) -> tuple[Strip, ...]:
    """Make a strip for each installation and return them; its earlier, unused ones are void.

    :param origins: unit codes, with a letter for a unit's further computers.
    :raises StoreError: S361; S440 or S443 no code, S441 not below this office, S442 sample data.
    """
    rights.check_may(store, "trust")
    if store.demo:
        raise StoreError("S442", "这里是样本数据，不能发开通码。", "请用本单位的正式数据。")
    day = day or today()
    wanted = tuple(dict.fromkeys(origins))
    with store.write() as tx:
        _check_below(tx, wanted)
        known = {peer.origin: peer for peer in peers.trusted(tx.connection, store)}
        made = [_strip(tx, origin, known.get(origin), day) for origin in wanted]
        table = tx.tables.enrol_code
        for strip in made:
            older = sa.and_(table.c.origin == strip.origin, table.c.used_by.is_(None))
            tx.connection.execute(sa.update(table).where(older).values(void=1))
        tx.connection.execute(
            sa.insert(table),
            [
                {name: getattr(strip, name) for name in Strip.__slots__} | {"void": 0}
                for strip in made
            ],
        )
        publish(tx, day=day)
        audit.note(tx, "enrol_codes", new={"origins": list(wanted)})
    return tuple(made)


def _strip(tx: Transaction, origin: str, known: peers.Peer | None, day: str) -> Strip:
    last = dt.date.fromisoformat(day) + dt.timedelta(days=DAYS)
    code = crypto.read_enrol_code(crypto.new_enrol_code())
    return Strip(
        uid=new_uid(),
        origin=origin,
        code=code,
        expires=last.isoformat(),
        replaces=known.fingerprint if known else None,
        used_by=None,
        void=False,
        made_at=tx.now,
        person=tx.person,
    )


def _check_below(tx: Transaction, origins: Sequence[str]) -> None:
    if not origins:
        raise StoreError("S440", "没有选单位，没有做开通码。", "请选要发开通码的单位。")
    known = units.of_store(tx.connection, tx.store)
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise StoreError(
                "S443",
                f"“{origin}”不是填报端编号。",
                "请写 12 位单位编码；一个单位的第二台电脑起，再加一个字母 B、C……",
            )
        if peers.relation(known, tx.store, origin[: peers.SOLID]) not in ("child", "below"):
            raise StoreError(
                "S441", f"“{origin}”不是本单位的下级，不能发开通码。", "请核对单位编码和单位目录。"
            )


def strips(connection: Connection, store: Store, origin: str = "") -> tuple[Strip, ...]:
    """Return the strips made, the newest first; of one installation or of all."""
    table = store.tables.enrol_code
    chosen = sa.select(table).order_by(table.c.made_at.desc(), table.c.uid.desc())
    if origin:
        chosen = chosen.where(table.c.origin == origin)
    rows = connection.execute(chosen).mappings()
    return tuple(Strip(**{**row, "void": bool(row["void"])}) for row in rows)


def proved(connection: Connection, store: Store, peer: peers.Peer, tag: str) -> Strip | None:
    """Return the strip under whose code an installation tagged its own keys."""
    for strip in strips(connection, store, peer.origin):
        wanted = crypto.enrol_tag(
            strip.code,
            store.unit,
            peer.origin,
            role="unit",
            fingerprint=peer.fingerprint,
            recipient=peer.age_recipient,
        )
        if hmac.compare_digest(wanted.encode(), tag.encode()):
            return strip
    return None


def use(tx: Transaction, strip: Strip, fingerprint: str) -> None:
    """Note that a strip has brought in a key: it holds no more."""
    table = tx.tables.enrol_code
    tx.connection.execute(
        sa.update(table).where(table.c.uid == strip.uid).values(used_by=fingerprint)
    )


def publish(tx: Transaction, *, day: str | None = None) -> None:
    """Let the rows that go to all lower units say the keys and strips as they are now.

    A row of a strip stays until the strip expires. Keys of the offices above go down, too: by
    this office's word the units below know them. A unit learns here which keys it had before its
    computer was lost.
    """
    day, store = day or today(), tx.store
    mine = peers.own(tx.connection, store)
    tags = [
        {
            "for_origin": strip.origin,
            "tag": crypto.enrol_tag(
                strip.code,
                store.unit,
                strip.origin,
                role="parent",
                fingerprint=mine.fingerprint,
                recipient=mine.recipient,
            ),
            "expires": strip.expires,
        }
        for strip in strips(tx.connection, store)
        if not strip.void and strip.expires >= day
    ]
    key_rows.lay(tx, "enrol", ("for_origin", "tag"), tags, whole=True)
    said = [*_keys(tx, mine), *_former(tx)]
    key_rows.lay(tx, "key", ("for_origin", "role", "sign_pub"), said, whole=True)


def _keys(tx: Transaction, mine: peers.OwnKeys) -> list[key_rows.Said]:
    since = setting_rows.read(tx.connection, "sign_since") or setting_rows.read(
        tx.connection, "created_at"
    )
    rows = [own_row(mine, since[:10], 0, None)]
    if mine.recovery:
        rows.append(
            own_row(mine, since[:10], 0, None)
            | {"sign_pub": None, "age_pub": mine.recovery, "role": "recovery"}
        )
    rows += [
        {
            "for_origin": peer.origin,
            "sign_pub": peer.sign_public,
            "age_pub": peer.age_recipient,
            "role": "work",
            "valid_from": peer.at[:10],
            "from_n": 0,
            "tag": None,
        }
        for peer in peers.trusted(tx.connection, tx.store)
        if peer.role in ("parent", "above")
    ]
    return rows


def _former(tx: Transaction) -> list[key_rows.Said]:
    """Return the keys that computers of lower units signed with before they got new ones."""
    known = peers.everyone(tx.connection, tx.store)
    now = {peer.origin for peer in known if peer.status == "trusted"}
    return [
        {
            "for_origin": peer.origin,
            "sign_pub": peer.sign_public,
            "age_pub": peer.age_recipient,
            "role": FORMER,
            "valid_from": peer.at[:10],
            "from_n": 0,
            "tag": None,
        }
        for peer in known
        if peer.role == "child" and peer.status == "retired" and peer.origin in now
    ]


def own_row(mine: peers.OwnKeys, since: str, from_n: int, tag: str | None) -> key_rows.Said:
    """Return the row of table ``key`` about this installation's own keys."""
    return {
        "for_origin": mine.origin,
        "sign_pub": mine.signing.public,
        "age_pub": mine.recipient,
        "role": "work",
        "valid_from": since,
        "from_n": from_n,
        "tag": tag,
    }
