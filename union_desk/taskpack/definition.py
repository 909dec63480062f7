"""A task package as frozen data: what is asked, of whom, by when, checked and added up how.

Nothing here knows a particular form. Ids of forms, fields, code lists, checks, indicators
and reports are the package's own; `load` builds these objects from its files.

Levels are the strings ``"grassroots" < "county" < "city"``; filing kinds are ``"month"``,
``"quarter"``, ``"year"``; dates are ISO text; numbers of money fields are whole fen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.taskpack.field_definition import Bound, Field, Term
from union_desk.taskpack.paper_blocks import Body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.expression_tree import Expression
    from union_desk.taskpack.organisation import Directory, Unit, UnitKind

__all__ = [
    "FILINGS",
    "HEAD",
    "LEVELS",
    "Bound",
    "Check",
    "CodeItem",
    "CodeList",
    "Field",
    "Form",
    "Indicator",
    "Parameter",
    "Report",
    "Section",
    "Target",
    "TaskPack",
    "Term",
    "WorkArea",
    "reaches",
    "version_order",
]

LEVELS = ("grassroots", "county", "city")
FILINGS = ("month", "quarter", "year")
HEAD = (
    "uid", "origin", "unit", "period", "record_state", "rev", "package",
    "created_by", "created_at", "updated_at", "packet", "deleted",
)  # fmt: skip
"""Head columns of every record, the same names in SQL, packets, ``put`` and ``get``."""


def reaches(level: str, wanted: str) -> bool:
    """Return whether `level` is `wanted` or stands above it."""
    return LEVELS.index(level) >= LEVELS.index(wanted)


@dataclass(frozen=True, slots=True)
class CodeItem:
    """One code: its label and the attributes that checks and indicators ask for."""

    code: str
    label: str
    attributes: Mapping[str, str | bool] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class CodeList:
    """A list of codes in their printed order."""

    id: str
    title: str
    items: tuple[CodeItem, ...]
    source: str = ""

    @cached_property
    def by_code(self) -> Mapping[str, CodeItem]:
        """Items by code."""
        return MappingProxyType({item.code: item for item in self.items})

    @cached_property
    def by_label(self) -> Mapping[str, CodeItem]:
        """Items by label."""
        return MappingProxyType({item.label: item for item in self.items})

    def label(self, code: str | None) -> str:
        """Return the label of `code`; an unknown code stands for itself, none is empty."""
        if code is None:
            return ""
        item = self.by_code.get(code)
        return item.label if item else code


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the paper form: a title and the ids of its fields in reading order."""

    title: str
    fields: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Check:
    """A rule over one record. It fails only where `rule` is surely false and `when` true.

    `kind` says where it comes from: ``required``, ``constraint``, ``row``, ``cross``,
    ``duplicate``, ``decided``. `field` is where the finding stands, if at one field.
    """

    id: str
    form: str
    level: str
    """``error`` or ``warning``."""
    message: str
    rule: Expression
    when: Expression | None = None
    kind: str = "row"
    field: str | None = None
    checked_at: str | None = None
    """Runs at this level and above; None: everywhere."""
    hint_until: str | None = None
    """Column of the unit directory: a hint until the unit has declared that period."""
    reasons: tuple[str, ...] = ()
    """Common reasons offered when a warning is explained."""
    lists: tuple[tuple[str, Expression], ...] = ()
    """Names told with the message: what they are, and the expression that gathers them."""


@dataclass(frozen=True)
class Form:
    """A sheet (one per unit and period), a ledger, or the detail table of one.

    `derived` are the checks that follow from the field definitions; `checks` the row checks
    and cross-form checks of the package, in its order.
    """

    id: str
    title: str
    area: str
    kind: str
    """``sheet``, ``ledger``, ``detail`` or ``system``."""
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    writers: tuple[str, ...] = ()
    filing: str = "month"
    duplicate_keys: tuple[tuple[str, ...], ...] = ()
    natural_keys: tuple[tuple[str, ...], ...] = ()
    """Alternatives: the first whose parts are all filled identifies the row for people."""
    short_key: tuple[str, ...] = ()
    """Shorter form of the natural key that files may use."""
    name_field: str = ""
    """The field whose value names a row in lists and references."""
    checks: tuple[Check, ...] = ()
    derived: tuple[Check, ...] = ()
    detail_of: str | None = None
    parent_field: str | None = None
    """Of a detail: its reference field that is the link to the parent."""
    details: tuple[str, ...] = ()
    help: str = ""
    number: int = 0
    """Place in the package's list of forms."""
    broadcast: bool = False
    """Travels down to all units, persons' cells left empty."""
    carry: str = ""
    """In the next year: ``continue``, ``copy`` (as drafts) or ``empty``; "" lets the form tell."""

    keep_years: int = 0
    """Years that personal data of a record are kept (保存期); 0: the package does not say."""
    keep_from: str | None = None
    """Date field at which they begin; while it is empty they have not begun. None: they begin
    when the record was last written."""

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """Fields by id."""
        return MappingProxyType({item.id: item for item in self.fields})

    @property
    def all_checks(self) -> tuple[Check, ...]:
        """Every check of the form: derived ones first."""
        return self.derived + self.checks


