"""Numbers with a check digit, and telephone numbers.

居民身份证号 GB 11643-1999 (check digit ISO 7064 MOD 11-2), 统一社会信用代码 GB 32100-2015,
组织机构代码 GB 11714-1997, telephone numbers by the MIIT numbering plan.

The rules that ``stdnum.cn.ric`` adds are wrong for this use: it refuses holders born before
their county's code was in force, most of those alive in 2012. A wrong check digit is never
corrected: only the certificate tells the right one.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from operator import mul

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2, mod_11_10

from union_desk.taskpack.typed_text import NotReadableError, compact

PROVINCES = frozenset(
    str(number)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for number in range(first, last + 1)
)
"""First two digits of GB/T 2260, and 81–83 of residence permits for 港澳台居民."""

_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_FIXED = re.compile(r"(0\d{2,3}-?)?\d{7,8}(-\d{1,5})?", re.ASCII)
_OLD_ID = re.compile(r"\d{15}", re.ASCII)
_ID = re.compile(r"\d{17}[\dX]", re.ASCII)
_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
_ID_CHECK = "10X98765432"
"""ISO 7064 MOD 11-2 over 17 digits: the check character by the remainder of the weighted sum."""


def read_person_id(text: str, today: str = "") -> str:
    """Return an 18-character ID number; one of 15 digits is widened with 19."""
    typed = compact(text).upper()
    if _OLD_ID.fullmatch(typed):
        typed = f"{typed[:6]}19{typed[6:]}"
        typed += str(mod_11_2.calc_check_digit(typed))
    if not _ID.fullmatch(typed):
        count = f"现在是 {len(typed)} 位" if typed.isalnum() else "请去掉多余的符号"
        raise NotReadableError(f"身份证号应为 18 位（旧证 15 位），{count}，请核对证件")
    if typed[:2] not in PROVINCES:
        raise NotReadableError("身份证号开头两位不是省级代码，请核对证件")
    birth = birth_date(typed)
    if not _is_day(birth) or not "1900-01-01" <= birth <= (today or "2099-12-31"):
        raise NotReadableError("身份证号第 7 至 14 位不是出生日期，请核对证件")
    if _ID_CHECK[sum(map(mul, _ID_WEIGHTS, map(int, typed[:17]))) % 11] != typed[17]:
        raise NotReadableError("身份证号校验位不对，请核对证件")
    return typed


def birth_date(person_id: str) -> str:
    """Return the birth date inside an 18-character ID number, ISO."""
    return f"{person_id[6:10]}-{person_id[10:12]}-{person_id[12:14]}"


def gender(person_id: str) -> str:
    """Return ``"1"`` (男) or ``"2"`` (女) from an 18-character ID number (GB/T 2261.1)."""
    return "1" if person_id[16] in "13579" else "2"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_credit_code(text: str) -> str:
    """Return an 18-character credit code, or a 9-character organisation code without its dash."""
    typed = _DASHES.sub("-", compact(text)).upper()
    if len(typed.replace("-", "")) == 9 and typed.count("-") <= 1:
        return _organisation(typed)
    if len(typed) != 18:
        raise NotReadableError(
            f"应为 18 位统一社会信用代码或 9 位组织机构代码，现在是 {len(typed)} 位，请核对证照"
        )
    if not _CREDIT.fullmatch(typed):
        raise NotReadableError("统一社会信用代码里有不该出现的字（没有 I、O、S、V、Z），请核对证照")
    if uscc.calc_check_digit(typed[:17]) != typed[17]:
        raise NotReadableError("统一社会信用代码校验位不对，请核对证照")
    if _organisation_check(typed[8:16]) != typed[16]:
        raise NotReadableError("统一社会信用代码第 9 至 17 位（组织机构代码）不对，请核对证照")
    return typed


def _organisation(typed: str) -> str:
    if "-" in typed and typed[8:9] != "-":
        raise NotReadableError("组织机构代码的短横应在末位之前，如 12345678-X，请核对证照")
    plain = typed.replace("-", "")
    if not _ORGANISATION.fullmatch(plain):
        raise NotReadableError("组织机构代码应为 8 位数字或字母加 1 位校验位，请核对证照")
    if _organisation_check(plain[:8]) != plain[8]:
        raise NotReadableError("组织机构代码校验位不对，请核对证照")
    return plain


def _organisation_check(first: str) -> str:
    """Return the check digit of GB 11714: 10 prints as X, 11 as 0."""
    total = sum(weight * int(sign, 36) for weight, sign in zip(_WEIGHTS, first, strict=True))
    return "0123456789X0"[11 - total % 11]


def read_phone(text: str) -> str:
    """Return a mobile number, or a fixed one with its area code and extension if typed."""
    if _MOBILE.fullmatch(text):
        return text
    typed = _DASHES.sub("-", compact(text))
    typed = re.sub(r"^(\+86|0086)-?", "", typed)
    typed = re.sub(r"^\((0\d{2,3})\)-?", r"\1-", typed)
    typed = re.sub(r"(?<=\d)(转|分机)(?=\d)", "-", typed)
    if _MOBILE.fullmatch(typed) or _FIXED.fullmatch(typed):
        return typed
    if typed.isdigit() and typed.startswith("1"):
        raise NotReadableError(f"手机号码应为 11 位，现在是 {len(typed)} 位，请核对")
    raise NotReadableError("不是电话号码，请填一个手机号，或区号-电话，如 0833-2123456")


def check_digit_holds(scheme: str, text: str) -> bool:
    """Return whether `text` ends in its check digit by a scheme a package may name."""
    if scheme == "mod_11_10":
        return bool(text.isascii() and text.isdigit() and mod_11_10.is_valid(text))
    message = f"unknown check digit scheme {scheme}"
    raise ValueError(message)


CHECK_DIGITS = ("mod_11_10",)
"""Schemes a package may name for a text field."""


@cache
def region_is_known(region: str) -> bool:
    """Return whether six digits stand in GB/T 2260 as the library has it, of any time.

    Offered as a remark while typing, never a finding: older codes are genuine, too.
    """
    from stdnum import numdb

    parts = numdb.get("cn/loc").info(region)
    return len(parts) > 1 and bool(parts[1][1])
