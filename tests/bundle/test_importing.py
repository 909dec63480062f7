"""What comes from others: applied once, known, waiting, beside another, or kept with the reason."""

import hashlib
from dataclasses import replace
from io import BytesIO

import pytest

from tests.bundle.crafting import EPOCH, NEXT, bundle, craft, keys, row, signed, visit
from tests.bundle.offices import CITY, COUNTY, GRASS, told
from tests.store.offices import ask, new_store, put, sheet
from union_desk import crypto
from union_desk.bundle import importing, importing_run, packet_tables, waiting
from union_desk.errors import BundleError, FileError, StoreError
from union_desk.store import (
    arriving_files,
    attachments,
    intakes,
    outbox,
    peers,
    quarantine,
    received,
    units,
)
from union_desk.store.applying import Applying

APART = ("audit", "audit_value", "intake", "quarantined", "setting")
"""Tables that say what was refused."""


def digest(store):
    """All that a store says, the list of what was refused aside."""
    names = sorted(set(store.tables.metadata.tables) - set(APART))
    rows = {name: ask(store, f'SELECT * FROM "{name}" ORDER BY 1, 2') for name in names}
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def refused(offices, *packets, sealed=True, reader="county"):
    """The code with which a bundle is refused; the store says what it said before."""
    store = getattr(offices, reader)
    before = digest(store)
    path = bundle(offices.stick(), *packets, to=store if sealed else None)
    found = importing.take_in(store, path)
    assert digest(store) == before
    assert {item.outcome for item in found} <= {"quarantined"}
    with store.read() as connection:
        held = quarantine.held(connection, store)
    assert {item.code for item in held} >= {item.code for item in found}
    assert all(quarantine.path(store, item.sha256).exists() for item in held)
    return [item.code for item in found]


# Outcomes ---------------------------------------------------------------------------------


def test_a_packet_that_a_run_cut_short_left_half_written_is_kept_anew(offices, pack):
    packet = craft(offices.grassroots, tables={"visit": [visit(pack, offices.grassroots)]})
    place = outbox.kept_path(offices.county, packet.hash)
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"age-encryption.org/v1\n-> X25519")
    (found,) = importing.take_in(offices.county, bundle(offices.stick(), packet, to=offices.county))
    assert found.outcome == "applied"
    with offices.county.read() as connection:
        (kept,) = received.arrivals(connection, offices.county, received.APPLIED)
        assert received.content(connection, offices.county, kept) == packet.content


def test_packets_of_one_bundle_that_come_in_the_wrong_order_are_read_before_they_are_durable(
    offices, pack
):
    first = craft(offices.grassroots, tables={"visit": [visit(pack, offices.grassroots)]})
    second = craft(offices.grassroots, tables={"visit": []}, after=first)
    path = bundle(offices.stick(), second, first, to=offices.county)
    found = importing.take_in(offices.county, path)
    assert [item.outcome for item in found] == ["waiting", "applied", "applied"]
    assert sorted(item.name for item in (offices.county.folder / "packets").iterdir()) == sorted(
        f"{one.hash}.age" for one in (first, second)
    )


def test_records_reach_the_city_through_the_county_with_the_units_signature(offices):
    put(offices.grassroots, "member")
    put(offices.grassroots, "hardship", reason="样本数据")
    first = offices.up("grassroots", "county")[-1]
    assert (first.outcome, first.counts.added, first.counts.total) == ("applied", 18, 18)
    found = offices.up("county", "city")
    assert [item.outcome for item in found if item.packet[-6:] != "000000"] == ["applied"] * 2
    for form in ("member", "hardship", "hardship_family"):
        columns = "uid, name, person_id"
        rows = f"SELECT {columns} FROM {form} ORDER BY uid"
        assert ask(offices.city, rows) == ask(offices.grassroots, rows)
    assert ask(offices.city, "SELECT DISTINCT origin, unit, record_state FROM member") == [
        (GRASS, GRASS, "received")
    ]
    with offices.city.read() as connection:
        (kept,) = [
            item
            for item in received.arrivals(connection, offices.city, received.APPLIED)
            if item.origin == GRASS and item.n
        ]
        public = crypto.signed_by(kept.signature)
        content = received.content(connection, offices.city, kept)
    assert public == keys(offices.grassroots).signing.public
    assert hashlib.sha256(content).hexdigest() == kept.hash == sent_hash(offices.grassroots)


def sent_hash(store):
    return ask(store, "SELECT hash FROM packet WHERE n = 1")[0][0]


