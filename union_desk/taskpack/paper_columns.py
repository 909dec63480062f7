"""Reading the columns of a block: what is counted in each, over which form, for which rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from union_desk.taskpack.definition import Term
from union_desk.taskpack.document import Scalar
from union_desk.taskpack.expression_tree import FieldValue
from union_desk.taskpack.paper_blocks import Counted, Figure, Shown
from union_desk.taskpack.problems import Trouble
from union_desk.taskpack.reading import Part
from union_desk.taskpack.vocabulary import AGGREGATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.linking import Linker

SHAPES = {"整数": "number", "元": "money", "万元": "wan", "百分比": "percent"}
_UNIT = "单位名称"
_DERIVED = ("比率", "相减", "排名")


def joined(*conditions: Scalar | None) -> Scalar | None:
    """Return conditions that must all hold as one text, in the line of the last."""
    given = [item for item in conditions if item is not None]
    if len(given) < 2:
        return given[0] if given else None
    return Scalar(" and ".join(f"({item.text})" for item in given), given[-1].line)


@dataclass(frozen=True)
class Split:
    """What narrows the terms of a column: the row they fall into, another form, a condition."""

    into: str | None = None
    form: str = ""
    where: Scalar | None = None


_WHOLE = (Split(),)


@dataclass
class Columns:
    """The columns of one block over `form`; `where` is the block's own condition."""

    linker: Linker
    part: Part
    form: str
    where: Scalar | None
    groups: tuple[Field, ...] = ()

    def figures(
        self, parts: Sequence[Part], splits: Sequence[Split] = _WHOLE
    ) -> tuple[Figure, ...]:
        """Return the counted columns, repeated under each code of 列分组."""
        across = self.part.part("列分组")
        if across is None:
            made = [(part, self._figure(part, "", splits)) for part in parts]
            return tuple(self._pointed(part, item, made) for part, item in made)
        found: list[Figure] = []
        for code, label, condition in self._heads(across):
            narrowed = [replace(one, where=joined(one.where, condition)) for one in splits]
            made = [(part, self._figure(part, f"{code}:", narrowed)) for part in parts]
            for part, item in made:
                figure = self._pointed(part, item, made)
                if len(parts) == 1:
                    figure = replace(figure, title=label, upper=across.text("名称"))
                else:
                    figure = replace(figure, upper=label)
                found.append(figure)
        across.close()
        return tuple(found)

    def _heads(self, across: Part) -> list[tuple[str, str, Scalar | None]]:
        """Return code, label and condition of each head of 列分组, 合计 first."""
        across.asked.add("名称")
        named = across.marked("字段", required=True)
        heads: list[tuple[str, str, Scalar | None]] = []
        if across.flag("合计", default=True):
            heads.append(("", "合计", None))
        item = self.linker.forms[self.form].by_id.get(named.text) if named else None
        codes = self.linker.lists.get(item.code_list or "") if item else None
        if named is None or item is None or codes is None:
            line = named.line if named else across.line
            across.add(Trouble.UNKNOWN_FIELD, line, f"{across.title}要用一个有代码表的字段。")
            return heads
        for code in codes.items:
            if not item.choices or code.code in item.choices:
                one, several = f"{item.id} == '{code.code}'", f"has({item.id}, '{code.code}')"
                text = several if item.type == "multi" else one
                heads.append((code.code, code.label, Scalar(text, named.line)))
        return heads

    def _figure(self, part: Part, prefix: str, splits: Sequence[Split]) -> Figure:
        title, upper = part.text("名称", required=True), part.text("上栏")
        counted: list[Counted] = []
        if not any(part.has(key) for key in _DERIVED):
            for item in part.parts("各项", "各项") or [part]:
                for split in splits:
                    made = self._counted(item, split)
                    counted += [made] if made else []
                if item is not part:
                    item.close()
        usual = "percent" if part.has("比率") else "money" if _all_money(counted) else "number"
        figure = Figure(
            id=f"{prefix}{upper}/{title}" if upper else f"{prefix}{title}",
            title=title,
            upper=upper,
            shape=part.word("格式", SHAPES, usual),
            counted=tuple(counted),
            fen=_all_money(counted),
            share=_pair(part, "比率"),
            less=_pair(part, "相减"),
            ranks=part.text("排名") or None,
        )
        part.close()
        return figure

    def _counted(self, part: Part, split: Split) -> Counted | None:
        form = part.text("表", split.form or self.form)
        if form not in self.linker.forms:
            part.add(Trouble.UNKNOWN_FORM, part.line, f"{part.title}用的表“{form}”不存在。")
            return None
        value = part.marked("取值")
        aggregate = part.word("方法", AGGREGATES, "sum" if value else "count")
        own = self.where if form == self.form else None
        where = joined(own, split.where, part.marked("条件"))
        into = split.into or part.text("归入") or None
        names = part.texts("分组") or tuple(item.id for item in self.groups)
        read, file, title = self.linker.expression, part.file, part.title
        term = Term(
            aggregate=aggregate,
            form=form,
            latest_per_unit=part.flag("只取各单位最新一期"),
            where=read(file, form, where, "bool", title),
            value=read(file, form, value, "number" if aggregate == "sum" else "", title),
        )
        told = [read(file, form, Scalar(name, part.line), "", title) for name in names if not into]
        groups = tuple(item for item in told if item is not None)
        return Counted(term, groups, into)

    def _pointed(self, part: Part, figure: Figure, made: Sequence[tuple[Part, Figure]]) -> Figure:
        """Let a quotient, difference or rank point to its columns by their ids."""
        known = {item.id: item for _, item in made}
        prefix = figure.id.rpartition(":")[0]

        def find(name: str) -> str:
            wanted = f"{prefix}:{name}" if prefix or figure.id.startswith(":") else name
            if wanted not in known:
                part.add(Trouble.UNKNOWN_WORD, part.line, f"{part.title}指的列“{name}”不存在。")
            return wanted

        return replace(
            figure,
            share=(find(figure.share[0]), find(figure.share[1])) if figure.share else None,
            less=(find(figure.less[0]), find(figure.less[1])) if figure.less else None,
            ranks=find(figure.ranks) if figure.ranks else None,
        )

    # --- listed --------------------------------------------------------------------------

    def shown(self) -> tuple[Shown, ...]:
        """Return the columns of a list: field ids, 单位名称, or a title with an expression."""
        items = self.part.parts_or_texts("栏")
        found = []
        for number, item in enumerate(items, 1):
            made = self._expressed(item, number) if isinstance(item, Part) else self._plain(item)
            if made is not None:
                found.append(made)
        return tuple(found)

    def _plain(self, node: Scalar) -> Shown | None:
        if node.text == _UNIT:
            return Shown("unit", "填报单位")
        item = self.linker.forms[self.form].by_id.get(node.text)
        if item is None:
            self.part.add(
                Trouble.UNKNOWN_FIELD,
                node.line,
                f"{self.part.title}的“栏”里没有字段“{node.text}”。",
            )
            return None
        return Shown(item.id, "", item)

    def _expressed(self, part: Part, number: int) -> Shown | None:
        title = part.text("名称", required=True)
        text = part.marked("取值", required=True)
        shape = part.word("格式", {**SHAPES, "文字": "text"}, "text")
        summed = part.flag("合计")
        item = self.linker.forms[self.form].by_id.get(text.text) if text else None
        part.close()
        if item is not None:
            return Shown(item.id, title, item, summed=summed)
        value = self.linker.expression(part.file, self.form, text, "", part.title)
        return Shown(f"x{number}", title, value=value, shape=shape, summed=summed)


def _pair(part: Part, key: str) -> tuple[str, str] | None:
    if not part.has(key):
        return None
    names = part.texts(key, required=True)
    if len(names) != 2:
        part.add(Trouble.WRONG_TYPE, part.line, f"{part.title}的“{key}”要写两列的名称。")
        return None
    return names[0], names[1]


def _all_money(counted: Sequence[Counted]) -> bool:
    trees = [item.term.value.tree if item.term.value else None for item in counted]
    return bool(trees) and all(isinstance(tree, FieldValue) and tree.money for tree in trees)
