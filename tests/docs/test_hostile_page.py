"""Every hostile answer is given to a create, a list and a request for a token, and the manual says what comes of it."""

import runpy
from pathlib import Path

import pytest
from hostile_answers import rows

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_every_hostile_answer_comes_to_what_the_manual_says_and_it_tells_of_no_others() -> None:
    script = runpy.run_path(str(ROOT / "scripts/hostile_page.py"))
    page = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    table = page.partition(script["START"])[2].partition(script["END"])[0]
    written = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert written == rows(), "write the page anew: python scripts/hostile_page.py"
