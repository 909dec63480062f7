"""Offices that tests about keys share: opened once, each test finds them knowing nobody."""

import sqlalchemy as sa

from tests.store.offices import new_store, put
from union_desk.workflow import ROLES

_TABLES = ("peer", "enrol_code", "source")
_FORMS = ("enrol", "key", "trust")


class PeerStores:
    """One store per level, with the sample units in the directory of the upper ones."""

    def __init__(self, pack, folder):
        self._pack, self._folder = pack, folder
        self._open = {}

    def fresh(self, level):
        """Return the store of a level as it was when it was made."""
        if level not in self._open:
            store = new_store(self._folder / level, self._pack, level)
            if level != "grassroots":
                put(store, "union_org", reason="样本")
            with store.read() as connection:
                table = store.tables.setting
                self._open[level] = store, connection.execute(sa.select(table)).mappings().all()
        store, settings = self._open[level]
        with store.write() as tx:
            tables = [getattr(store.tables, name) for name in _TABLES]
            for table in (*tables, *(store.tables.form[name] for name in _FORMS)):
                tx.connection.execute(sa.delete(table))
            tx.connection.execute(sa.delete(store.tables.setting))
            tx.connection.execute(sa.insert(store.tables.setting), [dict(row) for row in settings])
        store.roles = tuple(ROLES)
        return store

    def close(self):
        """Close what was opened."""
        for store, _ in self._open.values():
            store.close()
