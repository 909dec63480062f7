"""Every way a careful office worker can go wrong gives a problem with the right file and line.

Each case changes the real package in one place; the problem must stand in the file that was
changed, at the changed line (or at `at`, the text of another line), with its own code.
"""

from dataclasses import dataclass

import pytest

from union_desk import resources
from union_desk.errors import PackageError
from union_desk.taskpack import load

SOURCE = resources.taskpacks() / "lszgh-2012-55"
FILES = {path.name: path.read_text("utf-8") for path in sorted(SOURCE.iterdir())}
HEAD, CODES, INDICATORS, UNITS, REPORTS = (
    "taskpack.yaml",
    "codes.yaml",
    "indicators.yaml",
    "units.yaml",
    "reports.yaml",
)
BASE, VANGUARD, UNIONS, LIVELIHOOD, LABOUR = (
    "area-0-base.yaml",
    "area-1-vanguard.yaml",
    "area-2-unions-and-wages.yaml",
    "area-3-livelihood.yaml",
    "area-4-labour-relations.yaml",
)
CULTURE, SERVICE, INFORMATION = (
    "area-5-culture.yaml",
    "area-6-service.yaml",
    "area-7-information.yaml",
)


@dataclass(frozen=True)
class Slip:
    """One change to one file, and the problem it must give."""

    name: str
    file: str
    old: str
    new: str
    code: str
    words: str = ""
    at: str = ""

    def changed(self) -> str:
        text = FILES[self.file]
        assert text.count(self.old) >= 1, f"{self.old!r} is no longer in {self.file}"
        return text.replace(self.old, self.new, 1)

    def line(self) -> int:
        before, after = FILES[self.file].splitlines(), self.changed().splitlines()
        if self.at:
            return next(number for number, line in enumerate(after, 1) if self.at in line)
        pairs = zip(before, after, strict=False)
        return next(
            (number for number, (old, new) in enumerate(pairs, 1) if old != new), len(before)
        )


