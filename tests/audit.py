"""Look the code and its dependencies over for known weaknesses: ``python -m tests.audit``.

Code: ruff's rules of security, with every exception listed; bandit where it is installed. What the
program loads: nothing that speaks over a network. Dependencies: versions that fit together, and
pip-audit against the public list of weaknesses; without that list they are NOT TESTED, never ok.
``pip install -e ".[audit]"`` brings bandit and pip-audit.
"""

import ast
import json
import re
import subprocess
import sys
import sysconfig
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = ROOT / "union_desk"
NETWORK = {
    "socket", "ssl", "http", "urllib", "ftplib", "smtplib", "imaplib", "poplib", "telnetlib", "xmlrpc", "asyncio",
    "requests", "aiohttp", "httpx", "webbrowser", "socketserver",
}  # fmt: skip
ALLOWED = {
    ("store/lock.py", "socket"): "the name of this computer, for the sentence of the second program"
}
"""(file, module) -> why."""
QT_NETWORK = ("QtNetwork", "QtWebEngine", "QtWebSockets")
RUNNING = {"pickle", "marshal", "shelve", "ctypes"}
NAMED = {
    "store/place.py": "asks Windows for the kind of a drive",
    "__main__.py": "looks for shared libraries",
    "bundle/drives.py": "asks Windows for drives, and ejects",
}
"""Files that may load one of :data:`RUNNING`, and why."""


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def tool(name: str) -> str | None:
    found = Path(sysconfig.get_path("scripts")) / name
    return str(found) if found.exists() else None


class Report:
    """What was found, and what could not be looked at."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.untested: list[str] = []

    def say(self, words: str) -> None:
        print(words)

    def note(self, what: str, found: list[str]) -> None:
        self.wrong += found
        print(f"{what}: {'ok' if not found else f'{len(found)} found'}")
        for line in found[:50]:
            print("   ", line)

    def not_tested(self, what: str, why: str) -> None:
        self.untested.append(what)
        print(f"{what}: NOT TESTED ({why})")


def code(report: Report) -> None:
    """Ruff's security rules over the product; each exception stands beside its line."""
    made = run(
        sys.executable, "-m", "ruff", "check", "--select", "S", "--output-format", "concise", "--no-cache", str(CODE)
    )  # fmt: skip
    lines = [line for line in made.stdout.splitlines() if re.search(r"\bS\d{3}\b", line)]
    report.note("code, rules S of ruff", lines)
    marks = Counter(
        mark
        for path in CODE.rglob("*.py")
        for mark in re.findall(r"noqa: .*?\b(S\d{3})\b", path.read_text("utf-8"))
    )
    told = ", ".join(f"{rule} {count}" for rule, count in sorted(marks.items()))
    report.say(f"    exceptions marked in the code: {told}")
    bandit = tool("bandit")
    if bandit is None:
        report.not_tested("code, bandit", "not installed")
        return
    made = run(bandit, "-q", "-r", str(CODE), "-f", "json", "-lll")
    found = json.loads(made.stdout)["results"]
    report.note(
        "code, bandit, of high severity",
        [f"{item['filename']}:{item['line_number']} {item['issue_text']}" for item in found],
    )


def loads(report: Report) -> None:
    """No module of the product speaks over a network or runs what it reads."""
    found = []
    for path in CODE.rglob("*.py"):
        name = str(path.relative_to(CODE))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                modules = [f"call {node.func.id}"] if node.func.id in ("eval", "exec") else []
            for module in modules:
                first = module.partition(".")[0]
                network = first in NETWORK and (name, first) not in ALLOWED
                running = first in RUNNING and name not in NAMED
                qt = any(part in module for part in QT_NETWORK)
                if network or running or qt or module.startswith("call "):
                    found.append(f"{name}: {module}")
    report.note("code, nothing of the network, nothing that runs what it reads", sorted(set(found)))


def dependencies(report: Report) -> None:
    """Versions fit together; none is on the public list of weaknesses."""
    made = run(sys.executable, "-m", "pip", "check", "--disable-pip-version-check")
    report.note("dependencies fit together", made.stdout.splitlines() if made.returncode else [])
    audit = tool("pip-audit")
    if audit is None:
        report.not_tested("dependencies, known weaknesses", "pip-audit is not installed")
        return
    made = run(
        audit, "--path", sysconfig.get_path("purelib"), "-f", "json", "--progress-spinner", "off"
    )
    try:
        told = json.loads(made.stdout)["dependencies"]
    except ValueError:
        report.not_tested(
            "dependencies, known weaknesses", "the list of weaknesses cannot be reached"
        )
        return
    weak = [
        f"{item['name']} {item['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for item in told
        for flaw in item.get("vulns", ())
    ]
    skipped = [
        item["name"] for item in told if "skip_reason" in item and item["name"] != "union-desk"
    ]
    if looked_up := len(told) - len(skipped):
        report.note(f"dependencies, known weaknesses, {looked_up} looked up", weak)
    if skipped:
        report.not_tested(
            f"dependencies, known weaknesses of {len(skipped)}", "not on the list that was reached"
        )


def main() -> int:
    report = Report()
    code(report)
    loads(report)
    dependencies(report)
    print(f"found: {len(report.wrong)}; NOT TESTED: {len(report.untested)}")
    return int(bool(report.wrong))


if __name__ == "__main__":
    sys.exit(main())
