"""Settings are fields too: what may be chosen, where it is kept, and where the data lie.

The chosen values stand in ``settings.json`` of the data folder, readable before a store opens.
The window reads them before its first paint, so definitions load only when they are asked for.
"""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.errors import FileError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.definition import CodeList, Field, Section

    Values = Mapping[str, str]

FILE = "settings.json"
FOLDER_VARIABLE = "UNION_DESK_DATA"
_LARGEST = 64 * 1024

OPTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "appearance": {
            "system": "跟随系统",
            "light": "浅色",
            "dark": "深色",
            "contrast": "高对比度",
        },
        "font_size": {"standard": "标准", "large": "大", "largest": "特大"},
        "idle_lock": {
            "5": "5 分钟",
            "15": "15 分钟",
            "30": "30 分钟",
            "60": "1 小时",
            "0": "不锁",
        },
    }
)
"""Words of what may be chosen, by setting and value."""
DEFAULTS = {"appearance": "system", "font_size": "standard", "idle_lock": "15"}
REMEMBERED = ("person", "export_folder", "export_way", "mail_address", "window")
"""What the window remembers beside the settings: who worked last, where and how was sent last,
where the window stood and how large it was."""


class SettingsError(UserError):
    """Settings that cannot be read (F18x)."""


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Return the code lists of the fields."""
    from union_desk.taskpack.definition import CodeItem, CodeList

    made = {}
    for item in fields():
        codes = tuple(CodeItem(code, words) for code, words in OPTIONS[item.id].items())
        made[item.id] = CodeList(item.id, item.label, codes)
    return MappingProxyType(made)


@cache
def fields() -> tuple[Field, ...]:
    """Return every setting as a field."""
    from union_desk.taskpack.definition import Field

    words = {
        "appearance": (
            "外观",
            "深色适合光线暗的房间，高对比度给看不清浅色字的人；“跟随系统”随电脑的设置变化。",
        ),
        "font_size": ("字号", "改后立即生效；“特大”时左边的导航收成图标。"),
        "idle_lock": ("无人操作时自动锁定", "锁定后输入口令继续，录入的内容都在。"),
    }
    return tuple(
        Field(
            name,
            words[name][0],
            "choice",
            required=True,
            default=default,
            code_list=name,
            help=words[name][1],
        )
        for name, default in defaults().items()
    )


@cache
def sections() -> tuple[Section, ...]:
    """Return the parts of the settings page."""
    from union_desk.taskpack.definition import Section

    return (Section("外观", ("appearance", "font_size")), Section("安全", ("idle_lock",)))


def defaults() -> dict[str, str]:
    """Return every setting at its default."""
    return dict(DEFAULTS)


def load(folder: Path) -> dict[str, str]:
    """Return the settings kept in `folder`, defaults where nothing (valid) is kept.

    :raises SettingsError: the file is there and cannot be read.
    """
    values = defaults()
    path = folder / FILE
    if not path.exists():
        return values
    from union_desk import files

    try:
        kept = json.loads(files.read_file(path, limit=_LARGEST))
    except (ValueError, RecursionError, FileError) as error:
        raise SettingsError(
            "F181",
            f"设置文件“{path}”读不出来。",
            "程序先按默认设置运行；在“设置与备份”里改动任一项就会重新写好它。",
        ) from error
    if isinstance(kept, dict):
        values |= {
            name: value
            for name, value in kept.items()
            if isinstance(value, str) and allowed(name, value)
        }
    return values


def save(folder: Path, values: Values) -> None:
    """Keep `values` in `folder`.

    :raises FileError: the folder cannot be written.
    """
    from union_desk import files

    text = json.dumps(dict(values), ensure_ascii=False, indent=1, sort_keys=True)
    files.write_durable(folder / FILE, text.encode())


def allowed(name: str, value: str) -> bool:
    """Return whether `value` may be kept under `name`."""
    return name in REMEMBERED or value in OPTIONS.get(name, ())


def data_folder(given: Path | None = None) -> Path:
    """Return where the data lie.

    In this order: `given`, the variable ``UNION_DESK_DATA``, ``data`` beside a packaged
    program, the user's own data folder.
    """
    if given is not None:
        return given.expanduser()
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named).expanduser()
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent / "data"
    return own_folder()


def own_folder() -> Path:
    """Return the folder for data that every user of this machine has."""
    import platformdirs

    return platformdirs.user_data_path("UnionDesk", appauthor=False)
