"""报送册: made for a unit, filled in without the program, taken in above as 代报, counted."""

import datetime as dt
import shutil

import pytest

from tests.excel.filling import Book
from tests.store.offices import DAY, PASSWORD, UNITS, ask, codes, put, rows_of, sheet
from union_desk import excel
from union_desk.errors import InputError
from union_desk.excel import report_book
from union_desk.store import audit, filings, intakes, opening, report_books, rights
from union_desk.store import units as directory
from union_desk.taskpack.report_book import FilledBook

UNIT = "511102400017"
PERIODS = {"month": "2012M08", "quarter": "2012Q3", "year": "2012Y"}
FILE = report_books.BookFile("报送册.xlsx", "0" * 64, 1)


@pytest.fixture(scope="module")
def empty_book(county_folder, pack, tmp_path_factory):
    """Return the file of a book of a unit below the county, made once."""
    folder = tmp_path_factory.mktemp("book")
    shutil.copytree(county_folder, folder / "county")
    with opening.open_store(folder / "county", password=PASSWORD, pack=pack) as store:
        plan = report_books.plan(store, UNIT, PERIODS, as_of=DAY, day=DAY)
    report_book.write_book(plan, pack, folder / "报送册.xlsx")
    return folder / "报送册.xlsx"


@pytest.fixture
def book(empty_book, tmp_path):
    """Return a copy of the book, to be filled in."""
    return shutil.copy(empty_book, tmp_path / "报送册.xlsx")


def fill(path, pack, form, *rows, cover=()):
    """Type rows below the example of a form, as in a spreadsheet program; mark forms as empty."""
    book = Book(path)
    sheet = excel.sheet_name(pack.forms[form])
    heads = {text: place[:-1] for place, text in book.cells(sheet).items() if place[-1] == "1"}
    for number, row in enumerate(rows, 3):
        for name, text in row.items():
            if text:
                book.type(sheet, f"{heads[pack.forms[form].by_id[name].label]}{number}", text)
    names = [excel.sheet_name(pack.forms[name]) for name in cover]
    for place, text in book.cells(report_book.COVER).items():
        if place.startswith("A") and text in names:
            book.type(report_book.COVER, f"E{place[1:]}", "是")
    book.save(path)


def take(store, path, pack, **options):
    filled = report_book.read_book(excel.read_tables(path), pack)
    return report_books.take_in(store, filled, FILE, **({"as_of": DAY} | options))


def visits(count=2):
    return [
        {**row, "enterprise": "", "visit_date": f"2012-08-{number:02}"}
        for number, row in enumerate(rows_of("visit")[:count], 1)
    ]


def filing_of(store, form):
    with store.read() as connection:
        known = directory.of_store(connection, store)
        every = filings.expected(connection, store.tables, store.pack, known, as_of=DAY, below=UNIT)
    return next(item for item in every if item.form == form and item.period in PERIODS.values())


def test_a_book_holds_the_forms_that_the_unit_owes_and_says_whose_it_is(book, county, pack):
    tables = excel.read_tables(book)
    assert report_book.is_book(tables)
    names = [table.name for table in tables]
    with county.read() as connection:
        known = directory.of_store(connection, county)
        every = filings.expected(
            connection, county.tables, pack, known, as_of="2012-12-31", below=UNIT,
            only=PERIODS.values(),
        )  # fmt: skip
    owed = {item.form for item in every if item.unit == UNIT}
    assert owed
    for form in pack.top_forms:
        assert (excel.sheet_name(form) in names) == (form.id in owed)
    empty = report_book.read_book(tables, pack)
    assert (empty.unit, dict(empty.periods), dict(empty.sheets)) == (UNIT, PERIODS, {})


