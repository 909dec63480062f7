"""What offices above still ask, on the 工作台: a calm line each, which leads to the work."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from union_desk.desktop.dashboard_words import day_words
from union_desk.desktop.filing_words import MOST_NAMED
from union_desk.desktop.ledger_view import Wanted
from union_desk.desktop.navigation import Route
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import clear, column, label
from union_desk.store.notices import OVERDUE
from union_desk.taskpack.definition import LEVELS
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session
    from union_desk.store.told import Told
    from union_desk.taskpack.definition import TaskPack

MOST = 3
"""Lines shown; the rest is counted."""


def words(one: Told, pack: TaskPack) -> str:
    """Say who asked for what on which day, and what of it is still owed."""
    notice = one.notice
    head = f"{one.office} {day_words(notice.date)}"
    if notice.kind != OVERDUE:
        return f"{head}发来缺号通知：{notice.text}"
    title = Period.parse(notice.period).title
    if not one.owed:
        return f"{head}催报{title}的表：本单位先前已经写出，上级还没有收到，请再写一份。"
    names = "".join(f"《{pack.forms[item.form].title}》" for item in one.owed[:MOST_NAMED])
    more = f"等 {len(one.owed)} 张表" if len(one.owed) > MOST_NAMED else ""
    due = notice.due_date or min(item.due_date for item in one.owed)
    left = "都填好了，还没有报送" if one.ready else "还没有报"
    return f"{head}催报：{title}的{names}{more}{left}，{day_words(due)}已截止。"


def act(one: Told, level: str) -> str:
    """Return what the line's button says."""
    if not one.owed:
        return "再写一份"
    return "去报送" if one.ready and level != LEVELS[0] else "去办理"


def way(one: Told, session: Session) -> Route:
    """Return where it is done: another copy, the sending, the first form that is owed."""
    if not one.owed:
        return Route("sent")
    if one.ready:
        return Route("export")
    form = one.owed[0].form
    own = Wanted(form, period=one.notice.period, units=(session.unit,))
    return Route("ledger", form=form, filter=own)


class ToldLines(QWidget):
    """The lines; not there while nothing is asked."""

    chosen = Signal(object)
    """A :class:`~union_desk.store.told.Told` whose button was used."""

    def __init__(self, pack: TaskPack, level: str) -> None:
        super().__init__()
        self._pack, self._level = pack, level
        self._lines = column(self, gap=6)
        self._shown: tuple[str, ...] = ()
        self.bars: list[NoticeBar] = []
        self.hide()

    def show_all(self, found: Sequence[Told]) -> None:
        """Show these, unless they stand there already."""
        said = tuple(words(one, self._pack) for one in found)
        self.setVisible(bool(found))
        if said == self._shown:
            return
        self._shown = said
        clear(self._lines)
        self.bars = []
        for one, sentence in zip(found[:MOST], said, strict=False):
            bar = NoticeBar()
            self._lines.addWidget(bar)
            follow = partial(self.chosen.emit, one)
            bar.say(sentence, actions=[(act(one, self._level), follow)])
            self.bars.append(bar)
        if len(found) > MOST:
            self._lines.addWidget(label(f"上级的通知另有 {len(found) - MOST} 条没有办完", "note"))
