"""开通码 both ways, false cards and strips, the old key, the word of the level between."""

import pytest
from sqlalchemy import delete, select

from tests.store.offices import UNITS, ask
from tests.store.peer_stores import PeerStores
from union_desk import crypto
from union_desk.errors import BundleError, InputError, StoreError
from union_desk.store import enrolment, joining, peers, setting_rows, trusting
from union_desk.store.people import enter as enter_person

DAY, LATER = "2012-08-01", "2012-10-01"
CITY, COUNTY, UNIT = (UNITS[level][0] for level in ("city", "county", "grassroots"))
EPOCH = "e" * 32
CARD = "c" * 64


def forget_keys(store):
    """Let a store know no other office."""
    with store.write() as tx:
        tx.connection.execute(delete(store.tables.peer))
    return store


@pytest.fixture(scope="module")
def peer_stores(pack, tmp_path_factory):
    made = PeerStores(pack, tmp_path_factory.mktemp("peers"))
    yield made
    made.close()


@pytest.fixture
def county(peer_stores):
    return peer_stores.fresh("county")


@pytest.fixture
def unit(peer_stores):
    return peer_stores.fresh("grassroots")


@pytest.fixture
def city(peer_stores):
    return peer_stores.fresh("city")


def own(store):
    with store.read() as connection:
        return peers.own(connection, store)


def own_card(store, tag=None, **changes):
    """The rows of a store's key card, and the key that signs it."""
    mine = own(store)
    if tag is None:
        with store.read() as connection:
            tag = setting_rows.read(connection, joining.TAG)
    return [enrolment.own_row(mine, DAY, 0, tag or None) | changes], mine.signing.public


def fresh_card(store, code=None, parent=COUNTY):
    """A card of the same installation from another computer: other keys, perhaps the same code."""
    signing, age = crypto.new_signing_key(), crypto.new_age_identity()
    mine = peers.OwnKeys(store.origin, signing, age.recipient, age.secret, None)
    tag = code and crypto.enrol_tag(
        code, parent, store.origin, role="unit", fingerprint=mine.fingerprint, recipient=mine.recipient
    )  # fmt: skip
    return [enrolment.own_row(mine, DAY, 0, tag)], signing.public


def take_card(parent, card, *, origin=UNIT, day=DAY, signer=None, epoch=EPOCH):
    rows, public = card
    with parent.write() as tx:
        return trusting.take_card(
            tx, origin, epoch, rows, signer=signer or public, card=CARD, day=day
        )


def published(parent, form):
    """The rows of a table as they go to all lower units."""
    table = parent.tables.form[form]
    with parent.read() as connection:
        rows = connection.execute(select(table).where(table.c.deleted == 0)).mappings()
        return [dict(row) for row in rows]


def take_enrol(unit, parent, *, keys=None, enrols=None, signer=None):
    with unit.write() as tx:
        return joining.take_enrol(
            tx,
            parent.origin,
            signer=signer or own(parent).signing.public,
            keys=published(parent, "key") if keys is None else keys,
            enrols=published(parent, "enrol") if enrols is None else enrols,
        )


def learn(unit, peer, keys):
    """What a trusted parent's newest broadcast says of keys."""
    with unit.write() as tx:
        joining.learn_rows(tx, peer, keys, EPOCH)


def hand_out(parent, *origins, day=DAY):
    return enrolment.hand_out(parent, origins or (UNIT,), day=day)


def status(store, origin=UNIT):
    with store.read() as connection:
        return [peer.status for peer in peers.everyone(connection, store, origin=origin)]


def test_a_code_typed_once_makes_trust_in_both_directions(county, unit):
    (strip,) = hand_out(county)
    assert strip.expires == "2012-09-30"
    assert strip.code not in repr(strip)
    joining.enter_code(unit, f" {strip.spoken.lower()} ")
    taken = take_enrol(unit, county)
    assert (taken.trusted, taken.peer.way, taken.peer.role) == (True, "code", "parent")
    with unit.read() as connection:
        assert peers.parent_origin(connection, unit) == COUNTY
        assert own(county).recipient in peers.up_recipients(connection, unit)
        assert not joining.waits_for_proof(connection)
    taken = take_card(county, own_card(unit))
    assert (taken.trusted, taken.peer.way, taken.peer.role) == (True, "code", "child")
    with county.read() as connection:
        assert own(unit).recipient in peers.down_recipients(connection, county, UNIT)
        assert enrolment.strips(connection, county)[0].used_by == own(unit).fingerprint
    assert not take_card(county, own_card(unit)).changed


