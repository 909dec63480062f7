"""正式出具: figures and bytes frozen under a serial; a reprint is the stored bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk import crypto
from union_desk.errors import InputError
from union_desk.papers import correcting
from union_desk.papers import subject as subjects
from union_desk.reports import printing
from union_desk.store import (
    attachments,
    audit,
    checking,
    coverage,
    issued,
    rights,
    setting_rows,
    slips,
)
from union_desk.store.completing import pack_of
from union_desk.store.context import context_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from union_desk.checks import Finding
    from union_desk.papers.subject import Read, Subject
    from union_desk.reports.fonts import Missing
    from union_desk.reports.job import Told
    from union_desk.reports.printing import Prepared
    from union_desk.store.issued import Cell, Issued
    from union_desk.store.transaction import Connection, Store, Transaction
    from union_desk.taskpack.record import Value

_MOST_CELLS = 900_000
"""Characters of the frozen cells that a row of a packet takes."""


def issue(
    store: Store,
    about: Subject,
    *,
    extra_fonts: tuple[Path, ...] = (),
    progress: Told | None = None,
) -> Issued:
    """Issue a paper and return its row; nothing is changed where it is refused.

    :raises StoreError: S361, the person at work may not.
    :raises InputError: I603 a restore waits for its decision, I605 errors among the records,
        I606 a blank form, I607 the same figures are issued already.
    """
    with store.write() as transaction:
        return issue_within(transaction, about, extra_fonts=extra_fonts, progress=progress)


def issue_within(
    transaction: Transaction,
    about: Subject,
    *,
    extra_fonts: tuple[Path, ...] = (),
    progress: Told | None = None,
) -> Issued:
    """Issue a paper inside a transaction."""
    store, connection = transaction.store, transaction.connection
    rights.check_may(store, "issue", transaction)
    read = subjects.read(connection, store, about)
    paper = read.paper
    if paper.layout == printing.BLANK:
        raise InputError("I606", "空白表不编号，不用出具。", "直接打印就可以。")
    _check_fresh(connection, store, about, paper.digest)
    _check_records(transaction, read, about)
    period = paper.job.period_id
    number = issued.next_number(transaction, about.name, about.unit, period)
    stamp = printing.Issue(
        number, transaction.now, key_code(connection), issued.place_in_serial(store, about.unit)
    )
    pdf = paper.draw(stamp, extra_fonts=extra_fonts, progress=progress)
    missing = paper.missing()
    row = _row(transaction, about, read, stamp, missing)
    row["pdf"] = attachments.keep(store, connection, pdf)
    made = issued.add(transaction, about.unit, period, row)
    if slips.is_cover(store, about.name):
        slips.put(transaction, made.serial, read.covers or {})
    if paper.layout == printing.CORRECTION:
        correcting.settle(transaction, made)
    owner = (issued.FORM, made.uid, "pdf")
    attachments.enter(transaction, owner, str(row["pdf"]), f"{made.serial}.pdf", len(pdf))
    return made


def _row(
    transaction: Transaction,
    about: Subject,
    read: Read,
    stamp: printing.Issue,
    missing: Sequence[Missing],
) -> dict[str, Value]:
    pack = transaction.store.pack
    cells = [parted(line) for line in read.paper.cells]
    frozen = issued.packed(cells)
    return {
        "serial": read.paper.serial(stamp),
        "report": about.name,
        "record": read.paper.about,
        "asked": about.period,
        "as_of": about.as_of,
        "package_version": pack.version,
        "digest": read.paper.digest,
        "state": "issued",
        "issued_at": transaction.now,
        "issued_by": transaction.person,
        "audit": audit.head(transaction.connection)[0],
        "missing": "；".join(f"{item.name}：{item.code_point}" for item in missing)[:500] or None,
        "cells": frozen if len(frozen) <= _MOST_CELLS else None,
        "covers": None if read.covers is None else issued.packed(read.covers),
    }


def parted(line: str) -> Cell:
    """Return a line of the digest as row key, column and value."""
    row, column, value = line.split("\t", 2)
    return row, column, value


def key_code(connection: Connection) -> str:
    """Return the 核对码 of the office's key, as it stands in the foot of every page."""
    public = setting_rows.read(connection, "sign_public")
    return crypto.check_digits(crypto.fingerprint(public)) if public else ""


