"""Commands about keys: a new recovery sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.cli import access, output

if TYPE_CHECKING:
    from union_desk.cli.arguments import Order


def keys(order: Order) -> int:
    """Carry out ``keys recovery``."""
    folder = access.data_folder(order)
    access.check_sheet(folder, order.out)
    with access.opened(order) as store:
        access.write_sheet(store, order.out)
    if order.json:
        output.show_json({"recovery": str(order.out)})
    else:
        output.say(f"恢复单已存为 {order.out}，以前的恢复单作废。请打印、封存后删除这个文件。")
    return 0
