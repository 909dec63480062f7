"""Restoring a backup: whole or not at all, the present kept, sending on hold until decided."""

import json
import shutil
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from tests.store.offices import CHEAP, PASSWORD, ask, draft, save
from tests.store.test_backups import attach
from union_desk.bundle import exporting
from union_desk.errors import BundleError, DamageError, FileError, StoreError
from union_desk.store import (
    attachments,
    backup_file,
    backups,
    counter,
    holds,
    incoming,
    keyring,
    opening,
    outbox,
    restoring,
    salvage,
    survey,
)
from union_desk.store.connecting import Database
from union_desk.store.thinning import moment

DAY = "2012-08-31"


@pytest.fixture
def backed_up(county):
    """A closed store, its backup, and one record made after it."""
    digest = attach(county)
    made = backups.make(county, "command")
    save(county, draft("visit", {}))
    county.close()
    return county.folder, Path(made.file), digest


def reopened(folder, pack, password=PASSWORD):
    return opening.open_store(folder, password=password, pack=pack)


def test_a_restore_brings_the_state_of_the_backup_and_keeps_what_was_there(backed_up, pack):
    folder, path, _ = backed_up
    present = (folder / "store.db").read_bytes()
    done = restoring.restore(folder, path, PASSWORD, pack=pack)
    assert (done.manifest.why, done.missing) == ("command", ())
    assert done.present.why == "restore"
    aside = folder / done.aside
    assert {"store.db", "store.keys", "store.keys.2"} <= {item.name for item in aside.iterdir()}
    assert len((aside / "store.db").read_bytes()) == len(present)
    assert not (folder / "incoming" / "READY").exists()
    with reopened(folder, pack) as store:
        assert ask(store, "SELECT count(*) FROM visit") == [(0,)]
        assert ask(store, "SELECT count(*) FROM union_org") == [(8,)]
        assert ask(store, "SELECT act FROM audit ORDER BY n DESC LIMIT 2") == [
            ("hold",),
            ("restore",),
        ]
        assert list(survey.problems(store, full=True)) == []
        assert not list((folder / "tmp").iterdir())


def test_what_newer_work_would_go_is_told_before(county):
    made = backups.make(county, "command")
    manifest = restoring.check(Path(made.file), PASSWORD, county.folder)
    assert restoring.newer(county, manifest).changes == 0
    for _ in range(3):
        save(county, draft("visit", {}))
    found = restoring.newer(county, manifest)
    assert (found.records, found.changes) == (3, 3)
    assert found.last_at


def test_the_backup_of_the_present_takes_back_a_restore(backed_up, pack):
    folder, path, _ = backed_up
    done = restoring.restore(folder, path, PASSWORD, pack=pack)
    again = restoring.restore(folder, Path(done.present.file), PASSWORD, pack=pack)
    assert again.manifest.why == "restore"
    with reopened(folder, pack) as store:
        assert ask(store, "SELECT count(*) FROM visit") == [(1,)]


def test_a_wrong_password_and_a_damaged_backup_change_nothing(backed_up, pack, tmp_path):
    folder, path, _ = backed_up
    bad = tmp_path / "bad.udbak"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    bad.write_bytes(content)
    before = {item: item.read_bytes() for item in folder.glob("store.*")}
    with pytest.raises(StoreError, match="S301"):
        restoring.restore(folder, path, "wrong", pack=pack)
    with pytest.raises(DamageError, match="S400"):
        restoring.restore(folder, bad, PASSWORD, pack=pack)
    with pytest.raises(FileError):
        restoring.restore(folder, tmp_path / "none.udbak", PASSWORD, pack=pack)
    assert before == {item: item.read_bytes() for item in folder.glob("store.*")}
    assert not list((folder / "tmp").iterdir())
    reopened(folder, pack).close()


def test_a_store_that_is_open_elsewhere_is_not_restored(county, pack):
    made = backups.make(county, "command")
    with pytest.raises(StoreError, match="S302"):
        restoring.restore(county.folder, Path(made.file), PASSWORD, pack=pack)


def test_another_units_backup_does_not_come_over_this_store(county, offices, pack, tmp_path):
    other = offices("city")
    made = backups.make(other, "command", to=tmp_path / "stick")
    county.close()
    with pytest.raises(StoreError, match="S411"):
        restoring.restore(county.folder, Path(made.file), PASSWORD, pack=pack)


def test_sample_data_take_no_backup_in(county, offices, pack):
    made = backups.make(county, "command")
    demo = offices("city", password=None)
    demo.close()
    with pytest.raises(StoreError, match="S412"):
        restoring.restore(demo.folder, Path(made.file), PASSWORD, pack=pack)


