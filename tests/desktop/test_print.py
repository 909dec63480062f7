import io

import pypdf
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLabel

from tests.desktop.typing import press, type_text
from union_desk.desktop import faults, papers
from union_desk.desktop.navigation import Route


@pytest.fixture
def page(sample_desk, settled):
    """The page of papers over sample data of a county."""
    desk = sample_desk("county")
    desk.open(Route("print"))
    settled()
    return desk.page


def choose(page, name, settled):
    for n in range(page.list.count()):
        if page.list.item(n).data(Qt.ItemDataRole.UserRole) == name:
            page.list.setCurrentRow(n)
    settled()


def test_the_progress_against_the_targets_comes_first_as_a_real_pdf(page):
    assert page._paper().targets
    assert page._pdf.startswith(b"%PDF")
    assert page.preview.document.pageCount() == len(pypdf.PdfReader(io.BytesIO(page._pdf)).pages)
    assert page.preview._pages.text() == f"共 {page.preview.document.pageCount()} 页"
    assert page.save.isEnabled()


def test_the_list_opens_with_the_chosen_paper_and_its_heading_in_sight(page):
    shown = page.list
    place = shown.currentRow()
    none = Qt.ItemFlag.NoItemFlags
    head = max(n for n in range(place) if shown.item(n).flags() == none)
    view = shown.viewport().rect()
    assert view.contains(shown.visualItemRect(shown.item(place)))
    assert view.contains(shown.visualItemRect(shown.item(head)))


def test_every_form_prints_as_roster_sheet_and_blank(page, pack):
    names = {paper.name for paper in page._papers}
    for form in pack.top_forms:
        assert {f"{form.id}-roster", f"{form.id}-blank", f"{form.id}-sheet"} <= names
    groups = [paper.group for paper in page._papers]
    assert sorted(set(groups), key=groups.index) == [
        papers.SUMMARIES,
        papers.ROSTERS,
        papers.SHEETS,
        papers.BLANKS,
    ]


def test_a_paper_of_one_record_asks_which_and_draws_it(page, pack, settled):
    paper = next(
        paper
        for paper in page._papers
        if paper.group == papers.SHEETS
        and paper.needs_record
        and paper.form == pack.top_forms[3].id
    )
    choose(page, paper.name, settled)
    assert page.record.isVisible()
    assert page.record.count() > 0
    assert page._pdf.startswith(b"%PDF")


def test_a_paper_without_any_record_says_what_to_do(desk, settled):
    shell = desk("county")
    shell.open(Route("print"))
    settled()
    page = shell.page
    wanted = next(paper for paper in page._papers if paper.needs_record)
    choose(page, wanted.name, settled)
    assert "还没有已确认的记录" in "".join(
        label.text() for label in page.preview.findChildren(QLabel)
    )
    assert not page.save.isEnabled()


def test_the_paper_shown_is_saved_byte_for_byte(page, tmp_path):
    page.save_to(tmp_path / "进度表")
    assert (tmp_path / "进度表.pdf").read_bytes() == page._pdf
    assert str(tmp_path / "进度表.pdf") in page.context


def test_a_letter_is_saved_for_word_too_and_other_papers_are_not(page, pack, settled, tmp_path):
    letter = next(name for name, report in pack.reports.items() if report.body.letter)
    choose(page, letter, settled)
    page.save_to(tmp_path / "通报.docx")
    assert (tmp_path / "通报.docx").read_bytes().startswith(b"PK")
    table = next(name for name, report in pack.reports.items() if report.layout == "table")
    choose(page, table, settled)
    page.save_to(tmp_path / "统计表.docx")
    assert (tmp_path / "统计表.docx.pdf").read_bytes().startswith(b"%PDF")


def test_a_place_that_cannot_be_written_is_told(page, tmp_path):
    page.save_to(tmp_path / "没有的文件夹" / "a.pdf")
    assert faults._shown
    assert "a.pdf" in faults._shown[0].accessibleName()


def test_the_name_offered_for_saving_names_unit_paper_and_period(page):
    name = page.file_name()
    assert name.startswith("市中区总工会_")
    assert name.endswith("2012年8月.pdf")
    assert "/" not in name


def test_another_period_draws_the_paper_anew(page, settled):
    before = page._pdf
    page._take_kind("year")
    settled()
    assert page._pdf != before
    assert page.window().desk.head.period.currentText() == "2012年"


def test_a_paper_is_found_by_initials(page):
    page.search.setFocus()
    type_text("hyhmc")
    titles = [page.list.item(n).text() for n in range(page.list.count())]
    assert any("会员花名册" in title for title in titles)


def test_the_pages_are_zoomed_by_their_buttons(page):
    view = page.preview._view
    page.preview._zoom[3].click()
    larger = view.zoomFactor()
    page.preview._zoom[2].click()
    assert view.zoomFactor() < larger
    page.preview._zoom[1].click()
    assert view.zoomMode() == view.ZoomMode.FitInView
    page.preview._zoom[0].click()
    assert view.zoomMode() == view.ZoomMode.FitToWidth


def test_the_list_is_walked_by_keys(page, settled):
    page.list.setFocus()
    first = page._paper().name
    press(Qt.Key.Key_Down)
    settled()
    assert page._paper().name != first
    assert page._pdf.startswith(b"%PDF")


def test_words_are_found_in_the_pages_one_after_the_other(page, qtbot):
    preview = page.preview
    preview.search.setFocus()
    type_text("累计")
    qtbot.waitUntil(lambda: preview._hits.rowCount(QModelIndex()) > 1, timeout=10_000)
    assert preview._view.currentSearchResultIndex() == 0
    press(Qt.Key.Key_Return)
    assert preview._found.text().startswith("第 2 处")
    preview.search.selectAll()
    type_text("没有这个词")
    qtbot.waitUntil(lambda: preview._found.text() == "没有找到", timeout=10_000)
