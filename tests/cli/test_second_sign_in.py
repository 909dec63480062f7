"""The second sign-in on the command line: refused with the way, done with a name and a password."""

from tests.cli.conftest import COUNTY, PASSWORD, make
from union_desk.crypto import Cost
from union_desk.store import opening, passwords, rights


def test_where_two_people_are_asked_for_a_second_one_is_named_with_the_command(
    pack, tmp_path, monkeypatch
):
    office = make(tmp_path, pack, COUNTY, "county")
    done = office.put("aid")
    assert done.code == 0, done.err
    with opening.open_store(office.folder, password=PASSWORD) as store:
        passwords.add_person(store, "王芳", ("head",), "wangfang-1", Cost(1, 64, 1))
        rights.turn_second(store, on=True)
    out = tmp_path / "盘"
    out.mkdir()
    refused = office.run("export", "--to", out)
    assert refused.code == 1
    assert "第二个人登录确认" in refused.err
    assert "--second" in refused.err
    monkeypatch.setenv("UNION_DESK_SECOND_PASSWORD", "wrong")
    assert "S382" in office.run("export", "--to", out, "--second", "王芳").err
    monkeypatch.setenv("UNION_DESK_SECOND_PASSWORD", "wangfang-1")
    done = office.run("export", "--to", out, "--second", "王芳")
    assert done.code == 0, done.err
    assert list(out.glob("*.udsync"))
