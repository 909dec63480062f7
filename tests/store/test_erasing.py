"""删除个人信息: nothing of what a record said is left here; that there was one, who and when stay."""

import pytest

from tests import exchange
from tests.store.offices import CHEAP, DAY, PASSWORD, ask, get, put
from union_desk.bundle import exporting
from union_desk.errors import InputError, StoreError
from union_desk.store import (
    attachments,
    audit,
    backups,
    discarding,
    drafts,
    erasing,
    opening,
    outbox,
    passwords,
    records,
    searching,
    survey,
    upkeep,
)
from union_desk.store.layout import ERASED
from union_desk.taskpack.definition import Field

NUMBER, CHILD = "511197197002143126", "511197199408116135"
NAME, SON = "苏小雨", "苏晓航"
FILE = Field("paper", "证明", "attach", file_types=("pdf",))


@pytest.fixture
def known(county, tmp_path):
    """An office that has sent a person's record, with an attachment, a draft and an aid."""
    for form in ("hardship", "aid"):
        assert not put(county, form, reason="样本").refused
    uid = ask(county, "SELECT uid FROM hardship WHERE person_id = ?", NUMBER)[0][0]
    for number in range(2):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(b"%PDF-1.7 " + NAME.encode() * (number + 1))
        with county.write() as tx:
            attachments.add(tx, "hardship", uid, FILE, path)
    with county.write() as tx:
        attachments.add(tx, "hardship", "another record", FILE, path)
        drafts.save_draft(tx, drafts.Draft(uid, "hardship", {"name": NAME}))
    exchange.trust_parent(county)
    (tmp_path / "stick").mkdir()
    exporting.export(county, tmp_path / "stick", as_of=DAY)
    return county, uid


def everything(store):
    """Return every cell of the store as one text."""
    with store.read() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).scalars()
        return "\n".join(
            str(tuple(row))
            for name in names
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')
        )


def test_nothing_of_what_was_said_is_left_and_the_chain_is_whole(known):
    store, uid = known
    with store.read() as connection:
        found = erasing.related(connection, store, "hardship", uid)
    assert {item.form for item in found} == {"hardship", "aid"}
    assert all(item.own for item in found)
    done = erasing.erase(store, [(item.form, item.uid) for item in found], "本人要求")
    assert done.records == len(found)
    said = everything(store)
    for planted in (NUMBER, CHILD, NAME, SON):
        assert planted not in said
    assert ask(store, "SELECT count(*) FROM hardship_family WHERE parent = ?", uid) == [(0,)]
    assert ask(store, "SELECT deleted FROM hardship WHERE uid = ?", uid) == [(ERASED,)]
    with store.read() as connection:
        assert list(audit.verify(connection)) == []
        (*_, last) = audit.history(connection, uid)
    assert (last.act, last.reason, last.person, last.old, last.new) == (
        "erase", "本人要求", "李敏", {}, {},
    )  # fmt: skip
    assert list(survey.problems(store, full=True)) == []


def test_its_attachments_go_but_for_those_that_another_record_has(known):
    store, uid = known
    before = {path.name for path in (store.folder / "blobs").iterdir()}
    erasing.erase(store, [("hardship", uid)], "本人要求")
    after = {path.name for path in (store.folder / "blobs").iterdir()}
    assert len(before - after) == 1
    shared = ask(store, "SELECT sha256 FROM attachment WHERE record = 'another record'")[0][0]
    assert f"{shared}.age" in after


def test_files_that_a_power_cut_left_go_when_the_program_starts_again_but_for_named_ones(known):
    store, uid = known
    with store.write() as tx:
        gone = erasing.blank(tx, "hardship", [uid], reason="本人要求")
        back = attachments.keep(store, tx.connection, b"%PDF-1.7 somebody else's")
        discarding.note(tx, [*gone, attachments.place(store, back)])
        attachments.enter(tx, ("hardship", "another record", "paper"), back, "a.pdf", 24)
    (left,) = gone
    assert left.exists(), "the cut came before it was removed"
    upkeep.begin(store)
    assert not left.exists()
    assert attachments.place(store, back).exists()
    assert discarding.finish(store) == 0
    assert list(survey.problems(store, full=True)) == []


def test_all_is_due_again_in_a_fresh_epoch_and_the_packets_before_are_kept_no_longer(known):
    store, uid = known
    with store.read() as connection:
        old = outbox.current_epoch(connection, store, outbox.UP).id
        packets = [item.hash for item in outbox.all_packets(connection, store)]
    erasing.erase(store, [("hardship", uid)], "本人要求")
    with store.read() as connection:
        new = outbox.current_epoch(connection, store, outbox.UP)
        assert new.id != old
        assert old in new.replaces
        assert set(packets) == outbox.dropped(connection, store)
        assert outbox.due_counts(connection, store)["hardship"]
    assert not any((store.folder / "packets").iterdir())
    assert list(survey.problems(store, full=True)) == []
    assert backups.make(store, "command").missing == 0


def test_it_counts_and_is_found_no_more_and_never_comes_back(known):
    store, uid = known
    erasing.erase(store, [("hardship", uid)], "本人要求")
    with pytest.raises(InputError, match="I477"), store.write() as tx:
        records.restore(tx, "hardship", uid)
    form = store.pack.forms["hardship"]
    index = searching.index_of(form)
    with store.read() as connection:
        chosen = index.select().where(searching.in_index(form, index, NAME))
        assert connection.execute(chosen).all() == []
    assert get(store, "hardship", uid).values.get("name") is None


def test_without_a_reason_or_the_right_or_for_another_office_nothing_happens(known, pack):
    store, uid = known
    with pytest.raises(InputError, match="I475"):
        erasing.erase(store, [("hardship", uid)], " ")
    with pytest.raises(InputError, match="I401"):
        erasing.erase(store, [("hardship", uid), ("hardship", "no such")], "本人要求")
    assert get(store, "hardship", uid).values["name"] == NAME
    with store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE hardship SET origin = '511102400017'")
    with pytest.raises(InputError, match="I476"):
        erasing.erase(store, [("hardship", uid)], "本人要求")
    passwords.add_person(store, "王芳", ("clerk",), "wangfang", CHEAP)
    store.close()
    with (
        opening.open_store(store.folder, password="wangfang", pack=pack) as clerk,
        pytest.raises(StoreError, match="S361"),
    ):
        erasing.erase(clerk, [("hardship", uid)], "本人要求")
    with opening.open_store(store.folder, password=PASSWORD, pack=pack) as again:
        assert get(again, "hardship", uid).values["name"] == NAME
