"""`put`: sheets as people send them, matched, checked, all or nothing."""

import dataclasses

import pytest

from tests.store.offices import DAY, ask, codes, confirm, get, put, rows_of, sample, sheet
from tests.store.sample_tables import ORDER
from union_desk.errors import Cancelled, InputError
from union_desk.store import audit, checking, drafts, intake, periods, survey
from union_desk.store.context import context_at
from union_desk.taskpack.record import Table

VISIT = rows_of("visit")[0] | {"transferred": "0"}
"""A visit without any finding."""


def state(store):
    """All that a store holds, to see that a refused sheet changed nothing."""
    forms = (
        "visit",
        "hardship",
        "hardship_family",
        "draft",
        "audit",
        "check_note",
        "visit__search",
        "attachment",
    )
    return [ask(store, f"SELECT count(*) FROM {form}") for form in forms], ask(
        store, "SELECT * FROM visit"
    )


def told(result):
    """Row, column and code of the findings that are no hints."""
    return [
        (finding.row, finding.column, finding.code)
        for finding in result.findings
        if finding.level != "hint"
    ]


def whole(store):
    return list(survey.problems(store, full=True)) == []


# Headers ----------------------------------------------------------------------------------


def test_a_header_may_be_field_ids_or_chinese_labels(city, pack):
    form = pack.forms["visit"]
    by_label = sheet("visit", {form.by_id[name].label: text for name, text in VISIT.items()})
    assert put(city, "visit", by_label).added == 1
    assert put(city, "visit", sheet("visit", VISIT)).unchanged == 1


def test_headers_forgive_width_blanks_colons_and_stars(city, pack):
    labels = {name: pack.forms["visit"].by_id[name].label for name in VISIT}
    untidy = sheet(
        "visit",
        {
            f" {labels[name]}＊" if name == "place" else f"{labels[name]}：": text
            for name, text in VISIT.items()
        },
    )
    assert put(city, "visit", untidy).added == 1


def test_all_that_is_wrong_with_a_header_is_told_at_once_and_nothing_is_read(city):
    table = sheet("visit", {**VISIT, "身高": "180", "走访人": "重复"})
    header = [*table.header[:-1], table.header[-1]]
    before = state(city)
    result = put(city, "visit", Table("visit", header, table.rows))
    assert result.refused
    assert {finding.code for finding in result.findings} >= {
        "visit.unknown_column",
        "visit.double_column",
    }
    assert "身高" in "".join(finding.message for finding in result.findings)
    assert state(city) == before


@pytest.mark.parametrize("drafts", [False, True])
def test_a_sheet_with_no_column_of_its_form_is_told_in_one_sentence(city, drafts):
    before = state(city)
    other = sheet(
        "visit", {"填报单位": "错", "车牌": "川L1", "司机": "王五", "里程": "3", "油": "4"}
    )
    result = put(city, "visit", other, drafts=drafts)
    (one,) = result.findings
    assert result.refused
    assert one.code == "visit.foreign_sheet"
    assert one.message.startswith("第一行“填报单位、车牌、司机、里程等 5 列”没有一列是《")
    assert state(city) == before
    bare = Table("visit", ["", ""], [["川L1", "3"]])
    assert [item.code for item in put(city, "visit", bare).findings] == ["visit.foreign_sheet"]


def test_a_missing_required_column_is_told_once_not_at_every_row(city):
    row = {name: text for name, text in VISIT.items() if name != "visitor"}
    result = put(city, "visit", sheet("visit", row, row | {"place": "乙厂"}))
    assert [(f.row, f.column) for f in result.findings if f.code == "visit.missing_column"] == [
        (None, "走访人")
    ]


def test_with_drafts_rows_wait_for_a_required_column_that_is_missing(city):
    row = {name: text for name, text in VISIT.items() if name != "visitor"}
    result = put(city, "visit", sheet("visit", row), drafts=True)
    assert (result.drafts, codes(result)) == (1, ["visit.visitor.required"])


def test_a_column_without_a_title_is_told_if_it_holds_anything(city):
    table = sheet("visit", VISIT)
    assert (
        put(city, "visit", Table("visit", [*table.header, ""], [[*table.rows[0], ""]])).added == 1
    )
    result = put(city, "visit", Table("visit", [*table.header, ""], [[*table.rows[0], "x"]]))
    assert codes(result) == ["visit.no_title"]


