"""A second sign-in: off by itself; where it is on, what is marked takes two people."""

import dataclasses

import pytest

from tests.store.offices import CHEAP, PASSWORD, ask
from union_desk import workflow
from union_desk.errors import InputError, StoreError
from union_desk.store import passwords, people, recovering, rights, second
from union_desk.store.lock import FREE_TRIES

WORD = "另一个口令 9"


@pytest.fixture
def two(city):
    """An office of two: the one at work holds all roles, the second is head alone."""
    passwords.add_person(city, "王芳", ("head",), WORD, CHEAP)
    return city


def code(act, *arguments, **options):
    with pytest.raises((StoreError, InputError)) as caught:
        act(*arguments, **options)
    return caught.value.code


def told(store):
    rows = ask(store, "SELECT a.person, v.new FROM audit a JOIN audit_value v ON v.n = a.n "
                      "WHERE a.act = 'second' ORDER BY a.n")  # fmt: skip
    return [tuple(row) for row in rows]


def test_one_person_alone_is_asked_for_nobody_else_by_default(city):
    for act in workflow.ACTS:
        rights.check_may(city, act)
    assert told(city) == []


def test_it_cannot_be_turned_on_where_nobody_else_could_sign_in(city):
    assert code(rights.turn_second, city, on=True) == "I497"


def test_where_it_is_on_every_marked_act_waits_for_somebody_else(two):
    rights.turn_second(two, on=True)
    marked = [act.id for act in workflow.ACTS.values() if act.second]
    assert {"export", "resume", "issue", "erase", "people"} == set(marked)
    for act in marked:
        assert code(rights.check_may, two, act) == "S379"
    rights.check_may(two, "print")
    with second.present(second.sign(two, "people", "王芳", WORD)):
        rights.turn_second(two, on=False)
    for act in marked:
        rights.check_may(two, act)


def test_the_second_person_counts_for_the_work_they_signed_for_and_both_are_written_down(two):
    rights.turn_second(two, on=True)
    signed = second.sign(two, "export", " 王芳 ", WORD)
    with second.present(signed):
        rights.check_may(two, "export")
        with two.write() as transaction:
            rights.check_may(two, "issue", transaction)
        assert code(rights.check_may, two, "erase") == "S379", "a head erases nobody"
    assert code(rights.check_may, two, "export") == "S379"
    rows = told(two)
    assert [person for person, _ in rows] == ["李敏", "李敏"]
    assert '"act":"export"' in rows[0][1]
    assert '"name":"王芳"' in rows[0][1]
    assert '"act":"issue"' in rows[1][1]


def test_a_clerk_at_work_has_the_head_sign_in_beside(two):
    clerk = passwords.add_person(two, "赵强", ("clerk",), "zhaoqiang-1", CHEAP)
    rights.turn_second(two, on=True)
    two.person, two.person_id, two.roles = clerk.name, clerk.id, clerk.roles
    with second.present(second.sign(two, "export", "王芳", WORD)):
        rights.check_may(two, "export")
    assert code(rights.turn_second, two, on=False) == "S361"


def test_an_administrator_alone_neither_turns_it_off_nor_makes_a_second_person(two):
    rights.turn_second(two, on=True)
    with two.read() as connection:
        head = next(item for item in people.everyone(connection) if item.name == "王芳")
    for act in (
        lambda: rights.turn_second(two, on=False),
        lambda: passwords.add_person(two, "李四", ("head",), "puppet-1", CHEAP),
        lambda: passwords.set_password(two, head.id, "puppet-2", CHEAP),
    ):
        assert code(act) == "S379"
        assert code(second.sign, two, "people", "李敏", PASSWORD) == "S380"
    passwords.change_own(two, PASSWORD, "自己的新口令", CHEAP)
    with second.present(second.sign(two, "people", "王芳", WORD)):
        passwords.set_roles(two, head.id, ("clerk",))
    passwords.add_person(two, "赵强", ("head",), "zhaoqiang-1", CHEAP)
    assert code(rights.turn_second, two, on=False) == "S379", "there is somebody again"


def test_the_recovery_sheet_is_the_way_out_where_the_second_person_is_gone(two, pack):
    rights.turn_second(two, on=True)
    sheet = passwords.new_recovery_code(two, CHEAP)
    two.close()
    with recovering.reset_by_code(
        two.folder, sheet, "李敏", "新的口令 7", pack=pack, cost=CHEAP
    ) as store:
        assert code(rights.check_may, store, "export") == "S379"
        rights.turn_second(store, on=False)
        rights.check_may(store, "export")


def test_nobody_confirms_their_own_act_or_one_that_is_not_theirs(two):
    rights.turn_second(two, on=True)
    assert code(second.sign, two, "export", "李敏", PASSWORD) == "S380"
    assert code(second.sign, two, "erase", "王芳", WORD) == "S381"
    assert code(second.sign, two, "export", "王芳", PASSWORD) == "S382"
    assert code(second.sign, two, "export", "没有这个人", WORD) == "S382"


def test_wrong_passwords_slow_the_next_and_are_told_with_the_right_one(two):
    rights.turn_second(two, on=True)
    second_words = second.sign(two, "export", "王芳", WORD)
    assert second_words.wrong_before == 0
    for _ in range(2):
        assert code(second.sign, two, "export", "王芳", "wrong") == "S382"
    with second.present(second.sign(two, "export", "王芳", WORD)):
        rights.check_may(two, "export")
    assert '"wrong_before":2' in told(two)[-1][1]
    for _ in range(FREE_TRIES):
        assert code(second.sign, two, "export", "王芳", "wrong") == "S382"
    assert code(second.sign, two, "export", "王芳", WORD) == "S383"


def test_a_person_who_left_confirms_nothing(two):
    rights.turn_second(two, on=True)
    with two.read() as connection:
        gone = next(item for item in people.everyone(connection) if item.name == "王芳")
    with second.present(second.sign(two, "people", "王芳", WORD)):
        passwords.remove_person(two, gone.id)
    assert code(second.sign, two, "export", "王芳", WORD) == "S382"


def test_the_task_package_can_ask_for_it_and_then_no_unit_goes_without(two):
    two.packs = (dataclasses.replace(two.pack, second_sign_in=True),)
    assert code(rights.check_may, two, "export") == "S379"
    assert code(rights.turn_second, two, on=False) == "I485"
