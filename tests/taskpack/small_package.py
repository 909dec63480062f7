"""A package of three small forms, made by hand, to ask the check language about."""

from types import MappingProxyType

from union_desk.taskpack.definition import CodeItem, CodeList, Field, Form, Parameter, Section
from union_desk.taskpack.expression import NOWHERE, Context, RowsLookup, Scope, parse
from union_desk.taskpack.period import Period

STATES = CodeList(
    "states",
    "状态",
    (
        CodeItem("1", "开办", {"live": True, "points": "2", "word": "a"}),
        CodeItem("2", "停办", {"live": False, "points": "0.5"}),
        CodeItem("3", "其他", {}),
    ),
)
COLOURS = CodeList("colours", "颜色", tuple(CodeItem(str(n), f"色{n}") for n in range(1, 12)))


def _form(form_id, kind, *fields, **more):
    sections = (Section("", tuple(item.id for item in fields)),)
    return Form(form_id, form_id, "1", kind, fields, sections, **more)


FIRM = _form(
    "firm",
    "ledger",
    Field("code", "编号", "text"),
    Field("title", "名称", "text"),
    Field("state", "状态", "choice", code_list="states"),
    Field("staff", "职工", "int", measure="人"),
    Field("wage", "工资", "money", measure="元"),
    Field("founded", "成立", "date"),
    Field("big", "规模以上", "bool"),
    Field("boss", "上级", "ref", form="firm"),
    natural_keys=(("code",),),
)
DEAL = _form(
    "deal",
    "ledger",
    Field("number", "编号", "text"),
    Field("firm", "企业", "ref", form="firm"),
    Field("state", "状态", "choice", code_list="states"),
    Field("colours", "颜色", "multi", code_list="colours"),
    Field("person", "证件号", "person_id"),
    Field("name", "姓名", "text"),
    Field("born", "出生", "date"),
    Field("first", "起", "date"),
    Field("last", "止", "date"),
    Field("staff", "人数", "int", measure="人"),
    Field("wage", "金额", "money", measure="元"),
    Field("rate", "比率", "decimal", measure="%"),
    Field("done", "完成", "bool"),
    Field("scan", "扫描件", "attach"),
    natural_keys=(("number",),),
    details=("part",),
)
PART = _form(
    "part",
    "detail",
    Field("deal", "主表", "ref", form="deal"),
    Field("firm", "企业", "ref", form="firm"),
    Field("staff", "人数", "int", measure="人"),
    Field("wage", "金额", "money", measure="元"),
    detail_of="deal",
    parent_field="deal",
)
SHEET = _form("sheet", "sheet", Field("staff", "人数", "int"), Field("first", "起", "date"))
FORMS = MappingProxyType({form.id: form for form in (FIRM, DEAL, PART, SHEET)})
PARAMETERS = MappingProxyType(
    {
        "limit": Parameter("limit", "限额", "100"),
        "since": Parameter("since", "起始日", None, "date"),
    }
)
LISTS = MappingProxyType({"states": STATES, "colours": COLOURS})


def scope(form="deal"):
    return Scope(form, FORMS, LISTS, PARAMETERS)


def read(text, form="deal"):
    return parse(text, scope(form))


def context(rows=None, **changes):
    lookup = NOWHERE if rows is None else RowsLookup(rows, FORMS)
    settings = {
        "as_of": "2012-08-31",
        "today": "2012-09-02",
        "period": Period.parse("2012M08"),
        "year": 2012,
        "year_from": "2012-01-01",
        "year_to": "2012-12-31",
        "params": {"limit": 100.0},
        "lookup": lookup,
    }
    return Context(**(settings | changes))


HEAD = {"uid": "d1", "unit": "U1", "period": "2012M07"}


def value(text, row=None, rows=None, form="deal", **changes):
    """Return what an expression yields over a row."""
    return read(text, form).run({**HEAD, **(row or {})}, context(rows, **changes))
