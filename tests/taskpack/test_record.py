"""Records, detail rows and their ids."""

import re
import threading
from dataclasses import FrozenInstanceError

import pytest

from union_desk.taskpack.record import Detail, Record, new_uid


def test_uids_are_uuid_version_7_and_sort_in_the_order_they_were_made():
    made = [new_uid() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == 5000
    pattern = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert all(pattern.fullmatch(uid) for uid in made)


def test_uids_of_several_threads_are_all_different():
    found = []
    threads = [
        threading.Thread(target=lambda: found.extend(new_uid() for _ in range(500)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 2000


def test_a_row_shows_the_head_that_expressions_may_see_and_no_more():
    detail = Detail("d", 1, {"b": 2})
    record = Record("form", "u", {"a": 1}, {"part": (detail,)}, unit="U", period="2012M08")
    assert record.row() == {"a": 1, "uid": "u", "unit": "U", "period": "2012M08"}
    assert record.detail_row(detail) == {
        "b": 2, "uid": "d", "parent": "u", "position": 1, "unit": "U", "period": "2012M08",
    }  # fmt: skip


def test_a_record_is_never_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        Record("form", "u", {}).rev = 2
