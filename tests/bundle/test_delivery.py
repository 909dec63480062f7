"""Writing to sticks and folders: looked at first, durable, read back, each trouble in its words."""

import contextlib
import email
import email.policy
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.bundle.test_exporting import create
from union_desk import files
from union_desk.bundle import delivery, drives, mail
from union_desk.bundle.delivery import Target
from union_desk.bundle.drives import Drive
from union_desk.errors import BundleError, Cancelled, FileError
from union_desk.store import deliveries, opening

DAY = "2012-08-31"
MOUNTS = pytest.mark.skipif(
    not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount")),
    reason="NOT TESTED: mounting a disk of a given size needs root",
)


@contextlib.contextmanager
def mounted(folder, options="size=8m"):
    """A disk of its own in memory; it may be pulled while it is in use."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("NOT TESTED: this place does not let one mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def stick(root):
    return Target(delivery.STICK, root, drives.look(root), "李敏")


def refused(act, code):
    with pytest.raises(FileError) as caught:
        act()
    assert caught.value.code == code
    assert caught.value.step.endswith("。")
    return caught.value.sentence


@pytest.fixture(scope="module")
def store(tmp_path_factory, pack):
    folder = create(tmp_path_factory.mktemp("office") / "data", pack, ["union_org"])
    with opening.open_store(folder, password="口令-2012") as opened:
        yield opened


def send(store, target, need=1000, **options):
    return delivery.hand_over(store, target, need, as_of=DAY, **options)


# What is written ----------------------------------------------------------------------------


@MOUNTS
def test_a_stick_gets_its_file_in_a_sub_folder_and_the_list_says_how_it_goes(store, tmp_path):
    with mounted(tmp_path / "stick") as root:
        [made] = send(store, stick(root))
        assert made.file.parent == root / "union-desk"
        assert files.read_back(made.file) == made.digest
        assert not list(root.glob("**/*.part"))
        with store.read() as connection:
            [entry, *_] = deliveries.listed(connection, store)
            lines = deliveries.packets(connection, store, entry)
    assert (entry.way, entry.carrier, entry.verified, entry.state) == (
        "stick", "李敏", True, "written",
    )  # fmt: skip
    assert entry.sha256 == made.digest
    assert [line.sha256 for line in lines if len(line.sha256) == 64]


def test_a_folder_gets_its_file_directly(store, tmp_path):
    [made] = send(store, Target(delivery.FOLDER, tmp_path))
    assert made.file.parent == tmp_path
    with store.read() as connection:
        assert deliveries.listed(connection, store)[0].way == "folder"


def test_cancel_leaves_no_remains(store, tmp_path):
    def stop(done, total):
        raise Cancelled

    with contextlib.suppress(Cancelled):
        send(store, Target(delivery.FOLDER, tmp_path), progress=stop)
    assert not list(tmp_path.glob("*.part"))


# What is refused, and how it is said -----------------------------------------------------------


def test_no_stick_and_several_sticks_have_a_sentence_each():
    assert "没有找到 U 盘" in refused(lambda: drives.only(()), "F164")
    two = (Drive(Path("/media/a")), Drive(Path("/media/b")))
    assert "/media/b" in refused(lambda: drives.only(two), "F165")
    assert drives.only(two[:1]) is two[0]


@MOUNTS
def test_a_write_protected_stick_is_told_before_anything_is_written(store, tmp_path):
    with mounted(tmp_path / "stick") as root:
        subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
        assert "写保护" in refused(lambda: send(store, stick(root)), "F162")


def test_a_stick_that_cannot_be_read_is_told(tmp_path):
    gone = drives.look(tmp_path / "gone")
    assert gone.trouble.code == "F163"
    assert "读不出来" in gone.trouble.sentence


@contextlib.contextmanager
def without_rights():
    """Let root be nobody for a while; anyone else has few rights already."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        if root:
            os.setresuid(0, 0, 0)


@pytest.mark.skipif(os.name == "nt", reason="NOT TESTED: modes of POSIX")
def test_a_place_without_the_right_to_write_is_told():
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o555)
        with without_rights():
            looked = drives.look(place)
            said = refused(lambda: delivery.check(Target(delivery.FOLDER, place), 10), "F137")
        place.chmod(0o700)
    assert "权限" in said
    assert looked.trouble.code == "F166"


@MOUNTS
def test_too_little_room_says_how_much_is_needed_and_what_the_recycle_bin_holds(store, tmp_path):
    with mounted(tmp_path / "stick", "size=2m") as root:
        (root / ".Trash-1000").mkdir()
        (root / ".Trash-1000" / "old").write_bytes(b"x" * 600_000)
        said = refused(lambda: send(store, stick(root), 2_000_000), "F134")
        assert "需要 2.9 MB" in said
        assert "剩余 1.4 MB" in said
        assert "回收站里还占着 586 KB" in said


