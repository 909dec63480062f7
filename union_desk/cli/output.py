"""What the command line prints: tables a terminal shows straight, and JSON."""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from union_desk.checks import Finding

LEVELS = {"error": "错误", "warning": "警告", "hint": "提示"}
_STRIDE = 1_000


def say(text: str = "") -> None:
    """Print a line of the result."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Print a line beside the result: what was refused, how far the work is."""
    sys.stderr.write(text + "\n")


def show_json(data: object) -> None:
    """Print `data` as JSON, Chinese as it stands."""
    say(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))


def width(text: str) -> int:
    """Return the columns that a terminal needs for `text`: two for a wide character."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()
) -> None:
    """Print a table whose columns line up; those in `right` to the right edge."""
    lines = [list(header), *([cell.replace("\n", " ") for cell in row] for row in rows)]
    widths = [max(width(line[place]) for line in lines) for place in range(len(header))]
    rule = ["─" * wide for wide in widths]
    for line in (lines[0], rule, *lines[1:]):
        cells = [
            " " * (wide - width(cell)) + cell
            if place in right
            else cell + " " * (wide - width(cell))
            for place, (cell, wide) in enumerate(zip(line, widths, strict=True))
        ]
        say("  ".join(cells).rstrip())


def findings(found: Sequence[Finding], names: Mapping[str, str] | None = None) -> None:
    """Print findings in the order in which they stand, and below them how many there are.

    :param names: what people call the records, by record id; else findings go by row.
    """
    if found:
        place = "行" if names is None else "记录"
        table(
            ("级别", "表", place, "栏", "编号", "问题"),
            [
                (
                    LEVELS[item.level],
                    item.form,
                    str(item.row or "") if names is None else names.get(item.record or "", ""),
                    item.column or item.field or "",
                    item.code,
                    item.message + (f"（说明：{item.explained}）" if item.explained else ""),
                )
                for item in found
            ],
        )
        say()
    counts = {level: sum(item.level == level for item in found) for level in LEVELS}
    say("，".join(f"{title} {counts[level]} 条" for level, title in LEVELS.items()) + "。")


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as CSV."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def progress_line(title: str) -> Callable[[int, int], None] | None:
    """Return a callback that shows how far the work is, where someone is there to see it."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        if done % _STRIDE and done != total:
            return
        share = f"{100 * done // total}%" if total else f"{done}"
        sys.stderr.write(f"\r{title} {share} ")
        if total and done >= total:
            sys.stderr.write("\n")

    return show
