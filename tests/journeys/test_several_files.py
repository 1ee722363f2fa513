"""Several files in one run: what is read of folders, patterns and sheets, and what becomes of each file."""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bulkpo.cli.main import run
from bulkpo.model.table import Cell
from bulkpo.tables.source import SourceOptions, open_source

MAPPING = """\
bulkpo: import/1
name: parts
resource: purchase_orders
document: {key: po-number}
columns:
  PO: po-number
  Item: order-lines/description
  Qty: order-lines/quantity
constants:
  type: ExternalOrderHeader
  supplier/name: Acme Supplies
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  currency/code: USD
  order-lines/type: OrderQuantityLine
  order-lines/price: "2.50"
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "in").mkdir()
    return tmp_path


def csv(path: Path, *keys: str, quantity: str = "1") -> Path:
    path.write_text("\n".join(["PO,Item,Qty", *(f"{key},Bolts,{quantity}" for key in keys)]) + "\n", encoding="utf-8")
    return path


def workbook(path: Path, **sheets: tuple[str, ...]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, keys in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in [("PO", "Item", "Qty"), *((key, "Bolts", 1) for key in keys)]:
            sheet.append(row)
    book.save(path)
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    run([*arguments, "--json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def column(path: Path, title: str, sheet: str = "Rows") -> list[Cell]:
    source = open_source(path, SourceOptions(sheet=sheet))
    place = next(each for each, known in enumerate(source.columns) if known.title == title)
    return [cell for chunk in source.chunks() for cell in chunk.columns[place]]


def test_a_folder_is_one_run_in_the_order_people_count_with_a_result_beside_each_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (10, 2, 1):
        csv(folder / f"in/orders-{number}.csv", f"A{number}", f"B{number}")
    found = told(capsys, "import", "m.yaml", "in")
    assert (found["created"], found["documents"], found["lines"], found["run"]) == (6, 6, 6, 1)
    assert [Path(each["file"]).name for each in found["files"]] == ["orders-1.csv", "orders-2.csv", "orders-10.csv"]
    assert [each["created"] for each in found["files"]] == [2, 2, 2]
    for each in found["files"]:
        name = Path(each["file"]).stem.partition("-")[2]
        assert column(Path(each["result"]), "Order") == [f"A{name}", f"B{name}"]
        assert column(Path(each["result"]), "Status") == ["created", "created"]
    again = told(capsys, "import", "m.yaml", "in")
    assert (again["created"], again["existing"]) == (0, 6), "results are no inputs"
    seen = told(capsys, "show", "1")
    assert [Path(each["file"]).name for each in seen["files"]] == ["orders-1.csv", "orders-2.csv", "orders-10.csv"]
    undone = told(capsys, "undo", "1")
    assert undone["undone"] == 6


def test_what_is_not_read_of_a_folder_is_told_with_the_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv(folder / "in/orders.csv", "A1")
    csv(folder / "in/orders.failed.csv", "A1")
    csv(folder / "in/.orders.csv", "A1")
    workbook(folder / "in/findings.xlsx", Orders=("A1",))
    for name in ("~$orders.xlsx", ".~lock.orders.ods#", "notes.pdf"):
        (folder / "in" / name).write_text("x", encoding="utf-8")
    (folder / "in/older").mkdir()
    run(["check", "m.yaml", "in/findings.xlsx", "--report", "in/report.xlsx"])
    (folder / "in/findings.xlsx").unlink()
    capsys.readouterr()
    assert run(["check", "m.yaml", "in/*"]) == 0
    said = capsys.readouterr().out
    for line in (
        "Not read, written by bulkpo; name it alone to read it: orders.failed.csv, report.xlsx",
        "Not read, kept by a program that has the workbook open: .~lock.orders.ods#, ~$orders.xlsx",
        "Not read, a folder; name it to read what is in it: older",
        "Not read, no table, by its extension: notes.pdf",
        "Not read, hidden: .orders.csv",
    ):
        assert line in said


def test_a_failed_file_that_is_named_alone_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv(folder / "orders.failed.csv", "A1")
    assert told(capsys, "check", "m.yaml", "orders.failed.csv")["ok"] == 1
    csv(folder / "orders.csv", "A1")
    found = told(capsys, "check", "m.yaml", "orders.csv", "orders.failed.csv")
    assert [each["file"] for each in found["files"]] == ["orders.csv"], "as a shell's pattern would name it"


def test_an_order_in_two_files_is_held_in_both_and_each_is_told_where_the_other_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv(folder / "in/a.csv", "A1", "X7", "Y8")
    csv(folder / "in/b.csv", "B1", "X7", "y8")
    found = told(capsys, "check", "m.yaml", "in")
    assert (found["documents"], found["ok"], found["findings"]["by_code"]) == (6, 2, {"in-two-files": 4})
    assert run(["check", "m.yaml", "in"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "X7 stands in b.csv, row 3, too; remove the order from one of them" in said
    assert "y8 looks like Y8 in a.csv, row 4; make them equal, or say keys: exact" in said
    found = told(capsys, "import", "m.yaml", "in")
    assert found["created"] == 2
    assert column(folder / "in/a.failed.csv", "PO", "") == ["X7", "Y8"]


def test_an_order_in_two_files_is_taken_from_the_first_if_the_mapping_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = MAPPING.replace("{key: po-number}", "{key: po-number, in_several_files: first}")
    (folder / "m.yaml").write_text(text, encoding="utf-8")
    csv(folder / "in/a.csv", "A1", "X7", quantity="1")
    csv(folder / "in/b.csv", "X7", "B1", quantity="100")
    found = told(capsys, "import", "m.yaml", "in")
    assert (found["created"], found["documents"], found["skipped_rows"], found["rows"]) == (3, 3, 1, 4)
    assert found["findings"]["by_code"] == {}
    assert found["findings"]["notices"]["in-two-files"] == 1
    assert found["totals"][0]["sent"]["amount"] == "255.00"
    assert column(folder / "in/b.result.xlsx", "Status") == ["left out", "created"]
    assert column(folder / "in/b.result.xlsx", "Message")[0] == "skipped: taken from a.csv"


def test_checking_files_together_finds_in_each_what_checking_it_alone_finds(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv(folder / "in/a.csv", "A1", "A2", quantity="many")
    csv(folder / "in/b.csv", "B1")
    workbook(folder / "in/c.xlsx", Orders=("C1", "C2"))
    together = told(capsys, "check", "m.yaml", "in")
    alone = [told(capsys, "check", "m.yaml", f"in/{name}") for name in ("a.csv", "b.csv", "c.xlsx")]
    for key in ("rows", "documents", "lines", "ok", "failed"):
        assert together[key] == sum(each[key] for each in alone)
        assert [each[key] for each in together["files"]] == [each[key] for each in alone]
    assert together["findings"]["total"] == sum(each["findings"]["total"] for each in alone)


def test_every_file_that_cannot_be_read_is_told_at_once_and_nothing_is_sent(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv(folder / "in/a.csv", "A1")
    (folder / "in/b.csv").write_bytes(b"")
    (folder / "in/c.csv").write_text("PO;Item\nC1;Bolts\n", encoding="utf-8")
    assert run(["import", "m.yaml", "in"]) == 3
    said = capsys.readouterr().err
    assert "2 of 3 files cannot be read:\n  b.csv: the file is empty" in said
    assert "the file has no column 'Qty'" in said
    assert told(capsys, "runs")["runs"] == []


def test_a_file_that_lacks_columns_is_named_and_comes_behind_its_shorter_namesake(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv(folder / "in" / "a.csv", "P1")
    for name in ("b.csv", "b2.csv"):
        (folder / "in" / name).write_text("PO,Item\nP2,Bolts\n")
    assert run(["check", "m.yaml", "in"]) == 2
    said = (
        "m.yaml:8:3: the file has no column 'Qty'; it has: PO, Item; if it is the right file and its headings have "
        f"changed: bulkpo guess --fit m.yaml in{os.sep}"
    )
    assert capsys.readouterr().err == "bulkpo: 2 of 3 files cannot be read:\n" + "".join(
        f"  {name}: {said}{name}\n" for name in ("b.csv", "b2.csv")
    )
    (folder / "in" / "b2.csv").unlink()
    assert run(["check", "m.yaml", "in"]) == 2
    assert capsys.readouterr().err == f"bulkpo: b.csv: {said}b.csv\n"


def test_sheets_are_read_by_pattern_or_all_and_each_has_its_result(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook(folder / "in/orders.xlsx", **{"2024_Jan": ("A1",), "2024_Feb": ("A2", "A3"), "2023": ("A4",), "Empty": ()})
    (folder / "m.yaml").write_text(MAPPING + 'source: {sheet: "2024*"}\n', encoding="utf-8")
    found = told(capsys, "import", "m.yaml", "in/orders.xlsx")
    assert [(each["sheet"], each["created"]) for each in found["files"]] == [("2024 Jan", 1), ("2024 Feb", 2)]
    assert [Path(each["result"]).name for each in found["files"]] == [
        "orders.2024 Jan.result.xlsx",
        "orders.2024 Feb.result.xlsx",
    ]
    (folder / "m.yaml").write_text(MAPPING + "source: {sheets: all}\n", encoding="utf-8")
    assert told(capsys, "check", "m.yaml", "in/orders.xlsx")["documents"] == 4
    (folder / "m.yaml").write_text(MAPPING + "source: {sheet: [2025*]}\n", encoding="utf-8")
    assert run(["check", "m.yaml", "in/orders.xlsx"]) == 3
    assert "no sheet that holds anything is called '2025*'" in capsys.readouterr().err


def test_the_names_of_file_and_sheet_are_values_like_those_of_columns(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = MAPPING.replace("  Qty:", '  "{file_name}": {to: order-lines/account/code, extract: "^[^.]+"}\n  Qty:')
    text = text.replace("  Qty:", '  "{sheet_name}": order-lines/source-part-num\n  Qty:').replace(
        "  order-lines/account/code: 01-100-8000\n", ""
    )
    (folder / "m.yaml").write_text(text + "source: {sheets: all}\n", encoding="utf-8")
    workbook(folder / "in/plant-7.xlsx", Jan=("A1",), Feb=("A2",))
    assert run(["preview", "m.yaml", "in", "-n", "2", "--form", "json"]) == 0
    said = capsys.readouterr().out
    assert said.count('"code": "plant-7"') == 2
    assert [said.index('"Jan"') < said.index('"Feb"')] == [True]


def test_a_run_of_several_files_goes_on_only_with_what_they_were(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "abc":
        csv(folder / f"in/{name}.csv", f"{name}1", f"{name}2")
    found = told(capsys, "import", "m.yaml", "in", "--limit", "3")
    assert (found["created"], found["planned"]) == (3, 3)
    assert [each["planned"] for each in found["files"]] == [0, 1, 2]
    assert run(["import", "m.yaml", "in/b.csv"]) == 2
    assert "in/b.csv: run 1 brings this file into" in capsys.readouterr().err
    before = (folder / "in/c.csv").read_bytes()
    csv(folder / "in/c.csv", "c1", "c3")
    assert run(["resume", "--all"]) == 2
    assert "c.csv: changed since run 1 was planned from it" in capsys.readouterr().err
    (folder / "in/c.csv").write_bytes(before)
    assert told(capsys, "resume", "--all")["created"] == 6


def test_standard_input_is_kept_for_its_owner_alone_and_a_run_of_it_can_be_resumed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = csv(folder / "orders.csv", "A1", "A2").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    found = told(capsys, "import", "m.yaml", "-", "--limit", "1")
    (kept,) = (folder / ".bulkpo/inputs").iterdir()
    assert (kept.read_bytes(), oct(kept.stat().st_mode & 0o777)) == (text, "0o600")
    assert found["files"][0]["file"] == str(kept)
    assert Path(found["result"]).parent.resolve() == folder.resolve()
    assert told(capsys, "resume", "--all")["created"] == 2
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert run(["check", "m.yaml", "-"]) == 3
    assert "standard input: nothing came" in capsys.readouterr().err


def test_the_second_file_of_a_join_is_given_on_the_command_line_and_kept_for_resuming(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, _, constants = MAPPING.partition("columns:\n")
    tables = (
        "tables:\n  headers: {columns: {PO: po-number}}\n  lines:\n    source: {file: elsewhere.csv}\n"
        "    columns: {PO: po-number, Item: order-lines/description, Qty: order-lines/quantity}\n"
    )
    text = head + tables + "constants:\n" + constants.partition("constants:\n")[2]
    (folder / "m.yaml").write_text(text, encoding="utf-8")
    (folder / "heads.csv").write_text("PO\nA1\nA2\n", encoding="utf-8")
    csv(folder / "in/lines.csv", "A1", "A2", "A2")
    found = told(capsys, "import", "m.yaml", "heads.csv", "--table", "lines=in/lines.csv", "--limit", "1")
    assert (found["documents"], found["lines"], found["created"]) == (2, 3, 1)
    assert told(capsys, "resume", "--all")["created"] == 2
    assert run(["check", "m.yaml", "heads.csv", "--table", "line=in/lines.csv"]) == 2
    assert "there is no table 'line' in the mapping; it has headers, lines" in capsys.readouterr().err


def test_the_mapping_comes_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv(folder / "orders.csv", "A1")
    assert run(["check", "orders.csv"]) == 2
    assert "orders.csv: is no template that bulkpo wrote, so its mapping must be named" in capsys.readouterr().err
    assert run(["check", "orders.csv", "m.yaml"]) == 2
    assert "write m.yaml orders.csv after the command" in capsys.readouterr().err
    assert run(["check", "m.yaml"]) == 2
    assert "m.yaml: name what is to be read after the mapping" in capsys.readouterr().err


def test_reports_on_several_files_are_one_list_or_one_each(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv(folder / "in/a.csv", "A1", "A2", quantity="many")
    workbook(folder / "in/b.xlsx", Orders=("B1",))
    assert run(["check", "m.yaml", "in", "--report", "all.csv", "--failed", "failed"]) == 1
    places = column(folder / "all.csv", "Place", "")
    assert places.count("a.csv, line 2, column 3") == 1
    assert [path.name for path in (folder / "failed").iterdir()] == ["a.failed.csv"]
    run(["check", "m.yaml", "in", "--report", "reports"])
    assert sorted(path.name for path in (folder / "reports").iterdir()) == ["a.report.xlsx", "b.report.xlsx"]
    assert run(["check", "m.yaml", "in", "--report", "all.xlsx"]) == 1
    assert column(folder / "all.xlsx", "File", "bulkpo files") == ["a.csv", "b.xlsx"]
    data = told(capsys, "check", "m.yaml", "in", "--report", "all.json")
    assert data["report"] == "all.json"
    assert run(["check", "m.yaml", "in/a.csv", "in/b.xlsx", "--report", "all.html"]) == 2
    assert capsys.readouterr() == (
        "",
        "bulkpo: all.html: a page is about one file; name a folder, or a .xlsx, .csv or .json file to list all\n",
    ), "before anything is checked"


def test_what_undoing_several_sheets_came_to_stands_in_their_folder_and_runs_name_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = workbook(folder / "in" / "two.xlsx", A=("X1",), B=("X2",))
    (folder / "m.yaml").write_text(MAPPING + "source: {sheets: all}\n", encoding="utf-8")
    assert run(["import", "m.yaml", str(book)]) == 0
    assert run(["undo", "1"]) == 0
    assert column(folder / "in" / "run-1.undone.xlsx", "Order", "Undone") == ["X1", "X2"]
    assert not list(folder.glob("*.xlsx"))
    capsys.readouterr()
    assert run(["runs"]) == 0
    assert "two.xlsx" in capsys.readouterr().out
    csv(folder / "in" / "a.csv", "Y1")
    csv(folder / "in" / "b.csv", "Y2")
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    assert run(["import", "m.yaml", "in/a.csv", "in/b.csv"]) == 0
    capsys.readouterr()
    assert run(["runs"]) == 0
    assert "a.csv and 1 more" in capsys.readouterr().out
