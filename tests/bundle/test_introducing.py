"""Offices that do not know one another yet: cards and broadcasts as real files, both ways."""

import io
import shutil

import pytest

from tests.bundle.offices import COUNTY, GRASS, told
from tests.store.offices import DAY, PASSWORD, ask, new_store, put, rows_of, sheet
from union_desk import crypto, files
from union_desk.bundle import cards, container, exporting, importing, packet_reading
from union_desk.errors import BundleError
from union_desk.store import (
    counter,
    enrolment,
    joining,
    opening,
    outbox,
    peers,
    received,
    rotating,
    setting_rows,
    streams,
)
from union_desk.taskpack.record import new_uid


@pytest.fixture(scope="module")
def strangers(pack, tmp_path_factory):
    """A county with its directory and a unit with a record, that know nothing of each other."""
    folder = tmp_path_factory.mktemp("strangers")
    row = next(row for row in rows_of("union_org") if row["union_code"] == GRASS)
    with new_store(folder / "county", pack, "county") as county:
        put(county, "union_org", sheet("union_org", row), reason="样本")
        forget_keys(county)
    with new_store(folder / "unit", pack, "grassroots") as unit:
        put(unit, "culture_event", reason="样本")
        forget_keys(unit)
    return folder


def forget_keys(store):
    with store.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM peer")


@pytest.fixture
def offices(strangers, tmp_path, pack, monkeypatch):
    """Open copies on a computer of their own: county, unit."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "outside"))
    shutil.copytree(strangers, tmp_path / "offices")
    opened = [
        opening.open_store(tmp_path / "offices" / name, password=PASSWORD, pack=pack)
        for name in ("county", "unit")
    ]
    yield opened
    for store in opened:
        store.close()


@pytest.fixture
def carry(tmp_path):
    """Export from one store and take the files in at another."""

    def carry(source, target, reader="parent"):
        place = tmp_path / f"stick{len(list(tmp_path.iterdir()))}"
        place.mkdir()
        exporting.export(source, place, reader=reader, as_of=DAY)
        return importing.take_in(target, place)

    return carry


def enrol(county, unit):
    strip = enrolment.hand_out(county, (unit.origin,))[0]
    joining.enter_code(unit, strip.spoken)
    return strip


def pairs(folder, path, secret=None):
    """Packets and signatures of a bundle."""
    content = path.read_bytes()
    if secret:
        content = crypto.open_sealed(content, [secret])
    return [
        (pair.name, pair.file.read(), pair.signature)
        for pair in container.read(io.BytesIO(content), folder)
    ]


def test_a_code_handed_out_and_typed_opens_the_road_and_the_card_rides_until_it_was_read(
    offices, carry, tmp_path
):
    county, unit = offices
    enrol(county, unit)
    with pytest.raises(BundleError) as caught:
        carry(unit, county)
    assert caught.value.code == "B538"
    assert told(carry(county, unit, "children")) == [("applied", "")]
    found = carry(unit, county)
    assert [item.outcome for item in found] == ["applied", "applied"]
    assert found[0].packet.endswith(".000000")
    assert found[0].reason == f"已核对 {GRASS} 的身份。"
    with county.read() as connection:
        assert peers.trusted(connection, county, unit=GRASS)[0].way == "code"
        secret = peers.own(connection, county).secret
    is_short(next(tmp_path.glob(f"stick*/{GRASS}*")), secret, unit.pack, tmp_path)
    again = carry(unit, county)
    assert [item.outcome for item in again] == ["duplicate", "duplicate"]
    assert told(carry(county, unit, "children")) == [("applied", "")]
    assert carry(unit, county) == []


def is_short(bundle, secret, pack, folder):
    """The first packet of a bundle is a card: one table, signed by the key it shows."""
    name, content, signature = pairs(folder, bundle, secret)[0]
    assert name.endswith(".000000.zip")
    assert len(content) < 4096
    with packet_reading.opened(io.BytesIO(content)) as card:
        assert (card.head.kind, card.head.n, card.head.prev) == ("keys", 0, None)
        assert card.tables == ("key",)
        (row,) = card.rows("key", pack)
    assert crypto.signed_by(signature) in row


def test_a_broadcast_that_came_before_the_code_is_taken_in_when_the_code_is_typed(offices, carry):
    county, unit = offices
    strip = enrolment.hand_out(county, (GRASS,))[0]
    (found,) = carry(county, unit, "children")
    assert (found.outcome, found.code) == ("waiting", "B574")
    assert "开通码" in found.reason
    joining.enter_code(unit, "K7WQ-2M9D-XTRA-84HJ")
    (found,) = importing.try_waiting(unit) or [found]
    with unit.read() as connection:
        assert peers.everyone(connection, unit)[0].reason == "enrol_wrong"
    joining.enter_code(unit, strip.spoken)
    assert told(importing.try_waiting(unit)) == [("applied", "")]
    assert told(carry(county, unit, "children"))[0][0] in ("applied", "duplicate")


def test_the_card_of_a_stranger_waits_and_so_do_its_packets_unread(offices, carry):
    """The unit knows its county by paper, the county not the unit."""
    county, unit = offices
    trust_by_paper(unit, county)
    found = carry(unit, county)
    assert told(found) == [("waiting", "B574"), ("waiting", "B574")]
    assert "没有开通码" in found[0].reason
    with county.read() as connection:
        (peer,) = peers.everyone(connection, county)
        assert peer.status == "pending"
        assert received.sources(connection, county) == []
    assert importing.try_waiting(county) == []


def trust_by_paper(store, other):
    from union_desk.store import trusting

    with other.read() as connection:
        keys = peers.own(connection, other)
    with store.write() as tx:
        made = trusting.new_peer(tx, keys.origin, keys.signing.public, keys.recipient, None)
        trusting.trust(tx, made, "paper")


def test_a_strip_that_was_copied_brings_a_second_card_that_waits(offices, carry, pack, tmp_path):
    county, unit = offices
    strip = enrol(county, unit)
    carry(county, unit, "children")
    carry(unit, county)
    with new_store(tmp_path / "thief", pack, "grassroots") as thief:
        joining.enter_code(thief, strip.spoken)
        with thief.write() as tx:
            outbox.begin_epoch(tx, streams.UP)
        found = importing.take_in(county, card_of(thief, tmp_path))
    assert told(found) == [("waiting", "B574")]
    assert "换电脑还是冒充" in found[0].reason


def test_a_new_key_signs_from_the_next_packet_on_and_the_old_one_says_so(offices, carry):
    county, unit = offices
    enrol(county, unit)
    carry(county, unit, "children")
    carry(unit, county)
    carry(county, unit, "children")
    rotating.rotate(unit)
    rotating.rotate(county)
    put(unit, "visit", reason="样本")
    found = carry(unit, county)
    assert told(found) == [("applied", ""), ("applied", "")], found
    with county.read() as connection:
        known = {peer.status: peer for peer in peers.everyone(connection, county, origin=GRASS)}
    assert (known["trusted"].way, known["trusted"].from_n) == ("old_key", 2)
    assert known["retired"].after_n == 1
    assert [item.outcome for item in carry(county, unit, "children")] == ["applied", "applied"]
    with unit.read() as connection:
        known = {peer.status: peer for peer in peers.everyone(connection, unit, origin=COUNTY)}
    assert known["trusted"].way == "old_key"


def test_a_revoked_key_signs_no_packet_after_the_last_that_stands(offices, carry):
    from union_desk.store import trusting

    county, unit = offices
    enrol(county, unit)
    carry(county, unit, "children")
    carry(unit, county)
    with county.write() as tx:
        trusting.end(tx, peers.trusted(tx.connection, county, unit=GRASS)[0], "revoked")
    put(unit, "visit", reason="样本")
    found = carry(unit, county)
    assert told(found)[-1] == ("quarantined", "B575")


def card_of(unit, folder, change=None):
    """The unit's card as a file of its own, perhaps changed."""
    cards.make_card(unit, streams.UP)
    with unit.read() as connection:
        epoch = outbox.current_epoch(connection, unit, streams.UP)
        packets = [item for item in outbox.all_packets(connection, unit) if item.n == 0]
    assert epoch is not None
    content, signature = outbox.kept_bytes(unit, packets[0]), packets[0].signature
    name, content, signature = (change or (lambda *one: one))(packets[0].file_name, content, signature)  # fmt: skip
    path = folder / "card.udsync"
    with path.open("w+b") as file:
        container.write(file, [container.Item(name, [content], signature)])
    return path


