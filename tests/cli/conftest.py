"""Offices run by the command line: one city store with all sample rows, made once."""

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import exchange
from tests.outside import outside_tool
from union_desk import __main__ as entrance
from union_desk import crypto, resources
from union_desk.store import opening, selecting
from union_desk.store.context import context_at

__all__ = ["outside_tool"]

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "口令-2012"
CITY, COUNTY, GRASSROOTS = "511100000010", "511102000013", "511102400017"
DAY = "2012-08-31"
FORMS = [
    "union_org", "enterprise", "unit_profile", "member", "wage_contract", "contest", "innovation", "proposal", "team_brand", "hardship", "aid",
    "school_aid", "employment", "health_check", "democracy", "model_unit", "labor_risk", "culture_event", "sports_team", "visit", "demand",
    "info_report",
]  # fmt: skip
"""In an order that references need."""
DETAILS = {
    "wage_contract": "wage_contract_cover",
    "contest": "contest_unit",
    "hardship": "hardship_family",
    "sports_team": "sports_player",
}


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@dataclass
class Office:
    folder: Path
    password_file: Path

    @property
    def options(self):
        return ["--data", str(self.folder), "--password-file", str(self.password_file)]

    def run(self, *words):
        """The command in this process: what it prints and its exit code."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = entrance.main([*map(str, words), *self.options])
        return Done(code, out.getvalue(), err.getvalue())

    def call(self, *words, environment=None):
        """The command in a process of its own."""
        command = [sys.executable, "-m", "union_desk", *map(str, words), *self.options]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=clean(environment),
            stdin=subprocess.DEVNULL,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def put(self, form, *words, reason="样本数据"):
        """Take in the sample rows of a form and its details."""
        detail = DETAILS.get(form)
        files = [
            resources.samples() / f"{form}.csv",
            *([f"{detail}={resources.samples() / detail}.csv"] if detail else []),
        ]
        return self.run(
            "put", form, *files, "--as-of", DAY, *(["--reason", reason] if reason else []), *words
        )

    def digest(self):
        """What the store holds, byte by byte, and which sealed files lie beside it."""
        sealed = sorted(
            path.name for name in ("packets", "blobs") for path in (self.folder / name).iterdir()
        )
        return hashlib.sha256((self.folder / "store.db").read_bytes()).hexdigest(), sealed


def clean(more=None):
    """An environment without display, data folder and password."""
    gone = (
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "QT_QPA_PLATFORM",
        "UNION_DESK_DATA",
        "UNION_DESK_PASSWORD",
    )
    return {name: value for name, value in os.environ.items() if name not in gone} | (more or {})


def make(folder, pack, unit, level):
    """An office whose password is cheap to guess: most tests need no better one."""
    secret = folder / "secret.txt"
    secret.write_text(PASSWORD, "utf-8")
    known = {item.code: item for item in pack.units}
    parent = known[unit].parent if unit in known else COUNTY
    with opening.create(
        folder / "data",
        pack,
        unit=unit,
        name=known[unit].name if unit in known else "某工会",
        level=level,
        parent=parent,
        password=PASSWORD,
        cost=crypto.Cost(1, 64, 1),
    ) as store:
        if parent:
            exchange.trust_parent(store)
        return Office(folder / "data", secret)


@pytest.fixture(scope="session")
def city(pack, tmp_path_factory):
    """The city's store after all sample files went in, some by processes of their own."""
    office = make(tmp_path_factory.mktemp("city"), pack, CITY, "city")
    office.results = {}
    for form in FORMS:
        detail = DETAILS.get(form)
        files = [
            resources.samples() / f"{form}.csv",
            *([f"{detail}={resources.samples() / detail}.csv"] if detail else []),
        ]
        go = office.call if form in ("union_org", "hardship", "labor_risk") else office.run
        office.results[form] = go("put", form, *files, "--as-of", DAY, "--reason", "样本", "--json")
    return office


@pytest.fixture(scope="session")
def given(city, pack):
    """What `get` gives of every form and detail of the city's store, by form id."""
    found = {}
    with opening.open_store(city.folder, password=PASSWORD) as store, store.read() as connection:
        context = context_at(store, DAY)
        for form in pack.forms.values():
            columns, rows = selecting.sheets(
                connection, store, form, None, context, details=False, masked=False
            )[form.id]
            found[form.id] = [dict(zip(columns, row, strict=True)) for row in rows]
    return found
