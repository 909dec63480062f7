"""A letter for a bundle file: subject, text, and a draft that mail programs open.

No person's name stands in it. A draft has no sender, date or id: the program that sends it
gives them (``X-Unsent`` asks for that).
"""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GROWTH = 1.37
"""How much larger an attachment is in a letter (measured 1.369)."""
LIMIT = 20 << 20
"""Many receivers take no more than 20 to 25 MB."""
VOLUME = 14 << 20
_ADDRESS = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+\.[^\s@<>,;\"()]+", re.ASCII)
_LARGEST_DRAFT = 200 << 20


def encoded(size: int) -> int:
    """Return how large files of `size` bytes are in a letter."""
    return round(size * GROWTH)


def too_large(size: int) -> str:
    """Return a warning where a letter may not get through, else nothing."""
    if encoded(size) <= LIMIT:
        return ""
    return (
        f"附件编码后约 {files.size_words(encoded(size))}，超过 20 MB，有的邮箱收不下。"
        "可以分卷，一封信放一个文件；或改用 U 盘。网盘式“超大附件”的链接 7 到 30 天就失效。"
    )


def check_address(address: str) -> str:
    """Return an address without blanks around it.

    :raises BundleError: B591, it is none.
    """
    address = address.strip()
    if address and not _ADDRESS.fullmatch(address):
        raise BundleError(
            "B591",
            f"“{address}”不是完整的邮箱地址。",
            "请写成 名称@网站 的样子，例如 zgh@example.cn。",
        )
    return address


def subject(unit_name: str, names: Sequence[str]) -> str:
    """Return the line on top: who sends which files."""
    more = f"等 {len(names)} 个文件" if len(names) > 1 else ""
    return f"{unit_name}报送文件 {names[0]}{more}"


def text(unit_name: str, entries: Sequence[tuple[str, int, str]], *, sealed: bool) -> str:
    """Return the letter for files given as (name, size, SHA-256)."""
    lines = [f"{unit_name}的报送文件见附件："]
    lines += [
        f"{name}　{files.size_words(size)}　校验值 {digest[:16]}" for name, size, digest in entries
    ]
    lines.append("请用工会填报台的“收件”装入附件，不用解压，改了文件名也可以。")
    if sealed:
        lines.append("附件已加密，只有收件单位能打开。")
    return "\n".join(lines) + "\n"


def write_draft(paths: Sequence[Path], unit_name: str, address: str, body: str) -> Path:
    """Write a draft with the files attached beside the first of them, and return it.

    :raises BundleError: B591 the address, B592 too large for a draft.
    """
    if sum(path.stat().st_size for path in paths) > _LARGEST_DRAFT:
        raise BundleError(
            "B592", "附件太大，做不成邮件草稿。", "请自己写信并添加附件，或改用 U 盘。"
        )
    letter = EmailMessage(policy=SMTP)
    if address := check_address(address):
        letter["To"] = address
    letter["Subject"] = subject(unit_name, [path.name for path in paths])
    letter["X-Unsent"] = "1"
    letter.set_content(body)
    for path in paths:
        content = files.read_file(path, limit=_LARGEST_DRAFT)
        letter.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=path.name
        )
    draft = paths[0].with_suffix(".eml")
    files.write_durable(draft, letter.as_bytes(), mode=0o600)
    return draft


def is_sealed(path: Path) -> bool:
    """Return whether a file is closed to all but its reader."""
    with path.open("rb") as file:
        return file.read(22) == b"age-encryption.org/v1\n"
