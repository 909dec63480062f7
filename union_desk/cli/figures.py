"""Commands about figures: progress against the targets, printed reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import files, indicators
from union_desk.cli import access, output
from union_desk.errors import FileError, UsageError, UserError

if TYPE_CHECKING:
    from union_desk.cli.arguments import Order
    from union_desk.store.transaction import Store

WORD = ".docx"
"""Letters are there for Word, too."""


def progress(order: Order) -> int:
    """Print every indicator with its target, gap and pace."""
    from union_desk.store import rollup

    with access.opened(order) as store, store.read() as connection:
        as_of = access.day_of_year(store.pack, order.as_of)
        found = rollup.progress(connection, store, as_of, order.unit)
    if order.json:
        output.show_json([item.to_json() for item in found])
        return 0
    output.table(
        ("编号", "指标", "数值", "计量单位", "分子/分母", "目标", "差距"),
        [
            (
                item.id,
                item.title,
                indicators.figure(item),
                item.measure,
                f"{item.numerator:g}/{item.denominator:g}" if item.denominator is not None else "",
                indicators.target_figure(item) if item.target is not None else "",
                indicators.gap_words(item),
            )
            for item in found
        ],
        right=(2, 4, 5),
    )
    if found:
        output.say(f"截至 {as_of}，时间进度 {found[0].pace:.1f}%。")
    return 0


def report(order: Order) -> int:
    """Print a report into a file, or the list of reports."""
    from union_desk.reports import printing
    from union_desk.store import access as access_log

    with access.opened(order) as store:
        names = printing.names(store.pack, store.level)
        if order.name is None:
            return _list(order, store, names)
        if order.name not in {name for name, _, _ in names}:
            raise UsageError(
                "U941", f"没有编号为“{order.name}”的报表。", "请用 union-desk report 列出。"
            )
        if order.out is None:
            raise UsageError("U942", "没有写明报表写到哪个文件。", "请加上 --out 文件.pdf。")
        if order.out.suffix.lower() not in {".pdf", WORD}:
            raise FileError(
                "F160",
                f"报表不能写成 {order.out.name}。",
                "文件名请以 .pdf 结尾，公文也可以用 .docx。",
            )
        content = _render(order, store)
        access_log.printed(store, order.name)
    files.write_durable(order.out, content)
    output.say(f"已写入 {order.out}。")
    return 0


def _list(order: Order, store: Store, names: list[tuple[str, str, bool]]) -> int:
    if order.json:
        output.show_json(
            [
                {"id": name, "title": title, "level": store.level, "needs_record": needs_record}
                for name, title, needs_record in names
            ]
        )
    else:
        output.table(
            ("编号", "名称", "要指定记录"),
            [(name, title, "是" if needs_record else "") for name, title, needs_record in names],
        )
    return 0


def _render(order: Order, store: Store) -> bytes:
    from union_desk.papers import issuing
    from union_desk.papers import subject as subjects
    from union_desk.reports import printing
    from union_desk.taskpack.period import Period

    try:
        period = Period.parse(order.period) if order.period else None
    except ValueError as error:
        raise UsageError("U943", f"{error}。") from error
    day = access.day_of_year(store.pack, order.as_of)
    if period is not None and order.as_of is None:
        day = min(day, period.last_day)
    unit = order.unit or store.unit
    about = subjects.Subject(
        str(order.name), unit, period.id if period else None, day, order.record
    )
    with store.read() as connection:
        needs_record = {name: needs for name, _, needs in printing.names(store.pack, store.level)}
        if needs_record[order.name] and not order.record:
            raise UserError("U944", "这张表要指定一条记录。", "请用 --record 写记录号。")
        paper = subjects.read(connection, store, about).paper
        for item in paper.missing():
            output.note(item.sentence)
        if order.out is not None and order.out.suffix.lower() == WORD:
            return paper.docx()
        same = issuing.same(connection, store, about, paper.digest)
        if same is None:
            return paper.draw(progress=output.progress_line("打印"))
    output.note(f"已正式出具，编号 {same.serial}。")
    return issuing.reprint(store, same)
