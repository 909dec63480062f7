"""Who may move a record where: the one table."""

import pytest

from union_desk import workflow
from union_desk.workflow import MOVES, RECORD_STATES, ROLES


def test_every_move_names_states_and_roles_that_exist():
    for move in MOVES.values():
        assert set(move.sources) <= set(RECORD_STATES) | {""}
        assert move.target in RECORD_STATES
        assert set(move.roles) <= set(ROLES)
        assert move.by in {"writer", "upper", "machine"}


def test_every_state_but_the_last_can_be_left():
    left = {state for move in MOVES.values() for state in move.sources}
    assert set(RECORD_STATES) <= left


@pytest.mark.parametrize("state", RECORD_STATES)
def test_confirming_what_left_the_office_is_a_correction_and_needs_a_reason(state):
    move = workflow.move_to_confirm(state)
    assert state in move.sources
    assert move.needs_reason == (state in {"sent", "received", "archived"})


def test_only_drafts_are_deleted_and_only_confirmed_records_voided():
    roles = tuple(ROLES)
    assert [state for state in RECORD_STATES if workflow.may("delete", state, roles)] == ["draft"]
    assert not workflow.may("void", "draft", roles)
    assert all(workflow.may("void", state, roles) for state in workflow.COUNTED)


def test_a_reviewer_does_not_enter_and_a_clerk_does_not_return():
    assert not workflow.may("confirm", "draft", ("reviewer",))
    assert not workflow.may("return", "sent", ("clerk",))
    assert workflow.may("return", "sent", ("reviewer", "clerk"))


# --- printed reports ------------------------------------------------------------------------------

EVERYTHING = {
    "issue": {"": "issued"},
    "print": {
        "issued": "printed", "printed": "printed", "signed": "signed", "sealed": "sealed",
        "sent": "sent", "received": "received", "returned": "returned",
    },
    "sign": {
        "issued": "signed", "printed": "signed", "signed": "signed",
        "sent": "sent", "received": "received", "returned": "returned",
    },
    "seal": {
        "issued": "sealed", "printed": "sealed", "signed": "sealed", "sealed": "sealed",
        "sent": "sent", "received": "received", "returned": "returned",
    },
    "later": {"issued": "issued", "printed": "printed", "signed": "signed"},
    "scan": {state: state for state in workflow.LIVE_PAPERS},
    "send": {"issued": "sent", "printed": "sent", "signed": "sent", "sealed": "sent"},
    "receive": {"sent": "received"},
    "return": {"sent": "returned", "received": "returned"},
    "void": {
        "issued": "void", "printed": "void", "signed": "void", "sealed": "void",
        "sent": "void", "received": "void", "returned": "void",
    },
    "correct": {"void": "corrected"},
}  # fmt: skip


@pytest.mark.parametrize("move", workflow.PAPER_MOVES)
@pytest.mark.parametrize("state", ["", *workflow.PAPER_STATES])
def test_a_paper_moves_as_the_table_says_and_in_no_other_way(move, state):
    assert workflow.paper_after(move, state) == EVERYTHING[move].get(state)


def test_no_paper_goes_back():
    order = ["", *workflow.PAPER_STATES]
    for move, ways in EVERYTHING.items():
        for state, target in ways.items():
            assert order.index(target) >= order.index(state), move


def test_a_later_state_names_the_steps_it_skips():
    assert workflow.skipped_steps("issued", "sealed") == ("printed", "signed")
    assert workflow.skipped_steps("printed", "signed") == ()
    assert workflow.skipped_steps("sent", "sealed") == ("printed", "signed")
    assert workflow.skipped_steps("sealed", "sent") == ()
