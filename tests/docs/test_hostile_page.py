"""Every hostile answer is given to a create, a list and a request for a token, and the manual says what comes of it."""

import runpy
from pathlib import Path

import pytest
from hostile_answers import ANSWERS, HostileAnswer, row_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_a_hostile_answer_comes_to_what_the_manual_says(answer: HostileAnswer) -> None:
    assert f"\n{row_of(answer)}\n" in PAGE, "write the page anew: python scripts/hostile_page.py"


def test_the_manual_tells_of_no_other_answers() -> None:
    script = runpy.run_path(str(ROOT / "scripts/hostile_page.py"))
    lines = PAGE.partition(script["START"])[2].partition(script["END"])[0].splitlines()
    names = [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]
    assert names[2:] == [answer.name for answer in ANSWERS]
