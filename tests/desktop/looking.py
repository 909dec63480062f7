"""What a careful eye would find on a page: cut-off words, overlaps, unnamed controls, tofu."""

from functools import lru_cache
from itertools import combinations

from PySide6.QtCore import QAbstractListModel, QPoint, QRect, Qt
from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from union_desk import resources
from union_desk.desktop import theme

FORBIDDEN = ("上报", "导出", "传出", "分叉", "隔离", "密钥卡", "指纹")
TARGET = 32


def shown(root: QWidget, kind: type[QWidget] = QWidget) -> list:
    """Return the visible children of a kind, at any depth."""
    return [child for child in root.findChildren(kind) if child.isVisibleTo(root)]


def texts(root: QWidget) -> list[str]:
    """Return every text that a page shows or speaks."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        for name in (
            "text",
            "placeholderText",
            "toolTip",
            "windowTitle",
            "accessibleName",
            "accessibleDescription",
            "title",
        ):
            value = getattr(widget, name, None)
            said = value() if callable(value) else value
            if isinstance(said, str):
                found.append(said)
        if isinstance(widget, QComboBox):
            found += [widget.itemText(n) for n in range(widget.count())]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            rows = min(model.rowCount(), 60)
            columns = 1 if isinstance(model, QAbstractListModel) else min(model.columnCount(), 40)
            found += [
                str(model.index(r, c).data() or "") for r in range(rows) for c in range(columns)
            ]
            found += [
                str(model.headerData(c, Qt.Orientation.Horizontal) or "") for c in range(columns)
            ]
    return [text for text in found if text]


@lru_cache(maxsize=1)
def _fonts() -> list[QRawFont]:
    names = ("NotoSansSC-Regular-8105.ttf", "NotoSerifSC-Light-full.ttf")
    return [QRawFont(str(resources.fonts() / name), 14.0) for name in names]


def tofu(root: QWidget) -> set[str]:
    """Return the characters that the program's own fonts cannot draw."""
    letters = {letter for text in texts(root) for letter in text if letter.isprintable()}
    return {
        letter
        for letter in letters
        if not any(font.supportsCharacter(ord(letter)) for font in _fonts())
    }


@lru_cache(maxsize=1)
def _authored() -> tuple[str, ...]:
    """Return what the package itself says with such a word: its labels stay as authored."""
    said = [
        line.split(":", 1)[-1].strip(" -'\"")
        for path in resources.taskpacks().rglob("*.yaml")
        for line in path.read_text("utf-8").splitlines()
    ]
    return tuple(
        sorted(
            {text for text in said if any(word in text for word in FORBIDDEN)},
            key=len,
            reverse=True,
        )
    )


def forbidden(root: QWidget) -> list[str]:
    """Return the texts that hold a word that never stands in the window."""
    found = []
    for text in texts(root):
        own = text
        for authored in _authored():
            own = own.replace(authored, "")
        if any(word in own for word in FORBIDDEN):
            found.append(text)
    return found


def unnamed(root: QWidget) -> list[str]:
    """Return the controls without an accessible name."""
    kinds = (
        QAbstractButton,
        QLineEdit,
        QComboBox,
        QPlainTextEdit,
        QAbstractItemView,
        QAbstractSpinBox,
    )
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in shown(root)
        if isinstance(widget, kinds)
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and not isinstance(widget.parent(), QComboBox)
    ]


def primary(root: QWidget) -> list[str]:
    """Return the words of the primary buttons."""
    return [
        button.text() for button in shown(root, QPushButton) if button.property("role") == "primary"
    ]


def small(root: QWidget) -> list[str]:
    """Return the buttons that are hard to hit."""
    least = min(TARGET, theme.px(TARGET)) - 2
    return [
        f"{button.text()} {button.height()}"
        for button in shown(root, QPushButton)
        if button.height() < least
    ]


def cut_off(root: QWidget) -> list[str]:
    """Return labels and buttons whose words do not fit."""
    found = []
    for widget in shown(root):
        if isinstance(widget, QLabel) and widget.text():
            if (
                widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored
                or widget.minimumWidth() == 1
            ):
                continue
            if widget.wordWrap():
                if widget.heightForWidth(widget.width()) > widget.height() + 1:
                    found.append(
                        f"{widget.text()!r} needs {widget.heightForWidth(widget.width())} of {widget.height()} px"
                    )
            elif (
                widget.sizeHint().width() > widget.width() + 1
                or widget.sizeHint().height() > widget.height() + 1
            ):
                found.append(f"{widget.text()!r} {widget.sizeHint()} in {widget.size()}")
        elif (
            isinstance(widget, QPushButton)
            and widget.text()
            and widget.sizeHint().width() > widget.width() + 1
        ):
            found.append(f"button {widget.text()!r} {widget.sizeHint()} in {widget.size()}")
    return found


def outside(root: QWidget) -> list[str]:
    """Return widgets that stick out of their parent at the left or right."""
    found = []
    for widget in shown(root):
        parent = widget.parentWidget()
        if (
            parent is None
            or widget.isWindow()
            or not (isinstance(widget, QLabel | QAbstractButton | QLineEdit | QComboBox))
        ):
            continue
        if widget.x() < 0 or widget.x() + widget.width() > parent.width() + 1:
            found.append(
                f"{type(widget).__name__} {getattr(widget, 'text', str)()!r} {widget.geometry()} in {parent.size()}"
            )
    return found


def overlapping(root: QWidget) -> list[str]:
    """Return pairs of controls or labels of one parent that lie over each other."""
    found = []
    parents = {widget.parentWidget() for widget in shown(root)}
    for parent in parents:
        inside = [
            child
            for child in parent.children()
            if isinstance(child, QLabel | QAbstractButton | QLineEdit | QComboBox | QPlainTextEdit)
            and child.isVisibleTo(root)
            and not child.isWindow()
            and not isinstance(parent, QLineEdit | QComboBox | QAbstractItemView)
        ]
        for one, other in combinations(inside, 2):
            if _rect(one).intersects(_rect(other)):
                found.append(
                    f"{getattr(one, 'text', str)()!r} and {getattr(other, 'text', str)()!r}"
                )
    return found


def _rect(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size()).adjusted(1, 1, -1, -1)


def faults_of(root: QWidget) -> dict[str, list[str]]:
    """Return everything that is wrong with the look of a page, by kind."""
    primaries = primary(root)
    found = {
        "tofu": sorted(tofu(root)),
        "forbidden words": forbidden(root),
        "unnamed": unnamed(root),
        "primary buttons": primaries if len(primaries) > 1 else [],
        "small": small(root),
        "cut off": cut_off(root),
        "outside": outside(root),
        "overlapping": overlapping(root),
    }
    return {kind: items for kind, items in found.items() if items}
