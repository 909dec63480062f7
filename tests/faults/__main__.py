"""The promise table: ``python -m tests.faults`` (sample), ``--full``, ``--markdown FILE``.

With ``--minutes N`` suites are given numbers that take about so long.
"""

import argparse
import sys
from pathlib import Path

from tests.faults.suites import SUITES
from tests.faults.trial import NotTested, Result, show, timed

TITLES = {
    "P1": "显示已保存的记录，程序被强行结束后仍在",
    "P2": "……断电后也仍在",
    "P3": "装入、收件、报送、出具报表、建立、换口令和钥匙、恢复、删除个人信息：要么全有，要么全无",
    "P4": "“已写入并核对”= U 盘拔出再插后核对无误",
    "P5": "坏的数据包、任务包不改一行，只给一句话",
    "P6": "确认过的每条记录到市里恰好一次，且是最新版",
    "P7": "磁盘满、只读、掉线：给一句话，不丢数据，腾出空间后照常",
    "P8": "程序崩溃至多丢 2 秒的录入",
    "P9": "留下的每份备份都能恢复，附件文件齐全",
    "P10": "数据损坏不妨碍启动，原件保留",
    "P11": "没有悄悄吞掉的异常",
    "P12": "表单反复开关，内存不涨",
    "P13": "第二个程序、不该放的位置：给一句话并拒绝",
    "P14": "升级要么完成，要么没有发生；更新的数据被拒绝",
}

METHODS = {
    "kill -9 at a call that writes": "在写盘的系统调用处强行结束（strace；次数少于全部调用时为抽样）",
    "EIO, ENOSPC, EACCES at a call that writes": "让写盘的系统调用失败：EIO、ENOSPC、EACCES（strace；同上）",
    "power cut by file-system shutdown": "保存中途断电（ext4、xfs 文件系统即刻关停）",
    "power cut while files are written durably": "写文件中途断电（ext4、xfs）",
    "crash states: torn, lost and late sectors (plain SQLite)": "按记录重组断电后的磁盘：扇区撕裂、丢失、迟到（不加密的 SQLite）",
    "full disk (tmpfs of many sizes, with and without ballast), read-only, vanished": "各种大小的满盘（有、无预留文件），只读，中途掉线",
    "acts under a wrong clock (libfaketime), forwards and backwards": "时钟错乱：2011、2099、倒退（libfaketime）",
    "flipped, cut and overwritten packets, bundles and packages": "翻转、截断、涂改数据包、报送文件和任务包，装入后比对全部数据",
    "flipped, cut and overwritten stores, keys, sealed files, backups": "翻转、截断、涂改数据文件、钥匙、附件、备份",
    "second program, owner killed, refused places": "第二个程序，占用者被强行结束，不该放的位置",
    "a FAT stick as the place of a store (user-mode Linux)": "真的 FAT 盘上放数据（用户态 Linux）",
    "an exception in each of the 11 places, in the real window": "在真窗口的 11 处各抛出异常",
    "FAT stick pulled after acknowledgements (user-mode Linux)": "核对之后拔出 FAT 盘（用户态 Linux）",
    "a stick that swallows writes is told as failed": "只收不存的假 U 盘，须报告失败",
    "killed while a clerk types in the real window": "在真窗口里逐键录入，随时强行结束，与草稿比对",
    "schedules of ": "随机日程，每份 ",
    " steps on real stores: two units, county, city": " 步：两个基层、县、市四个真库，丢失、重复、迟到、恢复备份、拷回旧文件",
    "measured": "实测",
    "of them in the second half": "为后一半",
    "widgets": "个控件",
    "this kernel mounts no FAT": "本机内核没有 FAT",
    "forms opened, typed into, left, a tenth as many ledgers filtered: below +20 MiB": "份表单打开、录入、离开，十分之一那么多的台账筛选，内存增加不到 20 MiB",
}
CONTROLS = {
    "draft emptied apart": "草稿另行清空",
    "upgrade without hooks": "升级不包在事务里",
    ".udbak before its files": "先写备份后补附件",
    "synchronous OFF": "不同步写盘",
    "lying fsync": "假同步",
    "naive export": "直接写文件",
    "epoch+1": "期次顺数",
    "MEMORY journal": "日志只在内存",
    "textbook export": "只同步一次的写法",
    "re-read from the cache": "从缓存重读",
    "without the hooks": "不装异常钩子",
    "pages that are kept": "页面不释放",
    "a draft of the moment two seconds later": "声称存过的草稿",
}


def in_chinese(text: str) -> str:
    """Return the words of a method or control for people who read the table."""
    for english, chinese in (METHODS | CONTROLS).items():
        text = text.replace(english, chinese)
    return text


def run(size: str, seed: int, minutes: int = 0) -> list[Result]:
    results = []
    for name, suite in SUITES.items():
        options = suite.within(minutes) if minutes else {}
        try:
            found = timed(suite.run, size=size, seed=seed, **options)
        except NotTested as error:
            found = [
                Result(promise, name, seed, missing=[str(error)]) for promise in suite.promises
            ]
        show(found)
        sys.stdout.flush()
        results += found
    return results


def table(results: list[Result]) -> str:
    lines = [
        "| 承诺 | 内容 | 怎样试 | 种子 | 次数 N | 失败 | 失败率上限 3/N | 反例（必须失败） |",
        "|--|--|--|--|--|--|--|--|",
    ]
    for promise, title in TITLES.items():
        rows = [item for item in results if item.promise == promise]
        if not rows:
            lines.append(f"| {promise} | {title} | 未测 | | | | | |")
        for item in rows:
            method = in_chinese(item.method) + "".join(f"；未测：{what}" for what in item.missing)
            number = str(item.trials) if item.trials else "未测"
            controls = "，".join(
                f"{in_chinese(made.name)} {made.caught}/{made.trials}" for made in item.controls
            )
            lines.append(
                f"| {promise} | {title} | {method} | {item.seed} | {number} | {len(item.failures)} | {item.bound} | {controls} |"
            )
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=int, default=0)
    parser.add_argument("--markdown", type=Path)
    given = parser.parse_args()
    results = run("full" if given.full else "sample", given.seed, given.minutes)
    told = table(results)
    print(told)
    missing = sum(len(item.missing) for item in results)
    print(f"NOT TESTED: {missing}")
    if given.markdown:
        given.markdown.write_text(told, "utf-8")
    return int(any(not item.good for item in results))


if __name__ == "__main__":
    sys.exit(main())
