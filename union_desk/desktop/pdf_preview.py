"""The real PDF on the screen; QtPdf loads with the first paper and may be absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QModelIndex, Qt
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, column, frame, label, picture, row

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument, QPdfSearchModel
    from PySide6.QtPdfWidgets import QPdfView


MOST_WARNINGS = 3


class PdfPreview(QWidget):
    """Pages below each other, with zoom; or a sentence instead."""

    def __init__(self) -> None:
        super().__init__()
        self._buffer: QBuffer | None = None
        self.document: QPdfDocument | None = None
        self._view: QPdfView | None = None
        self._hits: QPdfSearchModel | None = None
        outer = column(self, gap=8)
        self._warning = frame("strip")
        self._warning.setProperty("tone", "warn")
        told = row(self._warning, gap=10, margins=(16, 8, 16, 8))
        told.addWidget(picture("alert-triangle-filled", "warn", 18))
        self._told = label("", wrap=True)
        told.addWidget(self._told, 1)
        outer.addWidget(self._warning)
        self._card = frame("card")
        outer.addWidget(self._card, 1)
        self._stack = QStackedLayout(self._card)
        self._words = label("", "note", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setContentsMargins(theme.px(40), 0, theme.px(40), 0)
        self._stack.addWidget(self._words)
        line = row(gap=4)
        self._pages = label("", "note")
        self._pages.setAccessibleName("页数")
        line.addWidget(self._pages)
        self.search = QLineEdit()
        self.search.setAccessibleName("在这份报表里查找")
        self.search.setPlaceholderText("查找文字，回车看下一处")
        self.search.setMaximumWidth(theme.px(220))
        self.search.textChanged.connect(self._seek)
        self.search.returnPressed.connect(self._next)
        line.addWidget(self.search)
        self._found = label("", "note")
        line.addWidget(self._found)
        line.addStretch(1)
        self._zoom = [
            button("适合宽度", role="quiet"),
            button("整页", role="quiet"),
            button("缩小", role="quiet", icon="minus"),
            button("放大", role="quiet", icon="plus"),
        ]
        for made, act in zip(
            self._zoom, (self._fit_width, self._fit_page, self._smaller, self._larger), strict=True
        ):
            made.clicked.connect(act)
            line.addWidget(made)
        outer.addLayout(line)
        self.say("")

    def say(self, sentence: str) -> None:
        """Show a sentence in place of a paper."""
        self._warning.hide()
        self._words.setText(sentence)
        self._stack.setCurrentWidget(self._words)
        self._pages.setText("")
        for made in (*self._zoom, self.search):
            made.setEnabled(False)

    def show_pdf(self, pdf: bytes, warnings: tuple[str, ...] = ()) -> None:
        """Show the pages of `pdf`, and above them what must be told before it is printed."""
        view = self._viewer()
        if view is None or self.document is None:
            self.say("这台电脑上不能预览，请用“用系统程序打开”或“另存 PDF”。")
            return
        self.document.close()
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        self._stack.setCurrentWidget(view)
        self._told.setText("\n".join(warnings[:MOST_WARNINGS]))
        self._warning.setVisible(bool(warnings))
        self._pages.setText(f"共 {self.document.pageCount()} 页")
        for made in (*self._zoom, self.search):
            made.setEnabled(True)
        self._seek(self.search.text())

    def _viewer(self) -> QPdfView | None:
        if self._view is None:
            try:
                from PySide6.QtPdf import QPdfDocument, QPdfSearchModel
                from PySide6.QtPdfWidgets import QPdfView
            except ImportError:
                return None
            self.document = QPdfDocument(self)
            self._view = QPdfView(self)
            self._view.setAccessibleName("打印预览")
            self._view.setDocument(self.document)
            self._view.setPageMode(QPdfView.PageMode.MultiPage)
            self._view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
            self._stack.addWidget(self._view)
            self._hits = QPdfSearchModel(self)
            self._hits.setDocument(self.document)
            self._view.setSearchModel(self._hits)
            self._hits.countChanged.connect(self._counted)
        return self._view

    def _seek(self, words: str) -> None:
        """Look for words in the pages: all places are marked, Enter goes from one to the next."""
        if self._hits is not None:
            self._hits.setSearchString(words.strip())
            self._counted()

    def _counted(self) -> None:
        if self._hits is None or self._view is None:
            return
        count = self._hits.rowCount(QModelIndex())
        wanted = bool(self.search.text().strip())
        self._found.setText(f"{count} 处" if count else "没有找到" if wanted else "")
        if count and self._view.currentSearchResultIndex() < 0:
            self._view.setCurrentSearchResultIndex(0)

    def _next(self) -> None:
        if self._hits is None or self._view is None:
            return
        count = self._hits.rowCount(QModelIndex())
        if count:
            place = (self._view.currentSearchResultIndex() + 1) % count
            self._view.setCurrentSearchResultIndex(place)
            hit = self._hits.resultAtIndex(place)
            self._view.pageNavigator().jump(hit.page(), hit.location(), 0)
            self._found.setText(f"第 {place + 1} 处，共 {count} 处")

    def _fit_width(self) -> None:
        if self._view is not None:
            self._view.setZoomMode(self._view.ZoomMode.FitToWidth)

    def _fit_page(self) -> None:
        if self._view is not None:
            self._view.setZoomMode(self._view.ZoomMode.FitInView)

    def _smaller(self) -> None:
        self._scale(0.8)

    def _larger(self) -> None:
        self._scale(1.25)

    def _scale(self, factor: float) -> None:
        if self._view is None or self.document is None or not self.document.pageCount():
            return
        now = self._view.zoomFactor()
        if self._view.zoomMode() != self._view.ZoomMode.Custom:
            points = self.document.pagePointSize(0).width()
            now = self._view.viewport().width() / (points * self.logicalDpiX() / 72)
        self._view.setZoomMode(self._view.ZoomMode.Custom)
        self._view.setZoomFactor(min(max(now * factor, 0.25), 4))
