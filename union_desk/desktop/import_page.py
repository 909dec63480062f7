"""从 Excel 粘贴: a preview with a verdict per cell, mended in place, taken in by one act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from union_desk.desktop import import_check, jobs, theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.import_acts import ImportActs
from union_desk.desktop.import_check import BAD, FINE, WARN, Checked
from union_desk.desktop.import_mapping import MappingCard
from union_desk.desktop.import_model import ImportModel
from union_desk.desktop.import_table import ImportTable
from union_desk.desktop.navigation import Route, area_tabs
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import Page, button, column, frame, label, picture, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.import_sheet import ImportSheet
    from union_desk.desktop.session import Session

WAIT = 300
"""Milliseconds after the last mended cell before the sheet is checked anew."""
HOW = "在 Excel 或 WPS 里选中表格，按 Ctrl+C，再回到这里按 Ctrl+V"
PRIOR = "prior"
_MODES = (("新增和更新", ""), ("只新增", "new"), ("只更新", "changed"), ("作为上年对照数", PRIOR))
LANE = "import"


class ImportPage(Page):
    """What is pasted or read from a file, before anything of it is in the store."""

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.form = session.pack.forms[route.form or ""]
        self.title = "从 Excel 粘贴"
        self.context = f"{self.form.title} · {HOW}"
        self.sheet: ImportSheet | None = None
        self.checked = Checked({})
        self.explanations: dict[str, str] = {}
        self.reason = ""
        self._meant: tuple[str, ...] = ()
        self._come = route.text
        self._job: jobs.Job | None = None
        self._first = True
        self.acts = ImportActs(self)
        outer = column(self, gap=10, margins=(26, 12, 26, 14))
        self.notice = NoticeBar()
        outer.addWidget(self.notice)
        self.mapping = MappingCard()
        self.mapping.changed.connect(self._laid)
        self.mapping.filled.connect(self.check)
        outer.addLayout(self._bar())
        outer.addWidget(self.mapping)
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.model = ImportModel()
        self.model.mended.connect(self._wait)
        self.table = ImportTable(self.model)
        self.table.pasted.connect(self.acts.paste)
        self.table.selectionModel().currentChanged.connect(self._say_row)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self.table)
        inner.addWidget(self._stack, 1)
        inner.addWidget(self._foot())
        outer.addWidget(card, 1)
        self._other = self._ways_in()
        for one in self._other:
            one.setParent(self)  # until the head takes it: shown alone it would be a window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self.check)
        self._paste_key = QShortcut(QKeySequence.StandardKey.Paste, self, self.acts.paste)
        self._paste_key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._show_state()

    def _bar(self) -> QHBoxLayout:
        line = row(gap=10)
        self.found = label("")
        line.addWidget(self.found)
        self.counts: dict[str, QLabel] = {}
        self._legend: list[QWidget] = []
        for state, icon, tone in (
            (FINE, "circle-check-filled", "ok"),
            (WARN, "alert-triangle-filled", "warn"),
            (BAD, "alert-circle-filled", "err"),
        ):
            line.addSpacing(theme.px(6))
            self.counts[state] = label("", "note")
            for made in (picture(icon, tone, 14), self.counts[state]):
                line.addWidget(made)
                self._legend.append(made)
        line.addStretch(1)
        self.mode = Chooser("新增还是更新")
        for words, mode in _MODES:
            self.mode.addItem(words, mode)
        self.mode.activated.connect(lambda _index: self._mode_chosen())
        line.addWidget(self.mode)
        self.laying = button("列对应", role="chip")
        self.laying.setCheckable(True)
        self.laying.toggled.connect(self.mapping.setVisible)
        line.addWidget(self.laying)
        self.only_bad = button("只看有问题的", role="chip")
        self.only_bad.setCheckable(True)
        self.only_bad.toggled.connect(lambda on: self.model.show_only_bad(only=on))
        line.addWidget(self.only_bad)
        return line

    def _empty(self) -> QWidget:
        made = QWidget()
        outer = column(made, gap=10)
        outer.addStretch(1)
        for one in (
            picture("clipboard", "line2", 72),
            label(HOW, "strong"),
            label("第一行最好是列名；也可以选一个 .xlsx 或 .csv 文件，或先下载模板。", "second"),
        ):
            outer.addWidget(one, 0, Qt.AlignmentFlag.AlignHCenter)
        acts = row(gap=10)
        acts.addStretch(1)
        for offered in self._ways_in():
            acts.addWidget(offered)
        acts.addStretch(1)
        outer.addLayout(acts)
        outer.addStretch(1)
        return made

    def _ways_in(self) -> list[QWidget]:
        """Return 下载 Excel 模板 and 选择文件."""
        template = button("下载 Excel 模板", icon="table-export")
        template.clicked.connect(self.acts.ask_where_template)
        choose = button("选择文件…", icon="folder-open")
        choose.clicked.connect(self.acts.ask_for_file)
        for one in (template, choose):
            one.setAutoDefault(True)
        return [template, choose]

    def _foot(self) -> QWidget:
        made = frame("tablefoot")
        line = row(made, gap=8, margins=(16, 8, 16, 8))
        self.hint = label("", "note", wrap=True)
        line.addWidget(self.hint, 1)
        self.explain = button("写说明…", name="给警告写说明")
        self.explain.clicked.connect(self.acts.explain)
        self.correct = button("写更正原因…")
        self.correct.clicked.connect(self.acts.ask_reason)
        self.bad_rows = button("另存问题行…", icon="table-export")
        self.bad_rows.clicked.connect(self.acts.ask_where_bad_rows)
        self.away = button("取消")
        self.away.clicked.connect(lambda: self.opened.emit(Route("ledger", form=self.form.id)))
        self.take = button("导入", role="primary")
        self.take.clicked.connect(self.acts.take_in)
        for one in (self.explain, self.correct, self.bad_rows, self.away, self.take):
            one.setAutoDefault(True)
            line.addWidget(one)
        return made

    # --- the page of the window --------------------------------------------------------------

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the forms of the work area."""
        return area_tabs(self.session.pack, self.form.area)

    def head_buttons(self) -> list[QWidget]:
        """Return the ways in to another sheet; to the first they stand on the empty page."""
        return self._other

    def first_focus(self) -> QWidget:
        """Return the table."""
        return self.table if self.sheet is not None else self

    def entered(self) -> None:
        """Show what was pasted on the ledger."""
        if self._come:
            text, self._come = self._come, ""
            self.acts.take_text(text)

    # --- a sheet on the page -----------------------------------------------------------------

    def show_sheet(self, sheet: ImportSheet) -> None:
        """Show a sheet and check it."""
        self.sheet = sheet
        self.explanations.clear()
        self._first = True
        self.mapping.show_sheet(sheet)
        self.laying.setChecked(self._asks(sheet))
        self.mapping.setVisible(self.laying.isChecked())
        self._stack.setCurrentWidget(self.table)
        self.model.show_sheet(sheet)
        self.table.setFocus()
        self.check()

    def _asks(self, sheet: ImportSheet) -> bool:
        """Return whether the columns want to be looked at."""
        return bool(sheet.unknown() or sheet.missing() or sheet.factors)

    def _laid(self) -> None:
        if self.sheet is not None:
            self.model.show_sheet(self.sheet)
            self.acts.remember(self.sheet)
            self.check()

    def _wait(self) -> None:
        self._timer.start()

    def check(self) -> None:
        """Try the sheet in a worker; a later one drops the answer to an earlier one."""
        if self.sheet is None:
            return
        if self._job is not None:
            self._job.cancel()
        self._show_state()
        session, sheet = self.session, self.sheet
        reasons, reason = dict(self.explanations), self.reason
        self._job = jobs.run(
            self,
            lambda progress: import_check.check(session, sheet, reasons, reason, progress),
            self._show_checked,
            lane=LANE,
        )
        self._show_state()

    def _show_checked(self, checked: Checked) -> None:
        self._job = None
        self.checked = checked
        self.model.show_checked(checked)
        if self._first:
            self._first = False
            if self.sheet is not None and self.sheet.derived:
                self.mapping.show_sheet(self.sheet)
                self.laying.setChecked(self._asks(self.sheet))
            bad = self.model.first_bad()
            self.table.go_to(bad if bad.isValid() else self.model.index(0, 1))
        self._say_general()
        self._show_state()

    def _say_general(self) -> None:
        """Say what belongs to no row, then ask about columns that look counted in 万元."""
        checked = self.checked
        if checked.general:
            self.notice.say("；".join(checked.general[:3]), tone="error")
        elif checked.questions and checked.questions != self._meant:
            self.notice.say(
                "".join(checked.questions[:2]),
                tone="warn",
                actions=[
                    ("改单位", lambda: self.laying.setChecked(True)),
                    ("数字没错", self._mean),
                ],
            )
        else:
            self.notice.quiet()

    def _mean(self) -> None:
        self._meant = self.checked.questions
        self.notice.quiet()

    def _mode_chosen(self) -> None:
        """Say what last year's figures are good for before they are kept."""
        if self.prior:
            words = "只作对照：填表时显示在旁边，不算记录，不计入任何数。"
            self.notice.say(words, tone="info")
        else:
            self._say_general()
        self._show_state()

    @property
    def prior(self) -> bool:
        """Whether the sheet is last year's, to be shown beside the fields."""
        return bool(self.mode.currentData() == PRIOR)

    def chosen(self) -> frozenset[int] | None:
        """Return the rows that go in; None: all."""
        mode = self.mode.currentData()
        if mode in ("", PRIOR):
            return None
        return frozenset(
            place for place, item in self.checked.verdicts.items() if item.kind == mode
        )

    def _show_state(self) -> None:
        """Say how many rows stand how, and name the button by what it will do."""
        sheet, checked = self.sheet, self.checked
        there = sheet is not None
        for one in (self.mode, self.laying, self.only_bad, self.bad_rows, self.explain,
                    self.correct, *self._legend, *self._other):  # fmt: skip
            one.setVisible(there)
        self.mapping.setVisible(there and self.laying.isChecked())
        if sheet is None:
            self.take.setEnabled(False)
            self.hint.setText("")
            return
        chosen = self.chosen()
        verdicts = [
            item for place, item in checked.verdicts.items() if chosen is None or place in chosen
        ]
        fine, warn, bad = (sum(item.state == state for item in verdicts)
                           for state in (FINE, WARN, BAD))  # fmt: skip
        titled = "已按表头自动对应" if sheet.headed else "没有表头，按表的顺序对应"
        self.found.setText(f"识别到 {len(sheet.rows)} 行、{len(sheet.titles)} 列，{titled}")
        for state, words, count in ((FINE, "可导入", fine), (WARN, "要说明", warn),
                                    (BAD, "有错误", bad)):  # fmt: skip
            self.counts[state].setText(f"{words} {count}")
        self.explain.setVisible(bool(checked.warnings) and not self.prior)
        self.correct.setVisible(bool(checked.corrections) and not self.prior)
        self.bad_rows.setVisible(bool(warn + bad) and not self.prior)
        busy = self._job is not None
        clean = self.prior or not warn + bad
        theme.mark(self.take, role="primary" if clean else "secondary")
        if self.prior:
            self.take.setText(f"存为上年对照数 {len(verdicts)} 行")
        elif clean:
            self.take.setText(f"全部导入 {fine} 行")
        elif fine:
            self.take.setText(f"导入 {fine} 行，{warn + bad} 行存为草稿")
        else:
            self.take.setText(f"{warn + bad} 行存为草稿")
        self.take.setAccessibleName(self.take.text())
        self.take.setEnabled(bool(verdicts) and not busy and (self.prior or not checked.general))
        kinds = checked.kinds()
        counted = [f"新增 {kinds['new']}", f"更新 {kinds['changed']}", f"相同 {kinds['same']}"]
        self.hint.setText(f"可以直接在格子里改，改对后结果立即更新　{' · '.join(counted)}")
        self._say_row(self.table.currentIndex())

    def _say_row(self, index: QModelIndex) -> None:
        """Say at the foot what is to be said of the row under the cursor."""
        if index.isValid():
            place = self.model.places[index.row()]
            verdict = self.model.verdict(place)
            number = self.model.index(index.row(), 0).data()
            if verdict.state in (BAD, WARN):
                self.hint.setText(f"第 {number} 行：{verdict.words}")

    def leaving(self) -> bool:
        """Stop the check; what was not taken in is dropped."""
        if self._job is not None:
            self._job.cancel()
        return True