def test_a_backup_opens_in_an_empty_folder_of_a_new_computer(backed_up, pack, tmp_path):
    _, path, digest = backed_up
    new = tmp_path / "new"
    done = restoring.restore(new, path, PASSWORD, pack=pack)
    assert (done.aside, done.present, done.missing) == ("", None, ())
    with reopened(new, pack) as store, store.read() as connection:
        assert attachments.read(store, connection, digest) == b"%PDF-1.4 a"


def test_one_file_restores_everything_on_a_new_computer(county, pack, tmp_path):
    digest = attach(county)
    made = backups.make(county, "handover", to=tmp_path / "stick")
    county.close()
    done = restoring.restore(tmp_path / "new", Path(made.file), PASSWORD, pack=pack)
    assert done.missing == ()
    with reopened(tmp_path / "new", pack) as store, store.read() as connection:
        assert attachments.read(store, connection, digest) == b"%PDF-1.4 a"
        assert holds.current(connection).why == "restored"


def test_files_that_no_place_has_are_listed_and_the_restore_stands(backed_up, pack, tmp_path):
    folder, path, digest = backed_up
    (folder / "blobs" / f"{digest}.age").unlink()
    copy = folder / "backups" / "sealed" / f"{digest}.age"
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(copy.parent, elsewhere)
    copy.unlink()
    done = restoring.restore(folder, path, PASSWORD, pack=pack)
    assert done.missing == (digest,)
    with reopened(folder, pack) as store:
        assert any("a.pdf" in problem for problem in survey.problems(store, full=False))
    done = restoring.restore(folder, path, PASSWORD, pack=pack, places=(elsewhere,))
    assert done.missing == ()


def test_a_flipped_attachment_comes_back_from_its_copy(backed_up, pack):
    folder, path, digest = backed_up
    place = folder / "blobs" / f"{digest}.age"
    content = bytearray(place.read_bytes())
    content[-3] ^= 1
    place.write_bytes(content)
    assert restoring.restore(folder, path, PASSWORD, pack=pack).missing == ()
    assert place.read_bytes() != bytes(content)


def test_an_old_password_opens_an_old_backup_and_a_new_one_too(county, pack):
    made = backups.make(county, "command")
    county.close()
    ring = keyring.read(county.folder)
    key, person = ring.open(PASSWORD)
    keyring.write(county.folder, ring.add(key, person, "new password", CHEAP))
    done = restoring.restore(county.folder, Path(made.file), "new password", pack=pack)
    assert done.present is not None
    reopened(county.folder, pack, "new password").close()
    done = restoring.restore(county.folder, Path(made.file), PASSWORD, pack=pack)
    assert done.present is None, "the present could not be opened: it is only moved aside"
    assert (county.folder / done.aside / "store.db").exists()
    reopened(county.folder, pack, PASSWORD).close()


def test_a_strangers_journal_is_not_rolled_into_the_restored_store(backed_up, pack):
    folder, path, _ = backed_up
    (folder / "store.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"x" * 5000)
    done = restoring.restore(folder, path, PASSWORD, pack=pack)
    assert (folder / done.aside / "store.db-journal").exists()
    with reopened(folder, pack) as store:
        assert list(survey.problems(store, full=True)) == []


def test_a_store_that_cannot_be_opened_is_replaced_and_kept(backed_up, pack):
    folder, path, _ = backed_up
    (folder / "store.db").write_bytes(b"nonsense" * 1000)
    done = restoring.restore(folder, path, PASSWORD, pack=pack)
    assert done.present is None
    assert (folder / done.aside / "store.db").read_bytes() == b"nonsense" * 1000
    reopened(folder, pack).close()


@pytest.mark.parametrize(
    "missing",
    [("store.db",), ("store.keys", "store.keys.2"), ("store.db", "store.keys", "store.keys.2")],
)
def test_a_folder_that_lost_its_files_is_filled_again(backed_up, pack, missing):
    folder, path, _ = backed_up
    for name in missing:
        (folder / name).unlink()
    restoring.restore(folder, path, PASSWORD, pack=pack)
    with reopened(folder, pack) as store:
        assert ask(store, "SELECT count(*) FROM union_org") == [(8,)]


# The moves ----------------------------------------------------------------------------------


def decided(folder, at_most):
    """A restore that was decided and cut short after `at_most` of its moves."""
    place = incoming.begin(folder)
    for name in ("store.db", "store.keys", "store.keys.2"):
        (place / name).write_text(f"new {name}")
        (folder / name).write_text(f"old {name}")
    (folder / "store.db-journal").write_text("old journal")
    aside = folder / "salvage" / "t"
    aside.mkdir(parents=True)
    names = [name for name in incoming.WHOLE if (folder / name).exists()]
    (place / "READY").write_text(
        json.dumps({"in": names[:1] + names[2:], "out": names, "to": "salvage/t"})
    )
    moves = [(folder / name, aside / name) for name in names]
    moves += [(place / name, folder / name) for name in names[:1] + names[2:]]
    for source, target in moves[:at_most]:
        source.replace(target)
    return aside


@pytest.mark.parametrize("done", range(8))
def test_moves_that_were_cut_short_anywhere_are_finished_at_the_next_start(tmp_path, done):
    aside = decided(tmp_path, done)
    incoming.finish(tmp_path)
    incoming.finish(tmp_path)
    for name in ("store.db", "store.keys", "store.keys.2"):
        assert (tmp_path / name).read_text() == f"new {name}"
        assert (aside / name).read_text() == f"old {name}"
    assert (aside / "store.db-journal").read_text() == "old journal"
    assert not (tmp_path / "store.db-journal").exists()
    assert not list((tmp_path / "incoming").iterdir())


def test_what_was_not_decided_is_cleared_at_the_next_start(backed_up, pack):
    folder, _, _ = backed_up
    place = incoming.begin(folder)
    (place / "store.db").write_text("half")
    (place / "more").mkdir()
    (place / "more" / "x").write_text("x")
    with reopened(folder, pack) as store:
        assert ask(store, "SELECT count(*) FROM visit") == [(1,)]
    assert not list(place.iterdir())


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1]",
        '{"in": ["../a"], "out": [], "to": ""}',
        '{"in": [], "out": [], "to": "../x"}',
        "3",
    ],
)
def test_a_list_of_moves_that_cannot_be_read_moves_nothing(backed_up, pack, text):
    folder, _, _ = backed_up
    place = incoming.begin(folder)
    (place / "READY").write_text(text)
    with pytest.raises(StoreError, match="S309"):
        reopened(folder, pack)
    assert (folder / "store.db").exists()


