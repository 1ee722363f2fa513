"""The ready export mappings, each run against the sandbox, with the figures an analyst would add up by hand."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bulkpo.cli.main import run
from bulkpo.coupa.client import CoupaClient
from bulkpo.sandbox.serving.server import FirstStatus, References, SandboxOptions, SandboxServer
from bulkpo.sandbox.storage.store import Store
from bulkpo.settings import load_profile

MAPPINGS = Path(__file__).parents[2] / "mappings" / "export"
ISSUED = SandboxOptions(references=References.OPEN, created=FirstStatus.ISSUED)


def line(number: int, quantity: str, price: str, currency: str) -> dict[str, object]:
    return {
        "line-num": str(number),
        "type": "OrderQuantityLine",
        "description": f"Item {number}",
        "quantity": quantity,
        "price": price,
        "uom": {"code": "EA"},
        "currency": {"code": currency},
        "account": {"code": "01-100-8000"},
    }


def order(number: str, supplier: str, currency: str, *lines: dict[str, object]) -> bytes:
    header = {"po-number": number, "type": "ExternalOrderHeader", "ship-to-user": {"login": "m"}}
    return json.dumps(
        {**header, "supplier": {"name": supplier}, "currency": {"code": currency}, "order-lines": lines}
    ).encode()


ORDERS = (
    (
        order("PO-1", "Globex", "USD", line(1, "10", "0.1", "USD"), line(2, "3", "2.5", "USD")),
        (("4", "1"), ("3", "3")),
    ),
    (order("PO-2", "Acme", "USD", line(1, "7", "1.005", "USD")), (("0", "0"),)),
    (order("PO-3", "Globex", "EUR", line(1, "2", "100", "EUR")), (("2", "0.5"),)),
)
"""Orders, with what of each line was received and invoiced."""


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET", "sandbox")
    data = tmp_path / "sandbox"
    with SandboxServer(data, ISSUED) as server:
        _profile(tmp_path, server.url)
        with CoupaClient(load_profile("there", tmp_path, {"SECRET": "sandbox"})) as client:
            for body, _ in ORDERS:
                client.create("purchase_orders", body, "application/json")
    _receive(data)
    with SandboxServer(data, ISSUED) as server:
        _profile(tmp_path, server.url)
        yield


def _profile(folder: Path, url: str) -> None:
    (folder / "bulkpo.yaml").write_text(
        f"bulkpo: profiles/1\nprofiles:\n  there: {{url: {url}, client_id: sandbox, "
        "client_secret_variable: SECRET, time_zone: America/New_York}\n",
        encoding="utf-8",
    )


def _receive(data: Path) -> None:
    """Note what came and what was invoiced, as receipts and invoices do in Coupa."""
    with closing(Store(data)) as store, store.writing():
        for number, (_, done) in enumerate(ORDERS, 1):
            (id_,) = store.numbered(f"PO-{number}")
            order_body = store.get("order-header", id_)
            assert order_body is not None
            for each, (received, invoiced) in zip(order_body["order-lines"], done, strict=True):
                each |= {"received": received, "invoiced": invoiced}
            store.replace("order-header", order_body, ["po-number"])


def exported(capsysbinary: pytest.CaptureFixture[bytes], name: str) -> list[dict[str, str]]:
    capsysbinary.readouterr()
    assert run(["export", str(MAPPINGS / f"{name}.yaml"), "-o", "-", "--to", "there"]) == 0
    text = capsysbinary.readouterr().out.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def picked(rows: list[dict[str, str]], *titles: str) -> list[tuple[str, ...]]:
    return [tuple(row[title] for title in titles) for row in rows]


def test_open_lines_say_what_is_yet_to_be_received_and_invoiced(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = exported(capsysbinary, "open-po")
    titles = ("PO number", "Line", "Supplier")
    assert picked(rows, *titles) == [
        ("PO-2", "1", "Acme"), ("PO-1", "1", "Globex"), ("PO-1", "2", "Globex"), ("PO-3", "1", "Globex"),
    ]  # fmt: skip
    assert [float(row["To receive"]) for row in rows] == [7, 6, 0, 0]
    assert [float(row["To invoice"]) for row in rows] == [7, 9, 0, 1.5]


def test_what_was_received_and_not_invoiced_is_accrued_to_the_cent(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = exported(capsysbinary, "grni")
    lines, totals = rows[:4], rows[4:]
    assert [float(row["Not invoiced"]) for row in lines] == [0, 3, 0, 1.5]
    assert [float(row["Accrual"]) for row in lines] == [0, 0.3, 0, 150]
    assert [(row["Currency"], float(row["Accrual"])) for row in totals] == [("EUR", 150), ("USD", 0.3)]
    assert all(row["Observed"].startswith(str(date.today())[:4]) for row in lines)  # noqa: DTZ011 - the year will do


def test_spend_is_added_up_by_supplier_and_currency_the_largest_first(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    rows = exported(capsysbinary, "spend-by-supplier")
    assert [(row["Supplier"], row["Currency"], float(row["Amount"] or 0), row["Lines"]) for row in rows[:3]] == [
        ("Globex", "EUR", 200.0, "1"),
        ("Globex", "USD", 8.5, "2"),
        ("Acme", "USD", 7.035, "1"),
    ]


@pytest.mark.parametrize(("name", "count"), [("lines-with-accounts", 4), ("revisions", 3)])
def test_the_other_ready_mappings_give_a_row_each(
    capsysbinary: pytest.CaptureFixture[bytes], name: str, count: int
) -> None:
    rows = [row for row in exported(capsysbinary, name) if row["PO number"].startswith("PO-")]
    assert len(rows) == count


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
