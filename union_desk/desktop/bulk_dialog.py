"""批量修改 and 批量确认: what would become of the chosen records, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from union_desk.desktop import editors, jobs, theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.explain_box import ReasonLine
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, clear, column, label, row
from union_desk.desktop.rule_dialog import RuleDialog
from union_desk.taskpack.field_types import SENSITIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from union_desk.desktop.editor import Reader
    from union_desk.desktop.editors import AnyEditor
    from union_desk.desktop.session import Session
    from union_desk.store.bulk import BulkResult, Chosen, Way
    from union_desk.store.full_check import RuleFindings
    from union_desk.store.listing import ListedRow
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Value

    Run = Callable[[Way, jobs.Progress], BulkResult]

SHOWN = 200
WAIT = 300
LANE = "bulk"


class Attempt(NamedTuple):
    """How it is tried, and how it is done."""

    trial: Run
    deed: Run


def editable(form: Form, level: str) -> list[Field]:
    """Return the fields that can be set for many records at once."""
    from union_desk.store.decisions import locked

    return [
        item
        for item in form.fields
        if item.computed is None and item.type not in ("attach", "longtext")
        if not locked(item, level)
    ]


class BulkDialog(QDialog):
    """The list of what would change; the button says of how many."""

    did = Signal(str, object)
    """Words of what was done, and its undo."""

    def __init__(
        self, session: Session, form: Form, rows: Sequence[ListedRow], reader: Reader,
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.session, self.form, self.rows, self.reader = session, form, rows, reader
        self.explanations: dict[str, str] = {}
        self.found: BulkResult | None = None
        self.attempt: Attempt | None = None
        self.item: Field | None = None
        self.editor: AnyEditor | None = None
        self.verb, self.good = "修改", "可以修改"
        self._job: jobs.Job | None = None
        self.body = column(self, gap=10, margins=(24, 20, 24, 20))
        self.top = column(gap=10)
        self.body.addLayout(self.top)
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName("将怎样改")
        self.table.setHorizontalHeaderLabels(["记录", "原值", "新值", "结果"])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        across = self.table.horizontalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        across.setStretchLastSection(True)
        for number, width in enumerate((220, 140, 140)):
            self.table.setColumnWidth(number, theme.px(width))
        self.body.addWidget(self.table, 1)
        self.reason = ReasonLine()
        self.reason.setAccessibleName("更正的原因")
        self.reason.setPlaceholderText("其中有已报送的记录，改动就是更正，请写原因")
        self.reason.editingFinished.connect(self.wait)
        self.body.addWidget(self.reason)
        self.said = label("", "note", wrap=True)
        self.body.addWidget(self.said)
        self._add_foot()
        self.explain.hide()
        self.act.setEnabled(False)
        self.resize(theme.px(760), min(theme.px(520), 640))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self.try_it)

    def _add_foot(self) -> None:
        line = row(gap=8)
        line.addStretch(1)
        self.explain = button("写说明…")
        self.explain.clicked.connect(self._explain)
        away = button("取消")
        away.clicked.connect(self.reject)
        self.act = button("", role="primary")
        self.act.clicked.connect(self._do)
        for made in (self.explain, away, self.act):
            line.addWidget(made)
        self.body.addLayout(line)

    # --- trying ------------------------------------------------------------------------------

    def wait(self) -> None:
        """Try it a moment after the last change."""
        self.act.setEnabled(False)
        self._timer.start()

    def way(self) -> Way:
        """Return how the run goes: its period, day, reasons."""
        from union_desk.store.bulk import Way

        session = self.session
        return Way(
            session.period(self.form.filing).id, session.as_of,
            self.reason.text().strip() or None, dict(self.explanations),
        )  # fmt: skip

    def try_it(self) -> None:
        """Find out in a worker what would become of the records."""
        if self.attempt is None:
            self.table.setRowCount(0)
            self.said.setText("请先填要改成什么。")
            return
        if self._job is not None:
            self._job.cancel()
        attempt, way = self.attempt, self.way()
        self._job = jobs.run(
            self, lambda progress: attempt.trial(way, progress), self._show, lane=LANE
        )

    def _show(self, found: BulkResult) -> None:
        self._job = None
        self.found = found
        shown = [row for row in self.rows if row.uid in found.changes or row.uid in found.blocked]
        self.table.setRowCount(min(len(shown), SHOWN))
        for place, one in enumerate(shown[:SHOWN]):
            old, new = found.changes.get(one.uid, (None, None))
            cells = (
                self._name(one), self.words(old), self.words(new),
                found.blocked.get(one.uid, self.good),
            )  # fmt: skip
            for number, text in enumerate(cells):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                self.table.setItem(place, number, cell)
        count, blocked = len(found.changes), len(found.blocked)
        parts = [f"{self.verb} {count} 条"]
        parts += [f"{found.same} 条不变"] if found.same else []
        parts += [f"{blocked} 条有问题，保持原样"] if blocked else []
        parts += [f"下面列出前 {SHOWN} 条"] if len(shown) > SHOWN else []
        self.said.setText("，".join(parts))
        self.explain.setVisible(bool(found.warnings))
        self.act.setText(f"{self.verb} {count} 条")
        self.act.setAccessibleName(self.act.text())
        self.act.setEnabled(count > 0)

    def _name(self, one: ListedRow) -> str:
        item = self.form.by_id.get(self.form.name_field)
        if item is None:
            return one.uid
        if item.type == "ref":
            return str(one.values.get(f"{item.id}__label") or "")
        return self.reader.shown(item, one.values.get(item.id), masked=True)

    def words(self, value: Value) -> str:
        """Return a value for people."""
        if value is None or self.item is None:
            return ""
        if self.item.type == "ref" and self.item.sensitivity < SENSITIVE:
            return str(value)
        return self.reader.shown(self.item, value, masked=True)

    # --- doing -------------------------------------------------------------------------------

    def _explain(self) -> None:
        from union_desk.store import full_check

        if self.found is None:
            return
        rules = full_check.by_rule(self.session.store, self.found.warnings)
        dialog = RuleDialog(rules, self.session.pack, self)
        dialog.explained.connect(self._explained)
        dialog.open()

    def _explained(self, rule: RuleFindings, text: str) -> None:
        self.explanations[rule.code] = text
        self.try_it()

    def _do(self) -> None:
        if self.attempt is None:
            return
        attempt, way = self.attempt, self.way()
        self.act.setEnabled(False)

        def finished(found: BulkResult) -> None:
            left = f"，{len(found.blocked)} 条保持原样" if found.blocked else ""
            self.did.emit(f"已{self.verb} {len(found.changes)} 条{left}", found.undo)
            self.accept()

        jobs.run(
            self, lambda progress: attempt.deed(way, progress), finished,
            title=f"正在{self.verb}", lane="write",
        )  # fmt: skip


def _chosen(form: Form, rows: Sequence[ListedRow]) -> Chosen:
    from union_desk.store.bulk import Chosen

    return Chosen(
        form.id,
        tuple(row.uid for row in rows if row.state != "draft"),
        tuple(row.uid for row in rows if row.state == "draft"),
    )


def confirming(
    session: Session, form: Form, rows: Sequence[ListedRow], reader: Reader, parent: QWidget
) -> BulkDialog:
    """Return the dialog that confirms drafts, warnings explained once per rule."""
    from union_desk.store import bulk

    drafts = [row for row in rows if row.state == "draft"]
    made = BulkDialog(session, form, drafts, reader, parent)
    made.setWindowTitle("批量确认")
    made.verb, made.good = "确认", "可以确认"
    made.reason.hide()
    for column_ in (1, 2):
        made.table.hideColumn(column_)
    chosen = _chosen(form, drafts)
    store = session.store
    made.attempt = Attempt(
        lambda way, progress: bulk.confirm(store, chosen, way, progress, dry_run=True),
        lambda way, progress: bulk.confirm(store, chosen, way, progress, dry_run=False),
    )
    made.try_it()
    return made


def editing(
    session: Session, form: Form, rows: Sequence[ListedRow], reader: Reader, parent: QWidget
) -> BulkDialog:
    """Return the dialog that sets one field of many records, old → new shown first."""
    from union_desk import workflow

    made = BulkDialog(session, form, rows, reader, parent)
    made.setWindowTitle("批量修改")
    made.reason.setVisible(any(row.state in workflow.OUTSIDE for row in rows))
    chooser = Chooser("改哪一项")
    for item in editable(form, session.level):
        chooser.addItem(item.label, item.id)
    made.top.addWidget(Labelled(f"选中 {len(rows)} 条，改哪一项", chooser))
    holder = column(gap=4)
    made.top.addLayout(holder)

    def show_field() -> None:
        clear(holder)
        item = form.by_id[str(chooser.currentData())]
        editor = editors.make(item, reader)
        holder.addWidget(label("改成", "note"))
        holder.addWidget(editor)
        made.item, made.attempt = item, None

        said: list[str] = [""]

        def typed() -> None:
            text = _text(editor, item)
            if text != said[-1]:  # leaving the line for the button says nothing new
                said.append(text)
                made.attempt = _attempt(session, _chosen(form, rows), item, text)
                made.wait()

        editor.edited.connect(typed)
        editor.committed.connect(typed)
        made.editor = editor
        made.try_it()

    chooser.currentIndexChanged.connect(lambda _index: show_field())
    show_field()
    return made


def _text(editor: AnyEditor, item: Field) -> str:
    """Return what stands in an editor as the text of a cell."""
    texts = editor.draft()
    return next((text for name in (item.id, f"{item.id}__key", f"{item.id}__label")
                 if (text := texts.get(name, ""))), "")  # fmt: skip


def _attempt(session: Session, chosen: Chosen, item: Field, text: str) -> Attempt:
    from union_desk.store import bulk

    setting = bulk.Setting(item, text)

    store = session.store
    return Attempt(
        lambda way, progress: bulk.try_edit(store, chosen, setting, way, progress),
        lambda way, progress: bulk.edit(store, chosen, setting, way, progress),
    )
