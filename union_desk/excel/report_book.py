"""报送册.xlsx: a cover that says whose and for when, and a sheet for every form that is owed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import InputError
from union_desk.excel.examples import without_example
from union_desk.excel.form_sheet import (
    INTRODUCTION,
    codes_sheet,
    form_sheet,
    plan_codes,
)
from union_desk.excel.reading import CODES_SHEET, sheet_name
from union_desk.excel.writing import new_book
from union_desk.taskpack.definition import FILINGS
from union_desk.taskpack.period import Period
from union_desk.taskpack.report_book import FilledBook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from union_desk.taskpack.definition import Form, TaskPack
    from union_desk.taskpack.record import Table, Value
    from union_desk.taskpack.report_book import EmptyBook

COVER = "封面"
TITLE = "报送册"
_UNIT, _CODE, _FORM, _NOTHING = "填报单位", "单位编码", "表名", "本期无发生"
_PERIODS = {"month": "月报所属期", "quarter": "季报所属期", "year": "年报所属期"}
_HEADS = (_FORM, "应报", "所属期", "截止日期", _NOTHING)
_DUTIES = {"must": "必报", "if_any": "有则报"}
_WIDTHS = (30, 24, 18, 14, 14)
_HOW = (
    "填好后把这个文件交给上级工会，由上级代为装入；只填本单位的数据。",
    "没有发生的表：在上面“本期无发生”一格选“是”，那张表空着。",
    *INTRODUCTION,
)


def write_book(plan: EmptyBook, pack: TaskPack, path: Path) -> None:
    """Write the empty 报送册 of a unit durably."""
    forms = [pack.forms[item.form] for item in plan.forms]
    every = [each for form in forms for each in (form, *_details(form, pack))]
    with new_book(path, lean=False) as (book, buffer):
        _cover(book, plan, pack)
        lists = plan_codes(every, pack)
        for form in every:
            sheet = form_sheet(book, form, pack, lists)
            sheet.set_tab_color("#1F5FA8" if form.detail_of is None else "#9DB7DD")
        codes_sheet(book, pack, lists)
    files.write_durable(path, buffer.getvalue())


def _details(form: Form, pack: TaskPack) -> tuple[Form, ...]:
    return tuple(pack.forms[detail] for detail in form.details)


def _cover(book: Workbook, plan: EmptyBook, pack: TaskPack) -> None:
    sheet = book.add_worksheet(COVER)
    text = book.add_format({"num_format": 49, "border": 1, "text_wrap": True})
    head = book.add_format({"bold": True, "bg_color": "#EAF2FB", "border": 1})
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, TITLE, book.add_format({"bold": True, "font_size": 20}))
    facts = [(_UNIT, plan.unit_name), (_CODE, plan.unit)]
    facts += [(_PERIODS[kind], plan.periods[kind]) for kind in FILINGS if kind in plan.periods]
    facts += [("任务包", f"{pack.title}（{pack.version}）"), ("发出", f"{plan.maker} {plan.day}")]
    for number, (name, value) in enumerate(facts, 1):
        sheet.write_string(number, 0, name, head)
        sheet.write_string(number, 1, value, text)
    top = len(facts) + 2
    for place, name in enumerate(_HEADS):
        sheet.write_string(top, place, name, head)
    for number, item in enumerate(plan.forms, top + 1):
        form = pack.forms[item.form]
        sheet.write_url(number, 0, f"internal:'{sheet_name(form)}'!B3", string=sheet_name(form))
        cells = (_DUTIES[item.duty], Period.parse(item.period).title, item.due_date, "")
        for place, cell in enumerate(cells, 1):
            sheet.write_string(number, place, cell, text)
    end = top + len(plan.forms)
    if plan.forms:
        sheet.data_validation(top + 1, 4, end, 4, {"validate": "list", "source": ["是"]})
    _say_how(book, sheet, end + 2)


def _say_how(book: Workbook, sheet: Worksheet, top: int) -> None:
    grey = book.add_format({"font_color": "#55606F"})
    for number, line in enumerate(_HOW, top):
        sheet.write_string(number, 0, line, grey)


def is_book(tables: Sequence[Table]) -> bool:
    """Return whether the tables of a file are those of a 报送册."""
    return any(table.name == COVER and list(table.header[:1]) == [TITLE] for table in tables)


def read_book(tables: Sequence[Table], pack: TaskPack) -> FilledBook:
    """Return what a filled 报送册 holds; example rows and empty sheets stay out.

    :raises InputError: I561 no 报送册, I562 a sheet that belongs nowhere, I563 the cover does not
        say whose it is, I571 nor for when, I560 an example was typed over.
    """
    if not is_book(tables):
        raise InputError(
            "I561", f"这个文件不是{TITLE}：没有“{COVER}”这张工作表。",
            f"一张表的文件请在那张表的台账里导入；{TITLE}请用上级发的原件填写。",
        )  # fmt: skip
    by_name = {sheet_name(form): form for form in pack.forms.values()}
    cover = next(table for table in tables if table.name == COVER)
    sheets = {}
    for table in tables:
        if table.name in (COVER, CODES_SHEET):
            continue
        form = by_name.get(table.name.strip())
        if form is None:
            raise InputError(
                "I562", f"{TITLE}里的工作表“{table.name}”不知道属于哪张表。",
                "请把工作表的名称改回原样；自己加的工作表请删去。",
            )  # fmt: skip
        bare = without_example(table, form, pack)
        if any(bare.rows):
            sheets[form.id] = bare
    facts = {_text(row[0]): _text(row[1]) for row in cover.rows if len(row) > 1}
    unit = facts.get(_CODE, "")
    if not re.fullmatch(r"\d{12}", unit):
        raise InputError(
            "I563", f"{TITLE}的封面上“{_CODE}”是“{unit}”，不是 12 位编码。", "请改回原来的编码。"
        )
    return FilledBook(unit, _periods(facts), frozenset(_nothing(cover, by_name)), sheets)


def _periods(facts: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for kind, name in _PERIODS.items():
        text = facts.get(name, "")
        try:
            right = Period.parse(text).kind == kind
        except ValueError:
            right = False
        if name in facts and not right:
            raise InputError(
                "I571", f"{TITLE}的封面上“{name}”是“{text}”，不是这一种报告期。",
                "请改回原来的写法，如 2012M08、2012Q3、2012Y。",
            )  # fmt: skip
        if right:
            found[kind] = text
    return found


def _nothing(cover: Table, by_name: Mapping[str, Form]) -> Iterator[str]:
    """Yield the forms that are marked 本期无发生."""
    rows = [[_text(cell) for cell in row] for row in cover.rows]
    heads = next((row for row in rows if row[:1] == [_FORM] and _NOTHING in row), None)
    if heads is None:
        return
    place = heads.index(_NOTHING)
    for row in rows[rows.index(heads) + 1 :]:
        form = by_name.get(row[0]) if row else None
        if form is not None and len(row) > place and row[place] in ("是", "√", "1"):
            yield form.id


def _text(cell: Value) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
