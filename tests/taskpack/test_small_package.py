"""Another notice, written from scratch with the keys of the README: the loader knows no notice."""

import pytest

from union_desk.reports import printing
from union_desk.reports.geometry import Trace
from union_desk.store import intake, opening
from union_desk.store.paper_source import PaperSource
from union_desk.taskpack import load, period
from union_desk.taskpack.field_types import Hints, parse
from union_desk.taskpack.record import Table

FILES = {
    "taskpack.yaml": """\
格式: 1
编号: reading-2013
名称: 职工书屋建设填报包
版本: "1.0"
年度: 2013
年度起止: 2012-10-01..2013-09-30
文号: 某工发〔2013〕7号
制定机关: 某市总工会
报送期限: {月: 5, 季: 10, 年: 15}
领域:
  "1": {名称: 职工书屋, 图标: folder, 文件: reading.yaml}
参数:
  books_least: {名称: 最少藏书, 类型: 小数, 值: 200}
工会名录: {表: office, 编码: code_no, 名称: name, 上级: above, 区划: place, 类别: sort, 成立: opened, 撤销: closed}
""",
    "reading.yaml": """\
领域: "1"
表:
  office:
    序号: 1
    名称: 工会台账
    类别: 台账
    填报级: [县级, 市级]
    周期: 月
    查重键: [code_no]
    自然键: [code_no]
    名称字段: name
    分节:
      - 名称: 一、单位
        字段:
          code_no: {名称: 编码, 类型: 文本, 必填: 是, 格式: '\\d{12}', 格式说明: 12 位数字, 校验: mod_11_10}
          name: {名称: 全称, 类型: 文本, 必填: 是, 长度: 2..40}
          above: {名称: 上级, 类型: 文本}
          place: {名称: 区划, 类型: 文本}
          sort: {名称: 类别, 类型: 单选, 代码表: sort}
          opened: {名称: 成立, 类型: 日期}
          closed: {名称: 撤销, 类型: 日期, 界限: [">= opened"]}
  library:
    序号: 2
    名称: 书屋台账
    类别: 台账
    填报级: [基层]
    周期: 季
    查重键: [name + opened]
    名称字段: name
    分节:
      - 名称: 一、书屋
        字段:
          name: {名称: 书屋名称, 类型: 文本, 必填: 是}
          office: {名称: 所属工会, 类型: 关联, 关联表: office}
          opened: {名称: 开放日期, 类型: 日期, 必填: 是, 界限: [<= 今天]}
          books: {名称: 藏书, 类型: 整数, 必填: 是, 计量单位: 册, 范围: 0..}
          cost: {名称: 投入, 类型: 金额, 计量单位: 元, 大于: 0}
          per_book: {名称: 每册投入, 类型: 小数, 计算: "round(cost / books, 2)"}
    审核:
      R1:
        级别: 警告
        前提: filled(books)
        要求: books >= param('books_least')
        提示: 藏书偏少
        理由: [刚刚开放]
""",
    "codes.yaml": """\
sort:
  名称: 类别
  代码:
    "1": {名称: 企业, 属性: {firm: 是}}
    "2": 机关
""",
    "indicators.yaml": """\
libraries:
  名称: 书屋数
  领域: "1"
  计量单位: 个
  目标: ">= 50"
  口径: 时点
  汇总: 相加
  分子:
    - {方法: 计数, 表: library, 条件: opened <= as_of()}
cost:
  名称: 投入
  领域: "1"
  计量单位: 元
  口径: 当年累计
  汇总: 相加
  分子:
    - {方法: 求和, 表: library, 取值: cost, 条件: in_year(opened)}
""",
    "units.yaml": """\
单位:
  "511100000010": {名称: 某市总工会, 级别: 市级}
单位类型:
  firm: {名称: 企业工会, 编码第七位: "4", 级别: 基层, 类别属性: firm}
  other: {名称: 其他工会, 编码第七位: "4", 级别: 基层}
应报:
  office: {有则报: [firm, other]}
  library: {必报: [firm]}
""",
    "reports.yaml": """\
L1:
  名称: 书屋花名册
  版式: 花名册
  级别: [基层, 县级, 市级]
  签章: AB
  用表: [library]
  栏目: [name, opened, books]
  内容: 书屋、开放日期、藏书
  条件: books > 0
  单条表: library
  单条签章: E2
  单条版面:
    右上: opened
    版面:
      - 行: [name 2+6, books 2+2]
      - 行: [office 2+10]
      - 大写: cost
L2:
  名称: 书屋统计表
  版式: 统计表
  级别: [基层, 县级, 市级]
  签章: AB
  用表: [library]
  内容: 按所属工会：书屋、藏书、投入、每册投入
  口径: 累计
  表块:
    - 编号: offices
      条件: in_year(opened)
      行: office
      行名: 所属工会
      列:
        - {名称: 书屋（个）}
        - {名称: 藏书（册）, 取值: books}
        - {名称: 投入（万元）, 取值: cost, 格式: 万元}
        - {名称: 够数的（个）, 条件: books >= param('books_least')}
        - {名称: 够数%, 比率: [够数的（个）, 书屋（个）]}
    - 标题: 书屋名单
      行: 逐条
      合计: 是
      排序: [opened]
      栏: [单位名称, name, opened, books, {名称: 每册（元）, 取值: per_book, 格式: 元}]
L3:
  名称: 书屋建设情况通报
  版式: 公文
  级别: [市级]
  签章: F
  用表: [library]
  内容: 书屋建设情况
  口径: 累计
  表块:
    - {编号: sum, 行: 合计, 行名: 全市, 列: [{名称: 书屋（个）}, {名称: 藏书（册）, 取值: books}]}
  公文:
    标题: "{单位}\\n关于{期间}职工书屋建设情况的通报"
    主送: 各单位
    正文:
      - {段: "现将{期间}职工书屋建设情况通报如下。"}
      - {一级标题: 总的情况}
      - {表: sum}
      - {滞后: 各指标}
""",
}


