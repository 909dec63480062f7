"""正式出具: serial, frozen figures and bytes, refusals, sending."""

import hashlib
import io
import re

import pytest
from pypdf import PdfReader

from tests.papers.offices import correct, first, issue, paper, receive, restore, void
from tests.store.offices import PROPOSAL, ask, confirm, draft
from union_desk.errors import InputError
from union_desk.papers import comparing, issuing, subject
from union_desk.papers.subject import Subject
from union_desk.reports import checkcode
from union_desk.store import attachments, audit, counter, erasing, holds, issued, survey


def texts(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_an_issue_has_a_serial_no_watermark_and_its_code_on_every_page(county):
    made = issue(county, "R30")
    assert made.serial == f"R30-{county.unit}-2012M08-001"
    assert made.state == "issued"
    pages = texts(issuing.reprint(county, made))
    code = checkcode.check_code(made.digest)
    assert all(made.serial in page and code in page for page in pages)
    assert not any("草稿" in page for page in pages)
    assert all(re.search(r"核对码 \d{4}-\d{4}-\d{4}", page) for page in pages)


def test_a_reprint_is_the_stored_bytes(county):
    made = issue(county, "R11", "2012Q3")
    content = issuing.reprint(county, made)
    assert issuing.reprint(county, paper(county, made.serial)) == content
    assert hashlib.sha256(content).hexdigest() == made.pdf


def test_a_voided_paper_is_printed_again_only_under_the_word_void(county):
    made = issue(county, "R05")
    before = texts(issuing.reprint(county, made))
    correct(county, first(county, "member"), name="更名后")
    gone = paper(county, made.serial)
    content = issuing.reprint(county, gone)
    assert content == issuing.reprint(county, gone), "equal bytes"
    after = texts(content)
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        assert "作废" in new
        assert set(old.split()) <= set(new.split()), "every word stays as it was issued"
    with county.read() as connection:
        assert issuing.earlier(connection, county, subject.Subject.of(gone), None) == (gone,)


def test_the_same_figures_are_issued_once_and_new_ones_count_on(county):
    made = issue(county, "R05")
    with pytest.raises(InputError, match="已经出具过") as refused:
        issue(county, "R05")
    assert refused.value.code == "I607"
    member = first(county, "member")
    correct(county, member, name="更名后")
    again = issue(county, "R05")
    assert again.serial == made.serial[:-3] + "002"


def test_the_sheet_of_a_record_takes_the_year_and_names_its_record(county):
    record = first(county, "hardship")
    made = issue(county, "hardship-sheet", record=record.uid)
    assert made.serial == f"HARDSHIP-SHEET-{county.unit}-2012Y-001"
    assert made.record == record.uid
    assert made.covered() == {"hardship": {record.uid: record.rev}}


def test_a_blank_form_is_not_issued(county):
    with pytest.raises(InputError, match="空白表") as refused:
        issue(county, "member-blank")
    assert refused.value.code == "I606"


def test_records_with_errors_are_printed_as_drafts_only(county):
    record = confirm(county, draft("proposal", PROPOSAL))
    with county.write() as transaction:  # as if a rule of a newer package were broken by it
        transaction.connection.exec_driver_sql(
            "UPDATE proposal SET adopted = 11 WHERE uid = ?", (record.uid,)
        )
    with pytest.raises(InputError, match="不能正式出具") as refused:
        issue(county, "R30")
    assert refused.value.code == "I605"


def test_a_past_month_is_issued_though_rows_were_written_since(county):
    assert first(county, "union_org").values["approve_date"] > "2012-01-31"
    early = Subject("R30", county.unit, "2012M01", "2012-01-31", None)
    assert issuing.issue(county, early).serial.endswith("-001")


def test_after_a_restore_numbers_go_on_at_the_next_full_hundred(county, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path))
    issue(county, "R05")
    with county.write() as transaction:
        holds.put(transaction, holds.RESTORED)
    with pytest.raises(InputError, match="还没有决定") as refused:
        issue(county, "R11", "2012Q3")
    assert refused.value.code == "I603"
    counter.resume(county)
    assert issue(county, "R11", "2012Q3").serial.endswith("-100")
    correct(county, first(county, "member"), name="更名后")
    assert issue(county, "R05").serial.endswith("-100")
    correct(county, first(county, "member"), name="再更名")
    assert issue(county, "R05").serial.endswith("-101")


def test_after_a_second_restore_of_the_same_backup_numbers_go_on_once_more(
    county, tmp_path, monkeypatch
):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path))
    backup = tmp_path / "backup"
    county.database.copy_to(backup, county.database.key_pragma)
    numbers = []
    for _ in range(3):
        with county.write() as transaction:
            holds.put(transaction, holds.RESTORED)
        counter.resume(county)
        numbers.append(issue(county, "R05").serial[-3:])
        restore(county, backup)
    assert numbers == ["100", "200", "300"], "papers may carry each of them"


def test_a_further_pc_writes_its_own_name_in_place_of_the_code(county):
    county.origin = county.unit + "B"
    made = issue(county, "R05")
    assert made.serial == f"R05-{county.unit}B-2012M08-001"
    assert f"UD1:{made.serial}:" in checkcode.payload(made.serial, made.digest)


