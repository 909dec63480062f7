"""What nobody foresaw, as it may be written down: the call stack, and nothing of any person."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

LOG = logging.getLogger("union_desk.crash")

_LATIN = 0x2E7F
_LONGEST = 200


def described(error: BaseException) -> str:
    """Return the call stack of `error` without values: no names of people, no numbers."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {Path(item.filename).name}:{item.lineno} {item.name}" for item in frames]
    words = _without_values(str(error)[:_LONGEST])
    return "\n".join([f"{type(error).__name__}: {words}", *lines])


def _without_values(words: str) -> str:
    """Return `words` without what could be of a person: Chinese, and digits in a row."""
    blank = "".join("…" if ord(letter) > _LATIN or letter.isdigit() else letter for letter in words)
    return "…".join(part for part in blank.split("…") if part) if "…" in blank else blank
