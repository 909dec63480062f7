"""A work area: its forms as cards, with what each holds and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from union_desk.desktop import jobs, theme, waiting
from union_desk.desktop.navigation import Route, area_tabs
from union_desk.desktop.page import Page, button, column, label, row, scrolled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Form

KINDS = {"sheet": "报表", "ledger": "台账"}
FILINGS = {"month": "每月", "quarter": "每季", "year": "每年"}
LEVEL_NAMES = {"grassroots": "基层工会", "county": "县（市、区）总工会", "city": "市总工会"}
CARD_WIDTH = 330


def writers(form: Form) -> str:
    """Return who fills a form, in words."""
    return "、".join(LEVEL_NAMES[level] for level in form.writers)


class FormCard(QFrame):
    """One form of the area."""

    def __init__(self, page: AreaPage, form: Form, *, first: bool) -> None:
        super().__init__()
        self.form = form
        self.setProperty("role", "card")
        self.setAccessibleName(form.title)
        outer = column(self, gap=8, margins=(20, 16, 16, 14))
        title = label(form.title, "heading", wrap=True)
        outer.addWidget(title)
        what = f"{KINDS[form.kind]} · {FILINGS[form.filing]}报 · {len(form.fields)} 项"
        outer.addWidget(label(what, "note"))
        self.counts = label("正在统计…", "note", wrap=True)
        outer.addWidget(self.counts)
        self.trouble = label("", "error", wrap=True)
        self.trouble.hide()
        outer.addWidget(self.trouble)
        outer.addStretch(1)
        line = row(gap=8)
        writes = page.session.writes(form)
        if writes:
            add = button("新增", role="secondary", icon="plus", name=f"新增：{form.title}")
            add.clicked.connect(lambda: page.opened.emit(Route("form", form=form.id)))
            line.addWidget(add)
        words = "打开台账" if form.kind == "ledger" else "打开"
        go = button(words, role="link", name=f"{words}：{form.title}")
        go.clicked.connect(lambda: page.opened.emit(Route("ledger", form=form.id)))
        line.addWidget(go)
        self.focus_target = go
        line.addStretch(1)
        if not writes:
            line.addWidget(label(f"由{writers(form)}填", "hint"))
        outer.addLayout(line)
        self.setProperty("first", first)

    def show_counts(self, found: waiting.Waiting) -> None:
        """Show how many records there are and what is wrong with them."""
        from union_desk.store.tally import FormCount

        here = found.forms.get(self.form.id, FormCount())
        parts = [f"{here.total} 条"] if here.total else ["还没有登记"]
        parts += [f"草稿 {here.drafts}"] if here.drafts else []
        self.counts.setText(" · ".join(parts))
        wrong = [f"有错误 {here.errors} 条"] if here.errors else []
        wrong += [f"退回 {here.returned} 条"] if here.returned else []
        self.trouble.setText("，".join(wrong))
        self.trouble.setVisible(bool(wrong))


class AreaPage(Page):
    """The forms of one work area."""

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        area = next(area for area in session.pack.areas if area.id == route.area)
        forms = session.pack.forms_of(area.id)
        self.title, self._area = area.title, area.id
        own = sum(session.writes(form) for form in forms)
        self.context = f"{len(forms)} 张表，其中本级填 {own} 张 · {session.pack.title}"
        outer = column(self, gap=0, margins=(26, 16, 12, 16))
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.px(14))
        outer.addWidget(scrolled(holder))
        self.cards = [FormCard(self, form, first=not n) for n, form in enumerate(forms)]
        self._across = 0
        self._lay()

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the overview and the forms of the area."""
        return area_tabs(self.session.pack, self._area)

    def entered(self) -> None:
        """Count anew."""
        jobs.run(self, lambda _progress: waiting.count(self.session), self._show)

    def first_focus(self) -> QWidget | None:
        """Return the first card's way in."""
        return self.cards[0].focus_target if self.cards else None

    def _show(self, found: waiting.Waiting) -> None:
        for card in self.cards:
            card.show_counts(found)

    def _lay(self) -> None:
        across = max(1, (self.width() - theme.px(52)) // theme.px(CARD_WIDTH))
        if across == self._across:
            return
        for n in range(max(self._across, across)):
            self._grid.setColumnStretch(n, 1 if n < across else 0)
        self._across = across
        for n, card in enumerate(self.cards):
            self._grid.addWidget(card, n // across, n % across)
        last = (len(self.cards) - 1) // across + 1
        for n in range(last):
            self._grid.setRowStretch(n, 0)
        self._grid.setRowStretch(last, 1)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Put as many cards side by side as there is room for."""
        self._lay()
        super().resizeEvent(event)
