"""Commands about keys: the own card, known keys, trust by 核对码, strips of 开通码, recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import files
from union_desk.cli import access, output
from union_desk.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from union_desk.cli.arguments import Order
    from union_desk.store.enrolment import Strip
    from union_desk.store.transaction import Store


def keys(order: Order) -> int:
    """Carry out a command of ``keys``."""
    acts = {"card": _card, "list": _list, "trust": _trust, "codes": _codes, "recovery": _recovery}
    return acts[order.act](order)


def _recovery(order: Order) -> int:
    folder = access.data_folder(order)
    access.check_sheet(folder, order.out)
    with access.opened(order) as store:
        access.write_sheet(store, order.out)
    if order.json:
        output.show_json({"recovery": str(order.out)})
    else:
        output.say(f"恢复单已存为 {order.out}，以前的恢复单作废。请打印、封存后删除这个文件。")
    return 0


def _card(order: Order) -> int:
    from union_desk.store import key_papers

    if order.out:
        _check_pdf(order.out)
    with access.opened(order) as store:
        card = key_papers.card(store)
        if order.out:
            from union_desk.reports import key_papers as drawing

            files.write_durable(order.out, drawing.render_card(drawing.CardPaper(**card)))
    said = {
        "unit": card["unit"],
        "name": card["unit_name"],
        "origin": card["origin"],
        "digits": card["digits"],
        "fingerprint": card["fingerprint"],
        "recipient": card["recipient"],
        "file": str(order.out) if order.out else None,
    }
    if order.json:
        output.show_json(said)
        return 0
    output.say(f"{said['name']}　填报端编号 {said['origin']}　核对码 {said['digits']}")
    if order.out:
        output.say(f"单位开通卡已存为 {order.out}。请打印、盖章，当面交给上级或下级。")
    return 0


def _list(order: Order) -> int:
    from union_desk.store import peers, trusting, units

    if order.out:
        access.check_folder(order.out)
    with access.opened(order) as store, store.read() as connection:
        if order.out:
            lines = peers.allowed_signers(connection, store)
            files.write_durable(order.out, lines.encode("ascii"), mode=0o644)
        known = units.of_store(connection, store)
        rows = [
            {
                "origin": peer.origin,
                "unit": peer.unit,
                "name": known.name(peer.unit),
                "role": peer.role,
                "status": peer.status,
                "way": peer.way,
                "digits": None if peer.status == "pending" else peer.digits,
                "reason": trusting.REASONS.get(peer.reason or "") if peer.reason else None,
                "at": peer.at,
            }
            for peer in peers.everyone(connection, store)
        ]
    if order.json:
        output.show_json(rows)
        return 0
    if not rows:
        output.say("还没有上下级单位。")
        return 0
    output.table(
        ("填报端", "单位", "是谁", "状态", "怎样核对", "核对码", "怎么办"),
        [
            (
                str(row["origin"]),
                str(row["name"]),
                peers.ROLES.get(str(row["role"]), ""),
                peers.STATUSES[str(row["status"])],
                peers.WAYS.get(str(row["way"]), ""),
                str(row["digits"] or ""),
                str(row["reason"] or ""),
            )
            for row in rows
        ],
    )
    return 0


def _trust(order: Order) -> int:
    """Trust by the digits of a sealed card; a 开通码 of the parent's is kept for its file."""
    from union_desk.bundle import importing
    from union_desk.store import deciding, escrow, joining

    typed = " ".join(order.digits)
    with access.opened(order) as store:
        by_code = order.unit == store.parent and joining.is_code(typed)
        if by_code:
            joining.enter_code(store, typed)
        else:
            deciding.trust_by_card(store, order.unit, typed, seal_seen=True)
        taken = importing.try_waiting(store)
        escrow.keep_up(store)
        with store.read() as connection:
            waits = by_code and joining.waits_for_proof(connection)
    status = "pending" if waits else "trusted"
    if order.json:
        output.show_json({"origin": order.unit, "status": status, "taken": len(taken)})
        return 0
    output.say(f"已核对 {order.unit}。" if not waits else "开通码已记下，请装入上级的通知文件。")
    if taken and not waits:
        output.say(f"等着它的 {len(taken)} 个数据包已重新装入。")
    return 0


def _no_codes(store: Store) -> int:
    """Say why there is nobody to make a code for."""
    from union_desk.store import units

    with store.read() as connection:
        below = units.of_store(connection, store).children.get(store.unit)
    if below:
        output.say("直接下级都核对过了，没有要做的开通码。")
    else:
        title = store.pack.forms[store.pack.directory.form].title
        output.say(f"单位目录里还没有下级单位。请先登记或装入《{title}》，再做开通码。")
    return 0 if below else 1


def _codes(order: Order) -> int:
    from union_desk.store import enrolment, key_papers

    _check_pdf(order.out)
    if bool(order.units) == bool(order.all):
        raise UsageError(
            "U931", "没有写明给谁做开通码。", "请写单位的填报端编号，或写 --all（还没有核对过的）。"
        )
    with access.opened(order) as store:
        wanted = key_papers.without_key(store) if order.all else order.units
        if not wanted:
            return _no_codes(store)
        strips = enrolment.hand_out(store, wanted)
        files.write_durable(order.out, _drawn(store, strips))
    made = [{"origin": strip.origin, "expires": strip.expires} for strip in strips]
    if order.json:
        output.show_json({"file": str(order.out), "strips": made})
    else:
        output.say(
            f"已做 {len(strips)} 张开通码条：{order.out}。"
            f"请打印、裁开、当面交；有效期至 {strips[0].expires}。用完请删除这个文件。"
        )
    return 0


def _drawn(store: Store, strips: Sequence[Strip]) -> bytes:
    from union_desk.reports import key_papers as drawing
    from union_desk.store import key_papers, transaction

    said = [drawing.StripPaper(**strip) for strip in key_papers.strips(store, strips)]
    return drawing.render_strips(
        said, unit=store.unit, unit_name=store.unit_name, made=transaction.now()
    )


def _check_pdf(path: Path) -> None:
    if path.suffix.lower() != ".pdf":
        raise UsageError("U932", f"不能存成“{path.name}”。", "文件名请以 .pdf 结尾。")
    access.check_folder(path)
