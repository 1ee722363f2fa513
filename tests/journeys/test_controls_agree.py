"""What agrees of a file's own figures is told wherever what differs is: as text, for programs, and in workbooks."""

import json
from pathlib import Path

import openpyxl
import pytest

from bulkpo.cli.main import run

MAPPING = """\
bulkpo: import/1
name: agree
document: {key: po-number}
controls: [{column: Total, equals: line_amount}]
totals_rows: skip
expected: {orders: 2, amount: {EUR: 9.5}}
columns:
  PO: po-number
  Qty: order-lines/quantity
  Price: order-lines/price
  Total: {ignore: control}
constants:
  type: ExternalOrderHeader
  supplier/name: Acme
  ship-to-user/login: jdoe
  transmission-method-override: do_not_transmit
  order-lines/description: bolts
  order-lines/type: OrderQuantityLine
  order-lines/uom/code: EA
  order-lines/account/code: "01"
  order-lines/currency/code: EUR
"""
LINE = (
    "Control totals agree: 2 orders, EUR 9.50 with what is expected of the file; Total with what the lines of the "
    "orders come to (EUR 9.50); Total of the totals row with the lines above (9.50)."
)
ROWS = [("PO", "Qty", "Price", "Total"), ("A", 3, 2.5, 7.5), ("B", 2, 1, 2), ("Total", None, None, 9.5)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.yaml").write_text(MAPPING, encoding="utf-8")
    book = openpyxl.Workbook()
    for row in ROWS:
        book.worksheets[0].append(list(row))
    book.save("orders.xlsx")


def texts(book: str, sheet: str) -> list[object]:
    return [cell.value for row in openpyxl.load_workbook(book)[sheet].iter_rows() for cell in row if cell.value]


def test_a_check_tells_it_as_text_for_programs_and_in_its_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "m.yaml", "orders.xlsx", "--report", "r.xlsx"]) == 0
    assert LINE in " ".join(capsys.readouterr().out.split())
    (sheet, *_) = [name for name in openpyxl.load_workbook("r.xlsx").sheetnames if name.startswith("bulkpo")]
    assert LINE in texts("r.xlsx", sheet)
    assert run(["check", "m.yaml", "orders.xlsx", "--report", "r.html", "--json"]) == 0
    first, *_ = json.loads(capsys.readouterr().out)["controls_agree"]
    assert first == {"what": "2 orders, EUR 9.50", "against": "what is expected of the file", "figures": []}
    assert LINE in Path("r.html").read_text(encoding="utf-8")


def test_an_import_tells_it_and_its_result_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "m.yaml", "orders.xlsx", "--yes"]) == 0
    assert LINE in " ".join(capsys.readouterr().out.split())
    assert LINE in texts("orders.result.xlsx", "Summary")


def test_several_files_tell_it_of_each_and_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    Path("m.yaml").write_text(MAPPING.replace("orders: 2, amount: {EUR: 9.5}", "orders: 4"), encoding="utf-8")
    book = openpyxl.load_workbook("orders.xlsx")
    book.worksheets[0]["A2"], book.worksheets[0]["A3"] = "C", "D"
    book.save("more.xlsx")
    assert run(["check", "m.yaml", "orders.xlsx", "more.xlsx"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Control totals agree: 4 orders with what is expected of the file; Total with what the lines" in said
