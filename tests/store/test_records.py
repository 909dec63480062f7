"""One record at a time: draft, confirm, correct, void, bring back."""

import dataclasses

import pytest

from tests.store.offices import PROPOSAL, ask, confirm, draft, get, put, run, save
from union_desk.errors import InputError
from union_desk.store import audit, drafts, periods, records, survey
from union_desk.store.drafts import Draft
from union_desk.taskpack.record import Detail, new_uid


def send(store, *forms):
    """Mark all confirmed rows as sent, as export does."""
    with store.write() as transaction:
        for form in forms:
            transaction.connection.exec_driver_sql(
                f"UPDATE {form} SET record_state = 'sent', packet = 'p1' WHERE record_state = 'confirmed'"
            )


def whole(store):
    """Nothing is wrong with the store, digests of all records included."""
    return list(survey.problems(store, full=True)) == []


def test_a_confirmed_record_reads_back_as_it_was_written(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    read = get(city, "proposal", saved.uid)
    assert read == saved
    assert {name: read.values[name] for name in PROPOSAL} == PROPOSAL
    assert (read.record_state, read.rev, read.period, read.packet, read.deleted) == (
        "confirmed",
        1,
        "2012M08",
        None,
        0,
    )
    assert (read.origin, read.unit, read.created_by) == ("511100000010", "511100000010", "李敏")
    assert read.created_at == read.updated_at
    assert whole(city)


def test_a_draft_saves_whatever_is_missing_and_has_no_revision(city):
    saved = save(city, draft("proposal", {"title": "只有名称"}))
    read = get(city, "proposal", saved.uid)
    assert (read.record_state, read.rev) == ("draft", 0)
    assert read.values["title"] == "只有名称"
    assert whole(city)


def test_a_draft_becomes_the_first_revision(city):
    saved = save(city, draft("proposal", {"title": "只有名称"}))
    done = confirm(city, draft("proposal", PROPOSAL, uid=saved.uid))
    assert (done.rev, done.record_state, done.created_at) == (1, "confirmed", saved.created_at)
    assert ask(city, "SELECT act FROM audit WHERE uid = ? ORDER BY n", saved.uid) == [
        ("draft",),
        ("confirm",),
    ]


def test_each_confirmation_is_the_next_revision(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    for items in (11, 12, 13):
        saved = confirm(city, draft("proposal", PROPOSAL | {"items": items}, uid=saved.uid))
    assert (saved.rev, saved.values["items"]) == (4, 13)
    assert whole(city)


def test_a_confirmed_record_is_not_changed_as_a_draft(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    with pytest.raises(InputError, match="I402"):
        save(city, draft("proposal", PROPOSAL | {"items": 99}, uid=saved.uid))
    assert get(city, "proposal", saved.uid) == saved


def test_errors_block_confirming_and_nothing_is_changed(city):
    saved = save(city, draft("proposal", PROPOSAL))
    before = ask(city, "SELECT count(*) FROM audit")
    with pytest.raises(records.FindingsError, match="I400") as caught:
        confirm(city, draft("proposal", PROPOSAL | {"adopted": 999, "title": None}, uid=saved.uid))
    assert {finding.code for finding in caught.value.findings} >= {"S02", "proposal.title.required"}
    assert get(city, "proposal", saved.uid) == saved
    assert ask(city, "SELECT count(*) FROM audit") == before


def test_a_refused_confirmation_leaves_the_rest_of_the_transaction_as_it_was(city):
    with city.write() as transaction:
        context = run(city, transaction.connection)
        good = records.confirm(transaction, draft("proposal", PROPOSAL), context, period="2012M08")
        with pytest.raises(records.FindingsError):
            records.confirm(
                transaction, draft("proposal", {"title": "空"}), context, period="2012M08"
            )
        second = PROPOSAL | {"title": "另一条建议"}
        records.confirm(transaction, draft("proposal", second), context, period="2012M08")
    assert get(city, "proposal", good.uid).rev == 1
    assert ask(city, "SELECT count(*) FROM proposal") == [(2,)]
    assert whole(city)


RISK = {
    "title": "欠薪苗头", "found_date": "2012-03-01", "level": "3", "persons": 5, "source": "1", "kind": "1", "state": "1",
}  # fmt: skip


def warned(city):
    """A visit whose transferred matters are not in the ledger of demands: warning Y01."""
    return {
        "visit_date": "2012-08-03", "visitor": "王涛", "visitor_level": "1", "place": "某厂一车间", "mode": "1", "workers": 8,
        "findings": "反映高温", "on_spot": 1, "transferred": 2,
    }  # fmt: skip


def test_a_warning_passes_with_a_written_reason_only(city):
    record = draft("visit", warned(city))
    with pytest.raises(records.FindingsError) as caught:
        confirm(city, record)
    assert [finding.code for finding in caught.value.findings] == ["Y01"]
    saved = confirm(city, record, explanations={"Y01": "诉求台账下周补录"})
    assert ask(city, 'SELECT record, "check", text, author FROM check_note') == [
        (saved.uid, "Y01", "诉求台账下周补录", "李敏")
    ]


def test_an_explanation_holds_until_its_figures_change(city):
    record = draft("visit", warned(city))
    saved = confirm(city, record, explanations={"Y01": "诉求台账下周补录"})
    again = confirm(city, dataclasses.replace(record, values=dict(record.values) | {"workers": 9}))
    assert again.rev == saved.rev + 1
    with pytest.raises(records.FindingsError):
        confirm(city, dataclasses.replace(record, values=dict(record.values) | {"transferred": 3}))
    done = confirm(
        city,
        dataclasses.replace(record, values=dict(record.values) | {"transferred": 3}),
        explanations={"Y01": "另一件也待补录"},
    )
    assert done.rev == 3
    assert ask(city, "SELECT rev, text FROM check_note") == [(2, "另一件也待补录")]


def test_an_explanation_that_explains_nothing_is_refused(city):
    with pytest.raises(InputError, match="I440"):
        confirm(city, draft("visit", warned(city)), explanations={"Y01": "好 "})


def test_a_warning_may_be_explained_before_the_record_is_confirmed(city):
    saved = save(city, draft("visit", warned(city)))
    with city.write() as transaction:
        records.explain(transaction, saved.uid, "Y01", "诉求台账下周补录", record=saved)
    assert confirm(city, draft("visit", warned(city), uid=saved.uid)).rev == 1


def test_changing_a_sent_record_is_a_correction_and_needs_its_reason(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    send(city, "proposal")
    changed = draft("proposal", PROPOSAL | {"items": 12}, uid=saved.uid)
    for reason in (None, "", "  "):
        with pytest.raises(InputError, match="I403"):
            confirm(city, changed, reason=reason)
    done = confirm(city, changed, reason="电话退回")
    assert (done.rev, done.record_state, done.packet) == (2, "confirmed", None)
    assert ask(city, 'SELECT record, "check", text FROM check_note') == [
        (saved.uid, "correction", "电话退回")
    ]
    assert whole(city)


def test_a_returned_record_is_confirmed_again_without_a_reason(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    with city.write() as transaction:
        transaction.connection.exec_driver_sql(
            "UPDATE proposal SET record_state = 'returned', packet = 'p1'"
        )
    assert confirm(city, draft("proposal", PROPOSAL | {"items": 12}, uid=saved.uid)).rev == 2


def test_a_voided_record_stays_counts_no_more_and_comes_back(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    send(city, "proposal")
    with city.write() as transaction:
        records.void(transaction, "proposal", saved.uid, "重复填报")
    gone = get(city, "proposal", saved.uid)
    assert (gone.deleted, gone.packet, gone.rev) == (1, None, 2)
    with city.read() as connection:
        assert [record.uid for record in records.recycled(connection, city.tables, "proposal")] == [
            saved.uid
        ]
    with city.write() as transaction:
        back = records.restore(transaction, "proposal", saved.uid)
    assert (back.deleted, back.rev, back.record_state) == (0, 3, "confirmed")
    assert back.values == saved.values
    assert whole(city)


def test_voiding_needs_a_reason_and_a_confirmed_record(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    kept = save(city, draft("proposal", {"title": "草稿"}))
    for uid, reason, code in (
        (saved.uid, " ", "I405"),
        (kept.uid, "重复", "I404"),
        (new_uid(), "重复", "I401"),
    ):
        with pytest.raises(InputError, match=code), city.write() as transaction:
            records.void(transaction, "proposal", uid, reason)


def test_deleted_drafts_wait_in_the_recycle_bin(city):
    kept = save(city, draft("proposal", {"title": "草稿"}))
    with city.write() as transaction:
        assert records.delete_drafts(transaction, "proposal", [kept.uid]) == 1
    assert get(city, "proposal", kept.uid).deleted == 1
    with city.write() as transaction:
        assert records.delete_drafts(transaction, "proposal", [kept.uid]) == 0
        back = records.restore(transaction, "proposal", kept.uid)
    assert (back.deleted, back.record_state, back.rev) == (0, "draft", 0)


def test_a_confirmed_record_is_not_deleted(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    with pytest.raises(InputError, match="I406"), city.write() as transaction:
        records.delete_drafts(transaction, "proposal", [saved.uid])


def test_a_record_that_another_installation_wrote_is_left_alone(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    with city.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE proposal SET origin = '511102400017'")
    with pytest.raises(InputError, match="I411"):
        confirm(city, draft("proposal", PROPOSAL, uid=saved.uid))
    for act in (
        lambda t: records.void(t, "proposal", saved.uid, "x"),
        lambda t: records.restore(t, "proposal", saved.uid),
    ):
        with pytest.raises(InputError, match="I411"), city.write() as transaction:
            act(transaction)


def test_a_form_that_another_level_fills_in_is_read_only(offices):
    with pytest.raises(InputError, match="I410") as caught:
        save(offices("grassroots"), draft("enterprise", {"name": "某厂"}))
    assert "县级工会" in str(caught.value)


def test_a_unit_of_another_county_is_not_written_about(offices):
    county = offices("county")
    assert (
        save(county, draft("proposal", {"title": "a"}, unit="511102000013")).unit == "511102000013"
    )
    with pytest.raises(InputError, match="I412"):
        save(county, draft("proposal", {"title": "a"}, unit="511123000014"))


def test_a_closed_period_takes_no_more_confirmations(city):
    with city.write() as transaction:
        periods.close(transaction, "2012M08")
    with pytest.raises(InputError, match="I421"):
        confirm(city, draft("proposal", PROPOSAL))
    assert confirm(city, draft("proposal", PROPOSAL), period="2012M09").period == "2012M09"


def test_details_are_part_of_their_record(city):
    family = {
        "hardship_family": (
            Detail("", 7, {"name": "张小妹", "kin": "3", "birth_date": "1995-01-01"}),
            Detail("", 9, {"name": "王桂兰", "kin": "1", "birth_date": "1970-01-01"}),
        )
    }
    saved = save(city, draft("hardship", {"name": "张三", "file_no": "2012-001"}, details=family))
    read = get(city, "hardship", saved.uid)
    assert [(row.position, row.values["name"]) for row in read.details["hardship_family"]] == [
        (1, "张小妹"),
        (2, "王桂兰"),
    ]
    uids = {row.uid for row in read.details["hardship_family"]}
    assert len(uids) == 2
    first, _ = read.details["hardship_family"]
    again = dataclasses.replace(read, details={"hardship_family": (first,)})
    save(city, again)
    assert [row.uid for row in get(city, "hardship", saved.uid).details["hardship_family"]] == [
        first.uid
    ]
    assert whole(city)


def test_changing_a_detail_is_told_in_the_history_of_its_record(sampled):
    ((uid, parent),) = ask(sampled, "SELECT uid, parent FROM hardship_family WHERE name = '苏晓航'")
    record = get(sampled, "hardship", parent)
    rows = tuple(
        dataclasses.replace(row, values=dict(row.values) | {"school_or_unit": "乐山一中"})
        if row.uid == uid
        else row
        for row in record.details["hardship_family"]
    )
    done = confirm(
        sampled, dataclasses.replace(record, details={"hardship_family": rows}), period="2012Q3"
    )
    assert done.rev == 2
    with sampled.read() as connection:
        entry = audit.history(connection, parent)[-1]
    assert entry.old["details"]["hardship_family"][0]["school_or_unit"] == "乐山某中学"
    assert entry.new["details"]["hardship_family"][0]["school_or_unit"] == "乐山一中"
    assert whole(sampled)


def test_computed_fields_are_worked_out_when_a_record_is_written(city):
    values = {
        "name": "张三",
        "file_no": "1",
        "family_income": 2_400_000,
        "family_size": 3,
        "income_pc": 1,
    }
    saved = save(city, draft("hardship", values))
    assert saved.values["income_pc"] == 66_667
    assert get(city, "hardship", saved.uid).values["income_pc"] == 66_667


def test_what_does_not_parse_stays_in_the_draft_and_all_else_leaves_it(city):
    uid = new_uid()
    with city.write() as transaction:
        drafts.save_draft(transaction, Draft(uid, "proposal", {"title": "名称", "items": "一百二"}))
    left = Draft(uid, "proposal", {"items": "一百二"}, open=False)
    save(city, draft("proposal", {"title": "名称"}, uid=uid), left=left)
    with city.read() as connection:
        assert drafts.load_draft(connection, uid).fields == {"items": "一百二"}
    confirm(city, draft("proposal", PROPOSAL, uid=uid))
    with city.read() as connection:
        assert drafts.load_draft(connection, uid) is None


def test_rows_of_system_tables_keep_their_own_rules(city):
    share = {"indicator": "A1_innovation", "year": 2012, "value": 30.0}
    assert confirm(city, draft("target_share", share, unit="511102000013")).values["value"] == 30.0
    with pytest.raises(records.FindingsError, match="目标数"):
        confirm(city, draft("target_share", share | {"value": None}, unit="511111000015"))


def test_a_record_that_is_not_there_is_told(city):
    with pytest.raises(InputError, match="I401"):
        get(city, "proposal", new_uid())
    with city.read() as connection:
        assert records.lookup(connection, city.tables, "proposal", new_uid()) is None


@pytest.mark.parametrize(
    "form",
    ["aid", "member", "wage_contract", "sports_team", "union_org", "info_report", "unit_profile"],
)
def test_every_sample_record_is_unchanged_by_confirming_it_again(sampled, form):
    for uid, period in ask(sampled, f"SELECT uid, period FROM {form}"):
        record = get(sampled, form, uid)
        again = confirm(sampled, record, period=period)
        assert again.values == record.values
        assert {
            name: [row.values for row in rows] for name, rows in again.details.items() if rows
        } == {name: [row.values for row in rows] for name, rows in record.details.items() if rows}
        assert again.rev == record.rev + 1


def test_the_samples_as_taken_in_are_whole(sampled):
    assert whole(sampled)


def test_a_sheet_put_twice_changes_nothing(sampled):
    before = ask(sampled, "SELECT count(*) FROM audit")
    for form in ("hardship", "contest", "unit_profile", "demand"):
        result = put(sampled, form, reason="样本")
        assert (result.added, result.updated, result.unchanged) == (0, 0, 8)
    assert ask(sampled, "SELECT count(*) FROM audit") == before
