"""backup, restore, status and export --resume by the command line."""

from pathlib import Path

import pytest

from tests.cli.conftest import COUNTY, make


@pytest.fixture
def office(pack, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "outside"))
    made = make(tmp_path, pack, COUNTY, "county")
    assert made.put("union_org").code == 0
    return made


def test_the_first_run_of_a_day_that_changes_anything_leaves_a_backup(office):
    kept = list((office.folder / "backups").glob("*.udbak"))
    assert [path.stem.rsplit("-", 1)[1] for path in kept] == ["daily"]
    assert office.put("enterprise").code == 0
    assert list((office.folder / "backups").glob("*.udbak")) == kept


def test_status_names_time_and_place_of_the_last_backup(office):
    done = office.run("backup", "--json")
    assert done.code == 0
    last = office.run("status", "--json").json["last_backup"]
    assert last["file"] == done.json["file"]
    assert last["sha256"] == done.json["sha256"]
    assert done.json["file"] in office.run("status").out


def test_a_backup_goes_where_it_is_told_to(office, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    assert office.run("backup", "--to", stick).code == 0
    assert [path.suffix for path in stick.iterdir() if path.is_file()] == [".udbak"]


def test_a_folder_that_is_not_there_is_refused_and_not_made(office, tmp_path):
    """A stick that was pulled out must not become a second copy on the same disk."""
    gone, file = tmp_path / "stick", tmp_path / "file"
    file.write_text("x")
    for words in (
        ("backup", "--to", gone),
        ("backup", "--to", file),
        ("restore", file, "--files", gone),
    ):
        done = office.run(*words)
        assert (done.code, "U928" in done.err) == (1, True)
    assert not gone.exists()


def test_restore_puts_the_records_back_and_sending_waits_for_a_decision(office, tmp_path):
    made = office.run("backup", "--json").json
    assert office.put("enterprise").code == 0
    done = office.run("restore", made["file"], "--json")
    assert done.code == 0
    assert done.json["rows"]["union_org"] == 8
    assert Path(done.json["present"]).exists()
    assert office.run("status", "--json").json["counts"] == {"confirmed": 8}
    out = tmp_path / "out"
    out.mkdir()
    refused = office.run("export", "--to", out)
    assert (refused.code, list(out.iterdir())) == (1, [])
    assert "B546" in refused.err
    assert "--resume" in refused.err
    sent = office.run("export", "--to", out, "--resume", "--json")
    assert sent.code == 0
    assert [item["records"] for item in sent.json] == [8]
    assert office.run("doctor", "--full").code == 0


def test_restore_tells_in_words_what_it_did(office):
    made = office.run("backup", "--json").json
    told = office.run("restore", made["file"]).out
    assert "市中区总工会" in told
    assert "salvage/" in told
    assert "报送已暂停" in told


def test_what_is_no_backup_is_refused_and_changes_nothing(office, tmp_path):
    before = office.digest()
    (tmp_path / "x.udbak").write_bytes(b"PK")
    for file, code in ((tmp_path / "x.udbak", "S400"), (tmp_path / "none.udbak", "F104")):
        done = office.run("restore", file)
        assert done.code == 1
        assert code in done.err
    assert office.digest() == before
