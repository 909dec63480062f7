import logging
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from union_desk.desktop import faults
from union_desk.errors import InputError, StoreError


@pytest.fixture
def hooks(monkeypatch, tmp_path):
    """The program's own hooks, with the test's put back afterwards."""

    from PySide6.QtCore import qInstallMessageHandler

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    old = qInstallMessageHandler(None)
    faults.install(tmp_path)
    yield tmp_path
    qInstallMessageHandler(old)


def shown(qtbot):
    qtbot.waitUntil(lambda: bool(faults._shown))
    return faults._shown[0]


def test_an_error_is_a_sentence_with_the_next_step_and_its_code(qtbot):
    """Requirement 18."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    faults.report(
        StoreError("S320", "磁盘已满，本次修改没有保存。", "请腾出磁盘空间后再保存一次。"), window
    )
    dialog = shown(qtbot)
    words = "\n".join(
        child.text() for child in dialog.findChildren(QWidget) if hasattr(child, "text")
    )
    assert "磁盘已满，本次修改没有保存。" in words
    assert "请腾出磁盘空间后再保存一次。" in words
    assert "S320" in words
    spoken = QAccessible.queryAccessibleInterface(dialog)
    assert spoken.text(QAccessible.Text.Name) == "磁盘已满，本次修改没有保存。"
    dialog.accept()


def test_a_long_headline_is_shown_with_all_its_lines(qtbot):
    sentence = (
        "这张表用到的记录里有 30 处问题，不能正式出具。第一处：企业：核实日期不能晚于今天。" * 2
    )
    faults.report(StoreError("S320", sentence, "请改正后再试。"))
    dialog = shown(qtbot)
    headline = next(line for line in dialog.findChildren(QLabel) if line.text() == sentence)
    assert headline.height() >= headline.heightForWidth(headline.width())
    dialog.accept()


def test_one_dialog_at_a_time_and_the_next_after_it(qtbot):
    faults.report(StoreError("S320", "第一件。"))
    faults.report(InputError("I420", "第二件。"))
    assert len(faults._shown) == 1
    shown(qtbot).accept()
    qtbot.waitUntil(lambda: bool(faults._shown) and faults._shown[0].accessibleName() == "第二件。")
    shown(qtbot).accept()
    assert not faults._shown


def test_what_escapes_from_a_slot_is_told_and_the_window_lives_on(qtbot, hooks):
    window = QWidget()
    qtbot.addWidget(window)
    button = QPushButton(window)

    def broken():
        raise KeyError("李敏")

    button.clicked.connect(broken)
    window.show()
    with qtbot.captureExceptions():
        import sys

        sys.excepthook = faults._caught
        button.click()
        dialog = shown(qtbot)
    dialog.accept()
    assert window.isVisible()
    log = (hooks / "crash.log").read_text("utf-8")
    assert "KeyError" in log
    assert "broken" in log
    assert "李敏" not in log


def test_what_escapes_from_a_thread_is_told_on_the_gui_thread(qtbot, hooks):
    def broken():
        raise RuntimeError

    worker = threading.Thread(target=broken)
    worker.start()
    worker.join()
    shown(qtbot).accept()
    assert "RuntimeError" in (hooks / "crash.log").read_text("utf-8")


def test_a_refused_action_that_escapes_keeps_its_own_sentence(qtbot, hooks):
    faults._caught(StoreError, StoreError("S303", "这里没有填报数据。"), None)
    dialog = shown(qtbot)
    assert dialog.accessibleName() == "这里没有填报数据。"
    dialog.accept()


def test_words_of_qt_go_into_the_log(qtbot, hooks):
    qWarning("something odd")
    for handler in logging.getLogger("union_desk.crash").handlers:
        handler.flush()
    assert "something odd" in (hooks / "crash.log").read_text("utf-8")
    assert "something odd" in faults.last_entries(hooks)


def test_a_timer_after_an_error_still_runs(qtbot, hooks):
    ran = []
    faults._caught(RuntimeError, RuntimeError("x"), None)
    QTimer.singleShot(0, lambda: ran.append(True))
    qtbot.waitUntil(lambda: bool(ran))
    shown(qtbot).accept()


def test_the_crash_log_is_closed_when_the_program_ends(tmp_path):
    """An unclosed file would be told on the way out (``ResourceWarning``)."""
    script = (
        "from pathlib import Path\n"
        "from union_desk.desktop import faults\n"
        f"faults.log_to(Path({str(tmp_path / 'one')!r}))\n"
        f"faults.log_to(Path({str(tmp_path / 'two')!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error::ResourceWarning", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
