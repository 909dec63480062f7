"""Bytes bred by coverage: a sample. Without atheris it is NOT TESTED."""

import importlib.util
import os
import re
import subprocess
import sys

import pytest

RUNS = int(os.environ.get("FUZZ_RUNS", "1500"))


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="NOT TESTED: atheris is not installed"
)
def test_bred_bytes_end_in_nothing_but_a_refusal_and_change_no_record(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.walks.fuzz", f"-runs={RUNS}", "-seed=1"],
        env=os.environ | {"TMPDIR": str(tmp_path), "FUZZ_DEEP": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = re.search(r"Done (\d+) runs", done.stderr)
    assert told, done.stderr[-3000:]
    assert int(told[1]) >= RUNS, f"N {told[1]}, seed 1"
