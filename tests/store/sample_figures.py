"""Every indicator worked out from the sample CSV files by plain Python.

Nothing of the program is imported: neither its expressions nor its task package. The code
lists that matter are written out here a second time, from the domain's own page.
"""

import csv
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

Row = dict[str, str]

ENTERPRISE_TYPES = {
    "110",
    "120",
    "130",
    "140",
    "151",
    "159",
    "161",
    "169",
    "170",
    "190",
    "200",
    "300",
}
NON_PUBLIC_TYPES = {"159", "169", "170", "190", "200", "300", "600", "700"}
LIVE_AWARDS = {"1", "2", "3", "4"}
GRASS_UNIONS = {"1", "2", "6"}
SKILL_CONTESTS = {"2", "3"}
CLOSED_CASES = {"4", "5", "6"}
WARNING_DAYS = {"1": 0, "2": 0, "3": 1, "4": 3}
ADOPTION_POINTS = {"0": 0, "1": 2, "2": 5, "3": 8, "4": 10, "5": 20}
CUP = "乐山市第二届职工篮球比赛"


def read(folder: Path) -> dict[str, list[Row]]:
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


def last_day(period: str) -> str:
    year, number = int(period[:4]), period[5:]
    month = {"M": lambda: int(number), "Q": lambda: 3 * int(number), "Y": lambda: 12}[period[4]]()
    return f"{year}-{month:02}-{[31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]}"


def days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


class Samples:
    """Rows, and what the indicators ask of them at one day.

    :param tables: the rows that are counted.
    :param everything: the rows that conditions about other forms look at; the same where None.
    """

    def __init__(
        self,
        tables: dict[str, list[Row]],
        as_of: str,
        everything: dict[str, list[Row]] | None = None,
    ) -> None:
        self.tables, self.as_of, self.year = tables, as_of, as_of[:4]
        self.whole = everything or tables
        self.firms = {row["uscc"]: row for row in self.whole["enterprise"]}
        self.contracts = {row["contract_no"]: row for row in self.whole["wage_contract"]}
        self.contests = {row["name"]: row for row in self.whole["contest"]}

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]

    def now(self, day: str) -> bool:
        return bool(day) and f"{self.year}-01-01" <= day <= self.as_of

    def in_force(self, contract: Row) -> bool:
        return (
            bool(contract["effective_from"])
            and contract["effective_from"] <= self.as_of <= contract["effective_to"]
        )

    def latest(self) -> list[Row]:
        sheets: dict[str, Row] = {}
        for row in sorted(self["unit_profile"], key=lambda sheet: last_day(sheet["period"])):
            if last_day(row["period"]) <= self.as_of:
                sheets[row["unit"]] = row
        return list(sheets.values())

    def covered(self) -> set[str]:
        """Enterprises with a wage contract in force, their own or one that lists them."""
        own = {row["enterprise"] for row in self.whole["wage_contract"] if self.in_force(row)}
        return own | {
            row["enterprise"]
            for row in self.whole["wage_contract_cover"]
            if self.in_force(self.contracts[row["contract"]])
        }

    def taking_part(self) -> set[str]:
        """Enterprises with a contest, an innovation or a proposal this year."""
        contests = {
            row["enterprise"] for row in self.whole["contest"] if self.now(row["start_date"])
        }
        units = {
            row["enterprise"]
            for row in self.whole["contest_unit"]
            if self.now(self.contests[row["contest"]]["start_date"])
        }
        innovations = {
            row["enterprise"]
            for row in self.whole["innovation"]
            if self.now(row["start_date"]) and row["state"] != "5"
        }
        proposals = {
            row["enterprise"] for row in self.whole["proposal"] if self.now(row["submit_date"])
        }
        return contests | units | innovations | proposals

    def democratic(self, condition: Callable[[Row], bool]) -> set[str]:
        return {
            row["enterprise"]
            for row in self.whole["democracy"]
            if row["stat_year"] == self.year and condition(row)
        }

    def helped(self, item: str) -> set[str]:
        return {
            row["hardship"]
            for row in self.whole["aid"]
            if row["item"] == item and self.now(row["aid_date"])
        }


def add(rows: Iterable[Row], column: str) -> int:
    return sum(int(row[column]) for row in rows)


def fen(rows: Iterable[Row], column: str) -> int:
    return sum(round(float(row[column]) * 100) for row in rows)


def figures(folder: Path, as_of: str) -> dict[str, tuple[int, int | None]]:
    """Numerator and denominator (None: a count) of each indicator at `as_of`; money in fen."""
    return figures_of(Samples(read(folder), as_of))


