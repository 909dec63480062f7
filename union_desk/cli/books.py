"""Commands about sheets for people: the template of a form, the 报送册 of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import excel, files
from union_desk.cli import access, output
from union_desk.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.cli.arguments import Order
    from union_desk.store.report_books import BookResult


def template(order: Order) -> int:
    """Write the empty sheet of a form, with an example row."""
    from union_desk.excel import template as sheets

    with access.opened(order) as store:
        form = access.find_form(store.pack, order.form)
        top = store.pack.forms[form.detail_of] if form.detail_of else form
        sheets.template(top, store.pack, _xlsx(order.out))
    output.say(f"已写入 {order.out}。填好后用 put {top.id} {order.out.name} 装入。")
    return 0


def book(order: Order) -> int:
    """Make the 报送册 of a unit, or take a filled one in."""
    return make(order) if order.act == "make" else take(order)


def make(order: Order) -> int:
    """Write the 报送册 of a unit: every form that it owes, to be filled in without the program."""
    from union_desk.excel import report_book
    from union_desk.store import report_books

    with access.opened(order) as store:
        day = access.day_of_year(store.pack, order.as_of)
        unit = order.unit or store.unit
        periods = report_books.working_periods(store, day, order.period or (), unit)
        plan = report_books.plan(store, unit, periods, as_of=day, day=day)
        report_book.write_book(plan, store.pack, _xlsx(order.out))
    if order.json:
        forms = [{"form": one.form, "period": one.period, "duty": one.duty} for one in plan.forms]
        output.show_json({"unit": plan.unit, "file": str(order.out), "forms": forms})
    else:
        output.say(f"已写入 {order.out}：{plan.unit_name}，{len(plan.forms)} 张表。")
    return 0


def take(order: Order) -> int:
    """Take a filled 报送册 in as records of its unit (代报)."""
    from union_desk.excel import report_book
    from union_desk.store import report_books

    path: Path = order.file
    with access.opened(order) as store:
        filled = report_book.read_book(excel.read_tables(path), store.pack)
        file = report_books.BookFile(path.name, files.sha256_file(path), path.stat().st_size)
        result = report_books.take_in(
            store, filled, file, as_of=order.as_of, reason=order.reason, drafts=order.drafts,
            dry_run=order.dry_run, progress=output.progress_line("装入"),
        )  # fmt: skip
        titles = {form.id: form.title for form in store.pack.top_forms}
    if order.json:
        output.show_json(_json(filled.unit, result))
    else:
        _say(order, result, titles)
    return 1 if result.refused else 0


def _xlsx(path: Path) -> Path:
    if path.suffix.lower() != ".xlsx":
        raise UsageError("U960", f"不知道怎样写 {path.name}。", "文件名请以 .xlsx 结尾。")
    return path


def _json(unit: str, result: BookResult) -> dict[str, object]:
    return {
        "unit": unit,
        "refused": result.refused,
        "forms": {
            form: {
                "added": one.added,
                "updated": one.updated,
                "unchanged": one.unchanged,
                "drafts": one.drafts,
                "findings": [item.to_json() for item in one.findings],
            }
            for form, one in result.results.items()
        },
        "nothing": list(result.nothing),
        "told": list(result.told),
    }


def _say(order: Order, result: BookResult, titles: dict[str, str]) -> None:
    for form, one in result.results.items():
        if one.findings:
            output.findings(one.findings)
        told = f"新增 {one.added}，更新 {one.updated}，相同 {one.unchanged}"
        told += f"，存为草稿 {one.drafts}" if one.drafts else ""
        output.say(f"《{titles[form]}》：{'有问题' if one.refused else told}。")
    for sentence in result.told:
        output.say(sentence)
    if result.nothing:
        output.say(f"本期无发生：{'、'.join(f'《{titles[form]}》' for form in result.nothing)}。")
    if result.refused:
        output.say("没有改动任何数据；警告都核对过的，用 --reason 写明原因；")
    elif not result.results and not result.nothing:
        output.say("这本报送册里没有填数据。")
    elif order.dry_run:
        output.say("只是试装入，没有改动任何数据。")
