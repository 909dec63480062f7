"""What comes back: receipts, returns, decisions, erasures, and what they do at the unit."""

import hashlib
import shutil
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tests.bundle.crafting import EPOCH, NEXT, bundle, craft, row, visit
from tests.bundle.offices import CITY, COUNTY, GRASS, Offices, told
from tests.store.offices import CHEAP, DAY, PASSWORD, ask, codes, get, put, rows_of, sheet
from union_desk import resources
from union_desk.bundle import chain, exporting, importing, packet_tables, receipts, waiting
from union_desk.errors import PackageError, StoreError
from union_desk.store import (
    attachments,
    counter,
    erasing,
    holds,
    opening,
    outbox,
    packages,
    passwords,
    received,
    records,
    rights,
    survey,
    upgrading,
)


def states(store, form="member"):
    return dict(ask(store, f"SELECT record_state, count(*) FROM {form} GROUP BY 1"))


def receipt(offices, **cells):
    """Let the unit read a receipt of the county for its own packets; return what it holds then."""
    county, unit = offices.county, offices.grassroots
    pack = county.pack
    said = {"for_origin": GRASS, "for_stream": "up", "n": 0, "fork": 0, "unit": GRASS} | cells
    with unit.read() as connection:
        last = received.source(connection, unit, COUNTY, "all")
    packet = craft(
        county,
        stream="all",
        tables={"receipt": [row(pack, "receipt", county, **said)]},
        n=last.n + 1 if last else 1,
        prev=last.hash if last else None,
    )
    (item,) = importing.take_in(unit, bundle(offices.stick(), packet))
    assert item.outcome == "applied", item
    with unit.read() as connection:
        hold = holds.current(connection)
    return hold.why if hold else None


@pytest.fixture(scope="module")
def sent_before(three_offices, tmp_path_factory):
    """The offices after their unit has sent two packets: members, then visits."""
    folder = tmp_path_factory.mktemp("sent")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("UNION_DESK_STATE", str(folder / "state"))
        offices = Offices(three_offices, folder, stack)
        for form in ("member", "visit"):
            put(offices.grassroots, form, reason="样本数据")
            offices.send("grassroots")
    return folder


@pytest.fixture
def sent(sent_before, tmp_path, monkeypatch):
    """Copies of those offices on computers that know of it."""
    shutil.copytree(sent_before / "state", tmp_path / "state")
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(sent_before / "offices", tmp_path, stack)


def run(store):
    with store.read() as connection:
        epoch = outbox.current_epoch(connection, store, "up")
    hashes = ask(store, "SELECT hash FROM packet WHERE stream = 'up' AND n > 0 ORDER BY n")
    return epoch, [item[0] for item in hashes]


# Receipts ---------------------------------------------------------------------------------


def test_a_receipt_turns_records_and_filings_received_and_may_take_it_back(sent):
    unit = sent.grassroots
    epoch, (first, second) = run(unit)
    assert receipt(sent, epoch=epoch.id, n=1, hash=first) is None
    assert states(unit) == {"received": 8}
    assert states(unit, "visit") == {"sent": 8}
    assert ask(unit, "SELECT form, state FROM filing ORDER BY form") == [
        ("member", "received"),
        ("visit", "sent"),
    ]
    assert receipt(sent, epoch=epoch.id, n=2, hash=second) is None
    assert states(unit, "visit") == {"received": 8}
    with unit.read() as connection:
        assert outbox.unacknowledged(connection, unit, "up") == []
    assert receipt(sent, epoch=epoch.id, n=1, hash=first) is None
    assert states(unit, "visit") == {"sent": 8}
    assert ask(unit, "SELECT state FROM filing WHERE form = 'visit'") == [("sent",)]
    with unit.read() as connection:
        assert [item.n for item in outbox.unacknowledged(connection, unit, "up")] == [2]
        assert list(survey.digests(connection, unit, None)) == []


