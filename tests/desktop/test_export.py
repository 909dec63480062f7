import zipfile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from tests.desktop.typing import press
from union_desk.desktop import demo, faults
from union_desk.desktop.demo_rows import Samples, table
from union_desk.desktop.export_page import CHECK, CONTENT, DONE, TARGET
from union_desk.desktop.navigation import Route
from union_desk.store import intake

DAY = "2012-08-31"


def words(widget):
    return "\n".join(
        label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)
    )


@pytest.fixture
def filled(desk, pack, settled):
    """The desk of a county whose store holds confirmed records of a form and one draft."""
    shell = desk("county")
    samples = Samples(pack)
    office = samples.office("county")
    forms = [form for form in samples.order if "county" in form.writers and not form.details]
    form = max(forms, key=lambda form: len(samples.seen(form, office)))
    *confirmed, unfinished = samples.seen(form, office)
    intake.put(shell.session.store, form.id, table(form.id, confirmed), as_of=DAY, reason="样本")
    demo._put_draft(shell.session.store, form, unfinished, broken=False)
    shell.open(Route("export"))
    settled()
    return shell


def test_sending_by_keyboard_writes_real_files_and_reads_them_back(filled, settled, tmp_path):
    """Requirement 14."""
    page, store = filled.page, filled.session.store
    to = tmp_path / "stick"
    to.mkdir()
    assert "乐山市总工会" in page.context
    assert QApplication.focusWidget() is page.next
    press(Qt.Key.Key_Space)
    settled()
    assert page.steps.step == CHECK
    press(Qt.Key.Key_Space)
    assert page.steps.step == TARGET
    assert not page.next.isEnabled()
    assert QApplication.focusWidget() is page.target.first_focus()
    page.target.take_folder(to)
    page.next.setFocus()
    press(Qt.Key.Key_Space)
    settled()
    assert page.steps.step == DONE
    [written] = to.glob("**/*.zip")
    assert zipfile.ZipFile(written).testzip() is None
    told = words(page.done)
    assert "已写入并核对" in told
    assert written.name in told
    assert "收件单位：乐山市总工会" in told
    assert QApplication.focusWidget() is page.next
    with store.read() as connection:
        from union_desk.store import outbox

        assert outbox.due_counts(connection, store) == {}


def test_the_first_step_counts_by_form_and_says_what_stays_here_and_why(filled):
    told = words(filled.page.content)
    assert "草稿不报送" in told
    assert "还是草稿，检查并确认后再报送" in told
    assert filled.page._known.due > 3


def test_back_keeps_what_was_chosen(filled, settled, tmp_path):
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    page.target.take_folder(tmp_path)
    page.back.click()
    assert page.steps.step == CHECK
    page.next.click()
    assert page.target.folder == tmp_path
    assert page.next.isEnabled()


def test_a_folder_that_is_gone_is_told_and_nothing_is_half_done(filled, settled, tmp_path):
    """Requirement 15."""
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    gone = tmp_path / "gone"
    gone.mkdir()
    page.target.take_folder(gone)
    gone.rmdir()
    page.next.click()
    settled()
    assert page.steps.step == TARGET
    assert "gone" in faults._shown[0].accessibleName()


def test_after_sending_there_is_nothing_left_and_the_page_says_so(filled, settled, tmp_path):
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    page.target.take_folder(tmp_path)
    page.next.click()
    settled()
    filled.open(Route("export"))
    settled()
    again = filled.page
    assert again._known.due == 0
    assert again._known.repeated == 1
    assert "还没有回执的 1 个文件" in words(again.content)


def test_an_office_without_records_or_without_a_parent_is_told_why_it_cannot_send(desk, settled):
    shell = desk("county")
    shell.open(Route("export"))
    settled()
    assert not shell.page.next.isEnabled()
    assert "没有要报送的记录" in words(shell.page)


def test_the_city_has_no_parent_to_send_to(desk, settled):
    shell = desk("city")
    shell.open(Route("export"))
    settled()
    assert "没有上级工会，不用报送" in words(shell.page)


def test_sample_data_cannot_be_sent(sample_desk, settled):
    """Requirement 20: marked, and unable to send."""
    shell = sample_desk("county")
    shell.open(Route("export"))
    settled()
    page = shell.page
    assert page.steps.step == CONTENT
    assert not page.next.isEnabled()
    assert "示例数据，不能报送" in words(page)


def test_errors_block_sending_and_lead_to_the_record(filled, settled, pack):
    from union_desk.checks import Finding

    page = filled.page
    page.next.click()
    settled()
    form = pack.top_forms[0].id
    wrong = Finding(form, "uid-1", None, None, None, "X", "error", "会员人数不得大于职工人数。")
    page._show_findings([wrong])
    assert not page.next.isEnabled()
    assert "有 1 处错误" in page._hint.text()
    gone = []
    page.opened.disconnect(filled.open)
    page.opened.connect(gone.append)
    [go] = [b for b in page.check.findChildren(type(page.next)) if b.text() == "查看"]
    go.click()
    assert gone == [Route("form", form=form, uid="uid-1")]
