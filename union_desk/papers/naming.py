"""Printed cells in words: whose, which column, what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.papers.block_words import column_words, row_words
from union_desk.store import past, records, units
from union_desk.store.content_digest import short
from union_desk.store.layout import layout, rows_by
from union_desk.taskpack import field_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.store.issued import Change, Issued
    from union_desk.store.transaction import Connection, Store
    from union_desk.taskpack.definition import Field, Form, TaskPack
    from union_desk.taskpack.record import Record

MOST = 50
"""Cells that are named; more are counted."""
COLUMNS = {
    "target": "年度目标", "numerator": "累计", "denominator": "分母", "period": "本期",
    "reason": "原因", "measure": "措施", "as_of": "数据截至", "due": "应报", "reported": "已报",
    "rows": "行数", "digest": "内容摘要",
}  # fmt: skip
"""Columns of tables that are no fields of a form."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One printed cell in words: on paper, and in the data."""

    place: str
    paper: str
    data: str

    @property
    def sentence(self) -> str:
        """Return what differs."""
        return f"{self.place}：纸上 {self.paper}，数据里 {self.data}"


def named(
    connection: Connection, store: Store, paper: Issued, changes: Sequence[Change]
) -> tuple[Difference, ...]:
    """Return the first of the changed cells in words."""
    words = _Words(connection, store, paper)
    return tuple(words.of(change) for change in changes[:MOST])


class _Words:
    """Looks up whose cell it is, each record once."""

    def __init__(self, connection: Connection, store: Store, paper: Issued) -> None:
        self.connection = connection
        self.store = store
        self.forms = _forms(store.pack, paper)
        self.report = store.pack.reports.get(paper.report)
        self.known: dict[str, tuple[Form, Record | None, str]] = {}

    def of(self, change: Change) -> Difference:
        row, column, on_paper, in_data = change
        pack = self.store.pack
        if row in pack.indicators:
            item = pack.indicators[row]
            return Difference(
                f"{item.title}·{COLUMNS.get(column, column)}", _shown(on_paper), _shown(in_data)
            )
        if row.rpartition(":")[2] in pack.forms and ":" in row:
            return self._portion(change)
        if "|" in row:
            words = row_words(self.connection, self.store, self.report, row)
            title = column_words(self.report, row, column) or COLUMNS.get(column, column)
            return Difference(f"{words}·{title}", _shown(on_paper), _shown(in_data))
        if not row:
            place = COLUMNS.get(column, column)
            return Difference(place, _shown(on_paper), _shown(in_data))
        form, name = self._whose(row)
        field = form.by_id.get(column) if form else None
        if field is None:
            place = "·".join(part for part in (name or row, COLUMNS.get(column, column)) if part)
            return Difference(place, _shown(on_paper), _shown(in_data))
        return Difference(
            f"{name}·{field.label}", _value(field, on_paper, pack), _value(field, in_data, pack)
        )

    def _portion(self, change: Change) -> Difference:
        """Name what the cover of a delivery says of a unit's form."""
        row, column, on_paper, in_data = change
        unit, _, form = row.partition(":")
        title = self.store.pack.forms[form].title
        whose = units.of_store(self.connection, self.store).name(unit)
        if column == "digest":
            on_paper, in_data = (short(text) if text else None for text in (on_paper, in_data))
        place = f"{whose}·《{title}》·{COLUMNS.get(column, column)}"
        return Difference(place, _shown(on_paper), _shown(in_data))

    def _whose(self, uid: str) -> tuple[Form | None, str]:
        if uid not in self.known:
            self.known[uid] = self._look(uid)
        form, _, name = self.known[uid]
        return form, name

    def _look(self, uid: str) -> tuple[Form, Record | None, str]:
        for form in self.forms:
            found = records.lookup(self.connection, self.store.tables, form.id, uid)
            if found is not None:
                return form, found, name_of(form, found.values)
        for form in self.forms:
            for inner in form.details:
                detail, made = self.store.tables.forms[inner], layout(self.store.tables, inner)
                for row in rows_by(self.connection, made, "uid", [uid]):
                    return detail, None, name_of(detail, made.detail(row).values)
        return self.forms[0], None, ""


def _forms(pack: TaskPack, paper: Issued) -> list[Form]:
    """Return the forms whose rows the paper shows, then all others."""
    base = paper.report.rpartition("-")[0]
    report = pack.reports.get(paper.report)
    first = [base, *(report.forms if report else ())]
    return sorted(pack.top_forms, key=lambda form: form.id not in first)


def moved(
    connection: Connection, store: Store, form: str, revisions: Mapping[str, int]
) -> list[tuple[str, int]]:
    """Return those records of a form that have a newer revision than the given ones."""
    known = past.newest_revisions(connection, store.tables, form, list(revisions))
    return [(uid, rev) for uid, rev in revisions.items() if known.get(uid, (rev, 0))[0] > rev]


def name_of(form: Form, values: Mapping[str, object]) -> str:
    """Return what names a record: its name field, else its form."""
    field = form.by_id.get(form.name_field)
    value = values.get(f"{field.id}__label" if field and field.type == "ref" else form.name_field)
    return str(value) if value is not None else form.title


def _value(field: Field, text: str | None, pack: TaskPack) -> str:
    if text is None:
        return "没有"
    if text == "":
        return "空"
    value: object = text
    if field.type in {"int", "money", "bool"} and text.lstrip("-").isdigit():
        value = int(text)
    elif field.type == "decimal":
        value = float(text)
    if field.type == "ref":
        return text
    return field_types.format_value(field, value, pack, masked=True)  # type: ignore[arg-type]


def _shown(text: str | None) -> str:
    if text is None:
        return "没有"
    return text.removesuffix(".0") or "空"