def test_an_answer_to_a_unit_below_waits_for_nobody_where_sending_up_takes_two(sent, tmp_path):
    county = sent.county
    passwords.add_person(county, "王芳", ("head",), "另一个口令 9", CHEAP)
    rights.turn_second(county, on=True)
    county.roles = ("clerk",)
    assert exporting.export(county, tmp_path, reader=GRASS, as_of=DAY)
    county.roles = ("head",)
    with pytest.raises(StoreError) as told_why:
        exporting.export(county, tmp_path, as_of=DAY)
    assert told_why.value.code == "S379"


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"n": 3, "hash": "0" * 64}, holds.LATER),
        ({"n": 1, "hash": "0" * 64}, holds.LATER),
        ({"n": 1, "fork": 1}, holds.FORKED),
        ({"epoch": "e" * 32, "n": 1, "retired": "f" * 32}, holds.LATER),
        ({"epoch": None}, None),
        ({"for_origin": f"{GRASS}B", "n": 3}, None),
    ],
)
def test_what_only_another_self_can_have_sent_stops_sending(sent, cells, why):
    epoch, (first, _) = run(sent.grassroots)
    assert receipt(sent, **({"epoch": epoch.id, "hash": first} | cells)) == why
    assert states(sent.grassroots) == {"sent": 8}


def test_after_the_decision_a_new_epoch_replaces_what_only_others_know(sent):
    unit = sent.grassroots
    before, _ = run(unit)
    later, ended = "e" * 32, "f" * 32
    assert receipt(sent, epoch=later, n=1, hash="0" * 64, retired=ended) == holds.LATER
    counter.resume(unit)
    epoch, _ = run(unit)
    assert set(epoch.replaces) == {before.id, later, ended}
    assert receipt(sent, epoch=before.id, n=2, hash="0" * 64) is None


def test_only_the_parents_word_counts(sent, pack):
    unit, city = sent.grassroots, sent.city
    epoch, (first, _) = run(unit)
    said = row(pack, "receipt", city, for_origin=GRASS, for_stream="up", unit=GRASS, epoch=epoch.id, n=1, hash=first, fork=0)  # fmt: skip
    packet = craft(city, stream="all", tables={"receipt": [said]})
    importing.take_in(unit, bundle(sent.stick(), packet))
    assert states(unit) == {"sent": 8}


def test_receipts_tell_of_every_origin_below_how_far_it_came_and_what_is_amiss(offices, pack):
    unit, county = offices.grassroots, offices.county
    first = craft(unit, tables={"visit": [visit(pack, unit)]})
    other = craft(unit, tables={"visit": [visit(pack, unit)]})
    second = craft(unit, tables={"visit": [visit(pack, unit, unit="511111000015")]}, after=first)
    fifth = craft(unit, after=replace(second, head=replace(second.head, n=4)))
    stick = offices.stick()
    for number, packets in enumerate(((first,), (other, second, fifth))):
        importing.take_in(county, bundle(stick, *packets, to=county, name=f"{number}"))
    uid = ask(county, "SELECT uid FROM visit")[0][0]
    note = {"form": "visit", "record": uid, "text": "请核对地点", "reviewer": "罗岷", "date": DAY}
    assert not put(county, "return_note", sheet("return_note", note)).refused
    with county.read() as connection:
        (said,) = receipts.rows(connection, county)
        assert waiting.missing(connection, county) == [(GRASS, "up", [(2, 4)])]
    header = ("for_origin", "for_stream", "epoch", "n", "hash", "fork", "missing", "held", "returns")  # fmt: skip
    place = packet_tables.layout(pack, "receipt").header
    assert [said[place.index(name)] for name in header] == [
        GRASS, "up", EPOCH, 1, first.hash, 1, "2-4", "2:B586", 1,
    ]  # fmt: skip


def test_a_receipt_stays_readable_whatever_a_unit_says_it_replaces(offices):
    unit, county = offices.grassroots, offices.county
    claimed = [f"{number:032x}" for number in range(1_997)]
    first = craft(unit, replaces=tuple(claimed[:999]))
    second = craft(unit, epoch=NEXT, replaces=(*claimed[999:], EPOCH))
    for packet in (first, second):
        assert told(importing.take_in(county, bundle(offices.stick(), packet, to=county)))
    with county.read() as connection:
        kept = received.source(connection, county, GRASS, "up")
    assert (kept.epoch, len(kept.retired), kept.retired[-1]) == (NEXT, chain.MOST_RETIRED, EPOCH)
    assert {item.outcome for item in offices.down("county", "grassroots")} == {"applied"}