def test_what_fat_cannot_hold_is_told():
    drive = Drive(Path("/media/a"), file_system="vfat", free=1 << 40)
    assert "4 GB" in refused(lambda: delivery.check_room(drive, 5 << 30), "F135")
    delivery.check_room(drive, 3 << 30)
    delivery.check_room(Drive(Path("/media/a"), file_system="exfat", free=1 << 40), 5 << 30)


def test_a_folder_that_is_not_there_is_told(store, tmp_path):
    refused(lambda: send(store, Target(delivery.FOLDER, tmp_path / "gone")), "F112")


@MOUNTS
def test_a_stick_pulled_before_or_while_writing_is_told_as_pulled(store, tmp_path):
    with mounted(tmp_path / "stick") as root:
        target = stick(root)

        def pull(done, total):
            subprocess.run(["umount", "-l", str(root)], capture_output=True, check=False)

        said = files.trouble(FileNotFoundError(2, "gone"), root / "a")
        pull(0, 0)
        assert "已拔出" in delivery.told(said, target, 10).sentence
        refused(lambda: delivery.check(Target(delivery.STICK, root / "x", target.drive), 1), "F138")


@MOUNTS
def test_a_stick_that_gives_back_other_bytes_or_fills_up_is_told_as_such(tmp_path):
    with mounted(tmp_path / "stick") as root:
        target = stick(root)
        differs = FileError("F107", "写入后重读，内容不一致。", "请换一处再试。")
        assert "可能损坏" in delivery.told(differs, target, 10).sentence
        assert delivery.told(differs, target, 10).code == "F139"
        full = FileError(files.FULL, "磁盘空间不足。", "")
        assert delivery.told(full, target, 10).code == "F134"
        assert delivery.told(differs, Target(delivery.FOLDER, root), 10) is differs


def test_a_stick_that_the_system_cannot_let_go_is_not_said_to_be_free(tmp_path):
    assert not drives.eject(Drive(tmp_path, device="/dev/none-of-this-name"))
    assert not drives.eject(Drive(tmp_path))


def test_sticks_that_are_in_are_found_without_an_error():
    assert all(isinstance(drive, Drive) for drive in drives.found())
    assert drives.of(Path("/media/a/b"), (Drive(Path("/media/a")),)).root == Path("/media/a")
    assert drives.of(Path("/home/b"), (Drive(Path("/media/a")),)) is None


# By mail --------------------------------------------------------------------------------------


def test_a_draft_has_the_file_and_neither_sender_nor_date_nor_a_person(tmp_path):
    path = tmp_path / "511102400017-20120831-1.udsync"
    path.write_bytes(b"age-encryption.org/v1\n" + bytes(range(256)) * 40)
    body = mail.text("沫水工会", [(path.name, 10_262, "ab" * 32)], sealed=mail.is_sealed(path))
    draft = mail.write_draft([path], "沫水工会", " zgh@example.cn ", body)
    letter = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    assert letter["To"] == "zgh@example.cn"
    assert letter["X-Unsent"] == "1"
    assert not {"From", "Date", "Message-ID"} & set(letter.keys())
    [attached] = letter.iter_attachments()
    assert attached.get_filename() == path.name
    assert attached.get_content() == path.read_bytes()
    told = letter.get_body().get_content()
    assert "abababababababab" in told
    assert "已加密" in told
    assert "沫水工会" in letter["Subject"]


def test_an_address_that_is_none_is_refused_and_none_is_allowed():
    with pytest.raises(BundleError) as caught:
        mail.check_address("zgh@")
    assert caught.value.code == "B591"
    for hostile in ("a@b.cn\nBcc: c@d.cn", "a b@c.cn", "a@b.cn,c@d.cn"):
        with pytest.raises(BundleError, match="B591"):
            mail.check_address(hostile)
    assert mail.check_address(" ") == ""


def test_a_letter_over_twenty_megabytes_is_warned_of_and_an_enormous_one_refused(tmp_path):
    assert not mail.too_large(14 << 20)
    assert "超过 20 MB" in mail.too_large(15 << 20)
    path = tmp_path / "large.udsync"
    with path.open("wb") as file:
        file.truncate(201 << 20)
    with pytest.raises(BundleError) as caught:
        mail.write_draft([path], "沫水工会", "", "")
    assert caught.value.code == "B592"
