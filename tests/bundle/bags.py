"""Packets to test with: rows of every kind of column, and bags taken apart and put together."""

import hashlib
import io
import json
import stat
import uuid
import zipfile

from union_desk.bundle import packet, packet_reading, packet_tables
from union_desk.bundle.packet_head import Head

ORIGIN = "511102400017"
EPOCH = "7f3a9c00112233445566778899aabbcc"
PICTURE = b"\x89PNG" + bytes(range(256))
PICTURE_HASH = hashlib.sha256(PICTURE).hexdigest()


def head(pack, **other):
    return Head(**{
        "app": "0.1.0", "origin": ORIGIN, "stream": "up", "epoch": EPOCH, "n": 12, "prev": "ab" * 32, "kind": "delta",
        "replaces": ("00" * 16,), "package": (pack.id, pack.version, pack.digest), "audit": (7, "cd" * 32),
        "made_at": "2012-08-31T09:00:00Z", "made_by": "周沫云",
    } | other)  # fmt: skip


def uid(number):
    return str(uuid.UUID(int=0x0191F0B0_0000_7000_8000_000000000000 + number))


def cell(column, number):
    """A value of the column's type; every seventh is empty where it may be."""
    if column.name == "uid":
        return uid(number)
    if column.type == "string" and column.required:
        return "511102400017" if column.name == "unit" else "值"
    if not column.required and number % 7 == 3:
        return None
    texts = ["张三", '"引号",逗号', "第一行\n第二行", "=1+1", "+8", "@a", "00123", " 空 格 "]
    return {
        "string": texts[number % len(texts)],
        "integer": (-1) ** number * (2**53 - 1 - number) if number % 5 == 0 else number,
        "number": [0.1, 92.5, 1e-7, 123456789.123, 3.0][number % 5],
        "boolean": number % 2,
        "date": f"2012-0{number % 9 + 1}-1{number % 10}",
        "datetime": "2012-08-31T09:00:00Z",
    }[column.type]


def rows(pack, table, count=20):
    layout = packet_tables.layout(pack, table)
    made = []
    for number in range(count):
        row = [cell(column, number) for column in layout.columns]
        if layout.detail_of:
            row[:3] = [uid(1000 + number), uid(number // 3), number % 3 + 1]
        made.append(tuple(row))
    return made


def write(pack, tables, *, deleted=(), blobs=None, head_=None):
    file = io.BytesIO()
    opened = {key: lambda data=data: [data] for key, data in (blobs or {}).items()}
    content = packet.Content(tables.items(), deleted, opened)
    written = packet.write(file, head_ or head(pack), pack, content)
    data = file.getvalue()
    assert (written.sha256, written.size) == (hashlib.sha256(data).hexdigest(), len(data))
    return data


def read(data, pack):
    """Everything a packet holds."""
    with packet_reading.opened(io.BytesIO(data)) as opened:
        opened.check_tables(pack)
        return {
            "head": opened.head,
            "tables": {table: list(opened.rows(table, pack)) for table in opened.tables},
            "deleted": opened.deleted(pack),
            "blobs": {name: b"".join(opened.blob(name)) for name in opened.blobs},
        }


def entries(data):
    """Entries of a ZIP by name below the top directory."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename.partition("/")[2]: archive.read(info) for info in archive.infolist()}


def bag(contents, top=None, *, manifest=True, change=None, compress=zipfile.ZIP_DEFLATED):
    """A ZIP of `contents`, the manifest made anew, each ZipInfo changed by `change`."""
    contents = dict(contents)
    if top is None:
        top = json.loads(contents["data/datapackage.json"])["name"]
    if manifest:
        lines = [
            f"{hashlib.sha256(data).hexdigest()}  {name}\n"
            for name, data in sorted(contents.items())
            if name.startswith("data/")
        ]
        contents["manifest-sha256.txt"] = "".join(lines).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compress) as archive:
        for name, data in contents.items():
            info = zipfile.ZipInfo(f"{top}/{name}", (1980, 1, 1, 0, 0, 0))
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.compress_type = compress
            info.create_system = 3
            if change:
                change(info)
            archive.writestr(info, data)
    return file.getvalue()
