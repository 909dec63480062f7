"""From confirmed records to files for a reader: the parent, all lower units, or one of them.

Two steps. The first makes packets of what is due. The second writes every kept packet that no
receipt names yet, with those of others that pass through here, into one bundle for the reader,
and reads it back past the cache: a lost stick heals at the next export without any resend logic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.bundle import broadcast, bundling, cards, making
from union_desk.bundle.bundling import Delivery, Exported
from union_desk.bundle.making import Progress
from union_desk.checks import ALL_KINDS
from union_desk.errors import BundleError
from union_desk.store import (
    addressing,
    checking,
    counter,
    forwarding,
    holds,
    joining,
    outbox,
    peers,
    received,
    rights,
    slips,
    streams,
    units,
    years,
)
from union_desk.store.completing import pack_of
from union_desk.store.context import context_at

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.bundle.bundling import Load
    from union_desk.store.transaction import Connection, Store
    from union_desk.store.units import Units

__all__ = ["CHILDREN", "PARENT", "Exported", "Progress", "export", "give_back", "unreached"]

PARENT, CHILDREN = "parent", "children"
_KINDS = ALL_KINDS - {"duplicate"}


def export(
    store: Store,
    to: Path,
    *,
    reader: str = PARENT,
    as_of: str,
    way: str = "folder",
    carrier: str | None = None,
    volume: int | None = None,
    slip: str | None = None,
    progress: Progress | None = None,
) -> list[Exported]:
    """Write all that the reader has not acknowledged into the folder `to`.

    :param reader: ``parent``, ``children`` or the code of a lower unit.
    :param as_of: errors among the records that are due are looked for as of this day.
    :param way: how the files go on from there: stick, mail, chat, folder; `carrier`: with whom.
    :param volume: length that no file shall exceed; then there may be several.
    :param slip: serial of a printed R33: only the rows it lists become packets; without it that
        of the one that waits for its packets, if there is one.
    :returns: an empty list: there was nothing to send.
    :raises BundleError: errors among the records, sample data, 报送 on hold, no such reader, or
        its key is not known; nothing was changed.
    """
    upward = reader in (PARENT, store.parent)
    _check(store, to, "export" if upward else "answer")
    delivery = Delivery(to, way, carrier, volume)
    if upward:
        return _up(store, delivery, as_of, slip, progress)
    with store.read() as connection:
        known = units.of_store(connection, store)
    if reader == CHILDREN:
        return _to_children(store, known, delivery, progress)
    if reader == store.unit or reader not in known.subtree(store.unit):
        raise BundleError(
            "B542",
            f"不能向“{reader}”报送。",
            "请写 parent（上级）、children（各下级）或一个下级单位的 12 位编码。",
        )
    return _to_unit(store, known, reader, delivery, progress)


def give_back(
    store: Store, unit: str, to: Path, *, way: str = "folder", progress: Progress | None = None
) -> list[Exported]:
    """Write the packets that a lower unit once sent, as they came: 发还本单位数据包.

    :returns: an empty list: it has sent nothing yet.
    :raises BundleError: B539, B547, and what :func:`export` raises before it makes anything.
    """
    _check(store, to, "answer")
    with store.read() as connection:
        if unit not in units.of_store(connection, store).subtree(store.unit) - {store.unit}:
            raise BundleError("B547", f"“{unit}”不是本单位的下级。", "请核对 12 位单位编码。")
        recipients = peers.down_recipients(connection, store, unit)
        loads = [
            bundling.others_load(store, item)
            for item in received.arrivals(connection, store, received.APPLIED)
            if item.stream == streams.UP and item.origin[: peers.SOLID] == unit
        ]
    return bundling.write(
        store, loads, Delivery(to, way), reader=unit, recipients=recipients, progress=progress
    )


# Upward -----------------------------------------------------------------------------------


def _up(
    store: Store, delivery: Delivery, as_of: str, slip: str | None, progress: Progress | None
) -> list[Exported]:
    if not store.parent:
        raise BundleError("B541", f"{store.unit_name}没有上级，没有要报送的对象。", "不用报送。")
    with store.read() as connection:
        _check_code(connection)
        recipients = peers.up_recipients(connection, store)
        cover = None if slip else slips.pending(connection, store)
    _check_findings(store, as_of)
    counter.write(store)  # a counter that is not there after the first packet means another PC
    cards.make_card(store, streams.UP)
    making.make_up(store, progress, slip=cover.serial if cover else slip)
    cards.make_card(store, streams.UP)
    counter.write(store)
    with store.read() as connection:
        own = outbox.unacknowledged(connection, store, streams.UP)
        loads = [bundling.own_load(connection, store, item) for item in own]
        passing = forwarding.upward(connection, store)
        loads += [bundling.others_load(store, item) for item in passing]
    if not loads:
        return []
    return bundling.write(
        store, loads, delivery, reader=store.parent, recipients=recipients, progress=progress
    )


def _check_code(connection: Connection) -> None:
    if joining.waits_for_code(connection):
        raise BundleError(
            "B549",
            "口令由上级协助重设过，签名用的钥匙已经换新。",
            "请向上级要新的开通码，在“上下级单位”里输入后再报送。",
        )


# Downward ---------------------------------------------------------------------------------


def _to_children(
    store: Store, known: Units, delivery: Delivery, progress: Progress | None
) -> list[Exported]:
    """Write what is for all, sealed to nobody, and a sealed file for each unit with its own."""
    children = [entry.code for entry in known.children.get(store.unit, ())]
    if not children:
        raise BundleError("B548", f"{store.unit_name}没有下级，没有要发的对象。", "不用发。")
    with store.read() as connection:
        keyed = [code for code in children if peers.trusted(connection, store, unit=code)]
    within = {code: known.subtree(code) for code in keyed}
    _make_down(store, frozenset().union(*within.values()))
    with store.read() as connection:
        everybody = _broadcasts(connection, store)
        single = {code: _single(connection, store, known, code) for code in keyed}
        recipients = {code: peers.down_recipients(connection, store, code) for code in keyed}
    written = bundling.write(
        store, everybody, delivery, reader=CHILDREN, recipients=None, progress=progress
    )
    for code, loads in single.items():
        if loads:
            written += bundling.write(
                store, loads, delivery, reader=code, recipients=recipients[code], progress=progress
            )
    return written


def _to_unit(
    store: Store, known: Units, unit: str, delivery: Delivery, progress: Progress | None
) -> list[Exported]:
    """Write what is for one unit, sealed where it is for it alone."""
    with store.write() as tx:
        addressing.address(tx)
    below = known.subtree(unit)
    with store.read() as connection:
        waiting = addressing.waiting_for(connection, store)
        secret = any(streams.unit_of(stream) in below for stream in waiting) or bool(
            _single(connection, store, known, unit)
        )
        recipients = peers.down_recipients(connection, store, unit) if secret else None
    _make_down(store, below)
    with store.read() as connection:
        loads = _broadcasts(connection, store) + _single(connection, store, known, unit)
    return bundling.write(
        store, loads, delivery, reader=unit, recipients=recipients, progress=progress
    )


def unreached(store: Store) -> list[str]:
    """Return the direct lower units for which something waits until their keys are known."""
    with store.read() as connection:
        known = units.of_store(connection, store)
        waiting = {streams.unit_of(one) for one in addressing.waiting_for(connection, store)}
        return [
            entry.code
            for entry in known.children.get(store.unit, ())
            if waiting & known.subtree(entry.code)
            and not peers.trusted(connection, store, unit=entry.code)
        ]


def _make_down(store: Store, reachable: frozenset[str]) -> None:
    counter.write(store)
    broadcast.make_all(store)
    making.make_down(store, reachable.__contains__)
    counter.write(store)


def _broadcasts(connection: Connection, store: Store) -> list[Load]:
    """Return the newest own packet to all, which tells the keys above, and those of above."""
    own = outbox.unacknowledged(connection, store, streams.ALL)
    loads = [bundling.own_load(connection, store, item) for item in own]
    above = forwarding.broadcasts(connection, store)
    return loads + [bundling.others_load(store, item) for item in above]


def _single(connection: Connection, store: Store, known: Units, unit: str) -> list[Load]:
    """Return what is for one unit and those below it alone, from above and from here.

    Its own packets are among that where records of it have lapsed: it may have lost them.
    """
    below = known.subtree(unit)
    passing = forwarding.downward(connection, store, unit)
    passing += forwarding.lapsed(connection, store, unit)
    loads = [bundling.others_load(store, item) for item in passing]
    for stream in outbox.known_streams(connection, store):
        if streams.unit_of(stream) in below:
            own = outbox.unacknowledged(connection, store, stream)
            loads += [bundling.own_load(connection, store, item) for item in own]
    return loads


# Before anything is made ------------------------------------------------------------------


def _check(store: Store, to: Path, act: str) -> None:
    """Refuse what may not be written now: answers to units below say only what was decided."""
    rights.check_may(store, act)
    if store.demo:
        raise BundleError(
            "B540", "这里是样本数据，不能报送。", "请用 init 建立本单位自己的数据后再报送。"
        )
    _check_hold(store)
    _check_folder(to)


def _check_hold(store: Store) -> None:
    with store.read() as connection:
        hold = holds.current(connection)
    if hold is not None:
        raise BundleError(
            "B546",
            f"报送已暂停：{hold.sentence}",
            "请在“报送”页上决定由哪台电脑继续；命令行用 export --resume（本机继续填报）。",
        )


def _check_folder(to: Path) -> None:
    if not to.is_dir():
        raise BundleError("B543", f"找不到文件夹 {to}。", "请插好 U 盘或先建好文件夹，再试一次。")


def _check_findings(store: Store, as_of: str) -> None:
    """Refuse errors; warnings, duplicates among them, were explained at 确认.

    Each record is checked by the package of its year.
    """
    wrong: dict[str, int] = {}
    for pack in store.packs:
        year = years.view(store, pack.id)
        day = min(as_of, pack.year_to) if pack is not store.pack else as_of
        with store.read() as connection:
            context = context_at(year, day, connection=connection)
            for form in outbox.sent_forms(store):
                newest = pack_of(store.packs, form) is pack
                if form not in pack.forms and not newest:
                    continue
                others = [one.id for one in store.packs if one is not pack and form in one.forms]
                own = "" if newest else pack.id
                uids = outbox.due_uids(connection, store, form, own, others if newest else ())
                found = checking.check_rows(
                    connection, year.tables, pack, form, uids, context, kinds=_KINDS
                ) if uids else []  # fmt: skip
                if count := sum(finding.level == "error" for finding in found):
                    title = year.tables.forms[form].title
                    wrong[title] = wrong.get(title, 0) + count
    if wrong:
        listed = "，".join(f"{title} {count} 处" for title, count in wrong.items())
        raise BundleError(
            "B544",
            f"要报送的记录里有 {sum(wrong.values())} 处错误：{listed}。",
            "请用“检查”逐条查看，改正并重新确认后再报送。",
        )
