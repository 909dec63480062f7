"""How a record lies in its tables: rows to records and back, and its canonical JSON.

Statements are made once per form and used with driver-level tuples: at bulk speed there is no
room for more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from json.encoder import encode_basestring
from operator import itemgetter
from typing import TYPE_CHECKING

from union_desk.store.audit import presorted
from union_desk.store.schema import DETAIL_HEAD, stored_fields
from union_desk.taskpack.definition import HEAD
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.record import Detail, Record, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import Form

Row = tuple[Value, ...]
"""Head, then values, in the order of `Layout.columns`."""

CHUNK = 5_000
"""Keys asked for at once: far below the driver's limit of bound values."""
_UNWRITTEN = ("record_state", "packet", "deleted")
"""Head columns that move without a new revision: no part of the canonical JSON."""
ERASED = 3
"""Value of the head column ``deleted`` where all that a record said is gone for good."""
HEAD_PLACE = {name: place for place, name in enumerate(HEAD)}


@dataclass(frozen=True)
class Layout:
    """The statements of one form and the order of its columns."""

    form: Form
    values: tuple[str, ...]

    @property
    def head(self) -> tuple[str, ...]:
        """The head columns: those of every record, or of a detail row."""
        return DETAIL_HEAD if self.form.kind == "detail" else HEAD

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns but rowid."""
        return (*self.head, *self.values)

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Place of every column in a row."""
        return {name: place for place, name in enumerate(self.columns)}

    @cached_property
    def select(self) -> str:
        """``SELECT`` of all columns, to be followed by a ``WHERE``."""
        return f"SELECT {_listed(self.columns)} FROM {_quoted(self.form.id)}"  # noqa: S608

    @cached_property
    def insert(self) -> str:
        """``INSERT`` of one row: rowid first, then all columns."""
        names = ("rowid", *self.columns)
        marks = ", ".join("?" * len(names))
        return f"INSERT INTO {_quoted(self.form.id)} ({_listed(names)}) VALUES ({marks})"  # noqa: S608

    @cached_property
    def update(self) -> str:
        """``UPDATE`` of every column but uid, which comes last among the bound values."""
        changes = ", ".join(f"{_quoted(name)} = ?" for name in self.columns[1:])
        return f"UPDATE {_quoted(self.form.id)} SET {changes} WHERE uid = ?"  # noqa: S608

    @cached_property
    def _content_names(self) -> list[str]:
        return sorted(name for name in self.columns if name not in (*_UNWRITTEN, "parent"))

    @cached_property
    def content(self) -> Callable[[Row], dict[str, Value]]:
        """Return what a row says as its canonical JSON has it: sorted, blanks left out."""
        names = self._content_names
        pick = itemgetter(*(self.place[name] for name in names))

        def content(row: Row) -> dict[str, Value]:
            return {
                name: value
                for name, value in zip(names, pick(row), strict=True)
                if value is not None
            }

        return content

    @cached_property
    def told(self) -> Callable[[Row], str]:
        """Return the canonical JSON of `content`, cell by cell: half the work of the whole."""
        names = self._content_names
        pick = itemgetter(*(self.place[name] for name in names))
        marks = [f"{presorted(name)}:" for name in names]
        write = {str: encode_basestring, int: repr, float: presorted, bool: presorted}

        def told(row: Row) -> str:
            cells = [
                mark + write[type(value)](value)
                for mark, value in zip(marks, pick(row), strict=True)
                if value is not None
            ]
            return f"{{{','.join(cells)}}}"

        return told

    def row(self, record: Record) -> Row:
        """Return a record as a row."""
        get = record.values.get
        head = tuple(getattr(record, name) for name in HEAD)
        return (*head, *(get(name) for name in self.values))

    def record(self, row: Sequence[Value]) -> Record:
        """Return a row as a record without its details."""
        head = dict(zip(HEAD, row, strict=False))
        values = dict(zip(self.values, row[len(HEAD) :], strict=True))
        return Record(form=self.form.id, values=values, **head)  # type: ignore[arg-type]

    def detail_row(self, parent: str, detail: Detail) -> Row:
        """Return a detail of `parent` as a row."""
        get = detail.values.get
        return (detail.uid, parent, detail.position, *(get(name) for name in self.values))

    def detail(self, row: Sequence[Value]) -> Detail:
        """Return a row as a detail."""
        values = dict(zip(self.values, row[len(DETAIL_HEAD) :], strict=True))
        return Detail(str(row[0]), int(row[2] or 0), values)


def layout(tables: Tables, form: str) -> Layout:
    """Return the layout of a form, made once per store."""
    made = tables.layouts.get(form)
    if not isinstance(made, Layout):
        made = Layout(tables.forms[form], tables.value_columns[form])
        tables.layouts[form] = made
    return made


def record_json(
    layout_: Layout, row: Row, details: Mapping[str, Sequence[tuple[Layout, Row]]] | None = None
) -> str:
    """Return the canonical JSON of a record: its form, what it says, what its details say."""
    inner = [
        f'["{form}",[{",".join(made.told(detail) for made, detail in rows)}]]'
        for form, rows in (sorted(details.items()) if details else ())
        if rows
    ]
    return f'["{layout_.form.id}",{layout_.told(row)},[{",".join(inner)}]]'


def rows_by(
    connection: Connection, layout_: Layout, column: str, keys: Iterable[Value]
) -> Iterator[Row]:
    """Yield the rows whose `column` is one of `keys`, in the order of rowid within a chunk."""
    wanted = list(keys)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        marks = ", ".join("?" * len(chunk))
        statement = f"{layout_.select} WHERE {_quoted(column)} IN ({marks}) ORDER BY rowid"
        yield from map(tuple, connection.exec_driver_sql(statement, tuple(chunk)))


def details_of(
    connection: Connection, tables: Tables, form: Form, parents: Sequence[str]
) -> dict[str, dict[str, list[Row]]]:
    """Return detail rows by parent's uid, then by detail form, in the order of position."""
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for detail in form.details:
        for row in rows_by(connection, layout(tables, detail), "parent", parents):
            found[str(row[1])][detail].append(row)
    for by_form in found.values():
        for rows in by_form.values():
            rows.sort(key=itemgetter(2))
    return found


def records_of(
    connection: Connection, tables: Tables, form: str, rows: Sequence[Row]
) -> list[Record]:
    """Return rows of a form as records with their details."""
    made = layout(tables, form)
    details = details_of(connection, tables, made.form, [str(row[0]) for row in rows])
    return [_with_details(tables, made.record(row), details.get(str(row[0]), {})) for row in rows]


def _with_details(tables: Tables, record: Record, rows: Mapping[str, Sequence[Row]]) -> Record:
    if not rows:
        return record
    details = {
        form: tuple(layout(tables, form).detail(row) for row in found)
        for form, found in rows.items()
    }
    return Record(
        record.form, record.uid, record.values, details,
        *(getattr(record, name) for name in HEAD[1:]),
    )  # fmt: skip


def reference_columns(form: Form) -> tuple[str, ...]:
    """Return the ids of a form's reference fields that have columns."""
    return tuple(item.id for item in stored_fields(form) if item.type == "ref")


def field_columns(form: Form, field: str) -> tuple[str, ...]:
    """Return the columns of one field."""
    return columns_of(form.by_id[field])


def _quoted(name: str) -> str:
    return f'"{name}"'


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))