def test_a_unit_that_moved_away_is_in_no_receipt_any_more(offices, pack):
    """Its former neighbours refuse a row about a unit that is not below their county."""
    county = offices.county
    (moved, *_) = (
        row for row in rows_of("union_org")
        if row["union_code"] != GRASS and row["union_code"].startswith(COUNTY[:6] + "4")
    )  # fmt: skip
    assert not put(county, "union_org", sheet("union_org", moved)).refused
    code = moved["union_code"]
    with county.write() as tx:
        received.advance(tx, received.Source(code, "up", EPOCH, 1, "0" * 64))
    assert any(code in str(item) for item in receipt_rows(county))
    elsewhere = next(
        item.code for item in pack.units if item.parent == CITY and item.code != COUNTY
    )
    entry = row(pack, "union_org", offices.city, union_code=code, **{
        "uid": "ffffffff-ffff-4fff-8fff-ffffffffffff",
        pack.directory.parent: elsewhere, pack.directory.name: moved["name"],
    })  # fmt: skip
    broadcast = craft(offices.city, stream="all", tables={"union_org": [entry]})
    file = bundle(offices.stick(), broadcast)
    assert told(offices.take("county", file)) == [("applied", "")]
    assert told(offices.take("grassroots", file)) == [("applied", "")]
    assert not any(code in str(item) for item in receipt_rows(county))
    assert not {code for _, code in told(offices.down("county", "grassroots"))} - {""}


def receipt_rows(store):
    with store.read() as connection:
        return receipts.rows(connection, store)


def test_files_that_did_not_come_are_sent_once_more_with_their_record(offices):
    unit = offices.grassroots
    uid = "01912f00-0000-7000-8000-000000000001"
    scan = offices.folder / "a.jpg"
    scan.write_bytes(b"\xff\xd8\xff a photograph")
    field = unit.pack.forms["culture_event"].by_id["photo"]
    with unit.write() as tx:
        digest = attachments.add(tx, "culture_event", uid, field, scan)
    sample = rows_of("culture_event")[0] | {"uid": uid, "photo": digest}
    assert codes(put(unit, "culture_event", sheet("culture_event", sample), reason="样本")) == []
    offices.up("grassroots", "county")
    blob = attachments.place(offices.county, digest)
    blob.unlink()
    offices.down("county", "grassroots")
    assert states(unit, "culture_event") == {"confirmed": 1}
    found = offices.up("grassroots", "county")
    assert found[-1].counts.unchanged >= 1
    assert blob.exists()
    offices.down("county", "grassroots")
    assert states(unit, "culture_event") == {"received": 1}


# Returns ----------------------------------------------------------------------------------


def send_back(offices, uid, text="请核对岗位"):
    note = {"form": "member", "record": uid, "field": "post", "text": text, "reviewer": "罗岷", "date": DAY}  # fmt: skip
    assert not put(offices.county, "return_note", sheet("return_note", note)).refused
    return offices.down("county", "grassroots")


def test_a_returned_record_comes_back_corrected_and_closes_the_remark(offices):
    unit, county = offices.grassroots, offices.county
    put(unit, "member")
    offices.up("grassroots", "county")
    uid = ask(unit, "SELECT uid FROM member ORDER BY uid")[0][0]
    found = send_back(offices, uid)
    assert {item.outcome for item in found} == {"applied"}
    assert get(county, "member", uid).record_state == "returned"
    assert get(unit, "member", uid).record_state == "returned"
    assert ask(unit, "SELECT text, field, origin FROM return_note") == [
        ("请核对岗位", "post", COUNTY)
    ]
    assert ask(unit, "SELECT state FROM filing") == [("returned",)]
    name = get(unit, "member", uid).values["name"]
    sample = next(item for item in rows_of("member") if item["name"] == name)
    put(unit, "member", sheet("member", sample | {"uid": uid, "post": "调度"}))
    offices.up("grassroots", "county")
    assert get(county, "member", uid).record_state == "received"
    assert get(county, "member", uid).values["post"] == "调度"
    offices.down("county", "grassroots")
    assert get(unit, "member", uid).record_state == "received"
    with county.read() as connection:
        place = [item for item in receipts.rows(connection, county) if GRASS in item]
    assert place


