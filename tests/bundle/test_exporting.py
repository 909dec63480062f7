"""From confirmed records to files: each record once, chained, kept, and written so that it stays."""

import hashlib
import io
import random
import shutil
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import pytest

from tests import exchange
from tests.bundle import bags
from tests.outside import run
from union_desk import crypto, excel, resources
from union_desk.bundle import exporting, making, packet_reading, packet_tables
from union_desk.errors import BundleError, Cancelled, StoreError
from union_desk.store import attachments, audit, intake, opening, outbox, records, survey
from union_desk.store.context import context_at
from union_desk.store.written import written_rows

DAY = "2012-08-31"
PASSWORD = "口令-2012"
CHEAP = crypto.Cost(1, 64, 1)
DETAILS = {
    "wage_contract": "wage_contract_cover",
    "contest": "contest_unit",
    "hardship": "hardship_family",
    "sports_team": "sports_player",
}
FEW = ["union_org", "enterprise", "aid", "culture_event"]


def put(store, form, path=None, **options):
    table = excel.read_tables(path or resources.samples() / f"{form}.csv")[0]
    detail = DETAILS.get(form)
    details = (
        {detail: excel.read_tables(resources.samples() / f"{detail}.csv")[0]} if detail else {}
    )
    result = intake.put(store, form, table, details, as_of=DAY, reason="样本数据", **options)
    assert not result.refused, result.findings
    return result


def create(folder, pack, forms):
    """A store at the level that may write everything, and yet with an office to send to."""
    with opening.create(
        folder,
        pack,
        unit="511100000010",
        name="乐山市总工会",
        level="city",
        parent="511102000013",
        password=PASSWORD,
        cost=CHEAP,
    ) as store:
        exchange.trust_parent(store)
        for form in forms:
            put(store, form)
    return folder


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    return create(tmp_path_factory.mktemp("made") / "data", pack, FEW)


@pytest.fixture
def store(made, tmp_path):
    """A store with rows of a few forms."""
    shutil.copytree(made, tmp_path / "data")
    with opening.open_store(tmp_path / "data", password=PASSWORD) as opened:
        yield opened


@pytest.fixture(scope="module")
def full(pack, tmp_path_factory):
    """A store with rows of every form, and the packet that holds them all."""
    folder = tmp_path_factory.mktemp("full")
    first = [*FEW, "hardship"]
    create(
        folder / "data",
        pack,
        [*first, *(form.id for form in pack.top_forms if form.id not in first)],
    )
    shutil.copytree(folder / "data", folder / "before")
    with opening.open_store(folder / "data", password=PASSWORD) as store:
        (written,) = export(store, folder)
        ((name, data),) = exchange.packets(written.file).items()
        yield store, written, Sent(name, data)


@pytest.fixture(autouse=True)
def own_counter(tmp_path, monkeypatch):
    """Copies of one store are at work here: each counts its packets in a place of its own."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))


@pytest.fixture
def stick(tmp_path):
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def export(store, to, **options):
    return exporting.export(store, to, as_of=DAY, **options)


class Sent(NamedTuple):
    """A packet of a bundle."""

    name: str
    data: bytes

    @property
    def digest(self):
        return hashlib.sha256(self.data).hexdigest()


def sent(store, to, **options):
    """The packets of the one bundle that is written for the parent."""
    (written,) = export(store, to, **options)
    found = [Sent(*item) for item in exchange.packets(written.file).items()]
    assert written.packets == len(found)
    return found


def digest(store):
    return hashlib.sha256(store.database.path.read_bytes()).hexdigest(), sorted(
        (store.folder / "packets").iterdir()
    )


def stored(store, form):
    """Rows of a form's table as a packet must have them."""
    layout = packet_tables.layout(store.pack, form)
    with store.read() as connection:
        from union_desk.store.layout import layout as lay

        made = lay(store.tables, form)
        order = "parent, position" if layout.detail_of else "uid"
        rows = [tuple(row) for row in connection.exec_driver_sql(f"{made.select} ORDER BY {order}")]
        if not layout.detail_of:
            rows = written_rows(connection, store.tables, form, rows)
    return [tuple(row[made.place[name]] for name in layout.header) for row in rows]


def test_every_row_of_every_form_is_in_the_packet_as_it_is_in_the_store(full):
    store, written, packet = full
    found = bags.read(packet.data, store.pack)
    forms = list(store.pack.forms)
    assert set(forms) | {"filing", "check_note"} == set(found["tables"])
    for form in [*forms, "filing", "check_note"]:
        assert found["tables"][form] == stored(store, form), form
    assert found["deleted"] == []
    assert (
        written.records
        == sum(len(found["tables"][form.id]) for form in store.pack.top_forms)
        == 176
    )
    assert written.digest == hashlib.sha256(written.file.read_bytes()).hexdigest()


