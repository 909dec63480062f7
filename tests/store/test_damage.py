"""Damaged stores: the program starts, says what is wrong, keeps the original, offers ways out."""

import os
from collections import namedtuple
from pathlib import Path

import pytest

from tests.store import damage_catalogue as catalogue
from tests.store.offices import CHEAP, PASSWORD, ask, new_store
from tests.store.test_backups import attach
from union_desk.errors import DamageError, StoreError
from union_desk.store import (
    attachments,
    backups,
    ballast,
    damage,
    holds,
    keyring,
    opening,
    salvage,
    survey,
    upkeep,
)
from union_desk.store.connecting import Database
from union_desk.store.listing import ListFilter, Listing

SAMPLE = range(0, len(catalogue.FAULTS), 3)
"""A third of the kinds of damage; all of them, and many seeds, by command."""


@pytest.fixture(scope="module")
def good(pack, tmp_path_factory):
    return catalogue.Good(tmp_path_factory.mktemp("good"), pack)


@pytest.mark.parametrize("seed", SAMPLE)
def test_a_damaged_store_has_a_sentence_a_backup_and_a_salvage(good, seed, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "outside"))
    catalogue.trial(good, seed, tmp_path)


def destroy(folder, *pages):
    content = bytearray((folder / "store.db").read_bytes())
    for page in pages:
        content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    (folder / "store.db").write_bytes(content)


def page_of(store, table):
    """The number of the page, from 0, at the root of a table."""
    return ask(store, "SELECT rootpage FROM sqlite_master WHERE name = ?", table)[0][0] - 1


def test_after_an_unclean_end_every_page_is_looked_at_and_damage_is_told(county, pack):
    folder, page = county.folder, page_of(county, "visit")
    county.close()
    destroy(folder, page)
    opening.open_store(folder, password=PASSWORD, pack=pack).close()
    text = (folder / "instance.lock").read_text("utf-8").replace("true", "false")
    (folder / "instance.lock").write_text(text, "utf-8")
    for _ in range(2):
        with pytest.raises(DamageError, match="S407") as caught:
            opening.open_store(folder, password=PASSWORD, pack=pack)
    assert "备份" in caught.value.step, "and a refused start does not forget the unclean end"


def test_a_week_after_the_last_look_every_page_is_looked_at(county, pack):
    folder, page = county.folder, page_of(county, "visit")
    with county.write() as tx:
        tx.connection.exec_driver_sql(
            "INSERT INTO setting VALUES ('pages_checked', '2012-01-01T00:00:00Z')"
        )
    county.close()
    opening.open_store(folder, password=PASSWORD, pack=pack).close()
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store, store.write() as tx:
        assert not ask(
            store, "SELECT 1 FROM setting WHERE key = 'pages_checked' AND value < '2013'"
        )
        tx.connection.exec_driver_sql(
            "UPDATE setting SET value = '2012' WHERE key = 'pages_checked'"
        )
    destroy(folder, page)
    with pytest.raises(DamageError, match="S407"):
        opening.open_store(folder, password=PASSWORD, pack=pack)


def test_salvage_names_lost_records_by_what_the_backup_calls_them(county, pack):
    names = dict(ask(county, "SELECT uid, name FROM union_org"))
    backups.make(county, "command")
    folder, page = county.folder, page_of(county, "union_org")
    county.close()
    destroy(folder, page)
    done = salvage.salvage(folder, PASSWORD, pack=pack)
    assert {item.uid for item in done.lost} == set(names)
    assert all(names[item.uid] in item.label for item in done.lost)
    assert {item.title for item in done.lost} == {pack.forms["union_org"].title}
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        with store.read() as connection:
            assert holds.current(connection).why == "salvaged"
        log = ask(store, "SELECT act FROM audit ORDER BY n DESC LIMIT 2")
        assert log == [("hold",), ("salvage",)]
    assert (folder / done.aside / "store.db").exists()


def test_without_a_backup_lost_records_are_listed_by_their_ids(county, pack):
    folder, page = county.folder, page_of(county, "union_org")
    county.close()
    destroy(folder, page)
    done = salvage.salvage(folder, PASSWORD, pack=pack)
    assert len(done.lost) == 8
    assert all(item.label == item.uid for item in done.lost)


def test_what_was_salvaged_is_found_by_search_again(county, pack):

    folder = county.folder
    word = ask(county, "SELECT name FROM union_org WHERE rowid = 3")[0][0][:4]
    page = page_of(county, "visit")
    county.close()
    destroy(folder, page)
    salvage.salvage(folder, PASSWORD, pack=pack)
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        assert len(Listing(store, "union_org", ListFilter(search=word)).ids) >= 1


