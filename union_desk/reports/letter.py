"""Letters on the grid of GB/T 9704-2012: 22 lines of 28 characters, no red head, no signature."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.reports import fonts, grid, letter_text, marks, paragraph
from union_desk.reports.geometry import BASELINE, MM, SEAL, Box
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable

    from union_desk.reports.drawing import Surface
    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.grid import Part
    from union_desk.reports.job import Job, Told

TOP, LEFT, WIDTH, HEIGHT = 37 * MM, 28 * MM, 156 * MM, 225 * MM
SIZE, LEADING = 15.79, 28.99
"""Pitch of a character and of a line: 28 and 22 of them fill the type area."""
_TITLE, _TITLE_LEADING = 22.0, 36.0
_NUMBER = 14.0
_NUMBER_DROP = 7 * MM
_SMALL = 7.5
_SEAL_GAP = 1.6
_FONTS = {"first": fonts.HEAD, "second": fonts.KAI}
_TABLE_GAP = 8.0
_WHOLE = 6
"""Tables of no more rows are not parted: a letter is to have no half-empty pages."""


def plan(job: Job) -> Letter:
    """Return the letter of the job's report."""
    return Letter(job)


@dataclass(frozen=True)
class Letter:
    """A letter, its figures put in."""

    job: Job

    @cached_property
    def composed(self) -> letter_text.Composed:
        """What it says."""
        return letter_text.compose(self.job)

    @property
    def cells(self) -> Iterable[str]:
        """Digest lines."""
        return self.composed.cells

    @property
    def texts(self) -> Iterable[tuple[str, str, str]]:
        """What prints."""
        return self.composed.texts

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        pages = grid.paginate(self.parts(letter_text.spoken_day(furniture.made)), HEIGHT, HEIGHT)
        paper = LetterPaper(furniture, len(pages), trace=trace)
        for number, page in enumerate(pages):
            paper.begin()
            if not number:
                marks.qr(paper, furniture, paper.right, 9 * MM)
            grid.draw(paper, page, LEFT, TOP, WIDTH)
            paper.end()
            if progress is not None:
                progress(number + 1, len(pages))
        return paper.save()

    def docx(self, furniture: Furniture) -> bytes:
        """Return the letter as a Word file on the same grid."""
        from union_desk.reports.letter_docx import render

        return render(self.composed, furniture)

    def parts(self, day: str) -> list[Part]:
        """Return the lines of the letter."""
        said = self.composed
        parts: list[Part] = [Title(said.title)]
        parts += _lines(f"{said.addressee}：", indent=0) if said.addressee else []
        for item in said.body:
            if item.table is not None:
                parts.append(grid.Space(_TABLE_GAP))
                parts += item.table.parts(WIDTH, title=item.table.block.title, whole=_WHOLE)
                parts.append(grid.Space(_TABLE_GAP, keep=False))
            else:
                font = _FONTS.get(item.kind, fonts.BODY)
                lines = _lines(item.text, font=font)
                if item.kind in _FONTS:
                    lines = [replace(line, keep=True) for line in lines]
                parts += lines
        below: list[Part] = []
        if said.attachment:
            below = [grid.Space(LEADING), *_attached(said.attachment)]
        end = Signature(said.sender, day, said.signed)
        return [*_kept([*parts, *below], 2 + len(below)), end]


def _kept(parts: list[Part], count: int) -> list[Part]:
    """Keep the last pieces with the signature: no page with a seal alone."""
    found = list(parts)
    for place in range(max(len(found) - count, 0), len(found)):
        part = found[place]
        if isinstance(part, TextLine | grid.Row | grid.Space):
            found[place] = replace(part, keep=True)
    return found


def _lines(text: str, *, indent: float = 2, font: str = fonts.BODY) -> list[TextLine]:
    broken = paragraph.lines(text, WIDTH, font, SIZE, indent=indent)
    return [TextLine(line, font) for line in broken]


