"""The style sheet as a template: ``$token`` is a colour, ``$p8`` is 8 pixels at scale 1.

Widgets choose their look by the property ``role`` and say what is wrong by ``state``.
"""

TEMPLATE = """
QWidget { color: $text; }
QMainWindow, QDialog, QWidget[role="page"] { background: $bg; }
QWidget[role="clear"], QScrollArea[role="clear"],
QScrollArea[role="clear"] > QWidget > QWidget[role="clear"] {
    background: transparent; border: none; }
QToolTip { background: $surface; color: $text; border: 1px solid $line2; padding: $p4 $p6; }

QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: $p8; }
QFrame[role="box"] { background: $surface; border: 1px solid $line; border-radius: $p8; }
QFrame[role="nav"] { background: $nav; border: none; border-right: 1px solid $line; }
QFrame[role="bar"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[role="foot"] { background: $surface; border: none; border-top: 1px solid $line; }
QFrame[role="status"] { background: $nav; border: none; border-top: 1px solid $line; }
QFrame[role="banner"] { background: $warnt; border: none; border-bottom: 1px solid $line; }
QFrame[role="strip"] { background: $errt; border: none; border-radius: $p8; }
QFrame[role="strip"][tone="warn"] { background: $warnt; }
QFrame[role="strip"][tone="ok"] { background: $okt; }
QFrame[role="strip"][tone="info"] { background: $primaryt; }
QFrame[role="row"] { background: transparent; border: none; border-bottom: 1px solid $line; }
QFrame[role="tablefoot"] {
    background: $surface; border: none; border-top: 1px solid $line;
    border-bottom-left-radius: $p8; border-bottom-right-radius: $p8; }
QFrame[role="drop"] { background: $input; border: 1px dashed $field; border-radius: $p6; }
QFrame[role="rule"] { background: $line; border: none; }

QLabel { background: transparent; border: none; }
QLabel[role="title"] { font-size: $p22; font-weight: 700; }
QLabel[role="heading"] { font-size: $p16; font-weight: 700; }
QLabel[role="group"] { font-size: $p13; font-weight: 700; color: $text2; }
QLabel[role="figure"] { font-size: $p26; font-weight: 700; }
QLabel[role="strong"] { font-weight: 700; }
QLabel[role="second"] { color: $text2; }
QLabel[role="context"] { font-size: $p13; color: $text2; }
QLabel[role="hint"] { font-size: $p12; color: $text3; }
QLabel[role="small"] { font-size: $p12; color: $text2; }
QLabel[role="note"] { font-size: $p13; color: $text2; }
QLabel[role="error"] { font-size: $p13; color: $err; }
QLabel[role="warn"] { font-size: $p13; color: $warn; }
QLabel[role="ok"] { font-size: $p13; color: $ok; }
QLabel[role="required"] { color: $err; font-weight: 700; }
QLabel[role="caution"] { color: $warn; font-weight: 700; font-size: $p13; }

QPushButton {
    icon-size: $p16;
    background: $surface; color: $text; border: 1px solid $line2; border-radius: $p6;
    min-height: $p34; padding: 0 $p16; }
QPushButton:hover { border-color: $field; background: $zebra; }
QPushButton:pressed { background: $track; }
QPushButton:focus { border: 2px solid $primary; padding: 0 $p15; min-height: $p32; }
QPushButton:disabled { color: $text3; background: $track; border-color: $track; }
QPushButton[role="primary"] {
    background: $btn; color: #FFFFFF; border: 1px solid $btn; font-weight: 700; }
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:pressed {
    background: $primaryh; border-color: $primaryh; }
QPushButton[role="primary"]:focus { border: 2px solid $ring; }
QPushButton[role="primary"]:disabled { color: $text3; background: $track; border-color: $track; }
QPushButton[role="danger"] { color: $err; }
QPushButton[role="link"], QPushButton[role="quiet"] {
    background: transparent; border: 1px solid transparent; color: $primary; padding: 0 $p8;
    min-height: $p30; }
QPushButton[role="quiet"] { color: $text2; }
QPushButton[role="link"]:hover {
    color: $primary; background: $primaryt; border-color: $primaryt; }
QPushButton[role="quiet"]:hover { color: $text; background: $track; border-color: $track; }
QPushButton[role="link"]:focus, QPushButton[role="quiet"]:focus {
    border: 2px solid $primary; padding: 0 $p7; min-height: $p28; }
QPushButton[role="link"]:disabled, QPushButton[role="quiet"]:disabled {
    color: $text3; background: transparent; border-color: transparent; }
QPushButton[role="icon"] {
    background: transparent; border: 1px solid transparent; padding: 0; min-width: $p32;
    min-height: $p32; }
QPushButton[role="icon"]:hover { background: $track; }
QPushButton[role="icon"]:focus { border: 2px solid $primary; }
QPushButton[role="chip"] {
    background: $surface; color: $text2; border: 1px solid $line; border-radius: $p15;
    min-height: $p28; padding: 0 $p13; }
QPushButton[role="chip"]:hover { border-color: $field; }
QPushButton[role="chip"]:checked {
    background: $primaryt; color: $primary; border: 1px solid $primary; font-weight: 700; }
QPushButton[role="chip"]:focus { border: 2px solid $primary; min-height: $p26; padding: 0 $p12; }
QPushButton[role="tab"] {
    background: transparent; border: none; border-bottom: 3px solid transparent;
    border-radius: 0; color: $text2; min-height: $p34; padding: 0 $p4; }
QPushButton[role="tab"]:hover { color: $text; }
QPushButton[role="tab"]:checked {
    color: $primary; border-bottom: 3px solid $primary; font-weight: 700; }
QPushButton[role="tab"]:focus { background: $primaryt; border-radius: $p4; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox {
    background: $input; color: $text; border: 1px solid $field; border-radius: $p6;
    padding: 1px $p11; selection-background-color: $btn; selection-color: #FFFFFF; }
QLineEdit, QComboBox { min-height: $p34; }
QPlainTextEdit, QTextEdit { padding: $p6 $p9; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QComboBox:on {
    border: 2px solid $primary; padding: 0 $p10; }
QPlainTextEdit:focus, QTextEdit:focus { padding: $p5 $p8; }
QLineEdit[state="error"], QPlainTextEdit[state="error"], QComboBox[state="error"] {
    border: 2px solid $err; background: $errt; padding: 0 $p10; }
QLineEdit[state="warn"], QPlainTextEdit[state="warn"], QComboBox[state="warn"] {
    border: 2px solid $warn; background: $warnt; padding: 0 $p10; }
QLineEdit[state="locked"], QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled,
QLineEdit:read-only { background: $bg; color: $text2; border: 1px solid $line2; }
QLineEdit:read-only:focus { border: 2px solid $primary; }
QComboBox { padding-right: $p26; }
QComboBox::drop-down {
    subcontrol-origin: border; subcontrol-position: center right; width: $p26; border: none; }
QComboBox::down-arrow { image: $arrow_down; width: $p14; height: $p14; }
QComboBox QAbstractItemView, QListView[role="popup"], QListWidget[role="popup"] {
    background: $surface; color: $text; border: 1px solid $line2; outline: none; padding: $p4;
    selection-background-color: $primaryt; selection-color: $primary; }
QComboBox QAbstractItemView::item, QListView[role="popup"]::item,
QListWidget[role="popup"]::item { min-height: $p32; padding: 0 $p8; border-radius: $p4; }
QComboBox QAbstractItemView::item:hover, QListView[role="popup"]::item:hover,
QListWidget[role="popup"]::item:hover { background: $track; }
QComboBox QAbstractItemView::item:selected, QListView[role="popup"]::item:selected,
QListWidget[role="popup"]::item:selected { background: $primaryt; color: $primary; }

QCheckBox, QRadioButton {
    spacing: $p8; min-height: $p32; background: transparent; border: 2px solid transparent;
    border-radius: $p4; padding: 0 $p4; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $primary; }
QCheckBox::indicator, QRadioButton::indicator {
    width: $p18; height: $p18; border: 1px solid $field; background: $input; }
QCheckBox::indicator { border-radius: $p4; }
QRadioButton::indicator { border-radius: $p9; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $primary; }
QCheckBox::indicator:checked { background: $btn; border-color: $btn; image: $tick; }
QRadioButton::indicator:checked {
    width: $p8; height: $p8; border: $p6 solid $btn; background: #FFFFFF; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {
    border-color: $line2; background: $track; }

QTableView, QTreeView, QListView {
    background: $surface; alternate-background-color: $zebra; color: $text; border: none;
    gridline-color: $line; outline: none; selection-background-color: $primaryt;
    selection-color: $text; }
QTableView[role="ledger"]::item, QTreeView[role="ledger"]::item { padding: 0 $p7; }
QTableView[role="framed"], QListView[role="framed"] {
    border: 1px solid $line; border-radius: $p6; }
QComboBox[state="other"] { background: $warnt; border-color: $warn; }
QListWidget[role="entries"]::item { padding: 0 $p10; border-radius: $p6; }
QListWidget[role="entries"]::item:hover { background: $zebra; }
QListWidget[role="entries"]::item:selected { background: $primaryt; color: $primary; }
QListWidget[role="entries"]:focus { border: 2px solid $primary; border-radius: $p6; }
QListWidget[role="entries"] { border: 2px solid transparent; }
QPdfView { border: none; background: $track; }
QHeaderView { background: $bg; border: none; }
QHeaderView::section {
    background: $bg; color: $text2; border: none; border-bottom: 1px solid $line;
    padding: 0 $p10; min-height: $p38; font-weight: 700; font-size: $p13; }
QTableCornerButton::section { background: $bg; border: none; }

QScrollBar:vertical { background: transparent; width: $p10; margin: 0; }
QScrollBar:horizontal { background: transparent; height: $p10; margin: 0; }
QScrollBar::handle { background: $line2; border-radius: $p5; min-height: $p32; min-width: $p32; }
QScrollBar::handle:hover { background: $field; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; border: none; width: 0; height: 0; }
QScrollArea { background: transparent; border: none; }
QProgressBar {
    background: $track; border: none; border-radius: $p4; max-height: $p8; min-height: $p8; }
QProgressBar::chunk { background: $btn; border-radius: $p4; }

QMenu { background: $surface; border: 1px solid $line2; padding: $p4; }
QMenu::item { min-height: $p32; padding: 0 $p20 0 $p12; border-radius: $p4; }
QMenu::item:selected { background: $primaryt; color: $primary; }
QMenu::item:disabled { color: $text3; }
QMenu::separator { height: 1px; background: $line; margin: $p4; }

QCalendarWidget QWidget {
    background: $surface; alternate-background-color: $surface; color: $text; }
QCalendarWidget QToolButton {
    background: $surface; color: $text; border: none; border-radius: $p4; min-height: $p30;
    padding: 0 $p8; font-weight: 700; }
QCalendarWidget QToolButton:hover { background: $track; }
QCalendarWidget QToolButton#qt_calendar_prevmonth { qproperty-icon: $arrow_left; }
QCalendarWidget QToolButton#qt_calendar_nextmonth { qproperty-icon: $arrow_right; }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QAbstractItemView {
    selection-background-color: $btn; selection-color: #FFFFFF; outline: none; }
QSplitter::handle { background: $line; }
"""
