"""Every check of the package, once where it fires and once where it does not."""

from dataclasses import replace

import pytest

from tests.checks.check_cases import FIRES, NEVER_TRUE, PASSES, WORLD, Case
from tests.checks.sample_records import context_over, rows_of
from union_desk.checks import check_record
from union_desk.taskpack.expression import RowsLookup, holds


def changed(record, form, case):
    """Return a sample record with the changes of a case; for a detail form, in its first row."""
    heads = {"unit", "period"}
    head = {name: value for name, value in case.changes.items() if name in heads}
    values = {name: value for name, value in case.changes.items() if name not in heads}
    details = dict(record.details)
    if case.fewer_details is not None:
        details = {name: rows[: case.fewer_details] for name, rows in details.items()}
    return replace(record, values={**record.values, **values}, details=details, **head)


class World:
    """The sample records, one of them changed, and rows of other records beside them."""

    def __init__(self, pack, samples, form, case):
        self.pack, self.form, self.case = pack, form, case
        records = {name: list(found) for name, found in samples.items()}
        self.record, self.detail = self.place(samples)
        owner = records[self.record.form]
        if self.detail is None:
            new = changed(self.record, form, case)
        else:
            rows = tuple(
                replace(row, values={**row.values, **case.changes})
                if row.uid == self.detail.uid
                else row
                for row in self.record.details[form.id]
            )
            new = replace(self.record, details={**self.record.details, form.id: rows})
        owner[owner.index(self.record)] = new
        self.record = new
        rows = rows_of(pack, records)
        for number, (name, place, changes) in enumerate((*WORLD, *case.added)):
            copied = {**rows_of(pack, samples)[name][place], "uid": f"other-{number}"}
            rows[name].append({**copied, **changes})
        plain = context_over(pack, samples)
        self.context = replace(
            plain, lookup=RowsLookup(rows, pack.forms), params={**plain.params, **case.params}
        )

    def place(self, samples):
        if self.form.kind != "detail":
            return samples[self.form.id][self.case.place], None
        uid = f"{self.form.id}-{self.case.place + 1}"
        return next(
            (record, row)
            for record in samples[self.form.detail_of]
            for row in record.details[self.form.id]
            if row.uid == uid
        )

    @property
    def row(self):
        if self.detail is None:
            return self.record.row()
        rows = self.record.details[self.form.id]
        return self.record.detail_row(next(row for row in rows if row.uid == self.detail.uid))

    def codes(self):
        """Return the codes of the findings at the row of the case."""
        found = check_record(self.pack, self.record, self.context)
        return {item.code: item for item in found if item.record == self.row["uid"]}


def check_of(pack, check_id):
    return next(
        (form, check)
        for form in pack.forms.values()
        for check in form.checks
        if check.id == check_id
    )


def test_every_check_has_a_case(pack):
    ids = {check.id for form in pack.forms.values() for check in form.checks}
    assert set(FIRES) == ids
    assert len(ids) == 147


@pytest.mark.parametrize("check_id", FIRES)
def test_a_check_fires_where_its_rule_is_broken(pack, samples, check_id):
    form, check = check_of(pack, check_id)
    world = World(pack, samples, form, FIRES[check_id])
    if check.hint_until:
        since = {world.row["unit"]: {check.hint_until: "2012Q1"}}
        world.context = replace(world.context, units=since)
    found = world.codes()
    assert check_id in found
    assert found[check_id].level == check.level
    assert found[check_id].message.startswith(check.message)
    assert found[check_id].field in form.by_id or found[check_id].field is None


@pytest.mark.parametrize("check_id", FIRES)
def test_a_check_is_silent_where_its_rule_holds(pack, samples, check_id):
    form, check = check_of(pack, check_id)
    if check_id in PASSES:
        cases = [PASSES[check_id]]
    else:
        rows = rows_of(pack, samples)[form.id]
        cases = [Case(place) for place in range(len(rows))]
    truths = []
    for case in cases:
        world = World(pack, samples, form, case)
        context = world.context
        surely = holds(check.when, world.row, context) and bool(check.rule.run(world.row, context))
        truths.append(surely)
        if surely:
            assert check_id not in world.codes()
    assert any(truths) is not (check_id in NEVER_TRUE)


def test_the_samples_yield_the_warnings_that_are_known_and_no_error(pack, samples):
    context = context_over(pack, samples)
    found = [
        (item.code, item.level, item.row or number)
        for records in samples.values()
        for number, record in enumerate(records, 1)
        for item in check_record(pack, record, context)
    ]
    assert sorted(found) == [
        ("L06", "warning", 3),
        ("X05", "warning", 8),
        ("X12", "warning", 8),
        ("X20", "warning", 3),
        ("X21", "warning", 3),
    ]


@pytest.mark.parametrize(
    ("form", "field", "change", "check", "count"),
    [
        ("union_org", "members", lambda v: v + 9999, "U01", 8),
        ("hardship", "gender", lambda v: "9", "H01", 8),
        ("proposal", "adopted", lambda v: v + 999, "S02", 8),
        ("labor_risk", "close_date", lambda v: "2012-01-01", "L01", 8),
    ],
)
def test_spoilt_samples_yield_the_errors_that_are_known(
    pack, samples, form, field, change, check, count
):
    context = context_over(pack, samples)
    codes = []
    for record in samples[form]:
        values = {**record.values, field: change(record.values[field])}
        codes += [item.code for item in check_record(pack, replace(record, values=values), context)]
    assert codes.count(check) == count


def test_all_126_row_checks_are_evaluated_720_times_on_the_samples(pack, samples):
    context = context_over(pack, samples)
    rows = rows_of(pack, samples)
    evaluated = sum(
        holds(check.when, row, context)
        for form in pack.forms.values()
        for check in form.checks
        if check.kind == "row"
        for row in rows[form.id]
    )
    assert evaluated == 720
