"""请上级协助重设口令: a forgotten password, with the help of the level above.

The key goes by two files: a request with the parent's slot of ``store.keys`` and a one-time key,
and a reply sealed to that one-time key. What opens the reply waits in ``store.reset`` under the
new password, so the reply works once, here, with it. The parent alone can open nothing: the slot
is of use only to who has the store.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from union_desk import crypto, files
from union_desk.errors import StoreError
from union_desk.store import audit, keyring, opening, passwords, rights
from union_desk.store.keyring import StoreKey
from union_desk.store.recovering import new_slot, slot_owner

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.store.keyring import Keyring
    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import TaskPack

PENDING = "store.reset"
_FORMAT = 1
_LIMIT = 1 << 16
_TEXTS = ("store", "key_id", "unit", "login", "nonce", "recipient", "slot")


@dataclass(frozen=True, slots=True)
class Request:
    """What a unit asks its parent for."""

    store_id: str
    key_id: str
    unit: str
    login: str
    nonce: str
    recipient: str
    slot: str
    """The store's key, sealed to the parent's recovery key."""
    digits: str
    """核对码 of the request, to be compared by telephone."""


def can_ask(folder: Path) -> bool:
    """Return whether the store's key was ever sealed to its parent's recovery key."""
    return bool(keyring.look(folder).of_kind("parent"))


def ask_parent(
    folder: Path, login: str, password: str, target: Path, cost: crypto.Cost | None = None
) -> Request:
    """Write a request to the parent into `target`; an earlier one is void from now on.

    :raises StoreError: S363, S365 the parent cannot help.
    :raises InputError: I465 the password is too short.
    """
    passwords.check_password(password)
    ring = keyring.look(folder)
    slot_owner(ring, login)
    slot = next(iter(ring.of_kind("parent")), None)
    if slot is None:
        raise StoreError(
            "S365",
            "这份数据没有托管给上级，上级不能协助重设口令。",
            "请用恢复单，或由另一位管理员设新口令。",
        )
    identity, nonce = crypto.new_age_identity(), os.urandom(16).hex()
    body = {
        "format": _FORMAT, "kind": "reset-request", "store": ring.store_id, "key_id": ring.key_id,
        "unit": slot["unit"], "login": login, "nonce": nonce, "recipient": identity.recipient,
        "slot": slot["sealed"],
    }  # fmt: skip
    bound = _bound(ring, login)
    pending = {
        "format": _FORMAT,
        "store": ring.store_id,
        "key_id": ring.key_id,
        "login": login,
        "nonce": nonce,
        "identity": crypto.wrap_key(identity.secret.encode(), password, bound, cost),
    }
    content = json.dumps(body, ensure_ascii=False, indent=1).encode()
    files.write_durable(folder / PENDING, json.dumps(pending, ensure_ascii=False).encode())
    files.write_durable(target, content)
    return read_request(content)


def read_request(content: bytes) -> Request:
    """Return what a request file asks for.

    :raises StoreError: S366, it is no such file.
    """
    try:
        body = json.loads(content)
        known = (body["kind"], body["format"]) == ("reset-request", _FORMAT)
        texts = [body[name] for name in _TEXTS]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _no_request() from error
    if not known or not all(isinstance(text, str) and text for text in texts):
        raise _no_request()
    store, key_id, unit, login, nonce, recipient, slot = texts
    return Request(store, key_id, unit, login, nonce, recipient, slot, _digits(content))


def _no_request() -> StoreError:
    return StoreError("S366", "这不是重设口令的申请文件，或文件已损坏。", "请申请单位重新发一次。")


def _digits(content: bytes) -> str:
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode("ascii").rstrip("=")
    return crypto.check_digits(f"SHA256:{digest}")


def answer(store: Store, content: bytes, digits: str, secret: str, target: Path) -> Request:
    """Answer a unit's request from its parent: write the reply file into `target`.

    :param digits: 核对码 as read out on the telephone.
    :param secret: the parent's recovery key, from its paper or stick in the safe.
    :raises StoreError: S361, S366, S367 other digits, S368 not sealed to this key.
    """
    rights.check_may(store, "keys")
    request = read_request(content)
    typed = "".join(sign for sign in digits if sign.isdigit())
    if not hmac.compare_digest(typed.encode(), request.digits.replace("-", "").encode()):
        raise StoreError(
            "S367", "核对码与申请文件不一致，没有答复。", "请打电话向申请单位核对后再输。"
        )
    try:
        sealed = base64.b64decode(request.slot, validate=True)
        held = json.loads(crypto.open_sealed(sealed, [secret]))
    except ValueError as error:
        raise StoreError(
            "S368", "这把恢复钥匙打不开申请。", "请用当时交给下级的那一把恢复钥匙。"
        ) from error
    if (held["store"], held["key_id"]) != (request.store_id, request.key_id):
        raise StoreError("S369", "申请文件前后不符，没有答复。", "请申请单位重新发一次。")
    reply = {
        "format": _FORMAT, "kind": "reset-reply", "store": request.store_id,
        "key_id": request.key_id, "nonce": request.nonce, "key": held["key"],
    }  # fmt: skip
    with store.write() as transaction:
        audit.note(
            transaction,
            "reset_answered",
            new={"unit": request.unit, "login": request.login, "digits": request.digits},
        )
        files.write_durable(target, crypto.seal(json.dumps(reply).encode(), [request.recipient]))
    return request


def complete(
    folder: Path,
    reply: bytes,
    password: str,
    *,
    pack: TaskPack | None = None,
    cost: crypto.Cost | None = None,
) -> Store:
    """Set the new password by the parent's reply and return the open store; works once.

    The unit's signing key is made anew: the old one was in reach of others.

    :raises StoreError: S374 another password than the request's, S370 no request waits here,
        S371 the reply is not to it, S363.
    """
    found = _pending(folder)
    login = str(found["login"])

    def unlock(ring: Keyring) -> tuple[StoreKey, str]:
        return _opened_reply(ring, found, reply, password), slot_owner(ring, login)

    store = opening.open_with(folder, unlock, pack)
    try:
        new_slot(store, password, cost, "parent")
        files.remove(folder / PENDING)
    except BaseException:
        store.close()
        raise
    return store


def _pending(folder: Path) -> dict[str, Any]:
    path = folder / PENDING
    if not path.exists():
        raise StoreError("S370", "这里没有等待答复的申请。", "答复只能用一次；需要时请重新申请。")
    try:
        found = json.loads(files.read_file(path, limit=_LIMIT))
        if found["format"] == _FORMAT and isinstance(found["identity"], dict):
            return dict(found)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreError("S372", "申请的记录已损坏。", "请重新申请一次。") from error
    raise StoreError("S373", "申请的记录由更新的程序建立。", "请先升级填报台程序。")


def _opened_reply(ring: Keyring, found: dict[str, Any], reply: bytes, password: str) -> StoreKey:
    refused = StoreError(
        "S371", "这份答复不是给最近一次申请的。", "请用最近一次申请的答复，或重新申请。"
    )
    if (found["store"], found["key_id"]) != (ring.store_id, ring.key_id):
        raise refused
    try:
        bound = _bound(ring, str(found["login"]))
        secret = crypto.unwrap_key(found["identity"], password, bound).decode("ascii")
    except crypto.WrongKey as error:
        raise StoreError(
            "S374", "口令不对：要输申请时设的新口令。", "请核对大小写和输入法后再输一次。"
        ) from error
    try:
        body = json.loads(crypto.open_sealed(reply, [secret]))
        told = (body["kind"], body["store"], body["key_id"], body["nonce"])
        key = bytes.fromhex(body["key"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise refused from error
    if told != ("reset-reply", ring.store_id, ring.key_id, found["nonce"]) or len(key) != 32:
        raise refused
    return StoreKey(key, ring.salt)


def _bound(ring: Keyring, login: str) -> bytes:
    return json.dumps([ring.store_id, ring.key_id, login, "reset"]).encode()
