"""The small version of the table of speed: every case runs and prints its ratio."""

import pytest

from tests.benchmarks import measuring
from tests.benchmarks.__main__ import CASES


@pytest.mark.parametrize("case", CASES)
def test_a_case_prints_its_ratio_to_the_floor_of_the_same_run(case, tmp_path, monkeypatch):
    monkeypatch.setenv("BENCH_ROWS", "400")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    outcome = measuring.measure(case, tmp_path, repeats=1)
    assert f"{outcome.ratio:.2f}" in outcome.line()
