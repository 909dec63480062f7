"""复制到本机: every file of a data folder, compared, or nothing at all."""

import shutil

import pytest

from tests.store.offices import PASSWORD, ask
from tests.store.test_backups import attach
from union_desk import files
from union_desk.errors import PlaceError, StoreError
from union_desk.store import copying, holds, opening


@pytest.fixture
def stick(county, tmp_path):
    """A closed data folder with an attachment, as it lies on a stick."""
    attach(county)
    county.close()
    shutil.copytree(county.folder, tmp_path / "stick")
    (tmp_path / "stick" / "tmp").mkdir(exist_ok=True)
    (tmp_path / "stick" / "tmp" / "rest").write_bytes(b"x")
    return tmp_path / "stick"


def listed(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in ("tmp", "instance.lock")
    }


def test_the_copy_is_the_same_opens_and_the_original_stays(stick, tmp_path, pack):
    before = listed(stick)
    told = []
    count = copying.copy_here(
        stick, tmp_path / "here" / "data", lambda done, total: told.append((done, total))
    )
    assert count == len(before)
    assert told[-1] == (count, count)
    assert listed(tmp_path / "here" / "data") == before == listed(stick)
    assert (tmp_path / "here" / "data" / "store.db").stat().st_mode & 0o777 == 0o600
    with opening.open_store(tmp_path / "here" / "data", password=PASSWORD, pack=pack) as store:
        assert ask(store, "SELECT count(*) FROM union_org") == [(8,)]
        with store.read() as connection:
            assert holds.current(connection) is None


def test_what_is_there_is_never_written_over(stick, tmp_path):
    target = tmp_path / "here"
    target.mkdir()
    (target / "letter.txt").write_text("mine")
    with pytest.raises(StoreError, match="S336"):
        copying.copy_here(stick, target)
    assert (target / "letter.txt").read_text() == "mine"
    (target / "letter.txt").unlink()
    assert copying.copy_here(stick, target)


def test_where_no_store_may_live_and_where_none_is_nothing_is_copied(stick, tmp_path, monkeypatch):
    with pytest.raises(StoreError, match="S303"):
        copying.copy_here(tmp_path / "nowhere", tmp_path / "here")
    (tmp_path / "OneDrive").mkdir()
    with pytest.raises(PlaceError, match="S314"):
        copying.copy_here(stick, tmp_path / "OneDrive" / "here")
    monkeypatch.setattr(files, "read_back", lambda _path: "another")
    with pytest.raises((StoreError, files.FileError)):
        copying.copy_here(stick, tmp_path / "here")
    assert not list(tmp_path.glob("here*"))


def test_a_file_that_reads_differently_the_second_time_is_told(stick, tmp_path, monkeypatch):
    genuine = files.read_back

    def unsteady(path):
        return "another" if stick in path.parents else genuine(path)

    monkeypatch.setattr(files, "read_back", unsteady)
    with pytest.raises(StoreError, match="S337"):
        copying.copy_here(stick, tmp_path / "here")
    assert not list(tmp_path.glob("here*"))


def test_a_store_that_is_open_elsewhere_is_not_copied(county, tmp_path):
    with pytest.raises(StoreError, match="S302"):
        copying.copy_here(county.folder, tmp_path / "here")
