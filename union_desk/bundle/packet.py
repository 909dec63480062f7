"""Write a packet: a ZIP of a BagIt 1.0 bag (RFC 8493) with a Data Package and CSV tables.

Two writings of the same rows give the same entries: fixed dates, modes and order. The packet's
hash is that of its bytes all the same; they are kept and passed on, never made again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import stat
import zipfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from union_desk.bundle import packet_tables
from union_desk.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from union_desk.bundle.packet_head import Head
    from union_desk.bundle.packet_tables import Layout, Value
    from union_desk.taskpack.definition import TaskPack

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
README = (
    "工会填报台数据包：先 unzip 解开，再在本目录用 sha256sum -c manifest-sha256.txt 核对；"
    "各列的含义见 data/datapackage.json。\n"
    "各表是 UTF-8 的 CSV，可用电子表格打开，或 sqlite3 :memory: "
    '-cmd ".mode csv" -cmd ".import data/表名.csv t" "select count(*) from t"。\n'
)
_BATCH = 2_000


@dataclass(slots=True)
class Content:
    """What goes into a packet.

    `tables` gives per table its rows, sorted as the layout says and as wide as its columns;
    `deleted` are tombstones (form, uid, reason); `blobs` gives per SHA-256 the content.
    """

    tables: Iterable[tuple[str, Iterable[Sequence[Value]]]]
    deleted: Sequence[tuple[str, str, str]] = ()
    blobs: Mapping[str, Callable[[], Iterable[bytes]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A finished packet: its hash and length, and the number of rows per table."""

    sha256: str
    size: int
    rows: Mapping[str, int]


def write(
    file: IO[bytes],
    head: Head,
    pack: TaskPack,
    content: Content,
    progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Write the packet into the empty `file` and return what was written.

    `progress` is called with the number of rows so far and 0; it may raise `Cancelled`. Raises
    `BundleError` for a cell that must not travel.
    """
    with _Bag(file, head.name) as bag:
        rows = _fill(bag, head, pack, content, progress)
    return Written(*_hash(file), rows)


def _fill(
    bag: _Bag,
    head: Head,
    pack: TaskPack,
    content: Content,
    progress: Callable[[int, int], None] | None,
) -> dict[str, int]:
    bag.add("bagit.txt", [BAGIT])
    resources: list[dict[str, object]] = []
    rows: dict[str, int] = {}
    for table, cells in content.tables:
        layout = packet_tables.layout(pack, table)
        lines = _Lines(layout, cells, sum(rows.values()), progress)
        first = next(lines, None)
        if first is not None:
            bag.add(f"data/{table}.csv", itertools.chain([_header(layout), first], lines))
            resources.append(layout.resource())
            rows[table] = lines.count
    tombstones = packet_tables.layout(pack, packet_tables.DELETED)
    dead = _Lines(tombstones, sorted(content.deleted), sum(rows.values()), progress)
    bag.add("data/deleted.csv", itertools.chain([_header(tombstones)], dead))
    resources.append(tombstones.resource())
    rows[packet_tables.DELETED] = dead.count
    for sha256 in sorted(content.blobs):
        if bag.add(f"data/blobs/{sha256}", content.blobs[sha256]()) != sha256:
            raise BundleError(
                "B510", f"附件 {sha256[:16]} 的内容与登记的不一致。", "请重新添加这个附件后再报送。"
            )
    bag.add("data/README.txt", [README.encode()])
    package = {"name": head.name.lower(), "union-desk": head.to_json(), "resources": resources}
    text = json.dumps(package, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    bag.add("data/datapackage.json", [text.encode()])
    bag.add_manifest()
    return rows


class _Bag:
    """The ZIP being written; keeps the manifest of what lies below ``data/``."""

    def __init__(self, file: IO[bytes], top: str) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._top = top
        self._manifest: dict[str, str] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> str:
        digest = hashlib.sha256()
        info = zipfile.ZipInfo(f"{self._top}/{name}", (1980, 1, 1, 0, 0, 0))
        info.create_system = 3
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        info._compresslevel = 6  # type: ignore[attr-defined]  # the archive's own is ignored
        with self._zip.open(info, "w") as entry:
            for chunk in chunks:
                digest.update(chunk)
                entry.write(chunk)
        if name.startswith("data/"):
            self._manifest[name] = digest.hexdigest()
        return digest.hexdigest()

    def add_manifest(self) -> None:
        lines = [f"{digest}  {name}\n" for name, digest in sorted(self._manifest.items())]
        self.add("manifest-sha256.txt", ["".join(lines).encode()])

    def __enter__(self) -> _Bag:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


class _Lines:
    """The CSV lines of a table in chunks of bytes, each looked over for what must not travel."""

    def __init__(
        self,
        layout: Layout,
        rows: Iterable[Sequence[Value]],
        before: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.count = 0
        self._layout = layout
        self._rows = iter(rows)
        self._before = before
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        batch = list(itertools.islice(self._rows, _BATCH))
        if not batch:
            raise StopIteration
        text = _csv(self._layout, batch)
        if packet_tables.FORBIDDEN.search(text.replace("\r\n", "\n")):
            self._name_the_cell(batch)
        self.count += len(batch)
        if self._progress:
            self._progress(self._before + self.count, 0)
        return text.encode()

    def _name_the_cell(self, batch: Sequence[Sequence[Value]]) -> None:
        for row in batch:
            for column, value in zip(self._layout.header, row, strict=True):
                if isinstance(value, str) and packet_tables.FORBIDDEN.search(value):
                    raise BundleError(
                        "B511",
                        f"表 {self._layout.table} 记录 {row[0]} 的 {column} 里有看不见的控制字符。",
                        "请打开这条记录，重新录入这一项后再报送。",
                    )


def _header(layout: Layout) -> bytes:
    return (",".join(layout.header) + "\r\n").encode()


def line(layout: Layout, row: Sequence[Value]) -> bytes:
    """Return one row as it stands in a packet, its CRLF included."""
    return _csv(layout, [row]).encode()


def _csv(layout: Layout, rows: Sequence[Sequence[Value]]) -> str:
    for place in layout.numbers:
        rows = [
            (*row[:place], packet_tables.plain_number(value), *row[place + 1 :])
            if isinstance(value := row[place], float)
            else row
            for row in rows
        ]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _hash(file: IO[bytes]) -> tuple[str, int]:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(2**20):
        digest.update(chunk)
    return digest.hexdigest(), file.tell()
