"""Settings are fields too: what may be chosen, where it is kept, and where the data lie.

The chosen values stand in ``settings.json`` of the data folder, readable before a store opens.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from union_desk import files
from union_desk.errors import FileError, UserError
from union_desk.taskpack.definition import CodeItem, CodeList, Field, Section

FILE = "settings.json"
FOLDER_VARIABLE = "UNION_DESK_DATA"
_LARGEST = 64 * 1024


class SettingsError(UserError):
    """Settings that cannot be read (F18x)."""


def _codes(name: str, title: str, *items: tuple[str, str]) -> CodeList:
    return CodeList(name, title, tuple(CodeItem(code, words) for code, words in items))


CODE_LISTS: Mapping[str, CodeList] = MappingProxyType(
    {
        "appearance": _codes(
            "appearance", "外观", ("system", "跟随系统"), ("light", "浅色"), ("dark", "深色")
        ),
        "font_size": _codes(
            "font_size", "字号", ("standard", "标准"), ("large", "大"), ("largest", "特大")
        ),
    }
)
FIELDS: tuple[Field, ...] = (
    Field(
        "appearance",
        "外观",
        "choice",
        required=True,
        default="system",
        code_list="appearance",
        help="深色适合光线暗的房间；“跟随系统”随电脑的设置变化。",
    ),
    Field(
        "font_size",
        "字号",
        "choice",
        required=True,
        default="standard",
        code_list="font_size",
        help="改后立即生效；“特大”时左边的导航收成图标。",
    ),
)
SECTIONS: tuple[Section, ...] = (Section("外观", ("appearance", "font_size")),)
REMEMBERED = ("person", "export_folder")
"""What the window remembers beside the settings: who worked last, where was written last."""

Values = Mapping[str, str]


def defaults() -> dict[str, str]:
    """Return every setting at its default."""
    return {item.id: item.default or "" for item in FIELDS}


def load(folder: Path) -> dict[str, str]:
    """Return the settings kept in `folder`, defaults where nothing (valid) is kept.

    :raises SettingsError: the file is there and cannot be read.
    """
    values = defaults()
    path = folder / FILE
    if not path.exists():
        return values
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
    text = json.dumps(dict(values), ensure_ascii=False, indent=1, sort_keys=True)
    files.write_durable(folder / FILE, text.encode())


def allowed(name: str, value: str) -> bool:
    """Return whether `value` may be kept under `name`."""
    item = next((field for field in FIELDS if field.id == name), None)
    if item is None:
        return name in REMEMBERED
    return item.code_list is None or value in CODE_LISTS[item.code_list].by_code


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
    import platformdirs

    return platformdirs.user_data_path("UnionDesk", appauthor=False)
