"""What the command line takes: commands, options, and what is said about a wrong one."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

from union_desk import __version__
from union_desk.errors import UsageError
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

DATA_VARIABLE = "UNION_DESK_DATA"
PASSWORD_VARIABLE = "UNION_DESK_PASSWORD"  # noqa: S105 - the name of a variable
SECOND_VARIABLE = "UNION_DESK_SECOND_PASSWORD"

_WRONG = (
    (r"the following arguments are required: (.+)", "缺少参数 {0}。"),
    (r"unrecognized arguments: (.+)", "多出了不认识的参数 {0}。"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", "{0} 不能是 {1}，可选：{2}。"),
    (r"argument (.+?): expected .*argument.*", "{0} 后面缺少内容。"),
    (r"argument (.+?): not allowed with argument (.+)", "{0} 不能与 {1} 同时使用。"),
    (r"argument (.+?): ignored explicit argument (.+)", "{0} 后面不带内容 {1}。"),
)


class Order(argparse.Namespace):
    """What the command line asks for; `command` is None for the window."""

    command: str | None
    data: Path | None
    password_file: Path | None
    demo: str | None
    json: bool


class _Help(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese and raises instead of leaving."""

    def __init__(self, **options: object) -> None:
        settings = {"add_help": False, "allow_abbrev": False, "formatter_class": _Help} | options
        super().__init__(**settings)  # type: ignore[arg-type]
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def _acts(self) -> list[str]:
        choices = (one.choices for one in self._actions if one.nargs == argparse.PARSER)
        return [str(name) for names in choices for name in names or ()]

    def error(self, message: str) -> NoReturn:
        for pattern, sentence in _WRONG:
            found = re.fullmatch(pattern, message)
            if found:
                message = sentence.format(*found.groups())
                if message.endswith(" 动作。"):
                    message = f"{message[:-1]}，可选：{'、'.join(self._acts())}。"
                break
        else:
            message = f"参数写法不对：{message}。"
        raise UsageError("U910", message, f"用法见 {self.prog} --help。")


class _Add(Protocol):
    def __call__(self, name: str, text: str) -> argparse.ArgumentParser: ...


def parse(arguments: list[str]) -> Order:
    """Return the order; `UsageError` for a wrong one. ``--help`` prints and leaves."""
    return parser().parse_args(arguments, namespace=Order())


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    made = _Parser(prog="union-desk", description="工会填报台。不带命令时打开窗口。")
    made.add_argument("--version", action="version", version=__version__, help="显示版本")
    _add_shared(made, top=True)
    made.add_argument(
        "--demo", nargs="?", const=LEVELS[0], choices=LEVELS, help="用样本数据打开窗口，关闭后不留"
    )
    commands = made.add_subparsers(
        dest="command", metavar="命令", title="命令", parser_class=_Parser
    )

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        _add_shared(command)
        return command

    _add_store_commands(add)
    _add_record_commands(add)
    _add_book_commands(add)
    _add_figure_commands(add)
    _add_taskpack_commands(add)
    _add_key_commands(add)
    return made


def _add_shared(made: argparse.ArgumentParser, *, top: bool = False) -> None:
    """Options that may stand before or behind the command."""
    missing = None if top else argparse.SUPPRESS
    made.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=missing,
        help=f"数据文件夹（或环境变量 {DATA_VARIABLE}）",
    )
    made.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        default=missing,
        help=f"存有口令的文件（或环境变量 {PASSWORD_VARIABLE}，或按提示输入）",
    )
    made.add_argument(
        "--json", action="store_true", default=False if top else missing, help="以 JSON 输出"
    )


