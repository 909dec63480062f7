"""Figures of the periods before, for the form page: what they are, and slips against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Value

QUESTION = "是按万元填的吗？"
_UNITS = "请核对数字和单位。"


def numbers(form: Form) -> tuple[Field, ...]:
    """Return the fields that hold figures."""
    from union_desk.store import prior_figures

    return prior_figures.numbers(form)


def figures(
    session: Session, form: Form, period: str, values: Mapping[str, Value], unit: str
) -> dict[str, Value]:
    """Return the 上年对照数 of a record; empty where no sheet of that period was loaded."""
    from union_desk.store import prior_figures

    with session.store.read() as connection:
        prior = prior_figures.read(connection, form, unit, period)
    found = prior and prior_figures.row_of(form, prior, values, unit)
    return {
        name: value if form.by_id[name].type == "decimal" else int(value)
        for name, value in (found or {}).items()
        if name in form.by_id
    }


def slip(
    form: Form, values: Mapping[str, Value], before: Sequence[tuple[str, Mapping[str, Value]]],
    answered: Collection[str],
) -> tuple[str, str] | None:  # fmt: skip
    """Return field and sentence of the first figure a thousandfold off, last year first."""
    from union_desk.store import prior_figures

    for item in numbers(form):
        now = values.get(item.id)
        if item.id in answered or item.computed is not None or not isinstance(now, int | float):
            continue
        for title, row in reversed(before):
            then = row.get(item.id)
            if not isinstance(then, int | float):
                continue
            way = prior_figures.off(now, then)
            if way:
                return item.id, sentence(item, title, way)
            break
    return None


def sentence(item: Field, title: str, way: int) -> str:
    """Return the question about a figure a thousand times another, or a thousandth of it."""
    times = "1,000 倍以上" if way > 0 else "千分之一以下"
    end = QUESTION if item.type == "money" else _UNITS
    return f"“{item.label}”是{title}的{times}：{end}"
