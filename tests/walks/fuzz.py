"""Bytes bred by coverage, thrown at the readers of bundles: ``python -m tests.walks.fuzz [-max_total_time=60]``.

Every option goes to libFuzzer (``-runs=N``, ``-seed=S``, ``-max_len=N``); what it leaves behind
lies under ``TMPDIR``. The first byte of an input says what the rest is: a bundle, a packet, a seal,
or one file of a packet whose checksums are made anew around it, so that what lies behind them is
reached. Nothing but a `UserError` may come out.
One input in `DEEP` is taken in by an office, whose records must stay as they are.
"""

import hashlib
import io
import os
import sys
import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["union_desk.bundle", "union_desk.crypto", "zipfile", "json"]
):
    from tests.bundle.crafting import bundle
    from tests.bundle.offices import build
    from tests.walks.bad_files import Desk
    from union_desk import crypto, resources
    from union_desk.bundle import container, packet_reading
    from union_desk.errors import UserError
    from union_desk.taskpack.load import load

DEEP = int(os.environ.get("FUZZ_DEEP", "2000"))
LONGEST = 4_096


class Target:
    """The readers, and an office that has nothing to lose by them."""

    def __init__(self, place):
        self.place, self.runs, self.refused = place, 0, 0
        self.pack = load(resources.taskpacks() / "lszgh-2012-55")
        build(place / "made", self.pack)
        (place / "desk").mkdir()
        self.desk = Desk(place / "made", place / "desk" / "one", ExitStack())
        self.top = self.desk.packet.head.name
        with zipfile.ZipFile(io.BytesIO(self.desk.packet.content)) as archive:
            self.files = {info.filename: archive.read(info) for info in archive.infolist()}
        self.parts = sorted(name for name in self.files if "manifest" not in name)

    def corpus(self):
        """Real ones of each kind, in a folder."""
        folder = self.place / "corpus"
        folder.mkdir()
        whole = bundle(self.place, self.desk.packet).read_bytes()
        sealed = bundle(self.place, self.desk.packet, to=self.desk.county).read_bytes()
        found = [b"\0" + whole, b"\1" + self.desk.packet.content, b"\2" + sealed[:1_000]]
        found += [bytes([3, number]) + self.files[name] for number, name in enumerate(self.parts)]
        for number, content in enumerate(found):
            (folder / str(number)).write_bytes(content)
        return folder

    def one(self, data):
        """Read one input as whatever it says it is."""
        self.runs += 1
        if len(data) < 2:
            return
        kind, rest = data[0] % 4, data[1:]
        try:
            if kind == 0:
                for pair in container.read(io.BytesIO(rest), self.place):
                    self.read(pair.file)
            elif kind == 1:
                self.read(io.BytesIO(rest))
            elif kind == 2:
                crypto.check_age_header(rest)
            else:
                self.read(io.BytesIO(self.rebuilt(rest[0], rest[1:])))
        except (UserError, crypto.Damaged):
            self.refused += 1
        if self.runs % DEEP == 0:
            self.desk.throw(rest if kind != 2 else b"PK\x03\x04" + rest)

    def read(self, file):
        with packet_reading.opened(file) as packet:
            packet.check_tables(self.pack)
            for table in packet.tables:
                list(packet.rows(table, self.pack))
            packet.deleted(self.pack)

    def rebuilt(self, number, content):
        """The packet with another content of one of its files, its checksums right again."""
        held = self.files | {self.parts[number % len(self.parts)]: content}
        start = len(self.top) + 1
        held[f"{self.top}/manifest-sha256.txt"] = "".join(
            f"{hashlib.sha256(held[name]).hexdigest()}  {name[start:]}\n"
            for name in sorted(held)
            if name.startswith(f"{self.top}/data/")
        ).encode()
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in held.items():
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.create_system, info.external_attr = 3, 0o100644 << 16
                archive.writestr(info, data)
        return file.getvalue()


def main():
    """Breed inputs until libFuzzer ends the process: 0 if nothing came out that may not."""
    place = Path(tempfile.mkdtemp(prefix="fuzz-"))
    os.environ["UNION_DESK_STATE"] = str(place / "state")
    target = Target(place)
    wanted = sys.argv[1:] or ["-max_total_time=60"]
    given = [sys.argv[0], f"-max_len={LONGEST}", f"-artifact_prefix={place}/", *wanted]
    atheris.Setup([*given, str(target.corpus())], target.one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
