"""The database folds text exactly as the program does, whatever characters it holds."""

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from union_desk.store.dialect import folded
from union_desk.taskpack.typed_text import FOLDS, fold


@pytest.fixture(scope="module")
def ask():
    engine = sa.create_engine("sqlite://", module=dbapi2)
    statement = sa.select(folded(sa.bindparam("text", type_=sa.TEXT)))
    with engine.connect() as connection:
        yield lambda text: connection.execute(statement, {"text": text}).scalar()
    engine.dispose()


@pytest.mark.parametrize("written", [written for written, _ in FOLDS])
def test_every_character_that_is_folded_is_folded_in_the_database(ask, written):
    assert ask(f"甲{written}乙") == fold(f"甲{written}乙")


@given(
    st.text(st.sampled_from([*(written for written, _ in FOLDS), *"张三AB19-^][*?·x"]), max_size=8)
)
@settings(max_examples=300, deadline=None)
def test_any_text_folds_the_same(ask, text):
    assert ask(text) == fold(text)


def test_nothing_folds_to_nothing(ask):
    assert ask(None) is None
