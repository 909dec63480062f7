"""What the form page asks of the store: a record with its draft and notes, saving, confirming."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from union_desk.desktop.form_entry import EXPLAIN, Entry, Note
from union_desk.taskpack import period as periods
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.record import Record, new_uid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.desktop.session import Session
    from union_desk.store.drafts import Draft
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.expression_tree import Aggregate
    from union_desk.taskpack.period import Period
    from union_desk.taskpack.record import Row, Value


@dataclass(frozen=True, slots=True)
class Loaded:
    """A record as the page begins with it."""

    record: Record
    new: bool
    draft: Draft | None = None
    notes: Mapping[str, Note] = field(default_factory=dict)
    closed: bool = False
    """Its period takes no more confirmations."""


class OpenLookup:
    """Rows of the store, each question one short read; references are asked once."""

    def __init__(self, session: Session) -> None:
        self._store = session.store
        self._rows: dict[tuple[str, str], Row | None] = {}
        self._children: dict[tuple[str, str, str], Sequence[Row]] = {}

    def reference(self, form: str, uid: str) -> Row | None:
        """Return the row of a record."""
        key = (form, uid)
        if key not in self._rows:
            from union_desk.store.lookup import StoreLookup

            with self._store.read() as connection:
                found = StoreLookup(connection, self._store.tables).reference(form, uid)
            self._rows[key] = found
        return self._rows[key]

    def children(self, form: str, parent_form: str, parent_uid: str) -> Sequence[Row]:
        """Return the rows that point to a record."""
        key = (form, parent_form, parent_uid)
        if key not in self._children:
            from union_desk.store.lookup import StoreLookup

            with self._store.read() as connection:
                lookup = StoreLookup(connection, self._store.tables)
                self._children[key] = lookup.children(form, parent_form, parent_uid)
        return self._children[key]

    def aggregate(self, node: Aggregate, outer: Row, context: Context) -> Value:
        """Return an aggregate over the confirmed rows of another form."""
        from union_desk.store.lookup import StoreLookup

        with self._store.read() as connection:
            return StoreLookup(connection, self._store.tables).aggregate(node, outer, context)

    def forget(self) -> None:
        """Ask anew: rows may have changed."""
        self._rows.clear()
        self._children.clear()


def hints(session: Session) -> Hints:
    """Return what helps reading what is typed: the package's year and today."""
    return Hints(year=session.pack.year, today=session.today, pack=session.pack)


def context(session: Session, period: Period, lookup: OpenLookup) -> Context:
    """Return what expressions over a record are evaluated in."""
    from union_desk.store.context import context_at

    made = context_at(session.store, session.today, period=period, lookup=lookup)
    return replace(made, as_of=session.as_of)


def load(session: Session, form: Form, uid: str | None, text: str = "") -> Loaded:
    """Return a record with what is kept of its edit, or a new one.

    :param uid: None begins a new record; of a sheet the one there is for the working period.
    :param text: the name that a new record begins with.
    :raises InputError: I401, no such record.
    """
    from union_desk.store import drafts, records
    from union_desk.store import periods as store_periods

    store = session.store
    with store.read() as connection:
        if uid is None and form.kind == "sheet":
            uid = _sheet(session, form, session.period(form.filing).id)
        found = records.lookup(connection, store.tables, form.id, uid) if uid else None
        draft = drafts.load_draft(connection, uid) if uid else None
        if uid is not None and found is None and draft is None:
            records.get(connection, store.tables, form.id, uid)
        closed = store_periods.closed(connection, found.unit if found else "")
    if found is None:
        found = begin(session, form, uid, text, draft)
        return Loaded(found, new=True, draft=draft, closed=found.period in closed)
    notes = _notes(session, found.uid)
    shut = form.kind == "sheet" and found.period in closed
    return Loaded(found, new=False, draft=draft, notes=notes, closed=shut)