def test_a_remark_about_an_earlier_packet_leaves_a_record_that_was_sent_again(offices):
    unit = offices.grassroots
    put(unit, "member")
    offices.up("grassroots", "county")
    uid = ask(unit, "SELECT uid FROM member ORDER BY uid")[0][0]
    name = get(unit, "member", uid).values["name"]
    sample = next(item for item in rows_of("member") if item["name"] == name)
    put(unit, "member", sheet("member", sample | {"uid": uid, "post": "调度"}), reason="岗位变了")
    offices.send("grassroots")
    send_back(offices, uid)
    assert get(unit, "member", uid).record_state == "sent"


# Decisions --------------------------------------------------------------------------------


def test_a_decision_of_the_county_lies_over_the_record_there_here_and_at_the_city(offices):
    unit, county, city = offices.grassroots, offices.county, offices.city
    put(unit, "hardship", reason="样本数据")
    offices.up("grassroots", "county")
    uid = ask(unit, "SELECT uid FROM hardship ORDER BY uid")[0][0]
    decision = {"form": "hardship", "record": uid, "field": "file_state", "value": "2", "who": "罗岷", "date": DAY}  # fmt: skip
    assert not put(county, "decision", sheet("decision", decision)).refused
    before = get(unit, "hardship", uid).values["file_state"]
    offices.up("county", "city")
    offices.down("county", "grassroots")
    for store in (county, city, unit):
        assert get(store, "hardship", uid).values["file_state"] == "2" != before
        with store.read() as connection:
            assert list(survey.digests(connection, store, None)) == []


def test_a_decision_that_is_voided_gives_the_writers_value_back(offices):
    unit, county, city = offices.grassroots, offices.county, offices.city
    put(unit, "hardship", reason="样本数据")
    offices.up("grassroots", "county")
    uid, before = ask(unit, "SELECT uid, file_state FROM hardship ORDER BY uid")[0]
    decision = {"form": "hardship", "record": uid, "field": "file_state", "value": "2", "who": "罗岷", "date": DAY}  # fmt: skip
    put(county, "decision", sheet("decision", decision))
    offices.up("county", "city")
    assert get(city, "hardship", uid).values["file_state"] == "2"
    (row_uid,) = ask(county, "SELECT uid FROM decision")[0]
    with county.write() as tx:
        records.void(tx, "decision", row_uid, "写错了记录")
    offices.up("county", "city")
    assert get(city, "hardship", uid).values["file_state"] == before


def test_a_decision_before_its_record_waits_for_it(offices, pack):
    unit, county, city = offices.grassroots, offices.county, offices.city
    record = row(pack, "hardship", unit, name="某人", file_state="1")
    decision = row(pack, "decision", county, unit=GRASS, form="hardship", record=record[0], field="file_state", value="2", who="罗岷", date=DAY)  # fmt: skip
    stick = offices.stick()
    directory = offices.send("county")
    importing.take_in(city, directory)
    with city.read() as connection:
        now = received.source(connection, city, COUNTY, "up")
    packet = craft(county, tables={"decision": [decision]}, epoch=now.epoch, n=now.n + 1, prev=now.hash, kind="delta", parts=None)  # fmt: skip
    assert told(importing.take_in(city, bundle(stick, packet, to=city))) == [("applied", "")]
    later = craft(unit, tables={"hardship": [record]})
    assert told(importing.take_in(city, bundle(stick, later, to=city))) == [("applied", "")]
    assert get(city, "hardship", record[0]).values["file_state"] == "2"


# Erasure ----------------------------------------------------------------------------------


