"""From confirmed records to files for the parent: make packets, keep them, write them durably.

Two steps. The first is one transaction: due records become the next packets, their files are kept
sealed, the records name them. The second writes every kept packet that no receipt names yet, and
reads it back past the cache: a lost stick heals at the next export without any resend logic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.bundle import making
from union_desk.bundle.making import Progress
from union_desk.checks import ALL_KINDS
from union_desk.errors import BundleError
from union_desk.store import audit, checking, counter, holds, outbox, rights
from union_desk.store.completing import pack_of
from union_desk.store.context import context_at
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.store.outbox import KeptPacket
    from union_desk.store.transaction import Store

__all__ = ["Exported", "Progress", "export"]

_KINDS = ALL_KINDS - {"duplicate"}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written and read back: for whom, with how many packets and records."""

    file: Path
    reader: str
    packets: int
    records: int
    digest: str
    """SHA-256 of the file."""

    def to_json(self) -> dict[str, object]:
        """Return the entry as the command line prints it."""
        return {
            "file": str(self.file),
            "for": self.reader,
            "packets": self.packets,
            "records": self.records,
            "digest": self.digest,
        }


def export(
    store: Store,
    to: Path,
    *,
    reader: str = "parent",
    as_of: str,
    way: str = "folder",
    carrier: str | None = None,
    progress: Progress | None = None,
) -> list[Exported]:
    """Write all that the parent has not acknowledged into the folder `to`, packet by packet.

    :param way: how the files go on from there: stick, mail, chat, folder; `carrier`: with whom.

    An empty list: there was nothing to send. Errors among the records that are due (looked for
    as of `as_of`), a store without parent or of sample data raise `BundleError`, and
    nothing is changed.
    """
    _check_reader(store, reader)
    _check_hold(store)
    _check_folder(to)
    _check_findings(store, as_of)
    counter.write(store)  # a counter that is not there after the first packet means another PC
    making.make_up(store, progress)
    counter.write(store)
    with store.read() as connection:
        waiting = outbox.unacknowledged(connection, store, outbox.UP)
    parent = str(store.parent)
    return [_deliver(store, item, to, parent, way=way, carrier=carrier) for item in waiting]


def _check_reader(store: Store, reader: str) -> None:
    rights.check_may(store, "export")
    if store.demo:
        raise BundleError(
            "B540", "这里是样本数据，不能报送。", "请用 init 建立本单位自己的数据后再报送。"
        )
    if not store.parent:
        raise BundleError("B541", f"{store.unit_name}没有上级，没有要报送的对象。", "不用报送。")
    if reader not in ("parent", store.parent):
        raise BundleError(
            "B542", f"不能向“{reader}”报送。", f"本单位的上级是 {store.parent}，请写 --for parent。"
        )


def _check_hold(store: Store) -> None:
    with store.read() as connection:
        hold = holds.current(connection)
    if hold is not None:
        raise BundleError(
            "B546",
            f"报送已暂停：{hold.sentence}",
            "请在“报送”页上决定由哪台电脑继续；命令行用 export --resume（本机继续填报）。",
        )


def _check_folder(to: Path) -> None:
    if not to.is_dir():
        raise BundleError("B543", f"找不到文件夹 {to}。", "请插好 U 盘或先建好文件夹，再试一次。")


def _check_findings(store: Store, as_of: str) -> None:
    """Refuse errors; warnings, duplicates among them, were explained at 确认."""
    wrong = {}
    with store.read() as connection:
        context = context_at(store, as_of, connection=connection)
        for form in outbox.sent_forms(store):
            uids = outbox.due_uids(connection, store, form)
            pack = pack_of(store.packs, form)
            found = checking.check_rows(
                connection, store.tables, pack, form, uids, context, kinds=_KINDS
            ) if uids else []  # fmt: skip
            if count := sum(finding.level == "error" for finding in found):
                wrong[pack.forms[form].title] = count
    if wrong:
        listed = "，".join(f"{title} {count} 处" for title, count in wrong.items())
        raise BundleError(
            "B544",
            f"要报送的记录里有 {sum(wrong.values())} 处错误：{listed}。",
            "请用“检查”逐条查看，改正并重新确认后再报送。",
        )


def _deliver(
    store: Store, item: KeptPacket, to: Path, reader: str, *, way: str, carrier: str | None
) -> Exported:
    """Write one kept packet durably; what lies there under its name with its bytes stays."""
    path = to / item.file_name
    if path.exists() and files.sha256_file(path) != item.hash:
        raise BundleError(
            "B545", f"{path} 已经存在，内容却不同。", "请把它移走，或换一个文件夹再报送。"
        )
    files.write_durable(path, outbox.kept_bytes(store, item), mode=0o644)
    with store.write() as tx:
        outbox.note_delivery(
            tx, uid=new_uid(), name=item.file_name, sha256=item.hash, reader=reader,
            packets=[item.name], records=item.records, way=way, carrier=carrier,
        )  # fmt: skip
        audit.note(tx, "delivery", new={"file": item.file_name, "sha256": item.hash, "for": reader})
    return Exported(path, reader, 1, item.records, item.hash)