# On hold ------------------------------------------------------------------------------------


def sent(store, to):
    to.mkdir(exist_ok=True)
    return exporting.export(store, to, as_of=DAY)


def test_after_a_restore_sending_waits_until_a_person_decides(county, pack, tmp_path):
    sent(county, tmp_path / "a")
    made = backups.make(county, "command")
    county.close()
    restoring.restore(county.folder, Path(made.file), PASSWORD, pack=pack)
    with reopened(county.folder, pack) as store:
        with store.read() as connection:
            hold = holds.current(connection)
            old = outbox.current_epoch(connection, store, "up")
        assert hold.why == "restored"
        assert f"{moment(made.at).astimezone():%Y-%m-%d %H:%M}" in hold.sentence
        with pytest.raises(BundleError, match="B546"):
            sent(store, tmp_path / "b")
        assert not list((tmp_path / "b").iterdir())
        counter.resume(store)
        written = sent(store, tmp_path / "b")
        assert sum(item.records for item in written) == 8
        with store.read() as connection:
            new = outbox.current_epoch(connection, store, "up")
        assert new.id != old.id
        assert old.id in new.replaces
        kinds = ask(store, "SELECT kind FROM packet WHERE epoch = ? ORDER BY n", new.id)
        assert kinds == [("keys",), ("snapshot",)]  # the card rides until its key is acknowledged


def test_one_backup_restored_twice_begins_two_different_epochs(county, pack, tmp_path):
    sent(county, tmp_path / "a")
    made = backups.make(county, "command")
    county.close()
    epochs = []
    for turn in ("b", "c"):
        restoring.restore(county.folder, Path(made.file), PASSWORD, pack=pack)
        with reopened(county.folder, pack) as store:
            counter.resume(store)
            sent(store, tmp_path / turn)
            with store.read() as connection:
                epochs.append(outbox.current_epoch(connection, store, "up"))
    assert epochs[0].id != epochs[1].id
    assert epochs[0].id in epochs[1].replaces, "known from the counter outside"


def test_a_store_copied_back_over_a_later_one_is_noticed(county, pack, tmp_path):
    sent(county, tmp_path / "a")
    county.close()
    old = {path.name: path.read_bytes() for path in county.folder.glob("store.*")}
    with reopened(county.folder, pack) as store:
        counter.resume(store)
        with store.write() as tx:
            tx.connection.exec_driver_sql("UPDATE union_org SET packet = NULL WHERE rowid = 1")
        sent(store, tmp_path / "b")
    for name, content in old.items():
        (county.folder / name).write_bytes(content)
    with reopened(county.folder, pack) as store:
        with store.read() as connection:
            assert holds.current(connection).why == "behind"
        with pytest.raises(BundleError, match="B546"):
            sent(store, tmp_path / "c")


