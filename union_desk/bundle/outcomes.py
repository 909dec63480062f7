"""What becomes of a packet: applied, duplicate, waiting, fork or quarantined, with the reason.

The first two are told by a packet that ran through; the others are raised, so that all it did is
undone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from union_desk.errors import BundleError
from union_desk.store.applying import Counts

APPLIED, DUPLICATE, WAITING, FORK, QUARANTINED = (
    "applied", "duplicate", "waiting", "fork", "quarantined",
)  # fmt: skip
TITLES = {
    APPLIED: "已入库",
    DUPLICATE: "已有",
    WAITING: "等待",
    FORK: "两台电脑的数据不一致",
    QUARANTINED: "未装入（有问题）",
}
"""Titles by outcome."""


class Known(Exception):  # noqa: N818 - an outcome
    """The packet, or a newer state of its stream, is here already."""


class Waits(BundleError):  # noqa: N818 - an outcome
    """The packet is good; something else has to come first."""


class Forked(BundleError):  # noqa: N818 - an outcome
    """Another packet stands in this one's place: two computers have numbered on their own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one packet of a file, or of a file that holds none."""

    file: str
    """Name of the file; of a packet that waited here, the file that set it free."""
    packet: str
    """Name of the packet, "" where the file itself is no bundle."""
    outcome: str
    reason: str
    """A Chinese sentence."""
    counts: Counts = field(default_factory=Counts)
    code: str = ""
    step: str = ""
    origin: str = ""
    unit: str = ""
    stream: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the outcome as the command line prints it."""
        return {
            "file": self.file,
            "packet": self.packet,
            "outcome": self.outcome,
            "reason": self.reason,
            "counts": self.counts.to_json(),
            "periods": sorted(self.counts.periods),
        }


def taken(counts: Counts) -> str:
    """Say how many rows a packet brought."""
    told = (
        f"新增 {counts.added}、更新 {counts.updated}、相同 {counts.unchanged}、作废 {counts.voided}"
    )
    return f"已入库：{told}。"


KNOWN = "已有，未改动任何数据。"
