"""交接包: a unit goes on at a new computer, and the one it left sends no more."""

from pathlib import Path

import pytest

from tests.store.offices import DAY, PASSWORD, ask, put
from union_desk.bundle import exporting, importing
from union_desk.errors import BundleError, FileError, StoreError
from union_desk.store import counter, handing_over, holds, opening, restoring, survey


def hold(store):
    with store.read() as connection:
        return holds.current(connection)


def test_the_new_computer_goes_on_and_the_old_one_is_retired(offices, tmp_path, monkeypatch, pack):
    old = offices.grassroots
    put(old, "member")
    offices.up("grassroots", "county")
    offices.take("grassroots", offices.send("county", "children"))
    put(old, "visit", reason="样本数据")
    made = handing_over.make(old, offices.stick())
    assert hold(old).why == holds.RETIRED
    with pytest.raises(BundleError) as caught:
        exporting.export(old, offices.stick(), as_of=DAY)
    assert caught.value.code == "B546"
    assert "本机停用" in caught.value.sentence
    with pytest.raises(StoreError) as caught:
        counter.resume(old)
    assert caught.value.code == "S410"
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "another computer"))
    assert restoring.restore(tmp_path / "new", Path(made.file), PASSWORD, pack=pack).missing == ()
    with opening.open_store(tmp_path / "new", password=PASSWORD) as new:
        assert list(survey.problems(new, full=True)) == []
        counter.resume(new)
        stick = offices.stick()
        exporting.export(new, stick, as_of=DAY)
        found = importing.take_in(offices.county, stick)
        assert {item.outcome for item in found} == {"applied"}
        for form in ("member", "visit"):
            assert ask(offices.county, f"SELECT uid FROM {form} ORDER BY uid") == ask(
                new, f"SELECT uid FROM {form} ORDER BY uid"
            )
        importing.take_in(new, offices.send("county", "children"))
        assert hold(new) is None
        assert ask(new, "SELECT DISTINCT record_state FROM member") == [("received",)]


def test_nothing_is_retired_where_the_file_could_not_be_written(offices, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError):
        handing_over.make(offices.grassroots, tmp_path / "file")
    assert hold(offices.grassroots) is None
