"""The command that takes in what others have sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.cli import access, output

if TYPE_CHECKING:
    from union_desk.cli.arguments import Order


def import_(order: Order) -> int:
    """Take in bundles; 1 if there is none, or any packet was refused or stands beside another."""
    from union_desk.bundle import importing, outcomes

    with access.opened(order) as store:
        found = importing.take_in(store, order.files, progress=output.progress_line("装入"))
    if order.json:
        output.show_json([item.to_json() for item in found])
    elif not found:
        where = "、".join(map(str, order.files))
        output.say(f"{where} 里没有给本单位的报送文件。请核对文件夹，或向对方要最新的文件。")
    else:
        output.table(
            ("文件", "数据包", "结果", "说明"),
            [
                (
                    item.file,
                    item.packet,
                    outcomes.TITLES[item.outcome],
                    f"{item.reason}{item.step}" + (f"（{item.code}）" if item.code else ""),
                )
                for item in found
            ],
        )
    bad = (outcomes.QUARANTINED, outcomes.FORK)
    return 1 if not found or any(item.outcome in bad for item in found) else 0