def _add_store_commands(add: _Add) -> None:
    init = add("init", "把数据文件夹建成一个单位的数据")
    init.add_argument(
        "--unit",
        required=True,
        metavar="CODE",
        help="本单位的 12 位工会编码；同时用的第二台电脑起，加开通码条上的字母",
    )
    init.add_argument("--name", required=True, help="本单位全称")
    init.add_argument("--level", choices=LEVELS, help="级别；不写时按任务包的组织机构，默认基层")
    init.add_argument("--parent", metavar="CODE", help="上级工会的编码；任务包里有的单位可以不写")
    init.add_argument("--code", metavar="开通码", help="上级发的开通码；也可以以后再输")
    init.add_argument(
        "--recovery", type=Path, metavar="FILE", help="同时做恢复单，存成 .pdf 或 .txt"
    )
    add("status", "单位、各状态的记录数、未报送的记录数、版本")
    doctor = add("doctor", "检查数据是否完好，只报告，不修改")
    doctor.add_argument("--full", action="store_true", help="连同每条记录和每个文件的摘要一起核对")
    _add_export(add)
    taking = add("import", "装入别的单位报送来的文件")
    taking.add_argument(
        "files", type=Path, nargs="+", metavar="FILE|DIR", help="报送文件，或放着它们的文件夹"
    )
    backup = add("backup", "备份数据，打开核对过才算数")
    backup.add_argument(
        "--to", type=Path, metavar="DIR", help="备份到哪个文件夹；默认在数据文件夹里"
    )
    restore = add("restore", "用备份恢复数据；现有数据先备份，再移到 salvage")
    restore.add_argument("file", type=Path, metavar="FILE", help=".udbak 备份文件")
    restore.add_argument(
        "--files", type=Path, action="append", metavar="DIR", help="再到这里找附件和数据包的文件"
    )


def _add_export(add: _Add) -> None:
    export = add("export", "把已确认而未报送的记录写成报送文件")
    export.add_argument("--to", required=True, type=Path, metavar="DIR", help="写到哪个文件夹")
    export.add_argument(
        "--for",
        dest="reader",
        default="parent",
        metavar="WHO",
        help="给谁：parent 上级（默认）、children 各下级，或一个下级单位的编码",
    )
    export.add_argument(
        "--resume", action="store_true", help="报送暂停后，决定由本机继续填报，然后报送"
    )
    export.add_argument(
        "--second", metavar="NAME", help="要第二个人登录确认时，他的姓名；口令按提示输入"
    )
    export.add_argument(
        "--second-password-file",
        type=Path,
        metavar="FILE",
        help=f"存有他的口令的文件（或环境变量 {SECOND_VARIABLE}）",
    )


def _add_record_commands(add: _Add) -> None:
    forms = add("forms", "所有的表；或一张表的各项")
    forms.add_argument("form", nargs="?", metavar="FORM", help="表的编号或名称")
    put = add("put", "装入一个文件的记录并确认：有一处错误就什么也不改")
    put.add_argument("form", metavar="FORM", help="表的编号或名称")
    put.add_argument(
        "file", type=Path, metavar="FILE", help=".csv 或 .xlsx；表头写项目的编号或名称"
    )
    put.add_argument("details", nargs="*", default=[], metavar="DETAIL=FILE", help="明细表及其文件")
    put.add_argument("--period", metavar="P", help="报告期，如 2012M08、2012Q3、2012Y")
    _add_day(put)
    _add_taking(put)
    get = add("get", "取出一张表的记录，写成 put 能装入的样子")
    get.add_argument("form", metavar="FORM", help="表的编号或名称")
    get.add_argument("--where", metavar="EXPR", help="条件，写法与审核公式相同")
    get.add_argument("--out", type=Path, metavar="FILE", help="写到 .csv 或 .xlsx；不写时显示出来")
    get.add_argument(
        "--full", action="store_true", help="证件号等敏感内容写全；不写时遮盖，再装入时原值不变"
    )
    get.add_argument("--reason", metavar="TEXT", help="为什么要写全，记入操作记录")
    _add_day(get)
    check = add("check", "检查已确认的记录，列出所有问题")
    check.add_argument("form", nargs="?", metavar="FORM", help="只检查这张表")
    _add_day(check)


def _add_book_commands(add: _Add) -> None:
    template = add("template", "一张表的 Excel 模板：下拉框、说明、填好的示例行")
    template.add_argument("form", metavar="FORM", help="表的编号或名称")
    template.add_argument("--out", required=True, type=Path, metavar="FILE", help="存成 .xlsx")
    book = add("book", "报送册：给没有用本程序的单位填；填好的由本单位代报")
    acts = book.add_subparsers(
        dest="act", metavar="动作", title="动作", required=True, parser_class=_Parser
    )
    make = acts.add_parser("make", help="做一个单位的报送册", description="做一个单位的报送册")
    _add_shared(make)
    make.add_argument("--unit", metavar="CODE", help="哪个单位；默认本单位")
    make.add_argument(
        "--period", action="append", metavar="P", help="所属期，可写几次：月、季、年各一个"
    )
    make.add_argument("--out", required=True, type=Path, metavar="FILE", help="存成 .xlsx")
    _add_day(make)
    take = acts.add_parser("take", help="装入填好的报送册", description="装入填好的报送册")
    _add_shared(take)
    take.add_argument("file", type=Path, metavar="FILE", help="填好的 .xlsx")
    _add_day(take)
    _add_taking(take)


