"""What travels in which stream: upward, to one lower unit, to all of them.

``up`` goes to the parent and above, ``to-<unit>`` to one lower unit and all its computers, ``all``
to all lower units. Sheets and ledgers travel up; of those that the package marks so the own rows
travel to all, too. `TRAVELS` is the one place that says it of the system's tables.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.taskpack.system import SYSTEM_FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.definition import Form

UP, TO, ALL = "up", "to", "all"
"""Kinds of streams."""

TRAVELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "filing": (UP,),
        "check_note": (UP,),
        "indicator_note": (UP,),
        "change_request": (UP,),
        "issued_report": (UP,),
        "trust": (UP,),
        "return_note": (UP, TO),
        "review": (UP, TO),
        "decision": (UP, TO),
        "notice": (TO,),
        "receipt": (UP, ALL),
        "target_share": (ALL,),
        "unit": (UP, ALL),
        "unit_note": (UP, ALL),
        "unit_event": (UP, ALL),
        "period_lock": (UP, ALL),
        "obligation": (ALL,),
        "package": (ALL,),
        "enrol": (ALL,),
        "key": (ALL,),
    }
)
"""By system table: the kinds of streams that carry its rows."""
REVIEWERS = frozenset({"return_note", "review", "decision", "trust", "unit", "unit_event",
                       "period_lock"})  # fmt: skip
"""Tables that an office fills in about others: none comes up from a unit without children."""
COMPUTED = frozenset({"receipt", "package"})
"""Tables whose rows are made when a packet is: they hold what others have sent."""


def to_unit(unit: str) -> str:
    """Return the stream to one lower unit."""
    return f"{TO}-{unit}"


def kind(stream: str) -> str:
    """Return the kind of a stream."""
    return stream.partition("-")[0]


def unit_of(stream: str) -> str:
    """Return whom a stream to one unit is for, "" for the others."""
    return stream.partition("-")[2]


def carries(stream: str, form: Form) -> bool:
    """Return whether rows of a form may stand in a packet of `stream`; details follow parents."""
    found = kind(stream)
    if form.kind == "system":
        return found in TRAVELS.get(form.id, ())
    return found == UP or (found == ALL and form.broadcast)


def carried(stream: str, forms: Mapping[str, Form]) -> list[str]:
    """Return the ids of the forms whose stored rows `stream` carries, in their order."""
    return [
        form.id
        for form in forms.values()
        if form.kind != "detail" and form.id not in COMPUTED and carries(stream, form)
    ]


def known(stream: str) -> frozenset[str]:
    """Return the system tables of a stream that this program knows."""
    return frozenset(
        name for name, kinds in TRAVELS.items() if kind(stream) in kinds and name in SYSTEM_FORMS
    )
