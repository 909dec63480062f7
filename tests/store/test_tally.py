from union_desk.crypto import Cost
from union_desk.store import drafts, intake, opening, tally
from union_desk.taskpack.record import Table

DAY = "2012-08-31"


def test_records_are_counted_by_form_and_drafts_with_an_error_apart(tmp_path, pack):
    form = next(
        form
        for form in pack.top_forms
        if any(item.type == "date" and item.required for item in form.fields)
        and not form.natural_keys[0][1:]
    )
    when = next(item for item in form.fields if item.type == "date" and item.required)
    name = form.natural_keys[0][0]
    with opening.create(
        tmp_path / "data", pack, unit="511100000010", name="乐山市总工会", level="city", parent=None,
        password="secret", cost=Cost(1, 1024, 1),
    ) as store:  # fmt: skip
        header = list(
            dict.fromkeys([name, when.id, *(item.id for item in form.fields if item.required)])
        )
        empty = [""] * (len(header) - 2)
        sheet = Table(form.id, header, [["", "2012-08-01", *empty], ["", "8月32日", *empty]])
        put = intake.put(store, form.id, sheet, as_of=DAY, drafts=True)
        assert put.drafts == 2, put.findings
        with store.read() as connection:
            counted = tally.waiting(connection, store, DAY)
            assert set(counted) == {form.id}
            found = counted[form.id]
            assert (found.total, found.drafts, found.returned) == (2, 2, 0)
            newest = tally.newest_drafts(connection, store.tables, form.id, 10)
            unread = [
                uid
                for uid in newest
                if (kept := drafts.load_draft(connection, uid)) and kept.fields
            ]
            assert found.errors == len(unread) == 1
            assert len(tally.newest_drafts(connection, store.tables, form.id, 1)) == 1
            assert tally.by_state(connection, store.tables, pack) == {form.id: {"draft": 2}}
