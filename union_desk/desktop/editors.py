"""Field type -> widget: the one list of editors."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.desktop.attachment_editor import AttachmentEditor
from union_desk.desktop.chips_editor import ChipsEditor
from union_desk.desktop.choice_editor import ChoiceEditor
from union_desk.desktop.date_editor import DateEditor
from union_desk.desktop.line_editor import LineEditor
from union_desk.desktop.reference_picker import ReferenceEditor
from union_desk.desktop.text_editor import TextEditor
from union_desk.desktop.yes_no_editor import YesNoEditor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field

    AnyEditor = (
        LineEditor | TextEditor | YesNoEditor | ChipsEditor | AttachmentEditor | ReferenceEditor
    )

EDITORS: Mapping[str, Callable[[Field, Reader], AnyEditor]] = MappingProxyType(
    {
        "text": LineEditor,
        "longtext": TextEditor,
        "int": LineEditor,
        "decimal": LineEditor,
        "money": LineEditor,
        "date": DateEditor,
        "choice": ChoiceEditor,
        "multi": ChipsEditor,
        "bool": YesNoEditor,
        "person_id": LineEditor,
        "uscc": LineEditor,
        "phone": LineEditor,
        "ref": ReferenceEditor,
        "attach": AttachmentEditor,
    }
)


def make(item: Field, reader: Reader) -> AnyEditor:
    """Return a new editor for a field."""
    return EDITORS[item.type](item, reader)
