"""A notice to each unit directly below that has something to mend or to file: one letter each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk.papers import monthly
from union_desk.papers import subject as subjects

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.papers.subject import Subject
    from union_desk.store.issued import Issued
    from union_desk.store.transaction import Store


def concerned(
    store: Store, about: Subject, progress: Callable[[int, int], None] | None = None
) -> list[Subject]:
    """Return the notice `about` addressed to each unit directly below that it has words for."""
    found = []
    with store.read() as connection:
        whole = subjects.read(connection, store, about)
        below = [code for code, *_ in whole.paper.job.source.tree() if code != store.unit]
        for number, unit in enumerate(below):
            if progress is not None:
                progress(number, 2 * len(below))
            one = replace(about, record=unit)
            if subjects.read(connection, store, one).paper.says_something:
                found.append(one)
    return found


def issue_each(
    store: Store, about: Subject, progress: Callable[[int, int], None] | None = None
) -> list[Issued]:
    """Issue the notice to each unit concerned, or take what was issued with the same words.

    :raises UserError: the first refusal; what was issued before it stays.
    """
    wanted = concerned(store, about, progress)

    def later(done: int, total: int) -> None:
        if progress is not None:
            progress(total + done, 2 * total)

    return monthly.issue_set(store, wanted, later)
