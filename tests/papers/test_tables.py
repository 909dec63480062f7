"""Counted tables as issued papers: a corrected figure voids them and is named by row and column."""

from tests.papers.offices import correct, first, issue, paper, receive
from union_desk.papers import comparing
from union_desk.reports import checkcode


def test_a_correction_that_changes_a_sum_voids_the_table_and_keeps_both_figures(county):
    made = issue(county, "R22")
    visit = first(county, "visit")
    correct(county, visit, workers=visit.values["workers"] + 7)
    gone = paper(county, made.serial)
    assert gone.state == "void"
    sums = [
        (before, after)
        for row, column, before, after in gone.changed_cells()
        if row == "t1|total" and column == "交流职工（人次）"
    ]
    assert sums
    assert all(int(after) - int(before) == 7 for before, after in sums)


def test_a_correction_of_what_no_column_counts_voids_nothing(county):
    made = issue(county, "R22")
    correct(county, first(county, "visit"), findings="另有发现")
    assert paper(county, made.serial).state == "issued"


def test_the_office_above_is_told_which_sum_differs(county, city):
    made = issue(county, "R22")
    receive(city, county)
    visit = first(county, "visit")
    with city.write() as transaction:
        transaction.connection.exec_driver_sql(
            "UPDATE visit SET workers = workers + 1 WHERE uid = ?", (visit.uid,)
        )
    verdict = comparing.check(city, checkcode.check_code(made.digest))
    assert verdict.words == "与电子数据不一致"
    assert any("交流职工" in item.place for item in verdict.differences), verdict.differences
