"""What a ledger shows: order, blocks, filters, search, counts and totals."""

import pytest

from union_desk.store.listing import ListFilter, Listing, ListSort, Range

CITY = "511100000010"


@pytest.fixture
def ledger(sample_store):
    def made(form, sort=None, **chosen):
        return Listing(sample_store, form, ListFilter(**chosen), sort)

    return made


def names(listing, field="name"):
    return [row.values[field] for row in listing.page(0)]


def test_the_newest_row_comes_first(ledger):
    assert list(ledger("member").ids) == [8, 7, 6, 5, 4, 3, 2, 1]


def test_blocks_follow_each_other_without_gap_or_overlap(ledger):
    whole = [row.uid for row in ledger("sports_team").page(0, 128)]
    listing = ledger("sports_team")
    assert [row.uid for start in (0, 3, 6) for row in listing.page(start, 3)] == whole
    assert listing.page(8) == []


def test_the_first_rows_are_there_before_all_ids_are_read(ledger):
    assert [row.rowid for row in ledger("member").first(3)] == [8, 7, 6]


def test_a_row_tells_its_head_and_stored_values(ledger):
    row = ledger("enterprise").page(7, 1)[0]
    assert (row.rowid, row.state, row.unit, row.period, row.editing) == (
        1,
        "confirmed",
        CITY,
        "2012M08",
        False,
    )
    assert row.values["employees"] == 46
    assert row.values["union_ref__label"] == "乐山沫水餐饮管理工会委员会"


@pytest.mark.parametrize("descending", [False, True])
def test_rows_sort_by_any_field_blanks_last(ledger, descending):
    for item in ledger("wage_contract").form.fields:
        listing = ledger("wage_contract", ListSort(item.id, descending))
        name = f"{item.id}__label" if item.type == "ref" else item.id
        values = [row.values[name] for row in listing.page(0)]
        filled = [value for value in values if value is not None]
        assert values == filled + [None] * (8 - len(filled))
        if item.type != "choice":
            assert filled == sorted(filled, reverse=descending)


def test_a_code_sorts_by_its_place_in_the_list(ledger):
    states = [row.values["medical"] for row in ledger("hardship", ListSort("medical")).page(0)]
    order = [item.code for item in ledger("hardship").store.pack.code_lists["medical"].items]
    assert states == sorted(states, key=order.index)


def test_filters_narrow_by_state_period_unit_and_field(ledger):
    assert len(ledger("unit_profile", periods=("2012Q2",)).ids) == 8
    assert len(ledger("unit_profile", units=("511102400017",)).ids) == 1
    assert len(ledger("enterprise", columns={"division": "511102"}).ids) == names(
        ledger("enterprise"), "division"
    ).count("511102")
    assert len(ledger("enterprise", columns={"employees": Range(200, None)}).ids) == sum(
        n >= 200 for n in names(ledger("enterprise"), "employees")
    )
    assert len(ledger("aid", columns={"season": ("1", "2")}).ids) == sum(
        s in {"1", "2"} for s in names(ledger("aid"), "season")
    )
    assert len(ledger("wage_contract", columns={"sign_date": None}).ids) == 1
    assert len(ledger("member", states=("draft",)).ids) == 0
    uid = ledger("member").page(0, 1)[0].uid
    assert [row.uid for row in ledger("member", uids=(uid,)).page(0)] == [uid]


@pytest.mark.parametrize(
    ("form", "term", "found"),
    [
        ("enterprise", "凌云", 1),
        ("enterprise", "凌云机械", 1),
        ("enterprise", "有限公司", 7),
        ("enterprise", "械机云凌", 0),
        ("enterprise", "乐", 3),
        ("enterprise", "91511197MA0T00038D", 1),
        ("enterprise", "38d", 1),
        ("enterprise", "lslyjx", 1),
        ("enterprise", "乐山 陶瓷", 0),
        ("enterprise", "。", 8),
        ("demand", "2012-003", 1),
        ("member", "李沫江", 1),
        ("member", "amg", 1),
    ],
)
def test_search_finds_chinese_digits_and_initials(ledger, form, term, found):
    assert len(ledger(form, search=term).ids) == found, names(ledger(form))


def test_pairs_that_stand_apart_are_no_hit(ledger):
    """陶瓷 and 瓷有 are in the index of 青衣陶瓷有限公司; 衣陶瓷公 as a whole is in no name."""
    assert len(ledger("enterprise", search="陶瓷有限").ids) == 1
    assert len(ledger("enterprise", search="瓷有限陶瓷").ids) == 0


def test_counts_follow_the_search_but_not_the_chosen_state(ledger):
    assert ledger("enterprise", states=("draft",), search="凌云").counts == {"confirmed": 1}


def test_totals_follow_the_filter(ledger):
    assert ledger("aid").totals["persons"] == 606
    assert ledger("aid", columns={"season": "1"}).totals["persons"] == 420
    assert ledger("demand").totals == {"persons": sum(names(ledger("demand"), "persons"))}


def test_the_place_of_a_record_is_known(ledger):
    listing = ledger("member")
    uid = listing.page(5, 1)[0].uid
    assert listing.place(uid) == 5
    assert ledger("member", search="李沫江").place(uid) is None


def test_voided_rows_are_shown_only_when_asked_for(ledger):
    assert len(ledger("member", voided=True).ids) == 0


def test_a_row_with_an_edit_under_way_says_so(tmp_path, pack):
    from union_desk.store import drafts, opening, records
    from union_desk.store.context import context_at
    from union_desk.taskpack.record import Record, new_uid

    with opening.create(
        tmp_path / "s", pack, unit=CITY, name="市", level="city", parent=None, password=None
    ) as store:
        context = context_at(store, "2012-08-31")
        record = Record("visit", new_uid(), {"visitor": "罗岷"}, unit=CITY, period="2012M08")
        with store.write() as transaction:
            records.put_draft(transaction, record, context)
        row = Listing(store, "visit").page(0)[0]
        assert (row.state, row.editing) == ("draft", False)
        with store.write() as transaction:
            transaction.connection.exec_driver_sql("UPDATE visit SET record_state = 'confirmed'")
            drafts.save_draft(transaction, drafts.Draft(record.uid, "visit", {"visitor": "罗 岷"}))
        assert Listing(store, "visit", ListFilter(editing=True)).page(0)[0].editing
        assert Listing(store, "visit").counts == {"confirmed": 1}