def test_an_absent_optional_column_means_empty(city):
    row = {name: text for name, text in VISIT.items() if name not in ("duty", "goods", "mood")}
    assert put(city, "visit", sheet("visit", row)).added == 1
    assert ask(city, "SELECT duty, goods, mood FROM visit") == [(None, None, None)]


def test_a_sheet_without_rows_adds_nothing(city):
    assert put(city, "visit", Table("visit", sample("visit").header, [])).added == 0
    assert (
        put(city, "visit", Table("visit", sample("visit").header, [[""] * 15, [None]])).added == 0
    )


# Cells ------------------------------------------------------------------------------------


def test_what_people_type_becomes_what_is_stored(city):
    untidy = VISIT | {
        "visit_date": "8月3日", "visitor_level": "基层", "mode": VISIT["mode"], "workers": "１，２00", "place": "某厂", "goods": "1.2万", "policy": "是",
        "visitor": "　王　涛 ",
    }  # fmt: skip
    assert put(city, "visit", sheet("visit", untidy)).added == 1
    assert ask(city, "SELECT visit_date, workers, goods, policy FROM visit") == [
        ("2012-08-03", 1200, 1_200_000, 1)
    ]


def test_codes_may_be_given_by_their_labels(city, pack):
    form = pack.forms["visit"]
    labels = {
        name: pack.codes(form.by_id[name]).label(VISIT[name]) for name in ("visitor_level", "mode")
    }
    assert put(city, "visit", sheet("visit", VISIT | labels)).added == 1
    assert ask(city, "SELECT visitor_level, mode FROM visit") == [
        (VISIT["visitor_level"], VISIT["mode"])
    ]


def test_every_unreadable_cell_is_told_by_row_and_column_in_one_run(city):
    rows = [
        VISIT | {"visit_date": "2012-13-45"},
        VISIT | {"workers": "一百二", "place": "乙厂"},
        VISIT | {"mode": "骑马", "goods": "12.345", "place": "丙厂"},
    ]
    before = state(city)
    result = put(city, "visit", sheet("visit", *rows))
    assert result.refused
    assert told(result)[:4] == [
        (1, "visit_date", "visit.visit_date.unreadable"), (3, "mode", "visit.mode.unreadable"),
        (2, "workers", "visit.workers.unreadable"), (3, "goods", "visit.goods.unreadable"),
    ]  # fmt: skip
    assert all(finding.message for finding in result.findings)
    assert state(city) == before


def test_a_sentence_about_a_private_cell_does_not_spell_it_out(city):
    row = rows_of("hardship")[0] | {"person_id": "51119719680303624X"}
    result = put(city, "hardship", sheet("hardship", row))
    (finding,) = [item for item in result.findings if item.field == "person_id"]
    assert "19680303624" not in finding.message
    assert "身份证" in finding.message


def test_a_row_longer_than_the_header_is_told(city):
    table = sheet("visit", VISIT)
    result = put(city, "visit", Table("visit", table.header, [[*table.rows[0], "多"]]))
    assert codes(result) == ["visit.too_many_cells"]


def test_numbers_and_texts_of_a_spreadsheet_read_alike(city):
    table = sheet("visit", VISIT | {"workers": 12, "on_spot": 1.0, "goods": 0.5})
    assert put(city, "visit", table).added == 1
    assert ask(city, "SELECT workers, on_spot, goods FROM visit") == [(12, 1, 50)]


# Matching ---------------------------------------------------------------------------------


def test_a_row_is_updated_by_its_duplicate_key(city):
    put(city, "visit", sheet("visit", VISIT))
    result = put(city, "visit", sheet("visit", VISIT | {"workers": "99"}))
    assert (result.added, result.updated, result.unchanged) == (0, 1, 0)
    assert ask(city, "SELECT rev, workers, record_state FROM visit") == [(2, 99, "confirmed")]
    assert whole(city)


def test_a_row_is_updated_by_its_uid_whatever_its_key(city):
    put(city, "visit", sheet("visit", VISIT))
    ((uid,),) = ask(city, "SELECT uid FROM visit")
    result = put(city, "visit", sheet("visit", VISIT | {"place": "另一处"}, uid=uid))
    assert (result.added, result.updated) == (0, 1)
    assert ask(city, "SELECT uid, place FROM visit") == [(uid, "另一处")]


