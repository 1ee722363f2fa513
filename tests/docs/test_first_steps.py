"""What a newcomer reads first: the README's check prints what the page says, and the first mapping reads a file."""

import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from bulkpo.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAPPINGS = (ROOT / "docs/mappings.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs/commands.md").read_text(encoding="utf-8")


def test_the_first_check_prints_what_the_readme_says() -> None:
    found = re.search(r"```\n\$ bulkpo (check .*)\n((?:.*\n)*?)```", README)
    assert found is not None
    told = subprocess.run(
        [sys.executable, "-m", "bulkpo", *found[1].split()], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == found[2]


def test_every_option_the_readme_names_is_one_of_a_command() -> None:
    assert [option for option in re.findall(r"`[^`\n]*?(--[a-z-]+)", README) if option not in COMMANDS] == []


def test_the_first_mapping_reads_a_workbook_with_titles_above_its_headings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"## Your first mapping\n.*?```yaml\n(.*?)```", MAPPINGS, re.DOTALL)
    Path("my-orders.yaml").write_text(example, encoding="utf-8")
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Open POs", 0)
    for row in (
        ["Open purchase orders"],
        [],
        [],
        ["PO #", "Vendor", "Requester", "Cur", "Item", "Qty", "Unit", "Price", "Need By", "GL"],
        ["PO-1", "00042", "migration", "USD", "Copy paper", 10, "BX", 24.9, "12/31/2026", "01-100-8100"],
    ):
        sheet.append(row)
    book.save("orders.xlsx")
    assert run(["import", "my-orders.yaml", "orders.xlsx"]) == 0
    assert run(["import", "my-orders.yaml", "orders.xlsx"]) == 0
    told = capsys.readouterr().out
    assert "Run 1: 1 created" in told
    assert "Run 2: 1 existing" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".bulkpo",
        "my-orders.yaml",
        "orders.result.2.xlsx",
        "orders.result.xlsx",
        "orders.xlsx",
    ]


def test_what_legacy_files_often_have_is_declared_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"## Your first mapping\n.*?```yaml\n(.*?)```", MAPPINGS, re.DOTALL)
    table = MAPPINGS.partition("| the file has | the mapping says |")[2].partition("\n\n")[0]
    declared = [text for text in re.findall(r"\| `(.*)` \|$", table, re.MULTILINE) if ": " in text]
    assert len(declared) > 9
    vendors = openpyxl.Workbook()
    vendors.create_sheet(index=0).append(["Old No", "New No"])
    vendors.save("vendors.xlsx")
    for text in declared:
        name = text.partition(":")[0]
        gone = {name, '"PO #"'} if "from: [Company" in text else {name}
        kept = [line for line in example.splitlines() if line.partition(":")[0].strip() not in gone]
        at = kept.index("columns:") + 1
        kept.insert(at if name == "Unit" else at - 1, f"  {text}" if name == "Unit" else text)
        more = "crosswalks: {uom: {Box: BX}}\n" if name == "Unit" else ""
        Path("m.yaml").write_text("\n".join(kept) + "\n" + more, encoding="utf-8")
        Path("orders.csv").write_text("\n\n\nnothing\n", encoding="utf-8")
        assert run(["check", "m.yaml", "orders.csv"]) == 2
        said = capsys.readouterr().err
        assert "the file has none of the" in said, text
