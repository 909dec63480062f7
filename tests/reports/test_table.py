"""Statistical tables: heads, totals, quotients, ranks, nil reports, notes, what keeps together."""

import io
import random
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from tests.reports import full, looking, papers
from union_desk.reports import printing
from union_desk.reports.block_figures import Figures, number_text
from union_desk.taskpack.paper_blocks import Counts, Explained, RowKey
from union_desk.taskpack.period import Period

TABLES = [
    name
    for name, report in papers.pack().reports.items()
    if report.layout in {"table", "matrix"} and (report.body.blocks or report.body.subject)
]


def drawn(name, source):
    content, trace = looking.printed(name, source)
    pages = looking.examine(content, trace)
    return pages, [text for _, text, *_ in trace.texts], trace


@pytest.mark.parametrize("case", random.Random(2012).sample(full.report_cases(), 16), ids=str)
def test_a_report_with_any_rows_holds_the_rules(case):
    full.hold_figures(case)


def test_every_table_says_the_day_of_its_data_and_what_was_filed():
    for name in TABLES:
        _, trace = looking.printed(name, papers.targets_source(many=1))
        texts = [text for _, text, *_ in trace.texts]
        assert "数据截至2012年8月31日，应报29张、已报27张" in looking.tight("".join(texts)), name


def figures(**columns):
    """The first table of innovations and proposals with counted columns of our own."""
    block = papers.pack().reports["R08"].body.block("proposal")
    rows = tuple(RowKey(key, key) for key in next(iter(columns.values())))
    totals = {name: sum(found.values()) for name, found in columns.items()}
    return Figures(block, Counts(rows, columns, totals))


def test_a_quotient_is_worked_out_last_and_never_averaged():
    found = figures(**{"建议（件）": {"1": 3, "2": 1000}, "采纳（件）": {"1": 3, "2": 10}})
    assert found.text("1", "采纳率%") == "100.0"
    assert found.text("2", "采纳率%") == "1.0"
    assert found.text("total", "采纳率%") == "1.3"


def test_a_quotient_over_nothing_is_a_dash_and_ties_round_up():
    found = figures(**{"建议（件）": {"1": 0, "2": 2000}, "采纳（件）": {"1": 0, "2": 1}})
    assert found.text("1", "采纳率%") == "—"
    assert found.text("2", "采纳率%") == "0.1"


def test_ranks_are_shared_and_rows_stand_by_rank_and_the_total_has_none():
    block = papers.pack().reports["R24"].body.block("adopted")
    points = {"a": 5, "b": 20, "c": 5}
    counts = Counts(tuple(RowKey(key, key) for key in "abc"), {"得分": points}, {"得分": 30})
    found = Figures(block, counts)
    assert [row.key for row in found.rows] == ["b", "a", "c"]
    assert [found.text(key, "排名") for key in "abc"] == ["2", "1", "2"]
    assert found.text("total", "排名") == "—"


def test_money_prints_in_yuan_or_in_ten_thousands_to_the_hundredth():
    assert number_text(123_456_789, "money", fen=True) == "1,234,567.89"
    assert number_text(123_456_789, "wan", fen=True) == "123.46"
    assert number_text(500_000, "wan", fen=True) == "0.50"
    assert number_text(None, "number", fen=False) == "—"


def test_a_month_without_any_risk_is_a_nil_report_marked_as_internal():
    _, texts, _ = drawn("R19", papers.sample_source(many=0, style="empty"))
    assert "本期零报告" in texts
    assert "内部资料" in texts


def sums_of(trace, word):
    """Page, number of rows and last sum of every row of sums with that title."""
    found = []
    for page, text, _, _, cell in trace.texts:
        title = re.fullmatch(rf"{' *'.join(word)}　(\d+) 条", text.replace("　　", " "))
        if title:
            beside = [
                other
                for number, other, _, _, box in trace.texts
                if number == page and box is not None and abs(box.y - cell.y) < 0.1
            ]
            found.append((page, int(title[1]), int(beside[-1].replace(",", ""))))
    return found