E_WHEN = "要求: year(pay_date) == stat_year"
# fmt: off
SLIPS = [
    # YAML itself
    Slip("a tab", LIVELIHOOD, "    序号: 10", "\t序号: 10", "P204", "制表符"),
    Slip("a bracket left open", HEAD, "通用理由: [已核实无误]", "通用理由: [已核实无误", "P204", "YAML", at="领域:"),
    Slip("a full-width colon", HEAD, "年度: 2012", "年度：2012", "P204", "半角", at="年度起止"),
    Slip("an anchor", CODES, "名称: 性别", "名称: &x 性别", "P205", "引用"),
    Slip("an alias", CODES, "名称: 性别", "名称: *x", "P205", "引用"),
    Slip("a merge key", CODES, "  名称: 性别", "  <<: 性别", "P205", "并入"),
    Slip("a tag", CODES, "名称: 性别", "名称: !!python/none 性别", "P205", "类型"),
    Slip("a second document", CODES, "gender:", "---\ngender:", "P205", "一份"),
    Slip("a key written twice", UNIONS, "    周期: 月\n    查重键: [uscc", "    周期: 月\n    周期: 季\n    查重键: [uscc", "P206", "周期"),
    Slip("a field written twice in a section", VANGUARD, "          host_level: {", "          kind: {", "P206", "kind"),
    Slip("a code written twice", CODES, '"2": 女', '"1": 女', "P206"),
    # keys and values
    Slip("a misspelt key", VANGUARD, "代码表: contest_kind", "代码标: contest_kind", "P209", "代码表"),
    Slip("a key of another place", HEAD, "文号: 乐工发〔2012〕55号", "文号: 乐工发〔2012〕55号\n签发: 某人", "P209", "签发"),
    Slip("no label", VANGUARD, "name: {名称: 竞赛名称, 类型: 文本", "name: {类型: 文本", "P210", "名称"),
    Slip("an empty value", BASE, "    名称: 基层工会基本情况季报表", "    名称:", "P210", "没有值"),
    Slip("a choice without its list", VANGUARD, "类型: 单选, 代码表: contest_kind", "类型: 单选", "P210", "代码表"),
    Slip("a list where a word belongs", BASE, "    周期: 季", "    周期: [季]", "P211", "一个值"),
    Slip("a word where a list belongs", BASE, "    填报级: [基层]", "    填报级: 基层", "P211", "一个列表"),
    Slip("words where a number belongs", BASE, "    序号: 1\n", "    序号: 第一\n", "P211", "整数"),
    Slip("a range that is none", VANGUARD, "范围: 1..,", "范围: 至少1,", "P211", "0..100"),
    Slip("a bound that is none", VANGUARD, '界限: [">= start_date"]', '界限: ["不早于 start_date"]', "P211", "界限"),
    Slip("a file size without its unit", UNIONS, "文件上限: 5MB", "文件上限: 5", "P211", "5MB"),
    Slip("a year that ends before it begins", HEAD, "2012-01-01..2012-12-31", "2012-12-31..2012-01-01", "P211"),
    Slip("a level nobody knows", BASE, "填报级: [基层]", "填报级: [乡级]", "P212", "基层、县级、市级"),
    Slip("a second sign-in in English", HEAD, "最少活动天数: 15", "第二人登录: yes", "P212", "是、否"),
    Slip("years of keeping in words", LIVELIHOOD, "    保存期: 10", "    保存期: 十年", "P211", "整数"),
    Slip("years of keeping from no date", LIVELIHOOD, "保存自: aid_date", "保存自: amount", "P217", "日期字段"),
    Slip("years of keeping from nowhere", LIVELIHOOD, "保存自: aid_date", "保存自: nowhere", "P217", "nowhere"),
    Slip("yes in English", VANGUARD, "类型: 文本, 必填: 是", "类型: 文本, 必填: yes", "P212", "是、否"),
    Slip("a duty under another word", UNITS, "必报: [county], 有则报: [township, system]", "应报: [county]", "P209", "应报"),
    Slip("an unknown field type", LIVELIHOOD, "类型: 身份证号", "类型: 身份证", "P213", "身份证号"),
    # ids
    Slip("a field in capitals", BASE, "          covered_units: {", "          Covered: {", "P214", "小写"),
    Slip("a field named like a function", LIVELIHOOD, "          stat_year: {", "          year: {", "P215", "函数"),
    Slip("a field named like a head column", BASE, "          remark: {", "          period: {", "P215", "自带"),
    Slip("a field named like a word of SQLite", BASE, "          group_count: {", "          groups: {", "P215", "SQLite"),
    Slip("a field named like a word of PostgreSQL", BASE, "          remark: {", "          user: {", "P215", "PostgreSQL"),
    Slip("a field of a detail named parent", VANGUARD, "          result: {", "          position: {", "P215", "自带"),
    Slip("a field named this", BASE, "          remark: {", "          this: {", "P215"),
    Slip("a form named like a system table", CULTURE, "  culture_event:", "  filing:", "P215", "自带的表"),
    Slip("a form of another area", CULTURE, "  culture_event:", "  contest:", "P216", "已有"),
    Slip("a field in two sections", VANGUARD, "          cost: {", "          name: {", "P216", "一节"),
    Slip("a check id used in two forms", VANGUARD, "      I01:", "      C01:", "P216", "已用过"),
    Slip("a check id used in both parts of a form", LIVELIHOOD, "      X09:", "      A01:", "P216", "重复"),
    Slip("a number of another form", VANGUARD, "    序号: 7\n", "    序号: 6\n", "P216", "序号"),
    Slip("two labels alike in a code list", CODES, '"2": 女', '"2": 男', "P216", "分不清"),
    # what fields and forms point to
    Slip("a bound over no field", VANGUARD, '界限: [">= start_date"]', '界限: [">= begin_date"]', "P217", "begin_date"),
    Slip("a duplicate key over no field", LIVELIHOOD, "查重键: [person_id, file_no,", "查重键: [idcard, file_no,", "P217", "idcard"),
    Slip("a name that is no field", VANGUARD, "    名称字段: team_name", "    名称字段: team", "P217"),
    Slip("a check at no field", VANGUARD, "        字段: women_times", "        字段: women_time", "P217"),
    Slip("a roster column that is no field", REPORTS, "栏目: [file_no,", "栏目: [file_number,", "P217"),
    Slip("a break-down by no field", INDICATORS, "  分组: season", "  分组: quarter", "P217"),
    Slip("a directory over no field", HEAD, "撤销: dissolve_date", "撤销: closed_date", "P217", "closed_date"),
    Slip("a hint until no column", BASE, "提醒至: register_from", "提醒至: register", "P217", at="      X01:"),
    Slip("a value of last period from no field", BASE, "上期预填: members", "上期预填: member_count", "P217"),
    Slip("a reference to no form", VANGUARD, "关联表: enterprise", "关联表: company", "P218", "company"),
    Slip("a duty for no form", UNITS, "  culture_event: {", "  culture: {", "P218"),
    Slip("an indicator over a missing form", INDICATORS, "      表: innovation", "      表: innovations", "P218", "innovations"),
    Slip("a report over a missing form", REPORTS, "用表: [culture_event]", "用表: [culture]", "P218"),
    Slip("a detail of no form", VANGUARD, "    上级表: contest", "    上级表: contests", "P218"),
    Slip("a detail that lost its link", VANGUARD, "          contest: {", "          contests: {", "P217", "上级字段", at="    上级字段: contest"),
    Slip("a list that is not there", VANGUARD, "代码表: innov_kind", "代码表: innovation_kind", "P219"),
    Slip("a default that is no code", UNIONS, "默认: 1,", "默认: 9,", "P220", "“9”"),
    Slip("a narrowed list with a code too many", LIVELIHOOD, "可选值: [2, 3]", "可选值: [2, 12]", "P220", "12"),
    Slip("a decided code that is none", VANGUARD, "上级确定代码: [3, 4, 5, 6]", "上级确定代码: [3, 4, 5, 7]", "P220"),
    Slip("a kind of unit by no attribute", UNITS, "类别属性: ent", "类别属性: firm", "P221", "firm"),
    # expressions
    Slip("an unknown field in a check", VANGUARD, "要求: women_times <= person_times", "要求: women_time <= person_times", "P222", "women_time"),
    Slip("a text compared with a number", UNIONS, "term_years in (3,5)", "term_years in ('3','5')", "P222"),
    Slip("an attribute compared with a number", LABOUR, "<= num(attr('level','days'))", "<= attr('level','days')", "P222"),
    Slip("a code that is not in the list", UNIONS, "union_kind == '1'\n        要求: covered", "union_kind == '7'\n        要求: covered", "P222"),
    Slip("an attribute that no code has", UNIONS, "attr('econ_type','ent')", "attr('econ_type','firm')", "P222", "firm"),
    Slip("an unknown parameter", LIVELIHOOD, "param('aid_max')", "param('aid_maximum')", "P222", "aid_maximum"),
    Slip("an unknown function", LIVELIHOOD, "nz(households)", "zero(households)", "P222", "zero"),
    Slip("a count over a missing form", UNIONS, "count('enterprise', \"union_ref == this", "count('company', \"union_ref == this", "P222", "company"),
    Slip("an unknown field in a quoted condition", UNIONS, "and union_state in ('2','3')\")", "and state in ('2','3')\")", "P222"),
    Slip("half an expression", LIVELIHOOD, E_WHEN, "要求: year(pay_date) ==", "P222"),
    Slip("two operators run together", LIVELIHOOD, E_WHEN, "要求: year(pay_date) = stat_year", "P222"),
    Slip("a dunder name", LIVELIHOOD, E_WHEN, "要求: pay_date.__class__ == stat_year", "P222"),
    Slip("a comprehension", LIVELIHOOD, E_WHEN, '要求: "[x for x in (1,2)] == 1"', "P222"),
    Slip("nesting without end", LIVELIHOOD, E_WHEN, "要求: " + "(" * 300 + "stat_year" + ")" * 300 + " == 1", "P222"),
    Slip("a huge number", LIVELIHOOD, E_WHEN, "要求: stat_year == " + "9" * 400, "P222"),
    Slip("an unknown field in a visible_when", LIVELIHOOD, "显示条件: empty(person_id)", "显示条件: empty(person)", "P222", "person"),
    Slip("a condition of an indicator over no field", INDICATORS, "in_year(start_date) and state != '5'", "in_year(begin_date) and state != '5'", "P222"),
    Slip("a check that is a number", VANGUARD, "要求: women_times <= person_times", "要求: women_times + person_times", "P223", "是否"),
    Slip("a computed number that is a text", LIVELIHOOD, "round(family_income / 12 / family_size, 2)", "name", "P223", "数字"),
    Slip("a bound over another type", VANGUARD, '界限: [">= start_date"]', '界限: [">= person_times"]', "P223"),
    Slip("a field computed from itself", LIVELIHOOD, "family_income / 12 / family_size", "income_pc / 12 / family_size", "P224", "自己"),
    Slip("a detail of a detail", UNIONS, "    上级表: wage_contract", "    上级表: wage_contract_cover", "P224"),
    # sections, units, targets, ranges
    Slip("a unit under no unit", UNITS, '简称: 沙湾区, 上级: "511100000010"', '简称: 沙湾区, 上级: "511199999999"', "P226"),
    Slip("two roots", UNITS, '简称: 沙湾区, 上级: "511100000010", ', "简称: 沙湾区, ", "P226", "没有上级"),
    Slip("a duty for no kind of unit", UNITS, "member: {有则报: [grass_enterprise,", "member: {有则报: [grass,", "P226"),
    Slip("a unit above itself", UNITS, '简称: 沙湾区, 上级: "511100000010"', '简称: 沙湾区, 上级: "511111000015"', "P224"),
    Slip("a wrong check digit", UNITS, '"511102000013": {', '"511102000012": {', "P227"),
    Slip("a target without an operator", INDICATORS, '目标: ">= 2000"', '目标: "2000"', "P228", ">= 2000"),
    Slip("a range upside down", UNIONS, '范围: "-50..100"', '范围: "100..-50"', "P229"),
    Slip("a length upside down", UNIONS, "长度: 6..80", "长度: 80..6", "P229"),
    Slip("a format of the future", HEAD, "格式: 1", "格式: 2", "P230", "升级"),
    Slip("a version that cannot be compared", HEAD, '版本: "1.0"', "版本: 修订版", "P211", "1.1"),
    Slip("a format that is no number", HEAD, "格式: 1", "格式: 一", "P230"),
    Slip("a length of a number", VANGUARD, "计量单位: 人次, 范围: 1..", "计量单位: 人次, 长度: 1..", "P231", "长度"),
    Slip("a list of a text", VANGUARD, "name: {名称: 竞赛名称, 类型: 文本,", "name: {名称: 竞赛名称, 类型: 文本, 代码表: gender,", "P231"),
    Slip("a parent of a ledger", VANGUARD, "    序号: 6\n", "    上级表: innovation\n    序号: 6\n", "P231"),
    # what a report prints
    Slip("rows by a field that is not there", REPORTS, "      行: season", "      行: seasons", "P217", "seasons"),
    Slip("a formula in a column", REPORTS, "条件: preset}", "条件: presets}", "P222", "presets"),
    Slip("a quotient of a column that is not there", REPORTS, "比率: [采纳（件）, 建议（件）]", "比率: [采纳（件）, 建议]", "P212", "建议"),
    Slip("a quotient of one column", REPORTS, "比率: [采纳（件）, 建议（件）]", "比率: [采纳（件）]", "P211", "两列"),
    Slip("columns across a field without codes", REPORTS, "列分组: {字段: six,", "列分组: {字段: trades,", "P217", "代码表"),
    Slip("a list of a field that is not there", REPORTS, "栏: [jersey, name, work_unit]", "栏: [jersey, name, firm]", "P217", "firm"),
    Slip("an indicator that is not there", REPORTS, "指标: [A1_innovation,", "指标: [A1_nothing,", "P212", "A1_nothing"),
    Slip("a place in a letter nobody fills", REPORTS, '基层: "{上级}"', '基层: "{上级名}"', "P212", "上级名"),
    Slip("a table that a letter does not have", REPORTS, "{表: adopted}", "{表: adoption}", "P212", "adoption"),
    Slip("a passage of no kind", REPORTS, "{指标: 各领域}", "{级别: [市级]}", "P210", "段"),
    Slip("a row of a sheet that is too narrow", REPORTS, "行: [person_id 2+10]", "行: [person_id 2+9]", "P229", "12 栏"),
    Slip("a field of a sheet without its widths", REPORTS, "行: [person_id 2+10]", "行: [person_id]", "P211", "name 2+2"),
    Slip("a field of a sheet that is not there", REPORTS, "行: [person_id 2+10]", "行: [id_number 2+10]", "P217", "id_number"),
    Slip("a detail of another form", REPORTS, "{明细: hardship_family,", "{明细: contest_unit,", "P218", "contest_unit"),
    Slip("words of what is no amount", REPORTS, "大写: amount", "大写: fund", "P217", "fund"),
    Slip("a table over a form that is not there", REPORTS, "    - 用表: aid\n", "    - 用表: aids\n", "P218", "aids", at="用表: aids"),
    Slip("a value of a count", INDICATORS, "- 方法: 计数", "- 方法: 计数\n      取值: name", "P231"),
    Slip("required twice over", LIVELIHOOD, "必填条件: entry_mode == '2'", "必填: 是, 必填条件: entry_mode == '2'", "P231"),
    Slip("a default its field refuses", CULTURE, "类型: 文本, 必填: 是,\n            默认: 乐山市第二届职工篮球比赛", "类型: 日期, 必填: 是,\n            默认: 乐山市第二届职工篮球比赛", "P232", at="默认: 乐山市"),
]
# fmt: on


