"""Where people sign: the foot of tables and rosters, the opinion boxes of record sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import fonts
from union_desk.reports.geometry import BODY_SIZE, MM, PEN_ROW, SEAL, Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.reports.drawing import Surface
    from union_desk.reports.grid import Part
    from union_desk.reports.job import Job

PEN = 24 * MM
"""Width kept for a signature."""
DATE = "　　　　年　　月　　日"
LEVEL_TITLES = {
    "grassroots": "基层工会意见", "county": "县（市、区）总工会意见", "city": "市总工会意见",
}  # fmt: skip
STATEMENT = (
    "以上情况由本人提供，真实无误。本人知道这些情况属于个人信息，"
    "同意工会为会员服务、帮扶救助和工作统计收集、保存和逐级报送。"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A signature block read from its short name in the package.

    :param letter: A to G; AB is A at the grassroots, B above.
    :param opinions: number of opinion boxes.
    :param person: the person concerned signs, too (本人).
    """

    letter: str
    opinions: int = 0
    person: bool = False

    @classmethod
    def of(cls, name: str, level: str) -> Block:
        """Return the block that holds at a level."""
        match = re.match(r"E([1-3])", name)
        if match:
            return cls("E", int(match[1]), "本人" in name)
        letter = ("A" if level == "grassroots" else "B") if name.startswith("AB") else name[:1]
        return cls(letter or "A")

    @property
    def stamp(self) -> str:
        """What stands before the unit's name, at the seal place."""
        return "制表单位（盖章）：" if self.letter == "B" else "填报单位（盖章）："


def foot_items(block: Block, person: str, phone: str) -> list[str]:
    """Return what the foot of a table says; only who filled in is typed, the rest is signed."""
    who = "制表人" if block.letter == "B" else "填报人"
    when = "制表日期" if block.letter == "B" else "报出日期"
    signed = ["工会主席（签字）：", "审核人（签字）："]
    if block.letter == "D":
        signed.insert(0, "经办人（签字）：")
    elif block.letter == "G":
        return ["经办人（签字）：", "审核人（签字）：", f"日期：{DATE}"]
    items = [*signed, f"{who}：{person}"]
    if block.letter in {"A", "B"}:
        items.append(f"联系电话：{phone}")
    return [*items, f"{when}：{DATE}"]


@dataclass(frozen=True, slots=True)
class Foot:
    """The line or lines for signatures below a table, kept with its last rows."""

    items: tuple[str, ...]
    width: float
    keep: bool = False
    boxed: bool = False

    @property
    def lines(self) -> list[list[tuple[float, str]]]:
        """Items with their left edges, broken into as few lines as leave room for the pen."""
        wide = [
            fonts.width(text, fonts.BODY, BODY_SIZE) + (PEN if text.endswith("：") else BODY_SIZE)
            for text in self.items
        ]
        per_line = len(self.items)
        while per_line > 1 and not self._fits(wide, per_line):
            per_line -= 1
        found = []
        for start in range(0, len(self.items), per_line):
            chunk = self.items[start : start + per_line]
            widths = wide[start : start + per_line]
            rest = (self.width - sum(widths)) / max(len(chunk) - 1, 1) if len(chunk) > 1 else 0
            rest = min(rest, 60 * MM)
            x, line = 0.0, []
            for text, item in zip(chunk, widths, strict=True):
                line.append((x, text))
                x += item + rest
            found.append(line)
        return found

    def _fits(self, wide: Sequence[float], per_line: int) -> bool:
        return all(
            sum(wide[start : start + per_line]) <= self.width
            for start in range(0, len(wide), per_line)
        )

    @property
    def height(self) -> float:
        """Height in points."""
        return len(self.lines) * PEN_ROW + 1 * MM

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the items; the pen writes behind the colons."""
        for number, line in enumerate(self.lines):
            baseline = top + (number + 1) * PEN_ROW - 1.5 * MM
            for x, text in line:
                surface.text(left + x, baseline, text)

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None


@dataclass(frozen=True, slots=True)
class SealFoot:
    """Places to sign at the left, a place for the seal and the date at the right (block G)."""

    items: tuple[str, ...]
    width: float
    keep: bool = True
    boxed: bool = False

    @property
    def height(self) -> float:
        """Room for a seal of 42 mm."""
        return SEAL + 3 * MM

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the items below each other; the seal presses （盖　章） and the date."""
        for number, text in enumerate(self.items):
            surface.text(left, top + (number + 1) * (PEN_ROW + 4 * MM), text)
        seal = Box(left + self.width - SEAL - 12 * MM, top + 1.5 * MM, SEAL, SEAL)
        surface.seal(seal)
        middle = seal.x + SEAL / 2
        surface.text(middle, seal.y + SEAL * 0.55, "（盖　章）", align="center")
        surface.text(middle, seal.y + SEAL * 0.8, DATE[2:], align="center")

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None


def opinion_titles(job: Job, block: Block) -> tuple[str, ...]:
    """Return the titles of the opinion boxes.

    A report says how many levels give theirs. Without a report: the unit that files, and each
    level that decides a field of the form.
    """
    titles = list(LEVEL_TITLES.values())
    layout = job.body.sheet if job.record is not None else None
    if layout is not None and layout.opinions:
        return layout.opinions
    if block.opinions:
        lowest = 1 if job.of.writers and "grassroots" not in job.of.writers else 0
        lowest = min(lowest, 3 - block.opinions)
        return tuple(titles[lowest : lowest + block.opinions])
    deciding = [item.decided_by for item in job.of.fields if item.decided_by]
    above = [title for level, title in LEVEL_TITLES.items() if level in deciding]
    return ("填报单位意见", *above)


@dataclass(frozen=True, slots=True)
class Opinions:
    """Opinion boxes side by side, each with a free place for a seal of 42 mm."""

    titles: tuple[str, ...]
    width: float
    keep: bool = True
    boxed: bool = True

    @property
    def height(self) -> float:
        """58 mm for two, 72 mm for three narrow ones."""
        return {1: 50 * MM, 2: 58 * MM}.get(len(self.titles), 74 * MM)

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the boxes: opinion and signature at the left or above, seal and date beside."""
        step = self.width / len(self.titles)
        wide = len(self.titles) < 3
        for number, title in enumerate(self.titles):
            x = left + number * step
            box = Box(x, top, step, self.height)
            if number:
                surface.rule(x, top, x, box.bottom)
            surface.text(x + 4, top + 15, f"{title}：", cell=box)
            sign = box.bottom - 15 * MM if wide else top + 22 * MM
            surface.text(x + 4, sign, "负责人（签字）：", cell=box)
            seal_left = box.right - SEAL - (3 * MM if wide else (step - SEAL) / 2)
            seal = Box(seal_left, box.bottom - SEAL - 1.5 * MM, SEAL, SEAL)
            surface.seal(seal)
            middle = seal.x + SEAL / 2
            surface.text(middle, seal.y + SEAL * 0.62, "（盖　章）", align="center", cell=box)
            surface.text(middle, box.bottom - 4 * MM, DATE[2:], align="center", cell=box)
        surface.rule(left, top + self.height, left + self.width, top + self.height)

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None
