"""The targets report: periods, rates, gaps, notes, chart."""

from dataclasses import replace

from tests.reports import looking, papers
from union_desk import indicators
from union_desk.taskpack.period import Period


def drawn(source):
    content, trace = looking.printed("R30", source)
    looking.examine(content, trace)
    return [text for _, text, *_ in trace.texts]


def row(texts, title):
    place = texts.index(title)
    return texts[place : place + 9]


def only(item_id, now, before=None, **changes):
    """Figures of one indicator: (numerator, denominator) at the end of August and of July."""
    item = papers.pack().indicators[item_id]
    target = indicators.target_for(item, root=True, share=None)
    days = {"2012-08-31": now} | ({"2012-07-31": before} if before else {})
    figures = {
        day: (
            indicators.progress(
                item,
                indicators.Totals(*pair),
                pack=papers.pack(),
                unit="1",
                as_of=day,
                target=target,
            ),
        )
        for day, pair in days.items()
    }
    return papers.targets_source(figures=figures, said={}, **changes)


def test_a_count_shows_what_the_period_added_its_share_of_the_target_and_the_rest():
    texts = drawn(only("A2_new_unions", (1500,), (1200,)))
    assert row(texts, "新增基层工会数")[1:8] == [
        "个",
        "2,000",
        "300",
        "1,500",
        "75.0",
        "66.7",
        "500",
    ]


def test_a_rate_shows_its_fraction_and_its_gap_in_points_and_no_share():
    texts = drawn(only("A2_union_rate", (864, 1000), (800, 1000)))
    assert row(texts, "企业法人单位建会率")[1:9] == [
        "%",
        "90",
        "—",
        "86.4",
        "864/1,000",
        "—",
        "—",
        "3.6点",
    ]


def test_a_rate_over_nothing_is_a_dash():
    texts = drawn(only("A2_union_rate", (0, 0)))
    assert row(texts, "企业法人单位建会率")[4:6] == ["—", "0/0"]


def test_a_reached_target_says_so():
    assert row(drawn(only("A2_new_unions", (2000,))), "新增基层工会数")[7] == "完成"
    assert row(drawn(only("A2_union_rate", (90, 100))), "企业法人单位建会率")[8] == "达标"


def test_what_lags_is_marked_and_gives_reason_and_measure():
    source = only("A2_new_unions", (300,), (200,))
    texts = drawn(replace(source, said={"A2_new_unions": ("企业少", "九月集中走访")}))
    assert "15.0 ↓" in texts
    assert "原因：企业少" in texts
    assert "措施：九月集中走访" in texts
    ahead = drawn(
        replace(only("A2_new_unions", (1900,)), said={"A2_new_unions": ("企业少", "九月集中走访")})
    )
    assert "原因：企业少" not in ahead


def test_the_first_period_of_the_year_adds_all_there_is():
    source = only("A2_new_unions", (300,), period=Period.parse("2012M01"), as_of="2012-01-31")
    item = papers.pack().indicators["A2_new_unions"]
    january = indicators.progress(
        item, indicators.Totals(300), pack=papers.pack(), unit="1", as_of="2012-01-31", target=2000
    )
    texts = drawn(replace(source, figures={"2012-01-31": (january,)}))
    assert row(texts, "新增基层工会数")[3:5] == ["300", "300"]


def test_the_day_of_the_data_and_the_filings_stand_below_and_the_pace_is_of_that_day():
    texts = "".join(drawn(papers.targets_source()))
    assert "数据截至2012年8月31日，应报29张、已报27张" in texts
    assert "时序进度66.7%" in texts


def test_the_chart_shows_counts_with_a_target_only():
    texts = drawn(papers.targets_source())
    chart = texts[texts.index("各项指标累计完成率（%）") :]
    assert "新增基层工会数" in chart
    assert "企业法人单位建会率" not in chart


def test_areas_carry_the_numbers_of_the_notice():
    texts = drawn(papers.targets_source())
    assert "（一）主力军作用" in texts
    assert "（七）信息工作" in texts
    assert "基础情况" in texts


def test_a_unit_without_figures_prints_one_row():
    assert "本期无" in drawn(papers.targets_source(figures={}))


def test_huge_figures_stay_inside_their_cells():
    figures = {"2012-08-31": papers.figures("2012-08-31", huge=True)}
    content, trace = looking.printed("R30", papers.targets_source(figures=figures))
    looking.examine(content, trace)