def test_the_same_file_again_changes_nothing(offices):
    put(offices.grassroots, "member")
    stick = offices.send("grassroots")
    offices.take("county", stick)
    before = digest(offices.county)
    for again in offices.take("county", stick):
        assert (again.outcome, again.reason) == ("duplicate", "已有，未改动任何数据。")
    assert digest(offices.county) == before


def test_later_packets_wait_for_the_lacking_one_and_follow_it(offices, pack):
    unit, county = offices.grassroots, offices.county
    first = craft(unit, tables={"visit": [visit(pack, unit)]})
    second = craft(unit, tables={"visit": [visit(pack, unit)]}, after=first)
    third = craft(unit, tables={"visit": [visit(pack, unit)]}, after=second)
    stick = offices.stick()
    importing.take_in(county, bundle(stick, first, to=county))
    (late,) = importing.take_in(county, bundle(stick, third, to=county))
    assert (late.outcome, late.code, late.reason) == (
        "waiting",
        "B579",
        f"缺 {GRASS} 的第 2 包。",
    )
    found = importing.take_in(county, bundle(stick, second, to=county))
    assert [(item.packet, item.outcome) for item in found] == [
        (second.head.name, "applied"),
        (third.head.name, "applied"),
    ]
    assert ask(county, "SELECT count(*) FROM visit") == [(3,)]


def test_two_packets_under_one_number_are_both_kept_and_told(offices, pack):
    unit, county = offices.grassroots, offices.county
    first = craft(unit, tables={"visit": [visit(pack, unit)]})
    other = craft(unit, tables={"visit": [visit(pack, unit)]})
    beside = craft(unit, tables={"visit": [visit(pack, unit)]}, after=other)
    stick = offices.stick()
    importing.take_in(county, bundle(stick, first, to=county))
    found = importing.take_in(county, bundle(stick, other, beside, to=county))
    assert told(found) == [("fork", "B582"), ("fork", "B582")]
    assert ask(county, "SELECT count(*) FROM visit") == [(1,)]
    with county.read() as connection:
        assert received.forked(connection, county, GRASS, "up", EPOCH)
        for item in received.arrivals(connection, county):
            assert received.content(connection, county, item)


def test_a_full_state_waits_for_all_its_parts_and_lets_lapse_what_it_lacks(offices, pack):
    unit, county = offices.grassroots, offices.county
    gone, stays = visit(pack, unit), visit(pack, unit)
    first = craft(unit, tables={"visit": [gone, stays]})
    one = craft(unit, tables={"visit": [stays]}, epoch=NEXT, replaces=(EPOCH,), parts=2)
    two = craft(
        unit,
        tables={"visit": [visit(pack, unit)]},
        after=one,
        kind="snapshot",
        parts=2,
    )
    stick = offices.stick()
    importing.take_in(county, bundle(stick, first, to=county))
    (waits,) = importing.take_in(county, bundle(stick, two, to=county))
    assert (waits.outcome, waits.code) == ("waiting", "B580")
    found = importing.take_in(county, bundle(stick, one, to=county))
    assert [item.outcome for item in found] == ["applied", "applied"]
    assert ask(county, "SELECT uid, deleted FROM visit WHERE uid = ?", gone[0]) == [(gone[0], 2)]
    assert ask(county, "SELECT form, uid, origin FROM lapsed") == [("visit", gone[0], GRASS)]
    assert ask(county, "SELECT count(*) FROM visit WHERE deleted = 0") == [(2,)]
    with county.read() as connection:
        now = received.source(connection, county, GRASS, "up")
    assert (now.epoch, now.n, now.retired) == (NEXT, 2, (EPOCH,))
    old = craft(unit, tables={"visit": [visit(pack, unit)]}, after=first)
    assert refused(offices, old) == ["B578"]


def test_an_epoch_that_replaces_another_waits(offices, pack):
    unit, county = offices.grassroots, offices.county
    first = craft(unit, tables={"visit": [visit(pack, unit)]})
    other = craft(unit, tables={"visit": [visit(pack, unit)]}, epoch=NEXT)
    stick = offices.stick()
    importing.take_in(county, bundle(stick, first, to=county))
    assert told(importing.take_in(county, bundle(stick, other, to=county))) == [("waiting", "B581")]


def test_a_number_that_does_not_fit_its_kind_is_refused(standing, pack):
    unit = standing.grassroots
    assert refused(standing, craft(unit, kind="delta", parts=None)) == ["B595"]
    assert refused(standing, craft(unit, stream="all", parts=2)) == ["B577"]


