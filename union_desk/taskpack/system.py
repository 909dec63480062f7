"""The tables of the system itself as forms: the same in every task package.

They answer to ``get`` as forms do, and some to ``put``. Their field ids are the house's words.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.taskpack.definition import CodeItem, CodeList, Field, Form, Section
from union_desk.taskpack.system_keys import KEY_FORMS, KEY_LISTS
from union_desk.taskpack.system_papers import PAPER_FORM, PAPER_LIST
from union_desk.taskpack.system_tree import TREE_FORMS, TREE_LISTS

if TYPE_CHECKING:
    from collections.abc import Mapping

PUT = frozenset({
    "target_share", "unit", "unit_note", "obligation", "filing", "return_note", "review",
    "decision", "indicator_note", "unit_event", "period_lock",
})  # fmt: skip
"""System tables that also answer to ``put``."""


def _list(list_id: str, title: str, items: dict[str, str]) -> CodeList:
    return CodeList(list_id, title, tuple(CodeItem(code, label) for code, label in items.items()))


SYSTEM_LISTS: Mapping[str, CodeList] = MappingProxyType({
    item.id: item
    for item in (
        _list("system_level", "级别", {"grassroots": "基层", "county": "县级", "city": "市级"}),
        _list(
            "system_unit_kind",
            "单位类别（编码第七位）",
            {
                "0": "地方总工会",
                "1": "系统（产业）工会",
                "2": "乡镇（街道）、园区工会",
                "3": "区域（行业）工会联合会",
                "4": "基层工会",
            },
        ),
        _list("system_duty", "应报", {"must": "必报", "if_any": "有则报", "none": "不适用"}),
        _list(
            "system_filing",
            "报送状态",
            {"sent": "已报", "nil": "零报", "returned": "退回", "received": "已接收"},
        ),
        _list("system_notice", "通知", {"overdue": "催报", "missing": "缺号通知"}),
        _list("system_verdict", "审核结果", {"received": "接收", "returned": "退回"}),
        _list(
            "system_change",
            "变化",
            {
                "stopped": "停产",
                "closed": "注销",
                "renamed": "更名",
                "moved": "迁出",
                "staff": "人数",
            },
        ),
        PAPER_LIST,
        *TREE_LISTS,
        *KEY_LISTS,
    )
})  # fmt: skip

_RECORD = Field(
    "record", "记录号", "text", required=True, max_length=36, help="所指记录的记录号（uid）。"
)
_FORM = Field("form", "表", "text", required=True, max_length=40, help="表的编号，如清单所列。")
_DATE = Field("date", "日期", "date", required=True, help="办理的日期。")


def _unit(label: str = "单位", *, required: bool = True) -> Field:
    return Field(
        "unit",
        label,
        "text",
        required=required,
        pattern=r"\d{12}",
        pattern_help="12 位工会编码",
        check_digit="mod_11_10",
        help="12 位工会编码。",
    )


def _text(
    name: str, label: str, longest: int, help_text: str = "", *, required: bool = False
) -> Field:
    return Field(name, label, "text", required=required, max_length=longest, help=help_text)


def _code(name: str, label: str, code_list: str, help_text: str = "") -> Field:
    return Field(name, label, "choice", required=True, code_list=code_list, help=help_text)


def _form(form_id: str, title: str, keys: tuple[str, ...], *fields: Field, help_text: str) -> Form:
    return Form(
        id=form_id,
        title=title,
        area="",
        kind="system",
        fields=fields,
        sections=(Section(title, tuple(item.id for item in fields)),),
        filing="",
        duplicate_keys=(keys,) if keys else (),
        natural_keys=(keys,) if keys else (),
        name_field=fields[0].id,
        help=help_text,
    )


_UNIT_CODE = Field(
    "union_code",
    "工会编码",
    "text",
    required=True,
    pattern=r"\d{12}",
    pattern_help="12 位工会编码",
    check_digit="mod_11_10",
    help="12 位工会编码，末位是校验位。",
)
_PARENT = Field(
    "parent",
    "上级工会",
    "text",
    pattern=r"\d{12}",
    pattern_help="12 位工会编码",
    check_digit="mod_11_10",
    help="上级工会的 12 位编码。",
)
_JUDGED = (
    _text("epoch", "所看数据的期次", 32, "算出来的，不用填。"),
    Field("n", "所看数据的包号", "int", minimum=0, help="算出来的，不用填。"),
)
"""The packet that brought what was judged: a later one is 其后已修改."""
_FORMS = (
    _form(
        "unit",
        "组织机构",
        ("union_code",),
        _UNIT_CODE,
        _text("name", "单位名称", 80, "与批复文件一致的全称。", required=True),
        _PARENT,
        _code("level", "级别", "system_level", "这个单位的程序按哪一级运行。"),
        _code("kind", "单位类别", "system_unit_kind", "由编码第七位决定。"),
        _text("division", "所在县（市、区）代码", 6, "6 位区划或报送单位代码。"),
        Field("active_from", "启用日期", "date", help="自这一天起计算应报。"),
        Field("active_to", "停用日期", "date", help="过了这一天不再计算应报。"),
        help_text="没有工会台账行的节点；有台账行的单位以台账为准。",
    ),
    _form(
        "unit_note",
        "单位附加信息",
        ("unit",),
        _unit(),
        Field("contact", "联系人", "text", max_length=30, sensitivity=1, help="平时联系哪一位。"),
        Field("phone", "电话", "phone", sensitivity=1, help="联系人的电话。"),
        Field("last_contact", "最近一次联系", "date", help="最近一次联系上的日期。"),
        Field("promise", "承诺报齐日期", "date", help="联系时它说哪一天报齐。"),
        Field("late_reason", "没有报的原因", "text", max_length=200, sensitivity=1),
        _text("filer", "代填单位", 12, "代它填报的单位的 12 位编码；自己填报的不填。"),
        _text("register_from", "名册自某期起核对", 8, "名册已建全，自这一期起核对，如 2012Q3。"),
        help_text="各编码一行：联系人、代填单位、名册自某期起核对。",
    ),
    _form(
        "obligation",
        "应报表种",
        ("unit", "form", "period_from"),
        _unit(),
        _FORM,
        _code("duty", "应报", "system_duty", "必报、有则报或不适用。"),
        _text("period_from", "自某期起", 8, "从这一期起，不能是已过的期。", required=True),
        Field(
            "reason",
            "原因",
            "text",
            max_length=200,
            sensitivity=1,
            help="为什么与任务包的规定不同。",
        ),
        Field("who", "决定人", "text", max_length=30, sensitivity=1),
        help_text="对某个单位加强或减轻一张表的应报；以最新一行为准。",
    ),
    _form(
        "filing",
        "报送状态",
        ("unit", "form", "period"),
        _unit(),
        _FORM,
        _text("period", "报告期", 8, "如 2012M08。", required=True),
        _code("duty", "应报", "system_duty", "算出来的，不用填。"),
        _code("state", "状态", "system_filing"),
        Field("rows", "行数", "int", minimum=0, help="这一期报送的行数；零报是 0。"),
        Field("due_date", "限期", "date", help="算出来的，不用填。"),
        Field("sent_date", "报送日期", "date"),
        _text("filed_by", "代报单位", 12, "由谁代报；自报的不填。"),
        _text("sheet_hash", "封面摘要", 64, "与封面上印的内容摘要一致。"),
        help_text="某单位某表某期的报送状态；没有行就是还没有报。",
    ),
    _form(
        "decision",
        "上级确定事项",
        ("form", "record", "field"),
        _FORM,
        _RECORD,
        _text("field", "字段", 40, "由上级确定的字段。", required=True),
        _text("value", "确定的值", 2000, "代码、日期、文字等，与该字段的写法一致。"),
        _text("who", "确定人", 30, required=True),
        _DATE,
        _text("doc_no", "文号", 40, "命名、表彰、审批文件的文号。"),
        help_text="标明由上级确定的字段的值；同一字段以最新一行为准。",
    ),
    _form(
        "target_share",
        "目标任务分解",
        ("indicator", "unit", "year"),
        _text("indicator", "指标", 40, "指标的编号。", required=True),
        _unit(),
        Field("year", "年度", "int", required=True, minimum=2000, maximum=2099),
        Field(
            "value", "目标数", "decimal", required=True, minimum=0, help="分给这个单位的目标数。"
        ),
        _text("doc_no", "文号", 40, "分解任务的文件。"),
        help_text="市总分给各单位的目标数；没有分解的不填。",
    ),
    _form(
        "indicator_note",
        "指标原因与措施",
        ("indicator", "unit", "period"),
        _text("indicator", "指标", 40, "指标的编号。", required=True),
        _unit(),
        _text("period", "报告期", 8, "如 2012M08。", required=True),
        Field("reason", "原因", "longtext", max_length=500, help="为什么落后于时间进度。"),
        Field("measure", "措施", "longtext", max_length=500, help="打算怎样赶上。"),
        _text("author", "填写人", 30),
        _DATE,
        help_text="落后指标的原因和措施，印在进度表上。",
    ),
    _form(
        "return_note",
        "退回（审核）意见",
        (),
        _RECORD,
        _FORM,
        _text("field", "字段", 40, "意见针对哪一格；针对整条记录的不填。"),
        _text("rule", "审核编号", 40, "不符合哪一条审核。"),
        Field("text", "意见", "longtext", required=True, max_length=500, help="要改什么、怎么改。"),
        _text("reviewer", "审核人", 30, required=True),
        _DATE,
        Field("due_date", "限期", "date", help="请在哪一天前改好再报。"),
        *_JUDGED,
        help_text="退回一条记录时写的意见，随下一个数据包带给填报单位。",
    ),
    _form(
        "review",
        "审核结果",
        ("form", "record"),
        _FORM,
        _RECORD,
        _code("verdict", "结果", "system_verdict"),
        Field("text", "说明", "longtext", max_length=500),
        _text("reviewer", "审核人", 30, required=True),
        _DATE,
        *_JUDGED,
        help_text="上级看过一条记录后的结果。",
    ),
    _form(
        "notice",
        "上级的通知",
        (),
        _unit("发给单位"),
        _code("kind", "通知", "system_notice"),
        Field("text", "内容", "longtext", required=True, max_length=500),
        _text("doc_no", "文号", 40),
        Field("due_date", "限期", "date", help="请在哪一天前办好。"),
        _text("who", "经办人", 30),
        _DATE,
        help_text="催报和缺号通知，随下一个发给这个单位的文件带去。",
    ),
    _form(
        "check_note",
        "审核说明",
        ("record", "check"),
        _RECORD,
        _text("check", "审核编号", 80, "说明的是哪一条审核。", required=True),
        Field("text", "说明", "longtext", required=True, max_length=500),
        _text("author", "填写人", 30),
        _DATE,
        _text("figures", "所说明的数字", 16, "算出来的，不用填；数字变了，说明就要重写。"),
        help_text="对警告的书面说明，随记录报送。",
    ),
    _form(
        "change_request",
        "报告变化",
        (),
        _FORM,
        _RECORD,
        _code("kind", "变化", "system_change"),
        _text("value", "变化后的值", 200, "新名称、新人数、迁往何处。"),
        Field("text", "情况说明", "longtext", max_length=500),
        _text("who", "报告人", 30),
        _DATE,
        _text("outcome", "处理结果", 200, "由上级填写。"),
        help_text="对只读的行报告变化（停产、注销、更名、迁出、人数），由上级改。",
    ),
    _form(
        "receipt",
        "收件回执",
        ("for_origin", "for_stream"),
        _text("for_origin", "数据来源", 13, "回执给哪个单位的哪台电脑。", required=True),
        _text("for_stream", "数据方向", 15, "回执说的是它的哪一串数据包。", required=True),
        _text("epoch", "期次", 32, "现在按哪一个期次接收。"),
        Field("n", "已接收到第几包", "int", required=True, minimum=0, help="连续接收到的包号。"),
        _text("hash", "该包的摘要", 64),
        Field("fork", "两台电脑的数据不一致", "bool", required=True),
        _text("retired", "已停用的期次", 40_000),
        _text("missing", "缺哪些包", 1_000, "如 3-5;8-8。"),
        _text("held", "未装入的包", 1_000, "包号和编号，如 6:B532。"),
        _text("missing_blobs", "未到的附件", 4_000, "附件内容的摘要，至多 50 个。"),
        Field("returns", "退回待改的记录数", "int", minimum=0),
        help_text="上级（或下级）收到了什么：随它的数据包带来，算出来的，不用填。",
    ),
    _form(
        "package",
        "任务包",
        ("task_package",),
        _text("task_package", "任务包编号", 60, required=True),
        _text("version", "版本", 20, required=True),
        _text("digest", "内容摘要", 64, required=True),
        _text("file", "文件摘要", 64, required=True),
        help_text="随通知包下发的任务包。",
    ),
    PAPER_FORM,
    *TREE_FORMS,
    *KEY_FORMS,
)
SYSTEM_FORMS: Mapping[str, Form] = MappingProxyType({form.id: form for form in _FORMS})
"""The system tables by id."""
