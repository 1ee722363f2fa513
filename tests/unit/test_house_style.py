"""The house's own measures: one concept a module, and functions that fit on a screen."""

import ast
from pathlib import Path

import pytest

import bulkpo

MODULES = sorted(Path(bulkpo.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(Path(bulkpo.__file__).parent)))
def test_a_module_is_under_300_lines_and_its_functions_under_40(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{node.name} in line {node.lineno}"
