"""The tabs of the 工作台: what each level finds there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.desktop.navigation import Route
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session


def home_tabs(session: Session) -> Sequence[tuple[str, Route]]:
    """Return titles and routes: 办理本月 comes first at grassroots, 目标进度 above it."""
    years = (("年度结转", Route("years")),) if len(session.store.packs) > 1 else ()
    if session.level == LEVELS[0]:
        return (
            ("办理本月", Route("dashboard")),
            ("目标进度", Route("targets")),
            ("趋势", Route("analysis")),
            *years,
        )
    return (
        ("目标进度", Route("dashboard")),
        ("趋势与对照", Route("analysis")),
        ("报送情况", Route("filings")),
        ("目标分解", Route("shares")),
        ("组织机构", Route("units")),
        *years,
    )