def _attached(text: str) -> list[TextLine]:
    """Return 附件：…, further lines under the first title."""
    names = [name for name in text.split("\n") if name]
    several = len(names) > 1
    found = []
    for number, name in enumerate(names, 1):
        lead = "附件：" if number == 1 else "　　　"
        found += _lines(f"{lead}{number}. {name}" if several else f"{lead}{name}")
    return found


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of the grid."""

    line: paragraph.Line
    font: str = fonts.BODY
    keep: bool = False
    boxed: bool = False

    @property
    def height(self) -> float:
        """The line pitch."""
        return LEADING

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the line, justified by the spacing of its characters."""
        spacing = paragraph.spacing(self.line, WIDTH, SIZE)
        baseline = top + LEADING / 2 + BASELINE * SIZE
        surface.text(
            left + self.line.indent, baseline, self.line.text, self.font, SIZE, spacing=spacing
        )

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None


@dataclass(frozen=True, slots=True)
class Title:
    """The title, each line balanced and centred, an empty line below."""

    lines: tuple[str, ...]
    keep: bool = True
    boxed: bool = False

    @property
    def _broken(self) -> list[str]:
        found = []
        for text in self.lines:
            found += [
                line.text for line in paragraph.balanced(text, WIDTH, fonts.TITLE, _TITLE).lines
            ]
        return found

    @property
    def height(self) -> float:
        """Height in points, in whole lines of the grid."""
        lines = len(self._broken) * _TITLE_LEADING / LEADING
        return (int(lines + 0.99) + 1) * LEADING

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the title."""
        for number, text in enumerate(self._broken):
            baseline = top + (number + 0.5) * _TITLE_LEADING + BASELINE * _TITLE
            surface.text(left + WIDTH / 2, baseline, text, fonts.TITLE, _TITLE, align="center")

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None


@dataclass(frozen=True, slots=True)
class Signature:
    """Sender and day at the right, a free place for the seal that presses both."""

    sender: str
    day: str
    signed: tuple[str, ...] = ()
    keep: bool = False
    boxed: bool = False

    @property
    def _before(self) -> float:
        return (1.2 if self.signed else 0) * LEADING

    @property
    def height(self) -> float:
        """Height in points, the seal's lower part included."""
        return self._before + (_SEAL_GAP + 1) * LEADING + SEAL / 2

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the lines; the day leaves four characters at the right."""
        for number, text in enumerate(self.signed):
            baseline = top + LEADING + BASELINE * SIZE / 2
            surface.text(left + number * WIDTH / 2, baseline, text, fonts.BODY, SIZE)
        right = left + WIDTH - 4 * SIZE
        day = fonts.width(self.day, fonts.BODY, SIZE)
        middle = right - day / 2
        half = fonts.width(self.sender, fonts.BODY, SIZE) / 2
        middle = min(middle, left + WIDTH - half, surface.width - SEAL / 2 - 3 * MM)
        first = top + self._before + _SEAL_GAP * LEADING + LEADING / 2
        for number, text in enumerate((self.sender, self.day)):
            baseline = first + number * LEADING + BASELINE * SIZE
            surface.text(middle, baseline, text, fonts.BODY, SIZE, align="center")
        centre = first + LEADING / 2
        surface.seal(Box(middle - SEAL / 2, centre - SEAL / 2, SEAL, SEAL))

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None


class LetterPaper(Paper):
    """A page with the margins of a letter: its number — 1 — below the type area."""

    def __init__(self, furniture: Furniture, pages: int, *, trace: Trace | None = None) -> None:
        super().__init__(furniture, pages, trace=trace)
        self.left, self.right = LEFT, LEFT + WIDTH
        self.bottom = TOP + HEIGHT

    def end(self) -> None:
        """Close the page: its number at the outer side, serial and codes in small print."""
        self.flush()
        number = f"— {self.page} —"
        baseline = TOP + HEIGHT + _NUMBER_DROP + 0.86 * _NUMBER
        odd = self.page % 2
        x = self.right - _NUMBER if odd else self.left + _NUMBER
        self.text(x, baseline, number, fonts.NUMBER, _NUMBER, align="right" if odd else "left")
        furniture = self.furniture
        line, below = self.height - marks.FOOT_LINE, self.height - marks.SMALL_LINE
        code = f"校验码 {furniture.check_code}" if furniture.check_code else ""
        self.text(self.left, line, furniture.serial, size=_SMALL)
        self.text(self.right, line, code, size=_SMALL, align="right")
        if furniture.made:
            made = f"生成时间 {marks.spoken(furniture.made)}"
            self.text(self.left, below, made, size=_SMALL)
        if furniture.key_code:
            key = f"核对码 {furniture.key_code}"
            self.text(self.right, below, key, size=_SMALL, align="right")
        self.canvas.showPage()
