"""Steps from one format of the store to the next, by the number they start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from union_desk.store.transaction import Transaction

STEPS: Mapping[int, Callable[[Transaction], None]] = {}
"""Format 1 is the first: nothing to do yet."""
