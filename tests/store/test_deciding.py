"""What people decide about keys, the recovery key of an office, the papers about keys."""

import pytest

from tests.store.offices import PASSWORD, UNITS, new_store
from tests.store.peer_stores import PeerStores
from tests.store.test_peers import COUNTY, GRASSROOTS, enter, key
from union_desk import crypto
from union_desk.errors import InputError, StoreError
from union_desk.store import deciding, escrow, key_papers, keyring, opening, peers, resetting


@pytest.fixture(scope="module")
def peer_stores(pack, tmp_path_factory):
    made = PeerStores(pack, tmp_path_factory.mktemp("peers"))
    yield made
    made.close()


@pytest.fixture
def county(peer_stores):
    return peer_stores.fresh("county")


def typed(store, peer, digits=None, *, seal=True):
    return deciding.trust_by_card(store, peer.origin, digits or peer.digits, seal_seen=seal)


def made_key(store):
    """A recovery key of an office; its secret half."""
    made = escrow.new_recovery_key()
    escrow.keep_recovery_key(store, made.recipient)
    return made.secret


def test_the_digits_of_the_sealed_card_make_a_pending_key_trusted(county):
    waiting, other = key(GRASSROOTS, "pending", way=None), key(GRASSROOTS, "pending", way=None)
    enter(county, waiting, other)
    made = typed(county, waiting, f" {waiting.digits.replace('-', '　')} ")
    assert (made.status, made.way, made.fingerprint) == ("trusted", "paper", waiting.fingerprint)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda store, peer: typed(store, peer, "0000-0000-0000"), "S445"),
        (lambda store, peer: typed(store, peer, seal=False), "S446"),
        (lambda store, peer: typed(store, key(GRASSROOTS + "B")), "S444"),
        (lambda store, peer: typed(store, peer, "是"), "I482"),
        (lambda store, peer: deciding.refuse(store, GRASSROOTS, "SHA256:x"), "S448"),
        (lambda store, peer: deciding.revoke(store, GRASSROOTS, peer.fingerprint), "S449"),
    ],
)
def test_without_card_seal_or_key_nothing_is_trusted(county, change, code):
    waiting = key(GRASSROOTS, "pending")
    enter(county, waiting)
    with pytest.raises((StoreError, InputError)) as caught:
        change(county, waiting)
    assert caught.value.code == code
    with county.read() as connection:
        assert peers.everyone(connection, county, origin=GRASSROOTS) == (waiting,)


def test_a_card_alone_does_not_change_a_units_computer(county):
    known, waiting = key(GRASSROOTS), key(GRASSROOTS, "pending")
    enter(county, known, waiting)
    with pytest.raises(StoreError) as caught:
        typed(county, waiting)
    assert caught.value.code == "S447"


def test_a_false_card_is_refused_and_its_packets_are_never_taken(county):
    waiting = key(GRASSROOTS, "pending")
    enter(county, waiting)
    assert deciding.refuse(county, GRASSROOTS, waiting.fingerprint).status == "refused"
    with county.read() as connection:
        worth = peers.verdict(connection, county, GRASSROOTS, waiting.sign_public, epoch="", n=1)
    assert worth == "revoked"


def test_a_key_in_the_hands_of_others_is_revoked(county):
    known = key(GRASSROOTS)
    enter(county, known)
    assert deciding.revoke(county, GRASSROOTS, known.fingerprint).status == "revoked"


def test_a_recovery_key_stays_on_paper_and_in_no_file_here(offices):
    city = offices("city")
    secret = made_key(city)
    with city.read() as connection:
        recipient = peers.own(connection, city).recovery
        kept = connection.exec_driver_sql("SELECT value FROM setting").scalars().all()
    assert crypto.recipient_of(secret) == recipient
    assert not any(secret in str(value) for value in kept)
    assert escrow.read_recovery_key(f"恢复钥匙\n {secret.lower()[:30]} \n{secret[30:]}") == secret
    for text, code in (("", "I483"), (secret[:-1] + ("2" if secret[-1] != "2" else "3"), "I484")):
        with pytest.raises(InputError) as caught:
            escrow.read_recovery_key(text)
        assert caught.value.code == code


def test_an_office_of_samples_makes_no_recovery_key(offices):
    with pytest.raises(StoreError) as caught:
        made_key(offices("city", password=None))
    assert caught.value.code == "S450"


def test_the_stores_key_is_sealed_to_a_parents_recovery_key_once_that_is_known(
    offices, tmp_path, pack
):
    """And so the parent can help with a forgotten password."""
    county, city = offices("county"), offices("city")
    assert not escrow.keep_up(county)
    secret = made_key(city)
    enter(county, key(UNITS["city"][0], role="parent", recovery=crypto.recipient_of(secret), at="9"))  # fmt: skip
    assert escrow.keep_up(county)
    assert not escrow.keep_up(county)
    assert len(keyring.look(county.folder).of_kind("parent")) == 1
    county.close()
    request = resetting.ask_parent(county.folder, "李敏", "新的口令 1", tmp_path / "request")
    resetting.answer(city, (tmp_path / "request").read_bytes(), request.digits, secret, tmp_path / "reply")  # fmt: skip
    with resetting.complete(
        county.folder, (tmp_path / "reply").read_bytes(), "新的口令 1", pack=pack
    ) as opened:
        assert opened.unit == COUNTY


def test_a_card_and_a_strip_say_what_stands_on_them(pack, tmp_path):
    with new_store(tmp_path / "unit", pack, "grassroots") as unit:
        card = key_papers.card(unit)
        with unit.read() as connection:
            mine = peers.own(connection, unit)
    assert (card["origin"], card["digits"]) == (GRASSROOTS, mine.digits)
    assert card["parent"] == f"市中区总工会（{COUNTY}）" or COUNTY in card["parent"]
    with opening.open_store(tmp_path / "unit", password=PASSWORD, pack=pack) as unit:
        assert key_papers.without_key(unit) == []