def test_voided_and_corrected_records_count_as_what_they_are(offices, pack):
    unit, county = offices.grassroots, offices.county
    one, two, three = (visit(pack, unit) for _ in range(3))
    first = craft(unit, tables={"visit": [one, two, three]})
    changed = (*two[:3], 2, *two[4:])
    second = craft(
        unit,
        tables={"visit": [changed, three, visit(pack, unit)]},
        deleted=[("visit", one[0], "void")],
        after=first,
    )
    stick = offices.stick()
    importing.take_in(county, bundle(stick, first, to=county))
    (item,) = importing.take_in(county, bundle(stick, second, to=county))
    assert item.reason == "已入库：新增 1、更新 1、相同 1、作废 1。"
    assert item.counts.to_json() == {"added": 1, "updated": 1, "unchanged": 1, "voided": 1}
    assert ask(county, "SELECT deleted FROM visit WHERE uid = ?", one[0]) == [(1,)]
    third = craft(unit, deleted=[("visit", one[0], "void")], after=second)
    (item,) = importing.take_in(county, bundle(stick, third, to=county))
    assert item.counts.unchanged == 1


def test_an_old_file_for_all_after_a_newer_one_is_known(offices):
    older, newer = offices.send("county", "children"), offices.send("county", "children")
    assert [item.outcome for item in offices.take("grassroots", newer)] == ["applied"]
    (late,) = offices.take("grassroots", older)
    assert (late.outcome, late.stream) == ("duplicate", "all")
    with offices.grassroots.read() as connection:
        (kept,) = received.arrivals(connection, offices.grassroots)
    assert kept.n == 2
    assert len(list((offices.grassroots.folder / "packets").iterdir())) == 1


# Seals, signatures, keys ------------------------------------------------------------------


def test_what_is_no_bundle_or_not_for_us_is_kept_with_the_reason(offices, tmp_path):
    county = offices.county
    before = digest(county)
    stick = offices.stick()
    for content, code in (
        (b"", "B570"),
        (b"hello", "B570"),
        (b"PK\x03\x04 and no more", "B555"),
        (b"age-encryption.org/v1\nrubbish", "B572"),
        (crypto.seal(b"x", [keys(offices.city).recipient]), "B571"),
        (crypto.seal(b"x" * 200_000, [keys(county).recipient])[:-9], "B572"),
    ):
        path = stick / "a.udsync"
        path.write_bytes(content)
        (item,) = importing.take_in(county, path)
        assert (item.outcome, item.code, item.packet) == ("quarantined", code, "")
        sha256 = hashlib.sha256(content).hexdigest()
        assert quarantine.path(county, sha256).read_bytes() == content
    assert digest(county) == before
    with county.read() as connection:
        assert len(intakes.newest(connection, county)) == 6
        assert len(quarantine.held(connection, county)) == 6


def test_a_file_that_goes_bad_behind_a_good_packet_gives_that_packet(offices):
    county, city, unit = offices.county, offices.city, offices.grassroots
    path = bundle(offices.stick(), craft(county, stream="all"), craft(city, stream="all"))
    content = bytearray(path.read_bytes())
    content[content.rindex(b"manifest-sha256.txt", 0, content.rindex(b"PK\x01\x02")) - 400] ^= 1
    path.write_bytes(content)
    found = importing.take_in(unit, path)
    assert told(found) == [("applied", ""), ("quarantined", "B555")]
    sha256 = hashlib.sha256(content).hexdigest()
    assert quarantine.path(unit, sha256).read_bytes() == content


def test_a_header_with_very_many_recipients_is_not_opened(standing):
    county = standing.county
    stanza = b"-> X25519 " + b"A" * 43 + b"\n" + b"B" * 43 + b"\n"
    path = standing.stick() / "a.udsync"
    path.write_bytes(b"age-encryption.org/v1\n" + stanza * 2000 + b"--- x\n")
    assert told(importing.take_in(county, path)) == [("quarantined", "B572")]


def test_a_bad_signature_refuses_the_packet_and_not_its_neighbours(offices, pack):
    unit, county = offices.grassroots, offices.county
    first = craft(unit, tables={"visit": [visit(pack, unit)]})
    second = craft(unit, tables={"visit": [visit(pack, unit)]}, after=first)
    for bad in (
        replace(second, signature=first.signature),
        signed(second.head, second.content, keys(unit).signing, "file"),
        replace(second, signature="x" * 314),
    ):
        assert refused(offices, bad) == ["B573"]
    stick = offices.stick()
    found = importing.take_in(
        county, bundle(stick, replace(second, signature="x"), first, to=county)
    )
    assert told(found) == [("quarantined", "B573"), ("applied", "")]


