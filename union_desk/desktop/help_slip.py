"""求助单: what helps the one who is called, as text to copy or print; no personal data."""

from __future__ import annotations

import platform
import re
from typing import TYPE_CHECKING

import union_desk
from union_desk.desktop import faults

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from union_desk.desktop.session import Session

_LOG_LINES = 60
_MOST_ERRORS = 12
_PLACE = re.compile(r'File "[^"]*?([\w.]+)", line (\d+), in (\w+)')
_KIND = re.compile(r"([A-Za-z_][\w.]*(?:Error|Exception|Warning|Cancelled|Interrupt))\b")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}")


def lines(session: Session, logs: Path) -> Sequence[str]:
    """Return the lines of the slip."""
    from union_desk.desktop.backup_words import local
    from union_desk.store import backups

    pack, store = session.pack, session.store
    with store.read() as connection:
        last = None if store.demo else backups.last(connection)
    found = [
        f"程序 {union_desk.__version__}，{platform.system()} {platform.release()}",
        f"任务包 {pack.id} {pack.version}",
        f"单位 {store.unit_name}（{store.unit}）",
        f"上次备份 {local(last.at)}" if last else "还没有备份",
    ]
    errors = places(faults.last_entries(logs, _LOG_LINES))
    return [*found, "最近的错误：", *errors] if errors else [*found, "最近程序没有出错"]


def places(log: str) -> list[str]:
    """Return kinds of errors and places in the program; never what a message or a value says."""
    found = []
    for line in log.splitlines():
        place, kind, moment = _PLACE.search(line), _KIND.match(line.strip()), _MOMENT.search(line)
        if place:
            found.append(f"  {place[1]} 第 {place[2]} 行 {place[3]}")
        elif kind:
            found.append(f"  {kind[1]}")
        elif moment:
            found.append(moment[0])
    return found[-_MOST_ERRORS:]
