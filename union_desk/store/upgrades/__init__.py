"""Steps from one format of the store to the next, by the number they start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store.upgrades import exchange, people_and_signing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from union_desk.store.transaction import Transaction

STEPS: Mapping[int, Callable[[Transaction], None]] = {
    1: people_and_signing.step,
    2: exchange.step,
}
"""Format 1 knew one person without a name of their own and no key to sign with; format 2 sent but
took nothing in."""
