"""Rows of a form that contain what was typed: Chinese, digits, or the initials of a name.

The word index (:mod:`.search_text`) finds candidates by pairs of characters; words of three and
more are looked at again in the row itself. A database without that index is searched by text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store.dialect import contains, folded
from union_desk.store.schema import search_table
from union_desk.store.search_text import match, search_columns

if TYPE_CHECKING:
    from sqlalchemy.sql import ColumnElement, FromClause

    from union_desk.taskpack.definition import Form

_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"[a-z]+")
_PAIR = 2
"""Words this short are index words themselves: nothing to look at again."""


def is_word(term: str) -> bool:
    """Return whether a term holds anything that the word index knows."""
    return bool(term) and match(term) is not None


def index_of(form: Form) -> sa.TableClause:
    """Return the word index of a form; the column of its own name stands for a whole entry."""
    name = search_table(form.id)
    return sa.table(name, sa.column("rowid"), sa.column(name))


def in_index(form: Form, index: FromClause, term: str) -> ColumnElement[bool]:
    """Return the condition on the index that finds the candidates."""
    return index.c[search_table(form.id)].op("MATCH", is_comparison=True)(match(term))


def in_row(form: Form, table: FromClause, term: str) -> ColumnElement[bool]:
    """Return the condition on the row that a candidate must meet, for words of three and more."""
    again = [
        _contains(form, table, word)
        for word in _words(term)
        if len(word) > _PAIR and not _INITIALS.fullmatch(word)
    ]
    return sa.and_(sa.true(), *again)


def by_text(form: Form, table: FromClause, term: str) -> ColumnElement[bool]:
    """Return the condition that every word of the term is in the row, without any index."""
    return sa.and_(sa.true(), *(_contains(form, table, word) for word in _words(term)))


def _words(term: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", term).casefold())


def _contains(form: Form, table: FromClause, word: str) -> ColumnElement[Any]:
    columns = (table.c[name] for name in search_columns(form))
    return sa.or_(*(contains(sa.func.lower(folded(column)), word) for column in columns))
