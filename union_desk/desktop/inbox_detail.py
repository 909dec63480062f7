"""The packet under the cursor: what came of it, why, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from union_desk.desktop import inbox_words, theme
from union_desk.desktop.page import button, column, elided, label, row
from union_desk.desktop.riding import Riding
from union_desk.desktop.text_dialog import TextDialog
from union_desk.store.notices import LONGEST, MISSING, Notice

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.store.arrivals import Arrived


class Detail(QFrame):
    """Reason and next step in whole sentences; 去核对, 再试, 移除, 缺号通知."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setMinimumHeight(theme.px(116))
        self._session = session
        self._item: Arrived | None = None
        outer = column(self, gap=6, margins=(20, 10, 20, 12))
        line = row(gap=8)
        self._title = elided("", "strong")
        line.addWidget(self._title, 1)
        self.notice = button("缺号通知…", icon="file-text")
        self.notice.clicked.connect(self._show_notice)
        self.peers = button("去核对这个单位…", icon="users-group")
        self.drop = button("移除…", role="danger", icon="trash")
        self.again = button("再试", icon="refresh")
        for made in (self.peers, self.notice, self.drop, self.again):
            line.addWidget(made)
        outer.addLayout(line)
        self._versions = label("", "note", wrap=True)
        self._reason = label("", wrap=True)
        outer.addWidget(self._reason)
        outer.addWidget(self._versions)
        outer.addStretch(1)
        self.show_one(None)

    def show_one(self, item: Arrived | None) -> None:
        """Show one packet."""
        self._item = item
        open_ = item is not None and item.open
        waits = open_ and item is not None and item.outcome == "waiting"
        self.setVisible(item is not None)
        if item is None:
            return
        self.again.setVisible(bool(open_ and not item.stranger))
        self.drop.setVisible(bool(open_ and not waits))
        self.notice.setVisible(bool(waits and item.missing))
        self.peers.setVisible(bool(waits and item.stranger))
        source = f"　来自文件 {item.file}" if item.file and item.packet else ""
        self._title.setText(f"{item.packet or item.file}{source}")
        self._reason.setText(inbox_words.reason(item))
        versions = inbox_words.versions(item)
        self._versions.setText(versions)
        self._versions.setVisible(bool(versions))

    def _show_notice(self) -> None:
        item = self._item
        if item is None:
            return
        lines = inbox_words.notice(item, self._session.store.unit_name)
        hint = "复制后用微信、QQ 或邮件发给这个单位，也可以打印。"
        dialog = TextDialog(self._session, "缺号通知", lines, self, hint)
        told = Notice(item.unit, MISSING, "".join(inbox_words.missing_words(item))[:LONGEST])
        dialog.body.insertWidget(dialog.body.count() - 1, Riding(self._session, [told]))
        dialog.open()