def test_the_packet_of_an_unknown_key_waits_unread_until_it_is_trusted(offices, pack):
    unit, county = offices.grassroots, offices.county
    stranger = crypto.new_signing_key()
    packet = craft(unit, tables={"visit": [visit(pack, unit)]}, key=stranger)
    path = bundle(offices.stick(), packet, to=county)
    assert told(importing.take_in(county, path)) == [("waiting", "B574")]
    with county.read() as connection:
        known = peers.everyone(connection, county, origin=GRASS)[0]
    with county.write() as tx:
        peers.put(
            tx,
            replace(
                known,
                sign_public=stranger.public,
                fingerprint=crypto.fingerprint(stranger.public),
                status="pending",
            ),
        )
    assert told(importing.take_in(county, path)) == [("waiting", "B574")]
    with county.write() as tx:
        peers.put(
            tx,
            replace(
                known, sign_public=stranger.public, fingerprint=crypto.fingerprint(stranger.public)
            ),
        )
    (item,) = importing.try_waiting(county)
    assert (item.outcome, item.counts.added) == ("applied", 1)


def test_a_key_signs_only_for_its_own_installation_and_only_while_it_holds(offices, pack):
    unit, county = offices.grassroots, offices.county
    table = {"visit": [visit(pack, unit)]}
    assert refused(offices, craft(unit, tables=table, key=keys(offices.city).signing)) == ["B576"]
    with county.read() as connection:
        known = peers.everyone(connection, county, origin=GRASS)[0]
    with county.write() as tx:
        peers.put(tx, replace(known, status="revoked", epoch=EPOCH, after_n=1))
    first = craft(unit, tables=table)
    second = craft(unit, tables=table, after=first)
    path = bundle(offices.stick(), first, second, to=county)
    assert told(importing.take_in(county, path)) == [("applied", ""), ("quarantined", "B575")]


def test_what_is_not_for_all_must_come_sealed(standing, pack):
    unit = standing.grassroots
    packet = craft(unit, tables={"visit": [visit(pack, unit)]})
    assert refused(standing, packet, sealed=False) == ["B565"]


def test_packets_for_others_or_from_elsewhere_are_refused(offices, pack):
    unit, county, city = offices.grassroots, offices.county, offices.city
    assert refused(offices, craft(unit, stream="all")) == ["B577"]
    assert refused(offices, craft(city, stream="to-511111000015")) == ["B577"]
    assert refused(offices, craft(city)) == ["B577"]
    path = bundle(offices.stick(), craft(city, stream=f"to-{GRASS}"), to=county)
    assert told(importing.take_in(county, path)) == [("applied", "")]


# Rows -------------------------------------------------------------------------------------


def test_a_table_that_does_not_belong_is_refused(standing, pack):
    unit, city = standing.grassroots, standing.city
    share = row(pack, "target_share", city, indicator="x", year=2012, value=3.0)
    assert refused(standing, craft(unit, tables={"target_share": [share]})) == ["B584"]
    member = row(pack, "member", city)
    assert refused(standing, craft(city, stream="all", tables={"member": [member]}), sealed=False) == ["B584"]  # fmt: skip


def test_a_form_of_another_level_is_refused(standing, pack):
    unit = standing.grassroots
    rows = {"enterprise": [row(pack, "enterprise", unit, name="某厂")]}
    assert refused(standing, craft(unit, tables=rows)) == ["B585"]


def test_rows_about_other_units_are_refused_and_about_unknown_ones_wait(offices, pack):
    unit, county = offices.grassroots, offices.county
    foreign = visit(pack, unit, unit="511111000015")
    assert refused(offices, craft(unit, tables={"visit": [foreign]})) == ["B586"]
    unknown = craft(unit, tables={"visit": [visit(pack, unit, unit="511102400025")]})
    path = bundle(offices.stick(), unknown, to=county)
    (item,) = importing.take_in(county, path)
    assert (item.outcome, item.code) == ("waiting", "B587")
    assert "511102400025" in item.reason


def test_a_unit_files_for_others_that_name_it_as_their_filer(offices, pack):
    unit, county = offices.grassroots, offices.county
    other = "511102400025"
    node = {"union_code": other, "name": "某某工会", "parent": COUNTY, "level": "grassroots", "kind": "4"}  # fmt: skip
    assert not put(county, "unit", sheet("unit", node)).refused
    about = craft(unit, tables={"visit": [visit(pack, unit, unit=other)]})
    assert refused(offices, about) == ["B586"]
    assert not put(county, "unit_note", sheet("unit_note", {"unit": other, "filer": GRASS})).refused
    path = bundle(offices.stick(), about, to=county)
    assert told(importing.take_in(county, path)) == [("applied", "")]


