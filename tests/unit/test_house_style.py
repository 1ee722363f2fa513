"""The house's own measures: one concept a module, functions that fit on a screen, and one word per idea."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import bulkpo

PACKAGE = Path(bulkpo.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
HANDED_ON = {"check", "export", "undo", "dry_run"}
"""What the door opens the way to, under the name it has inside: the same idea, and so the same word."""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_under_300_lines_and_its_functions_under_40(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{node.name} in line {node.lineno}"


def public_names(module: ast.Module) -> Iterator[str]:
    """What a module defines for others: classes, functions, and what is given a name."""
    for node in module.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case ast.Assign(targets=targets):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case _:
                names = []
        yield from (name for name in names if not name.startswith("_"))


def test_a_public_name_means_one_thing() -> None:
    places = defaultdict(set)
    for path in MODULES:
        if path.is_relative_to(PACKAGE / "sandbox"):  # which shares no code, and so no names, with the client
            continue
        verbs = HANDED_ON if path.is_relative_to(PACKAGE / "workspace") else set()
        for name in set(public_names(ast.parse(path.read_text(encoding="utf-8")))) - verbs - {"__all__"}:
            places[name].add(str(path.relative_to(PACKAGE)))
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}
