"""What a table or a letter of a package says: blocks of counted figures, lists, paragraphs.

Pure data; ``paper_reading`` makes it from a package's files, the store counts what it asks for
and the layouts of ``reports`` draw it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.expression_tree import Expression
    from union_desk.taskpack.field_definition import Field, Term
    from union_desk.taskpack.record import Value

GROUPS, UNITS, LINES, LIST, SUM = "groups", "units", "lines", "list", "sum"
"""What the rows of a block are: values of fields, units below, named lines, records, one sum."""
BODY_KEYS = ("表块", "公文", "对照", "口径", "标注", "附注", "计量单位", "条件", "单条版面")
"""Keys of a report in the package that say what it prints."""
UNFILLED = ""
"""Key of the row of those whose field is not filled in."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A term whose rows are told apart by `groups`, or which falls whole into the row `into`."""

    term: Term
    groups: tuple[Expression, ...] = ()
    into: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of a counted block.

    `shape` is ``number``, ``money`` (yuan), ``wan`` (10,000 yuan) or ``percent``.
    """

    id: str
    title: str
    upper: str = ""
    """Head above it and its neighbours."""
    shape: str = "number"
    counted: tuple[Counted, ...] = ()
    fen: bool = False
    """Whether its sums are whole fen (else yuan)."""
    share: tuple[str, str] | None = None
    """Ids of the columns whose quotient it is, in percent."""
    ranks: str | None = None
    """Id of the column by whose value the rows are ranked."""
    less: tuple[str, str] | None = None
    """Ids of the columns whose difference it is."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of a list: a field of its form, an expression, or the unit's name."""

    id: str
    title: str
    field: Field | None = None
    value: Expression | None = None
    shape: str = "text"
    summed: bool = False


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row that prints in any case: its key (codes joined by ``|``) and its words."""

    key: str
    title: str
    depth: int = 0
    """1 below a subtotal."""


Number = int | float


@dataclass(frozen=True, slots=True)
class Counts:
    """What a block's counted columns come to: by column and row key, and over all rows."""

    rows: tuple[RowKey, ...]
    values: Mapping[str, Mapping[str, Number]]
    totals: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list: its record, unit, stored values, and those of the expressions."""

    uid: str
    unit: str
    values: Mapping[str, Value]
    told: Mapping[str, Value]
    band: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A record that was returned: what is to be mended, by when."""

    uid: str
    unit: str
    form: str
    """Title of the form."""
    record: str
    """What names the record."""
    rule: str
    text: str
    reviewer: str
    due_date: str | None


@dataclass(frozen=True, slots=True)
class PaperMark:
    """What is known of a paper of a unit: ``received``, ``awaited`` (the file went first)."""

    unit: str
    form: str
    """The form it is about; "" where it is about several."""
    title: str
    serial: str
    state: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a warning was passed: one explanation for `count` records of a form."""

    title: str
    check: str
    message: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Block:
    """One boxed table."""

    id: str
    kind: str
    form: str
    title: str = ""
    label: str = ""
    """Head of the first column."""
    where: Expression | None = None
    rows: tuple[RowKey, ...] = ()
    groups: tuple[Field, ...] = ()
    """Fields by whose values the rows are told apart, the outer one first."""
    figures: tuple[Figure, ...] = ()
    shown: tuple[Shown, ...] = ()
    order: tuple[Expression, ...] = ()
    band: Expression | None = None
    """Of a list: what stands in a heading wherever it changes."""
    total: bool = True
    sparse: bool = False
    """Whether rows of nothing but zeros stay out (reporting blocks of the package never do)."""
    levels: tuple[str, ...] = ()
    """Levels whose paper has it; empty: all."""
    nil: str = ""
    """What is said where there is nothing; empty: 本期无."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a letter.

    `kind`: ``text`` (a paragraph), ``first`` and ``second`` (headings 一、 and （一）),
    ``progress`` (figures by work area), ``lagging`` (what trails, with reasons), ``block``,
    ``returned``, ``overdue``, ``awaited`` (papers still to come),
    ``units`` (how many targets each unit below has reached).
    """

    kind: str
    text: str = ""
    block: str = ""
    levels: tuple[str, ...] = ()
    """Levels whose letters have it; empty: all."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: texts by level, with places for {期间}, {单位}, {上级}, {依据} and so on."""

    title: Mapping[str, str]
    addressee: Mapping[str, str]
    passages: tuple[Passage, ...]
    attachment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class MatrixSheet:
    """One sheet of the comparison: a title and the indicators in its columns."""

    title: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A field on a sheet: columns of its label and of its value."""

    field: str
    label: int
    value: int


@dataclass(frozen=True, slots=True)
class SheetPiece:
    """A piece of a sheet.

    `kind`: ``row`` of fields, ``detail`` table, ``title``, ``text``, amount in ``words``.
    """

    kind: str
    spots: tuple[Spot, ...] = ()
    photo: bool = False
    """Whether the row stands beside the place for a photograph."""
    form: str = ""
    columns: tuple[str, ...] = ()
    """Of a detail table: its fields; empty: all."""
    count: int = 0
    """Rows that a detail table has at least."""
    text: str = ""
    label: str = ""
    signed: bool = False
    """Whether the person concerned signs under the text."""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """How one record stands on its sheet."""

    pieces: tuple[SheetPiece, ...]
    left: str = ""
    """Field above the frame at the left, `right` at the right."""
    right: str = ""
    opinions: tuple[str, ...] = ()
    """Titles of the opinion boxes, in place of the levels'."""
    rest: bool = True
    """Whether filled fields that no piece names follow in their order."""


@dataclass(frozen=True, slots=True)
class Body:
    """What stands on a paper besides its head and foot."""

    blocks: tuple[Block, ...] = ()
    letter: Letter | None = None
    sheets: tuple[MatrixSheet, ...] = ()
    span: str = ""
    """``year`` (1—8月), ``period`` (8月) or ``day`` (截至): what the figures are of.

    Empty: the year for tables, the period for rosters."""
    where: Expression | None = None
    """Of a roster: which rows of its form it holds."""
    mark: str = ""
    """A mark at the head, as 内部资料."""
    notes: tuple[str, ...] = ()
    measure: str = ""
    """计量单位 in the line above the table."""
    sheet: SheetLayout | None = None
    """How one record stands on its sheet; None: from the form's sections."""
    subject: str = ""
    """Of a matrix: ``progress`` or ``filings``."""

    def block(self, name: str) -> Block:
        """Return the block of an id."""
        return next(item for item in self.blocks if item.id == name)
