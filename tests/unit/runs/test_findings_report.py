"""Reports of a check: the user's workbook marked, a page, lists for people and programs."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from lxml import html
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from bulkpo.errors import OutputError, UsageError
from bulkpo.model.finding import Finding
from bulkpo.model.own import OWN_COLUMN, OWN_SHEET
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.runs.reports import workbook, write
from bulkpo.runs.reports.groups import grouped
from bulkpo.runs.reports.words import places, row_ranges
from bulkpo.runs.reports.write import write_report
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

ROOT = Path(__file__).resolve().parents[3]
MAPPING = ROOT / "mappings/import/legacy-orders.yaml"
EU_MAPPING = ROOT / "mappings/import/legacy-orders-eu.yaml"
TABLES = ElementTables(schema_text)
RED, YELLOW = "FFF8C9C4", "FFFFF2C2"


def damaged(folder: Path) -> Path:
    """The sample with three wrong cells, a column nothing reads, and formats and comments of the user's own."""
    book = openpyxl.load_workbook(ROOT / "samples/legacy-orders.xlsx")
    sheet = book["Orders"]
    sheet["I10"] = "EACH"
    sheet["I11"] = '<b>"&'
    sheet["K21"] = -4.5
    sheet["K21"].comment = Comment("ask Jo", "me")
    sheet["K21"].font = Font(italic=True)
    sheet["Q1"] = "Notes"
    sheet["Q1"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["Q10"] = "=1+1"
    sheet.row_dimensions[21].hidden = True
    book.create_sheet("Suppliers")["A1"] = "kept"
    path = folder / "orders.xlsx"
    book.save(path)
    return path


def opened(path: Path, mapping: Path = MAPPING) -> tuple[MappedFile, Checked]:
    file = open_mapped(mapping, path, TABLES)
    return file, check(file)


def marked(tmp_path: Path) -> openpyxl.Workbook:
    write_report(tmp_path / "report.xlsx", *opened(damaged(tmp_path)))
    return openpyxl.load_workbook(tmp_path / "report.xlsx")


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_wrong_cells_of_the_users_workbook_are_marked_and_explained(tmp_path: Path) -> None:
    sheet = marked(tmp_path)["Orders"]
    cell = sheet["I10"]
    assert cell.fill.fgColor.rgb == RED
    assert cell.comment is not None
    found, wrong, remedy = cell.comment.text.splitlines()
    assert found == "Found: EACH"
    assert wrong.startswith("UOM: 'EACH' is not in the crosswalk uom")
    assert remedy.startswith("To do: Correct the value, or add it to the crosswalk")
    assert sheet["Q1"].fill.fgColor.rgb == YELLOW
    assert "neither mapped nor ignored" in (sheet["Q1"].comment or Comment("", "")).text


def test_what_the_user_had_stays(tmp_path: Path) -> None:
    book = marked(tmp_path)
    sheet = book["Orders"]
    assert book.sheetnames == ["Orders", "Suppliers", OWN_SHEET]
    assert book.active is sheet
    assert book["Suppliers"]["A1"].value == "kept"
    assert sheet["K21"].font.italic
    assert sheet["K21"].number_format == "#,##0.00##"
    comment = sheet["K21"].comment
    assert comment is not None
    assert comment.text.endswith("The comment that was here:\nask Jo")
    assert sheet["Q10"].value == "=1+1"
    assert sheet.column_dimensions["D"].width == 32


def test_reasons_stand_in_a_column_of_their_own_and_hidden_rows_with_one_are_shown(tmp_path: Path) -> None:
    sheet = marked(tmp_path)["Orders"]
    assert sheet["R1"].value == OWN_COLUMN
    reasons = {row[0].row: row[0].value for row in sheet.iter_rows(min_row=2, min_col=18, max_col=18) if row[0].value}
    assert set(reasons) == {10, 11, 19, 21, 27}
    assert "amounts in EUR have 2 decimals" in str(reasons[19])
    assert str(reasons[21]).splitlines()[0] == "Unit Price: -4.5 is below 0; correct it"
    assert not sheet.row_dimensions[21].hidden
    assert sheet.freeze_panes == "A2"


def test_the_summary_says_what_was_found_and_how_to_go_on(tmp_path: Path) -> None:
    sheet = marked(tmp_path)[OWN_SHEET]
    said = texts(sheet)
    assert said[0] == "orders.xlsx, sheet Orders"
    assert "67 rows read, 2 of them skipped. 24 orders with 65 lines: 22 clean, 2 with errors." in said
    assert any(step.endswith("bulkpo check legacy-orders.yaml report.xlsx") for step in said)
    for section in ("What was found", "Totals of the clean orders", "Rows skipped", "Cancelled *", "Notes"):
        assert section in said
    links = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert "'Orders'!K21" in links


def test_a_report_on_a_report_has_one_column_of_reasons_and_one_summary(tmp_path: Path) -> None:
    marked(tmp_path)
    write_report(tmp_path / "second.xlsx", *opened(tmp_path / "report.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "second.xlsx")
    assert book.sheetnames == ["Orders", "Suppliers", OWN_SHEET]
    headings = [cell.value for cell in book["Orders"][1]]
    assert headings.count(OWN_COLUMN) == 1
    comment = book["Orders"]["I10"].comment
    assert comment is not None
    assert comment.text.count("Found: EACH") == 1


def test_a_sheet_with_a_table_gets_no_second_filter_and_one_without_gets_its_first(tmp_path: Path) -> None:
    assert marked(tmp_path)["Orders"].auto_filter.ref == "A1:R68"
    book = openpyxl.load_workbook(damaged(tmp_path))
    book["Orders"].add_table(Table(displayName="All", ref="A1:Q68"))
    book.save(tmp_path / "orders.xlsx")
    write_report(tmp_path / "report.xlsx", *opened(tmp_path / "orders.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Orders"]
    assert (sheet.auto_filter.ref, list(sheet.tables)) == (None, ["All"])


def test_a_workbook_that_cannot_be_loaded_whole_is_copied_with_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> openpyxl.Workbook:
        raise ValueError(f"{path.name} has a part that is not understood")

    monkeypatch.setattr(workbook, "load_book", refuse)
    said = write_report(tmp_path / "report.xlsx", *opened(damaged(tmp_path)))
    assert said == "the rows with the reasons in the last column; the workbook has parts that cannot be kept"
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Orders"]
    assert str(sheet["R21"].value).startswith("Unit Price: -4.5 is below 0")


def test_a_large_workbook_gets_a_list_and_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "MOST_MARKED_ROWS", 66)
    said = write_report(tmp_path / "report.xlsx", *opened(damaged(tmp_path)))
    assert said == "the findings as a list: more than 66 rows are not marked cell by cell"
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == [OWN_SHEET, "bulkpo totals", "bulkpo list"]
    rows = list(book["bulkpo list"].iter_rows(min_row=2, values_only=True))
    assert ("error", "orders.xlsx, sheet Orders, cell K21", 21, "Unit Price", "0004719") in {row[:5] for row in rows}


def test_the_workbook_of_a_text_file_is_its_rows_with_reasons(tmp_path: Path) -> None:
    text = (ROOT / "samples/legacy-orders-eu.csv").read_bytes().replace(b";Case;2;38,90;", b";Bocks;2;38,90;", 1)
    (tmp_path / "eu.csv").write_bytes(text)
    file, checked = opened(tmp_path / "eu.csv", EU_MAPPING)
    said = write_report(tmp_path / "report.xlsx", file, checked)
    assert said == "the rows with the reasons in the last column, and a summary"
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 68
    assert rows[0][-1] == OWN_COLUMN
    assert rows[1][:4] == ("0004711", "25.01.2026", "V0101", "Bergmann & Söhne GmbH")
    assert [str(row[0]) for row in rows[1:] if row[-1]] == ["0004713", "0004719", "0004720"]
    again = check(open_mapped(EU_MAPPING, tmp_path / "report.xlsx", TABLES))
    assert (again.failed_keys, again.documents) == (checked.failed_keys, 24)


def test_the_page_is_whole_in_itself_and_shows_what_cells_hold_as_text(tmp_path: Path) -> None:
    said = write_report(tmp_path / "report.html", *opened(damaged(tmp_path)))
    assert said == "the findings as a page to read or print"
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "src=" not in text
    assert "http" not in text.replace('lang="en"', "")
    page = html.fromstring(text)
    assert [str(each.text) for each in page.iter("h2")] == [
        "What was found",
        "Totals of the clean orders",
        "Rows skipped",
        "Columns neither mapped nor ignored",
        "Every finding",
    ]
    assert '<b>"&' in [cell.text for cell in page.iter("td")]


def test_the_list_has_a_row_for_each_finding(tmp_path: Path) -> None:
    write_report(tmp_path / "report.csv", *opened(damaged(tmp_path)))
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    (low,) = [row for row in rows if row["Code"] == "too-small"]
    assert low == {
        "Severity": "error",
        "Place": "orders.xlsx, sheet Orders, cell K21",
        "Row": "21",
        "Column": "Unit Price",
        "Order": "0004719",
        "Element": "order-lines/price",
        "Found": "-4.5",
        "What is wrong": "Unit Price: -4.5 is below 0; correct it",
        "How to mend it": "Correct the number.",
        "Code": "too-small",
    }


def test_the_report_for_programs_has_all_that_check_says_and_every_finding(tmp_path: Path) -> None:
    file, checked = opened(damaged(tmp_path))
    write_report(tmp_path / "report.json", file, checked)
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert {name: told[name] for name in checked.as_json() if name != "findings"} == {
        name: value for name, value in checked.as_json().items() if name != "findings"
    }
    assert len(told["findings"]["list"]) == len(checked.findings)
    assert sum(told["findings"]["by_code"].values()) == told["findings"]["total"] == 3
    assert told["skipped"] == [{"reason": "Cancelled *", "place": "sheet Orders", "rows": [6, 24]}]
    assert told["unmapped_columns"] == ["Notes"]


def test_the_input_is_left_as_it_was(tmp_path: Path) -> None:
    path = damaged(tmp_path)
    before = path.read_bytes()
    for form in write.ReportForm:
        write_report(tmp_path / f"report{form.value}", *opened(path))
    assert path.read_bytes() == before


def test_a_workbook_under_another_name_is_marked_as_what_it_is(tmp_path: Path) -> None:
    path = damaged(tmp_path).rename(tmp_path / "orders.xls")
    said = write_report(tmp_path / "report.xlsx", *opened(path))
    assert said == "your workbook with the wrong cells marked, and a summary"


def test_a_report_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    file, checked = opened(damaged(tmp_path))
    with pytest.raises(UsageError, match=r"report\.txt: a report's form is chosen by its extension; use \.xlsx"):
        write_report(tmp_path / "report.txt", file, checked)
    with pytest.raises(OutputError, match="there is no folder"):
        write_report(tmp_path / "missing/report.xlsx", file, checked)


def test_one_kind_of_trouble_with_many_values_is_one_group() -> None:
    findings = [
        Finding("not-a-number", f"Price: 'n{row}' is not a number", row, 3, "price", f"n{row}") for row in range(2, 12)
    ]
    (group,) = grouped(findings)
    assert group.rows == 10
    assert group.message == (
        "Price: 'n2' is not a number. The same with 'n3', 'n4', 'n5', 'n6', 'n7' and 4 more values"
    )
    assert len(grouped(findings[:4])) == 4


def test_places_are_compact() -> None:
    findings = [Finding("x", "", row, column) for row, column in ((2, 9), (5, 9), (6, 9), (7, 9), (4, 11), (9, 11))]
    assert places(findings, 3, has_sheet=True) == "cells I2, I5:I7, K4 and 1 more"
    assert places(findings[:1], 3, has_sheet=False) == "line 2, column 9"
    assert places(findings, 2, has_sheet=False) == "lines 2 (column 9), 5-7 (column 9) and 2 more"
    assert places([Finding("x", "", 0, 28)], 3, has_sheet=True) == "column AB"
    assert places([Finding("x", "")], 3, has_sheet=True) == ""
    assert row_ranges([2, 3, 4, 9, 12, 13], 2) == "2-4, 9 and 2 more"