def test_a_new_uid_is_kept_and_one_that_is_none_is_told(city):
    uid = "01390000-0000-7000-8000-000000000001"
    assert put(city, "visit", sheet("visit", VISIT, uid=uid)).added == 1
    assert ask(city, "SELECT uid FROM visit") == [(uid,)]
    result = put(city, "visit", sheet("visit", VISIT, uid="7"))
    assert (1, "uid", "visit.bad_uid") in told(result)


def test_the_first_key_that_is_filled_decides(city):
    row = rows_of("enterprise")[0]
    put(city, "enterprise", sheet("enterprise", row))
    assert put(city, "enterprise", sheet("enterprise", row | {"name": "改了名的公司"})).updated == 1
    without = row | {
        "uscc": "",
        "verify_state": "0",
        "verify_date": "",
        "verifier": "",
        "name": "改了名的公司",
    }
    result = put(city, "enterprise", sheet("enterprise", without), reason="样本")
    assert (result.added, result.updated) == (0, 1)


def test_two_hits_are_a_finding(city):
    put(city, "visit", sheet("visit", VISIT))
    put(city, "visit", sheet("visit", VISIT | {"place": "乙厂"}))
    with city.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE visit SET place = ?", (VISIT["place"],))
    result = put(city, "visit", sheet("visit", VISIT | {"workers": "5"}))
    assert (1, None, "visit.two_hits") in told(result)


def test_two_rows_of_a_sheet_that_mean_one_record_are_a_finding(city):
    put(city, "visit", sheet("visit", VISIT))
    result = put(city, "visit", sheet("visit", VISIT, VISIT | {"workers": "5"}))
    assert (2, None, "visit.same_row") in told(result)
    ((uid,),) = ask(city, "SELECT uid FROM visit")
    result = put(city, "visit", sheet("visit", VISIT, VISIT | {"place": "乙厂"}, uid=uid))
    assert (2, "uid", "visit.same_row") in told(result)


def test_a_hit_in_a_row_of_another_installation_is_a_finding(city):
    put(city, "visit", sheet("visit", VISIT))
    with city.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE visit SET origin = '511102400017'")
    ((uid,),) = ask(city, "SELECT uid FROM visit")
    for table, place in ((sheet("visit", VISIT), None), (sheet("visit", VISIT, uid=uid), "uid")):
        result = put(city, "visit", table)
        assert (1, place, "visit.other_origin") in told(result)
        assert "511102400017" in result.findings[0].message


def test_rows_of_another_unit_are_other_records(city):
    put(city, "visit", sheet("visit", VISIT, unit="511102000013"))
    assert put(city, "visit", sheet("visit", VISIT, unit="511111000015")).added == 1
    assert put(city, "visit", sheet("visit", VISIT, 填报单位="511111000015")).unchanged == 1


def test_a_voided_row_is_no_match_by_key_and_is_told_by_uid(city):
    put(city, "visit", sheet("visit", VISIT))
    ((uid,),) = ask(city, "SELECT uid FROM visit")
    with city.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE visit SET deleted = 1")
    assert (1, "uid", "visit.voided") in told(put(city, "visit", sheet("visit", VISIT, uid=uid)))
    assert put(city, "visit", sheet("visit", VISIT)).added == 1


def test_what_a_sheet_does_not_say_about_a_known_record_stays(city):
    put(city, "visit", sheet("visit", VISIT | {"duty": "主席", "mood": "平稳"}))
    row = {name: text for name, text in VISIT.items() if name not in ("duty", "mood")}
    put(city, "visit", sheet("visit", row | {"workers": "7"}))
    assert ask(city, "SELECT duty, mood, workers FROM visit") == [("主席", "平稳", 7)]


def test_a_draft_is_completed_by_a_sheet(city):
    put(city, "visit", sheet("visit", VISIT | {"workers": "一百"}), drafts=True)
    assert ask(city, "SELECT record_state FROM visit") == [("draft",)]
    result = put(city, "visit", sheet("visit", VISIT))
    assert (result.added, result.updated) == (0, 1)
    assert ask(city, "SELECT record_state, rev FROM visit") == [("confirmed", 1)]


# Checks and reasons -----------------------------------------------------------------------


def test_an_error_anywhere_changes_nothing(city):
    rows = [
        VISIT,
        VISIT | {"place": "乙厂", "households": "999"},
        VISIT | {"place": "丙厂", "visitor": ""},
    ]
    before = state(city)
    result = put(city, "visit", sheet("visit", *rows), reason="样本说明")
    assert (result.added, result.refused) == (0, True)
    assert (3, "visitor", "visit.visitor.required") in told(result)
    assert all(finding.record is None for finding in result.findings)
    assert state(city) == before


