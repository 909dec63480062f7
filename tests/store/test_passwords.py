"""People, their passwords and roles, the recovery code; what a cut in the middle leaves."""

import pytest

from tests.store.offices import CHEAP, PASSWORD, PROPOSAL, ask, draft, new_store, put, save
from union_desk import crypto, resources, workflow
from union_desk.errors import InputError, StoreError
from union_desk.store import (
    access,
    audit,
    keyring,
    opening,
    passwords,
    people,
    records,
    schema,
    upgrading,
)
from union_desk.store.lock import FREE_TRIES, InstanceLock

OTHER = "另一个口令 9"


def reopen(store, password=PASSWORD, login=None):
    store.close()
    return opening.open_store(store.folder, password=password, login=login, pack=store.pack)


def refused(folder, pack, password, login=None):
    with pytest.raises(StoreError) as caught:
        opening.open_store(folder, password=password, login=login, pack=pack).close()
    return caught.value.code


def acts(store):
    return [row[0] for row in ask(store, "SELECT act FROM audit ORDER BY n")]


def logins(store):
    return keyring.look(store.folder).logins


def everyone(store, **options):
    with store.read() as connection:
        return people.everyone(connection, **options)


def test_the_first_person_holds_every_role(city):
    (first,) = everyone(city)
    assert (first.name, first.login, first.roles) == ("李敏", "李敏", tuple(workflow.ROLES))
    assert first.titles == "填报人、审核人、负责人、管理员"
    assert (city.person, city.person_id, city.roles) == ("李敏", first.id, first.roles)
    assert logins(city) == ("李敏",)


def test_a_second_person_opens_the_store_with_a_password_of_their_own(city):
    made = passwords.add_person(city, " 王 芳 ", ("clerk",), OTHER, CHEAP)
    assert (made.name, made.roles) == ("王 芳", ("clerk",))
    with reopen(city, OTHER) as again:
        assert (again.person, again.roles) == ("王 芳", ("clerk",))
        assert acts(again)[-1] == "person"
        with reopen(again, PASSWORD, "李敏") as first:
            assert first.person == "李敏"


def test_a_password_counts_for_its_own_login_alone(city, pack):
    passwords.add_person(city, "王芳", ("clerk",), OTHER, CHEAP)
    city.close()
    assert refused(city.folder, pack, OTHER, "李敏") == "S301"
    assert refused(city.folder, pack, PASSWORD, "谁也不是") == "S301"


@pytest.mark.parametrize(
    ("name", "roles", "password", "code"),
    [
        ("", ("clerk",), OTHER, "I460"), ("长" * 31, ("clerk",), OTHER, "I460"), ("李敏", ("clerk",), OTHER, "I462"),
        ("王芳", (), OTHER, "I463"), ("王芳", ("boss",), OTHER, "I463"), ("王芳", ("clerk",), "12345", "I465"),
        ("王芳", ("clerk",), "a  b ", "I465"), ("王芳", ("clerk",), "x" * 1001, "I466"), ("王芳", ("clerk",), PASSWORD, "I467"),
    ],
)  # fmt: skip
def test_a_person_that_will_not_do_is_refused_and_nothing_changes(
    city, name, roles, password, code
):
    before = [(city.folder / kept).read_bytes() for kept in keyring.NAMES]
    with pytest.raises(InputError, match=code):
        passwords.add_person(city, name, roles, password, CHEAP)
    assert [(city.folder / kept).read_bytes() for kept in keyring.NAMES] == before
    assert len(everyone(city)) == 1


def test_a_changed_password_opens_and_the_old_one_does_not_and_the_store_is_the_same_file(
    city, pack
):
    inode, key = (city.folder / "store.db").stat().st_ino, keyring.look(city.folder).key_id
    passwords.change_own(city, PASSWORD, OTHER, CHEAP)
    city.close()
    assert refused(city.folder, pack, PASSWORD) == "S301"
    with opening.open_store(city.folder, password=OTHER, pack=pack) as again:
        assert acts(again)[-1] == "password"
        assert (city.folder / "store.db").stat().st_ino == inode
        assert keyring.look(city.folder).key_id == key


