"""Packages gain forms and fields, the store follows; what an upgrade loses, it takes back."""

import shutil
import zipfile
from dataclasses import replace
from types import MappingProxyType

import pytest
import sqlalchemy as sa

from tests.store.offices import PASSWORD, ask, draft, get, put, save
from union_desk import resources
from union_desk.errors import PackageError, StoreError
from union_desk.store import opening, packages, schema, survey, upgrades, upgrading
from union_desk.taskpack.definition import Field, Form, Section, version_order

SHIPPED = resources.taskpacks() / "lszgh-2012-55"


def grown(pack, digest="f" * 64):
    """The package with one more field, one more form, and one field fewer."""
    form = pack.forms["visit"]
    more = Field("weather", "天气", "text", max_length=10)
    gone = tuple(item for item in form.fields if item.id != "mood")
    meal = Form(
        "meal", "职工食堂台账", form.area, "ledger", (Field("canteen", "食堂", "text"),), (Section("", ("canteen",)),),
        writers=("city",), duplicate_keys=(("canteen",),), name_field="canteen",
    )  # fmt: skip
    forms = {**pack.forms, "visit": replace(form, fields=(*gone, more)), "meal": meal}
    return replace(pack, version="2.0", digest=digest, forms=MappingProxyType(forms))


def reopen(store, pack):
    store.close()
    return opening.open_store(store.folder, password=PASSWORD, pack=pack)


def test_a_store_gains_the_columns_and_tables_of_its_package_and_keeps_what_it_has(city, pack):
    put(city, "visit", reason="样本")
    before = ask(city, "SELECT uid, place, mood FROM visit ORDER BY rowid")
    with reopen(city, grown(pack)) as store:
        assert ask(store, "SELECT uid, place, mood FROM visit ORDER BY rowid") == before
        saved = save(store, draft("meal", {"canteen": "一食堂"}))
        assert get(store, "meal", saved.uid).values == {"canteen": "一食堂"}
        visit = save(store, draft("visit", {"weather": "晴"}))
        assert get(store, "visit", visit.uid).values["weather"] == "晴"
        assert list(survey.problems(store, full=True)) == []
        assert ask(store, "SELECT act FROM audit ORDER BY n DESC LIMIT 3")[-1] == ("upgrade",)


def test_an_upgraded_store_is_as_one_made_anew(city, pack, offices):
    def layout(store):
        with store.read() as connection:
            inspector = sa.inspect(connection)
            return {
                name: (
                    {column["name"] for column in inspector.get_columns(name)} - {"mood"},
                    {index["name"] for index in inspector.get_indexes(name)},
                )
                for name in inspector.get_table_names()
            }

    with reopen(city, grown(pack)) as store:
        assert layout(store) == layout(offices("city", pack=grown(pack)))


def test_opening_with_the_same_package_changes_nothing(city, pack):
    before = ask(city, "SELECT count(*) FROM audit")
    with reopen(city, pack) as store:
        assert ask(store, "SELECT count(*) FROM audit") == before


def test_a_step_that_loses_rows_is_taken_back_whole(city, pack, monkeypatch):
    put(city, "visit", reason="样本")
    with city.write() as transaction:
        transaction.connection.exec_driver_sql("PRAGMA user_version=0")

    def careless(transaction):
        transaction.connection.exec_driver_sql("DELETE FROM visit WHERE rowid = 1")

    monkeypatch.setattr(upgrades, "STEPS", {})
    monkeypatch.setattr(upgrading, "STEPS", dict.fromkeys(range(schema.FORMAT), careless))
    city.close()
    with pytest.raises(StoreError, match="S341"):
        opening.open_store(city.folder, password=PASSWORD, pack=pack)
    monkeypatch.setattr(
        upgrading, "STEPS", {number: lambda _: None for number in range(schema.FORMAT)}
    )
    with opening.open_store(city.folder, password=PASSWORD, pack=pack) as store:
        assert ask(store, "SELECT count(*) FROM visit") == [(8,)]
        assert ask(store, "PRAGMA user_version") == [(schema.FORMAT,)]


@pytest.fixture
def newer(tmp_path):
    """The shipped package as its next version, in a folder."""
    folder = tmp_path / "package"
    shutil.copytree(SHIPPED, folder)
    head = folder / "taskpack.yaml"
    head.write_text(head.read_text("utf-8").replace('版本: "1.0"', '版本: "1.1"'), "utf-8")
    return folder


def test_an_installed_package_is_kept_sealed_and_found_at_the_next_start(city, newer):
    assert upgrading.install(city, newer).version == "1.1"
    assert city.pack.version == "1.1"
    city.close()
    shutil.rmtree(newer)
    with opening.open_store(city.folder, password=PASSWORD) as store:
        assert (store.pack.version, len(store.packs)) == ("1.1", 1)
    assert not list((city.folder / "tmp").iterdir())
    held = b"".join(path.read_bytes() for path in (city.folder / "blobs").iterdir())
    assert "乐工发".encode() not in held


def test_an_archive_serves_like_a_folder_and_makes_the_same_file(city, newer, tmp_path):
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in newer.iterdir():
            made.write(path, path.name)
    assert packages.zipped(archive) == packages.zipped(newer)
    assert upgrading.install(city, archive).version == "1.1"


def test_the_same_version_with_other_contents_is_refused(city, newer):
    upgrading.install(city, newer)
    upgrading.install(city, newer)
    head = newer / "taskpack.yaml"
    head.write_text(
        head.read_text("utf-8").replace("最少活动天数: 15", "最少活动天数: 16"), "utf-8"
    )
    with pytest.raises(StoreError, match="S343"):
        upgrading.install(city, newer)


def test_an_older_version_does_not_take_the_place_of_a_newer_one(city, newer):
    upgrading.install(city, newer)
    with pytest.raises(StoreError, match="S345"):
        upgrading.install(city, SHIPPED)
    assert city.pack.version == "1.1"


def test_versions_are_compared_by_their_numbers():
    assert version_order("1.10") > version_order("1.9") > version_order("1.0.3")


def test_a_package_with_problems_is_not_taken_in(city, newer):
    (newer / "codes.yaml").write_text("rubbish: [", "utf-8")
    with pytest.raises(PackageError):
        upgrading.install(city, newer)
    assert city.pack.version == "1.0"


@pytest.mark.parametrize("damage", [b"", b"age-encryption.org/v1\n", None])
def test_a_lost_or_damaged_package_is_told(city, newer, damage):
    upgrading.install(city, newer)
    city.close()
    for path in (city.folder / "blobs").iterdir():
        path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(StoreError, match="S342"):
        opening.open_store(city.folder, password=PASSWORD)
