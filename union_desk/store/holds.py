"""Why 报送 waits for a person: after a restore, a salvage, or where two copies may be at work.

Window and command line refuse alike until someone decides; the decision begins with a full state
in a fresh epoch. Setting ``hold``: {why, at, …}; empty: nothing waits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.errors import StoreError
from union_desk.store import audit, outbox, setting_rows
from union_desk.store.thinning import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Store, Transaction

_SETTING = "hold"
_ELSEWHERE = "epochs_elsewhere"
"""Setting: by stream the epochs of this origin that only others know."""
RESTORED, SALVAGED, BEHIND, MOVED, COPY, RETIRED, LATER, FORKED = (
    "restored", "salvaged", "behind", "moved", "copy", "retired", "later", "forked",
)  # fmt: skip
SENTENCES: Mapping[str, str] = {
    RESTORED: "数据是从 {at} 的备份恢复的，那以后做的可能不在里面。",
    SALVAGED: "数据是从损坏的文件里抢救出来的，可能缺少一部分。",
    BEHIND: "这份数据比本机上次报送时旧，可能是拷回来的旧文件。",
    MOVED: "这台电脑上没有这份数据的报送记数，要先说明它是不是拷来的。",
    COPY: "这份数据是从别的电脑拷来的，两台电脑不能同时报送。",
    RETIRED: "已决定由另一台电脑继续填报，本机停用。",
    LATER: "对方收到过本机没有的数据包：另有一台电脑以本单位名义报送过，或这份数据是旧的。",
    FORKED: "对方收到了两份编号相同、内容不同的数据包：有两台电脑在以本单位名义报送。",
}


@dataclass(frozen=True, slots=True)
class Hold:
    """What 报送 waits for."""

    why: str
    at: str
    """When the data were made that work goes on with, or when the hold began."""

    @property
    def sentence(self) -> str:
        """Say why 报送 waits."""
        return SENTENCES[self.why].format(at=f"{moment(self.at).astimezone():%Y-%m-%d %H:%M}")


def current(connection: Connection) -> Hold | None:
    """Return the hold that stands, or None."""
    text = setting_rows.read(connection, _SETTING)
    return Hold(**json.loads(text)) if text else None


def put(transaction: Transaction, why: str, at: str = "") -> None:
    """Let 报送 wait, inside the running transaction."""
    hold = {"why": why, "at": at or transaction.now}
    setting_rows.write(transaction.connection, _SETTING, json.dumps(hold))
    audit.note(transaction, "hold", new=dict(hold))


def elsewhere(connection: Connection) -> dict[str, list[str]]:
    """Return by stream the epochs of this origin that only others know."""
    found: dict[str, list[str]] = json.loads(setting_rows.read(connection, _ELSEWHERE, "{}"))
    return found


def remember(transaction: Transaction, stream: str, epochs: Sequence[str]) -> None:
    """Note epochs of this origin that a receipt told of: the next one will replace them, too."""
    known = elsewhere(transaction.connection)
    mine = known.setdefault(stream, [])
    mine += [item for item in epochs if item not in mine]
    setting_rows.write(transaction.connection, _ELSEWHERE, json.dumps(known))


def resume(store: Store, outside: Mapping[str, tuple[str, ...]]) -> Hold | None:
    """Decide 本机继续填报: everything is due again, in a fresh epoch; return what stood.

    :param outside: epochs by stream that are known from elsewhere; they are replaced, too.
    :raises StoreError: S410, this computer was retired.
    """
    with store.write() as transaction:
        hold = current(transaction.connection)
        if hold is None:
            return None
        if hold.why == RETIRED:
            raise StoreError(
                "S410", "本机已经停用，不能再报送。", "确要在本机继续，请从备份恢复数据。"
            )
        known = outbox.known_streams(transaction.connection, store)
        told = elsewhere(transaction.connection)
        for stream in dict.fromkeys((outbox.UP, *known, *outside, *told)):
            epochs = (*outside.get(stream, ()), *told.get(stream, ()))
            outbox.start_over(transaction, stream, epochs)
        _clear(transaction, hold, "resume")
    return hold


def same_computer(store: Store) -> None:
    """Answer 是 to 同一台电脑，换了系统用户?: work goes on as before."""
    _answer(store, "same_computer", None)


def other_computer(store: Store) -> None:
    """Answer 否: this is a copy, and 报送 waits for the decision which of the two goes on."""
    _answer(store, "other_computer", COPY)


def _answer(store: Store, act: str, then: str | None) -> None:
    with store.write() as transaction:
        hold = current(transaction.connection)
        if hold is None or hold.why != MOVED:
            return
        _clear(transaction, hold, act)
        if then:
            put(transaction, then)


def retire(store: Store) -> None:
    """Decide 本机停用: another computer goes on with this unit's work."""
    with store.write() as transaction:
        put(transaction, RETIRED)


def _clear(transaction: Transaction, hold: Hold, act: str) -> None:
    setting_rows.write(transaction.connection, _SETTING, "")
    audit.note(transaction, "hold_decided", new={"why": hold.why, "decision": act})
