"""签章登记, 在别处打印, 纸质后补, the scan of a sealed page."""

import pytest

from tests.papers.offices import issue, paper
from union_desk.errors import FileError, InputError
from union_desk.papers import signing_off
from union_desk.papers.signing_off import SignOff
from union_desk.store import attachments, issued

SIGNED = SignOff("周主席", "2012-09-03", "主席", sealed="2012-09-03")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def test_all_papers_of_a_month_are_signed_off_in_one_go_and_skipped_steps_filled(county):
    made = [issue(county, "R05"), issue(county, "R11", "2012Q3")]
    signing_off.sign_off(county, made, SIGNED)
    for item in made:
        now = paper(county, item.serial)
        assert (now.state, now.signer, now.signed_date, now.sealed_date) == (
            "sealed",
            "周主席",
            "2012-09-03",
            "2012-09-03",
        )
        assert now.printed_at == "2012-09-03"
    assert signing_off.last_signer(county) == ("周主席", "主席")
    assert [
        item.serial for item in signing_off.of_period(county, county.unit, ("2012M08", "2012Q3"))
    ] == [item.serial for item in made]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (SignOff(" ", "2012-09-03"), "I630"),
        (SignOff("周主席", "2012-09-03", proxy="吴副主席"), "I631"),
        (SignOff("周主席", "2012-09-03", ground="电话授权"), "I631"),
        (SignOff("周主席", "2012-09-03", sealed="2012-09-01"), "I632"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(county, told, code):
    made = issue(county, "R05")
    with pytest.raises(InputError) as refused:
        signing_off.sign_off(county, [made], told)
    assert refused.value.code == code
    assert paper(county, made.serial).rev == made.rev


def test_one_paper_that_does_not_stand_keeps_all_from_being_signed(county):
    made, gone = issue(county, "R05"), issue(county, "R11", "2012Q3")
    with county.write() as transaction:
        gone = issued.move(transaction, gone, "void", reason="误出具了")
    with pytest.raises(InputError):
        signing_off.sign_off(county, [made, gone], SIGNED)
    assert paper(county, made.serial).state == "issued"


def test_a_proxy_is_named_with_the_ground(county):
    made = issue(county, "R05")
    told = SignOff("周主席", "2012-09-03", proxy="吴副主席", ground="主席出差，电话授权")
    (now,) = signing_off.sign_off(county, [made], told)
    assert (now.state, now.proxy, now.ground) == ("signed", "吴副主席", "主席出差，电话授权")


def test_printing_elsewhere_counts_as_printed(county):
    made = issue(county, "R05")
    (now,) = signing_off.printed(county, [made], copies=3)
    assert (now.state, now.printed_on, now.copies) == ("printed", "在别处打印", 3)


def test_the_seal_may_come_after_the_file_and_the_state_stays_sent(county):
    made = issue(county, "R05")
    assert signing_off.put_later(county, [made])[0].later == 1
    with county.write() as transaction:
        issued.note_sent(transaction)
    assert paper(county, made.serial).paper_awaited
    (now,) = signing_off.sign_off(county, [paper(county, made.serial)], SIGNED)
    assert (now.state, now.sealed_date, now.paper_awaited) == ("sent", "2012-09-03", False)
    assert now.packet is None, "the seal goes with the next packet"


def test_a_scan_is_attached_and_what_is_no_picture_refused(county, tmp_path):
    made = issue(county, "R05")
    scan = tmp_path / "盖章页.png"
    scan.write_bytes(PNG)
    now = signing_off.attach_scan(county, made, scan)
    with county.read() as connection:
        assert attachments.read(county, connection, now.scan) == PNG
    for name, content, error in (
        ("a.exe", b"MZ", InputError),
        ("b.png", b"no", InputError),
        ("c.pdf", b"%PDF-" + bytes(6 << 20), FileError),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(error):
            signing_off.attach_scan(county, now, tmp_path / name)
