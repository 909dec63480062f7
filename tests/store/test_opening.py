"""Making and opening a store, and every reason to refuse."""

import json
import os
import stat
import subprocess
import sys
import textwrap

import pytest
from sqlcipher3 import dbapi2

from tests.store.offices import CHEAP, PASSWORD, ask, new_store
from union_desk.errors import FileError, StoreError
from union_desk.store import connecting, incoming, keyring, opening, schema
from union_desk.store.faults import as_store_error
from union_desk.store.lock import InstanceLock

POSIX = pytest.mark.skipif(os.name == "nt", reason="NOT TESTED: modes and signals of POSIX")


@pytest.fixture
def closed(offices):
    """The folder of a closed city store."""
    store = offices("city")
    store.close()
    return store.folder


def reopen(folder, pack, password=PASSWORD):
    return opening.open_store(folder, password=password, pack=pack)


def refused(folder, pack, password=PASSWORD):
    """The code with which opening is refused; the folder is as before."""
    before = {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "instance.lock"
    }
    with pytest.raises(StoreError) as caught:
        reopen(folder, pack, password)
    after = {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "instance.lock"
    }
    assert before == after
    assert caught.value.sentence.endswith("。")
    assert caught.value.step.endswith("。")
    return caught.value.code


def test_a_new_store_knows_whose_it_is(city):
    assert (city.unit, city.unit_name, city.level, city.parent) == (
        "511100000010",
        "乐山市总工会",
        "city",
        None,
    )
    assert (city.origin, city.person, city.demo) == ("511100000010", "李敏", False)


def test_a_store_opens_again_with_what_was_written(offices, pack):
    store = offices("county")
    with store.write() as transaction:
        transaction.connection.exec_driver_sql("INSERT INTO setting VALUES ('a', 'b')")
    store.close()
    with reopen(store.folder, pack) as again:
        assert ask(again, "SELECT value FROM setting WHERE key = 'a'") == [("b",)]
        assert (again.unit, again.parent, again.store_id) == (
            "511102000013",
            "511100000010",
            store.store_id,
        )


@POSIX
def test_folders_and_files_belong_to_their_owner_alone(closed):
    for path in closed.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert {
        "packets",
        "blobs",
        "quarantine",
        "backups",
        "incoming",
        "salvage",
        "logs",
        "tmp",
    } <= {path.name for path in closed.iterdir()}


def test_nothing_in_the_folder_can_be_read_without_the_password(offices):
    store = offices("city", person="王大毛")
    with store.write() as transaction:
        transaction.connection.exec_driver_sql(
            "INSERT INTO setting VALUES ('secret', '511197199408116135')"
        )
    store.close()
    held = b"".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    assert b"511197199408116135" not in held
    assert b"AGE-SECRET-KEY" not in held
    assert b"SQLite format 3" not in held
    assert PASSWORD.encode() not in held


def test_every_setting_that_keeps_what_was_acknowledged_is_in_force(city):
    with city.database.writer.connect() as writer, city.database.reader.connect() as reader:
        for connection in (writer, reader):
            for name, (_, wanted) in connecting.PRAGMAS.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == wanted, name
            assert connection.exec_driver_sql("PRAGMA mmap_size").scalar() in (0, None)
        assert reader.exec_driver_sql("PRAGMA query_only").scalar() == 1
        assert reader.exec_driver_sql("PRAGMA cipher_version").scalar().startswith("4.")


def test_a_setting_that_does_not_take_is_found_out():
    raw = dbapi2.connect(":memory:")
    with pytest.raises(StoreError, match="S328"):
        connecting.configure(raw, None, read_only=False)
    raw.close()


def test_format_and_application_are_written_in_the_file(city):
    assert ask(city, "PRAGMA application_id") == [(schema.APPLICATION_ID,)]
    assert ask(city, "PRAGMA user_version") == [(schema.FORMAT,)]


def test_a_wrong_password_is_refused(closed, pack):
    assert refused(closed, pack, "口令 2") == "S301"
    assert refused(closed, pack, "") == "S301"
    assert refused(closed, pack, None) == "S301"


def test_an_empty_password_makes_no_store(tmp_path, pack):
    with pytest.raises(StoreError, match="S316"):
        new_store(tmp_path / "a", pack, password="  ")
    assert not (tmp_path / "a").exists()


