"""Commands about records: the forms, taking files in, giving files out, checking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from union_desk import excel
from union_desk.cli import access, output
from union_desk.errors import UsageError
from union_desk.taskpack.field_types import FIELD_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.cli.arguments import Order
    from union_desk.taskpack.definition import Form, TaskPack
    from union_desk.taskpack.expression import Expression
    from union_desk.taskpack.record import Table

KINDS = {"sheet": "报表", "ledger": "台账", "detail": "明细", "system": "系统表"}


def forms(order: Order) -> int:
    """Print the forms, or the fields of one."""
    pack = _pack(order)
    areas = {area.id: area.title for area in pack.areas}
    if order.form is None:
        chosen = list(pack.forms.values())
    else:
        chosen = [access.find_form(pack, order.form, system=True)]
    if order.json:
        output.show_json([_form_json(form) for form in chosen])
    elif order.form is None:
        output.table(
            ("编号", "名称", "领域", "类别", "项数"),
            [
                (form.id, form.title, areas[form.area], KINDS[form.kind], str(len(form.fields)))
                for form in chosen
            ],
            right=(4,),
        )
    else:
        _show_fields(chosen[0], pack)
    return 0


def _pack(order: Order) -> TaskPack:
    """Return the package of the store, or the one that comes with the program."""
    from union_desk.cli.store import newest_pack
    from union_desk.store import opening

    if not opening.exists(access.data_folder(order)):
        return newest_pack()
    with access.opened(order) as store:
        return store.pack


def _form_json(form: Form) -> dict[str, object]:
    return {
        "id": form.id,
        "title": form.title,
        "area": form.area,
        "kind": form.kind,
        "fields": [
            {"id": item.id, "label": item.label, "type": item.type, "required": item.required}
            for item in form.fields
        ],
    }


def _show_fields(form: Form, pack: TaskPack) -> None:
    output.say(f"{form.title}（{form.id}，{KINDS[form.kind]}）")
    rows = []
    for item in form.fields:
        codes = pack.codes(item)
        told = " ".join(f"{code.code}={code.label}" for code in codes.items[:6]) if codes else ""
        if codes and len(codes.items) > 6:
            told += f" … 共 {len(codes.items)} 项"
        if item.form:
            told = f"→ {item.form}"
        need = "必填" if item.required else ("有条件" if item.required_when else "")
        rows.append((item.id, item.label, FIELD_TYPES[item.type].title, need, item.measure, told))
    output.table(("编号", "名称", "类型", "必填", "计量单位", "代码"), rows)


def put(order: Order) -> int:
    """Take a file in: all of it confirmed, or nothing changed."""
    from union_desk.store import intake

    with access.opened(order) as store:
        form = access.find_form(store.pack, order.form, system=True)
        table, details = _read_files(order, form, store.pack)
        result = intake.put(
            store,
            form.id,
            table,
            details,
            period=order.period,
            as_of=order.as_of,
            reason=order.reason,
            dry_run=order.dry_run,
            drafts=order.drafts,
            progress=output.progress_line("装入"),
        )
    if order.json:
        output.show_json(
            {
                "added": result.added,
                "updated": result.updated,
                "unchanged": result.unchanged,
                "findings": [item.to_json() for item in result.findings],
            }
        )
    else:
        if result.findings:
            output.findings(result.findings)
        told = f"新增 {result.added}，更新 {result.updated}，相同 {result.unchanged}"
        if order.drafts:
            told += f"，存为草稿 {result.drafts}"
        if result.refused:
            told = "没有改动任何数据"
            if not any(item.level == "error" for item in result.findings):
                told += "；警告都核对过的，用 --reason 写明原因后再装入"
        output.say(f"{'试装入' if order.dry_run else '装入'}：{told}。")
    return 1 if result.refused else 0


def _read_files(order: Order, form: Form, pack: TaskPack) -> tuple[Table, dict[str, Table]]:
    """Return the form's table and those of its details, from one file or several."""
    table, details = excel.choose(excel.read_tables(order.file), form, pack)
    for word in order.details:
        name, mark, file = word.partition("=")
        detail = next((key for key in form.details if name in (key, pack.forms[key].title)), None)
        if not mark or detail is None:
            known = "、".join(form.details) or "没有明细表"
            raise UsageError(
                "U950", f"“{word}”看不懂。", f"请写成 明细表=文件；{form.title}的明细表：{known}。"
            )
        if detail in details:
            raise UsageError("U951", f"明细表 {detail} 给了两次。", "请只留一个。")
        found = excel.read_tables(Path(file))
        details[detail] = excel.choose(found, pack.forms[detail], pack)[0]
    return table, details


