"""The tree an expression becomes: small frozen nodes with every name resolved.

Two readings walk it: closures over one row (:mod:`expression_values`) and SQL over whole
tables (in ``store``). Both must give the same answer, so this is what the nodes mean.

Blanks are SQL's NULL. An operator or function with an empty operand is empty; ``and or not``
are three-valued; ``empty`` and ``filled`` never are. A field behind a reference that leads
nowhere is empty. A check fails only where its rule is surely false; a condition (``when``,
``where``) holds only where it is surely true. Counts and sums over no row are 0.

Every node has a `kind`: ``number``, ``text``, ``date`` (ISO text), ``bool``, ``ref``, ``multi``
(codes joined by ``;``) or ``row``. Money fields read in yuan: the stored fen / 100.0.
A scope is ``row`` (the row itself; inside a quoted condition the row of the other form) or
``this`` (inside a quoted condition: the outer row).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; yes and no are True and False."""

    value: float | str | bool
    kind: str


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field of the row. A detail's link to its parent is the column ``parent`` of its row."""

    scope: str
    field: str
    type: str
    kind: str
    code_list: str | None = None
    target: str | None = None
    """Of a reference: the form it points to."""
    is_parent: bool = False

    @property
    def column(self) -> str:
        """The key of the value in a row; of a reference, that of the record id."""
        return "parent" if self.is_parent else self.field

    @property
    def money(self) -> bool:
        """Whether the stored value is fen."""
        return self.type == "money"


@dataclass(frozen=True, slots=True)
class HeadValue:
    """``uid``, ``unit`` or ``period`` of the row's head."""

    scope: str
    name: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class ReferenceField:
    """A field of the record that a reference of the row points to, by its record id."""

    reference: FieldValue
    field: str
    type: str
    kind: str
    code_list: str | None = None

    @property
    def target(self) -> str:
        """The form of the record pointed to."""
        return self.reference.target or ""

    @property
    def money(self) -> bool:
        """Whether the stored value is fen."""
        return self.type == "money"


@dataclass(frozen=True, slots=True)
class This:
    """The outer row itself, only ever beside a reference."""

    form: str
    kind: str = "row"


@dataclass(frozen=True, slots=True)
class SameRecord:
    """Whether a reference points to the same record as `other`.

    Two references: their record ids, or where one is unknown its natural key, are equal. `This`:
    the record id is the outer row's. Text: the natural key is that text.
    """

    reference: FieldValue
    other: Node
    negated: bool
    kind: str = "bool"


