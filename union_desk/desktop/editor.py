"""What every editor of a field is to its page: what it holds, what it shows, what it tells.

An editor keeps what was typed. What reads as a value of the field's type is shown the way
people write it once the focus leaves; what does not read stays as typed and comes back from
`problem` with the sentence to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, SignalInstance

from union_desk.taskpack import field_types

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from PySide6.QtGui import QFocusEvent

    from union_desk.taskpack.definition import CodeItem, Field, TaskPack
    from union_desk.taskpack.field_types import Hints, Unreadable
    from union_desk.taskpack.record import Value

BY_KEYBOARD = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
        Qt.FocusReason.OtherFocusReason,
    }
)
"""Ways of getting the focus after which typing replaces what stands there."""


@dataclass(frozen=True, slots=True)
class Target:
    """A row that a reference points to: record id (None: not here yet), key, name."""

    uid: str | None
    key: str
    label: str


class Links(Protocol):
    """Where references look for their rows."""

    def fitting(self, form: str, text: str) -> tuple[Target, ...]:
        """Return the rows a person may mean by `text`, the best first."""

    def target(self, form: str, text: str) -> Target | Unreadable:
        """Return what `text` refers to; of several rows, why it cannot be told."""

    def may_register(self, form: str) -> bool:
        """Return whether a new row of `form` can be entered here."""


@dataclass(frozen=True, slots=True)
class Paper:
    """An attachment: the SHA-256 of its content, its name and size."""

    digest: str
    name: str
    size: int


class Papers(Protocol):
    """Where attachments are kept."""

    def add(self, item: Field, path: Path) -> Paper:
        """Take a file in. UserError where it will not do."""

    def named(self, digests: tuple[str, ...]) -> tuple[Paper, ...]:
        """Return what is known of attachments."""

    def content(self, digest: str) -> bytes:
        """Return the bytes of an attachment. UserError where it is not here."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads and shows values as the open package and the working day ask."""

    pack: TaskPack
    hints: Hints
    links: Links | None = None
    papers: Papers | None = None
    locked_codes: frozenset[tuple[str, str]] = frozenset()
    """(field, code): codes that a level above decides; not offered here."""
    reveal: Callable[[Field], bool] | None = None
    """Asks to show a masked field of the record on the page: writes it down, then says yes."""
    kept: Callable[[], bool] | None = None
    """Whether the record on the page is one of the store; what is typed anew is not hidden."""

    def read(self, item: Field, text: str) -> Value | Unreadable:
        """Return the value of what was typed, None for nothing, or why it cannot be read."""
        return field_types.parse(item, text, self.hints)

    def shown(self, item: Field, value: Value, *, masked: bool = False) -> str:
        """Return a value for people."""
        return field_types.format_value(item, value, self.pack, masked=masked)

    def hides(self, item: Field, value: Value) -> bool:
        """Return whether a value of the record on the page is masked until it is asked for."""
        if self.reveal is None or value is None or item.sensitivity < field_types.SENSITIVE:
            return False
        return self.kept is None or self.kept()

    def typed(self, item: Field, value: Value) -> str:
        """Return the text a person would type for a value."""
        if item.type in {"choice", "multi", "bool"}:
            return self.shown(item, value)
        return field_types.plain(item, value)

    def codes(self, item: Field) -> tuple[CodeItem, ...]:
        """Return the codes that can be chosen in a field here, in their printed order."""
        listed = self.pack.codes(item)
        return tuple(
            code
            for code in (listed.items if listed else ())
            if (not item.choices or code.code in item.choices)
            and (item.id, code.code) not in self.locked_codes
        )


class Editor(Protocol):
    """A widget that edits one field."""

    item: Field
    edited: SignalInstance
    """A person changed something; never while an input method composes."""
    committed: SignalInstance
    """The focus left, or a choice was made: what stands there is meant."""
    entered: SignalInstance
    """The focus came."""
    advance: SignalInstance
    """Enter: go on (True) or back (False)."""
    composing: bool
    """An input method holds text that is not yet part of the field."""

    def cells(self) -> Mapping[str, Value]:
        """Return the value of each column of the field; unreadable text is None."""

    def problem(self) -> Unreadable | None:
        """Return what cannot be read, if anything."""

    def set_cells(self, values: Mapping[str, Value]) -> None:
        """Show the values of a record."""

    def draft(self) -> Mapping[str, str]:
        """Return what a draft keeps, by column: the text as typed."""

    def restore(self, draft: Mapping[str, str]) -> None:
        """Show what a draft kept, readable or not."""

    def set_locked(self, *, locked: bool) -> None:
        """Take no typing, but let the text be read and copied."""

    def note(self) -> str:
        """Return how what was typed has been read, where that is worth saying."""


def selects(event: QFocusEvent) -> bool:
    """Return whether the focus came by keyboard, so that typing replaces the text."""
    return event.reason() in BY_KEYBOARD
