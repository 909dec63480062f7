"""Sheets out: CSV with a BOM, or XLSX by XlsxWriter; every cell is text, none a formula."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import FileError
from union_desk.excel.reading import MAX_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from xlsxwriter import Workbook


MAX_CELL = 32_767
"""Characters that a cell of a spreadsheet can hold."""


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one table, CSV with a BOM or XLSX by the name's ending, durably."""
    write_tables(path, {path.stem[:31]: (columns, rows)})


def write_tables(
    path: Path,
    tables: Mapping[str, tuple[Sequence[str], Iterable[Sequence[str]]]],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write tables by sheet name; a CSV takes exactly one. Every cell is text, none a formula."""
    kind = path.suffix.lower()
    if kind == ".csv":
        ((columns, rows),) = tables.values()
        files.write_durable(path, _csv_chunks(columns, rows))
    elif kind == ".xlsx":
        with new_book(path) as (book, buffer):
            _fill_book(book, path.name, tables, progress)
        files.write_durable(path, buffer.getvalue())
    else:
        raise FileError("F150", f"不知道怎样写 {path.name}。", "文件名请以 .csv 或 .xlsx 结尾。")


def _csv_chunks(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield codecs.BOM_UTF8
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow(row)
        if not number % 5_000:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _fill_book(
    book: Workbook,
    file: str,
    tables: Mapping[str, tuple[Sequence[str], Iterable[Sequence[str]]]],
    progress: Callable[[int, int], None] | None,
) -> None:
    head = book.add_format({"bold": True, "bg_color": "#EAF2FB", "border": 1})
    done = 0
    for name, (columns, rows) in tables.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, head)
        for number, row in enumerate(rows, 1):
            if number > MAX_ROWS:
                raise FileError(
                    "F151", f"{file} 装不下：一个工作表最多 {MAX_ROWS} 行。", "请改写成 .csv。"
                )
            for place, text in enumerate(row):
                if text and sheet.write_string(number, place, text):
                    raise FileError(
                        "F152",
                        f"{file} 第 {number + 1} 行“{columns[place]}”超过 {MAX_CELL} 字。",
                        "请改写成 .csv。",
                    )
            done += 1
            if progress and not done % 1_000:
                progress(done, 0)


@contextmanager
def new_book(path: Path, *, lean: bool = True) -> Iterator[tuple[Workbook, io.BytesIO]]:
    """Open a workbook for writing; its bytes are in the buffer once the block is left.

    All that is written as text stays text. Working files lie beside `path` and go with the block.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix=".", dir=path.parent) as folder:
        book = xlsxwriter.Workbook(buffer, {"constant_memory": lean, "tmpdir": folder})
        try:
            try:
                yield book, buffer
            finally:
                book.close()
        except (OSError, xlsxwriter.exceptions.XlsxFileError) as error:
            raise FileError(
                "F153", f"{path.name} 没有写成：磁盘已满或不能写。", "请腾出空间或换个文件夹再试。"
            ) from error