def test_no_code_stands_in_what_travels_or_in_the_log(county):
    strips = hand_out(county, UNIT, UNIT + "B")
    sent = str([published(county, form) for form in ("enrol", "key", "trust")])
    log = str(ask(county, "SELECT * FROM audit_value")) + str(ask(county, "SELECT * FROM audit"))
    for strip in strips:
        assert strip.code not in sent + log
        assert strip.spoken not in sent + log


def test_three_hundred_strips_are_made_at_once(county):
    origins = [UNIT + letter for letter in "BCDEFGHIJKLMNOPQRSTUVWXYZ"] * 12
    with county.write() as tx:
        made = [enrolment._strip(tx, origin, None, DAY) for origin in origins]
    assert len({strip.code for strip in made}) == 300
    assert len(hand_out(county, *origins)) == 25
    assert len(published(county, "enrol")) == 25


def test_without_the_broadcast_or_the_code_nothing_is_trusted_but_said(county, unit):
    hand_out(county)
    taken = take_enrol(unit, county)
    assert (taken.peer.status, taken.peer.reason) == ("pending", "enrol_none")
    assert "开通码" in taken.sentence
    with unit.read() as connection, pytest.raises(BundleError):
        peers.up_recipients(connection, unit)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"enrols": []}, "enrol_absent"),
        ({"tag": "0" * 64}, "enrol_wrong"),
        ({"tag": "sent back"}, "enrol_wrong"),
        ({"code": "K7WQ-2M9D-XTRA-84HJ"}, "enrol_wrong"),
    ],
)
def test_a_broadcast_that_does_not_prove_its_keys_is_not_trusted(county, unit, given, reason):
    (strip,) = hand_out(county)
    joining.enter_code(unit, given.pop("code", strip.spoken))
    tag = given.pop("tag", None)
    if tag == "sent back":
        tag = own_card(unit)[0][0]["tag"]
    if tag:
        given["enrols"] = [{"for_origin": UNIT, "tag": tag, "expires": strip.expires}]
    taken = take_enrol(unit, county, **given)
    assert (taken.peer.status, taken.peer.reason) == ("pending", reason)
    assert taken.sentence == trusting.REASONS[reason]
    with unit.read() as connection:
        assert joining.waits_for_proof(connection)


def test_a_forged_broadcast_under_another_key_proves_nothing(county, unit):
    """A copy of the parent's rows signed by someone else, with and without that key among them."""
    (strip,) = hand_out(county)
    joining.enter_code(unit, strip.spoken)
    forger = crypto.new_signing_key().public
    assert take_enrol(unit, county, signer=forger) is None
    keys = [row | {"sign_pub": forger} for row in published(county, "key")]
    assert take_enrol(unit, county, signer=forger, keys=keys).peer.reason == "enrol_wrong"
    keys = [
        row | {"age_pub": crypto.new_age_identity().recipient} for row in published(county, "key")
    ]
    assert take_enrol(unit, county, keys=keys).peer.reason == "enrol_wrong"
    assert take_enrol(unit, county, keys=[row | {"age_pub": "age1x"} for row in keys]) is None
    assert take_enrol(unit, county).trusted


def test_a_broadcast_of_another_office_says_nothing_of_the_parent(city, unit):
    enrolment.hand_out(city, (UNIT,), day=DAY)
    assert take_enrol(unit, city) is None


def test_the_code_may_come_after_the_broadcast(county, unit):
    (strip,) = hand_out(county)
    assert not take_enrol(unit, county).trusted
    joining.enter_code(unit, strip.spoken)
    assert take_enrol(unit, county).trusted


CARDS = {
    "absent": lambda unit, code: own_card(unit, tag=""),
    "wrong": lambda unit, code: own_card(unit, tag="0" * 64),
    "of another code": lambda unit, code: fresh_card(unit, "K7WQ2M9DXTRA84HJ"),
    "of another parent": lambda unit, code: fresh_card(unit, code, CITY),
}


@pytest.mark.parametrize(("what", "reason"), [("absent", "paper"), ("wrong", "wrong"), ("of another code", "wrong"), ("of another parent", "wrong")])  # fmt: skip
def test_a_card_whose_tag_proves_nothing_waits_for_a_person(county, unit, what, reason):
    (strip,) = hand_out(county)
    taken = take_card(county, CARDS[what](unit, strip.code))
    assert (taken.peer.status, taken.peer.reason) == ("pending", reason)
    assert taken.sentence == trusting.REASONS[reason]


