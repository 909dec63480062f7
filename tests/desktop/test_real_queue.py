"""A real print queue: CUPS with its PDF printer, in a print service that is this test's own."""

import io
import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader

from tests.outside import run, tool
from tests.reports import looking, papers
from union_desk.desktop import printers

QUEUE = "union-desk-test"
MODEL = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_noopt.ppd")
OWN = Path(f"/etc/cups/cups-pdf-{QUEUE}.conf")
"""The printer's driver reads where to write from here and nowhere else."""
SERVICE = "Listen {run}/cups.sock\nBrowsing No\nWebInterface No\nDefaultAuthType None\n" + "".join(
    f"<Location {place}>\nOrder allow,deny\nAllow all\n</Location>\n" for place in ("/", "/admin")
)
PLACES = """ServerRoot {root}
RequestRoot {spool}
TempDir {spool}/tmp
CacheDir {root}/cache
StateDir {run}
ErrorLog {root}/error_log
AccessLog {root}/access_log
PageLog {root}/page_log
"""


@pytest.fixture
def queue(monkeypatch, qtbot):
    """A print service with one queue, whose printer writes PDF files into the returned folder."""
    for name in ("cupsd", "lp", "lpadmin", "lpstat"):
        tool(name)
    if not MODEL.exists() or os.geteuid() != 0:
        pytest.skip("NOT TESTED: printer-driver-cups-pdf is not installed, or not run as root")
    holder = tempfile.TemporaryDirectory(prefix="cups")  # its filters run as a user of their own
    root = Path(holder.name)
    root.chmod(0o755)
    place = {"root": root, "run": root / "run", "spool": root / "spool"}
    out = root / "out"
    for folder in (place["run"], place["spool"], place["spool"] / "tmp", root / "cache", out):
        folder.mkdir()
    (root / "cupsd.conf").write_text(SERVICE.format(**place))
    (root / "cups-files.conf").write_text(PLACES.format(**place))
    OWN.write_text(f"Out {out}\nSpool {place['spool']}\nLog {root}\nGrp root\n")
    monkeypatch.setenv("CUPS_SERVER", f"{place['run']}/cups.sock")
    service = subprocess.Popen(
        ["cupsd", "-f", "-c", root / "cupsd.conf", "-s", root / "cups-files.conf"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        qtbot.waitUntil((place["run"] / "cups.sock").exists, timeout=30_000)
        run("lpadmin", "-p", QUEUE, "-E", "-v", f"cups-pdf:/{QUEUE}", "-P", MODEL)
        yield out
    finally:
        service.terminate()
        service.wait(30)
        OWN.unlink()
        holder.cleanup()


def grey(pdf, page, folder):
    """Return a page of a PDF as a grey picture, drawn by poppler."""
    run("pdftoppm", "-r", 30, "-gray", "-png", "-singlefile", "-f", page, "-l", page, pdf, folder)
    return Image.open(f"{folder}.png").convert("L")


def test_a_real_queue_prints_two_pages_of_three_with_their_fonts(queue, tmp_path, qtbot):
    paper, _ = looking.printed("R30", papers.targets_source())
    assert len(PdfReader(io.BytesIO(paper)).pages) == 3
    order = printers.Order(QUEUE, pages="2-3")
    printers.send(order, [paper], tmp_path / "tmp", lambda done, total: None)
    assert not list((tmp_path / "tmp").iterdir())
    qtbot.waitUntil(lambda: not run("lpstat", "-o") and any(queue.iterdir()), timeout=60_000)

    (made,) = queue.iterdir()
    printed = PdfReader(made).pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in printed] == [
        (595, 842)
    ] * 2
    fonts = run("pdffonts", made).splitlines()[2:]
    assert len(fonts) >= 4
    assert {line.split()[1] for line in fonts} <= {"TrueType", "CID"}
    assert {line.split()[-5] for line in fonts} == {"yes"}, "all embedded"
    assert not run("pdfimages", "-list", made).splitlines()[2:], "letters, not pictures"

    original = tmp_path / "original.pdf"
    original.write_bytes(paper)
    meant = [grey(original, number, tmp_path / f"meant{number}") for number in (1, 2, 3)]
    for number in (1, 2):
        seen = grey(made, number, tmp_path / f"seen{number}")
        apart = [ImageStat.Stat(ImageChops.difference(seen, page)).mean[0] for page in meant]
        right = apart.pop(number)
        assert 2 * right < min(apart), "the page that was asked for, as it was drawn"
