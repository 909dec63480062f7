"""A closed month keeps its figure; what was corrected since stands beside it."""

import json

from tests.store.sample_tables import CITY
from union_desk.desktop import analysis_tables
from union_desk.store import analysis, setting_rows

DAY = "2012-08-31"


def test_what_was_corrected_after_closing_stands_beside_the_figure_that_was_kept(
    connection, sample_store
):
    kept = {CITY: {"A6_visits": [5, None]}}
    setting_rows.write(connection, "frozen:2012M08", json.dumps(kept))
    found = analysis.look(connection, sample_store, "A6_visits", DAY)
    august = found.months[-1]
    assert (august.total.value, august.corrected.value, august.kept) == (5, 8, True)
    assert analysis_tables.month_rows(found)[-1].cells[-1] == "结账后更正为 8"
    assert found.months[0].corrected is None
