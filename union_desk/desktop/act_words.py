"""What the acts of the change log are called."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from union_desk import workflow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.store.log_book import Done
    from union_desk.taskpack.definition import Form

TITLES: Mapping[str, str] = MappingProxyType({
    **{move.id: move.title for move in workflow.PAPER_MOVES.values()},
    **{move.id: move.title for move in workflow.MOVES.values()},
    "accept": "接收", "adopt": "并入", "backup": "备份", "close_period": "报告期结账",
    "decision": "上级决定", "delivery": "写报送文件", "draft": "存草稿", "drill": "恢复演练",
    "enrol_code_typed": "输入开通码", "enrol_codes": "做开通码条", "erase": "删除个人信息",
    "explain": "写审核说明", "export": "报送", "file": "另存或登记",
    "file_full": "敏感内容写全另存", "handover": "离岗交接",
    "hold": "报送暂停", "hold_decided": "决定继续报送", "import": "收件", "init": "建立数据",
    "issue": "正式出具", "key_change": "更换数据钥匙", "key_rotated": "更换签名钥匙",
    "keys_former": "认得以前的钥匙", "lapse": "失效", "lift": "取消零报", "link": "关联",
    "login": "登录", "nil": "零报", "notice": "发通知",
    "package": "装入任务包", "paper_received": "收到纸质", "parent_slot": "上级可协助重设口令",
    "password": "改口令", "password_reset": "重设口令", "person": "人员变动",
    "person_left": "停用人员", "print": "打印", "print_full": "证件号印全",
    "prior": "装入上年对照数",
    "quarantine": "文件未装入", "quarantine_discard": "删除未装入的文件", "receipt": "回执",
    "recovery_code": "做恢复单", "recovery_kept": "恢复单已存放", "recovery_key": "做恢复钥匙",
    "reopen_period": "报告期重开", "reset_answered": "答复重设口令", "restore": "恢复",
    "returned": "被退回", "reveal": "显示敏感内容", "role": "改角色", "salvage": "抢救数据",
    "search": "按证件号查找", "second": "第二人确认", "second_sign_in": "第二人登录",
    "setting": "改设置", "trust": "核对单位", "undo": "撤销", "upgrade": "升级数据",
})  # fmt: skip
"""By act: of records, of papers, of the installation itself."""
_MOST = 3


def words(done: Done, forms: Mapping[str, Form]) -> str:
    """Return what an entry did in one line: 确认 45 条、存草稿 3 条."""
    parts: dict[str, int] = {}
    for (act, form), count in done.acts.items():
        title = TITLES.get(act, act)
        counted = form is not None and form in forms
        parts[title] = parts.get(title, 0) + (count if counted else 0)
    told = [f"{title} {count:,} 条" if count > 1 else title for title, count in parts.items()]
    return "、".join(told[:_MOST]) + ("等" if len(told) > _MOST else "")


def why_not(done: Done, forms: Mapping[str, Form]) -> str:
    """Return why an entry is not taken back as a whole, and what can be done instead."""
    from union_desk.store.log_book import ENTERED, GONE

    acts = {act for act, _ in done.acts}
    written = {form for act, form in done.acts if form is not None and act in (*ENTERED, *GONE)}
    if "undo" in acts:
        return "这一步本身就是撤销，不能再撤销；要改的记录请在台账里打开。"
    if acts & {"export", "delivery"}:
        return "已写出的报送文件收不回来；要改已报送的记录，请在台账里打开，做更正或作废。"
    if not written:
        return "这一步没有新增、修改或删除记录，没有可以撤销的。"
    if any(name not in forms or forms[name].kind == "system" for name in written):
        return "这一步写的是说明、零报、通知一类，不能整批撤销；请在做这一步的页面里改。"
    if len(written) > 1:
        return "这一步改了几张表的记录，不能整批撤销；请在各表的台账里打开要改的记录。"
    return "这一步既有新增也有删除，不能整批撤销；请在台账里打开要改的记录。"


def about(done: Done, forms: Mapping[str, Form]) -> str:
    """Return the titles of the forms an entry touched; the package's own before the system's."""
    found = [forms[form] for _, form in done.acts if form is not None and form in forms]
    titles = dict.fromkeys(form.title for form in sorted(found, key=lambda f: f.kind == "system"))
    return "、".join(titles)
