"""What goes to each reader: the parent, all lower units, one of them; others' packets as they came."""

import hashlib
import io
import shutil
import zipfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests import exchange
from tests.bundle import bags
from tests.bundle.offices import CITY, COUNTY, GRASS, Offices
from tests.store.offices import DAY, PASSWORD, ask, put, rows_of, sample, sheet
from union_desk import crypto
from union_desk.bundle import bundling, exporting, packet_tables
from union_desk.errors import BundleError
from union_desk.store import (
    acknowledging,
    backups,
    counter,
    holds,
    opening,
    outbox,
    peers,
    restoring,
)
from union_desk.taskpack.load import load


def export(store, to, **options):
    return exporting.export(store, to, as_of=DAY, **options)


def decide(store, form, record, field, value):
    """A decision of an upper level about a record, as `put` takes it in."""
    row = {
        "form": form,
        "record": record,
        "field": field,
        "value": value,
        "who": "李敏",
        "date": DAY,
        "unit": GRASS,
    }
    result = put(store, "decision", sheet("decision", row), period="2012M08")
    assert not result.refused, result.findings


@pytest.fixture(scope="session")
def reached(three_offices, tmp_path_factory):
    """The three offices after records of the unit have reached the city; and what they counted."""
    folder = tmp_path_factory.mktemp("reached")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        shutil.copytree(three_offices, folder / "before")
        (folder / "before" / "state").mkdir()
        found = Offices(folder / "before", folder, stack)
        patch.setenv("UNION_DESK_STATE", str(folder / "offices" / "state"))
        for form in ("info_report", "sports_team"):
            enter(found.grassroots, form)
        found.up("grassroots", "county")
        found.up("county", "city")
    return folder / "offices"


