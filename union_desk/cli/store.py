"""Commands about the store itself: make it, look at it, examine it, send from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from union_desk import __version__, resources
from union_desk.cli import access, output
from union_desk.errors import UsageError
from union_desk.taskpack import load
from union_desk.taskpack.definition import LEVELS
from union_desk.workflow import RECORD_STATES

if TYPE_CHECKING:
    from union_desk.cli.arguments import Order
    from union_desk.taskpack.definition import TaskPack


def newest_pack() -> TaskPack:
    """Return the newest task package that comes with the program."""
    packs = [load.load(place) for place in sorted(resources.taskpacks().iterdir())]
    return max(packs, key=lambda pack: (pack.year, pack.order))


def init(order: Order) -> int:
    """Make the data folder the store of a unit."""
    from union_desk.store import joining, opening

    pack = newest_pack()
    unit = order.unit[:12]  # a further computer of the unit has a letter behind
    known = {item.code: item for item in pack.units}.get(unit)
    level = order.level or (known.level if known else LEVELS[0])
    parent = order.parent or (known.parent if known else None)
    if parent is None and level != LEVELS[-1]:
        raise UsageError("U930", "没有写明上级工会。", "请用 --parent 写上级工会的 12 位编码。")
    folder = access.data_folder(order)
    if order.recovery:
        access.check_sheet(folder, order.recovery)
    if order.code:
        joining.read_code(order.code)
    with opening.create(
        folder,
        pack,
        unit=unit,
        name=order.name,
        level=level,
        parent=parent,
        origin=order.unit,
        password=access.password(order, new=True),
    ) as store:
        made = {"unit": store.unit, "name": store.unit_name, "level": level, "data": str(folder)}
        if order.code:
            joining.enter_code(store, order.code)
        if order.recovery:
            access.write_sheet(store, order.recovery)
            made["recovery"] = str(order.recovery)
    if order.json:
        output.show_json(made)
    else:
        output.say(f"已为 {made['name']}（{made['unit']}）建好数据：{folder}")
        if order.code:
            output.say("开通码已记下。装入上级的通知文件时用它核对上级，之后就能报送。")
        elif level != LEVELS[-1]:
            output.say("填报、检查、打印现在就能做；报送前要有上级的开通码，用 keys trust 记下。")
        if order.recovery:
            output.say(f"恢复单已存为 {order.recovery}，请打印、封存后删除这个文件。")
    return 0


def status(order: Order) -> int:
    """Print what the store is, how many records it holds by state, what waits to be sent."""
    from union_desk.store import backups, outbox, schema, survey
    from union_desk.store.thinning import moment

    with access.opened(order) as store, store.read() as connection:
        packet = outbox.last_packet(connection, store)
        counts = survey.counts_by_state(connection, store)
        data = {
            "unit": store.unit,
            "name": store.unit_name,
            "level": store.level,
            "counts": counts,
            "unsent": sum(outbox.due_counts(connection, store, outbox.sent_forms(store)).values()),
            "last_backup": asdict(made) if (made := backups.last(connection)) else None,
            "packet": packet.name if packet else None,
            "taskpack": f"{store.pack.id} {store.pack.version}",
            "format": schema.FORMAT,
        }
    if order.json:
        output.show_json(data)
        return 0
    titles = {**RECORD_STATES, "voided": "作废"}
    told = "，".join(f"{titles[state]} {number}" for state, number in counts.items())
    for title, text in (
        ("单位", f"{data['name']}（{data['unit']}）"),
        ("记录", told or "还没有"),
        ("未报送", str(data["unsent"])),
        ("最近数据包", data["packet"] or "还没有"),
        (
            "最近备份",
            f"{moment(made.at).astimezone():%Y-%m-%d %H:%M}，{made.file}" if made else "还没有",
        ),
        ("任务包", data["taskpack"]),
        ("版本", f"程序 {__version__}，数据格式 {data['format']}"),
    ):
        output.say(f"{title}：{text}")
    return 0


def doctor(order: Order) -> int:
    """Examine the store and print what is wrong; it repairs nothing.

    Of a whole store it sweeps old files that nothing names.
    """
    from union_desk.store import retention, survey

    with access.opened(order) as store:
        progress = output.progress_line("检查") if order.full else None
        with store.read() as connection:
            overdue = retention.counts(connection, store, access.day(None))
        titles = {form: store.pack.forms[form].title for form in overdue}
        problems = list(dict.fromkeys(survey.problems(store, full=order.full, progress=progress)))
        if not problems:
            survey.sweep_orphans(store)
    if order.json:
        output.show_json({"ok": not problems, "problems": problems, "overdue": overdue})
    else:
        for problem in problems:
            output.say(problem)
        if overdue:
            listed = "，".join(f"{titles[form]} {count} 条" for form, count in overdue.items())
            output.say(f"超过保存期的个人信息：{listed}。不会自动删除，请在“设置与备份”里查看。")
        output.say(f"发现 {len(problems)} 个问题。" if problems else "数据完好。")
        if problems:
            output.say(access.way_out(access.data_folder(order)))
    return 1 if problems else 0


def export(order: Order) -> int:
    """Write what the reader has not acknowledged into a folder: one bundle for each reader."""
    from union_desk.bundle import exporting
    from union_desk.store import counter

    with access.opened(order) as store, access.second_beside(order, store, "export"):
        if order.resume:
            counter.resume(store)
        written = exporting.export(
            store,
            order.to,
            reader=order.reader,
            as_of=access.day_of_year(store.pack, None),
            progress=output.progress_line("写入"),
        )
        left = exporting.unreached(store)
    if order.json:
        output.show_json([item.to_json() for item in written])
        return 0
    if not written:
        output.say("没有要报送的记录。")
        return 0
    readers = {exporting.CHILDREN: "各下级"}
    output.table(
        ("文件", "给谁", "数据包", "记录", "摘要（SHA-256）"),
        [
            (
                item.file.name,
                readers.get(item.reader, item.reader),
                str(item.packets),
                str(item.records),
                item.digest,
            )
            for item in written
        ],
        right=(2, 3),
    )
    output.say(f"已写入并核对：{order.to}。")
    if left:
        output.say(f"还没有核对过 {'、'.join(left)} 的身份，给它们的意见和决定留着，核对后再发。")
    return 0
