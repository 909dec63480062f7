"""The list of files that were taken in or refused, each with what became of its packets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store, Transaction


@dataclass(frozen=True, slots=True)
class Intake:
    """One file and what became of it."""

    uid: str
    name: str
    sha256: str
    size: int
    at: str
    person: str
    outcomes: tuple[Mapping[str, object], ...]


def note(
    tx: Transaction, name: str, sha256: str, size: int, outcomes: Sequence[Mapping[str, object]]
) -> None:
    """Enter a file with the outcomes of its packets."""
    tx.connection.execute(
        sa.insert(tx.tables.intake).values(
            uid=new_uid(),
            name=name,
            sha256=sha256,
            bytes=size,
            at=tx.now,
            person=tx.person,
            outcomes=json.dumps(list(outcomes), ensure_ascii=False),
        )
    )


def newest(connection: Connection, store: Store, most: int = 200) -> list[Intake]:
    """Return the files taken in or refused, the latest first."""
    table = store.tables.intake
    chosen = sa.select(table).order_by(table.c.uid.desc()).limit(most)
    return [
        Intake(
            row["uid"],
            row["name"],
            row["sha256"],
            row["bytes"],
            row["at"],
            row["person"],
            tuple(json.loads(row["outcomes"])),
        )
        for row in connection.execute(chosen).mappings()
    ]
