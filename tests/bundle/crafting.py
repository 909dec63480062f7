"""Packets and bundles made by hand: what no export would write."""

import hashlib
import io
from dataclasses import dataclass, replace

from union_desk import crypto
from union_desk.bundle import container, packet, packet_tables
from union_desk.bundle.packet_head import Head
from union_desk.store import peers
from union_desk.taskpack.record import new_uid

EPOCH = "ab" * 16
NEXT = "cd" * 16
THEN = "2012-08-31T08:00:00Z"


@dataclass(frozen=True)
class Made:
    """A packet with its signature."""

    head: Head
    content: bytes
    signature: str

    @property
    def hash(self):
        return hashlib.sha256(self.content).hexdigest()


def keys(store):
    """The keys of a store."""
    with store.read() as connection:
        return peers.own(connection, store)


def row(pack, form, store, /, **cells):
    """A row of a table, its head filled in."""
    given = {
        "uid": new_uid(), "unit": store.unit, "period": "2012M08", "rev": 1, "package": pack.id,
        "created_by": "李敏", "created_at": THEN, "updated_at": THEN,
    } | cells  # fmt: skip
    if form == "receipt" and "uid" not in cells:
        told = store.origin, given.get("for_origin"), given.get("for_stream")
        given["uid"] = packet_tables.lasting_uid(form, *map(str, told))
    header = packet_tables.layout(pack, form).header
    assert not cells.keys() - set(header)
    return tuple(given.get(name) for name in header)


def visit(pack, store, **cells):
    """A row of a ledger that every level writes."""
    return row(pack, "visit", store, visit_date="2012-08-02", visitor="周沫云", **cells)


def craft(
    store, *, tables=None, deleted=(), blobs=None, key=None, after=None, pack=None, **changes
):
    """A packet as the installation of `store` would sign it; `after`: the packet before."""
    pack = pack or store.pack
    head = Head(
        app="0.1.0", origin=store.origin, stream="up", epoch=after.head.epoch if after else EPOCH,
        n=after.head.n + 1 if after else 1, prev=after.hash if after else None,
        kind="delta" if after else "snapshot", replaces=after.head.replaces if after else (),
        package=(pack.id, pack.version, pack.digest), audit=(1, "0" * 64), made_at=THEN,
        made_by="李敏", parts=None if after else 1,
    )  # fmt: skip
    head = replace(head, **changes)
    file = io.BytesIO()
    packet.write(
        file,
        head,
        pack,
        packet.Content(
            {name: sorted(rows) for name, rows in (tables or {}).items()}.items(),
            deleted,
            {
                digest: lambda content=content: [content]
                for digest, content in (blobs or {}).items()
            },
        ),
    )
    return signed(head, file.getvalue(), key or keys(store).signing)


def signed(head, content, key, namespace=crypto.PACKET):
    """Any bytes as a packet of that head."""
    return Made(head, content, crypto.sign(key, io.BytesIO(content), namespace))


def bundle(place, *made, to=None, name="x.udsync"):
    """A bundle of packets, sealed to the store `to`, else open."""
    file = io.BytesIO()
    container.write(
        file,
        [container.Item(f"{one.head.name}.zip", [one.content], one.signature) for one in made],
    )
    content = file.getvalue()
    if to is not None:
        content = crypto.seal(content, [keys(to).recipient])
    path = place / name
    path.write_bytes(content)
    return path
