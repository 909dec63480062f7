import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication, QProgressBar, QPushButton, QWidget

from union_desk.desktop import faults, jobs
from union_desk.errors import Cancelled, StoreError


@pytest.fixture
def owner(qtbot):
    made = QWidget()
    made.resize(900, 500)
    qtbot.addWidget(made)
    made.show()
    return made


def test_work_runs_elsewhere_and_its_result_arrives_on_the_gui_thread(owner, qtbot):
    """Requirement 28."""
    threads, results = [], []

    def work(progress):
        threads.append(QThread.currentThread())
        return 42

    def done(result):
        threads.append(QThread.currentThread())
        results.append(result)

    jobs.run(owner, work, done)
    qtbot.waitUntil(lambda: bool(results))
    assert results == [42]
    assert threads[0] is not owner.thread()
    assert threads[1] is owner.thread()


def test_a_refused_action_reaches_the_one_who_asked(owner, qtbot):
    errors = []

    def work(progress):
        raise StoreError("S999", "数据目录打不开。")

    jobs.run(owner, work, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].code == "S999"


def test_cancel_stops_the_work_and_hands_no_result_over(owner, qtbot):
    going, ended, results, stopped = threading.Event(), [], [], []

    def work(progress):
        going.set()
        while True:
            progress(1, 0)

    job = jobs.run(owner, work, results.append, cancelled=lambda: stopped.append(True))
    job.ended.connect(lambda: ended.append(True))
    assert going.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(ended))
    assert stopped == [True]
    assert results == []


def test_long_work_shows_its_progress_with_a_way_to_cancel(owner, qtbot):
    def work(progress):
        while True:
            progress(3, 10)

    job = jobs.run(owner, work, title="正在生成报表")
    qtbot.waitUntil(lambda: bool(owner.findChildren(QProgressBar)))
    bar = owner.findChildren(QProgressBar)[0]
    assert bar.isVisible()
    qtbot.waitUntil(lambda: bar.value() == 3)
    [stop] = [child for child in owner.findChildren(QPushButton) if child.text() == "取消"]
    ended = []
    job.ended.connect(lambda: ended.append(True))
    stop.click()
    qtbot.waitUntil(lambda: bool(ended))


def test_quick_work_shows_no_progress(owner, qtbot):
    done = []
    jobs.run(owner, lambda progress: 1, done.append, title="很快")
    qtbot.waitUntil(lambda: bool(done))
    assert not owner.findChildren(QProgressBar)


def test_a_result_for_a_page_that_is_gone_is_dropped(owner, qtbot):
    going, results, ended = threading.Event(), [], []
    page = QWidget(owner)

    def work(progress):
        going.wait(5)
        return 1

    job = jobs.run(page, work, results.append)
    job.ended.connect(lambda: ended.append(True))
    page.setParent(None)
    page.deleteLater()
    qtbot.wait(1)
    going.set()
    qtbot.waitUntil(lambda: bool(ended))
    assert results == []


def test_jobs_of_one_lane_run_one_after_another(owner, qtbot):
    running, most, done = [], [], []
    lock = threading.Lock()

    def work(progress):
        with lock:
            running.append(1)
            most.append(len(running))
        for _ in range(200):
            progress(0, 0)
        with lock:
            running.pop()

    for _ in range(4):
        jobs.run(owner, work, done.append, lane="print")
    qtbot.waitUntil(lambda: len(done) == 4)
    assert max(most) == 1


def test_a_bug_in_a_worker_is_logged_and_told_in_a_sentence(owner, qtbot, tmp_path):
    faults.log_to(tmp_path)

    def work(progress):
        raise ValueError("张三 511197199001011234")

    jobs.run(owner, work)
    qtbot.waitUntil(lambda: bool(faults._shown))
    assert faults._shown[0].accessibleName().startswith("程序遇到了没有料到的问题")
    faults._shown[0].accept()
    log = (tmp_path / "crash.log").read_text("utf-8")
    assert "ValueError" in log
    assert "work" in log
    assert "张三" not in log
    assert "511197" not in log


def test_cancelling_before_the_work_begins_keeps_it_from_starting(owner, qtbot):
    gate, begun, ended = threading.Event(), [], []

    def first(progress):
        gate.wait(5)

    jobs.run(owner, first, lane="x")
    job = jobs.run(owner, lambda progress: begun.append(True), lane="x")
    job.ended.connect(lambda: ended.append(True))
    job.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(ended))
    assert begun == []
    with pytest.raises(Cancelled):
        job.progress(0, 0)


class Page:
    """Stands for what work holds on to."""


def test_work_that_is_over_keeps_nothing_alive(owner, qtbot):
    """The pool may keep a task that ends before it is back from starting it."""
    alive = weakref.WeakSet()
    for _ in range(200):
        page = Page()
        alive.add(page)
        jobs.run(owner, lambda _progress, page=page: None)
    del page
    qtbot.waitUntil(lambda: not jobs._running)
    QApplication.processEvents()
    gc.collect()
    assert not alive
