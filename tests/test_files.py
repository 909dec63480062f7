"""Files that stay written, and what the system refuses said in words."""

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from union_desk import files
from union_desk.errors import FileError

POSIX = pytest.mark.skipif(os.name == "nt", reason="NOT TESTED: modes and fifos of POSIX")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_written_file_holds_its_bytes_and_its_digest_is_returned(tmp_path):
    path = tmp_path / "a.bin"
    assert files.write_durable(path, b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert path.read_bytes() == b"abc"
    assert names(tmp_path) == ["a.bin"]


def test_chunks_are_written_one_after_another(tmp_path):
    path = tmp_path / "a.bin"
    digest = files.write_durable(path, (bytes([number]) * 1000 for number in range(100)))
    assert files.read_back(path) == files.sha256_file(path) == digest
    assert path.stat().st_size == 100_000


def test_files_written_together_are_all_there_and_none_is_lost_when_many(tmp_path):
    for count in (2, 20):
        together = files.Together()
        paths = [tmp_path / f"{count}-{number}" for number in range(count)]
        for path in paths:
            together.write(path, [path.name.encode(), b"!"])
        together.settle()
        assert [path.read_text() for path in paths] == [f"{path.name}!" for path in paths]
    assert len(names(tmp_path)) == 22


def test_a_file_that_reads_back_otherwise_stops_all_that_was_written_together(tmp_path):
    together = files.Together()
    together.write(tmp_path / "good", [b"abc"])
    together.write(tmp_path / "bad", [b"abc"])
    (tmp_path / "bad").write_bytes(b"abd")
    with pytest.raises(FileError, match="F107"):
        together.settle()
    assert names(tmp_path) == ["good"]


def test_a_place_that_takes_no_file_is_told_when_the_file_is_written(tmp_path):
    with pytest.raises(FileError, match="F104"):
        files.Together().write(tmp_path / "gone" / "a", [b"abc"])


@POSIX
def test_a_written_file_belongs_to_its_owner_alone(tmp_path):
    path = tmp_path / "a.bin"
    files.write_durable(path, b"secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_write_that_fails_half_way_leaves_the_older_file_and_no_remains(tmp_path):
    path = tmp_path / "a.bin"
    files.write_durable(path, b"old")

    def broken():
        yield b"new"
        raise RuntimeError("the source ended")

    with pytest.raises(RuntimeError):
        files.write_durable(path, broken())
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.bin"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="NOT TESTED: no /dev/full")
def test_a_full_disk_is_said_in_words(tmp_path):
    (tmp_path / "a.bin.part").symlink_to("/dev/full")
    with pytest.raises(FileError) as caught:
        files.write_durable(tmp_path / "a.bin", b"x" * 100)
    assert caught.value.code == "F101"
    assert "空间不足" in str(caught.value)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "F101"), (errno.EROFS, "F102"), (errno.EACCES, "F103"), (errno.ENOENT, "F104"),
        (errno.EINVAL, "F105"), (errno.EIO, "F106"), (errno.EEXIST, "F109"), (errno.EFBIG, "F110"), (errno.EMLINK, "F111"),
    ],
)  # fmt: skip
def test_every_refusal_of_the_system_has_its_sentence_and_next_step(tmp_path, number, code):
    error = files.trouble(OSError(number, os.strerror(number)), tmp_path / "台账.xlsx")
    assert error.code == code
    assert "台账.xlsx" in error.sentence
    assert error.step.endswith("。")


def test_a_missing_file_and_one_in_the_way_are_told_apart(tmp_path):
    with pytest.raises(FileError, match="F104"):
        files.sha256_file(tmp_path / "nowhere")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileError, match="F109"):
        files.private_folder(tmp_path / "file" / "folder")
    with pytest.raises(FileError, match="F109"):
        files.create_private(tmp_path / "file")


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    path = tmp_path / "big"
    path.write_bytes(b"x" * 11)
    assert files.read_file(path, limit=11) == b"x" * 11
    with pytest.raises(FileError, match="F108"):
        files.read_file(path, limit=10)


def test_a_device_that_gives_back_something_else_is_found_out(tmp_path):
    path = tmp_path / "a.bin"

    def swallowed():
        yield b"abc"
        (tmp_path / "a.bin.part").unlink()
        (tmp_path / "a.bin.part").write_bytes(b"xyz")

    with pytest.raises(FileError, match="F107"):
        files.write_durable(path, swallowed())
    assert not path.exists()


@POSIX
def test_a_temporary_file_has_no_name_and_is_gone_when_closed(tmp_path):
    with files.temporary(tmp_path / "tmp") as file:
        file.write(b"secret")
        assert names(tmp_path / "tmp") == []
    assert stat.S_IMODE((tmp_path / "tmp").stat().st_mode) == 0o700


def test_removing_what_is_not_there_is_no_trouble(tmp_path):
    files.write_durable(tmp_path / "a", b"")
    files.remove(tmp_path / "a")
    files.remove(tmp_path / "a")
    assert names(tmp_path) == []


def test_a_folder_whose_names_cannot_be_made_durable_is_told_in_a_sentence(tmp_path):
    with pytest.raises(FileError) as told:
        files.sync_folder(tmp_path / "gone")
    assert "gone" in told.value.sentence
