"""What waits to be done, per form and work area: drafts, drafts with errors, returned records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk.desktop.navigation import Route
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.desktop.session import Session
    from union_desk.store.tally import FormCount
    from union_desk.taskpack.definition import TaskPack

COUNTED = "条待更正（有错误或被退回）"
PLACES = {
    "inbox": "个在等待或没有装入",
    "review": "条等待审核，或报告了变化等答复",
    "sent": "个文件里有记录被退回",
    "export": "件事要先决定，报送已暂停",
}
"""What is counted at the places under 报送, by the kind of their route."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Numbers by form id, of forms with any record; and by place under 报送."""

    forms: Mapping[str, FormCount]
    places: Mapping[str, int] = field(default_factory=dict)
    tabs: Mapping[str, int] = field(default_factory=dict)
    """By the kind of a tab's route: reports of changes from below that nobody has answered."""

    @property
    def drafts(self) -> int:
        """Drafts of all forms."""
        return sum(item.drafts for item in self.forms.values())

    @property
    def errors(self) -> int:
        """Drafts with an error."""
        return sum(item.errors for item in self.forms.values())

    @property
    def returned(self) -> int:
        """Returned records."""
        return sum(item.returned for item in self.forms.values())

    def by_area(self, pack: TaskPack) -> dict[str, int]:
        """Return per work area what is to be corrected."""
        found: dict[str, int] = {}
        for form, item in self.forms.items():
            area = pack.forms[form].area
            found[area] = found.get(area, 0) + item.errors + item.returned
        return found

    def most(self, what: str) -> Route:
        """Return where most of `what` (drafts, errors, returned) lie."""
        form = max(self.forms, key=lambda name: getattr(self.forms[name], what))
        return Route("ledger", form=form, text=what)


def count(session: Session) -> Waiting:
    """Count over the session's store."""
    from union_desk.store import arrivals, changes, deliveries, holds, reviews, tally

    store = session.store
    with store.read() as connection:
        found = Waiting(tally.waiting(connection, store, session.today))
        returned, upper = 0, store.level != LEVELS[0]
        if found.returned:
            listed = deliveries.listed(connection, store)
            returned = sum(item.state == deliveries.RETURNED for item in listed)
        changed = len(changes.waiting_uids(connection, store)) if upper else 0
        places = {
            "inbox": arrivals.open_count(connection, store),
            "review": reviews.waiting_counts(connection, store) + changed if upper else 0,
            "sent": returned,
            "export": int(holds.current(connection) is not None),
        }
    return Waiting(found.forms, places, {"changes": changed})
