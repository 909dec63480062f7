"""What every test may ask for, and the count of what could not be tested here."""

import os

import pytest

from union_desk import resources
from union_desk.taskpack.load import load

NOT_TESTED = "NOT TESTED"


@pytest.fixture(scope="session")
def pack():
    """The task package that comes with the program."""
    return load(resources.taskpacks() / "lszgh-2012-55")


@pytest.fixture(scope="session", autouse=True)
def outside_state(tmp_path_factory):
    """Where stores keep their counters: never that of this machine."""
    os.environ["UNION_DESK_STATE"] = str(tmp_path_factory.mktemp("state"))


def untested(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    return [report for report in skipped if NOT_TESTED in str(report.longrepr)]


def pytest_terminal_summary(terminalreporter):
    """A test without its outside tool is never passed over in silence."""
    terminalreporter.write_line(f"{NOT_TESTED}: {len(untested(terminalreporter))}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Where every tool must be there (``REQUIRE_TOOLS=1``), a test without one is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("REQUIRE_TOOLS") and reporter is not None and untested(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
