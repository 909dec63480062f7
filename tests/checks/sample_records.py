"""The sample files as linked records, read without any store."""

import csv
from collections import defaultdict

from union_desk import resources
from union_desk.taskpack.expression import Context, RowsLookup
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.period import Period
from union_desk.taskpack.record import Detail, Record

AS_OF = "2012-08-31"
CITY = "511100000010"


def read_samples(pack):
    """Return records by form, every reference linked where its row is there."""
    cells = {form: list(_rows(form)) for form in pack.forms}
    values = {
        form.id: [_values(pack, form, row) for row in cells[form.id]]
        for form in pack.forms.values()
    }
    uids = {form: [f"{form}-{n}" for n in range(1, len(rows) + 1)] for form, rows in cells.items()}
    keys = {form.id: _keys(form, cells[form.id], uids[form.id]) for form in pack.forms.values()}
    for form in pack.forms.values():
        for item in form.fields:
            if item.type != "ref":
                continue
            for row in values[form.id]:
                text = row[item.id]
                row[f"{item.id}__key"] = row[f"{item.id}__label"] = text
                row[item.id] = keys[item.form].get(text)
    return {
        form.id: [
            _record(pack, form, number, uids, values, cells)
            for number in range(len(values[form.id]))
        ]
        for form in pack.top_forms
    }


def rows_of(pack, records):
    """Return the rows of records and their details by form, as a lookup wants them."""
    rows = defaultdict(list)
    for form, found in records.items():
        for record in found:
            rows[form].append(record.row())
            for detail_form, details in record.details.items():
                rows[detail_form] += [record.detail_row(detail) for detail in details]
    return rows


def context_over(pack, records, **changes):
    """Return the context of a city-level run at the day of the samples."""
    settings = {
        "as_of": AS_OF,
        "today": AS_OF,
        "period": Period.parse("2012M08"),
        "year": 2012,
        "year_from": "2012-01-01",
        "year_to": "2012-12-31",
        "level": "city",
        "params": {
            item.id: float(item.default) for item in pack.parameters.values() if item.default
        },
        "lookup": RowsLookup(rows_of(pack, records), pack.forms),
    }
    return Context(**{**settings, **changes})


def _rows(form):
    path = resources.samples() / f"{form}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _values(pack, form, row):
    found = {}
    for item in form.fields:
        value = parse(item, row.get(item.id) or "", Hints(2012, AS_OF, pack))
        assert not isinstance(value, Unreadable), (form.id, item.id, value)
        found[item.id] = value
    return found


def _keys(form, rows, uids):
    found = {}
    for key in (*form.natural_keys, form.short_key):
        for row, uid in zip(rows, uids, strict=True):
            if key and all(row.get(part) for part in key):
                found.setdefault("|".join(row[part] for part in key), uid)
    return found


def _record(pack, form, number, uids, values, cells):
    uid = uids[form.id][number]
    details = {}
    for detail in (pack.forms[name] for name in form.details):
        found = [
            (child, row)
            for child, row in zip(uids[detail.id], values[detail.id], strict=True)
            if row[detail.parent_field] == uid
        ]
        without = {detail.parent_field, *(f"{detail.parent_field}__{k}" for k in ("key", "label"))}
        details[detail.id] = tuple(
            Detail(child, place, {k: v for k, v in row.items() if k not in without})
            for place, (child, row) in enumerate(found, 1)
        )
    head = cells[form.id][number]
    return Record(
        form.id,
        uid,
        values[form.id][number],
        details,
        unit=head.get("unit") or CITY,
        period=head.get("period") or "2012M08",
    )
