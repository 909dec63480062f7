"""The recovery sheet on the command line."""

import io
import re

import pypdf
import pytest

from tests.cli.conftest import COUNTY, DAY, GRASSROOTS, PASSWORD, Office, make
from union_desk import crypto, resources
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


@pytest.fixture
def county(pack, tmp_path):
    """An office with one unit in its directory."""
    (tmp_path / "upper").mkdir()
    made = make(tmp_path / "upper", pack, COUNTY, "county")
    rows = (resources.samples() / "union_org.csv").read_text("utf-8-sig").splitlines()
    mine = [rows[0], *(row for row in rows if row.startswith(GRASSROOTS))]
    (tmp_path / "units.csv").write_text("\n".join(mine), "utf-8-sig")
    done = made.run("put", "union_org", tmp_path / "units.csv", "--reason", "样本", "--as-of", DAY)
    assert done.code == 0, done.err
    return made


def begin(tmp_path, *more):
    """A unit made on the command line."""
    (tmp_path / "secret.txt").write_text(PASSWORD, "utf-8")
    office = Office(tmp_path / "unit", tmp_path / "secret.txt")
    name = "乐山沫水餐饮管理工会委员会"
    return office, office.run("init", "--unit", GRASSROOTS, "--name", name, "--parent", COUNTY, *more)  # fmt: skip


def text_of(path):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_a_card_shows_by_what_the_office_is_known(office, tmp_path):
    shown = office.run("keys", "card", "--json").json
    assert (shown["origin"], shown["file"]) == (GRASSROOTS, None)
    assert shown["digits"] == crypto.check_digits(shown["fingerprint"])
    done = office.run("keys", "card", "--out", tmp_path / "card.pdf")
    assert done.code == 0
    assert "核对码 " + shown["digits"] not in done.err
    text = text_of(tmp_path / "card.pdf")
    for words in ("单位开通卡", shown["digits"], GRASSROOTS, shown["name"], "填报单位（盖章）"):
        assert words in text


REFUSED = (
    (("card", "--out", "card.txt"), "U932", 2),
    (("codes", "--all", "--out", "nowhere/codes.pdf"), "U927", 1),
    (("codes", "--out", "codes.pdf"), "U931", 2),
    (("codes", GRASSROOTS, "--all", "--out", "codes.pdf"), "U931", 2),
    (("codes", "511181400026", "--out", "codes.pdf"), "S441", 1),
    (("trust", GRASSROOTS, "1234"), "I482", 1),
    (("trust", GRASSROOTS, "1234", "5678", "9012"), "S444", 1),
)


def test_what_cannot_be_done_with_keys_is_refused_with_a_code(county, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words, code, exit_code in REFUSED:
        done = county.run("keys", *words)
        assert (done.code, code in done.err) == (exit_code, True), done.err
    assert not (tmp_path / "codes.pdf").exists()


def test_a_strip_printed_above_opens_the_road_for_the_unit_below(county, tmp_path):
    """Strip, init with its code, broadcast down, card and records up: no digit typed above."""
    done = county.run("keys", "codes", "--all", "--out", tmp_path / "codes.pdf", "--json")
    (strip,) = done.json["strips"]
    assert strip["origin"] == GRASSROOTS
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", text_of(tmp_path / "codes.pdf")).group()
    assert code not in done.out
    unit, made = begin(tmp_path, "--code", code.lower().replace("-", " "))
    assert made.code == 0, made.err
    assert unit.run("keys", "list", "--json").json == []
    place = tmp_path / "stick"
    place.mkdir()
    assert county.run("export", "--to", place, "--for", "children").code == 0
    assert unit.run("import", place).code == 0
    parent, above = unit.run("keys", "list", "--json").json[::-1]
    assert (above["role"], above["way"]) == ("above", "vouch")
    assert (parent["role"], parent["status"], parent["way"]) == ("parent", "trusted", "code")
    sample = resources.samples() / "culture_event.csv"
    assert unit.run("put", "culture_event", sample, "--reason", "样本", "--as-of", DAY).code == 0
    up = tmp_path / "up"
    up.mkdir()
    done = unit.run("export", "--to", up)
    assert done.code == 0, done.err
    outcomes = [item["outcome"] for item in county.run("import", up, "--json").json]
    assert outcomes == ["applied", "applied"]
    (child,) = [item for item in county.run("keys", "list", "--json").json if item["unit"] == GRASSROOTS]  # fmt: skip
    assert (child["status"], child["way"]) == ("trusted", "code")
    listed = county.run("keys", "list").out
    assert "已核对" in listed
    assert "开通码" in listed
    assert (
        "没有要做的开通码" in county.run("keys", "codes", "--all", "--out", tmp_path / "c.pdf").out
    )


def test_without_a_code_both_sides_type_the_digits_of_the_sealed_cards(county, tmp_path):
    unit, _ = begin(tmp_path)
    place, up = tmp_path / "stick", tmp_path / "up"
    place.mkdir()
    up.mkdir()
    county.run("export", "--to", place, "--for", "children")
    (waiting,) = unit.run("import", place, "--json").json
    assert waiting["outcome"] == "waiting"
    above = county.run("keys", "card", "--json").json["digits"]
    later = unit.run("keys", "trust", COUNTY, "K7WQ-2M9D-XTRA-84HJ", "--json")
    assert later.json["status"] == "pending"
    wrong = unit.run("keys", "trust", COUNTY, "0000-0000-0000")
    assert "S445" in wrong.err
    done = unit.run("keys", "trust", COUNTY, *above.split("-"))
    assert done.code == 0
    assert "1 个数据包已重新装入" in done.out
    sample = resources.samples() / "culture_event.csv"
    unit.run("put", "culture_event", sample, "--reason", "样本", "--as-of", DAY)
    unit.run("export", "--to", up)
    assert {item["outcome"] for item in county.run("import", up, "--json").json} == {"waiting"}
    (child,) = [item for item in county.run("keys", "list", "--json").json if item["unit"] == GRASSROOTS]  # fmt: skip
    assert (child["status"], child["digits"]) == ("pending", None)
    below = unit.run("keys", "card", "--json").json["digits"]
    done = county.run("keys", "trust", GRASSROOTS, below, "--json")
    assert done.json == {"origin": GRASSROOTS, "status": "trusted", "taken": 2}
    assert "S444" in county.run("keys", "trust", GRASSROOTS, below).err


def test_a_further_computer_of_the_unit_has_a_letter_behind_its_code(tmp_path):
    (tmp_path / "secret.txt").write_text(PASSWORD, "utf-8")
    second = Office(tmp_path / "second", tmp_path / "secret.txt")
    done = second.run("init", "--unit", GRASSROOTS + "B", "--name", "某工会", "--parent", COUNTY)
    assert done.code == 0, done.err
    shown = second.run("keys", "card", "--json").json
    assert (shown["unit"], shown["origin"]) == (GRASSROOTS, GRASSROOTS + "B")
    place = tmp_path / "allowed_signers"
    assert second.run("keys", "list", "--out", place).code == 0
    start = f'{GRASSROOTS}B namespaces="union-desk-packet" ssh-ed25519 AAAA'
    assert place.read_text().startswith(start)


def test_a_mistyped_code_makes_no_store(tmp_path):
    unit, done = begin(tmp_path, "--code", "K7WQ-2M9D")
    assert (done.code, "I480" in done.err) == (1, True)
    assert not unit.folder.exists()


def test_keys_without_an_act_says_which_there_are(office):
    done = office.run("keys")
    assert done.code == 2
    assert "可选：card、list、trust、codes、recovery" in done.err
