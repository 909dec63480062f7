"""A package half read: definitions whose expressions are still text with a line."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.taskpack.definition import Field, Form, Indicator, Report, Target, Term
    from union_desk.taskpack.document import Scalar
    from union_desk.taskpack.reading import Part


@dataclass(slots=True)
class FieldDraft:
    """A field, the line it begins in, and its expressions as they stand in the file."""

    field: Field
    line: int
    expressions: dict[str, Scalar] = dataclasses.field(default_factory=dict)
    """By attribute of Field: ``required_when``, ``visible_when``, ``computed``, ``prefill``."""
    marks: dict[str, int] = dataclasses.field(default_factory=dict)
    """Lines of what refers to something else: ``code_list``, ``form``, ``bounds`` …"""

    def place(self, attribute: str) -> int:
        """Line of an attribute, else of the field."""
        return self.marks.get(attribute, self.line)


@dataclass(slots=True)
class CheckDraft:
    """A check without its expressions: `values` are the other attributes of Check."""

    id: str
    line: int
    values: dict[str, object]
    rule: Scalar | None
    when: Scalar | None
    lists: tuple[tuple[str, Scalar], ...] = ()
    field_line: int = 0


@dataclass(slots=True)
class FormDraft:
    """A form of one file."""

    form: Form
    file: str
    line: int
    fields: dict[str, FieldDraft]
    checks: list[CheckDraft]
    marks: dict[str, int] = dataclasses.field(default_factory=dict)

    def place(self, attribute: str) -> int:
        """Line of an attribute, else of the form."""
        return self.marks.get(attribute, self.line)


@dataclass(slots=True)
class TermDraft:
    """A term of an indicator."""

    term: Term
    line: int
    value: Scalar | None
    where: Scalar | None


@dataclass(slots=True)
class IndicatorDraft:
    """An indicator whose terms are still text."""

    indicator: Indicator
    file: str
    line: int
    numerator: list[TermDraft]
    denominator: list[TermDraft]
    target: Target | None = None
    marks: dict[str, int] = dataclasses.field(default_factory=dict)


@dataclass(slots=True)
class ReportDraft:
    """A report and its place."""

    report: Report
    file: str
    line: int
    marks: dict[str, int] = dataclasses.field(default_factory=dict)
    part: Part | None = None
    """Its part of the file: what it prints is read when all forms are known."""
