"""What a ledger says when it has no row to show, and what one can do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.desktop.area_page import writers
from union_desk.desktop.ledger_view import ALL
from union_desk.desktop.nothing import Action, Nothing
from union_desk.desktop.pill import WORDS

if TYPE_CHECKING:
    from union_desk.desktop.ledger_view import View
    from union_desk.taskpack.definition import Form


def why(view: View, form: Form, *, writes: bool, imports: bool, receives: bool) -> Nothing:
    """Return what to say about an empty ledger, with what can be done next.

    :param writes: this level enters rows of the form.
    :param imports: sheets of the form are taken in here.
    :param receives: rows of the form come from offices below.
    """
    wanted = view.wanted
    ever = bool(view.counts[ALL])
    if wanted.search:
        term = wanted.search
        actions: list[Action] = [("clear", "清除搜索", "secondary")]
        if wanted.period or wanted.chip != ALL:
            actions.append(("everywhere", "在全部时段中查找", "secondary"))
        if writes and form.kind == "ledger":
            actions.append(("register", f"＋ 登记“{term}”", "primary"))
        words = "换个关键词，或清除筛选条件"
        words += "；也可以直接登记这一条。" if writes else "。"
        return Nothing("file-search", f"没有找到“{term}”的登记", words, tuple(actions))
    if wanted.chip == "voided":
        return Nothing("trash", "回收站是空的", "删除的草稿和作废的记录在这里，可以恢复。",
                       (("everything", "回到全部", "secondary"),))  # fmt: skip
    if ever:
        what = f"“{WORDS[wanted.chip]}”的记录" if wanted.chip != ALL else "记录"
        words = "换一个时段，或看全部。"
        return Nothing("file-search", f"这里没有{what}", words,
                       (("everything", "看全部", "secondary"),))  # fmt: skip
    if not writes:
        words = f"本表由{writers(form)}填报，收到报送后显示在这里。"
        act = ("inbox", "去收件", "secondary") if receives else ("home", "回工作台", "secondary")
        return Nothing("inbox", "还没有收到记录", words, (act,))
    sheet: tuple[Action, ...] = (("paste", "从 Excel 粘贴", "secondary"),) if imports else ()
    if form.kind == "sheet":
        words = "每期一张；填好一期，下一期会带出上期的数。"
        return Nothing("clipboard", "还没有填过", words, (*sheet, ("new", "填写本期", "primary")))
    words = "可以逐条登记，也可以从 Excel 整批粘贴。"
    if form.filing == "month" and not receives:
        words += "本期确实没有发生的，在工作台“办理本月”里报零报。"
    return Nothing("clipboard", "还没有登记", words, (*sheet, ("new", "＋ 新增登记", "primary")))
