"""Which rows count: each record's newest confirmed revision, neither voided nor a draft.

Returned records count until they are replaced. A detail row counts when its parent does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.sql import ColumnElement, FromClause


def counts(table: FromClause) -> ColumnElement[bool]:
    """Return the condition that a row of a form's table (not of a detail's) counts."""
    return sa.and_(table.c.record_state != "draft", table.c.deleted == 0)
