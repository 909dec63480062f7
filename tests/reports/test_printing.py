"""The list of papers, refusals, drafts, equal bytes, the QR code."""

import io
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from tests import outside
from tests.reports import looking, papers
from union_desk.errors import Cancelled, ReportError
from union_desk.reports import checkcode, printing

ABSENT = "\U00024a74"


def test_every_form_prints_as_sheet_roster_and_blank_and_reports_of_the_level_come_first():
    found = printing.names(papers.pack(), "grassroots")
    by_name = {name: needs for name, _, needs in found}
    for form in papers.pack().top_forms:
        assert by_name[f"{form.id}-sheet"] is (form.kind != "sheet")
        assert by_name[f"{form.id}-roster"] is False
        assert by_name[f"{form.id}-blank"] is False
    assert by_name["R30"] is False
    assert by_name["R10"] is True
    names = [name for name, _, _ in found]
    assert names.index("R05") < names.index("R03")
    assert len(names) == len(set(names))


def test_listing_the_papers_loads_no_drawing_library():
    script = (
        "import sys; from union_desk import resources; from union_desk.taskpack import load; from union_desk.reports import printing;"
        "printing.names(load.load(resources.taskpacks() / 'lszgh-2012-55'), 'city');"
        "print([m for m in sys.modules if m.startswith(('reportlab', 'PIL', 'PySide6', 'sqlalchemy'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "record", "code"),
    [
        ("R99", None, "R602"), ("hardship_family-roster", None, "R602"), ("hardship-poster", None, "R602"),
        ("R10", None, "R603"), ("hardship-sheet", None, "R603"), ("hardship-sheet", "member-0001", "R604"),
    ],
)  # fmt: skip
def test_a_paper_that_cannot_be_printed_is_refused_with_a_sentence(name, record, code):
    with pytest.raises(ReportError) as refused:
        printing.render(papers.pack(), name, papers.sample_source(), record=record)
    assert refused.value.code == code
    assert refused.value.step


def test_a_sheet_of_the_unit_itself_needs_no_record_and_says_when_there_is_none():
    own = papers.samples()["unit_profile"][0]
    source = papers.sample_source(level="grassroots", unit=own.unit, unit_name="甲公司工会")
    assert printing.render(papers.pack(), "R01", source).startswith(b"%PDF")
    with pytest.raises(ReportError) as refused:
        printing.render(papers.pack(), "R01", replace(source, rows={}))
    assert refused.value.code == "R605"


def test_above_the_units_that_file_it_a_sheet_prints_as_one_row_each():
    content, trace = looking.printed("R01", papers.sample_source(many=3))
    joined = looking.by_column(trace)
    text = "".join(looking.page_texts(content))
    assert "制表单位（盖章）" in text
    assert all(any(place in column for column in joined) for place in papers.PLACES[:3])
    assert "合计" in text


def test_a_draft_has_its_watermark_and_number_000_an_issue_has_neither():
    draft, _ = looking.printed("R05", papers.sample_source())
    issue = printing.Issue(7, "2012-09-03T07:20:00Z", "3380-5781-6613")
    issued, _ = looking.printed("R05", papers.sample_source(), issue=issue)
    (first,), (second,) = looking.page_texts(draft), looking.page_texts(issued)
    assert "草稿未报送" in first
    assert "R05-511123000014-2012M08-000" in first
    assert "草稿" not in second
    assert "R05-511123000014-2012M08-007" in second
    assert "核对码3380-5781-6613" in second
    assert "生成时间2012-09-0315:20" in second


def test_demo_papers_are_marked_as_sample_data():
    content, _ = looking.printed("R30", papers.targets_source(demo=True))
    assert all("示例数据" in text for text in looking.page_texts(content))


def test_the_check_code_stands_on_every_page_and_begins_the_digest_of_the_cells():
    source = papers.targets_source()
    cells = printing.prepare(papers.pack(), "R30", source).cells
    identity = checkcode.Identity(
        "R30", source.unit, "2012M08", papers.pack().id, papers.pack().version
    )
    code = checkcode.check_code(checkcode.digest(identity, cells))
    content, _ = looking.printed("R30", source)
    pages = looking.page_texts(content)
    assert len(pages) > 1
    assert all(code in text for text in pages)


