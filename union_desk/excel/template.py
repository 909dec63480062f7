"""The empty sheet of a form for people, with those of its details and one example row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import files
from union_desk.excel.form_sheet import codes_sheet, form_sheet, notes_sheet, plan_codes
from union_desk.excel.writing import new_book

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.taskpack.definition import Form, TaskPack


def template(form: Form, pack: TaskPack, path: Path) -> None:
    """Write an empty .xlsx for `form` and its detail tables that `put` reads back."""
    with new_book(path, lean=False) as (book, buffer):
        forms = (form, *(pack.forms[detail] for detail in form.details))
        lists = plan_codes(forms, pack)
        for item in forms:
            form_sheet(book, item, pack, lists)
        notes_sheet(book)
        codes_sheet(book, pack, lists)
    files.write_durable(path, buffer.getvalue())
