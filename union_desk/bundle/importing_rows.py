"""The rows of a packet against the task package and against what its writer may own.

Whatever is wrong refuses the whole packet and names table, row and column. What the data say
among themselves is no matter here: findings never stop an import.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from union_desk.bundle import packet_tables, waiting
from union_desk.bundle.outcomes import Waits
from union_desk.errors import BundleError
from union_desk.store import applying, rights, streams, tree_rules, units
from union_desk.store.layout import layout, rows_by
from union_desk.store.system_checks import check_system_rows
from union_desk.taskpack.definition import LEVELS
from union_desk.taskpack.period import Period
from union_desk.taskpack.system import SYSTEM_LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from union_desk.bundle.packet_head import Head
    from union_desk.bundle.packet_reading import Packet
    from union_desk.store.applying import Applying
    from union_desk.store.layout import Row
    from union_desk.store.transaction import Transaction
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import Form, TaskPack

_DIGESTS = re.compile(r"[0-9a-f]{64}(;[0-9a-f]{64})*")
_MADE_OF = {"receipt": ("for_origin", "for_stream"), "package": ("task_package", "digest")}
"""By table that every packet makes anew: what the ids of its rows follow from, after the writer."""
_WORKED_OUT = "duty"
"""Field of a filing that every reader works out for itself."""
_STEP = "请与报送单位核对；文件已另存，没有改动任何数据。"

_ANSWERS = ("review", "change_request")
"""What an office says of a 报告变化 from below, by the table of what it says of records."""


@dataclass(slots=True)
class Rows:
    """Reads one packet, table by table, and writes what holds."""

    tx: Transaction
    packet: Packet
    pack: TaskPack
    applying: Applying
    changed: dict[str, list[Row]] = field(default_factory=dict)
    """By form: rows that are new or say something else than before."""
    gone: list[Path] = field(default_factory=list)
    """Attachments of erased records: they go once the transaction holds."""
    erased: bool = False
    """The packet says of some record that it is erased."""
    units: Units | None = None
    """The unit directory, where it is at hand."""
    plain: bool = True
    """No row of it says anything of units, keys or decisions."""
    _troubles: dict[str, str] = field(default_factory=dict)
    _placed: dict[str, str] = field(default_factory=dict)
    """By code that rows place in the tree: the place of the row."""

    @property
    def head(self) -> Head:
        """Head of the packet."""
        return self.packet.head

    def run(self) -> None:
        """Check and write everything.

        :raises BundleError: B584 to B593, or what the reader of the packet raises.
        :raises Waits: a unit is not in the directory yet.
        """
        self.packet.check_tables(self.pack)
        expected = 0
        for form in self._forms():
            rows, details = self._read(form)
            self._check(form, rows)
            columns = packet_tables.layout(self.pack, form.id).header
            incoming = applying.Incoming(form.id, columns, rows, details)
            self.changed[form.id] = self.applying.apply(incoming)
            expected += len(rows)
            self._touched(form)
        self._check_placed()
        expected += self._void()
        if self.applying.counts.total != expected:
            self._refuse("B557", f"数据包有 {expected} 行，装入时数得的行数不符")

    def _forms(self) -> list[Form]:
        """Return the forms with rows: those that place units first."""
        known = self.tx.tables.forms
        found = []
        for table in self.packet.tables:
            if table == packet_tables.ATTACHMENT:
                continue
            form = known.get(table)
            top = known.get(form.detail_of or "") if form and form.kind == "detail" else form
            if form is None or top is None or not streams.carries(self.head.stream, top):
                self._refuse("B584", f"这一串数据包里不该有表 {table}")
            if form.kind != "detail":
                found.append(form)
            elif top.id not in self.packet.tables:
                self._refuse_details(table)
        return sorted(found, key=lambda form: not self._places_units(form.id))

    def _touched(self, form: Form) -> None:
        """Look at the directory anew where rows of a form may have changed it."""
        placed = self._places_units(form.id)
        self.plain = self.plain and not placed and form.kind != "system"
        if placed:
            self.units = None

    def _places_units(self, form: str) -> bool:
        return form in (self.pack.directory.form, *units.TABLES)

    def _read(
        self, form: Form
    ) -> tuple[list[Row], dict[str, tuple[Sequence[str], Mapping[str, Sequence[Row]]]]]:
        rows = list(self.packet.rows(form.id, self.pack))
        uids = {row[0] for row in rows}
        details: dict[str, tuple[Sequence[str], Mapping[str, Sequence[Row]]]] = {}
        for name in form.details:
            if name not in self.pack.forms:
                continue
            columns = packet_tables.layout(self.pack, name).header
            parent = columns.index("parent")
            found: dict[str, list[Row]] = defaultdict(list)
            seen: set[object] = set()
            there = name in self.packet.tables
            for row in self.packet.rows(name, self.pack) if there else ():
                if row[parent] not in uids or row[0] in seen:
                    self._refuse_details(name)
                seen.add(row[0])
                found[str(row[parent])].append(row)
            for uid, owner in applying.known_details(self.tx, name, sorted(map(str, seen))):
                if owner not in uids:
                    raise applying.another_writer(name, uid, owner)
            details[name] = (columns, found)
        return rows, details

    # Rules ------------------------------------------------------------------------------------

    def _check(self, form: Form, rows: Sequence[Row]) -> None:
        columns = packet_tables.layout(self.pack, form.id).header
        place = {name: number for number, name in enumerate(columns)}
        system = form.kind == "system"
        if not system and not rights.writes(self._level(), form):
            self._refuse("B585", f"表 {form.id} 不由 {self.head.origin} 这一级填报")
        self._check_units(form, rows, place)
        self._check_periods(form, rows, place)
        for item in form.fields:
            if item.type == "attach" and item.id in place:
                self._check_files(form, item.id, rows, place[item.id])
        if system:
            self._check_system(form, rows, columns)
        names = self.pack.directory
        if form.id == names.form:
            self._check_nodes(form, rows, names.code, names.parent)
        if form.id in streams.REVIEWERS:
            self._check_reviews(form, rows, place)

    def _level(self) -> str:
        """Return the level of the writer's unit."""
        entry = self._directory().by_code.get(self.head.unit)
        if entry is not None:
            return entry.level
        kind = units.kind_of(self.pack, self.head.unit, None)
        return kind.level if kind else LEVELS[0]

    def _directory(self) -> Units:
        if self.units is None:
            self.units = units.of_store(self.tx.connection, self.tx.store)
            self._troubles.clear()
        return self.units

    def _check_units(self, form: Form, rows: Sequence[Row], place: Mapping[str, int]) -> None:
        """Refuse rows about units that the writer does not write for."""
        for number, row in enumerate(rows, 1):
            code = str(row[place["unit"]])
            if code not in self._troubles:
                self._troubles[code] = self._unit_trouble(code)
            trouble = self._troubles[code]
            if trouble == "unknown":
                raise Waits(
                    waiting.DIRECTORY,
                    f"表 {form.id} 第 {number} 行：组织机构里还看不出 {self.head.unit} "
                    f"可以填报单位 {code}。",
                    "录入这个单位、它的代填单位，或装入带有它的数据包后会自动装入。",
                )
            if trouble:
                self._refuse(
                    "B586",
                    f"表 {form.id} 第 {number} 行的 unit 列：{code} 不归 {self.head.unit} 填报",
                )

    def _unit_trouble(self, code: str) -> str:
        """Return ``""``, ``unknown`` or ``foreign``: a broadcast speaks of the writer's tree."""
        known, writer = self._directory(), self.head.unit
        if code == writer:
            return ""
        entry = known.by_code.get(code)
        if streams.kind(self.head.stream) != streams.UP:
            return "" if entry is None or code in known.subtree(writer) else "foreign"
        if entry is None:
            return "unknown"
        mine = known.subtree(self.tx.store.unit)
        if code not in mine:
            return "foreign"
        below = known.subtree(writer)
        if code in below or entry.filer == writer or below.intersection(entry.former_parents):
            return ""
        # Of an office below the next level, that level may say yet for whom it files.
        own = known.by_code.get(writer)
        return "foreign" if own is None or own.parent == known.own else "unknown"

    def _check_periods(self, form: Form, rows: Sequence[Row], place: Mapping[str, int]) -> None:
        for period in {str(row[place["period"]]) for row in rows}:
            try:
                Period.parse(period)
            except ValueError:
                self._refuse("B594", f"表 {form.id} 的报告期“{period[:20]}”不对")

    def _check_files(self, form: Form, name: str, rows: Sequence[Row], place: int) -> None:
        for number, row in enumerate(rows, 1):
            if row[place] is not None and not _DIGESTS.fullmatch(str(row[place])):
                self._refuse("B550", f"表 {form.id} 第 {number} 行的 {name} 列不是附件的摘要")

    def _check_system(self, form: Form, rows: Sequence[Row], columns: Sequence[str]) -> None:
        values = [dict(zip(columns, row, strict=True)) for row in rows]
        for number, row in enumerate(values if form.id in _MADE_OF else (), 1):
            parts = (str(row[name]) for name in _MADE_OF[form.id])
            if row["uid"] != packet_tables.lasting_uid(form.id, self.head.origin, *parts):
                self._refuse(
                    "B563",
                    f"表 {form.id} 第 {number} 行的 uid 列：不是 {self.head.origin} 的编号",
                )
        found = check_system_rows(form.id, values, self.applying.context, self.pack)
        wrong = (item for item in found if item.level == "error" and item.field != _WORKED_OUT)
        first = next(wrong, None)
        if first is not None:
            self._refuse("B596", f"表 {form.id} 的记录 {first.record}：{first.message}")
        for item in form.fields:
            codes = SYSTEM_LISTS.get(item.code_list or "")
            unknown = codes and {row[item.id] for row in values} - {None, *codes.by_code}
            if unknown:
                self._refuse("B533", f"表 {form.id} 的 {item.id} 列有不认识的代码")
        for period in {str(row["period_from"]) for row in values if row.get("period_from")}:
            try:
                Period.parse(period)
            except ValueError:
                self._refuse("B594", f"表 {form.id} 的报告期“{period[:20]}”不对")

    def _check_reviews(self, form: Form, rows: Sequence[Row], place: Mapping[str, int]) -> None:
        """Refuse what an office says of records that are not below it, or not its to decide."""
        level = self._level()
        if streams.kind(self.head.stream) == streams.UP and level == LEVELS[0]:
            self._refuse("B597", f"{self.head.unit} 没有下级，不能有表 {form.id}")
        if form.id == "unit":
            self._check_nodes(form, rows, "union_code", "parent")
            self._check_levels(form, rows, place)
        if "record" not in place:
            return
        about: dict[str, set[str]] = defaultdict(set)
        for number, row in enumerate(rows, 1):
            target = self.tx.tables.forms.get(str(row[place["form"]]))
            answers = (form.id, str(row[place["form"]])) == _ANSWERS
            if target is None or not (answers or target.kind in ("sheet", "ledger")):
                self._refuse("B599", f"表 {form.id} 第 {number} 行的 form 列：没有这张表")
            about[target.id].add(str(row[place["record"]]))
            if "value" in place and not _decides(target, str(row[place["field"]]), level):
                self._refuse(
                    "B589", f"表 {form.id} 第 {number} 行的 field 列：这一项不由 {level} 级确定"
                )
        below = self._directory().subtree(self.head.unit)
        for name, uids in about.items():
            for uid, origin, _ in applying.found_by(self.tx, name, sorted(uids)):
                if origin[:12] not in below:
                    self._refuse("B568", f"表 {form.id} 所说的记录 {uid} 不在它的下级")

    def _check_nodes(self, form: Form, rows: Sequence[Row], code_field: str, above: str) -> None:
        """Refuse nodes of the tree that an office puts elsewhere than below itself.

        A row that says here already what it says now places nothing; one that was cut off from
        the tree may be placed anew by its writer.
        """
        if streams.kind(self.head.stream) != streams.UP:
            return
        known, writer, store = self._directory(), self.head.unit, self.tx.store
        below, own, tree = (
            known.subtree(writer),
            known.by_code.get(writer),
            known.subtree(known.root),
        )
        nodes = tree_rules.nodes(
            packet_tables.layout(self.pack, form.id).header, rows, code_field, above
        )
        made = layout(self.tx.tables, form.id)
        held = list(rows_by(self.tx.connection, made, "uid", [node[0] for node in nodes]))
        before = set(tree_rules.nodes(made.columns, held, code_field, above))
        mine = {(uid, code) for uid, code, _ in before}
        for number, (uid, code, parent) in enumerate(nodes, 1):
            if not code or (uid, code, parent) in before:
                continue
            where = f"表 {form.id} 第 {number} 行"
            if code == writer and own and parent == own.parent:
                continue
            if code in (writer, store.unit, store.parent):
                self._refuse("B561", f"{where}：{code} 的上级不由 {writer} 确定")
            if code not in known.by_code and not tree_rules.in_block(known, writer, code):
                self._refuse("B604", f"{where}：{code} 不在 {writer} 的编码段里")
            cut_off = code not in tree and (uid, code) in mine
            if code in known.by_code and code not in below and not cut_off:
                self._refuse("B560", f"{where}：{code} 不在 {writer} 之下")
            self._placed[code] = where

    def _check_placed(self) -> None:
        """Refuse nodes whose parents, all rows laid, do not lead to the writer."""
        writer = self.head.unit
        below = self._directory().subtree(writer) if self._placed else frozenset()
        for code, where in self._placed.items():
            if code not in below:
                self._refuse("B560", f"{where}：{code} 不在 {writer} 之下")

    def _check_levels(self, form: Form, rows: Sequence[Row], place: Mapping[str, int]) -> None:
        """Refuse nodes that an office puts as high as itself: what it decides is not theirs.

        But for kinds of unit that the package puts there, as a township under its county.
        """
        if streams.kind(self.head.stream) != streams.UP:
            return
        mine = LEVELS.index(self._level())
        for number, row in enumerate(rows, 1):
            code, level = str(row[place["union_code"]]), str(row[place["level"]])
            kind, said = units.kind_of(self.pack, code, None), LEVELS.index(level)
            meant = code == self.head.unit or (kind is not None and kind.level == level)
            if said > mine or (said == mine and not meant):
                self._refuse("B603", f"表 {form.id} 第 {number} 行的 level 列：太高")

    def _void(self) -> int:
        """Write the tombstones; return how many there are."""
        dead = self.packet.deleted(self.pack)
        by_form: dict[tuple[str, str], list[str]] = defaultdict(list)
        written = {form: {str(row[0]) for row in rows} for form, rows in self.changed.items()}
        for form, uid, reason in dead:
            found = self.tx.tables.forms.get(form)
            if (
                found is None
                or found.kind == "detail"
                or not streams.carries(self.head.stream, found)
                or uid in written.get(form, ())
            ):
                self._refuse("B593", f"作废清单里有不该有的表或记录：{form} {uid}")
            by_form[form, reason].append(uid)
        for (form, reason), uids in by_form.items():
            if reason == "erase":
                self.gone += self.applying.erase(form, uids)
            else:
                self.applying.void(form, uids)
            self._touched(self.tx.tables.forms[form])
        self.erased = any(reason == "erase" for _, reason in by_form)
        return len(dead)

    def _refuse_details(self, table: str) -> NoReturn:
        self._refuse("B590", f"表 {table} 的行没有所属的记录")

    def _refuse(self, code: str, sentence: str) -> NoReturn:
        raise BundleError(code, f"{sentence}。", _STEP)


def _decides(form: Form, name: str, level: str) -> bool:
    """Return whether an office of `level` decides a field: its own, or a reference to be linked."""
    item = form.by_id.get(name)
    return item is not None and (item.decided_by == level or item.type == "ref")


def attachment_rows(packet: Packet, pack: TaskPack) -> Iterator[Mapping[str, object]]:
    """Yield the rows of table ``attachment`` by column."""
    if packet_tables.ATTACHMENT not in packet.tables:
        return
    columns = packet_tables.layout(pack, packet_tables.ATTACHMENT).header
    for row in packet.rows(packet_tables.ATTACHMENT, pack):
        yield dict(zip(columns, row, strict=True))


def forms_of_stream(stream: str, forms: Mapping[str, Form]) -> Iterable[str]:
    """Return the forms whose rows a full state of `stream` may have brought."""
    return [
        form.id
        for form in forms.values()
        if form.kind != "detail" and streams.carries(stream, form)
    ]