def test_salvaged_records_that_are_not_as_the_log_has_them_are_told(county, pack):
    with county.write() as tx:
        tx.connection.exec_driver_sql("UPDATE union_org SET created_by = '别人' WHERE rowid = 2")
    folder, page = county.folder, page_of(county, "visit")
    county.close()
    destroy(folder, page)
    done = salvage.salvage(folder, PASSWORD, pack=pack)
    assert len(done.changed) == 1
    assert done.lost == ()


def test_settings_that_cannot_be_read_come_from_the_newest_backup(county, pack):
    backups.make(county, "command")
    folder, page = county.folder, page_of(county, "setting")
    county.close()
    destroy(folder, page)
    with pytest.raises(DamageError):
        opening.open_store(folder, password=PASSWORD, pack=pack)
    salvage.salvage(folder, PASSWORD, pack=pack)
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        assert store.unit_name == "市中区总工会"
        assert ask(store, "SELECT count(*) FROM union_org") == [(8,)]


def test_without_settings_and_backup_nothing_is_touched(county, pack):
    folder, page = county.folder, page_of(county, "setting")
    county.close()
    destroy(folder, page)
    before = (folder / "store.db").read_bytes()
    with pytest.raises(DamageError, match="S424"):
        salvage.salvage(folder, PASSWORD, pack=pack)
    assert (folder / "store.db").read_bytes() == before
    assert not list((folder / "tmp").iterdir())


def test_a_lost_first_page_and_a_missing_file_cannot_be_salvaged(county, pack):
    folder = county.folder
    county.close()
    destroy(folder, 0)
    with pytest.raises(DamageError, match="S420"):
        salvage.salvage(folder, PASSWORD, pack=pack)
    (folder / "store.db").unlink()
    with pytest.raises(DamageError, match="S421"):
        salvage.salvage(folder, PASSWORD, pack=pack)
    assert damage.ways_out(folder) == damage.Ways(None, False, 0)


@pytest.mark.parametrize(
    ("pragma", "code"), [("application_id=7", "S422"), ("user_version=99", "S423")]
)
def test_what_is_not_ours_or_newer_is_not_salvaged(county, pack, pragma, code):
    folder = county.folder
    with county.database.writer.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA {pragma}")
        county.database.commit(connection)
    county.close()
    with pytest.raises(StoreError, match=code):
        salvage.salvage(folder, PASSWORD, pack=pack)


def test_lost_keys_come_from_the_newest_backup_that_fits(county, pack):
    backups.make(county, "command")
    folder = county.folder
    county.close()
    for name in keyring.NAMES:
        (folder / name).write_text("x")
    with pytest.raises(StoreError, match="S301"):
        opening.open_store(folder, password="wrong", pack=pack)
    opening.open_store(folder, password=PASSWORD, pack=pack).close()
    assert keyring.look(folder).open(PASSWORD)


def test_lost_keys_without_a_backup_are_a_sentence(county, pack):
    folder = county.folder
    county.close()
    for name in keyring.NAMES:
        (folder / name).unlink()
    with pytest.raises(DamageError, match="S307"):
        opening.open_store(folder, password=PASSWORD, pack=pack)


def test_the_keys_of_another_store_do_not_fit(county, offices, pack, tmp_path):
    other = offices("county", cost=CHEAP)
    made = backups.make(other, "command")
    folder = county.folder
    county.close()
    (folder / "backups" / "other.udbak").write_bytes(Path(made.file).read_bytes())
    for name in keyring.NAMES:
        (folder / name).unlink()
    with pytest.raises(DamageError, match="S307"):
        opening.open_store(folder, password=PASSWORD, pack=pack)
    assert not (folder / "store.keys").exists()


def test_an_attachment_that_is_gone_comes_back_from_beside_the_backups(county):
    digest = attach(county)
    backups.make(county, "command")
    place = attachments.place(county, digest)
    for harm in (place.unlink, lambda: place.write_bytes(b"age")):
        harm()
        assert any("a.pdf" in line for line in survey.problems(county, full=True))
        assert any("a.pdf" in line for line in survey.problems(county, full=True)), (
            "doctor repairs nothing"
        )
        with county.read() as connection:
            assert attachments.read(county, connection, digest) == b"%PDF-1.4 a"
        assert list(survey.problems(county, full=True)) == []


# Doctor -------------------------------------------------------------------------------------


