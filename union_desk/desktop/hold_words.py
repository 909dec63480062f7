"""What 报送已暂停 says: the two sides as far as they are known, and what each decision brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.desktop.backup_words import local

if TYPE_CHECKING:
    from union_desk.store.holds import Hold
    from union_desk.store.sides import Side, Sides

SHORT = 6
"""Letters of an epoch that stand in the names of packets."""
SAME = "接着报送，什么都不变。"
OTHER = "报送先停着，下一步决定由哪台电脑继续。"
FIRST = (
    "先装入上级的回执…",
    "上级的文件说清它收到了哪些；上级发还的数据包里，本机没有的记录会自动取回。",
)
BACK = (
    "先装入发还的数据包…",
    "请上级在“上下级单位”里点“发还本单位数据包”，装入后本机没有的记录会自动取回。",
)
GO_ON = "全部已确认的记录重新报送一次，上级以本机的为准；另一台请停用，它没有发还的要在本机补录。"
STOP = "本机不再报送，只能查看和打印，由另一台继续。以后要改主意，只能从备份恢复数据。"
MOVED = "是同一台电脑、只是换了系统用户或重装了系统吗？"
DECIDE = "由哪台电脑继续填报？"
FIRST_DECIDE = "决定以后才能报送。"
STOPPED = "本机已停用，不能报送。"
RETIRED = "要在本机继续填报，请到“设置与备份”从备份恢复数据，那时再决定一次。"


@dataclass(frozen=True, slots=True)
class Told:
    """One side as it is shown: whose, how far it got, the rest."""

    title: str
    far: str
    more: tuple[str, ...]


def here(hold: Hold, sides: Sides) -> Told:
    """Return this computer's side."""
    title = "本机（从备份恢复的数据）" if hold.why == "restored" else "本机"
    side = sides.here
    if side is None or not side.n:
        return Told(title, "还没有报送过", (_run(side),) if side else ())
    return Told(title, f"报送到第 {side.n} 包", (_dated(side),))


def there(hold: Hold, sides: Sides, parent: str) -> Told:
    """Return the other side; `parent`: name of the office whose receipt may have told of it."""
    side = sides.there
    if side is None:
        return Told("另一台电脑", "还不知道报送到哪里", (_UNKNOWN.get(hold.why, _ASK),))
    if side.known_by == "packets":
        back = f"它的 {sides.taken_back} 个数据包已装入，本机没有的记录已取回"
        return Told("另一台电脑", f"报送到第 {side.n} 包", (_dated(side), back))
    if side.known_by == "receipt":
        both = "收到两份编号相同、内容不同的数据包，" if hold.why == "forked" else ""
        made = f"回执 {local(side.at)} 写出；是谁报送的，回执里没有" if side.at else ""
        return Told(
            f"{parent}的回执",
            f"{both}接收到第 {side.n} 包",
            tuple(filter(None, (made, _run(side)))),
        )
    when = f"最后一次 {local(side.at)} 写出" if side.at else ""
    return Told(
        "本机以前的报送记数", f"报送到第 {side.n} 包", tuple(filter(None, (when, _run(side))))
    )


_ASK = "请到那台电脑的“报送记录”里看：最后是哪一包、什么时候、谁写的。"
_UNKNOWN = {
    "restored": "备份以后有没有再报送过，本机看不出来；装入上级的回执就知道了。",
    "salvaged": "丢了的部分报送到哪里，本机看不出来；装入上级的回执就知道了。",
}


def _dated(side: Side) -> str:
    who = side.who or "不知道是谁"
    written = f"{who}，{local(side.at)} 写出" if side.at else who
    return f"{written} · {_run(side)}"


def _run(side: Side) -> str:
    return f"期次 {side.epoch[:SHORT]}"
