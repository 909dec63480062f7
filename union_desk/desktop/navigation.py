"""Where one can go: a route names a page and what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from union_desk.taskpack.definition import TaskPack


@dataclass(frozen=True, slots=True)
class Route:
    """A page and what stands on it.

    `kind` is one of ``dashboard``, ``area``, ``ledger``, ``form``, ``print``, ``export``, ``sent``,
    ``inbox``, ``settings``, ``help``, ``targets`` and ``filings`` (tabs of the dashboard),
    ``import`` (a sheet before it is taken in), ``book`` (a 报送册; `text` is its file), or ``new``:
    ask for which form a new record is.
    `uid` is the record of a form page, None for a new one; `order` holds the uids of the list it
    was opened from, for 上一条 and 下一条.
    """

    kind: str
    area: str | None = None
    form: str | None = None
    uid: str | None = None
    filter: object | None = None
    """What a ledger shows first; a list filter of the store."""
    order: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    """The form of each record of `order`, where they are of several forms."""
    text: str = ""
    """A search term taken over: the name of a new record, the first words of a search."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation: its words, its icon, where it leads."""

    title: str
    icon: str
    route: Route
    levels: tuple[str, ...] = LEVELS
    """Levels of office that have it."""


DASHBOARD = Place("工作台", "layout-dashboard", Route("dashboard"))
HANDING_IN = (
    Place("收件", "inbox", Route("inbox"), LEVELS[1:]),
    Place("待审", "file-search", Route("review"), LEVELS[1:]),
    Place("汇总与打印", "printer", Route("print")),
    Place("报送", "send", Route("export")),
    Place("报送记录", "history", Route("sent")),
    Place("装入", "inbox", Route("inbox"), LEVELS[:1]),
)
FOOT = (
    Place("设置与备份", "settings", Route("settings")),
    Place("帮助", "help", Route("help")),
)
LOG = Place("操作记录", "history", Route("log"))
"""Reached from the settings and by Ctrl+K."""
BOOK = Place("报送册", "table-export", Route("book"))
"""Reached from 报送情况 and by Ctrl+K."""
DEFAULT_ICON = "file-text"
HOME = ("dashboard", "targets", "analysis", "owed", "years", "filings", "shares", "units")
"""Kinds of routes to the tabs of the 工作台."""
BELONGS = {
    "log": "settings", "peers": "settings", "keeping": "settings",
    "deciding": "review", "changes": "review",
    "sign_off": "print", "paper_check": "print", "book": "dashboard",
}  # fmt: skip
"""Kind of route of a page without an entry -> kind of the entry that it belongs to."""


def handing_in(level: str) -> tuple[Place, ...]:
    """Return the places under 报送 that an office of a level has."""
    return tuple(place for place in HANDING_IN if level in place.levels)


def review_tabs() -> tuple[tuple[str, Route], ...]:
    """Return the tabs of 待审: records to look at, what this level decides, changes reported."""
    return (
        ("待审记录", Route("review")),
        ("由本级确定", Route("deciding")),
        ("报告变化", Route("changes")),
    )


def areas(pack: TaskPack) -> tuple[Place, ...]:
    """Return the work areas of the package that hold a form."""
    return tuple(
        Place(area.title, area.icon or DEFAULT_ICON, Route("area", area=area.id))
        for area in pack.areas
        if pack.forms_of(area.id)
    )


def area_of(pack: TaskPack, route: Route) -> str | None:
    """Return the work area that `route` belongs to, if any."""
    if route.area:
        return route.area
    form = pack.forms.get(route.form or "")
    return form.area if form else None


def area_tabs(pack: TaskPack, area: str) -> tuple[tuple[str, Route], ...]:
    """Return the tabs of a work area: its overview, then its forms."""
    forms = ((form.title, Route("ledger", form=form.id)) for form in pack.forms_of(area))
    return (("概览", Route("area", area=area, text="overview")), *forms)
