"""The word index: pairs of characters, and the initials of Chinese."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.offices import ask, confirm, get, put
from union_desk.store import search_text
from union_desk.store.search_text import match, words

WORDS = st.text(st.sampled_from("张王李乐山沫水餐饮公司abcXY019 ·（）"), min_size=1, max_size=12)


def found(store, form, term):
    """The names of the rows that the index offers for a term."""
    query = match(term)
    index = search_text.search_table(form)
    return {
        row[0]
        for row in ask(
            store,
            f'SELECT name FROM {form} WHERE rowid IN (SELECT rowid FROM "{index}" WHERE "{index}" MATCH ?)',
            query,
        )
    }


def test_a_name_is_cut_into_pairs_and_initials():
    assert words("张陶瓷") == "张陶 陶瓷 瓷 zt tc c"
    assert words("LS-01") == "ls s 01 1"
    assert words("（）") == ""


@pytest.mark.parametrize("term", ["", "  ", "（）", "·", "%", '"', "*"])
def test_a_term_without_letters_or_digits_asks_nothing(term):
    assert match(term) is None


@pytest.mark.parametrize(
    "term", ['a"b', "a*", "a AND b", "NEAR(a b)", "-a", "a:b", "(", "^a", "OR"]
)
def test_signs_of_the_query_language_are_plain_text(sampled, term):
    """They change nothing of what is found; read as operators they would, or be refused."""
    letters = re.sub(r"[^0-9A-Za-z]+", " ", term).strip()
    assert (match(term) is None) == (match(letters) is None)
    if letters:
        assert found(sampled, "enterprise", term) == found(sampled, "enterprise", letters)


def test_any_part_of_a_name_finds_it(sampled):
    for (name,) in ask(sampled, "SELECT name FROM enterprise"):
        for length in (1, 2, 3, 5):
            for place in range(0, len(name) - length, 3):
                assert name in found(sampled, "enterprise", name[place : place + length])


@settings(max_examples=60, deadline=None)
@given(WORDS, st.data())
def test_every_piece_of_a_text_is_in_its_index_words(text, data):
    place = data.draw(st.integers(0, len(text) - 1))
    piece = text[place : data.draw(st.integers(place + 1, len(text)))]
    have = set(words(text).split())
    for asked in words(piece).split():
        if len(asked) > 1:
            assert asked in have
        else:
            assert any(word.startswith(asked) for word in have)


def test_the_index_follows_a_changed_name(sampled):
    ((uid, name),) = ask(sampled, "SELECT uid, name FROM contest ORDER BY rowid LIMIT 1")
    record = get(sampled, "contest", uid)
    confirm(
        sampled,
        type(record)(
            "contest",
            uid,
            dict(record.values) | {"name": "全新比武大会"},
            record.details,
            unit=record.unit,
        ),
    )
    assert found(sampled, "contest", "比武大会") == {"全新比武大会"}
    assert name not in found(sampled, "contest", name)


def test_numbers_of_persons_are_not_in_the_index(sampled, pack):
    for form in ("hardship", "member", "aid", "employment"):
        assert not {"person_id", "phone", "name_of_nobody"} & set(
            search_text.search_columns(pack.forms[form])
        )
    assert put(sampled, "member").unchanged == 8