def _add_taking(command: argparse.ArgumentParser) -> None:
    """Options of the commands that take sheets in."""
    command.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    command.add_argument(
        "--reason", metavar="TEXT", help="对文件中所有警告的说明；更正已报送的记录也要写"
    )
    command.add_argument("--drafts", action="store_true", help="不能确认的行存为草稿，其余照常装入")


def _add_figure_commands(add: _Add) -> None:
    progress = add("progress", "各项指标：数值、分子、分母、目标、差距、时间进度")
    _add_day(progress)
    progress.add_argument("--unit", metavar="CODE", help="哪个单位；默认本单位")
    report = add("report", "打印报表；不写名称时列出所有报表")
    report.add_argument("name", nargs="?", metavar="NAME", help="报表编号")
    report.add_argument("--period", metavar="P", help="报告期，如 2012M08")
    report.add_argument("--record", metavar="UID", help="记录号（记录表要写）")
    report.add_argument("--unit", metavar="CODE", help="哪个单位；默认本单位")
    _add_day(report)
    report.add_argument("--out", type=Path, metavar="FILE", help="写到 .pdf")


def _add_taskpack_commands(add: _Add) -> None:
    taskpack = add("taskpack", "检查、装入、比较任务包")
    acts = taskpack.add_subparsers(
        dest="act", metavar="动作", title="动作", required=True, parser_class=_Parser
    )
    for name, text, files in (
        ("check", "列出任务包的所有问题及其文件和行", ("DIR",)),
        ("install", "把任务包装入本机数据", ("FILE",)),
        ("diff", "两个任务包有什么不同", ("OLD", "NEW")),
    ):
        act = acts.add_parser(name, help=text, description=text)
        _add_shared(act)
        for file in files:
            act.add_argument(file.lower(), type=Path, metavar=file, help="任务包的文件夹或 .zip")


def _add_key_commands(add: _Add) -> None:
    keys = add("keys", "本单位的开通卡；上下级单位的核对；开通码；恢复单")
    acts = keys.add_subparsers(
        dest="act", metavar="动作", title="动作", required=True, parser_class=_Parser
    )

    def act(name: str, text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = acts.add_parser(name, help=text, description=text)
        _add_shared(made)
        return made

    card = act("card", "本单位的编号和核对码；或打印单位开通卡")
    card.add_argument("--out", type=Path, metavar="FILE", help="单位开通卡存成 .pdf")
    listed = act("list", "上下级单位：核对过的、待核对的，各是怎样核对的")
    listed.add_argument(
        "--out", type=Path, metavar="FILE", help="核对过的写成 OpenSSH 的 allowed_signers"
    )
    trust = act("trust", "按盖章的单位开通卡输核对码（须已见公章），或输上级发的开通码")
    trust.add_argument("unit", metavar="CODE", help="填报端编号：单位编码，第二台电脑起加一个字母")
    trust.add_argument(
        "digits", nargs="+", metavar="DIGITS", help="卡上的 12 位核对码；核对上级也可以写开通码"
    )
    codes = act("codes", "给下级单位做开通码条，打印、裁开、当面交")
    codes.add_argument("units", nargs="*", default=[], metavar="UNIT", help="单位的填报端编号")
    codes.add_argument("--all", action="store_true", help="还没有核对过的每个直接下级")
    codes.add_argument("--out", required=True, type=Path, metavar="FILE", help="存成 .pdf")
    recovery = act("recovery", "做新的恢复单，以前的恢复单作废")
    recovery.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="FILE",
        help="存成 .pdf 或 .txt，不能在数据文件夹里",
    )


def _add_day(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as-of", type=_day, metavar="DATE", help="计算到哪一天，如 2012-08-31")


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years that a day of reckoning can lie in: every period around it can be named."""


def _day(text: str) -> str:
    with suppress(ValueError):
        day = dt.date.fromisoformat(text)
        if day.isoformat() == text and FIRST_YEAR <= day.year <= LAST_YEAR:
            return text
    raise UsageError("U911", f"日期“{text}”看不懂。", "请写成 2012-08-31 的样子。")
