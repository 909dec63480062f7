"""Which office the sample data should show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS = {
    "grassroots": "一个企业工会：登记记录、检查、打印、报送",
    "county": "收各基层的数据，看进度，汇总打印",
    "city": "收各县的数据，对照年度目标看进度",
}


class DemoDialog(QDialog):
    """Three offices to choose from."""

    chosen = Signal(str)

    def __init__(self, titles: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("示例数据")
        outer = column(self, gap=12, margins=(24, 20, 24, 20))
        outer.addWidget(label("看哪一级的示例？", "heading"))
        outer.addWidget(label("示例数据可以随便改，关闭后不保留，也不能报送。", "note", wrap=True))
        for kind, title in titles.items():
            made = button(title, name=f"{title}：{WORDS[kind]}")
            made.clicked.connect(lambda _checked=False, which=kind: self._take(which))
            outer.addWidget(made)
            outer.addWidget(label(WORDS[kind], "hint"))
        foot = row()
        foot.addStretch(1)
        cancel = button("取消", role="quiet")
        cancel.clicked.connect(self.reject)
        foot.addWidget(cancel)
        outer.addLayout(foot)
        self.setFixedWidth(theme.px(420))

    def _take(self, kind: str) -> None:
        self.accept()
        self.chosen.emit(kind)
