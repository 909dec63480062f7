"""附在下一个给它的文件里: a notice rides to its unit with the next file, or is taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from union_desk import workflow
from union_desk.desktop import jobs, theme
from union_desk.desktop.announce import ANNOUNCER
from union_desk.desktop.dashboard_words import day_words
from union_desk.desktop.page import button, label, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from union_desk.desktop.session import Session
    from union_desk.store.notices import Notice, Written


@dataclass(frozen=True, slots=True)
class Standing:
    """How notices about to be written stand."""

    fresh: tuple[Notice, ...]
    """Those that can be added."""
    waiting: tuple[Written, ...]
    """Added and in no file yet."""
    gone: tuple[Written, ...]
    strangers: int
    """Units whose computers this office does not know: nothing sealed can reach them."""

    @property
    def words(self) -> str:
        """How they stand, in words."""
        said = []
        if self.fresh:
            them = "它" if len(self.fresh) == 1 else "它们"
            said.append(f"通知可以随下一个给{them}的文件送到，在{them}的“工作台”上显示")
        if self.waiting:
            said.append(f"已附上 {len(self.waiting)} 家的通知，等下一次写出给下级的文件")
        if self.gone:
            day = day_words(self.gone[-1].notice.date)
            said.append(f"{len(self.gone)} 家的通知已随文件写出（{day}附上）")
        if self.strangers:
            said.append(f"{self.strangers} 家还没有开通，收不到文件，请打电话")
        return "；".join(said) + ("。" if said else "")


def standing(session: Session, wanted: Sequence[Notice]) -> Standing:
    """Return how notices stand: new, added, gone, or without a reader."""
    from union_desk.store import notices, peers

    store, year = session.store, f"{session.pack.year}Y"
    with store.read() as connection:
        known = {peer.unit for peer in peers.trusted(connection, store)}
        there = {one.notice.asks: one for one in notices.written(connection, store)}
    asked = [replace(one, period=one.period or year) for one in wanted]
    found = [there[one.asks] for one in asked if one.asks in there]
    fresh = [one for one in asked if one.asks not in there]
    return Standing(
        tuple(one for one in fresh if one.unit in known),
        tuple(one for one in found if not one.gone),
        tuple(one for one in found if one.gone),
        sum(one.unit not in known for one in fresh),
    )


class Riding(QFrame):
    """One line: how the notices stand, with 附在下一个给它的文件里 and 取回."""

    def __init__(self, session: Session, wanted: Sequence[Notice]) -> None:
        super().__init__()
        self._session, self._wanted = session, tuple(wanted)
        self.found: Standing | None = None
        line = row(self, gap=8)
        self.said = label("", "note", wrap=True)
        line.addWidget(self.said, 1)
        self.back = button("取回", role="link", icon="arrow-back-up", name="取回没有写出的通知")
        self.back.clicked.connect(self._take_back)
        self.add = button("附在下一个给它的文件里", icon="send")
        self.add.clicked.connect(self._add)
        for made in (self.back, self.add):
            made.setAutoDefault(True)
            made.hide()
            line.addWidget(made)
        if wanted and workflow.allowed("review", session.store.roles):
            self._read()
        else:
            self.hide()

    def _read(self, words: str = "", *, acted: bool = False) -> None:
        session, wanted = self._session, self._wanted

        def show(found: Standing) -> None:
            self._show(found, words)
            if acted:
                (self.back if found.waiting else self.add).setFocus()
                ANNOUNCER.say(self, self.said.text())

        jobs.run(self, lambda _progress: standing(session, wanted), show)

    def _show(self, found: Standing, words: str) -> None:
        """Show how they stand; `words` tell first what was just done."""
        self.found = found
        self.said.setText(words + found.words)
        theme.mark(self.said, role="ok" if words or found.waiting else "note")
        many = len(found.fresh)
        self.add.setText(
            f"附在下一个给它们的文件里（{many} 家）" if many > 1 else "附在下一个给它的文件里"
        )
        self.add.setVisible(bool(found.fresh))
        self.back.setVisible(bool(found.waiting))

    def _add(self) -> None:
        from union_desk.store import notices

        if self.found is not None:
            store, fresh = self._session.store, self.found.fresh
            self._write(lambda: len(notices.send(store, fresh)), "")

    def _take_back(self) -> None:
        from union_desk.store import notices

        if self.found is not None:
            store, uids = self._session.store, [one.uid for one in self.found.waiting]
            self._write(lambda: notices.withdraw(store, uids), "已取回。")

    def _write(self, act: Callable[[], int], words: str) -> None:
        def done(_count: int) -> None:
            self._read(words, acted=True)

        jobs.run(self, lambda _progress: act(), done, lane="write")
