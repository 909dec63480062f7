"""YAML as plainly as a task package needs it: text, lists and mappings, each with its line.

Every value is read as the text that stands in the file; what it means is decided where it is
asked for. So ``01`` keeps its zero, ``no`` and ``on`` are words, and quotes are never needed
for them. Anchors, aliases, merge keys, tags and second documents are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from union_desk.taskpack.problems import Problems, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 12
MAX_NODES = 200_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text and the line it begins in; `quoted` tells ``""`` from nothing."""

    text: str
    line: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping in the order of the file."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int


Node: TypeAlias = Scalar | Items | Entries


class _RefusedError(Exception):
    def __init__(self, code: Trouble, line: int, message: str) -> None:
        super().__init__(message)
        self.code, self.line, self.message = code, line, message


def parse(file: str, content: bytes, problems: Problems) -> Node | None:
    """Return the document, or None with its problem noted (which blocks later steps)."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(
            Trouble.ENCODING, file, line, "文件不是 UTF-8 编码，请在编辑器里选“UTF-8”另存。"
        )
        return None
    try:
        return _Builder(file, text, problems).document()
    except _RefusedError as refused:
        problems.add(refused.code, file, refused.line, refused.message)
    except yaml.YAMLError as error:
        line, column = _place(error, text)
        problems.add(Trouble.SYNTAX, file, line, _explain(text, line, column))
    return None


class _Builder:
    def __init__(self, file: str, text: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems
        self.events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_LOADER))
        self.count = 0

    def document(self) -> Node:
        """Read the one document of the file."""
        next(self.events)  # the stream begins
        begin = next(self.events)
        if isinstance(begin, yaml.StreamEndEvent):
            raise _RefusedError(Trouble.SYNTAX, 1, "文件是空的。")
        node = self.node(next(self.events), 1)
        next(self.events)  # the document ends
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _RefusedError(
                Trouble.REFUSED, _line(after), "一个文件只能写一份内容，请去掉“---”分隔行。"
            )
        return node

    def node(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event)
        self.count += 1
        if getattr(event, "anchor", None) is not None:
            raise _RefusedError(
                Trouble.REFUSED,
                line,
                "不能用“&”“*”引用别处的内容，请把内容写全；以它们开头的文字请加引号。",
            )
        if getattr(event, "tag", None) is not None:
            raise _RefusedError(
                Trouble.REFUSED, line, "不能用“!”标记类型，请去掉；以它开头的文字请加引号。"
            )
        if depth > MAX_DEPTH or self.count > MAX_NODES:
            raise _RefusedError(Trouble.REFUSED, line, "内容嵌套太深或太多，不像任务包文件。")
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, line, quoted=not event.implicit[0])
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(line, depth)
        return self.entries(line, depth)

    def items(self, line: int, depth: int) -> Items:
        nodes = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            nodes.append(self.node(event, depth + 1))
        return Items(tuple(nodes), line)

    def entries(self, line: int, depth: int) -> Entries:
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key, Scalar):
                raise _RefusedError(Trouble.REFUSED, key.line, "冒号前面只能是一个词。")
            if key.text == "<<" and not key.quoted:
                raise _RefusedError(Trouble.REFUSED, key.line, "不能用“<<”并入别处的内容，请写全。")
            if key.text in seen:
                self.problems.add(
                    Trouble.DUPLICATE_KEY,
                    self.file,
                    key.line,
                    f"“{key.text}”重复了（第 {seen[key.text]} 行已有），请删去或改名。",
                )
                continue
            seen[key.text] = key.line
            pairs.append((key, value))
        return Entries(tuple(pairs), line)


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1


def _place(error: yaml.YAMLError, text: str) -> tuple[int, int]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        lines = max(text.count("\n"), 1)
        return min(int(mark.line) + 1, lines), int(mark.column) + 1
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position) + 1, 1


def _explain(text: str, line: int, column: int) -> str:
    """Return a sentence with the usual slip of that line, if one is seen."""
    lines = text.splitlines()
    near = lines[line - 1] if line <= len(lines) else ""
    before = lines[line - 2] if line >= 2 and line - 2 < len(lines) else ""
    if "\t" in near:
        hint = "这一行有制表符（Tab），请改用空格缩进。"
    elif re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", near):
        hint = "这一行有看不见的控制字符，请删去重打。"
    elif re.search(r"^\s*(- )?[\w一-鿿]+：", near) or re.search(r"^\s*[\w一-鿿]+：", before):
        hint = "冒号、逗号要用半角的“:”“,”，冒号后空一格。"
    else:
        hint = (
            "请核对本行和上一行：缩进对齐、冒号后空一格、引号和括号成对，含“: ”“, ”的文字加引号。"
        )
    return f"第 {column} 个字附近不合 YAML 的写法。{hint}"
