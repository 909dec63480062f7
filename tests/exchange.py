"""Offices that know each other's keys, and bundles taken apart, without a word of the program's receiver."""

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from union_desk import crypto
from union_desk.bundle import container
from union_desk.store import peers

CARD = ".000000.zip"
SEALED = b"age-encryption.org/v1\n"


@cache
def keys(name):
    """Keys of an office that has no store here: one signs, the other opens."""
    return crypto.new_signing_key(), crypto.new_age_identity()


def trust(store, origin, public, recipient, role, *, recovery=None):
    """Let `store` trust the keys of another installation, as if a card had been taken in."""
    with store.write() as tx:
        return peers.put(
            tx,
            peers.Peer(
                origin, crypto.fingerprint(public), origin[:12], public, recipient, recovery, role, "trusted", "code",
                0, None, None, None, None, tx.now, tx.person,
            ),
        )  # fmt: skip


def trust_parent(store, name="parent"):
    """Let `store` trust the keys of a parent that has no store here; return what opens its post."""
    signing, age = keys(name)
    trust(store, store.parent, signing.public, age.recipient, "parent")
    return age.secret


def own(store):
    with store.read() as connection:
        return peers.own(connection, store)


def introduce(upper, lower):
    """Let two stores trust each other."""
    above, below = own(upper), own(lower)
    trust(lower, upper.origin, above.signing.public, above.recipient, "parent")
    trust(upper, lower.origin, below.signing.public, below.recipient, "child")


def unsealed(path, secret=None):
    """Content of a bundle as the ZIP it holds."""
    data = Path(path).read_bytes()
    if data.startswith(SEALED):
        return crypto.open_sealed(data, [secret or keys("parent")[1].secret])
    return data


def packets(path, secret=None, *, cards=False):
    """The packets of a bundle by name without `.zip`, in their order; without key cards."""
    with tempfile.TemporaryDirectory() as folder:
        source = io.BytesIO(unsealed(path, secret))
        return {
            pair.name.removesuffix(".zip"): pair.file.read()
            for pair in container.read(source, Path(folder))
            if cards or not pair.name.endswith(CARD)
        }


def signatures(path, secret=None):
    """The signatures of a bundle by the packets' names."""
    with zipfile.ZipFile(io.BytesIO(unsealed(path, secret))) as archive:
        return {
            name.removesuffix(".zip.sig"): archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(".sig")
        }