def test_the_parents_tag_sent_back_is_no_tag_of_a_card(county, unit):
    hand_out(county)
    tag = published(county, "enrol")[0]["tag"]
    assert take_card(county, own_card(unit, tag=tag)).peer.reason == "wrong"


def test_the_parents_date_decides_whether_a_code_has_expired(county, unit):
    """The unit's clock may stand at any year: it is not asked."""
    (strip,) = hand_out(county, day="1999-01-01")
    joining.enter_code(unit, strip.spoken)
    assert take_enrol(unit, county).trusted
    (strip,) = hand_out(county)
    joining.enter_code(unit, strip.spoken)
    assert take_card(county, own_card(unit), day=LATER).peer.reason == "expired"
    assert take_card(county, own_card(unit), day=strip.expires).trusted


def test_a_second_card_under_a_used_code_waits_for_a_person(county, unit):
    (strip,) = hand_out(county)
    joining.enter_code(unit, strip.spoken)
    take_card(county, own_card(unit))
    taken = take_card(county, fresh_card(unit, strip.code))
    assert (taken.peer.status, taken.peer.reason) == ("pending", "used")
    assert "换电脑还是冒充" in taken.sentence
    assert sorted(status(county)) == ["pending", "trusted"]


def test_a_card_without_code_beside_a_trusted_key_waits_for_a_person(county, unit):
    (strip,) = hand_out(county)
    joining.enter_code(unit, strip.spoken)
    take_card(county, own_card(unit))
    assert take_card(county, fresh_card(unit)).peer.reason == "second"


def test_a_new_code_is_the_answer_to_another_computer_and_retires_the_old_key(county, unit):
    (strip,) = hand_out(county)
    joining.enter_code(unit, strip.spoken)
    old = take_card(county, own_card(unit)).peer
    with county.write() as tx:
        tx.connection.execute(
            county.tables.source.insert().values(
                origin=UNIT, stream="up", epoch=EPOCH, n=7, hash="", retired="[]", updated_at=""
            )
        )  # fmt: skip
    (again,) = hand_out(county)
    assert again.replaces == old.fingerprint
    new = take_card(county, fresh_card(unit, again.code)).peer
    assert new.status == "trusted"
    with county.read() as connection:
        old = peers.find(connection, county, UNIT, old.sign_public)
        worth = [
            peers.verdict(connection, county, UNIT, old.sign_public, epoch=EPOCH, n=n)
            for n in (7, 8)
        ]
    assert (old.status, old.epoch, old.after_n) == ("retired", EPOCH, 7)
    assert worth == ["trusted", "retired"]


def test_a_newer_strip_voids_the_unused_ones_before(county, unit):
    first, second = hand_out(county)[0], hand_out(county)[0]
    assert take_card(county, fresh_card(unit, first.code)).peer.reason == "void"
    assert len(published(county, "enrol")) == 1
    assert take_card(county, fresh_card(unit, second.code)).trusted


def test_a_strip_leaves_the_broadcast_when_it_expires_not_when_it_is_used(county, unit):
    (strip,) = hand_out(county)
    take_card(county, fresh_card(unit, strip.code))
    with county.write() as tx:
        enrolment.publish(tx, day=strip.expires)
    assert len(published(county, "enrol")) == 1
    with county.write() as tx:
        enrolment.publish(tx, day=LATER)
    assert published(county, "enrol") == []


def test_two_computers_of_one_unit_have_a_strip_and_a_key_each(county, unit, offices):
    first, second = hand_out(county, UNIT, UNIT + "B")
    other = forget_keys(offices("grassroots", origin=UNIT + "B"))
    for store, strip in ((unit, first), (other, second)):
        joining.enter_code(store, strip.spoken)
        assert take_enrol(store, county).trusted
        assert take_card(county, own_card(store), origin=store.origin).trusted
    with county.read() as connection:
        down = peers.down_recipients(connection, county, UNIT)
    assert {own(unit).recipient, own(other).recipient} < set(down)


@pytest.mark.parametrize(
    ("origins", "code"),
    [((), "S440"), (("51110240001",), "S443"), (("511102400017A",), "S443"), ((COUNTY,), "S441"), (("511181400026",), "S441"),
     (("511102400993",), "S441")],
)  # fmt: skip
def test_strips_are_for_units_below_alone(county, origins, code):
    with pytest.raises(StoreError) as caught:
        enrolment.hand_out(county, origins, day=DAY)
    assert caught.value.code == code