def test_the_city_waits_for_the_countys_word_on_who_files_for_whom(offices, pack):
    unit, county, city = offices.grassroots, offices.county, offices.city
    other = "511102400025"
    node = {"union_code": other, "name": "某某工会", "parent": COUNTY, "level": "grassroots", "kind": "4"}  # fmt: skip
    put(county, "unit", sheet("unit", node))
    about = craft(unit, tables={"visit": [visit(pack, unit, unit=other)]})
    offices.up("county", "city")
    path = bundle(offices.stick(), about, to=city)
    assert told(importing.take_in(city, path)) == [("waiting", "B587")]
    put(county, "unit_note", sheet("unit", {"unit": other, "filer": GRASS}))
    found = offices.up("county", "city")
    assert [item.outcome for item in found[-2:]] == ["applied", "applied"]
    assert ask(city, "SELECT unit, origin FROM visit") == [(other, GRASS)]


def test_nobody_puts_units_elsewhere_than_below_himself(standing, pack):
    county, unit = standing.county, standing.grassroots
    node = {"name": "某某工会", "level": "grassroots", "kind": "4"}
    for code, parent in (("511111000015", COUNTY), ("511102400025", "511111000015")):
        said = row(pack, "unit", county, union_code=code, parent=parent, **node)
        assert refused(standing, craft(county, tables={"unit": [said]}), reader="city") == ["B560"]
    said = row(pack, "unit", unit, union_code="511102400025", parent=GRASS, **node)
    assert refused(standing, craft(unit, tables={"unit": [said]})) == ["B597"]


@pytest.mark.parametrize(("level", "codes"), [("county", ["B603"]), ("city", ["B603"])])
def test_no_office_puts_a_unit_as_high_as_itself(standing, pack, level, codes):
    node = {"name": "某某工会", "kind": "4", "parent": COUNTY, "union_code": "511102400025"}
    said = row(pack, "unit", standing.county, level=level, **node)
    packet = craft(standing.county, tables={"unit": [said]})
    assert refused(standing, packet, reader="city") == codes


def test_nobody_moves_units_of_others_by_the_register_of_the_package(offices, pack):
    county, city, names = offices.county, offices.city, pack.directory
    stranger = next(unit.code for unit in pack.units if unit.parent == CITY and unit.code != COUNTY)

    def entry(code, parent):
        return row(pack, names.form, county, **{names.code: code, names.parent: parent})

    def answer(*entries):
        return refused(offices, craft(county, tables={names.form: entries}), reader="city")

    assert answer(entry(stranger, COUNTY)) == ["B560"]
    assert answer(entry("511102400092", stranger)) == ["B560"]
    assert answer(entry(COUNTY, None)) == answer(entry(CITY, COUNTY)) == ["B561"]
    good = entry("511102400106", "511102400092"), entry("511102400092", COUNTY), entry(COUNTY, CITY)
    packet = craft(county, tables={names.form: good})
    (item,) = importing.take_in(city, bundle(offices.stick(), packet, to=city))
    assert item.outcome == "applied", item
    with city.read() as connection:
        known = units.of_store(connection, city)
    assert {"511102400106", "511102400092"} < known.subtree(COUNTY)


def test_only_the_parents_upward_are_above(standing):
    city = standing.city
    with city.read() as connection:
        known = units.of_store(connection, city)
    entries = dict(known.by_code)
    entries[CITY] = replace(entries[CITY], parent=COUNTY)
    entries[COUNTY] = replace(entries[COUNTY], parent=None)
    assert peers.relation(units.Units(entries, CITY), city, COUNTY) == ""


def test_a_row_of_another_writer_is_refused_by_name(standing, pack):
    unit, county = standing.grassroots, standing.county
    put(county, "visit", reason="样本数据")
    uid = ask(county, "SELECT uid FROM visit LIMIT 1")[0][0]
    assert refused(standing, craft(unit, tables={"visit": [visit(pack, unit, uid=uid)]})) == [
        "B588"
    ]
    assert refused(standing, craft(unit, deleted=[("visit", uid, "void")])) == ["B588"]


