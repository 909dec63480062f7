"""R38: the 单位开通卡 with its seal place and QR code, strips to be cut apart."""

import io

import pypdf
import pytest

from tests.outside import run
from union_desk import crypto
from union_desk.reports import key_papers, office_paper
from union_desk.reports.geometry import MM, Trace
from union_desk.reports.key_papers import CardPaper, StripPaper

PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
RECIPIENT = "age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0sg9v7y2"
MADE = "2012-08-31T02:00:00Z"
LONG = "中国工会四川省乐山市市中区通江街道阿尔莫·西瓦古支部联合工会委员会第三小组"


def card():
    name = crypto.fingerprint(PUBLIC)
    return CardPaper(
        "511102400017", "乐山沫水餐饮管理工会委员会", "511102400017B", crypto.check_digits(name),
        name, RECIPIENT, "2012-08-01", MADE, "市中区总工会（511102000013）",
    )  # fmt: skip


def strips(count):
    return [
        StripPaper(LONG, f"5111024{number:05d}", "511102000013", "市中区总工会", "K7WQ-2M9D-XTRA-84HJ", "2012-10-30")
        for number in range(count)
    ]  # fmt: skip


def text(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_a_card_says_unit_codes_digits_and_keeps_the_place_of_the_seal_free():
    trace = Trace()
    (page,) = text(key_papers.render_card(card(), trace))
    for words in ("单位开通卡", "511102400017B", card().digits, "启用日期：2012年8月1日", "市中区总工会"):  # fmt: skip
        assert words in page
    ((_, seal),) = trace.seals
    assert seal.width >= 45 * MM
    covered = [
        said for _, said, _, box, _ in trace.texts
        if box.x < seal.right and box.right > seal.x and box.y < seal.bottom and box.bottom > seal.y
    ]  # fmt: skip
    assert covered == []


def test_the_qr_code_of_a_card_holds_the_whole_fingerprint_and_recipient(tmp_path):
    assert card().payload == f"UDK1:{crypto.fingerprint(PUBLIC)}:{RECIPIENT}"
    zxingcpp = pytest.importorskip("zxingcpp", reason="NOT TESTED: zxing-cpp is not installed")
    image = pytest.importorskip("PIL.Image", reason="NOT TESTED: Pillow is not installed")
    (tmp_path / "card.pdf").write_bytes(key_papers.render_card(card()))
    run("pdftoppm", "-r", "200", "-png", tmp_path / "card.pdf", tmp_path / "card")
    with image.open(next(tmp_path.glob("card*.png"))) as page:
        (code,) = zxingcpp.read_barcodes(page)
    assert code.text == card().payload


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (8, 1), (9, 2), (300, 38)])
def test_eight_strips_stand_on_a_page_each_with_its_code(count, pages):
    trace = Trace()
    found = text(
        key_papers.render_strips(
            strips(count), unit="511102000013", unit_name="市中区总工会", made=MADE, trace=trace
        )
    )
    assert len(found) == pages
    assert "\n".join(found).count("K7WQ-2M9D-XTRA-84HJ") == count
    assert "有效期至 2012年10月30日" in found[0]
    assert "511102400000" in found[0]
    outside = [said for _, said, _, box, cell in trace.texts if cell and not box.inside(cell)]
    assert outside == []


def test_the_paper_of_a_recovery_key_can_be_typed_back():
    secret = crypto.new_age_identity().secret
    paper = office_paper.recovery_key(
        "511100000010", "乐山市总工会", MADE, "1234-5678-9012", secret
    )
    assert secret in office_paper.text(paper).replace(" ", "").replace("\n", "")
    (page,) = text(office_paper.render(paper))
    assert "".join(secret) in page.replace(" ", "").replace("\n", "")
