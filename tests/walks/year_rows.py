"""Rows as clerks enter them in a simulated year: the samples, moved in time, with numbers of their own."""

import random
import re
from datetime import date, timedelta

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2, mod_11_10

from tests.store.offices import rows_of
from tests.store.sample_figures import ADOPTION_POINTS

SAMPLE_DAY = date(2012, 8, 31)
UNIQUE = {
    "enterprise": "name", "union_org": "name", "contest": "name", "team_brand": "team_name",
    "sports_team": "team_name", "wage_contract": "contract_no", "hardship": "file_no",
    "demand": "demand_no", "proposal": "title", "innovation": "name", "labor_risk": "title",
    "info_report": "title", "visit": "place", "culture_event": "name", "model_unit": "unit_name",
    "aid": "title",
}  # fmt: skip
"""What two records of a form must not share."""
SERIALS = {
    "contract_no": "LSZ-2012-{:03}",
    "file_no": "{unit}-2012-{:03}",
    "demand_no": "{unit}-2012-{:03}",
}
LINKS = {
    "wage_contract_cover": ("contract", "contract_no"), "contest_unit": ("contest", "name"),
    "hardship_family": ("hardship", "file_no"), "sports_player": ("team", "team_name"),
}  # fmt: skip
"""Detail -> its field for the parent, and the parent's key."""
DETAILS = {
    "wage_contract": "wage_contract_cover", "contest": "contest_unit",
    "hardship": "hardship_family", "sports_team": "sports_player",
}  # fmt: skip
NUMBERS = {
    "innovation": "person_times", "contest": "person_times", "proposal": "person_times",
    "culture_event": "persons", "visit": "workers", "aid": "persons", "enterprise": "employees",
}  # fmt: skip
"""A number that grows or shrinks when a record is entered or corrected."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def person(number, like):
    """Return another person's number, born on the same day and of the same sex."""
    stem = f"{like[:14]}{(2 * number + int(like[16])) % 1000 // 2 * 2 + int(like[16]) % 2:03}"
    return stem + mod_11_2.calc_check_digit(stem)


def organisation(number):
    """Return a credit code of an organisation that nobody has."""
    head = f"MB{number:06}"
    order = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    weighed = sum(order.index(c) * w for c, w in zip(head, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    check = {10: "X", 11: "0"}.get(11 - weighed % 11, str(11 - weighed % 11))
    stem = f"91511197{head}{check}"
    return stem + uscc.calc_check_digit(stem)


def union(block, number):
    """Return a code of a grassroots union of a block."""
    stem = f"{block}4{number:04}"
    return stem + mod_11_10.calc_check_digit(stem)


def moved(text, days):
    """Return a text with its dates moved; days behind the year's end of a contract move, too."""
    return _DAY.sub(
        lambda found: (date.fromisoformat(found[0]) + timedelta(days)).isoformat(), text
    )


class Clerk:
    """Makes rows; everything that must be unique comes from one counter."""

    def __init__(self, pack, seed):
        self.pack, self.draw, self.number = pack, random.Random(seed), 0
        self.samples = {form: rows_of(form) for form in pack.forms}

    def row(self, form, office, day):
        """Return one row of a form, and the rows of its detail, as an office enters it on a day."""
        self.number += 1
        sample = self.draw.choice(self.samples[form])
        days = (date.fromisoformat(day) - SAMPLE_DAY).days - self.draw.randrange(40)
        row = {
            name: text if name == "birth_date" else moved(text, days)
            for name, text in sample.items()
        }
        self._own(form, row, office)
        details = []
        if form in DETAILS:
            link, key = LINKS[DETAILS[form]]
            for inner in self.samples[DETAILS[form]]:
                if inner[link] == sample[key]:
                    made = dict(inner)
                    self._own(DETAILS[form], made, office)
                    details.append(made | {link: row[key]})
        return row, details

    def _own(self, form, row, office):
        number = self.number
        definition = self.pack.forms[form]
        for name in list(row):
            field = definition.by_id.get(name)
            if field is None:
                continue
            if field.type == "person_id" and row[name] and self.draw.random() < 0.8:
                row[name] = person(number, row[name])
            elif field.form == "enterprise" and row[name]:
                row[name] = self.draw.choice(office.county.firms or office.world.firms)
            elif field.form == "hardship" and row[name]:
                row[name] = self.draw.choice(office.files) if office.files else ""
            elif field.form and field.form != "union_org" and name not in dict(LINKS.values()):
                row[name] = "" if form not in LINKS else row[name]
            elif name == "division" and office.level != "city":
                row[name] = office.county.code[:6]
            if field.decided_by and self._below(office.level, field.decided_by):
                self._leave_open(row, field)
        if form == "enterprise":
            row["uscc"] = organisation(number)
            if row["union_ref"]:
                row["union_ref"] = self.draw.choice(office.county.unions)
        if form == "union_org":
            row["union_code"] = union(office.county.code[:6], 5000 + number)
            row["parent"] = office.county.code
        if form == "info_report":
            row["points"] = str(ADOPTION_POINTS[row["adopt_level"] or "0"])
        if form in UNIQUE and row.get(UNIQUE[form]):
            name = UNIQUE[form]
            serial = SERIALS.get(name, row[name] + "第{:03}号")
            row[name] = serial.format(number, unit=office.code)
        if form in NUMBERS:
            row[NUMBERS[form]] = str(int(row[NUMBERS[form]]) + self.draw.randrange(9))

    def _leave_open(self, row, field):
        codes = field.decided_codes
        if codes and row[field.id] not in codes:
            return
        if codes:
            free = [item.code for item in self.pack.codes(field).items if item.code not in codes]
            row[field.id] = free[0]
        elif not field.proposed:
            row[field.id] = field.default or ""

    @staticmethod
    def _below(level, wanted):
        order = ("grassroots", "county", "city")
        return order.index(level) < order.index(wanted)
