from contextlib import ExitStack

import pytest

from tests.bundle.offices import Offices, build
from tests.outside import outside_tool

__all__ = ["outside_tool"]


@pytest.fixture(scope="session")
def three_offices(pack, tmp_path_factory):
    """The data folders of a city, a county and a grassroots unit that know one another."""
    folder = tmp_path_factory.mktemp("three") / "made"
    build(folder, pack)
    return folder


@pytest.fixture
def offices(three_offices, tmp_path, monkeypatch):
    """Copies of the three offices, each with a computer of its own."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(three_offices, tmp_path, stack)


@pytest.fixture(scope="module")
def standing(three_offices, tmp_path_factory):
    """Three offices for tests after which they say what they said before."""
    folder = tmp_path_factory.mktemp("standing")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("UNION_DESK_STATE", str(folder / "state"))
        yield Offices(three_offices, folder, stack)
