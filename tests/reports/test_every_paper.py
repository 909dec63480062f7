"""Every form's sheet, roster and blank, with rows from none to many, plain and hostile.

Here a seeded sample runs; ``python -m tests.reports.full`` runs all of it.
"""

import random

import pytest

from tests.reports import full, looking, papers

SAMPLE = 20


@pytest.fixture(scope="module", autouse=True)
def _say_how_many(record_testsuite_property):
    record_testsuite_property("papers", f"{SAMPLE} of {len(full.cases())}")


@pytest.mark.parametrize("case", random.Random(2012).sample(full.cases(), SAMPLE), ids=str)
def test_a_paper_of_any_form_holds_the_rules(case):
    full.hold(case)


@pytest.mark.parametrize(
    "case",
    [
        full.Case("member", "roster", "rare", 12), full.Case("hardship", "sheet", "longest", 5),
        full.Case("aid", "blank", "empty", 0), full.ReportCase("R06", "huge", 40, "county"),
        full.ReportCase("R35", "plain", 9, "city"),
    ],
    ids=str,
)  # fmt: skip
def test_stock_tools_see_fonts_texts_pages_and_code_and_a_second_drawing_is_equal(case):
    (full.hold if isinstance(case, full.Case) else full.hold_figures)(case, stock=True)


@pytest.mark.parametrize("form", [form.id for form in papers.pack().top_forms])
def test_a_plain_sheet_of_each_form_shows_every_value_and_fits(form):
    full.hold(full.Case(form, "sheet", "plain", 1))


@pytest.mark.parametrize(
    "report", [name for name in papers.pack().reports if name in full.drawn_reports()]
)
def test_each_report_that_is_drawn_prints_the_samples(report):
    full.hold_report(report)


def test_a_sheet_with_the_longest_texts_goes_on_overleaf_and_loses_nothing():
    form = max(
        papers.pack().top_forms, key=lambda form: sum(item.max_length or 0 for item in form.fields)
    )
    record = papers.Inventor(1, "longest").record(form, 1)
    content, trace = looking.printed(
        f"{form.id}-sheet", papers.MemorySource({form.id: [record]}), record=record.uid
    )
    pages = looking.examine(content, trace)
    assert len(pages) > 2
    longest = max((value for value in record.values.values() if isinstance(value, str)), key=len)
    assert any(looking.tight(longest) in column for column in looking.by_column(trace))
