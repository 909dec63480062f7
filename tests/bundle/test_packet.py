"""Packets: what is written is read back the same, by this program and by stock tools."""

import csv
import io
import json
import random
import zipfile
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bundle import bags
from union_desk.bundle import packet_reading, packet_tables
from union_desk.errors import BundleError
from union_desk.taskpack import field_types
from union_desk.taskpack.system import SYSTEM_FORMS


@pytest.fixture(scope="module")
def full(pack):
    """A packet with rows in every table there can be."""
    names = [*pack.forms, *SYSTEM_FORMS, packet_tables.ATTACHMENT]
    tables = {name: bags.rows(pack, name) for name in names}
    deleted = [("b", bags.uid(3), "void"), ("a", bags.uid(9), "erase")]
    return tables, bags.write(
        pack, tables, deleted=deleted, blobs={bags.PICTURE_HASH: bags.PICTURE}
    )


def test_every_table_is_read_back_as_it_was_written(full, pack):
    tables, data = full
    found = bags.read(data, pack)
    assert found["head"] == bags.head(pack)
    assert found["tables"] == tables
    assert found["deleted"] == [("a", bags.uid(9), "erase"), ("b", bags.uid(3), "void")]
    assert found["blobs"] == {bags.PICTURE_HASH: bags.PICTURE}


def test_a_field_that_does_not_travel_has_no_column(pack):
    form = next(form for form in pack.top_forms if any(item.type == "ref" for item in form.fields))
    stays = next(item for item in form.fields if item.type == "ref")
    fields = tuple(replace(item, travels=item is not stays) for item in form.fields)
    other = replace(
        pack, forms=MappingProxyType({**pack.forms, form.id: replace(form, fields=fields)})
    )
    before, after = (packet_tables.layout(one, form.id).header for one in (pack, other))
    assert set(before) - set(after) == set(field_types.columns(stays))


def test_two_writings_of_the_same_rows_are_the_same_bytes(full, pack):
    tables, data = full
    deleted = [("a", bags.uid(9), "erase"), ("b", bags.uid(3), "void")]
    assert (
        bags.write(pack, tables, deleted=deleted, blobs={bags.PICTURE_HASH: bags.PICTURE}) == data
    )


