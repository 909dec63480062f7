"""Throw-away stores of sample data, made through the same road as any sheet that is taken in.

The day is that of the samples; nothing of it may be sent.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from union_desk.desktop import packages
from union_desk.desktop.demo_rows import Cells, Samples, table
from union_desk.desktop.session import Session
from union_desk.store import filings, intake, opening, rights, units

if TYPE_CHECKING:
    from union_desk.desktop.jobs import Progress
    from union_desk.store.opening import Store
    from union_desk.taskpack.definition import Form

PREFIX = "union-desk-demo-"
_DAY_IN_SECONDS = 86_400
DAY = "2012-08-31"
PERSON = "李敏"
REASON = "示例数据"
UNFINISHED = 3
"""Forms of which one row is left as a draft."""
LATE_EVERY = 9
"""Of the filings of units below, every n-th is missing."""


def build(level: str, progress: Progress) -> Session:
    """Make the sample store of a level, open it and return the session on it."""
    pack = packages.newest()
    samples = Samples(pack)
    office = samples.office(level)
    _sweep()
    folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    store = opening.create(
        Path(folder.name) / "data",
        pack,
        unit=office.code,
        name=office.name,
        level=office.level,
        parent=office.parent,
        password=None,
        person=PERSON,
    )
    try:
        forms = [form for form in samples.order if rights.writes(level, form)]
        unfinished = 0
        for n, form in enumerate(forms):
            progress(n, len(forms) + 1)
            rows = samples.seen(form, office)
            rest = rows
            if unfinished < UNFINISHED and len(rows) > 1 and level in form.writers:
                rest, unfinished = rows[:-1], unfinished + 1
                _put_draft(store, form, rows[-1], broken=unfinished == 1)
            if rest:
                details = dict(samples.details(form, rest))
                intake.put(
                    store, form.id, table(form.id, rest), details,
                    as_of=DAY, reason=REASON, drafts=True,
                )  # fmt: skip
        progress(len(forms), len(forms) + 1)
        _file_earlier_periods(store)
    except BaseException:
        store.close()
        folder.cleanup()
        raise
    return Session(store, as_of_given=DAY, kept=folder)


def _sweep() -> None:
    """Remove what sample stores left behind that did not end in order, a day ago or more."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if time.time() - left.stat().st_mtime > _DAY_IN_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _put_draft(store: Store, form: Form, row: Cells, *, broken: bool) -> None:
    """Leave one row unfinished: without its last required cell, or with a date nobody can read."""
    keys = {part for key in (*form.duplicate_keys, *form.natural_keys) for part in key}
    plain = [item for item in form.fields if row.get(item.id) and item.id not in keys]
    dates = [item.id for item in plain if item.type == "date"]
    if broken and dates:
        changed = {dates[-1]: "8月32日"}
    else:
        changed = {[item.id for item in plain if item.required][-1]: ""}
    intake.put(
        store, form.id, table(form.id, [row | changed]), as_of=DAY, reason=REASON, drafts=True
    )


def _file_earlier_periods(store: Store) -> None:
    """Enter what was filed for the periods before: all own filings, most of those below."""
    with store.read() as connection:
        directory = units.of_store(connection, store)
        expected = filings.expected(connection, store.tables, store.pack, directory, as_of=DAY)
    past = [item for item in expected if item.due_date < DAY]
    rows = [
        {
            "unit": item.unit, "form": item.form, "period": item.period, "state": "received",
            "duty": item.duty, "due_date": item.due_date, "sent_date": item.due_date,
        }
        for n, item in enumerate(past)
        if item.unit == store.unit or n % LATE_EVERY
    ]  # fmt: skip
    if rows:
        intake.put(store, "filing", table("filing", rows), as_of=DAY, reason=REASON)
