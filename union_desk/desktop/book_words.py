"""A 报送册 in words: whose it is, what would become of each form, what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.checks import Finding
    from union_desk.store.report_books import BookResult
    from union_desk.store.taking_in import PutResult
    from union_desk.taskpack.definition import TaskPack
    from union_desk.taskpack.report_book import FilledBook

_RANK = {"error": 0, "warning": 1, "hint": 2}


def whose(book: FilledBook, name: str, own: str) -> str:
    """Return of which unit and which periods a book is, and who files it."""
    titles = "、".join(Period.parse(one).title for one in book.periods.values())
    filer = "本单位自己的" if book.unit == own else "由本单位代报"
    return f"{name}（{book.unit}）· {titles} · {filer}"


def rows(
    result: BookResult, book: FilledBook, pack: TaskPack
) -> list[tuple[str, tuple[str, ...], str]]:
    """Return form, cells and tone of each form of a book, nil statements after the filled ones."""
    found = []
    for form, one in result.results.items():
        warnings, errors = _counts(one)
        words, tone = _outcome(one, warnings, errors)
        counts = (one.added, one.updated, one.unchanged, warnings, errors)
        period = Period.parse(book.periods[pack.forms[form].filing]).title
        cells = (pack.forms[form].title, period, *(str(count) for count in counts), words)
        found.append((form, cells, tone))
    for form in result.nothing:
        period = Period.parse(book.periods[pack.forms[form].filing]).title
        found.append((form, (pack.forms[form].title, period, *[""] * 5, "本期无发生"), "plain"))
    return found


def _counts(one: PutResult) -> tuple[int, int]:
    """Return how many rows want a reason and how many are wrong."""
    wrong = {(item.form, item.row) for item in one.findings if item.level == "error"}
    warned = {
        (item.form, item.row)
        for item in one.findings
        if item.level == "warning" and not item.explained
    }
    return len(warned - wrong), len(wrong)


def _outcome(one: PutResult, warnings: int, errors: int) -> tuple[str, str]:
    if one.refused:
        return "装不进来", "err"
    if errors or warnings:
        return f"{one.drafts} 行存为草稿", "err" if errors else "warn"
    return ("可以装入", "ok") if one.added or one.updated else ("已有，相同", "plain")


def problems(one: PutResult, pack: TaskPack) -> list[tuple[str, str, str]]:
    """Return row, field and sentence of what is to be said of a form, errors first."""
    told = [item for item in one.findings if not item.explained]
    ordered = sorted(told, key=lambda item: (_RANK[item.level], item.row or 0))
    return [
        (str(item.row + 1) if item.row else "", _field(item, pack), item.message)
        for item in ordered
    ]


def _field(item: Finding, pack: TaskPack) -> str:
    form = pack.forms.get(item.form)
    known = form.by_id.get(item.field or "") if form else None
    return known.label if known else item.column or ""


def asked(result: BookResult) -> tuple[list[Finding], int]:
    """Return the open warnings of rules, and how many rows are corrections without a reason."""
    every = [item for one in result.results.values() for item in one.findings]
    warnings = [item for item in every if item.level == "warning" and not item.explained]
    return warnings, sum(item.code.endswith(".correction") for item in every)


def button_words(result: BookResult) -> tuple[str, bool, bool]:
    """Return the words of the button, whether the book is clean, whether there is anything."""
    good = result.total("added") + result.total("updated")
    drafts, nil = result.total("drafts"), len(result.nothing)
    parts = [f"装入 {good} 行"] if good or not (drafts or nil) else []
    parts += [f"零报 {nil} 张"] if nil else []
    parts += [f"{drafts} 行存为草稿"] if drafts else []
    return "，".join(parts), not drafts and not result.refused, bool(good or drafts or nil)


def done_words(result: BookResult, name: str) -> str:
    """Return what was done, for the notice with its undo."""
    parts: Sequence[str] = [
        f"{words} {count} {unit}"
        for words, count, unit in (
            ("新增", result.total("added"), "条"), ("更新", result.total("updated"), "条"),
            ("存为草稿", result.total("drafts"), "条"), ("零报", len(result.nothing), "张"),
        )
        if count
    ]  # fmt: skip
    return f"已代报 {name}：{'，'.join(parts)}"