def test_sums_by_stock_tools_are_the_sums_of_the_store(full, stick):
    store, _, packet = full
    (stick / "P.zip").write_bytes(packet.data)
    run("unzip", "-q", "P.zip", cwd=stick)
    bag = stick / packet.name
    assert ": FAILED" not in run("sha256sum", "-c", "manifest-sha256.txt", cwd=bag)
    for form in store.pack.forms:
        numbers = [
            column.name
            for column in packet_tables.layout(store.pack, form).columns
            if column.type == "integer"
        ]
        asked = "select count(*), " + ", ".join(
            f"coalesce(sum(cast({name} as integer)), 0)" for name in numbers
        )
        told = run(
            "sqlite3",
            ":memory:",
            "-cmd",
            ".mode csv",
            "-cmd",
            f".import {bag / 'data' / form}.csv t",
            f"{asked} from t",
        )
        with store.read() as connection:
            row = connection.exec_driver_sql(f"{asked} from {form}").one()
        assert told.strip().split(",") == [str(cell) for cell in row]


def test_the_first_packet_is_a_snapshot_and_its_head_names_writer_package_and_log(store, stick):
    (first,) = sent(store, stick)
    with packet_reading.opened(io.BytesIO(first.data)) as packet:
        head = packet.head
    with store.read() as connection:
        assert audit.head(connection)[0] > head.audit[0]
    assert (head.origin, head.stream, head.n, head.prev) == ("511100000010", "up", 1, None)
    assert (head.kind, head.parts, head.replaces, head.slip) == ("snapshot", 1, (), None)
    assert head.package == (store.pack.id, store.pack.version, store.pack.digest)
    assert first.name == head.name == f"511100000010.up.{head.epoch[:6]}.000001"


def test_sent_records_name_their_packet_and_their_filings_say_so(full):
    store, _, packet = full
    with store.read() as connection:
        assert outbox.due_counts(connection, store) == {}
        assert survey.counts_by_state(connection, store) == {"sent": 176}
        rows = connection.exec_driver_sql("SELECT form, period, rows, state FROM filing").all()
        packets = connection.exec_driver_sql("SELECT DISTINCT packet FROM aid").scalars().all()
    assert packets == [packet.name]
    assert {row[3] for row in rows} == {"sent"}
    assert sum(row[2] for row in rows) == 176


def test_a_second_export_writes_the_same_packet_again_and_makes_no_new_one(store, stick, tmp_path):
    first = sent(store, stick)
    other = tmp_path / "other"
    other.mkdir()
    assert sent(store, other) == first
    assert sent(store, stick) == first
    assert len(list((store.folder / "packets").iterdir())) == 2, "the packet and the key card"
    day = f"511100000010-{datetime.now().astimezone():%Y%m%d}"
    assert [path.name for path in sorted(stick.iterdir())] == [f"{day}-1.udsync", f"{day}-3.udsync"]
    assert [path.name for path in other.iterdir()] == [f"{day}-2.udsync"]


def correct(store, tmp_path):
    """One row of a form, changed after it was sent."""
    text = (
        (resources.samples() / "aid.csv")
        .read_text("utf-8-sig")
        .replace(",1000.00,", ",1100.00,", 1)
    )
    (tmp_path / "aid.csv").write_text(text, "utf-8")
    assert put(store, "aid", tmp_path / "aid.csv").updated == 1


def test_the_next_packet_holds_what_changed_and_the_hash_of_the_one_before(store, stick, tmp_path):
    (first,) = sent(store, stick)
    correct(store, tmp_path)
    again, second = sent(store, stick)
    assert again == first
    found = bags.read(second.data, store.pack)
    assert (found["head"].n, found["head"].prev, found["head"].kind) == (2, first.digest, "delta")
    (row,) = found["tables"]["aid"]
    assert row[packet_tables.layout(store.pack, "aid").header.index("amount")] == 110000
    assert set(found["tables"]) == {"aid", "filing", "check_note"} - (
        {"filing"} - set(found["tables"])
    )


def test_a_voided_record_travels_as_a_tombstone(store, stick):
    export(store, stick)
    with store.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM aid ORDER BY uid LIMIT 1").scalar_one()
    with store.write() as tx:
        records.void(tx, "aid", uid, "重复录入")
    _, second = sent(store, stick)
    found = bags.read(second.data, store.pack)
    assert found["deleted"] == [("aid", uid, "void")]
    assert "aid" not in found["tables"]