def test_the_bag_is_laid_out_as_agreed(full, pack):
    _, data = full
    top = "511102400017.up.7f3a9c.000012"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
    assert {info.filename.partition("/")[0] for info in infos} == {top}
    for info in infos:
        assert info.date_time == (1980, 1, 1, 0, 0, 0)
        assert info.external_attr >> 16 == 0o100644
        assert info.create_system == 3
        assert info.compress_type == zipfile.ZIP_DEFLATED
    inside = bags.entries(data)
    assert inside["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert inside["data/README.txt"].count(b"\n") == 2
    assert inside["data/deleted.csv"].startswith(b"form,uid,reason\r\n")
    lines = inside["manifest-sha256.txt"].decode().splitlines()
    assert lines == sorted(lines, key=lambda line: line[66:])
    assert {line[66:] for line in lines} == {name for name in inside if name.startswith("data/")}
    package = json.loads(inside["data/datapackage.json"])
    assert list(package) == ["name", "union-desk", "resources"]
    assert list(package["union-desk"]) == [
        "format", "app", "origin", "stream", "epoch", "n", "prev", "kind", "replaces", "slip", "package", "audit", "made_at", "made_by",
    ]  # fmt: skip


def test_the_head_says_how_many_packets_a_snapshot_spans(pack):
    head = bags.head(pack, kind="snapshot", parts=3, n=1, prev=None)
    data = bags.write(pack, {}, head_=head)
    assert bags.read(data, pack)["head"] == head


@pytest.mark.parametrize("table", ["first", "detail"])
def test_headers_are_row_head_and_fields_in_the_order_of_the_package(full, pack, table):
    _, data = full
    form = next(
        form for form in pack.forms.values() if (form.kind == "detail") == (table == "detail")
    )
    header = bags.entries(data)[f"data/{form.id}.csv"].split(b"\r\n")[0].decode().split(",")
    expected = []
    for item in form.fields:
        if item.id == form.parent_field:
            continue
        expected += (
            [item.id] if item.type != "ref" else [item.id, f"{item.id}__key", f"{item.id}__label"]
        )
    head = ["uid", "unit", "period", "rev", "package", "created_by", "created_at", "updated_at"]
    assert header == (["uid", "parent", "position"] if table == "detail" else head) + expected


def test_no_table_has_a_column_twice(full, pack):
    tables, _ = full
    for table in tables:
        header = packet_tables.layout(pack, table).header
        assert len(set(header)) == len(header), table


def test_cells_have_no_byte_order_mark_and_lines_end_with_crlf(full, pack):
    _, data = full
    for name, content in bags.entries(data).items():
        if name.endswith(".csv"):
            assert content.endswith(b"\r\n")
            assert not content.startswith(b"\xef\xbb\xbf")
            rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
            assert len({len(row) for row in rows}) == 1


def test_a_form_without_rows_has_no_table(pack):
    names = list(pack.forms)
    data = bags.write(pack, {names[0]: [], names[1]: bags.rows(pack, names[1], 1)})
    assert [name for name in bags.entries(data) if name.endswith(".csv")] == [
        f"data/{names[1]}.csv",
        "data/deleted.csv",
    ]


def test_stock_tools_unpack_a_packet_and_find_its_sums_right(full, tmp_path, outside_tool):
    _, data = full
    (tmp_path / "P.zip").write_bytes(data)
    outside_tool("unzip", "-q", "P.zip", cwd=tmp_path)
    bag = tmp_path / "511102400017.up.7f3a9c.000012"
    listed = outside_tool("sha256sum", "-c", "manifest-sha256.txt", cwd=bag)
    assert listed.count(": OK") == listed.count("\n") == len(bags.entries(data)) - 2


def test_sqlite_imports_a_table_and_adds_up_the_same_sums(full, pack, tmp_path, outside_tool):
    tables, data = full
    for name, content in bags.entries(data).items():
        if name.endswith(".csv"):
            (tmp_path / name.rpartition("/")[2]).write_bytes(content)
    checked = 0
    for table in pack.forms:
        layout = packet_tables.layout(pack, table)
        numbers = [place for place, column in enumerate(layout.columns) if column.type == "integer"]
        sums = [sum(row[place] or 0 for row in tables[table]) for place in numbers]
        asked = ", ".join(f"sum(cast({layout.header[place]} as integer))" for place in numbers)
        told = outside_tool(
            "sqlite3",
            ":memory:",
            "-cmd",
            ".mode csv",
            "-cmd",
            f".import {tmp_path / table}.csv t",
            f"select count(*), {asked} from t",
        )
        assert told.strip().split(",") == [str(len(tables[table])), *map(str, sums)]
        checked += 1
    assert checked == len(pack.forms)


@given(
    text=st.text(min_size=1),
    number=st.floats(allow_nan=False, allow_infinity=False),
    whole=st.integers(-(2**53) + 1, 2**53 - 1),
)
@settings(max_examples=60, deadline=None)
def test_any_text_and_number_travels_unchanged_or_is_refused_by_name(pack, text, number, whole):
    form = next(
        form
        for form in pack.forms.values()
        if {"decimal", "int", "text"} <= {item.type for item in form.fields}
    )
    layout = packet_tables.layout(pack, form.id)
    row = list(bags.rows(pack, form.id, 1)[0])
    for value, kind in ((text, "text"), (number, "decimal"), (whole, "int")):
        row[layout.header.index(next(item.id for item in form.fields if item.type == kind))] = value
    if packet_tables.FORBIDDEN.search(text):
        with pytest.raises(BundleError) as caught:
            bags.write(pack, {form.id: [row]})
        assert caught.value.code == "B511"
        assert bags.uid(0) in caught.value.sentence
    else:
        assert bags.read(bags.write(pack, {form.id: [row]}), pack)["tables"][form.id] == [
            tuple(row)
        ]


def test_a_file_whose_content_is_not_what_its_name_says_does_not_travel(pack):
    with pytest.raises(BundleError) as caught:
        bags.write(pack, {}, blobs={"0" * 64: b"x"})
    assert caught.value.code == "B510"


def test_a_packet_of_another_package_is_told_apart_from_a_changed_one(full, pack):
    data = bags.write(pack, {}, head_=bags.head(pack, package=(pack.id, "9.9", pack.digest)))
    assert refusal(data, pack) == "B520"
    data = bags.write(pack, {}, head_=bags.head(pack, package=(pack.id, pack.version, "0" * 64)))
    assert refusal(data, pack) == "B521"


def refusal(data, pack):
    with pytest.raises(BundleError) as caught:
        bags.read(data, pack)
    assert caught.value.sentence.endswith("。")
    assert caught.value.step
    return caught.value.code


@pytest.fixture(scope="module")
def small(pack):
    form = next(form for form in pack.forms.values() if form.kind == "ledger")
    data = bags.write(
        pack, {form.id: bags.rows(pack, form.id, 5)}, deleted=[(form.id, bags.uid(99), "void")]
    )
    return form.id, bags.entries(data)


def changed_json(contents, change):
    package = json.loads(contents["data/datapackage.json"])
    change(package)
    return contents | {"data/datapackage.json": json.dumps(package).encode()}


HEADS = [
    ("format", 2, "B501"), ("format", 0, "B502"), ("format", True, "B502"), ("origin", "12", "B502"), ("origin", "511102400017A", "B502"),
    ("stream", "down", "B502"), ("epoch", "7f3a9c", "B502"), ("n", 0, "B502"), ("n", "12", "B502"), ("n", 10**6, "B502"), ("prev", None, "B502"),
    ("prev", "x", "B502"), ("kind", "keys", "B502"), ("kind", "snapshot", "B502"), ("replaces", [bags.EPOCH], "B502"), ("replaces", "x", "B502"),
    ("replaces", ["00" * 16] * 2, "B502"), ("package", None, "B502"), ("package", {"id": 1, "version": "", "digest": ""}, "B502"),
    ("audit", {"n": -1, "hash": "cd" * 32}, "B502"), ("audit", {}, "B502"), ("made_at", "2012-08-31", "B502"), ("made_by", "a\nb", "B502"),
    ("extra", 1, "B502"), ("app", None, "B502"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "code"), HEADS)
def test_a_head_that_is_not_exact_is_refused(small, pack, key, value, code):
    contents = changed_json(small[1], lambda package: package["union-desk"].update({key: value}))
    assert refusal(bags.bag(contents), pack) == code


def test_a_renamed_or_resealed_packet_is_refused(small, pack):
    assert refusal(bags.bag(small[1], "511102400017.up.7f3a9c.000013"), pack) == "B526"
    other = changed_json(small[1], lambda package: package.update(name="x"))
    assert refusal(bags.bag(other, "511102400017.up.7f3a9c.000012"), pack) == "B526"


@pytest.mark.parametrize(
    "text", [b"[]", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b"[" * 40 + b"]" * 40, b"\xff", b"{}"]
)
def test_json_that_is_not_strict_is_refused(small, pack, text):
    top = "511102400017.up.7f3a9c.000012"
    assert refusal(bags.bag(small[1] | {"data/datapackage.json": text}, top), pack) in {
        "B524",
        "B526",
    }


def test_json_beyond_its_limit_is_refused(small, pack):
    long = b'"' + bytes(range(97, 123)) * 60_000 + b'"'
    assert (
        refusal(
            bags.bag(small[1] | {"data/datapackage.json": long}, "x", compress=zipfile.ZIP_STORED),
            pack,
        )
        == "B527"
    )


@pytest.mark.parametrize(
    "name",
    [
        "data/evil.exe",
        "evil.txt",
        "data/../x.csv",
        "data/A.csv",
        "data/blobs/x",
        "data/sub/a.csv",
        "data/a:b.csv",
        "data\\x.csv",
    ],
)
def test_a_file_that_has_no_place_in_a_bag_is_refused(small, pack, name):
    assert refusal(bags.bag(small[1] | {name: b"x"}), pack) == "B528"


def test_twins_two_tops_links_and_encrypted_entries_are_refused(small, pack):
    def link(info):
        info.external_attr = 0o120777 << 16

    assert refusal(bags.bag(small[1], change=link), pack) == "B528"
    whole = bags.bag(small[1])
    twin = io.BytesIO(whole)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(twin, "a") as archive:
        archive.writestr(archive.infolist()[0], b"x")
    assert refusal(twin.getvalue(), pack) == "B528"
    second = io.BytesIO(whole)
    with zipfile.ZipFile(second, "a") as archive:
        archive.writestr("other/bagit.txt", b"x")
    assert refusal(second.getvalue(), pack) == "B528"


@pytest.mark.parametrize(
    "name", ["bagit.txt", "data/README.txt", "data/deleted.csv", "data/datapackage.json"]
)
def test_a_bag_that_lacks_a_file_is_refused(small, pack, name):
    contents = {key: data for key, data in small[1].items() if key != name}
    assert refusal(bags.bag(contents, "511102400017.up.7f3a9c.000012"), pack) == "B529"


def test_another_bagit_version_is_refused(small, pack):
    assert refusal(bags.bag(small[1] | {"bagit.txt": b"BagIt-Version: 0.97\n"}), pack) == "B525"


def test_a_manifest_that_is_not_the_list_of_the_payload_is_refused(small, pack):
    form, contents = small
    manifest = contents["manifest-sha256.txt"]
    lines = manifest.splitlines(keepends=True)
    for wrong in (
        b"".join(lines[1:]),
        b"".join(reversed(lines)),
        manifest[:-1],
        manifest + lines[0],
        manifest + b"x\n",
    ):
        assert (
            refusal(bags.bag(contents | {"manifest-sha256.txt": wrong}, manifest=False), pack)
            == "B530"
        )
    changed = contents | {f"data/{form}.csv": contents[f"data/{form}.csv"] + b"x"}
    assert refusal(bags.bag(changed, manifest=False), pack) == "B531"
    blob = contents | {f"data/blobs/{'0' * 64}": b"x"}
    assert refusal(bags.bag(blob), pack) == "B531"


def test_columns_that_differ_from_the_package_are_refused(small, pack):
    contents = changed_json(
        small[1], lambda package: package["resources"][0]["schema"]["fields"].pop()
    )
    assert refusal(bags.bag(contents), pack) == "B522"
    unknown = changed_json(small[1] | {"data/unheard_of.csv": b"uid\r\n"}, lambda package: None)
    assert refusal(bags.bag(unknown), pack) == "B503"


def test_a_tombstone_without_a_known_reason_is_refused(small, pack):
    form, contents = small
    dead = f"form,uid,reason\r\n{form},{bags.uid(99)},lost\r\n".encode()
    assert refusal(bags.bag(contents | {"data/deleted.csv": dead}), pack) == "B523"


CELLS = [
    ("uid", "x"), ("uid", ""), ("rev", ""), ("rev", "01"), ("rev", "1.0"), ("rev", str(2**53)), ("created_at", "2012-08-31"), ("unit", ""),
    ("text", "a\x01"), ("text", "\u202ea"), ("text", "\ufeff"), ("date", "2012-8-1"), ("date", "2012-02-30"), ("bool", "2"), ("money", "1e3"),
    ("decimal", "nan"), ("decimal", "1,5"), ("decimal", "0.10"), ("text", "x" * 2**21),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text"), CELLS)
def test_a_cell_of_the_wrong_kind_refuses_the_packet_by_table_row_and_column(pack, column, text):
    form, name = next(
        (form, item.id if item else column)
        for form in pack.forms.values()
        if form.kind == "ledger"
        for item in [
            *[item for item in form.fields if item.type == column],
            *([None] if column in ("uid", "rev", "unit", "created_at") else []),
        ]
    )
    contents = bags.entries(bags.write(pack, {form.id: bags.rows(pack, form.id, 3)}))
    lines = list(csv.reader(io.StringIO(contents[f"data/{form.id}.csv"].decode(), newline="")))
    lines[2][lines[0].index(name)] = text
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    data = bags.bag(
        contents | {f"data/{form.id}.csv": out.getvalue().encode()}, compress=zipfile.ZIP_STORED
    )
    with pytest.raises(BundleError) as caught:
        bags.read(data, pack)
    assert caught.value.code == "B532"
    assert form.id in caught.value.sentence


def test_rows_out_of_order_twice_or_of_another_width_are_refused(small, pack):
    form, contents = small
    header, *rows, _ = contents[f"data/{form}.csv"].split(b"\r\n")
    for lines in (
        [header, *rows[::-1]],
        [header, rows[0], rows[0]],
        [header, rows[0] + b",x"],
        [header.replace(b"uid", b"UID"), *rows],
        [rows[0]],
    ):
        table = b"\r\n".join(lines) + b"\r\n"
        assert refusal(bags.bag(contents | {f"data/{form}.csv": table}), pack) == "B532"


def test_a_bomb_and_too_many_entries_are_refused_unread(small, pack):
    bomb = bags.bag(small[1] | {"data/README.txt": bytes(40 * 2**20)})
    assert refusal(bomb, pack) == "B527"
    many = small[1] | {
        f"data/blobs/{number:064x}": b"" for number in range(packet_reading.MAX_ENTRIES)
    }
    assert refusal(bags.bag(many), pack) == "B527"
    long = small[1] | {"bagit.txt": random.Random(1).randbytes(packet_reading.MAX_JSON + 1)}
    assert refusal(bags.bag(long), pack) == "B527"


def test_a_directory_longer_than_its_entries_is_refused_unread(small, pack):
    data = bags.bag(small[1])
    end = data[-22:]
    for bad in (
        data[:-22] + end[:10] + b"\x01\x00" + end[12:],
        data[:-22] + end[:12] + b"\xff\xff\xff\x00" + end[16:],
        data[:-22] + end[:20] + b"\x01\x00",
    ):
        assert refusal(bad, pack) == "B524"


def test_no_cut_and_no_flipped_byte_raises_anything_but_a_bundle_error(small, pack):
    data = bags.bag(small[1])
    whole = bags.read(data, pack)
    refused = 0
    for place in range(0, len(data), max(1, len(data) // 400)):
        for bad in (
            data[:place],
            data[:place] + bytes([data[place] ^ (1 << place % 8)]) + data[place + 1 :],
        ):
            try:
                assert bags.read(bad, pack) == whole
            except BundleError:
                refused += 1
    assert refused > 400


@pytest.mark.parametrize("data", [b"", b"PK", b"\x00" * 100, b"age-encryption.org/v1\n"])
def test_what_is_no_zip_is_refused(pack, data):
    assert refusal(data, pack) == "B524"