def test_an_office_of_samples_hands_out_no_code(offices):
    with pytest.raises(StoreError) as caught:
        enrolment.hand_out(offices("city", password=None), (COUNTY,))
    assert caught.value.code == "S442"


@pytest.mark.parametrize(
    ("typed", "word"), [("K7WQ", "16 个字"), ("K7WQ-2M9D-XTRA-84H0", "没有 0")]
)
def test_what_is_no_code_is_refused_before_it_is_kept(unit, typed, word):
    with pytest.raises(InputError) as caught:
        joining.enter_code(unit, typed)
    assert caught.value.code == "I480"
    assert word in str(caught.value)


def test_an_office_without_parent_needs_no_code(city):
    with pytest.raises(InputError) as caught:
        joining.enter_code(city, "K7WQ-2M9D-XTRA-84HJ")
    assert caught.value.code == "I481"


def broken(rows, what):
    return {
        "two working keys": rows * 2,
        "none": [],
        "of another": [rows[0] | {"for_origin": UNIT + "B"}],
        "no key": [rows[0] | {"sign_pub": "ssh-rsa AAAA"}],
        "a comment": [rows[0] | {"sign_pub": rows[0]["sign_pub"] + " me"}],
        "no recipient": [rows[0] | {"age_pub": "age1qqq"}],
    }[what]


@pytest.mark.parametrize("what", ["two working keys", "none", "of another", "no key", "a comment", "no recipient"])  # fmt: skip
def test_what_is_no_card_is_refused(county, unit, what):
    rows, signer = own_card(unit)
    with pytest.raises(BundleError) as caught:
        take_card(county, (broken(rows, what), signer))
    assert caught.value.code == "B535"
    assert status(county) == []


def test_a_card_of_a_strangers_unit_is_refused(county, offices):
    other = offices("grassroots", unit="511123400042", name="犍为岷江纸业工会委员会", parent="511123000014")  # fmt: skip
    with pytest.raises(BundleError) as caught:
        take_card(county, own_card(other), origin="511123400042")
    assert caught.value.code == "B536"


def test_a_unit_that_is_not_in_the_directory_yet_waits_for_a_person(county, offices):
    other = offices("grassroots", unit="511102400084", name="新单位工会委员会", parent=COUNTY)
    taken = take_card(county, own_card(other), origin=other.origin)
    assert taken.peer.reason == "unlisted"


def test_a_card_must_be_signed_by_its_own_or_the_trusted_old_key(county, unit):
    with pytest.raises(BundleError) as caught:
        take_card(county, own_card(unit), signer=crypto.new_signing_key().public)
    assert caught.value.code == "B537"


def test_a_card_signed_by_the_old_key_is_trusted_from_its_packet_on(county, unit):
    (strip,) = hand_out(county)
    old = take_card(county, fresh_card(unit, strip.code)).peer
    rows, public = fresh_card(unit)
    taken = take_card(county, ([rows[0] | {"from_n": 5}], public), signer=old.sign_public)
    assert (taken.trusted, taken.peer.way) == (True, "old_key")
    with county.read() as connection:
        worth = {
            (key, n): peers.verdict(connection, county, UNIT, key, epoch=EPOCH, n=n)
            for key in (old.sign_public, public)
            for n in (4, 5)
        }
    assert worth == {
        (old.sign_public, 4): "trusted", (old.sign_public, 5): "retired",
        (public, 4): "retired", (public, 5): "trusted",
    }  # fmt: skip
    with pytest.raises(BundleError):
        take_card(county, fresh_card(unit), signer=old.sign_public)


def test_a_parents_new_key_is_trusted_where_the_old_one_has_signed_for_it(county, unit):
    (strip,) = hand_out(county)
    joining.enter_code(unit, strip.spoken)
    old = take_enrol(unit, county).peer
    new = crypto.new_signing_key().public
    keys = [row | {"sign_pub": new, "from_n": 9} for row in published(county, "key")]
    learn(unit, old, keys)
    with unit.read() as connection:
        assert peers.verdict(connection, unit, COUNTY, new, epoch=EPOCH, n=9) == "trusted"
        assert peers.verdict(connection, unit, COUNTY, old.sign_public, epoch=EPOCH, n=9) == "retired"  # fmt: skip