def test_a_password_is_changed_only_by_someone_who_knows_it(city):
    with pytest.raises(InputError, match="I468"):
        passwords.change_own(city, OTHER, "abcdefg", CHEAP)
    assert passwords.right_password(city, PASSWORD)
    assert not passwords.right_password(city, OTHER)


def test_an_administrator_sets_anothers_password_and_a_clerk_does_not(city, pack):
    made = passwords.add_person(city, "王芳", ("clerk",), OTHER, CHEAP)
    passwords.set_password(city, made.id, "忘了再设 1", CHEAP)
    assert acts(city)[-1] == "password_reset"
    first = city.person_id
    with reopen(city, "忘了再设 1") as clerk:
        for act in (
            lambda: passwords.set_password(clerk, first, "abcdefg", CHEAP),
            lambda: passwords.add_person(clerk, "张三", ("clerk",), "abcdefg", CHEAP),
            lambda: passwords.set_roles(clerk, clerk.person_id, tuple(workflow.ROLES)),
            lambda: passwords.remove_person(clerk, first),
            lambda: passwords.rename(clerk, first, "别人"),
            lambda: passwords.new_recovery_code(clerk, CHEAP),
            lambda: passwords.add_parent(clerk, crypto.new_age_identity().recipient),
        ):
            with pytest.raises(StoreError, match="S361"):
                act()
        passwords.change_own(clerk, "忘了再设 1", "自己的口令 2", CHEAP)


def test_who_may_not_enter_is_refused_by_the_store_itself(city):
    passwords.add_person(city, "王芳", ("reviewer",), OTHER, CHEAP)
    uid = save(city, draft("proposal", PROPOSAL)).uid
    with reopen(city, OTHER) as reviewer:
        with pytest.raises(StoreError, match=r"“王芳”不能填报.*填报人"):
            put(reviewer, "proposal")
        with pytest.raises(StoreError, match="S361"):
            save(reviewer, draft("proposal", PROPOSAL))
        with pytest.raises(StoreError, match="S361"), reviewer.write() as transaction:
            records.void(transaction, "proposal", uid, "作废原因")
        with pytest.raises(StoreError, match="S361"), reviewer.write() as transaction:
            records.delete_drafts(transaction, "proposal", [uid])
        with pytest.raises(StoreError, match=r"装入任务包.*管理员"):
            upgrading.install(reviewer, resources.taskpacks() / "lszgh-2012-55")


def test_one_active_administrator_remains(city):
    made = passwords.add_person(city, "王芳", ("clerk", "admin"), OTHER, CHEAP)
    passwords.set_roles(city, city.person_id, ("clerk", "admin"))
    assert city.roles == ("clerk", "admin")
    passwords.set_roles(city, made.id, ("clerk",))
    with pytest.raises(InputError, match="I464"):
        passwords.set_roles(city, city.person_id, ("clerk",))
    assert city.roles == ("clerk", "admin")
    with pytest.raises(InputError, match="I469"):
        passwords.remove_person(city, city.person_id)


def test_who_was_removed_signs_in_no_more_and_stays_in_the_log(city, pack):
    made = passwords.add_person(city, "王芳", ("clerk",), OTHER, CHEAP)
    passwords.remove_person(city, made.id)
    assert logins(city) == ("李敏",)
    assert [item.name for item in everyone(city, active=False)] == ["李敏", "王芳"]
    with pytest.raises(InputError, match="I461"):
        passwords.set_password(city, made.id, "abcdefg", CHEAP)
    city.close()
    assert refused(city.folder, pack, OTHER) == "S301"