def test_a_store_on_another_computer_asks_once_whether_it_is_a_copy(
    county, pack, tmp_path, monkeypatch
):
    sent(county, tmp_path / "a")
    county.close()
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with reopened(county.folder, pack) as store:
        with store.read() as connection:
            assert holds.current(connection).why == "moved"
        counter.same_computer(store)
    with reopened(county.folder, pack) as store:
        with store.read() as connection:
            assert holds.current(connection) is None
        sent(store, tmp_path / "a")
    counter.path(county.store_id).write_text("rubbish")
    with reopened(county.folder, pack) as store:
        holds.other_computer(store)
        with store.read() as connection:
            assert holds.current(connection).why == "copy"
        holds.retire(store)
        with pytest.raises(StoreError, match="S410"):
            counter.resume(store)


def test_a_store_that_never_sent_anything_asks_nothing(county, pack, tmp_path, monkeypatch):
    county.close()
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with reopened(county.folder, pack) as store, store.read() as connection:
        assert holds.current(connection) is None
    assert not (tmp_path / "state").exists()


# The drill ----------------------------------------------------------------------------------


def test_the_drill_opens_the_newest_backup_with_its_files_and_leaves_nothing(county):
    attach(county)
    with pytest.raises(StoreError, match="S415"):
        restoring.drill(county, PASSWORD)
    made = backups.make(county, "command")
    assert restoring.drill(county, PASSWORD).audit[0] == made.number
    assert not list((county.folder / "tmp").iterdir())
    assert ask(county, "SELECT act FROM audit ORDER BY n DESC LIMIT 1") == [("drill",)]


def test_the_drill_finds_a_wrong_password_and_files_that_are_gone_or_changed(county):
    digest = attach(county)
    backups.make(county, "command")
    with pytest.raises(StoreError, match="S301"):
        restoring.drill(county, "wrong")
    copy = county.folder / "backups" / "sealed" / f"{digest}.age"
    content = copy.read_bytes()
    copy.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(StoreError, match="S416"):
        restoring.drill(county, PASSWORD)
    copy.unlink()
    with pytest.raises(StoreError, match="S416"):
        restoring.drill(county, PASSWORD)


def test_the_drill_of_a_file_for_a_new_computer_needs_no_other_file(county, tmp_path):
    attach(county)
    made = backups.make(county, "handover", to=tmp_path / "stick")
    assert restoring.drill(county, PASSWORD, Path(made.file)).why == "handover"


# Backups that say one thing and hold another ---------------------------------------------------


def forged(path, target, harm, key_pragma):
    """A backup whose store was changed with the right key, its hashes made to fit."""
    work = target.parent / "forged.db"
    manifest = backup_file.read(path)
    backup_file.extract(path, manifest, "store.db", work)
    raw = dbapi2.connect(work, isolation_level=None)
    raw.execute(key_pragma)
    harm(raw)
    raw.close()
    keys = target.parent / "forged.keys"
    backup_file.extract(path, manifest, "store.keys", keys)
    backup_file.pack(
        target, manifest, {"store.db": work, "store.keys": keys}, target.parent / "passing"
    )
    return target


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("PRAGMA user_version=99", "S403"),
        ("PRAGMA application_id=7", "S402"),
        ("DELETE FROM union_org WHERE rowid = 1", "S413"),
    ],
)
def test_a_backup_that_opens_but_is_not_what_it_says_is_refused(
    backed_up, pack, tmp_path, statement, code
):
    folder, path, _ = backed_up
    with reopened(folder, pack) as store:
        pragma = store.database.key_pragma
    bad = forged(path, tmp_path / "forged.udbak", lambda raw: raw.execute(statement), pragma)
    before = (folder / "store.db").read_bytes()
    with pytest.raises(StoreError, match=code):
        restoring.restore(folder, bad, PASSWORD, pack=pack)
    assert (folder / "store.db").read_bytes() == before


def test_a_disk_that_fails_at_the_last_moment_leaves_the_present_store(
    backed_up, pack, monkeypatch
):
    """COMMIT failed in the store that is being built: S414 in a restore, S425 in a salvage."""
    folder, path, _ = backed_up
    before = (folder / "store.db").read_bytes()
    monkeypatch.setattr(opening, "open_locked", refuse_to_open)
    monkeypatch.setattr(Database, "commit", lambda _self, _connection: False)
    with pytest.raises(StoreError, match="S414"):
        restoring.restore(folder, path, PASSWORD, pack=pack)
    with pytest.raises(StoreError, match="S425"):
        salvage.salvage(folder, PASSWORD, pack=pack)
    monkeypatch.undo()
    assert (folder / "store.db").read_bytes() == before
    with reopened(folder, pack) as store:
        assert ask(store, "SELECT count(*) FROM visit") == [(1,)]


def refuse_to_open(*_):
    raise DamageError("S325", "数据文件已损坏。")


def test_a_clerk_does_not_restore(backed_up, pack):
    folder, path, _ = backed_up
    with reopened(folder, pack) as store, store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE person SET roles = 'clerk'")
    with pytest.raises(StoreError, match="S361"):
        restoring.restore(folder, path, PASSWORD, pack=pack)