def test_a_list_without_rows_says_so():
    _, texts, _ = drawn("R17", papers.sample_source(many=0, style="empty"))
    assert "本期无" in texts


def test_heads_stand_again_on_every_page_of_a_long_list():
    pages, texts, _ = drawn("R15", papers.sample_source(many=60))
    assert texts.count("就业日期") >= len(pages) - 2 >= 1


@pytest.mark.parametrize("many", [2, 19, 25, 60])
def test_page_sums_of_a_list_add_to_its_running_sum_and_its_total(many):
    source = papers.targets_source(many=many, style="plain")
    content, trace = looking.printed("R06", source)
    block = papers.pack().reports["R06"].body.block("ledger")
    rows = list(source.listing(block, None))
    whole = sum(row.values["covered_employees"] for row in rows)
    found = {word: sums_of(trace, word) for word in ("本页小计", "累计", "合计")}
    pages = {page for page, *_ in found["本页小计"]}
    assert (many > 18) == (len(pages) > 1)
    assert sum(count for _, count, _ in found["本页小计"]) == (many if pages else 0)
    assert sum(last for *_, last in found["本页小计"]) == (whole if pages else 0)
    assert found["合计"][-1][1:] == (many, whole)
    so_far = 0
    for (page, _, last), (other, _, running) in zip(found["本页小计"], found["累计"], strict=False):
        so_far += last
        assert (page, so_far) == (other, running)
    looking.nothing_sticks_out(trace, PdfReader(io.BytesIO(content)))


def test_sums_too_long_for_one_line_stay_above_the_foot():
    full.hold_figures(full.ReportCase("R06", "huge", 40, "grassroots"))


def explained(count):
    return tuple(
        Explained("会员名册", f"M{n:02}", "年龄小于16周岁", f"第{n}种情况，已核对原件。", n)
        for n in range(1, count + 1)
    )


def test_explanations_of_passed_warnings_stand_below_the_table():
    pages, texts, _ = drawn("R20", papers.sample_source(why=explained(2)))
    text = looking.tight("".join(texts))
    assert "审核说明：1.会员名册：年龄小于16周岁。说明：第1种情况，已核对原件。" in text
    assert "第2种情况，已核对原件。（2条）" in text
    assert len(pages) == 1


@pytest.mark.parametrize("name", ["R30", "R31", "hardship-sheet", "R10", "unit_profile-sheet"])
@pytest.mark.parametrize("count", [1, 5, 6])
def test_targets_comparisons_and_sheets_tell_explanations_too(name, count):
    form = {"R10": "hardship"}.get(name, name.removesuffix("-sheet"))
    record = next((row.uid for row in papers.samples().get(form, ())), None)
    source = papers.targets_source(why=explained(count))
    content, trace = looking.printed(name, source, record=record)
    pages = looking.examine(content, trace)
    assert f"第{count}种情况" in "".join(pages)
    assert ("审核说明（附页）" in "".join(pages)) == (count > 5)
    if record is None:
        public = printing.prepare(papers.pack(), name, source).public().draw(made=looking.MADE)
        assert "种情况" not in "".join(looking.page_texts(public)), "free text stays home"


def test_long_explanations_stand_on_an_annex_page_too():
    why = (Explained("会员名册", "M01", "年龄小于16周岁", "情" * 500, 1),) * 2
    pages, _, _ = drawn("R30", papers.targets_source(why=why))
    assert "审核说明（附页）" in pages[-1]


def test_a_paper_asks_for_the_explanations_of_what_stands_behind_it():
    asked = []

    class Asked(papers.MemorySource):
        def explained(self, forms, period, record=None):
            asked.append((set(forms), record))
            return ()

    source = Asked(papers.targets_source().rows, figures=papers.targets_source().figures)
    for name, record in (("R31", None), ("member-sheet", "member-0001"), ("member-roster", None)):
        printing.prepare(papers.pack(), name, source, record=record).draw()
    assert {"enterprise", "contest"} <= asked[0][0]
    assert asked[1:] == [({"member"}, "member-0001"), ({"member"}, None)]


