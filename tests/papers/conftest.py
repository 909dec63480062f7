"""An office that issues papers, and the office above with a copy of its data.

Both stay open for all tests; after each the pages of their files are put back as they were.
"""

from types import SimpleNamespace

import pytest

from tests.papers.offices import receive, restore
from tests.store.offices import new_store, put
from union_desk.papers import watching

FORMS = ("union_org", "member", "hardship", "visit")


class Kept:
    """A store and the state it is put back to."""

    def __init__(self, store, copy):
        self.store, self.copy, self.origin = store, copy, store.origin
        store.database.copy_to(copy, store.database.key_pragma)

    def put_back(self):
        restore(self.store, self.copy)
        self.store.origin, self.store.before_commit = self.origin, None


@pytest.fixture(scope="session")
def kept(pack, tmp_path_factory):
    """The stores of a county with records, and of the city above with a copy of them."""
    root = tmp_path_factory.mktemp("papers")
    with (
        new_store(root / "county", pack, "county") as county,
        new_store(root / "city", pack, "city") as city,
    ):
        for form in FORMS:
            put(county, form, reason="样本里的警告都核对过")
        receive(city, county)
        yield SimpleNamespace(
            county=Kept(county, root / "county.copy"), city=Kept(city, root / "city.copy")
        )


@pytest.fixture
def county(kept):
    """The county's store, to be changed; what voids papers is looked for."""
    watching.watch(kept.county.store)
    yield kept.county.store
    kept.county.put_back()


@pytest.fixture
def city(kept):
    """The city's store, with a copy of what the county had."""
    yield kept.city.store
    kept.city.put_back()
