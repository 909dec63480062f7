"""One rule voids: a 更正 or 作废 of a covered record that changes a printed cell."""

import pytest

from tests.papers.offices import correct, first, issue, newcomer, paper, void
from tests.store.offices import confirm, get, sheet
from union_desk.papers import voiding, watching
from union_desk.store import intake, issued

PAPERS = [("R30", "2012M08", False), ("R05", "2012M08", False), ("member-sheet", "2012M08", True)]


def issued_for(county, name, period, single):
    record = first(county, "visit" if name == "R30" else "member")
    return issue(county, name, period, record.uid if single else None), record


@pytest.mark.parametrize(("name", "period", "single"), PAPERS)
def test_a_correction_that_changes_a_printed_cell_voids(county, name, period, single):
    made, record = issued_for(county, name, period, single)
    changes = {"workers": 19} if name == "R30" else {"name": "更名后"}
    correct(county, record, **changes)
    gone = paper(county, made.serial)
    assert gone.state == "void"
    assert "单位来电更正" in gone.void_reason
    assert gone.changed_cells()


@pytest.mark.parametrize(("name", "period", "single"), PAPERS[1:])
def test_voiding_a_covered_record_voids(county, name, period, single):
    made, record = issued_for(county, name, period, single)
    void(county, record)
    assert paper(county, made.serial).state == "void"


@pytest.mark.parametrize(("name", "period", "single"), PAPERS[:2])
def test_a_correction_of_what_is_not_printed_voids_nothing(county, name, period, single):
    made, record = issued_for(county, name, period, single)
    correct(
        county, record, **({"findings": "另有发现"} if name == "R30" else {"phone": "13908330000"})
    )
    assert paper(county, made.serial).state == "issued"


def test_a_record_confirmed_later_voids_nothing_and_neither_does_its_correction(county):
    made = issue(county, "R05")
    late = newcomer(county)
    assert paper(county, made.serial).state == "issued"
    correct(county, get(county, "member", late.uid), name="又改了名")
    assert paper(county, made.serial).state == "issued"


def test_a_later_state_of_a_record_voids_nothing(county):
    made = issue(county, "R05")
    with county.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE member SET record_state = 'received'")
    assert paper(county, made.serial).state == "issued"


def test_a_decision_from_above_voids_nothing(county):
    record = first(county, "hardship")
    decided = next(item for item in county.pack.forms["info_report"].fields if item.decided_by)
    made = issue(county, "hardship-sheet", record=record.uid)
    from union_desk.taskpack.record import Record, new_uid

    confirm(county, Record("decision", new_uid(), {
        "form": "info_report", "record": new_uid(), "field": decided.id, "value": None,
        "who": "市总", "date": "2012-09-01", "doc_no": "乐工发1号",
    }))  # fmt: skip
    assert paper(county, made.serial).state == "issued"


def test_a_sheet_taken_in_voids_as_typing_does(county):
    made = issue(county, "R05")
    record = first(county, "member")
    with county.read() as connection:
        columns = (
            connection.exec_driver_sql("SELECT * FROM member WHERE uid = ?", (record.uid,))
            .mappings()
            .one()
        )
    row = {
        name: columns[name]
        for name in ("uid", *(f.id for f in county.pack.forms["member"].fields))
        if name in columns and columns[name] is not None
    }
    table = sheet("member", {**row, "name": "表格里改的"})
    done = intake.put(county, "member", table, {}, as_of="2012-08-31", reason="表格更正")
    assert done.updated == 1
    assert paper(county, made.serial).state == "void"


def test_the_window_is_asked_before_anything_is_saved(county):
    made = issue(county, "R05")
    record = first(county, "member")
    watching.watch(county, ask=True)
    with pytest.raises(watching.WouldVoidError, match=made.serial) as refused:
        correct(county, record, name="更名后")
    assert refused.value.code == "I610"
    assert refused.value.serials == (made.serial,)
    assert get(county, "member", record.uid).rev == record.rev
    assert paper(county, made.serial).state == "issued"
    with watching.agreed(county):
        correct(county, record, name="更名后")
    assert paper(county, made.serial).state == "void"
    again = issue(county, "R05")
    with pytest.raises(watching.WouldVoidError):
        correct(county, get(county, "member", record.uid), name="再改")
    assert again.live


def test_what_a_transaction_voided_can_be_told_after_it(county):
    made = issue(county, "R05")
    record = first(county, "member")
    correct(county, record, name="更名后")
    with county.read() as connection:
        transaction = connection.exec_driver_sql(
            "SELECT tx FROM audit ORDER BY n DESC LIMIT 1"
        ).scalar()
        assert [item.serial for item in voiding.voided_by(connection, county, transaction)] == [
            made.serial
        ]


def test_a_voided_paper_stays_as_it_was_issued(county):
    made = issue(county, "R05")
    correct(county, first(county, "member"), name="更名后")
    gone = paper(county, made.serial)
    assert (gone.cells, gone.pdf, gone.digest) == (made.cells, made.pdf, made.digest)
    with county.write() as transaction, pytest.raises(Exception, match="已作废"):
        issued.move(transaction, gone, "print")


def test_what_was_voided_is_told_once(county):
    watch = watching.watch(county)
    made = issue(county, "R05")
    correct(county, first(county, "member"), name="更名后")
    assert made.serial in watch.told()
    assert not watch.told()


def test_what_comes_from_other_offices_voids_without_asking(county, city):
    from tests.papers.offices import receive

    made = issue(city, "R05")
    watch = watching.watch(city, ask=True)
    correct(county, first(county, "member"), name="更名后")
    receive(city, county)
    assert paper(city, made.serial).state == "void"
    assert made.serial in watch.told()
