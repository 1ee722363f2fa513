"""The page on guessing: its first command prints what the page says, and what it says of its options is so."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulkpo.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/guess.md").read_text(encoding="utf-8")


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "benchmarks/guess/excel-hand-en.xlsx", "orders.xlsx")
    return tmp_path


def test_the_first_guess_prints_what_the_page_says(orders: Path) -> None:
    found = re.search(r"```\n\$ bulkpo (guess .*)\n((?:.*\n)*?)```", PAGE)
    assert found is not None
    told = CliRunner().invoke(cli, found[1].split())
    assert [line.rstrip() for line in told.stdout.splitlines()] == found[2].splitlines()
    assert (orders / "purchase_orders.import.schema.json").is_file()


def test_what_is_set_as_the_page_says_leaves_a_mapping_that_checks_clean(orders: Path) -> None:
    said = ["currency/code=USD", "time_zone=America/New_York", "ship-to-user/login=migration", "Notes=ignore"]
    said += ["order-lines/account/code=ignore", "order-lines/account/account-type/name=SAP100"]
    told = CliRunner().invoke(cli, ["guess", "orders.xlsx", "-o", "o.yaml", *(f"--set={each}" for each in said)])
    assert "To decide" not in told.stdout
    checked = CliRunner().invoke(cli, ["check", "o.yaml", "orders.xlsx"])
    assert "14 orders with 34 lines: 14 clean, 0 with errors" in checked.stdout
    text = (orders / "o.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=purchase_orders.")
    assert "order-lines/account/code" not in text
    assert "  order-lines/account/account-type/name: SAP100\n" in text


def test_a_mapping_that_is_there_is_not_written_over(orders: Path) -> None:
    (orders / "o.yaml").write_text("mine", encoding="utf-8")
    told = CliRunner().invoke(cli, ["guess", "orders.xlsx", "-o", "o.yaml"])
    assert "there is such a file already" in str(told.exception)
    assert (orders / "o.yaml").read_text(encoding="utf-8") == "mine"


def test_what_is_set_of_a_column_there_is_none_of_is_refused(orders: Path) -> None:  # noqa: ARG001 - the file
    told = CliRunner().invoke(cli, ["guess", "orders.xlsx", "--set", "Vendr #=supplier/number"])
    assert str(told.exception) == "--set: there is no column and no element 'Vendr #'; did you mean Vendor # or Vendor?"


def test_a_heading_that_a_mapping_beside_it_knows_is_known(orders: Path) -> None:
    (orders / "other.yaml").write_text(
        "bulkpo: import/1\nname: other\ndocument: {key: po-number}\ncolumns: {CC: order-lines/department/name}\n"
    )
    CliRunner().invoke(cli, ["guess", "orders.xlsx", "-o", "o.yaml"])
    assert "  CC: order-lines/department/name\n" not in (orders / "o.yaml").read_text(encoding="utf-8")
    (orders / "other.yaml").write_text(
        "bulkpo: import/1\nname: other\ndocument: {key: po-number}\ncolumns: {Notes: order-lines/comments}\n"
    )
    CliRunner().invoke(cli, ["guess", "orders.xlsx", "-o", "o.yaml", "--force"])
    assert "  Notes: order-lines/comments\n" in (orders / "o.yaml").read_text(encoding="utf-8")
