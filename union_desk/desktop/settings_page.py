"""Settings: a form page over the fields of settings.py, and the facts of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

import union_desk
from union_desk import settings
from union_desk.desktop import theme
from union_desk.desktop.backup_card import BackupCard
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import Page, button, column, frame, label, row, scrolled

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Field


class ChoiceRow(QWidget):
    """One setting as a row of chips; a choice holds at once."""

    chosen = Signal(str, str)

    def __init__(self, item: Field, value: str) -> None:
        super().__init__()
        outer = column(self, gap=5)
        outer.addWidget(label(item.label))
        line = row(gap=8)
        outer.addLayout(line)
        self.chips = {}
        group = QButtonGroup(self)
        for code in settings.code_lists()[item.code_list or ""].items:
            made = button(code.label, role="chip", name=f"{item.label}：{code.label}")
            made.setCheckable(True)
            made.setChecked(code.code == value)
            made.clicked.connect(lambda _on=False, v=code.code: self.chosen.emit(item.id, v))
            group.addButton(made)
            self.chips[code.code] = made
            line.addWidget(made)
        line.addStretch(1)
        outer.addWidget(label(item.help, "hint", wrap=True))


class SettingsPage(Page):
    """Appearance, where the data lie, the unit, the package."""

    title = "设置与备份"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = "改后立即生效"
        outer = column(self, gap=0, margins=(26, 16, 12, 16))
        holder = QWidget()
        self._cards = column(holder, gap=14)
        outer.addWidget(scrolled(holder))
        self.rows: dict[str, ChoiceRow] = {}

    def entered(self) -> None:
        """Build the cards from the settings as they are."""
        from union_desk.desktop.page import clear

        clear(self._cards)
        values = self._values()
        for section in settings.sections():
            body = self._card(section.title)
            for item in settings.fields():
                if item.id in section.fields:
                    made = ChoiceRow(item, values[item.id])
                    made.chosen.connect(self._change)
                    self.rows[item.id] = made
                    body.addWidget(made)
        self._show_data()
        self._show_unit()
        self._show_people()
        self._show_keeping()
        self._cards.addStretch(1)

    def _values(self) -> dict[str, str]:
        return getattr(self.window(), "settings", None) or settings.defaults()

    def _change(self, name: str, value: str) -> None:
        change = getattr(self.window(), "change_settings", None)
        if change is not None:
            change({name: value})

    def _card(self, title: str) -> QVBoxLayout:
        card = frame("card")
        body = column(card, gap=14, margins=(20, 16, 20, 20))
        body.addWidget(label(title, "heading"))
        self._cards.addWidget(card)
        return body

    def _facts(self, body: QVBoxLayout, *facts: tuple[str, str]) -> None:
        for words, value in facts:
            line = row(gap=12)
            name = label(words, "second")
            name.setFixedWidth(theme.px(110))
            line.addWidget(name)
            line.addWidget(label(value, wrap=True), 1)
            body.addLayout(line)

    def _show_data(self) -> None:
        store = self.session.store
        body = self._card("数据与备份")
        kept = "示例数据，关闭程序后删除" if store.demo else "已加密，用登录口令打开"
        self._facts(body, ("数据目录", str(store.folder)), ("保存方式", kept))
        self.backups = BackupCard(self.session)
        body.addWidget(self.backups)
        line = row(gap=8)
        self.log = button("操作记录：看谁做过什么，整批撤销…", role="link")
        self.log.clicked.connect(lambda: self.opened.emit(Route("log")))
        line.addWidget(self.log)
        line.addStretch(1)
        body.addLayout(line)

    def _show_people(self) -> None:
        from union_desk.desktop.people_card import PeopleCard, RecoveryCard

        self.people = PeopleCard(self.session)
        self.people.changed.connect(self._person_changed)
        self._card("单位与人员").addWidget(self.people)
        self.recovery = RecoveryCard(self.session)
        body = self._card("开通与恢复")
        body.addWidget(self.recovery)
        line = row(gap=8)
        self.peers = button("上下级单位：开通码、单位开通卡、核对码…", role="link")
        self.peers.clicked.connect(lambda: self.opened.emit(Route("peers")))
        line.addWidget(self.peers)
        line.addStretch(1)
        body.addLayout(line)

    def _show_keeping(self) -> None:
        """Say how many records are past their time, and lead to them; nothing goes by itself."""
        from union_desk.desktop import jobs
        from union_desk.store import retention

        body = self._card("个人信息的保存期")
        self.keeping = button("查看、删除…", role="link", name="查看保存期满的记录")
        self.keeping.clicked.connect(lambda: self.opened.emit(Route("keeping")))
        words = label("正在查看…", "second", wrap=True)
        line = row(gap=12)
        line.addWidget(words, 1)
        line.addWidget(self.keeping)
        body.addLayout(line)
        session = self.session

        def work(_progress: jobs.Progress) -> int:
            with session.store.read() as connection:
                return sum(retention.counts(connection, session.store, session.today).values())

        def show(count: int) -> None:
            told = (
                f"{count:,} 条记录超过了保存期，不会自动删除。"
                if count
                else "没有超过保存期的记录。"
            )
            words.setText(told)
            self.keeping.setVisible(bool(count))

        jobs.run(words, work, show)

    def _person_changed(self) -> None:
        renamed = getattr(self.window(), "person_changed", None)
        if renamed is not None:
            renamed()

    def _show_unit(self) -> None:
        from union_desk.desktop.area_page import LEVEL_NAMES

        store, pack = self.session.store, self.session.pack
        body = self._card("单位与任务包")
        self._facts(
            body,
            ("单位", f"{store.unit_name}（{store.unit}）"),
            ("级别", LEVEL_NAMES[store.level]),
            ("填报人", store.person),
            ("任务包", f"{pack.title}（{pack.document}），{pack.id} {pack.version} 版"),
            ("程序版本", union_desk.__version__),
        )