def test_what_was_typed_into_a_book_becomes_records_of_its_unit_filed_by_this_office(
    book, county, pack
):
    fill(book, pack, "visit", *visits())
    done = take(county, book, pack, reason="样本")
    assert not done.refused, [f.message for one in done.results.values() for f in one.findings]
    assert (done.total("added"), done.total("drafts")) == (2, 0)
    with county.read() as connection:
        table = county.tables.form["visit"]
        rows = connection.execute(table.select()).mappings().all()
        history = audit.history(connection, rows[0]["uid"])
        (file, *_) = intakes.newest(connection, county)
    assert {(row["unit"], row["origin"], row["period"]) for row in rows} == {
        (UNIT, county.origin, "2012M08")
    }
    assert {row["record_state"] for row in rows} == {"confirmed"}
    assert (history[0].person, history[0].reason) == (county.person, "样本（代报：报送册.xlsx）")
    assert (file.name, file.outcomes[0]["unit"]) == ("报送册.xlsx", UNIT)
    filing = filing_of(county, "visit")
    assert (filing.state, filing.rows, filing.filed_by) == ("sent", 2, county.unit)
    assert filing.sent_date == dt.datetime.now(dt.UTC).date().isoformat()


def test_without_a_reason_the_change_log_says_from_which_file_a_record_came(book, county, pack):
    fill(book, pack, "visit", *visits())
    done = take(county, book, pack, drafts=True, explanations=_reasons(county, book, pack))
    assert done.total("added") == 2
    with county.read() as connection:
        (uid,) = done.results["visit"].undo.added[:1]
        entries = audit.history(connection, uid)
    assert "代报：报送册.xlsx" in {entry.reason for entry in entries}


def _reasons(store, path, pack):
    tried = take(store, path, pack, drafts=True, dry_run=True)
    return {
        item.code: "样本，已核实"
        for one in tried.results.values() for item in one.findings if item.level == "warning"
    }  # fmt: skip


def test_a_form_marked_as_empty_becomes_an_explicit_nil_filing(book, county, pack):
    fill(book, pack, "visit", *visits(1), cover=("member", "visit"))
    done = take(county, book, pack, reason="样本")
    assert done.nothing == ("member",)
    assert any("走访" in words or pack.forms["visit"].title in words for words in done.told)
    filing = filing_of(county, "member")
    assert (filing.state, filing.filed_by) == ("nil", county.unit)


def test_a_wrong_row_refuses_the_whole_book_or_lands_as_a_draft(book, county, pack):
    good, bad = visits()
    fill(book, pack, "visit", good, {**bad, "visit_date": "不知道"})
    refused = take(county, book, pack, reason="样本")
    assert refused.refused
    assert "visit.visit_date.unreadable" in codes(refused.results["visit"])
    assert filing_of(county, "visit").state is None
    done = take(county, book, pack, reason="样本", drafts=True)
    assert (done.total("added"), done.total("drafts")) == (1, 1)
    assert filing_of(county, "visit").rows == 1


@pytest.mark.parametrize("given", [{"unit": UNITS["county"][0]}, {"unit": "511102400025"}, {"uid"}])
def test_a_book_holds_nothing_but_records_of_the_unit_on_its_cover(county, given):
    (row,) = visits(1)
    assert put(county, "visit", sheet("visit", row), reason="样本").added == 1
    before = ask(county, "SELECT uid, unit, visitor, rev FROM visit")
    cells = {"uid": before[0][0]} if given == {"uid"} else given
    forged = sheet("visit", {**row, **cells, "visitor": "冒名"})
    filled = FilledBook(UNIT, PERIODS, frozenset(), {"visit": forged})
    done = report_books.take_in(county, filled, FILE, as_of=DAY, reason="核对过")
    assert done.refused
    assert ({"visit.unit", "visit.other_unit"} & set(codes(done.results["visit"]))) != set()
    assert ask(county, "SELECT uid, unit, visitor, rev FROM visit") == before
    assert filing_of(county, "visit").state is None
    named = sheet("visit", {**row, "unit": UNIT})
    own = FilledBook(UNIT, PERIODS, frozenset(), {"visit": named})
    assert report_books.take_in(county, own, FILE, as_of=DAY, reason="样本").total("added") == 1


def test_a_block_writes_about_no_unknown_unit_of_another_block(county):
    elsewhere, (row,) = "511111400010", visits(1)
    filled = FilledBook(elsewhere, PERIODS, frozenset(), {"visit": sheet("visit", row)})
    with pytest.raises(InputError, match="I564"):
        report_books.take_in(county, filled, FILE, as_of=DAY, reason="样本")
    table = sheet("visit", {**row, "unit": elsewhere})
    assert codes(put(county, "visit", table, reason="样本")) == ["visit.unit"]
    assert put(county, "visit", sheet("visit", {**row, "unit": UNIT}), reason="样本").added == 1


