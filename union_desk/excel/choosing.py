"""Which table of a file belongs to which form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.excel.examples import without_example
from union_desk.excel.reading import CODES_SHEET, NOTES_SHEET, sheet_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.taskpack.definition import Form, TaskPack
    from union_desk.taskpack.record import Table


def choose(tables: Sequence[Table], form: Form, pack: TaskPack) -> tuple[Table, dict[str, Table]]:
    """Return the table of `form` and those of its detail tables by id, out of one file's tables.

    A single table is the form's whatever its name; of several each must carry the id or the
    title of the form or of one of its details. Rows marked as examples are left out.

    :raises InputError: I490, I491; I560, an example was typed over.
    """
    if len(tables) == 1:
        return without_example(tables[0], form, pack), {}
    wanted = {form.id: form, **{detail: pack.forms[detail] for detail in form.details}}
    names = {
        name: key for key, item in wanted.items() for name in (key, item.title, sheet_name(item))
    }
    found: dict[str, Table] = {}
    for table in tables:
        if table.name in (NOTES_SHEET, CODES_SHEET):
            continue
        key = names.get(table.name.strip())
        if key is None or key in found:
            titles = "、".join(f"“{sheet_name(item)}”" for item in wanted.values())
            raise InputError(
                "I490",
                f"工作簿里的工作表“{table.name}”不知道属于哪张表。",
                f"工作表请以表名命名：{titles}；用不着的请删去。",
            )
        found[key] = without_example(table, wanted[key], pack)
    if form.id not in found:
        raise InputError(
            "I491", f"工作簿里没有“{sheet_name(form)}”的工作表。", "请把工作表改名为表名后再试。"
        )
    return found.pop(form.id), found
