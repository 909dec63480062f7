"""Units × forms: what has been filed of what is owed, the file and the paper apart."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from union_desk.indicators import NO_VALUE, rounded
from union_desk.reports import checkcode
from union_desk.reports.block_rows import Column, Filled, Line, wide
from union_desk.taskpack.paper_blocks import UNITS, Block
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.reports.job import Job, Owed

_TOTAL = "合　　计"
SENT, NIL, RETURNED, LATE, OPEN = "●", "○", "▲", "×", "·"
RECEIVED, AWAITED = "■", "□"
"""The second mark, of the paper."""
_STATES = {"sent": SENT, "received": SENT, "nil": NIL, "returned": RETURNED}
_DONE = frozenset({"sent", "received", "nil"})


def sheets(job: Job) -> tuple[Filled, ...]:
    """Return the table of one row for each unit directly below and the own one."""
    source = job.source
    forms = job.pack.top_forms
    owner = {code: row for row, _, codes in source.tree() for code in codes}
    cells: dict[tuple[str, str], list[Owed]] = defaultdict(list)
    for item in source.owed():
        if item.unit in owner:
            cells[owner[item.unit], item.form].append(item)
    papers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for paper in source.papers():
        if paper.unit in owner:
            papers[owner[paper.unit], paper.form].add(paper.state)
    columns = [Column("单位", align="left")]
    columns += [Column(_short(form.title), align="center") for form in forms]
    columns += [Column(title, "必报") for title in ("应报", "已报", "报送率%")]
    lines, digest = [], []
    everything: list[Owed] = []
    for code, name, _ in source.tree():
        owed = [item for form in forms for item in cells.get((code, form.id), ())]
        if not owed and code == source.unit:
            continue
        everything += owed
        marks = [
            mark(cells.get((code, form.id), ()), source.as_of)
            + _paper(papers.get((code, form.id), set()))
            for form in forms
        ]
        lines.append(Line((wide(name), *marks, *_rate(job, owed))))
        digest += [
            checkcode.cell(code, form.id, text)
            for form, text in zip(forms, marks, strict=True)
            if text
        ]
    totals = [_fraction(job, everything, form.id) for form in forms]
    lines.append(Line((_TOTAL, *totals, *_rate(job, everything)), strong=True))
    block = Block("s1", UNITS, "")
    return (Filled(block, tuple(columns), tuple(lines), tuple(digest)),)


def legend(job: Job) -> list[str]:
    """Return what the marks mean."""
    del job
    marks = (
        f"{SENT}已报　{NIL}零报　{RETURNED}退回　{LATE}逾期未报　{OPEN}未报（未到限期，或有则报）　"
    )
    papers = f"后一个符号是纸质件：{RECEIVED}已收　{AWAITED}待补"
    return [
        f"{marks}空白为不适用；一行含几个单位或几期的，印已报数/必报数；{papers}。",
        "报送率＝已报÷应报，只计必报表和期末已过的期；季报、年报在期末所在的月份计入。",
    ]


def mark(items: Sequence[Owed], day: str) -> str:
    """Return what stands for the filings of one unit and form."""
    if not items:
        return ""
    if len(items) == 1:
        item = items[0]
        if item.state in _STATES:
            return _STATES[str(item.state)]
        return LATE if item.late(day) else OPEN
    must = [item for item in items if item.duty == "must"]
    done = sum(item.state in _DONE for item in must or items)
    if must:
        return f"{done}/{len(must)}"
    return f"{done}份" if done else OPEN


def _paper(states: set[str]) -> str:
    """Return the second mark: what is known of the paper, the one still to come first."""
    return AWAITED if "awaited" in states else RECEIVED if states else ""


def _covered(job: Job, item: Owed) -> bool:
    """Return whether a filing counts for the rate of the paper's period."""
    period = Period.parse(item.period)
    asked = job.source.period
    if asked is None:
        return period.last_day <= job.source.as_of
    return asked.holds(period.first_day) and asked.holds(period.last_day)


def _counted(job: Job, items: Sequence[Owed]) -> tuple[int, int]:
    must = [item for item in items if item.duty == "must" and _covered(job, item)]
    return len(must), sum(item.state in _DONE for item in must)


def _rate(job: Job, items: Sequence[Owed]) -> tuple[str, str, str]:
    due, done = _counted(job, items)
    share = f"{rounded(Decimal(100 * done) / due, 1)}" if due else NO_VALUE
    return str(due), str(done), share


def _fraction(job: Job, items: Sequence[Owed], form: str) -> str:
    due, done = _counted(job, [item for item in items if item.form == form])
    return f"{done}\n/{due}" if due else ""


def _short(title: str) -> str:
    for word in ("台账", "名册", "报名表"):
        if title.endswith(word) and len(title) > len(word) + 2:
            return title.removesuffix(word)
    return title
