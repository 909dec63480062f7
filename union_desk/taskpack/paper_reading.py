"""Reading what a report of a package says beyond its head: blocks, letters, comparisons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.taskpack.document import Entries, Scalar
from union_desk.taskpack.paper_blocks import (
    GROUPS,
    LINES,
    LIST,
    SUM,
    UNITS,
    Block,
    Body,
    Letter,
    MatrixSheet,
    Passage,
    RowKey,
)
from union_desk.taskpack.paper_columns import Columns, Split
from union_desk.taskpack.paper_sheet_reading import read_layout
from union_desk.taskpack.problems import Trouble
from union_desk.taskpack.reading import Part
from union_desk.taskpack.vocabulary import LEVELS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from union_desk.taskpack.definition import Field, Report
    from union_desk.taskpack.drafts import ReportDraft
    from union_desk.taskpack.expression import Expression
    from union_desk.taskpack.linking import Linker

_ROWS = {"下级单位": UNITS, "逐条": LIST, "合计": SUM}
_SPANS = {"累计": "year", "本期": "period", "时点": "day"}
_SUBJECTS = {"指标": "progress", "报送": "filings"}
_PASSAGES = {
    "段": "text", "一级标题": "first", "二级标题": "second", "指标": "progress",
    "滞后": "lagging", "表": "block", "退回": "returned", "未报": "overdue",
    "纸质待补": "awaited",
    "分单位": "units",
}  # fmt: skip
PLACES = frozenset(
    {"单位", "上级", "下级", "期间", "本期", "依据", "制定机关", "截至", "应报", "已报", "限期"}
)
"""Words in braces that the texts of a letter may have."""


def read_body(draft: ReportDraft, linker: Linker, indicators: Collection[str]) -> Report:
    """Return the report with its body read; what cannot stand is a problem."""
    part = draft.part
    if part is None:
        return draft.report
    reading = _Reading(draft.report, part, linker, indicators)
    blocks, sheets = reading.blocks(), reading.sheets()
    body = Body(
        blocks=blocks,
        letter=reading.letter(blocks),
        span=part.word("口径", _SPANS),
        where=reading.where(),
        mark=part.text("标注"),
        notes=part.texts("附注"),
        measure=part.text("计量单位"),
        sheet=read_layout(
            part.part("单条版面"), linker.forms.get(draft.report.record_form or ""), linker
        ),
        sheets=sheets,
        subject=reading.subject,
    )
    return replace(draft.report, body=body)


@dataclass
class _Reading:
    """The reading of one report."""

    report: Report
    part: Part
    linker: Linker
    indicators: Collection[str]
    columns: list[Part] = field(default_factory=list)
    """列 of the block before, for 列同上."""
    subject: str = ""
    """What a comparison compares."""

    def where(self) -> Expression | None:
        """Return the condition of a roster's rows."""
        text = self.part.marked("条件")
        form = self.report.forms[0] if self.report.forms else ""
        if text is None or form not in self.linker.forms:
            return None
        return self._condition(self.part, form, text)

    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks."""
        found: list[Block] = []
        for number, part in enumerate(self.part.parts("表块", "表块"), 1):
            block = self._block(part, f"t{number}")
            part.close()
            if block is not None:
                found.append(block)
        return tuple(found)

    def _block(self, part: Part, name: str) -> Block | None:
        form = part.text("用表", self.report.forms[0] if self.report.forms else "")
        if form not in self.linker.forms:
            part.add(Trouble.UNKNOWN_FORM, part.line, f"{part.title}用的表“{form}”不存在。")
            part.asked.update(key.text for key, _ in part.node.pairs)
            return None
        kind, groups = self._rows(part, form)
        where = part.marked("条件")
        block = Block(
            id=part.text("编号", name),
            kind=kind,
            form=form,
            title=part.text("标题"),
            label=part.text("行名"),
            groups=groups,
            total=part.flag("合计", default=kind not in {LINES, LIST, SUM}),
            sparse=part.flag("略去空行"),
            nil=part.text("空表"),
            levels=part.words("级别", LEVELS),
            where=self._condition(part, form, where),
        )
        columns = Columns(self.linker, part, form, where, groups)
        if kind == LIST:
            return self._list(part, block, columns)
        if kind == LINES:
            lines = part.parts("各行", "各行", required=True)
            return self._lines(part, block, columns, lines)
        figures = columns.figures(self._columns(part))
        rows = self._row_keys(groups) if kind == GROUPS else ()
        return replace(block, figures=figures, rows=rows)

    def _condition(self, part: Part, form: str, text: Scalar | None) -> Expression | None:
        return self.linker.expression(part.file, form, text, "bool", part.title)

    def _rows(self, part: Part, form: str) -> tuple[str, tuple[Field, ...]]:
        if part.has("各行"):
            return LINES, ()
        listed = part.has("行") and not any(
            key.text == "行" and isinstance(node, Scalar) for key, node in part.node.pairs
        )
        nodes = part.scalars("行") if listed else ()
        if not listed:
            node = part.marked("行", required=True)
            if node is not None and node.text in _ROWS:
                return _ROWS[node.text], ()
            nodes = (node,) if node is not None else ()
        known = self.linker.forms[form].by_id
        fields = []
        for node in nodes:
            if node.text not in known:
                part.add(
                    Trouble.UNKNOWN_FIELD, node.line, f"{part.title}的“行”里没有字段“{node.text}”。"
                )
            else:
                fields.append(known[node.text])
        return GROUPS, tuple(fields)

    def _row_keys(self, groups: tuple[Field, ...]) -> tuple[RowKey, ...]:
        """Return the rows that print in any case: the codes of the only field."""
        if len(groups) != 1:
            return ()
        item = groups[0]
        if item.type == "bool":
            return (RowKey("1", "是"), RowKey("0", "否"))
        codes = self.linker.lists.get(item.code_list or "")
        if codes is None or item.type != "choice":
            return ()
        return tuple(
            RowKey(code.code, code.label)
            for code in codes.items
            if not item.choices or code.code in item.choices
        )

    def _columns(self, part: Part) -> list[Part]:
        if part.flag("列同上"):
            if not self.columns:
                part.add(Trouble.NOT_APPLICABLE, part.line, f"{part.title}上面没有表块。")
            return self.columns
        self.columns = part.parts("列", "列", required=True)
        return self.columns

    def _list(self, part: Part, block: Block, columns: Columns) -> Block:
        shown = columns.shown()
        order = tuple(
            found
            for node in part.scalars("排序")
            if (found := self.linker.expression(part.file, block.form, node, "", part.title))
        )
        band = self.linker.expression(
            part.file, block.form, part.marked("分带"), "text", part.title
        )
        return replace(block, shown=shown, order=order, band=band)

    def _lines(self, part: Part, block: Block, columns: Columns, lines: list[Part]) -> Block:
        rows, splits = [], []
        for number, line in enumerate(lines, 1):
            rows.append(RowKey(f"r{number}", line.text("名称", required=True)))
            splits.append(Split(f"r{number}", line.text("表"), line.marked("条件")))
            line.close()
        figures = columns.figures(self._columns(part), splits)
        return replace(block, rows=tuple(rows), figures=figures)

    def letter(self, blocks: tuple[Block, ...]) -> Letter | None:
        """Return the letter, if the report is one."""
        part = self.part.part("公文")
        if part is None:
            return None
        passages = []
        for inner in part.parts("正文", "正文", required=True):
            levels = inner.words("级别", LEVELS)
            kind = next((word for word in _PASSAGES if inner.has(word)), None)
            if kind is None:
                inner.add(
                    Trouble.MISSING_KEY,
                    inner.line,
                    f"{inner.title}要写其中一种：{'、'.join(_PASSAGES)}。",
                )
                continue
            text = inner.text(kind, required=True)
            block = text if kind == "表" else ""
            if block and block not in {item.id for item in blocks}:
                inner.add(Trouble.UNKNOWN_WORD, inner.line, f"{inner.title}里没有表块“{block}”。")
            self._check_places(inner, text)
            passages.append(Passage(_PASSAGES[kind], text, block, levels))
            inner.close()
        letter = Letter(
            title=self._by_level(part, "标题", required=True),
            addressee=self._by_level(part, "主送", required=True),
            passages=tuple(passages),
            attachment=self._by_level(part, "附件"),
        )
        part.close()
        return letter

    def _by_level(self, part: Part, key: str, *, required: bool = False) -> Mapping[str, str]:
        """Return a text by level: one for all, or one under each level's name."""
        node = next((node for name, node in part.node.pairs if name.text == key), None)
        if not isinstance(node, Entries):
            text = part.text(key, required=required)
            self._check_places(part, text)
            return MappingProxyType(dict.fromkeys(LEVELS.values(), text))
        part.asked.add(key)
        inner = Part(node, part.file, part.problems, f"{part.title}的“{key}”")
        found = {level: inner.text(word, required=required) for word, level in LEVELS.items()}
        for text in found.values():
            self._check_places(inner, text)
        inner.close()
        return MappingProxyType(found)

    def _check_places(self, part: Part, text: str) -> None:
        for place in re.findall(r"\{([^}]*)\}", text):
            if place not in PLACES:
                part.add(
                    Trouble.UNKNOWN_WORD,
                    part.line,
                    f"{part.title}里的“{{{place}}}”不认识，可用：{'、'.join(sorted(PLACES))}。",
                )

    def sheets(self) -> tuple[MatrixSheet, ...]:
        """Return the sheets of a comparison; what it compares is in `subject` afterwards."""
        part = self.part.part("对照")
        if part is None:
            return ()
        sheets = []
        for inner in part.parts("分张", "分张"):
            names = inner.scalars("指标", required=True)
            for node in names:
                if node.text not in self.indicators:
                    inner.add(
                        Trouble.UNKNOWN_WORD, node.line, f"{inner.title}里没有指标“{node.text}”。"
                    )
            sheets.append(MatrixSheet(inner.text("标题"), tuple(node.text for node in names)))
            inner.close()
        self.subject = part.word("内容", _SUBJECTS, "progress", required=True)
        part.close()
        return tuple(sheets)