def begin(
    session: Session, form: Form, uid: str | None, text: str = "", draft: Draft | None = None
) -> Record:
    """Return a new record: defaults, and a name taken over."""
    from union_desk.store.decisions import locked

    values: dict[str, Value] = {}
    found = hints(session)
    for item in form.fields:
        if item.default is not None:
            value = _parsed(item, item.default, found)
            values[item.id] = value
    name = form.by_id.get(form.name_field)
    if text and name is not None and name.type == "text" and not locked(name, session.level):
        values[name.id] = text
    return Record(
        form.id,
        uid or new_uid(),
        values,
        unit=(draft.unit if draft else "") or session.about,
        origin=session.store.origin,
        period=(draft.period if draft else "") or session.period(form.filing).id,
    )


def whom(session: Session, record: Record) -> str:
    """Return whose record it is, where it is filled in for another unit."""
    if record.unit in ("", session.unit):
        return ""
    return f"代 {session.fills_in_for().get(record.unit, record.unit)}"


def _parsed(item: Field, text: str, found: Hints) -> Value:
    value = parse(item, text, found)
    return None if isinstance(value, Unreadable) else value


def _sheet(session: Session, form: Form, period: str) -> str | None:
    """Return the uid of the own unit's sheet for a period, if there is one."""
    row = sheet_row(session, form, period)
    return str(row["uid"]) if row else None


def sheet_row(session: Session, form: Form, period: str) -> dict[str, Value] | None:
    """Return the own unit's sheet for a period as a row, drafts included."""
    from union_desk.store.layout import layout, rows_by

    store = session.store
    made = layout(store.tables, form.id)
    with store.read() as connection:
        for row in rows_by(connection, made, "unit", [session.about]):
            values = dict(zip(made.columns, row, strict=True))
            if values["period"] == period and not values["deleted"]:
                return values
    return None


def _notes(session: Session, uid: str) -> dict[str, Note]:
    from union_desk.store import notes
    from union_desk.store.layout import layout, rows_by

    made = layout(session.store.tables, notes.FORM)
    with session.store.read() as connection:
        rows = [
            dict(zip(made.columns, row, strict=True))
            for row in rows_by(connection, made, "record", [uid])
        ]
    return {
        str(row["check"]): Note(str(row["text"]), str(row["figures"] or ""))
        for row in rows
        if not row["deleted"]
    }


def entered_last(session: Session, form: Form) -> Record | None:
    """Return the record of a ledger that was entered last here, for 上一条填的是."""
    from union_desk.store.listing import ListFilter, Listing

    own = ListFilter(units=(session.about,))
    for row in Listing(session.store, form.id, own).first(1):
        return Record(form.id, row.uid, dict(row.values))
    return None


def remark_of_return(session: Session, uid: str) -> str:
    """Return what the level above wrote when it returned a record, the newest remark."""
    from union_desk.store.layout import layout, rows_by

    made = layout(session.store.tables, "return_note")
    with session.store.read() as connection:
        rows = [
            dict(zip(made.columns, row, strict=True))
            for row in rows_by(connection, made, "record", [uid])
        ]
    live = [row for row in rows if not row["deleted"]]
    newest = max(live, key=lambda row: str(row["updated_at"]), default=None)
    return str(newest["text"]) if newest else ""


def remarks_at_fields(session: Session, uid: str) -> dict[str, str]:
    """Return what the level above wrote at a field of a returned record, the newest by field."""
    from union_desk.store.layout import layout, rows_by

    made = layout(session.store.tables, "return_note")
    with session.store.read() as connection:
        rows = [
            dict(zip(made.columns, row, strict=True))
            for row in rows_by(connection, made, "record", [uid])
        ]
    live = sorted(
        (row for row in rows if not row["deleted"]), key=lambda row: str(row["updated_at"])
    )
    return {str(row["field"]): str(row["text"]) for row in live if row["field"]}


def twin(session: Session, form: Form, record: Record) -> tuple[str, str] | None:
    """Return another record of the unit with the same key, and the key in words."""
    from union_desk.store import repeated

    with session.store.read() as connection:
        return repeated.twin(connection, session.store.tables, form, record)


