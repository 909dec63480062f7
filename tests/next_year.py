"""A package for 2013, made from that of 2012: forms and fields changed, added and dropped, new targets.

It is written as files, as a city would write it, so that it is checked, compared, installed and
handed down like any other.
"""

import re
import shutil

from union_desk import resources

ID = "lszgh-2013-12"
TARGETS = {
    "A2_new_unions": (2000, 1500),
    "A2_new_members": (40000, 30000),
    "A3_school": (1900, 2100),
}
"""Indicator -> target of 2012 and of 2013."""
GONE = ("sports_team", "sports_player", "A5_teams", "R21")
NEW_FORM = """
  cadre_training:
    序号: 23
    名称: 工会干部培训台账
    类别: 台账
    填报级: [基层, 县级]
    周期: 月
    查重键: [title + start_date]
    名称字段: title
    说明: 每办一期培训登记一条。
    分节:
      - 名称: 培训
        字段:
          title: {名称: 培训班名称, 类型: 文本, 必填: 是, 长度: 2..60,
            说明: 培训班的全称。例：基层工会主席培训班。}
          start_date: {名称: 开班日期, 类型: 日期, 必填: 是, 界限: [<= 今天],
            说明: 开班的日期，不晚于今天。}
          persons: {名称: 参训人次, 类型: 整数, 必填: 是, 计量单位: 人次, 范围: 1..,
            说明: 参加培训的人次。}
"""
NEW_INDICATOR = """
A6_training:
  名称: 培训工会干部人次
  领域: "6"
  计量单位: 人次
  目标: ">= 800"
  口径: 当年累计
  汇总: 相加
  依据: 新增
  分子:
    - 方法: 求和
      表: cadre_training
      取值: persons
      条件: in_year(start_date)
"""


def write(folder):
    """Write the package into `folder` and return it."""
    shutil.copytree(resources.taskpacks() / "lszgh-2012-55", folder)
    _edit(folder / "taskpack.yaml", [
        ("编号: lszgh-2012-55", f"编号: {ID}"),
        ("〔2012〕55号 工作任务填报包", "〔2013〕12号 工作任务填报包"),
        ("年度: 2012", "年度: 2013"),
        ("2012-01-01..2012-12-31", "2013-01-01..2013-12-31"),
        ("文号: 乐工发〔2012〕55号", "文号: 乐工发〔2013〕12号"),
    ])  # fmt: skip
    service = folder / "area-6-service.yaml"
    _edit(service, [
        ("          duty: {名称: 职务, 类型: 文本, 长度: ..30,\n            说明: 走访人的职务。例：主席、生产保护部部长。}\n", ""),
        ("          on_spot: {名称: 现场解决问题", "          followed: {名称: 已回访, 类型: 是否,\n            说明: 走访以后回访过的选“是”。}\n          on_spot: {名称: 现场解决问题"),
        ("了解到的情况, 类型: 长文本, 必填: 是, 长度: ..1000", "了解到的情况, 类型: 长文本, 必填: 是, 长度: ..800"),
    ])  # fmt: skip
    service.write_text(service.read_text(encoding="utf-8").rstrip() + "\n" + NEW_FORM, "utf-8")
    _edit(folder / "area-4-labour-relations.yaml", [
        ("    查重键: [enterprise + stat_year]\n", "    查重键: [enterprise + stat_year]\n    结转: 存为草稿\n"),
    ])  # fmt: skip
    culture = folder / "area-5-culture.yaml"
    for name in ("sports_team", "sports_player"):
        _drop(culture, name, indent="  ")
    indicators = folder / "indicators.yaml"
    _drop(indicators, "A5_teams", indent="")
    text = indicators.read_text(encoding="utf-8")
    for name, (old, new) in TARGETS.items():
        head, found, rest = text.partition(f"\n{name}:")
        assert found, name
        assert f'">= {old}"' in rest, name
        text = head + found + rest.replace(f'">= {old}"', f'">= {new}"', 1)
    indicators.write_text(text.rstrip() + "\n" + NEW_INDICATOR, "utf-8")
    _drop(folder / "reports.yaml", "R21", indent="")
    units = folder / "units.yaml"
    text = re.sub(r"\n  sports_team: .*", "", units.read_text(encoding="utf-8"))
    units.write_text(
        text.replace(
            "\n  visit: ", "\n  cadre_training: {有则报: [grass_enterprise, county]}\n  visit: "
        ),
        "utf-8",
    )
    _edit(folder / "reports.yaml", [
        ("[visit_date, visitor, duty, place, workers,", "[visit_date, visitor, place, workers,"),
    ])  # fmt: skip
    return folder


def _edit(path, changes):
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, (path.name, old)
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def _drop(path, name, *, indent):
    """Take a whole entry out of a file: its line and all lines that are further in."""
    kept, dropping = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line == f"{indent}{name}:":
            dropping = True
        elif dropping and line.strip() and not line.startswith(indent + " "):
            dropping = False
        if not dropping:
            kept.append(line)
    path.write_text("\n".join(kept) + "\n", "utf-8")
