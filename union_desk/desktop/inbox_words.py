"""What 收件 says: outcomes, sums that add up, invitations, the notice of missing numbers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from union_desk.desktop.backup_words import local
from union_desk.desktop.nothing import Nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.bundle.outcomes import Outcome
    from union_desk.bundle.reception import Taken
    from union_desk.store.applying import Counts
    from union_desk.store.arrivals import Arrived

UNREADABLE = "F163"
CONTEXT = {
    True: "下级单位的报送文件从这里进来，回执、退回意见和任务包写回同一个 U 盘",
    False: "上级给的回执、退回意见和任务包从这里进来",
}
INVITATION = {
    True: (
        "插入 U 盘，或选择文件夹",
        "下级的 U 盘插上就收；邮件附件可以整个文件夹装入，也可以拖到这里。改了名的文件也认得。",
    ),
    False: (
        "插入 U 盘，或选择文件",
        "上级给的文件插上就收，也可以把文件拖到这里。改了名的文件也认得。",
    ),
}
TITLES = {
    "applied": "已装入",
    "duplicate": "已有",
    "waiting": "等待缺号",
    "fork": "两台电脑的数据不一致",
    "quarantined": "未装入（有问题）",
}
TONES = {
    "applied": "ok",
    "duplicate": "plain",
    "waiting": "warn",
    "fork": "err",
    "quarantined": "err",
}
_KEY = "核对以后会自动装入。"
_NEXT = {
    "fork": "两份都已留存，没有改动数据。请打电话问清那个单位是不是有两台电脑在报送，只留一台；"
    "它在“报送”页上决定以后会全部重报一次，这里就恢复正常。",
    "waiting": "缺的数据包到了会自动装入。可以把缺号通知发给那个单位，让它在“报送记录”里再写一份。",
}


def today() -> str:
    """Return the day on the wall."""
    return f"{datetime.now().astimezone():%Y-%m-%d}"


def day(stored: str) -> str:
    """Return the day of a stored time on the wall."""
    return local(stored)[:10]


def content(packet: str) -> str:
    """Return what a packet is, in words; its name says it: origin, stream, run, number."""
    parts = packet.split(".")
    if len(parts) != 4 or not parts[3].isdigit():
        return packet
    stream, number = parts[1], int(parts[3])
    if not number:
        return "单位开通卡"
    if stream == "all":
        return "任务包、目标和回执"
    return "退回意见、批复和通知" if stream.startswith("to-") else f"报送数据 第 {number} 包"


def is_card(item: Arrived) -> bool:
    """Return whether a packet brings a key instead of rows."""
    return content(item.packet) == "单位开通卡"


def title(item: Arrived) -> str:
    """Return the outcome in words; only gaps are 缺号."""
    if item.outcome == "waiting" and not item.missing:
        return "等待"
    return TITLES[item.outcome]


def cells(item: Arrived) -> tuple[str, ...]:
    """Return a row of the table."""
    counts = item.counts
    figures = (counts.added, counts.updated, counts.unchanged, counts.voided)
    shown = item.outcome == "applied" and not is_card(item)
    return (
        local(item.at)[5:],
        item.name or "不明",
        content(item.packet) or item.file,
        item.periods,
        *(f"{figure:,}" if shown else "" for figure in figures),
        title(item),
    )


def sums(rows: Sequence[Arrived]) -> str:
    """Return what all rows of a list brought: the four add up to the rows."""
    taken = [i.counts for i in rows if i.outcome == "applied" and not is_card(i)]
    if not taken:
        return ""
    total = sum(item.total for item in taken)
    return f"{len(taken)} 个数据包，{adding(total, taken)}"


def adding(total: int, counts: Sequence[Counts]) -> str:
    """Return a sum in words: 20 行 = 新增 12 + 更新 3 + 相同 5 + 作废 0."""
    added, updated = sum(c.added for c in counts), sum(c.updated for c in counts)
    unchanged, voided = sum(c.unchanged for c in counts), sum(c.voided for c in counts)
    return (
        f"{total:,} 行 = 新增 {added:,} + 更新 {updated:,} + 相同 {unchanged:,} + 作废 {voided:,}"
    )


def reason(item: Arrived) -> str:
    """Return why, and what to do."""
    step = item.step or _NEXT.get(item.outcome, "")
    if item.outcome == "waiting" and not item.missing:
        step = _KEY if item.stranger else "等到了会自动装入。" if item.open else ""
    if item.outcome == "applied" and item.counts.total and not is_card(item):
        return f"已装入：{adding(item.counts.total, [item.counts])}。"
    why = f"缺第 {item.missing} 包。" if item.missing else item.reason
    return f"{why}{step}"


def versions(item: Arrived) -> str:
    """Return who wrote the packets that two computers numbered alike, and when; "" else."""
    return "\n".join(
        f"{'已装入的那一份' if one.taken else '没有装入的一份'}："
        f"{one.who or '不知道是谁'}，{local(one.when)} 写出"
        for one in item.both
        if one.when
    )


_HOW = {
    True: "下级的 U 盘插上就收；邮件附件选文件夹，微信、QQ 收到的文件可以直接拖到这里。",
    False: "上级给的 U 盘插上就收；邮件、微信、QQ 收到的文件可以直接拖到这里。",
}
_NONE = {
    "waiting": (
        "hourglass-empty", "没有在等的数据包",
        "缺号的、还没有核对过单位的、要新版程序的停在这里，等到了自动装入。",
    ),
    "held": (
        "check", "没有装不进来的文件",
        "损坏的、不是给本单位的、签名不对的留在这里并写明原因，不会改动任何数据。",
    ),
}  # fmt: skip


def nothing(chip: str, *, upper: bool, earlier: bool) -> Nothing:
    """Return what an empty list says.

    :param earlier: files came before today.
    """
    if chip in _NONE:
        return Nothing(*_NONE[chip])
    title = "今天还没有收到文件" if earlier else "还没有收到过文件"
    acts = (("all", "看以前收到的", "secondary"),) if earlier else ()
    return Nothing("inbox", title, _HOW[upper], acts)


def told(found: Sequence[Outcome]) -> tuple[str, str, str]:
    """Return tone, title and words about files that were taken in."""
    if not found:
        return "warn", "没有给本单位的报送文件", "请核对选中的文件夹。"
    bad = [item for item in found if item.outcome in ("quarantined", "fork")]
    waits = [item for item in found if item.outcome == "waiting"]
    words = _summary(found)
    if bad:
        return "warn", f"有 {len(bad)} 个没有装入", f"{words}看下面的原因和下一步。"
    if waits:
        return "warn", f"有 {len(waits)} 个在等待", f"{words}看下面的原因和下一步。"
    if all(item.outcome == "duplicate" for item in found):
        return "ok", "这些都已经装入过", "没有改动任何数据。"
    return "ok", "已装入", words


def _summary(found: Sequence[Outcome]) -> str:
    applied = [
        item for item in found if item.outcome == "applied" and content(item.packet) != "单位开通卡"
    ]
    known = sum(item.outcome == "duplicate" for item in found)
    parts = []
    if applied:
        counts = [item.counts for item in applied]
        parts.append(
            f"装入 {len(applied)} 个数据包，{adding(sum(c.total for c in counts), counts)}"
        )
    if known:
        parts.append(f"{known} 个以前装入过")
    return "；".join(parts) + "。" if parts else ""


def stick_told(taken: Taken, names: str) -> tuple[str, str, str]:
    """Return tone, title and words about a stick."""
    tone, what, words = told(taken.found)
    whose = f"{names or taken.drive.title}："
    if not taken.clean:
        return tone, what, f"{whose}{words}U 盘上没有写回任何文件。"
    after, pull, more = answered(taken)
    return after, f"{what}。{pull}", f"{whose}{words}{more}"


def answered(taken: Taken) -> tuple[str, str, str]:
    """Return tone, title and words about what was written back."""
    if taken.trouble is not None:
        why = f"{taken.trouble.sentence}{taken.trouble.step}"
        return "warn", "回执没有写回", f"数据已装入，回执没有写回 U 盘：{why}"
    wrote = f"写回 {len(taken.answered)} 个文件，已核对。" if taken.answered else ""
    if taken.gone:
        return "ok", "可以拔出·下一个", wrote
    return "ok", "写完了", f"{wrote}系统没有弹出它，请用“安全删除硬件”后拔出，再插下一个。"


def missing_words(item: Arrived) -> tuple[str, str]:
    """Return what a unit whose packets are missing is told, and what it does about it."""
    return (
        f"你单位报送的数据包有缺号：缺第 {item.missing} 包。已收到的后续数据包在等待，还没有入库。",
        "请在工会填报台“报送记录”里点“再写一份”，把文件重新报送给我们；不用重新填写。",
    )


def notice(item: Arrived, own: str) -> list[str]:
    """Return the 缺号通知 to the unit whose packets are missing: no person in it."""
    return [
        f"{item.name}（{item.unit}）：",
        *missing_words(item),
        f"{own}　{today()}",
    ]
