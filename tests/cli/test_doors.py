"""Bad input at every door: a Chinese sentence, exit 1 or 2, and the store as it was."""

import re
import shutil
import sqlite3

import pytest

from tests.cli.conftest import CITY, DAY, PASSWORD, Office, clean, make
from union_desk import resources
from union_desk.store import opening

SAMPLES = resources.samples()


@pytest.fixture(scope="module")
def office(pack, tmp_path_factory):
    """A small store of its own: unions and enterprises."""
    made = make(tmp_path_factory.mktemp("doors"), pack, CITY, "city")
    for form in ("union_org", "enterprise"):
        assert made.put(form).code == 0
    return made


def refused(done, code, exit_code=1):
    assert done.code == exit_code, done.out + done.err
    assert f"（{code}）" in done.err, done.err
    assert re.search(r"[\u4e00-\u9fff].*。", done.err)
    assert "Traceback" not in done.err + done.out
    return done.err


@pytest.fixture
def unchanged(office):
    before = office.digest()
    yield office
    assert office.digest() == before


WRONG_USE = [
    (["put"], "U910"), (["put", "member"], "U910"), (["nonsense"], "U910"), (["check", "--nonsense"], "U910"), (["progress", "--as-of"], "U910"),
    (["init", "--unit", CITY], "U910"), (["export"], "U910"), (["taskpack"], "U910"), (["status", "--json=1"], "U910"),
    (["check", "--as-of", "31.8.2012"], "U911"), (["check", "--as-of", "2012-02-30"], "U911"),
    (["report", "x", "--as-of", "0001-01-01"], "U911"), (["progress", "--as-of", "9999-12-31"], "U911"), (["check", "nonsense"], "U925"),
    (["get", "nonsense"], "U925"), (["forms", "nonsense"], "U925"), (["put", "nonsense", SAMPLES / "aid.csv"], "U925"),
    (["put", "enterprise", SAMPLES / "enterprise.csv", "nonsense"], "U950"),
    (["put", "enterprise", SAMPLES / "enterprise.csv", "union_org=x.csv"], "U950"), (["get", "enterprise", "--where", "nonsense > 1"], "U952"),
    (["get", "enterprise", "--where", "employees +"], "U952"), (["get", "enterprise", "--where", "__import__('os')"], "U952"),
    (["get", "enterprise", "--where", "employees"], "U953"), (["report", "nonsense", "--out", "x.pdf"], "U941"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    WRONG_USE,
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else value,
)
def test_wrong_use_is_told_in_chinese_and_ends_with_2(unchanged, words, code):
    refused(unchanged.run(*words), code, 2)


def test_options_may_stand_before_the_command_and_help_is_chinese(unchanged, capsys):
    from union_desk import __main__ as entrance

    assert entrance.main([*unchanged.options, "--json", "status"]) == 0
    assert '"unit": "511100000010"' in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        entrance.main(["put", "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert "用法：union-desk put" in told
    assert "明细表及其文件" in told
    assert not re.search("usage|positional|optional|show this", told)


def test_a_missing_file_an_empty_one_and_a_broken_one_are_refused(unchanged, tmp_path):
    refused(unchanged.run("put", "enterprise", tmp_path / "no.csv"), "F104")
    (tmp_path / "empty.csv").touch()
    refused(unchanged.run("put", "enterprise", tmp_path / "empty.csv"), "F142")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 broken")
    refused(unchanged.run("put", "enterprise", tmp_path / "broken.xlsx"), "F147")


def changed(tmp_path, old, new, form="enterprise"):
    text = (SAMPLES / f"{form}.csv").read_text("utf-8-sig")
    assert old in text
    path = tmp_path / f"{form}.csv"
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_an_unknown_column_is_found_by_name(unchanged, tmp_path):
    done = unchanged.run(
        "put",
        "enterprise",
        changed(tmp_path, "legal_rep", "boss"),
        "--json",
        "--reason",
        "样本数据",
    )
    assert done.code == 1
    assert ("enterprise.unknown_column", "boss") in {
        (item["code"], item["column"]) for item in done.json["findings"]
    }
    assert (done.json["added"], done.json["updated"]) == (0, 0)


def test_a_file_of_another_table_gets_one_sentence(unchanged, tmp_path):
    path = tmp_path / "车辆.csv"
    path.write_text("车牌,司机,里程\n川L1,王五,3\n川L2,赵六,4\n", "utf-8")
    done = unchanged.run("put", "enterprise", path)
    assert done.code == 1
    assert done.out.count("车牌") == 1
    assert "没有一列是《" in done.out
    assert "错误 1 条，" in done.out


def test_every_wrong_cell_of_a_file_is_found_by_row_and_column_in_one_run(unchanged, tmp_path):
    path = changed(tmp_path, "91511197MA0T00011M", "91511197MA0T00011X")
    text = path.read_text("utf-8").replace(",132,1,", ",很多,1,")
    path.write_text(text, "utf-8")
    done = unchanged.run(
        "put", "enterprise", path, "--as-of", DAY, "--json", "--reason", "样本数据"
    )
    assert done.code == 1
    found = {
        (item["row"], item["field"]) for item in done.json["findings"] if item["level"] == "error"
    }
    assert {(1, "uscc"), (2, "employees")} <= found
    told = unchanged.run("put", "enterprise", path, "--as-of", DAY, "--reason", "样本数据")
    assert told.code == 1
    assert "很多" in told.out
    assert "错误" in told.out


def test_warnings_without_a_reason_change_nothing(unchanged):
    done = unchanged.put("labor_risk", "--json", reason=None)
    assert done.code == 1
    assert {item["level"] for item in done.json["findings"]} <= {"warning", "hint"}


def test_a_detail_file_given_twice_is_refused(unchanged):
    file = f"contest_unit={SAMPLES / 'contest_unit.csv'}"
    refused(unchanged.run("put", "contest", SAMPLES / "contest.csv", file, file), "U951", 2)


def test_a_dry_run_says_what_would_happen_and_changes_nothing(unchanged):
    done = unchanged.put("contest", "--dry-run", "--json")
    assert (done.code, done.json["added"]) == (0, 8)


def test_a_wrong_a_missing_an_empty_and_an_unreadable_password_are_told_apart(unchanged, tmp_path):
    secret = tmp_path / "secret"
    other = Office(unchanged.folder, secret)
    refused(other.run("status"), "F104")
    secret.write_text("falsch")
    refused(other.run("status"), "S301")
    secret.write_text("\n")
    refused(other.run("status"), "U924")
    secret.write_bytes(b"\xff\xfe\xff")
    refused(other.run("status"), "U921")
    bare = Office(unchanged.folder, secret)
    done = subprocess_without_password(bare)
    refused(done, "U923")


def subprocess_without_password(office):
    import subprocess
    import sys

    from tests.cli.conftest import ROOT, Done

    command = [sys.executable, "-m", "union_desk", "status", "--data", str(office.folder)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=clean(),
        stdin=subprocess.DEVNULL,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_the_password_may_come_from_the_environment(unchanged, monkeypatch):
    from union_desk import __main__ as entrance

    monkeypatch.setenv("UNION_DESK_PASSWORD", PASSWORD)
    monkeypatch.setenv("UNION_DESK_DATA", str(unchanged.folder))
    assert entrance.main(["status"]) == 0


def test_a_store_that_is_open_elsewhere_is_refused(unchanged):
    with opening.open_store(unchanged.folder, password=PASSWORD):
        refused(unchanged.call("status"), "S302")


def test_a_folder_without_a_store_and_a_foreign_file_are_refused(unchanged, tmp_path):
    empty = Office(tmp_path / "empty", unchanged.password_file)
    refused(empty.run("status"), "U920")
    assert not empty.folder.exists()
    copy = tmp_path / "copy"
    shutil.copytree(unchanged.folder, copy)
    (copy / "store.db").unlink()
    with sqlite3.connect(copy / "store.db") as foreign:
        foreign.execute("CREATE TABLE a (b)")
    foreign.close()
    before = (copy / "store.db").read_bytes()
    done = Office(copy, unchanged.password_file).run("status")
    assert done.code == 1
    assert re.search(r"（S3\d\d）", done.err)
    assert (copy / "store.db").read_bytes() == before


def test_a_second_init_and_a_bad_code_make_nothing(unchanged, tmp_path):
    refused(unchanged.run("init", "--unit", CITY, "--name", "甲", "--level", "city"), "S304")
    other = Office(tmp_path / "new", unchanged.password_file)
    refused(other.run("init", "--unit", "511100000011", "--name", "甲", "--level", "city"), "S331")
    refused(other.run("init", "--unit", "511102400017", "--name", "甲"), "U930", 2)
    assert not (tmp_path / "new" / "store.db").exists()


def test_a_package_with_problems_is_listed_by_file_and_line_and_not_taken_in(unchanged, tmp_path):
    bad = tmp_path / "pack"
    shutil.copytree(resources.taskpacks() / "lszgh-2012-55", bad)
    head = bad / "taskpack.yaml"
    head.write_text(head.read_text("utf-8") + "\n多余: 1\n", "utf-8")
    done = unchanged.run("taskpack", "check", bad, "--json")
    assert done.code == 1
    (problem,) = done.json
    assert problem["file"] == "taskpack.yaml"
    assert problem["line"] == len(head.read_text("utf-8").splitlines())
    told = unchanged.run("taskpack", "check", bad)
    assert told.code == 1
    assert "发现 1 处问题" in told.out
    refused(unchanged.run("taskpack", "install", bad), "P200")
    refused(unchanged.run("taskpack", "diff", bad, bad), "P200")


def test_exports_without_parent_folder_or_reader_are_refused(unchanged, tmp_path):
    refused(unchanged.run("export", "--to", tmp_path), "B541")
    assert not list(tmp_path.iterdir())


def test_reports_want_a_name_a_file_a_record_and_a_period_that_exist(unchanged, tmp_path):
    names = {item["id"]: item["needs_record"] for item in unchanged.run("report", "--json").json}
    plain = next(name for name, needs in names.items() if not needs)
    refused(unchanged.run("report", plain), "U942", 2)
    refused(unchanged.run("report", plain, "--out", tmp_path / "x.ods"), "F160")
    refused(
        unchanged.run("report", plain, "--out", tmp_path / "x.pdf", "--period", "August"), "U943", 2
    )
    single = next(name for name, needs in names.items() if needs)
    refused(unchanged.run("report", single, "--out", tmp_path / "x.pdf"), "U944")
    targets = ("report", "R30", "--record", "abc", "--out", tmp_path / "x.pdf")
    refused(unchanged.run(*targets), "R606")
    refused(unchanged.run("report", "R30", "--out", tmp_path / "x.docx"), "R607")
    assert not list(tmp_path.iterdir())


def test_a_letter_is_written_as_a_word_file_where_the_name_ends_so(office, tmp_path):
    letter = tmp_path / "催报.docx"
    assert office.run("report", "R37", "--out", letter).code == 0
    assert letter.read_bytes().startswith(b"PK")


def test_a_file_that_cannot_be_written_is_told(unchanged, tmp_path):
    refused(unchanged.run("get", "enterprise", "--out", tmp_path / "no" / "x.csv"), "F104")
    refused(unchanged.run("get", "enterprise", "--out", tmp_path / "x.ods"), "F150")
