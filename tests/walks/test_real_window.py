"""The window on a real display with a window manager, driven by real keys (ASCII alone)."""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.outside import tool

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90


class Window:
    """The program's output, line by line, and keys sent to it."""

    def __init__(self, process, display):
        self._process, self._display = process, display
        self.seen = []

    def keys(self, *names):
        subprocess.run(
            [tool("xdotool"), "key", "--clearmodifiers", *names], check=True,
            env=os.environ | {"DISPLAY": self._display},
        )  # fmt: skip

    def write(self, text):
        subprocess.run(
            [tool("xdotool"), "type", "--delay", "30", text], check=True,
            env=os.environ | {"DISPLAY": self._display},
        )  # fmt: skip

    def until(self, holds, what):
        """Read on until a line says it; the watchdog ends a program that never does."""
        watchdog = threading.Timer(PATIENCE, self._process.kill)
        watchdog.start()
        try:
            for line in self._process.stdout:
                self.seen.append(line.rstrip("\n").split("\t"))
                if len(self.seen[-1]) == 5 and holds(*self.seen[-1]):
                    return self.seen[-1]
        finally:
            watchdog.cancel()
        pytest.fail(f"{what}: {self.seen[-6:]}")


@pytest.fixture
def display():
    """A display of its own with a window manager on it."""
    read, write = os.pipe()
    server = subprocess.Popen(
        [tool("Xvfb"), "-displayfd", str(write), "-screen", "0", "1366x768x24"],
        pass_fds=(write,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as told:
        name = f":{told.readline().strip()}"
    manager = subprocess.Popen(
        [tool("openbox")], env=os.environ | {"DISPLAY": name}, stderr=subprocess.DEVNULL
    )
    yield name
    for process in (manager, server):
        process.terminate()
        process.wait()


@pytest.fixture
def window(display):
    tool("xdotool")
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.walks.real_window"], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield Window(process, display)
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    process.stdout.close()
    process.wait()


def test_a_clerk_jumps_to_a_form_types_and_comes_back_by_real_keys(window):
    window.until(lambda _k, _f, _w, name, _t: name.startswith("第 1 步"), "the month is there")
    window.keys("ctrl+k")
    window.until(lambda _k, _f, widget, *_: widget == "QLineEdit", "Ctrl+K asks where to")
    window.write("hymc")
    window.keys("Return")
    window.until(lambda kind, *_: kind == "ledger", "Enter opens the ledger")
    window.keys("ctrl+n")
    first = window.until(
        lambda kind, _f, widget, *_: kind == "form" and widget.endswith("Editor"),
        "Ctrl+N begins a record",
    )
    window.keys("Tab")
    second = window.until(lambda *line: line[3] != first[3] and line[3], "Tab goes on")
    window.write("abc")
    window.keys("Tab")
    window.until(lambda *line: line[3] not in ("", second[3]), "and on")
    window.keys("shift+Tab")
    back = window.until(lambda *line: line[3] == second[3], "Shift+Tab goes back")
    assert back[4] in ("abc", "ABC")
    window.keys("Escape")
    window.until(lambda kind, *_: kind == "ledger", "Esc leaves the form, the draft is kept")
