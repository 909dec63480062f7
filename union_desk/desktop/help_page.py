"""帮助: ten short pages with pictures, the keys, and the 求助单; all of it can be searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QWidget

from union_desk.desktop import help_slip, help_texts, theme
from union_desk.desktop.page import Page, button, clear, column, frame, label, row, scrolled
from union_desk.desktop.text_dialog import TextDialog

if TYPE_CHECKING:
    from union_desk.desktop.help_texts import Block, HelpText
    from union_desk.desktop.navigation import Route
    from union_desk.desktop.session import Session

KEYS = (
    ("Enter、Tab", "下一格"),
    ("Shift+Enter、Shift+Tab", "上一格"),
    ("Ctrl+Enter", "检查并确认"),
    ("Ctrl+S", "存草稿"),
    ("Ctrl+Shift+Enter", "存草稿并再登一条"),
    ("Ctrl+N", "新增一条"),
    ("Alt+↑、Alt+↓", "上一条、下一条"),
    ("Alt+1 … Alt+9", "到第几部分"),
    ("F1", "本格说明"),
    ("F4", "打开选项、日历、查找"),
    ("F8、Shift+F8", "下一处、上一处问题"),
    ("Ctrl+D", "同上一条"),
    ("Ctrl+Shift+D", "固定这一格，下一条沿用"),
    ("Ctrl+Z、Ctrl+Y", "撤销、重做"),
    ("Ctrl+Shift+U", "撤销刚才的导入、批量修改或删除"),
    ("Ctrl+F", "在台账里查找"),
    ("Ctrl+A、空格", "台账里全选、选中"),
    ("Ctrl+C", "台账里复制所选的行，可粘贴到 Excel"),
    ("Ctrl+V", "在台账里从 Excel 粘贴"),
    ("Alt+S", "台账里按光标所在的列排序"),
    ("Ctrl+K", "跳到任何一张表或页面"),
    ("Ctrl+P", "打印；台账里选中了记录的，只打印所选"),
    ("Ctrl+/", "全部快捷键"),
    ("Esc", "关闭小窗口；否则返回（草稿已存）"),
)
_KEYS_TITLE = "快捷键"
KEYS_ROUTE = "keys"
"""Text of the route that opens the page at the keys."""
_LIST_WIDTH, _PICTURE_WIDTH, _ROW = 216, 640, 36


class HelpPage(Page):
    """Titles at the left, the page at the right; Ctrl+/ opens it at the keys."""

    title = "帮助"

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.context = "怎样办一个月的报送，有哪些快捷键，出了问题怎么说"
        self.texts = help_texts.pages()
        outer = column(self, gap=10, margins=(26, 16, 26, 16))
        line = row(gap=10)
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找，例如：零报、下一格")
        self.search.setAccessibleName("在帮助里查找")
        self.search.setMaximumWidth(theme.px(420))
        self.search.textChanged.connect(self._filter)
        line.addWidget(self.search, 1)
        line.addStretch(1)
        self.slip = button("求助单…", icon="clipboard")
        self.slip.clicked.connect(self.open_slip)
        line.addWidget(self.slip)
        outer.addLayout(line)
        body = row(gap=14)
        outer.addLayout(body, 1)
        self.list = QListWidget()
        self.list.setProperty("role", "entries")
        self.list.setAccessibleName("帮助目录")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._show_current)
        contents = frame("card")
        contents.setFixedWidth(theme.px(_LIST_WIDTH))
        column(contents, gap=0, margins=(8, 8, 8, 8)).addWidget(self.list)
        body.addWidget(contents)
        card = frame("card")
        holder = QWidget()
        self._content = column(holder, gap=10, margins=(0, 0, 8, 0))
        self._area = scrolled(holder)
        column(card, gap=0, margins=(24, 18, 8, 16)).addWidget(self._area)
        body.addWidget(card, 1)
        self._filter("")
        if route.text == KEYS_ROUTE:
            self.list.setCurrentRow(self.list.count() - 1)

    def first_focus(self) -> QWidget:
        """Return the search line."""
        return self.search

    def _filter(self, wanted: str) -> None:
        """List the pages that say it, the keys with them."""
        self.list.clear()
        words = wanted.strip().lower()
        for text in self.texts:
            if text.holds(words):
                self._add(text.title, text)
        if not words or any(words in f"{keys} {what}".lower() for keys, what in KEYS):
            self._add(_KEYS_TITLE, None)
        if self.list.count():
            self.list.setCurrentRow(0)
        else:
            self._begin("没有找到，换个词试试。")

    def _add(self, title: str, text: HelpText | None) -> None:
        item = QListWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, text)
        item.setSizeHint(QSize(0, theme.px(_ROW)))
        self.list.addItem(item)

    def _begin(self, title: str) -> None:
        clear(self._content)
        self._content.addWidget(_narrow(label(title, "heading", wrap=True)))
        self._area.verticalScrollBar().setValue(0)

    def _show_current(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        text: HelpText | None = item.data(Qt.ItemDataRole.UserRole)
        self._begin(item.text())
        if text is None:
            self._content.addWidget(self._keys())
        for block in text.blocks if text is not None else ():
            self._content.addWidget(_widget(block))
        self._content.addStretch(1)

    def _keys(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(theme.px(6))
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(1, 1)
        wanted = self.search.text().strip().lower()
        shown = [pair for pair in KEYS if wanted in " ".join(pair).lower()] or KEYS
        for n, (keys, words) in enumerate(shown):
            grid.addWidget(label(keys, "strong"), n, 0)
            grid.addWidget(label(words), n, 1)
            grid.setRowMinimumHeight(n, theme.px(24))
        return made

    def open_slip(self) -> None:
        """Show the 求助单."""
        session = self.session
        lines = help_slip.lines(session, session.store.folder / "logs")
        hint = "打电话求助时照着念，或复制给对方。不含任何个人信息。"
        TextDialog(session, "求助单", lines, self, hint).open()


def _widget(block: Block) -> QWidget:
    if block.kind == "picture" and block.picture is not None:
        made = QLabel()
        picture = QPixmap(str(block.picture))
        width = min(theme.px(_PICTURE_WIDTH), picture.width())
        mode = Qt.TransformationMode.SmoothTransformation
        made.setPixmap(picture.scaledToWidth(width, mode) if width else picture)
        made.setAccessibleName(block.words)
        return made
    if block.kind == "heading":
        return _narrow(label(block.words, "strong", wrap=True))
    words = f"·　{block.words}" if block.kind == "item" else block.words
    return _narrow(label(words, wrap=True))


def _narrow(made: QLabel) -> QLabel:
    """Let a paragraph be as narrow as its page."""
    made.setMinimumWidth(1)
    return made
