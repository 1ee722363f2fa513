"""A template on the command line: written, filled in by hand and by programs, then imported without a mapping."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bulkpo.cli.main import run
from bulkpo.runs.checking.stamps import STAMP_SHEET, read_stamp

OFFICE = Path(__file__).with_name("office.py")
HEADINGS = ("PO", "Vendor", "Requester", "Cur", "Item", "Qty", "Unit", "Price", "Need By", "GL")
MAPPING = """\
bulkpo: import/1
name: own-orders
source: {sheet: Open POs, header_row: 3}
document: {key: po-number, number_lines: true}
dates: {order: MDY, time_zone: America/New_York}
columns:
  PO: po-number
  Vendor: supplier/number
  Requester: ship-to-user/login
  Cur: [currency/code, order-lines/currency/code]
  Item: order-lines/description
  Qty: order-lines/quantity
  Unit: {to: order-lines/uom/code, crosswalk: units}
  Price: order-lines/price
  Need By: order-lines/need-by-date
  GL: order-lines/account/code
  Buyer: {ignore: internal}
constants:
  type: ExternalOrderHeader
  order-lines/type: OrderQuantityLine
  order-lines/account/account-type/name: Corporate
  transmission-method-override: do_not_transmit
crosswalks: {units: {Box: BX, "Can't, say": EA, Each: EA}}
"""
ROW = ("007", "00042", "migration", "USD", "Paper, A4", "10", "Can't, say", "24.9", "2026-12-31", "01-100-8100")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def made(*more: str, name: str = "t.xlsx") -> Path:
    assert run(["template", "own.yaml", "-o", name, *more]) == 0
    return Path(name)


def fill(path: Path, rows: Sequence[Sequence[object]], target: str = "filled.xlsx") -> Path:
    """Fill the sheet as a program does that knows texts, numbers and dates."""
    book = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, 4):
        for column, value in enumerate(row, 1):
            book["Open POs"].cell(number, column).value = value  # type: ignore[assignment]
    book.save(target)
    return Path(target)


def checked(file: Path, capsys: pytest.CaptureFixture[str], *mapping: str) -> Mapping[str, object]:
    capsys.readouterr()
    run(["check", *mapping, str(file), "--json"])
    told: Mapping[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_a_template_that_is_filled_in_goes_into_coupa_without_naming_its_mapping(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = (*ROW[:5], 10, "Box", 24.9, date(2026, 12, 31), ROW[9])
    file = fill(made(), [row, ("007", "00042", "migration", "USD", "Pens", 2, "Each", 1, None, ROW[9])])
    assert run(["import", str(file)]) == 0
    assert run(["import", str(file), "--on-existing", "compare"]) == 0
    told = capsys.readouterr().out
    assert "read by own.yaml" in told
    assert "1 created" in told
    assert "1 order compared with Coupa element by element: all are as they were sent" in told


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not there to type into a template")
@pytest.mark.skipif(not Path("/usr/lib/python3/dist-packages/uno.py").exists(), reason="python3-uno is not there")
@pytest.mark.parametrize(("ending", "form"), [("xlsx", "Calc MS Excel 2007 XML"), ("ods", "calc8")])
def test_what_is_typed_in_libreoffice_keeps_its_zeros_and_its_days(
    ending: str, form: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = [["Open POs", f"{letter}4", text] for letter, text in zip("ABCDEFGHIJ", ROW, strict=True)]
    target = folder / f"typed.{ending}"
    command = ["/usr/bin/python3", str(OFFICE), str(made().absolute()), str(target), form]
    subprocess.run(command, input=json.dumps(typed), text=True, check=True, timeout=120)
    capsys.readouterr()
    assert run(["preview", str(target), "--form", "json"]) == 0
    order = json.loads(capsys.readouterr().out)
    assert (order["po-number"], order["supplier"]["number"]) == ("007", "00042")
    assert order["order-lines"][0]["need-by-date"] == "2026-12-31T00:00:00-05:00"
    assert order["order-lines"][0]["uom"] == {"code": "EA"}
    assert run(["import", str(target)]) == 0


def test_an_account_is_not_marked_where_the_mapping_says_that_none_is_needed() -> None:
    text = Path("own.yaml").read_text(encoding="utf-8")
    Path("own.yaml").write_text(f"{text}\nrules: {{order-lines/account: {{required: false}}}}\n", encoding="utf-8")
    sheet = openpyxl.load_workbook(made())["Open POs"]
    assert "GL" not in [cell.value for cell in sheet[3] if cell.fill.fgColor.rgb == "FF1F4E79"]


def test_columns_that_are_ignored_but_read_are_in_the_template_with_what_they_are_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = MAPPING.replace("Price: order-lines/price", "Price: {to: order-lines/price, divide_by: Per}")
    text = text.replace("Buyer: {ignore: internal}", "Per: {ignore: a}\n  Comes to: {ignore: b}\n  State: {ignore: c}")
    more = "controls: [{column: Comes to, equals: line_amount}]\nskip_rows: {State: Cancelled}\n"
    Path("own.yaml").write_text(text + more, encoding="utf-8")
    row = (*ROW[:5], 100, "Box", 50, date(2026, 12, 31), ROW[9])
    path = made()
    sheet = openpyxl.load_workbook(path)["Open POs"]
    own = {str(cell.value): cell for cell in sheet[3] if cell.value not in HEADINGS}
    notes = {title: cell.comment.text.splitlines()[1] for title, cell in own.items() if cell.comment is not None}
    assert notes == {
        "Per": "Not sent: the mapping reckons other columns with it.",
        "Comes to": "Not sent: what the lines come to is held against it.",
        "State": "Not sent: conditions of the mapping read it.",
    }
    cells = {**dict(zip(HEADINGS, row, strict=True)), "Per": 100, "Comes to": 50}
    told = checked(fill(path, [[cells.get(str(cell.value)) for cell in sheet[3]]]), capsys)
    assert (told["ok"], told["failed"]) == (1, 0)


def test_headings_are_marked_noted_limited_and_have_lists() -> None:
    book = openpyxl.load_workbook(made())
    sheet = book["Open POs"]
    assert tuple(cell.value for cell in sheet[3]) == HEADINGS
    dark = [cell.value for cell in sheet[3] if cell.fill.fgColor.rgb == "FF1F4E79"]
    assert dark == ["PO", "Requester", "Cur", "Item", "Price", "GL"]  # Coupa refuses lines that are billed to nothing
    assert sheet["A3"].comment is not None
    assert sheet["A3"].comment.text == (
        "Must be filled in.\nThe number of the order; it tells which rows are one order.\n"
        "Text of at most 20 characters.\nFor example: 4500012345"
    )
    limits = {str(limit.sqref): limit for limit in sheet.data_validations.dataValidation}
    assert limits["A4:A1048576"].type == "textLength"
    assert limits["A4:A1048576"].formula1 == "20"
    assert limits["F4:F1048576"].type == "decimal"
    assert limits["I4:I1048576"].type == "date"
    assert (limits["B4:B1048576"].formula1, limits["B4:B1048576"].errorStyle) == ("=list_Vendor", "warning")
    assert (limits["G4:G1048576"].formula1, limits["G4:G1048576"].errorStyle) == ("=list_Unit", "stop")
    assert {sheet.column_dimensions[letter].number_format for letter in "ABJ"} == {"@"}
    assert sheet.column_dimensions["I"].number_format == "yyyy-mm-dd"
    values = book["bulkpo lists"]
    place = book.defined_names["list_Unit"].attr_text.replace("'", "").partition("!")[2].replace("$", "")
    assert [cell.value for (cell,) in values[place]] == ["Box", "Can't, say", "Each"]
    assert ("00042", "Umbrella Office") in {(row[0].value, row[1].value) for row in values["A2:B9"]}
    assert book[STAMP_SHEET].sheet_state == "hidden"


def test_an_example_is_never_loaded_wherever_its_sheet_is_moved(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.yaml").write_text(MAPPING.replace("sheet: Open POs, ", ""), encoding="utf-8")
    book = openpyxl.load_workbook(made())
    words = [cell.value for row in book["bulkpo how to"] for cell in row]
    assert "4500012345" in words
    book.move_sheet("bulkpo how to", -5)
    book.save("moved.xlsx")
    told = checked(Path("moved.xlsx"), capsys)
    assert (told["rows"], told["documents"]) == (0, 0)
    Path("own.yaml").write_text(MAPPING.replace("sheet: Open POs", "sheets: all"), encoding="utf-8")
    told = checked(made(name="all.xlsx"), capsys)
    assert told["rows"] == 0


def test_a_template_says_that_its_mapping_has_changed_since(capsys: pytest.CaptureFixture[str]) -> None:
    file = fill(made(), [ROW])
    Path("own.yaml").write_text(
        MAPPING.replace("  GL: order-lines/account/code\n", "  Site: {to: supplier-site/code, optional: true}\n"),
        encoding="utf-8",
    )
    assert run(["check", str(file)]) in (0, 1)
    told = " ".join(capsys.readouterr().out.split())
    assert "this template is older than own.yaml, which has changed since: new: 'Site'; no longer read: 'GL'" in told
    Path("own.yaml").write_text("# a comment\n" + MAPPING, encoding="utf-8")
    run(["check", "own.yaml", str(file)])
    assert "older" not in capsys.readouterr().out
    Path("other.yaml").write_text(MAPPING.replace("own-orders", "other-orders").replace("MDY", "DMY"), encoding="utf-8")
    run(["check", "other.yaml", str(file)])
    assert "this is a template of own-orders, and is read by other-orders" in " ".join(capsys.readouterr().out.split())


def test_columns_may_be_moved_and_added_and_a_renamed_one_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.load_workbook(fill(made(), [ROW]))
    sheet = book["Open POs"]
    moved = [[sheet.cell(row, column).value for column in range(10, 0, -1)] for row in (3, 4)]
    for row, values in zip((3, 4), moved, strict=True):
        for column, value in enumerate([*values, "Mine" if row == 3 else "mine"], 1):
            sheet.cell(row, column).value = value
    book.save("moved.xlsx")
    told = checked(Path("moved.xlsx"), capsys)
    assert (told["documents"], told["failed"]) == (1, 0)
    sheet["A3"] = "General Ledger"
    book.save("renamed.xlsx")
    assert run(["check", "renamed.xlsx"]) == 2
    assert "GL" in capsys.readouterr().err


@pytest.mark.parametrize("of", ["own.yaml", "rest.yaml", "--resource"])
def test_a_column_that_was_added_to_a_template_is_named(of: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("rest.yaml").write_text(f"{MAPPING}ignore_rest: not needed\n".replace("own-", "rest-"), encoding="utf-8")
    given = [of, "purchase_orders", "--time-zone", "Europe/Berlin"] if of == "--resource" else [of]
    assert run(["template", *given, "-o", "t.xlsx"]) == 0
    book = openpyxl.load_workbook("t.xlsx")
    sheet, above = book.worksheets[0], 1 if of == "--resource" else 3
    for row, values in enumerate([("Remarks", "buyer"), ("urgent", "Ann")], above):
        for column, value in enumerate(values, sheet.max_column + 1 if row == above else sheet.max_column - 1):
            sheet.cell(row, column).value = value
    book.save("added.xlsx")
    told: Any = checked(Path("added.xlsx"), capsys)
    by_code = {code: rows for code, rows in told["findings"]["notices"].items() if "column" in code}
    assert (
        by_code
        == {
            "own.yaml": {"unmapped-column": 1},
            "rest.yaml": {"added-column": 1},
            "--resource": {"added-column": 2},
        }[of]
    )
    run(["import", "added.xlsx"])
    said = " ".join("".join(capsys.readouterr()).split())
    assert "'Remarks' " + ("is neither" if of == "own.yaml" else "was added to the template; nothing reads it") in said


def test_rows_pasted_over_the_limits_are_found_by_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    row = ("007", "0" * 300, "migration", "dollars", "Item", "ten", "Crate", "1,5x", "soon", "01")
    told = checked(fill(made(), [row]), capsys)
    assert told["failed"] == 1
    assert told["findings"]["total"] >= 5  # type: ignore[index]


def test_a_template_saved_as_text_or_of_a_lost_mapping_says_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = fill(made(), [ROW])
    Path("saved.csv").write_text("PO,Vendor\n007,00042\n", encoding="utf-8")
    assert run(["check", "saved.csv"]) == 2
    assert "saved.csv: is no template that bulkpo wrote, so its mapping must be named" in capsys.readouterr().err
    (folder / "own.yaml").rename(folder / "gone.txt")
    assert run(["check", str(file)]) == 2
    assert "is a template of the mapping 'own-orders', which is in none of the folders" in capsys.readouterr().err
    (folder / "mappings").mkdir()
    (folder / "gone.txt").rename(folder / "mappings" / "moved.yaml")
    assert checked(file, capsys)["documents"] == 1
    shutil.copy("mappings/moved.yaml", "twin.yaml")
    assert run(["check", str(file)]) == 2
    assert "which is in several files" in capsys.readouterr().err


def test_a_template_of_a_resource_carries_paths_and_formats_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["template", "--resource", "purchase_orders", "--time-zone", "Europe/Berlin", "-o", "po.xlsx"]) == 0
    book = openpyxl.load_workbook("po.xlsx")
    sheet = book["Orders"]
    given = {
        "PO Number": "0012", "Supplier Number": "00042", "Ordered For": "migration", "Currency": "EUR",
        "Description": "Pens", "Quantity": 3, "Unit": "EA", "Price": 1.5, "Need By": date(2026, 7, 1),
        "Account": "01-100-8100", "Chart of Accounts": "Corporate",
    }  # fmt: skip
    titles = {cell.value: cell.column for cell in sheet[1]}
    for title, value in given.items():
        sheet.cell(2, titles[title]).value = value  # type: ignore[arg-type, assignment]
    sheet.delete_cols(titles["Supplier Part"] or 0)
    book.save("po.xlsx")
    assert run(["import", "po.xlsx"]) == 0
    assert "1 created" in capsys.readouterr().out
    stamp = json.loads(str(book[STAMP_SHEET]["A1"].value))
    stamp["constants"] = {"transmission-emails": "thief@example.com"}
    stamp["columns"].append(["Evil", ["../secrets.yaml"]])
    book[STAMP_SHEET]["A1"] = json.dumps(stamp)
    book.save("evil.xlsx")
    assert run(["check", "evil.xlsx"]) == 2
    assert "evil.xlsx: its hidden sheet says what cannot be" in capsys.readouterr().err
    stamp["columns"].pop()
    book[STAMP_SHEET]["A1"] = json.dumps(stamp)
    book.save("evil.xlsx")
    assert run(["preview", "evil.xlsx"]) == 0
    assert "thief" not in capsys.readouterr().out
    book[STAMP_SHEET]["A1"] = '{"bulkpo": 9}'
    book.save("newer.xlsx")
    assert run(["check", "newer.xlsx"]) == 3
    assert "cannot be read (it is of another version of bulkpo)" in capsys.readouterr().err


def test_a_template_is_never_written_over_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    fill(made(), [ROW], "t.xlsx")
    made()
    assert capsys.readouterr().out.count("t.2.xlsx") == 2
    assert openpyxl.load_workbook("t.xlsx")["Open POs"]["A4"].value == "007"


def test_a_mapping_that_reads_no_headings_has_no_template(capsys: pytest.CaptureFixture[str]) -> None:
    letters = MAPPING.replace("header_row: 3", "header_row: none")
    for number, title in enumerate((*HEADINGS, "Buyer")):
        letters = letters.replace(f"  {title}:", f"  {chr(ord('A') + number)}:", 1)
    Path("letters.yaml").write_text(letters, encoding="utf-8")
    assert run(["template", "letters.yaml"]) == 3
    assert "it reads columns by their places, not by headings, which a template needs" in capsys.readouterr().err


def test_a_table_that_stands_beside_another_has_no_template(capsys: pytest.CaptureFixture[str]) -> None:
    Path("beside.yaml").write_text(MAPPING.replace("header_row: 3", 'header_row: 3, area: "J:T"'), encoding="utf-8")
    assert run(["template", "beside.yaml"]) == 3
    assert "leave `area` out of a copy of the mapping" in " ".join(capsys.readouterr().err.split())


def test_a_long_list_and_a_long_note_are_whole(folder: Path) -> None:
    units = "\n".join(f"  unit number {number} of many, it's long: EA" for number in range(3_000))
    text = MAPPING.replace(
        'crosswalks: {units: {Box: BX, "Can\'t, say": EA, Each: EA}}', f"crosswalks:\n units:\n{units}"
    )
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    book = openpyxl.load_workbook(made())
    assert book.defined_names["list_Unit"].attr_text.endswith("$3001")
    note = book["Open POs"]["G3"].comment
    assert note is not None
    assert len(note.text) > 255
    assert note.text.endswith("and 2,985 more")


@pytest.mark.slow
def test_a_template_filled_with_twenty_thousand_rows_is_read_whole(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(f"{number // 4:05}", *ROW[1:5], 10, "Box", 24.9, date(2026, 12, 31), ROW[9]) for number in range(20_000)]
    told = checked(fill(made("--no-lists"), rows), capsys)
    assert (told["rows"], told["documents"], told["failed"]) == (20_000, 5_000, 0)
    stamp = read_stamp(Path("filled.xlsx"))
    assert stamp is not None
    assert stamp.name == "own-orders"


def test_a_template_of_which_every_column_is_needed_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    free = ("  Need By", "  Buyer", "dates")
    needed = [line for line in MAPPING.splitlines(keepends=True) if not line.startswith(free)]
    paths = (
        "order-lines/quantity",
        "order-lines/price",
        "order-lines/uom/code",
        "ship-to-user/login",
        "supplier/number",
    )
    rules = "".join(f"  {path}: {{required: true}}\n" for path in paths)
    Path("own.yaml").write_text(f"{''.join(needed)}rules:\n{rules}", encoding="utf-8")
    made()
    assert "t.xlsx: 9 columns, all of which must be filled in" in capsys.readouterr().out


def test_a_column_that_must_say_something_is_to_be_filled_in_with_just_that() -> None:
    text = MAPPING.replace("Buyer: {ignore: internal}", "State: {require: {in: [Issued, Approved]}}")
    Path("own.yaml").write_text(text, encoding="utf-8")
    sheet = openpyxl.load_workbook(made())["Open POs"]
    cell = next(cell for cell in sheet[3] if cell.value == "State")
    assert cell.comment is not None
    assert cell.comment.text.splitlines()[:2] == ["Must be filled in.", "Not sent: conditions of the mapping read it."]
    lists = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation if each.type == "list"}
    assert any(place.startswith(cell.column_letter) for place in lists)


def test_a_template_of_tables_that_are_joined_by_an_id_has_it_in_both_sheets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    head, _, rest = MAPPING.replace("own-orders", "joined").partition("columns:\n")
    rest = rest.replace("  PO:", "  Key: {ignore: joins}\n  PO:")
    columns, _, more = rest.partition("constants:")
    lines = [line for line in columns.splitlines() if "order-lines/" in line and "[" not in line]
    heads = [line for line in columns.splitlines() if line not in lines]
    sheets = {"Heads": heads, "Lines": ["  Key: {ignore: joins}", *lines]}
    blocks = "".join(
        f"  {name}:\n    source: {{sheet: {name}}}\n{'    joined_by: {Key: Key}' if name == 'Lines' else ''}\n"
        f"    columns:\n{''.join(f'    {line}{chr(10)}' for line in own)}"
        for name, own in sheets.items()
    )
    text = head.replace("source: {sheet: Open POs, header_row: 3}\n", "") + f"tables:\n{blocks}constants:{more}"
    Path("joined.yaml").write_text(text, encoding="utf-8")
    assert run(["template", "joined.yaml", "-o", "joined.xlsx", "--no-lists"]) == 0
    book = openpyxl.load_workbook("joined.xlsx")
    given = {"Key": "K-1", **dict(zip(HEADINGS, ROW, strict=True))}
    for name in sheets:
        for cell in book[name][1]:
            book[name].cell(2, cell.column or 0).value = given[str(cell.value)]
        dark = [cell.value for cell in book[name][1] if cell.fill.fgColor.rgb == "FF1F4E79"]
        assert "Key" in dark
    book.save("filled.xlsx")
    told = checked(Path("filled.xlsx"), capsys)
    assert (told["documents"], told["failed"], told["lines"]) == (1, 0, 1)
