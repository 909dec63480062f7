"""A letter as a Word file: the same words on the same grid, fonts by name.

It is a working text: no serial, no 校验码, no QR code.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from union_desk.reports import letter_text, marks

if TYPE_CHECKING:
    from union_desk.reports.block_rows import Filled
    from union_desk.reports.furniture import Furniture
    from union_desk.reports.letter_text import Composed

_BODY, _KAI, _HEAD, _TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
_LATIN = "Times New Roman"
_SIZE, _PITCH, _LEADING = 16, 15.79, 28.99
_TITLE_SIZE, _TITLE_LEADING, _CELL, _PAGE_NUMBER = 22, 36, 10.5, 14
_CHARACTERS = 4096
"""Parts of a point in which Word counts the pitch of the grid."""
_FONTS = {"text": _BODY, "first": _HEAD, "second": _KAI}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def render(said: Composed, furniture: Furniture) -> bytes:
    """Return the letter as .docx."""
    document = Document()
    _page(document)
    _describe(document, furniture)
    for line in said.title:
        _paragraph(document, line, _TITLE, _TITLE_SIZE, align="center", leading=_TITLE_LEADING)
    _paragraph(document, "")
    if said.addressee:
        _paragraph(document, f"{said.addressee}：")
    for item in said.body:
        if item.table is not None:
            _table(document, item.table)
        else:
            for text in item.text.split("\n"):
                _paragraph(document, text, _FONTS[item.kind], indent=2)
    _attached(document, said.attachment)
    if said.signed:
        _paragraph(document, "")
        _paragraph(document, "　　　　　　".join(said.signed))
    _paragraph(document, "")
    day = letter_text.spoken_day(furniture.made)
    # the name is centred over the day, which leaves four characters at the right
    spare = 4 + (len(day) * 0.8 - len(said.sender)) / 2
    _paragraph(document, said.sender, align="right", right=max(spare, 0))
    _paragraph(document, day, align="right", right=4)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: Any) -> None:  # noqa: ANN401 - python-docx has no types
    """Set A4, margins and the grid of 22 lines and 28 characters; page numbers — 1 —."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(35 - 7 - 5)
    document.settings.odd_and_even_pages_header_footer = True
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(_LEADING * 20)))
    grid.set(qn("w:charSpace"), str(round((_PITCH - _SIZE) * _CHARACTERS)))
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(grid)
    _font(document.styles["Normal"], _BODY, _SIZE)
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        _align(paragraph, align)
        for text in ("— ", "PAGE", " —"):
            run = paragraph.add_run("" if text == "PAGE" else text)
            _font(run, "宋体", _PAGE_NUMBER)
            if text == "PAGE":
                _page_field(run)


def _page_field(run: Any) -> None:  # noqa: ANN401
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._r.append(element)


def _describe(document: Any, furniture: Furniture) -> None:  # noqa: ANN401
    """Say whose letter it is; never who wrote it."""
    known = document.core_properties
    known.author = known.last_modified_by = furniture.unit_name
    known.title, known.subject = furniture.title, furniture.table_code
    known.comments, known.language = "", "zh-CN"
    moment = marks.moment(furniture.made).astimezone(UTC) if furniture.made else _EPOCH
    known.created = known.modified = moment.replace(tzinfo=None)


def _font(holder: Any, name: str, size: float) -> None:  # noqa: ANN401
    holder.font.name = _LATIN
    holder.font.size = Pt(size)
    properties = holder.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    fonts.set(qn("w:eastAsia"), name)


def _align(paragraph: Any, align: str) -> None:  # noqa: ANN401
    paragraph.alignment = {
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
        "left": WD_ALIGN_PARAGRAPH.LEFT,
    }.get(align, WD_ALIGN_PARAGRAPH.JUSTIFY)


def _paragraph(
    document: Any,  # noqa: ANN401
    text: str,
    font: str = _BODY,
    size: float = _SIZE,
    *,
    align: str = "justify",
    indent: float = 0,
    right: float = 0,
    leading: float = _LEADING,
) -> None:
    paragraph = document.add_paragraph()
    _align(paragraph, align)
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(leading)
    if indent:
        shape.first_line_indent = Pt(indent * _PITCH)
    if right:
        shape.right_indent = Pt(right * _PITCH)
    _font(paragraph.add_run(text), font, size)


def _attached(document: Any, text: str) -> None:  # noqa: ANN401
    names = [name for name in text.split("\n") if name]
    if not names:
        return
    _paragraph(document, "")
    for number, name in enumerate(names, 1):
        lead = "附件：" if number == 1 else "　　　"
        told = f"{number}. {name}" if len(names) > 1 else name
        _paragraph(document, lead + told, indent=2)


def _table(document: Any, filled: Filled) -> None:  # noqa: ANN401
    """Add a table: its head on two rows where columns share one."""
    if filled.block.title:
        _paragraph(document, filled.block.title, _HEAD, 12)
    columns = filled.columns
    upper = any(column.upper for column in columns)
    lines = [[column.title for column in columns]]
    if upper:
        lines.insert(0, [column.upper for column in columns])
    heads = len(lines)
    lines += [list(line.texts) for line in filled.lines]
    if not filled.lines:
        lines.append([filled.block.nil or "本期无", *[""] * (len(columns) - 1)])
    table = document.add_table(rows=len(lines), cols=len(columns))
    table.style = "Table Grid"
    for row, texts in zip(table.rows, lines, strict=True):
        whole = len(texts) == 1 or (not filled.lines and texts is lines[-1])
        if whole:
            row.cells[0].merge(row.cells[-1])
        for cell, text, column in zip(row.cells, texts, columns, strict=False):
            if whole and not text:
                continue
            paragraph = cell.paragraphs[0]
            inside = row._index < heads or whole
            _align(paragraph, "center" if inside else column.align)
            _font(paragraph.add_run(text), _HEAD if row._index < heads else _BODY, _CELL)
    if upper:
        _merge_heads(table, filled)
    for row in table.rows[:heads]:
        repeat = OxmlElement("w:tblHeader")
        row._tr.get_or_add_trPr().append(repeat)
    _paragraph(document, "", leading=12)


def _merge_heads(table: Any, filled: Filled) -> None:  # noqa: ANN401
    columns = filled.columns
    place = 0
    while place < len(columns):
        end = place
        if not columns[place].upper:
            lower, above = table.cell(1, place), table.cell(0, place)
            text = lower.text
            merged = above.merge(lower)
            _only(merged, text)
        else:
            while end + 1 < len(columns) and columns[end + 1].upper == columns[place].upper:
                end += 1
            _only(table.cell(0, place).merge(table.cell(0, end)), columns[place].upper)
        place = end + 1


def _only(cell: Any, text: str) -> None:  # noqa: ANN401
    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    paragraph = cell.paragraphs[0]
    for run in list(paragraph.runs):
        run._r.getparent().remove(run._r)
    _align(paragraph, "center")
    _font(paragraph.add_run(text), _HEAD, _CELL)
