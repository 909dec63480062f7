"""How a person has set up a ledger: columns, widths, order, sort, filters, and named views."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from union_desk.desktop import remembered
from union_desk.desktop.ledger_view import Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QObject

    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Form

MOST_VIEWS = 12


@dataclass(slots=True)
class LedgerLayout:
    """What is remembered of one ledger for one person."""

    columns: list[str] = field(default_factory=list)
    """Fields in the order they stand; empty: as many as fit, the most telling first."""
    widths: dict[str, int] = field(default_factory=dict)
    """Widths in pixels at scale 1, of columns that were drawn wider or narrower."""
    wanted: dict[str, Any] = field(default_factory=dict)
    """Sort, period, chip and column filters."""
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By name: columns and what is wanted."""

    def note(self, wanted: Wanted) -> None:
        """Take over what is asked for, the search left out."""
        self.wanted = written(wanted)

    def keep_view(self, name: str, wanted: Wanted) -> None:
        """Remember columns and filters under a name."""
        self.views.pop(name, None)
        self.views[name] = {"columns": list(self.columns), "wanted": written(wanted)}
        while len(self.views) > MOST_VIEWS:
            self.views.pop(next(iter(self.views)))


def read(session: Session, form: Form) -> LedgerLayout:
    """Return what was remembered; fields that the package no longer has are left out."""
    kept = remembered.read(session, f"ledger:{form.id}")
    if not isinstance(kept, dict):
        return LedgerLayout()
    columns = [name for name in kept.get("columns", []) if name in form.by_id]
    return LedgerLayout(
        columns, dict(kept.get("widths", {})), dict(kept.get("wanted", {})),
        dict(kept.get("views", {})),
    )  # fmt: skip


def keep(owner: QObject, session: Session, form: Form, layout: LedgerLayout) -> None:
    """Remember a layout."""
    value = {
        "columns": layout.columns, "widths": layout.widths, "wanted": layout.wanted,
        "views": layout.views,
    }  # fmt: skip
    remembered.keep(owner, session, f"ledger:{form.id}", value)


def written(wanted: Wanted) -> dict[str, Any]:
    """Return what is asked for as plain values."""
    from union_desk.store.listing import Range

    sort = wanted.sort
    filters: dict[str, dict[str, Any]] = {}
    for name, value in wanted.columns:
        if isinstance(value, Range):
            filters[name] = {"low": value.low, "high": value.high}
        else:
            filters[name] = {"values": list(value) if isinstance(value, tuple) else None}
    return {
        "sort": [sort.column, sort.descending] if sort else None,
        "period": wanted.period, "chip": wanted.chip, "filters": filters,
    }  # fmt: skip


def asked(form: Form, kept: Mapping[str, Any], now: Wanted | None = None) -> Wanted:
    """Return what was asked for, as it was written."""
    from union_desk.store.listing import ListSort, Range

    columns: list[tuple[str, object]] = []
    for name, rule in kept.get("filters", {}).items():
        if name not in form.by_id:
            continue
        if "values" in rule:
            columns.append((name, None if rule["values"] is None else tuple(rule["values"])))
        else:
            columns.append((name, Range(rule["low"], rule["high"])))
    sort = kept.get("sort")
    return replace(
        now or Wanted(form.id),
        sort=ListSort(sort[0], sort[1]) if sort and _sortable(form, sort[0]) else None,
        period=kept.get("period", ""),
        chip=kept.get("chip", ""),
        columns=tuple(columns),
    )


def _sortable(form: Form, name: str) -> bool:
    return name in form.by_id or name in ("unit", "period", "record_state", "updated_at")
