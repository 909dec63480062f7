"""P4: a FAT stick is pulled; what was said to be written and compared is there. A liar is found out.

User-mode Linux carries its own vfat and device-mapper. ``python -m tests.faults.stick --pulls 18``.
"""

import hashlib
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.faults.trial import NotTested, Result, main, need
from union_desk import files
from union_desk.errors import FileError
from union_desk.store.place import look_at, refusal

ROOT = Path(__file__).parents[2]
SIZE = 64 << 20


def _write(path: Path, content: bytes, mode: str) -> None:
    if mode == "textbook":
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        files.sync_folder(path.parent)
        return
    if mode == "fooled":
        files.os.posix_fadvise = lambda *_: None  # a re-read that asks the cache
    files.write_durable(path, content, mode=0o644)


def writer(folder: str, mode: str, said: str, enough: str, seed: str) -> None:
    """Write files and acknowledge each, until the stick is gone."""
    drawn = random.Random(f"{mode} {seed}")
    wanted = drawn.randint(1, 8)
    out = os.open(said, os.O_WRONLY | os.O_APPEND)
    for number in range(10_000):
        content = drawn.randbytes(30_000)
        name = f"file-{number}.zip"
        try:
            _write(Path(folder) / name, content, mode)
            line = f"ok {name} {hashlib.sha256(content).hexdigest()}\n"
        except FileError as error:
            line = f"refused {error.code}\n"
        os.write(out, line.encode())
        if number + 1 == wanted or line.startswith("refused"):
            handle = os.open(enough, os.O_WRONLY)
            os.write(handle, b"enough\n")
            os.close(handle)


def reader(folder: str, said: str, pull: str) -> None:
    """Compare the stick with what was acknowledged."""
    kept = lost = 0
    codes = []
    for line in Path(said).read_text("utf-8").splitlines():
        word, *rest = line.split()
        if word == "refused":
            codes.append(rest[0])
            continue
        path = Path(folder) / rest[0]
        good = path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == rest[1]
        kept, lost = kept + good, lost + (not good)
    print(
        f"STICK pull {pull} kept {kept} lost {lost} refused {','.join(codes) or '-'} place {_place(folder)}",
        flush=True,
    )


def _place(folder: str) -> str:
    """Return how the program refuses a store on the stick."""
    trouble = refusal(replace(look_at(Path(folder)), read_only=False))
    return trouble.code if trouble else "-"


def pulled(modes: list[str]) -> list[tuple[str, int, int, str, str]]:
    """Boot, pull the stick once in each mode; return mode, kept, lost, refusals of each, and of a store."""
    need("linux.uml", "mkfs.vfat", "dmsetup")
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        image = Path(folder) / "usb.img"
        with image.open("wb") as file:
            file.truncate(SIZE)
        command = [
            "linux.uml", "mem=512M", "rootfstype=hostfs", "root=none", "rw", f"init={ROOT}/tests/faults/stick_guest.sh", f"ubd0={image}",
            "con=null", "con0=fd:0,fd:1", "quiet", f"MODES={','.join(modes)}", f"PYTHON={sys.executable}", f"PROJECT={ROOT}",
        ]  # fmt: skip
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
            timeout=120 + 10 * len(modes), env=os.environ | {"TMPDIR": folder},
        )  # fmt: skip
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("STICK")]
    if missing := [line[2] for line in lines if line[1] == "missing"]:
        raise NotTested(f"the guest has no {missing[0]}")
    found = [
        (modes[int(line[2]) - 1], int(line[4]), int(line[6]), line[8], line[10])
        for line in lines
        if line[1] == "pull"
    ]
    if len(found) < len(modes):
        raise NotTested(f"user-mode Linux ended early: {(done.stdout + done.stderr)[-300:]}")
    return found


def suite(*, size: str = "sample", seed: int = 1, pulls: int = 0) -> list[Result]:
    pulls = pulls or {"sample": 1, "full": 12}[size]
    result = Result("P4", "FAT stick pulled after acknowledgements (user-mode Linux)", seed)
    liar = Result("P4", "a stick that swallows writes is told as failed", seed)
    fat = Result("P13", "a FAT stick as the place of a store (user-mode Linux)", seed)
    textbook, fooled = result.control("textbook export"), liar.control("re-read from the cache")
    modes = ["durable"] * pulls + ["liar"] * max(1, pulls // 4) + ["textbook", "fooled"]
    for mode, kept, lost, refused, place in pulled(modes):
        fat.trials += 1
        if place != "S312":
            fat.failures.append(f"a store on FAT: {place}")
        if mode in ("textbook", "fooled"):
            control = textbook if mode == "textbook" else fooled
            control.trials += 1
            control.caught += bool(lost)
        elif mode == "liar":
            liar.trials += 1
            if lost or refused == "-":
                liar.failures.append(f"believed the liar: kept {kept}, lost {lost}")
        else:
            result.trials += 1
            if lost:
                result.failures.append(f"{lost} acknowledged files lost")
    return [result, liar, fat]


if __name__ == "__main__":
    if "--writer" in sys.argv:
        writer(*sys.argv[2:])
    elif "--reader" in sys.argv:
        reader(*sys.argv[2:])
    else:
        main(suite, pulls=0)
