"""The filled example row of a sheet: marked in a column of its own, left out on the way in."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from union_desk import resources
from union_desk.errors import InputError
from union_desk.excel.reading import read_csv
from union_desk.taskpack.field_types import Hints, Unreadable, format_value, parse, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.taskpack.definition import Field, Form, TaskPack
    from union_desk.taskpack.record import Table, Value

TITLE = "示例行"
"""Title of the column that marks the example."""
MARK = "示例"
"""What the example has in that column; one's own rows have nothing there."""
_LOOKED_AT = 20
_DIGITS = 15
"""Longer ones are numbers of persons or firms, never amounts."""
_BY_TYPE = {"date": "{year}-08-27", "int": "1", "decimal": "1", "money": "1.00", "bool": "是"}


def offered(form: Form) -> list[Field]:
    """Return the fields that a sheet has a column for."""
    return [item for item in form.fields if item.computed is None]


def example(form: Form, pack: TaskPack) -> dict[str, str]:
    """Return an example by field, as a person types it: of the sample rows the fullest one.

    A form without samples gets what its definition tells: a first code, a day of the year. The
    example of a detail belongs to that of its form. What only a level above decides stays empty.
    """
    sample = _sample(form, pack)
    found = {}
    for item in offered(form):
        text = sample.get(item.id) or sample.get(f"{item.id}__label") or ""
        if text in item.decided_codes:
            codes = pack.codes(item)
            free = [one.code for one in codes.items] if codes else []
            text = next((code for code in free if code not in item.decided_codes), "")
        shown = _shown(item, text, pack) if sample else _made_up(item, pack)
        open_ = item.decided_by is None or item.proposed or bool(item.decided_codes)
        if shown and open_ and item.type != "attach":
            found[item.id] = shown
    return found


def _sample(form: Form, pack: TaskPack) -> Mapping[str, str]:
    """Return the fullest sample row.

    Of a form with details it is one that has some, of a detail one that belongs to that row.
    """
    rows = _rows(form.id)
    if form.detail_of is not None:
        parent = pack.forms[form.detail_of]
        names = _names(parent, _sample(parent, pack))
        rows = [row for row in rows if row.get(form.parent_field or "") in names] or rows
    for detail in form.details:
        link = pack.forms[detail].parent_field or ""
        meant = {row.get(link, "") for row in _rows(detail)}
        rows = [row for row in rows if meant & _names(form, row)] or rows
    return max(rows, key=lambda row: sum(map(bool, row.values())), default={})


def _names(form: Form, row: Mapping[str, str]) -> set[str]:
    """Return what a row is called in references to it."""
    keys = (*form.natural_keys, form.short_key, (form.name_field,))
    parts = [[row.get(name, "") for name in key] for key in keys if key]
    return {"|".join(texts) for texts in parts if all(texts)}


@lru_cache(maxsize=64)
def _rows(form: str) -> list[dict[str, str]]:
    path = resources.samples() / f"{form}.csv"
    if not path.is_file():
        return []
    table = read_csv(path)
    return [
        {name: str(cell or "") for name, cell in zip(table.header, row, strict=False)}
        for row in table.rows[:_LOOKED_AT]
    ]


def _shown(item: Field, text: str, pack: TaskPack) -> str:
    """Return a sample as it is chosen in the drop-down or typed: labels, not codes."""
    if not text or item.type == "ref":
        return text
    value = parse(item, text, Hints(year=pack.year, pack=pack))
    if isinstance(value, Unreadable):
        return ""
    if item.type in ("choice", "bool"):
        return format_value(item, value, pack)
    return plain(item, value)


def _made_up(item: Field, pack: TaskPack) -> str:
    codes = pack.codes(item)
    if codes is not None and codes.items:
        first = item.choices[0] if item.choices else codes.items[0].code
        return codes.label(first) if item.type == "choice" else first
    text = _BY_TYPE.get(item.type, "").format(year=pack.year)
    return text or (item.label if item.type in ("text", "longtext") else "")


def without_example(table: Table, form: Form | None = None, pack: TaskPack | None = None) -> Table:
    """Return a table without the marking column and without the rows marked there.

    Other rows keep their place. With form and package an example that is no longer the one
    the sheet came with is refused: somebody has typed over it and would lose the row.

    :raises InputError: I560.
    """
    if not table.header or table.header[0] != TITLE:
        return table
    marked = [bool(row) and str(row[0] or "").strip().startswith(MARK) for row in table.rows]
    if form is not None and pack is not None:
        _refuse_changed(table, marked, example(form, pack), form)
    rows: list[Sequence[Value]] = [
        [] if is_example or not any(_there(cell) for cell in row[1:]) else row[1:]
        for row, is_example in zip(table.rows, marked, strict=True)
    ]
    while rows and not rows[-1]:
        rows.pop()
    return replace(table, header=table.header[1:], rows=rows)


def _refuse_changed(
    table: Table, marked: Sequence[bool], shown: Mapping[str, str], form: Form
) -> None:
    known = {form.by_id[name].label: _plain(text) for name, text in shown.items()}
    for number, (row, is_example) in enumerate(zip(table.rows, marked, strict=True), 2):
        cells = zip(table.header[1:], row[1:], strict=False)
        if is_example and any(
            _plain(cell) not in ("", known.get(str(title), "")) for title, cell in cells
        ):
            raise InputError(
                "I560",
                f"工作表“{table.name}”第 {number} 行标着“{MARK}”，内容却改过。",
                f"要装入这一行，请删去第一列的“{MARK}”；不要的，请删去整行。",
            )


def _plain(cell: Value) -> str:
    """Return a cell as it compares: a spreadsheet writes 12.00 as 12, a day with its hour."""
    text = "" if cell is None else str(cell).strip().removesuffix(" 00:00:00")
    try:
        return repr(float(text)) if len(text) <= _DIGITS else text
    except ValueError:
        return text


def _there(cell: Value) -> bool:
    return cell is not None and cell != ""
