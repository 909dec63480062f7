"""What is unfinished in a store, for who takes over: counts per form, what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.reports.office_paper import Listed

_MOST = 60


def pending(session: Session) -> tuple[Listed, ...]:
    """Return drafts, returned records, what is not sent yet and what is due."""
    from union_desk.reports.office_paper import Listed
    from union_desk.store import filings, outbox, tally, units

    store = session.store
    with store.read() as connection:
        waiting = tally.waiting(connection, store, session.today)
        unsent = outbox.due_counts(connection, store, outbox.sent_forms(store))
        directory = units.directory(connection, store.tables, store.pack, store.unit)
        expected = filings.expected(
            connection, store.tables, store.pack, directory, as_of=session.today
        )
    forms = store.tables.forms
    drafts = [(form, item.drafts) for form, item in waiting.items() if item.drafts]
    returned = [(form, item.returned) for form, item in waiting.items() if item.returned]
    due = [
        f"{forms[item.form].title} {item.period}，{item.due_date} 前"
        for item in expected
        if item.unit == store.unit and item.state not in filings.DONE
    ]
    if len(due) > _MOST:
        due = [*due[:_MOST], f"…… 共 {len(due)} 项"]
    return (
        Listed("草稿", tuple(f"{forms[form].title} {n} 条" for form, n in drafts)),
        Listed("被退回", tuple(f"{forms[form].title} {n} 条" for form, n in returned)),
        Listed("未报送", tuple(f"{forms[form].title} {n} 条" for form, n in unsent.items())),
        Listed("应报未报", tuple(due)),
    )
