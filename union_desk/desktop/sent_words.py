"""What the parent's receipt says that it lacks, in a sentence for 报送记录."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.desktop.backup_words import local

if TYPE_CHECKING:
    from union_desk.store.transaction import Store


def lacking(store: Store) -> str:
    """Return it; "" where nothing is lacking, or the receipt is of a former epoch."""
    from union_desk.store import arrivals, outbox, parent_says, units

    with store.read() as connection:
        said = parent_says.newest(connection, store)
        epoch = outbox.current_epoch(connection, store, outbox.UP)
        name = units.of_store(connection, store).name(store.parent or "")
    if said is None or epoch is None or said.epoch != epoch.id:
        return ""
    parts = [f"缺第 {arrivals.numbers(said.missing)} 包"] if said.missing else []
    parts += [f"第 {n} 包没有装入（{code}）" for n, code in said.held[:3]]
    if not parts:
        return ""
    day = f"（{local(said.at)[:10]} 写出）" if said.at else ""
    return f"{name}的回执{day}：{'，'.join(parts)}。请再写一份送去，不用重新填写。"
