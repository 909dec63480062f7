"""What waits to be done, per form and work area: drafts, drafts with errors, returned records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.desktop.navigation import Route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.desktop.session import Session
    from union_desk.store.tally import FormCount
    from union_desk.taskpack.definition import TaskPack

COUNTED = "条待更正（有错误或被退回）"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Numbers by form id, of forms with any record."""

    forms: Mapping[str, FormCount]

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
    from union_desk.store import tally

    with session.store.read() as connection:
        return Waiting(tally.waiting(connection, session.store, session.today))
