"""The words of the product: one verb, 报送, and nothing of the machinery."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.desktop.looking import FORBIDDEN

PACKAGE = Path(__file__).resolve().parents[2] / "union_desk"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "resources" not in path.parts)


@cache
def spoken(path):
    """Return the Chinese string constants of a module that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    documented |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documented
    ]


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_text_of_the_program_holds_a_forbidden_word(word):
    """Requirement 38."""
    found = [
        f"{path.relative_to(PACKAGE)}:{line} {text}"
        for path in MODULES
        for line, text in spoken(path)
        if word in text
    ]
    assert not found
