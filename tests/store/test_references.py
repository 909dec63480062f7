"""References: by uid, natural key, short key or name; dangling until the row arrives."""

import pytest

from tests.store.offices import (
    PROPOSAL,
    ask,
    codes,
    confirm,
    draft,
    get,
    put,
    rows_of,
    sample,
    save,
    sheet,
)
from union_desk.store import records, references, survey
from union_desk.store.references import Ambiguous, Link


def find(store, form, *texts):
    with store.read() as connection:
        return references.find(connection, store.tables, form, texts)


def first(store, form):
    return ask(store, f"SELECT uid FROM {form} ORDER BY rowid")[0][0]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("enterprise", "91511197MA0T00011M"), ("enterprise", "四川沫水餐饮管理有限公司"), ("union_org", "511102400017"),
        ("hardship", "511102400017-2012-001"), ("wage_contract", None),
    ],
)  # fmt: skip
def test_a_row_is_found_by_what_people_write(sampled, form, text):
    if text is None:
        ((text,),) = ask(sampled, "SELECT contract_no FROM wage_contract ORDER BY rowid LIMIT 1")
    if form == "enterprise" and not text.startswith("9"):
        ((text,),) = ask(sampled, "SELECT name FROM enterprise ORDER BY rowid LIMIT 1")
    found = find(sampled, form, text)[text]
    assert isinstance(found, Link)
    assert found.uid is not None
    assert find(sampled, form, found.uid)[found.uid] == found


def test_a_reference_stores_record_id_natural_key_and_name(sampled):
    ((uid, key, label),) = ask(
        sampled,
        "SELECT enterprise, enterprise__key, enterprise__label FROM proposal ORDER BY rowid LIMIT 1",
    )
    ((found, name),) = ask(sampled, "SELECT uid, name FROM enterprise WHERE uscc = ?", key)
    assert (uid, label) == (found, name)


def test_the_short_form_of_a_key_is_kept_as_the_whole_one(sampled):
    assert (
        ask(
            sampled,
            "SELECT count(*) FROM demand WHERE visit IS NOT NULL AND visit__key LIKE '%|%|%'",
        )[0][0]
        > 0
    )
    assert ask(sampled, "SELECT count(*) FROM contest_unit") == [(3,)]


