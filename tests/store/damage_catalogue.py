"""A catalogue of damaged stores, made from one good one by seed: what the program must do with each.

``python -m tests.store.damage_catalogue --count 200`` runs it; a sample runs under pytest.
Every trial: the start opens or gives a sentence, the original is not changed, the newest backup
restores, and salvage returns only rows as they were and names the rest.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from sqlcipher3 import dbapi2

from tests.store.offices import PASSWORD, draft, new_store, put, run
from union_desk import resources
from union_desk.errors import UserError
from union_desk.store import backups, damage, keyring, opening, records, restoring, salvage, survey
from union_desk.store.thinning import listing
from union_desk.taskpack import load

PAGE = 4096
FORMS = ("union_org", "enterprise", "member", "aid", "visit")


class Good:
    """The good store all the others are made from, with one backup and a packet-free history."""

    def __init__(self, folder, pack):
        self.folder, self.pack = folder / "good", pack
        with new_store(self.folder, pack, "county") as store:
            for form in FORMS[:-1]:
                put(store, form, reason="样本")
            self.old_pages = (self.folder / "store.db").read_bytes()
            with store.write() as tx:
                context = run(store, tx.connection)
                for number in range(300):
                    values = {"visitor": f"第 {number} 人", "place": "慰问" * 40}
                    records.put_draft(tx, draft("visit", values), context)
            assert list(survey.problems(store, full=True)) == []
            self.made = backups.make(store, "command")
            self.rows = rows_of(store)
            self.key = store.key
        self.content = (self.folder / "store.db").read_bytes()
        self.pages = len(self.content) // PAGE

    def raw(self, folder):
        """A connection with the key, to do harm with."""
        raw = dbapi2.connect(folder / "store.db", isolation_level=None)
        raw.execute(self.key.pragma)
        return raw


def rows_of(store):
    with store.read() as connection:
        return {
            form: {
                row[0]: tuple(row)
                for row in connection.exec_driver_sql(f'SELECT uid, * FROM "{form}"')
            }
            for form in FORMS
        }


# The faults: each takes the good store, a copy of it and a random source --------------------


def write(folder, content, name="store.db"):
    (folder / name).write_bytes(content)


def missing(good, folder, rng):
    (folder / "store.db").unlink()


def empty(good, folder, rng):
    write(folder, b"")


def cut(good, folder, rng):
    write(folder, good.content[: rng.randrange(1, len(good.content))])


def cut_at_a_page(good, folder, rng):
    write(folder, good.content[: PAGE * rng.randrange(1, good.pages)])


def longer(good, folder, rng):
    write(folder, good.content + rng.randbytes(rng.randrange(1, 5 * PAGE)))


def salt_lost(good, folder, rng):
    write(folder, rng.choice((bytes(16), rng.randbytes(16))) + good.content[16:])


def first_page_lost(good, folder, rng):
    write(folder, rng.randbytes(PAGE) + good.content[PAGE:])


def pages_lost(good, folder, rng):
    content = bytearray(good.content)
    for page in rng.sample(range(1, good.pages), rng.choice((1, 1, 5, 20))):
        content[page * PAGE : (page + 1) * PAGE] = rng.choice((bytes(PAGE), rng.randbytes(PAGE)))
    write(folder, bytes(content))


def bits_flipped(good, folder, rng):
    content = bytearray(good.content)
    for _ in range(rng.choice((1, 1, 3, 30))):
        content[rng.randrange(16, len(content))] ^= 1 << rng.randrange(8)
    write(folder, bytes(content))


def sectors_torn(good, folder, rng):
    content = bytearray(good.content)
    start = 512 * rng.randrange(1, len(content) // 512)
    content[start : start + 512] = bytes(512)
    write(folder, bytes(content))


def old_pages_put_back(good, folder, rng):
    content = bytearray(good.content)
    known = len(good.old_pages) // PAGE
    changed = [
        page
        for page in range(1, known)
        if content[page * PAGE : (page + 1) * PAGE]
        != good.old_pages[page * PAGE : (page + 1) * PAGE]
    ]
    for page in rng.sample(changed, min(len(changed), rng.choice((1, 3)))):
        content[page * PAGE : (page + 1) * PAGE] = good.old_pages[page * PAGE : (page + 1) * PAGE]
    write(folder, bytes(content))


def old_file_put_back(good, folder, rng):
    write(folder, good.old_pages)


def journal_of_a_stranger(good, folder, rng):
    write(
        folder,
        rng.choice(
            (rng.randbytes(9000), b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + rng.randbytes(9000))
        ),
        "store.db-journal",
    )


def half_a_transaction(good, folder, rng):
    """The journal of a transaction under way is lost: some of its pages are in the file."""
    raw = good.raw(folder)
    raw.execute("PRAGMA cache_size=5")
    raw.execute("BEGIN")
    raw.execute(
        f"UPDATE visit SET updated_at = updated_at || 'x' WHERE rowid > {rng.randrange(200)}"
    )
    content = (folder / "store.db").read_bytes()
    raw.execute("ROLLBACK")
    raw.close()
    write(folder, content)


def foreign_file(good, folder, rng):
    write(
        folder,
        rng.choice(
            (
                b"hello\n" * 999,
                b"PK\x03\x04" + rng.randbytes(9000),
                b"SQLite format 3\0" + rng.randbytes(9000),
                rng.randbytes(50_000),
            )
        ),
    )


def plain_database(good, folder, rng):
    (folder / "store.db").unlink()
    raw = dbapi2.connect(folder / "store.db")
    raw.execute("CREATE TABLE t (x)")
    raw.commit()
    raw.close()


def another_application(good, folder, rng):
    raw = good.raw(folder)
    raw.execute(f"PRAGMA application_id={rng.randrange(1, 1 << 20)}")
    raw.close()


def newer_format(good, folder, rng):
    raw = good.raw(folder)
    raw.execute(f"PRAGMA user_version={rng.choice((99, 1 << 20))}")
    raw.close()


def indexes_exchanged(good, folder, rng):
    raw = good.raw(folder)
    form = rng.choice(FORMS)
    rows = raw.execute(
        "SELECT name, rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND coalesce(sql, '') NOT LIKE '%WHERE%'",
        (form,),
    ).fetchall()
    (one, first), (two, second) = rng.sample(rows, 2)
    raw.execute("PRAGMA writable_schema=ON")
    raw.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = ?", (second, one))
    raw.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = ?", (first, two))
    raw.close()


def log_edited(good, folder, rng):
    raw = good.raw(folder)
    raw.execute("DROP TRIGGER audit__no_update")
    raw.execute("UPDATE audit SET person = '别人' WHERE n = ?", (rng.randrange(2, 20),))
    raw.close()


def record_edited(good, folder, rng):
    raw = good.raw(folder)
    raw.execute("UPDATE union_org SET created_by = '别人' WHERE rowid = ?", (rng.randrange(1, 9),))
    raw.close()


def one_key_file_bad(good, folder, rng):
    path = folder / rng.choice(keyring.NAMES)
    rng.choice(
        (path.unlink, lambda: path.write_bytes(b"{"), lambda: path.write_bytes(rng.randbytes(300)))
    )()


def both_key_files_bad(good, folder, rng):
    for name in keyring.NAMES:
        path = folder / name
        rng.choice(
            (
                path.unlink,
                lambda path=path: path.write_text("[]"),
                lambda path=path: path.write_bytes(path.read_bytes()[:200]),
            )
        )()


def keys_changed(good, folder, rng):
    for name in keyring.NAMES:
        body = json.loads((folder / name).read_text("utf-8"))
        body[rng.choice(("store", "key", "salt"))] = "00" * 16
        (folder / name).write_text(json.dumps(body), "utf-8")


def rubbish_beside_it(good, folder, rng):
    name = rng.choice(
        (
            "instance.lock",
            "settings.json",
            "incoming/store.db",
            "backups/x.udbak",
            "tmp/x",
            "ballast.bin",
        )
    )
    (folder / name).parent.mkdir(exist_ok=True)
    write(folder, rng.randbytes(500), name)


def moves_unreadable(good, folder, rng):
    (folder / "incoming").mkdir(exist_ok=True)
    write(folder, rng.randbytes(50), "incoming/READY")


REFUSED, OPENS, EITHER = "refused", "opens", "either"
FAULTS = {
    missing: (REFUSED, {"S308"}),
    empty: (REFUSED, {"S308"}),
    cut: (EITHER, {"S325", "S326", "S308", "S407"}),
    cut_at_a_page: (EITHER, {"S325", "S326", "S407"}),
    longer: (EITHER, {"S325", "S326", "S407"}),
    salt_lost: (OPENS, set()),
    first_page_lost: (REFUSED, {"S326", "S325"}),
    pages_lost: (EITHER, {"S325", "S326", "S407"}),
    bits_flipped: (EITHER, {"S325", "S326", "S407"}),
    sectors_torn: (EITHER, {"S325", "S326", "S407"}),
    old_pages_put_back: (EITHER, {"S325", "S326", "S407", "S341"}),
    old_file_put_back: (OPENS, set()),
    journal_of_a_stranger: (EITHER, {"S325", "S326", "S407", "S321", "S323"}),
    half_a_transaction: (EITHER, {"S325", "S326", "S407"}),
    foreign_file: (REFUSED, {"S326", "S325", "S305"}),
    plain_database: (REFUSED, {"S326", "S325", "S305"}),
    another_application: (REFUSED, {"S305"}),
    newer_format: (REFUSED, {"S306"}),
    indexes_exchanged: (EITHER, {"S325"}),
    log_edited: (OPENS, set()),
    record_edited: (OPENS, set()),
    one_key_file_bad: (OPENS, set()),
    both_key_files_bad: (OPENS, set()),
    keys_changed: (OPENS, set()),
    rubbish_beside_it: (OPENS, set()),
    moves_unreadable: (REFUSED, {"S309"}),
}
"""What may be done with a store that has the fault, and by which codes it is refused."""
SEEN = {
    salt_lost,
    log_edited,
    record_edited,
    indexes_exchanged,
    sectors_torn,
    pages_lost,
    bits_flipped,
    half_a_transaction,
}
"""Faults that `doctor --full` must name where the store opens."""
OLD = (old_pages_put_back, old_file_put_back)
"""Pages that were once right: what they do not hold yet nobody can name."""
NO_SALVAGE = {
    missing,
    empty,
    first_page_lost,
    foreign_file,
    plain_database,
    another_application,
    newer_format,
    moves_unreadable,
}


def trial(good, seed, place):
    """Damage a copy by `seed` and walk all ways out; return the fault and how the start ended."""
    rng = random.Random(seed)
    fault = list(FAULTS)[seed % len(FAULTS)]
    folder = place / f"{seed}"
    shutil.copytree(good.folder, folder)
    try:
        fault(good, folder, rng)
        ended = check_start(good, fault, folder)
        for way in (check_salvage, check_restore):
            copy = place / f"{seed}-{way.__name__}"
            shutil.copytree(folder, copy)
            try:
                way(good, fault, copy)
            finally:
                shutil.rmtree(copy)
    finally:
        shutil.rmtree(folder)
    return fault.__name__, ended


def originals(folder):
    return {
        name: (folder / name).read_bytes()
        for name in ("store.db", *keyring.NAMES)
        if (folder / name).exists()
    }


def attempt(act):
    """What an act gives, or the sentence with which it is refused."""
    try:
        return act(), None
    except UserError as error:
        return None, error


def check_start(good, fault, folder):
    wanted, codes = FAULTS[fault]
    before = originals(folder)
    store, refusal = attempt(lambda: opening.open_store(folder, password=PASSWORD, pack=good.pack))
    if refusal is not None:
        assert wanted != OPENS, f"{fault.__name__}: {refusal}"
        assert refusal.code in codes, f"{fault.__name__}: {refusal}"
        assert refusal.sentence.endswith("。")
        assert refusal.step.endswith("。")
        assert originals(folder) == before, "the original was changed"
        assert damage.ways_out(folder).backup is not None
        return refusal.code
    with store:
        assert wanted != REFUSED, fault.__name__
        found = list(survey.problems(store, full=True))
        assert found or fault not in SEEN, f"{fault.__name__}: doctor saw nothing"
        assert all(sentence.endswith("。") for sentence in found)
    return OPENS if not found else "opens, named by doctor"


def check_restore(good, fault, folder):
    """The newest backup brings everything back, and what was there is kept."""
    if fault is moves_unreadable:
        shutil.rmtree(folder / "incoming")
    before = originals(folder)
    path = listing(folder / "backups").kept[0].path
    done = restoring.restore(folder, path, PASSWORD, pack=good.pack)
    kept = {item.name: item.read_bytes() for item in (folder / done.aside).iterdir()}
    if done.present is None:
        assert before.items() <= kept.items(), "the original was not kept"
    with opening.open_store(folder, password=PASSWORD, pack=good.pack) as store:
        assert rows_of(store) == good.rows
        wrong = [
            line
            for line in survey.problems(store, full=True)
            if "备份" not in line and "操作记录不符" not in line
        ]
        assert wrong == []


def check_salvage(good, fault, folder):
    """Every row that comes back is as it was; the others are named or lie in a gap."""
    before = originals(folder)
    done, refusal = attempt(lambda: salvage.salvage(folder, PASSWORD, pack=good.pack))
    if refusal is not None:
        hopeless = fault in NO_SALVAGE or refusal.code in ("S420", "S424")
        assert hopeless, f"{fault.__name__}: {refusal}"
        assert originals(folder) == before
        return
    assert fault not in NO_SALVAGE
    kept = {item.name: item.read_bytes() for item in (folder / done.aside).iterdir()}
    assert before.get("store.db") == kept.get("store.db")
    with opening.open_store(folder, password=PASSWORD, pack=good.pack) as store:
        for form, rows in rows_of(store).items():
            wrong = [uid for uid, row in rows.items() if row != good.rows[form].get(uid)]
            if fault not in (*OLD, record_edited, half_a_transaction):
                assert wrong == [], f"{fault.__name__}: {form} {wrong[:3]}"
            lost = {item.uid for item in done.lost if item.form == form}
            unnamed = set(good.rows[form]) - set(rows) - lost
            known = fault in OLD or done.gaps
            assert not unnamed or known, f"{fault.__name__}: {form} lost {len(unnamed)} unsaid"
        with store.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=200)
    asked.add_argument("--first", type=int, default=0)
    given = asked.parse_args()
    pack = load.load(next(iter(sorted(resources.taskpacks().iterdir()))))
    ended, failures = Counter(), []
    with tempfile.TemporaryDirectory() as name:
        os.environ["UNION_DESK_STATE"] = f"{name}/outside"
        good = Good(Path(name), pack)
        for seed in range(given.first, given.first + given.count):
            try:
                ended[trial(good, seed, Path(name))] += 1
            except Exception as error:
                failures.append(seed)
                print(f"seed {seed}: {type(error).__name__}: {str(error)[:300]}", flush=True)
    for (fault, end), count in sorted(ended.items()):
        print(f"{fault:24} {end:24} {count}")
    print(
        f"P10  damaged stores: N={given.count} failures={len(failures)} seeds={failures} 3/N={3 / given.count:.4f}"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
