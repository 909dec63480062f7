"""What an office does with its papers, and how its rows come to the office above."""

import random
from dataclasses import replace

from sqlcipher3 import dbapi2

from tests.reports.papers import person_id
from tests.store.offices import DAY, confirm, draft, get
from union_desk.papers import issuing
from union_desk.papers.subject import Subject
from union_desk.store import issued, records
from union_desk.store.layout import details_of, layout, rows_by
from union_desk.store.writing import Write, write_rows

SYSTEM = ("issued_report", "filing", "indicator_note", "check_note")


def about(store, name, period="2012M08", record=None):
    return Subject(name, store.unit, period, DAY, record)


def issue(store, name, period="2012M08", record=None):
    return issuing.issue(store, about(store, name, period, record))


def paper(store, serial):
    """Return an issued paper as it is now."""
    with store.read() as connection:
        return issued.by_serial(connection, store.tables, serial)[0]


def first(store, form):
    """Return the first record of a form."""
    with store.read() as connection:
        row = connection.exec_driver_sql(
            f'SELECT uid FROM "{form}" WHERE deleted = 0 ORDER BY rowid'
        ).first()
    return get(store, form, row[0])


def correct(store, record, **values):
    """Confirm a record with some values changed."""
    changed = replace(record, values={**record.values, **values})
    checks = {check.id: "核对过，情况属实" for check in store.pack.forms[record.form].all_checks}
    return confirm(store, changed, period=record.period, reason="单位来电更正", explanations=checks)


def newcomer(store, name="后来的人"):
    """Confirm a member that no paper has read yet."""
    old = first(store, "member")
    number = person_id(random.Random(name))
    values = {
        **old.values,
        "name": name,
        "card_no": "后来的证",
        "person_id": number,
        "birth_date": None,
        "gender": None,
    }
    values |= {
        "birth_date": f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
        "gender": "12"[int(number[16]) % 2 == 0],
    }
    checks = {check.id: "核对过，情况属实" for check in store.pack.forms["member"].all_checks}
    return confirm(store, draft("member", values), explanations=checks)


def void(store, record, reason="重复登记"):
    with store.write() as transaction:
        records.void(transaction, record.form, record.uid, reason)


def receive(above, below):
    """Take the newest revisions of an office's rows in, as an import does."""
    with below.read() as source, above.write() as transaction:
        for form in [*(item.id for item in below.pack.top_forms), *SYSTEM]:
            made, there = layout(below.tables, form), layout(above.tables, form)
            rows = [
                tuple(row)
                for row in source.exec_driver_sql(f"{made.select} WHERE record_state <> 'draft'")
            ]
            rows = [
                tuple(
                    dict(zip(made.columns, row, strict=True)).get(name) if name != "pdf" else None
                    for name in there.columns
                )
                for row in rows
            ]
            known = {
                row[0]: row
                for row in rows_by(transaction.connection, there, "uid", [row[0] for row in rows])
            }
            fresh = [
                row
                for row in rows
                if known.get(row[0], (None,) * 12)[there.place["rev"]] != row[there.place["rev"]]
            ]
            uids = [row[0] for row in fresh]
            inner = details_of(source, below.tables, made.form, uids)
            before = details_of(transaction.connection, above.tables, there.form, uids)
            writes = [
                Write(row, known.get(row[0]), inner.get(row[0], {}), before.get(row[0], {}))
                for row in fresh
            ]
            write_rows(transaction, form, writes, act="receive")


def restore(store, copy):
    """Put the pages of a copy in place of those of an open store."""
    source = dbapi2.connect(copy)
    source.execute(store.database.key_pragma)
    source.execute("PRAGMA cipher_compatibility=4")
    with store.database.writer.connect() as connection:
        source.backup(connection.connection.driver_connection)
    source.close()