def same_figures(connection: Connection, store: Store, about: Subject) -> Issued | None:
    """Return the standing paper that shows exactly what a new one would show."""
    read = subjects.read(connection, store, about)
    return same(connection, store, about, read.paper.digest)


def same(connection: Connection, store: Store, about: Subject, digest: str) -> Issued | None:
    """Return the standing paper about this that has the digest."""
    found = issued.papers(
        connection, store.tables, unit=about.unit, report=about.name, origin=store.origin
    )
    return next((paper for paper in found if paper.live and paper.digest == digest), None)


def earlier(
    connection: Connection, store: Store, about: Subject, shown: Issued | None
) -> tuple[Issued, ...]:
    """Return what was issued about this besides the paper shown, the newest first."""
    found = issued.papers(
        connection, store.tables, unit=about.unit, report=about.name, origin=store.origin
    )
    return tuple(
        paper
        for paper in reversed(found)
        if (paper.asked, paper.record) == (about.period, about.record)
        and (shown is None or paper.uid != shown.uid)
    )


def _check_fresh(connection: Connection, store: Store, about: Subject, digest: str) -> None:
    """Refuse a second paper of the same figures: the first one is printed again."""
    paper = same(connection, store, about, digest)
    if paper is not None:
        raise InputError(
            "I607",
            f"这张表的数字没有变，已经出具过：{paper.serial}。",
            "请直接打印那一份；它与重新出具的一模一样。",
        )


def _check_records(transaction: Transaction, read: Read, about: Subject) -> None:
    wrong = list(_errors(transaction, read, about))
    if wrong:
        form = transaction.store.pack.forms[wrong[0].form].title
        raise InputError(
            "I605",
            f"这张表用到的记录里有 {len(wrong)} 处问题，不能正式出具。"
            f"第一处在“{form}”：{wrong[0].message}。",
            f"请到“{form}”改正错误，对警告写明原因，再出具；草稿照常可以打印。",
        )


def _errors(transaction: Transaction, read: Read, about: Subject) -> Iterator[Finding]:
    """Yield what blocks: errors, and warnings without explanation, of this office's own rows.

    Rows written since the day of a past month are right as well: what may not lie behind today is
    held against the day of issue, only figures against the day of the paper.
    """
    store, connection = transaction.store, transaction.connection
    issued_on = dt.datetime.fromisoformat(transaction.now).astimezone().date().isoformat()
    context = replace(
        context_at(store, about.as_of, connection=connection), today=max(about.as_of, issued_on)
    )
    for form in store.pack.top_forms:
        rows = None if read.covers is None else list(read.covers.get(form.id, ()))
        mine = coverage.own_uids(connection, store, form.id, rows)
        if not mine:
            continue
        pack = pack_of(store.packs, form.id)
        found = checking.check_rows(connection, store.tables, pack, form.id, mine, context)
        yield from (
            item
            for item in found
            if item.level == "error" or (item.level == "warning" and not item.explained)
        )


def reprint(store: Store, paper: Issued) -> bytes:
    """Return the bytes of an issued paper, as they were issued; of a voided one under 作废.

    :raises StoreError: S350, S351 the file is gone or damaged.
    :raises InputError: I608, another office issued it: the PDF stays home; I609, it showed a
        person who was erased.
    """
    if paper.pdf is None and paper.origin == store.origin:
        raise InputError(
            "I609",
            f"报表 {paper.serial} 里有已删除的个人信息，印出的文件不再保存。",
            "编号和校验码还在；要用这张表，请重新出具。",
        )
    if paper.pdf is None:
        raise InputError(
            "I608", f"报表 {paper.serial} 的文件只在出具单位。", "要看印出的样子，请向出具单位要。"
        )
    with store.read() as connection:
        content = attachments.read(store, connection, paper.pdf)
    return content if paper.live else printing.voided(content)


def drawn(connection: Connection, edition: Prepared, made: Issued | None) -> bytes:
    """Return an edition of a paper as PDF; of an issue with its number, time and code."""
    if made is None:
        return edition.draw()
    unit, number = made.serial.split("-")[-3], int(made.serial.rpartition("-")[2])
    stamp = printing.Issue(number, made.issued_at, key_code(connection), unit)
    return edition.draw(stamp)
