"""From format 1 to 2: the table of people, and the key the unit will sign with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import crypto
from union_desk.store import people, setting_rows

if TYPE_CHECKING:
    from union_desk.store.transaction import Transaction


def step(transaction: Transaction) -> None:
    """Enter the one person there was, with every role, and make the signing key."""
    connection, store = transaction.connection, transaction.store
    store.tables.person.create(connection, checkfirst=True)
    if not store.demo and people.find(connection, store.person_id) is None:
        people.begin(connection, store.person_id, store.person, transaction.now)
    signing = crypto.new_signing_key()
    setting_rows.write(connection, "sign_secret", signing.secret)
    setting_rows.write(connection, "sign_public", signing.public)
