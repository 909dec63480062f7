"""The month of an office on the command line, on the sample rows: in, checked, added up, printed, sent."""

import csv
import hashlib
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests import exchange
from tests.cli.conftest import (
    CITY,
    COUNTY,
    DAY,
    DETAILS,
    FORMS,
    GRASSROOTS,
    PASSWORD,
    Office,
    make,
)
from tests.outside import run
from tests.store.offices import ask
from union_desk import excel, resources
from union_desk.store import opening
from union_desk.taskpack import field_types
from union_desk.taskpack.system import SYSTEM_FORMS

FULL = ("--full", "--reason", "核对发放名单")


def sample(form):
    with (resources.samples() / f"{form}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_fresh_city_store_takes_in_all_26_sample_files(city):
    for form, done in city.results.items():
        assert done.code == 0, (form, done.err, done.out)
        assert set(done.json) == {"added", "updated", "unchanged", "findings"}
        assert (done.json["added"], done.json["updated"], done.json["unchanged"]) == (8, 0, 0)
        assert all(item["level"] != "error" for item in done.json["findings"])
    assert len(FORMS) + len(DETAILS) == 26


def test_check_finds_no_error_and_exactly_the_warnings_of_the_catalogue(city, given):
    done = city.call("check", "--as-of", DAY, "--json")
    assert done.code == 0, done.err
    keys = {"form", "record", "row", "column", "field", "code", "level", "message", "explained"}
    assert all(set(item) == keys for item in done.json)
    warned = [item for item in done.json if item["level"] == "warning"]
    assert not [item for item in done.json if item["level"] == "error"]
    assert Counter(item["code"] for item in warned) == Counter(["L06", "X05", "X12", "X20", "X21"])
    for item in warned:
        assert item["explained"] == "样本"
        place = [row["uid"] for row in given[item["form"]]].index(item["record"]) + 1
        assert place == {"L06": 3, "X05": 8, "X12": 8, "X20": 3, "X21": 3}[item["code"]]


def test_check_of_one_form_tells_only_of_that_form(city):
    done = city.run("check", "labor_risk", "--as-of", DAY)
    assert done.code == 0
    assert "L06" in done.out
    assert "X05" not in done.out
    assert "警告 2 条" in done.out


def test_progress_gives_every_indicator_with_its_parts(city, pack):
    done = city.run("progress", "--as-of", DAY, "--json")
    assert done.code == 0, done.err
    keys = [
        "id",
        "title",
        "measure",
        "unit",
        "as_of",
        "value",
        "numerator",
        "denominator",
        "target",
        "gap",
        "pace",
        "by",
    ]
    assert [item["id"] for item in done.json] == list(pack.indicators)
    for item in done.json:
        assert list(item) == keys
        assert (item["unit"], item["as_of"]) == (CITY, DAY)
    money = [item["value"] for item in done.json if pack.indicators[item["id"]].money]
    assert money == ["31500.00"]
    told = city.run("progress", "--as-of", DAY)
    assert "时间进度 66.7%" in told.out
    assert all(indicator.title in told.out for indicator in pack.indicators.values())


def test_status_counts_by_state(city):
    done = city.run("status", "--json").json
    assert list(done) == [
        "unit",
        "name",
        "level",
        "counts",
        "unsent",
        "last_backup",
        "packet",
        "taskpack",
        "format",
    ]
    assert done["counts"] == {"confirmed": 176}
    assert done["unsent"] == 176
    told = city.run("status").out
    assert "乐山市总工会（511100000010）" in told
    assert "已确认 176" in told


@pytest.mark.parametrize("words", [[], ["--full"]])
def test_a_healthy_store_has_nothing_for_the_doctor(city, words):
    told = city.run("doctor", *words, "--json").json
    assert (told["ok"], told["problems"]) == (True, [])
    assert told["overdue"]["aid"] == 8, "given out in 2012, kept for ten years"
    assert "数据完好" in city.run("doctor", *words).out


def test_forms_lists_every_form_with_its_fields(city, pack):
    listed = city.run("forms", "--json").json
    assert [item["id"] for item in listed] == list(pack.forms)
    for item in listed:
        form = pack.forms[item["id"]]
        assert (item["title"], item["kind"], item["area"]) == (form.title, form.kind, form.area)
        assert item["fields"] == [
            {"id": field.id, "label": field.label, "type": field.type, "required": field.required}
            for field in form.fields
        ]
    for form in (pack.top_forms[0], SYSTEM_FORMS["filing"]):
        told = city.run("forms", form.title).out
        assert all(field.label in told for field in form.fields)


@pytest.mark.parametrize("form", [*FORMS, *DETAILS.values()])
def test_what_get_gives_are_the_rows_of_the_sample_file(given, pack, form):
    """Every cell of the file is the cell that comes out, written the one way files are written."""
    hints = field_types.Hints(pack=pack, today=DAY)
    definition = pack.forms[form]
    for row, wanted in zip(given[form], sample(form), strict=True):
        for field, text in wanted.items():
            if field == definition.parent_field:
                continue
            item = definition.by_id.get(field)
            if item is None:
                assert row[field] == text
            elif item.type == "ref":
                assert row[field].startswith(text.split("|")[0])
            elif item.computed is None or text:
                value = field_types.parse(item, text, hints)
                assert row[field] == field_types.plain(item, value), field


def test_get_prints_writes_and_gives_json_of_the_same_rows(city, given, tmp_path):
    found = city.run("get", "aid", "--json", *FULL).json
    assert [{name: cell or "" for name, cell in row.items()} for row in found] == given["aid"]
    assert list(csv.DictReader(city.run("get", "aid", *FULL).out.splitlines())) == given["aid"]
    assert city.run("get", "aid", "--out", tmp_path / "aid.csv", *FULL).code == 0
    with (tmp_path / "aid.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert list(csv.DictReader(lines)) == given["aid"]


@pytest.mark.parametrize(
    ("ending", "forms"),
    [
        ("csv", ["enterprise", "aid", "unit_profile"]),
        ("xlsx", ["hardship", "sports_team", "visit"]),
    ],
)
def test_what_get_writes_is_what_put_reads(city, tmp_path, ending, forms):
    """Given out masked and taken in again, every record is the same: nothing added or changed."""
    for form in forms:
        path = tmp_path / f"{form}.{ending}"
        assert city.run("get", form, "--out", path).code == 0
        done = city.run("put", form, path, "--as-of", DAY, "--reason", "样本数据", "--json")
        assert done.code == 0, done.out
        assert (done.json["added"], done.json["updated"], done.json["unchanged"]) == (0, 0, 8), form
        header = excel.read_tables(path)[0].header
        assert list(header[:12]) == [
            "uid", "origin", "unit", "period", "record_state", "rev", "package", "created_by", "created_at", "updated_at", "packet", "deleted",
        ]  # fmt: skip


def test_get_takes_a_condition_of_the_check_language(city):
    amounts = [float(row["amount"]) for row in sample("aid")]
    found = city.run(
        "get", "aid", "--where", "amount > 2000 and not empty(hardship)", "--json", *FULL
    ).json
    assert 0 < len(found) < len(amounts)
    assert all(float(row["amount"]) > 2000 for row in found)
    masked = city.run("get", "aid", "--json").json
    assert {row["amount"] for row in masked} == {"已隐藏"}
    refused = city.run("get", "aid", "--full")
    assert (refused.code, refused.out) == (1, "")
    assert "I499" in refused.err
    printed = city.run("get", "aid", "--where", "amount > 2000").out
    rows = list(csv.DictReader(printed.splitlines()))
    assert len(rows) == sum(amount > 2000 for amount in amounts)
    assert city.run("get", "filing").out.startswith("uid,origin,unit,")


def test_a_condition_on_what_is_masked_is_noted_as_a_search_without_the_value(city):
    def noted():
        with opening.open_store(city.folder, password=PASSWORD) as store:
            return [row[0] for row in ask(
                store, "SELECT v.new FROM audit a JOIN audit_value v USING (n) "
                "WHERE a.act = 'search' ORDER BY a.n"
            )]  # fmt: skip

    before = len(noted())
    assert city.run("get", "hardship", "--where", "length(name) > 0").code == 0
    assert len(noted()) == before
    for condition in ("person_id == '511197197002143126'", "id_birth(person_id) == '1970-02-14'"):
        assert city.run("get", "hardship", "--where", condition).code == 0
    assert noted()[before:] == ['{"by":"person_id"}'] * 2


def test_reports_are_listed_and_written(city, pack, tmp_path):
    listed = city.run("report", "--json").json
    assert all(set(item) == {"id", "title", "level", "needs_record"} for item in listed)
    names = {item["id"] for item in listed}
    assert {f"{form.id}-roster" for form in pack.top_forms} <= names
    told = city.run("report").out
    assert all(item["title"] in told for item in listed)
    uid = city.run("get", "aid", "--json").json[0]["uid"]
    for name, words in (
        ("aid-roster", ["--period", "2012M08"]),
        ("aid-sheet", ["--record", uid]),
        ("aid-blank", []),
    ):
        path = tmp_path / f"{name}.pdf"
        done = city.run("report", name, *words, "--as-of", DAY, "--out", path)
        assert done.code == 0, done.err
        assert path.read_bytes().startswith(b"%PDF-")


def test_a_paper_of_a_past_period_is_counted_to_its_last_day(city, tmp_path):
    path = tmp_path / "roster.pdf"
    assert city.run("report", "aid-roster", "--period", "2012M08", "--out", path).code == 0
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    assert "数据截至2012年8月31日" in text


@pytest.fixture(scope="module")
def county(pack, tmp_path_factory):
    """A county's store with rows of some forms, details among them: it has an office to send to."""
    office = make(tmp_path_factory.mktemp("county"), pack, COUNTY, "county")
    for form in ("union_org", "enterprise", "wage_contract", "contest", "aid"):
        done = office.put(form)
        assert done.code == 0, (form, done.out, done.err)
    return office


def test_a_county_sends_and_stock_tools_find_the_sums_of_its_store(county, tmp_path):
    before = county.run("get", "aid", "--json", *FULL).json
    done = county.call("export", "--to", tmp_path, "--json")
    assert done.code == 0, done.err
    (written,) = done.json
    assert set(written) == {"file", "for", "packets", "records", "digest"}
    bundle = Path(written["file"])
    assert bundle.parent == tmp_path
    assert (written["for"], written["packets"]) == (CITY, 1)
    assert written["digest"] == hashlib.sha256(bundle.read_bytes()).hexdigest()
    ((name, packet),) = exchange.packets(bundle).items()
    assert name == county.run("status", "--json").json["packet"]
    path = tmp_path / f"{name}.zip"
    path.write_bytes(packet)
    run("unzip", "-q", path, cwd=tmp_path)
    bag = path.with_suffix("")
    assert "FAILED" not in run("sha256sum", "-c", "manifest-sha256.txt", cwd=bag)
    asked = "select count(*), sum(cast(amount as integer)) from t"
    told = run(
        "sqlite3",
        ":memory:",
        "-cmd",
        ".mode csv",
        "-cmd",
        f".import {bag / 'data/aid.csv'} t",
        asked,
    )
    assert told.strip() == f"8,{sum(round(float(row['amount']) * 100) for row in before)}"
    again = county.run("export", "--to", tmp_path)
    assert again.code == 0
    assert "已写入并核对" in again.out
    status = county.run("status", "--json").json
    assert (status["unsent"], status["counts"]) == (0, {"sent": 40})


def test_one_command_writes_what_is_for_all_lower_units_and_another_what_is_for_one(
    county, tmp_path
):
    done = county.run("export", "--to", tmp_path, "--for", "children", "--json")
    assert done.code == 0, done.err
    (written,) = done.json
    assert written["for"] == "children"
    assert zipfile.is_zipfile(written["file"])
    (name,) = exchange.packets(written["file"])
    assert name.startswith(f"{COUNTY}.all.")
    told = county.run("export", "--to", tmp_path, "--for", GRASSROOTS)
    assert told.code == 0, told.err
    assert GRASSROOTS in told.out
    refused = county.run("export", "--to", tmp_path, "--for", CITY[:11] + "9")
    assert (refused.code, "B542" in refused.err) == (1, True)


def test_a_change_of_a_sent_row_needs_a_reason(county, tmp_path):
    county.run("export", "--to", tmp_path)
    text = (
        (resources.samples() / "aid.csv")
        .read_text("utf-8-sig")
        .replace(",1000.00,", ",1100.00,", 1)
    )
    path = tmp_path / "aid.csv"
    path.write_text(text, "utf-8")
    done = county.run("put", "aid", path, "--as-of", DAY, "--json")
    assert done.code == 1
    assert "aid.correction" in {item["code"] for item in done.json["findings"]}
    done = county.run("put", "aid", path, "--as-of", DAY, "--reason", "电话退回", "--json")
    assert (done.code, done.json["updated"], done.json["unchanged"]) == (0, 1, 7)


def test_drafts_take_what_cannot_be_confirmed_and_the_rest_goes_in(pack, tmp_path):
    office = make(tmp_path, pack, COUNTY, "county")
    text = (
        (resources.samples() / "union_org.csv")
        .read_text("utf-8-sig")
        .replace(",44,14,", ",44,很多,", 1)
    )
    path = tmp_path / "union_org.csv"
    path.write_text(text, "utf-8")
    assert office.run("put", "union_org", path, "--as-of", DAY, "--reason", "样本数据").code == 1
    assert office.run("status", "--json").json["counts"] == {}
    done = office.run("put", "union_org", path, "--as-of", DAY, "--reason", "样本数据", "--drafts")
    assert "存为草稿 1" in done.out
    assert office.run("status", "--json").json["counts"] == {"confirmed": 7, "draft": 1}
    assert len(office.run("get", "union_org", "--json").json) == 7


def test_a_grassroots_unit_makes_its_store_with_a_parent(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("口令", "utf-8")
    office = Office(tmp_path / "data", secret)
    done = office.call("init", "--unit", GRASSROOTS, "--name", "沫水餐饮工会", "--parent", COUNTY)
    assert done.code == 0
    assert "已为 沫水餐饮工会（511102400017）建好数据" in done.out
    assert office.run("status", "--json").json["level"] == "grassroots"


def test_a_package_is_checked_and_compared(city, tmp_path):
    source = resources.taskpacks() / "lszgh-2012-55"
    assert city.run("taskpack", "check", source, "--json").json == []
    assert "没有问题" in city.run("taskpack", "check", source).out
    assert "相同" in city.run("taskpack", "diff", source, source).out
    other = tmp_path / "other"
    shutil.copytree(source, other)
    head = other / "taskpack.yaml"
    head.write_text(head.read_text("utf-8").replace('版本: "', '版本: "9', 1), "utf-8")
    changes = city.run("taskpack", "diff", source, other, "--json").json
    assert len(changes) == 1
    assert "版本" in changes[0]


def test_a_new_version_of_the_package_is_taken_in_and_another_of_the_same_version_is_not(
    pack, tmp_path
):
    office = make(tmp_path, pack, COUNTY, "county")
    newer = tmp_path / "newer"
    shutil.copytree(resources.taskpacks() / pack.id, newer)
    head = newer / "taskpack.yaml"
    head.write_text(head.read_text("utf-8").replace('版本: "', '版本: "9', 1), "utf-8")
    done = office.run("taskpack", "install", newer)
    assert done.code == 0, done.err
    assert f"已装入任务包 {pack.id} 9" in done.out
    assert office.run("status", "--json").json["taskpack"].startswith(f"{pack.id} 9")
    before = office.digest()
    head.write_text(head.read_text("utf-8") + "# another file\n", "utf-8")
    done = office.run("taskpack", "install", newer)
    assert (done.code, "S343" in done.err) == (1, True)
    assert office.digest() == before
