"""What we write, opened, verified and added up by tools that know nothing of this program."""

import csv
import subprocess
from contextlib import ExitStack

import pytest

from tests import exchange
from tests.bundle import bags
from tests.bundle.offices import COUNTY, GRASS, Offices
from tests.outside import run, tool
from tests.store.offices import DAY, ask, put
from union_desk import crypto
from union_desk.bundle import exporting, packet_tables
from union_desk.store import peers

NAMESPACE = "union-desk-packet"


@pytest.fixture(scope="module")
def offices(three_offices, tmp_path_factory):
    """The three offices, the county with all that the unit has sent."""
    folder = tmp_path_factory.mktemp("stock")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("UNION_DESK_STATE", str(folder / "state"))
        found = Offices(three_offices, folder, stack)
        for form in ("member", "hardship", "visit"):
            assert not put(found.grassroots, form, reason="样本数据").refused
        yield found


@pytest.fixture(scope="module")
def written(offices):
    (written,) = exporting.export(offices.grassroots, offices.stick(), as_of=DAY)
    return written


@pytest.fixture
def sent(written, offices, tmp_path):
    """A bundle of the grassroots unit, and what the county has to open and verify it with."""
    (tmp_path / "key.txt").write_text(exchange.own(offices.county).secret + "\n")
    with offices.county.read() as connection:
        (tmp_path / "allowed_signers").write_text(peers.allowed_signers(connection, offices.county))
    return written


def opened(sent, place):
    """The packets of a bundle as `age` and `unzip` give them, the key card left out."""
    run("age", "-d", "-i", "key.txt", "-o", "bundle.zip", sent.file, cwd=place)
    run("unzip", "-q", "bundle.zip", "-d", "packets", cwd=place)
    found = sorted((place / "packets").glob("*.zip"))
    assert [path.name for path in sorted((place / "packets").iterdir())] == sorted(
        name for path in found for name in (path.name, path.name + ".sig")
    )
    (packet,) = [path for path in found if not path.name.endswith(exchange.CARD)]
    return packet


def verify(packet, place, *, signer=GRASS, namespace=NAMESPACE):
    command = [
        tool("ssh-keygen"),
        "-Y",
        "verify",
        "-f",
        "allowed_signers",
        "-I",
        signer,
        "-n",
        namespace,
    ]
    with packet.open("rb") as content:
        return subprocess.run(
            [*command, "-s", f"{packet}.sig"], stdin=content, capture_output=True, check=False, cwd=place
        ).returncode  # fmt: skip


def test_age_opens_a_bundle_and_ssh_keygen_verifies_every_packet_in_it(sent, tmp_path, offices):
    packet = opened(sent, tmp_path)
    for path in (tmp_path / "packets").glob("*.zip"):
        assert verify(path, tmp_path) == 0
        assert (path.parent / f"{path.name}.sig").stat().st_size == 314
    assert verify(packet, tmp_path, signer=COUNTY) != 0
    assert verify(packet, tmp_path, namespace="file") != 0
    found = run(
        "ssh-keygen",
        "-Y",
        "find-principals",
        "-s",
        f"{packet}.sig",
        "-f",
        "allowed_signers",
        cwd=tmp_path,
    )
    assert found.strip() == GRASS
    public = exchange.own(offices.grassroots).signing.public
    (tmp_path / "unit.pub").write_text(public + "\n")
    assert crypto.fingerprint(public) in run("ssh-keygen", "-lf", "unit.pub", cwd=tmp_path)
    packet.write_bytes(packet.read_bytes() + b"x")
    assert verify(packet, tmp_path) != 0


def test_a_bag_is_valid_and_its_sums_are_those_of_the_store(sent, tmp_path, offices):
    packet = opened(sent, tmp_path)
    run("unzip", "-q", packet, cwd=tmp_path)
    bag = tmp_path / packet.stem
    assert "FAILED" not in run("sha256sum", "-c", "manifest-sha256.txt", cwd=bag)
    for form in ("member", "hardship", "hardship_family", "visit"):
        layout = packet_tables.layout(offices.grassroots.pack, form)
        names = [item.name for item in layout.columns if item.type == "integer"]
        asked = ", ".join(
            ["count(*)", *(f"coalesce(sum(cast({name} as integer)), 0)" for name in names)]
        )
        told = run(
            "sqlite3", ":memory:", "-cmd", ".mode csv", "-cmd", f".import {bag}/data/{form}.csv t", f"select {asked} from t"
        )  # fmt: skip
        (row,) = ask(offices.grassroots, f"SELECT {asked} FROM {form}")
        assert told.strip().split(",") == [str(cell) for cell in row], form


def test_bagit_and_frictionless_find_no_fault(sent, tmp_path):
    packet = opened(sent, tmp_path)
    run("unzip", "-q", packet, cwd=tmp_path)
    run("bagit.py", "--validate", tmp_path / packet.stem)
    told = run("frictionless", "validate", tmp_path / packet.stem / "data" / "datapackage.json")
    assert "INVALID" not in told


def test_what_stock_tools_seal_and_sign_is_taken_in(sent, offices, tmp_path):
    """Both ways: `age -r` and `ssh-keygen -Y sign` make what this program reads."""
    opened(sent, tmp_path)
    again = offices.stick() / "renamed (1).bin"
    run("age", "-r", exchange.own(offices.county).recipient, "-o", again, tmp_path / "bundle.zip")
    found = offices.take("county", again)
    assert {item.outcome for item in found} <= {"applied", "duplicate"}
    assert ask(offices.county, "SELECT count(*) FROM member") == ask(
        offices.grassroots, "SELECT count(*) FROM member"
    )


def test_what_is_for_all_needs_only_unzip(offices, tmp_path, pack):
    offices.up("grassroots", "county")
    (written,) = exporting.export(offices.county, offices.stick(), reader="children", as_of=DAY)
    run("unzip", "-q", written.file, "-d", "packets", cwd=tmp_path)
    (packet,) = (tmp_path / "packets").glob("*.zip")
    run("unzip", "-q", packet, cwd=tmp_path)
    bag = tmp_path / packet.stem
    assert "FAILED" not in run("sha256sum", "-c", "manifest-sha256.txt", cwd=bag)
    with (bag / "data" / "receipt.csv").open(encoding="utf-8", newline="") as lines:
        (receipt,) = csv.DictReader(lines)
    assert (receipt["for_origin"], receipt["n"]) == (GRASS, "1")
    assert bags.read(packet.read_bytes(), pack)["head"].stream == "all"