def test_the_code_changes_with_a_printed_value_and_not_with_an_unprinted_one_or_the_pen():
    record = papers.samples()["hardship"][0]

    def code(**changed):
        row = replace(record, values={**record.values, **changed})
        source = papers.MemorySource({"hardship": [row]})
        return printing.prepare(papers.pack(), "R10", source, record=row.uid).cells

    assert code() != code(name="另一人")
    assert code() == code(consent_date="2012-08-01")

    def listed(row):
        source = papers.MemorySource({"hardship": [row]})
        return printing.prepare(papers.pack(), "R11", source).cells

    moved = replace(record, values={**record.values, "phone": "13908330000"})
    assert listed(record) == listed(moved)


_DIGESTS = """
import hashlib

from tests.reports import looking, papers

for name in ("R30", "R12", "hardship-sheet", "member-blank"):
    source = papers.targets_source() if name == "R30" else papers.sample_source()
    record = "hardship-0001" if "sheet" in name else None
    print(name, hashlib.sha256(looking.printed(name, source, record=record)[0]).hexdigest())
"""


def test_the_same_values_give_the_same_bytes_in_another_process_time_zone_and_locale():
    settings = (
        {"TZ": "America/New_York", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1", "PYTHONHASHSEED": "7"},
        {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "8"},
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", _DIGESTS], capture_output=True, text=True, check=True,
            env=os.environ | extra,
        ).stdout
        for extra in settings
    )  # fmt: skip
    assert first == second
    assert first.count("\n") == 4


def test_the_file_says_title_unit_and_the_time_it_was_given():
    content, _ = looking.printed("R05", papers.sample_source())
    about = PdfReader(io.BytesIO(content)).metadata
    assert about.title == "工会会员花名册 R05-511123000014-2012M08-000"
    assert about.author == "犍为县总工会"
    assert about.creator.startswith("工会填报台")
    assert about.creation_date.isoformat() == "2012-09-03T15:20:00+08:00"


def test_a_character_without_glyph_is_told_before_the_preview():
    record = papers.samples()["hardship"][0]
    row = replace(record, values={**record.values, "name": f"李{ABSENT}"})
    source = papers.MemorySource({"hardship": [row]})
    for name, uid in (("R10", row.uid), ("R11", None)):
        (missing,) = printing.prepare(papers.pack(), name, source, record=uid).missing()
        assert (missing.name, missing.field, missing.code_point) == (
            f"李{ABSENT}",
            "姓名",
            "U+24A74",
        )
    assert not printing.prepare(papers.pack(), "R11", papers.sample_source()).missing()
    told = []
    printing.render(papers.pack(), "R11", source, warn=told.append)
    assert [item.code_point for item in told] == ["U+24A74"]


def test_printing_can_be_cancelled_between_pages():
    def stop(done, total):
        raise Cancelled

    source = papers.MemorySource(
        {"member": papers.Inventor(1).records(papers.pack().forms["member"], 60)}
    )
    with pytest.raises(Cancelled):
        printing.render(papers.pack(), "R05", source, progress=stop)
    assert printing.render(papers.pack(), "R05", source)


@pytest.mark.parametrize("dots", [300, 150])
@pytest.mark.parametrize("name", ["R30", "unit_profile-roster", "hardship-sheet"])
def test_the_qr_code_on_page_one_is_read_to_the_payload(name, dots, tmp_path):
    zxingcpp = pytest.importorskip("zxingcpp", reason="NOT TESTED: zxing-cpp is not installed")
    source = papers.targets_source() if name == "R30" else papers.sample_source()
    content, trace = looking.printed(
        name, source, record="hardship-0001" if "sheet" in name else None
    )
    (tmp_path / "paper.pdf").write_bytes(content)
    options = ["-r", dots, "-gray", "-png", "-singlefile", "-H", dots * 2]
    outside.run("pdftoppm", *options, tmp_path / "paper.pdf", tmp_path / "page")
    with Image.open(tmp_path / "page.png") as page:
        (code,) = zxingcpp.read_barcodes(page)
    start, serial, digest = code.text.split(":")
    assert start == "UD1"
    texts = [text for _, text, *_ in trace.texts]
    assert serial in texts
    import base64

    assert checkcode.check_code(base64.b32decode(digest).hex()) in texts
