"""Looks at every transaction before it is saved: does it change what is printed already.

Light to load: what works papers out comes only once a record that was printed changes.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import issued, past

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from union_desk.store.transaction import Store, Transaction


class WouldVoidError(InputError):
    """Saving would void papers: asked before it is done.

    `agree` makes the context in which the same may be saved; `declined` is set by who was asked.
    """

    def __init__(
        self, serials: Sequence[str], agree: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self.serials = tuple(serials)
        self.agree = agree
        self.declined = False
        listed = "、".join(serials[:3]) + (f"等 {len(serials)} 份" if len(serials) > 3 else "")
        super().__init__(
            "I610",
            f"这样改会变动已经印出的数，报表 {listed} 将作废。",
            "确实要改，请确认；作废的报表要重新出具，已报送的还要出一张更正报告。",
        )


@dataclass(slots=True)
class Watch:
    """Voids what a transaction changes printed cells of.

    :param ask: refuse own changes with :class:`WouldVoidError` until agreed to. What comes from
        other offices is told afterwards.
    """

    ask: bool
    agreed: bool = False
    voided: list[str] = field(default_factory=list)
    """Serials of what was voided since it was last told."""

    def __call__(self, transaction: Transaction) -> None:
        """Look at what is going to be saved."""
        store = transaction.store
        if not issued.any_live(transaction.connection, store):
            return
        changed = [item for item in past.changed_by(transaction) if item.form in store.pack.forms]
        if not changed:
            return
        from union_desk.papers import voiding

        found = voiding.changed_papers(transaction, changed)
        if found and self.ask and not self.agreed and any(item.own for item in changed):
            raise WouldVoidError([paper.serial for paper, _ in found], lambda: agreed(store))
        voiding.void_changed(transaction, found)
        self.voided += [paper.serial for paper, _ in found]

    def told(self) -> str:
        """Return what was voided, in a sentence, once; empty: nothing."""
        serials, self.voided = self.voided, []
        if not serials:
            return ""
        listed = "、".join(serials[:5]) + (f"等 {len(serials)} 份" if len(serials) > 5 else "")
        return f"印出的数有变动，报表 {listed} 已作废，请重新出具。"


def watch(store: Store, *, ask: bool = False) -> Watch:
    """Let every transaction of `store` be looked at from now on."""
    made = Watch(ask)
    store.before_commit = made
    return made


def told(store: Store) -> str:
    """Return what was voided since it was last told, in a sentence; empty: nothing."""
    found = store.before_commit
    return found.told() if isinstance(found, Watch) else ""


@contextmanager
def agreed(store: Store) -> Iterator[None]:
    """Let what is saved inside void papers: the person at work was asked."""
    found = store.before_commit
    if not isinstance(found, Watch):
        yield
        return
    found.agreed = True
    try:
        yield
    finally:
        found.agreed = False
