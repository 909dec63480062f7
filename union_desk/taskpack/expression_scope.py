"""What an expression may name: the fields of its form, other forms, code lists, parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.taskpack.expression_tree import FieldValue, HeadValue, ReferenceField
from union_desk.taskpack.system import SYSTEM_LISTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.definition import CodeList, Field, Form, Parameter

KINDS: Mapping[str, str] = {
    "text": "text", "longtext": "text", "int": "number", "decimal": "number", "money": "number",
    "date": "date", "choice": "text", "multi": "multi", "bool": "bool", "person_id": "text",
    "uscc": "text", "phone": "text", "ref": "ref", "attach": "multi",
}  # fmt: skip
"""Field type -> kind of its value in expressions."""

WORDS: Mapping[str, str] = {
    "number": "数字", "text": "文字", "date": "日期", "bool": "是否", "ref": "关联",
    "multi": "多选", "row": "记录",
}  # fmt: skip
"""Kinds as they are called in messages."""

HEAD_NAMES = frozenset({"uid", "unit", "period"})
"""The head columns that expressions see."""


class ExpressionError(ValueError):
    """An expression that cannot stand.

    :param message: what is wrong, in Chinese.
    :param offset: the character at which it is, counted from 0.
    """

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True)
class Scope:
    """The names open to an expression over the rows of one form.

    `forms` are all forms of the package and the system's own; their fields need no expressions
    yet.
    """

    form: str
    forms: Mapping[str, Form]
    code_lists: Mapping[str, CodeList]
    parameters: Mapping[str, Parameter]

    def of(self, form: str) -> Form:
        """Return a form by id; ExpressionError if there is none."""
        found = self.forms.get(form)
        if found is None:
            raise ExpressionError(f"没有表“{form}”")
        return found

    def codes(self, list_id: str) -> CodeList:
        """Return a code list by id; ExpressionError if there is none."""
        found = self.code_lists.get(list_id) or SYSTEM_LISTS.get(list_id)
        if found is None:
            raise ExpressionError(f"没有代码表“{list_id}”")
        return found

    def has(self, form: str, name: str) -> bool:
        """Return whether a bare name is a field or head column of a form."""
        return name in self.of(form).by_id or name in HEAD_NAMES

    def value(self, form: str, name: str, scope: str) -> FieldValue | HeadValue:
        """Return the node of a bare name; ExpressionError if it means nothing there."""
        item = self.of(form).by_id.get(name)
        if item is None:
            if name in HEAD_NAMES:
                return HeadValue(scope, name)
            raise ExpressionError(f"表“{form}”没有字段“{name}”")
        return self._field(form, item, scope)

    def _field(self, form: str, item: Field, scope: str) -> FieldValue:
        is_parent = item.id == self.of(form).parent_field
        return FieldValue(
            scope, item.id, item.type, KINDS[item.type], item.code_list, item.form, is_parent
        )

    def behind(self, form: str, reference: str, name: str, scope: str) -> ReferenceField:
        """Return the node of ``reference.name``."""
        found = self.value(form, reference, scope)
        if not isinstance(found, FieldValue) or found.kind != "ref" or found.target is None:
            raise ExpressionError(f"“{reference}”不是关联字段，后面不能再写“.{name}”")
        item = self.of(found.target).by_id.get(name)
        if item is None:
            raise ExpressionError(f"“{reference}”关联的表“{found.target}”没有字段“{name}”")
        if item.type == "ref":
            raise ExpressionError(f"“{reference}.{name}”又是关联字段，公式只能走一步")
        return ReferenceField(found, item.id, item.type, KINDS[item.type], item.code_list)

    def link(self, child: str, parent: str) -> FieldValue:
        """Return the reference field of `child` whose rows belong to a row of `parent`."""
        form = self.of(child)
        if form.detail_of == parent and form.parent_field:
            return self._field(child, form.by_id[form.parent_field], "row")
        links = [item for item in form.fields if item.type == "ref" and item.form == parent]
        if len(links) != 1:
            word = "没有" if not links else "有不止一个"
            raise ExpressionError(f"表“{child}”{word}字段关联到表“{parent}”")
        return self._field(child, links[0], "row")
