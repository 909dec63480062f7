"""A bug on the command line: a sentence, and a trace that quotes nothing people typed."""

import os
import stat

import pytest

from tests.cli.conftest import GRASSROOTS, make
from union_desk.cli import store

SECRETS = ("511197199408116135", "欧阳密密", "planted-password")


@pytest.fixture
def office(pack, tmp_path):
    return make(tmp_path, pack, GRASSROOTS, "grassroots")


def test_the_trace_of_a_bug_is_kept_without_what_the_error_quotes(office, monkeypatch):
    def broken(_order):
        hidden = SECRETS[0]
        try:
            raise KeyError(SECRETS[1])
        except KeyError as error:
            raise ValueError(f"{hidden} {SECRETS[2]}") from error

    monkeypatch.setattr(store, "status", broken)
    done = office.run("status")
    assert done.code == 1
    assert "U990" in done.err
    (path,) = (office.folder / "logs").glob("crash-*.txt")
    told = path.read_text("utf-8")
    assert "ValueError" in told
    assert "KeyError" in told
    assert "in broken" in told
    assert not [secret for secret in SECRETS if secret in told or secret in done.err + done.out]
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
