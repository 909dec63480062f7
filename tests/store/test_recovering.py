"""A forgotten password: the recovery code, the parent's help; what is refused on the way."""

import json

import pytest

from tests.store.offices import CHEAP, PASSWORD, ask, new_store
from union_desk import crypto
from union_desk.errors import InputError, StoreError
from union_desk.store import audit, keyring, opening, passwords, recovering, resetting

NEW = "新的口令 7"
PARENT = crypto.new_age_identity()


def by_code(store, code, login="李敏", password=NEW):
    store.close()
    return recovering.reset_by_code(
        store.folder, code, login, password, pack=store.pack, cost=CHEAP
    )


def test_the_recovery_code_gives_an_administrator_a_new_password(city, pack):
    code = passwords.new_recovery_code(city, CHEAP)
    passwords.recovery_kept(city, "saved")
    with by_code(city, code.lower().replace("-", " ")) as store:
        assert store.person == "李敏"
        assert ask(store, "SELECT act FROM audit ORDER BY n DESC LIMIT 1") == [("password_reset",)]
        assert ask(store, "SELECT value FROM setting WHERE key = 'recovery_kept'") == [("",)]
    with pytest.raises(StoreError, match="S301"):
        opening.open_store(city.folder, password=PASSWORD, pack=pack)
    opening.open_store(city.folder, password=NEW, pack=pack).close()


def test_the_recovery_code_serves_no_clerk_and_no_stranger(city):
    passwords.add_person(city, "王芳", ("clerk",), "王芳的口令 3", CHEAP)
    code = passwords.new_recovery_code(city, CHEAP)
    keys = (city.folder / "store.keys").read_bytes()
    with pytest.raises(StoreError, match="S364"):
        by_code(city, code, "王芳")
    with pytest.raises(StoreError, match="S363"):
        by_code(city, code, "张三")
    with pytest.raises(StoreError, match="S319"):
        by_code(city, crypto.new_recovery_code())
    with pytest.raises(InputError, match="I465"):
        by_code(city, code, password="12345")
    with pytest.raises(InputError, match="I467"):
        by_code(city, code, password="王芳的口令 3")
    assert (city.folder / "store.keys").read_bytes() == keys


def test_wrong_recovery_codes_slow_down_like_wrong_passwords(city):
    passwords.new_recovery_code(city, CHEAP)
    for _ in range(5):
        with pytest.raises(StoreError, match="S319"):
            by_code(city, crypto.new_recovery_code())
    with pytest.raises(StoreError, match="S317"):
        by_code(city, crypto.new_recovery_code())


# --- 请上级协助重设口令 -----------------------------------------------------------------------------


@pytest.fixture
def unit(offices):
    """A closed county store whose key was sealed to the city's recovery key."""
    store = offices("county")
    passwords.add_parent(store, PARENT.recipient)
    store.close()
    return store


def asked(unit, target, password=NEW):
    return resetting.ask_parent(unit.folder, "李敏", password, target, CHEAP)


def completed(unit, reply, password=NEW):
    return resetting.complete(unit.folder, reply, password, pack=unit.pack, cost=CHEAP)


def test_the_parent_helps_to_a_new_password_once(unit, city, tmp_path, pack):
    request, reply = tmp_path / "request.json", tmp_path / "reply.age"
    assert resetting.can_ask(unit.folder)
    made = asked(unit, request)
    assert (made.unit, made.login) == (unit.unit, "李敏")
    read = resetting.read_request(request.read_bytes())
    assert read == made
    assert (
        resetting.answer(
            city, request.read_bytes(), made.digits.replace("-", " "), PARENT.secret, reply
        )
        == made
    )
    assert ask(city, "SELECT act FROM audit ORDER BY n DESC LIMIT 1") == [("reset_answered",)]
    with opening.open_store(unit.folder, password=PASSWORD, pack=pack) as before:
        signing = ask(before, "SELECT value FROM setting WHERE key = 'sign_public'")
    with completed(unit, reply.read_bytes()) as store:
        assert store.person == "李敏"
        assert ask(store, "SELECT act FROM audit ORDER BY n DESC LIMIT 1") == [("password_reset",)]
        settings = dict(ask(store, "SELECT key, value FROM setting"))
        assert settings["sign_public"] != signing[0][0]
        assert json.loads(settings["sign_retired"]) == [signing[0][0]]
        assert settings["enrol_needed"] == "1"
        with store.read() as connection:
            assert not list(audit.verify(connection))
    assert not (unit.folder / resetting.PENDING).exists()
    with pytest.raises(StoreError, match="S301"):
        opening.open_store(unit.folder, password=PASSWORD, pack=pack)
    opening.open_store(unit.folder, password=NEW, pack=pack).close()
    with pytest.raises(StoreError, match="S370"):
        completed(unit, reply.read_bytes())