def figures_of(s: Samples) -> dict[str, tuple[int, int | None]]:
    """The same of rows at hand."""
    return {**area_1(s), **unions(s), **wages(s), **area_3(s), **area_4(s), **areas_5_to_7(s)}


def area_1(s: Samples) -> dict[str, tuple[int, int | None]]:
    contests = [row for row in s["contest"] if s.now(row["start_date"])]
    scale = {
        row["uscc"]
        for row in s["enterprise"]
        if row["verify_state"] == "1" and row["above_scale"] == "1"
    }
    pioneers = [row for row in s["team_brand"] if row["kind"] == "1"]
    return {
        "A1_innovation": (
            add(
                (r for r in s["innovation"] if s.now(r["start_date"]) and r["state"] != "5"),
                "person_times",
            ),
            None,
        ),
        "A1_skill": (
            add((r for r in contests if r["kind"] in SKILL_CONTESTS), "person_times"),
            None,
        ),
        "A1_proposal": (
            add((r for r in s["proposal"] if s.now(r["submit_date"])), "person_times"),
            None,
        ),
        "A1_scale_rate": (len(scale & s.taking_part()), len(scale)),
        "A1_emulation": (
            add((r for r in contests if r["kind"] not in SKILL_CONTESTS), "person_times"),
            None,
        ),
        "A1_key_projects": (
            len(
                {r["key_project"].strip() for r in contests if r["kind"] == "1" and r["six"]} - {""}
            ),
            None,
        ),
        "A1_pioneer_ent": (
            len(
                {
                    r["enterprise"]
                    for r in pioneers
                    if r["state"] in LIVE_AWARDS
                    and r["start_date"] <= s.as_of
                    and s.firms.get(r["enterprise"], {}).get("econ_type") in ENTERPRISE_TYPES
                }
            ),
            None,
        ),
        "A1_pioneer_named": (
            sum(
                r["state"] == "4" and r["apply_level"] == "4" and s.now(r["naming_date"])
                for r in pioneers
            ),
            None,
        ),
        "A1_team55": (
            sum(r["kind"] == "2" and r["state"] in LIVE_AWARDS for r in s["team_brand"]),
            None,
        ),
    }


def unions(s: Samples) -> dict[str, tuple[int, int | None]]:
    new = [
        r
        for r in s["union_org"]
        if r["change_kind"] == "1" and r["union_kind"] in GRASS_UNIONS and s.now(r["approve_date"])
    ]
    firms = [
        r
        for r in s["enterprise"]
        if r["verify_state"] == "1" and r["econ_type"] in ENTERPRISE_TYPES
    ]
    preset = [r for r in s["enterprise"] if r["preset"] == "1"]
    return {
        "A2_new_unions": (len(new), None),
        "A2_new_units": (add(new, "covered_units"), None),
        "A2_new_members": (
            add((r for r in s["unit_profile"] if s.now(last_day(r["period"]))), "joined_new"),
            None,
        ),
        "A2_union_rate": (sum(r["union_state"] != "0" for r in firms), len(firms)),
        "A2_member_rate": (add(s.latest(), "members"), add(s.latest(), "employees")),
        "A2_verify_rate": (sum(r["verify_state"] != "0" for r in preset), len(preset)),
    }


def wages(s: Samples) -> dict[str, tuple[int, int | None]]:
    firms = [
        r
        for r in s["enterprise"]
        if r["verify_state"] == "1" and r["econ_type"] in ENTERPRISE_TYPES
    ]
    built = [r for r in firms if r["union_state"] != "0"]
    offered = [r for r in s["wage_contract"] if s.now(r["offer_date"])]
    cells = {
        (r["division"], r["focus_industry"])
        for r in s["wage_contract"]
        if r["kind"] == "3"
        and r["division"] in {"511102", "511181"}
        and r["focus_industry"] in {"10", "20"}
        and r["sign_date"]
        and s.in_force(r)
    }
    return {
        "A2_wage_rate": (sum(r["uscc"] in s.covered() for r in built), len(built)),
        "A2_wage_rate_all": (sum(r["uscc"] in s.covered() for r in firms), len(firms)),
        "A2_wage_staff": (add((r for r in firms if r["uscc"] in s.covered()), "employees"), None),
        "A2_sign_rate": (sum(bool(r["sign_date"]) for r in offered), len(offered)),
        "A2_wide_contracts": (
            sum(r["kind"] in {"2", "3"} and s.in_force(r) for r in s["wage_contract"]),
            None,
        ),
        "A2_focus_cells": (len(cells), None),
    }


