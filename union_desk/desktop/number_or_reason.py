"""A number of a person and the reason why it is missing: two fields that are one question.

Nothing names them: a required number that is not asked for once a reason stands, and a reason
that is not asked for once the number stands, belong together wherever a form has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.taskpack.definition import Field

OR = "或"
"""What stands between the two."""
WORDS = "没有号码时选原因"


def reasons(fields: Sequence[Field]) -> Mapping[str, str]:
    """Return the field of the reason by the field of the number, of those among `fields`."""
    by_id = {item.id: item for item in fields}
    found = {}
    for number in fields:
        if number.type != "person_id" or number.required_when is None:
            continue
        read = number.required_when.fields
        reason = by_id.get(next(iter(read))) if len(read) == 1 else None
        if reason is None or reason.type != "choice" or reason.visible_when is None:
            continue
        if reason.visible_when.fields == {number.id}:
            found[number.id] = reason.id
    return found
