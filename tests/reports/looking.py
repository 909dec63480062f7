"""What every paper must hold, looked for in its PDF and in the trace of its drawing."""

from __future__ import annotations

import io
import math
import re

from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from tests.reports import papers
from union_desk.reports import fonts, printing
from union_desk.reports.geometry import MM, Box, Trace

STAMPED = ("盖章", "盖　章", "年　　月　　日")
PRESSED = re.compile(r"\d{4}年\d+月\d+日|.{2,30}(?:总工会|工会委员会|工会)")
"""What the seal of a letter presses: the sender and the day."""
MADE = "2012-09-03T07:20:00Z"
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
ID_NUMBER = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dX](?![\dX])"
)


def printed(name, source, **options):
    """Return PDF and trace of a paper."""
    trace = Trace()
    content = printing.render(papers.pack(), name, source, made=MADE, trace=trace, **options)
    return content, trace


def read_back(stack, lines):
    fonts.prepare()
    fonts.stack(stack)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842), invariant=1, initialFontName=fonts.BODY)
    for start in range(0, len(lines), 40):
        for number, line in enumerate(lines[start : start + 40]):
            canvas.setFont(stack, 10)
            canvas.drawString(30, 800 - number * 18, line)
        canvas.showPage()
    canvas.save()
    reader = PdfReader(io.BytesIO(file.getvalue()))
    return "".join("".join(page.extract_text().split()) for page in reader.pages), reader


def tight(text):
    return re.sub(r"\s+", "", text)


def page_texts(content):
    return [tight(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def examine(content, trace, *, texts=True):
    """Hold a paper to the rules that need no knowledge of it."""
    reader = PdfReader(io.BytesIO(content))
    all_fonts_are_embedded(reader)
    pages = [tight(page.extract_text()) for page in reader.pages] if texts else None
    if pages is not None:
        every_page_counts_itself(pages)
        what_was_drawn_is_read_back(pages, trace)
    nothing_sticks_out(trace, reader)
    seals_are_free(trace, reader)
    metadata_names_no_person(reader)
    return pages


def all_fonts_are_embedded(reader):
    seen = set()
    for page in reader.pages:
        for reference in (page["/Resources"].get("/Font") or {}).values():
            font = reference.get_object()
            name = font["/BaseFont"]
            if name in seen:
                continue
            seen.add(name)
            assert font["/Subtype"] == "/TrueType", name
            assert "/ToUnicode" in font, name
            assert "/FontFile2" in font["/FontDescriptor"], name
            assert "Helvetica" not in name
            assert "Times" not in name
    assert seen


def every_page_counts_itself(pages):
    """第 x 页 共 y 页, on letters — x —."""
    for number, text in enumerate(pages, 1):
        letter = f"—{number}—" in text
        assert letter or f"第{number}页共{len(pages)}页" in text, (number, len(pages))


def what_was_drawn_is_read_back(pages, trace):
    for page, text, *_ in trace.texts:
        drawn = "".join(
            char if fonts.stack(fonts.BODY).has(char) else fonts.EMPTY_SQUARE for char in text
        )
        assert tight(drawn) in pages[page - 1], (page, text)


def nothing_sticks_out(trace, reader):
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    paper = Box(5 * MM, 5 * MM, width - 10 * MM, height - 10 * MM)
    foot = height - 18 * MM
    for page, text, size, box, cell in trace.texts:
        assert box.inside(paper), (page, text, "off the paper")
        if cell is not None:
            assert size >= 9, (page, text, size)
            assert box.x >= cell.x - 0.6, (page, text, box, cell)
            assert box.right <= cell.right + 0.6, (page, text, box, cell)
            assert box.y >= cell.y - 1.2, (page, text, box, cell)
            assert box.bottom <= cell.bottom + 1.2, (page, text, box, cell)
            assert cell.bottom <= foot + 1, (page, text, "in the foot")
        assert size >= 7.5, (page, text)


def seals_are_free(trace, reader):
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    circles = [
        (page, seal.x + seal.width / 2, seal.y + seal.height / 2) for page, seal in trace.seals
    ]
    radius = 21 * MM
    for number, (page, x, y) in enumerate(circles):
        assert radius < x < width - radius
        assert radius < y < height - radius
        for other_page, other_x, other_y in circles[number + 1 :]:
            assert page != other_page or math.dist((x, y), (other_x, other_y)) >= 2 * radius
        texts = [entry for entry in trace.texts if entry[0] == page]
        assert len(texts) >= 8, "a page with a seal alone"
        for _, text, _, box, _ in texts:
            near = math.dist(
                (x, y), (min(max(x, box.x), box.right), min(max(y, box.y), box.bottom))
            )
            covered = (
                near < radius - 0.5
                and not any(word in text for word in STAMPED)
                and text not in {"年", "月", "日"}
                and not PRESSED.fullmatch(text)
            )
            assert not covered, (page, text, "under the seal")


def by_column(trace):
    """The texts of cells that stand below each other, joined: a long one goes on overleaf."""
    columns = {}
    for _, text, _, _, cell in trace.texts:
        if cell is not None:
            columns.setdefault((round(cell.x), round(cell.width)), []).append(text)
    return [tight("".join(texts)) for texts in columns.values()]


def metadata_names_no_person(reader):
    for value in reader.metadata.values():
        assert papers.MemorySource({}).person not in str(value)
        assert str(value) not in {"anonymous", "(anonymous)", "unspecified", "(unspecified)"}
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def tells_nobody(trace):
    """No full ID number (by date and check digit) and no mobile number."""
    from stdnum.iso7064 import mod_11_2

    for _, text, *_ in trace.texts:
        assert not MOBILE.search(text), text
        for match in ID_NUMBER.finditer(text):
            assert not mod_11_2.is_valid(match.group()), text
