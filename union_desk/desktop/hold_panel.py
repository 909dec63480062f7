"""报送已暂停: why, both sides as far as they are known, and the decision only a person takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMessageBox, QPushButton, QVBoxLayout, QWidget

from union_desk.desktop import hold_words, jobs, theme
from union_desk.desktop.page import button, column, elided, frame, label, picture, row, scrolled

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.desktop.hold_words import Told
    from union_desk.desktop.session import Session
    from union_desk.store.holds import Hold
    from union_desk.store.sides import Sides

_BUTTON = 200


class _SideCard(QFrame):
    """How far one side got."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self.setProperty("role", "box")
        line = row(self, gap=12, margins=(16, 10, 16, 10))
        line.addWidget(picture(icon, "primary", 22))
        words = column(gap=2)
        self._title = elided("", "second")
        self._far = label("", "strong", wrap=True)
        self._more = label("", "note", wrap=True)
        for made in (self._title, self._far, self._more):
            words.addWidget(made)
        words.addStretch(1)
        line.addLayout(words, 1)

    def show_side(self, told: Told) -> None:
        """Show it."""
        self._title.setText(told.title)
        self._far.setText(told.far)
        self._more.setText("\n".join(told.more))
        self.setAccessibleName("，".join((told.title, told.far, *told.more)))


class _Choice(QWidget):
    """A button and what follows from it."""

    def __init__(self, made: QPushButton, words: str) -> None:
        super().__init__()
        line = row(self, gap=16)
        made.setFixedWidth(theme.px(_BUTTON))
        made.setAutoDefault(True)
        self.button = made
        line.addWidget(made)
        self._words = label("", wrap=True)
        line.addWidget(self._words, 1)
        self.say(made.text(), words)

    def say(self, title: str, words: str) -> None:
        """Put other words on the button and beside it."""
        self.button.setText(title)
        self.button.setAccessibleName(title)
        self.button.setAccessibleDescription(words)
        self._words.setText(words)


class HoldPanel(QWidget):
    """Stands on the page 报送 in place of its steps while a hold stands."""

    decided = Signal()
    receipts_wanted = Signal()
    """The parent's file is to be read first: it tells what it has of this office."""
    settings_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.hold: Hold | None = None
        holder = QWidget()
        column(self).addWidget(scrolled(holder, keep_room=False))
        outer = column(holder, gap=12)
        strip = frame("strip")
        theme.mark(strip, tone="warn")
        line = row(strip, gap=10, margins=(16, 10, 16, 10))
        line.addWidget(picture("alert-triangle-filled", "warn", 18))
        self._why = label("", "strong", wrap=True)
        line.addWidget(self._why, 1)
        outer.addWidget(strip)
        sides = row(gap=12)
        self.here, self.there = _SideCard("package"), _SideCard("users-group")
        sides.addWidget(self.here, 1)
        sides.addWidget(self.there, 1)
        outer.addLayout(sides)
        self._ask = label("", "heading", wrap=True)
        outer.addWidget(self._ask)
        self._add_choices(outer)
        outer.addStretch(1)
        self.hide()

    def _add_choices(self, outer: QVBoxLayout) -> None:
        self.same = button("是，同一台电脑")
        self.other = button("不是，数据是拷来的")
        self.first = button(hold_words.FIRST[0])
        self.go_on = button("由本机继续填报")
        self.stop = button("本机停用…", role="danger")
        self.restore = button("去设置与备份")
        self._choices: dict[QPushButton, _Choice] = {}
        for made, act, words in (
            (self.same, self._same, hold_words.SAME),
            (self.other, self._other, hold_words.OTHER),
            (self.first, self.receipts_wanted.emit, hold_words.FIRST[1]),
            (self.go_on, self._resume, hold_words.GO_ON),
            (self.stop, self._ask_to_retire, hold_words.STOP),
            (self.restore, self.settings_wanted.emit, hold_words.RETIRED),
        ):
            made.clicked.connect(lambda _on=False, call=act: call())
            self._choices[made] = _Choice(made, words)
            outer.addWidget(self._choices[made])

    def first_focus(self) -> QWidget:
        """Return the first thing that can be decided."""
        return next((made for made in self._choices if not made.isHidden()), self)

    def hint(self) -> str:
        """Say why nothing can be sent, "" where no hold stands."""
        from union_desk.store import holds

        if self.hold is None:
            return ""
        return hold_words.STOPPED if self.hold.why == holds.RETIRED else hold_words.FIRST_DECIDE

    def refresh(self) -> None:
        """Show the hold that stands, or nothing."""
        from union_desk.store import holds, sides, units

        store = self._session.store
        with store.read() as connection:
            self.hold = holds.current(connection)
            if self.hold is not None:
                both = sides.of(connection, store)
                parent = units.of_store(connection, store).name(store.parent or "")
        self.setVisible(self.hold is not None)
        if self.hold is not None:
            self._show(self.hold, both, parent)

    def _show(self, hold: Hold, both: Sides, parent: str) -> None:
        from union_desk.store import holds

        asked, retired = hold.why == holds.MOVED, hold.why == holds.RETIRED
        self._why.setText(f"报送已暂停：{hold.sentence}")
        self._ask.setText("" if retired else hold_words.MOVED if asked else hold_words.DECIDE)
        self._ask.setVisible(not retired)
        self.here.show_side(hold_words.here(hold, both))
        self.there.show_side(hold_words.there(hold, both, parent))
        later = hold.why in (holds.LATER, holds.FORKED, holds.COPY)
        self._choices[self.first].say(*(hold_words.BACK if later else hold_words.FIRST))
        shown = (
            {self.restore} if retired
            else {self.same, self.other} if asked
            else {self.first, self.go_on, self.stop}
        )  # fmt: skip
        for made, choice in self._choices.items():
            choice.setVisible(made in shown)
            made.setVisible(made in shown)

    def _same(self) -> None:
        from union_desk.store import counter

        self._decide(lambda: counter.same_computer(self._session.store))

    def _other(self) -> None:
        from union_desk.store import holds

        self._decide(lambda: holds.other_computer(self._session.store))

    def _resume(self) -> None:
        from union_desk.store import counter

        self._decide(lambda: counter.resume(self._session.store))

    def _ask_to_retire(self) -> None:
        box = QMessageBox(self)
        box.setWindowTitle("本机停用")
        box.setText("确定由另一台电脑继续填报，本机停用吗？")
        box.setInformativeText(hold_words.STOP)
        stop = box.addButton("本机停用", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("不停用", QMessageBox.ButtonRole.RejectRole)
        stop.clicked.connect(self._retire)
        box.open()

    def _retire(self) -> None:
        from union_desk.store import holds

        self._decide(lambda: holds.retire(self._session.store))

    def _decide(self, act: Callable[[], object]) -> None:
        def done(_result: object) -> None:
            self.refresh()
            self.decided.emit()

        jobs.run(self, lambda _progress: act(), done, title="正在处理", lane="write")
