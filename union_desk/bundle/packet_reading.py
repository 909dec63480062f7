"""Read a packet strictly: limits first, then names, checksums, head, tables, cells.

Nothing is ever extracted to disk and no name inside decides anything. Whatever is wrong is one
`BundleError` that says what; nothing else is raised for any bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import operator
import re
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, NoReturn

from union_desk.bundle import packet_tables, zip_end
from union_desk.bundle.packet import BAGIT
from union_desk.bundle.packet_head import head_from_json
from union_desk.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.bundle.packet_head import Head
    from union_desk.bundle.packet_tables import Layout, Value
    from union_desk.taskpack.definition import TaskPack

MAX_ENTRIES = 2_000
MAX_ENTRY = 2 * 2**30
MAX_ALL = 4 * 2**30
MAX_JSON = 2**20
MAX_CELL = 2**20
_CHUNK = 2**20
_BATCH = 2_000
_TEXT_TROUBLES = (csv.Error, ValueError)

_BLOB = re.compile(r"data/blobs/([0-9a-f]{64})")
_TABLE = re.compile(r"data/([a-z][a-z0-9_]*)\.csv")
_LINE = re.compile(r"([0-9a-f]{64})  (data/\S+)")
_FIXED = frozenset(
    (
        "bagit.txt",
        "manifest-sha256.txt",
        "data/README.txt",
        "data/datapackage.json",
        "data/deleted.csv",
    )
)
_STEP = "请让对方重新报送这个文件。"
TROUBLES = (
    zlib.error,
    zipfile.BadZipFile,
    KeyError,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    csv.Error,
    OverflowError,
    struct.error,
)
"""All that a hostile ZIP, or what it holds, can make the standard library raise."""


@dataclass
class Packet:
    """An opened packet whose limits, names, checksums and head have held."""

    head: Head
    resources: list[object]
    blobs: tuple[str, ...]
    _archive: zipfile.ZipFile = field(repr=False)
    _tables: tuple[str, ...] = ()
    _checked: TaskPack | None = field(default=None, repr=False)
    """The package whose tables these were found to be."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables with rows; tombstones are not among them."""
        return self._tables

    def check_tables(self, pack: TaskPack) -> None:
        """Refuse a packet of another package, or whose tables are not those of `pack`."""
        if self._checked is pack:
            return
        package = self.head.package
        if package[:2] != (pack.id, pack.version):
            raise BundleError(
                "B520",
                f"数据包用的是任务包 {package[0]} {package[1]}，本机没有装。",
                "请先装入该任务包。",
            )
        if package[2] != pack.digest:
            raise BundleError(
                "B521",
                f"数据包的任务包 {package[0]} {package[1]} 与本机的内容不同。",
                "请向发放任务包的单位核对，不能混用。",
            )
        names = (*self._tables, packet_tables.DELETED)
        expected = [packet_tables.layout(pack, name).resource() for name in names]
        if sorted(self.resources, key=repr) != sorted(expected, key=repr):
            _refuse("B522", "数据包里各表的列与任务包不一致")
        self._checked = pack

    def rows(self, table: str, pack: TaskPack) -> Iterator[tuple[Value, ...]]:
        """Yield the rows of `table` as stored values; the first wrong cell refuses the packet."""
        layout = packet_tables.layout(pack, table)
        lines = _Rows(layout)
        try:
            with self._archive.open(f"{self.head.name}/data/{table}.csv") as entry:
                yield from lines.read(entry)
        except UnicodeDecodeError as error:
            raise lines.wrong("文字编码") from error
        except TROUBLES as error:
            raise lines.wrong(str(error)) from error

    def deleted(self, pack: TaskPack) -> list[tuple[str, str, str]]:
        """Return the tombstones: form, uid, reason."""
        dead = [(str(form), str(uid), str(why)) for form, uid, why in self.rows("deleted", pack)]
        if any(why not in packet_tables.REASONS for _, _, why in dead):
            _refuse("B523", "数据包的作废清单写法不对")
        return dead

    def blob(self, sha256: str) -> Iterator[bytes]:
        """Yield the content of an attachment in chunks."""
        with self._archive.open(f"{self.head.name}/data/blobs/{sha256}") as entry:
            while chunk := entry.read(_CHUNK):
                yield chunk


