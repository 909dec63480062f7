import pytest

from tests.checks.sample_records import read_samples


@pytest.fixture(scope="session")
def samples(pack):
    return read_samples(pack)