@pytest.fixture
def informed(reached, tmp_path, monkeypatch):
    """Copies of the offices as `reached` left them."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "offices" / "state"))
    with ExitStack() as stack:
        yield Offices(reached, tmp_path, stack)


def enter(store, form):
    """The sample rows of a form, without what an upper level decides."""
    form_ = store.pack.forms[form]
    rows = [
        {name: cell for name, cell in row.items() if not form_.by_id[name].decided_by}
        for row in rows_of(form)
    ]
    details = {name: sample(name) for name in form_.details}
    result = put(store, form, sheet(form, *rows), details, reason="样本数据")
    assert not result.refused, result.findings


def one_record(offices, form="info_report"):
    """A record of the unit that has reached the city."""
    return ask(offices.grassroots, f"SELECT uid FROM {form} ORDER BY uid LIMIT 1")[0][0]


def signed(path, store):
    return exchange.signatures(path, exchange.own(store).secret)


def test_packets_of_a_lower_unit_go_up_byte_for_byte_with_its_signature_until_acknowledged(offices):
    put(offices.grassroots, "member")
    (first,) = export(offices.grassroots, offices.stick())
    secret = exchange.own(offices.county).secret
    ((name, packet),) = exchange.packets(first.file, secret).items()
    offices.take("county", first.file)
    (passed,) = export(offices.county, offices.stick())
    found = exchange.packets(passed.file, exchange.own(offices.city).secret)
    assert found[name] == packet
    given = signed(first.file, offices.county)[name]
    assert signed(passed.file, offices.city)[name] == given
    public = exchange.own(offices.grassroots).signing.public
    crypto.verify(given, public, io.BytesIO(packet))
    assert passed.packets == len(found) == 2
    offices.take("city", passed.file)
    offices.down("city", "county")
    assert export(offices.county, offices.stick()) == []


def test_what_is_for_all_is_one_unsealed_file_that_any_unit_reads(informed, tmp_path, pack):
    (written,) = export(informed.county, informed.stick(), reader="children")
    assert written.reader == "children"
    with zipfile.ZipFile(written.file) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".zip")]
        data = archive.read(name)
    found = bags.read(data, pack)
    head = found["head"]
    assert (head.stream, head.kind, head.parts, head.made_by) == (
        "all",
        "snapshot",
        1,
        "市中区总工会",
    )
    (said,) = found["tables"]["package"]
    columns = packet_tables.layout(pack, "package").header
    told = dict(zip(columns, said, strict=True))
    assert (told["task_package"], told["version"], told["digest"]) == (
        pack.id,
        pack.version,
        pack.digest,
    )
    assert hashlib.sha256(found["blobs"][told["file"]]).hexdigest() == told["file"]
    (tmp_path / "package.zip").write_bytes(found["blobs"][told["file"]])
    assert load(tmp_path / "package.zip").digest == pack.digest
    receipts = found["tables"]["receipt"]
    columns = packet_tables.layout(pack, "receipt").header
    assert [row[columns.index("for_origin")] for row in receipts] == [GRASS]


def test_no_person_stands_in_what_is_for_all(offices, pack):
    persons = ask(offices.county, "SELECT chair, chair_phone FROM union_org")
    note = {"unit": GRASS, "contact": "周沫云", "phone": "13908330001"}
    assert not put(offices.county, "unit_note", sheet("unit_note", note), period="2012M08").refused
    duty = {
        "unit": GRASS, "form": "visit", "duty": "if_any", "period_from": "2012M09",
        "reason": "主席住院", "who": "罗岷",
    }  # fmt: skip
    assert not put(
        offices.county, "obligation", sheet("obligation", duty), period="2012M08"
    ).refused
    (written,) = export(offices.county, offices.stick(), reader="children")
    (data,) = exchange.packets(written.file).values()
    text = b"".join(
        content for name, content in bags.entries(data).items() if "blobs" not in name
    ).decode()
    assert {"union_org", "obligation"} <= set(bags.read(data, pack)["tables"])
    for value in [
        "周沫云",
        "13908330001",
        "李敏",
        "主席住院",
        "罗岷",
        *(cell for row in persons for cell in row if cell),
    ]:
        assert value not in text


def test_only_the_newest_state_for_all_is_kept_and_its_numbers_go_on(offices):
    county = offices.county
    for number in (1, 2, 3):
        (written,) = export(county, offices.stick(), reader="children")
        ((name, data),) = exchange.packets(written.file).items()
        assert name.endswith(f".{number:06d}")
        assert ask(county, "SELECT n, hash FROM packet WHERE stream = 'all'") == [
            (number, hashlib.sha256(data).hexdigest())
        ]
        assert [path.stem for path in (county.folder / "packets").iterdir()] == [
            hashlib.sha256(data).hexdigest()
        ]


def test_a_decision_goes_to_the_unit_that_wrote_the_record_and_up_as_well(informed, pack):
    record = one_record(informed)
    decide(informed.county, "info_report", record, "adopt_media", "工运信息2012年第8期")
    everybody, alone = export(informed.county, informed.stick(), reader="children")
    assert (everybody.reader, alone.reader) == ("children", GRASS)
    assert alone.file.read_bytes().startswith(exchange.SEALED)
    ((name, data),) = exchange.packets(alone.file, exchange.own(informed.grassroots).secret).items()
    assert f".to-{GRASS}." in name
    (row,) = bags.read(data, pack)["tables"]["decision"]
    (up,) = export(informed.county, informed.stick())
    packets = exchange.packets(up.file, exchange.own(informed.city).secret)
    assert [
        bags.read(found, pack)["tables"].get("decision")
        for name, found in packets.items()
        if name.startswith(COUNTY)
    ] == [None, [row]]
    again = export(informed.county, informed.stick(), reader="children")
    assert list(exchange.packets(again[1].file, exchange.own(informed.grassroots).secret)) == [name]


def test_what_the_city_says_to_a_unit_passes_through_the_county_until_that_unit_has_it(informed):
    record = one_record(informed, "sports_team")
    decide(informed.city, "sports_team", record, "group_no", "A组")
    stick = informed.send("city", "children")
    assert "applied" in {item.outcome for item in informed.take("county", stick)}
    everybody, alone = export(informed.county, informed.stick(), reader="children")
    assert {name[:12] for name in exchange.packets(everybody.file)} == {CITY, COUNTY}
    ((name, _),) = exchange.packets(alone.file, exchange.own(informed.grassroots).secret).items()
    assert name.startswith(f"{CITY}.to-{GRASS}.")
    taken = informed.take("grassroots", everybody.file, alone.file)
    assert {item.outcome for item in taken} == {"applied"}, taken
    assert ask(informed.grassroots, "SELECT count(*) FROM decision") == [(1,)]
    put(informed.grassroots, "visit", reason="样本数据")
    informed.up("grassroots", "county")
    assert len(export(informed.county, informed.stick(), reader="children")) == 1
    informed.up("county", "city")
    assert len(export(informed.city, informed.stick(), reader="children")) == 1


def test_one_unit_named_gets_everything_in_one_file(informed):
    record = one_record(informed)
    (open_,) = export(informed.county, informed.stick(), reader=GRASS)
    assert open_.file.read_bytes().startswith(b"PK")
    decide(informed.county, "info_report", record, "adopt_media", "工运信息2012年第8期")
    (sealed,) = export(informed.county, informed.stick(), reader=GRASS)
    names = list(exchange.packets(sealed.file, exchange.own(informed.grassroots).secret))
    assert [name.split(".")[1] for name in names] == ["all", f"to-{GRASS}"]
    found = {item.outcome for item in informed.take("grassroots", sealed.file)}
    assert found <= {"applied", "duplicate"}


def test_a_unit_without_a_known_key_gets_no_secrets_and_what_is_for_it_waits(informed):
    record = one_record(informed)
    decide(informed.county, "info_report", record, "adopt_media", "工运信息2012年第8期")
    county = informed.county
    with county.write() as tx:
        for peer in peers.trusted(tx.connection, county, unit=GRASS):
            tx.connection.execute(
                county.tables.peer.delete().where(county.tables.peer.c.origin == peer.origin)
            )
    with pytest.raises(BundleError) as caught:
        export(county, informed.stick(), reader=GRASS)
    assert caught.value.code == "B539"
    assert ask(county, "SELECT count(*) FROM packet WHERE stream = 'all'") == [(0,)]
    (everybody,) = export(county, informed.stick(), reader="children")
    assert everybody.reader == "children"
    assert exporting.unreached(county) == [GRASS]
    assert ask(county, "SELECT packet FROM addressed") == [(None,)]


def test_without_the_parents_key_nothing_is_made(offices):
    county = offices.county
    with county.write() as tx:
        tx.connection.execute(county.tables.peer.delete())
    stick = offices.stick()
    with pytest.raises(BundleError) as caught:
        export(county, stick)
    assert caught.value.code == "B538"
    assert not list(stick.iterdir())
    with county.read() as connection:
        assert outbox.due_counts(connection, county) != {}
    assert ask(county, "SELECT count(*) FROM packet") == [(0,)]


def test_volumes_are_whole_bundles_with_fewer_packets(offices, monkeypatch):
    from union_desk.bundle import making

    monkeypatch.setattr(making, "RECORDS_PER_PACKET", 3)
    put(offices.grassroots, "member")
    written = export(offices.grassroots, offices.stick(), volume=9_000)
    assert len(written) > 1
    names = [item.file.name for item in written]
    assert [name.rpartition("-")[2] for name in names] == [
        f"{number}of{len(written)}.udsync" for number in range(1, len(written) + 1)
    ]
    assert all(item.file.stat().st_size <= 9_000 for item in written)
    secret = exchange.own(offices.county).secret
    sent = [name for item in written for name in exchange.packets(item.file, secret)]
    assert (
        len(sent)
        == len(set(sent))
        == len(ask(offices.grassroots, "SELECT 1 FROM packet WHERE n > 0"))
    )
    for item in reversed(written):
        offices.take("county", item.file)
    assert ask(offices.county, "SELECT count(*) FROM member") == ask(
        offices.grassroots, "SELECT count(*) FROM member"
    )


@pytest.mark.parametrize(
    ("limit", "cut"), [(None, ["abcd"]), (7_000, ["ab", "c", "d"]), (1, ["a", "b", "c", "d"])]
)
def test_packets_are_cut_at_their_borders(limit, cut):
    sizes = {"a": 1_000, "b": 1_900, "c": 9_000, "d": 10}
    loads = [bundling.Load(name, size, 0, bytes, "") for name, size in sizes.items()]
    assert ["".join(load.name for load in part) for part in bundling.volumes(loads, limit)] == cut


def test_what_no_bundle_may_hold_is_cut_without_being_asked():
    few = [bundling.Load("a", 10, 0, bytes, "")] * 10_001
    assert [len(part) for part in bundling.volumes(few, None)] == [10_000, 1]
    long = [bundling.Load("a", 2**31, 0, bytes, "")] * 3
    assert [len(part) for part in bundling.volumes(long, None)] == [1, 1, 1]


def test_a_unit_gets_its_own_packets_back_as_it_sent_them(offices):
    put(offices.grassroots, "member")
    (sent,) = export(offices.grassroots, offices.stick())
    offices.take("county", sent.file)
    (back,) = exporting.give_back(offices.county, GRASS, offices.stick())
    assert exchange.packets(back.file, exchange.own(offices.grassroots).secret) == exchange.packets(
        sent.file, exchange.own(offices.county).secret
    )
    with pytest.raises(BundleError) as caught:
        exporting.give_back(offices.county, CITY, offices.stick())
    assert caught.value.code == "B547"
    with pytest.raises(BundleError) as caught:
        export(offices.grassroots, offices.stick(), reader="children")
    assert caught.value.code == "B548"


def test_every_file_written_stands_in_the_list_with_its_digest(offices):
    put(offices.grassroots, "member")
    (sent,) = export(offices.grassroots, offices.stick(), way="stick", carrier="李敏")
    (row,) = ask(
        offices.grassroots,
        "SELECT name, reader, sha256, packets, records, way, carrier, verified FROM delivery",
    )
    (name,) = exchange.packets(sent.file, exchange.own(offices.county).secret)
    assert row == (
        sent.file.name,
        COUNTY,
        sent.digest,
        f'["{name}"]',
        sent.records,
        "stick",
        "李敏",
        1,
    )
    assert sent.digest == hashlib.sha256(sent.file.read_bytes()).hexdigest()


def test_records_that_lapse_go_back_to_their_unit_in_the_packets_that_brought_them(
    offices, tmp_path, monkeypatch
):
    put(offices.grassroots, "member")
    offices.up("grassroots", "county")
    made = backups.make(offices.grassroots, "command")
    put(offices.grassroots, "visit", reason="样本数据")
    stick = offices.stick()
    (later,) = export(offices.grassroots, stick)
    offices.take("county", stick)
    restoring.restore(tmp_path / "again", Path(made.file), PASSWORD)
    with opening.open_store(tmp_path / "again", password=PASSWORD) as unit:
        counter.resume(unit)
        (anew,) = export(unit, offices.stick())
        offices.take("county", anew.file)
        assert ("visit",) in ask(offices.county, "SELECT form FROM lapsed")
        _, back = export(offices.county, offices.stick(), reader="children")
        assert back.reader == GRASS
        secret = exchange.own(unit).secret
        first = exchange.packets(later.file, exchange.own(offices.county).secret)
        (name, content) = max(first.items())
        assert exchange.packets(back.file, secret) == {name: content}


def test_after_a_decision_to_go_on_everything_for_a_unit_is_told_anew(informed, pack):
    county = informed.county
    decide(county, "info_report", one_record(informed), "adopt_media", "工运信息2012年第8期")
    first = export(county, informed.stick(), reader="children")
    informed.take("grassroots", *(item.file for item in first))
    with county.write() as tx:
        holds.put(tx, holds.RESTORED)
    counter.resume(county)
    again = export(county, informed.stick(), reader="children")
    secret = exchange.own(informed.grassroots).secret
    heads = []
    for _, alone in (first, again):
        ((_, data),) = exchange.packets(alone.file, secret).items()
        found = bags.read(data, pack)
        heads.append(found["head"])
        assert len(found["tables"]["decision"]) == 1
    old, new = heads
    assert (new.n, new.kind, new.parts, new.replaces) == (1, "snapshot", 1, (old.epoch,))
    found = informed.take("grassroots", *(item.file for item in again))
    assert {item.outcome for item in found} == {"applied"}
    assert ask(informed.grassroots, "SELECT count(*) FROM decision") == [(1,)]


@pytest.mark.parametrize("said", [{"epoch": "e" * 32, "n": 5}, {"n": 1, "fork": 1}])
def test_the_word_of_one_unit_begins_its_own_stream_anew_and_stops_nothing_else(
    informed, pack, said
):
    county, unit, stream = informed.county, informed.grassroots, f"to-{GRASS}"
    decide(county, "info_report", one_record(informed), "adopt_media", "工运信息2012年第8期")
    export(county, informed.stick(), reader="children")
    with county.read() as connection:
        before = outbox.current_epoch(connection, county, stream)
    receipt = acknowledging.Receipt(stream, before.id, 0, "0" * 64, fork=False, retired=())
    with county.write() as tx:
        acknowledging.read(tx, replace(receipt, **said))
    with county.read() as connection:
        assert holds.current(connection) is None
        after = outbox.current_epoch(connection, county, stream)
    assert set(after.replaces) == {before.id, said.get("epoch", before.id)}
    _, alone = export(county, informed.stick(), reader="children")
    ((_, data),) = exchange.packets(alone.file, exchange.own(unit).secret).items()
    assert len(bags.read(data, pack)["tables"]["decision"]) == 1


def test_a_packet_from_before_there_were_signatures_is_signed_when_it_goes_out(informed):
    unit = informed.grassroots
    put(unit, "visit", reason="样本数据")
    (first,) = export(unit, informed.stick())
    with unit.write() as tx:
        tx.connection.exec_driver_sql("UPDATE packet SET signature = NULL WHERE n > 0")
    (again,) = export(unit, informed.stick())
    assert signed(again.file, informed.county) == signed(first.file, informed.county)
