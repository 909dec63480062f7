"""What changed between two packages is said in Chinese, one sentence for each change."""

import pytest

from union_desk import resources
from union_desk.taskpack import load
from union_desk.taskpack.comparing import diff

SOURCE = resources.taskpacks() / "lszgh-2012-55"
FILES = {path.name: path.read_text("utf-8") for path in sorted(SOURCE.iterdir())}


@pytest.fixture(scope="module")
def package():
    return load.load(SOURCE)


@pytest.fixture
def changed(tmp_path):
    def make(*changes):
        files = dict(FILES)
        for name, old, new in changes:
            assert old in files[name]
            files[name] = files[name].replace(old, new, 1)
        for name, text in files.items():
            (tmp_path / name).write_text(text, "utf-8")
        return load.load(tmp_path)

    return make


def test_a_package_does_not_differ_from_itself(package):
    assert diff(package, package) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("taskpack.yaml", '版本: "1.0"', '版本: "1.1"', "任务包的“版本”由“1.0”改为“1.1”。"),
        ("taskpack.yaml", "  月: 5", "  月: 8", "月报的限期由期末后第 5 天改为第 8 天。"),
        ("taskpack.yaml", "值: 5000", "值: 6000", "参数 aid_max的“值”由“5000”改为“6000”。"),
        ("codes.yaml", '"2": 女', '"2": 女性', "代码表 gender的代码 2的“名称”由“女”改为“女性”。"),
        (
            "codes.yaml",
            'points: "5"',
            'points: "6"',
            "代码表 adopt_level的代码 2的“属性”由“points=5”改为“points=6”。",
        ),
        (
            "indicators.yaml",
            '目标: ">= 2000"',
            '目标: ">= 2200"',
            "指标 A2_new_unions的“目标”由“>= 2000 二(二) 2000个”改为“>= 2200 二(二) 2000个”。",
        ),
        (
            "area-1-vanguard.yaml",
            "长度: ..100",
            "长度: ..120",
            "表 contest的字段 trades的“最长长度”由“100”改为“120”。",
        ),
        (
            "area-1-vanguard.yaml",
            "填报级: [基层, 县级, 市级]",
            "填报级: [基层, 县级]",
            "表 contest的“填报级”由“基层、县级、市级”改为“基层、县级”。",
        ),
        (
            "area-1-vanguard.yaml",
            "要求: adopted <= items",
            "要求: adopted < items",
            "表 proposal的审核 S02的“要求”由“adopted <= items”改为“adopted < items”。",
        ),
        (
            "area-4-labour-relations.yaml",
            "        级别: 警告\n        字段: amount",
            "        级别: 错误\n        字段: amount",
            "表 labor_risk的审核 L04的“级别”由“警告”改为“错误”。",
        ),
        (
            "units.yaml",
            "  culture_event: {有则报: [grass_enterprise, ",
            "  culture_event: {必报: [grass_enterprise], 有则报: [",
            "表 culture_event 对基层工会(企业)由“有则报”改为“必报”。",
        ),
        (
            "units.yaml",
            "简称: 沙湾区",
            "简称: 沙湾",
            "单位 511111000015的“简称”由“沙湾区”改为“沙湾”。",
        ),
        (
            "reports.yaml",
            "栏目: [file_no, name",
            "栏目: [name",
            "报表 R11的“栏目”由“file_no、name、person_id、enterprise、kind、cause、file_date”改为“name、person_id、enterprise、kind、cause、file_date”。",
        ),
    ],
)
def test_a_change_is_told_with_its_place_and_both_values(
    package, changed, file, old, new, sentence
):
    assert sentence in diff(package, changed((file, old, new)))


def test_what_is_new_and_what_is_gone_is_told(package, changed):
    other = changed(
        ("codes.yaml", '    "9": 未说明\n', '    "3": 其他\n'),
        ("area-1-vanguard.yaml", "          organizer: {", "          host: {"),
    )
    found = diff(package, other)
    assert "代码表 gender的代码 3（其他）是新增的。" in found
    assert "代码表 gender的代码 9（未说明）不再有。" in found
    assert "表 contest的字段 host（主办单位）是新增的。" in found
    assert "表 contest的字段 organizer（主办单位）不再有。" in found
    assert "表 contest的分节或字段顺序变了。" in found


def test_what_a_report_prints_is_told_to_have_changed(package, changed):
    found = diff(package, changed(("reports.yaml", "      行名: 四季送", "      行名: 季节")))
    assert found == ["报表 R13印出的内容（表块、公文、对照或单条版面）变了。"]


def test_another_package_is_told_by_its_id(package, changed):
    found = diff(package, changed(("taskpack.yaml", "编号: lszgh-2012-55", "编号: lszgh-2013-10")))
    assert found == ["编号不同：“lszgh-2012-55”与“lszgh-2013-10”是两个任务包。"]
