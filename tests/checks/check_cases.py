"""For every check of the package: what makes it fire, and where it does not.

A case starts from the sample row named by its place (0 = the first), changes stored values of it,
and may add rows of other records (copies of a sample row with changes).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    place: int = 0
    changes: dict = field(default_factory=dict)
    added: tuple = ()
    """(form, place of the sample row copied, changes) of rows that other records have."""
    params: dict = field(default_factory=dict)
    fewer_details: int | None = None
    """Keep only so many detail rows."""


def change(place=0, **changes):
    return Case(place, changes)


FIRES = {
    "P01": change(members=47),
    "P02": change(women_members=45),
    "P03": change(migrant_employees=47),
    "P04": change(women_members=21),
    "P05": change(joined_in=1),
    "P06": change(women_committee=0),
    "P07": change(members=22),
    "P08": change(2, cadres_full=0),
    "P09": change(migrant_members=45),
    "X01": change(members=43),
    "X02": change(joined_new=43),
    "X03": Case(
        0,
        {"unit": "511102400099"},
        (
            (
                "enterprise",
                0,
                {"union_ref__key": "511102400099", "union_ref": None, "employees": 60},
            ),
        ),
    ),
    "E01": change(members=47),
    "E02": change(union_ref=None, union_ref__key=None, union_ref__label=None),
    "E03": change(verify_state="4", verify_date="2012-01-01"),
    "E04": change(1, employees=19),
    "E05": change(0, union_state="0", employees=25),
    "E06": change(1, econ_type="500"),
    "X04": change(union_ref="union_org-x"),
    "U01": change(members=47),
    "U02": change(women_members=45),
    "U03": change(covered_units=2),
    "U04": change(7, covered_units=1),
    "U05": change(found_date="2012-03-11"),
    "U06": change(members=24),
    "U07": change(term_years=4),
    "U08": change(approve_date="2011-12-31"),
    "X05": change(7),
    "M01": change(birth_date="1974-03-13"),
    "M02": change(gender="2"),
    "M03": change(join_date="1990-03-11"),
    "M04": change(5, state_date="2008-06-14"),
    "M05": change(work_date="2012-03-21"),
    "M06": change(birth_date="1946-08-31"),
    "M07": change(id_missing="1", person_id=None),
    "X22": Case(0, {}, (("member", 0, {"unit": "511181400026"}),)),
    "W01": change(talk_date="2012-04-11"),
    "W02": change(congress_date="2012-04-11"),
    "W03": change(effective_to="2013-02-24"),
    "W04": change(2, covered_enterprises=2),
    "W05": Case(0, {"covered_enterprises": 1}),
    "W06": change(covered_employees=59),
    "W07": change(submit_date="2012-04-21"),
    "W08": change(submit_date=None),
    "W09": change(review="0"),
    "X08": Case(2, {}, (("wage_contract", 2, {}),)),
    "WC1": change(confirm_date="2012-09-01"),
    "X06": Case(0, {}, (("wage_contract_cover", 0, {}),)),
    "X07": change(enterprise="enterprise-8"),
    "C01": change(women_times=361),
    "C02": change(1, end_date="2012-05-19"),
    "C03": change(promoted=361),
    "C04": change(1, person_times=65),
    "C05": change(person_times=100_000),
    "X21": change(2),
    "I01": change(women_times=19),
    "I02": change(end_date="2012-02-09"),
    "I03": change(benefit=None),
    "I04": change(award_level=None),
    "S01": change(items=2),
    "S02": change(adopted=2),
    "S03": change(implemented=2),
    "S04": change(1, person_times=100_000),
    "T01": change(women=17),
    "T02": change(accident=1),
    "T03": change(naming_date="2012-07-14"),
    "X18": change(enterprise="enterprise-x"),
    "H01": change(gender="1"),
    "H02": change(family_size=4),
    "H03": change(income_self=116_668),
    "H04": Case(0, {"kind": "1", "income_pc": 30_001}, params={"dibao_line": 300.0}),
    "H05": change(income_pc=58_335),
    "H06": Case(3, {"health": "01"}, fewer_details=0),
    "H07": change(person_id="511197199701113126", file_date="2012-01-10"),
    "H08": change(id_missing="2", person_id=None),
    "H09": Case(0, {}, params={"consent_from": "2012-01-01"}),
    "HF1": change(birth_date="1994-08-12"),
    "HF2": change(5, income_month=1),
    "A01": change(persons=2),
    "A02": change(amount=0),
    "A03": change(households=2),
    "A04": change(hardship=None, hardship__key=None, hardship__label=None),
    "A05": change(amount=500_001),
    "A06": change(intents=2),
    "X09": change(person_id="511197197101118137"),
    "X10": Case(0, {}, (("aid", 0, {"amount": 1_000_000}),)),
    "G01": change(student_name="苏小雨"),
    "G02": change(pay_date="2013-01-01"),
    "G03": change(enroll_year=2011),
    "G04": change(other_aid=1, amount=200_001),
    "G05": change(student_id="511197198108316135"),
    "G06": change(kin="4"),
    "G07": change(id_missing="3", student_id=None),
    "G08": Case(0, {}, params={"consent_from": "2012-01-01"}),
    "X11": change(parent_name="苏大雨"),
    "X12": change(7),
    "X13": Case(0, {}, (("school_aid", 0, {}),)),
    "J01": change(gender="2"),
    "J02": change(employ_date="2012-02-29"),
    "J03": change(person_id="511197199701118137"),
    "J04": change(contract=0),
    "J05": change(id_missing="4", person_id=None),
    "X16": Case(0, {}, (("employment", 0, {}),)),
    "K01": change(gender="1"),
    "K02": change(gender="1"),
    "K03": change(stat_year=2013),
    "K04": change(1, follow_up=0),
    "K05": change(id_missing="1", person_id=None),
    "K06": Case(0, {}, params={"consent_from": "2012-01-01"}),
    "X14": Case(0, {}, (("health_check", 0, {}),)),
    "X15": change(
        hardship=None, hardship__key=None, hardship__label=None, person_id="511197197101118137"
    ),
    "D01": change(reps_women=46),
    "D02": change(reps=29),
    "D03": change(reps_managers=10),
    "D04": change(sessions=0),
    "D05": change(motions_done=13),
    "D06": change(5, open_times=1),
    "D07": change(enterprise="enterprise-unbuilt"),
    "N01": change(members=419),
    "N02": change(2, dispute=1),
    "N03": change(congress=0),
    "N04": change(award_date="2012-06-09"),
    "N05": change(2, contract_pct=94.9),
    "L01": change(close_date="2012-06-10"),
    "L02": change(report_date="2012-06-13"),
    "L03": change(2, level="4"),
    "L04": change(amount=None),
    "L05": change(paid=21_800_001),
    "L06": change(2),
    "X20": change(2),
    "V01": change(youth=901),
    "V02": change(end_date="2012-04-26"),
    "B01": Case(0, fewer_details=7),
    "B02": change(won=4),
    "BP1": change(health_ok=0),
    "BP2": change(id_missing="1", person_id=None),
    "Y01": change(1, transferred=2),
    "Y02": change(households=19),
    "Q01": change(close_date="2012-08-06"),
    "Q02": change(visit=None, visit__key=None, visit__label=None),
    "Q03": change(3, due_date="2012-08-30"),
    "Q04": change(enterprise=None, enterprise__key=None, enterprise__label=None),
    "X19": change(received="2012-01-01"),
    "Z01": change(adopt_date="2012-04-11"),
    "Z02": change(5, event_date="2012-08-18"),
    "Z03": change(event_date="2012-04-04"),
    "Z04": change(points=9),
}

NEW_ENTERPRISE = ("enterprise", 0, {"uid": "enterprise-x", "verify_state": "3"})
UNBUILT = ("enterprise", 0, {"uid": "enterprise-unbuilt", "union_state": "0"})
DISSOLVED = ("union_org", 0, {"uid": "union_org-x", "change_kind": "5"})
WORLD = (NEW_ENTERPRISE, UNBUILT, DISSOLVED)
"""Rows that every case finds, for references to point to."""

PASSES = {
    "X01": Case(
        0, {"unit": "511102400017", "members": 1}, (("member", 0, {"unit": "511102400017"}),)
    ),
    "X02": Case(
        0,
        {"unit": "511102400017", "joined_new": 1},
        (("member", 0, {"unit": "511102400017", "join_kind": "1", "join_date": "2012-06-30"}),),
    ),
    "X03": Case(
        0,
        {"unit": "511102400099"},
        (
            (
                "enterprise",
                0,
                {"union_ref__key": "511102400099", "union_ref": None, "employees": 50},
            ),
        ),
    ),
    "E03": change(verify_state="4", verify_date="2012-12-01"),
    "E05": change(0, union_state="0", employees=25, plan_date="2012-12-31"),
    "W09": change(review="0", sign_date="2012-08-21"),
    "H04": Case(0, {"kind": "1", "income_pc": 30_000}, params={"dibao_line": 300.0}),
    "H09": Case(0, {"consent_date": "2012-01-10"}, params={"consent_from": "2012-01-01"}),
    "G04": change(other_aid=1, amount=200_000),
    "G08": Case(0, {"consent_date": "2012-01-10"}, params={"consent_from": "2012-01-01"}),
    "K06": Case(0, {"consent_date": "2012-01-10"}, params={"consent_from": "2012-01-01"}),
}
"""Where the samples themselves hold no row on which a check is surely true."""

NEVER_TRUE = {"U06", "M07", "H08", "G07", "J05", "K05", "BP2"}
"""Their condition excludes their rule: they warn wherever the condition holds."""
