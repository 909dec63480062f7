"""References: record id, natural key and display name of a row of another form.

What is typed may be a record id, a natural key, its short form (parts joined by ``|``) or a name
that only one row bears. It fits one row: linked; none: kept as typed (待关联), linked when the row
arrives; more than one: a finding.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.store.layout import CHUNK, Row, details_of, layout, rows_by
from union_desk.store.schema import search_table
from union_desk.store.search_text import match
from union_desk.store.writing import Write, write_rows
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.schema import Tables
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Value

SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Link:
    """The three things a reference stores."""

    uid: str | None
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """More than one row fits what was typed."""

    text: str
    labels: tuple[str, ...]


def dangling(text: str) -> Link:
    """Return the reference to a row that is not here: kept as typed."""
    return Link(None, text, text)


def keys_of(form: Form) -> tuple[tuple[str, ...], ...]:
    """Return the keys by which people name a row: natural, short, and its name alone.

    Not of a person: two people may bear one name, and only one of them be here.
    """
    keys = [*form.natural_keys, *((form.short_key,) if form.short_key else ())]
    person = any(item.type == "person_id" for item in form.fields)
    if form.name_field and not person and (form.name_field,) not in keys:
        keys.append((form.name_field,))
    return tuple(keys)


def _column(form: Form, part: str) -> str:
    item = form.by_id.get(part)
    return f"{part}__key" if item is not None and item.type == "ref" else part


def link_of(form: Form, values: Mapping[str, Value]) -> Link:
    """Return the reference to a row of `form`: its first whole natural key, and its name."""
    uid = str(values["uid"])
    name = values.get(_column(form, form.name_field)) if form.name_field else None
    for key in (*form.natural_keys, (form.name_field,)):
        parts = [values.get(_column(form, part)) for part in key]
        if key and all(part is not None for part in parts):
            natural = SEPARATOR.join(map(str, parts))
            return Link(uid, natural, str(name) if name is not None else natural)
    return Link(uid, uid, str(name) if name is not None else uid)


def find(
    connection: Connection, tables: Tables, form: str, texts: Iterable[str]
) -> dict[str, Link | Ambiguous]:
    """Return what every text refers to among the rows of `form` that are not voided.

    A confirmed row goes before a draft; a text that fits no row is :func:`dangling`.
    """
    wanted = dict.fromkeys(texts)
    definition, made = tables.forms[form], layout(tables, form)
    found: dict[str, Link | Ambiguous] = {}
    fits = _fit_uids(connection, tables, form, wanted)
    found.update(_decide(definition, fits))
    for key in keys_of(definition):
        left = [text for text in wanted if text not in found]
        if not left:
            break
        columns = tuple(_column(definition, part) for part in key)
        by_parts = {
            parts: text for text in left if len(parts := tuple(text.split(SEPARATOR))) == len(key)
        }
        rows = rows_by(connection, made, columns[0], {parts[0] for parts in by_parts})
        hits: dict[str, list[dict[str, Value]]] = defaultdict(list)
        for row in rows:
            values = dict(zip(made.columns, row, strict=True))
            text = by_parts.get(tuple(str(values[name]) for name in columns))
            if text is not None and not values["deleted"]:
                hits[text].append(values)
        found.update(_decide(definition, hits))
    return {text: found.get(text) or dangling(text) for text in wanted}


def _fit_uids(
    connection: Connection, tables: Tables, form: str, texts: Iterable[str]
) -> dict[str, list[dict[str, Value]]]:
    made = layout(tables, form)
    likely = [text for text in texts if len(text) == 36 and text.count("-") == 4]
    rows = rows_by(connection, made, "uid", likely)
    return {str(row[0]): [dict(zip(made.columns, row, strict=True))] for row in rows}


def _decide(
    form: Form, hits: Mapping[str, Sequence[Mapping[str, Value]]]
) -> dict[str, Link | Ambiguous]:
    decided: dict[str, Link | Ambiguous] = {}
    for text, rows in hits.items():
        best = [row for row in rows if row["record_state"] != "draft"] or list(rows)
        links = [link_of(form, row) for row in best]
        decided[text] = (
            links[0] if len(links) == 1 else Ambiguous(text, tuple(link.label for link in links))
        )
    return decided


def relink(transaction: Transaction, form: str, rows: Sequence[Row]) -> None:
    """Link what waits for `rows`, just written in `form`: references that name one of them."""
    referring = [
        pair
        for pair in transaction.tables.referring[form]
        if rows and _any_waiting(transaction.connection, *pair)
    ]
    if not referring:
        return
    made = layout(transaction.tables, form)
    names = {
        SEPARATOR.join(str(row[made.place[_column(made.form, part)]]) for part in key)
        for key in keys_of(made.form)
        for row in rows
    } | {str(row[0]) for row in rows}
    for other, field in referring:
        waiting = _waiting(transaction.connection, other, field, names)
        if waiting:
            texts = {str(value) for value in waiting.values()}
            links = find(transaction.connection, transaction.tables, form, texts)
            _link(transaction, other, field, {uid: links[str(waiting[uid])] for uid in waiting})


def _any_waiting(connection: Connection, form: str, field: str) -> bool:
    statement = (
        f'SELECT 1 FROM "{form}" '  # noqa: S608
        f'WHERE "{field}" IS NULL AND "{field}__key" IS NOT NULL LIMIT 1'
    )
    return connection.exec_driver_sql(statement).first() is not None


def _waiting(connection: Connection, form: str, field: str, names: set[str]) -> dict[str, Value]:
    """Return what rows of `form` have typed in `field` that names one of `names`, by uid."""
    plain = (
        f'SELECT uid, "{field}__key" FROM "{form}" '  # noqa: S608
        f'WHERE "{field}" IS NULL AND "{field}__key" IS NOT NULL'
    )
    if len(names) > CHUNK:
        return {row[0]: row[1] for row in connection.exec_driver_sql(plain) if row[1] in names}
    marks = ", ".join("?" * len(names))
    chosen = connection.exec_driver_sql(
        f'{plain} AND "{field}__key" IN ({marks})', tuple(sorted(names))
    )
    return {row[0]: row[1] for row in chosen}


def _link(
    transaction: Transaction, form: str, field: str, links: Mapping[str, Link | Ambiguous]
) -> None:
    """Write the links into rows of `form`; no new revision, but a row of the change log each."""
    made = layout(transaction.tables, form)
    good = {uid: link for uid, link in links.items() if isinstance(link, Link) and link.uid}
    if made.form.kind == "detail":
        _link_details(transaction, form, field, good)
        return
    rows = list(rows_by(transaction.connection, made, "uid", good))
    details = details_of(
        transaction.connection, transaction.tables, made.form, [str(row[0]) for row in rows]
    )
    places = [made.place[name] for name in columns_of(made.form.by_id[field])]
    writes = []
    for old in rows:
        link, row = good[str(old[0])], list(old)
        row[places[0]], row[places[1]], row[places[2]] = link.uid, link.key, link.label
        writes.append(Write(tuple(row), old, None, details.get(str(old[0]), {})))
    write_rows(transaction, form, writes, act="link")


def _link_details(
    transaction: Transaction, form: str, field: str, links: Mapping[str, Link]
) -> None:
    """Link detail rows, and log it at their parents."""
    made = layout(transaction.tables, form)
    parents = {str(row[1]) for row in rows_by(transaction.connection, made, "uid", links)}
    names = columns_of(made.form.by_id[field])
    changes = ", ".join(f'"{name}" = ?' for name in names)
    transaction.connection.exec_driver_sql(
        f'UPDATE "{form}" SET {changes} WHERE uid = ?',  # noqa: S608
        [(link.uid, link.key, link.label, uid) for uid, link in links.items()],
    )
    parent = layout(transaction.tables, str(made.form.detail_of))
    rows = list(rows_by(transaction.connection, parent, "uid", sorted(parents)))
    details = details_of(
        transaction.connection, transaction.tables, parent.form, [str(row[0]) for row in rows]
    )
    writes = [Write(row, row, None, details.get(str(row[0]), {})) for row in rows]
    write_rows(transaction, parent.form.id, writes, act="link")


def choices(
    connection: Connection, tables: Tables, form: str, typed: str, limit: int = 20
) -> tuple[Link, ...]:
    """Return the rows a person may mean by `typed`: a key, part of a name, its initials."""
    definition, made = tables.forms[form], layout(tables, form)
    exact = find(connection, tables, form, [typed.strip()]).get(typed.strip())
    found = {exact.uid: exact} if isinstance(exact, Link) and exact.uid else {}
    query = match(typed)
    where = "WHERE deleted = 0 AND record_state <> 'draft'"
    arguments: tuple[Value, ...] = (limit,)
    if query:
        words = f'SELECT rowid FROM "{search_table(form)}" WHERE "{search_table(form)}" MATCH ?'  # noqa: S608
        where += f" AND rowid IN ({words})"
        arguments = (query, limit)
    statement = f"{made.select} {where} ORDER BY rowid DESC LIMIT ?"
    for row in connection.exec_driver_sql(statement, arguments):
        link = link_of(definition, dict(zip(made.columns, row, strict=True)))
        found.setdefault(str(link.uid), link)
    return tuple(found.values())[:limit]
