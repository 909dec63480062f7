"""The headless front door: what office IT and scripts use. Chinese messages, no Qt.

Exit codes: 0 done, 1 refused or findings of level error, 2 wrong usage. Every command says what
it did in a table or sentence, or in JSON where ``--json`` stands. Nothing is ever half done.
"""

from __future__ import annotations

import keyword
import os
import sys
import time
import traceback
from importlib import import_module
from typing import TYPE_CHECKING

from union_desk.cli import access, output
from union_desk.cli.arguments import Order, parse
from union_desk.errors import Cancelled, DamageError, UsageError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Order", "data_folder", "parse", "refuse", "run", "speak_utf8"]

_ROOMS = {
    "init": "store",
    "keys": "keys",
    "status": "store",
    "doctor": "store",
    "export": "store",
    "import": "bundles",
    "backup": "backup",
    "restore": "backup",
    "forms": "records",
    "put": "records",
    "get": "records",
    "template": "books",
    "book": "books",
    "check": "records",
    "progress": "figures",
    "report": "figures",
    "taskpack": "taskpack",
}
"""Command -> module, loaded when the command is called."""

data_folder = access.data_folder


def speak_utf8() -> None:
    """Let the streams take Chinese wherever they lead; what a console lacks becomes ``?``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")


def run(order: Order) -> int:
    """Carry out the order's command and return the exit code."""
    command = str(order.command)
    try:
        room = import_module(f"union_desk.cli.{_ROOMS[command]}")
        name = f"{command}_" if keyword.iskeyword(command) else command
        code: int = getattr(room, name)(order)
        sys.stdout.flush()
        return code
    except UserError as error:
        return refuse(error, access.data_folder(order))
    except (Cancelled, KeyboardInterrupt):
        output.note("已取消，没有改动任何数据。")
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - a bug: kept in a file, told in a sentence
        return _report_bug(error, access.data_folder(order))


def refuse(error: UserError, folder: Path | None = None) -> int:
    """Say why an action was refused; return 2 for wrong usage, else 1.

    :param folder: the data folder it was about: where it is damaged, the way out is named.
    """
    output.note(str(error))
    if folder is not None and isinstance(error, DamageError):
        output.note(access.way_out(folder))
    return 2 if isinstance(error, UsageError) else 1


def _trace(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield type(error).__name__
        yield "".join(traceback.format_tb(error.__traceback__))
        error = error.__cause__ or error.__context__


def _report_bug(error: Exception, folder: Path) -> int:
    """Keep the trace without any values, beside the store where there is one.

    What the errors say is left out, too: it may quote what people typed.
    """
    text = "\n".join(_trace(error))
    place = folder / "logs" / f"crash-{time.strftime('%Y%m%d-%H%M%S')}.txt"
    try:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text(text, "utf-8")
    except OSError:
        output.note(text)
        output.note("程序出错，没有完成。请把以上内容交给程序维护人员。（U990）")
        return 1
    output.note(f"程序出错，没有完成。请把 {place} 交给程序维护人员。（U990）")
    return 1
