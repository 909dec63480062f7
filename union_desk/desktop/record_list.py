"""The list a form was opened from: which record of how many it is, and which come beside it."""

from __future__ import annotations

from union_desk.desktop.ledger_view import View, Wanted
from union_desk.desktop.navigation import Route


class RecordList:
    """The rows of a ledger as they stood when the form was opened, or a plain list of records."""

    def __init__(self, route: Route) -> None:
        self._view = route.filter if isinstance(route.filter, View) else None
        self._order = route.order
        self._forms = route.forms
        self.number = 0
        """Place of the record on the page, from 1; 0: it is not in the list."""

    @property
    def back_words(self) -> str:
        """Where the list lies: the ledger, or the dashboard that put the records together."""
        return "工作台" if self._order else "台账"

    def back(self, form: str, uid: str | None) -> Route:
        """Return the way back, to a record of the ledger."""
        if self._order:
            return Route("dashboard")
        return Route("ledger", form=form, uid=uid, filter=self.wanted)

    @property
    def wanted(self) -> Wanted | None:
        """What the ledger was asked for."""
        return self._view.wanted if self._view is not None else None

    @property
    def count(self) -> int:
        """How many records the list has."""
        return self._view.count if self._view is not None else len(self._order)

    def stand_at(self, uid: str) -> None:
        """Take a record as the present one."""
        place = self._view.place(uid) if self._view is not None else None
        if self._view is None and uid in self._order:
            place = self._order.index(uid)
        self.number = 0 if place is None else place + 1

    def elsewhere(self, uid: str, form: str) -> Route | None:
        """Return the way to a record of the list that is of another form than `form`."""
        if not self._forms or uid not in self._order:
            return None
        other = self._forms[self._order.index(uid)]
        if other == form:
            return None
        return Route("form", form=other, uid=uid, order=self._order, forms=self._forms)

    def beside(self, way: int) -> str | None:
        """Return the record before (-1) or after (1); beside one that is not in the list: an end.

        The newest stands first, so what comes before a new record is the first of the list.
        """
        place = self.number - 1 + way if self.number else 0
        if not 0 <= place < self.count or (not self.number and way > 0):
            return None
        return self._view.uid_at(place) if self._view is not None else self._order[place]
