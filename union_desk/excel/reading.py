"""Sheets in: CSV by the standard library, XLSX by python-calamine.

What is read keeps every cell as it stands in the file; types are the store's business. A number
of 16 digits and more stays a floating-point number: `field_types` refuses it where a text such as
an ID number is asked for, since the spreadsheet has rounded its end away.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import FileError, InputError
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from union_desk.taskpack.definition import Form

Cell = str | int | float | None

MAX_FILE = 512 * 2**20
MAX_UNPACKED = 2 * 2**30
MAX_ROWS = 1_048_575
"""Rows of a sheet below its header."""
LARGEST_SAFE = 10**15
"""A spreadsheet keeps 15 digits; a number of more has lost its end."""
NOTES_SHEET = "填写说明"
CODES_SHEET = "代码表"

_EXPONENT = re.compile(r"[+-]?\d(\.\d+)?[Ee]\+\d{2,}")
_ERROR_CELL = re.compile(rb'<c (?:[^>]*? )?r="([A-Z]{1,3}\d+)"[^>]*? t="e"')
_SHEET_FILE = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    zlib.error,
)
_UNREADABLE = "请用电子表格软件打开后另存为 .xlsx 或“CSV UTF-8（逗号分隔）”，再试一次。"


def read_tables(path: Path) -> list[Table]:
    """Return the tables of a .csv or .xlsx file; which of the two its first bytes say.

    The first row that is not empty is the header; empty rows stay in place as empty lists, so
    that the n-th row of a table is the n-th below the header in the file. Raises `FileError`
    for a file that cannot be read and `InputError` for cells that cannot be taken.
    """
    start = _first_bytes(path)
    if start.startswith(b"PK"):
        return _read_xlsx(path)
    if start.startswith(bytes.fromhex("d0cf11e0a1b11ae1")):
        raise _old_or_locked(path)
    return [read_csv(path)]


def sheet_name(form: Form) -> str:
    """Return the form's title as a sheet may be called: short, and without some characters."""
    return re.sub(r"[\[\]:*?/\\]", " ", form.title).strip("'")[:31]


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise FileError("F140", f"{path} 是文件夹，不是文件。", "请指到 .csv 或 .xlsx 文件。")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise files.trouble(error, path) from error
    if size > MAX_FILE:
        raise FileError(
            "F141",
            f"文件 {path.name} 太大（{size // 2**20} MB）。",
            "请分成几个文件，每个不超过 512 MB。",
        )
    if not size:
        raise FileError("F142", f"文件 {path.name} 是空的。", "请核对是否选对了文件。")
    return start


def read_csv(path: Path) -> Table:
    """Return the table of a CSV file.

    :raises FileError: F143.
    :raises InputError: I492, I494, I496.
    """
    text = _decode(path.read_bytes(), path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=lambda mark: (_outside_quotes(first, mark), mark == ","))
    csv.field_size_limit(2**20)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        rows: list[list[Cell]]
        if '"' in text or "+" in text:
            rows = [[_csv_cell(cell) for cell in row] for row in reader]
        else:  # no cell can hold a line end or an exponent
            rows = [[cell or None for cell in row] for row in reader]
    except csv.Error as error:
        raise InputError(
            "I492",
            f"文件 {path.name} 第 {reader.line_num} 行的引号或换行不合 CSV 的写法。",
            _UNREADABLE,
        ) from error
    return _table(path.stem, rows, path.name, whole=True)