@contextmanager
def opened(file: IO[bytes]) -> Iterator[Packet]:
    """Open a packet for reading after everything but its rows has been verified."""
    try:
        if zip_end.entries(file) > MAX_ENTRIES:
            _refuse("B527", "数据包超过允许的大小或文件数")
        archive = zipfile.ZipFile(file)
    except TROUBLES as error:
        raise BundleError("B524", "数据包不完整或已损坏。", _STEP) from error
    with archive:
        try:
            packet = _verified(archive)
        except TROUBLES as error:
            raise BundleError("B524", "数据包不完整或已损坏。", _STEP) from error
        yield packet


def _verified(archive: zipfile.ZipFile) -> Packet:
    top, names = _names(archive)
    if _short(archive, f"{top}/bagit.txt") != BAGIT:
        _refuse("B525", "数据包的 bagit.txt 不对")
    _check_sums(archive, top, names)
    package = _strict_json(_short(archive, f"{top}/data/datapackage.json"))
    if not isinstance(package, dict) or set(package) != {"name", "union-desk", "resources"}:
        _refuse("B526", "数据包的 datapackage.json 不对")
    head = head_from_json(package["union-desk"])
    if (
        head.name != top
        or package["name"] != top.lower()
        or not isinstance(package["resources"], list)
    ):
        _refuse("B526", "数据包的 datapackage.json 不对")
    blobs = tuple(found[1] for name in sorted(names) if (found := _BLOB.fullmatch(name)))
    tables = tuple(
        found[1]
        for name in sorted(names)
        if (found := _TABLE.fullmatch(name)) and found[1] != packet_tables.DELETED
    )
    return Packet(head, package["resources"], blobs, archive, tables)


def _names(archive: zipfile.ZipFile) -> tuple[str, set[str]]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES or sum(info.file_size for info in infos) > MAX_ALL:
        _refuse("B527", "数据包超过允许的大小或文件数")
    top = infos[0].filename.partition("/")[0] if infos else ""
    names = set()
    for info in infos:
        start, _, name = info.filename.partition("/")
        if info.file_size > MAX_ENTRY or info.file_size > 200 * info.compress_size + 2**16:
            _refuse("B527", "数据包超过允许的大小或文件数")
        if (
            start != top
            or name in names
            or not (name in _FIXED or _TABLE.fullmatch(name) or _BLOB.fullmatch(name))
            or info.flag_bits & ~0x800
            or info.compress_type not in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)
            or info.external_attr >> 16 != 0o100644
        ):
            _refuse("B528", "数据包里有不该有的文件")
        names.add(name)
    if not names >= _FIXED:
        _refuse("B529", "数据包里缺文件")
    return top, names


def _check_sums(archive: zipfile.ZipFile, top: str, names: set[str]) -> None:
    text = _short(archive, f"{top}/manifest-sha256.txt").decode("ascii")
    found = [_LINE.fullmatch(line) for line in text.split("\n")[:-1]]
    listed = {match[2]: match[1] for match in found if match}
    payload = {name for name in names if name.startswith("data/")}
    ordered = list(listed) == sorted(listed) and text.endswith("\n")
    if set(listed) != payload or len(listed) != len(found) or not ordered:
        _refuse("B530", "数据包的清单与文件不符")
    for name, digest in listed.items():
        blob = _BLOB.fullmatch(name)
        if _sum(archive, f"{top}/{name}") != digest or (blob and blob[1] != digest):
            _refuse("B531", f"数据包里 {name} 的校验值不符，内容已变")


