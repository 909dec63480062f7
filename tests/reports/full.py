"""Every paper there is, with every kind of row: ``python -m tests.reports.full``.

Prints each form's sheet, roster and blank and each report, plain and hostile, with up to 1,000 rows
and holds them to the rules. One paper of each kind and style, and those of 1,000 rows, are also
looked at with poppler and a QR reader and drawn a second time.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

from tests.reports import looking, papers, stock_tools
from union_desk.reports import fonts, printing, values
from union_desk.reports.job import Job
from union_desk.reports.roster_columns import columns
from union_desk.taskpack.period import Period

STYLES = ("plain", "longest", "huge", "rare", "empty")
COUNTS = (0, 1, 10, 11, 12, 40)
MANY = 1000


@dataclass(frozen=True)
class Case:
    form: str
    kind: str
    style: str
    count: int

    def __str__(self):
        return f"{self.sort}-{self.count}"

    @property
    def sort(self):
        return f"{self.form}-{self.kind}-{self.style}"


def cases():
    found = []
    for form in papers.pack().top_forms:
        found.append(Case(form.id, "blank", "empty", 0))
        for style in STYLES:
            found += [Case(form.id, "sheet", style, count) for count in (0, 1, 5, 40)]
            found += [Case(form.id, "roster", style, count) for count in COUNTS]
    return found


@dataclass(frozen=True)
class ReportCase:
    name: str
    style: str
    count: int
    level: str

    def __str__(self):
        return f"{self.sort}-{self.count}-{self.level}"

    @property
    def sort(self):
        return f"{self.name}-{self.style}"


def report_cases():
    """Reports of figures with rows from none to many, plain and hostile, at each level."""
    return [
        ReportCase(name, style, many, level)
        for name, report in papers.pack().reports.items()
        if report.body.blocks or report.body.letter or report.body.subject
        for style in STYLES
        for many in (0, 1, 9, 40)
        for level in ("grassroots", "county", "city")
    ]


def hold_figures(case, *, stock=False):
    source = papers.targets_source(
        level=case.level, many=case.count, style=case.style,
        period=Period.parse("2012M08"),
    )  # fmt: skip
    if papers.pack().reports[case.name].layout == "sheet" and case.level == "grassroots":
        return
    content, trace = looking.printed(case.name, source)
    looking.examine(content, trace, texts=case.count < MANY)
    looking.tells_nobody(trace)
    if stock:
        stock_tools.hold(content, trace, lambda: looking.printed(case.name, source))


def drawn_reports():
    return {name for name, _, _ in printing.names(papers.pack(), "county")}


def hold(case, *, stock=False):
    """Print one case and hold it to the rules. On a sheet `count` is the number of detail rows."""
    form = papers.pack().forms[case.form]
    inventor = papers.Inventor(case.count, case.style)
    if case.kind == "sheet":
        record = inventor.record(form, 1, details=case.count)
        source = papers.MemorySource({form.id: [record]})
        content, trace = looking.printed(f"{form.id}-sheet", source, record=record.uid)
        looking.examine(content, trace, texts=case.count < MANY)
        sheet_shows_its_texts(record, trace)
    elif case.kind == "roster":
        source = papers.MemorySource({form.id: inventor.records(form, case.count)})
        content, trace = looking.printed(f"{form.id}-roster", source)
        looking.examine(content, trace, texts=case.count < MANY)
        looking.tells_nobody(trace)
        roster_shows_every_row(form, source, trace)
    else:
        source = papers.MemorySource({})
        content, trace = looking.printed(f"{form.id}-blank", source)
        pages = looking.examine(content, trace)
        assert "校验码" not in "".join(pages)
        assert "草稿" not in "".join(pages)
        record = None
    if stock:
        name, uid = f"{form.id}-{case.kind}", record.uid if case.kind == "sheet" else None
        stock_tools.hold(content, trace, lambda: looking.printed(name, source, record=uid))


def hold_report(name):
    """Print a report of the package over the samples."""
    report = papers.pack().reports[name]
    figured = report.layout == "targets" or report.body.letter is not None
    source = papers.targets_source() if figured else papers.sample_source()
    record = None
    if (name, report.title, True) in printing.names(papers.pack(), "county"):
        record = source.rows[report.record_form or report.forms[0]][0].uid
    content, trace = looking.printed(name, source, record=record)
    looking.examine(content, trace)
    if record is None:
        looking.tells_nobody(trace)


def sheet_shows_its_texts(record, trace):
    drawn = looking.by_column(trace)
    for item in papers.pack().forms[record.form].fields:
        if item.type in {"text", "ref", "money", "longtext"} and not item.pen:
            text = looking.tight(values.shown(item, record.values, papers.pack(), masked=False))
            assert any(text in column for column in drawn), (item.id, text)


def roster_shows_every_row(form, source, trace):
    rows = list(source.records(form.id))
    drawn = [text for _, text, _, _, cell in trace.texts if cell is not None]
    if not rows:
        assert "本期无" in drawn
    for number in range(1, len(rows) + 1):
        assert str(number) in drawn
    job = Job(f"{form.id}-roster", papers.pack(), source, form=form, block="C")
    joined = looking.by_column(trace)
    for column in columns(job):
        for row in rows[:3]:
            text = looking.tight(values.shown(column.field, row.values, papers.pack(), masked=True))
            assert any(text in cells for cells in joined), (column.id, text)


def every_character_is_read_back():
    """All that the broadest font has, drawn in each of the five stacks."""
    known = fonts.stack(fonts.NUMBER).children[0].face.charToGlyph
    text = "".join(map(chr, sorted(code for code in known if code > 0x2E00)))
    lines = [text[start : start + 50] for start in range(0, len(text), 50)]
    for stack in (fonts.BODY, fonts.TITLE, fonts.HEAD, fonts.KAI, fonts.NUMBER):
        found, _ = looking.read_back(stack, lines)
        wrong = sum(one != other for one, other in zip(found, "".join(text.split()), strict=False))
        print(f"{stack}: {len(text)} characters, {wrong} read back as others")
        yield wrong == 0 and len(found) == len("".join(text.split()))


def many_cases():
    """A thousand rows: of every form in each style, of every report, of every sheet's details."""
    found = []
    for form in papers.pack().top_forms:
        found += [Case(form.id, "roster", style, MANY) for style in STYLES]
        if form.details:
            found.append(Case(form.id, "sheet", "plain", MANY))
    names = dict.fromkeys(case.name for case in report_cases())
    return [*found, *(ReportCase(name, "plain", MANY, "county") for name in names)]


def main():
    started, everything = time.perf_counter(), [*cases(), *report_cases(), *many_cases()]
    seen = set()
    looked_at, failed = 0, sum(not held for held in every_character_is_read_back())
    for number, case in enumerate(everything, 1):
        try:
            few = case.count <= 1 and not case.sort.endswith("-blank-empty")
            stock = case.count == MANY or (not few and case.sort not in seen)
            if stock:
                seen.add(case.sort)
            (hold if isinstance(case, Case) else hold_figures)(case, stock=stock)
            looked_at += stock
        except Exception as error:
            failed += 1
            print(f"{case}: {type(error).__name__} {error}")
        if number % 100 == 0:
            print(
                f"{number} of {len(everything)}, {time.perf_counter() - started:.0f} s",
                file=sys.stderr,
            )
    spent = time.perf_counter() - started
    print(f"{len(everything)} papers, {looked_at} with stock tools, {failed} failed, {spent:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
