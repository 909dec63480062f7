"""What a person has set up on a page and finds again: kept in the store, per form and person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from union_desk.desktop import jobs

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from union_desk.desktop.session import Session

_PREFIX = "desk"


def read(session: Session, name: str, default: object = None) -> object:
    """Return what was kept under `name` for the one who works, or `default`."""
    from union_desk.store import setting_rows

    with session.store.read() as connection:
        text = setting_rows.read(connection, _key(session, name))
    return json.loads(text) if text else default


def keep(owner: QObject, session: Session, name: str, value: object) -> None:
    """Keep `value` under `name`, in a worker."""
    from union_desk.store import setting_rows

    text = json.dumps(value, ensure_ascii=False)
    key = _key(session, name)

    def write(_progress: object) -> None:
        with session.store.write() as transaction:
            setting_rows.write(transaction.connection, key, text)

    jobs.run(owner, write, lane="write")


def _key(session: Session, name: str) -> str:
    return f"{_PREFIX}:{session.person}:{name}"