def test_details_need_their_record_and_stay_with_it(offices, pack):
    unit, county = offices.grassroots, offices.county
    uid, inner = "01912f00-0000-7000-8000-000000000001", "01912f00-0000-7000-8000-000000000002"
    parent = row(pack, "hardship", unit, uid=uid, name="某人")
    detail = row(pack, "hardship_family", unit, uid=inner, parent=uid, position=1, name="某子")
    assert refused(offices, craft(unit, tables={"hardship_family": [detail]})) == ["B590"]
    stray = row(pack, "hardship_family", unit, parent=inner, position=1)
    tables = {"hardship": [parent], "hardship_family": [stray]}
    assert refused(offices, craft(unit, tables=tables)) == ["B590"]
    first = craft(unit, tables={"hardship": [parent], "hardship_family": [detail]})
    importing.take_in(county, bundle(offices.stick(), first, to=county))
    other = row(pack, "hardship", unit, uid=inner, name="另一人")
    moved = row(pack, "hardship_family", unit, uid=inner, parent=inner, position=1)
    second = craft(unit, tables={"hardship": [other], "hardship_family": [moved]}, after=first)
    assert refused(offices, second) == ["B588"]
    third = craft(unit, tables={"hardship": [parent]}, after=first)
    (item,) = importing.take_in(county, bundle(offices.stick(), third, to=county))
    assert item.counts.updated == 1
    assert ask(county, "SELECT count(*) FROM hardship_family") == [(0,)]


def test_what_an_office_may_not_decide_or_judge_is_refused(standing, pack):
    unit, county, city = standing.grassroots, standing.county, standing.city
    about = {"record": "01912f00-0000-7000-8000-000000000001", "who": "罗岷", "date": "2012-08-30"}

    def decision(store, form="model_unit", field="state"):
        return row(pack, "decision", store, form=form, field=field, value="4", **about)

    assert refused(standing, craft(unit, tables={"decision": [decision(unit)]})) == ["B597"]
    wrong = craft(county, tables={"decision": [decision(county)]})
    assert refused(standing, wrong, reader="city") == ["B589"]
    nowhere = craft(county, tables={"decision": [decision(county, form="nothing")]})
    assert refused(standing, nowhere, reader="city") == ["B599"]
    put(city, "visit", reason="样本数据")
    uid = ask(city, "SELECT uid FROM visit LIMIT 1")[0][0]
    note = row(
        pack, "return_note", county, form="visit", record=uid, text="请核对", reviewer="罗岷",
        date="2012-08-30",
    )  # fmt: skip
    assert refused(standing, craft(county, tables={"return_note": [note]}), reader="city") == [
        "B568"
    ]


def test_nobody_takes_the_ids_of_receipts_that_others_will_write(standing, pack):
    unit, told = standing.grassroots, {"for_origin": CITY, "for_stream": f"to-{COUNTY}"}
    uid = packet_tables.lasting_uid("receipt", COUNTY, *told.values())
    taken = row(pack, "receipt", unit, uid=uid, n=0, fork=0, **told)
    assert refused(standing, craft(unit, tables={"receipt": [taken]}), reader="city") == ["B563"]


def test_system_rows_must_hold_and_periods_must_be_some(standing, pack):
    unit = standing.grassroots
    for cells, code in (({"state": "nothing"}, "B533"), ({"form": None}, "B596")):
        filing = row(pack, "filing", unit, **({"form": "visit", "state": "sent"} | cells))
        assert refused(standing, craft(unit, tables={"filing": [filing]})) == [code]
    odd = visit(pack, unit, period="2012M13")
    assert refused(standing, craft(unit, tables={"visit": [odd]})) == ["B594"]


def test_tombstones_of_what_cannot_be_voided_are_refused(standing, pack):
    unit = standing.grassroots
    here = visit(pack, unit)
    for deleted in (
        [("nothing", here[0], "void")],
        [("hardship_family", here[0], "void")],
        [("visit", here[0], "void")],
    ):
        packet = craft(unit, tables={"visit": [here]}, deleted=deleted)
        assert refused(standing, packet) == ["B593"]


def test_attachments_come_with_their_record_and_only_as_what_they_say(offices, pack):
    unit, county = offices.grassroots, offices.county
    content = b"%PDF-1.4 a scan"
    sha256 = hashlib.sha256(content).hexdigest()
    record = row(pack, "culture_event", unit, photo=sha256)
    entry = row(pack, "attachment", unit, form="culture_event", record=record[0], field="photo", sha256=sha256, name="a.pdf", bytes=15, type="pdf")  # fmt: skip
    place = pack_columns(pack)

    def with_(**cells):
        changed = list(entry)
        for name, value in cells.items():
            changed[place.index(name)] = value
        return {"culture_event": [record], "attachment": [tuple(changed)]}

    assert refused(offices, craft(unit, tables={"culture_event": [row(pack, "culture_event", unit, photo="../a")]})) == ["B550"]  # fmt: skip
    assert refused(offices, craft(unit, tables=with_(type="exe"))) == ["B567"]
    other = with_(record="01912f00-0000-7000-8000-000000000001")
    assert refused(offices, craft(unit, tables=other)) == ["B569"]
    blobs = {sha256: content}
    assert refused(offices, craft(unit, tables=with_(type="png"), blobs=blobs)) == ["B566"]
    first = craft(unit, tables=with_())
    (item,) = importing.take_in(county, bundle(offices.stick(), first, to=county))
    assert item.outcome == "applied"
    with county.read() as connection:
        assert arriving_files.lacking(connection, county) == {GRASS: [sha256]}
    second = craft(unit, blobs=blobs, after=first)
    importing.take_in(county, bundle(offices.stick(), second, to=county))
    with county.read() as connection:
        assert arriving_files.lacking(connection, county) == {}
        assert attachments.read(county, connection, sha256) == content


