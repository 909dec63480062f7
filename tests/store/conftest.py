"""What the tests of the store's reading of its tables may ask for."""

import shutil

import pytest

from tests.store.offices import PASSWORD, new_store, put
from tests.store.sample_tables import CITY, ORDER, SampleTables
from union_desk import excel, resources
from union_desk.store import intake, opening


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


@pytest.fixture(scope="session")
def sample_folder(pack, tmp_path_factory):
    """A closed store of the city that took in every sample file through `put`."""
    folder = tmp_path_factory.mktemp("samples") / "store"
    with opening.create(
        folder, pack, unit=CITY, name="乐山市总工会", level="city", parent=None, password=None
    ) as store:
        for form in (pack.forms[name] for name in ORDER):
            if not form.detail_of:
                tables = {
                    name: excel.read_tables(resources.samples() / f"{name}.csv")[0]
                    for name in (form.id, *form.details)
                }
                done = intake.put(
                    store, form.id, tables.pop(form.id), tables, as_of="2012-08-31", reason="样本"
                )
                assert done.added == 8
    return folder


@pytest.fixture(scope="session")
def sample_store(sample_folder):
    """That store, open and not to be changed."""
    with opening.open_store(sample_folder, password=None) as store:
        yield store


@pytest.fixture
def connection(sample_store):
    """The writer's connection to it; what a test changes is lost after it."""
    with sample_store.database.write() as connection:
        yield connection


@pytest.fixture(scope="session")
def templates(pack, tmp_path_factory):
    """Closed, empty stores by level and password: copying one is quicker than making one."""
    made = {}

    def template(level, password):
        if (level, password) not in made:
            folder = tmp_path_factory.mktemp("template") / level
            new_store(folder, pack, level, password=password).close()
            made[level, password] = folder
        return made[level, password]

    return template


@pytest.fixture
def offices(pack, tmp_path, templates):
    """Make stores, encrypted unless said otherwise; all are closed after the test."""
    opened = []

    def make(level="city", *, password=PASSWORD, **options):
        folder = tmp_path / f"store{len(opened)}"
        if options:
            store = new_store(
                folder, options.pop("pack", pack), level, password=password, **options
            )
        else:
            shutil.copytree(templates(level, password), folder)
            store = opening.open_store(folder, password=password, pack=pack)
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def city(offices):
    """An empty store of the city."""
    return offices("city")


@pytest.fixture
def sampled(sample_folder, tmp_path, pack):
    """A copy of the store with the samples, to be changed."""
    shutil.copytree(sample_folder, tmp_path / "sampled")
    with opening.open_store(tmp_path / "sampled", password=None, pack=pack) as store:
        yield store


@pytest.fixture(scope="session")
def county_folder(pack, tmp_path_factory):
    """A closed, encrypted store of a county with a few records."""
    folder = tmp_path_factory.mktemp("county") / "store"
    with new_store(folder, pack, "county") as store:
        put(store, "union_org", reason="样本")
    return folder


@pytest.fixture
def county(county_folder, tmp_path, pack, monkeypatch):
    """A copy of the county's store, open, to be changed, on a computer of its own."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "outside"))
    shutil.copytree(county_folder, tmp_path / "county")
    store = opening.open_store(tmp_path / "county", password=PASSWORD, pack=pack)
    yield store
    store.close()
