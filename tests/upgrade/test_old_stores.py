"""Real stores and bundles of every format there was, kept for ever: each opens with all it held.

A folder ``format-<n>`` is a data folder as the program of that format left it (init, put, export),
with the file it wrote for its parent beside it. The password stands here.
"""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from union_desk.errors import StoreError
from union_desk.store import audit, backup_file, backups, opening, outbox, schema, survey, upgrades

HERE = Path(__file__).parent
PASSWORD = "升级-2012"
FOLDERS = sorted(HERE.glob("format-*"))
HELD = {
    "union_org": 8,
    "enterprise": 8,
    "member": 8,
    "aid": 8,
    "hardship": 8,
    "hardship_family": 10,
}


@pytest.fixture(params=FOLDERS, ids=lambda path: path.name)
def old(request, tmp_path, monkeypatch):
    """A copy of an old data folder, on a computer of its own."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "outside"))
    shutil.copytree(request.param, tmp_path / "old")
    return tmp_path / "old"


def number(folder):
    return int(
        next(
            path
            for path in FOLDERS
            if (path / "store.keys").read_bytes()[:300]
            == (folder / "store.keys").read_bytes()[:300]
        ).name[7:]
    )


def counts(connection):
    return {
        name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in HELD
    }


def test_there_is_a_store_of_every_format_before_this_one():
    assert {int(path.name[7:]) for path in FOLDERS} >= set(range(1, schema.FORMAT))
    assert set(upgrades.STEPS) == set(range(1, schema.FORMAT))


def test_an_old_store_opens_with_all_it_held_after_a_backup(old):
    was = number(old)
    with opening.open_store(old, password=PASSWORD) as store:
        with store.read() as connection:
            assert counts(connection) == HELD
            assert connection.exec_driver_sql("PRAGMA user_version").scalar() == schema.FORMAT
            assert list(audit.verify(connection)) == []
            assert outbox.last_packet(connection, store).records == 40
        assert list(survey.problems(store, full=True)) == []
        kept = backups.kept(store).kept
        if was < schema.FORMAT:
            assert [(item.manifest.why, item.manifest.store_format) for item in kept] == [
                ("upgrade", was)
            ]
            assert backup_file.read(kept[0].path).rows["union_org"] == 8


def test_an_upgrade_that_fails_leaves_the_old_store_as_it_was(old, monkeypatch):
    was = number(old)
    if was == schema.FORMAT:
        pytest.skip("nothing to upgrade")

    def fail(transaction):
        steps[was](transaction)
        transaction.connection.exec_driver_sql("DELETE FROM union_org")

    steps = dict(upgrades.STEPS)
    monkeypatch.setattr("union_desk.store.upgrading.STEPS", steps | {was: fail})
    with pytest.raises(StoreError, match="S341"):
        opening.open_store(old, password=PASSWORD)
    monkeypatch.undo()
    monkeypatch.setenv("UNION_DESK_STATE", str(old.parent / "outside"))
    with opening.open_store(old, password=PASSWORD) as store, store.read() as connection:
        assert counts(connection) == HELD


def test_the_file_an_old_program_wrote_is_still_a_packet_that_opens():
    for folder in FOLDERS:
        for path in folder.glob("*.zip"):
            with zipfile.ZipFile(path) as archive:
                top = path.stem
                head = json.loads(archive.read(f"{top}/data/datapackage.json"))["union-desk"]
            assert head["format"] == 1
            assert head["n"] == 1