def test_drafts_stay_at_home(store, stick, pack):
    export(store, stick)
    with store.write() as tx:
        record = records.lookup(
            tx.connection,
            store.tables,
            "aid",
            tx.connection.exec_driver_sql("SELECT uid FROM aid LIMIT 1").scalar_one(),
        )
        from union_desk.taskpack.record import new_uid

        records.put_draft(
            tx,
            replace(record, uid=new_uid(), record_state="draft"),
            context_at(store, DAY, connection=tx.connection),
        )
    assert len(sent(store, stick)) == 1


def test_many_records_are_cut_into_packets_that_together_hold_every_row_once(
    full, stick, tmp_path, monkeypatch
):
    shutil.copytree(full[0].folder.parent / "before", tmp_path / "whole")
    with opening.open_store(tmp_path / "whole", password=PASSWORD) as store:
        cut_and_compare(store, stick, monkeypatch)


def cut_and_compare(store, stick, monkeypatch):
    monkeypatch.setattr(making, "RECORDS_PER_PACKET", 50)
    written = sent(store, stick)
    heads, rows = [], {form: [] for form in store.pack.forms}
    for item in written:
        found = bags.read(item.data, store.pack)
        heads.append(found["head"])
        assert sum(len(found["tables"].get(form.id, ())) for form in store.pack.top_forms) <= 50
        for form in set(found["tables"]) & set(rows):
            rows[form] += found["tables"][form]
            if (detail := DETAILS.get(form)) in found["tables"]:
                parents = {row[0] for row in found["tables"][form]}
                assert {row[1] for row in found["tables"][detail]} <= parents
    assert [head.n for head in heads] == list(range(1, len(written) + 1))
    assert [head.prev for head in heads] == [None, *(item.digest for item in written[:-1])]
    assert {(head.kind, head.parts, head.epoch) for head in heads} == {
        ("snapshot", len(written), heads[0].epoch)
    }
    for form, found in rows.items():
        assert sorted(found) == sorted(stored(store, form)), form


def test_an_attachment_travels_once_with_its_entry(store, stick, tmp_path):
    picture = tmp_path / "照片.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(200)))
    form = next(
        form
        for form in map(store.pack.forms.get, FEW)
        for item in form.fields
        if item.type == "attach"
    )
    field = next(
        item
        for item in form.fields
        if item.type == "attach"
        and (not item.file_types or "png" in item.file_types or "jpg" in item.file_types)
    )
    if field.file_types and "png" not in field.file_types:
        picture = picture.rename(tmp_path / "照片.jpg")
        picture.write_bytes(b"\xff\xd8\xff" + bytes(range(200)))
    with store.write() as tx:
        uid = tx.connection.exec_driver_sql(f"SELECT uid FROM {form.id} LIMIT 1").scalar_one()
        sha = attachments.add(tx, form.id, uid, field, picture)
        tx.connection.exec_driver_sql(
            f"UPDATE {form.id} SET {field.id} = ? WHERE uid = ?", (sha, uid)
        )
    (first,) = sent(store, stick)
    found = bags.read(first.data, store.pack)
    assert found["blobs"] == {sha: picture.read_bytes()}
    (entry,) = found["tables"]["attachment"]
    assert entry[1:6] == (form.id, uid, field.id, sha, picture.name)
    with store.write() as tx:
        tx.connection.exec_driver_sql(f"UPDATE {form.id} SET packet = NULL WHERE uid = ?", (uid,))
    found = bags.read(sent(store, stick)[-1].data, store.pack)
    assert found["blobs"] == {}
    assert found["tables"]["attachment"] == [entry]


def test_large_attachments_go_into_packets_of_their_own(monkeypatch):
    monkeypatch.setattr(making, "BLOB_BYTES_PER_PACKET", 10)
    assert making.groups({}) == [()]
    assert making.groups({"a": 4, "b": 4, "c": 4, "d": 40, "e": 1}) == [
        ("a", "b"),
        ("c",),
        ("d",),
        ("e",),
    ]


def refusal(store, to, error=BundleError, **options):
    before = digest(store)
    with pytest.raises(error) as caught:
        export(store, to, **options)
    assert digest(store) == before
    return caught.value


def test_errors_among_the_records_block_sending_and_are_counted_by_form(store, stick, tmp_path):
    text = (resources.samples() / "union_org.csv").read_text("utf-8-sig").splitlines()
    header = text[0].split(",")
    row = text[1].split(",")
    row[header.index("change_kind")] = "5"
    row[header.index("dissolve_date")] = "2012-08-30"
    (tmp_path / "union_org.csv").write_text("\n".join([text[0], ",".join(row)]), "utf-8")
    put(store, "union_org", tmp_path / "union_org.csv")
    error = refusal(store, stick)
    assert error.code == "B544"
    assert "1 处错误" in error.sentence
    assert "法人单位名册与建会核实台账 1 处" in error.sentence
    assert not list(stick.iterdir())


