"""What the tests of the store's reading of its tables may ask for."""

import pytest

from tests.store.sample_tables import SampleTables


@pytest.fixture(scope="session")
def sample_tables(pack):
    made = SampleTables(pack)
    yield made
    made.close()


@pytest.fixture
def samples(sample_tables):
    """The samples in a database; what a test changes is undone after it."""
    keys = {form: dict(known) for form, known in sample_tables.keys.items()}
    yield sample_tables
    sample_tables.connection.rollback()
    sample_tables.keys = keys
