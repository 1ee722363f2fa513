import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_commands_page_is_the_programs_own_help() -> None:
    written = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    page = runpy.run_path(str(ROOT / "scripts/commands_page.py"))["page"]
    assert written == page(), "run: python scripts/commands_page.py"


def test_the_page_says_what_the_installed_program_says() -> None:
    written = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    for command in ((), ("check",), ("sandbox",)):
        asked = [sys.executable, "-m", "bulkpo", *command, "--help"]
        wide = {**os.environ, "COLUMNS": "200"}
        said = subprocess.run(asked, capture_output=True, check=True, encoding="utf-8", env=wide)
        assert said.stdout in written


@pytest.mark.parametrize("path", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]), ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [part.split(")")[0].split("#")[0] for part in text.split("](")[1:]]
    local = [link for link in links if link and "://" not in link]
    assert [link for link in local if not (path.parent / link).exists()] == []
