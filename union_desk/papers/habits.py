"""How a paper was printed the last time: offered again the next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from union_desk.store import setting_rows

if TYPE_CHECKING:
    from union_desk.store.transaction import Store

_KEY = "print:"


@dataclass(frozen=True, slots=True)
class Habit:
    """Printer, copies, both sides."""

    printer: str
    copies: int
    duplex: bool


def read(store: Store, title: str) -> Habit | None:
    """Return how the paper of a title was printed last; None: never."""
    with store.read() as connection:
        text = setting_rows.read(connection, f"{_KEY}{title}")
    return Habit(**json.loads(text)) if text else None


def note(store: Store, title: str, habit: Habit) -> None:
    """Write down how the paper of a title is printed."""
    if read(store, title) == habit:
        return
    with store.write() as transaction:
        text = json.dumps(asdict(habit), ensure_ascii=False)
        setting_rows.write(transaction.connection, f"{_KEY}{title}", text)
