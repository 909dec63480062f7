"""Backups count only when they were opened and compared; old ones go, the newest never."""

import json
import re
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.store.offices import PASSWORD, ask, draft, save
from union_desk import files, resources
from union_desk.errors import DamageError, FileError, StoreError
from union_desk.store import (
    attachments,
    audit,
    backup_file,
    backups,
    holds,
    opening,
    setting_rows,
    survey,
    thinning,
    upgrading,
    upkeep,
    verifying,
)


def attach(store, content=b"%PDF-1.4 a", name="a.pdf"):
    """Keep a file and a row that names it."""
    with store.write() as tx:
        digest = attachments.keep(store, tx.connection, content)
        row = {
            "uid": digest[:12], "form": "visit", "record": "r", "field": "f", "sha256": digest, "name": name,
            "bytes": len(content), "type": "pdf", "added_at": tx.now,
        }  # fmt: skip
        tx.connection.execute(tx.tables.attachment.insert(), row)
    return digest


def test_a_backup_holds_the_store_its_keys_and_says_what_it_is(county):
    made = backups.make(county, "command")
    path = Path(made.file)
    assert path.parent == county.folder / "backups"
    assert path.name.startswith("511102000013-20")
    assert path.name.endswith("-command.udbak")
    with zipfile.ZipFile(path) as archive:
        assert set(archive.namelist()) == {"backup.json", "store.db", "store.keys"}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        body = json.loads(archive.read("backup.json"))
    assert body["format"] == 1
    assert body["rows"]["union_org"] == 8
    assert body["store_id"] == county.store_id
    assert made.sha256 == files.sha256_file(path)
    assert body["audit"][0] == made.number
    assert not list((county.folder / "tmp").iterdir())


def test_nothing_that_was_entered_can_be_read_in_a_backup(county):
    made = backups.make(county, "command")
    content = Path(made.file).read_bytes()
    name = ask(county, "SELECT name FROM union_org")[0][0]
    assert name.encode() not in content
    assert b"SQLite format 3" not in content


def test_the_last_verified_backup_is_known_with_time_and_place_and_stands_in_the_log(county):
    with county.read() as connection:
        assert backups.last(connection) is None
    made = backups.make(county, "command")
    with county.read() as connection:
        assert backups.last(connection) == made
        assert not backups.changed(connection)
    assert ask(county, "SELECT act FROM audit ORDER BY n DESC LIMIT 1") == [("backup",)]


def test_a_backup_is_of_one_state_and_opens_with_the_stores_key(county, tmp_path):
    made = backups.make(county, "command")
    manifest = backup_file.read(Path(made.file))
    backup_file.extract(Path(made.file), manifest, "store.db", tmp_path / "copy.db")
    held = verifying.verify(tmp_path / "copy.db", county.database.key_pragma)
    assert dict(held.rows) == dict(manifest.rows)
    assert held.head == manifest.audit


def test_sample_data_are_not_backed_up(offices):
    with pytest.raises(StoreError, match="S404"):
        backups.make(offices("city", password=None), "command")
    assert backups.before(offices("city", password=None), "package") is None


def test_sealed_files_are_copied_once_beside_the_backups(county):
    digest = attach(county)
    backups.make(county, "command")
    copy = county.folder / "backups" / "sealed" / f"{digest}.age"
    assert copy.read_bytes() == attachments.place(county, digest).read_bytes()
    assert not copy.is_symlink()
    assert copy.stat().st_ino != attachments.place(county, digest).stat().st_ino
    before = copy.stat().st_mtime_ns
    made = backups.make(county, "command")
    assert copy.stat().st_mtime_ns == before
    assert backup_file.read(Path(made.file)).blobs == (digest,)


def test_a_missing_attachment_does_not_stop_the_backup_but_is_noted(county):
    digest = attach(county)
    attachments.place(county, digest).unlink()
    made = backups.make(county, "command")
    assert made.missing == 1
    assert backup_file.read(Path(made.file)).missing == (digest,)


def test_one_file_for_a_new_computer_holds_the_sealed_files_too(county, tmp_path):
    digest = attach(county)
    made = backups.make(county, "handover", to=tmp_path / "stick")
    with zipfile.ZipFile(made.file) as archive:
        assert f"blobs/{digest}.age" in archive.namelist()
    assert not (tmp_path / "stick" / "sealed").exists()


def test_a_damaged_store_makes_no_backup_and_the_older_ones_stay(county, pack):
    good = backups.make(county, "command")
    folder = county.folder
    county.close()
    content = bytearray((folder / "store.db").read_bytes())
    content[5 * 4096 + 100] ^= 1
    (folder / "store.db").write_bytes(content)
    with opening.open_store(folder, password=PASSWORD, pack=pack) as store:
        with pytest.raises(DamageError, match=r"S325|S405"):
            backups.make(store, "command")
        assert [item.path for item in backups.kept(store).kept] == [Path(good.file)]
    assert not list((folder / "tmp").iterdir())


