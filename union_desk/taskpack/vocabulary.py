"""The words of the package files and what each stands for in :mod:`definition`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk.taskpack import field_types

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELD_TYPES: Mapping[str, str] = MappingProxyType(
    {kind.title: kind.id for kind in field_types.FIELD_TYPES.values()}
)
LEVELS: Mapping[str, str] = MappingProxyType(
    {"基层": "grassroots", "县级": "county", "市级": "city"}
)
FORM_KINDS: Mapping[str, str] = MappingProxyType(
    {"报表": "sheet", "台账": "ledger", "明细": "detail"}
)
FILINGS: Mapping[str, str] = MappingProxyType({"月": "month", "季": "quarter", "年": "year"})
CHECK_LEVELS: Mapping[str, str] = MappingProxyType({"错误": "error", "警告": "warning"})
DUTIES: Mapping[str, str] = MappingProxyType({"必报": "must", "有则报": "if_any", "不适用": "none"})
AGGREGATES: Mapping[str, str] = MappingProxyType(
    {"计数": "count", "求和": "sum", "去重计数": "distinct"}
)
BASES: Mapping[str, str] = MappingProxyType({"当年累计": "flow", "时点": "stock", "按期": "period"})
ROLL_UPS: Mapping[str, str] = MappingProxyType(
    {"相加": "sum", "分子分母分别相加": "sum_num_den", "合并后去重": "recount_distinct"}
)
CARRIES: Mapping[str, str] = MappingProxyType(
    {"延续": "continue", "存为草稿": "copy", "从空开始": "empty"}
)
"""What becomes of a form's records when the next year begins."""
PARAMETER_TYPES: Mapping[str, str] = MappingProxyType(
    {"小数": "decimal", "日期": "date", "文本": "text"}
)
LAYOUTS: Mapping[str, str] = MappingProxyType({
    "进度表": "targets", "单张": "sheet", "花名册": "roster", "统计表": "table", "对照表": "matrix",
    "公文": "letter", "封面": "cover", "通知单": "slip", "开通卡": "card", "更正报告": "correction",
})  # fmt: skip
BLOCKS: Mapping[str, str] = MappingProxyType(
    {
        word: word
        for word in (
            "A",
            "B",
            "AB",
            "C",
            "D",
            "E1",
            "E2",
            "E3",
            "E1本人",
            "E2本人",
            "E3本人",
            "F",
            "G",
        )
    }
)
"""Signature blocks of reports."""
