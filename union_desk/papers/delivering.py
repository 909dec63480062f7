"""What the next delivery to the parent will carry, counted and digested before it is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.bundle import packet, packet_tables
from union_desk.reports import checkcode
from union_desk.reports.delivery import Delivery, Enclosed, Portion
from union_desk.store import content_digest, issued, portions, slips, streams
from union_desk.store.layout import layout, rows_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from union_desk.store.past import Revisions
    from union_desk.store.portions import Slice
    from union_desk.store.transaction import Connection, Store
    from union_desk.taskpack.definition import TaskPack
    from union_desk.taskpack.period import Period
    from union_desk.taskpack.record import Value

_EVERYTHING = 10**9
NIL = "nil"


@dataclass(slots=True)
class _Gathered:
    """The rows of one unit and form."""

    lines: list[content_digest.Lines] = field(default_factory=list)
    sums: dict[str, int] = field(default_factory=dict)
    voided: int = 0


def next_delivery(
    connection: Connection, store: Store, period: Period | None
) -> tuple[Delivery, Revisions]:
    """Return what waits to be sent, and the revisions of its records."""
    portions_: list[Portion] = []
    revisions: Revisions = {}
    for pack, part in _slices(connection, store):
        gathered, inner = _gather(connection, store, pack, part, revisions)
        for unit in sorted(gathered):
            found = gathered[unit]
            sums = tuple((name, fen) for name, fen in found.sums.items() if fen)
            digest = content_digest.of_form(found.lines, inner)
            portions_.append(Portion(unit, part.form, len(found.lines), found.voided, sums, digest))
    order = {form: number for number, form in enumerate(store.tables.forms)}
    portions_.sort(key=lambda item: (item.unit != store.unit, item.unit, order[item.form]))
    made = Delivery(
        tuple(portions_), tuple(_nil(connection, store, period)), tuple(_papers(connection, store))
    )
    return made, revisions


def _slices(connection: Connection, store: Store) -> Iterator[tuple[TaskPack, Slice]]:
    lane = portions.Lane(streams.UP)
    for pack in store.packs:
        for group in portions.cut(connection, store, lane, pack, _EVERYTHING):
            for part in group:
                if part.form in pack.forms:
                    yield pack, part


def _gather(
    connection: Connection, store: Store, pack: TaskPack, part: Slice, revisions: Revisions
) -> tuple[dict[str, _Gathered], Mapping[str, Mapping[str, Sequence[bytes]]]]:
    table = packet_tables.layout(pack, part.form)
    place = {name: number for number, name in enumerate(table.header)}
    money = [item.id for item in pack.forms[part.form].fields if item.type == "money"]
    found: dict[str, _Gathered] = defaultdict(_Gathered)
    seen = revisions.setdefault(part.form, {})
    for row in portions.rows(connection, store, part, table.header):
        uid, rev, unit = str(row[place["uid"]]), int(row[place["rev"]] or 0), row[place["unit"]]
        one = found[str(unit)]
        one.lines.append((uid, rev, packet.line(table, row)))
        for name in money:
            one.sums[name] = one.sums.get(name, 0) + _fen(row, place, name)
        seen[uid] = rev
    gone = [uid for uid, _ in portions.gone(connection, store, part)]
    made = layout(store.tables, part.form)
    for row in rows_by(connection, made, "uid", gone):
        found[str(row[made.place["unit"]])].voided += 1
        seen[str(row[0])] = int(row[made.place["rev"]] or 0)
    return found, _details(connection, store, pack, part)


def _fen(row: Sequence[Value], place: Mapping[str, int], name: str) -> int:
    return int(row[place[name]] or 0) if name in place else 0


def _details(
    connection: Connection, store: Store, pack: TaskPack, part: Slice
) -> dict[str, dict[str, list[bytes]]]:
    found: dict[str, dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    for detail in store.tables.forms[part.form].details:
        table = packet_tables.layout(pack, detail)
        parent = table.header.index("parent")
        for row in portions.detail_rows(connection, store, part, detail, table.header):
            found[str(row[parent])][detail].append(packet.line(table, row))
    return found


def _nil(
    connection: Connection, store: Store, period: Period | None
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Yield unit and form of the nil statements of the period and of those that end with it."""
    from union_desk.taskpack.period import Period

    made = layout(store.tables, "filing")
    rows = [
        dict(zip(made.columns, row, strict=True))
        for row in rows_by(connection, made, "state", [NIL])
    ]
    order = {form.id: number for number, form in enumerate(store.pack.top_forms)}
    chosen = {
        (str(row["unit"]), str(row["form"]))
        for row in rows
        if row["origin"] == store.origin
        and not row["deleted"]
        and row["form"] in order
        and (period is None or Period.parse(str(row["period"])).last_day == period.last_day)
    }
    yield from sorted(chosen, key=lambda item: (item[0] != store.unit, item[0], order[item[1]]))


def _papers(connection: Connection, store: Store) -> Iterator[Enclosed]:
    """Yield the papers that are issued and not sent yet, covers aside."""
    ready = issued.papers(
        connection, store.tables, origin=store.origin,
        states=workflow.PAPER_MOVES["send"].sources,
    )  # fmt: skip
    for paper in ready:
        if slips.is_cover(store, paper.report):
            continue
        report = store.pack.reports.get(paper.report)
        form = store.pack.forms.get(paper.report.rpartition("-")[0])
        title = (report.heading or report.title) if report else form.title if form else ""
        yield Enclosed(paper.serial, title, checkcode.check_code(paper.digest))
