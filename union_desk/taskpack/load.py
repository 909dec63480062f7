"""A folder or ZIP archive of YAML files -> a task package, or all that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from union_desk.errors import PackageError
from union_desk.taskpack import contents, names, sources
from union_desk.taskpack.building import read_area
from union_desk.taskpack.definition import (
    CodeList,
    Parameter,
    TaskPack,
    WorkArea,
)
from union_desk.taskpack.document import Entries, Scalar, parse
from union_desk.taskpack.linking import Linker
from union_desk.taskpack.organisation import Directory, Unit, UnitKind
from union_desk.taskpack.paper_reading import read_body
from union_desk.taskpack.problems import Problem, Problems, Trouble
from union_desk.taskpack.reading import Part
from union_desk.taskpack.references import check_form
from union_desk.taskpack.system import SYSTEM_FORMS, SYSTEM_LISTS
from union_desk.taskpack.vocabulary import FILINGS, PARAMETER_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from union_desk.taskpack.drafts import FormDraft, IndicatorDraft, ReportDraft

FORMAT = 1
VERSION = r"\d{1,4}(\.\d{1,4}){1,2}"
"""The format number this program reads."""
CODES, INDICATORS, UNITS, REPORTS = "codes.yaml", "indicators.yaml", "units.yaml", "reports.yaml"


class BadPackageError(PackageError):
    """A package with problems: all of them."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "P200",
            f"任务包“{path.name}”有 {len(problems)} 处问题，不能使用。第一处：{problems[0]}",
            "请用 taskpack check 列出全部问题，改正后再装入。",
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What reading a package yields: the package, or None and what is wrong."""

    pack: TaskPack | None
    problems: tuple[Problem, ...]


def load(path: Path) -> TaskPack:
    """Return the task package of a folder or ZIP archive; BadPackageError if anything is wrong."""
    loaded = read(path)
    if loaded.pack is None:
        raise BadPackageError(path, loaded.problems)
    return loaded.pack


def read(path: Path) -> Loaded:
    """Return the package and no problem, or all problems and no package."""
    problems = Problems()
    files = sources.read_files(path, problems)
    pack = _Package(files, problems).build() if files and not problems.found else None
    if not problems.found and pack is None:
        problems.add(
            Trouble.MISSING_FILE, sources.HEAD_FILE, 1, "任务包里没有任何文件，请核对路径。"
        )
    return Loaded(None if problems.found else pack, problems.sorted())


class _Package:
    """The reading of one package: head, lists, forms, then all that refers to them."""

    def __init__(self, files: Mapping[str, bytes], problems: Problems) -> None:
        self.files = files
        self.problems = problems
        self.read_names = {sources.HEAD_FILE, CODES, INDICATORS, UNITS, REPORTS}
        self.area_titles: dict[str, str] = {}
        self.reasons: tuple[str, ...] = ()

    def build(self) -> TaskPack | None:
        """Read everything; None when a problem leaves no package to speak of."""
        head = self.part(sources.HEAD_FILE, "任务包")
        if head is None or not self._format(head):
            return None
        values = self._head(head)
        areas, drafts = self._areas(head)
        for name in self.files.keys() - self.read_names:
            self.problems.add(
                Trouble.UNKNOWN_FILE, name, 1, f"任务包用不到文件“{name}”，请移走或在领域里登记。"
            )
        lists = self._lists()
        indicators = self._indicators()
        reports = self._reports()
        directory = self._directory(head, drafts)
        units, kinds, duties = self._units(drafts, _category(directory, drafts, lists))
        head.close()
        if self.problems.documents_broken:
            return None
        for draft in drafts.values():
            check_form(draft, drafts, lists, self.problems)
        self._check_numbers(drafts)
        self._check_reports(reports, drafts)
        if self.problems.fields_broken or directory is None:
            return None
        linker = Linker(drafts, lists, values["parameters"], self.problems)
        forms = {form_id: linker.form(draft) for form_id, draft in drafts.items()}
        known = {item.indicator.id for item in indicators}
        return TaskPack(
            **values,
            areas=areas,
            code_lists=MappingProxyType(lists),
            forms=MappingProxyType(forms),
            indicators=MappingProxyType(
                {item.indicator.id: linker.indicator(item) for item in indicators}
            ),
            units=units,
            unit_kinds=kinds,
            duties=MappingProxyType(duties),
            directory=directory,
            reports=MappingProxyType(
                {item.report.id: read_body(item, linker, known) for item in reports}
            ),
            digest=sources.digest(self.files),
            system_lists=SYSTEM_LISTS,
        )

    def part(self, name: str, title: str, place: Scalar | None = None) -> Part | None:
        """Return the mapping that is the file `name`."""
        if name not in self.files:
            file, line = (sources.HEAD_FILE, place.line) if place else (name, 1)
            self.problems.add(Trouble.MISSING_FILE, file, line, f"任务包缺少文件“{name}”。")
            return None
        node = parse(name, self.files[name], self.problems)
        if node is None:
            return None
        if not isinstance(node, Entries):
            self.problems.add(Trouble.WRONG_TYPE, name, node.line, "文件应由若干“名称: 值”组成。")
            return None
        return Part(node, name, self.problems, title)

    def _format(self, head: Part) -> bool:
        node = head.marked("格式", required=True)
        if node is None:
            return False
        if node.text == str(FORMAT):
            return True
        newer = node.text.isdigit() and int(node.text) > FORMAT
        sentence = (
            f"任务包的格式是 {node.text}，比本程序认识的 {FORMAT} 新，请先升级程序。"
            if newer
            else f"任务包的“格式”应是 {FORMAT}，不是“{node.text}”。"
        )
        head.add(Trouble.FORMAT, node.line, sentence)
        return False

    def _head(self, head: Part) -> dict[str, Any]:
        self.reasons = head.texts("通用理由")
        first, last = self._year(head)
        due = head.part("报送期限", required=True)
        days = (
            {kind: due.integer(word, required=True) for word, kind in FILINGS.items()}
            if due
            else {}
        )
        if due:
            due.close()
        name = head.marked("编号", required=True)
        if name is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,39}", name.text):
            head.add(
                Trouble.BAD_ID, name.line, "任务包编号只含小写字母、数字和“-”，不超过 40 个字。"
            )
        version = head.marked("版本", required=True)
        if version is not None and not re.fullmatch(VERSION, version.text):
            head.add(
                Trouble.WRONG_TYPE,
                version.line,
                f"“版本”应写成 1.0、1.1、2.0 这样，不是“{version.text}”。",
            )
        return {
            "id": name.text if name else "",
            "version": version.text if version else "",
            "title": head.text("名称", required=True),
            "year": head.integer("年度", required=True),
            "year_from": first,
            "year_to": last,
            "document": head.text("文号", required=True),
            "issuer": head.text("制定机关", required=True),
            "parameters": self._parameters(head),
            "due_days": MappingProxyType(days),
            "active_days": head.integer("最少活动天数", 15),
            "second_sign_in": head.flag("第二人登录"),
        }

    def _year(self, head: Part) -> tuple[str, str]:
        node = head.marked("年度起止", required=True)
        if node is None:
            return "", ""
        day = r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))"
        match = re.fullmatch(rf"{day}\s*\.\.\s*{day}", node.text.strip())
        if match is None or match[1] >= match[2]:
            head.add(
                Trouble.WRONG_TYPE,
                node.line,
                f"“年度起止”应写成 2012-01-01..2012-12-31 这样，不是“{node.text}”。",
            )
            return "", ""
        return match[1], match[2]

    def _parameters(self, head: Part) -> Mapping[str, Parameter]:
        found = {}
        for name, inner in head.named("参数", "参数"):
            names.mark(inner, name.text, name.line, "参数")
            found[name.text] = Parameter(
                name.text,
                inner.text("名称", required=True),
                inner.text("值") or None,
                inner.word("类型", PARAMETER_TYPES, "decimal", required=True),
            )
            inner.close()
        return MappingProxyType(found)

    def _areas(self, head: Part) -> tuple[tuple[WorkArea, ...], dict[str, FormDraft]]:
        areas = []
        drafts: dict[str, FormDraft] = {}
        for name, inner in head.named("领域", "领域", required=True):
            areas.append(WorkArea(name.text, inner.text("名称", required=True), inner.text("图标")))
            self.area_titles[name.text] = name.text
            file = inner.marked("文件", required=True)
            inner.close()
            if file is None:
                continue
            self.read_names.add(file.text)
            part = self.part(file.text, f"领域 {name.text}", file)
            for draft in read_area(part, name.text, default_reasons=self.reasons) if part else ():
                self._take(draft, drafts)
        ordered = sorted(drafts.items(), key=lambda pair: _rank(pair[1], drafts))
        return tuple(areas), dict(ordered)

    def _take(self, draft: FormDraft, drafts: dict[str, FormDraft]) -> None:
        other = drafts.get(draft.form.id)
        if other is None:
            drafts[draft.form.id] = draft
            return
        self.problems.add(
            Trouble.DUPLICATE_ID,
            draft.file,
            draft.line,
            f"表“{draft.form.id}”在 {other.file} 第 {other.line} 行已有，请改名。",
        )

    def _lists(self) -> dict[str, CodeList]:
        part = self.part(CODES, "代码表文件")
        return contents.read_code_lists(part) if part else {}

    def _indicators(self) -> list[IndicatorDraft]:
        part = self.part(INDICATORS, "指标文件")
        return contents.read_indicators(part, self.area_titles) if part else []

    def _reports(self) -> list[ReportDraft]:
        part = self.part(REPORTS, "报表文件")
        return contents.read_reports(part) if part else []

    def _units(
        self, drafts: Mapping[str, FormDraft], category: CodeList | None
    ) -> tuple[tuple[Unit, ...], tuple[UnitKind, ...], dict[tuple[str, str], str]]:
        part = self.part(UNITS, "单位文件")
        if part is None:
            return (), (), {}
        top = [name for name, draft in drafts.items() if draft.form.kind != "detail"]
        return contents.read_units(part, top, category)

    def _directory(self, head: Part, drafts: Mapping[str, FormDraft]) -> Directory | None:
        part = head.part("工会名录", required=True)
        if part is None:
            return None
        form = part.marked("表", required=True)
        roles = {
            "编码": "code", "名称": "name", "上级": "parent", "区划": "division",
            "类别": "category", "成立": "opened", "撤销": "closed",
        }  # fmt: skip
        values = {role: part.marked(word, required=True) for word, role in roles.items()}
        part.close()
        draft = drafts.get(form.text) if form else None
        if form is not None and draft is None:
            head.add(Trouble.UNKNOWN_FORM, form.line, f"工会名录用的表“{form.text}”不存在。")
        for value in values.values():
            if value is not None and draft is not None and value.text not in draft.fields:
                head.add(
                    Trouble.UNKNOWN_FIELD, value.line, f"工会名录用的字段“{value.text}”不存在。"
                )
        found = {role: value.text for role, value in values.items() if value is not None}
        if form is None or len(found) < len(roles):
            return None
        return Directory(form=form.text, **found)

    def _check_numbers(self, drafts: Mapping[str, FormDraft]) -> None:
        numbers: dict[int, str] = {}
        for draft in drafts.values():
            number, form = draft.form.number, draft.form.id
            if draft.form.kind != "detail" and numbers.setdefault(number, form) != form:
                self.problems.add(
                    Trouble.DUPLICATE_ID,
                    draft.file,
                    draft.place("number"),
                    f"表“{form}”的序号 {number} 与表“{numbers[number]}”相同，请换一个。",
                )
        seen: dict[str, FormDraft] = {}
        for draft in drafts.values():
            for check in draft.checks:
                other = seen.setdefault(check.id, draft)
                if other is not draft:
                    self.problems.add(
                        Trouble.DUPLICATE_ID,
                        draft.file,
                        check.line,
                        f"审核编号 {check.id} 在表“{other.form.id}”里已用过，请换一个。",
                    )

    def _check_reports(self, reports: list[ReportDraft], drafts: Mapping[str, FormDraft]) -> None:
        known = drafts.keys() | SYSTEM_FORMS.keys()
        for item in reports:
            report = item.report
            for form in (*report.forms, *((report.record_form,) if report.record_form else ())):
                if form not in known:
                    key = "单条表" if form == report.record_form else "用表"
                    self.problems.add(
                        Trouble.UNKNOWN_FORM,
                        item.file,
                        item.marks.get(key, item.line),
                        f"报表 {report.id} 用的表“{form}”不存在。",
                    )
            main = drafts.get(report.forms[0]) if report.forms else None
            for name in report.columns:
                if main is None or name not in main.fields:
                    self.problems.add(
                        Trouble.UNKNOWN_FIELD,
                        item.file,
                        item.marks.get("栏目", item.line),
                        f"报表 {report.id} 的“栏目”里没有字段“{name}”。",
                    )


def _category(
    directory: Directory | None, drafts: Mapping[str, FormDraft], lists: Mapping[str, CodeList]
) -> CodeList | None:
    """Return the code list whose attributes tell kinds of unit apart."""
    draft = drafts.get(directory.form) if directory else None
    item = draft.fields.get(directory.category) if draft and directory else None
    return lists.get(item.field.code_list or "") if item else None


def _rank(draft: FormDraft, drafts: Mapping[str, FormDraft]) -> tuple[int, bool, int]:
    """Order of the forms: by number, each detail behind its parent."""
    parent = drafts.get(draft.form.detail_of or "")
    number = parent.form.number if parent else draft.form.number
    return number, draft.form.kind == "detail", draft.line
