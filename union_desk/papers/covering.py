"""The cover of a delivery issued anew, where records were confirmed after it or it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.papers import issuing, monthly, voiding
from union_desk.store import slips

if TYPE_CHECKING:
    from union_desk.reports.job import Told
    from union_desk.store.issued import Issued
    from union_desk.store.transaction import Store
    from union_desk.taskpack.period import Period

REASON = "封面重新出具，改用新的一份"


def reissue(store: Store, period: Period, as_of: str, progress: Told | None = None) -> Issued:
    """Issue the cover of all that is due now; the one in force is voided along with it.

    :raises InputError: I612 the task package has no cover for this level; what
        :func:`issuing.issue` raises.
    :raises StoreError: S361.
    """
    wanted = monthly.covers_of(store, period, as_of)
    if not wanted:
        raise InputError("I612", "任务包里没有本级报送用的封面。", "不用封面也可以报送。")
    with store.write() as transaction:
        before = slips.pending(transaction.connection, store)
        if before is not None:
            voiding.void_within(transaction, before, REASON)
        return issuing.issue_within(transaction, wanted[0], progress=progress)