def test_an_erased_person_is_gone_at_every_level_with_the_packets_that_named_him(offices):
    unit, county, city = offices.grassroots, offices.county, offices.city
    put(unit, "member")
    offices.up("grassroots", "county")
    offices.up("county", "city")
    old = run(unit)[1][0]
    uid, name = ask(unit, "SELECT uid, name FROM member ORDER BY uid")[0]
    erasing.erase(unit, [("member", uid)], "本人要求删除")
    found = offices.up("grassroots", "county")
    assert found[-1].counts.voided == 1
    offices.up("county", "city")
    for store in (county, city):
        assert ask(store, "SELECT deleted, name, person_id FROM member WHERE uid = ?", uid) == [
            (3, None, None)
        ]
        assert ask(store, "SELECT count(*) FROM member WHERE deleted = 0") == [(7,)]
        assert not ask(store, "SELECT n FROM audit_value WHERE new LIKE ?", f"%{name}%")
        assert not (store.folder / "packets" / f"{old}.age").exists()
        assert ask(store, "SELECT kept, signature <> '' FROM received WHERE hash = ?", old) == [
            (0, 1)
        ]
        assert list(survey.problems(store, full=True)) == []
    with city.read() as connection:  # what came from others is not counted as its own
        assert survey.counts_by_state(connection, city) == {}


def test_what_others_wrote_of_an_erased_person_goes_at_every_level(offices, pack):
    unit, county, city = offices.grassroots, offices.county, offices.city
    number = "511197197002143126"
    record = visit(pack, unit)
    first = craft(unit, tables={"visit": [record]})
    offices.take("county", bundle(offices.stick(), first, to=county))
    about = {"form": "visit", "record": record[0], "unit": GRASS, "date": "2012-08-31"}
    for form, said in (
        ("return_note", {"field": "visitor", "text": number, "reviewer": "李敏"}),
        ("review", {"verdict": "returned", "text": number, "reviewer": "李敏"}),
    ):
        assert put(county, form, sheet(form, about | said), reason="样本").added == 1
    offices.up("county", "city")
    tables = ("return_note", "review")
    kept = [f"SELECT uid FROM {name} WHERE text LIKE '%{number}%'" for name in tables]
    assert [len(ask(county, chosen)) for chosen in kept] == [1, 1]
    assert ask(city, kept[1])
    kept.append(f"SELECT n FROM audit_value WHERE coalesce(old, '') || new LIKE '%{number}%'")
    gone = craft(unit, deleted=[("visit", record[0], "erase")], after=first)
    assert told(offices.take("county", bundle(offices.stick(), gone, to=county))) == [
        ("applied", "")
    ]
    assert not any(ask(county, chosen) for chosen in kept)
    assert list(survey.problems(county, full=True)) == []
    assert {item.outcome for item in offices.up("county", "city")} <= {"applied", "duplicate"}
    assert not any(ask(city, chosen) for chosen in kept)
    assert list(survey.problems(city, full=True)) == []


@pytest.mark.parametrize("packets", [1, 2])
def test_a_file_that_another_record_brings_with_an_erasure_stays(offices, pack, packets):
    unit, county = offices.grassroots, offices.county
    content = b"%PDF-1.7 one scan of two events"
    sha = hashlib.sha256(content).hexdigest()

    def scanned():
        record = row(pack, "culture_event", unit, photo=sha)
        named = {"form": "culture_event", "record": record[0], "field": "photo", "sha256": sha}
        entry = row(pack, "attachment", unit, **named, name="a.pdf", bytes=len(content), type="pdf")
        return record, {"culture_event": [record], "attachment": [entry]}

    (first, tables), (second, others) = scanned(), scanned()
    before = craft(unit, tables=tables, blobs={sha: content})
    offices.take("county", bundle(offices.stick(), before, to=county))
    deleted = [("culture_event", first[0], "erase")]
    if packets == 1:
        made = [craft(unit, deleted=deleted, tables=others, blobs={sha: content}, after=before)]
    else:
        tombstone = craft(unit, deleted=deleted, after=before)
        made = [tombstone, craft(unit, tables=others, blobs={sha: content}, after=tombstone)]
    found = offices.take("county", bundle(offices.stick(), *made, to=county))
    assert told(found) == [("applied", "")] * packets
    assert ask(county, "SELECT record FROM attachment") == [(second[0],)]
    with county.read() as connection:
        assert attachments.read(county, connection, sha) == content