@pytest.fixture
def small(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return load.load(tmp_path)


def test_its_reports_print_without_a_line_of_code(small, tmp_path):
    folder = tmp_path / "store"
    head = ["name", "office", "opened", "books", "cost"]
    rows = [
        ["一分厂书屋", "511100000010", "2012-11-05", 300, "12000.00"],
        ["二分厂书屋", "511100000010", "2013-03-01", 100, "5000.50"],
        ["三分厂书屋", None, "2013-04-01", 250, None],
    ]
    options = {"unit": "511100000010", "name": "某市总工会", "level": "city", "parent": None}
    with opening.create(folder, small, password=None, **options) as store:
        done = intake.put(
            store, "library", Table("书屋", head, rows), {}, as_of="2013-06-30", reason="新包"
        )
        assert done.added == 3, done
        with store.read() as connection:
            source = PaperSource(connection, store, period=None, as_of="2013-06-30")
            uid = next(source.records("library")).uid
            trace = Trace()
            for name, record in (("L1", None), ("L1", uid), ("L2", None), ("L3", None)):
                content = printing.render(small, name, source, record=record, trace=trace)
                assert content.startswith(b"%PDF")
    texts = [text for _, text, *_ in trace.texts]
    assert "1.70" in texts  # 万元
    assert "66.7" in texts
    assert "2012年10月—2013年6月" in texts
    assert "关于2012年10月—2013年6月职工书屋建设情况的通报" in "".join(texts)
    assert "壹万贰仟元整" in texts


def test_a_package_of_another_notice_loads(small):
    assert (small.id, list(small.forms), list(small.indicators)) == (
        "reading-2013",
        ["office", "library"],
        ["libraries", "cost"],
    )
    assert small.indicators["cost"].money
    assert not small.indicators["libraries"].money
    assert small.active_days == 15


def test_its_derived_checks_come_from_its_fields(small):
    derived = {check.id: check.message for check in small.forms["library"].derived}
    assert {
        "library.name.required",
        "library.opened.bound",
        "library.books.range",
        "library.cost.range",
    } <= set(derived)


def test_who_is_not_named_owes_nothing(small):
    assert small.duties == {
        ("office", "firm"): "if_any",
        ("office", "other"): "if_any",
        ("library", "firm"): "must",
        ("library", "other"): "none",
    }


def test_a_warning_with_reasons_of_its_own_offers_them(small):
    assert small.forms["library"].checks[0].reasons == ("刚刚开放",)


def test_its_year_runs_from_october(small):
    assert [item.id for item in period.in_year(small, "quarter")] == [
        "2012Q4",
        "2013Q1",
        "2013Q2",
        "2013Q3",
    ]


def test_its_codes_are_read_by_label_and_by_code(small):
    sort = small.forms["office"].by_id["sort"]
    hints = Hints(pack=small)
    assert parse(sort, "企业", hints) == parse(sort, "1", hints) == "1"
    assert small.code_lists["sort"].by_code["1"].attributes == {"firm": True}
