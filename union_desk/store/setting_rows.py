"""Table ``setting``: what a store knows of itself and what its people have set, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_UPSERT = (
    "INSERT INTO setting (key, value) VALUES (?, ?) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


def read(connection: Connection, key: str, default: str = "") -> str:
    """Return the value of `key`, or `default`."""
    row = connection.exec_driver_sql("SELECT value FROM setting WHERE key = ?", (key,)).first()
    return default if row is None else str(row[0])


def read_all(connection: Connection) -> dict[str, str]:
    """Return every setting."""
    rows = connection.exec_driver_sql("SELECT key, value FROM setting").all()
    return {str(key): str(value) for key, value in rows}


def write(connection: Connection, key: str, value: str) -> None:
    """Set `key`, inside the running transaction."""
    connection.exec_driver_sql(_UPSERT, (key, value))
