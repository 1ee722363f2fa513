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
STATE_CODES = {
    "Hindrance",
    "_hinder",
    "Advice",
    "Fault",
    "Finding",
    "Unreadable",
    "Breach",
    "BrokenRule",
    "Trouble",
    "Unfit",
    "Doubtful",
    "OddAmount",
    "tally",
    "_add",
    "_notice",
    "_of_line",
    "_Need",
}
"""What is called with a code as its first or second argument."""
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
ELSEWHERE = ("sandbox", "coupa", "journal", "query")
"""Packages that know no findings; the sandbox has an `Unreadable` of its own."""


def modules() -> Iterator[ast.Module]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "codes.py" and path.relative_to(PACKAGE).parts[0] not in ELSEWHERE:
            yield ast.parse(path.read_text(encoding="utf-8"))


def codes_in(expression: ast.expr) -> Iterator[str]:
    """The codes an expression may give, as patterns: a text, one of two texts, or a text with parts filled in."""
    if isinstance(expression, ast.IfExp):
        yield from codes_in(expression.body)
        yield from codes_in(expression.orelse)
    elif isinstance(expression, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "x" for part in expression.values]
        if CODE.fullmatch("".join(parts)):
            yield "".join("[a-z]+" if part == "x" else re.escape(part) for part in parts)
    elif isinstance(expression, ast.Constant) and CODE.fullmatch(str(expression.value)):
        yield re.escape(str(expression.value))


def stated_codes(tree: ast.Module) -> Iterator[str]:
    """The codes given to what makes findings, those put into a variable `code`, and keys of tables of sayings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [*node.args[:2], *(each.value for each in node.keywords if each.arg == "code")]
            if name in STATE_CODES:
                yield from next(filter(None, map(list, map(codes_in, given))), [])
        elif isinstance(node, ast.AnnAssign | ast.Assign) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            name = target.id if isinstance(target, ast.Name) else ""
            if name == "code":
                yield from codes_in(node.value)
            elif name == "_SAYINGS" and isinstance(node.value, ast.Dict):
                yield from (re.escape(str(key.value)) for key in node.value.keys if isinstance(key, ast.Constant))


USED = {pattern for tree in modules() for pattern in stated_codes(tree)}
ONE_WORD = {"required", "shortened"}
"""Codes that cannot be told from other words in the code; tests elsewhere show that they are found."""


def test_every_code_used_is_documented() -> None:
    unknown = {pattern for pattern in USED if not any(re.fullmatch(pattern, code) for code in CODES)}
    assert unknown == set(), "describe them in bulkpo/model/codes.py and run scripts/findings_page.py"


def test_every_documented_code_is_used() -> None:
    unused = {code for code in CODES if not any(re.fullmatch(pattern, code) for pattern in USED)}
    assert unused <= ONE_WORD, "nothing finds these; remove them from bulkpo/model/codes.py"


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