def test_what_fits_no_row_is_kept_as_typed_and_is_no_finding(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    values = get(city, "proposal", saved.uid).values
    assert (values["enterprise"], values["enterprise__key"], values["enterprise__label"]) == (
        None,
        "某厂",
        "某厂",
    )


def test_a_dangling_reference_is_linked_when_the_row_arrives(city):
    """Without a new revision; the change log tells of it and the digest is the new one."""
    row = rows_of("proposal")[0]
    put(city, "proposal", sheet("proposal", row))
    ((uid,),) = ask(city, "SELECT uid FROM proposal")
    assert get(city, "proposal", uid).values["enterprise"] is None
    put(city, "enterprise")
    record = get(city, "proposal", uid)
    assert (
        record.values["enterprise"]
        == ask(city, "SELECT uid FROM enterprise WHERE uscc = ?", row["enterprise"])[0][0]
    )
    assert record.values["enterprise__label"] != row["enterprise"]
    assert (record.rev, record.record_state) == (1, "confirmed")
    assert ask(city, "SELECT act FROM audit WHERE uid = ? ORDER BY n", uid) == [
        ("confirm",),
        ("link",),
    ]
    assert list(survey.problems(city, full=True)) == []


def test_a_dangling_reference_of_a_detail_is_linked_too(city):
    put(city, "wage_contract")
    assert ask(city, "SELECT count(*) FROM wage_contract_cover WHERE enterprise IS NOT NULL") == [
        (0,)
    ]
    put(city, "enterprise")
    linked = ask(city, "SELECT count(*), count(enterprise) FROM wage_contract_cover")
    assert linked == [(4, 2)]
    assert list(survey.problems(city, full=True)) == []


def test_a_row_confirmed_alone_links_what_waits_for_it(city):
    waiting = confirm(city, draft("demand", rows(city)))
    visit = {
        "visit_date": "2012-08-03", "visitor": "王涛", "visitor_level": "1", "place": "某厂一车间", "mode": "1", "workers": 8,
        "findings": "反映高温", "on_spot": 1, "transferred": 1,
    }  # fmt: skip
    saved = confirm(city, draft("visit", visit))
    values = get(city, "demand", waiting.uid).values
    assert (values["visit"], values["visit__key"]) == (saved.uid, "2012-08-03|王涛|某厂一车间")


def rows(city):
    return {
        "demand_no": "A-1", "source": "2", "visit__key": "2012-08-03|王涛", "visit__label": "2012-08-03|王涛", "received": "2012-08-04",
        "kind": "1", "persons": 3, "content": "车间高温", "owner": "工会", "due_date": "2012-09-20", "state": "1",
    }  # fmt: skip


def twins(store):
    """Two visits of one visitor on one day."""
    row = rows_of("visit")[0]
    put(
        store,
        "visit",
        sheet("visit", row | {"place": "甲厂"}, row | {"place": "乙厂"}),
        reason="样本",
    )
    return f"{row['visit_date']}|{row['visitor']}"


def test_a_text_that_fits_two_rows_is_an_error_and_names_them(city):
    text = twins(city)
    found = find(city, "visit", text)[text]
    assert isinstance(found, Ambiguous)
    assert set(found.labels) == {"甲厂", "乙厂"}
    with pytest.raises(records.FindingsError, match="甲厂"):
        confirm(city, draft("demand", rows(city) | {"visit__key": text, "visit__label": text}))
    row = rows_of("demand")[0] | {"visit": text}
    result = put(city, "demand", sheet("demand", row))
    assert result.refused
    assert codes(result) == ["demand.visit.ambiguous"]
    assert "不止一条" in result.findings[0].message


def test_a_draft_keeps_a_text_that_fits_two_rows_as_typed(city):
    text = twins(city)
    saved = save(city, draft("demand", {"visit__key": text, "visit__label": text}))
    assert (saved.values["visit"], saved.values["visit__label"]) == (None, text)


def test_persons_are_not_found_by_their_name_alone(sampled):
    ((name,),) = ask(sampled, "SELECT name FROM hardship ORDER BY rowid LIMIT 1")
    assert find(sampled, "hardship", name)[name] == references.dangling(name)


def test_voided_rows_are_not_referred_to(city):
    put(city, "enterprise")
    uid = first(city, "enterprise")
    ((key,),) = ask(city, "SELECT uscc FROM enterprise WHERE uid = ?", uid)
    assert find(city, "enterprise", key)[key].uid == uid
    with city.write() as transaction:
        records.void(transaction, "enterprise", uid, "重复登记")
    assert find(city, "enterprise", key)[key] == references.dangling(key)


def test_the_picker_offers_rows_by_key_part_of_the_name_and_initials(sampled):
    ((uid, key, name),) = ask(
        sampled, "SELECT uid, uscc, name FROM enterprise WHERE name LIKE '%餐饮%'"
    )
    with sampled.read() as connection:
        for typed in (key, name[2:5], "餐", "mscy", name):
            offered = references.choices(connection, sampled.tables, "enterprise", typed)
            assert uid in {link.uid for link in offered}, typed
        assert len(references.choices(connection, sampled.tables, "enterprise", "", limit=3)) == 3
        assert references.choices(connection, sampled.tables, "enterprise", "没有这一家") == ()


def test_every_reference_of_the_samples_is_linked_but_the_two_that_dangle_on_purpose(sampled, pack):
    dangling = []
    for form in pack.forms.values():
        for item in form.fields:
            if item.type == "ref" and item.id != form.parent_field:
                dangling += [
                    (form.id, key)
                    for (key,) in ask(
                        sampled,
                        f"SELECT {item.id}__key FROM {form.id} WHERE {item.id} IS NULL AND {item.id}__key IS NOT NULL",
                    )
                ]
    assert [form for form, _ in dangling] == ["wage_contract_cover"] * 2
    assert len(sample("enterprise").rows) == 8
