"""Three offices that know one another's keys: city, county, grassroots, as real stores."""

import shutil
from contextlib import ExitStack
from dataclasses import replace

from tests.store.offices import DAY, PASSWORD, UNITS, new_store, put, rows_of, sheet
from union_desk.bundle import exporting, importing
from union_desk.store import backups, opening, peers, units

NAMES = ("grassroots", "county", "city")
GRASS, COUNTY, CITY = (UNITS[name][0] for name in NAMES)


def build(folder, pack):
    """Make the three data folders: the county's directory has the grassroots unit."""
    with ExitStack() as stack:
        stores = {name: stack.enter_context(_made(folder / name, pack, name)) for name in NAMES}
        rows = [row for row in rows_of("union_org") if row["union_code"] == GRASS]
        assert not put(stores["county"], "union_org", sheet("union_org", *rows)).refused
        for mine in stores.values():
            for other in stores.values():
                if mine is not other:
                    introduce(mine, other)
            backups.make(mine, "import")  # the first of the day; the others are spared it


def _made(folder, pack, name):
    return new_store(folder, pack, name, known_parent=False)


def introduce(store, other, **changes):
    """Let `store` trust the key of `other`."""
    with other.read() as connection:
        keys = peers.own(connection, other)
    with store.write() as tx:
        known = units.of_store(tx.connection, store)
        peer = peers.Peer(
            origin=keys.origin,
            fingerprint=keys.fingerprint,
            unit=keys.origin[:12],
            sign_public=keys.signing.public,
            age_recipient=keys.recipient,
            recovery=None,
            role=peers.relation(known, store, keys.origin[:12]) or "below",
            status="trusted",
            way="paper",
            from_n=0,
            epoch=None,
            after_n=None,
            reason=None,
            card=None,
            at=tx.now,
            person="李敏",
        )
        return peers.put(tx, replace(peer, **changes))


def opened(place):
    """One of the stores, open."""
    return opening.open_store(place, password=PASSWORD)


class Offices:
    """Copies of the three data folders, opened when first asked for."""

    def __init__(self, made, folder, stack):
        shutil.copytree(made, folder / "offices")
        self.folder = folder
        self._stack = stack
        self._open = {}
        self._sticks = 0

    def __getattr__(self, name):
        if name not in NAMES:
            raise AttributeError(name)
        if name not in self._open:
            place = self.folder / "offices" / name
            self._open[name] = self._stack.enter_context(opened(place))
        return self._open[name]

    def stick(self):
        """A fresh folder."""
        self._sticks += 1
        place = self.folder / f"stick{self._sticks}"
        place.mkdir()
        return place

    def send(self, name, reader="parent"):
        """Export into a fresh folder and return it."""
        place = self.stick()
        exporting.export(getattr(self, name), place, reader=reader, as_of=DAY)
        return place

    def take(self, name, *paths):
        """Take in and return the outcomes."""
        return importing.take_in(getattr(self, name), paths)

    def up(self, source, target):
        """Carry a stick upward."""
        return self.take(target, self.send(source))

    def down(self, source, target):
        """Carry a stick downward."""
        return self.take(target, self.send(source, "children"))


def told(found):
    """Return outcome and code of each packet."""
    return [(item.outcome, item.code) for item in found]
