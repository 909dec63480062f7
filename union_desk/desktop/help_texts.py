"""The help pages as they lie in resources/help: a heading, paragraphs, lists, pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import resources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PICTURE = re.compile(r"!\[(.+)\]\((.+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a page: ``heading``, ``text``, ``item`` or ``picture``."""

    kind: str
    words: str
    """Of a picture what it shows."""
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class HelpText:
    """One help page."""

    title: str
    blocks: tuple[Block, ...]

    def holds(self, wanted: str) -> bool:
        """Return whether the page says something."""
        words = wanted.strip().lower()
        return any(words in text.lower() for text in (self.title, *(b.words for b in self.blocks)))


def pages() -> Sequence[HelpText]:
    """Return all help pages in order."""
    folder = resources.help_pages()
    return [_page(path, folder / "pictures") for path in sorted(folder.glob("*.txt"))]


def _page(path: Path, pictures: Path) -> HelpText:
    lines = [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
    return HelpText(
        lines[0].removeprefix("# "), tuple(_block(line, pictures) for line in lines[1:])
    )


def _block(line: str, pictures: Path) -> Block:
    shown = _PICTURE.fullmatch(line)
    if shown:
        return Block("picture", shown[1], pictures / shown[2])
    if line.startswith("## "):
        return Block("heading", line[3:])
    if line.startswith("- "):
        return Block("item", line[2:])
    return Block("text", line)
