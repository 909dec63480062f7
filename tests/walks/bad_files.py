"""Files that somebody or something has changed: every flip and cut, and mutations that are signed.

A changed bundle is refused; a changed packet under a good signature, as only its writer could make
it, is refused or read, and never anything in between. ``python -m tests.walks.bad_files --number N``
draws more of them.
"""

import argparse
import hashlib
import io
import random
import re
import shutil
import sys
import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.bundle.crafting import bundle, craft, keys, row, signed, visit
from tests.bundle.offices import Offices, build
from tests.store.offices import ask
from union_desk import resources
from union_desk.bundle import importing
from union_desk.store import survey
from union_desk.taskpack.load import load

REFUSED = {"quarantined", "waiting", "fork", "duplicate"}


class Desk:
    """A county that takes in what is thrown at it."""

    def __init__(self, made, folder, stack):
        folder.mkdir()
        self.offices = Offices(made, folder, stack)
        self.folder = folder
        self.county, self.unit = self.offices.county, self.offices.grassroots
        pack = self.unit.pack
        detail = row(pack, "hardship", self.unit, name="某人", need="1;2")
        self.packet = craft(
            self.unit,
            tables={
                "visit": [visit(pack, self.unit, goods=1200, mood="稳定\n有序") for _ in range(3)],
                "hardship": [detail],
                "hardship_family": [
                    row(pack, "hardship_family", self.unit, parent=detail[0], position=1)
                ],
            },
            deleted=[("aid", detail[0], "void")],
        )
        self.key = keys(self.unit).signing

    def rows(self):
        """How many rows of the change log are about records: none is written in vain."""
        return ask(self.county, "SELECT count(*) FROM audit WHERE form IS NOT NULL")[0][0]

    def throw(self, content):
        """Take in a file of these bytes; return the outcomes, the rows before and after."""
        path = self.folder / "thrown.udsync"
        path.write_bytes(content)
        before = self.rows()
        found = importing.take_in(self.county, path)
        assert found
        if not any(item.outcome == "applied" for item in found):
            assert self.rows() == before, found
            assert {item.outcome for item in found} <= REFUSED, found
            assert all(item.code or item.outcome == "duplicate" for item in found), found
        return found


def changed(content, drawn):
    """A flip of one bit, or a cut."""
    if drawn.random() < 0.2:
        return content[: drawn.randrange(len(content))]
    at = drawn.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << drawn.randrange(8)]) + content[at + 1 :]


def mutated(content, drawn):
    """Several changes of structure: bytes doubled, dropped, moved, overwritten by others."""
    made = bytearray(content)
    for _ in range(drawn.randint(1, 6)):
        start, length = drawn.randrange(len(made)), drawn.choice((1, 2, 4, 8, 30, 200))
        piece = made[start : start + length]
        match drawn.randrange(5):
            case 0:
                del made[start : start + length]
            case 1:
                made[start:start] = piece
            case 2:
                made[start : start + length] = drawn.randbytes(length)
            case 3:
                other = drawn.randrange(len(made))
                made[other : other + len(piece)] = piece
            case 4:
                made[start : start + length] = drawn.choice(
                    (b"PK\x03\x04", b"PK\x01\x02", b"\xff\xff\xff\xff", b"\0" * 8, b"../", b"\r\n")
                )
        if not made:
            made = bytearray(b"\0")
    return bytes(made)


def rewritten(packet, drawn):
    """A packet with one of its files mutated, its checksums made anew: what only its writer could."""
    with zipfile.ZipFile(io.BytesIO(packet.content)) as archive:
        held = {info.filename: archive.read(info) for info in archive.infolist()}
    top = packet.head.name
    chosen = drawn.choice([name for name in held if name.endswith((".csv", ".json"))])
    held[chosen] = (
        mutated(held[chosen], drawn) if drawn.random() < 0.5 else _text(held[chosen], drawn)
    )
    lines = [
        f"{hashlib.sha256(content).hexdigest()}  {name[len(top) + 1 :]}\n"
        for name, content in sorted(held.items())
        if name.startswith(f"{top}/data/")
    ]
    held[f"{top}/manifest-sha256.txt"] = "".join(lines).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return file.getvalue()


_WORDS = (
    b"", b"0", b"-1", b"1e9", b"NaN", b"null", b"true", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"', b",", b"\n",
    b"9" * 30, b"2012-13-45", b"../../x", b"511111000015", b"01912f00-0000-7000-8000-000000000001",
    "\u202e".encode(), b"[[[[[[[[[[[[[[[[[[", b"=cmd|' /C calc'!A0", b"\x00",
)  # fmt: skip


def _text(content, drawn):
    """A word of the file replaced by one that is out of place."""
    words = re.split(rb"([,\r\n:{}\[\]])", content)
    words[drawn.randrange(len(words))] = drawn.choice(_WORDS)
    return b"".join(words)


def run(made, folder, number, seed):
    """Throw `number` files of each kind; return how many there were of every outcome."""
    drawn, counts = random.Random(seed), {}
    with ExitStack() as stack:
        desk = Desk(made, folder / "first", stack)
        sealed = bundle(folder, desk.packet, to=desk.county).read_bytes()
        open_ = bundle(folder, desk.packet).read_bytes()
        for _ in range(number):
            signed_again = signed(desk.packet.head, mutated(desk.packet.content, drawn), desk.key)
            for kind, content in (
                ("changed and sealed", changed(sealed, drawn)),
                ("changed and open", changed(open_, drawn)),
                ("mutated and signed", bundle(folder, signed_again, to=desk.county).read_bytes()),
            ):
                for item in desk.throw(content):
                    if kind != "mutated and signed":
                        assert item.outcome in REFUSED, (kind, item)
                    _count(counts, kind, item)
    _throw_rewritten(made, folder, number, drawn, counts)
    return counts


def _throw_rewritten(made, folder, number, drawn, counts):
    """Where a rewritten packet is one that may be applied, the next meets a fresh desk."""
    thrown = 0
    while thrown < number:
        with ExitStack() as stack:
            desk = Desk(made, folder / f"desk{thrown}", stack)
            while thrown < number:
                thrown += 1
                packet = signed(desk.packet.head, rewritten(desk.packet, drawn), desk.key)
                found = desk.throw(bundle(folder, packet, to=desk.county).read_bytes())
                for item in found:
                    _count(counts, "rewritten and signed", item)
                if any(item.outcome != "quarantined" for item in found):
                    assert list(survey.problems(desk.county, full=True)) == []
                    break
        shutil.rmtree(folder / f"desk{thrown}", ignore_errors=True)


def _count(counts, kind, item):
    key = (kind, item.outcome, item.code)
    counts[key] = counts.get(key, 0) + 1


def main():
    """Throw as many files as were asked for and print what became of them."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--number", type=int, default=20_000, help="of each kind")
    asked.add_argument("--seed", type=int, default=1)
    order = asked.parse_args()
    place = Path(tempfile.mkdtemp(prefix="bad-files-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNION_DESK_STATE", str(place / "state"))
        build(place / "made", load(resources.taskpacks() / "lszgh-2012-55"))
        (place / "desk").mkdir()
        counts = run(place / "made", place / "desk", order.number, order.seed)
    for key, count in sorted(counts.items()):
        sys.stdout.write(f"{count:7d} {' · '.join(filter(None, key))}\n")
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
