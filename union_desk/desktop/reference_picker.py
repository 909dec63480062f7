"""References: a line that finds a row of another form, and where it looks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from union_desk.desktop.choice_editor import ListLine
from union_desk.desktop.editor import Reader, Target
from union_desk.desktop.options_list import Option
from union_desk.taskpack.field_types import Unreadable
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

WAITING = "待关联：名册里还没有这一条，登记后自动关联"
_SHOWN = 30


class StoreLinks:
    """Looks in the open store; each question is one short read."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def fitting(self, form: str, text: str) -> tuple[Target, ...]:
        """Return the rows a person may mean by `text`."""
        from union_desk.store import references

        store = self._session.store
        with store.read() as connection:
            links = references.choices(connection, store.tables, form, text, _SHOWN)
        return tuple(Target(link.uid, link.key, link.label) for link in links)

    def target(self, form: str, text: str) -> Target | Unreadable:
        """Return what `text` refers to."""
        from union_desk.store import references

        store = self._session.store
        with store.read() as connection:
            found = references.find(connection, store.tables, form, [text])[text]
        if isinstance(found, references.Link):
            return Target(found.uid, found.key, found.label)
        names = "、".join(found.labels[:3])
        message = f"“{text}”对应不止一条记录（{names}），请按 F4 从列表里选"
        return Unreadable(text, message)

    def may_register(self, form: str) -> bool:
        """Return whether this level enters rows of `form`."""
        return self._session.writes(self._session.pack.forms[form])


class ReferenceEditor(ListLine):
    """Finds a row by name, key or pinyin initials; what fits no row stays as typed."""

    button_icon = "search"
    register = Signal(str, str)
    """(form, text): enter a row that is not there yet."""

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__(item, reader)
        self._target: Target | None = None
        self._ambiguous: Unreadable | None = None
        self._title = reader.pack.forms[item.form].title if item.form else ""
        self.nothing_found = f"“{self._title}”里没有这一条：可照原样填写，登记后自动关联"
        self.setPlaceholderText("名称、编码或拼音首字母")

    def set_locked(self, *, locked: bool) -> None:
        """Take no typing, and ask for none."""
        super().set_locked(locked=locked)
        self.setPlaceholderText("" if locked else "名称、编码或拼音首字母")

    # --- the three columns -------------------------------------------------------------------

    def cells(self) -> Mapping[str, Value]:
        """Return record id, key and name; a text that fits no row is key and name."""
        target = self._pending()
        if target is None:
            return dict.fromkeys(columns_of(self.item))
        parts = (target.uid, target.key, target.label)
        return dict(zip(columns_of(self.item), parts, strict=True))

    def _pending(self) -> Target | None:
        value = self.value()
        if value is None or isinstance(value, Unreadable):
            return None
        text = str(value)
        if self._target is not None and text in (self._target.label, self._typed):
            return self._target
        return Target(None, text, text)

    def problem(self) -> Unreadable | None:
        """Return why the text names no single row."""
        return super().problem() or self._ambiguous

    def set_cells(self, values: Mapping[str, Value]) -> None:
        """Show the reference of a record."""
        uid, key, label = (values.get(name) for name in columns_of(self.item))
        shown = label or key or uid
        self._ambiguous = None
        self._target = None
        if shown is not None:
            text = str(shown)
            self._target = Target(str(uid) if uid else None, str(key or text), text)
        self._seen = False
        self._hide(hidden=self.reader.hides(self.item, shown))
        self._put(str(shown or ""), str(shown) if shown else None)

    def draft(self) -> Mapping[str, str]:
        """Return the three parts as text."""
        return {name: str(value or "") for name, value in self.cells().items()}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Show the reference that a draft kept."""
        self.set_cells({name: draft.get(name) or None for name in columns_of(self.item)})
        self._hide(hidden=False)
        self._put(self._typed, self.value())
        self._settle()

    def note(self) -> str:
        """Say when the row is not there yet."""
        target = self._pending()
        waits = target is not None and target.uid is None and self._ambiguous is None
        return WAITING if waits else ""

    # --- finding -----------------------------------------------------------------------------

    def options(self, text: str) -> Sequence[Option]:
        """Return rows of the store that may be meant, and a way to enter a new one."""
        links, form = self.reader.links, self.item.form
        if links is None or form is None:
            return ()
        found = [
            Option(target.label, target.key if target.key != target.label else "", target)
            for target in links.fitting(form, text)
        ]
        if text and links.may_register(form) and text not in {option.words for option in found}:
            found.append(Option(f"＋ 登记“{text}”", self._title, text))
        return found

    def takes_at_once(self, option: Option) -> bool:
        """Return whether the option is a row that is there; a new one is entered on purpose."""
        return isinstance(option.meaning, Target)

    def current_row(self, options: Sequence[Option]) -> int:
        """Return which row stands in the line."""
        uid = self._target.uid if self._target else None
        hits = (n for n, o in enumerate(options) if isinstance(o.meaning, Target))
        return next((n for n in hits if getattr(options[n].meaning, "uid", None) == uid), 0)

    def take(self, option: Option) -> None:
        """Link the chosen row, or go and enter a new one."""
        if isinstance(option.meaning, Target):
            self._target, self._ambiguous = option.meaning, None
            self._put(option.meaning.label, option.meaning.label)
        else:
            self.register.emit(self.item.form or "", str(option.meaning))

    def _edited(self) -> None:
        self._target = self._ambiguous = None
        super()._edited()

    def commit(self) -> None:
        """Find out which row the text means."""
        if not self.isReadOnly():
            self._settle()
        super().commit()

    def _settle(self) -> None:
        value, links, form = self.value(), self.reader.links, self.item.form
        if self._target is not None or not isinstance(value, str) or links is None or not form:
            return
        found = links.target(form, value)
        if isinstance(found, Unreadable):
            self._ambiguous = found
            return
        self._target, self._ambiguous = found, None
        if found.uid is not None and found.label != self._typed:
            self._put(found.label, found.label)