@pytest.fixture
def sent(offices, carry):
    """A unit that has packets, known to nobody."""
    county, unit = offices
    with unit.write() as tx:
        outbox.begin_epoch(tx, streams.UP)
    return county, unit


def flipped(name, content, signature):
    return name, content[:-1] + bytes([content[-1] ^ 1]), signature


def another_number(name, content, signature):
    return name.replace(".000000.", ".000001."), content, signature


def test_a_card_needs_no_seal_but_a_changed_one_is_not_taken(sent, tmp_path):
    county, unit = sent
    for change, code in ((flipped, "B573"), (another_number, "B574")):
        (found,) = importing.take_in(county, card_of(unit, tmp_path, change))
        assert found.code == code
        with county.read() as connection:
            assert peers.everyone(connection, county) == ()
    (found,) = importing.take_in(county, card_of(unit, tmp_path))
    assert (found.outcome, found.code, found.origin) == ("waiting", "B574", GRASS)
    assert told(importing.take_in(county, card_of(unit, tmp_path)))[0][0] == "waiting"
    assert told(importing.take_in(unit, card_of(unit, tmp_path))) == [("duplicate", "")]


def test_a_packet_of_rows_under_the_number_of_a_card_is_refused(offices, carry, tmp_path):
    county, unit = offices
    trust_by_paper(unit, county)
    carry(unit, county)
    with unit.read() as connection:
        packet = outbox.newest(connection, unit, streams.UP, outbox.current_epoch(connection, unit, streams.UP).id)  # fmt: skip
    path = tmp_path / "rows.udsync"
    with path.open("w+b") as file:
        name = packet.file_name.replace(".000001.", ".000000.")
        container.write(file, [container.Item(name, [outbox.kept_bytes(unit, packet)], packet.signature)])  # fmt: skip
    with files.temporary(tmp_path):
        (found,) = importing.take_in(county, path)
    assert (found.outcome, found.code) == ("quarantined", "B535")


