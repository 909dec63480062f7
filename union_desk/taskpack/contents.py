"""Reading what stands beside the forms: code lists, indicators, units, reports."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.taskpack import names
from union_desk.taskpack.definition import (
    CodeItem,
    CodeList,
    Indicator,
    Report,
    Target,
    Term,
)
from union_desk.taskpack.document import Entries, Scalar
from union_desk.taskpack.drafts import IndicatorDraft, ReportDraft, TermDraft
from union_desk.taskpack.identity_numbers import check_digit_holds
from union_desk.taskpack.organisation import Unit, UnitKind
from union_desk.taskpack.paper_blocks import BODY_KEYS
from union_desk.taskpack.problems import Trouble
from union_desk.taskpack.reading import NO, YES, Part
from union_desk.taskpack.references import cycles
from union_desk.taskpack.vocabulary import (
    AGGREGATES,
    BASES,
    BLOCKS,
    DUTIES,
    LAYOUTS,
    LEVELS,
    ROLL_UPS,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def read_code_lists(part: Part) -> dict[str, CodeList]:
    """Return the code lists of their file by id."""
    lists: dict[str, CodeList] = {}
    for name, inner in part.all_named("代码表"):
        names.mark(inner, name.text, name.line, "代码表")
        items = inner.part("代码", required=True)
        lists[name.text] = CodeList(
            name.text,
            inner.text("名称", required=True),
            _codes(items) if items else (),
            inner.text("来源"),
        )
        inner.close()
    return lists


def _codes(part: Part) -> tuple[CodeItem, ...]:
    found = []
    labels: dict[str, int] = {}
    for code, node in part.node.pairs:
        if not re.fullmatch(r"[0-9A-Za-z]{1,12}", code.text):
            part.add(
                Trouble.BAD_ID, code.line, f"代码“{code.text}”只能含字母和数字，不超过 12 个字。"
            )
            continue
        attributes: dict[str, str | bool] = {}
        if isinstance(node, Scalar):
            label = node.text.strip()
        elif isinstance(node, Entries):
            inner = Part(node, part.file, part.problems, f"代码 {code.text}")
            label = inner.text("名称", required=True)
            attributes = _attributes(inner.part("属性"))
            inner.close()
        else:
            label = ""
        if not label:
            part.add(Trouble.MISSING_KEY, code.line, f"代码“{code.text}”后面没有名称。")
        elif label in labels:
            part.add(
                Trouble.DUPLICATE_ID,
                code.line,
                f"名称“{label}”第 {labels[label]} 行已有，填报时会分不清。",
            )
        labels[label] = code.line
        found.append(CodeItem(code.text, label, MappingProxyType(attributes)))
    if not found:
        part.add(Trouble.MISSING_KEY, part.line, f"{part.title}里没有一个代码。")
    return tuple(found)


def _attributes(part: Part | None) -> dict[str, str | bool]:
    found: dict[str, str | bool] = {}
    if part is None:
        return found
    for name, _ in part.node.pairs:
        names.mark(part, name.text, name.line, "属性")
        text = part.text(name.text, required=True)
        found[name.text] = text == YES if text in {YES, NO} else text
    return found


def read_indicators(part: Part, areas: Mapping[str, str]) -> list[IndicatorDraft]:
    """Return the indicators of their file, terms still as text."""
    found = []
    for name, inner in part.all_named("指标"):
        names.mark(inner, name.text, name.line, "指标")
        by = inner.marked("分组")
        indicator = Indicator(
            id=name.text,
            title=inner.text("名称", required=True),
            measure=inner.text("计量单位", required=True),
            area=inner.word("领域", areas, required=True),
            numerator=(),
            scale=inner.integer("倍数", 1),
            by=by.text.strip() if by else None,
            basis=inner.word("口径", BASES, "flow", required=True),
            roll_up=inner.word("汇总", ROLL_UPS, "sum", required=True),
            target=_target(inner),
            base=inner.text("分解基数"),
            source=inner.text("依据"),
        )
        draft = IndicatorDraft(
            indicator,
            part.file,
            name.line,
            [_term(item) for item in inner.parts("分子", "分子", required=True)],
            [_term(item) for item in inner.parts("分母", "分母")],
        )
        if by:
            draft.marks["by"] = by.line
        found.append(draft)
        inner.close()
    return found


def _target(part: Part) -> Target | None:
    node = part.marked("目标")
    if node is None:
        return None
    match = re.fullmatch(r"(>=|<=)\s*(\d{1,12}(?:\.\d{1,4})?)", node.text.strip())
    if match is None:
        part.add(
            Trouble.TARGET,
            node.line,
            f"{part.title}的“目标”应写成“>= 2000”或“<= 5”，不是“{node.text}”。",
        )
        return None
    return Target(match[1], float(match[2]), part.text("依据"))


def _term(part: Part) -> TermDraft:
    aggregate = part.word("方法", AGGREGATES, "count", required=True)
    value = part.marked("取值", required=aggregate != "count")
    if aggregate == "count" and value is not None:
        part.add(Trouble.NOT_APPLICABLE, value.line, f"{part.title}是计数，不写“取值”。")
        value = None
    form = part.marked("表", required=True)
    term = Term(
        aggregate=aggregate,
        form=form.text.strip() if form else "",
        latest_per_unit=part.flag("只取各单位最新一期"),
    )
    where = part.marked("条件")
    part.close()
    return TermDraft(term, form.line if form else part.line, value, where)


def read_reports(part: Part) -> list[ReportDraft]:
    """Return the reports of their file."""
    found = []
    for name, inner in part.all_named("报表"):
        names.mark(inner, name.text, name.line, "报表")
        single = inner.text("单条表") or None
        report = Report(
            id=name.text,
            title=inner.text("名称", required=True),
            layout=inner.word("版式", LAYOUTS, "table", required=True),
            levels=inner.words("级别", LEVELS, required=True),
            forms=inner.texts("用表"),
            columns=inner.texts("栏目"),
            landscape=inner.flag("横排"),
            block=inner.word("签章", BLOCKS, "A", required=True),
            content=inner.text("内容", required=True),
            table_code=inner.text("表号", name.text),
            needs_record=inner.flag("须指明一条"),
            record_form=single,
            record_block=inner.word("单条签章", BLOCKS, required=single is not None),
            heading=inner.text("印出标题"),
            record_heading=inner.text("单条标题"),
        )
        draft = ReportDraft(report, part.file, name.line, part=inner)
        draft.marks.update({key.text: node.line for key, node in inner.node.pairs})
        found.append(draft)
        inner.asked.update(BODY_KEYS)
        inner.close()
    return found


def read_units(
    part: Part, forms: Collection[str], category: CodeList | None
) -> tuple[tuple[Unit, ...], tuple[UnitKind, ...], dict[tuple[str, str], str]]:
    """Return units, kinds of unit and duties.

    :param forms: the sheets and ledgers, each of which must say who owes it.
    :param category: the code list whose attributes tell kinds of unit apart.
    """
    units = _units(part)
    kinds = tuple(
        _kind(inner, name, category)
        for name, inner in part.named("单位类型", "单位类型", required=True)
    )
    duties = _duties(part, forms, {kind.id: kind.id for kind in kinds})
    part.close()
    return units, kinds, duties


def _kind(part: Part, name: Scalar, category: CodeList | None) -> UnitKind:
    names.mark(part, name.text, name.line, "单位类型")
    attribute = part.marked("类别属性")
    if (
        attribute is not None
        and category is not None
        and not any(attribute.text in item.attributes for item in category.items)
    ):
        part.add(
            Trouble.UNKNOWN_ATTRIBUTE,
            attribute.line,
            f"{part.title}的类别属性“{attribute.text}”在代码表“{category.id}”里没有。",
        )
    kind = UnitKind(
        id=name.text,
        code_digit=part.word("编码第七位", {digit: digit for digit in "01234"}, required=True),
        title=part.text("名称", required=True),
        level=part.word("级别", LEVELS, "grassroots", required=True),
        attribute=attribute.text if attribute else None,
    )
    part.close()
    return kind


def _units(part: Part) -> tuple[Unit, ...]:
    found = []
    lines: dict[str, int] = {}
    parents: list[tuple[Part, Scalar]] = []
    for name, inner in part.named("单位", "单位", required=True):
        if len(name.text) != 12 or not check_digit_holds("mod_11_10", name.text):
            inner.add(
                Trouble.CHECK_DIGIT,
                name.line,
                f"单位编码“{name.text}”不是 12 位数字，或校验位不对，请核对。",
            )
        lines[name.text] = name.line
        parent = inner.marked("上级")
        if parent is not None:
            parents.append((inner, parent))
        found.append(
            Unit(
                code=name.text,
                name=inner.text("名称", required=True),
                parent=parent.text.strip() if parent else None,
                level=inner.word("级别", LEVELS, "county", required=True),
                division=inner.text("区划") or None,
                local=inner.flag("自编代码"),
                short=inner.text("简称") or inner.text("名称"),
            )
        )
        inner.close()
    for inner, parent in parents:
        if parent.text.strip() not in lines:
            inner.add(
                Trouble.UNKNOWN_UNIT,
                parent.line,
                f"{inner.title}的上级“{parent.text}”不在单位表里，请核对编码。",
            )
    tops = [unit.code for unit in found if unit.parent is None]
    if len(tops) > 1:
        part.add(
            Trouble.UNKNOWN_UNIT,
            lines[tops[1]],
            f"只能有一个单位没有上级，这里有：{'、'.join(tops)}。",
        )
    for code in sorted(cycles({unit.code: [unit.parent or ""] for unit in found})):
        part.add(Trouble.CYCLE, lines[code], f"单位 {code} 的上级绕回到它自己，请核对编码。")
    return tuple(found)


def _duties(
    part: Part, forms: Collection[str], kinds: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    duties: dict[tuple[str, str], str] = {}
    written = part.named("应报", "应报", required=True)
    for name, inner in written:
        if name.text not in forms:
            inner.add(
                Trouble.UNKNOWN_FORM, name.line, f"应报里的“{name.text}”不是本任务包的报表或台账。"
            )
            inner.asked.update(DUTIES)
            inner.close()
            continue
        for word, duty in DUTIES.items():
            for node in inner.scalars(word):
                kind = inner.look_up(node, word, kinds, code=Trouble.UNKNOWN_UNIT)
                if (name.text, kind) in duties:
                    inner.add(Trouble.DUPLICATE_ID, node.line, f"{inner.title}里“{kind}”写了两次。")
                elif kind:
                    duties[name.text, kind] = duty
        for kind in kinds:
            duties.setdefault((name.text, kind), "none")
        inner.close()
    missing = set(forms) - {name.text for name, _ in written}
    if written and missing:
        part.add(
            Trouble.MISSING_KEY, part.line, f"应报里缺少这些表：{'、'.join(sorted(missing))}。"
        )
    return duties
