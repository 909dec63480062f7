"""The entrance: without a display a sentence and exit 1, and never Qt before it is needed."""

import os
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT, clean
from union_desk import __main__ as entrance
from union_desk.errors import UserError


def start(*words, **environment):
    command = [sys.executable, "main.py", *words]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=clean(environment),
        timeout=60,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ":7777"},
        {"WAYLAND_DISPLAY": "wayland-77", "XDG_RUNTIME_DIR": "/tmp"},
        {"QT_QPA_PLATFORM": "wayland"},
    ],
)
def test_without_a_display_a_sentence_and_exit_1(environment):
    code, told = start("--demo", **environment)
    assert code == 1
    assert "窗口打不开" in told or "缺少图形界面要用的系统库" in told
    assert "U901" in told or "U902" in told
    assert "Traceback" not in told


def test_an_unknown_platform_plugin_is_named():
    code, told = start(QT_QPA_PLATFORM="nonsense")
    assert code == 1
    assert "nonsense" in told
    assert "U904" in told


def test_missing_libraries_are_named_with_the_command_that_installs_them():
    with pytest.raises(UserError) as caught:
        entrance.check_libraries({"libnonsense.so.9": "libnonsense9", "libc.so.6": "libc6"})
    assert caught.value.code == "U902"
    assert "libnonsense.so.9" in caught.value.sentence
    assert caught.value.step == "请运行：sudo apt-get install libnonsense9"


def test_a_library_that_qt_misses_while_it_loads_is_named_and_other_troubles_are_not():
    error = ImportError("libfoo.so.1: cannot open shared object file: No such file or directory")
    told = entrance.missing_library(error)
    assert told.code == "U903"
    assert "libfoo.so.1" in told.sentence
    assert "apt-get install libegl1" in told.step
    assert entrance.missing_library(ImportError("No module named 'PySide6'")) is None


def test_a_windowless_platform_needs_no_display():
    entrance.check_display({"QT_QPA_PLATFORM": "offscreen"})


@pytest.mark.parametrize("words", [["status"], ["forms"], ["--help"], ["nonsense"]])
def test_no_command_loads_qt(words, tmp_path):
    script = (
        "import sys\n"
        "from union_desk.__main__ import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))], file=sys.stderr)"
    )
    command = [sys.executable, "-c", script, *words]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=clean({"UNION_DESK_DATA": str(tmp_path)}),
    )
    assert done.stderr.splitlines()[-1] == "[]"


def typed(folder, *lines):
    """`init` in a terminal of its own, a line typed at each of its questions."""
    master, slave = os.openpty()
    command = [
        sys.executable,
        "-m",
        "union_desk",
        "init",
        "--unit",
        "511100000010",
        "--name",
        "乐山市总工会",
        "--data",
        folder,
    ]
    with subprocess.Popen(
        command,
        stdin=slave,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=clean(),
        start_new_session=True,
    ) as started:
        for line in lines:
            while not os.read(started.stderr.fileno(), 100).decode().endswith("："):
                pass
            os.write(master, f"{line}\n".encode())
        told = started.stderr.read().decode()
    os.close(master)
    os.close(slave)
    return started.returncode, told


def test_a_new_password_is_typed_twice(tmp_path):
    code, told = typed(tmp_path / "a", "口令-1", "口令-2")
    assert (code, "U922" in told) == (1, True)
    assert not (tmp_path / "a").exists()
    code, told = typed(tmp_path / "b", "口令-1", "口令-1")
    assert (code, (tmp_path / "b" / "store.db").exists()) == (0, True), told


def test_forms_answer_before_there_is_a_store(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "union_desk", "forms", "--data", tmp_path],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=clean(),
    )
    assert done.stdout.count("\n") > 26
    assert not list(tmp_path.iterdir())


def test_chinese_is_printed_under_any_locale(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "union_desk", "status", "--data", tmp_path / "x"], capture_output=True, check=False, cwd=ROOT,
        env=clean({"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    )  # fmt: skip
    assert done.returncode == 1
    assert "还没有数据" in done.stderr.decode("utf-8")


def test_a_bundle_file_that_was_double_clicked_is_told_from_a_command(tmp_path):
    path = tmp_path / "511102400017-20120831-1.UDSYNC"
    path.write_bytes(b"")
    given, rest = entrance.bundle_given([str(path)])
    assert (given, rest) == (str(path), [])
    for words in ([str(tmp_path / "gone.udsync")], ["stats"], [str(path), "--json"], []):
        assert entrance.bundle_given(words) == ("", words)
