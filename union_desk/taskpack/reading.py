"""Asking a marked document for what is expected; whatever is amiss becomes a problem.

A :class:`Part` is a mapping of the package. Each value is asked for by key and by kind;
:meth:`Part.close` reports the keys nobody asked for.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from union_desk.taskpack.document import Entries, Items, Node, Scalar
from union_desk.taskpack.problems import Problems, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")
YES, NO = "是", "否"
_KINDS = {Scalar: "一个值", Items: "一个列表", Entries: "若干“名称: 值”"}


@dataclass(slots=True)
class Part:
    """A mapping being read; `title` names it in sentences."""

    node: Entries
    file: str
    problems: Problems
    title: str
    asked: set[str] = field(default_factory=set)

    @property
    def line(self) -> int:
        """Line where the mapping begins."""
        return self.node.line

    def add(self, code: Trouble, line: int, message: str) -> None:
        """Note a problem in this file."""
        self.problems.add(code, self.file, line, message)

    def _find(self, key: str, wanted: type[T], *, required: bool) -> T | None:
        self.asked.add(key)
        for name, node in self.node.pairs:
            if name.text != key:
                continue
            empty = isinstance(node, Scalar) and not node.text.strip() and not node.quoted
            if empty or (isinstance(node, Scalar) and not node.text.strip() and required):
                self.add(Trouble.MISSING_KEY, name.line, f"{self.title}的“{key}”后面没有值。")
                return None
            if not isinstance(node, wanted):
                self.add(
                    Trouble.WRONG_TYPE,
                    node.line,
                    f"{self.title}的“{key}”应是{_KINDS[wanted]}，这里写的是{_KINDS[type(node)]}。",
                )
                return None
            return node
        if required:
            self.add(Trouble.MISSING_KEY, self.line, f"{self.title}缺少“{key}”。")
        return None

    def has(self, key: str) -> bool:
        """Return whether the key is written at all."""
        return any(name.text == key for name, _ in self.node.pairs)

    def marked(self, key: str, *, required: bool = False) -> Scalar | None:
        """Return the value with its line."""
        return self._find(key, Scalar, required=required)

    def lines(self, words: Mapping[str, str]) -> dict[str, int]:
        """Return the lines of the listed keys' values, by what each key stands for."""
        return {words[name.text]: node.line for name, node in self.node.pairs if name.text in words}

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """Return the value as text."""
        node = self.marked(key, required=required)
        return node.text.strip() if node else default

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return whether the value is 是; anything but 是 and 否 is a problem."""
        return self.word(key, {YES: "1", NO: ""}, default="1" if default else "") == "1"

    def integer(self, key: str, default: int = 0, *, required: bool = False) -> int:
        """Return a whole number of at most nine digits."""
        node = self.marked(key, required=required)
        if node is None:
            return default
        if not re.fullmatch(r"\d{1,9}", node.text.strip()):
            self.add(
                Trouble.WRONG_TYPE, node.line, f"{self.title}的“{key}”应是整数，不是“{node.text}”。"
            )
            return default
        return int(node.text)

    def word(
        self,
        key: str,
        words: Mapping[str, str],
        default: str = "",
        *,
        required: bool = False,
        code: Trouble = Trouble.UNKNOWN_WORD,
    ) -> str:
        """Return the id that one of the listed words stands for."""
        node = self.marked(key, required=required)
        if node is None:
            return default
        return self.look_up(node, key, words, default, code=code)

    def look_up(
        self,
        node: Scalar,
        key: str,
        words: Mapping[str, str],
        default: str = "",
        *,
        code: Trouble = Trouble.UNKNOWN_WORD,
    ) -> str:
        """Return what the word at `node` stands for."""
        text = node.text.strip()
        if text in words:
            return words[text]
        self.add(
            code,
            node.line,
            f"{self.title}的“{key}”不能是“{text}”，可写：{'、'.join(words)}。",
        )
        return default

    def scalars(self, key: str, *, required: bool = False) -> tuple[Scalar, ...]:
        """Return the values of a list, each with its line."""
        items = self._find(key, Items, required=required)
        found = []
        for node in items.nodes if items else ():
            if isinstance(node, Scalar) and node.text.strip():
                found.append(node)
            else:
                self.add(Trouble.WRONG_TYPE, node.line, f"{self.title}的“{key}”应是一列单个的值。")
        return tuple(found)

    def entries(self, key: str) -> list[tuple[str, Scalar]]:
        """Return the entries of a mapping of plain values."""
        inner = self.part(key)
        if inner is None:
            return []
        found = [(name.text, inner.marked(name.text)) for name, _ in inner.node.pairs]
        return [(name, value) for name, value in found if value is not None]

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return the values of a list as text."""
        return tuple(node.text.strip() for node in self.scalars(key, required=required))

    def words(
        self, key: str, words: Mapping[str, str], *, required: bool = False
    ) -> tuple[str, ...]:
        """Return the ids that the listed words stand for."""
        found = (self.look_up(node, key, words) for node in self.scalars(key, required=required))
        return tuple(word for word in found if word)

    def part(self, key: str, *, required: bool = False) -> Part | None:
        """Return a mapping inside this one."""
        node = self._find(key, Entries, required=required)
        return Part(node, self.file, self.problems, f"{self.title}的“{key}”") if node else None

    def parts(self, key: str, title: str, *, required: bool = False) -> list[Part]:
        """Return the mappings of a list."""
        items = self._find(key, Items, required=required)
        found = []
        for number, node in enumerate(items.nodes if items else (), start=1):
            if isinstance(node, Entries):
                found.append(
                    Part(node, self.file, self.problems, f"{self.title}的{title} {number}")
                )
            else:
                self.add(
                    Trouble.WRONG_TYPE,
                    node.line,
                    f"{self.title}的“{key}”每一项应是若干“名称: 值”。",
                )
        return found

    def parts_or_texts(self, key: str) -> list[Part | Scalar]:
        """Return the items of a list that may be single values or mappings."""
        items = self._find(key, Items, required=True)
        found: list[Part | Scalar] = []
        for number, node in enumerate(items.nodes if items else (), start=1):
            if isinstance(node, Entries):
                found.append(
                    Part(node, self.file, self.problems, f"{self.title}的“{key}”第 {number} 项")
                )
            elif isinstance(node, Scalar) and node.text.strip():
                found.append(node)
            else:
                self.add(Trouble.WRONG_TYPE, node.line, f"{self.title}的“{key}”有一项读不懂。")
        return found

    def named(self, key: str, title: str, *, required: bool = False) -> list[tuple[Scalar, Part]]:
        """Return the mappings of a mapping: each under the id that is its key."""
        inner = self._find(key, Entries, required=required)
        return self._named(inner.pairs, title) if inner else []

    def all_named(self, title: str) -> list[tuple[Scalar, Part]]:
        """Return this mapping's own entries as mappings under their ids."""
        self.asked.update(name.text for name, _ in self.node.pairs)
        return self._named(self.node.pairs, title)

    def _named(self, pairs: Iterable[tuple[Scalar, Node]], title: str) -> list[tuple[Scalar, Part]]:
        found = []
        for name, node in pairs:
            if isinstance(node, Entries):
                part = Part(node, self.file, self.problems, f"{title} {name.text}")
                found.append((name, part))
            else:
                self.add(Trouble.WRONG_TYPE, name.line, f"{title} {name.text} 应写若干“名称: 值”。")
        return found

    def close(self) -> None:
        """Report the keys that nobody asked for, with the likeliest one meant."""
        for name, _ in self.node.pairs:
            if name.text in self.asked:
                continue
            near = difflib.get_close_matches(name.text, self.asked, 1, 0.5)
            hint = f"，是不是“{near[0]}”？" if near else "，请删去或核对写法。"
            self.add(Trouble.UNKNOWN_KEY, name.line, f"{self.title}里没有“{name.text}”这一项{hint}")
