"""The word index behind search: pairs of neighbouring characters, and pinyin initials of names.

One contentless FTS5 table per sheet and ledger, its rowid the row's. Every word of a row is cut
into overlapping pairs and its last character, so that one character is found as the beginning of
a pair; a Chinese name adds its initials (张陶瓷 -> ``ztc``). Numbers of persons stay out of it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from union_desk.store.schema import search_table, stored_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.layout import Layout, Row
    from union_desk.taskpack.definition import Form

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u9fff]")
_TYPES = ("text", "uscc", "ref")
_PRIVATE = 2
_LONGEST = 200


def search_columns(form: Form) -> tuple[str, ...]:
    """Return the columns a row is found by: its name, its keys, what it refers to."""
    keys = (*form.natural_keys, *form.duplicate_keys, form.short_key)
    wanted = {form.name_field, *(part for key in keys for part in key)}
    return tuple(
        f"{item.id}__label" if item.type == "ref" else item.id
        for item in stored_fields(form)
        if item.type in _TYPES and item.sensitivity < _PRIVATE
        if item.id in wanted or item.type == "ref"
    )


def words(text: str) -> str:
    """Return the index words of a text, separated by blanks."""
    found: list[str] = []
    for word in _WORD.findall(_fold(text[:_LONGEST])):
        found += _cut(word)
        if _HAN.search(word):
            found += _cut("".join(map(_initial, word)))
    return " ".join(found)


def _cut(word: str) -> list[str]:
    return [*(word[place : place + 2] for place in range(len(word) - 1)), word[-1]]


def match(term: str) -> str | None:
    """Return the index query for what was typed, None where it holds no letter or digit.

    Every row that contains the term is found; a row may also hold its pairs apart.
    """
    parts = [_match_word(word) for word in _WORD.findall(_fold(term[:_LONGEST]))]
    return " AND ".join(parts) if parts else None


def _match_word(word: str) -> str:
    if len(word) == 1:
        return f'"{word}"*'
    return " AND ".join(f'"{pair}"' for pair in _cut(word)[:-1])


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=32_768)
def _initial(character: str) -> str:
    from pypinyin import Style, lazy_pinyin

    if not _HAN.match(character):
        return character
    return str(lazy_pinyin(character, style=Style.FIRST_LETTER)[0])[:1]


def index_rows(
    connection: Connection, layout: Layout, rowids: Iterable[int], rows: Sequence[Row]
) -> None:
    """Write the words of `rows`, replacing what the index had for their rowids."""
    if layout.form.kind not in ("sheet", "ledger"):
        return
    collect = _collector(layout)
    made = [(rowid, collect(row)) for rowid, row in zip(rowids, rows, strict=True)]
    if made:
        connection.exec_driver_sql(
            f'REPLACE INTO "{search_table(layout.form.id)}" (rowid, words) VALUES (?, ?)',  # noqa: S608
            made,
        )


def _collector(layout: Layout) -> Callable[[Row], str]:
    places = [layout.place[name] for name in search_columns(layout.form)]
    known: dict[object, str] = {}

    def collect(row: Row) -> str:
        found = []
        for place in places:
            value = row[place]
            if value is not None:
                cut = known.get(value)
                if cut is None:
                    cut = known[value] = words(str(value))
                found.append(cut)
        return " ".join(found)

    return collect