def test_the_tags_of_strips_follow_a_new_key(county, unit):
    (strip,) = hand_out(county)
    before = published(county, "enrol")
    made = crypto.new_signing_key()
    with county.write() as tx:
        setting_rows.write(tx.connection, "sign_secret", made.secret)
        setting_rows.write(tx.connection, "sign_public", made.public)
        enrolment.publish(tx, day=DAY)
    assert published(county, "enrol") != before
    joining.enter_code(unit, strip.spoken)
    assert take_enrol(unit, county).trusted


def say(store, origin, peer, status_="trusted", **more):
    """Enter what an office between has said of a key, as its packet would."""
    from union_desk.store.layout import layout
    from union_desk.store.notes import new_head
    from union_desk.store.writing import Write, write_rows

    with store.write() as tx:
        said = {
            "for_origin": peer.origin, "fingerprint": peer.fingerprint, "status": status_, "way": "code",
            "confirmed_by": "王芳", "date": DAY,
        } | more  # fmt: skip
        head = new_head(tx, origin[:12], "2012Y") | {"origin": origin}
        columns = layout(tx.tables, "trust").columns
        write_rows(
            tx, "trust", [Write(tuple(head.get(c, said.get(c)) for c in columns))], act="import"
        )
        return trusting.settle_vouched(tx, [peer.origin])


def test_the_city_trusts_a_grassroots_key_by_its_own_countys_word_only(city, unit):
    card = own_card(unit)
    taken = take_card(city, card)
    assert (taken.peer.status, taken.peer.reason, taken.peer.role) == ("pending", "vouch", "below")
    assert not say(city, "511123000014", taken.peer)
    assert status(city) == ["pending"]
    assert say(city, COUNTY, taken.peer)
    with city.read() as connection:
        peer = peers.find(connection, city, UNIT, card[1])
    assert (peer.status, peer.way) == ("trusted", "vouch")


def test_the_word_may_come_before_the_card(city, unit):
    card = own_card(unit)
    mine = own(unit)
    peer = take_card(city, fresh_card(unit)).peer
    say(city, COUNTY, peer.__class__(**{**{n: getattr(peer, n) for n in peer.__slots__}, "fingerprint": mine.fingerprint}))  # fmt: skip
    taken = take_card(city, card)
    assert (taken.trusted, taken.peer.way) == (True, "vouch")


def test_a_county_takes_its_word_back_after_a_packet(city, unit):
    peer = take_card(city, own_card(unit)).peer
    say(city, COUNTY, peer)
    say(city, COUNTY, peer, "revoked", epoch=EPOCH, after_n=3)
    with city.read() as connection:
        worth = [
            peers.verdict(connection, city, UNIT, peer.sign_public, epoch=EPOCH, n=n)
            for n in (3, 4)
        ]
    assert worth == ["trusted", "revoked"]


def test_the_city_may_enrol_a_grassroots_unit_itself(city, unit):
    (strip,) = hand_out(city)
    taken = take_card(city, fresh_card(unit, strip.code, CITY))
    assert (taken.trusted, taken.peer.way, taken.peer.role) == (True, "code", "below")


def test_what_a_county_trusts_it_says_upward_as_a_row_of_its_own(county, unit):
    (strip,) = hand_out(county)
    taken = take_card(county, fresh_card(unit, strip.code))
    (row,) = published(county, "trust")
    assert (row["fingerprint"], row["status"], row["way"]) == (taken.peer.fingerprint, "trusted", "code")  # fmt: skip
    assert (row["origin"], row["packet"], row["record_state"]) == (COUNTY, None, "confirmed")


def test_a_unit_knows_the_city_by_its_countys_word(county, city, unit):
    (strip,) = hand_out(county)
    with county.write() as tx:
        mine = own(city)
        made = trusting.new_peer(tx, CITY, mine.signing.public, mine.recipient, None)
        trusting.trust(tx, made, "paper")
        enrolment.publish(tx, day=DAY)
    joining.enter_code(unit, strip.spoken)
    learn(unit, take_enrol(unit, county).peer, published(county, "key"))
    with unit.read() as connection:
        peer = peers.find(connection, unit, CITY, mine.signing.public)
    assert (peer.status, peer.way, peer.role) == ("trusted", "vouch", "above")


def test_only_an_administrator_hands_out_codes_or_types_one(county, unit):
    for store, act in (
        (county, lambda: hand_out(county)),
        (unit, lambda: joining.enter_code(unit, "K7WQ-2M9D-XTRA-84HJ")),
    ):
        with store.write() as tx:
            enter_person(tx, "p2", "王芳", ("clerk",))
        store.roles = ("clerk",)
        with pytest.raises(StoreError) as caught:
            act()
        assert caught.value.code == "S361"
