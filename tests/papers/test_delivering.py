"""R33, the cover of a delivery: issued before writing, its packets carry exactly its rows."""

import io
from contextlib import ExitStack
from dataclasses import replace

import pytest
from pypdf import PdfReader

from tests.bundle.offices import Offices, build
from tests.papers.offices import correct, first, issue, newcomer, paper
from tests.store.offices import DAY, put
from union_desk.errors import InputError, ReportError
from union_desk.papers import comparing, covering, issuing, slip_check, watching
from union_desk.reports import checkcode, printing
from union_desk.store import content_digest, deliveries, issued, outbox, slips
from union_desk.store.paper_source import PaperSource
from union_desk.taskpack.period import Period


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("slips") / "made"
    build(folder, pack)
    return folder


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        found = Offices(made, tmp_path, stack)
        put(found.grassroots, "member", reason="样本里的警告都核对过")
        put(found.grassroots, "visit", reason="样本里的警告都核对过")
        watching.watch(found.grassroots)
        yield found


def text_of(store, made_):
    return "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(issuing.reprint(store, made_))).pages
    )


def test_the_cover_counts_and_digests_what_the_next_packets_carry_and_names_the_papers(offices):
    unit = offices.grassroots
    roster = issue(unit, "R05")
    cover = issue(unit, "R33")
    cells = {(row, column): value for row, column, value in cover.frozen_cells()}
    key = f"{unit.unit}:member"
    assert cells[key, "rows"] == "8"
    assert cells[key, "voided"] == "0"
    assert cells[roster.serial, "paper"] == checkcode.check_code(roster.digest)
    text = text_of(unit, cover)
    assert content_digest.short(cells[key, "digest"]) in text
    assert roster.serial in text


def test_its_packets_carry_exactly_its_rows_and_the_reader_finds_paper_and_file_alike(offices):
    unit = offices.grassroots
    roster = issue(unit, "R05")
    cover = issue(unit, "R33")
    late = newcomer(unit)
    assert all(item.outcome == "applied" for item in offices.up("grassroots", "county"))
    with unit.read() as connection:
        assert outbox.due_uids(connection, unit, "member") == [late.uid]
        assert slips.pending(connection, unit) is None
    for made_ in (cover, roster):
        verdict = comparing.check(offices.county, checkcode.check_code(made_.digest))
        assert verdict.words == "与电子数据一致", verdict
        assert verdict.paper.state == "sent"
        assert verdict.paper.pdf is None, "the PDF stays home"


def test_a_form_whose_rows_in_the_packet_differ_is_named(offices):
    cover = issue(offices.grassroots, "R33")
    offices.up("grassroots", "county")
    there = paper(offices.county, cover.serial)
    cells = [
        [row, column, "7" if column == "rows" and row.endswith(":visit") else value]
        for row, column, value in there.frozen_cells()
    ]
    with offices.county.read() as connection:
        assert slip_check.differences(connection, offices.county, there) == []
        changed = replace(there, cells=issued.packed(cells))
        (difference,) = slip_check.differences(connection, offices.county, changed)
        assert difference == (f"{offices.grassroots.unit}:visit", "rows", "7", "8")
        from union_desk.papers import naming

        (named,) = naming.named(connection, offices.county, changed, [difference])
    assert "走访台账" in named.place
    assert (named.paper, named.data) == ("7", "8")


def test_a_new_revision_of_its_rows_voids_it_until_its_packets_are_written_and_never_after(offices):
    unit = offices.grassroots
    cover = issue(unit, "R33")
    correct(unit, first(unit, "member"), phone="13908330000")
    assert paper(unit, cover.serial).state == "void"
    again = issue(unit, "R33")
    offices.send("grassroots")
    correct(unit, first(unit, "member"), phone="13908330001")
    assert paper(unit, again.serial).state == "sent"


def test_issued_anew_the_cover_takes_what_was_confirmed_after_it_and_the_first_is_void(offices):
    unit, month = offices.grassroots, Period.parse("2012M08")
    first_one = covering.reissue(unit, month, DAY)
    late = newcomer(unit)
    with unit.read() as connection:
        assert deliveries.papers(connection, unit).later == 1
    again = covering.reissue(unit, month, DAY)
    assert paper(unit, first_one.serial).state == "void"
    assert late.uid in again.covered()["member"]
    with unit.read() as connection:
        told = deliveries.papers(connection, unit)
    assert (told.cover, told.later) == (again.serial, 0)


def test_the_city_has_nobody_to_issue_a_cover_for(city):
    with pytest.raises(InputError) as caught:
        covering.reissue(city, Period.parse("2012M08"), DAY)
    assert caught.value.code == "I612"


def test_a_cover_before_its_packets_is_awaited_above(offices):
    cover = issue(offices.grassroots, "R33")
    offices.up("grassroots", "county")
    with offices.county.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE received SET slip = NULL")
    verdict = comparing.check(offices.county, checkcode.check_code(cover.digest))
    assert verdict.words == "数据未到"
    assert (
        comparing.check(offices.grassroots, checkcode.check_code(cover.digest)).words
        == "与电子数据一致"
    )


def test_a_source_that_knows_no_delivery_is_refused(offices):
    store = offices.grassroots
    with store.read() as connection:
        source = PaperSource(connection, store, period=Period.parse("2012M08"), as_of="2012-08-31")
        with pytest.raises(ReportError) as refused:
            printing.prepare(store.pack, "R33", source).cells  # noqa: B018
    assert refused.value.code == "R608"


def test_the_content_digest_is_that_of_the_document():
    import hashlib

    line, inner = b"u1,x\r\n", b"d1,u1,1\r\n"
    one = hashlib.sha256(line + inner).hexdigest()
    two = hashlib.sha256(b"u2,y\r\n").hexdigest()
    expected = hashlib.sha256(f"u1\t2\t{one}\nu2\t1\t{two}\n".encode()).hexdigest()
    rows = [("u2", 1, b"u2,y\r\n"), ("u1", 2, line)]
    assert content_digest.of_form(rows, {"u1": {"detail": [inner]}}) == expected
    assert content_digest.short("9f3a27c188d40b6e" + "0" * 48) == "9F3A-27C1-88D4-0B6E"
