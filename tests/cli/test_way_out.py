"""A damaged store on the command line: said once, with the command that takes the newest backup."""

import pytest

from tests.cli.conftest import COUNTY, make


@pytest.fixture
def office(pack, tmp_path):
    made = make(tmp_path, pack, COUNTY, "county")
    assert made.put("aid").code == 0
    return made


def spoil(office, at):
    path = office.folder / "store.db"
    content = bytearray(path.read_bytes())
    content[at : at + 4096] = bytes(4096)
    path.write_bytes(content)


def lines(done):
    return [line for line in (done.out + done.err).splitlines() if line.strip()]


def test_doctor_names_the_command_that_restores_and_it_works(office):
    assert office.run("backup").code == 0
    for at in range(8, 40):
        spoil(office, at * 4096)
    done = office.run("doctor")
    assert done.code == 1
    told = lines(done)
    assert len(told) == len(set(told)), "nothing is said twice"
    (kept,) = (office.folder / "backups").glob("*-command.udbak")
    command = told[-1].split("union-desk ", 1)[1].replace('"', "").split()
    assert command[:2] == ["restore", str(kept)]
    assert command[2:] == ["--data", str(office.folder)]
    assert office.run("restore", kept).code == 0
    assert office.run("doctor", "--json").json["problems"] == []


def test_without_a_backup_it_says_where_else_to_turn(office):
    for path in (office.folder / "backups").glob("*.udbak"):
        path.unlink()
    (office.folder / "store.db").write_bytes(b"")
    done = office.run("doctor")
    assert done.code == 1
    assert "没有读得出的备份" in lines(done)[-1]
    assert "抢救" in lines(done)[-1]