def test_a_warning_changes_nothing_without_a_reason_and_passes_with_one(city):
    row = VISIT | {"transferred": "2"}
    before = state(city)
    result = put(city, "visit", sheet("visit", row))
    assert (told(result), result.refused) == ([(1, "transferred", "Y01")], True)
    assert state(city) == before
    result = put(city, "visit", sheet("visit", row), reason="诉求下周补录")
    assert (result.added, result.refused, result.findings[0].explained) == (
        1,
        False,
        "诉求下周补录",
    )
    assert ask(city, 'SELECT "check", text FROM check_note') == [("Y01", "诉求下周补录")]
    with city.read() as connection:
        found = checking.check_rows(
            connection, city.tables, city.pack, "visit", None, context_at(city, DAY)
        )
    assert [(finding.code, finding.explained) for finding in found] == [("Y01", "诉求下周补录")]
    assert put(city, "visit", sheet("visit", row)).unchanged == 1


def test_trying_out_changes_nothing_and_says_what_would_come(city):
    before = state(city)
    result = put(city, "visit", sheet("visit", VISIT, VISIT | {"place": "乙厂"}), dry_run=True)
    assert (result.added, result.refused) == (2, False)
    assert state(city) == before


def test_changing_a_sent_row_is_a_correction_and_asks_for_its_reason(city):
    put(city, "visit", sheet("visit", VISIT))
    with city.write() as transaction:
        transaction.connection.exec_driver_sql(
            "UPDATE visit SET record_state = 'sent', packet = 'p1'"
        )
    assert put(city, "visit", sheet("visit", VISIT)).unchanged == 1
    changed = sheet("visit", VISIT | {"workers": "5"})
    assert told(put(city, "visit", changed)) == [(1, None, "visit.correction")]
    assert put(city, "visit", changed, reason="电话退回").updated == 1
    assert ask(city, "SELECT record_state, rev, packet FROM visit") == [("confirmed", 2, None)]
    assert ask(city, 'SELECT "check", text FROM check_note') == [("correction", "电话退回")]
    ((uid,),) = ask(city, "SELECT uid FROM visit")
    with city.read() as connection:
        entry = audit.history(connection, uid)[-1]
    assert (entry.act, entry.reason, entry.old["workers"]) == (
        "correct",
        "电话退回",
        int(VISIT["workers"]),
    )


def test_stopping_half_way_changes_nothing(city):
    def stop(done, _):
        if done == 3:
            raise Cancelled

    before = state(city)
    with pytest.raises(Cancelled):
        put(city, "visit", sheet("visit", VISIT), progress=stop)
    assert state(city) == before


def test_computed_fields_are_worked_out_and_a_different_figure_is_told(city):
    row = rows_of("hardship")[0]
    result = put(city, "hardship", sheet("hardship", row | {"income_pc": "1.00"}), period="2012Q3")
    assert [(finding.level, finding.code, finding.column) for finding in result.findings] == [
        ("hint", "hardship.income_pc.computed", "income_pc")
    ]
    assert ask(city, "SELECT income_pc FROM hardship") == [(round(float(row["income_pc"]) * 100),)]


# Units and periods ------------------------------------------------------------------------


def test_a_unit_that_is_no_code_or_not_ours_is_told_and_an_unknown_one_is_taken(offices):
    county = offices("county")
    rows = [
        VISIT | {"unit": unit, "place": f"{unit}厂"}
        for unit in ("511102400018", "511123000014", "511102400017", "511102000013", "")
    ]
    result = put(county, "visit", sheet("visit", *rows))
    assert [(row, column) for row, column, _ in told(result)] == [(1, "unit"), (2, "unit")]
    assert put(county, "visit", sheet("visit", *rows[2:])).added == 3
    assert [row[0] for row in ask(county, "SELECT unit FROM visit ORDER BY rowid")] == [
        "511102400017",
        "511102000013",
        "511102000013",
    ]


def test_a_ledger_row_takes_the_working_period_whatever_the_sheet_says(city):
    put(city, "visit", sheet("visit", VISIT, period="2012M01"))
    assert ask(city, "SELECT period FROM visit") == [("2012M08",)]
    put(city, "visit", sheet("visit", VISIT | {"workers": "5"}), period="2012M09")
    assert ask(city, "SELECT period FROM visit") == [("2012M09",)]


