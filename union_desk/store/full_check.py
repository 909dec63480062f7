"""全审: every check over the own records that count, findings gathered by rule.

A warning is explained once for all records of its rule; each record keeps a note of its own,
with the figures it was written for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.store import checking, notes, rights, tally
from union_desk.store.context import context_at
from union_desk.store.lookup import rows_where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from union_desk.checks import Finding
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.record import Value

_WORST = ("error", "warning")


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """What one rule has found and nobody has explained yet."""

    form: str
    """The form, or detail form, whose rule it is."""
    code: str
    level: str
    sentence: str
    """The rule in words, without the figures of one record."""
    reasons: tuple[str, ...]
    """Common reasons of the package."""
    findings: tuple[Finding, ...]


def findings(
    store: Store, as_of: str, progress: Callable[[int, int], None]
) -> tuple[RuleFindings, ...]:
    """Check everything that counts, own and open findings alone, errors first.

    :param progress: called per form; may raise Cancelled.
    """
    pack = store.pack
    context = context_at(store, as_of)
    with store.read() as connection:
        states = tally.by_state(connection, store.tables, pack)
    held = [form for form in states if set(states[form]) - {"draft"}]
    found: list[Finding] = []
    for number, form in enumerate(held):
        progress(number, len(held))
        with store.read() as connection:
            told = checking.check_rows(connection, store.tables, pack, form, None, context)
        found += [item for item in told if item.level in _WORST and not item.explained]
    return by_rule(store, found)


def by_rule(store: Store, found: Iterable[Finding]) -> tuple[RuleFindings, ...]:
    """Return findings by their rule: errors before warnings, most records first."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for item in found:
        groups.setdefault((item.form, item.code, item.level), []).append(item)
    rules = [_rule(store, key, tuple(items)) for key, items in groups.items()]
    return tuple(sorted(rules, key=lambda rule: (_WORST.index(rule.level), -len(rule.findings))))


def _rule(store: Store, key: tuple[str, str, str], items: tuple[Finding, ...]) -> RuleFindings:
    form, code, level = key
    check = notes.check_by_id(store.pack.forms[form], code)
    words = check.message if check is not None else items[0].message
    return RuleFindings(form, code, level, words, check.reasons if check else (), items)


def explain(transaction: Transaction, found: Sequence[Finding], text: str) -> int:
    """Write one explanation for many warnings; return for how many records.

    :raises InputError: I440, the text is too short.
    :raises StoreError: S361.
    """
    rights.check_may(transaction.store, "enter")
    text = notes.check_text(text)
    items: list[tuple[dict[str, Value], str, str]] = []
    for item in found:
        rows = rows_where(
            transaction.connection, transaction.tables, item.form, "uid", item.record or ""
        )
        check = notes.check_by_id(transaction.tables.forms[item.form], item.code)
        items += [
            (dict(row), item.code, notes.figures_of(check, row) if check else "") for row in rows
        ]
    notes.explain_all(transaction, items, text)
    return len(items)
