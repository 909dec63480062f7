"""Where a live store may lie."""

import os
import shutil
import subprocess

import pytest

from union_desk.errors import StoreError
from union_desk.store.place import Place, check_place, look_at, mounted_as, refusal

TABLE = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 0:41 / /mnt/share rw - cifs //office/share rw
41 22 8:17 / /media/u/STICK rw - vfat /dev/sdb1 rw
42 22 0:52 / /home/u/On\\040Line rw - fuse.sshfs host: rw
43 22 0:60 / /mnt/share/inner rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/u", "ext4"), ("/mnt/share", "cifs"), ("/mnt/share/a/b", "cifs"), ("/mnt/shared", "ext4"), ("/media/u/STICK/x", "vfat"),
        ("/home/u/On Line/a", "fuse.sshfs"), ("/mnt/share/inner/a", "tmpfs"), ("/", "ext4"),
    ],
)  # fmt: skip
def test_the_nearest_mount_tells_the_file_system(path, kind):
    assert mounted_as(TABLE, path) == kind


def test_a_table_of_mounts_that_cannot_be_read_tells_nothing():
    assert mounted_as("rubbish\n\n- -\n", "/a") == ""


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.davfs2", "afs"])
def test_network_places_are_refused(kind):
    assert refusal(Place("/mnt/a", kind)).code == "S310"


@pytest.mark.parametrize("path", ["//office/share/a", r"\\office\share\a"])
def test_shares_of_windows_are_refused(path):
    assert refusal(Place(path)).code == "S310"


def test_mapped_network_drives_sticks_fat_and_read_only_disks_are_refused():
    assert refusal(Place("Z:/a", network=True)).code == "S310"
    assert refusal(Place("/media/a", "ext4", removable=True)).code == "S311"
    assert refusal(Place("/media/a", "vfat")).code == "S312"
    assert refusal(Place("/media/a", "exfat")).code == "S312"
    assert refusal(Place("/a", "ext4", read_only=True)).code == "S313"


@pytest.mark.parametrize(
    "path",
    [
        "/home/u/OneDrive/a",
        "/home/u/OneDrive - 单位/a",
        "/d/坚果云/我的",
        "/d/BaiduSyncdisk/a",
        "/d/WPS云盘",
    ],
)
def test_folders_of_cloud_services_are_refused(path):
    assert refusal(Place(path, "ext4")).code == "S314"


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "overlay", "tmpfs", "ntfs", "apfs", ""])
def test_a_fixed_disk_of_this_machine_is_taken(kind):
    assert refusal(Place("/home/u/乐山/数据", kind)) is None


def test_every_refusal_says_where_to_put_the_data_instead():
    for place in (
        Place("/a", "nfs"),
        Place("/a", removable=True),
        Place("/a", "vfat"),
        Place("/a", read_only=True),
    ):
        error = refusal(place)
        assert "“/a”" in error.sentence
        assert "本机" in error.step


def test_a_folder_not_made_yet_is_judged_by_its_parent(tmp_path):
    check_place(tmp_path / "a" / "b")
    assert look_at(tmp_path / "a" / "b").path == str(tmp_path.resolve())


def mount(*arguments):
    if (
        os.name == "nt"
        or not hasattr(os, "geteuid")
        or os.geteuid() != 0
        or shutil.which("mount") is None
    ):
        pytest.skip("NOT TESTED: mounting needs root on Linux")
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"NOT TESTED: this system mounts nothing here: {done.stderr.strip()}")


def test_a_read_only_disk_is_refused_for_real(tmp_path):
    mount("-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", str(tmp_path))
    try:
        with pytest.raises(StoreError, match="S313"):
            check_place(tmp_path / "a")
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
