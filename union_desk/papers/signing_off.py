"""签章登记: what the pen and the seal did, for all papers of a month at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.errors import InputError
from union_desk.store import attachments, issued, rights
from union_desk.taskpack.system_papers import PAPER_FORM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from union_desk.store.issued import Issued
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.record import Value

ELSEWHERE = "在别处打印"


@dataclass(frozen=True, slots=True)
class SignOff:
    """What is written down: who signed when, in whose place and why, when it was sealed.

    `sealed` None: signed only. With a `proxy` the `ground` says on what authority.
    """

    signer: str
    date: str
    post: str = ""
    sealed: str | None = None
    proxy: str = ""
    ground: str = ""


def sign_off(store: Store, papers: Sequence[Issued], told: SignOff) -> list[Issued]:
    """Write down signature and seal of several papers; the steps skipped take the same date.

    :raises InputError: I630 nobody signed, I631 no ground for a 代签, I632 sealed before signed,
        I601 a paper does not stand, I604 another office's.
    :raises StoreError: S361.
    """
    rights.check_may(store, "sign_off")
    if not told.signer.strip():
        raise InputError("I630", "没有写签字人。", "请写在纸上签字的是谁。")
    if bool(told.proxy.strip()) != bool(told.ground.strip()):
        raise InputError(
            "I631", "代签要写明代签人和依据。", "请写谁代签、凭什么代签，例如：主席电话授权。"
        )
    if told.sealed is not None and told.sealed < told.date:
        raise InputError("I632", "盖章日期早于签字日期。", "请核对两个日期。")
    act = "sign" if told.sealed is None else "seal"
    with store.write() as transaction:
        items = [(paper, _told(transaction, paper, told, act)) for paper in papers]
        return issued.move_all(transaction, items, act)


def _told(
    transaction: Transaction, paper: Issued, told: SignOff, act: str
) -> Mapping[str, Value]:  # fmt: skip
    values: dict[str, Value] = {
        "signed_date": told.date,
        "signer": told.signer.strip(),
        "signer_post": told.post.strip() or None,
        "proxy": told.proxy.strip() or None,
        "ground": told.ground.strip() or None,
    }
    if told.sealed is not None:
        values["sealed_date"] = told.sealed
    target = workflow.PAPER_MOVES[act].target
    if "printed" in workflow.skipped_steps(paper.state, target) and paper.printed_at is None:
        values |= {"printed_at": told.date, "printed_by": transaction.person}
    return values


def put_later(store: Store, papers: Sequence[Issued]) -> list[Issued]:
    """Let the file of several papers go first: 纸质后补.

    :raises InputError: I601 a paper is sealed, sent or void.
    """
    rights.check_may(store, "sign_off")
    with store.write() as transaction:
        return issued.move_all(transaction, [(paper, {"later": 1}) for paper in papers], "later")


def printed(
    store: Store, papers: Sequence[Issued], *, copies: int = 1, on: str = ELSEWHERE
) -> list[Issued]:
    """Write down that papers are right on paper: by 是 to the question, or printed elsewhere.

    :param on: the printer's name.
    """
    rights.check_may(store, "print")
    with store.write() as transaction:
        values: dict[str, Value] = {
            "printed_at": transaction.now, "printed_by": transaction.person,
            "printed_on": on[:120], "copies": copies,
        }  # fmt: skip
        return issued.move_all(transaction, [(paper, values) for paper in papers], "print")


def attach_scan(store: Store, paper: Issued, path: Path) -> Issued:
    """Attach the scan or photo of a sealed page; it goes with the next packet.

    :raises InputError: I430, I431 not a PDF, JPG or PNG.
    :raises FileError: too large (5 MB), or unreadable.
    """
    rights.check_may(store, "sign_off")
    field = PAPER_FORM.by_id["scan"]
    known = (paper.scan or "").split(";") if paper.scan else []
    with store.write() as transaction:
        digest = attachments.add(transaction, issued.FORM, paper.uid, field, path)
        every = ";".join(dict.fromkeys((*known, digest)))
        return issued.move(transaction, paper, "scan", scan=every)


def of_period(store: Store, unit: str, period_ids: Sequence[str]) -> list[Issued]:
    """Return the standing papers of an office for some periods, in the order they were issued."""
    with store.read() as connection:
        return [
            paper
            for period in period_ids
            for paper in issued.papers(
                connection, store.tables, unit=unit, period=period, origin=store.origin,
                states=workflow.LIVE_PAPERS,
            )
        ]  # fmt: skip


def last_signer(store: Store) -> tuple[str, str]:
    """Return who signed last, and their post: offered for the next papers."""
    with store.read() as connection:
        signed = [
            paper
            for paper in issued.papers(connection, store.tables, origin=store.origin)
            if paper.signer
        ]
    newest = max(signed, key=lambda paper: (paper.signed_date or "", paper.rev), default=None)
    return (newest.signer or "", newest.signer_post or "") if newest else ("", "")
