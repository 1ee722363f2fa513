"""Every situation of a hostile network is brought about, and the manual says what bulkpo does in it."""

import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from situations import EXPORTS, IMPORTS, UPDATES, Situation, filled, row_of_export, row_of_import, row_of_update

from bulkpo.sandbox.serving.server import SandboxServer

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
ADVICE = "write the page anew: python scripts/situations_page.py"


def named(situation: Situation) -> str:
    return situation.name


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with filled() as sandbox:
        yield sandbox


@pytest.mark.parametrize("situation", IMPORTS, ids=named)
def test_an_import_does_what_the_manual_says(tmp_path: Path, situation: Situation) -> None:
    assert f"\n{row_of_import(situation, tmp_path)}\n" in PAGE, ADVICE


@pytest.mark.parametrize("situation", UPDATES, ids=named)
def test_an_update_does_what_the_manual_says(tmp_path: Path, situation: Situation) -> None:
    assert f"\n{row_of_update(situation, tmp_path)}\n" in PAGE, ADVICE


@pytest.mark.parametrize("situation", EXPORTS, ids=named)
def test_an_export_does_what_the_manual_says(tmp_path: Path, situation: Situation, sandbox: SandboxServer) -> None:
    assert f"\n{row_of_export(situation, tmp_path, sandbox)}\n" in PAGE, ADVICE


def test_the_manual_tells_of_no_other_situations() -> None:
    script = runpy.run_path(str(ROOT / "scripts/situations_page.py"))
    lines = PAGE.partition(script["START"])[2].partition(script["END"])[0].splitlines()
    names = [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]
    headings = {"what happens", "---"}
    assert [name for name in names if name not in headings] == [it.name for it in (*IMPORTS, *UPDATES, *EXPORTS)]
