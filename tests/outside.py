"""Tools from outside the project that tests compare with; one that is missing is said so."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def tool(name: str) -> str:
    """Return the path of an outside program; a test without it is NOT TESTED, never passed."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"NOT TESTED: {name} is not installed")
    return found


def run(name: str, *arguments: object, cwd: Path | None = None) -> str:
    """Return what an outside program prints; it must end well."""
    command = [tool(name), *map(str, arguments)]
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def outside_tool():
    return run
