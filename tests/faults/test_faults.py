"""A seeded sample of every fault suite; the whole of it is a command (``python -m tests.faults``)."""

import os
import sys

import pytest

from tests.faults.kill_points import Company
from tests.faults.scene import as_it_lies, copy, scratch, state
from tests.faults.stage import Stage
from tests.faults.suites import SUITES
from tests.faults.trial import NotTested, timed

SEED = int(os.environ.get("FAULTS_SEED", "1"))

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="NOT TESTED: faults are injected on Linux only"
)


@pytest.mark.parametrize("name", SUITES)
def test_the_promises_hold_in_a_sample_and_what_breaks_them_is_noticed(name, request):
    try:
        results = timed(SUITES[name].run, size="sample", seed=SEED)
    except NotTested as error:
        pytest.skip(f"NOT TESTED: {error}")
    plugin = request.config.pluginmanager
    found = next(item.FOUND for item in plugin.get_plugins() if hasattr(item, "FOUND"))
    found += results
    for result in results:
        assert result.trials > 0
        assert result.failures == []
        assert [str(control) for control in result.controls if not control.works] == []
    if gaps := [gap for result in results for gap in result.missing]:
        pytest.skip(f"NOT TESTED: {'; '.join(gaps)}")


@pytest.fixture(scope="module")
def company():
    try:
        with scratch() as folder, Stage() as stage:
            yield Company(stage, folder)
    except NotTested as error:
        pytest.skip(f"NOT TESTED: {error}")


@pytest.mark.parametrize(
    ("act", "call", "error"),
    [
        ("save", "ftruncate", "EIO"),  # what the lock says of its owner
        ("confirm", "pwrite64", "ENOSPC"),  # inside a savepoint
        ("backup", "pwrite64", "ENOSPC"),  # the copy, of which the driver names no error
        ("backup", "unlink", "EACCES"),  # a passing copy that cannot be removed
        ("export", "write", "ENOSPC"),  # the packet before it is kept
        ("init", "pwrite64", "EIO"),  # the only transaction of a new store
        ("init", "rename", "EACCES"),  # while the new store is moved in
    ],
)
def test_calls_that_once_broke_an_act_end_in_a_sentence(company, act, call, error):
    try:
        script = company.script(act)
        calls = [point for point in script.points if point[0] == call]
        for point in (calls[len(calls) // 2], calls[-1]):
            assert company.refuse(script, point, error) is None
    except NotTested as missing:
        pytest.skip(f"NOT TESTED: {missing}")


def test_what_leaves_no_row_in_the_change_log_is_known_as_saved_though_the_last_sync_failed(
    company,
):
    try:
        script = company.script("attachment")
        last = max(k for name, k in script.points if name == "fsync")
        place = copy(script.template, company.folder / "trial")
        outcome = company.stage.run("attachment", place, inject=f"fsync:error=EIO:when={last}")
    except NotTested as error:
        pytest.skip(f"NOT TESTED: {error}")
    assert outcome.words("done")
    assert not outcome.words("refused")
    with as_it_lies(place) as store:
        assert state(store) == script.states[-1]
