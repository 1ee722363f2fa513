"""Figures from the file to Coupa: what is open is created, controls hold, and what is not as expected is not sent."""

import json
import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bulkpo.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "mappings/import/sap-open-orders.yaml"
UPDATE = """\
bulkpo: import/1
name: prices
mode: update
document: {key: po-number}
columns: {PO: po-number, Line: order-lines/line-num, Price: order-lines/price}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copy(ROOT / "samples/sap-open-orders.xlsx", tmp_path))


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any, str]:
    code = run([*map(str, arguments), "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out or "null"), said.err


def test_the_open_balance_of_sap_orders_is_created_at_prices_of_one(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, sent, _ = told(capsys, "import", MAPPING, file)
    assert (code, sent["created"], sent["skipped_rows"]) == (0, 3, 6)
    assert sent["open"] == [
        {"currency": "EUR", "lines": 6, "finished": 2, "ordered": "2400.000", "done": "1020.000", "open": "1380.000"},
        {"currency": "JPY", "lines": 1, "finished": 0, "ordered": "70000", "done": "10000", "open": "60000"},
    ]
    columns = "po-number,order-lines/line-num,order-lines/quantity,order-lines/price"
    told(capsys, "export", "purchase_orders", "--columns", columns, "--rows", "order-lines", "-o", "back.jsonl")
    rows = [json.loads(line) for line in Path("back.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [(row["po-number"], row["order-lines/line-num"], *map(Decimal, list(row.values())[2:])) for row in rows]
    assert sorted(found) == [
        ("4500000101", "00010", 6000, Decimal("0.125")),
        ("4500000102", "00010", 60, 1000),
        ("4500000103", "00010", 5, 120),
        ("4500000103", "00020", 1, 0),
        ("4500000103", "00030", 3, 10),
    ]


@pytest.mark.parametrize("expected", ["orders=4", "lines=6", "amount.EUR=1380.01", "amount.USD=1"])
def test_a_file_that_is_not_as_expected_is_checked_and_not_sent(
    file: Path, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found, _ = told(capsys, "check", MAPPING, file, "--expect", expected)
    assert (code, found["findings"]["by_code"]) == (1, {"expected-differs": 1})
    code, sent, said = told(capsys, "import", MAPPING, file, "--expect", expected)
    assert (code, sent["exit_code"]) == (2, 2)
    assert "does not come to what is expected of it: nothing was sent" in sent["error"], said


def test_what_the_command_line_expects_must_be_a_figure(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found, _ = told(capsys, "check", MAPPING, file, "--expect", "orders=many")
    assert code == 2
    assert "orders=many is no figure; write it like orders=579" in found["error"]


def expecting(figures: dict[str, str]) -> None:
    """Have the runs of the journal expect other figures, as if the file came to others than when it was planned."""
    with closing(sqlite3.connect(".bulkpo/journal.db")) as journal, journal:
        (options,) = journal.execute("SELECT options FROM runs").fetchone()
        told = {**json.loads(options), "expect": figures}
        journal.execute("UPDATE runs SET options = ?", (json.dumps(told),))


def test_a_run_remembers_what_was_expected_and_goes_on_only_with_that(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, sent, _ = told(capsys, "import", MAPPING, file, "--expect", "orders=3", "--limit", "1")
    assert (code, sent["created"]) == (0, 1)
    expecting({"orders": "4"})
    code, refused, _ = told(capsys, "resume", "1", "--all")
    assert (code, refused["exit_code"]) == (2, 2)
    assert f"{file} does not come to what is expected of it: nothing was sent" in refused["error"]
    expecting({"orders": "3"})
    code, sent, _ = told(capsys, "resume", "1", "--all")
    assert (code, sent["created"]) == (0, 3)


def test_an_update_is_held_to_what_is_expected_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.yaml").write_text(UPDATE, encoding="utf-8")
    (tmp_path / "o.csv").write_text("PO,Line,Price\nA1,1,5\n", encoding="utf-8")
    code, sent, _ = told(capsys, "import", "m.yaml", "o.csv", "--expect", "lines=2")
    assert (code, sent["exit_code"]) == (2, 2)
    assert "o.csv does not come to what is expected of it: nothing was sent" in sent["error"]
