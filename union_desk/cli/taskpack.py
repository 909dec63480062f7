"""Commands about task packages: check one, take one in, compare two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.cli import access, output
from union_desk.taskpack import load

if TYPE_CHECKING:
    from union_desk.cli.arguments import Order


def taskpack(order: Order) -> int:
    """Carry out ``taskpack check``, ``install`` or ``diff``."""
    return {"check": _check, "install": _install, "diff": _diff}[order.act](order)


def _check(order: Order) -> int:
    problems = load.read(order.dir).problems
    if order.json:
        output.show_json(
            [
                {
                    "file": item.file,
                    "line": item.line,
                    "code": str(item.code),
                    "message": item.message,
                }
                for item in problems
            ]
        )
        return 1 if problems else 0
    for problem in problems:
        output.say(str(problem))
    output.say(f"发现 {len(problems)} 处问题。" if problems else "没有问题。")
    return 1 if problems else 0


def _diff(order: Order) -> int:
    from union_desk.taskpack import comparing

    changes = comparing.diff(load.load(order.old), load.load(order.new))
    if order.json:
        output.show_json(changes)
    else:
        for line in changes or ["两个任务包的内容相同。"]:
            output.say(line)
    return 0


def _install(order: Order) -> int:
    from union_desk.store import upgrading

    with access.opened(order) as store:
        pack = upgrading.install(store, order.file)
    if order.json:
        output.show_json({"id": pack.id, "version": pack.version, "title": pack.title})
    else:
        output.say(f"已装入任务包 {pack.id} {pack.version}：{pack.title}。")
    return 0
