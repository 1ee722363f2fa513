"""The codes of findings: documented all, used all, and the page says the same."""

import ast
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

import bulkpo
from bulkpo.model.codes import CODES, TOPICS

PACKAGE = Path(bulkpo.__file__).parent
ROOT = PACKAGE.parent
STATE_CODES = {"Finding", "Unreadable", "Breach", "OrderBreach", "Trouble", "tally", "_add"}
"""What is called with a code as its first or second argument."""
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ELSEWHERE = ("sandbox", "coupa", "journal", "payload", "query")
"""Packages that know no findings; the sandbox has an `Unreadable` of its own."""


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "codes.py" and path.relative_to(PACKAGE).parts[0] not in ELSEWHERE:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def stated_codes(tree: ast.Module) -> Iterator[str]:
    """The codes given to whatever makes findings, and the keys of tables of sayings by code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [*node.args[:2], *(each.value for each in node.keywords if each.arg == "code")]
            for argument in given if name in STATE_CODES else ():
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
        elif isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Dict):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and target.id == "_SAYINGS":
                yield from (key.value for key in node.value.keys if isinstance(key, ast.Constant))


USED = {code: path.relative_to(ROOT) for path, tree in modules() for code in stated_codes(tree) if CODE.fullmatch(code)}


def test_every_code_used_is_documented() -> None:
    unknown = {code: str(path) for code, path in USED.items() if code not in CODES}
    assert not unknown, "describe them in bulkpo/model/codes.py and run scripts/findings_page.py"


def test_every_documented_code_is_used() -> None:
    assert CODES.keys() - USED.keys() == set(), "nothing finds these; remove them from bulkpo/model/codes.py"


def test_no_code_is_documented_twice() -> None:
    assert sum(len(topic.codes) for topic in TOPICS) == len(CODES)


@pytest.mark.parametrize("name", sorted(CODES))
def test_a_code_says_what_it_means_and_how_to_mend_it_in_whole_sentences(name: str) -> None:
    code = CODES[name]
    for sentence in (code.meaning, code.remedy):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "|" not in sentence


def test_the_page_is_made_from_the_table() -> None:
    page = runpy.run_path(str(ROOT / "scripts" / "findings_page.py"))["page"]()
    written = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert written == page, "run python scripts/findings_page.py"
