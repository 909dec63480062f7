"""Table ``draft``: text as typed, one row per record, kept until it is saved or confirmed.

Of a never-confirmed record it holds what did not parse; of a once-confirmed one the whole edit
(修改中). No revision, no row of the change log, never sent. `open` marks a page that was not left
in order; such drafts are offered once at the next start.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection, Row

    from union_desk.store.transaction import Transaction

_COLUMNS = "uid, form, person, package, base_rev, base_digest, content, cursor, at, open"
_UPSERT = (
    f"INSERT INTO draft ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
    "ON CONFLICT (uid) DO UPDATE SET form = excluded.form, person = excluded.person, "
    "package = excluded.package, "
    "base_rev = excluded.base_rev, base_digest = excluded.base_digest, "
    "content = excluded.content, cursor = excluded.cursor, at = excluded.at, open = excluded.open"
)


@dataclass(frozen=True, slots=True)
class DraftDetail:
    """A detail row as typed; an empty text clears a field."""

    uid: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a record and is neither saved nor confirmed."""

    uid: str
    form: str
    fields: Mapping[str, str] = field(default_factory=dict)
    """Raw text of every changed field, also of what does not parse."""
    details: Mapping[str, Sequence[DraftDetail]] = field(default_factory=dict)
    """By detail form: all rows, where one was changed; absent: none was."""
    unit: str = ""
    period: str = ""
    base_rev: int = 0
    """Revision of the row that was edited; 0: a record never confirmed."""
    base_digest: str | None = None
    """Digest of that revision: another one now means two edits side by side."""
    cursor: str | None = None
    open: bool = True
    person: str = ""
    package: str = ""
    at: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is kept."""
        return not self.fields and not self.details


def save_draft(transaction: Transaction, draft: Draft) -> Draft:
    """Keep `draft` in place of what was kept of its record; return it with person and time."""
    pack = transaction.store.pack
    draft = replace(
        draft,
        person=transaction.person,
        package=f"{pack.id} {pack.version}",
        at=transaction.now,
    )
    content = {
        "fields": dict(draft.fields),
        "details": {
            form: [[row.uid, dict(row.fields)] for row in rows]
            for form, rows in draft.details.items()
        },
        "unit": draft.unit,
        "period": draft.period,
    }
    transaction.connection.exec_driver_sql(
        _UPSERT,
        (
            draft.uid, draft.form, draft.person, draft.package, draft.base_rev, draft.base_digest,
            json.dumps(content), draft.cursor, draft.at, int(draft.open),
        ),
    )  # fmt: skip
    return draft


def load_draft(connection: Connection, uid: str) -> Draft | None:
    """Return what is kept of a record, or None."""
    statement = f"SELECT {_COLUMNS} FROM draft WHERE uid = ?"  # noqa: S608
    row = connection.exec_driver_sql(statement, (uid,)).first()
    return None if row is None else _read(row)


def load_drafts(
    connection: Connection, form: str | None = None, *, left_open: bool = False
) -> tuple[Draft, ...]:
    """Return all drafts, the newest first: of one form, or those whose page was not left."""
    statement = f"SELECT {_COLUMNS} FROM draft WHERE (? IS NULL OR form = ?)"  # noqa: S608
    if left_open:
        statement += " AND open = 1"
    rows = connection.exec_driver_sql(statement + " ORDER BY at DESC, uid DESC", (form, form))
    return tuple(_read(row) for row in rows)


def close_draft(transaction: Transaction, uid: str) -> None:
    """Note that the page of a draft was left in order."""
    transaction.connection.exec_driver_sql("UPDATE draft SET open = 0 WHERE uid = ?", (uid,))


def discard(transaction: Transaction, uid: str) -> Draft | None:
    """Drop what is kept of a record (放弃修改) and return it: saving it again is the undo."""
    draft = load_draft(transaction.connection, uid)
    transaction.connection.exec_driver_sql("DELETE FROM draft WHERE uid = ?", (uid,))
    return draft


def _read(row: Row[tuple[object, ...]]) -> Draft:
    content = json.loads(row.content)
    details = {
        form: tuple(DraftDetail(uid, fields) for uid, fields in rows)
        for form, rows in content["details"].items()
    }
    return Draft(
        uid=row.uid,
        form=row.form,
        fields=content["fields"],
        details=details,
        unit=content["unit"],
        period=content["period"],
        base_rev=row.base_rev,
        base_digest=row.base_digest,
        cursor=row.cursor,
        open=bool(row.open),
        person=row.person,
        package=row.package,
        at=row.at,
    )