def test_a_new_name_signs_in_and_takes_the_drafts_along(city):
    with city.write() as transaction:
        transaction.connection.exec_driver_sql(
            "INSERT INTO draft VALUES ('u', 'proposal', '李敏', 'p', 0, NULL, '{}', NULL, 't', 1)"
        )
    assert passwords.rename(city, city.person_id, "李 敏（财务）") == "李 敏（财务）"
    assert city.person == "李 敏（财务）"
    assert ask(city, "SELECT person FROM draft") == [("李 敏（财务）",)]
    with reopen(city, PASSWORD, "李 敏（财务）") as again:
        assert again.person == "李 敏（财务）"


# --- 离岗交接 ----------------------------------------------------------------------------------


def test_handing_over_puts_the_successor_in_the_leavers_place(city, pack):
    with city.write() as transaction:
        transaction.connection.exec_driver_sql(
            "INSERT INTO draft VALUES ('u', 'proposal', '李敏', 'p', 0, NULL, '{}', NULL, 't', 1)"
        )
    signing = ask(city, "SELECT value FROM setting WHERE key = 'sign_public'")
    made = passwords.hand_over(city, "赵强", OTHER, CHEAP)
    assert (city.person, city.person_id, made.roles) == ("赵强", made.id, tuple(workflow.ROLES))
    assert logins(city) == ("赵强",)
    assert ask(city, "SELECT person FROM draft") == [("赵强",)]
    assert acts(city)[-3:] == ["person", "person_left", "handover"]
    city.close()
    assert refused(city.folder, pack, PASSWORD) == "S301"
    with opening.open_store(city.folder, password=OTHER, pack=pack) as again:
        assert again.person == "赵强"
        assert ask(again, "SELECT value FROM setting WHERE key = 'sign_public'") == signing


class Cut(Exception):  # noqa: N818 - an outcome
    """Power is gone."""


def test_a_cut_at_any_step_of_handing_over_leaves_one_of_the_two_who_can_open(
    pack, tmp_path, monkeypatch
):
    """The keys are written twice (two copies each), the store once: five places to be cut."""
    real = keyring.files.write_durable
    for cut in range(1, 6):
        store = new_store(tmp_path / str(cut), pack)
        count = iter(range(1, 10))

        def cutting(path, data, cut=cut, count=count):
            if next(count) == cut:
                raise Cut
            return real(path, data)

        with monkeypatch.context() as patch:
            patch.setattr(keyring.files, "write_durable", cutting)
            try:
                passwords.hand_over(store, "赵强", OTHER, CHEAP)
            except Cut:
                handed = ask(store, "SELECT count(*) FROM audit WHERE act = 'handover'") == [(1,)]
            else:
                handed = True
        store.close()
        good, bad = (OTHER, PASSWORD) if handed else (PASSWORD, OTHER)
        assert refused(store.folder, pack, bad) in ("S301", "S360"), cut
        with opening.open_store(store.folder, password=good, pack=pack) as again:
            assert again.person == ("赵强" if handed else "李敏"), cut
        assert refused(store.folder, pack, bad) == "S301", cut
        assert len({(store.folder / name).read_bytes() for name in keyring.NAMES}) == 1


def test_a_password_of_nobody_is_dropped_at_the_next_opening(city, pack):
    ring = keyring.look(city.folder)
    keyring.write(city.folder, ring.add(city.key, "unknown", OTHER, CHEAP, "谁"))
    city.close()
    assert refused(city.folder, pack, OTHER) == "S360"
    with opening.open_store(city.folder, password=PASSWORD, pack=pack):
        assert keyring.look(city.folder).logins == ("李敏",)


def test_an_older_second_copy_of_the_keys_is_written_anew(city, pack):
    old = (city.folder / "store.keys.2").read_bytes()
    passwords.change_own(city, PASSWORD, OTHER, CHEAP)
    city.close()
    (city.folder / "store.keys.2").write_bytes(old)
    assert refused(city.folder, pack, PASSWORD) == "S301"
    opening.open_store(city.folder, password=OTHER, pack=pack).close()
    assert (city.folder / "store.keys.2").read_bytes() == (city.folder / "store.keys").read_bytes()


# --- the recovery code, the parent's slot ----------------------------------------------------------


