"""What children do while they are killed, refused, or lose their power: the program's own acts.

Each says ``commit`` after every transaction that was acknowledged, and ``done`` at its end.
"""

import hashlib
import random
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.faults import scene
from tests.faults.scene import OTHER, data, package
from tests.faults.stage import Step
from tests.store.offices import CHEAP, DAY, PASSWORD, PROPOSAL, UNITS, ask, draft, put, run, save
from tests.store.test_upgrading import grown
from union_desk import files
from union_desk.bundle import exporting, importing
from union_desk.errors import UserError
from union_desk.papers import issuing
from union_desk.papers.subject import Subject
from union_desk.store import (
    attachments,
    backups,
    connecting,
    drafts,
    erasing,
    incoming,
    keyring,
    opening,
    passwords,
    records,
    recovering,
    rekeying,
    restoring,
    sealed_files,
    thinning,
    upgrading,
)
from union_desk.store.layout import ERASED
from union_desk.store.transaction import now
from union_desk.taskpack.definition import Field

PAPER = "R03"
UID = "01912f00-0000-7000-8000-000000000001"
PICTURE = b"%PDF-1.7\n" + b"a picture " * 3000
TYPED = {"place": "城区", "households": "约 20"}
FIELD = Field("attachment", "附件", "attach", file_types=("pdf",), max_bytes=100_000)


def _opened(step: Step, pack=None):
    store = opening.open_store(data(step.place), password=PASSWORD, pack=pack or package())
    step.say("open")
    return store


def _save(step: Step, store) -> None:
    with store.write() as tx:
        left = drafts.Draft(UID, "visit", {"households": TYPED["households"]})
        records.put_draft(
            tx, draft("visit", {"place": "城区"}, uid=UID), run(store, tx.connection), left=left
        )


def save_(step: Step) -> None:
    """Save a record whose text waits in table ``draft``; what does not parse stays there."""
    with _opened(step) as store:
        again(step, lambda: _save(step, store))


def draft_(step: Step) -> None:
    with _opened(step) as store:
        again(step, lambda: _draft(store))


def _draft(store) -> None:
    with store.write() as tx:
        drafts.save_draft(
            tx, drafts.Draft(UID, "visit", {"place": "城区人民路", "households": "约 20 人"})
        )


def attachment(step: Step) -> None:
    with _opened(step) as store:
        again(step, lambda: _attach(step, store))


def _attach(step: Step, store) -> None:
    with store.write() as tx:
        attachments.add(tx, "info_report", UID, FIELD, step.place / "报告.pdf")


def put_(step: Step) -> None:
    """Take in a sheet: rows that are there change, others are new."""
    with _opened(step) as store:
        again(step, lambda: put(store, "enterprise", reason="样本"))


def confirm(step: Step) -> None:
    with _opened(step) as store:
        again(step, lambda: _confirm(store))


def _confirm(store) -> None:
    with store.write() as tx:
        context = run(store, tx.connection)
        record = draft("proposal", PROPOSAL, uid=UID.replace("1f", "2f"))
        records.confirm(tx, record, context, period="2012M08")


def export(step: Step) -> None:
    with _opened(step) as store:
        again(step, lambda: exporting.export(store, step.place / "stick", as_of=DAY))


def init(step: Step) -> None:
    unit, name, parent = UNITS["county"]
    again(
        step,
        lambda: opening.create(
            data(step.place),
            package(),
            unit=unit,
            name=name,
            level="county",
            parent=parent,
            password=PASSWORD,
            person="李敏",
            cost=CHEAP,
        ).close(),
    )


def install(step: Step) -> None:
    with _opened(step) as store:
        again(step, lambda: upgrading.install(store, step.place / "package"))


def upgrade(step: Step) -> None:
    again(step, lambda: _opened(step, grown(package())).close())


def backup(step: Step) -> None:
    with _opened(step) as store:
        again(step, lambda: backups.make(store, "command"))


def restore(step: Step) -> None:
    (path,) = (step.place / "kept").glob("*.udbak")
    again(step, lambda: restoring.restore(data(step.place), path, PASSWORD, pack=package()))


def password(step: Step) -> None:
    with _opened(step) as store:
        again(step, lambda: passwords.change_own(store, PASSWORD, OTHER, CHEAP))


def handover(step: Step) -> None:
    with _opened(step) as store:
        again(step, lambda: passwords.hand_over(store, "王芳", OTHER, CHEAP))


def rekey(step: Step) -> None:
    """Change the key; where moves that were decided are finished by the next start, once."""
    folder = data(step.place)
    before = keyring.look(folder).key_id

    def change() -> None:
        incoming.finish(folder)
        if keyring.look(folder).key_id == before:
            rekeying.change_key(folder, PASSWORD, pack=package(), cost=CHEAP)

    again(step, change)


def take_in(step: Step) -> None:
    """Take in the bundle of a lower unit: every packet with all that it brings, or none of it."""
    with _opened(step) as store:
        again(step, lambda: importing.take_in(store, step.place / "post"))


def issue(step: Step) -> None:
    """Issue a printed report: its serial, its row, what it covers."""
    with _opened(step) as store:
        about = Subject(PAPER, store.unit, "2012M08", DAY)
        again(step, lambda: issuing.issue(store, about))


