"""Printing: exact arguments of `lp`, pictures where it is not, no printer at all."""

import io
import os
import stat

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from tests.desktop.typing import press, replace_text
from tests.store.offices import put
from union_desk.desktop import jobs, printers
from union_desk.desktop.navigation import Route
from union_desk.desktop.print_dialog import PrintDialog, Sheet
from union_desk.errors import Cancelled
from union_desk.store import issued


def pages(count, *, lying=False):
    """Return a PDF of pages that say their number."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=landscape(A4) if lying else A4)
    for number in range(1, count + 1):
        canvas.drawString(100, 100, f"page {number}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.fixture
def cups(tmp_path, monkeypatch):
    """A print system that writes down what it is asked; returns how to read that."""
    log, folder = tmp_path / "asked", tmp_path / "bin"
    folder.mkdir()
    for name, body in (
        (
            "lp",
            f'printf "%s\\n" "$@" >> {log}; for last; do :; done; cat "$last" > {log}.last',
        ),
        ("lpstat", "echo 办公室"),
    ):
        path = folder / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(path.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return lambda: log.read_text("utf-8").splitlines()


def test_lp_gets_the_exact_arguments_and_the_file_goes_when_it_has_it(cups, tmp_path):
    order = printers.Order("办公室", copies=3, pages="2-3", duplex=True)
    printers.send(order, [pages(3)], tmp_path / "tmp", lambda done, total: None)
    asked = cups()
    assert asked[:-1] == [
        "-d", "办公室", "-n", "3", "-o", "media=A4", "-o", "sides=two-sided-long-edge", "-P", "2-3", "--",
    ]  # fmt: skip
    assert asked[-1] == str(tmp_path / "tmp" / "print-0001.pdf")
    assert not list((tmp_path / "tmp").iterdir())
    assert (tmp_path / "asked.last").read_bytes().startswith(b"%PDF")


def test_a_months_set_is_one_job_and_mixed_orientations_print_one_sided(cups, tmp_path):
    order = printers.Order("办公室", duplex=True)
    printers.send(
        order, [pages(2), pages(1, lying=True)], tmp_path / "tmp", lambda done, total: None
    )
    asked = cups()
    assert asked.count("-d") == 1
    assert "sides=one-sided" in asked
    assert [word for word in asked if word.endswith(".pdf")] == [
        str(tmp_path / "tmp" / name) for name in ("print-0001.pdf", "print-0002.pdf")
    ]


def test_a_lying_paper_is_turned_over_its_short_edge(cups, tmp_path):
    order = printers.Order("办公室", duplex=True)
    printers.send(order, [pages(2, lying=True)], tmp_path / "tmp", lambda done, total: None)
    assert "sides=two-sided-short-edge" in cups()


def test_what_the_print_system_refuses_is_told(cups, tmp_path, monkeypatch):
    (tmp_path / "bin" / "lp").write_text("#!/bin/sh\necho 没有这台打印机 >&2\nexit 1\n")
    with pytest.raises(printers.PrintError, match="没有这台打印机") as refused:
        printers.send(
            printers.Order("旧的"), [pages(1)], tmp_path / "tmp", lambda done, total: None
        )
    assert refused.value.code == "D731"
    assert not list((tmp_path / "tmp").iterdir())


def to_file(path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(300)
    return printer


def test_without_cups_each_page_is_one_grey_a4_picture_turned_as_it_lies(dressed, tmp_path):
    order = printers.Order("x", pages="2-3")
    told = []
    printers.raster(
        to_file(tmp_path / "a.pdf"),
        order,
        [pages(3), pages(3, lying=True)],
        lambda done, total: told.append((done, total)),
    )
    made = PdfReader(tmp_path / "a.pdf").pages
    assert len(made) == 4
    assert told[-1] == (4, 4)
    for number, page in enumerate(made):
        wide, high = float(page.mediabox.width), float(page.mediabox.height)
        assert (wide > high) == (number >= 2)
        assert {round(wide), round(high)} == {595, 842}
        (image,) = page.images
        assert image.image.mode == "L"
        assert min(image.image.size) > 2400


def test_a_page_is_drawn_on_white_in_grey(dressed):
    document, _buffer = printers._opened(pages(1))
    image = printers.picture(document, 0, 100)
    assert image.format() == QImage.Format.Format_Grayscale8
    assert image.pixelColor(5, 5).value() == 255


def test_a_page_that_is_not_there_and_a_cancelled_job_print_nothing(dressed, tmp_path):
    with pytest.raises(printers.PrintError) as refused:
        printers.raster(
            to_file(tmp_path / "a.pdf"),
            printers.Order("x", pages="7"),
            [pages(3)],
            lambda done, total: None,
        )
    assert refused.value.code == "D732"

    def stop(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        printers.raster(to_file(tmp_path / "b.pdf"), printers.Order("x"), [pages(3)], stop)


@pytest.mark.parametrize(("text", "plain"), [("", ""), (" 2－3 ", "2-3"), ("1，4-6", "1,4-6")])
def test_page_ranges_are_read_as_they_are_typed(text, plain):
    assert printers.check_pages(text) == plain


@pytest.mark.parametrize("text", ["0", "3-", "a", "1,,2", "-1"])
def test_a_page_range_that_is_none_is_refused(text):
    with pytest.raises(printers.PrintError) as refused:
        printers.check_pages(text)
    assert refused.value.code == "D730"


def test_pages_beyond_the_end_are_left_out():
    assert printers.wanted("2-9,1", 3) == [1, 2, 0]
    assert printers.wanted("", 2) == [0, 1]


# --- the window ------------------------------------------------------------------------------------


@pytest.fixture
def page(own_desk, settled):
    """The page of papers of a grassroots office without a record."""
    desk = own_desk("grassroots")
    desk.open(Route("print"))
    settled()
    return desk.page


def papers_of(page):
    store = page.session.store
    with store.read() as connection:
        return issued.papers(connection, store.tables)


def dialog_of(page):
    return page.window().findChild(PrintDialog)


def test_a_draft_is_issued_printed_and_noted_by_keys(page, settled, cups, monkeypatch):
    assert page.life.pill.words == "草稿 未报送"
    page.life.issue_it.setFocus()
    press(Qt.Key.Key_Space)
    settled()
    (made,) = papers_of(page)
    assert page.life.number.text() == made.serial
    assert page.drawn.issued.serial == made.serial
    page.print.setFocus()
    press(Qt.Key.Key_Space)
    settled()
    dialog = dialog_of(page)
    assert dialog.printer.currentText() == "办公室"
    dialog.copies.setFocus()
    replace_text("三")
    dialog.act.setFocus()
    press(Qt.Key.Key_Space)
    assert "份数" in dialog.said.text()
    dialog.copies.setFocus()
    replace_text("3")
    dialog.act.setFocus()
    press(Qt.Key.Key_Space)
    settled()
    assert dialog.windowTitle() == "纸上打印正确吗？"
    assert cups()[3] == "3"
    press(Qt.Key.Key_Space)
    settled()
    (now,) = papers_of(page)
    assert (now.state, now.copies, now.printed_on) == ("printed", 3, "办公室")
    assert page.life.pill.words == "已打印"
    assert page._pdf == page.drawn.pdf
    page.print.click()
    assert dialog_of(page).copies.text() == "3", "as it was printed the last time"


def test_without_a_printer_there_is_a_sentence_and_a_way_on(page, settled):
    page.life.issue_it.click()
    settled()
    page.print.click()
    dialog = dialog_of(page)
    assert "没有打印机" in "".join(item.text() for item in dialog.findChildren(QLabel))
    assert not dialog.act.isVisible()
    dialog.elsewhere.click()
    settled()
    assert papers_of(page)[0].printed_on == "在别处打印"


def test_an_issued_paper_is_voided_with_a_reason(page, settled):
    page.life.issue_it.click()
    settled()
    page.life.void_it.click()
    page.acts.dialog.line.setText("期别选错了")
    page.acts.dialog.act.click()
    settled()
    assert papers_of(page)[0].state == "void"
    assert page.life.pill.words == "草稿 未报送"


def test_a_voided_paper_is_looked_at_and_printed_again_under_the_word_void(
    page, settled, cups, tmp_path
):
    page.life.issue_it.click()
    settled()
    assert not page.life.others_it.isVisible()
    (made,) = papers_of(page)
    page.life.void_it.click()
    page.acts.dialog.line.setText("期别选错了")
    page.acts.dialog.act.click()
    settled()
    assert page.life.others_it.text() == "以前出具的 1 份…"
    page.life.others_it.click()
    settled()
    dialog = page.acts.dialog
    assert dialog.table.rows.rows[0].cells[0] == made.serial
    assert dialog.table.rows.rows[0].cells[3] == "期别选错了"
    press(Qt.Key.Key_Return)
    settled()
    assert page.life.pill.words == "已作废"
    assert "期别选错了" in page.life.told.text()
    assert not page.life.void_it.isVisible()
    assert not page.life.issue_it.isVisible()
    assert all("作废" in item.extract_text() for item in PdfReader(io.BytesIO(page._pdf)).pages)
    page.print.click()
    dialog = dialog_of(page)
    assert "（已作废）" in dialog._what()
    dialog.act.click()
    settled()
    assert (tmp_path / "asked.last").read_bytes() == page._pdf
    assert papers_of(page)[0].state == "void"


def test_the_months_set_is_issued_and_goes_into_one_dialog(page, settled):
    page.month.click()
    settled()
    dialog = dialog_of(page)
    made = papers_of(page)
    assert len(made) == len(dialog.sheets) >= 1
    assert [sheet.issued.serial for sheet in dialog.sheets] == [item.serial for item in made]
    dialog.reject()


def test_a_notice_is_chosen_for_one_unit_or_goes_to_each_in_one_act(own_desk, settled, pack):
    notice = next(r for r in pack.reports.values() if r.layout == "slip" and r.forms == ("filing",))
    desk = own_desk("city")
    desk.open(Route("print", text=notice.id))
    settled()
    page = desk.page
    assert page.record.currentText() == "各有关单位（合写一份）"
    assert page.record.count() > 10
    assert page.record.accessibleName() == "发给哪个单位"
    page.record.setCurrentIndex(2)
    page._render()
    settled()
    text = "".join(item.extract_text() for item in PdfReader(io.BytesIO(page._pdf)).pages)
    assert f"{page.record.currentText()}：" in "".join(text.split())
    page.batch.click()
    settled()
    dialog = dialog_of(page)
    made = papers_of(page)
    assert [sheet.issued.serial for sheet in dialog.sheets] == [item.serial for item in made]
    assert {item.record for item in made} <= {page.record.itemData(n) for n in range(1, 99)}
    dialog.reject()


def test_the_sheets_of_all_records_are_one_job_that_can_be_stopped(own_desk, settled, cups):
    desk = own_desk("grassroots")
    put(desk.session.store, "visit", reason="样本说明", period="2012M08")
    desk.open(Route("print", text="visit-sheet"))
    settled()
    page = desk.page
    count = page.record.count()
    assert count > 2
    assert page.drawn.copies >= 2, "the note on the sheet says so"
    page.batch.click()
    jobs_under_way = [job for job in jobs._running if job.title.startswith("正在出具")]
    jobs_under_way[0].cancel()
    settled()
    assert dialog_of(page) is None
    assert len(papers_of(page)) < count
    page.batch.click()
    settled()
    dialog = dialog_of(page)
    assert len(dialog.sheets) == len(papers_of(page)) == count
    assert dialog.copies.text() == str(page.drawn.copies)
    dialog.act.click()
    settled()
    asked = cups()
    assert asked.count("-d") == 1
    assert len([word for word in asked if word.endswith(".pdf")]) == count
    assert len(dialog.boxes) == count
    dialog.reject()


def test_blank_forms_are_numbered_on_and_on(page, settled, pack):
    for start in ("第 1 张", "第 3 张"):
        name = f"{pack.top_forms[0].id}-blank"
        for n in range(page.list.count()):
            if page.list.item(n).data(Qt.ItemDataRole.UserRole) == name:
                page.list.setCurrentRow(n)
        settled()
        assert not page.life.isVisible()
        page.batch.click()
        page.acts.dialog.count.setText("2")
        page.acts.dialog.act.click()
        settled()
        dialog = next(item for item in page.window().findChildren(PrintDialog) if item.isVisible())
        assert len(dialog.sheets) == 2
        assert dialog.sheets[0].title.endswith(start)
        assert start in PdfReader(io.BytesIO(dialog.sheets[0].pdf)).pages[0].extract_text()
        dialog.reject()


def test_a_dialog_over_drafts_says_so(page, settled):
    dialog = PrintDialog(page.session, [Sheet("一张", pages(1), draft=True)], page)
    assert "草稿" in "".join(item.text() for item in dialog.findChildren(QLabel))
    assert not dialog.elsewhere.isVisibleTo(dialog)
    dialog.reject()


def test_the_picture_of_the_targets_holds_figures_code_and_qr_and_no_person(
    sample_desk, settled, tmp_path, pack
):
    import zxingcpp
    from PIL import Image

    from union_desk.desktop import papers
    from union_desk.papers import subject
    from union_desk.reports import checkcode

    desk = sample_desk("county")
    desk.open(Route("print"))
    settled()
    page = desk.page
    assert page.drawn.picture
    pdf = papers.public(page.session, page.drawn)
    text = "".join(item.extract_text() for item in PdfReader(io.BytesIO(pdf)).pages)
    full = "".join(item.extract_text() for item in PdfReader(io.BytesIO(page._pdf)).pages)
    assert page.session.person in full
    for word in (page.session.person, "填报人", "联系电话", "签字", "原因："):
        assert word not in text
    assert "数据截至" in text
    page.acts.save_pictures(tmp_path / "进度表.png")
    settled()
    found = sorted(tmp_path.glob("进度表*.png"))
    assert len(found) == len(PdfReader(io.BytesIO(pdf)).pages)
    image = Image.open(found[0])
    assert {round(size / 200 * 72) for size in image.size} == {595, 842}
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text.startswith("UD1:")
    with page.session.store.read() as connection:
        paper = subject.read(connection, page.session.store, page.drawn.about).paper
    assert checkcode.check_code(paper.digest) in text, "the same code as on the signed paper"


def test_numbers_of_persons_print_in_full_for_a_reason_that_is_written_down(
    sample_desk, settled, pack
):
    desk = sample_desk("grassroots")
    store = desk.session.store
    desk.open(Route("print", text="member-roster"))
    settled()
    page = desk.page

    def shown():
        return "".join(item.extract_text() for item in PdfReader(io.BytesIO(page._pdf)).pages)

    with store.read() as connection:
        number = connection.exec_driver_sql(
            "SELECT person_id FROM member WHERE person_id IS NOT NULL AND record_state <> 'draft'"
        ).scalar()
    assert number not in shown()
    page.life.full_it.click()
    page.acts.dialog.line.setText("县总工会核对名册")
    page.acts.dialog.act.click()
    settled()
    assert number in shown()
    assert not page.life.full_it.isVisible()
    with store.read() as connection:
        reason = connection.exec_driver_sql(
            "SELECT v.reason FROM audit a JOIN audit_value v ON v.n = a.n WHERE a.act = 'print_full'"
        ).scalar()
    assert reason == "县总工会核对名册"
    page._chosen()
    settled()
    assert number not in shown()
