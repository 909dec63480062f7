"""Rosters: sums, page cuts, column pages, money in words, masks."""

import re
from dataclasses import replace

import pytest

from tests.reports import looking, papers
from union_desk.reports import roster_layout
from union_desk.taskpack.money import amount_in_words, grouped_money


def drawn(trace, page=None):
    return [text for number, text, *_ in trace.texts if page in (None, number)]


def aid_rows(count, **changes):
    rows = papers.Inventor(count).records(papers.pack().forms["aid"], count)
    return [
        replace(row, values={**row.values, "amount": 100_050 + number, **changes})
        for number, row in enumerate(rows)
    ]


@pytest.mark.parametrize("count", [1, 9, 10, 11, 40])
def test_page_sums_add_to_the_running_sum_and_to_the_whole(count):
    rows = aid_rows(count)
    _, trace = looking.printed("R12", papers.MemorySource({"aid": rows}))
    pages = max(number for number, *_ in trace.texts)
    running = 0
    seen = 0
    for page in range(1, pages + 1):
        texts = drawn(trace, page)
        here = [row for row in rows if False]
        numbers = [
            int(text)
            for text in texts
            if text.isdecimal() and int(text) <= count and seen < int(text) <= seen + 40
        ]
        shown = [number for number in range(seen + 1, count + 1) if str(number) in texts]
        assert numbers
        here = rows[seen : seen + len(shown)]
        seen += len(here)
        subtotal = sum(row.values["amount"] for row in here)
        running += subtotal
        at = texts.index("本页小计")
        assert grouped_money(subtotal) in texts[at:]
        assert f"{len(here)} 人" in texts[at:]
        title = "合　　计" if page == pages else "累　　计"
        assert grouped_money(running) in texts[texts.index(title) :]
    assert seen == count
    assert running == sum(row.values["amount"] for row in rows)
    assert f"合计（大写）：{amount_in_words(running)}" in drawn(trace)
    assert "（以下空白）" in drawn(trace)


def test_signatures_stand_with_rows_on_every_page():
    _, trace = looking.printed("R12", papers.MemorySource({"aid": aid_rows(23)}))
    for page in range(1, max(number for number, *_ in trace.texts) + 1):
        texts = drawn(trace, page)
        assert "工会主席（签字）：" in texts
        assert "经办人（签字）：" in texts
        assert "序号" in texts
        assert any(re.fullmatch(r"511197\*{8}\d{3}[\dX]", text) for text in texts)


def test_a_roster_for_signing_names_somebody_in_every_row():
    rows = aid_rows(3)
    rows[1] = replace(rows[1], values={**rows[1].values, "name": None})
    _, trace = looking.printed("R12", papers.MemorySource({"aid": rows}))
    assert "2 人" in drawn(trace)


def test_an_empty_roster_says_so():
    _, trace = looking.printed("R05", papers.MemorySource({}))
    assert "本期无" in drawn(trace)
    assert "0 人" in drawn(trace)


def test_numbers_still_to_come_are_counted_below_the_sum():
    rows = papers.samples()["member"]
    late = replace(rows[0], values={**rows[0].values, "person_id": None, "id_missing": "1"})
    _, trace = looking.printed("R05", papers.MemorySource({"member": [late, *rows[1:]]}))
    assert "待补" in drawn(trace)
    assert any("其中证件号待补1人" in text for text in drawn(trace))


def test_a_wide_form_is_cut_into_column_pages_that_repeat_number_and_name():
    rows = papers.samples()["enterprise"]
    _, trace = looking.printed("enterprise-roster", papers.MemorySource({"enterprise": rows}))
    pages = max(number for number, *_ in trace.texts)
    assert pages > 1
    for page in range(1, pages + 1):
        texts = drawn(trace, page)
        assert "序号" in texts
        assert any("单位名称" in text for text in texts)
        assert any(f"这是第{page}张" in text for text in texts)


def test_sensitive_fields_stay_out_of_a_roster_unless_a_report_names_them():
    _, trace = looking.printed("hardship-roster", papers.sample_source())
    titles = looking.tight("".join(drawn(trace)))
    for item in papers.pack().forms["hardship"].fields:
        if item.sensitivity == 2 and item.type != "person_id":
            assert item.label not in titles, item.label
    _, trace = looking.printed("R11", papers.sample_source())
    assert "困难类别" in looking.tight("".join(drawn(trace)))


def test_monthly_and_yearly_incomes_have_no_sum():
    _, trace = looking.printed("school_aid-roster", papers.sample_source())
    assert "本页小计" in drawn(trace)
    assert not any("月人均收入（大写）" in text for text in drawn(trace))


def test_totals_never_stand_on_a_page_without_rows():
    assert roster_layout.cut([1] * 12, 12, 15, 2) == [(0, 10), (10, 12)]
    assert roster_layout.cut([1] * 12, 12, 15, 0) == [(0, 12)]
    assert roster_layout.cut([1] * 13, 12, 15, 2) == [(0, 12), (12, 13)]
    assert roster_layout.cut([1, 5, 5, 5], 10, 15, 1) == [(0, 2), (2, 4)]
    assert roster_layout.cut([1], 10, 15, 3) == [(0, 1)]
    assert roster_layout.cut([6, 6], 12, 15, 3) == [(0, 1), (1, 2)]


def test_a_name_of_thirty_characters_stands_whole_and_breaks_after_a_dot():
    rows = papers.samples()["member"]
    named = replace(rows[0], values={**rows[0].values, "name": papers.LONG_NAME})
    _, trace = looking.printed("R05", papers.MemorySource({"member": [named, *rows[1:]]}))
    parts = [text for text in drawn(trace) if text and text in papers.LONG_NAME and len(text) > 1]
    assert "".join(parts) == papers.LONG_NAME
    assert all(part.endswith("·") for part in parts[:-1])


@pytest.mark.parametrize(("name", "form"), [("R25", "aid"), ("R26", "school_aid")])
def test_a_paper_for_posting_up_has_no_number_phone_health_or_cause(name, form):
    content, trace = looking.printed(name, papers.sample_source())
    looking.examine(content, trace)
    looking.tells_nobody(trace)
    texts = [text for _, text, *_ in trace.texts]
    for item in papers.pack().forms[form].fields:
        if item.sensitivity > 1 or item.type in {"person_id", "phone"}:
            assert item.label not in texts
    assert not any("****" in text for text in texts)
