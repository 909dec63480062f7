from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from union_desk.desktop import demo, figures, waiting
from union_desk.desktop.demo_rows import Office, Samples
from union_desk.desktop.session import Session
from union_desk.errors import BundleError, Cancelled
from union_desk.store import checking, opening, outbox
from union_desk.store.context import context_at

LEVELS = ("grassroots", "county", "city")


@pytest.fixture(params=LEVELS)
def sample(request, sample_of):
    """The sample store of each level."""
    return sample_of(request.param)


def test_a_sample_store_is_of_its_level_marked_and_of_the_day_of_the_samples(sample):
    """Requirement 20."""
    assert sample.store.demo
    assert sample.as_of == sample.today == "2012-08-31"
    assert sample.period("month").id == "2012M08"
    assert sample.person == "李敏"
    parents = {"city": None, "county": "511100000010", "grassroots": "511102000013"}
    assert sample.store.parent == parents[sample.level]


def test_a_sample_store_holds_records_of_most_forms_and_some_drafts(sample, pack):
    found = waiting.count(sample)
    written = [form for form in pack.top_forms if sample.level in form.writers]
    assert sum(form.id in found.forms for form in written) >= len(written) - 2
    assert found.drafts == demo.UNFINISHED
    assert 1 <= found.errors < found.drafts


def test_no_confirmed_sample_record_holds_an_error(sample, pack):
    context = context_at(sample.store, sample.as_of)
    with sample.store.read() as connection:
        for form in pack.top_forms:
            uids = outbox.due_uids(connection, sample.store, form.id)
            findings = checking.check_rows(
                connection, sample.store.tables, pack, form.id, uids, context
            )
            assert not [item for item in findings if item.level == "error"], form.id
            assert all(item.explained for item in findings if item.level == "warning"), form.id


def test_a_sample_store_shows_progress_and_what_was_filed(sample, pack):
    found = figures.gather(sample)
    assert [item.id for item in found.progress] == list(pack.indicators)
    assert any(item.value for item in found.progress)
    assert found.owed > found.there > 0
    assert found.late_own == 0


def test_a_sample_store_cannot_be_sent(sample, tmp_path):
    from union_desk.bundle import exporting

    with pytest.raises(BundleError):
        exporting.export(sample.store, tmp_path, as_of=sample.as_of)
    assert not list(tmp_path.iterdir())


def test_a_sample_store_is_gone_when_it_is_left(pack):
    folder = TemporaryDirectory(prefix="union-desk-demo-")
    store = opening.create(
        Path(folder.name) / "data", pack, unit="511102000013", name="市中区总工会", level="county", parent=None, password=None
    )  # fmt: skip
    Session(store, kept=folder).close()
    assert not Path(folder.name).exists()


def test_making_sample_data_can_be_cancelled_and_leaves_nothing(monkeypatch, tmp_path):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def stop(done, total):
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        demo.build("county", stop)
    assert not list(tmp_path.iterdir())


def test_forms_that_others_point_to_come_first(pack):
    order = [form.id for form in Samples(pack).order]
    for form in pack.top_forms:
        for item in form.fields:
            if (
                item.type == "ref"
                and item.form in order
                and form.id in order
                and item.form != form.id
            ):
                back = any(other.form == form.id for other in pack.forms[item.form].fields)
                assert back or order.index(item.form) < order.index(form.id), (form.id, item.id)


def test_every_sample_row_belongs_to_one_office_at_most(pack):
    samples = Samples(pack)
    counties = [unit for unit in pack.units if unit.level == "county"]
    for form in samples.order:
        owned = [row for row in samples.rows[form.id] if samples.owner(form, row)]
        offices = [Office(unit.code, unit.name, "county", unit.parent) for unit in counties]
        seen = [
            row["unit"]
            for office in offices
            for row in samples.seen(form, office)
            if row["unit"] != office.code
        ]
        assert sorted(seen) == sorted(samples.owner(form, row) for row in owned), form.id
