"""删除个人信息 from the form: who may, what is listed, and that it is gone."""

from PySide6.QtWidgets import QApplication

from tests.store.offices import put
from union_desk.desktop.form_access import judge
from union_desk.desktop.navigation import Route
from union_desk.desktop.reason_dialog import ReasonDialog

WORDS = "删除个人信息…"


def acts(page):
    return {title: act for title, _, act in page.acts.menu()}


def test_all_records_of_a_person_are_listed_and_erased_with_a_reason(desk, settled):
    shown = desk("county")
    store = shown.session.store
    for form in ("hardship", "aid"):
        assert not put(store, form, reason="样本").refused
    with store.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM hardship ORDER BY rowid").scalar()
    shown.open(Route("form", form="hardship", uid=uid))
    settled()
    page = shown.page
    store.roles = ("clerk",)
    assert WORDS not in acts(page)
    store.roles = ("admin", "clerk")
    acts(page)[WORDS]()
    settled()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ReasonDialog)
    dialog.line.setText("本人书面要求")
    dialog.act.click()
    settled()
    with store.read() as connection:
        gone = "SELECT count(*) FROM {} WHERE deleted = 3 AND name IS NULL"
        for form in ("hardship", "aid"):
            assert connection.exec_driver_sql(gone.format(form)).scalar() == 1
    assert shown.route.kind == "ledger"
    shown.open(Route("form", form="hardship", uid=uid))
    settled()
    access = judge(shown.session, shown.page.form, shown.page.loaded)
    assert not access.writes
    assert not access.may_restore
    assert "个人信息已按要求删除" in access.why
