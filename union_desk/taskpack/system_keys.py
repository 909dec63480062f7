"""The system tables of keys and trust: what an office says of its own keys and of others'.

``enrol`` and ``key`` stand in the parent's packets to all, ``key`` also on a key card, ``trust`` in
packets upward. They hold public keys and proofs only.
"""

from __future__ import annotations

from union_desk.taskpack.definition import CodeItem, CodeList, Field, Form, Section


def _list(list_id: str, title: str, **items: str) -> CodeList:
    return CodeList(list_id, title, tuple(CodeItem(code, label) for code, label in items.items()))


KEY_LISTS = (
    _list("system_key_role", "用途", work="日常", recovery="恢复", former="以前"),
    _list("system_trust", "核对结果", trusted="已核对", retired="已停用", revoked="已作废"),
    _list(
        "system_trust_way",
        "核对方式",
        code="开通码",
        paper="单位开通卡",
        old_key="原有签名",
        vouch="上下级核对",
    ),
)

_ORIGIN = Field(
    "for_origin",
    "填报端",
    "text",
    required=True,
    max_length=13,
    pattern=r"[0-9]{12}[B-Z]?",
    pattern_help="12 位工会编码，第二台电脑起再加一个字母",
    help="装有程序的那台电脑：单位编码，第二台起再加一个字母。",
)
_TAG = Field("tag", "开通码验证值", "text", max_length=64, help="证明写的人知道开通码。")


def _text(name: str, label: str, longest: int, *, required: bool = False) -> Field:
    return Field(name, label, "text", required=required, max_length=longest)


def _code(name: str, label: str, code_list: str) -> Field:
    return Field(name, label, "choice", required=True, code_list=code_list)


def _form(form_id: str, title: str, keys: tuple[str, ...], *fields: Field, help_text: str) -> Form:
    return Form(
        id=form_id,
        title=title,
        area="",
        kind="system",
        fields=fields,
        sections=(Section(title, tuple(item.id for item in fields)),),
        filing="",
        duplicate_keys=(keys,),
        natural_keys=(keys,),
        name_field=fields[0].id,
        help=help_text,
    )


KEY_FORMS = (
    _form(
        "enrol",
        "开通验证",
        ("for_origin", "tag"),
        _ORIGIN,
        Field("tag", "开通码验证值", "text", required=True, max_length=64),
        Field("expires", "有效期至", "date", required=True),
        help_text="上级发给各单位的开通码的验证值，随通知包下发；开通码本身不在里面。",
    ),
    _form(
        "key",
        "公开钥匙",
        ("for_origin", "role", "age_pub"),
        _ORIGIN,
        _text("sign_pub", "签名公钥", 100),
        _text("age_pub", "加密公钥", 80, required=True),
        _code("role", "用途", "system_key_role"),
        Field("valid_from", "启用日期", "date", required=True),
        Field("from_n", "自第几包起", "int", required=True, minimum=0),
        _TAG,
        help_text="一台填报端的公钥，用来核对签名和加密；没有秘密内容。",
    ),
    _form(
        "trust",
        "下级核对结果",
        ("for_origin", "fingerprint"),
        _ORIGIN,
        _text("fingerprint", "公钥摘要", 50, required=True),
        _code("status", "核对结果", "system_trust"),
        _code("way", "核对方式", "system_trust_way"),
        _text("epoch", "数据包编号段", 32),
        Field("after_n", "至第几包止", "int", minimum=0, help="停用或作废的，到这一包为止有效。"),
        _text("confirmed_by", "核对人", 30, required=True),
        Field("date", "日期", "date", required=True),
        help_text="本单位核对过的下级的公钥，随数据包报给上级。",
    ),
)
