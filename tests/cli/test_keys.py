"""The recovery sheet on the command line."""

import io

import pypdf
import pytest

from tests.cli.conftest import GRASSROOTS, PASSWORD, make
from union_desk import crypto
from union_desk.store import keyring, recovering


@pytest.fixture
def office(pack, tmp_path):
    return make(tmp_path, pack, GRASSROOTS, "grassroots")


def code_in(text):
    """The line of a sheet that is a recovery code."""
    return next(line for line in text.splitlines() if line.count("-") == 6)


def test_a_new_recovery_sheet_opens_the_store_and_the_one_before_does_not(office, tmp_path):
    first, second = tmp_path / "恢复单.txt", tmp_path / "恢复单.pdf"
    done = office.run("keys", "recovery", "--out", first)
    assert (done.code, done.err) == (0, "")
    old = code_in(first.read_text("utf-8-sig"))
    keyring.look(office.folder).open_code(old)
    assert office.run("keys", "recovery", "--out", second, "--json").json == {
        "recovery": str(second)
    }
    text = pypdf.PdfReader(io.BytesIO(second.read_bytes())).pages[0].extract_text()
    new = code_in(text)
    assert old != new
    assert keyring.look(office.folder).key_id in text
    with recovering.reset_by_code(
        office.folder, new, "填报人", "新的口令 1", cost=crypto.Cost(1, 64, 1)
    ) as store:
        assert store.person == "填报人"
    assert office.run("status").code == 1
    held = b"".join(path.read_bytes() for path in office.folder.rglob("*") if path.is_file())
    assert new.encode() not in held
    assert PASSWORD.encode() not in held


@pytest.mark.parametrize(
    ("name", "code", "exit_code"),
    [
        ("a.docx", "U926", 2),
        ("nowhere/a.pdf", "U927", 1),
        ("data/a.pdf", "S375", 1),
        ("backups/a.txt", "S376", 1),
    ],
)
def test_a_place_that_will_not_do_is_refused_before_a_code_is_made(
    office, tmp_path, name, code, exit_code
):
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "x.udbak").touch()
    before = (office.folder / "store.keys").read_bytes()
    done = office.run("keys", "recovery", "--out", tmp_path / name)
    assert done.code == exit_code
    assert code in done.err
    assert (office.folder / "store.keys").read_bytes() == before


def test_init_saves_the_sheet_at_once(tmp_path):
    from tests.cli.conftest import Office

    secret = tmp_path / "secret.txt"
    secret.write_text(PASSWORD, "utf-8")
    office = Office(tmp_path / "data", secret)
    wanted = [
        "init",
        "--unit",
        "511100000010",
        "--name",
        "乐山市总工会",
        "--level",
        "city",
        "--recovery",
    ]
    assert "S375" in office.run(*wanted, tmp_path / "data" / "a.txt").err
    assert not office.folder.exists()
    done = office.run(*wanted, tmp_path / "sheet.txt")
    assert done.code == 0, done.err
    keyring.look(office.folder).open_code(code_in((tmp_path / "sheet.txt").read_text("utf-8-sig")))