def area_3(s: Samples) -> dict[str, tuple[int, int | None]]:
    employed = [r for r in s["employment"] if r["employed"] == "1" and s.now(r["employ_date"])]
    files = {r["file_no"] for r in s.whole["hardship"]}
    persons = {r["person_id"] for r in s.whole["hardship"]}
    checked = [
        r
        for r in s["health_check"]
        if r["stat_year"] == s.year and (r["hardship"] in files or r["person_id"] in persons)
    ]
    live = [r for r in s["hardship"] if r["file_state"] == "1"]
    needy = {
        item: {r["file_no"] for r in live if item in r["need"].split(";")} for item in ("1", "2")
    }
    aid = [r for r in s["aid"] if s.now(r["aid_date"])]
    schooling = [r for r in s["school_aid"] if s.now(r["pay_date"])]
    return {
        "A3_reemployed": (
            len({r["person_id"] for r in employed if r["target_group"] == "1"}),
            None,
        ),
        "A3_school": (
            len(
                {
                    r["student_id"]
                    for r in s["school_aid"]
                    if r["stat_year"] == s.year and r["pay_date"]
                }
            ),
            None,
        ),
        "A3_health": (len({r["person_id"] for r in checked}), None),
        "A3_life_rate": (len(needy["1"] & s.helped("1")), len(needy["1"])),
        "A3_medical_rate": (len(needy["2"] & s.helped("2")), len(needy["2"])),
        "A3_four_season": (add(aid, "persons"), None),
        "A3_amount": (fen(aid, "amount") + fen(schooling, "amount"), None),
        "A3_other_jobs": (
            len({r["person_id"] for r in employed if r["target_group"] in {"2", "3"}}),
            None,
        ),
    }


def four_seasons(folder: Path, as_of: str) -> dict[str, int]:
    """People helped by season."""
    s = Samples(read(folder), as_of)
    rows = [r for r in s["aid"] if s.now(r["aid_date"])]
    return {
        season: add((r for r in rows if r["season"] == season), "persons")
        for season in sorted({r["season"] for r in rows})
    }


def area_4(s: Samples) -> dict[str, tuple[int, int | None]]:
    owed = {
        r["uscc"]
        for r in s["enterprise"]
        if r["verify_state"] == "1"
        and r["econ_type"] in ENTERPRISE_TYPES & NON_PUBLIC_TYPES
        and r["above_scale"] == "1"
        and r["union_state"] != "0"
    }
    risks = [r for r in s["labor_risk"] if s.now(r["found_date"])]
    return {
        "A4_congress_rate": (
            len(owed & s.democratic(lambda r: r["congress_form"] in {"1", "2", "3"})),
            len(owed),
        ),
        "A4_open_rate": (len(owed & s.democratic(lambda r: r["open_set"] == "1")), len(owed)),
        "A4_models": (
            sum(r["state"] == "4" and s.now(r["award_date"]) for r in s["model_unit"]),
            None,
        ),
        "A4_risk_open": (sum(r["state"] not in CLOSED_CASES for r in s["labor_risk"]), None),
        "A4_risk_solved": (sum(r["state"] in CLOSED_CASES for r in risks), len(risks)),
        "A4_risk_ontime": (
            sum(days(r["found_date"], r["report_date"]) <= WARNING_DAYS[r["level"]] for r in risks),
            len(risks),
        ),
    }


def areas_5_to_7(s: Samples) -> dict[str, tuple[int, int | None]]:
    events = [r for r in s["culture_event"] if s.now(r["start_date"])]
    visits = [r for r in s["visit"] if s.now(r["visit_date"])]
    demands = [r for r in s["demand"] if s.now(r["received"])]
    closed = [r for r in demands if r["state"] in CLOSED_CASES]
    judged = [r for r in demands if r["satisfaction"] in {"1", "2", "3"}]
    infos = [r for r in s["info_report"] if s.now(r["submit_date"])]
    due = [r for r in demands if r["state"] in CLOSED_CASES or r["due_date"] < s.as_of]
    return {
        "A5_events": (len(events), None),
        "A5_persons": (add(events, "persons"), None),
        "A5_teams": (sum(r["event"] == CUP for r in s["sports_team"]), None),
        "A6_visits": (len(visits), None),
        "A6_workers": (add(visits, "workers"), None),
        "A6_solved_rate": (len(closed), len(demands)),
        "A6_ontime_rate": (sum(r["close_date"] <= r["due_date"] for r in closed), len(due)),
        "A6_satisfied": (sum(r["satisfaction"] != "3" for r in judged), len(judged)),
        "A7_submitted": (len(infos), None),
        "A7_adopted": (sum(ADOPTION_POINTS[r["adopt_level"]] >= 5 for r in infos), None),
        "A7_points": (add(infos, "points"), None),
    }
