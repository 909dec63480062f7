"""What every test may ask for."""

import pytest

from union_desk import resources
from union_desk.taskpack.load import load


@pytest.fixture(scope="session")
def pack():
    """The task package that comes with the program."""
    return load(resources.taskpacks() / "lszgh-2012-55")
