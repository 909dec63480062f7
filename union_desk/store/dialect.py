"""What SQLite and PostgreSQL say in different words, each as one SQL construct.

Only functions whose two spellings differ stand here; :mod:`.sql_functions` builds the rest from
what both understand alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from union_desk.taskpack.typed_text import FOLDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.sql.compiler import SQLCompiler


_CONDITION: Any = sa.types.NullType()
"""Of what is a condition already: one of type Boolean would be spelt ``(…) = 1``, which no index
serves."""


class days_between(FunctionElement[int]):  # noqa: N801 - read as a function
    """Days from the first ISO date to the second."""

    type = sa.Integer()
    inherit_cache = True


class contains(FunctionElement[bool]):  # noqa: N801 - read as a function
    """Whether the first text contains the second, letter by letter."""

    type = _CONDITION
    inherit_cache = True


class truncated(FunctionElement[float]):  # noqa: N801 - read as a function
    """The number without its fractional part, as a number with one."""

    type = sa.Double()
    inherit_cache = True


class folded(FunctionElement[str]):  # noqa: N801 - read as a function
    """The text as :func:`union_desk.taskpack.typed_text.fold` gives it."""

    type = sa.TEXT()
    inherit_cache = True


class listed(FunctionElement[bool]):  # noqa: N801 - read as a function
    """Whether the first text is an item of a JSON array: one parameter for any number of texts."""

    type = _CONDITION
    inherit_cache = True


def _arguments(
    element: FunctionElement[Any], compiler: SQLCompiler, options: dict[str, object]
) -> list[str]:
    return [compiler.process(clause, **options) for clause in element.clauses]


@compiles(days_between)
def _days_sqlite(element: days_between, compiler: SQLCompiler, **options: object) -> str:
    first, last = _arguments(element, compiler, options)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_postgresql(element: days_between, compiler: SQLCompiler, **options: object) -> str:
    first, last = _arguments(element, compiler, options)
    return f"(CAST({last} AS DATE) - CAST({first} AS DATE))"


@compiles(contains)
def _contains_sqlite(element: contains, compiler: SQLCompiler, **options: object) -> str:
    text, part = _arguments(element, compiler, options)
    return f"(instr({text}, {part}) > 0)"


@compiles(contains, "postgresql")
def _contains_postgresql(element: contains, compiler: SQLCompiler, **options: object) -> str:
    text, part = _arguments(element, compiler, options)
    return f"(strpos({text}, {part}) > 0)"


@compiles(truncated)
def _truncated_sqlite(element: truncated, compiler: SQLCompiler, **options: object) -> str:
    (number,) = _arguments(element, compiler, options)
    return f"CAST(CAST({number} AS INTEGER) AS REAL)"


@compiles(truncated, "postgresql")
def _truncated_postgresql(element: truncated, compiler: SQLCompiler, **options: object) -> str:
    (number,) = _arguments(element, compiler, options)
    return f"trunc({number})"


@compiles(listed)
def _listed_sqlite(element: listed, compiler: SQLCompiler, **options: object) -> str:
    text, items = _arguments(element, compiler, options)
    return f"({text} IN (SELECT value FROM json_each({items})))"  # noqa: S608 - no user text


@compiles(listed, "postgresql")
def _listed_postgresql(element: listed, compiler: SQLCompiler, **options: object) -> str:
    text, items = _arguments(element, compiler, options)
    return f"({text} IN (SELECT json_array_elements_text(CAST({items} AS json))))"


@compiles(folded)
def _folded_sqlite(element: folded, compiler: SQLCompiler, **options: object) -> str:
    """Spell one ``replace`` per character, passed by where none of them is there: most texts."""
    (text,) = _arguments(element, compiler, options)
    changed = text
    for written, kept in FOLDS:
        changed = f"replace({changed}, {_quoted(compiler, written)}, {_quoted(compiler, kept)})"
    return f"CASE WHEN {text} GLOB {_quoted(compiler, _ANY_FOLD)} THEN {changed} ELSE {text} END"


def _glob_of_any(characters: Iterable[str]) -> str:
    """Return the GLOB pattern of texts that hold any of the characters; none may be ``] ^ -``."""
    ranges: list[list[str]] = []
    for character in sorted(characters):
        if ranges and ord(character) == ord(ranges[-1][1]) + 1:
            ranges[-1][1] = character
        else:
            ranges.append([character, character])
    return f"*[{''.join(low if low == high else f'{low}-{high}' for low, high in ranges)}]*"


_ANY_FOLD = _glob_of_any(written for written, _ in FOLDS)


@compiles(folded, "postgresql")
def _folded_postgresql(element: folded, compiler: SQLCompiler, **options: object) -> str:
    """Spell one ``translate``: characters without a counterpart, put last, are dropped."""
    (text,) = _arguments(element, compiler, options)
    ordered = sorted(FOLDS, key=lambda fold: not fold[1])
    written = _quoted(compiler, "".join(fold[0] for fold in ordered))
    kept = _quoted(compiler, "".join(fold[1] for fold in ordered))
    return f"translate({text}, {written}, {kept})"


def _quoted(compiler: SQLCompiler, text: str) -> str:
    return compiler.render_literal_value(text, sa.TEXT())
