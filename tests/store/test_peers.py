"""What a signature is worth, and whom packets are sealed to."""

import json

import pytest

from tests.store.offices import UNITS
from tests.store.peer_stores import PeerStores
from union_desk import crypto
from union_desk.errors import BundleError
from union_desk.store import peers, setting_rows
from union_desk.store.peers import Peer

COUNTY, GRASSROOTS, CITY = (UNITS[level][0] for level in ("county", "grassroots", "city"))
EPOCH, OTHER = "a" * 32, "b" * 32


def key(origin, status="trusted", **changes):
    """What is known of a fresh key of an installation."""
    public = crypto.new_signing_key().public
    given = {
        "origin": origin, "fingerprint": crypto.fingerprint(public), "unit": origin[: peers.SOLID],
        "sign_public": public, "age_recipient": crypto.new_age_identity().recipient, "recovery": None,
        "role": "child", "status": status, "way": "code", "from_n": 0, "epoch": None, "after_n": None,
        "reason": None, "card": None, "at": "2012-08-01T00:00:00Z", "person": "李敏",
    }  # fmt: skip
    return Peer(**given | changes)


def enter(store, *known):
    with store.write() as tx:
        for peer in known:
            peers.put(tx, peer)


def worth(store, peer, n, epoch=EPOCH):
    with store.read() as connection:
        return peers.verdict(connection, store, peer.origin, peer.sign_public, epoch=epoch, n=n)


@pytest.fixture(scope="module")
def peer_stores(pack, tmp_path_factory):
    made = PeerStores(pack, tmp_path_factory.mktemp("peers"))
    yield made
    made.close()


@pytest.fixture
def county(peer_stores):
    return peer_stores.fresh("county")


@pytest.mark.parametrize(
    ("known", "n", "epoch", "verdict"),
    [
        (key(GRASSROOTS), 1, EPOCH, "trusted"),
        (key(GRASSROOTS, epoch=EPOCH, from_n=5), 5, EPOCH, "trusted"),
        (key(GRASSROOTS, epoch=EPOCH, from_n=5), 4, EPOCH, "retired"),
        (key(GRASSROOTS, epoch=EPOCH, from_n=5), 1, OTHER, "trusted"),
        (key(GRASSROOTS, "pending"), 1, EPOCH, "pending"),
        (key(GRASSROOTS, "refused"), 1, EPOCH, "revoked"),
        (key(GRASSROOTS, "retired", epoch=EPOCH, after_n=4), 4, EPOCH, "trusted"),
        (key(GRASSROOTS, "retired", epoch=EPOCH, after_n=4), 5, EPOCH, "retired"),
        (key(GRASSROOTS, "retired", epoch=EPOCH, after_n=4), 1, OTHER, "retired"),
        (key(GRASSROOTS, "revoked", epoch=EPOCH, after_n=4), 4, EPOCH, "trusted"),
        (key(GRASSROOTS, "revoked", epoch=EPOCH, after_n=4), 5, EPOCH, "revoked"),
        (key(GRASSROOTS, "revoked", epoch=EPOCH, after_n=4), 1, OTHER, "revoked"),
    ],
)
def test_a_signature_is_worth_what_the_key_is_worth_at_that_packet(
    county, known, n, epoch, verdict
):
    enter(county, known)
    assert worth(county, known, n, epoch) == verdict


def test_a_key_that_is_not_known_is_worth_nothing_nor_is_it_for_another_installation(county):
    known = key(GRASSROOTS)
    assert worth(county, known, 1) == "unknown"
    enter(county, known)
    with county.read() as connection:
        other = peers.verdict(
            connection, county, GRASSROOTS + "B", known.sign_public, epoch=EPOCH, n=1
        )
    assert other == "unknown"


def test_a_replaced_key_holds_in_another_stream_that_was_being_read(county):
    known = key(COUNTY, "retired", epoch=EPOCH, after_n=3)
    enter(county, known)
    assert worth(county, known, 1, OTHER) == "unknown"
    known = key(CITY, "retired", epoch=EPOCH, after_n=3)
    enter(county, known)
    assert worth(county, known, 1, OTHER) == "retired"
    with county.write() as tx:
        tx.connection.execute(
            county.tables.source.insert().values(
                origin=CITY, stream="all", epoch=OTHER, n=1, hash="", retired="[]", updated_at=""
            )
        )  # fmt: skip
    assert worth(county, known, 2, OTHER) == "trusted"


def test_own_packets_are_trusted_under_the_present_and_the_former_own_keys(county):
    former = crypto.new_signing_key().public
    with county.write() as tx:
        setting_rows.write(tx.connection, "sign_retired", json.dumps([former]))
        mine = peers.own(tx.connection, county)
    assert mine.signing.secret not in repr(mine)
    for public in (former, mine.signing.public):
        assert worth(county, key(COUNTY, sign_public=public), 1) == "trusted"
    assert worth(county, key(COUNTY), 1) == "unknown"


def test_upward_the_parent_its_recovery_key_and_the_sender_can_read(county):
    with county.read() as connection:
        with pytest.raises(BundleError) as caught:
            peers.up_recipients(connection, county)
        assert peers.parent_origin(connection, county) is None
        mine = peers.own(connection, county).recipient
    assert caught.value.code == "B538"
    recovery = crypto.new_age_identity().recipient
    parent = key(CITY, role="parent", recovery=recovery)
    enter(county, parent, key(CITY, "pending", role="parent"), key(GRASSROOTS))
    with county.read() as connection:
        assert peers.up_recipients(connection, county) == (parent.age_recipient, recovery, mine)
        assert peers.parent_origin(connection, county) == CITY


def test_downward_all_computers_of_the_unit_and_the_sender_can_read(county):
    with county.read() as connection, pytest.raises(BundleError) as caught:
        peers.down_recipients(connection, county, GRASSROOTS)
    assert caught.value.code == "B539"
    first, second = key(GRASSROOTS), key(GRASSROOTS + "B")
    enter(county, first, second, key(GRASSROOTS, "retired"), key(CITY, role="parent"))
    with county.read() as connection:
        mine = peers.own(connection, county).recipient
        assert peers.down_recipients(connection, county, GRASSROOTS) == (
            first.age_recipient, second.age_recipient, mine,
        )  # fmt: skip


def test_trust_is_written_out_as_openssh_reads_it(county):
    good, waiting = key(GRASSROOTS), key(GRASSROOTS + "B", "pending")
    enter(county, good, waiting)
    with county.read() as connection:
        lines = peers.allowed_signers(connection, county).splitlines()
    assert len(lines) == 2
    assert lines[1] == f'{GRASSROOTS} namespaces="union-desk-packet" {good.sign_public}'


def test_the_check_digits_of_a_key_are_those_of_its_fingerprint():
    known = key(GRASSROOTS)
    assert known.digits == crypto.check_digits(known.fingerprint)