def pack_columns(pack):
    return packet_tables.layout(pack, "attachment").header


def test_a_packet_of_another_task_package_waits_and_one_with_other_contents_is_refused(
    offices, pack
):
    unit, county = offices.grassroots, offices.county
    newer = craft(unit, package=(pack.id, "9.0", "0" * 64))
    path = bundle(offices.stick(), newer, to=county)
    assert told(importing.take_in(county, path)) == [("waiting", "B583")]
    same = craft(unit, package=(pack.id, pack.version, "0" * 64))
    assert refused(offices, same) == ["B521"]


def test_a_newer_packet_waits_for_a_newer_program(offices):
    unit, county = offices.grassroots, offices.county
    path = bundle(offices.stick(), craft(unit, format=2), to=county)
    assert told(importing.take_in(county, path)) == [("waiting", "B501")]


# The rest ---------------------------------------------------------------------------------


def test_folders_give_their_bundles_and_their_sub_folder(offices, pack):
    unit, county = offices.grassroots, offices.county
    stick = offices.stick()
    (stick / "union-desk").mkdir()
    (stick / "notes.txt").write_text("hello")
    (stick / "a.docx").write_bytes(b"PK\x03\x04" + b"\0" * 60)
    bundle(stick / "union-desk", craft(unit, tables={"visit": [visit(pack, unit)]}), to=county)
    (item,) = importing.take_in(county, stick)
    assert item.outcome == "applied"
    with pytest.raises(FileError, match="F104"):
        importing.take_in(county, stick / "nothing.udsync")


def test_a_refused_file_can_be_tried_again_and_taken_off_the_list(offices, pack):
    unit, county = offices.grassroots, offices.county
    packet = craft(unit, tables={"visit": [visit(pack, unit)]})
    with county.read() as connection:
        known = peers.everyone(connection, county, origin=GRASS)[0]
    with county.write() as tx:
        peers.put(tx, replace(known, status="revoked", epoch="e" * 32, after_n=0))
    path = bundle(offices.stick(), packet, to=county)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert told(importing.take_in(county, path)) == [("quarantined", "B575")]
    assert told(importing.again(county, sha256)) == [("quarantined", "B575")]
    with county.write() as tx:
        peers.put(tx, known)
    assert told(importing.again(county, sha256)) == [("applied", "")]
    with county.read() as connection:
        assert quarantine.held(connection, county) == []
    assert not quarantine.path(county, sha256).exists()
    (offices.folder / "bad").write_bytes(b"?")
    importing.take_in(county, offices.folder / "bad")
    sha256 = hashlib.sha256(b"?").hexdigest()
    quarantine.discard(county, sha256)
    assert not quarantine.path(county, sha256).exists()


def test_refused_files_are_kept_up_to_a_limit_and_that_is_said(offices, monkeypatch):
    monkeypatch.setattr(quarantine, "MOST", 3)
    path = offices.stick() / "a"
    path.write_bytes(b"12345")
    (item,) = importing.take_in(offices.county, path)
    assert item.outcome == "quarantined"
    assert "已满" in item.reason
    assert list((offices.county.folder / "quarantine").iterdir()) == []


def test_what_strangers_send_is_kept_up_to_a_limit(offices, pack, monkeypatch):
    unit, county = offices.grassroots, offices.county
    stick = offices.stick()
    for number, outcome in enumerate(("waiting", "quarantined")):
        packet = craft(unit, tables={"visit": [visit(pack, unit)]}, key=crypto.new_signing_key())
        monkeypatch.setattr(quarantine, "MOST", len(packet.content) + 200)
        path = bundle(stick, packet, to=county, name=f"{number}")
        assert told(importing.take_in(county, path)) == [(outcome, "B574")]


def test_too_long_a_file_is_no_bundle(offices, monkeypatch):
    monkeypatch.setattr(importing, "MOST", 3)
    path = offices.stick() / "a"
    path.write_bytes(b"12345")
    assert told(importing.take_in(offices.county, path)) == [("quarantined", "B558")]


