"""The rules of the system's own tables, which no package writes down: required, length, codes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.checks import Finding, runs, sentence
from union_desk.taskpack.derived import derive
from union_desk.taskpack.expression import Scope, fails
from union_desk.taskpack.system import SYSTEM_FORMS, SYSTEM_LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from union_desk.taskpack.definition import Check, TaskPack
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Row


def with_system_lists(pack: TaskPack) -> TaskPack:
    """Return the package with the code lists of the system's tables."""
    lists = MappingProxyType({**pack.code_lists, **SYSTEM_LISTS})
    return replace(pack, code_lists=lists)


@cache
def _checks(form: str) -> tuple[Check, ...]:
    return derive(SYSTEM_FORMS[form], Scope(form, SYSTEM_FORMS, SYSTEM_LISTS, {}))


def check_system_rows(
    form: str, rows: Iterable[Row], context: Context, pack: TaskPack
) -> Iterator[Finding]:
    """Yield every finding of rows of a system table."""
    for row in rows:
        for check in _checks(form):
            if runs(check, context.level) and fails(check, row, context):
                yield Finding(
                    form=form,
                    record=str(row["uid"]),
                    row=None,
                    column=None,
                    field=check.field,
                    code=check.id,
                    level=check.level,
                    message=sentence(check, row, pack, context=context),
                )
