"""What was done on the form in this visit, to be undone step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.desktop.form_entry import DetailRow

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """Fields as they were and as they became; detail tables likewise."""

    fields: Mapping[str, tuple[Texts, Texts]] = field(default_factory=dict)
    details: Mapping[str, tuple[list[DetailRow], list[DetailRow]]] = field(default_factory=dict)


class History:
    """Steps back and forth."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def clear(self) -> None:
        """Forget: another record is on the page."""
        self._done.clear()
        self._undone.clear()

    def add(self, step: Step) -> None:
        """Remember a step."""
        if step.fields or step.details:
            self._done.append(step)
            self._undone.clear()

    def back(self) -> Step | None:
        """Return the step to be undone."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        return step

    def forth(self) -> Step | None:
        """Return the step to be done again."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        return step
