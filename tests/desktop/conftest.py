"""The window as the program starts it: fonts loaded, dressed, nothing left over between tests."""

import os
import shutil

import pytest
from PySide6.QtWidgets import QApplication

from union_desk import settings
from union_desk.crypto import Cost
from union_desk.desktop import app as program
from union_desk.desktop import demo, faults, fonts, jobs, theme
from union_desk.desktop.desk import Desk
from union_desk.desktop.main_window import MainWindow
from union_desk.desktop.session import Session
from union_desk.store import opening

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def dressed(qapp):
    """The application with fonts, language and style sheet, once for all tests."""
    fonts.load()
    program.dress(qapp, settings.defaults() | {"appearance": "light"})
    return qapp


@pytest.fixture(autouse=True)
def tidy(dressed):
    """Light and standard size before each test; no job and no dialog left after it."""
    if (theme.scheme(), theme.scale()) != ("light", 1.0):
        theme.apply(dressed, "light", 1.0)
    yield
    for dialog in faults._shown[:]:
        dialog.accept()
    faults._waiting.clear()
    assert jobs.wait_for_all(), "a worker is still busy"
    dressed.processEvents()


@pytest.fixture
def window(qtbot, tmp_path):
    """The main window on an empty data folder, the size of the client area of a small screen."""
    made = MainWindow(tmp_path / "data")
    made.resize(1366, 700)
    with qtbot.waitActive(made):
        made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def settled(qtbot):
    """Wait until no job is under way and its result has arrived."""

    def wait():
        qtbot.waitUntil(lambda: not jobs._running, timeout=60_000)
        for _ in range(3):  # what has just been shown is laid out and takes the focus
            QApplication.processEvents()

    return wait


@pytest.fixture
def stand(qtbot):
    """Put the focus on a line, as a click or Tab does."""

    def put(line):
        line.window().activateWindow()
        line.setFocus()
        qtbot.waitUntil(line.hasFocus)

    return put


OFFICES = {
    "city": ("511100000010", "乐山市总工会", None),
    "county": ("511102000013", "市中区总工会", "511100000010"),
    "grassroots": ("511102400017", "乐山沫水餐饮管理工会委员会", "511102000013"),
}


@pytest.fixture
def office(tmp_path, pack):
    """Make the empty, encrypted store of an office of a level, on the day of the samples."""
    opened = []

    def make(level="county"):
        code, name, parent = OFFICES[level]
        store = opening.create(
            tmp_path / f"data-{level}", pack, unit=code, name=name, level=level, parent=parent,
            password="secret", person="李敏", cost=Cost(1, 1024, 1),
        )  # fmt: skip
        opened.append(Session(store, as_of_given="2012-08-31"))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


@pytest.fixture
def desk(window, office, settled):
    """The window with an open store of a level; gone to by `desk(level)`."""

    def enter(level="county"):
        window._enter(office(level))
        settled()
        return window.desk

    return enter


@pytest.fixture(scope="session")
def sample_of():
    """Return the sample session of a level, made once; tests read it and leave it as it is."""
    made = {}

    def get(level):
        if level not in made:
            made[level] = demo.build(level, lambda done, total: None)
        return made[level]

    yield get
    for session in made.values():
        session.close()


@pytest.fixture
def sample_desk(window, sample_of, settled):
    """The window on sample data of a level, which outlive the window."""

    def enter(level="county"):
        session = sample_of(level)
        session.chosen.clear()
        window._enter(session)
        settled()
        return window.desk

    yield enter
    settled()
    window.session = None


@pytest.fixture(scope="module")
def shared_office(tmp_path_factory, pack):
    """One unencrypted store of a level for all tests of a module: fast, and never empty again."""
    opened = {}

    def make(level):
        if level not in opened:
            code, name, parent = OFFICES[level]
            store = opening.create(
                tmp_path_factory.mktemp(level) / "data", pack, unit=code, name=name, level=level,
                parent=parent, password=None, person="李敏",
            )  # fmt: skip
            opened[level] = Session(store, as_of_given="2012-08-31")
        return opened[level]

    yield make
    for session in opened.values():
        session.close()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory, pack):
    """The folder of an empty store of a level, made once and never opened again."""
    made = {}

    def make(level):
        if level not in made:
            code, name, parent = OFFICES[level]
            made[level] = tmp_path_factory.mktemp(f"empty-{level}") / "data"
            store = opening.create(
                made[level], pack, unit=code, name=name, level=level, parent=parent,
                password="secret", person="李敏", cost=Cost(1, 1024, 1),
            )  # fmt: skip
            store.close()
        return made[level]

    return make


@pytest.fixture
def desk_of(qtbot, shared_office, settled):
    """A desk on the shared store of a level, the size of the client area of a small screen."""
    yield from _desks(qtbot, shared_office, settled)


@pytest.fixture
def own_desk(qtbot, empty_store, tmp_path, settled):
    """A desk on an empty store of its own, a copy: quicker than making one."""
    opened = []

    def office(level):
        folder = tmp_path / f"data-{level}"
        shutil.copytree(empty_store(level), folder)
        store = opening.open_store(folder, password="secret")
        opened.append(Session(store, as_of_given="2012-08-31"))
        return opened[-1]

    yield from _desks(qtbot, office, settled)
    for session in opened:
        session.close()


def _desks(qtbot, office, settled):
    made = []

    def enter(level):
        desk = Desk(office(level), "标准")
        desk.resize(1366, 700)
        with qtbot.waitActive(desk):
            desk.show()
        made.append(desk)
        return desk

    yield enter
    settled()
    for desk in made:
        if desk.page is not None:
            desk.page.leaving()
        desk.close()
        desk.deleteLater()
