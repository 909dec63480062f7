"""Which findings are shown, and when: not while one types, never longer than they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import checks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from union_desk.checks import Finding
    from union_desk.desktop.form_entry import Entry

Key = tuple[str, str | None]


def key_of(finding: Finding) -> Key:
    """Return what makes a finding the same after another run."""
    return (finding.code, finding.record)


class Findings:
    """The findings of the record on the page.

    A finding appears when the focus leaves a field and goes as soon as it no longer holds.
    An empty required field is told after 检查, or once its section has been left.
    """

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.shown: tuple[Finding, ...] = ()
        self.checked = False
        self.left: set[str] = set()
        """Fields of sections, and detail forms, that have been left."""
        self._further: tuple[Finding, ...] = ()
        """Found by the last 检查 in other records: cross-form checks, duplicates."""

    def edited(self, field: str) -> None:
        """Drop what no longer holds as something is typed; nothing new appears."""
        self._drop_further(field)
        known = {key_of(item) for item in self.shown}
        self.shown = tuple(item for item in self._all() if key_of(item) in known)

    def committed(self, field: str = "") -> None:
        """Tell everything that holds: the focus has left a field."""
        if field:
            self._drop_further(field)
        self.shown = tuple(item for item in self._all() if self._may_tell(item))

    def leave(self, names: Iterable[str]) -> None:
        """Note that a section, or a detail table, was left."""
        self.left |= set(names)

    def check(self, further: Sequence[Finding] = ()) -> None:
        """Tell everything, with what the store found beyond this record."""
        self.checked = True
        live = {key_of(item) for item in self.entry.findings()}
        codes = {item.code for item in self.entry.findings()}
        self._further = tuple(
            item for item in further if key_of(item) not in live and item.code not in codes
        )
        self.committed()

    def _all(self) -> list[Finding]:
        found = list(self.entry.findings())
        found += [self.entry.with_note(item) for item in self._further]
        order = {item.id: n for n, item in enumerate(self.entry.fields)}
        last = len(order)
        own = [f for f in found if f.form == self.entry.form.id]
        details = [f for f in found if f.form != self.entry.form.id]
        own.sort(key=lambda item: order.get(item.field or "", last))
        return own + details

    def _may_tell(self, finding: Finding) -> bool:
        if self.checked or not finding.code.endswith(".required"):
            return True
        if finding.form != self.entry.form.id:
            return finding.form in self.left
        return finding.field in self.left

    def _drop_further(self, field: str) -> None:
        """Forget what was found beyond the record once a field that it reads changed."""
        if not self._further:
            return
        form = self.entry.form
        stale = {check.id for check in checks.affected(form, field)}
        if any(field in key for key in form.duplicate_keys):
            stale.add(f"{form.id}.duplicate")
        self._further = tuple(
            item
            for item in self._further
            if item.code not in stale and item.form == form.id and item.field != field
        )

    def blocking(self) -> list[Finding]:
        """Return what keeps the record from being confirmed, errors first."""
        return sorted(
            (item for item in self.shown if is_open(item)), key=lambda item: item.level != "error"
        )


def is_open(finding: Finding) -> bool:
    """Return whether a finding still wants something: a repair or a reason."""
    return finding.level == "error" or (finding.level == "warning" and not finding.explained)


def counts(findings: Iterable[Finding], fields: Collection[str] | None) -> tuple[int, int]:
    """Return at how many places of `fields` (None: all) there is an error, else a warning."""
    worst: dict[tuple[str | None, str | None], str] = {}
    for item in findings:
        if is_open(item) and (fields is None or item.field in fields):
            place = (item.record, item.field)
            if worst.get(place) != "error":
                worst[place] = item.level
    errors = sum(level == "error" for level in worst.values())
    return errors, len(worst) - errors
