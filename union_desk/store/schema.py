"""The tables: a real, typed one for every form, and the store's own beside them.

Every table is STRICT. A form's table has ``rowid``, the head columns and its fields; a detail
table ``rowid``, ``uid``, ``parent``, ``position`` and its fields. A reference is three columns
(``f``, ``f__key``, ``f__label``). Tables only ever gain columns (see :mod:`.upgrading`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store.indexes import Index, indexes
from union_desk.taskpack.definition import HEAD, Field, Form, TaskPack
from union_desk.taskpack.field_types import FIELD_TYPES
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.system import SYSTEM_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.sql.type_api import TypeEngine

FORMAT = 3
"""Format number of the store, kept in ``user_version``."""
APPLICATION_ID = 0x5544534B

_SQL: Mapping[str, type[TypeEngine[Any]]] = {
    "TEXT": sa.TEXT,
    "INTEGER": sa.INTEGER,
    "REAL": sa.REAL,
}
_WHOLE_NUMBERS = ("rev", "deleted")
DETAIL_HEAD = ("uid", "parent", "position")


@dataclass(frozen=True)
class Tables:
    """The tables of one store and the forms they were made from."""

    metadata: sa.MetaData
    form: Mapping[str, sa.Table]
    """By form id: sheets, ledgers, details and system tables."""
    forms: Mapping[str, Form]
    """By form id: definitions of the same."""
    setting: sa.Table
    """key, value: what the store knows of itself, and what people set."""
    draft: sa.Table
    """Text as typed and not yet saved or confirmed, one row per record."""
    audit: sa.Table
    """The change log: append-only, each row hashed with the one before."""
    audit_value: sa.Table
    """Salt, old and new values of a row of the change log, outside its hash."""
    attachment: sa.Table
    written_value: sa.Table
    """What a record's writer wrote where a decision of an upper level lies over it."""
    packet: sa.Table
    epoch: sa.Table
    carried: sa.Table
    """Hashes of the files that packets of a stream have brought to its readers."""
    addressed: sa.Table
    """Rows for one lower unit: at which revision, and the packet to it that carried them."""
    slip_row: sa.Table
    """Records, at their revisions, that a printed R33 lists: its packets carry just these."""
    delivery: sa.Table
    """报送记录: every bundle written."""
    person: sa.Table
    """Who may sign in, or could once."""
    paper_mark: sa.Table
    """Printed reports of other offices that came to hand (纸质已收)."""
    peer: sa.Table
    """Public keys of other installations, and what this office makes of them."""
    enrol_code: sa.Table
    """开通码 handed out, one row per strip."""
    source: sa.Table
    """How far each stream of another installation has been taken in."""
    received: sa.Table
    """Packets of others, kept as they came: applied ones to be passed on, waiting ones."""
    lapsed: sa.Table
    """Records that a new full state of their writer no longer has."""
    quarantined: sa.Table
    """What was not taken in, and why; the files lie in ``quarantine/`` as they came."""
    intake: sa.Table
    """Every file that was taken in or refused, with what became of its packets."""
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False)
    """By form id: columns of fields that only an older package had; their values stay."""
    remembered: dict[object, Any] = field(default_factory=dict, init=False)
    """What was worked out from this very store, by whatever its makers know it by."""

    @property
    def layouts(self) -> dict[str, object]:
        """What :mod:`.layout` makes when first asked for; shared as the tables are."""
        made: dict[str, object] = self.metadata.info.setdefault("layouts", {})
        return made

    @property
    def statements(self) -> dict[object, Any]:
        """Statements that took long to build, by whatever their makers know them by; shared."""
        made: dict[object, Any] = self.metadata.info.setdefault("statements", {})
        return made

    @cached_property
    def value_columns(self) -> Mapping[str, tuple[str, ...]]:
        """By form id: the columns that hold values, in the form's order, kept ones last."""
        return MappingProxyType(
            {key: value_columns(form) + self.kept.get(key, ()) for key, form in self.forms.items()}
        )

    @cached_property
    def referring(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """By form id: (form, field) of the reference fields that point to it."""
        found: dict[str, list[tuple[str, str]]] = {key: [] for key in self.forms}
        for form in self.forms.values():
            for item in form.fields:
                if item.type == "ref" and item.form in found and item.id != form.parent_field:
                    found[item.form].append((form.id, item.id))
        return MappingProxyType({key: tuple(value) for key, value in found.items()})


def value_columns(form: Form) -> tuple[str, ...]:
    """Return the columns of a form's values; a detail's link to its parent is none of them."""
    return tuple(name for item in stored_fields(form) for name in columns_of(item))


def stored_fields(form: Form) -> tuple[Field, ...]:
    """Return the fields with columns of their own: the head's and the link to the parent aside."""
    return tuple(
        item for item in form.fields if item.id not in HEAD and item.id != form.parent_field
    )


def search_table(form_id: str) -> str:
    """Return the name of the word index of a form (see :mod:`.search_text`)."""
    return f"{form_id}__search"


def tables(*packs: TaskPack, own: bool = False) -> Tables:
    """Return the tables of a store that holds `packs`, later ones adding to earlier ones.

    Building them takes longer than all else at an opening: stores of the same packages share them.

    :param own: to be changed for one store, shared with none.
    """
    if own:
        return _build(packs)
    key = tuple(map(id, packs))
    if key not in _built:
        if len(_built) >= _MOST_BUILT:
            _built.clear()
        _built[key] = (packs, _build(packs))
    made = replace(_built[key][1])
    made.kept.update(_built[key][1].kept)
    return made


_built: dict[tuple[int, ...], tuple[tuple[TaskPack, ...], Tables]] = {}
"""By the identities of packages: these, kept so that no other takes their place, and the tables."""
_MOST_BUILT = 8


def _build(packs: tuple[TaskPack, ...]) -> Tables:
    metadata = sa.MetaData()
    forms: dict[str, Form] = {}
    for pack in packs:
        forms.update(pack.forms)
    forms.update(SYSTEM_FORMS)
    made = {form.id: _form_table(metadata, form, packs) for form in forms.values()}
    others = {table.name: table for table in _own_tables(metadata)}
    found = Tables(metadata, MappingProxyType(made), MappingProxyType(forms), **others)
    found.kept.update(_kept(forms, packs))
    return found


def _kept(
    forms: Mapping[str, Form], packs: tuple[TaskPack, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield by form the columns of fields that only other packages of the store have."""
    for key, form in forms.items():
        mine = set(value_columns(form))
        others = [pack.forms[key] for pack in packs if key in pack.forms]
        names = dict.fromkeys(name for other in others for name in value_columns(other))
        if more := tuple(name for name in names if name not in mine):
            yield key, more


def with_older_columns(
    packs: Sequence[TaskPack], columns: Iterable[tuple[str, str, str]]
) -> Tables:
    """Return the tables of `packs` with the (table, column, type) that a file has beyond them."""
    made = tables(*packs)
    older = [
        (name, column, kind)
        for name, column, kind in columns
        if name in made.form and column not in made.form[name].c
    ]
    if not older:
        return made
    made = tables(*packs, own=True)
    for name, column, kind in older:
        made.form[name].append_column(sa.Column(column, _SQL[kind]))
        made.kept[name] = (*made.kept.get(name, ()), column)
    return made


def _form_table(metadata: sa.MetaData, form: Form, packs: tuple[TaskPack, ...]) -> sa.Table:
    """Make the table of a form; a field that only an older package has keeps its column."""
    fields = {item.id: item for item in stored_fields(form)}
    for pack in packs:
        for item in stored_fields(pack.forms[form.id]) if form.id in pack.forms else ():
            fields.setdefault(item.id, item)
    table = sa.Table(
        form.id,
        metadata,
        sa.Column("rowid", sa.INTEGER, primary_key=True),
        *(_detail_head() if form.kind == "detail" else _head()),
        *(column for item in fields.values() for column in _field_columns(item)),
        sqlite_strict=True,
    )
    for number, index in enumerate(indexes(form, packs)):
        where = _condition(table, index)
        sa.Index(
            f"{form.id}__i{number}",
            *(table.c[name] for name in index.columns),
            sqlite_where=where,
            postgresql_where=where,
        )
    return table


def _head() -> Iterator[sa.Column[Any]]:
    optional = ("packet",)
    for name in HEAD:
        kind = sa.INTEGER if name in _WHOLE_NUMBERS else sa.TEXT
        yield sa.Column(name, kind, nullable=name in optional, unique=name == "uid")


def _detail_head() -> Iterator[sa.Column[Any]]:
    yield sa.Column("uid", sa.TEXT, nullable=False, unique=True)
    yield sa.Column("parent", sa.TEXT, nullable=False)
    yield sa.Column("position", sa.INTEGER, nullable=False)


def _field_columns(item: Field) -> Iterator[sa.Column[Any]]:
    for name in columns_of(item):
        yield sa.Column(name, _SQL[FIELD_TYPES[item.type].sql])


def _condition(table: sa.Table, index: Index) -> sa.ColumnElement[bool] | None:
    """Return which rows an index holds, None for all."""
    if index.drafts:
        return table.c.record_state == sa.literal_column("'draft'")
    return table.c[index.filled].is_not(None) if index.filled else None


def _own_tables(metadata: sa.MetaData) -> Iterator[sa.Table]:
    yield _own(metadata, "setting", "key*", "value")
    yield _own(
        metadata, "draft", "uid*", "form", "person", "package", "base_rev:", "base_digest?",
        "content", "cursor?", "at", "open:",
    )  # fmt: skip
    yield _own(
        metadata, "audit", "n*:", "tx", "at", "person", "act", "form?", "uid?", "rev?:",
        "digest?", "prev", "hash", index=("uid",),
    )  # fmt: skip
    yield _own(metadata, "audit_value", "n*:", "salt?", "old?", "new?", "reason?")
    yield _own(
        metadata, "attachment", "uid*", "form", "record", "field", "sha256", "name", "bytes:",
        "type", "added_at", index=("record",),
    )  # fmt: skip
    yield _own(metadata, "written_value", "form*", "record*", "field*", "cells")
    yield _own(
        metadata, "packet", "stream*", "epoch*", "n*:", "hash", "prev?", "kind", "name",
        "bytes:", "records:", "slip?", "made_at", "made_by", "acked:", "signature?", "dropped?:",
    )  # fmt: skip
    yield _own(metadata, "epoch", "stream*", "epoch*", "began_at", "replaces", "current:")
    yield _own(metadata, "carried", "stream*", "sha256*")
    yield _own(metadata, "addressed", "stream*", "form*", "uid*", "rev:", "packet?")
    yield _own(metadata, "slip_row", "slip*", "form*", "uid*", "rev:")
    yield _own(
        metadata, "delivery", "uid*", "name", "reader", "sha256", "packets", "records:", "way",
        "carrier?", "at", "person", "verified:",
    )  # fmt: skip
    yield _own(metadata, "person", "id*", "login", "name", "roles", "active:", "since", "until?")
    yield from _tables_of_other_offices(metadata)


def _tables_of_other_offices(metadata: sa.MetaData) -> Iterator[sa.Table]:
    """Yield what a store knows of other offices: their packets, keys, papers."""
    yield _own(
        metadata, "source", "origin*", "stream*", "epoch", "n:", "hash", "retired", "updated_at",
    )  # fmt: skip
    yield _own(
        metadata, "received", "hash*", "origin", "stream", "epoch", "n:", "prev?", "kind",
        "parts:?", "replaces", "slip?", "package", "name", "signature", "bytes:", "records:",
        "outcome", "code?", "reason?", "kept:", "at", "made_at", "made_by?", index=("origin",),
    )  # fmt: skip
    yield _own(metadata, "lapsed", "form*", "uid*", "origin", "epoch", "at", index=("origin",))
    yield _own(
        metadata, "quarantined", "sha256*", "entry*", "name", "bytes:", "origin?", "stream?",
        "epoch?", "n:?", "hash?", "code", "reason", "step", "at", "person",
    )  # fmt: skip
    yield _own(metadata, "intake", "uid*", "name", "sha256", "bytes:", "at", "person", "outcomes")
    yield _own(metadata, "paper_mark", "code*", "serial?", "outcome", "at", "person")
    yield _own(
        metadata, "peer", "origin*", "fingerprint*", "unit", "sign_public", "age_recipient",
        "recovery?", "role", "status", "way?", "from_n:", "epoch?", "after_n?:", "reason?",
        "card?", "at", "person",
    )  # fmt: skip
    yield _own(
        metadata, "enrol_code", "uid*", "origin", "code", "expires", "replaces?", "used_by?",
        "void:", "made_at", "person", index=("origin",),
    )  # fmt: skip


def _own(metadata: sa.MetaData, name: str, *columns: str, index: tuple[str, ...] = ()) -> sa.Table:
    """Make a table from short notes: ``*`` key, ``?`` may be empty, ``:`` whole number."""
    made = [
        sa.Column(
            note.rstrip("*?:"),
            sa.INTEGER if ":" in note else sa.TEXT,
            primary_key="*" in note,
            nullable="?" in note,
            autoincrement=False,
        )
        for note in columns
    ]
    table = sa.Table(name, metadata, *made, sqlite_strict=True)
    for column in index:
        sa.Index(f"{name}__{column}", table.c[column])
    return table


def search_ddl(tables_: Tables) -> Iterator[str]:
    """Yield the statements for the word index of every sheet and ledger (SQLite's FTS5)."""
    for form in tables_.forms.values():
        if form.kind in ("sheet", "ledger"):
            yield (
                f'CREATE VIRTUAL TABLE IF NOT EXISTS "{search_table(form.id)}" '
                "USING fts5(words, content='', contentless_delete=1, detail=none)"
            )


APPEND_ONLY = tuple(
    f"CREATE TRIGGER IF NOT EXISTS audit__no_{act.lower()} BEFORE {act} ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END"
    for act in ("UPDATE", "DELETE")
)
"""The change log takes new rows only."""
