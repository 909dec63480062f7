"""The place of a packet among those of its stream: next, known, too early, beside another, late.

Nothing here reads a clock or compares revisions: only epochs, numbers and hashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.bundle.outcomes import Forked, Waits
from union_desk.errors import BundleError
from union_desk.store import streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.bundle.packet_head import Head
    from union_desk.store.received import Source

NEXT, BEGIN, OLDER = "next", "begin", "older"
"""Apply it; it begins an epoch, apply the full state; an older one of stream ``all``."""
GAP, PARTS, EPOCH = "B579", "B580", "B581"
"""Codes of waiting for packets before, for the rest of a full state, for an earlier epoch."""

MOST_RETIRED = 1_000
"""Former epochs of a stream that are kept and told of: a receipt has room for no more."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the chain says of a packet that may be applied."""

    act: str
    retires: tuple[str, ...] = ()
    """Epochs that end with it."""


def place(head: Head, source: Source | None, known: Callable[[int], set[str]], own: str) -> Place:
    """Return the place of a packet with hash `own`, not seen before.

    :param source: how far its stream was taken in.
    :param known: hashes that are known under a number of the packet's epoch.
    :raises Forked: another one stands there.
    :raises Waits: others have to come first.
    :raises BundleError: it cannot come any more, or has no place at all.
    """
    if source is not None and head.epoch in source.retired:
        raise BundleError(
            "B578",
            f"数据包 {head.name} 属于已停用的期次，是旧文件。",
            "不用处理；对方最新的数据以它最近报送的文件为准。",
        )
    if known(head.n) - {own}:
        raise forked(head)
    if streams.kind(head.stream) == streams.ALL:
        return _of_all(head, source, known)
    if source is None or head.epoch != source.epoch:
        return _beginning(head, source)
    if head.n <= source.n:
        raise forked(head)
    if head.kind == "snapshot":
        raise misplaced(head)
    if head.n > source.n + 1:
        raise gap(head, source.n)
    if head.prev != source.hash:
        raise forked(head)
    return Place(NEXT)


def _of_all(head: Head, source: Source | None, known: Callable[[int], set[str]]) -> Place:
    """Each packet of stream ``all`` is a full state: the newest stands, gaps do not matter."""
    if head.kind != "snapshot" or head.parts != 1:
        raise misplaced(head)
    if source is None or head.epoch != source.epoch:
        _check_replaces(head, source)
        return _begin(head, source)
    if head.n <= source.n:
        return Place(OLDER)
    before = known(head.n - 1)
    if before and head.prev not in before:
        raise forked(head)
    return Place(NEXT)


def _beginning(head: Head, source: Source | None) -> Place:
    if head.n == 1 and (head.kind != "snapshot" or not head.parts):
        raise misplaced(head)
    if head.kind == "snapshot" and not 1 <= head.n <= (head.parts or 0):
        raise misplaced(head)
    _check_replaces(head, source)
    if head.kind != "snapshot":
        raise gap(head, 0)
    return _begin(head, source)


def _begin(head: Head, source: Source | None) -> Place:
    """Retire the epochs before; of more than may be kept those that were read here stay.

    One left out cannot come back: it does not name the present epoch among those it replaces.
    """
    before = (*source.retired, source.epoch) if source else ()
    newest = list(dict.fromkeys(reversed((*head.replaces, *before))))
    return Place(BEGIN, tuple(reversed(newest[:MOST_RETIRED])))


def _check_replaces(head: Head, source: Source | None) -> None:
    if source is not None and source.epoch not in head.replaces:
        raise Waits(
            EPOCH,
            f"{head.origin} 有另一台电脑也在报送，这一包接不上已收到的数据。",
            "请与报送单位核对由哪一台电脑继续填报；弄清前先留着。",
        )


def gap(head: Head, last: int) -> Waits:
    """Return that packets before this one are lacking."""
    first, final = last + 1, head.n - 1
    told = f"第 {first} 包" if first == final else f"第 {first}–{final} 包"
    return Waits(GAP, f"缺 {head.origin} 的{told}。", "收到缺的数据包后会自动装入。")


def forked(head: Head) -> Forked:
    """Return that another packet stands in the place of this one."""
    return Forked(
        "B582",
        f"{head.origin} 的第 {head.n} 包与已收到的不是同一份：两台电脑的数据不一致。",
        "两份都已留存；请通知报送单位，由它决定哪一台电脑继续填报。",
    )


def misplaced(head: Head) -> BundleError:
    """Return that a packet has no place where its head puts it."""
    return BundleError(
        "B595",
        f"数据包 {head.name} 的编号与种类不相配。",
        "请让对方重新报送；若仍如此，请把文件交给程序维护人员。",
    )