def offers_of_new(session: Session, entry: Entry) -> dict[str, tuple[Value, str]]:
    """Return what a new record can begin with: value and where it comes from, by field."""
    found = {name: (value, "由台账自动算出，可改") for name, value in entry.offers().items()}
    form = entry.form
    wanted = [item for item in form.fields if item.prefill_previous and not entry.filled(item)]
    if wanted and form.kind == "sheet":
        period = periods.previous(periods.Period.parse(entry.base.period))
        before = sheet_row(session, form, period.id) or {}
        for item in wanted:
            value = before.get(item.prefill_previous or "")
            if value is not None and before["record_state"] != "draft":
                found[item.id] = (value, f"由上期（{period.title}）带出")
    for item in form.fields:
        if item.prefill_unit and not entry.filled(item):
            value = _of_unit(session, entry.base.unit, item.prefill_unit)
            if value is not None:
                found[item.id] = (value, "由本单位资料带出")
    return found


def _of_unit(session: Session, unit: str, column: str) -> Value:
    from union_desk.store import units

    store = session.store
    with store.read() as connection:
        known = units.directory(connection, store.tables, store.pack, store.unit).by_code
    value: Value = getattr(known.get(unit), column, None)
    return value


# --- writing: each of these runs in a worker ---------------------------------------------


def keep_draft(session: Session, draft: Draft) -> Draft:
    """Keep what is typed in table ``draft``."""
    from union_desk.store import drafts

    with session.store.write() as transaction:
        return drafts.save_draft(transaction, draft)


def close_draft(session: Session, uid: str) -> None:
    """Note that the page of a draft was left in order."""
    from union_desk.store import drafts

    with session.store.write() as transaction:
        drafts.close_draft(transaction, uid)


def drop_draft(session: Session, uid: str) -> Draft | None:
    """Forget what is typed and not saved (放弃修改); what it was is the undo."""
    from union_desk.store import drafts

    with session.store.write() as transaction:
        return drafts.discard(transaction, uid)


def save_row(
    session: Session, record: Record, left: Draft, explanations: Mapping[str, str], run: Context
) -> Record:
    """Save a never-confirmed record as a row in state draft."""
    from union_desk.store import records

    with session.store.write() as transaction:
        saved = records.put_draft(transaction, record, run, left=left)
        for check, text in explanations.items():
            records.explain(transaction, saved.uid, check, text, record=saved)
        return saved


def confirm(
    session: Session,
    record: Record,
    explanations: Mapping[str, str],
    run: Context,
    *,
    period: str,
    reason: str | None,
) -> Record:
    """Make the record its next confirmed revision.

    :raises FindingsError: something blocks it; nothing is changed.
    """
    from union_desk.store import records

    with session.store.write() as transaction:
        return records.confirm(
            transaction, record, run, period=period, reason=reason, explanations=explanations
        )


def remove(session: Session, form: str, uid: str) -> None:
    """Put a draft into the recycle list, with what was typed and not saved."""
    from union_desk.store import drafts, records

    with session.store.write() as transaction:
        records.delete_drafts(transaction, form, [uid])
        drafts.discard(transaction, uid)


def void(session: Session, form: str, uid: str, reason: str) -> None:
    """Void a confirmed record with a reason."""
    from union_desk.store import drafts, records

    with session.store.write() as transaction:
        records.void(transaction, form, uid, reason)
        drafts.discard(transaction, uid)


def bring_back(session: Session, form: str, uids: Sequence[str]) -> None:
    """Bring back deleted drafts or voided records."""
    from union_desk.store import records

    with session.store.write() as transaction:
        for uid in uids:
            records.restore(transaction, form, uid)


def notes_kept(draft: Draft) -> dict[str, str]:
    """Return the explanations that a draft kept, by check."""
    return {
        name.removeprefix(EXPLAIN): text
        for name, text in draft.fields.items()
        if name.startswith(EXPLAIN)
    }