def test_a_book_gives_no_details_to_a_record_of_another_unit(county, pack):
    form = next(one for one in pack.top_forms if one.details and rights.writes("county", one))
    assert put(county, form.id, reason="样本").added
    (uid, *_), *_ = ask(county, f"SELECT uid FROM {form.id}")
    (detail, *_) = form.details
    rows = sheet(detail, {**rows_of(detail)[0], "parent": uid})
    filled = FilledBook(UNIT, PERIODS, frozenset(), {detail: rows})
    before = ask(county, f"SELECT * FROM {detail}")
    done = report_books.take_in(county, filled, FILE, as_of=DAY, reason="核对过")
    assert done.refused
    assert f"{detail}.other_unit" in codes(done.results[form.id])
    assert ask(county, f"SELECT * FROM {detail}") == before


def test_trying_a_book_changes_nothing_and_one_act_takes_it_back(book, county, pack):
    fill(book, pack, "visit", *visits(), cover=("member",))
    tried = take(county, book, pack, reason="样本", dry_run=True)
    assert tried.total("added") == 2
    assert filing_of(county, "visit").state is None
    done = take(county, book, pack, reason="样本")
    again = take(county, book, pack, reason="样本", dry_run=True)
    assert (again.total("added"), again.total("unchanged")) == (0, 2)
    with county.write() as transaction:
        report_books.take_back(transaction, done.undo)
    assert filing_of(county, "visit").state is None
    assert filing_of(county, "member").state is None


def test_the_own_unit_files_by_sending_and_not_by_a_book(offices, pack, tmp_path):
    store = offices("grassroots")
    path = tmp_path / "x.xlsx"
    plan = report_books.plan(store, store.unit, PERIODS, as_of=DAY, day=DAY)
    report_book.write_book(plan, pack, path)
    fill(path, pack, "visit", *visits(1))
    done = take(store, path, pack, reason="样本")
    assert done.total("added") == 1
    assert done.undo.filings == ()


def test_a_book_of_a_unit_elsewhere_is_refused_and_so_is_a_changed_cover(book, county, pack):
    with pytest.raises(InputError) as caught:
        report_books.plan(county, UNITS["city"][0], PERIODS, as_of=DAY, day=DAY)
    assert caught.value.code == "I564"
    for place, text, code in (("B3", "12", "I563"), ("B4", "2012Q3", "I571")):
        changed = Book(book)
        changed.type(report_book.COVER, place, text)
        changed.save(book.with_name("y.xlsx"))
        with pytest.raises(InputError) as caught:
            report_book.read_book(excel.read_tables(book.with_name("y.xlsx")), pack)
        assert caught.value.code == code
    more = Book(book)
    more.rename(excel.sheet_name(pack.forms["visit"]), "Sheet9")
    more.save(book)
    with pytest.raises(InputError) as caught:
        report_book.read_book(excel.read_tables(book), pack)
    assert caught.value.code == "I562"
    with pytest.raises(InputError) as caught:
        report_book.read_book(excel.read_tables(book)[1:2], pack)
    assert caught.value.code == "I561"


def test_a_period_that_is_none_and_a_book_without_one_are_told(county, pack, book):
    assert report_books.working_periods(county, DAY) == PERIODS
    assert report_books.working_periods(county, DAY, ["2012M05"])["month"] == "2012M05"
    with pytest.raises(InputError) as caught:
        report_books.working_periods(county, DAY, ["五月"])
    assert caught.value.code == "I566"
    fill(book, pack, "visit", *visits(1))
    bare = Book(book)
    for place, text in bare.cells(report_book.COVER).items():
        if text == "月报所属期":
            bare.type(report_book.COVER, place, None)
    bare.save(book)
    with pytest.raises(InputError) as caught:
        take(county, book, pack)
    assert caught.value.code == "I567"


def test_a_unit_that_owes_nothing_gets_no_book(county, pack):
    with pytest.raises(InputError) as caught:
        report_books.plan(county, UNIT, {}, as_of=DAY, day=DAY)
    assert caught.value.code == "I565"
