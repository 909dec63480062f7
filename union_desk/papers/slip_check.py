"""Whether the packets of a delivery carry what its sealed cover says: 纸质与文件一致."""

from __future__ import annotations

import io
from collections import defaultdict
from typing import TYPE_CHECKING

from union_desk.bundle import packet, packet_reading, packet_tables
from union_desk.store import content_digest, received

if TYPE_CHECKING:
    from union_desk.bundle.packet_reading import Packet
    from union_desk.store.issued import Change, Issued
    from union_desk.store.transaction import Connection, Store
    from union_desk.taskpack.definition import TaskPack

_COMPARED = ("rows", "digest")


def differences(connection: Connection, store: Store, paper: Issued) -> list[Change] | None:
    """Return what differs between a cover and the packets that name it; None: none came yet.

    The rows are those of the packets as they came, whatever has arrived since.
    """
    packets = [
        item
        for item in received.arrivals(connection, store, received.APPLIED)
        if item.origin == paper.origin and item.slip == paper.serial
    ]
    if not packets:
        return None
    gathered = _Gathered()
    for item in packets:
        with packet_reading.opened(io.BytesIO(received.content(connection, store, item))) as found:
            pack = next(pack for pack in store.packs if pack.id == found.head.package[0])
            gathered.add(found, pack)
    there = gathered.cells()
    said = {(row, column): value for row, column, value in paper.frozen_cells()}
    places = {place for place in said if place[1] in _COMPARED and ":" in place[0]} | there.keys()
    return [
        (*place, said.get(place), there.get(place))
        for place in sorted(places)
        if said.get(place, _none(place)) != there.get(place, _none(place))
    ]


def _none(place: tuple[str, str]) -> str:
    """Return what a form of which only voided rows travel has: no row, the digest of nothing."""
    return "0" if place[1] == "rows" else content_digest.of_form([], {})


class _Gathered:
    """Lines by unit and form, details by parent."""

    def __init__(self) -> None:
        self.lines: dict[str, list[content_digest.Lines]] = defaultdict(list)
        self.details: dict[str, dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))

    def add(self, found: Packet, pack: TaskPack) -> None:
        """Take the rows of one packet in."""
        for table in found.tables:
            form = pack.forms.get(table)
            if form is None:
                continue
            layout = packet_tables.layout(pack, table)
            place = {name: number for number, name in enumerate(layout.header)}
            for row in found.rows(table, pack):
                line = packet.line(layout, row)
                if form.detail_of:
                    self.details[str(row[place["parent"]])][table].append(line)
                else:
                    key = f"{row[place['unit']]}:{table}"
                    rev = int(row[place["rev"]] or 0)
                    self.lines[key].append((str(row[place["uid"]]), rev, line))

    def cells(self) -> dict[tuple[str, str], str]:
        """Return rows and digest of every unit and form."""
        made = {}
        for key, lines in self.lines.items():
            made[key, "rows"] = str(len(lines))
            made[key, "digest"] = content_digest.of_form(lines, self.details)
        return made
