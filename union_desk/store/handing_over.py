"""交接包: a unit moves to a new computer, and the one it leaves is retired.

One file holds the store, its keyring and every sealed file beside it. It is a backup that restores
anywhere; what begins there is a fresh epoch. The copy left behind does not send any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store import backups, holds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from union_desk.store.backups import Made
    from union_desk.store.transaction import Store

REASON = "handover"


def make(store: Store, to: Path, progress: Callable[[int, int], None] | None = None) -> Made:
    """Write the 交接包 into `to`, verified; then this computer sends no more.

    :raises StoreError: as :func:`backups.make`; nothing is retired then.
    :raises FileError: it cannot be written there; nothing is retired.
    """
    made = backups.make(store, REASON, to=to, progress=progress)
    holds.retire(store)
    return made
