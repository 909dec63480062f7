"""Nothing that people typed can be read on the disk: the folder, temporary files, logs, names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.secret_work import NUMBER, PASSWORD, SECRETS
from union_desk.store import opening

ROOT = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(os.name == "nt", reason="NOT TESTED: signals of POSIX")


def forms_of(secret):
    """A secret as it might lie on a disk."""
    plain = secret.encode()
    return {
        plain,
        secret.encode("utf-16-le"),
        secret.encode("gb18030"),
        plain.hex().encode(),
        secret.encode("unicode_escape"),
    }


def readable(folder, secrets):
    """The files of a folder that show a secret, in their content or their name."""
    wanted = {form for secret in secrets for form in forms_of(secret)}
    found = []
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        name = str(path.relative_to(folder)).encode()
        found += [str(path) for form in wanted if form in content or form in name]
    return found


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A data folder and its temporary folder after a day's work that was cut off."""
    place = tmp_path_factory.mktemp("secret")
    data, passing = place / "data", place / "tmp"
    passing.mkdir()
    environment = os.environ | {
        "TMPDIR": str(passing),
        "UNION_DESK_STATE": str(place / "state"),
        "HOME": str(place / "home"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.secret_work", str(data)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    code, uid = done.stdout.split()
    assert done.stderr == ""
    return place, code, uid


@POSIX
def test_after_a_days_work_and_a_crash_nothing_typed_can_be_read(killed):
    place, code, _ = killed
    assert readable(place, (*SECRETS, code, code.replace("-", ""))) == []
    assert (place / "data" / "store.db-journal").stat().st_size > 0


@POSIX
def test_after_the_next_start_neither(killed, monkeypatch):
    place, _, uid = killed
    monkeypatch.setenv("UNION_DESK_STATE", str(place / "state"))
    with opening.open_store(place / "data", password=PASSWORD) as store, store.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT person_id FROM member WHERE uid = ?", (uid,)
        ).scalar()
        assert (
            connection.exec_driver_sql("SELECT count(*) FROM audit WHERE act = 'planted'").scalar()
            == 0
        )
    assert row == NUMBER
    assert readable(place, SECRETS) == []


def test_the_search_itself_finds_what_lies_open(tmp_path):
    """The control: a plain file and a telling name are found."""
    (tmp_path / "a").write_text(f"x{NUMBER}y")
    (tmp_path / f"{PASSWORD}.txt").touch()
    (tmp_path / "b").write_bytes("欧阳密密".encode("utf-16-le"))
    assert len(readable(tmp_path, SECRETS)) == 3
