"""核对纸质报表: the code typed or scanned, and what it says about the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from union_desk.desktop import jobs
from union_desk.desktop.page import Page, button, column, frame, label, row
from union_desk.desktop.paper_words import WordPill, state, title
from union_desk.desktop.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from union_desk.desktop.navigation import Route
    from union_desk.desktop.session import Session
    from union_desk.errors import UserError
    from union_desk.papers.comparing import Verdict

_TONES = {
    "agrees": "ok", "differs": "err", "later": "ok", "awaited": "warn", "draft": "warn",
    "void": "warn", "corrected": "warn", "mismatch": "err",
}  # fmt: skip
_COLUMNS = (
    Column("哪一格", 300, weight=3), Column("纸上", 160, weight=1), Column("数据里", 160, weight=1),
)  # fmt: skip
_SEEN = (
    Column("校验码", 190), Column("报表", 260, weight=2), Column("单位", 200, weight=1),
    Column("结果", 150, pill=True),
)  # fmt: skip
_NEXT = {
    "agrees": "纸质件与数据是同一份。",
    "later": "这张纸印出时与数据一致；后来的变化列在下面，不影响这张纸。",
    "differs": "下面这些格子与印出的不同。请与报送单位核对：数据被改过，或纸上不是这一份。",
}
_RECEIVED = ("agrees", "later", "differs")
MOST_SEEN = 30


class PaperCheckPage(Page):
    """A line for the code; the answer, the cells that differ, and what was looked at before."""

    title = "核对纸质报表"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = "输入每页右下角的校验码，或用扫码枪扫第一页的二维码"
        self.seen: list[Row] = []
        outer = column(self, gap=14, margins=(26, 16, 26, 16))
        card = frame("card")
        body = column(card, gap=8, margins=(20, 16, 20, 16))
        body.addWidget(label("校验码"))
        line = row(gap=10)
        self.code = QLineEdit()
        self.code.setAccessibleName("校验码或二维码内容")
        self.code.setPlaceholderText("例如 9F3A-27C1-88D4-0B6E，横线可以不输")
        self.code.returnPressed.connect(self.check)
        self.act = button("核对", role="primary", icon="search")
        self.act.clicked.connect(self.check)
        line.addWidget(self.code, 1)
        line.addWidget(self.act)
        body.addLayout(line)
        self.said = label("", "error", wrap=True)
        self.said.hide()
        body.addWidget(self.said)
        outer.addWidget(card)
        outer.addWidget(self._answer())
        outer.addWidget(self._list(), 1)

    def first_focus(self) -> QWidget:
        """Return the line: a scanner types into it at once."""
        return self.code

    def _answer(self) -> QWidget:
        self.answer = frame("card")
        body = column(self.answer, gap=8, margins=(20, 14, 20, 14))
        line = row(gap=12)
        self.verdict = WordPill()
        self.paper = label("", "strong", wrap=True)
        self.state = WordPill()
        line.addWidget(self.verdict, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.paper, 1)
        line.addWidget(self.state, 0, Qt.AlignmentFlag.AlignVCenter)
        body.addLayout(line)
        self.told = label("", "", wrap=True)
        body.addWidget(self.told)
        self.cells = RowTable("不同的格子", _COLUMNS)
        self.cells.setMinimumHeight(160)
        body.addWidget(self.cells)
        self.answer.hide()
        return self.answer

    def _list(self) -> QWidget:
        card = frame("card")
        body = column(card, gap=6, margins=(1, 10, 1, 1))
        head = label("这次核对过的", "note")
        head.setContentsMargins(18, 0, 18, 0)
        body.addWidget(head)
        self.before = RowTable("这次核对过的", _SEEN)
        body.addWidget(self.before, 1)
        return card

    def check(self) -> None:
        """Look the code up in a worker."""
        from union_desk.papers import comparing

        text, store = self.code.text(), self.session.store
        if not text.strip():
            self._refuse("请输入校验码。")
            return
        self.said.hide()
        self.answer.hide()
        self.act.setEnabled(False)
        jobs.run(
            self, lambda _progress: comparing.check(store, text), self._show, self._refused,
            title="正在核对纸质报表",
        )  # fmt: skip

    def _show(self, found: Verdict) -> None:
        self.act.setEnabled(True)
        tone = _TONES[found.answer]
        self.verdict.say(found.words, tone)
        paper = found.paper
        pack = self.session.pack
        name = title(pack, paper) if paper else f"校验码 {found.typed.code}"
        self.paper.setText(f"{name}　{paper.serial}" if paper else name)
        self.state.say(*(state(paper) if paper else ("", "plain")))
        words = [found.told or _NEXT.get(found.answer, "")]
        if found.told and found.answer == "differs":
            words.append(_NEXT["differs"])
        if paper is not None and paper.origin != self.session.store.origin and words[0]:
            words.append("已记下纸质已收。" if found.answer in _RECEIVED else "")
        self.told.setText("".join(words))
        self.cells.setVisible(bool(found.differences))
        self.cells.show_rows([Row((i.place, i.paper, i.data)) for i in found.differences])
        self.answer.show()
        unit = self._unit(paper.unit) if paper else ""
        self.seen.insert(0, Row((found.typed.code, name, unit, found.words), tone))
        self.before.show_rows(self.seen[:MOST_SEEN])
        self.code.selectAll()
        self.code.setFocus()
        self.changed.emit()

    def _unit(self, code: str) -> str:
        from union_desk.store import units

        with self.session.store.read() as connection:
            return units.of_store(connection, self.session.store).name(code)

    def _refused(self, error: UserError) -> None:
        self.act.setEnabled(True)
        self._refuse(f"{error.sentence}{error.step}")

    def _refuse(self, words: str) -> None:
        self.said.setText(words)
        self.said.show()
        self.code.selectAll()
        self.code.setFocus()