def test_doctor_looks_at_the_newest_backup_with_its_files(county):
    digest = attach(county)
    made = backups.make(county, "command")
    assert list(survey.problems(county, full=True)) == []
    copy = county.folder / "backups" / "sealed" / f"{digest}.age"
    copy.write_bytes(b"x")
    assert any("附件" in line and "备份" in line for line in survey.problems(county, full=True))
    content = bytearray(Path(made.file).read_bytes())
    content[len(content) // 2] ^= 1
    Path(made.file).write_bytes(content)
    assert any("备份" in line for line in survey.problems(county, full=True))
    (county.folder / "backups" / "y.udbak").write_text("y")
    assert any("y.udbak" in line for line in survey.problems(county, full=False))


def test_doctor_names_details_without_a_record_and_a_changed_salt(county):
    with county.write() as tx:
        tx.connection.exec_driver_sql(
            "INSERT INTO hardship_family (uid, parent, position) VALUES ('a', 'nobody', 1)"
        )
    with (county.folder / "store.db").open("r+b") as file:
        file.write(bytes(16))
    found = list(survey.problems(county, full=False))
    assert any("1 行明细" in line for line in found)
    assert any("16 个字节" in line for line in found)


def test_only_old_files_that_nothing_names_are_swept_and_none_on_hold(county):
    kept, orphan, young = attach(county), b"orphan", b"young"
    with county.write() as tx:
        gone = attachments.keep(county, tx.connection, orphan)
        fresh = attachments.keep(county, tx.connection, young)
        draft = attachments.keep(county, tx.connection, b"draft")
        tx.connection.exec_driver_sql(
            "INSERT INTO draft VALUES ('d', 'visit', 'p', 'x', 0, NULL, ?, NULL, 't', 1)",
            (f'{{"f": "{draft}"}}',),
        )
        holds.put(tx, holds.RESTORED)
    for digest in (kept, gone, draft):
        os.utime(attachments.place(county, digest), (0, 0))
    assert survey.sweep_orphans(county) == 0
    with county.write() as tx:
        tx.connection.exec_driver_sql("UPDATE setting SET value = '' WHERE key = 'hold'")
    assert survey.sweep_orphans(county) == 1
    assert not attachments.place(county, gone).exists()
    assert all(attachments.place(county, digest).exists() for digest in (kept, fresh, draft))


# Room ---------------------------------------------------------------------------------------


def test_the_ballast_is_made_at_the_start_of_a_run_and_given_up_when_the_disk_is_full(county):
    assert upkeep.begin(county) == []
    path = county.folder / ballast.NAME
    assert path.stat().st_size == ballast.SIZE
    assert len(set(path.read_bytes()[:4096])) > 200, "not zeros, which would be compressed away"
    page = ask(county, "PRAGMA page_count")[0][0]
    with county.database.writer.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={page}")
        connection.rollback()
    with pytest.raises(StoreError, match="S320") as caught, county.write() as tx:
        tx.connection.exec_driver_sql("INSERT INTO setting VALUES ('big', ?)", ("x" * 500_000,))
    assert "4 MB" in caught.value.step
    assert not path.exists()


def test_a_store_that_needs_room_to_open_gets_that_of_the_ballast(county, pack, monkeypatch):
    ballast.ensure(county.folder)
    county.close()
    really = opening.open_locked

    def full_with_ballast(folder, *more):
        if (folder / ballast.NAME).exists():
            raise StoreError("S320", "磁盘已满。")
        return really(folder, *more)

    monkeypatch.setattr(opening, "open_locked", full_with_ballast)
    opening.open_store(county.folder, password=PASSWORD, pack=pack).close()
    assert not (county.folder / ballast.NAME).exists()


def test_what_a_killed_restore_left_is_cleared_at_the_next_run(county, pack):
    county.close()
    rest = county.folder / "tmp" / "restore-1"
    rest.mkdir()
    (rest / "store.db").write_bytes(b"x")
    (county.folder / "tmp" / "backup-1.db").write_bytes(b"x")
    with opening.open_store(county.folder, password=PASSWORD, pack=pack) as store:
        upkeep.begin(store)
        assert not list((county.folder / "tmp").iterdir())


def test_a_disk_that_fails_while_a_store_is_made_leaves_none(tmp_path, pack, monkeypatch):
    monkeypatch.setattr(Database, "commit", lambda _self, _connection: False)
    with pytest.raises(StoreError, match="S344"):
        new_store(tmp_path / "new", pack, "county")
    assert not opening.exists(tmp_path / "new")


def test_little_room_is_told_at_the_start(county, monkeypatch):
    usage = namedtuple("usage", "total used free")(1, 1, 10 << 20)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)
    told = upkeep.begin(county)
    assert len(told) == 1
    assert "腾出空间" in told[0]
    assert not (county.folder / ballast.NAME).exists()