def test_without_a_day_or_period_the_earliest_open_one_is_taken(city):
    with city.write() as transaction:
        periods.close(transaction, "2012M01")
    intake.put(city, "visit", sheet("visit", VISIT | {"visit_date": "2012-01-05"}))
    assert ask(city, "SELECT period FROM visit") == [("2012M02",)]


def test_a_sheet_keeps_its_own_period(city):
    assert put(city, "unit_profile").added == 8
    assert {row[0] for row in ask(city, "SELECT period FROM unit_profile")} == {
        row["period"] for row in rows_of("unit_profile")
    }
    row = rows_of("unit_profile")[0]
    assert told(put(city, "unit_profile", sheet("unit_profile", row | {"period": "2012M08"}))) == [
        (1, "period", "unit_profile.period")
    ]
    assert told(put(city, "unit_profile", sheet("unit_profile", row | {"period": "三季度"}))) == [
        (1, "period", "unit_profile.period")
    ]


def test_a_closed_period_takes_no_ledger_row_and_a_sheet_only_as_a_correction(city):
    put(city, "unit_profile")
    with city.write() as transaction:
        for period in ("2012M08", "2012Q2", "2012Q3"):
            periods.close(transaction, period)
    with pytest.raises(InputError, match="I421"):
        put(city, "visit", sheet("visit", VISIT))
    table = sheet("unit_profile", rows_of("unit_profile")[0] | {"remark": "改"})
    assert "unit_profile.period_closed" in codes(
        put(city, "unit_profile", table, period="2012Q4", as_of=None)
    )
    assert put(city, "unit_profile", table, period="2012Q4", reason="数字有误").updated == 1


@pytest.mark.parametrize("period", ["2012-08", "2012Q3", "八月", "2012M13"])
def test_a_working_period_that_is_none_of_the_forms_is_refused(city, period):
    with pytest.raises(InputError, match="I420"):
        put(city, "visit", sheet("visit", VISIT), period=period)


# Forms ------------------------------------------------------------------------------------


