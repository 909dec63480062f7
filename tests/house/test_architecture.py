"""The rules of the house in plain words, held by tests.

Imports between layers are held by import-linter; what it cannot say stands here.
"""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from union_desk import resources
from union_desk.taskpack import load

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "union_desk"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "resources" not in path.parts)
TREES = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}
UNWANTED_NAMES = {
    "utils",
    "util",
    "common",
    "helpers",
    "helper",
    "manager",
    "controller",
    "service",
    "base",
    "misc",
}


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_holds_more_than_400_lines():
    long = {
        label(path): count
        for path in MODULES
        if (count := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not long


def test_half_of_the_modules_hold_fewer_than_200_lines():
    counts = sorted(len(path.read_text("utf-8").splitlines()) for path in MODULES)
    assert counts[len(counts) // 2] < 200


def test_no_function_is_longer_than_50_lines():
    long = [
        f"{label(path)}:{node.lineno} {node.name}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= 50
    ]
    assert not long


def test_no_module_has_a_name_that_says_nothing():
    assert not [label(path) for path in MODULES if UNWANTED_NAMES & set(path.stem.split("_"))]


def test_no_exception_is_swallowed():
    silent = [
        f"{label(path)}:{node.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and all(
            isinstance(line, ast.Pass)
            or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            for line in node.body
        )
    ]
    assert not silent


def test_nothing_evaluates_text_as_code():
    calls = [
        f"{label(path)}:{node.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile"}
    ]
    assert not calls


def test_only_files_py_syncs_to_disk():
    syncing = {
        label(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"fsync", "fdatasync"}
    }
    assert syncing <= {"union_desk/files.py"}


def test_the_code_knows_no_form_field_indicator_or_report_of_the_package():
    """The program knows nothing of any one notice: its ids are looked for as string constants."""
    pack = load.load(resources.taskpacks() / "lszgh-2012-55")
    known = (
        set(pack.indicators)
        | set(pack.reports)
        | {pack.id}
        | {check.id for form in pack.forms.values() for check in form.checks}
    )
    known |= {form_id for form_id in pack.forms if "_" in form_id} | {
        "hardship",
        "enterprise",
        "democracy",
    }
    found = [
        f"{label(path)}:{node.lineno} {node.value}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in known
    ]
    assert not found


def refusals():
    """Every place that refuses an action: code -> {(module, sentence)}."""
    found: dict[str, set[tuple[str, str]]] = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call)
                and len(node.args) >= 2
                and isinstance(node.args[0], ast.Constant)
            ):
                continue
            code = node.args[0].value
            if isinstance(code, str) and re.fullmatch(r"[FPSIBRU]\d{3}", code):
                found.setdefault(code, set()).add((label(path), ast.unparse(node.args[1])))
    return found


def test_a_code_read_out_on_the_phone_stands_for_one_sentence():
    several = {
        code: places
        for code, places in refusals().items()
        if len({sentence for _, sentence in places}) > 1
    }
    assert not several


def test_every_refusal_is_named_by_a_test():
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert not sorted(code for code in refusals() if code not in tests)


def test_every_folder_of_tests_runs_in_pytest_or_in_the_longer_step_of_ci():
    paths = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    short = paths["tool"]["pytest"]["ini_options"]["testpaths"]
    long = re.findall(r"tests/\w+", (ROOT / ".ci" / "run").read_text("utf-8"))
    folders = {f"tests/{path.parent.name}" for path in ROOT.glob("tests/*/test_*.py")}
    assert folders == {*short, *long} - {"tests/test_*.py"}


@pytest.mark.parametrize("front", ["union_desk.cli", "union_desk.__main__"])
def test_the_command_line_loads_no_qt(front):
    script = f"import sys, {front}; print([m for m in sys.modules if m.startswith(('PySide6', 'shiboken6'))])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_the_layers_hold():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_no_file_of_the_project_names_a_host_of_a_registry_or_a_path_of_one_machine():
    listed = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    suffixes = {".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".cfg", ".ini", ""}
    texts = [
        ROOT / name for name in listed if Path(name).suffix in suffixes and (ROOT / name).is_file()
    ]
    hosts = re.compile(
        r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org|/(?:root|work)/", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in texts
        if path != Path(__file__) and (match := hosts.search(path.read_text("utf-8", "replace")))
    ]
    assert not found
