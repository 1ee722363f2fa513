"""The ready export mappings, each run against the sandbox, with the figures an analyst would add up by hand."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from received_orders import received_orders

from bulkpo.cli.main import run

MAPPINGS = Path(__file__).parents[2] / "mappings" / "export"


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET", "sandbox")
    with received_orders(tmp_path):
        yield


def exported(capsysbinary: pytest.CaptureFixture[bytes], name: str) -> list[dict[str, str]]:
    capsysbinary.readouterr()
    assert run(["export", str(MAPPINGS / f"{name}.yaml"), "-o", "-", "--to", "there"]) == 0
    text = capsysbinary.readouterr().out.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def picked(rows: list[dict[str, str]], *titles: str) -> list[tuple[str, ...]]:
    return [tuple(row[title] for title in titles) for row in rows]


EACH_LINE = [("PO-2", "1"), ("PO-1", "1"), ("PO-1", "2"), ("PO-3", "1"), ("PO-3", "2")]


def numbers(rows: list[dict[str, str]], title: str) -> list[Decimal | None]:
    return [Decimal(row[title]) if row[title] else None for row in rows]


def decimals(*texts: str) -> list[Decimal | None]:
    return [Decimal(text) if text else None for text in texts]


def test_open_lines_say_what_is_yet_to_be_received_and_invoiced(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = exported(capsysbinary, "open-po")
    assert picked(rows, "PO number", "Line") == EACH_LINE
    assert [row["Supplier"] for row in rows] == ["Acme", "Globex", "Globex", "Globex", "Globex"]
    assert numbers(rows, "To receive") == decimals("7", "6", "0", "0", "")
    assert numbers(rows, "To invoice (quantity)") == decimals("7", "9", "0", "1.5", "")
    assert numbers(rows, "To invoice (amount)") == decimals("7.035", "0", "4.5", "199.5", "850")


def test_what_was_received_and_not_invoiced_is_accrued_to_the_cent(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = exported(capsysbinary, "grni")
    lines, totals = rows[:5], rows[5:]
    assert picked(lines, "PO number", "Line") == EACH_LINE
    of_quantity, of_amount = "Accrual (invoiced quantity)", "Accrual (invoiced amount)"
    assert numbers(lines, of_quantity) == decimals("0", "0.3", "0", "150", "250")
    assert numbers(lines, of_amount) == decimals("0", "-0.6", "4.5", "199.5", "250")
    assert [row["Currency"] for row in totals] == ["EUR", "USD"]
    assert numbers(totals, of_quantity) == decimals("400", "0.3")
    assert numbers(totals, of_amount) == decimals("449.5", "3.9")
    assert all(row["Observed"].startswith(str(date.today())[:4]) for row in lines)  # noqa: DTZ011 - the year will do


def test_spend_is_added_up_by_supplier_and_currency_the_largest_first(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    rows = exported(capsysbinary, "spend-by-supplier")
    assert picked(rows[:3], "Supplier", "Currency", "Lines") == [
        ("Globex", "EUR", "2"), ("Globex", "USD", "2"), ("Acme", "USD", "1"),
    ]  # fmt: skip
    assert numbers(rows, "Amount") == decimals("1200", "8.5", "7.035", "1200", "15.535")
    assert [row["Currency"] for row in rows[3:]] == ["EUR", "USD"]


def test_every_line_is_shown_with_its_account_and_worth(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = exported(capsysbinary, "lines-with-accounts")
    assert picked(rows, "PO number", "Line", "Account", "Currency")[:5] == [
        (number, place, "01-100-8000", currency)
        for number, place, currency in (
            ("PO-1", "1", "USD"), ("PO-1", "2", "USD"), ("PO-2", "1", "USD"),
            ("PO-3", "1", "EUR"), ("PO-3", "2", "EUR"),
        )
    ]  # fmt: skip
    assert numbers(rows, "Quantity")[:5] == decimals("10", "3", "7", "2", "")
    assert numbers(rows, "Amount") == decimals("1", "7.5", "7.035", "200", "1000", "1200", "15.535")


def test_revisions_name_the_orders_they_are_of(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = exported(capsysbinary, "revisions")
    assert picked(rows, "PO number", "Version", "Status", "Change") == [
        (number, "1", "issued", "create") for number in (row["PO number"] for row in rows)
    ]
    assert sorted(row["PO number"] for row in rows) == ["PO-1", "PO-2", "PO-3"]
    moments = [row["When"] for row in rows]
    assert moments == sorted(moments, reverse=True)


def test_a_name_holds_the_day_and_a_limit_the_first_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (MAPPINGS / "open-po.yaml").read_text(encoding="utf-8").replace("order_by:", "limit: 2\norder_by:")
    (tmp_path / "two.yaml").write_text(text, encoding="utf-8")
    assert run(["export", "two.yaml", "-o", "open-{date:%Y}.jsonl", "--to", "there", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 2
    assert told["file"].startswith("open-20")
    rows = [json.loads(line) for line in Path(told["file"]).read_text(encoding="utf-8").splitlines()]
    assert [(row["PO number"], row["Line"]) for row in rows] == [("PO-2", "1"), ("PO-1", "1")]


def test_what_cannot_be_added_up_or_put_in_order_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (MAPPINGS / "spend-by-supplier.yaml").read_text(encoding="utf-8")
    (tmp_path / "m.yaml").write_text(text.replace("[Supplier, Currency]", "[Supplier]"), encoding="utf-8")
    assert run(["export", "m.yaml", "--to", "there"]) == 2
    assert "amounts of several currencies would be added up" in capsys.readouterr().err
    (tmp_path / "m.yaml").write_text(text.replace("-Amount]", "-Amout]"), encoding="utf-8")
    assert run(["export", "m.yaml", "--to", "there"]) == 2
    assert "there is no column 'Amout'; did you mean Amount?" in capsys.readouterr().err
    text = (MAPPINGS / "grni.yaml").read_text(encoding="utf-8")
    (tmp_path / "m.yaml").write_text(text.replace("  Unit price:", "  Ratio:").replace("Unit price", "Invoiced value"))
    assert run(["export", "m.yaml", "--to", "there"]) == 2
    assert "there is no column 'Invoiced value'" in capsys.readouterr().err
    early = "  Twice: {path: order-lines/price, add: Unit price}\n  Unit price:"
    (tmp_path / "m.yaml").write_text(text.replace("  Unit price:", early), encoding="utf-8")
    assert run(["export", "m.yaml", "--to", "there"]) == 2
    assert "'Unit price' is calculated itself; it must stand above this column" in capsys.readouterr().err
