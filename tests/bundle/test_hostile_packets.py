"""Packets that strangers, or wicked neighbours, write to do harm: refused alone, and told."""

import io
import logging
import zipfile

from tests import exchange
from tests.bundle.crafting import THEN, bundle, craft, row, signed, visit
from tests.bundle.offices import COUNTY, GRASS, told
from tests.store.offices import DAY, ask
from union_desk import crypto
from union_desk.bundle import importing, introducing, reception
from union_desk.bundle.importing_packet import Taking
from union_desk.taskpack.record import new_uid


def test_a_strangers_packet_takes_no_place_in_the_stream_of_another(offices, pack):
    unit, county = offices.grassroots, offices.county
    offices.down("county", "grassroots")
    ((epoch, n),) = ask(unit, f"SELECT epoch, n FROM source WHERE origin = '{COUNTY}'")
    stranger, age = crypto.new_signing_key(), crypto.new_age_identity()
    for number in (n + 1, n + 2):
        key = row(
            pack, "key", county, for_origin=COUNTY, sign_pub=stranger.public,
            age_pub=age.recipient, role="work", valid_from="2012-01-01", from_n=0,
        )  # fmt: skip
        false = craft(
            county, stream="all", epoch=epoch, n=number, prev="0" * 64,
            tables={"key": [key]}, key=stranger,
        )  # fmt: skip
        found = importing.take_in(unit, bundle(offices.stick(), false))
        assert told(found) == [("waiting", "B574")]
    for _ in range(2):
        assert told(offices.down("county", "grassroots")) == [("applied", "")]


def test_a_decision_of_another_district_before_its_record_does_nothing_when_that_comes(
    offices, pack
):
    unit, city = offices.grassroots, offices.city
    other, signing, age = "511111000015", crypto.new_signing_key(), crypto.new_age_identity()
    exchange.trust(city, other, signing.public, age.recipient, "child")
    record = row(pack, "info_report", unit, title="某信息")
    said = row(pack, "decision", city, unit=other, form="info_report", record=record[0], field="adopt_level", value="1", who="他县", date=DAY)  # fmt: skip
    foreign = craft(city, tables={"decision": [said]}, origin=other, key=signing)
    packet = craft(unit, tables={"info_report": [record]})
    found = importing.take_in(city, bundle(offices.stick(), foreign, packet, to=city))
    assert [item.outcome for item in found] == ["applied", "applied"]
    assert ask(city, "SELECT adopt_level FROM info_report") == [(None,)]


def entry(pack, store, form, record):
    return row(pack, "attachment", store, form=form, record=record, field="x", sha256="0" * 64, name="a.pdf", bytes=1, type="pdf")  # fmt: skip


def test_an_attachment_of_a_detail_row_refuses_its_packet_alone(offices, pack):
    unit, county = offices.grassroots, offices.county
    bad = craft(unit, tables={"attachment": [entry(pack, unit, "hardship_family", new_uid())]})
    good = craft(offices.city, stream="all")
    path = bundle(offices.stick(), bad, good, to=county)
    assert told(importing.take_in(county, path)) == [("quarantined", "B600"), ("applied", "")]


def test_more_attachments_than_one_question_can_name_are_taken_in(offices, pack):
    unit, county = offices.grassroots, offices.county
    record = visit(pack, unit)
    rows = [entry(pack, unit, "visit", record[0]) for _ in range(5_001)]
    packet = craft(unit, tables={"visit": [record], "attachment": rows})
    found = importing.take_in(county, bundle(offices.stick(), packet, to=county))
    assert told(found) == [("applied", "")]
    assert ask(county, "SELECT count(*) FROM attachment") == [(5_001,)]


def test_a_fault_of_the_program_refuses_one_packet_and_is_written_down(
    offices, pack, monkeypatch, caplog
):
    unit, county = offices.grassroots, offices.county
    run = Taking.run

    def faulty(taking):
        run(taking)
        if taking.arrival.origin == GRASS:
            raise KeyError("unit")

    monkeypatch.setattr(Taking, "run", faulty)
    bad = craft(unit, tables={"visit": [visit(pack, unit)]})
    path = bundle(offices.stick(), bad, craft(offices.city, stream="all"), to=county)
    with caplog.at_level(logging.ERROR, "union_desk.crash"):
        found = importing.take_in(county, path)
    assert told(found) == [("quarantined", "B601"), ("applied", "")]
    assert "KeyError" in caplog.text
    assert ask(county, "SELECT count(*) FROM visit") == [(0,)]


def zipped(contents):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = 0o100644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return file.getvalue()


def test_too_long_a_card_is_refused_unread(offices):
    card = craft(offices.county, n=0, kind="keys", parts=None, tables={})
    long = signed(card.head, card.content + bytes(introducing.MOST), crypto.new_signing_key())
    found = importing.take_in(offices.grassroots, bundle(offices.stick(), long))
    assert told(found) == [("quarantined", "B535")]


def test_a_broadcast_of_a_stranger_with_very_many_keys_is_refused(offices, pack, monkeypatch):
    unit, county = offices.grassroots, offices.county
    monkeypatch.setattr(introducing, "MOST_ROWS", 1)
    stranger = crypto.new_signing_key()
    keys = [
        row(
            pack, "key", county, for_origin=COUNTY, sign_pub=stranger.public, role="work",
            valid_from=THEN[:10], from_n=0,
        )
        for _ in range(2)
    ]  # fmt: skip
    false = craft(county, stream="all", tables={"key": keys}, key=stranger)
    found = importing.take_in(unit, bundle(offices.stick(), false))
    assert told(found) == [("quarantined", "B602")]


def test_a_file_whose_names_say_nothing_counts_as_for_this_office(standing):
    place = standing.stick() / "x.udsync"
    names = f"{GRASS}.all.aaaaaa.000001.zip", "a.b.c.x.zip"
    place.write_bytes(zipped(dict.fromkeys(names, b"x")))
    short = place.with_name("short.udsync")
    short.write_bytes(b"PK\x03\x04")
    assert reception.for_this_office(standing.county, [place, short]) == [place, short]
