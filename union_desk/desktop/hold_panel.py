"""报送已暂停: why, and the decision that only a person takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from union_desk.desktop import jobs
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.desktop.session import Session
    from union_desk.store.holds import Hold

_AFTER = "由本机继续时，全部已确认的记录会重新报送一次；另一台电脑（如果有）请停用。"
_MOVED = "是同一台电脑、只是换了系统用户或重装了系统吗？"


class HoldPanel(QFrame):
    """Shown on the page 报送 while a hold stands."""

    decided = Signal()
    receipts_wanted = Signal()
    """The parent's file is to be read first: it tells what it has of this office."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self.setProperty("tone", "warn")
        self._session = session
        self.hold: Hold | None = None
        outer = column(self, gap=8, margins=(16, 12, 16, 12))
        self._why = label("", "strong", wrap=True)
        self._ask = label("", wrap=True)
        outer.addWidget(self._why)
        outer.addWidget(self._ask)
        line = row(gap=8)
        self.same = button("是，同一台电脑")
        self.other = button("不是，数据是拷来的")
        self.first = button("先装入上级的回执…")
        self.first.clicked.connect(self.receipts_wanted)
        self.go_on = button("由本机继续填报")
        self.stop = button("本机停用", role="danger")
        line.addWidget(self.first)
        for made, act in (
            (self.same, self._same), (self.other, self._other),
            (self.go_on, self._resume), (self.stop, self._retire),
        ):  # fmt: skip
            made.clicked.connect(act)
            line.addWidget(made)
        line.addStretch(1)
        outer.addLayout(line)
        self.hide()

    def refresh(self) -> None:
        """Show the hold that stands, or nothing."""
        from union_desk.store import holds

        with self._session.store.read() as connection:
            self.hold = holds.current(connection)
        hold = self.hold
        self.setVisible(hold is not None)
        if hold is None:
            return
        asked, retired = hold.why == holds.MOVED, hold.why == holds.RETIRED
        self._why.setText(f"报送已暂停：{hold.sentence}")
        self._ask.setText("" if retired else _MOVED if asked else _AFTER)
        self.same.setVisible(asked)
        self.other.setVisible(asked)
        self.first.setVisible(hold.why in (holds.RESTORED, holds.SALVAGED, holds.BEHIND))
        self.go_on.setVisible(not asked and not retired)
        self.stop.setVisible(not asked and not retired)

    def _same(self) -> None:
        from union_desk.store import counter

        self._decide(lambda: counter.same_computer(self._session.store))

    def _other(self) -> None:
        from union_desk.store import holds

        self._decide(lambda: holds.other_computer(self._session.store))

    def _resume(self) -> None:
        from union_desk.store import counter

        self._decide(lambda: counter.resume(self._session.store))

    def _retire(self) -> None:
        from union_desk.store import holds

        self._decide(lambda: holds.retire(self._session.store))

    def _decide(self, act: Callable[[], object]) -> None:
        def done(_result: object) -> None:
            self.refresh()
            self.decided.emit()

        jobs.run(self, lambda _progress: act(), done, title="正在处理", lane="write")