def erase(step: Step) -> None:
    """Erase a record; where that was done before the disk refused the rest, once."""
    with _opened(step) as store:
        uid = ask(store, "SELECT uid FROM union_org ORDER BY rowid LIMIT 1")[0][0]

        def once() -> None:
            if ask(store, "SELECT deleted FROM union_org WHERE uid = ?", uid) != [(ERASED,)]:
                erasing.erase(store, [("union_org", uid)], "本人要求")

        again(step, once)


def thin(step: Step) -> None:
    """A year later only the newest of three backups stays, with the sealed files that it names."""
    with _opened(step) as store:
        later = thinning.moment(now()) + timedelta(days=900)
        again(step, lambda: thinning.thin(store.folder / backups.FOLDER, store.store_id, later))


def reset(step: Step) -> None:
    """Forgotten password: the recovery code sets a new one; where it opens already, that was it."""
    code = (step.place / "code.txt").read_text("utf-8")
    folder = data(step.place)

    def unless_done() -> None:
        try:
            keyring.look(folder).open(OTHER)
        except UserError:
            recovering.reset_by_code(
                folder, code, "李敏", OTHER, pack=package(), cost=CHEAP
            ).close()

    again(step, unless_done)


def again(step: Step, act: Callable[[], object]) -> None:
    """Do `act`; where it is refused, say so and do it once more: the disk is well again."""
    try:
        act()
    except UserError as error:
        if not step.args.get("again"):
            raise
        step.say("refused", code=error.code, sentence=error.sentence, step=error.step)
        act()
        step.say("again")
    step.say("done")


# --- as it must not be done ---------------------------------------------------------------------


def draft_apart(step: Step) -> None:
    """The draft emptied in a transaction of its own."""
    with _opened(step) as store:
        with store.write() as tx:
            drafts.discard(tx, UID)
        _save(step, store)
        step.say("done")


def upgrade_without_hooks(step: Step) -> None:
    """The driver's own idea of transactions: each DDL statement stands by itself."""
    with _opened(step) as store:
        raw = store.database.writer.raw_connection().driver_connection
        raw.isolation_level = ""
        tables = upgrading.schema.tables(grown(package()))
        for column in ("weather", "a1", "a2", "a3"):
            raw.execute(f'ALTER TABLE "visit" ADD COLUMN "{column}" TEXT')
        raw.execute("INSERT INTO setting (key, value) VALUES ('upgraded', '1')")
        raw.commit()
        assert tables
        step.say("done")


def backup_before_files(step: Step) -> None:
    """The backup file first, the sealed files that it names after it."""
    with _opened(step) as store:
        copy_all = sealed_files.copy_all
        kept = []
        sealed_files.copy_all = lambda *given: kept.append(given) or []
        backups.make(store, "command")
        copy_all(*kept[0])
        step.say("done")


# --- without end --------------------------------------------------------------------------------


def keep_saving(step: Step) -> None:
    """Save one record after the other, and acknowledge each."""
    for name, (value, answer) in step.args.get("pragmas", {}).items():
        connecting.PRAGMAS[name] = (value, answer)
    with _opened(step) as store:
        for number in range(10**9):
            saved = save(store, draft("visit", {"place": f"第{number}处"}))
            step.say("saved", uid=saved.uid, number=number)


def keep_writing(step: Step) -> None:
    """Write one file after the other, and acknowledge each."""
    drawn = random.Random(step.args["seed"])
    for number in range(10**9):
        content = drawn.randbytes(30_000)
        path = step.place / f"file-{number}.zip"
        if step.args.get("naive"):
            path.write_bytes(content)
        else:
            files.write_durable(path, content)
        step.say("saved", name=path.name, sha256=hashlib.sha256(content).hexdigest())


def fill_up(step: Step) -> None:
    """Save until the disk is full; then make room by deleting, and save again."""
    with _opened(step) as store:
        saved = []
        try:
            for number in range(100_000):
                saved.append(
                    save(
                        store, draft("visit", {"place": f"第{number}处", "findings": "长" * 900})
                    ).uid
                )
                step.say("saved", uid=saved[-1])
        except UserError as error:
            step.say("refused", code=error.code, sentence=error.sentence, step=error.step)
        if step.args.get("relieve"):
            Path(step.args["relieve"]).unlink()
        step.say("saved", uid=save(store, draft("visit", {"place": "以后"})).uid)
        step.say("done")


def hold(step: Step) -> None:
    """Keep the store open until killed."""
    with _opened(step):
        step.say("held")
        signal.pause()


ACTS: dict[str, Callable[[Step], None]] = {
    "save": save_, "draft": draft_, "attachment": attachment, "put": put_, "confirm": confirm, "export": export, "init": init,
    "install": install, "upgrade": upgrade, "backup": backup, "restore": restore, "password": password, "handover": handover, "thin": thin, "reset": reset, "rekey": rekey,
    "import": take_in, "issue": issue, "erase": erase,
    "draft_apart": draft_apart, "upgrade_without_hooks": upgrade_without_hooks, "backup_before_files": backup_before_files,
    "keep_saving": keep_saving, "keep_writing": keep_writing, "fill_up": fill_up, "hold": hold,
}  # fmt: skip


def watch(step: Step) -> None:
    """Say ``commit`` at each acknowledged transaction, with the state where it is asked for."""
    commit = connecting.Database.commit

    def watched(database, connection) -> bool:
        saved = commit(database, connection)
        if saved:
            step.say(
                "commit", **({"state": scene.state(database)} if step.args.get("states") else {})
            )
        return saved

    connecting.Database.commit = watched


def pictures(place: Path) -> None:
    (place / "报告.pdf").write_bytes(PICTURE)