def test_only_forms_that_are_there_and_that_this_level_writes_are_taken(city, offices):
    for form, details, code in (
        ("no_such_form", {}, "I450"), ("hardship_family", {}, "I451"), ("visit", {"hardship_family": sample("hardship_family")}, "I452"),
        ("check_note", {}, "I410"), ("change_request", {}, "I410"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=code):
            put(city, form, Table(form, ["record"], [["x"]]), details)
    with pytest.raises(InputError, match="I410"):
        put(offices("grassroots"), "enterprise")


def test_system_tables_are_put_by_their_own_rules(city):
    share = {
        "indicator": "A1_innovation",
        "unit": "511102000013",
        "year": "2012",
        "value": "30",
        "doc_no": "乐工发〔2012〕55号",
    }
    assert put(city, "target_share", sheet("target_share", share)).added == 1
    assert put(city, "target_share", sheet("target_share", share | {"value": "31"})).updated == 1
    result = put(
        city, "target_share", sheet("target_share", share | {"year": "1900", "indicator": ""})
    )
    assert {"target_share.indicator.required", "target_share.year.range"} <= set(codes(result))
    duty = {
        "unit": "511102000013",
        "form": "visit",
        "duty": "有则报",
        "period_from": "2012M09",
        "reason": "试点",
        "who": "市总",
    }
    assert put(city, "obligation", sheet("obligation", duty)).added == 1
    assert ask(city, "SELECT duty, period_from FROM obligation") == [("if_any", "2012M09")]
    assert "obligation.duty.unreadable" in codes(
        put(city, "obligation", sheet("obligation", duty | {"duty": "随意"}))
    )
    assert whole(city)


# Details ----------------------------------------------------------------------------------


def family(*rows):
    return {"hardship_family": sheet("hardship_family", *rows)}


HARD = {name: text for name, text in rows_of("hardship")[0].items() if name != "income_pc"}
TWO, THREE = HARD | {"family_size": "2"}, HARD | {"family_size": "3"}
CHILD, SPOUSE = (row | {"hardship": HARD["file_no"]} for row in rows_of("hardship_family")[:2])


def test_details_enter_with_their_parents_and_keep_their_order(city):
    assert put(city, "hardship", sheet("hardship", THREE), family(CHILD, SPOUSE)).added == 1
    ((uid,),) = ask(city, "SELECT uid FROM hardship")
    rows = get(city, "hardship", uid).details["hardship_family"]
    assert [(row.position, row.values["name"]) for row in rows] == [
        (1, CHILD["name"]),
        (2, SPOUSE["name"]),
    ]
    assert whole(city)


def test_changing_a_detail_is_a_new_revision_of_the_parent_and_keeps_the_other_rows(city):
    put(city, "hardship", sheet("hardship", THREE), family(CHILD, SPOUSE))
    before = ask(city, "SELECT uid, name FROM hardship_family ORDER BY position")
    changed = family(CHILD | {"school_or_unit": "某大学"}, SPOUSE)
    result = put(city, "hardship", sheet("hardship", THREE), changed)
    assert (result.updated, result.unchanged) == (1, 0)
    assert ask(city, "SELECT rev FROM hardship") == [(2,)]
    assert ask(city, "SELECT uid, name FROM hardship_family ORDER BY position") == before
    assert put(city, "hardship", sheet("hardship", THREE), changed).unchanged == 1
    assert put(city, "hardship", sheet("hardship", TWO), family(SPOUSE)).updated == 1
    assert ask(city, "SELECT name, position FROM hardship_family") == [(SPOUSE["name"], 1)]
    assert whole(city)


def test_without_a_detail_sheet_details_stay_as_they_are(city):
    put(city, "hardship", sheet("hardship", HARD), family(CHILD))
    assert put(city, "hardship", sheet("hardship", HARD | {"phone": "13908330099"})).updated == 1
    assert ask(city, "SELECT name FROM hardship_family") == [(CHILD["name"],)]
    assert put(
        city, "hardship", sheet("hardship", HARD | {"phone": "13908330099"}), family()
    ).unchanged in (0, 1)


def test_a_detail_sheet_may_name_a_parent_that_is_only_in_the_store(city):
    put(city, "hardship", sheet("hardship", TWO), family(CHILD))
    mine = rows_of("hardship_family")[1:3]
    result = put(
        city,
        "hardship",
        sheet("hardship", rows_of("hardship")[1]),
        family(CHILD | {"school_or_unit": "某大学"}, *mine),
    )
    assert (result.added, result.updated) == (1, 1)
    assert ask(
        city, "SELECT school_or_unit FROM hardship_family WHERE name = ?", CHILD["name"]
    ) == [("某大学",)]
    assert ask(city, "SELECT count(DISTINCT parent) FROM hardship_family") == [(2,)]
    assert whole(city)


def test_detail_rows_without_a_parent_are_told(city):
    result = put(
        city,
        "hardship",
        sheet("hardship", HARD),
        family(CHILD | {"hardship": "不在的档案"}, SPOUSE | {"hardship": ""}),
    )
    assert [(finding.form, finding.row, finding.code) for finding in result.findings] == [
        ("hardship_family", 1, "hardship_family.no_parent"), ("hardship_family", 2, "hardship_family.no_parent"),
    ]  # fmt: skip
    rows = [{name: text for name, text in CHILD.items() if name != "hardship"}]
    assert "hardship_family.missing_column" in codes(
        put(city, "hardship", sheet("hardship", HARD), family(*rows))
    )


def test_a_detail_of_a_record_of_another_installation_is_told(city):
    put(city, "hardship", sheet("hardship", HARD))
    with city.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE hardship SET origin = '511102400017'")
    other = rows_of("hardship")[1]
    result = put(city, "hardship", sheet("hardship", other), family(CHILD))
    assert codes(result) == ["hardship_family.other_origin"]


def test_findings_of_details_stand_at_the_row_and_column_of_their_sheet(city):
    rows = family(CHILD | {"name": ""}, SPOUSE | {"birth_date": "昨天"}, CHILD | {"kin": ""})
    result = put(city, "hardship", sheet("hardship", HARD), rows)
    found = {
        (finding.form, finding.row, finding.column)
        for finding in result.findings
        if finding.code != "H02"
    }
    assert found == {
        ("hardship_family", 1, "name"),
        ("hardship_family", 2, "birth_date"),
        ("hardship_family", 3, "kin"),
    }


def test_a_parent_may_be_named_by_a_key_that_fits_two_rows_of_the_sheet(city):
    row = rows_of("visit")[0] | {"transferred": "0"}
    table = sheet(
        "contest",
        rows_of("contest")[0],
        rows_of("contest")[0] | {"start_date": "2012-05-05", "end_date": ""},
    )
    details = {
        "contest_unit": sheet(
            "contest_unit", rows_of("contest_unit")[0] | {"contest": rows_of("contest")[0]["name"]}
        )
    }
    result = put(city, "contest", table, details, reason="样本")
    assert "contest_unit.parents" in codes(result)
    assert row


# Drafts -----------------------------------------------------------------------------------


def test_with_drafts_good_rows_go_in_and_the_rest_waits(city):
    rows = [
        VISIT,
        VISIT | {"place": "乙厂", "workers": "一百二"},
        VISIT | {"place": "丙厂", "transferred": "3"},
        VISIT | {"visitor": ""},
    ]
    result = put(city, "visit", sheet("visit", *rows), drafts=True)
    assert (result.added, result.drafts, result.refused) == (1, 3, False)
    assert ask(city, "SELECT place, record_state, workers FROM visit ORDER BY rowid")[1:] != []
    states = dict(ask(city, "SELECT place || coalesce(visitor, ''), record_state FROM visit"))
    assert sorted(states.values()) == ["confirmed", "draft", "draft", "draft"]
    ((uid,),) = ask(city, "SELECT uid FROM visit WHERE place = '乙厂'")
    with city.read() as connection:
        kept = drafts.load_drafts(connection)
    assert [(one.uid, one.fields, one.open) for one in kept] == [
        (uid, {"workers": "一百二"}, False)
    ]
    assert whole(city)


def test_with_drafts_a_confirmed_record_keeps_its_row_and_gets_an_edit(city):
    put(city, "visit", sheet("visit", VISIT))
    before = ask(city, "SELECT * FROM visit")
    result = put(
        city,
        "visit",
        sheet("visit", VISIT | {"workers": "很多", "duty": "副主席", "goods": "500"}),
        drafts=True,
    )
    assert (result.updated, result.drafts) == (0, 1)
    assert ask(city, "SELECT * FROM visit") == before
    with city.read() as connection:
        (edit,) = drafts.load_drafts(connection)
        assert edit.base_digest == audit.newest_digest(connection, edit.uid)
    assert (edit.base_rev, edit.fields) == (
        1,
        {"workers": "很多", "duty": "副主席", "goods": "500.00"},
    )


def test_with_drafts_a_row_that_another_needs_is_judged_with_it(city):
    """The row that repeats a draft's key is no duplicate any more once the other is put aside."""
    twin = VISIT | {"households": "999"}
    result = put(city, "visit", sheet("visit", twin, VISIT), drafts=True)
    assert (result.added, result.drafts) == (1, 1)


def test_with_drafts_details_go_with_their_parent(city):
    result = put(
        city,
        "hardship",
        sheet("hardship", HARD),
        family(CHILD | {"birth_date": "昨天"}, SPOUSE),
        drafts=True,
    )
    assert (result.added, result.drafts) == (0, 1)
    ((uid,),) = ask(city, "SELECT uid FROM hardship WHERE record_state = 'draft'")
    assert [
        row.values["name"] for row in get(city, "hardship", uid).details["hardship_family"]
    ] == [CHILD["name"], SPOUSE["name"]]
    with city.read() as connection:
        (kept,) = drafts.load_drafts(connection)
    assert [row.fields for row in kept.details["hardship_family"]] == [{"birth_date": "昨天"}]
    assert whole(city)


def test_what_belongs_to_no_row_refuses_the_sheet_with_drafts_too(city):
    before = state(city)
    assert put(city, "visit", sheet("visit", VISIT, 身高="1"), drafts=True).refused
    assert put(
        city, "hardship", sheet("hardship", HARD), family(CHILD | {"hardship": ""}), drafts=True
    ).refused
    assert state(city) == before


# All samples ------------------------------------------------------------------------------


def test_every_sample_file_reads_back_through_put_unchanged(sampled, pack):
    for name in ORDER:
        if not pack.forms[name].detail_of:
            result = put(sampled, name, reason="样本")
            assert (result.added, result.updated, result.unchanged) == (0, 0, 8), name


def test_a_confirmed_record_put_as_it_is_stays_as_it_is(sampled):
    ((uid,),) = ask(sampled, "SELECT uid FROM visit ORDER BY rowid LIMIT 1")
    again = confirm(sampled, dataclasses.replace(get(sampled, "visit", uid)))
    assert again.rev == 2
    assert put(sampled, "visit", reason="样本").unchanged == 8
