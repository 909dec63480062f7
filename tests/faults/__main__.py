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
    "P3": "装入、报送、建立、换口令、恢复：要么全有，要么全无",
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
            lines.append(f"| {promise} | {title} | 见其他测试，这里不测 | | | | | |")
        for item in rows:
            method = item.method + "".join(f"；未测：{what}" for what in item.missing)
            number = str(item.trials) if item.trials else "未测"
            controls = "，".join(
                f"{made.name} {made.caught}/{made.trials}" for made in item.controls
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
