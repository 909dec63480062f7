"""Which names a package may give its forms and fields.

A field id becomes a name of the check language, a column of a table and the header of a file,
so it must mean nothing else in any of them.
"""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from union_desk.taskpack.definition import HEAD
from union_desk.taskpack.expression import FUNCTIONS
from union_desk.taskpack.problems import Trouble

if TYPE_CHECKING:
    from union_desk.taskpack.reading import Part

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MARK = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LANGUAGE_WORDS = frozenset(keyword.kwlist) | _words("this true false none")
"""Words that mean something else in expressions, whose grammar is Python's."""

SQLITE_WORDS = _words(
    """
    abort action add after all alter always analyze and as asc attach autoincrement before
    begin between by cascade case cast check collate column commit conflict constraint create
    cross current current_date current_time current_timestamp database default deferrable
    deferred delete desc detach distinct do drop each else end escape except exclude exclusive
    exists explain fail filter first following for foreign from full generated glob group
    groups having if ignore immediate in index indexed initially inner insert instead
    intersect into is isnull join key last left like limit match materialized natural no not
    nothing notnull null nulls of offset on or order others outer over partition plan pragma
    preceding primary query raise range recursive references regexp reindex release rename
    replace restrict returning right rollback row rows savepoint select set table temp
    temporary then ties to transaction trigger unbounded union unique update using vacuum
    values view virtual when where window with without rowid oid _rowid_
    """
)
"""The keyword list of SQLite 3.47, and its names of the row number."""

POSTGRESQL_WORDS = _words(
    """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast
    check collate collation column concurrently constraint create cross current_catalog
    current_date current_role current_schema current_time current_timestamp current_user
    default deferrable desc distinct do else end except false fetch for foreign freeze from
    full grant group having ilike in initially inner intersect into is isnull join lateral
    leading left like limit localtime localtimestamp natural not notnull null offset on only
    or order outer overlaps placing primary references returning right select session_user
    similar some symmetric system_user table tablesample then to trailing true union unique
    user using variadic verbose when where window with ctid xmin cmin xmax cmax tableoid
    """
)
"""Reserved words of PostgreSQL 17 (appendix C of its manual), and its system columns."""

DETAIL_HEAD = frozenset({"parent", "position"})


def field_id(part: Part, name: str, line: int, *, detail: bool) -> None:
    """Note why `name` may not be a field, if so."""
    if not _well_formed(part, name, line, "字段"):
        return
    if name in FUNCTIONS:
        reason = "是公式里的函数名"
    elif name in LANGUAGE_WORDS:
        reason = "在公式里另有含义"
    elif name in HEAD or (detail and name in DETAIL_HEAD):
        reason = "是每行记录自带的栏目"
    elif name in SQLITE_WORDS:
        reason = "是数据库 SQLite 的关键字"
    elif name in POSTGRESQL_WORDS:
        reason = "是数据库 PostgreSQL 的保留字"
    else:
        return
    part.add(Trouble.RESERVED_ID, line, f"字段不能叫“{name}”：它{reason}，请换一个名字。")


def form_id(part: Part, name: str, line: int, taken: frozenset[str]) -> None:
    """Note why `name` may not be a form, if so; `taken` are the system's own tables."""
    if not _well_formed(part, name, line, "表"):
        return
    if name in taken:
        reason = "是程序自带的表"
    elif name in SQLITE_WORDS or name in POSTGRESQL_WORDS:
        reason = "是数据库的保留字"
    elif name.startswith(("sqlite_", "pg_")):
        reason = "以数据库自用的字头开始"
    else:
        return
    part.add(Trouble.RESERVED_ID, line, f"表不能叫“{name}”：它{reason}，请换一个名字。")


def mark(part: Part, name: str, line: int, title: str) -> None:
    """Note if `name` cannot be the id of a check, indicator, report, list or parameter."""
    if not _MARK.fullmatch(name):
        part.add(Trouble.BAD_ID, line, f"{title}编号“{name}”应以字母开头，只含字母、数字和“_”。")


def _well_formed(part: Part, name: str, line: int, title: str) -> bool:
    if _ID.fullmatch(name) and "__" not in name and not name.endswith("_"):
        return True
    part.add(
        Trouble.BAD_ID,
        line,
        f"{title}名“{name}”应以小写字母开头，只含小写字母、数字和单个“_”，不超过 40 个字。",
    )
    return False
