"""What every page of a paper carries beside its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DRAFT_MARK = "草稿　未报送"
DEMO_MARK = "示例数据"
VOID_MARK = "作废"


@dataclass(frozen=True, slots=True)
class Furniture:
    """Title, serial, codes and marks of one paper.

    `made` is the time it says it was made at (ISO, UTC), given from outside: for an issue its
    own time, so that a reprint has the same bytes. A blank form has no serial and no code.
    """

    title: str
    unit: str
    unit_name: str
    serial: str = ""
    check_code: str = ""
    payload: str = ""
    watermark: str = ""
    made: str = ""
    key_code: str = ""
    """核对码 of the unit's key, 4-4-4."""
    table_code: str = ""
    issuer: str = ""
    basis: str = ""
    version: str = ""
    extra_fonts: tuple[Path, ...] = ()