def test_a_recovery_code_opens_the_key_and_a_newer_one_replaces_it(city):
    code = passwords.new_recovery_code(city, CHEAP)
    ring = keyring.look(city.folder)
    assert ring.open_code(f" {code.lower()} ") == city.key
    newer = passwords.new_recovery_code(city, CHEAP)
    ring = keyring.look(city.folder)
    assert ring.open_code(newer) == city.key
    with pytest.raises(StoreError, match=r"S319.*") as caught:
        ring.open_code(code)
    assert "作废" in caught.value.sentence
    assert acts(city)[-2:] == ["recovery_code", "recovery_code"]
    held = b"".join(path.read_bytes() for path in city.folder.rglob("*") if path.is_file())
    assert newer.encode() not in held
    assert newer.replace("-", "").encode() not in held


@pytest.mark.parametrize(
    ("typed", "told"), [("ABC", "28"), ("O" * 28, "没有 0、1、O、I"), ("A" * 28, "输错")]
)
def test_a_code_that_is_none_is_told_what_is_wrong(city, typed, told):
    with pytest.raises(StoreError, match="S318"):
        keyring.look(city.folder).open_code(crypto.new_recovery_code())
    passwords.new_recovery_code(city, CHEAP)
    with pytest.raises(StoreError, match="S319") as caught:
        keyring.look(city.folder).open_code(typed)
    assert told in str(caught.value)


def test_the_parents_slot_holds_the_key_for_the_parents_recovery_key_alone(city):
    parent = crypto.new_age_identity()
    passwords.add_parent(city, parent.recipient)
    passwords.add_parent(city, parent.recipient)
    (slot,) = keyring.look(city.folder).of_kind("parent")
    assert (slot["recipient"], slot["unit"]) == (parent.recipient, city.unit)
    assert city.key.key.hex() not in str(slot)


def test_the_demonstration_has_no_passwords(offices):
    demo = offices("grassroots", password=None)
    assert demo.roles == tuple(workflow.ROLES)
    assert passwords.right_password(demo, "")
    with pytest.raises(StoreError, match="S362"):
        passwords.new_recovery_code(demo)


# --- wrong passwords ----------------------------------------------------------------------------------


def test_after_five_wrong_passwords_the_next_one_waits_also_in_another_program(city, pack):
    city.close()
    for _ in range(FREE_TRIES):
        assert refused(city.folder, pack, "falsch") == "S301"
    assert refused(city.folder, pack, PASSWORD) == "S317"


def test_the_wait_doubles_ends_and_is_bounded(tmp_path):
    lock = InstanceLock(tmp_path, "2012-08-31T00:00:00Z")
    waits = []
    for _ in range(FREE_TRIES + 12):
        lock.note_failure(1000.0)
        waits.append(lock.wait(1000.0))
    assert waits[: FREE_TRIES - 1] == [0] * (FREE_TRIES - 1)
    assert waits[FREE_TRIES - 1 : FREE_TRIES + 4] == [2, 4, 8, 16, 32]
    assert waits[-1] == 300
    assert lock.wait(1299.5) == 1
    assert lock.wait(1300.0) == 0
    lock.release()
    again = InstanceLock(tmp_path, "2012-08-31T00:00:01Z")
    assert again.wait(1200.0) == 100
    assert again.forget_failures() == FREE_TRIES + 12
    assert again.wait(1200.0) == 0
    again.release()


def test_a_clock_set_back_begins_the_wait_anew_and_does_not_lock_for_years(tmp_path):
    lock = InstanceLock(tmp_path, "2012-08-31T00:00:00Z")
    for _ in range(FREE_TRIES):
        lock.note_failure(2_000_000_000.0)
    assert lock.wait(1_000_000_000.0) == 2
    assert lock.wait(1_000_000_002.0) == 0
    lock.release()


def test_the_change_log_with_all_this_in_it_verifies(city):
    passwords.add_person(city, "王芳", ("clerk",), OTHER, CHEAP)
    passwords.new_recovery_code(city, CHEAP)
    with city.read() as connection:
        assert not list(audit.verify(connection))


