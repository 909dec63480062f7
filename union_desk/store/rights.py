"""Which forms and units this installation may write: one writer per record.

An installation writes for its own unit, for units below it, and for those whose directory entry
names it as filer. A code that is not in the directory yet is taken; its entry will come;
but the office of a reporting block takes no unknown code of another block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.errors import InputError, StoreError
from union_desk.store import second
from union_desk.taskpack.definition import reaches
from union_desk.taskpack.system import PUT

if TYPE_CHECKING:
    from union_desk.store.transaction import Store, Transaction
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Record

_JUDGING = ("review", "return_note", "decision")
_ACTS = {"unit": "tree", "unit_event": "tree", "period_lock": "close_period"}
_LEVELS = {"grassroots": "基层工会", "county": "县级工会", "city": "市总工会"}


def writes(level: str, form: Form) -> bool:
    """Return whether an installation of `level` may enter rows of a form, for others included."""
    if form.kind == "system":
        return form.id in PUT
    return any(reaches(level, writer) for writer in form.writers)


def writes_for_others_only(level: str, form: Form) -> bool:
    """Return whether rows of this form are entered at `level` only as 代报."""
    return writes(level, form) and form.kind != "system" and level not in form.writers


def act_of(form: str) -> str:
    """Return the act that entering rows of a form is: judging is the reviewers'."""
    return "review" if form in _JUDGING else _ACTS.get(form, "enter")


def check_may(store: Store, act: str, transaction: Transaction | None = None) -> None:
    """Refuse an act that the roles of the person at work do not cover.

    Where it takes two people the second one's role counts, and both are written down; looking
    after people takes the role and the second person.

    :param transaction: the running one, where the act has one already.
    :raises StoreError: S361; S379 it waits for the second person.
    """
    both = bool(workflow.ACTS[act].beside)
    if not both and second.asked(store, act):
        second.confirm(store, act, transaction)
        return
    if not workflow.allowed(act, store.roles):
        title = workflow.ACTS[act].title
        raise StoreError(
            "S361",
            f"“{store.person}”不能{title}。",
            f"请由{workflow.who(act)}来做，或请管理员在“单位与人员”里改角色。",
        )
    if both and second.asked(store, act):
        second.confirm(store, act, transaction)


def turn_second(store: Store, *, on: bool) -> None:
    """Let what counts take a second person's sign-in from now on, or no more.

    :raises StoreError: S361; S379 turning it off waits for the second person.
    :raises InputError: I497, I485.
    """
    second.check_free(store)
    check_may(store, "people")
    second.turn(store, on=on)


def check_form(level: str, form: Form) -> None:
    """Refuse a form that another level fills in.

    :raises InputError: I410.
    """
    if not writes(level, form):
        who = "、".join(_LEVELS[writer] for writer in form.writers) or "程序"
        raise InputError(
            "I410",
            f"《{form.title}》由{who}填报，本单位只能查看。",
            "需要改动时，请用“报告变化”告诉填报单位。",
        )


def unit_trouble(store: Store, units: Units, code: str) -> str | None:
    """Return why this installation may not write about the unit `code`, or None."""
    entry = units.by_code.get(code)
    if entry is None:
        return _block_trouble(store, units, code)
    if store.unit in (code, entry.filer):
        return None
    if code in units.subtree(store.unit):
        return None
    return f"“{entry.name}”（{code}）不归本单位填报"


def _block_trouble(store: Store, units: Units, code: str) -> str | None:
    """Return why the office of a reporting block may not write about a code unknown to it.

    The office above would wait for its entry, and with it for all that this one sends. The root
    of the tree sends to no one, and the codes of every block are below it.
    """
    own = units.by_code.get(store.unit)
    if code == store.unit or own is None or not own.base or own.parent is None:
        return None
    block = store.unit[:6]
    return None if code[:6] == block else f"名录里没有“{code}”，它也不是本单位的编码段 {block} 的"


def check_writer(store: Store, record: Record) -> None:
    """Refuse to change a record that another installation wrote, or without the role for it.

    :raises InputError: I411.
    :raises StoreError: S361.
    """
    check_may(store, "enter")
    if record.origin != store.origin:
        raise InputError(
            "I411",
            f"这条记录由 {record.origin} 填报，本单位不能修改。",
            "需要改动时，请退回填报单位，由它改好再报。",
        )
