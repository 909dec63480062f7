"""Attachments of a field: a line of files with a button; files come by dialog, drag or paste."""

from __future__ import annotations

import secrets
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QSizePolicy, QWidget

from union_desk.desktop import faults, photos, theme
from union_desk.desktop.editor import Paper, Reader
from union_desk.desktop.line_editor import ENTER
from union_desk.desktop.page import button, clear, column, label, picture, row
from union_desk.errors import InputError, UserError
from union_desk.taskpack.field_types import SENSITIVE, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent

    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value


_PICTURES = ("jpg", "jpeg", "png")
_THUMB = 44
"""Pixels of the long edge of a thumbnail at scale 1."""
_LARGEST_PHOTO = 64 << 20
"""Bytes of a file that is looked into; a phone's photo has a tenth of it."""


class StorePapers:
    """Keeps the attachments of one record in the open store."""

    def __init__(self, session: Session, form: str, record: str) -> None:
        self._session, self._form, self.record = session, form, record

    def add(self, item: Field, path: Path) -> Paper:
        """Seal a file and name it as an attachment of the record; a photo shrunk and upright."""
        from union_desk import files
        from union_desk.store import attachments

        small = photos.shrunk(path, files.read_file(path, limit=_LARGEST_PHOTO))
        kept = path
        if small is not None:
            place = self._session.store.folder / "tmp" / secrets.token_hex(8)
            kept = files.private_folder(files.private_folder(place.parent) / place.name) / path.name
            files.write_durable(kept, small)
        try:
            with self._session.store.write() as transaction:
                digest = attachments.add(transaction, self._form, self.record, item, kept)
            return Paper(digest, path.name, kept.stat().st_size)
        finally:
            if small is not None:
                files.remove(kept)
                kept.parent.rmdir()

    def content(self, digest: str) -> bytes:
        """Return the bytes of an attachment."""
        from union_desk.store import attachments

        with self._session.store.read() as connection:
            return attachments.read(self._session.store, connection, digest)

    def named(self, digests: tuple[str, ...]) -> tuple[Paper, ...]:
        """Return name and size of attachments; one without a row goes by its digest."""
        store = self._session.store
        table = store.tables.attachment
        with store.read() as connection:
            rows = connection.execute(table.select().where(table.c.record == self.record))
            known = {row.sha256: Paper(row.sha256, row.name, row.bytes) for row in rows}
        return tuple(known.get(digest, Paper(digest, digest[:12], 0)) for digest in digests)