def test_more_than_five_stand_on_an_annex_page():
    pages, texts, _ = drawn("R20", papers.sample_source(why=explained(6)))
    assert "审核说明（附页）" in texts
    assert "第6种情况" in pages[-1]
    assert "第6种情况" not in pages[0]
    assert "审核说明共6条，见附页" in pages[0]


def test_explanations_of_a_rosters_rows_stand_behind_them():
    pages, texts, _ = drawn("R05", papers.sample_source(why=explained(1)))
    assert "审核说明（附页）" in texts
    assert "第1种情况" in pages[-1]
    assert len(pages) == 2


def test_the_code_changes_with_a_figure_but_not_with_an_explanation_or_a_name():
    def code(**changes):
        return printing.prepare(papers.pack(), "R20", papers.sample_source(**changes)).digest

    assert code() == code(unit_name="犍为县总工会（改名）")
    assert code() == code(why=explained(1))
    assert code() != code(as_of="2012-08-30")


def test_the_span_of_the_figures_stands_in_the_middle_of_the_line():
    _, texts, _ = drawn("R07", papers.sample_source())
    assert "2012年1—8月" in texts
    _, texts, _ = drawn("R19", papers.sample_source())
    assert "2012年8月" in texts
    _, texts, _ = drawn("R06", papers.sample_source())
    assert "截至2012年8月31日" in texts
    january = papers.sample_source(period=Period.parse("2012M01"), as_of="2012-01-31")
    _, texts, _ = drawn("R07", january)
    assert "2012年1月" in texts


def test_a_block_of_one_level_is_not_printed_by_another():
    _, county, _ = drawn("R06", papers.sample_source(level="county"))
    _, grassroots, _ = drawn("R06", papers.sample_source(level="grassroots"))
    assert any("重点突破" in text for text in county)
    assert not any("重点突破" in text for text in grassroots)


def test_figures_follow_the_rows_of_a_roster_on_pages_of_their_own():
    pages, texts, _ = drawn("R16", papers.sample_source())
    assert any("结论只计人数" in text for text in texts)
    assert "体检机构" in pages[-2]
    assert not any("建议复查" in page for page in pages[:1])


class TestComparison:
    def test_units_stand_beside_each_other_on_three_sheets_of_five_targets_each(self):
        pages, texts, _ = drawn("R31", papers.targets_source())
        assert len(pages) == 3
        for page in pages:
            assert "合计" in page
            assert "马边彝族自治县" in page
        assert "15项中达标" in looking.tight("".join(texts))

    def test_an_undivided_target_is_said_and_has_no_place_and_no_percentage(self):
        class Undivided(papers.MemorySource):
            def progress_below(self, as_of):
                return [
                    (code, name, tuple(replace(item, target=None, gap=None) for item in found))
                    for code, name, found in super().progress_below(as_of)
                ]

        source = Undivided(dict(papers.samples()), figures=papers.targets_source().figures)
        _, texts, _ = drawn("R31", source)
        assert "未分解" in texts
        assert not any("平均" in text and "综合" in text for text in texts)

    def test_what_lags_is_marked_by_an_arrow_beside_its_grey(self):
        _, texts, _ = drawn("R31", papers.targets_source())
        assert any(text.endswith("↓") for text in texts)
        assert any(text.endswith("↑") for text in texts)


class TestFilingMatrix:
    def test_it_says_what_each_mark_means_and_counts_only_what_must_be_filed(self):
        source = papers.targets_source(many=1)
        owed = source.owed()
        known = {code for _, _, codes in source.tree() for code in codes}
        must = [item for item in owed if item.duty == "must" and item.unit in known]
        done = [item for item in must if item.state in {"sent", "nil", "received"}]
        _, texts, _ = drawn("R32", source)
        text = looking.tight("".join(texts))
        assert "●已报" in text
        assert "逾期未报" in text
        place = texts.index("合　　计")
        assert str(len(must)) in texts[place:]
        assert str(len(done)) in texts[place:]
