"""Fonts of the paper: fallback, embedding, what is read back, what nobody has."""

import io
import random

import pytest
from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from tests.reports import looking, papers
from union_desk import resources
from union_desk.errors import ReportError
from union_desk.reports import fonts

STACKS = (fonts.BODY, fonts.TITLE, fonts.HEAD, fonts.KAI, fonts.NUMBER)
ABSENT = "\U00024a74"


@pytest.mark.parametrize("stack", STACKS)
def test_characters_drawn_in_a_stack_are_read_back(stack):
    known = sorted(
        code for code in fonts.stack(fonts.NUMBER).children[0].face.charToGlyph if code > 0x3400
    )
    text = "".join(map(chr, random.Random(8105).sample(known, 700))) + papers.RARE
    lines = [text[start : start + 40] for start in range(0, len(text), 40)]
    found, reader = looking.read_back(stack, lines)
    assert found == text
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]
            assert "/ToUnicode" in font.get_object()


def test_every_subset_of_every_stack_is_embedded_under_a_name_of_its_own():
    _, reader = looking.read_back(fonts.BODY, ["张䶮〇—“”‘’123 ABC"])
    names = {
        font.get_object()["/BaseFont"] for font in reader.pages[0]["/Resources"]["/Font"].values()
    }
    assert any("FandolFang" in name for name in names)
    assert any("NotoSerifSC-Light" in name for name in names)


def test_digits_of_the_body_come_from_the_light_face_and_quotes_from_the_imitation_song():
    body = fonts.stack(fonts.BODY)
    assert body._pick("7")[0] == 1
    assert body._pick("“")[0] == 0
    assert body._pick("张")[0] == 0
    assert body._pick("䶮")[0] == 1


def test_the_width_of_a_text_is_the_sum_of_its_characters_in_their_own_fonts():
    body = fonts.stack(fonts.BODY)
    assert body.stringWidth("张䶮", 10) == pytest.approx(20)
    assert body.stringWidth("", 10) == 0


def test_a_character_nobody_has_is_named_with_person_field_and_code_point():
    (missing,) = fonts.missing_characters(
        [("李四", "姓名", f"李{ABSENT}"), ("李四", "姓名", ABSENT)]
    )
    assert missing.code_point == "U+24A74"
    assert (
        missing.sentence
        == f"李四的“姓名”中的“{ABSENT}”（U+24A74）没有字形，将印成空框，请手写补上。"
    )
    assert not fonts.missing_characters([("王五", "姓名", papers.RARE + "·A１")])


def test_a_character_nobody_has_is_drawn_as_an_empty_square_of_one_em():
    assert fonts.width(ABSENT, fonts.BODY, 10) == pytest.approx(10)
    found, _ = looking.read_back(fonts.BODY, [f"李{ABSENT}"])
    assert found == f"李{fonts.EMPTY_SQUARE}"
    assert ABSENT in fonts.stack(fonts.BODY).missing


def test_a_font_of_ones_own_joins_every_stack():
    extra = resources.fonts() / "NotoSansSC-Regular-8105.ttf"
    fonts.prepare((extra,))
    try:
        assert len(fonts.stack(fonts.BODY).children) == 3
        assert len(fonts.stack(fonts.NUMBER).children) == 2
    finally:
        fonts.prepare()
    assert len(fonts.stack(fonts.BODY).children) == 2


def test_a_file_that_is_no_truetype_font_is_refused_by_name(tmp_path):
    broken = tmp_path / "坏.ttf"
    broken.write_bytes(b"OTTO" + bytes(200))
    with pytest.raises(ReportError) as refused:
        fonts.prepare((broken,))
    fonts.prepare()
    assert refused.value.code == "R601"
    assert "坏.ttf" in refused.value.sentence


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("e\u0301", "é"),
        ("张\u200b三", "张三"),
        ("祢\ufe00", "祢"),
        ("a\tb", "a b"),
        ("年　　月", "年　　月"),
        ("张三", "张三"),
    ],
)
def test_text_is_composed_and_invisible_characters_do_not_print(text, shown):
    assert fonts.clean(text) == shown


def test_the_tounicode_map_has_utf16_for_rare_characters_and_short_blocks():
    text = fonts.to_unicode("AAAA+X", [0, 0x2CB2E, *range(0x4E00, 0x4E00 + 250)])
    assert "<01> <D872DF2E>" in text
    assert "<00>" not in text.split("beginbfchar", 1)[1]
    assert all(
        int(line.split()[0]) <= 100 for line in text.splitlines() if line.endswith("beginbfchar")
    )


def test_the_private_parts_of_reportlab_that_are_replaced_or_used_are_still_there():
    assert ttfonts.makeToUnicodeCMap is fonts.to_unicode
    assert "makeToUnicodeCMap" in ttfonts.TTFont.addObjects.__code__.co_names
    assert hasattr(ttfonts.TTFont.State(True, fonts.stack(fonts.NUMBER).children[0]), "assignments")
    assert isinstance(pdfmetrics._fonts, dict)
    assert isinstance(pdfmetrics._dynFaceNames, dict)
    assert hasattr(rl_config, "useA85")
    canvas = Canvas(io.BytesIO(), initialFontName=fonts.BODY)
    assert isinstance(canvas._code, list)
    assert hasattr(canvas._doc, "_timeStamp")
    assert hasattr(canvas._doc, "signature")
    assert "_timeStamp" in pdfdoc.PDFInfo.format.__code__.co_names