def test_samples_a_top_office_and_a_stranger_are_refused(store, stick, pack, tmp_path):
    assert refusal(store, stick, reader="511102400018").code == "B542"
    assert refusal(store, tmp_path / "no stick").code == "B543"
    with opening.create(
        tmp_path / "demo",
        pack,
        unit="511102000013",
        name="样本",
        level="county",
        parent="511100000010",
        password=None,
    ) as demo:
        assert refusal(demo, stick).code == "B540"
    with opening.create(
        tmp_path / "top",
        pack,
        unit="511100000010",
        name="市总",
        level="city",
        parent=None,
        password=PASSWORD,
        cost=CHEAP,
    ) as top:
        assert refusal(top, stick).code == "B541"


def test_stopping_half_way_leaves_nothing_behind(store, stick):
    def stop(done, total):
        raise Cancelled

    refusal(store, stick, Cancelled, progress=stop)
    assert not list(stick.iterdir())
    assert not list((store.folder / "tmp").iterdir())


def test_no_file_that_lies_there_is_overwritten(store, stick, tmp_path):
    (written,) = export(store, stick)
    written.file.write_bytes(b"x")
    (again,) = export(store, stick)
    assert again.file != written.file
    assert written.file.read_bytes() == b"x"


def test_a_kept_packet_that_is_damaged_is_told_and_found_by_the_doctor(store, stick):
    (packet,) = sent(store, stick)
    assert list(survey.problems(store, full=True)) == []
    kept = store.folder / "packets" / f"{packet.digest}.age"
    content = kept.read_bytes()
    kept.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(StoreError) as caught:
        export(store, stick)
    assert caught.value.code == "S390"
    assert packet.name in " ".join(survey.problems(store, full=True))
    kept.unlink()
    assert packet.name in " ".join(survey.problems(store, full=False))


def test_the_doctor_names_a_record_that_was_changed_behind_its_back(store):
    with store.write() as tx:
        uid = tx.connection.exec_driver_sql("SELECT uid FROM aid LIMIT 1").scalar_one()
        tx.connection.exec_driver_sql("UPDATE aid SET amount = amount + 1 WHERE uid = ?", (uid,))
    (problem,) = survey.problems(store, full=True)
    assert uid in problem


def test_the_first_files_of_a_new_epoch_replace_all_before(store, stick):
    export(store, stick)
    with store.write() as tx:
        first = outbox.current_epoch(tx.connection, store, outbox.UP)
        second = outbox.begin_epoch(tx, outbox.UP)
        assert second.replaces == (first.id,)
        assert outbox.current_epoch(tx.connection, store, outbox.UP) == second
        assert outbox.newest(tx.connection, store, outbox.UP, second.id) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_laying_all_packets_over_each_other_gives_the_rows_of_the_store(store, stick, seed):
    """Edits, voids and restores at random, sent now and then: whoever applies the packets has it all."""
    chance = random.Random(seed)
    with store.read() as connection:
        uids = connection.exec_driver_sql("SELECT uid FROM aid ORDER BY uid").scalars().all()
    for _ in range(12):
        uid, act = chance.choice(uids), chance.choice(["edit", "edit", "void", "restore", "export"])
        if act == "export":
            export(store, stick)
            continue
        with store.write() as tx:
            record = records.get(tx.connection, store.tables, "aid", uid)
            if act == "restore" and record.deleted:
                records.restore(tx, "aid", uid)
            elif act == "void" and not record.deleted:
                records.void(tx, "aid", uid, "重复录入")
            elif act == "edit" and not record.deleted:
                values = {**record.values, "goods": chance.randrange(100_000)}
                context = context_at(store, DAY, connection=tx.connection)
                records.confirm(
                    tx,
                    replace(record, values=values),
                    context,
                    period=record.period,
                    reason="更正金额",
                )
    rows, last = {}, None
    for packet in sent(store, stick):
        found = bags.read(packet.data, store.pack)
        assert found["head"].prev == last
        last = packet.digest
        rows |= {row[0]: row for row in found["tables"].get("aid", ())}
        for _, uid, _ in found["deleted"]:
            rows.pop(uid, None)
    with store.read() as connection:
        living = set(connection.exec_driver_sql("SELECT uid FROM aid WHERE deleted = 0").scalars())
    assert rows == {row[0]: row for row in stored(store, "aid") if row[0] in living}
    assert living
