"""The system table of printed reports that were issued: what each showed, and what became of it.

Its row travels up with the records under the unit's signature; the PDF stays home.
"""

from __future__ import annotations

from union_desk.taskpack.definition import CodeItem, CodeList, Field, Form, Section

PAPER_LIST = CodeList(
    "system_paper",
    "报表状态",
    tuple(
        CodeItem(code, label)
        for code, label in (
            ("issued", "已出具"), ("printed", "已打印"), ("signed", "已签字"),
            ("sealed", "已盖章"), ("sent", "已报送"), ("received", "已回执"),
            ("returned", "已退回"), ("void", "已作废"), ("corrected", "已更正"),
        )
    ),
)  # fmt: skip
SCAN_BYTES = 5 << 20


def _text(name: str, label: str, longest: int, *, required: bool = False) -> Field:
    return Field(name, label, "text", required=required, max_length=longest)


_FIELDS = (
    _text("serial", "报表编号", 90, required=True),
    _text("report", "报表", 60, required=True),
    Field("record", "记录号", "text", max_length=36, help="单条登记表是哪一条记录。"),
    _text("asked", "报告期", 8),
    Field("as_of", "数据截至", "date", required=True),
    _text("package_version", "任务包版本", 20, required=True),
    Field("digest", "内容摘要", "text", required=True, max_length=64, help="前 16 位是校验码。"),
    Field("state", "状态", "choice", required=True, code_list=PAPER_LIST.id),
    _text("issued_at", "出具时间", 20, required=True),
    _text("issued_by", "出具人", 30, required=True),
    Field("audit", "出具时的变更记录号", "int", required=True, minimum=0),
    _text("printed_at", "打印时间", 20),
    _text("printed_by", "打印人", 30),
    _text("printed_on", "在哪里打印", 120),
    Field("copies", "份数", "int", minimum=1),
    Field("signed_date", "签字日期", "date"),
    _text("signer", "签字人", 30),
    _text("signer_post", "签字人职务", 30),
    _text("proxy", "代签人", 30),
    Field("ground", "代签依据", "text", max_length=200, help="凭什么代签：委托书、电话授权等。"),
    Field("sealed_date", "盖章日期", "date"),
    Field("later", "纸质后补", "bool", help="文件先报，纸质件随后补。"),
    Field(
        "scan", "盖章页扫描件", "attach", file_types=("pdf", "jpg", "jpeg", "png"),
        max_bytes=SCAN_BYTES,
    ),
    _text("void_reason", "作废原因", 500),
    _text("void_by", "作废人", 30),
    _text("void_at", "作废时间", 20),
    _text("void_from", "作废前的状态", 10),
    Field(
        "corrected_by", "更正报告和新编号", "text", max_length=200,
        help="更正报告的编号，以及重新出具的编号。",
    ),
    Field("missing", "没有字形的字", "text", max_length=500, help="印出时留了空格，用笔补写。"),
    Field("cells", "印出的数", "longtext"),
    Field("covers", "所含记录", "longtext"),
    Field("changes", "作废时变动的印出数", "longtext"),
    Field("pdf", "印出的文件", "attach", travels=False),
)  # fmt: skip
PAPER_FORM = Form(
    id="issued_report",
    title="已出具的报表",
    area="",
    kind="system",
    fields=_FIELDS,
    sections=(Section("已出具的报表", tuple(item.id for item in _FIELDS)),),
    filing="",
    duplicate_keys=(("serial",),),
    natural_keys=(("serial",),),
    name_field="serial",
    help="正式出具的报表：编号、校验码、印出的数，打印、签字、盖章和报送的情况。",
)