# Volumes and orders -----------------------------------------------------------------------


def test_packets_of_all_offices_wait_for_one_another_whatever_the_order(offices, pack):
    """The county's packet with the directory comes last: the unit's had waited for it."""
    unit, city = offices.grassroots, offices.city
    put(unit, "member")
    offices.up("grassroots", "county")
    stick = offices.send("county")
    (path,) = stick.iterdir()
    with city.read() as connection:
        assert received.sources(connection, city) == []
    found = importing.take_in(city, path)
    assert [item.outcome for item in found] == ["applied"] * len(found)
    assert found


def test_a_new_epoch_after_a_restore_brings_the_same_rows_once(offices):
    unit, county = offices.grassroots, offices.county
    put(unit, "member")
    offices.up("grassroots", "county")
    with unit.write() as tx:
        outbox.start_over(tx, "up")
    found = offices.up("grassroots", "county")
    assert (found[-1].counts.added, found[-1].counts.unchanged) == (0, 9)
    assert ask(county, "SELECT count(*) FROM member WHERE deleted = 0") == [(8,)]
    with county.read() as connection:
        assert len(received.source(connection, county, GRASS, "up").retired) == 1


# Task packages ----------------------------------------------------------------------------


def newer_package(folder):
    """The shipped package under a later version, as a folder."""
    shipped = resources.taskpacks() / "lszgh-2012-55"
    place = shutil.copytree(shipped, folder / "package")
    text = (place / "taskpack.yaml").read_text("utf-8")
    (place / "taskpack.yaml").write_text(text.replace('版本: "1.0"', '版本: "1.1"'), "utf-8")
    return place


def test_a_newer_task_package_comes_with_the_broadcast_and_older_packets_still_go_in(offices, pack):
    unit, county = offices.grassroots, offices.county
    first = craft(unit, tables={"visit": [visit(pack, unit)]})
    second = craft(unit, tables={"visit": [visit(pack, unit)]}, after=first)
    upgrading.install(county, newer_package(offices.folder))
    assert county.pack.version == "1.1"
    path = bundle(offices.stick(), first, to=county)
    assert told(importing.take_in(county, path)) == [("applied", "")]
    found = offices.down("county", "grassroots")
    assert [item.outcome for item in found] == ["waiting", "applied"]
    assert unit.pack.version == "1.1"
    assert survey_of(unit) == []
    path = bundle(offices.stick(), second, to=county)
    assert told(importing.take_in(county, path)) == [("applied", "")]
    unit.close()
    with opening.open_store(unit.folder, password=PASSWORD) as again:
        assert again.pack.version == "1.1"
        with again.read() as connection:
            assert packages.version(again, connection, pack.id, "1.0").digest == pack.digest


def test_a_package_that_is_not_what_its_broadcast_says_is_not_taken(offices, pack):
    unit, county = offices.grassroots, offices.county
    for content, digest in ((b"no package", "1" * 64), (packages.zipped(newer_package(offices.folder)), "2" * 64)):  # fmt: skip
        sha256 = hashlib.sha256(content).hexdigest()
        said = row(pack, "package", county, task_package=pack.id, version="1.1", digest=digest, file=sha256)  # fmt: skip
        packet = craft(county, stream="all", tables={"package": [said]}, blobs={sha256: content}, package=(pack.id, "1.1", digest), epoch=digest[:32])  # fmt: skip
        path = bundle(offices.stick(), packet)
        assert told(importing.take_in(unit, path)) == [("waiting", "B583")]
    assert unit.pack.version == "1.0"
    with pytest.raises(PackageError, match="P290"):
        upgrading.take(unit, offices.folder / "package", "2" * 64)


def survey_of(store):
    return list(survey.problems(store, full=True))