def test_neither_the_request_nor_the_reply_shows_the_key_or_a_password(unit, city, tmp_path, pack):
    request, reply = tmp_path / "request.json", tmp_path / "reply.age"
    resetting.answer(
        city,
        request.read_bytes() if asked(unit, request) else b"",
        resetting.read_request(request.read_bytes()).digits,
        PARENT.secret,
        reply,
    )
    with opening.open_store(unit.folder, password=PASSWORD, pack=pack) as store:
        key = store.key.key.hex().encode()
    for path in (request, reply, unit.folder / resetting.PENDING):
        content = path.read_bytes()
        assert key not in content
        assert NEW.encode() not in content
        assert b"AGE-SECRET-KEY" not in content


def test_a_second_request_voids_the_first(unit, city, tmp_path):
    first, second, reply = tmp_path / "1", tmp_path / "2", tmp_path / "reply"
    made = asked(unit, first)
    asked(unit, second)
    resetting.answer(city, first.read_bytes(), made.digits, PARENT.secret, reply)
    with pytest.raises(StoreError, match="S371"):
        completed(unit, reply.read_bytes())


def test_the_reply_needs_the_new_password_and_is_refused_elsewhere(unit, city, offices, tmp_path):
    request, reply = tmp_path / "1", tmp_path / "reply"
    made = asked(unit, request)
    resetting.answer(city, request.read_bytes(), made.digits, PARENT.secret, reply)
    with pytest.raises(StoreError, match="S374"):
        completed(unit, reply.read_bytes(), PASSWORD)
    other = offices("grassroots")
    passwords.add_parent(other, PARENT.recipient)
    other.close()
    asked(other, tmp_path / "other")
    with pytest.raises(StoreError, match="S371"):
        completed(other, reply.read_bytes())
    (unit.folder / resetting.PENDING).write_bytes((other.folder / resetting.PENDING).read_bytes())
    with pytest.raises(StoreError, match="S371"):
        completed(unit, reply.read_bytes())
    for rubbish in (b"", b"age", crypto.seal(b"{}", [made.recipient])):
        with pytest.raises(StoreError, match="S371"):
            completed(unit, rubbish)


def test_other_digits_another_key_or_a_changed_request_are_not_answered(unit, city, tmp_path):
    request, reply = tmp_path / "1", tmp_path / "reply"
    made = asked(unit, request)
    content = request.read_bytes()
    with pytest.raises(StoreError, match="S367"):
        resetting.answer(city, content, "1234-5678-9012", PARENT.secret, reply)
    with pytest.raises(StoreError, match="S368"):
        resetting.answer(city, content, made.digits, crypto.new_age_identity().secret, reply)
    body = json.loads(content) | {"store": "another"}
    changed = json.dumps(body).encode()
    digits = resetting.read_request(changed).digits
    with pytest.raises(StoreError, match="S369"):
        resetting.answer(city, changed, digits, PARENT.secret, reply)
    assert not reply.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"kind": "reset-request", "format": 1}',
        b'{"kind": "x", "format": 1}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_request_is_refused(content):
    with pytest.raises(StoreError, match="S366"):
        resetting.read_request(content)


def test_without_a_parents_slot_there_is_nothing_to_ask(city, tmp_path):
    city.close()
    assert not resetting.can_ask(city.folder)
    with pytest.raises(StoreError, match="S365"):
        asked(city, tmp_path / "1")
    assert not (city.folder / resetting.PENDING).exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{", "S372"), (b"{}", "S372"), (b'{"format": 2, "identity": {}}', "S373")],
)
def test_a_damaged_record_of_the_request_is_told(unit, content, code):
    (unit.folder / resetting.PENDING).write_bytes(content)
    with pytest.raises(StoreError, match=code):
        completed(unit, b"")


def test_a_store_that_was_never_asked_for_keeps_its_keys(pack, tmp_path):
    store = new_store(tmp_path / "a", pack)
    before = keyring.look(store.folder)
    store.close()
    with pytest.raises(StoreError, match="S370"):
        completed(store, b"")
    assert keyring.look(store.folder) == before