def test_a_second_program_on_the_same_folder_is_refused_and_told_who_has_it(city, pack):
    with pytest.raises(StoreError, match="S302") as caught:
        reopen(city.folder, pack)
    assert "李敏" in str(caught.value) or "打开" in str(caught.value)


@POSIX
def test_a_program_that_was_killed_gives_the_folder_free(closed, pack):
    script = f"""
        import os, signal, sys
        from pathlib import Path
        from union_desk.store.lock import InstanceLock
        lock = InstanceLock(Path({str(closed)!r}), "2012-08-31T00:00:00Z", "王")
        print("held", flush=True)
        sys.stdin.read()
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "held\n"
    with pytest.raises(StoreError, match="王"):
        reopen(closed, pack)
    child.kill()
    child.communicate()
    lock = InstanceLock(closed, "2012-08-31T00:00:01Z")
    assert lock.unclean
    lock.release()
    reopen(closed, pack).close()
    lock = InstanceLock(closed, "2012-08-31T00:00:02Z")
    assert not lock.unclean
    lock.release()


def test_a_lock_file_full_of_rubbish_is_no_trouble(closed, pack):
    (closed / "instance.lock").write_bytes(b"\xff[1")
    with reopen(closed, pack) as store, store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit").scalar()


def test_a_folder_without_a_store_is_refused(tmp_path, pack):
    with pytest.raises(StoreError, match="S303"):
        reopen(tmp_path / "nowhere", pack)
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_holds_a_store_takes_no_second_one(closed, pack):
    with pytest.raises(StoreError, match="S304"):
        new_store(closed, pack)
    reopen(closed, pack).close()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path, pack):
    (tmp_path / "a").write_text("x")
    with pytest.raises((StoreError, FileError)):
        new_store(tmp_path / "a", pack)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "511100000011"}, "S331"), ({"unit": "abc"}, "S331"), ({"unit": "５１１１００００００１０"}, "S331"),
        ({"parent": "511100000011"}, "S331"), ({"origin": "511102000013"}, "S332"), ({"origin": "511100000010b"}, "S332"),
        ({"level": "province"}, "S333"), ({"name": "  "}, "S334"), ({"level": "county"}, "S335"),
    ],
)  # fmt: skip
def test_a_unit_that_cannot_be_makes_no_store(tmp_path, pack, change, code):
    given = {
        "unit": "511100000010",
        "name": "乐山市总工会",
        "level": "city",
        "parent": None,
        "password": "x",
        "cost": CHEAP,
    }
    with pytest.raises(StoreError, match=code):
        opening.create(tmp_path / "a", pack, **(given | change))
    assert not (tmp_path / "a").exists()


def test_the_second_computer_of_a_unit_has_a_letter_behind_its_code(offices):
    store = offices("city", origin="511100000010B")
    assert (store.unit, store.origin) == ("511100000010", "511100000010B")


def write_plainly(folder, statement, pack):
    """Change the file of a store without the program."""
    key = keyring.read(folder).open(PASSWORD)[0]
    raw = dbapi2.connect(str(folder / "store.db"))
    raw.execute(key.pragma)
    raw.execute(statement)
    raw.commit()
    raw.close()


def test_a_store_of_a_newer_program_is_refused_unchanged(closed, pack):
    write_plainly(closed, f"PRAGMA user_version={schema.FORMAT + 1}", pack)
    assert refused(closed, pack) == "S306"


def test_a_file_of_another_program_is_refused_unchanged(closed, pack):
    write_plainly(closed, "PRAGMA application_id=1", pack)
    assert refused(closed, pack) == "S305"


def test_a_store_whose_first_page_is_lost_is_refused_as_damaged(closed, pack):
    content = bytearray((closed / "store.db").read_bytes())
    content[16:4096] = os.urandom(4080)
    (closed / "store.db").write_bytes(content)
    assert refused(closed, pack) == "S326"


@pytest.mark.parametrize("content", [None, b""])
def test_a_missing_or_empty_store_is_never_made_anew(closed, pack, content):
    (closed / "store.db").unlink()
    if content is not None:
        (closed / "store.db").write_bytes(content)
    assert refused(closed, pack) == "S308"


def test_a_store_whose_salt_is_lost_opens_all_the_same(closed, pack):
    content = (closed / "store.db").read_bytes()
    (closed / "store.db").write_bytes(bytes(16) + content[16:])
    with reopen(closed, pack) as store, store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@pytest.mark.parametrize("name", keyring.NAMES)
@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": 1}', None])
def test_one_good_copy_of_the_keys_is_enough_and_the_other_is_written_anew(
    closed, pack, name, damage
):
    good = (closed / name).read_bytes()
    if damage is None:
        (closed / name).unlink()
    else:
        (closed / name).write_bytes(damage)
    reopen(closed, pack).close()
    assert (closed / name).read_bytes() == good


def test_without_a_good_copy_of_the_keys_nothing_opens(closed, pack):
    for name in keyring.NAMES:
        (closed / name).write_bytes((closed / name).read_bytes().replace(b"argon2id", b"argon2xx"))
    assert refused(closed, pack) == "S307"


def test_keys_of_a_newer_program_are_refused(closed, pack):
    for name in keyring.NAMES:
        body = json.loads((closed / name).read_bytes())
        (closed / name).write_text(json.dumps(body | {"format": 2}))
    assert refused(closed, pack) == "S315"


def test_the_keys_are_bound_to_their_store(offices, pack):
    one, other = offices("city"), offices("city", person="另一人")
    one.close(), other.close()
    for name in keyring.NAMES:
        (one.folder / name).write_bytes((other.folder / name).read_bytes())
    assert refused(one.folder, pack) == "S326"


def test_the_store_of_the_demonstration_is_open_and_marked(offices, pack):
    store = offices("grassroots", password=None)
    assert store.demo
    assert opening.is_demo(store.folder)
    store.close()
    assert sorted(path.name for path in store.folder.iterdir() if path.is_file()) == [
        "demo.db",
        "instance.lock",
    ]
    with reopen(store.folder, pack, None) as again:
        assert again.demo
        assert ask(again, "SELECT value FROM setting WHERE key = 'demo'") == [("1",)]


def test_a_real_store_cannot_pass_for_the_demonstration(closed, pack):
    (closed / "store.db").rename(closed / "demo.db")
    assert refused(closed, pack, None) == "S326"


def test_moves_that_were_cut_short_are_finished_at_the_next_start(closed, pack):
    place = incoming.begin(closed)
    for name in ("store.db", *keyring.NAMES):
        (closed / name).rename(place / name)
    (place / "READY").write_text(json.dumps(["store.db", *keyring.NAMES]))
    (place / "store.keys").rename(closed / "store.keys")
    assert opening.exists(closed)
    reopen(closed, pack).close()
    assert list((closed / "incoming").iterdir()) == []


def test_what_was_never_complete_is_cleared(closed, pack):
    (closed / "incoming" / "store.db").write_bytes(b"half")
    reopen(closed, pack).close()
    assert list((closed / "incoming").iterdir()) == []


def test_making_a_store_that_was_cut_short_can_be_done_again(tmp_path, pack):
    folder = tmp_path / "a"
    (folder / "incoming").mkdir(parents=True)
    (folder / "incoming" / "store.db").write_bytes(b"half")
    new_store(folder, pack).close()
    assert (folder / "store.db").read_bytes() != b"half"
    assert not list((folder / "incoming").glob("*"))


def test_a_package_that_does_not_come_with_the_program_is_asked_for(offices, pack):
    from dataclasses import replace

    strange = replace(pack, id="another-package")
    store = offices("city", pack=strange)
    store.close()
    with pytest.raises(StoreError, match="S340"):
        opening.open_store(store.folder, password=PASSWORD)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SQLITE_FULL", "S320"), ("SQLITE_IOERR_FSYNC", "S321"), ("SQLITE_READONLY", "S322"), ("SQLITE_CANTOPEN", "S323"),
        ("SQLITE_BUSY", "S324"), ("SQLITE_LOCKED", "S324"), ("SQLITE_CORRUPT", "S325"), ("SQLITE_NOTADB", "S326"),
    ],
)  # fmt: skip
def test_every_fault_of_the_disk_has_its_sentence(name, code):
    error = dbapi2.OperationalError("x")
    error.sqlite_errorname = name
    found = as_store_error(error)
    assert found.code == code
    assert found.step.endswith("。")


def test_a_mistake_of_the_program_is_no_fault_of_the_disk():
    error = dbapi2.OperationalError("no such table")
    error.sqlite_errorname = "SQLITE_ERROR"
    assert as_store_error(error) is None
