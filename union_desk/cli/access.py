"""How the command line comes to an open store: which folder, which password, whose day."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from union_desk import files, settings
from union_desk.cli import output
from union_desk.cli.arguments import PASSWORD_VARIABLE, SECOND_VARIABLE, Order
from union_desk.errors import UsageError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from union_desk.store.opening import Store
    from union_desk.taskpack.definition import Form, TaskPack


def data_folder(order: Order) -> Path:
    """Return the data folder the order names, else the usual one."""
    return settings.data_folder(order.data)


@contextmanager
def opened(order: Order) -> Iterator[Store]:
    """Open the store of the order's data folder; in the end back it up if due, and close it."""
    from union_desk.papers import watching
    from union_desk.store import opening, upkeep

    folder = data_folder(order)
    if not opening.exists(folder):
        raise UserError(
            "U920",
            f"数据文件夹 {folder} 里还没有数据。",
            "请先用 union-desk init 建立，或用 --data 指到已有的数据文件夹。",
        )
    with opening.open_store(folder, password=password(order)) as store:
        for sentence in upkeep.begin(store):
            output.note(sentence)
        watch = watching.watch(store)
        yield store
        if voided := watch.told():
            output.note(voided)
        if (refused := upkeep.end(store)) is not None:
            output.note(f"今天的自动备份没有做成：{refused}")


def password(order: Order, *, new: bool = False) -> str:
    """Return the password: from the file, the environment, or typed; a new one is typed twice."""
    text = _secret(order.password_file, PASSWORD_VARIABLE, "--password-file", "口令")
    typed = not order.password_file and PASSWORD_VARIABLE not in os.environ
    if new and typed and getpass.getpass("再输一次：") != text:
        raise UserError("U922", "两次输入的口令不一样。", "请重新输入。")
    if not text:
        raise UserError("U924", "口令是空的。", "请给出口令。")
    return text


def _secret(file: Path | None, variable: str, option: str, words: str) -> str:
    """Return a password from a file, else a variable, else as it is typed."""
    if file:
        first = files.read_file(file, limit=4096).split(b"\n", 1)[0]
        try:
            return first.decode("utf-8-sig").rstrip("\r")
        except UnicodeDecodeError as error:
            raise UserError(
                "U921", f"口令文件 {file} 不是 UTF-8 文字。", "请用记事本另存为 UTF-8。"
            ) from error
    if variable in os.environ:
        return os.environ[variable]
    if sys.stdin.isatty():
        return getpass.getpass(f"{words}：")
    raise UserError("U923", f"没有{words}，不能继续。", f"请用 {option}，或设环境变量 {variable}。")


@contextmanager
def second_beside(order: Order, store: Store, act: str) -> Iterator[None]:
    """Let what is done inside count as done by two, where the order names a second person."""
    from union_desk.store import second

    if not order.second:
        yield
        return
    word = _secret(
        order.second_password_file, SECOND_VARIABLE, "--second-password-file", "第二个人的口令"
    )
    with second.present(second.sign(store, act, order.second, word)):
        yield


def way_out(folder: Path) -> str:
    """Return the command that takes the newest backup, or where to turn where there is none."""
    from union_desk.store import damage
    from union_desk.store.thinning import moment

    found = damage.ways_out(folder).backup
    if found is None:
        return (
            "这里没有读得出的备份。别处有的，用 union-desk restore 文件；"
            "都没有的，打开窗口，可以抢救还读得出的记录。"
        )
    at = moment(found.manifest.made_at).astimezone()
    command = f'union-desk restore "{found.path}" --data "{folder}"'
    return f"最近的备份是 {at:%Y-%m-%d %H:%M} 的，恢复它：{command}"


def check_sheet(folder: Path, sheet: Path) -> None:
    """Refuse a place or a kind of file for the recovery sheet before anything is done."""
    from union_desk.store import recovering

    if sheet.suffix.lower() not in (".pdf", ".txt"):
        raise UsageError(
            "U926", f"恢复单不能存成“{sheet.name}”。", "文件名请以 .pdf 或 .txt 结尾。"
        )
    recovering.check_sheet_place(folder, sheet)
    check_folder(sheet)


def check_folder(file: Path) -> None:
    """Refuse a file whose folder is not there before anything is done."""
    if not file.absolute().parent.is_dir():
        raise UserError("U927", f"找不到文件夹 {file.absolute().parent}。", "请先建好文件夹。")


def check_place(folder: Path) -> None:
    """Refuse a folder that is not there: a stick that was pulled out, a name mistyped."""
    if not folder.is_dir():
        raise UserError("U928", f"找不到文件夹“{folder}”。", "请核对路径；U 盘请插好再试。")


def write_sheet(store: Store, sheet: Path) -> None:
    """Make a new recovery code and save its sheet; the sheets before are void."""
    from union_desk.reports import office_paper
    from union_desk.store import passwords, transaction

    code = passwords.new_recovery_code(store)
    made = office_paper.recovery_sheet(
        store.unit, store.unit_name, transaction.now(), passwords.key_id(store), code
    )
    pdf = sheet.suffix.lower() == ".pdf"
    content = office_paper.render(made) if pdf else office_paper.text(made).encode("utf-8-sig")
    files.write_durable(sheet, content)
    passwords.recovery_kept(store, "saved")


def day(given: str | None) -> str:
    """Return the day of ``--as-of``, else today."""
    return given or dt.date.today().isoformat()  # noqa: DTZ011 - an office's own day


def day_of_year(pack: TaskPack, given: str | None) -> str:
    """Return the day of ``--as-of``, else today kept inside the year of the package."""
    return given or min(max(day(None), pack.year_from), pack.year_to)


def find_form(pack: TaskPack, name: str, *, system: bool = False) -> Form:
    """Return the form called `name` by id or title; with `system`, system tables answer too."""
    from union_desk.taskpack.system import SYSTEM_FORMS

    known = {**pack.forms, **(SYSTEM_FORMS if system else {})}
    found = [form for form in known.values() if name in (form.id, form.title)]
    if not found:
        raise UsageError(
            "U925", f"没有叫“{name}”的表。", "请用 union-desk forms 查看表的编号和名称。"
        )
    return found[0]