def test_the_digest_is_that_of_the_draft(county):
    with county.read() as connection:
        draft_ = subject.read(
            connection, county, Subject("R05", county.unit, "2012M08", "2012-08-31")
        )
    assert issue(county, "R05").digest == draft_.paper.digest


def test_another_office_has_no_pdf_and_changes_no_state(county, city):
    made = issue(county, "R05")
    from tests.papers.offices import receive

    receive(city, county)
    there = paper(city, made.serial)
    with city.write() as transaction, pytest.raises(InputError, match="不能改它的状态") as refused:
        issued.move(transaction, there, "seal")
    assert refused.value.code == "I604"
    with pytest.raises(InputError, match="只在出具单位") as refused:
        issuing.reprint(city, there)
    assert refused.value.code == "I608"


def test_a_paper_moves_forward_only(county):
    made = issue(county, "R05")
    with county.write() as transaction:
        sealed = issued.move(transaction, made, "seal", sealed_date="2012-09-03")
        assert sealed.state == "sealed"
        assert issued.move(transaction, sealed, "print").state == "sealed"
        gone = issued.move(transaction, sealed, "void", reason="误出具")
        with pytest.raises(InputError, match="已作废") as refused:
            issued.move(transaction, gone, "seal")
        assert refused.value.code == "I601"
        with pytest.raises(InputError) as refused:
            issued.by_uid(transaction.connection, county.tables, "nothing")
        assert refused.value.code == "I602"


def test_sending_takes_the_papers_with_it_and_marks_what_has_no_seal(county):
    made = issue(county, "R05")
    sealed = issue(county, "R11", "2012Q3")
    with county.write() as transaction:
        issued.move(transaction, sealed, "seal", sealed_date="2012-09-03")
        issued.note_sent(transaction)
    assert paper(county, made.serial).state == "sent"
    assert paper(county, made.serial).paper_awaited
    assert not paper(county, sealed.serial).paper_awaited


def test_long_lists_are_packed_and_come_back(county):
    rows = [[f"uid{n}", "name", "某某" * 20] for n in range(20_000)]
    text = issued.packed(rows)
    assert text.startswith("z:")
    assert len(text) < 200_000
    assert issued.unpacked(text) == rows
    assert issued.unpacked(None) == []


def test_voiding_by_hand_asks_for_a_reason(county):
    from union_desk.papers import voiding

    made = issue(county, "R05")
    with pytest.raises(InputError) as refused:
        voiding.void(county, made, "误")
    assert refused.value.code == "I611"
    assert voiding.void(county, made, "误出具，期别选错").state == "void"
    void(county, first(county, "member"))  # nothing stands any more that it could void


def test_the_set_of_a_month_is_issued_once_and_holds_what_has_something_to_say(county):
    from union_desk.papers import monthly
    from union_desk.taskpack.period import Period

    period = Period.parse("2012M08")
    wanted = monthly.subjects_of(county, period, "2012-08-31")
    names = [about.name for about in wanted]
    assert "R30" in names
    assert "R22" in names
    assert "R12" not in names, "no row this month: the nil statement says so"
    assert "R11" not in names, "a quarter's roster goes with its last month"
    some = [about for about in wanted if about.name in {"R22", "R30"}]
    told = []
    first_time = monthly.issue_set(county, some, lambda done, total: told.append((done, total)))
    assert told[-1] == (2, 2)
    again = monthly.issue_set(county, some)
    assert [item.serial for item in again] == [item.serial for item in first_time]
    assert monthly.standing(county, some[0]).serial == first_time[0].serial


@pytest.mark.parametrize(
    ("name", "single", "shows"),
    [("R05", False, True), ("member-sheet", True, True), ("R30", False, False)],
)
def test_a_paper_that_shows_an_erased_person_keeps_its_number_but_neither_cells_nor_file(
    county, city, name, single, shows
):
    person = first(county, "member")
    made = issue(county, name, record=person.uid if single else None)
    receive(city, county)
    erasing.erase(county, [("member", person.uid)], "本人要求")
    left = paper(county, made.serial)
    assert (left.digest, left.state, left.issued_by) == (made.digest, made.state, made.issued_by)
    if not shows:
        assert issuing.reprint(county, left).startswith(b"%PDF")
        return
    with pytest.raises(InputError, match="I609"):
        issuing.reprint(county, left)
    assert not attachments.place(county, made.pdf).exists()
    assert len(left.frozen_cells()) == len(made.frozen_cells())
    for row, _, value in left.frozen_cells():
        assert (value == issued.ERASED) == (row == person.uid)
    with city.write() as tx:  # as the tombstone does there
        erasing.blank(tx, "member", [person.uid], reason=None, packet="x")
    for store in (county, city):
        assert not ask(
            store, "SELECT uid FROM issued_report WHERE cells LIKE ?", f"%{secret(person)}%"
        )
        assert not ask(store, "SELECT n FROM audit_value WHERE old LIKE ?", f"%{secret(person)}%")
        with store.read() as connection:
            assert not list(audit.verify(connection))
            assert not list(survey.digests(connection, store, None))
    assert comparing.check(city, checkcode.check_code(made.digest)).answer != comparing.MISMATCH


def secret(person):
    return person.values["person_id"]
