"""The window while the store is exchanged: closed, restored, salvaged or rekeyed, opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from union_desk.desktop import jobs
from union_desk.desktop.entrance import Opening
from union_desk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from union_desk.store.damage import Ways
    from union_desk.store.rekeying import Rekeyed
    from union_desk.store.restoring import Restored
    from union_desk.store.salvage import Salvaged

_MOST_LISTED = 20


class Host(Protocol):
    """What the window can do beside being one."""

    folder: Path

    def start(self) -> None: ...  # noqa: D102

    def choose_demo(self) -> None: ...  # noqa: D102

    def cannot_start(self, error: UserError) -> None: ...  # noqa: D102

    def show_face(self, face: QWidget) -> None: ...  # noqa: D102

    def leave_session(self) -> None: ...  # noqa: D102


def _host(window: QWidget) -> Host:
    return cast("Host", window)


def offer(window: QWidget, error: UserError) -> None:
    """Show the damaged folder with its ways out."""
    from union_desk.desktop.damage_page import DamagePage
    from union_desk.desktop.restore_dialog import RestoreDialog
    from union_desk.store import damage

    host = _host(window)
    folder = host.folder

    def choose() -> None:
        dialog = RestoreDialog(folder, window)
        dialog.chosen.connect(lambda path, word: restore(window, path, word))
        dialog.open()

    def show(ways: Ways) -> None:
        page = DamagePage(error, folder, ways)
        page.restore.connect(choose)
        page.salvage.connect(lambda word: salvage(window, word))
        page.again.connect(host.start)
        page.demo.connect(host.choose_demo)
        host.show_face(page)

    jobs.run(window, lambda _progress: damage.ways_out(folder), show)


def offer_copy(window: QWidget, error: UserError, refused: str = "") -> None:
    """Show why the store is not opened where it lies, and copy it to this machine.

    :param refused: why the last try to copy it failed.
    """
    from union_desk import settings
    from union_desk.desktop.elsewhere_page import ElsewherePage

    host = _host(window)
    page = ElsewherePage(error, settings.own_folder(), refused)
    page.copied.connect(lambda target: _copy(window, error, target))
    page.again.connect(host.start)
    page.demo.connect(host.choose_demo)
    host.show_face(page)


def _copy(window: QWidget, error: UserError, target: Path) -> None:
    from union_desk.store import copying

    host = _host(window)
    source = host.folder
    face = Opening("正在复制到本机，逐个文件核对…")
    host.show_face(face)

    def done(_count: object) -> None:
        host.folder = target
        host.start()
        _tell(window, "已复制到本机", f"以后从“{target}”打开。请不要再在原处填报。")

    def failed(trouble: UserError) -> None:
        offer_copy(window, error, f"{trouble.sentence}{trouble.step}")

    job = jobs.run(
        window, lambda progress: copying.copy_here(source, target, progress), done, failed
    )
    job.progressed.connect(face.advance)


def restore(window: QWidget, path: Path, password: str) -> None:
    """Put a backup in the place of the store, then ask for the password again."""
    from union_desk.store import restoring

    folder = _host(window).folder
    _exchange(
        window,
        "正在恢复备份…",
        lambda progress: restoring.restore(folder, path, password, progress=progress),
        lambda done: _tell(window, "已恢复备份", restored_words(done)),
    )


def salvage(window: QWidget, password: str) -> None:
    """Put a new store with all readable rows in the place of a damaged one."""
    from union_desk.store import salvage as work

    folder = _host(window).folder
    _exchange(
        window,
        "正在抢救还读得出的记录…",
        lambda progress: work.salvage(folder, password, progress=progress),
        lambda done: _tell(window, "抢救完毕", salvaged_words(done)),
    )


def change_key(window: QWidget, login: str, password: str) -> None:
    """Put the store under a fresh key, then ask for the password again."""
    from union_desk.store import rekeying

    folder = _host(window).folder
    _exchange(
        window,
        "正在更换数据钥匙…",
        lambda progress: rekeying.change_key(folder, password, login, progress=progress),
        lambda done: _tell(window, "已更换数据钥匙", rekeyed_words(done)),
    )


def _exchange(
    window: QWidget,
    words: str,
    work: Callable[[jobs.Progress], object],
    told: Callable[..., None],
) -> None:
    """Close the store, do the work while nothing is open, and start again."""
    host = _host(window)
    jobs.wait_for_all()
    host.leave_session()
    face = Opening(words)
    host.show_face(face)

    def done(result: object) -> None:
        host.start()
        told(result)

    job = jobs.run(window, work, done, host.cannot_start)
    job.progressed.connect(face.advance)


def restored_words(done: Restored) -> str:
    """Say what a restore did."""
    from union_desk.desktop.backup_words import local

    lines = [f"数据已恢复到 {local(done.manifest.made_at)}（{done.manifest.person}）。"]
    if done.aside:
        lines.append(f"原来的数据保存在数据目录的 {done.aside}。")
    if done.missing:
        lines.append(f"有 {len(done.missing)} 个附件或数据包没有找到，相应的记录还在。")
    lines.append("报送已暂停，请在“报送”页上决定。")
    return "\n".join(lines)


def salvaged_words(done: Salvaged) -> str:
    """Say what a salvage brought and what is lost."""
    lines = [f"读出的记录都在新的数据文件里，原来的保存在数据目录的 {done.aside}。"]
    if done.lost:
        lines.append(f"有 {len(done.lost)} 条记录读不出来：")
        lines += [f"　{item.title}：{item.label}" for item in done.lost[:_MOST_LISTED]]
        if len(done.lost) > _MOST_LISTED:
            lines.append(f"　……其余 {len(done.lost) - _MOST_LISTED} 条")
    else:
        lines.append("没有发现缺少的记录。")
    if done.changed:
        lines.append(f"有 {len(done.changed)} 条记录与操作记录不符，请在“设置与备份”里检查数据。")
    lines.append("报送已暂停，请在“报送”页上决定。")
    return "\n".join(lines)


def rekeyed_words(done: Rekeyed) -> str:
    """Say what a key change did and what is to be done after it."""
    lines = [f"数据已用新的钥匙加密。原来的数据保存在数据目录的 {done.aside}。"]
    if isinstance(done.backup, UserError):
        lines.append(f"换好后的备份没有做成：{done.backup.sentence}请尽快“立即备份”。")
    if done.without:
        lines.append(f"{'、'.join(done.without)}要由管理员在“单位与人员”里设新口令才能登录。")
    lines.append("以前的恢复单已作废，请在“设置与备份”里重新制作。")
    return "\n".join(lines)


def _tell(window: QWidget, title: str, words: str) -> None:
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setText(words)
    box.open()
