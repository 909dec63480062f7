"""核对纸质报表: the code typed above, and what it says."""

import pytest

from tests.papers.offices import correct, first, issue, newcomer, paper, receive
from union_desk.errors import InputError
from union_desk.papers import comparing, voiding
from union_desk.reports import checkcode
from union_desk.store import paper_marks


def code(made):
    return checkcode.check_code(made.digest)


def marks(store):
    with store.read() as connection:
        return paper_marks.received(connection)


@pytest.mark.parametrize(
    ("name", "period", "single"), [("R05", "2012M08", False), ("hardship-sheet", "2012M08", True)]
)
def test_a_paper_whose_data_are_there_agrees_and_counts_as_received(
    county, city, name, period, single
):
    made = issue(county, name, period, first(county, "hardship").uid if single else None)
    receive(city, county)
    verdict = comparing.check(city, code(made))
    assert verdict.words == "与电子数据一致"
    assert verdict.paper.serial == made.serial
    assert marks(city)[made.digest[:16]].outcome == "agrees"


@pytest.mark.parametrize(
    ("name", "change", "place"),
    [
        ("R30", "UPDATE visit SET workers = workers + 1 WHERE uid = ?", "面对面交流职工人次·累计"),
        ("R05", "UPDATE member SET card_no = '改过的号' WHERE uid = ?", "会员证号"),
        ("member-sheet", "UPDATE member SET name = '张冠李戴' WHERE uid = ?", "姓名"),
    ],
)
def test_a_figure_changed_above_is_named(county, city, name, change, place):
    record = first(county, "visit" if name == "R30" else "member")
    made = issue(county, name, record=record.uid if name.endswith("sheet") else None)
    receive(city, county)
    assert comparing.check(city, code(made)).words == "与电子数据一致", "looked at before, too"
    with city.write() as transaction:
        transaction.connection.exec_driver_sql(change, (record.uid,))
    verdict = comparing.check(city, code(made))
    assert verdict.words == "与电子数据不一致"
    assert any(place in item.place for item in verdict.differences), verdict.differences
    assert all(item.paper != item.data for item in verdict.differences)
    assert marks(city)[made.digest[:16]].outcome == "differs"


def test_what_changed_later_is_told_apart_from_what_is_wrong(county, city):
    record = first(county, "member")
    made = issue(county, "R05")
    receive(city, county)
    newcomer(county)
    correct(county, record, phone="13908330000")
    receive(city, county)
    verdict = comparing.check(city, code(made))
    assert verdict.words == "一致，其后有变化"
    assert any("后来的人" in item.data for item in verdict.differences)


def test_a_paper_before_its_data_waits_and_is_found_received_later(county, city):
    made = issue(county, "R05")
    verdict = comparing.check(city, code(made))
    assert verdict.words == "数据未到"
    receive(city, county)
    assert made.digest[:16] in marks(city)
    assert comparing.check(city, code(made)).words == "与电子数据一致"


def test_a_record_that_has_not_come_is_awaited(county, city):
    late = newcomer(county)
    made = issue(county, "R05")
    receive(city, county)
    with city.write() as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM member WHERE uid = ?", (late.uid,))
    verdict = comparing.check(city, code(made))
    assert verdict.words == "数据未到"
    assert "1 条" in verdict.told


def test_the_qr_code_is_read_as_a_scanner_types_it(county, city):
    made = issue(county, "R05")
    receive(city, county)
    payload = checkcode.payload(made.serial, made.digest)
    assert comparing.check(city, payload.lower() + "\n").words == "与电子数据一致"
    other = issue(county, "R11", "2012Q3")
    receive(city, county)
    swapped = checkcode.payload(made.serial, other.digest)
    assert comparing.check(city, swapped).words == "编号与校验码不符"
    draft_payload = checkcode.payload(made.serial[:-3] + "000", made.digest)
    assert comparing.check(city, draft_payload).words == "草稿"


def test_a_code_is_read_in_any_writing(county, city):
    made = issue(county, "R05")
    receive(city, county)
    plain = made.digest[:16]
    for text in (plain, plain.upper(), code(made).replace("-", " "), f"校验码 {code(made)}",
                 "".join(chr(ord(letter) + 0xFEE0) for letter in plain.upper()), f"{made.serial} {code(made)}"):  # fmt: skip
        assert comparing.read_typed(text).digest == plain, text
    for text in ("", "9F3A-27C1-88D4", "你好", "UD1:R05:AAAA", "G" * 16):
        with pytest.raises(InputError) as refused:
            comparing.read_typed(text)
        assert refused.value.code == "I620"


def test_void_and_corrected_papers_say_so_and_are_not_taken_in(county, city):
    made = issue(county, "R05")
    voiding.void(county, paper(county, made.serial), "期别选错了")
    receive(city, county)
    verdict = comparing.check(city, code(made))
    assert verdict.words == "已作废"
    assert "期别选错了" in verdict.told
    assert not marks(city)


def test_the_own_paper_is_checked_at_home_without_a_mark(county):
    made = issue(county, "R05")
    assert comparing.check(county, code(made)).words == "与电子数据一致"
    assert not marks(county)


def test_frozen_cells_that_do_not_give_the_code_are_no_proof(county, city):
    made = issue(county, "R05")
    receive(city, county)
    with city.write() as transaction:
        transaction.connection.exec_driver_sql(
            "UPDATE issued_report SET cells = replace(cells, '会员', '会圆')"
        )
        transaction.connection.exec_driver_sql(
            "UPDATE issued_report SET cells = ?", ('[["u","name","x"]]',)
        )
    assert comparing.check(city, code(made)).words == "编号与校验码不符"
