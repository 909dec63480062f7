"""Papers as tools from outside see them: poppler's fonts and text, a QR reader, a second drawing."""

import re
import tempfile
from pathlib import Path

import zxingcpp
from PIL import Image

from tests import outside
from tests.reports import looking
from union_desk.reports import fonts

DPI = 150
PAYLOAD = re.compile(r"UD1:([0-9A-Z.-]+):[A-Z2-7]{32}")


def hold(content, trace, again):
    """Hold a paper to what a stranger's tools say of it; `again` draws it a second time."""
    assert again()[0] == content, "equal bytes for equal input"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(content)
        for line in outside.run("pdffonts", path).splitlines()[2:]:
            embedded, subset, readable = line.split()[-5:-2]
            assert (embedded, subset, readable) == ("yes", "yes", "yes"), line
        pages = outside.run("pdftotext", "-raw", path, "-").split("\f")[:-1]
        count = int(re.search(r"Pages:\s+(\d+)", outside.run("pdfinfo", path))[1])
        assert count == len(pages) == max(page for page, *_ in trace.texts)
        every_text_is_found(pages, trace)
        the_code_is_read(path, Path(folder) / "page", "".join(pages))


def every_text_is_found(pages, trace):
    pages = [looking.tight(page) for page in pages]
    body = fonts.stack(fonts.BODY)
    for page, text, *_ in trace.texts:
        drawn = "".join(char if body.has(char) else fonts.EMPTY_SQUARE for char in text)
        assert looking.tight(drawn) in pages[page - 1], (page, text)


def the_code_is_read(path, picture, text):
    """The QR code on page one holds the serial and the digest that begins with the 校验码."""
    codes = set(re.findall(r"校验码 ?((?:[0-9A-F]{4}-){3}[0-9A-F]{4})", text))
    if not codes:
        return
    outside.run("pdftoppm", "-r", DPI, "-png", "-singlefile", "-l", 1, path, picture)
    (found,) = zxingcpp.read_barcodes(Image.open(f"{picture}.png"))
    serial = PAYLOAD.fullmatch(found.text)[1]
    assert serial in text
