"""A package is read from a folder or a ZIP archive, and nothing in an archive can do harm."""

import zipfile

import pytest

from union_desk import resources
from union_desk.taskpack import load, sources

SOURCE = resources.taskpacks() / "lszgh-2012-55"


def archive(path, names, prefix=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.write(SOURCE / name, prefix + name)
    return path


def codes(path):
    return [(problem.file, problem.code) for problem in load.read(path).problems]


NAMES = sorted(path.name for path in SOURCE.iterdir())


@pytest.mark.parametrize("prefix", ["", "lszgh-2012-55/"])
def test_an_archive_gives_the_same_package_as_the_folder(prefix, tmp_path):
    assert load.load(archive(tmp_path / "p.zip", NAMES, prefix)) == load.load(SOURCE)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    assert codes(tmp_path / "nowhere") == [("nowhere", "P201")]


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "p.zip"
    path.write_bytes(b"%PDF-1.7 not a package")
    assert codes(path) == [("p.zip", "P201")]


def test_a_damaged_archive_is_refused(tmp_path):
    path = archive(tmp_path / "p.zip", NAMES)
    content = bytearray(path.read_bytes())
    content[5000:5200] = bytes(200)
    path.write_bytes(bytes(content))
    assert ("p.zip", "P201") in codes(path)


def test_an_empty_folder_is_refused(tmp_path):
    assert codes(tmp_path) == [("taskpack.yaml", "P207")]


@pytest.mark.parametrize(
    "name", ["../evil.yaml", "/etc/evil.yaml", "deep/inside/evil.yaml", "C:evil.yaml", "a\\b.yaml"]
)
def test_an_entry_that_points_elsewhere_is_refused(name, tmp_path):
    path = archive(tmp_path / "p.zip", NAMES)
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(zipfile.ZipInfo(name), "x: 1")
    assert "P202" in {code for _, code in codes(path)}


def test_two_entries_of_one_name_are_refused(tmp_path):
    path = archive(tmp_path / "p.zip", NAMES)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as made:
        made.write(SOURCE / "codes.yaml", "codes.yaml")
    assert codes(path) == [("codes.yaml", "P202")]


def test_a_link_in_an_archive_is_refused(tmp_path):
    path = archive(tmp_path / "p.zip", NAMES)
    link = zipfile.ZipInfo("link.yaml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(link, "/etc/passwd")
    assert codes(path) == [("link.yaml", "P202")]


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(6):
            made.writestr(f"a{number}.yaml", b"\0" * 1_900_000)
        made.writestr("big.yaml", b"\0" * 3_000_000)
    assert path.stat().st_size < 100_000
    assert {code for _, code in codes(path)} == {"P202"}


def test_an_archive_of_too_many_files_is_refused(tmp_path):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(sources.MAX_FILES + 1):
            made.writestr(f"f{number}.yaml", "")
    assert codes(path) == [(f"f{sources.MAX_FILES}.yaml", "P202")]


def test_a_file_that_is_too_large_is_refused(tmp_path):
    for name in NAMES:
        (tmp_path / name).write_bytes((SOURCE / name).read_bytes())
    (tmp_path / "codes.yaml").write_bytes(b"#" * (sources.MAX_FILE_BYTES + 1))
    assert codes(tmp_path) == [("codes.yaml", "P202")]


def test_a_folder_inside_the_package_is_refused(tmp_path):
    for name in NAMES:
        (tmp_path / name).write_bytes((SOURCE / name).read_bytes())
    (tmp_path / "old").mkdir()
    assert codes(tmp_path) == [("old", "P208")]


def test_files_that_begin_with_a_dot_are_passed_over(tmp_path):
    for name in NAMES:
        (tmp_path / name).write_bytes((SOURCE / name).read_bytes())
    (tmp_path / ".DS_Store").write_bytes(b"x")
    assert load.load(tmp_path) == load.load(SOURCE)
