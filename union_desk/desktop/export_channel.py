"""How the file goes on: stick, letter, chat or folder, and where it is written for that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QStackedWidget, QWidget

from union_desk.bundle import mail
from union_desk.bundle.delivery import CHAT, FOLDER, MAIL, STICK, WAYS, Target
from union_desk.desktop import theme
from union_desk.desktop.channel_card import ChannelCard
from union_desk.desktop.export_places import DriveList, FolderLine
from union_desk.desktop.page import column, frame, label, picture, row, scrolled
from union_desk.files import size_words

if TYPE_CHECKING:
    from union_desk.desktop.export_content import Content

_CARDS = {
    STICK: ("usb", "写入 U 盘，写完自动核对一遍，再安全弹出"),
    MAIL: ("mail", "写好文件和邮件草稿，自己用邮箱发出"),
    CHAT: ("messages", "文件放进剪贴板，到聊天窗口里粘贴"),
    FOLDER: ("folder", "存到电脑、移动硬盘或共享文件夹，自己再转交"),
}
_ASKED = {
    MAIL: "文件先存到哪里？",
    CHAT: "文件先存到哪里？",
    FOLDER: "存到哪个文件夹？",
}


def own_folder() -> Path:
    """Return where files for letters and chats are put: a folder of their own."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or Path.home()) / "union-desk"


class ChannelStep(QWidget):
    """Four cards; below them the places of the chosen one, and what is written."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        holder = QWidget()
        column(self).addWidget(scrolled(holder, keep_room=False))
        outer = column(holder, gap=12)
        self._heading = label("怎样交上去？", "heading")
        outer.addWidget(self._heading)
        cards = row(gap=12)
        self.cards: dict[str, ChannelCard] = {}
        for way, (icon, words) in _CARDS.items():
            card = ChannelCard(WAYS[way], icon, words)
            card.toggled.connect(lambda on, which=way: self._take(which) if on else None)
            self.cards[way] = card
            cards.addWidget(card)
        outer.addLayout(cards)
        self.drives = DriveList()
        self.drives.changed.connect(self.changed)
        self.folder = FolderLine()
        self.folder.changed.connect(self.changed)
        self._places = QStackedWidget()
        for place in (self.drives, self.folder):
            held = QWidget()
            inner = column(held)
            inner.addWidget(place)
            inner.addStretch(1)
            self._places.addWidget(held)
        outer.addWidget(self._places)
        self._warning = self._strip()
        outer.addWidget(self._warning)
        outer.addStretch(1)
        outer.addWidget(self._package())
        self.way = STICK
        self._size = 0
        self.cards[STICK].setChecked(True)

    def _strip(self) -> QWidget:
        made = frame("strip")
        theme.mark(made, tone="warn")
        line = row(made, gap=10, margins=(16, 8, 16, 8))
        line.addWidget(picture("alert-triangle-filled", "warn", 18))
        self._caution = label("", wrap=True)
        line.addWidget(self._caution, 1)
        self.volumes = QCheckBox("分卷写出")
        self.volumes.setAccessibleName("分卷写出，一封信放一个文件")
        self.volumes.setChecked(True)
        line.addWidget(self.volumes)
        made.hide()
        return made

    def _package(self) -> QWidget:
        box = frame("box")
        line = row(box, gap=12, margins=(14, 6, 12, 6))
        line.addWidget(picture("package", "primary", 22))
        words = column(gap=0)
        self._what = label("", "strong")
        self._about = label("", "note", wrap=True)
        words.addWidget(self._what)
        words.addWidget(self._about)
        line.addLayout(words, 1)
        line.addWidget(label("送交人", "note"))
        self.carrier = QLineEdit()
        self.carrier.setAccessibleName("送交人，写在交接单上，可以不填")
        self.carrier.setPlaceholderText("可以不填")
        self.carrier.setFixedWidth(theme.px(130))
        line.addWidget(self.carrier)
        return box

    # --- what is shown ---------------------------------------------------------------------

    def show_content(self, content: Content, *, down: bool) -> None:
        """Show what is written and for whom."""
        receiver = content.receiver
        sealed = "给全部下级的不加密，没有个人信息" if down else f"加密，只有{receiver}能打开"
        self._heading.setText("怎样交下去？" if down else "怎样交上去？")
        self._what.setText(f"{'下发给' if down else '报送给'}{receiver}的文件")
        parts = [f"{content.due} 条登记"] if content.due else []
        if content.files:
            parts.append(f"{content.files} 个附件")
        if content.repeated:
            parts.append(f"连同还没有回执的 {content.repeated} 个数据包")
        facts = ["、".join(parts)] if parts else []
        self._size = content.size
        facts += [f"约 {size_words(content.size)}", sealed]
        self._about.setText(" · ".join(facts))
        size = size_words(mail.encoded(content.size))
        self.cards[MAIL].say(
            f"写好文件和邮件草稿，自己用邮箱发出；邮件约 {size}"
            + ("，超过 20 MB" if mail.too_large(content.size) else "")
        )
        self._refresh()

    def remember(self, way: str, folder: str) -> None:
        """Begin with what was chosen last time."""
        if folder and Path(folder).is_dir():
            self.folder.take(Path(folder))
        if way in self.cards:
            self.cards[way].setChecked(True)
        self.drives.look()

    def first_focus(self) -> QWidget:
        """Return the chosen card."""
        return self.cards[self.way]

    # --- what is chosen --------------------------------------------------------------------

    def take_folder(self, place: Path) -> None:
        """Choose a folder."""
        if self.way == STICK:
            self.cards[FOLDER].setChecked(True)
        self.folder.take(place)

    def target(self) -> Target | None:
        """Return where the file goes, None while that is open."""
        carrier = self.carrier.text().strip() or None
        if self.way == STICK:
            drive = self.drives.drive
            return Target(STICK, drive.root, drive, carrier) if drive else None
        folder = self.folder.folder
        if folder is None and self.way in (MAIL, CHAT):
            folder = own_folder()
        return Target(self.way, folder, None, carrier) if folder else None

    def volume(self) -> int | None:
        """Return the largest a file may be, None where that does not matter."""
        wanted = self.way == MAIL and self.volumes.isChecked() and bool(mail.too_large(self._size))
        return mail.VOLUME if wanted else None

    def reason(self) -> str:
        """Say what is missing, nothing once it can begin."""
        if self.target() is not None:
            return ""
        return self.drives.reason() if self.way == STICK else "请选择存到哪个文件夹。"

    def _take(self, way: str) -> None:
        self.way = way
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        self._places.setCurrentIndex(0 if self.way == STICK else 1)
        if self.way != STICK:
            self.folder.ask(_ASKED[self.way])
        if self.way in (MAIL, CHAT) and self.folder.folder is None:
            self.folder.own = own_folder()
            self.folder.take(self.folder.own)
        caution = mail.too_large(self._size) if self.way == MAIL else ""
        self._caution.setText(caution)
        self._warning.setVisible(bool(caution))
