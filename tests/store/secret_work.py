"""A day's work with planted secrets, ended by kill -9 in the middle of a write.

Run as a process of its own: ``secret_work.py DATA OUT``; prints the uid of a sheet when all is
done but the last write.
"""

import os
import signal
import sys
from pathlib import Path

from tests.store.offices import CHEAP, put, sheet
from union_desk import resources
from union_desk.store import access, attachments, audit, backups, drafts, opening, passwords
from union_desk.taskpack.load import load

NAME, OTHER_NAME, NUMBER, PHONE = "欧阳密密", "司徒隐隐", "511197199408116135", "13987654321"
PASSWORD, OTHER_PASSWORD, NOTE = "planted-password-1", "另外的密令 22", "planted note of an illness"
SECRETS = (NAME, OTHER_NAME, NUMBER, PHONE, PASSWORD, OTHER_PASSWORD, NOTE)
UNIT = "511102000013"


def work(folder):
    pack = load(resources.taskpacks() / "lszgh-2012-55")
    store = opening.create(
        folder, pack, unit=UNIT, name="市中区总工会", level="county", parent="511100000010",
        password=PASSWORD, person="李敏", cost=CHEAP,
    )  # fmt: skip
    passwords.add_person(store, "王芳", ("clerk",), OTHER_PASSWORD, CHEAP)
    print(passwords.new_recovery_code(store, CHEAP), flush=True)
    access.login(store)
    row = {"name": NAME, "person_id": NUMBER, "phone": PHONE}
    done = put(store, "member", sheet("member", row), reason="x", drafts=True)
    assert done.drafts + done.added == 1, done.findings
    with store.read() as connection:
        uid = str(connection.exec_driver_sql("SELECT uid FROM member").scalar())
    with store.write() as transaction:
        drafts.save_draft(
            transaction, drafts.Draft(uid, "member", {"name": OTHER_NAME, "person_id": NUMBER[:-1]})
        )
        attachments.keep(store, transaction.connection, NOTE.encode() * 100)
    access.reveal(store, "member", uid, "person_id")
    backups.make(store, "daily")
    print(uid, flush=True)
    with store.write(bulk=True) as transaction:
        for _ in range(2000):
            audit.note(transaction, "planted", new={"name": NAME, "number": NUMBER, "note": NOTE})
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    work(Path(sys.argv[1]))
