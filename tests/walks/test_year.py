"""A small city through two quarters; the whole year of a larger one is ``python -m tests.walks.year``."""

from tests.walks.year import live


def test_every_figure_at_every_level_equals_a_count_over_all_rows_that_were_confirmed(
    tmp_path, pack, monkeypatch
):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    city = live(tmp_path, pack, seed=1, counties=2, units=1, rows=4, months=(6, 9))
    assert city.compared >= 2_000
    assert {form for (form, what) in city.entered if what == "taken"} >= {
        "union_org", "enterprise", "unit_profile", "visit",
    }  # fmt: skip