def test_signing_in_at_the_window_leaves_a_row_with_the_wrong_tries_before_it(city, pack):
    city.close()
    refused(city.folder, pack, "falsch")
    with opening.open_store(city.folder, password=PASSWORD, pack=pack) as again:
        access.login(again)
        access.login(again)
        rows = ask(
            again,
            "SELECT v.new FROM audit a JOIN audit_value v ON v.n = a.n WHERE a.act = 'login' ORDER BY a.n",
        )
    assert rows == [('{"wrong_before":1}',), (None,)]


def test_showing_a_masked_field_is_written_down_with_record_and_field(city):
    access.reveal(city, "member", "u1", "id_no")
    assert ask(city, "SELECT act, form, uid, person FROM audit ORDER BY n DESC LIMIT 1") == [
        ("reveal", "member", "u1", "李敏")
    ]
    passwords.add_person(city, "王芳", ("admin",), OTHER, CHEAP)
    with reopen(city, OTHER) as admin, pytest.raises(StoreError, match="S361"):
        access.reveal(admin, "member", "u1", "id_no")


def test_the_one_person_of_a_store_of_format_1_becomes_the_first_of_the_people(city, pack):
    ring = keyring.look(city.folder)
    only = keyring.Keyring(ring.store_id, ring.key_id, ring.salt)
    (slot,) = only.add(city.key, "李敏", PASSWORD, CHEAP).slots
    old = {name: value for name, value in slot.items() if name != "login"}
    with city.write() as transaction:
        for statement in (
            "DROP TABLE person", "PRAGMA user_version=1", "DELETE FROM setting WHERE key LIKE 'sign_%'",
            "UPDATE setting SET value = '李小敏' WHERE key = 'person'",
        ):  # fmt: skip
            transaction.connection.exec_driver_sql(statement)
        audit.note(transaction, "old")
    city.close()
    keyring.write(city.folder, keyring.Keyring(ring.store_id, ring.key_id, ring.salt, (old,)))
    with opening.open_store(city.folder, password=PASSWORD, login="李敏", pack=pack) as again:
        assert ask(again, "PRAGMA user_version") == [(schema.FORMAT,)]
        assert (again.person, again.person_id, again.roles) == (
            "李小敏",
            "李敏",
            tuple(workflow.ROLES),
        )
        assert (
            len(ask(again, "SELECT 1 FROM setting WHERE key IN ('sign_secret', 'sign_public')"))
            == 2
        )
        with again.read() as connection:
            assert not list(audit.verify(connection))


def test_a_locked_screen_opens_for_the_person_at_work_and_slows_guesses_down(city):
    passwords.add_person(city, "王芳", ("clerk",), OTHER, CHEAP)
    passwords.unlock_screen(city, PASSWORD)
    for wrong in (OTHER, "a", "b", "c", "d"):
        with pytest.raises(StoreError, match="S377"):
            passwords.unlock_screen(city, wrong)
    with pytest.raises(StoreError, match="S378"):
        passwords.unlock_screen(city, PASSWORD)


def test_a_sheet_of_persons_and_a_paper_leave_rows_and_other_forms_do_not(city):
    before = len(acts(city))
    access.filed(city, "contest", "a.xlsx")
    access.filed(city, "member", "b.xlsx")
    access.printed(city, "R30")
    assert acts(city)[before:] == ["file", "print"]


def test_after_a_week_without_a_recovery_sheet_the_reminder_is_red(city):
    assert not passwords.recovery_state(city).late
    with city.write() as transaction:
        transaction.connection.exec_driver_sql(
            "UPDATE setting SET value = '2012-08-01T00:00:00Z' WHERE key = 'created_at'"
        )
        audit.note(transaction, "old")
    assert passwords.recovery_state(city).late
    passwords.recovery_kept(city, "saved")
    assert not passwords.recovery_state(city).late
