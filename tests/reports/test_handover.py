"""交接单 and 报送记录 on paper: what was handed over, with the digests to compare it by."""

import hashlib
import io

import pypdf

from union_desk.reports import handover
from union_desk.reports.geometry import Trace

AT = "2012-08-31T07:20:11Z"


def digest(text):
    return hashlib.sha256(str(text).encode()).hexdigest()


def made(count, trace=None):
    packets = tuple((f"511102400017.up.7f3a9c.{n:06}", digest(n), n * 13) for n in range(count))
    slip = handover.Slip(
        "511102400017", "乐山沫水餐饮管理工会委员会", "市中区总工会",
        "511102400017-20120831-1.udsync", digest("file"), "U 盘", "李敏", AT, packets,
    )  # fmt: skip
    return handover.slip(slip, trace=trace)


def test_a_slip_names_the_file_its_packets_the_way_the_carrier_and_the_day():
    trace = Trace()
    pdf = made(3, trace)
    said = "\n".join(text for _, text, *_ in trace.texts)
    for words in (
        "511102400017-20120831-1.udsync", "市中区总工会", "U 盘", "李敏", "2012-08-31 15:20",
        "511102400017.up.7f3a9c.000002", handover.in_groups(digest("file")),
    ):  # fmt: skip
        assert words in said
    assert "签字" in said
    assert not trace.seals
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    assert made(3) == made(3)


def test_many_packets_go_on_overleaf_with_their_heads():
    trace = Trace()
    made(60, trace)
    assert sum(text == "数据包" for _, text, *_ in trace.texts) == 3


def test_the_list_prints_a_row_for_each_file():
    trace = Trace()
    rows = [
        ("2012-08-31 15:20", f"f{n}", "6B86 B273", "市总工会", "U 盘", "", "县已收")
        for n in range(60)
    ]
    handover.register("511102400017", "沫水工会", rows, AT, trace=trace)
    said = [text for _, text, *_ in trace.texts]
    assert said.count("县已收") == 60
    assert "共 60 个文件" in said
