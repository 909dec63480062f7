"""Numbers as people write them: separators, full-width digits, 万, the field's own unit."""

from __future__ import annotations

import re
from decimal import Decimal

from union_desk.taskpack.typed_text import LARGEST, NotReadableError, code

_TIMES = {"万": 10_000, "亿": 100_000_000}
_CURRENCY = re.compile(r"^(人民币|RMB|CNY|¥|￥)\s*", re.IGNORECASE)
_NUMBER = re.compile(
    r"([+-]?)(\d+|\d{1,3}(?:[, ]\d{3})+|\d{1,4}(?:[, ]\d{4})+)?(?:\.(\d+))?", re.ASCII
)
_CHINESE = re.compile("[〇零一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]")
_EXACT = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)
_LONGEST = 60
YEAR = "年"
"""The measure of numbers that are years or spans of years: written without separators."""


def read_number(text: str, measure: str = "", *, currency: bool = False) -> Decimal:
    """Return the exact number; NotReadableError with what to type instead.

    Separators must stand where they group digits by three or four; `measure` is the unit of
    the field that may stand behind the number.
    """
    typed = code(text).replace("−", "-").replace("–", "-").replace("，", ",")
    if len(typed) > _LONGEST:
        raise NotReadableError("数字太长，请核对")
    if currency:
        typed = _CURRENCY.sub("", typed)
    number, times = _without_unit(typed, measure)
    match = _NUMBER.fullmatch(number)
    if match is None or not (match[2] or match[3]):
        raise NotReadableError(_why_not(number, measure))
    whole = re.sub("[, ]", "", match[2] or "0")
    return Decimal(f"{match[1]}{whole}.{match[3] or '0'}") * times


def _without_unit(typed: str, measure: str) -> tuple[str, int]:
    names = {measure, measure.split("/", maxsplit=1)[0]} - {""}
    for name in sorted((code(name) for name in names), key=len, reverse=True):
        if typed.endswith(name):
            typed = typed[: -len(name)].rstrip()
            break
    if typed[-1:] in _TIMES:
        return typed[:-1].rstrip(), _TIMES[typed[-1]]
    return typed, 1


def _why_not(number: str, measure: str) -> str:
    if _CHINESE.search(number):
        return "请用阿拉伯数字填写，如 120"
    if re.fullmatch(r"[+-]?[0-9, ]+(\.[0-9]+)?", number):
        return "数字里逗号或空格的位置不对，请核对后重填，如 1,200"
    unit = f"，单位是{measure}，不用写" if measure else ""
    return f"不是数字，请只填数字，如 120{unit}"


def read_integer(text: str, measure: str = "") -> int:
    """Return a whole number within what is kept exactly."""
    if len(text) < 16 and text.isdecimal() and text.isascii():
        return int(text)
    number = read_number(text, measure)
    if number != number.to_integral_value():
        raise NotReadableError("应填整数，不能有小数")
    if abs(number) > LARGEST:
        raise NotReadableError("数字太大，请核对")
    return int(number)


def read_decimal(text: str, measure: str = "") -> float:
    """Return a number that a float holds and writes back the same."""
    if _EXACT.fullmatch(text):
        return float(text) or 0.0
    number = read_number(text, measure)
    if abs(number) > LARGEST:
        raise NotReadableError("数字太大，请核对")
    if len(number.normalize().as_tuple().digits) > 17:
        raise NotReadableError("小数位数太多，请四舍五入后重填")
    return float(number) or 0.0


def plain_decimal(value: float) -> str:
    """Return the shortest text that reads back as `value`, never with an exponent."""
    text = repr(float(value))
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def grouped(value: float) -> str:
    """Return a number for people: ``1,200`` or ``3.5``."""
    if isinstance(value, int):
        return f"{value:,}"
    whole, _, rest = plain_decimal(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}" + (f".{rest}" if rest else "")
