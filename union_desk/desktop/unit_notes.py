"""What an office notes about a unit below: a contact made, another duty for a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.store.units import UnitEntry
    from union_desk.taskpack.record import Value

DUTIES = {"must": "必报", "if_any": "有则报", "none": "不适用"}


def note_contact(session: Session, unit: UnitEntry, promise: str = "", reason: str = "") -> None:
    """Note that the unit was reached today, until when it promised to file and why it is late."""
    row: dict[str, Value] = {
        "unit": unit.code, "last_contact": session.today, "promise": promise or None,
        "late_reason": reason or None,
    }  # fmt: skip
    _put(session, "unit_note", row)


def change_duty(  # noqa: PLR0917 - the columns of one row
    session: Session, unit: str, form: str, duty: str, period: str, reason: str
) -> None:
    """Make a duty of the package stronger or weaker for a unit, from a period on.

    :raises InputError: I438, the row was not taken.
    """
    row: dict[str, Value] = {
        "unit": unit, "form": form, "duty": duty, "period_from": period, "reason": reason,
        "who": session.person,
    }  # fmt: skip
    _put(session, "obligation", row)


def _put(session: Session, form: str, row: dict[str, Value]) -> None:
    from union_desk.store import intake

    table = Table(form, list(row), [list(row.values())])
    done = intake.put(session.store, form, table, as_of=session.today, reason="在报送情况中登记")
    if done.refused:
        sentence = done.findings[0].message
        raise InputError("I438", f"没有记下：{sentence}。", "请改正后再试一次。")
