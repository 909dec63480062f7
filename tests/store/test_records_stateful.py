"""Any order of drafts, confirmations, sendings, voidings: the store agrees with a plain model."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from tests.store.offices import PASSWORD, PROPOSAL, draft, new_store, run
from union_desk import resources
from union_desk.errors import InputError
from union_desk.store import audit, opening, records, survey
from union_desk.taskpack.load import load

PACK = load(resources.taskpacks() / "lszgh-2012-55")
TEMPLATE = Path(tempfile.mkdtemp(prefix="union-desk-template-"))
ITEMS = st.integers(3, 9)


def setup_module():
    new_store(TEMPLATE / "store", PACK).close()


def teardown_module():
    shutil.rmtree(TEMPLATE)


class Records(RuleBasedStateMachine):
    """The model: by uid what was last confirmed or saved, in which state, which revision."""

    uids = Bundle("uids")

    def __init__(self):
        super().__init__()
        self.model = {}
        self.store = None

    @initialize()
    def open(self):
        self.folder = Path(tempfile.mkdtemp(prefix="union-desk-"))
        shutil.copytree(TEMPLATE / "store", self.folder / "store")
        self.store = opening.open_store(self.folder / "store", password=PASSWORD, pack=PACK)

    def teardown(self):
        if self.store:
            self.store.close()
            shutil.rmtree(self.folder)

    def act(self, work):
        """Do something in a transaction; return whether it was refused."""
        try:
            with self.store.write() as transaction:
                work(transaction, run(self.store, transaction.connection))
        except InputError:
            return True
        return False

    def record(self, uid, items):
        return draft("proposal", PROPOSAL | {"items": items, "title": f"建议 {uid[-8:]}"}, uid=uid)

    @rule(target=uids, items=ITEMS)
    def save_new(self, items):
        made = draft("proposal", {})
        assert not self.act(lambda t, c: records.put_draft(t, self.record(made.uid, items), c))
        self.model[made.uid] = {"state": "draft", "rev": 0, "items": items, "deleted": 0}
        return made.uid

    @rule(uid=uids, items=ITEMS)
    def save_again(self, uid, items):
        known = self.model[uid]
        refused = self.act(lambda t, c: records.put_draft(t, self.record(uid, items), c))
        assert refused == (known["state"] != "draft")
        if not refused:
            known |= {"items": items, "deleted": 0}

    @rule(uid=uids, items=ITEMS, reason=st.sampled_from([None, "更正"]))
    def confirm(self, uid, items, reason):
        known = self.model[uid]
        refused = self.act(
            lambda t, c: records.confirm(
                t, self.record(uid, items), c, period="2012M08", reason=reason
            )
        )
        assert refused == (known["state"] == "sent" and reason is None)
        if not refused:
            known |= {"state": "confirmed", "rev": known["rev"] + 1, "items": items, "deleted": 0}

    @rule(uid=uids)
    def confirm_with_an_error(self, uid):
        assert self.act(
            lambda t, c: records.confirm(t, self.record(uid, 0), c, period="2012M08", reason="更正")
        )

    @rule(uid=uids)
    def void(self, uid):
        known = self.model[uid]
        refused = self.act(lambda t, _: records.void(t, "proposal", uid, "重复"))
        assert refused == (known["state"] == "draft")
        if not refused:
            known |= {"state": "confirmed", "rev": known["rev"] + 1, "deleted": 1}

    @rule(uid=uids)
    def restore(self, uid):
        known = self.model[uid]
        assert not self.act(lambda t, _: records.restore(t, "proposal", uid))
        if known["deleted"]:
            known |= {"deleted": 0, "rev": known["rev"] + (known["state"] != "draft")}

    @rule(uid=uids)
    def delete(self, uid):
        known = self.model[uid]
        refused = self.act(lambda t, _: records.delete_drafts(t, "proposal", [uid]))
        assert refused == (known["state"] != "draft")
        if not refused:
            known |= {"deleted": 1}

    @rule()
    def send(self):
        """What export does to the head of every confirmed record."""
        with self.store.write() as transaction:
            transaction.connection.exec_driver_sql(
                "UPDATE proposal SET record_state = 'sent', packet = 'p' WHERE record_state <> 'draft' AND packet IS NULL"
            )
            audit.note(transaction, "export")
        for known in self.model.values():
            known["state"] = "sent" if known["state"] == "confirmed" else known["state"]

    @rule()
    def close_and_open(self):
        self.store.close()
        self.store = opening.open_store(self.folder / "store", password=PASSWORD, pack=PACK)

    @rule(uid=consumes(uids))
    def forget(self, uid):
        """The record stays as it is from now on."""

    @invariant()
    def the_store_agrees_with_the_model(self):
        if self.store is None:
            return
        with self.store.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT uid, record_state, rev, items, deleted FROM proposal"
            ).all()
            assert {row[0]: tuple(row[1:]) for row in rows} == {
                uid: tuple(known.values()) for uid, known in self.model.items()
            }
            assert list(audit.verify(connection)) == []

    @rule()
    def look_it_over(self):
        assert list(survey.problems(self.store, full=True)) == []


Records.TestCase.settings = settings(max_examples=5, stateful_step_count=15, deadline=None)
TestRecords = Records.TestCase
