"""Words that the pages of the dashboard share."""

from __future__ import annotations

from datetime import date

SOON = 3
"""Days before a deadline from which it is red."""


def day_words(iso: str) -> str:
    """Return an ISO date as 8 月 31 日."""
    day = date.fromisoformat(iso)
    return f"{day.month} 月 {day.day} 日"