def test_sample_data_take_nothing_in(pack, tmp_path):
    with (
        new_store(tmp_path / "demo", pack, "county", password=None) as demo,
        pytest.raises(BundleError, match="B559"),
    ):
        importing.take_in(demo, tmp_path)


def test_a_packet_that_is_gone_is_missed_by_name(offices, pack):
    unit, county = offices.grassroots, offices.county
    importing.take_in(county, bundle(offices.stick(), craft(unit), to=county))
    with county.read() as connection:
        (item,) = received.arrivals(connection, county)
        (county.folder / "packets" / f"{item.hash}.age").unlink()
        with pytest.raises(StoreError, match="S391"):
            received.content(connection, county, item)


def test_a_waiting_packet_whose_file_is_lost_holds_up_nobody_and_is_asked_for_again(offices, pack):
    unit, county = offices.grassroots, offices.county
    first = craft(unit, tables={"visit": [visit(pack, unit)]})
    second = craft(unit, tables={"visit": [visit(pack, unit)]}, after=first)
    third = craft(unit, tables={"visit": [visit(pack, unit)]}, after=second)
    importing.take_in(county, bundle(offices.stick(), second, third, to=county))
    outbox.kept_path(county, second.hash).write_bytes(b"cut")
    found = importing.take_in(county, bundle(offices.stick(), first, to=county))
    assert told(found) == [("applied", ""), ("waiting", "S391")]
    with county.read() as connection:
        assert waiting.missing(connection, county) == [(GRASS, "up", [(2, 2)])]
    found = importing.take_in(county, bundle(offices.stick(), second, to=county))
    assert told(found) == [("applied", ""), ("applied", "")]
    assert ask(county, "SELECT count(*) FROM visit") == [(3,)]


def test_a_full_state_waits_for_a_part_whose_file_is_lost(offices, pack):
    unit, county = offices.grassroots, offices.county
    one = craft(unit, tables={"visit": [visit(pack, unit)]}, parts=2)
    two = craft(unit, after=one, kind="snapshot", parts=2)
    importing.take_in(county, bundle(offices.stick(), one, to=county))
    outbox.kept_path(county, one.hash).write_bytes(b"cut")
    found = importing.take_in(county, bundle(offices.stick(), two, to=county))
    assert told(found) == [("waiting", "S391"), ("waiting", "B580")]
    found = importing.take_in(county, bundle(offices.stick(), one, to=county))
    assert told(found) == [("applied", ""), ("applied", "")]


def keep_and_fail(store, packet):
    """A run that keeps a packet that is noted already, and fails before its end."""
    with store.write() as tx:
        run = importing_run.Run(tx, importing_run.File("", "", 0, BytesIO()), sealed=True)
        with importing_run.cleaning(run.kept):
            run._keep(BytesIO(packet.content), received.arrival(tx.connection, store, packet.hash))
            raise RuntimeError("nothing was settled")


def test_the_file_of_a_packet_that_is_noted_outlives_a_run_that_kept_it_anew_and_failed(offices):
    unit, county = offices.grassroots, offices.county
    packet = craft(unit)
    importing.take_in(county, bundle(offices.stick(), packet, to=county))
    place = outbox.kept_path(county, packet.hash)
    place.write_bytes(place.read_bytes()[:100])
    with pytest.raises(RuntimeError, match="nothing was settled"):
        keep_and_fail(county, packet)
    with county.read() as connection:
        (item,) = received.arrivals(connection, county)
        assert received.content(connection, county, item) == packet.content


def test_the_first_run_of_a_day_backs_up(offices, pack):
    unit, county = offices.grassroots, offices.county
    importing.take_in(county, bundle(offices.stick(), craft(unit), to=county))
    importing.take_in(county, bundle(offices.stick(), craft(unit), to=county))
    kept = [path.name for path in (county.folder / "backups").glob("*-import.udbak")]
    assert len(kept) == 1


def test_rows_that_contradict_the_tables_refuse_the_packet(offices, pack):
    unit, county = offices.grassroots, offices.county
    with county.write() as tx:
        tx.connection.exec_driver_sql("CREATE UNIQUE INDEX once ON visit (visitor)")
    rows = [visit(pack, unit), visit(pack, unit)]
    assert refused(offices, craft(unit, tables={"visit": rows})) == ["B598"]


def test_counts_that_do_not_add_up_undo_the_packet(offices, pack, monkeypatch):
    unit = offices.grassroots
    apply = Applying.apply

    def miscount(self, incoming):
        changed = apply(self, incoming)
        self.counts.added += 1
        return changed

    monkeypatch.setattr(Applying, "apply", miscount)
    assert refused(offices, craft(unit, tables={"visit": [visit(pack, unit)]})) == ["B557"]
