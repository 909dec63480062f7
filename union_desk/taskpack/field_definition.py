"""One thing a form asks for, and a term that counts or adds up what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.taskpack.expression_tree import Expression


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit that another field (its id) or ``today`` sets: ``value <operator> other``."""

    operator: str
    """One of ``<=``, ``<``, ``>=``, ``>``."""
    other: str


@dataclass(frozen=True)
class Field:
    """One thing asked for.

    `required_when`, `visible_when`, `computed` are expressions over the row; `prefill` is an
    expression, too, and only offered. `minimum` and `maximum` are in the unit that is typed
    (yuan for money). `choices` narrows a code list or an integer to the named values.
    """

    id: str
    label: str
    type: str
    required: bool = False
    required_when: Expression | None = None
    visible_when: Expression | None = None
    computed: Expression | None = None
    prefill: Expression | None = None
    prefill_previous: str | None = None
    """Id of a field of the same unit's previous sheet whose value is offered."""
    prefill_unit: str | None = None
    """Column of the unit directory whose value for the writing unit is offered."""
    default: str | None = None
    """As text, parsed by the field's type."""
    code_list: str | None = None
    form: str | None = None
    """Of a reference: the form it points to."""
    measure: str = ""
    """计量单位 printed behind the label: 人, 元/月, % …"""
    sensitivity: int = 0
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    """Exclusive lower limit."""
    bounds: tuple[Bound, ...] = ()
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    """Regular expression that the whole text must match."""
    pattern_help: str = ""
    """What the pattern asks for, in words."""
    check_digit: str | None = None
    """Name of a check-digit scheme of `field_types` that the text must satisfy."""
    file_types: tuple[str, ...] = ()
    max_bytes: int | None = None
    help: str = ""
    decided_by: str | None = None
    """Level that decides the value; below it the field is locked."""
    decided_codes: tuple[str, ...] = ()
    """Only these codes are locked below; the others are the unit's."""
    proposed: bool = False
    """The unit enters a value that counts until a decision is laid over it."""
    travels: bool = True
    pen: bool = False
    """Prints as a blank for the pen on every sheet and is no cell of it: 知情同意日期."""
    masked: bool = False
    """An ID number that shows only its ends even on a sheet its person signs: a student's."""


@dataclass(frozen=True, slots=True)
class Term:
    """Part of an indicator: an aggregate over the rows of a form for which `where` holds."""

    aggregate: str
    """``count``, ``sum`` or ``distinct``."""
    form: str
    where: Expression | None = None
    value: Expression | None = None
    latest_per_unit: bool = False
