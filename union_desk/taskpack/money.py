"""Money: whole fen in the store, yuan for people, and amounts in words (人民币大写)."""

from __future__ import annotations

import re

from union_desk.taskpack.figures import read_number
from union_desk.taskpack.typed_text import LARGEST, NotReadableError

_YUAN = re.compile(r"(\d{1,12})(?:\.(\d\d?))?", re.ASCII)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def read_money(text: str, measure: str = "") -> int:
    """Return fen for an amount in yuan as typed: ``1,200.50``, ``1.2万元``, ``￥3``."""
    exact = _YUAN.fullmatch(text)
    if exact:
        return int(exact[1]) * 100 + int((exact[2] or "0").ljust(2, "0"))
    number = read_number(text, measure or "元", currency=True)
    fen = number * 100
    if fen != fen.to_integral_value():
        raise NotReadableError("金额最多两位小数（到分），请核对后重填")
    if abs(fen) > LARGEST:
        raise NotReadableError("金额太大，请核对")
    return int(fen)


def plain_money(fen: int) -> str:
    """Return yuan with two decimals, as files hold it: ``1200.50``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02}"


def grouped_money(fen: int) -> str:
    """Return yuan for people: ``1,200.50``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02}"


def amount_in_words(fen: int) -> str:
    """Return an amount in words by annex 1 of 支付结算办法 (正确填写票据和结算凭证的基本规定).

    整 stands behind 元 and 角, never behind 分; one 零 for any run of zeros within the number;
    a zero 角 before 分 is written.
    """
    if fen == 0:
        return "零元整"
    yuan, cents = divmod(abs(fen), 100)
    jiao, rest = divmod(cents, 10)
    words = "负" if fen < 0 else ""
    if yuan:
        words += _whole(yuan) + "元"
    if not cents:
        return words + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + (_DIGITS[rest] + "分" if rest else "整")


def _whole(number: int) -> str:
    """Return a number in words; one beyond 亿 is counted in 亿, however large a sum becomes."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            if not low:
                return _whole(high) + name
            gap = low < size // 10 or high % 10_000 == 0
            return _whole(high) + name + ("零" if gap else "") + _whole(low)
    return _group(number)


def _group(number: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words
