"""No bad file changes a row, and none ends in anything but a reason: a sample, drawn anew by seed."""

import os

import pytest

from tests.bundle.offices import build
from tests.walks import bad_files

NUMBER = int(os.environ.get("BAD_FILES", "40"))
SEED = int(os.environ.get("BAD_FILES_SEED", "1"))


def test_flips_cuts_and_signed_mutations_are_refused_with_a_reason(pack, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    build(tmp_path / "made", pack)
    (tmp_path / "desk").mkdir()
    counts = bad_files.run(tmp_path / "made", tmp_path / "desk", NUMBER, SEED)
    kinds = {kind for kind, _, _ in counts}
    assert len(kinds) == 4, counts
    assert sum(counts.values()) >= 4 * NUMBER, f"N {NUMBER}, seed {SEED}"


@pytest.mark.parametrize("seed", [7])
def test_the_same_seed_throws_the_same_files(seed):
    import random

    drawn, again = random.Random(seed), random.Random(seed)
    content = bytes(range(256)) * 4
    assert [bad_files.mutated(content, drawn) for _ in range(5)] == [
        bad_files.mutated(content, again) for _ in range(5)
    ]