def test_a_copy_that_holds_something_else_does_not_count(county, tmp_path):
    with county.read() as connection:
        held = verifying.facts(connection)
    with county.write() as tx:
        audit.note(tx, "x")
    county.database.copy_to(tmp_path / "copy.db", county.database.key_pragma)
    with pytest.raises(StoreError, match="S408"):
        backups.compare(tmp_path / "copy.db", county.database.key_pragma, held)


def test_files_that_are_no_backups_are_told_apart(county, tmp_path):
    made = Path(backups.make(county, "command").file)
    manifest = backup_file.read(made)
    plain = tmp_path / "plain.udbak"
    plain.write_text("not a zip")
    with zipfile.ZipFile(tmp_path / "other.udbak", "w") as archive:
        archive.writestr("a.txt", "x")
    with zipfile.ZipFile(tmp_path / "newer.udbak", "w") as archive:
        archive.writestr("backup.json", json.dumps({"format": 2}))
    for name, code in (("plain", "S400"), ("other", "S400"), ("newer", "S401")):
        with pytest.raises(StoreError, match=code):
            backup_file.read(tmp_path / f"{name}.udbak")
    with pytest.raises(FileError, match="F104"):
        backup_file.read(tmp_path / "nothing.udbak")
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    flipped = tmp_path / "flipped.udbak"
    flipped.write_bytes(content)
    with pytest.raises(DamageError, match="S400"):
        backup_file.extract(flipped, manifest, "store.db", tmp_path / "out.db")


def test_every_flip_and_cut_of_a_backup_is_a_sentence_or_no_matter(county, tmp_path):
    made = Path(backups.make(county, "command").file)
    whole, manifest = made.read_bytes(), backup_file.read(made)
    target = tmp_path / "x.udbak"
    damaged = 0
    for place in range(0, len(whole), len(whole) // 60):
        for content in (
            whole[:place],
            whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :],
        ):
            target.write_bytes(content)
            out = tmp_path / "out"
            try:
                found = backup_file.read(target)
                backup_file.extract(target, found, "store.db", out)
                assert found == manifest or found.members == manifest.members
            except (StoreError, FileError):
                damaged += 1
            out.unlink(missing_ok=True)
    assert damaged > 100


# When -------------------------------------------------------------------------------------


def test_the_daily_backup_is_made_at_exit_if_anything_changed_and_once_a_day(offices):
    store = offices("county")
    assert upkeep.end(store) is None
    assert backups.kept(store).kept == ()
    save(store, draft("visit", {}))
    assert upkeep.end(store) is None
    assert [item.manifest.why for item in backups.kept(store).kept] == ["daily"]
    save(store, draft("visit", {}))
    upkeep.end(store)
    assert len(backups.kept(store).kept) == 1


