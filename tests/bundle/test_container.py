"""The ZIP inside a bundle: what is written reads back, what else there is, is refused."""

import io
import zipfile

import pytest

from union_desk.bundle import container
from union_desk.bundle.container import Item, Limits
from union_desk.errors import BundleError

NAMES = [f"511102400017.up.7f3a9c.00000{n}.zip" for n in (2, 1, 3)]
SIGNATURE = "-----BEGIN SSH SIGNATURE-----\n" + "A" * 280 + "\n"


def written(items):
    file = io.BytesIO()
    length = container.write(file, items)
    assert length == len(file.getvalue())
    return file.getvalue()


def pairs(data, folder, limits=container.LIMITS):
    return [
        (pair.name, pair.file.read(), pair.signature)
        for pair in container.read(io.BytesIO(data), folder, limits)
    ]


def zipped(contents, compress=zipfile.ZIP_STORED, change=None):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compress) as archive:
        for name, data in contents:
            info = zipfile.ZipInfo(name)
            info.compress_type = compress
            if change:
                change(info)
            archive.writestr(info, data)
    return file.getvalue()


def refused(data, folder, limits=container.LIMITS):
    with pytest.raises(BundleError) as raised:
        pairs(data, folder, limits)
    assert not list(folder.iterdir())
    return raised.value.code


@pytest.fixture
def good():
    return written([Item(name, [b"PK", name.encode() * 9], SIGNATURE) for name in NAMES])


def test_pairs_come_back_in_the_order_they_were_written_in(good, tmp_path):
    expected = [(name, b"PK" + name.encode() * 9, SIGNATURE) for name in NAMES]
    assert pairs(good, tmp_path) == expected


def test_all_entries_are_stored_and_alike(good):
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        for info in archive.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert (info.date_time, info.create_system) == ((1980, 1, 1, 0, 0, 0), 3)
            assert info.external_attr >> 16 == 0o100644
            assert not info.extra
            assert not info.comment
            assert not info.flag_bits


def test_the_zip_of_another_program_reads_alike(tmp_path):
    contents = [(NAMES[0] + ".sig", SIGNATURE), (NAMES[0], b"packet")]
    assert pairs(zipped(contents), tmp_path) == [(NAMES[0], b"packet", SIGNATURE)]


def test_a_file_between_is_gone_when_the_next_pair_comes(good, tmp_path):
    reading = container.read(io.BytesIO(good), tmp_path)
    first = next(reading)
    next(reading)
    assert first.file.closed
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        ([], "B554"),
        ([(NAMES[0], b"x")], "B554"),
        ([(NAMES[0] + ".sig", b"x")], "B554"),
        ([(NAMES[0], b"x"), (NAMES[1] + ".sig", b"x")], "B554"),
        ([(NAMES[0], b"x"), (NAMES[0] + ".sig", b"x" * 1025)], "B551"),
        ([(NAMES[0], b"x"), (NAMES[0] + ".sig", "签".encode())], "B555"),
        ([("../" + NAMES[0], b"x"), ("../" + NAMES[0] + ".sig", b"x")], "B553"),
        ([("/" + NAMES[0], b"x")], "B553"),
        ([("C:" + NAMES[0], b"x")], "B553"),
        ([("a\\" + NAMES[0], b"x")], "B553"),
        ([("folder/", b"")], "B553"),
        ([(NAMES[0].upper(), b"x")], "B553"),
        ([("readme.txt", b"x")], "B553"),
        ([(NAMES[0] + ".sig.sig", b"x")], "B553"),
    ],
)
def test_other_names_and_lone_packets_are_refused(contents, code, tmp_path):
    assert refused(zipped(contents), tmp_path) == code


def test_compressed_entries_are_refused(tmp_path):
    contents = [(NAMES[0], b"0" * 9999), (NAMES[0] + ".sig", SIGNATURE)]
    assert refused(zipped(contents, zipfile.ZIP_DEFLATED), tmp_path) == "B552"
    assert refused(zipped(contents, zipfile.ZIP_BZIP2), tmp_path) == "B552"


def test_encrypted_entries_are_refused(good, tmp_path):
    data = bytearray(good)
    directory = int.from_bytes(data[-6:-2], "little")
    data[directory + 8] |= 1
    assert refused(bytes(data), tmp_path) == "B552"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused(tmp_path):
    pair = [(NAMES[0], b"x"), (NAMES[0] + ".sig", b"x")]
    assert refused(zipped([*pair, (NAMES[0], b"y")]), tmp_path) == "B553"


def test_more_entries_or_bytes_than_allowed_are_refused(good, tmp_path):
    assert refused(good, tmp_path, Limits(entries=5)) == "B551"
    assert refused(good, tmp_path, Limits(size=len(good))) == "B551"
    assert len(pairs(good, tmp_path, Limits(entries=6, size=len(good) + 1))) == 3


def test_twenty_thousand_and_one_entries_are_refused(tmp_path):
    one = zipped([(NAMES[0], b"")])
    count = 20_001
    directory = one[one.index(b"PK\x01\x02") : -22]
    start = len(one) - 22 - len(directory)
    end = bytearray(one[-22:])
    end[8:10] = end[10:12] = count.to_bytes(2, "little")
    end[12:16] = (len(directory) * count).to_bytes(4, "little")
    assert refused(one[:start] + directory * count + bytes(end), tmp_path) == "B551"


def test_entries_that_lie_over_one_another_are_refused(tmp_path):
    contents = [(NAMES[0], b"x" * 4000), (NAMES[0] + ".sig", b"x")]
    data = bytearray(zipped(contents))
    directory = int.from_bytes(data[-6:-2], "little")
    second = data.index(b"PK\x01\x02", directory + 4)
    data[second + 42 : second + 46] = (0).to_bytes(4, "little")
    assert refused(bytes(data), tmp_path) == "B555"


@pytest.mark.parametrize("junk", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"\0" * 100])
def test_what_is_no_zip_is_refused(junk, tmp_path):
    assert refused(junk, tmp_path) in ("B554", "B555")


def test_every_cut_is_refused(good, tmp_path):
    for length in range(0, len(good), 29):
        assert refused(good[:length], tmp_path) == "B555"
    assert refused(good + b"x", tmp_path) == "B555"
    assert refused(b"x" + good, tmp_path) == "B555"


def test_no_flip_of_a_bit_gives_other_bytes_under_a_name(good, tmp_path):
    """What lies around the entries may change; a pair comes whole or not at all."""
    expected = set(pairs(good, tmp_path))
    for bit in range(0, 8 * len(good), 211):
        data = bytearray(good)
        data[bit // 8] ^= 1 << bit % 8
        try:
            found = pairs(bytes(data), tmp_path)
        except BundleError:
            continue
        assert set(found) <= expected


def test_a_packet_more_than_allowed_is_not_written(monkeypatch):
    monkeypatch.setattr(container, "LIMITS", Limits(entries=4))
    with pytest.raises(BundleError) as raised:
        written([Item(name, [b"x"], SIGNATURE) for name in NAMES])
    assert raised.value.code == "B556"