def _decode(data: bytes, path: Path) -> str:
    """UTF-8; else GB 18030, but not for what is plainly UTF-8 with a damaged spot."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif data.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            place = data.count(b"\n", 0, error.start) + 1
            if encoding == "utf-8" and _damaged_utf8(data):
                break
            continue
        if "\0" not in text:
            return text
        place = text.count("\n", 0, text.index("\0")) + 1
    raise FileError(
        "F143",
        f"文件 {path.name} 第 {place} 行有读不出的文字，可能已损坏或不是 CSV 文件。",
        _UNREADABLE,
    )


def _damaged_utf8(data: bytes) -> bool:
    """Return whether more good three-byte characters than bad bytes stand in `data`."""
    text = data.decode("utf-8", "replace")
    return sum("\u4e00" <= char <= "\u9fff" for char in text) > text.count("\ufffd")


def _outside_quotes(line: str, mark: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(mark)


def _csv_cell(text: str) -> Cell:
    """Return a cell; ``5.11197E+17`` was a number in a spreadsheet and has lost its digits."""
    if text and "+" not in text and "\r" not in text:
        return text
    if _EXPONENT.fullmatch(text.strip()):
        return float(text)
    return text.replace("\r\n", "\n").replace("\r", "\n") or None


def _read_xlsx(path: Path) -> list[Table]:
    import python_calamine as calamine

    broken = _error_cells(path)
    if broken:
        raise InputError(
            "I493",
            f"文件 {path.name} 有算不出的公式（#DIV/0!、#N/A 之类）：{_listed(broken)}。",
            "请改正公式或填入数值后再试。",
        )
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except calamine.PasswordError as error:
        raise _old_or_locked(path) from error
    except calamine.CalamineError as error:
        raise FileError("F144", f"文件 {path.name} 已损坏，读不出表格。", _UNREADABLE) from error
    tables = [
        _table(name, [_xlsx_row(row) for row in rows], path.name)
        for name, rows in sheets
        if any(cell != "" for row in rows for cell in row)
    ]
    if not tables:
        raise FileError("F145", f"文件 {path.name} 里没有内容。", "请核对是否选对了文件。")
    return tables


def _error_cells(path: Path) -> list[str]:
    """Cells with an error value, which calamine reads as empty; looks at the sizes first."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise FileError(
                    "F146",
                    f"文件 {path.name} 展开后太大。",
                    "请分成几个文件，或删去用不着的工作表。",
                )
            sheets = [info for info in infos if _SHEET_FILE.fullmatch(info.filename)]
            return [
                f"第{number}个工作表 {cell.decode()}"
                for number, info in enumerate(sheets, 1)
                for cell in _errors_of(archive.read(info))
            ]
    except _BROKEN_ZIP as error:
        raise FileError("F147", f"文件 {path.name} 不完整或已损坏。", _UNREADABLE) from error


def _errors_of(sheet: bytes) -> list[bytes]:
    return _ERROR_CELL.findall(sheet) if b't="e"' in sheet else []


def _xlsx_row(row: Sequence[object]) -> list[Cell]:
    return [
        cell if type(cell) is str and cell and "\r" not in cell else _xlsx_cell(cell)
        for cell in row
    ]


def _xlsx_cell(value: object) -> Cell:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        kept = float(f"{value:.15g}")
        return int(kept) if kept.is_integer() and abs(kept) < LARGEST_SAFE else kept
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, dt.timedelta):
        return f"{value.total_seconds() / 86400:.15g}"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n") or None


def _table(name: str, rows: list[list[Cell]], file: str, *, whole: bool = False) -> Table:
    """Return header and rows as they stand; with `whole`, a row cut short is refused."""
    while rows and not _filled(rows[-1]):
        rows.pop()
    top = next((place for place, row in enumerate(rows) if _filled(row)), 0)
    head, body = rows[top] if rows else [], rows[top + 1 :]
    if len(body) > MAX_ROWS:
        raise InputError("I494", f"文件 {file} 超过 {MAX_ROWS} 行。", "请分成几个文件。")
    while head and head[-1] is None:
        head.pop()
    cut = [
        f"第 {top + 1 + number} 行"
        for number, row in enumerate(body, 1)
        if whole and len(row) < len(head) and _filled(row)
    ]
    if cut:
        raise InputError(
            "I496",
            f"文件 {file} 有的行比表头（{len(head)} 格）短：{_listed(cut)}。",
            "文件可能不完整，请用原来的软件重新存一份。",
        )
    header = ["" if cell is None else str(cell).strip() for cell in head]
    return Table(name, header, [row if _filled(row) else [] for row in body])


def _filled(row: Sequence[Cell]) -> bool:
    return any(cell is not None for cell in row)


def _listed(places: Sequence[str]) -> str:
    return "、".join(places[:10]) + (f"等 {len(places)} 处" if len(places) > 10 else "")


def _old_or_locked(path: Path) -> FileError:
    marked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
    if marked:
        return FileError("F148", f"文件 {path.name} 设有打开密码。", "请先取消密码再试。")
    return FileError("F149", f"文件 {path.name} 是旧格式（.xls）。", "请另存为 .xlsx 后再试。")