def written(folder, files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_the_package_that_comes_with_the_program_has_no_problem():
    assert load.read(SOURCE).problems == ()


def test_each_slip_is_a_case_of_its_own():
    assert len(SLIPS) >= 40
    assert len({slip.name for slip in SLIPS}) == len(SLIPS)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_is_reported_with_its_file_line_and_code(slip, tmp_path):
    folder = written(tmp_path / "pack", FILES | {slip.file: slip.changed()})
    loaded = load.read(folder)
    assert loaded.pack is None
    found = [problem for problem in loaded.problems if problem.code == slip.code]
    places = [(problem.file, problem.line) for problem in found]
    assert (slip.file, slip.line()) in places, [str(problem) for problem in loaded.problems]
    message = next(
        problem.message
        for problem in found
        if (problem.file, problem.line) == (slip.file, slip.line())
    )
    assert slip.words in message
    assert message.endswith(("。", "？"))


def test_all_problems_come_in_one_run_in_the_order_of_the_files(tmp_path):
    changed = dict(FILES)
    chosen = [
        slip
        for slip in SLIPS
        if slip.name
        in {
            "a misspelt key",
            "an unknown field in a check",
            "a target without an operator",
            "a wrong check digit",
            "a list of a text",
        }
    ]
    for slip in chosen:
        changed[slip.file] = changed[slip.file].replace(slip.old, slip.new, 1)
    problems = load.read(written(tmp_path / "pack", changed)).problems
    assert {slip.code for slip in chosen} <= {problem.code for problem in problems}
    assert list(problems) == sorted(problems)


def test_loading_refuses_a_package_with_problems_and_names_the_first(tmp_path):
    folder = written(
        tmp_path / "pack", FILES | {UNITS: FILES[UNITS].replace("511102000013", "511102000012", 1)}
    )
    with pytest.raises(PackageError) as refused:
        load.load(folder)
    assert refused.value.code == "P200"
    assert "units.yaml 第" in refused.value.sentence
    assert "taskpack check" in refused.value.step
    assert refused.value.problems == load.read(folder).problems


def test_a_missing_area_file_is_reported_where_it_is_registered(tmp_path):
    folder = written(
        tmp_path / "pack", {name: text for name, text in FILES.items() if name != CULTURE}
    )
    problem = load.read(folder).problems[0]
    line = next(
        number for number, text in enumerate(FILES[HEAD].splitlines(), 1) if CULTURE in text
    )
    assert (problem.file, problem.line, problem.code) == (HEAD, line, "P207")


@pytest.mark.parametrize("name", [HEAD, CODES, INDICATORS, UNITS, REPORTS])
def test_a_missing_file_is_reported_by_its_name(name, tmp_path):
    folder = written(
        tmp_path / "pack", {other: text for other, text in FILES.items() if other != name}
    )
    assert (name, 1, "P207") in [
        (item.file, item.line, item.code) for item in load.read(folder).problems
    ]


def test_a_file_too_many_is_reported(tmp_path):
    folder = written(tmp_path / "pack", FILES | {"notes.txt": "随手记"})
    assert [(item.file, item.code) for item in load.read(folder).problems] == [
        ("notes.txt", "P208")
    ]


def test_a_file_in_another_encoding_is_reported_at_its_first_strange_line(tmp_path):
    text = FILES[CODES].replace("男", "男", 1)
    head, tail = text.split('"1": 男', 1)
    folder = written(
        tmp_path / "pack",
        FILES | {CODES: head.encode() + '"1": 男'.encode("gb18030") + tail.encode()},
    )
    problem = load.read(folder).problems[0]
    assert (problem.file, problem.line, problem.code) == (CODES, head.count("\n") + 1, "P203")


def test_a_file_saved_by_notepad_with_a_byte_order_mark_reads_the_same(tmp_path):
    changed = {
        name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in FILES.items()
    }
    loaded = load.read(written(tmp_path / "pack", changed))
    assert loaded.problems == ()
    assert loaded.pack.forms == load.load(SOURCE).forms


def test_an_empty_file_is_reported(tmp_path):
    folder = written(tmp_path / "pack", FILES | {REPORTS: ""})
    assert [(item.file, item.line, item.code) for item in load.read(folder).problems] == [
        (REPORTS, 1, "P204")
    ]


def test_a_section_without_fields_is_reported(tmp_path):
    marked = FILES[VANGUARD].replace(
        "      - 名称: 二、时间与参加人次\n        字段:\n",
        "      - 名称: 空节\n        字段: {}\n      - 名称: 二、时间与参加人次\n        字段:\n",
        1,
    )
    problems = load.read(written(tmp_path / "pack", FILES | {VANGUARD: marked})).problems
    line = next(number for number, text in enumerate(marked.splitlines(), 1) if "空节" in text)
    assert [(item.file, item.line, item.code) for item in problems] == [(VANGUARD, line, "P225")]


def test_a_form_that_nobody_is_told_to_file_is_reported(tmp_path):
    lines = [line for line in FILES[UNITS].splitlines() if not line.startswith("  visit:")]
    problems = load.read(written(tmp_path / "pack", FILES | {UNITS: "\n".join(lines)})).problems
    assert [(item.file, item.code) for item in problems] == [(UNITS, "P210")]
    assert "visit" in problems[0].message


def test_every_code_of_the_loader_has_a_case():
    from union_desk.taskpack.problems import Trouble

    named = {slip.code for slip in SLIPS} | {"P201", "P202", "P203", "P207", "P208", "P225"}
    assert {str(code) for code in Trouble} == named