class AttachmentEditor(QFrame):
    """The files of a field; Enter on 添加 opens the dialog, Ctrl+V takes a copied file."""

    edited = Signal()
    committed = Signal()
    entered = Signal()
    advance = Signal(bool)
    resized = Signal()
    """It holds other files and wants another height."""

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__()
        self.item = item
        self.reader = reader
        self.composing = False
        self._papers: tuple[Paper, ...] = ()
        self._locked = False
        self.setProperty("role", "drop")
        self.setAcceptDrops(True)
        self.setAccessibleName(item.label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        outer = column(self, gap=2, margins=(10, 2, 6, 2))
        self._files = column(gap=0)
        outer.addLayout(self._files)
        line = row(gap=8)
        self.adder = button("添加文件…", role="link", icon="plus", name=f"{item.label}：添加文件")
        self.adder.clicked.connect(self.choose)
        self.setFocusProxy(self.adder)
        self.adder.installEventFilter(self)
        line.addWidget(self.adder)
        kinds = "、".join(item.file_types)
        most = f"，每个不超过 {item.max_bytes >> 20} MB" if item.max_bytes else ""
        line.addWidget(label(f"{kinds}{most}；可拖入或 Ctrl+V 粘贴", "hint"), 1)
        outer.addLayout(line)

    # --- what it holds -----------------------------------------------------------------------

    def cells(self) -> Mapping[str, Value]:
        """Return the digests of the files."""
        return {self.item.id: ";".join(paper.digest for paper in self._papers) or None}

    def problem(self) -> Unreadable | None:
        """Return nothing: a file that will not do is refused at once."""
        return None

    def set_cells(self, values: Mapping[str, Value]) -> None:
        """Show the attachments of a record."""
        value = values.get(self.item.id)
        digests = tuple(str(value).split(";")) if value else ()
        papers = self.reader.papers
        if papers is not None and digests:
            self._papers = papers.named(digests)
        else:
            self._papers = tuple(Paper(digest, digest[:12], 0) for digest in digests)
        self._list()

    def draft(self) -> Mapping[str, str]:
        """Return the digests as text."""
        return {self.item.id: str(self.cells()[self.item.id] or "")}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Show what a draft kept."""
        value = self.reader.read(self.item, draft.get(self.item.id, ""))
        self.set_cells({self.item.id: None if isinstance(value, Unreadable) else value})

    def set_locked(self, *, locked: bool) -> None:
        """Take no file."""
        self._locked = locked
        self.adder.setEnabled(not locked)
        self._list()

    def note(self) -> str:
        """Return nothing."""
        return ""

    # --- taking files ------------------------------------------------------------------------

    def choose(self) -> None:
        """Open the file dialog."""
        kinds = " ".join(f"*.{kind}" for kind in self.item.file_types)
        names, _ = QFileDialog.getOpenFileNames(
            self, f"添加“{self.item.label}”", "", f"可用的文件 ({kinds})" if kinds else ""
        )
        self.take([Path(name) for name in names])

    def take(self, paths: list[Path]) -> None:
        """Take files in; the first that will not do stops with its reason."""
        papers = self.reader.papers
        if papers is None or self._locked:
            return
        try:
            for path in paths:
                paper = papers.add(self.item, path)
                if paper.digest not in {known.digest for known in self._papers}:
                    self._papers += (paper,)
        except UserError as error:
            faults.report(error, self)
        self._list()
        self.edited.emit()
        self.committed.emit()

    def remove(self, digest: str) -> None:
        """Take a file off the field; its content stays until nothing names it."""
        self._papers = tuple(paper for paper in self._papers if paper.digest != digest)
        self._list()
        self.adder.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()
        self.committed.emit()

    def _list(self) -> None:
        clear(self._files)
        for paper in self._papers:
            line = row(gap=8)
            line.addWidget(self._thumbnail(paper))
            line.addWidget(label(paper.name), 0)
            line.addWidget(label(_size(paper.size), "hint"), 1)
            if not self._locked:
                away = button("移除", role="quiet", name=f"移除附件 {paper.name}")
                away.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
                away.clicked.connect(lambda _=False, digest=paper.digest: self.remove(digest))
                line.addWidget(away)
            self._files.addLayout(line)
        self.updateGeometry()
        # What was added is shown, and has a height, only in the next round of the event loop.
        QTimer.singleShot(0, self, self.resized.emit)

    def _thumbnail(self, paper: Paper) -> QWidget:
        """Return a small picture that opens the large one.

        Of other files, of ones that stay hidden and of ones that are not here, the mark of a file.
        """
        kind = paper.name.rpartition(".")[2].lower()
        papers = self.reader.papers
        plain = picture("file-text", "text2", 16)
        if papers is None or kind not in _PICTURES or self.item.sensitivity >= SENSITIVE:
            return plain
        try:
            image = photos.opened(papers.content(paper.digest), theme.px(_THUMB))
        except UserError:
            return plain
        if image.isNull():
            return plain
        made = button("", role="quiet", name=f"看大图：{paper.name}", tip="看大图")
        made.setIcon(QIcon(QPixmap.fromImage(image)))
        made.setIconSize(image.size())
        made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        made.clicked.connect(lambda _=False, one=paper: self._look(one))
        return made

    def _look(self, paper: Paper) -> None:
        """Show a picture large, inside the program."""
        from union_desk.desktop.picture_view import PictureDialog

        papers = self.reader.papers
        if papers is not None:
            PictureDialog(paper.name, photos.opened(papers.content(paper.digest)), self).open()

    # --- keys, drag and paste ----------------------------------------------------------------

    def eventFilter(self, watched: object, event: object, /) -> bool:
        """Hear the keys and the focus of the button."""
        from PySide6.QtCore import QEvent
        from PySide6.QtGui import QKeyEvent

        if watched is self.adder and isinstance(event, QEvent):
            kind = event.type()
            if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
            if kind == QEvent.Type.FocusIn:
                self.entered.emit()
            elif kind == QEvent.Type.FocusOut and not self._locked:
                self.committed.emit()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
            return True
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in ENTER and not ctrl:
            self.advance.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._papers:
            self.remove(self._papers[-1].digest)
            return True
        if event.key() == Qt.Key.Key_F4:
            self.choose()
            return True
        return False

    def paste(self) -> None:
        """Take the files that were copied, or the image: a screenshot, a cut-out of a scan."""
        data = QApplication.clipboard().mimeData()
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if files or not data.hasImage():
            self.take(files)
            return
        made = photos.copied(QApplication.clipboard().image(), self.item.file_types)
        if made is None:
            faults.report(
                InputError(
                    "I570",
                    f"“{self.item.label}”不收图片。",
                    "请把图片存成 PDF 再添加。",
                ),
                self,
            )
            return
        kind, content = made
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"粘贴的图片{datetime.now().astimezone():%m%d-%H%M%S}.{kind}"
            path.write_bytes(content)
            self.take([path])

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """Welcome files."""
        if event.mimeData().hasUrls() and not self._locked:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """Take the files that are dropped."""
        urls: list[QUrl] = event.mimeData().urls()
        self.take([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
        event.acceptProposedAction()


def _size(count: int) -> str:
    if count <= 0:
        return ""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(count // 1024, 1)} KB"
