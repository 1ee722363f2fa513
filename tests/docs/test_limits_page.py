"""The manual's table of limits has the numbers of the code."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_limits_in_the_manual_are_those_of_the_code() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "limits_page.py"))
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    start, end = made["START"], made["END"]
    written = start + text.partition(start)[2].partition(end)[0] + end
    assert written == made["table"](), "write the page anew: python scripts/limits_page.py"
