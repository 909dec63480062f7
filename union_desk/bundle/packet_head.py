"""The head of a packet: who wrote it, for whom, its place in the chain.

The head stands in ``data/datapackage.json`` under ``union-desk`` and nowhere else; the name of
the file and of its one top directory follow from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
KINDS = ("delta", "snapshot", "keys")
"""``keys``: a key card, outside the chain: its number is 0."""
ORIGIN = re.compile(r"[0-9]{12}[B-Z]?")
STREAM = re.compile(r"up|all|to-[0-9]{12}")
_EPOCH = re.compile(r"[0-9a-f]{32}")
_HASH = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


@dataclass(frozen=True, slots=True)
class Head:
    """Head of a packet; `prev` is the SHA-256 of packet `n` - 1, None for the first.

    `parts` says over how many packets from the first a snapshot reaches. `replaces` lists every
    earlier epoch of the origin. No decision reads `made_at`.
    """

    app: str
    origin: str
    stream: str
    epoch: str
    n: int
    prev: str | None
    kind: str
    replaces: tuple[str, ...]
    package: tuple[str, str, str]
    """Id, version and content digest of the task package."""
    audit: tuple[int, str]
    """Number and hash of the newest entry of the writer's change log."""
    made_at: str
    made_by: str
    parts: int | None = None
    slip: str | None = None
    format: int = FORMAT

    @property
    def name(self) -> str:
        """Name of the packet's top directory, and of its file without ``.zip``."""
        return f"{self.origin}.{self.stream}.{self.epoch[:6]}.{self.n:06d}"

    @property
    def unit(self) -> str:
        """Code of the unit whose installation wrote the packet."""
        return self.origin[:12]

    def to_json(self) -> dict[str, object]:
        """Return the head as it stands in the packet, keys in their fixed order."""
        head: dict[str, object] = {
            "format": self.format,
            "app": self.app,
            "origin": self.origin,
            "stream": self.stream,
            "epoch": self.epoch,
            "n": self.n,
            "prev": self.prev,
            "kind": self.kind,
            "replaces": list(self.replaces),
        }
        if self.kind == "snapshot":
            head["parts"] = self.parts
        return head | {
            "slip": self.slip,
            "package": dict(zip(("id", "version", "digest"), self.package, strict=True)),
            "audit": dict(zip(("n", "hash"), self.audit, strict=True)),
            "made_at": self.made_at,
            "made_by": self.made_by,
        }


def head_from_json(data: object) -> Head:
    """Return the head that `data` spells, exactly; `BundleError` for anything else.

    A newer format is told apart first: such a packet is whole and waits for a newer program.
    """
    if not isinstance(data, dict):
        raise _wrong("union-desk")
    number = data.get("format")
    if isinstance(number, int) and not isinstance(number, bool) and number > FORMAT:
        raise BundleError("B501", "这个文件由更新的程序写成，本程序还读不懂。", "请先升级程序。")
    if number != FORMAT or isinstance(number, bool):
        raise _wrong("format")
    head = Head(
        app=_text(data, "app"),
        origin=_text(data, "origin", ORIGIN),
        stream=_text(data, "stream", STREAM),
        epoch=_text(data, "epoch", _EPOCH),
        n=_count(data, "n", 0),
        prev=_text_or_none(data, "prev", _HASH),
        kind=_text(data, "kind", re.compile("|".join(KINDS))),
        replaces=_epochs(data),
        parts=_count(data, "parts", 1) if data.get("kind") == "snapshot" else None,
        slip=_text_or_none(data, "slip"),
        package=_package(data),
        audit=_audit(data),
        made_at=_text(data, "made_at", _TIME),
        made_by=_text(data, "made_by"),
    )
    if set(data) != set(head.to_json()):
        raise _wrong("、".join(sorted(set(data) ^ set(head.to_json()))))
    if (head.n == 0) != (head.kind == "keys"):
        raise _wrong("n")
    if (head.prev is None) != (head.n <= 1):
        raise _wrong("prev")
    if head.epoch in head.replaces:
        raise _wrong("replaces")
    return head


def _wrong(key: str) -> BundleError:
    return BundleError(
        "B502",
        f"数据包的包头不对：{key}。",
        "请让对方重新报送；若仍如此，请把文件交给程序维护人员。",
    )


def _text(data: Mapping[str, object], key: str, pattern: re.Pattern[str] | None = None) -> str:
    value = data.get(key)
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise _wrong(key)
    if pattern and not pattern.fullmatch(value):
        raise _wrong(key)
    return value


def _text_or_none(
    data: Mapping[str, object], key: str, pattern: re.Pattern[str] | None = None
) -> str | None:
    return None if data.get(key) is None else _text(data, key, pattern)


def _count(data: Mapping[str, object], key: str, least: int) -> int:
    value = data.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 10**6:
        raise _wrong(key)
    return value


def _epochs(data: Mapping[str, object]) -> tuple[str, ...]:
    value = data.get("replaces")
    if (
        not isinstance(value, list)
        or len(value) > 1_000
        or len(set(map(repr, value))) != len(value)
    ):
        raise _wrong("replaces")
    return tuple(_text({"replaces": item}, "replaces", _EPOCH) for item in value)


def _package(data: Mapping[str, object]) -> tuple[str, str, str]:
    value = data.get("package")
    if not isinstance(value, dict) or set(value) != {"id", "version", "digest"}:
        raise _wrong("package")
    return _text(value, "id"), _text(value, "version"), _text(value, "digest", _HASH)


def _audit(data: Mapping[str, object]) -> tuple[int, str]:
    value = data.get("audit")
    if not isinstance(value, dict) or set(value) != {"n", "hash"}:
        raise _wrong("audit")
    number = value.get("n")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**53:
        raise _wrong("audit")
    return number, _text(value, "hash", _HASH)