@dataclass(frozen=True, slots=True)
class Compare:
    """``== != < <= > >=`` between two operands of one kind; text and yes/no only ``== !=``."""

    operator: str
    left: Node
    right: Node
    kind: str = "bool"


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether the operand is one of the literals."""

    operand: Node
    values: tuple[Literal, ...]
    negated: bool
    kind: str = "bool"


@dataclass(frozen=True, slots=True)
class Boolean:
    """``and`` or ``or`` of two or more operands."""

    operator: str
    operands: tuple[Node, ...]
    kind: str = "bool"


@dataclass(frozen=True, slots=True)
class Not:
    """Three-valued ``not``."""

    operand: Node
    kind: str = "bool"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+ - * /``; ``/`` always gives the exact quotient, empty over 0."""

    operator: str
    left: Node
    right: Node
    kind: str = "number"


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    operand: Node
    kind: str = "number"


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Text behind text."""

    left: Node
    right: Node
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments alone.

    ``empty(x) filled(x)`` of anything (a reference is filled when its record id, key or label
    is); ``nz(n)`` empty as 0; ``abs(n)``; ``round(n, literal)`` half away from zero;
    ``length(text)`` in characters; ``has(multi, literal)``; ``year(date)``; ``days(a, b)`` = b - a;
    ``age(birth, on)`` completed years; ``id_birth(pid) id_gender(pid)`` from an 18-character ID
    number; ``who(pid, name, birth)`` = pid, else fold(name) + "|" + birth (an unknown birth date
    is the empty text), empty where the name is, too.
    """

    function: str
    arguments: tuple[Node, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class CodeAttribute:
    """An attribute of the chosen code.

    `values` gives it for every code of the list, so no reading needs the list itself. Kind
    ``bool``: True or False, False where the code has none. Kind ``text``: empty where it has
    none. Kind ``number`` (inside ``num()``): the number that the text writes.
    """

    operand: FieldValue | ReferenceField
    name: str
    values: tuple[tuple[str, bool | float | str | None], ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the package, as the county has set it; empty where unset."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ContextValue:
    """``today``, ``as_of``, ``year_start`` (dates) or ``this_year`` (number) of the run."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class PeriodDay:
    """First or last day of the period: of a sheet, its own; of a ledger, the run's.

    `source` is ``row`` or ``this`` (the period in that row's head) or ``context``.
    """

    source: str
    bound: str
    kind: str = "date"


@dataclass(frozen=True, slots=True)
class Children:
    """``count`` of, or ``sum`` of a field over, the rows of `form` whose `link` is this row."""

    aggregate: str
    form: str
    link: FieldValue
    field: FieldValue | None = None
    kind: str = "number"

    @property
    def parent(self) -> str:
        """The form of the row that they belong to."""
        return self.link.target or ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``exists``, ``count``, ``sum`` or ``names`` over the rows of another form that `where` picks.

    ``names`` are the texts of `field`, parted by ``、``, in the order of record ids.

    Seen are, of every unit in the store, each record's newest confirmed revision, and the rows
    of the running transaction. Inside `where`, scope ``row`` is the other form's row.
    """

    aggregate: str
    form: str
    where: Node
    field: FieldValue | None = None
    kind: str = "number"


Node = (
    Literal | FieldValue | HeadValue | ReferenceField | This | SameRecord | Compare | Membership
    | Boolean | Not | Arithmetic | Negative | Concatenation | Call | CodeAttribute | Parameter
    | ContextValue | PeriodDay | Children | Aggregate
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression read: its text, its tree, what it depends on, and its function.

    `fields` are the fields of its own row that it reads, `forms` the other forms; `run` takes a
    row and a context and returns the value.
    """

    text: str
    tree: Node
    fields: frozenset[str]
    forms: frozenset[str]
    run: Callable[[Mapping[str, Any], Any], Any] = field(compare=False, repr=False)

    @property
    def kind(self) -> str:
        """The kind of its value."""
        return self.tree.kind


_LEAVES = (Literal, FieldValue, HeadValue, This, Parameter, ContextValue, PeriodDay)


_names: dict[object, tuple[str, ...]] = {}
"""Names of the fields of every kind of node that was met."""


def parts(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below `node`, in reading order."""
    if isinstance(node, _LEAVES):
        return
    kind = type(node)
    if kind not in _names:
        _names[kind] = tuple(item.name for item in fields(node))
    for name in _names[kind]:
        value = getattr(node, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield part


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and all nodes below it, in reading order."""
    yield node
    for part in parts(node):
        yield from walk(part)


def rows_of_unit(form: str) -> Aggregate:
    """Return the tree that asks whether the outer row's unit has any row of `form`."""
    same = Compare("==", HeadValue("row", "unit"), HeadValue("this", "unit"))
    return Aggregate("exists", form, same, kind="bool")


def own_fields(tree: Node, *, inside: bool = False) -> Iterator[FieldValue]:
    """Yield the fields of the outermost row that a tree reads, in reading order."""
    if isinstance(tree, FieldValue):
        if tree.scope == ("this" if inside else "row"):
            yield tree
        return
    if isinstance(tree, Children):
        return
    for part in parts(tree):
        yield from own_fields(part, inside=inside or isinstance(tree, Aggregate))
