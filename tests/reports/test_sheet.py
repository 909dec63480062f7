"""Record sheets: numbers in boxes, masks, ticks, opinions, what hides and what does not apply."""

from dataclasses import replace

from tests.reports import looking, papers


def drawn(trace):
    return [text for _, text, *_ in trace.texts]


def sheet(name, form, place=0, **changes):
    record = papers.samples()[form][place]
    record = replace(record, values={**record.values, **changes})
    content, trace = looking.printed(name, papers.MemorySource({form: [record]}), record=record.uid)
    looking.examine(content, trace)
    return record, drawn(trace)


def test_the_number_stands_in_full_only_where_the_person_signs_and_never_for_the_family():
    record, signed = sheet("R10", "hardship")
    number = record.values["person_id"]
    assert number in "".join(signed)
    assert "本人声明" in signed
    _, generic = sheet("hardship-sheet", "hardship")
    assert number not in "".join(generic)
    assert f"{number[:6]}********{number[-4:]}" in generic
    for row in record.details["hardship_family"]:
        family = row.values["person_id"]
        assert f"{family[:6]}********{family[-4:]}" in signed


def test_a_students_number_stays_masked_on_the_sheet_the_parent_signs():
    record, texts = sheet("R14", "school_aid")
    assert record.values["student_id"] not in "".join(texts)
    assert "金秋助学申请审批表" in "".join(texts).replace(" ", "")


def test_the_reason_for_a_missing_number_shows_only_where_the_number_is_missing():
    _, texts = sheet("R10", "hardship")
    assert not any("证件号暂缺" in text for text in texts)
    _, texts = sheet("R10", "hardship", person_id=None, id_missing="1", birth_date="1970-01-02")
    assert any("证件号暂缺" in text for text in texts)
    assert "待补" in texts
    assert "1970年1月2日" in texts


def test_the_date_of_consent_is_left_to_the_pen():
    _, texts = sheet("R10", "hardship", consent_date="2012-08-01")
    assert "知情同意日期" in texts
    assert "2012年8月1日" not in texts


def test_what_is_asked_only_in_another_case_prints_a_dash_and_what_is_undecided_stays_blank():
    _, texts = sheet("aid-sheet", "aid", posts=None)
    assert "—" in texts
    _, texts = sheet("hardship-sheet", "hardship", approval=None, approve_date=None)
    assert "审批结果" in texts
    assert "—" not in texts


def test_a_person_signs_and_each_level_gives_its_opinion():
    _, texts = sheet("R10", "hardship")
    assert "基层工会意见：" in texts
    assert "县（市、区）总工会意见：" in texts
    assert texts.count("（盖　章）") == 2
    _, texts = sheet("R09", "team_brand")
    assert texts.count("（盖　章）") == 3
    _, texts = sheet("proposal-sheet", "proposal")
    assert texts.count("（盖　章）") == 1


def test_ticks_stand_before_the_chosen_items_only():
    _, texts = sheet("hardship-sheet", "hardship", need="1;2", model_worker=0, zero_job=1)
    assert texts.count("√") == 4
    assert "生活救助" in texts[texts.index("√") :]


def test_a_code_that_the_list_no_longer_has_prints_as_it_is():
    _, texts = sheet("hardship-sheet", "hardship", need="1;ZZ")
    assert "生活救助；ZZ" in texts


def test_details_without_rows_say_none():
    record = papers.samples()["hardship"][0]
    bare = replace(record, details={})
    _, trace = looking.printed(
        "hardship-sheet", papers.MemorySource({"hardship": [bare]}), record=bare.uid
    )
    assert "无" in drawn(trace)


def test_a_sheet_names_the_unit_the_record_is_about_and_not_the_office_that_prints():
    _, texts = sheet("hardship-sheet", "hardship")
    assert "填报单位：511123400042工会" in texts
    record = papers.samples()["unit_profile"][0]
    _, trace = looking.printed("unit_profile-sheet", papers.sample_source(), record=record.uid)
    assert f"填报单位（盖章）：{record.unit}工会" in drawn(trace)


def test_opinions_never_stand_on_a_page_without_rows():
    for form in papers.pack().top_forms:
        _, trace = looking.printed(f"{form.id}-blank", papers.MemorySource({}))
        last = max(page for page, *_ in trace.texts)
        cells = [cell for page, _, _, _, cell in trace.texts if page == last and cell is not None]
        rows = {round(cell.y) for cell in cells if cell.height < 45 * looking.MM}
        assert rows, form.id


def test_many_detail_rows_go_on_overleaf_under_their_heads():
    record = papers.Inventor(4).record(papers.pack().forms["sports_team"], 1, details=60)
    content, trace = looking.printed(
        "sports_team-sheet", papers.MemorySource({"sports_team": [record]}), record=record.uid
    )
    pages = looking.examine(content, trace)
    assert len(pages) >= 3
    rows = {page for page, text, *_ in trace.texts if text.isdecimal() and int(text) <= 60}
    heads = {page for page, text, *_ in trace.texts if text == "序号"}
    assert heads >= rows - {1}


def test_blanks_are_numbered_and_carry_the_version_of_the_package():
    content, trace = looking.printed("hardship-blank", papers.MemorySource({}), sheet_number=12)
    texts = drawn(trace)
    assert f"第 12 张　任务包版本 {papers.pack().version}" in texts
    assert "√" not in texts
    assert "低保户" in texts
    assert "李晓芸" not in "".join(texts)
    assert len(content) < 200_000