@dataclass(frozen=True, slots=True)
class WorkArea:
    """A work area of the notice: its number, title and icon name."""

    id: str
    title: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached in the year, in the indicator's measure."""

    operator: str
    value: float
    source: str = ""


@dataclass(frozen=True)
class Indicator:
    """scale x sum(numerator terms) / sum(denominator terms); no denominator: a count or sum."""

    id: str
    title: str
    measure: str
    area: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] = ()
    scale: int = 1
    by: str | None = None
    basis: str = "flow"
    """``flow``, ``stock`` or ``period``."""
    roll_up: str = "sum"
    """``sum``, ``sum_num_den`` or ``recount_distinct``."""
    target: Target | None = None
    base: str = ""
    """What its denominator is, where targets may be divided by it: 职工数, 企业数."""
    source: str = ""
    money: bool = False
    """The value is money: fen inside, yuan shown."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value that checks ask for; a county may set its own."""

    id: str
    label: str
    default: str | None = None
    type: str = "decimal"


@dataclass(frozen=True, slots=True)
class Report:
    """A printed report: which layout draws it, from which forms, at which level."""

    id: str
    title: str
    layout: str
    """``targets``, ``sheet``, ``roster``, ``table``, ``matrix``, ``letter``, ``cover``, …"""
    levels: tuple[str, ...]
    forms: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    landscape: bool = False
    block: str = "A"
    content: str = ""
    table_code: str = ""
    """表号"""
    needs_record: bool = False
    record_form: str | None = None
    """The form of which one record prints as a single sheet under this report."""
    record_block: str = ""
    """Signature block of that single sheet."""
    heading: str = ""
    """Title as it prints, where the report's name says more than that; empty: the name."""
    record_heading: str = ""
    """Title of that single sheet."""
    body: Body = field(default_factory=Body)
    """Blocks of figures, letter, comparison: what stands between head and foot."""


def version_order(version: str) -> tuple[int, ...]:
    """Return a package's version as numbers to be compared: 1.10 is newer than 1.9."""
    return tuple(int(part) for part in version.split("."))


@dataclass(frozen=True)
class TaskPack:
    """One notice: everything that is asked of the units in a year."""

    id: str
    version: str
    title: str
    year: int
    year_from: str
    year_to: str
    document: str
    """文号 of the notice, printed as 依据."""
    issuer: str
    """制定机关"""
    areas: tuple[WorkArea, ...]
    code_lists: Mapping[str, CodeList]
    forms: Mapping[str, Form]
    """Sheets, ledgers and details, in the package's order."""
    indicators: Mapping[str, Indicator]
    units: tuple[Unit, ...]
    unit_kinds: tuple[UnitKind, ...]
    duties: Mapping[tuple[str, str], str]
    """(form id, unit kind id) -> ``must``, ``if_any`` or ``none``."""
    directory: Directory
    parameters: Mapping[str, Parameter]
    reports: Mapping[str, Report]
    due_days: Mapping[str, int]
    """Filing kind -> days after the period's last day."""
    digest: str
    """SHA-256 over the files of the package, hex."""
    active_days: int = 15
    """A period in which a unit is active for fewer days is not expected."""
    second_sign_in: bool = False
    """What counts takes the sign-in of a second person in every unit."""
    system_lists: Mapping[str, CodeList] = field(default_factory=lambda: MappingProxyType({}))
    """Code lists of the system forms: the same in every package."""

    @property
    def order(self) -> tuple[int, ...]:
        """The version as numbers: of two versions of a package the greater is the newer."""
        return version_order(self.version)

    @cached_property
    def top_forms(self) -> tuple[Form, ...]:
        """Sheets and ledgers, without detail tables."""
        return tuple(form for form in self.forms.values() if form.kind != "detail")

    def forms_of(self, area: str) -> tuple[Form, ...]:
        """Return the sheets and ledgers of a work area."""
        return tuple(form for form in self.top_forms if form.area == area)

    def codes(self, item: Field) -> CodeList | None:
        """Return the code list of a field, if it has one."""
        if not item.code_list:
            return None
        return self.code_lists.get(item.code_list) or self.system_lists.get(item.code_list)
