"""全审: findings by rule, and one explanation for all records of a rule."""

import pytest

from tests.store.offices import put
from union_desk.errors import InputError
from union_desk.store import full_check

DAY = "2012-08-31"


def check(store):
    return full_check.findings(store, DAY, lambda done, total: None)


@pytest.fixture
def unexplained(county):
    """A county's store whose explanations were lost: its warnings are open again."""
    put(county, "employment", reason="样本说明", period="2012M08")
    put(county, "visit", reason="样本说明", period="2012M08")
    with county.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE check_note SET deleted = 1")
    return county


def test_findings_stand_by_rule_errors_first(unexplained):
    rules = check(unexplained)
    assert rules
    assert len({(rule.form, rule.code, rule.level) for rule in rules}) == len(rules)
    levels = [rule.level for rule in rules]
    assert levels == sorted(levels, key=["error", "warning"].index)
    assert all(rule.sentence for rule in rules)


def test_one_explanation_serves_all_records_of_a_rule(unexplained):
    rule = next(rule for rule in check(unexplained) if rule.level == "warning")
    with unexplained.write() as transaction:
        told = full_check.explain(transaction, rule.findings, "已逐条核对原件")
    assert told == len(rule.findings)
    assert rule.code not in {left.code for left in check(unexplained)}


def test_an_explanation_says_something(unexplained):
    rule = next(rule for rule in check(unexplained) if rule.level == "warning")
    with pytest.raises(InputError) as refused, unexplained.write() as transaction:
        full_check.explain(transaction, rule.findings, "对")
    assert refused.value.code == "I440"
