"""One form as a sheet to be typed into: headers, drop-downs, text cells, help, an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.excel.examples import MARK, TITLE, example, offered
from union_desk.excel.reading import CODES_SHEET, NOTES_SHEET, sheet_name
from union_desk.taskpack.field_types import FIELD_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from union_desk.taskpack.definition import Field, Form, TaskPack

ROWS = 1_000
"""Rows below the header that carry formats and drop-downs."""
_TEXT = 49
"""The built-in number format “text”."""
_MARK_NOTE = f"只用来标明示例行：标着“{MARK}”的行不装入。自己填的行，这一列空着。"
INTRODUCTION = (
    "每张工作表第一行是表头，请勿改动；从第三行起每行填一条，第二行是填好的示例，不装入。",
    "深色表头为必填项；把光标放在表头上可看到填写要求。",
    "有下拉框的格请选择；可多选的项用分号隔开，如 1;2。",
    "身份证号、信用代码、电话所在列已设为文本，直接输入即可。",
    "日期写作 2012-08-27，金额以元为单位。",
    "引用其他台账的项，填对方的编号或名称。",
)


def plan_codes(forms: Sequence[Form], pack: TaskPack) -> dict[str, int]:
    """Column of the sheet of codes for each code list in use."""
    used = [item.code_list for form in forms for item in form.fields if pack.codes(item)]
    return {name: place for place, name in enumerate(dict.fromkeys(used)) if name}


def form_sheet(book: Workbook, form: Form, pack: TaskPack, lists: dict[str, int]) -> Worksheet:
    """Add the sheet of a form; its first column marks the example in the second row."""
    sheet = book.add_worksheet(sheet_name(form))
    sheet.freeze_panes(1, 1)
    optional = book.add_format(
        {"bold": True, "bg_color": "#EAF2FB", "border": 1, "text_wrap": True}
    )
    required = book.add_format(
        {
            "bold": True,
            "bg_color": "#1F5FA8",
            "font_color": "#FFFFFF",
            "border": 1,
            "text_wrap": True,
        }
    )
    grey = {"font_color": "#7A7A7A", "italic": True, "bg_color": "#F2F2F2", "num_format": _TEXT}
    shown, filled = book.add_format(grey), example(form, pack)
    sheet.set_column(0, 0, 8)
    sheet.write_string(0, 0, TITLE, book.add_format({"italic": True, "border": 1}))
    sheet.write_comment(0, 0, _MARK_NOTE, {"x_scale": 2, "author": ""})
    sheet.write_string(1, 0, MARK, shown)
    for place, item in enumerate(offered(form), 1):
        sheet.set_column(place, place, max(10, 2.2 * len(item.label)), _cell_format(book, item))
        sheet.write_string(0, place, item.label, required if item.required else optional)
        sheet.write_comment(0, place, _note(item, pack), {"x_scale": 2, "author": ""})
        source = _choices(item, pack, lists)
        if source:
            sheet.data_validation(1, place, ROWS + 1, place, source)
        sheet.write_string(1, place, filled.get(item.id, ""), shown)
    return sheet


def _cell_format(book: Workbook, item: Field) -> Format:
    if FIELD_TYPES[item.type].excel == "number":
        return book.add_format({"num_format": "0.00" if item.type == "money" else "General"})
    return book.add_format({"num_format": _TEXT})


def _choices(item: Field, pack: TaskPack, lists: dict[str, int]) -> dict[str, object] | None:
    if item.type == "bool":
        return {"validate": "list", "source": ["是", "否"], "error_message": "请选择 是 或 否"}
    codes = pack.codes(item)
    if item.type != "choice" or codes is None or item.code_list is None:
        return None
    column = letters(lists[item.code_list])
    if item.choices:
        return {"validate": "list", "source": [codes.label(code) for code in item.choices]}
    return {
        "validate": "list",
        "source": f"='{CODES_SHEET}'!${column}$2:${column}${len(codes.items) + 1}",
        "error_title": item.label,
        "error_message": "请从下拉框中选择",
    }


def _note(item: Field, pack: TaskPack) -> str:
    lines = [FIELD_TYPES[item.type].title + ("，必填" if item.required else "")]
    if item.measure:
        lines.append(f"单位：{item.measure}")
    codes = pack.codes(item)
    if codes and item.type == "multi":
        lines.append("；".join(f"{code.code} {code.label}" for code in codes.items))
    if item.form:
        lines.append(f"填“{pack.forms[item.form].title}”中的编号或名称")
    lines.extend(text for text in (item.pattern_help, item.help) if text)
    return "\n".join(lines)[:2_000]


def notes_sheet(book: Workbook) -> None:
    """Add the sheet that says how to fill the others in."""
    sheet = book.add_worksheet(NOTES_SHEET)
    sheet.set_column(0, 0, 80)
    for place, line in enumerate(INTRODUCTION):
        sheet.write_string(place, 0, line)


def codes_sheet(book: Workbook, pack: TaskPack, lists: dict[str, int]) -> None:
    """Add the sheet of codes that the drop-downs point to."""
    sheet = book.add_worksheet(CODES_SHEET)
    for name, column in lists.items():
        codes = pack.code_lists[name]
        sheet.write_string(0, column, codes.title)
        for place, item in enumerate(codes.items, 1):
            sheet.write_string(place, column, item.label)


def letters(column: int) -> str:
    """Return the letters of a column, the first being 0: A, B, … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
