"""Dates as people write them (GB/T 7408 and the habits of Chinese offices), kept as ISO text."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from union_desk.taskpack.typed_text import Hints, NotReadableError, compact

EARLIEST, LATEST = 1900, 2099
_EXAMPLE = "请写成 2012-08-27 这样的日期"
_FULL = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))",
    re.ASCII,
)
_SHORT = re.compile(r"(\d{1,2})(?:月(\d{1,2})[日号]?|[-/.](\d{1,2}))", re.ASCII)
_MIDNIGHT = re.compile(r"(?<=[0-9])T?00?:00(:00(\.0+)?)?$")
_NO_DAY = re.compile(r"\d{4}(?:(?:年|[-/.])\d{1,2}月?|\d{2})|\d{2}年\d{1,2}月", re.ASCII)
_TWO_DIGIT_YEAR = re.compile(r"\d{2}(年\d{1,2}月\d{1,2}[日号]?|([-/.])\d{1,2}\2\d{1,2})", re.ASCII)


def read_date(text: str, hints: Hints) -> str:
    """Return ISO text for what was typed.

    Taken: ``2012-8-5``, ``2012/8/5``, ``2012.8.5``, ``20120805``, ``2012年8月5日``; with the
    year of the hints ``8月27日``, ``8-27``, ``8.27``; ``=`` is today. NotReadableError else:
    a date without its day, or with half a year, is never completed by guess.
    """
    return _read(text, hints.year, hints.today)


@lru_cache(maxsize=8192)
def _read(text: str, year_meant: int | None, today: str) -> str:
    typed = _MIDNIGHT.sub("", compact(text).replace("−", "-").replace("—", "-"))
    if typed in {"=", "今天"} and today:
        return today
    full = _FULL.fullmatch(typed)
    if full:
        year, month, day = (int(part) for part in full.groups() if part is not None)
        return _existing(year, month, day)
    short = _SHORT.fullmatch(typed)
    if short:
        if year_meant is None:
            raise NotReadableError(f"缺少年份，{_EXAMPLE}")
        month, day = (int(part) for part in short.groups() if part is not None)
        return _existing(year_meant, month, day)
    if _NO_DAY.fullmatch(typed):
        raise NotReadableError(f"日期要写到日，{_EXAMPLE}")
    if _TWO_DIGIT_YEAR.fullmatch(typed):
        raise NotReadableError(f"年份要写四位，{_EXAMPLE}")
    raise NotReadableError(f"看不出是哪一天，{_EXAMPLE}")


def _existing(year: int, month: int, day: int) -> str:
    if not EARLIEST <= year <= LATEST:
        raise NotReadableError(f"年份应在 {EARLIEST} 至 {LATEST} 之间，请核对")
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise NotReadableError(f"没有 {year} 年 {month} 月 {day} 日这一天，请核对") from None


@lru_cache(maxsize=8192)
def ordinal(iso: str) -> int:
    """Return the number of the day of an ISO date, for differences."""
    return date.fromisoformat(iso).toordinal()


def completed_years(birth: str, on: str) -> int:
    """Return the age in completed years; a birthday of 29 February comes on 1 March."""
    return int(on[:4]) - int(birth[:4]) - (on[5:] < birth[5:])


def is_date(text: str) -> bool:
    """Return whether text is an ISO date as it is stored."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
