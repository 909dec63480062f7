"""Commands about keys: a new recovery sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import cli_access, cli_output

if TYPE_CHECKING:
    from union_desk.cli_arguments import Order


def keys(order: Order) -> int:
    """Carry out ``keys recovery``."""
    folder = cli_access.data_folder(order)
    cli_access.check_sheet(folder, order.out)
    with cli_access.opened(order) as store:
        cli_access.write_sheet(store, order.out)
    if order.json:
        cli_output.show_json({"recovery": str(order.out)})
    else:
        cli_output.say(f"恢复单已存为 {order.out}，以前的恢复单作废。请打印、封存后删除这个文件。")
    return 0