def back_date(store, hours):
    """Let the last backup be older than it is."""
    with store.write() as tx:
        known = backups.last(tx.connection)
        at = (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = json.dumps({**{name: getattr(known, name) for name in known.__slots__}, "at": at})
        setting_rows.write(tx.connection, "backup_last", text)


def test_a_run_that_ended_without_its_backup_is_made_up_for_after_a_day(county):
    backups.make(county, "command")
    save(county, draft("visit", {}))
    upkeep.catch_up(county)
    assert len(backups.kept(county).kept) == 1
    back_date(county, 25)
    upkeep.catch_up(county)
    assert [item.manifest.why for item in backups.kept(county).kept] == ["daily", "command"]
    back_date(county, 25)
    upkeep.catch_up(county)
    assert len(backups.kept(county).kept) == 2, "nothing changed since"


def test_before_the_first_taking_in_of_a_day_there_is_one_backup(county):
    assert backups.before(county, "import").why == "import"
    assert backups.before(county, "import") is None
    assert backups.before(county, "erase").why == "erase"


def test_a_package_is_taken_in_after_a_backup(county, tmp_path):
    source = tmp_path / "next"
    shutil.copytree(resources.taskpacks() / "lszgh-2012-55", source)
    text = (source / "taskpack.yaml").read_text("utf-8")
    changed = re.sub(r"(?m)^版本: .*$", '版本: "1.1"', text, count=1)
    assert changed != text
    (source / "taskpack.yaml").write_text(changed, "utf-8")
    upgrading.install(county, source)
    assert [item.manifest.why for item in backups.kept(county).kept] == ["package"]
    upgrading.install(county, source)
    assert len(backups.kept(county).kept) == 1


# Thinning ---------------------------------------------------------------------------------


def kept_at(day, *, why="daily", number=None, size=1, hour=12):
    at = datetime(2012, 1, 1, hour, tzinfo=UTC) + timedelta(days=day)
    manifest = backup_file.Manifest(
        "s", "k", "u", "n", why, "1", "p", at.strftime("%Y-%m-%dT%H:%M:%SZ"), 1, {},
        (day if number is None else number, "h"), (), (),
    )  # fmt: skip
    return thinning.Kept(Path(f"{day}-{hour}-{why}-{number}"), manifest, size)


def days_left(backups_, now_day, *, scarce=False):
    now = datetime(2012, 1, 1, 13, tzinfo=UTC) + timedelta(days=now_day)
    gone = {item.path for item in thinning.to_drop(backups_, now, scarce=scarce)}
    return [item for item in backups_ if item.path not in gone]


def test_of_two_years_of_daily_backups_few_stay_and_reach_far_back():
    left = days_left([kept_at(day) for day in range(700)], 699)
    ages = sorted(699 - item.manifest.audit[0] for item in left)
    assert ages[:14] == list(range(14))
    assert len(ages) <= 14 + 8 + 12
    assert ages[-1] > 300
    assert max(age for age in ages if age < 60) > 40


def test_all_of_two_days_stay_and_later_only_the_newest_of_a_day():
    many = [kept_at(day, hour=hour) for day in range(30) for hour in (8, 9, 10)]
    left = days_left(many, 29)
    assert sum(item.manifest.audit[0] >= 28 for item in left) == 6
    assert [item.at.hour for item in left if item.manifest.audit[0] == 20] == [10]


def test_backups_before_an_upgrade_stay_ninety_days():
    upgrades = [kept_at(day, why="upgrade", hour=1) for day in (0, 100)]
    left = days_left([*upgrades, *(kept_at(day) for day in range(150))], 149)
    assert [item.manifest.audit[0] for item in left if item.manifest.why == "upgrade"] == [100]


def test_the_newest_is_known_by_the_log_not_by_the_clock_and_never_dropped():
    late = [kept_at(day) for day in range(1000, 1040)]
    newest = kept_at(3, number=5000)
    assert newest in days_left([*late, newest], 1039)
    assert newest in days_left([*late, newest], 1039, scarce=True)


def test_on_a_full_disk_fewer_stay():
    left = days_left([kept_at(day) for day in range(700)], 699, scarce=True)
    assert 3 <= len(left) <= 7


def test_thinning_takes_the_sealed_files_that_nothing_names_any_more(county):
    digest = attach(county)
    old = Path(backups.make(county, "command").file)
    with county.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM attachment")
    backups.make(county, "command")
    copy = county.folder / "backups" / "sealed" / f"{digest}.age"
    assert copy.exists()
    old.unlink()
    (county.folder / "backups" / "broken.udbak").write_text("x")
    thinning.thin(county.folder / "backups", county.store_id, datetime.now(UTC))
    assert copy.exists(), "one unreadable backup stops the sweep"
    (county.folder / "backups" / "broken.udbak").unlink()
    thinning.thin(county.folder / "backups", county.store_id, datetime.now(UTC))
    assert not copy.exists()


def test_nothing_is_thinned_while_sending_is_on_hold(county):
    digest = attach(county)
    first = Path(backups.make(county, "command").file)
    with county.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM attachment")
        holds.put(tx, holds.RESTORED, "2012-08-31T00:00:00Z")
    first.unlink()
    backups.make(county, "command")
    assert (county.folder / "backups" / "sealed" / f"{digest}.age").exists()


def test_another_stores_backups_in_the_same_place_are_left_alone(county, offices, tmp_path):
    other = offices("city")
    place = tmp_path / "stick"
    theirs = [Path(backups.make(other, "command", to=place).file) for _ in range(2)]
    backups.make(county, "command", to=place)
    later = datetime.now(UTC) + timedelta(days=4000)
    thinning.thin(place, county.store_id, later)
    assert all(path.exists() for path in theirs)


# A second place ---------------------------------------------------------------------------


def test_a_second_place_takes_verified_backups_with_their_sealed_files(county, tmp_path):
    digest = attach(county)
    place = tmp_path / "disk"
    assert backups.make_elsewhere(county, "daily") is None
    backups.choose_second_place(county, place)
    made = backups.make_elsewhere(county, "daily")
    assert Path(made.file).parent == place
    assert (place / "sealed" / f"{digest}.age").exists()
    with county.read() as connection:
        assert backups.last_elsewhere(connection) == made
        assert backups.last(connection) is None
    upkeep.end(county)
    assert len(list(place.glob("*.udbak"))) == 2


def test_a_second_place_that_is_gone_is_told_and_costs_nothing(county, tmp_path):
    place = tmp_path / "disk"
    backups.choose_second_place(county, place)
    place.rmdir()
    refused = backups.make_elsewhere(county, "daily")
    assert isinstance(refused, FileError)
    assert refused.code == "F112"
    assert upkeep.end(county) is None
    assert len(backups.kept(county).kept) == 1


def test_the_data_folder_is_no_second_place(county):
    with pytest.raises(StoreError, match="S406"):
        backups.choose_second_place(county, county.folder / "backups" / "x")


def test_fourteen_days_without_a_second_place_are_noticed(county, tmp_path):
    with county.write() as tx:
        assert not backups.second_place_overdue(tx.connection)
        setting_rows.write(tx.connection, "created_at", "2012-01-01T00:00:00Z")
        assert backups.second_place_overdue(tx.connection)
    backups.make(county, "command", to=tmp_path / "stick")
    with county.read() as connection:
        assert not backups.second_place_overdue(connection)


def test_the_survey_of_a_store_is_the_same_after_a_backup(county):
    attach(county)
    backups.make(county, "command")
    assert list(survey.problems(county, full=True)) == []