def get(order: Order) -> int:
    """Give the confirmed records of a form out, as `put` reads them."""
    from union_desk.store import access as access_log
    from union_desk.store import selecting
    from union_desk.store.context import context_at

    out: Path | None = order.out
    with access.opened(order) as store:
        form = access.find_form(store.pack, order.form, system=True)
        where = _condition(order.where, form, store.pack)
        context = context_at(store, access.day_of_year(store.pack, order.as_of))
        full = (order.reason or "") if order.full else None
        access_log.filed(store, form.id, out.name if out else "", full=full)
        if where is not None:
            access_log.conditioned(store, form.id, where)
        with store.read() as connection:
            whole = out is not None and out.suffix.lower() == ".xlsx"
            found = selecting.sheets(
                connection, store, form, where, context, details=whole, masked=full is None
            )
            columns, rows = found[form.id]
            if order.json:
                output.show_json([dict(zip(columns, _or_null(row), strict=True)) for row in rows])
            elif out is None:
                output.csv_lines(columns, rows)
            else:
                named = {excel.sheet_name(store.tables.forms[key]): found[key] for key in found}
                excel.write_tables(out, named, output.progress_line("写入"))
                output.say(f"已写入 {out}：{len(rows)} 条。")
    return 0


def _or_null(row: Sequence[str]) -> list[str | None]:
    return [cell or None for cell in row]


def _condition(text: str | None, form: Form, pack: TaskPack) -> Expression | None:
    if text is None:
        return None
    from union_desk.taskpack import expression
    from union_desk.taskpack.system import SYSTEM_FORMS

    scope = expression.Scope(
        form.id, {**pack.forms, **SYSTEM_FORMS}, pack.code_lists, pack.parameters
    )
    try:
        found = expression.parse(text, scope)
    except expression.ExpressionError as error:
        place = f"第 {error.offset + 1} 个字处" if error.offset else ""
        raise UsageError(
            "U952", f"条件“{text}”{place}不对：{error.message}。", "写法与审核公式相同。"
        ) from error
    if found.kind != "bool":
        raise UsageError("U953", f"条件“{text}”得不出是或否。", "请写成比较，例如 persons > 10。")
    return found


def check(order: Order) -> int:
    """Print every finding over the confirmed records."""
    from union_desk.store import checking, selecting
    from union_desk.store.context import context_at

    names: dict[str, str] = {}
    with access.opened(order) as store:
        pack = store.pack
        chosen = [access.find_form(pack, order.form)] if order.form else list(pack.top_forms)
        context = context_at(store, access.day_of_year(pack, order.as_of))
        with store.read() as connection:
            found = [
                finding
                for form in chosen
                for finding in checking.check_rows(
                    connection, store.tables, pack, form.detail_of or form.id, None, context
                )
            ]
            for form_id in {finding.form for finding in found}:
                uids = [item.record for item in found if item.form == form_id and item.record]
                names |= selecting.names(connection, store, pack.forms[form_id], uids)
    if order.json:
        output.show_json([item.to_json() for item in found])
    else:
        output.findings(found, names)
    return 1 if any(item.level == "error" for item in found) else 0