def test_after_a_reset_by_the_parent_nothing_is_sent_before_a_new_code(offices, carry):
    county, unit = offices
    enrol(county, unit)
    carry(county, unit, "children")
    carry(unit, county)
    with unit.write() as tx:
        rotating.replace(tx, peers.own(tx.connection, unit))
        setting_rows.write(tx.connection, joining.NEEDED, "1")
    with pytest.raises(BundleError) as caught:
        carry(unit, county)
    assert caught.value.code == "B549"
    enrol(county, unit)
    put(unit, "visit", reason="样本")
    carry(county, unit, "children")
    found = carry(unit, county)
    assert [item.outcome for item in found] == ["applied", "applied"]


def test_by_codes_alone_three_levels_come_to_know_one_another(offices, carry, pack, tmp_path):
    """The city trusts the unit by its county's word, the unit the city by the same."""
    county, unit = offices
    with new_store(tmp_path / "city", pack, "city") as city:
        enrol(city, county)
        assert told(carry(city, county, "children")) == [("applied", "")]
        enrol(county, unit)
        assert told(carry(county, unit, "children"))[-1] == ("applied", "")
        assert {item.outcome for item in carry(unit, county)} == {"applied"}
        found = carry(county, city)
        assert {item.outcome for item in found} == {"applied"}, found
        assert [item.origin for item in found if item.packet.endswith(".000000")] == [COUNTY, GRASS]
        with city.read() as connection:
            ways = {peer.origin: (peer.role, peer.way) for peer in peers.trusted(connection, city)}
        assert ways == {COUNTY: ("child", "code"), GRASS: ("below", "vouch")}
        carry(county, unit, "children")
        with unit.read() as connection:
            ways = {peer.role: peer.way for peer in peers.trusted(connection, unit)}
        assert ways == {"parent": "code", "above": "vouch"}


def test_a_lost_computer_without_a_backup_is_rebuilt_from_what_the_parent_has(
    offices, carry, pack, tmp_path, monkeypatch
):
    """A new 开通码, the packets back under the former key, a person's decision, and on it goes."""
    county, unit = offices
    enrol(county, unit)
    carry(county, unit, "children")
    assert {item.outcome for item in carry(unit, county)} == {"applied"}
    asked = "SELECT uid, rev FROM culture_event WHERE deleted = 0 ORDER BY uid"
    sent = ask(unit, asked)
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "another"))
    with new_store(tmp_path / "new", pack, "grassroots", known_parent=False) as new:
        enrol(county, new)
        carry(county, new, "children")
        put(new, "visit", reason="样本")
        ((visits,),) = ask(new, "SELECT count(*) FROM visit WHERE deleted = 0")
        with pytest.raises(BundleError) as held:
            carry(new, county)
        assert held.value.code == "B546"
        counter.resume(new)
        assert {item.outcome for item in carry(new, county)} == {"applied"}
        found = carry(county, new, "children")
        assert {item.outcome for item in found} == {"applied"}, found
        assert [uid for uid, _ in ask(new, asked)] == [uid for uid, _ in sent]
        assert {item.outcome for item in carry(new, county)} == {"applied"}
        with county.read() as connection:
            states = [peer.status for peer in peers.everyone(connection, county, origin=GRASS)]
        assert sorted(states) == ["retired", "trusted"]
        for store in (new, county):
            assert [uid for uid, _ in ask(store, asked)] == [uid for uid, _ in sent]
            assert ask(store, "SELECT count(*) FROM visit WHERE deleted = 0") == [(visits,)]


def test_former_keys_are_learned_from_the_parent_alone_and_only_for_this_installation(
    offices, carry, pack, tmp_path
):
    county, unit = offices
    enrol(county, unit)
    carry(county, unit, "children")
    own, other = crypto.new_signing_key().public, crypto.new_signing_key().public
    with county.read() as connection:
        known = peers.own(connection, county)
    said = {"for_origin": unit.origin, "role": enrolment.FORMER, "age_pub": known.recipient}
    with unit.write() as tx:
        table = tx.tables.form["key"]
        for origin, row in (
            (county.origin, said | {"sign_pub": own}),
            (county.origin, said | {"sign_pub": other, "for_origin": unit.origin + "B"}),
            (county.origin + "B", said | {"sign_pub": other}),
        ):
            head = {"uid": new_uid(), "origin": origin, "unit": COUNTY, "period": "2012Y",
                    "record_state": "received", "rev": 1, "package": pack.id, "created_by": "x",
                    "created_at": tx.now, "updated_at": tx.now, "deleted": 0}  # fmt: skip
            tx.connection.execute(table.insert().values(head | row))
        for origin in (county.origin, county.origin + "B"):
            joining.learn(tx, origin, "ab" * 16)
        assert peers.own_publics(tx.connection)[1:] == (own,)
