"""Papers of the office itself: what stands on them, also over several pages."""

import io

import pypdf

from union_desk.reports import office_paper
from union_desk.reports.office_paper import Listed, OfficePaper

MADE = "2012-09-01T03:04:05Z"
CODE = "5YY9-R49T-NXL3-XPLB-A8RQ-M96G-UA4R"


def pages(paper):
    return [
        page.extract_text()
        for page in pypdf.PdfReader(io.BytesIO(office_paper.render(paper))).pages
    ]


def test_the_recovery_sheet_shows_unit_date_key_and_code_on_one_page():
    paper = office_paper.recovery_sheet(
        "511102400017", "乐山沫水餐饮管理工会委员会", MADE, "c98e69ab", CODE
    )
    (text,) = pages(paper)
    for told in (
        "恢复单",
        "乐山沫水餐饮管理工会委员会",
        "2012-09-01 11:04",
        "c98e69ab",
        CODE,
        "封口盖章",
        "保管人",
    ):
        assert told in text
        assert told in office_paper.text(paper)


def test_a_file_of_a_recovery_sheet_names_no_code_outside_its_page():
    paper = office_paper.recovery_sheet("511102400017", "某工会", MADE, "c98e69ab", CODE)
    content = office_paper.render(paper)
    assert CODE.encode() not in content
    assert CODE not in str(pypdf.PdfReader(io.BytesIO(content)).metadata)


def test_a_long_list_goes_on_overleaf_and_an_empty_one_says_so():
    lines = tuple(f"第 {n} 条" for n in range(100))
    paper = OfficePaper(
        "离岗交接单",
        "1",
        "某工会",
        MADE,
        lists=(Listed("草稿", lines), Listed("退回", ())),
        signatures=("移交人",),
    )
    found = pages(paper)
    assert len(found) == 3
    assert all(line in "".join(found) for line in lines)
    assert "无" in found[-1]
    assert "共 3 页" in found[0]
    assert "  无" in office_paper.text(paper)
