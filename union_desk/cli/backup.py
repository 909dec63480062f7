"""Commands that keep the store safe: back up, restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.cli import access, output

if TYPE_CHECKING:
    from union_desk.cli.arguments import Order
    from union_desk.store.restoring import Restored


def backup(order: Order) -> int:
    """Make a verified backup: in the data folder, or in the folder of ``--to``."""
    from union_desk.store import backups, rights

    if order.to is not None:
        access.check_place(order.to)
    with access.opened(order) as store:
        rights.check_may(store, "backup")
        made = backups.make(store, "command", to=order.to, progress=output.progress_line("备份"))
    if order.json:
        output.show_json(
            {"file": made.file, "at": made.at, "sha256": made.sha256, "missing": made.missing}
        )
        return 0
    output.say(f"已备份并核对：{made.file}")
    if made.missing:
        output.note(f"有 {made.missing} 个附件或数据包的文件不在本机，备份里也没有。")
    return 0


def restore(order: Order) -> int:
    """Put a backup in the place of the store; what was there goes to ``salvage``."""
    from union_desk.store import restoring
    from union_desk.store.thinning import moment

    for place in order.files or ():
        access.check_place(place)
    done = restoring.restore(
        access.data_folder(order),
        order.file,
        access.password(order),
        places=tuple(order.files or ()),
        progress=output.progress_line("恢复"),
    )
    if order.json:
        output.show_json(_told(done))
        return 0
    manifest = done.manifest
    rows, at = sum(manifest.rows.values()), moment(manifest.made_at).astimezone()
    output.say(f"已恢复 {manifest.unit_name} 在 {at:%Y-%m-%d %H:%M} 的备份，共 {rows} 行。")
    if done.aside:
        output.say(f"原来的数据保存在 {done.aside}。")
    if done.present:
        output.say(f"恢复前的备份：{done.present.file}")
    if done.missing:
        output.note(f"有 {len(done.missing)} 个附件或数据包的文件没有找到，相应的记录还在。")
    output.say("报送已暂停。确定由本机继续填报后，用 export --resume 报送。")
    return 0


def _told(done: Restored) -> dict[str, object]:
    return {
        "made_at": done.manifest.made_at,
        "person": done.manifest.person,
        "rows": dict(done.manifest.rows),
        "aside": done.aside,
        "present": done.present.file if done.present else None,
        "missing": list(done.missing),
    }
