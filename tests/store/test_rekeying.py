"""Key change: a fresh key for the store, all or nothing, and what the old one still opens."""

from pathlib import Path

import pytest

from tests.store.offices import CHEAP, PASSWORD, ask, draft, save
from tests.store.test_backups import attach
from union_desk import crypto
from union_desk.errors import StoreError
from union_desk.store import (
    attachments,
    backup_file,
    backups,
    keyring,
    opening,
    passwords,
    rekeying,
    restoring,
    survey,
)
from union_desk.store.connecting import Database

OTHER = "另一个口令 2"


@pytest.fixture
def before(county):
    """A closed store with a second person, a recovery sheet and a slot of the parent."""
    digest = attach(county)
    save(county, draft("visit", {}))
    passwords.add_person(county, "王芳", ("clerk",), OTHER, CHEAP)
    code = passwords.new_recovery_code(county, CHEAP)
    passwords.recovery_kept(county, "saved")
    parent = crypto.new_age_identity()
    passwords.add_parent(county, parent.recipient)
    county.close()
    return county.folder, county.key, code, parent, digest


def changed(folder, pack, password=PASSWORD):
    return rekeying.change_key(folder, password, pack=pack, cost=CHEAP)


def test_the_store_is_the_same_under_a_key_that_nobody_had_before(before, pack):
    folder, old, _, parent, digest = before
    done = changed(folder, pack)
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        assert store.key.key != old.key
        assert store.key.salt != old.salt
        assert keyring.look(folder).key_id == done.key_id
        assert ask(store, "SELECT count(*) FROM visit") == [(1,)]
        assert ask(store, "SELECT act FROM audit WHERE act LIKE 'key%'") == [("key_change",)]
        assert list(survey.problems(store, full=True)) == []
        with store.read() as connection:
            assert attachments.read(store, connection, digest)
        slot = keyring.look(folder).of_kind("parent")[0]
        assert slot["recipient"] == parent.recipient
    assert not any((folder / "incoming").iterdir())
    stranger = Database(folder / "store.db", old.pragma)
    with pytest.raises(StoreError) as refused, stranger.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM audit")
    stranger.close()
    assert refused.value.code == "S326"


def test_only_who_does_it_keeps_a_password_and_the_recovery_sheet_is_void(before, pack):
    folder, _, code, _, _ = before
    done = changed(folder, pack)
    assert done.without == ("王芳",)
    assert keyring.look(folder).logins == ("李敏",)
    with pytest.raises(StoreError):
        keyring.look(folder).open_code(code)
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        assert passwords.recovery_state(store).kept == ""
        (left,) = ask(store, "SELECT id FROM person WHERE name = '王芳' AND active = 1")
        passwords.set_password(store, left[0], OTHER, CHEAP)
    with opening.open_store(folder, password=OTHER, pack=pack) as store:
        assert store.person == "王芳"


def test_backups_are_made_before_and_after_and_the_one_before_restores(before, pack):
    folder, old, _, _, _ = before
    done = changed(folder, pack)
    after, first = sorted(
        (folder / "backups").glob("*-key*.udbak"),
        key=lambda path: backup_file.read(path).key_id != done.key_id,
    )
    assert Path(done.backup.file) == after
    restoring.restore(folder, first, PASSWORD, pack=pack)
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        assert store.key.key == old.key
    restoring.restore(folder, after, PASSWORD, pack=pack)
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        assert keyring.look(folder).key_id == done.key_id
        assert [item.path for item in backups.kept(store).kept]


def test_who_may_not_is_refused_and_nothing_is_touched(before, pack):
    folder, *_ = before
    kept = {path: path.read_bytes() for path in folder.glob("store.*")}
    for password, code in ((OTHER, "S361"), ("falsch", "S301")):
        with pytest.raises(StoreError) as refused:
            changed(folder, pack, password)
        assert refused.value.code == code
    assert {path: path.read_bytes() for path in folder.glob("store.*")} == kept
    assert not any((folder / "salvage").iterdir())


def test_sample_data_have_no_key(offices, pack):
    store = offices("county", password=None)
    store.close()
    with pytest.raises(StoreError) as refused:
        changed(store.folder, pack)
    assert refused.value.code == "S362"


def test_a_disk_that_fails_at_the_last_moment_leaves_the_store_under_its_key(
    before, pack, monkeypatch
):
    folder, old, *_ = before
    commit = Database.commit
    monkeypatch.setattr(
        Database,
        "commit",
        lambda self, connection: self.path.parent.name != "incoming" and commit(self, connection),
    )
    with pytest.raises(StoreError, match="S417"):
        changed(folder, pack)
    monkeypatch.undo()
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        assert store.key.key == old.key
        assert ask(store, "SELECT count(*) FROM audit WHERE act = 'key_change'") == [(0,)]
