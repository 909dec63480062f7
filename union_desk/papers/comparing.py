"""核对纸质报表: what a code typed from a paper says about the electronic data.

The frozen cells are compared with the paper worked out from the own rows: as they stand, and at
the revisions that the paper read. So a figure that was changed here is told apart from one that a
later revision, a later row or a later decision has changed.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.errors import InputError, ReportError
from union_desk.papers import correcting, naming, slip_check
from union_desk.papers import subject as subjects
from union_desk.papers.subject import Subject
from union_desk.papers.voiding import differing
from union_desk.reports import checkcode
from union_desk.store import coverage, issued, kept, paper_marks, past, rights, slips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.papers.naming import Difference
    from union_desk.papers.subject import Read
    from union_desk.store.issued import Issued
    from union_desk.store.past import Revisions
    from union_desk.store.transaction import Connection, Store, Transaction

AGREES, DIFFERS, LATER, AWAITED, DRAFT, VOID, CORRECTED, MISMATCH = (
    "agrees", "differs", "later", "awaited", "draft", "void", "corrected", "mismatch",
)  # fmt: skip
ANSWERS = {
    AGREES: "与电子数据一致",
    DIFFERS: "与电子数据不一致",
    LATER: "一致，其后有变化",
    AWAITED: "数据未到",
    DRAFT: "草稿",
    VOID: "已作废",
    CORRECTED: "已被更正",
    MISMATCH: "编号与校验码不符",
}
_RECEIVING = (AGREES, DIFFERS, LATER, AWAITED)
"""Answers with which the paper counts as received."""
_PAYLOAD = re.compile(r"UD1:([0-9A-Z.-]+):([A-Z2-7]{32})")
_SERIAL = re.compile(r"[0-9A-Z.-]+-[0-9]{12}[A-Z]?-[0-9MQY]+-[0-9]{3,}")
_CODE = re.compile(r"[0-9A-F]{16}")
_CIRCUMSTANCE = ""
"""Row key of what is no record's: the day of the data, filings due and reported."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed or scanned: the beginning of a digest, the serial where it was given."""

    digest: str
    serial: str | None = None

    @property
    def code(self) -> str:
        """The 校验码 in groups."""
        return checkcode.check_code(self.digest)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a code."""

    answer: str
    typed: Typed
    paper: Issued | None = None
    differences: tuple[Difference, ...] = ()
    told: str = ""
    """What else is to be said, in a sentence."""

    @property
    def words(self) -> str:
        """The answer in the words of the house."""
        return ANSWERS[self.answer]


def read_typed(text: str) -> Typed:
    """Return what was typed: a 校验码, with or without the serial, or the content of the QR code.

    :raises InputError: I620.
    """
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    found = _PAYLOAD.search(plain)
    if found:
        try:
            return Typed(base64.b32decode(found[2]).hex(), found[1])
        except binascii.Error as error:
            raise _unreadable() from error
    words = plain.split()
    serials = [word for word in words if _SERIAL.fullmatch(word)]
    rest = re.sub(r"[^0-9A-Z]", "", "".join(word for word in words if word not in serials))
    if not _CODE.fullmatch(rest):
        raise _unreadable()
    return Typed(rest.lower(), serials[0] if serials else None)


def _unreadable() -> InputError:
    return InputError(
        "I620",
        "校验码看不懂：应是 16 位数字和字母 A 到 F，印在每页右下角。",
        "请照纸上的校验码再输一次，横线可以不输；或用扫码枪扫第一页的二维码。",
    )


def check(store: Store, text: str) -> Verdict:
    """Answer a code and note the paper as received, where it can be: 纸质已收.

    :raises InputError: I620, it is no code.
    :raises StoreError: S361.
    """
    typed = read_typed(text)
    rights.check_may(store, "check_paper")
    kept.forget(store.tables)  # a figure may have been changed past the program
    with store.write() as transaction:
        verdict = _verdict(transaction, typed)
        foreign = verdict.paper is None or verdict.paper.origin != store.origin
        if verdict.answer in _RECEIVING and foreign:
            serial = verdict.paper.serial if verdict.paper else typed.serial
            paper_marks.put(transaction, typed.digest[:16], serial, verdict.answer)
    return verdict


def _verdict(transaction: Transaction, typed: Typed) -> Verdict:
    connection, store = transaction.connection, transaction.store
    if typed.serial is not None and typed.serial.endswith("-000"):
        return Verdict(DRAFT, typed, told="这是没有正式出具的草稿，不能作为报表收下。")
    found = issued.by_code(connection, store.tables, typed.digest)
    if typed.serial is not None:
        found = [paper for paper in found if paper.serial == typed.serial]
        if not found and issued.by_serial(connection, store.tables, typed.serial):
            told = "编号对应的报表是另一个校验码：这张纸不是那一份，或有一页被换过。"
            return Verdict(MISMATCH, typed, told=told)
    if not found:
        told = "还没有收到带这个校验码的数据。已记下纸质件收到，数据到了再核对。"
        return Verdict(AWAITED, typed, told=told)
    standing = [paper for paper in found if paper.live]
    paper = (standing or found)[-1]
    return _of_paper(connection, store, typed, paper)


def _of_paper(connection: Connection, store: Store, typed: Typed, paper: Issued) -> Verdict:
    """Answer for a paper that is known."""
    if paper.state == "void":
        return Verdict(VOID, typed, paper, told=f"作废原因：{paper.void_reason or '没有写明'}。")
    if paper.state == "corrected":
        return Verdict(CORRECTED, typed, paper, told=f"见 {paper.corrected_by}。")
    if correcting.is_correction(store, paper.report):
        told = "更正报告随数据登记，所列更正见各记录的修改记录。"
        return Verdict(AGREES, typed, paper, told=told)
    judge = _cover if slips.is_cover(store, paper.report) else _compared
    return judge(connection, store, typed, paper)


def _cover(connection: Connection, store: Store, typed: Typed, paper: Issued) -> Verdict:
    """Compare the cover of a delivery with the packets that name it."""
    if paper.origin == store.origin:
        return Verdict(AGREES, typed, paper)
    found = slip_check.differences(connection, store, paper)
    if found is None:
        told = "封面已登记，带这个编号的数据包还没有装入。"
        return Verdict(AWAITED, typed, paper, told=told)
    cells = naming.named(connection, store, paper, found)
    return Verdict(DIFFERS, typed, paper, cells) if found else Verdict(AGREES, typed, paper)


def _compared(connection: Connection, store: Store, typed: Typed, paper: Issued) -> Verdict:
    try:
        now = subjects.read(connection, store, Subject.of(paper))
    except (InputError, ReportError) as error:
        return Verdict(
            AWAITED, typed, paper, told=f"报表已登记，它的数据还没有到：{error.sentence}"
        )
    if paper.erased:
        return Verdict(
            AWAITED, typed, paper, told="这份报表里有已删除的个人信息，印出数不全，不能再核对。"
        )
    frozen = ["\t".join(cell) for cell in paper.frozen_cells()]
    if frozen and _digest(paper, now, frozen) != paper.digest:
        return Verdict(
            MISMATCH, typed, paper, told="随数据来的印出数与校验码对不上，请向出具单位查问。"
        )
    if _digest(paper, now, now.cells) == paper.digest:
        return Verdict(AGREES, typed, paper)
    covered = paper.covered()
    if covered is None:
        cells = naming.named(connection, store, paper, differing(frozen, now.cells))
        return Verdict(DIFFERS, typed, paper, cells)
    return _at_its_time(connection, store, typed, paper, covered, now)


def _at_its_time(  # noqa: PLR0917 - what was typed, the paper, and the two states of its data
    connection: Connection,
    store: Store,
    typed: Typed,
    paper: Issued,
    covered: Revisions,
    now: Read,
) -> Verdict:
    """Compare with the rows at the revisions that the paper read."""
    forms = [*covered, coverage.DECISION] if now.single else None
    here = coverage.of_unit(connection, store, paper.unit, forms=forms) or {}
    back, lacking = _way_back(connection, store, covered, here)
    if lacking:
        told = f"报表含 {lacking} 条还没有收到的记录，等数据到齐再核对。"
        return Verdict(AWAITED, typed, paper, told=told)
    undecided = _undecided(connection, store, covered, here)
    with past.put_back(connection, store, back, undecided=undecided) as (view, unknown):
        then = subjects.read(connection, view, Subject.of(paper)).cells
    frozen = ["\t".join(cell) for cell in paper.frozen_cells()] or list(then)
    wrong = [item for item in differing(frozen, then) if item[0] != _CIRCUMSTANCE]
    if wrong:
        told = ""
        if unknown:
            told = "有的记录已多次更正，中间的一版没有收到过，所以对不上。"
        return Verdict(DIFFERS, typed, paper, naming.named(connection, store, paper, wrong), told)
    later = differing(frozen, now.cells)
    return Verdict(LATER, typed, paper, naming.named(connection, store, paper, later))


def _way_back(
    connection: Connection, store: Store, covered: Revisions, here: Revisions
) -> tuple[Revisions, int]:
    """Return which rows to put back to which revision, and how many were never received."""
    back: Revisions = {}
    lacking = 0
    for form, rows in covered.items():
        known = past.newest_revisions(connection, store.tables, form, list(rows))
        for uid, rev in rows.items():
            have, deleted = known.get(uid, (0, 0))
            if have < rev:
                lacking += form not in coverage.SYSTEM
            elif have != rev or deleted:
                back.setdefault(form, {})[uid] = rev
    for form, rows in here.items():
        for uid in rows.keys() - covered.get(form, {}).keys():
            if form != coverage.DECISION:
                back.setdefault(form, {})[uid] = 0
    return back, lacking


def _undecided(
    connection: Connection, store: Store, covered: Revisions, here: Revisions
) -> dict[str, Sequence[str]]:
    """Return the records over which decisions lie that the paper did not know."""
    uids = [uid for rows in here.values() for uid in rows]
    known = covered.get(coverage.DECISION, {})
    found: dict[str, list[str]] = {}
    for uid, (form, record, _, rev) in coverage.decisions_about(connection, store, uids).items():
        if known.get(uid) != rev:
            found.setdefault(form, []).append(record)
    return dict(found)


def _digest(paper: Issued, read: Read, cells: Sequence[str]) -> str:
    identity = checkcode.Identity(
        paper.report, paper.unit, read.paper.job.identity.subject, paper.package,
        paper.package_version,
    )  # fmt: skip
    return checkcode.digest(identity, cells)