def _short(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the content of a file that is short, whatever its head says."""
    if archive.getinfo(name).file_size > MAX_JSON:
        _refuse("B527", "数据包超过允许的大小或文件数")
    with archive.open(name) as entry:
        return entry.read(MAX_JSON + 1)


def _sum(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as entry:
        while chunk := entry.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _strict_json(data: bytes) -> object:
    """JSON of at most 16 levels, no NaN, no key twice."""
    depth = 0
    for mark in re.findall(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', data):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(mark, 0)
        if depth > 16:
            _refuse("B526", "数据包的 datapackage.json 不对")

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("key twice")
        return dict(pairs)

    def refuse_constant(name: str) -> object:
        raise ValueError(name)

    parsed: object = json.loads(
        data.decode(), object_pairs_hook=once, parse_constant=refuse_constant
    )
    return parsed


class _Rows:
    """The rows of one table, column by column; knows where it stands, for the message."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._number = 0
        self._column = ""
        header = layout.header
        ids = ("uid", "parent") if layout.detail_of else ("uid",)
        self._keys = [place for place, name in enumerate(header) if name in ids]
        self._order = [header.index(name) for name in layout.order]
        self._read = packet_tables.readers(layout.columns)
        self._last: tuple[Value, ...] | None = None

    def wrong(self, what: str) -> BundleError:
        place = f"第 {self._number} 行" + (f" {self._column} 列" if self._column else "")
        return BundleError("B532", f"数据包的表 {self._layout.table} {place}不对：{what}。", _STEP)

    def read(self, entry: IO[bytes]) -> Iterator[tuple[Value, ...]]:
        csv.field_size_limit(MAX_CELL)
        text = io.TextIOWrapper(entry, "utf-8", newline="")
        lines = csv.reader(text, strict=True, lineterminator="\r\n")
        if tuple(next(lines, ())) != self._layout.header:
            raise self.wrong("表头")
        while batch := self._next(lines):
            rows = self._at_once(batch)
            if rows is None:
                for cells in batch:
                    self._number += 1
                    yield self._one(cells)
            else:
                self._number += len(batch)
                yield from rows

    def _next(self, lines: Iterator[list[str]]) -> list[list[str]]:
        """Return the next rows; what stops the reading is placed behind those that hold."""
        batch: list[list[str]] = []
        try:
            for cells in lines:
                batch.append(cells)
                if len(batch) == _BATCH:
                    break
        except _TEXT_TROUBLES:
            for cells in batch:
                self._number += 1
                self._one(cells)
            self._number += 1
            raise
        return batch

    def _at_once(self, batch: list[list[str]]) -> list[tuple[Value, ...]] | None:
        """Return rows read column by column; None where any of them is wrong."""
        if any(len(cells) != len(self._read) for cells in batch):
            return None
        if packet_tables.FORBIDDEN.search("\n".join(map("\n".join, batch))):
            return None
        columns = list(zip(*batch, strict=True))
        if not all(all(map(packet_tables.UID.fullmatch, columns[place])) for place in self._keys):
            return None
        try:
            typed = [
                [known[cell] for cell in cells]
                for cells, read in zip(columns, self._read, strict=True)
                for known in ({cell: read(cell) for cell in set(cells)},)
            ]
        except ValueError:
            return None
        marks = list(zip(*(typed[place] for place in self._order), strict=True))
        before = [self._last, *marks[:-1]] if self._last else marks[:-1]
        if not all(map(operator.lt, before, marks if self._last else marks[1:])):
            return None
        self._last = marks[-1]
        return list(zip(*typed, strict=True))

    def _one(self, cells: list[str]) -> tuple[Value, ...]:
        """Return one row, naming what is wrong with it."""
        if len(cells) != len(self._read):
            raise self.wrong("格数")
        if packet_tables.FORBIDDEN.search("\n".join(cells)):
            raise self.wrong("有控制字符")
        row = self._typed(cells)
        if not all(packet_tables.UID.fullmatch(cells[place]) for place in self._keys):
            raise self.wrong("记录号")
        now = tuple(row[place] for place in self._order)
        if self._last is not None and not self._last < now:
            raise self.wrong("次序")
        self._last = now
        return row

    def _typed(self, cells: list[str]) -> tuple[Value, ...]:
        try:
            return tuple([one(cell) for one, cell in zip(self._read, cells, strict=True)])
        except ValueError:
            for one, cell, column in zip(self._read, cells, self._layout.header, strict=True):
                self._column = column
                one(cell)
            raise


def _refuse(code: str, sentence: str) -> NoReturn:
    raise BundleError(code, sentence + "。", _STEP)
