"""Layouts of real spreadsheets, each declared in a mapping that comes with bulkpo and has a sample."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cleaned import clean_documents

from bulkpo.errors import InputError, MappingError
from bulkpo.model.document import Document, Layout
from bulkpo.model.finding import Finding
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

ROOT = Path(__file__).parents[3]
TABLES = ElementTables(schema_text)
SAMPLES = {
    "first-row-only": "first-row-only.xlsx",
    "two-sheets": "two-sheets.xlsx",
    "split-rows": "split-rows.xlsx",
    "split-columns": "split-columns.xlsx",
    "no-headings": "no-headings.txt",
    "two-heading-rows": "two-heading-rows.xlsx",
    "scattered-rows": "scattered-rows.csv",
    "custom-fields": "custom-fields.xlsx",
}
ORDER_LINES = {
    ("0004801", "V0100", "USD", "1", "Copy paper A4", "40", "CS", "38.90", "2026-02-13T00:00:00-05:00"),
    ("0004801", "V0100", "USD", "2", "Toner cartridge 106R01", "5", "EA", "119.00", "2026-02-20T00:00:00-05:00"),
    ("0004802", "V0102", "USD", "1", "Network cable Cat6a, 10 m", "12", "EA", "12.405", "2026-03-02T00:00:00-05:00"),
    ("0004803", "V0103", "EUR", "1", "Pallet rack 3,000 mm", "12.5", "EA", "184.50", "2026-03-09T00:00:00-04:00"),
}  # fmt: skip
SHOWN = ("line-num", "description", "quantity", "uom/code", "price", "need-by-date")


def opened(mapping: str, sample: str) -> MappedFile:
    return open_mapped(ROOT / "mappings/import" / f"{mapping}.yaml", ROOT / "samples" / sample, TABLES)


def checked_text(folder: Path, mapping: str, **files: str) -> tuple[MappedFile, Checked]:
    """A mapping and files written as given; the first file is the one that is checked."""
    (folder / "m.yaml").write_text(mapping)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    file = open_mapped(folder / "m.yaml", folder / f"{next(iter(files))}.csv", TABLES)
    return file, check(file)


def said(file: MappedFile, findings: list[Finding]) -> list[str]:
    return [f"{place_of(file.source, each.row, each.column)}: {each.code}" for each in findings]


def at(layout: Layout, values: tuple[str | None, ...], path: str) -> str | None:
    return next(value for field, value in zip(layout.fields, values, strict=True) if str(field.path) == path)


def told(layout: Layout, documents: Iterator[Document]) -> Iterator[tuple[str | None, ...]]:
    assert layout.below is not None
    for document in documents:
        for line in document.members:
            header = [at(layout, document.values, path) for path in ("po-number", "supplier/number", "currency/code")]
            yield (*header, *(at(layout.below, line.values, path) for path in SHOWN))


@pytest.mark.parametrize(("mapping", "sample"), SAMPLES.items())
def test_every_layout_tells_the_same_orders(mapping: str, sample: str) -> None:
    file = opened(mapping, sample)
    checked = check(file)
    assert checked.errors == []
    lines = set(told(file.mapping.layout, clean_documents(file, checked)))
    assert {_exact(line) for line in lines} == {_exact(line) for line in ORDER_LINES}


def _exact(line: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """A line with its price as a number says it: a spreadsheet's number has no zeros at its end."""
    *before, price, date = line
    return (*before, (price or "").rstrip("0").rstrip("."), date)


def test_coupas_own_flat_file_is_read_with_lines_and_allocations() -> None:
    file = opened("coupa-external-orders", "coupa-external-orders.csv")
    checked = check(file)
    assert checked.errors == []
    assert (checked.rows, checked.skipped_rows, checked.documents, checked.lines) == (12, 1, 3, 4)
    first, second, third = clean_documents(file, checked)
    layout = file.mapping.layout
    assert layout.below is not None
    assert layout.below.below is not None
    assert [first.key, second.key, third.key] == ["0004801", "0004802", "0004803"]
    assert [at(layout.below, line.values, "type") for line in first.members] == ["OrderQuantityLine", "OrderAmountLine"]
    assert [at(layout.below, line.values, "currency/code") for line in first.members] == ["USD", "USD"]
    shares = [
        (at(layout.below.below, below.values, "pct"), at(layout.below.below, below.values, "account/code"))
        for below in first.members[1].members
    ]
    assert shares == [("60", "01-100-8000"), ("40", "02-300-7250")]
    assert first.members[0].members == ()
    assert at(layout.below, second.members[0].values, "account/segment-2") == "200"


def test_every_column_of_coupas_flat_file_has_a_place_in_its_mapping() -> None:
    mapping = opened("coupa-external-orders", "coupa-external-orders.csv").mapping
    named = {*mapping.columns, *mapping.ignored}
    counts = {part: sum(title.startswith(f"{part}/") for title in named) for part in mapping.record_types}
    assert counts == {"Header": 31, "Line": 48, "Account Allocation": 27}


COMMON = """\
constants:
  ship-to-user/login: migration
  order-lines/description: goods
  order-lines/currency/code: USD
"""
TWO_FILES = f"""\
bulkpo: import/1
name: two-files
document: {{key: po-number}}
tables:
  headers:
    columns: {{Order: po-number, Supplier: supplier/name, Need: {{ignore: not loaded}}}}
    skip_rows: {{Supplier: Closed}}
  lines:
    source: {{file: lines.csv}}
    columns: {{Order: po-number, Line: order-lines/line-num, Price: order-lines/price}}
{COMMON}"""
HEADERS = "Order,Supplier,Need\n1,Acme,x\n2,Bolt,x\n"


def test_header_without_lines_and_line_without_header_are_findings(tmp_path: Path) -> None:
    file, checked = checked_text(tmp_path, TWO_FILES, headers=HEADERS, lines="Order,Line,Price\n1,1,5\n3,1,7\n")
    assert said(file, checked.errors) == [
        "headers.csv, line 3: header-without-lines",
        "lines.csv, line 3: line-without-header",
    ]
    assert [finding.message for finding in checked.errors] == [
        "order 2 has no lines; add them, or leave the order out by skip_rows",
        "order 3 has lines but no row in headers; add it there, or remove the lines",
    ]
    assert (checked.documents, checked.ok, checked.rows, checked.clean_rows, checked.failed_rows) == (3, 1, 4, 2, 2)


def test_findings_of_the_second_file_name_it(tmp_path: Path) -> None:
    file, checked = checked_text(tmp_path, TWO_FILES, headers=HEADERS, lines="Order,Line,Price\n1,1,x\n2,1,7\n,2,7\n")
    assert said(file, checked.errors) == [
        "lines.csv, line 2, column 3: not-a-number",
        "lines.csv, line 4, column 1: empty-key",
    ]


def test_the_lines_of_an_order_left_out_are_left_out_with_it(tmp_path: Path) -> None:
    headers = HEADERS + "3,Closed,x\n"
    lines = "Order,Line,Price\n3,1,5\n1,1,5\n2,1,5\n3,2,9\n"
    _, checked = checked_text(tmp_path, TWO_FILES, headers=headers, lines=lines)
    assert checked.errors == []
    assert (checked.documents, checked.ok, checked.skipped_rows) == (2, 2, 3)
    assert list(checked.skipped) == ["headers/Supplier Closed", "headers/Supplier Closed, the order's other rows"]


def test_an_order_that_stands_twice_among_the_headers_must_say_the_same(tmp_path: Path) -> None:
    headers = HEADERS + "2,Other,x\n"
    file, checked = checked_text(tmp_path, TWO_FILES, headers=headers, lines="Order,Line,Price\n1,1,5\n2,1,7\n")
    assert said(file, checked.errors) == ["headers.csv, line 4, column 2: conflicting-values"]
    assert "'Acme'" not in checked.errors[0].message
    assert checked.errors[0].message == (
        "supplier/name of order 2 is 'Other' here but 'Bolt' in B3 of headers; an order has one, make them equal"
    )


def test_tables_that_have_no_order_in_common_are_told_once(tmp_path: Path) -> None:
    _, checked = checked_text(tmp_path, TWO_FILES, headers=HEADERS, lines="Order,Line,Price\n7,1,5\n8,1,7\n8,2,7\n")
    (finding,) = checked.errors
    assert (finding.row, finding.code) == (0, "line-without-header")
    assert finding.message == (
        "none of 2 line keys is among the headers (headers and lines): are these the right files? Give those that "
        "belong together, or correct the columns of the key in the mapping; lines that name their order by another "
        "number, such as an id, are joined by it: `joined_by`"
    )
    assert (checked.ok, checked.failed) == (0, 4)


def test_what_the_first_table_lacks_is_told_at_its_cell_and_not_at_that_column_of_the_lines(tmp_path: Path) -> None:
    mapping = TWO_FILES + "rules: {supplier/name: {required: true}}\n"
    headers = HEADERS.replace("Bolt", "")
    file, checked = checked_text(tmp_path, mapping, headers=headers, lines="Order,Line,Price\n1,1,5\n2,1,7\n2,1,7\n")
    assert said(file, checked.errors) == [
        "headers.csv, line 3, column 2: required",
        "lines.csv, line 4, column 2: duplicate-line",
    ]


def test_an_order_without_its_header_is_told_as_such_and_never_at_a_heading_of_the_other_table(tmp_path: Path) -> None:
    silenced = TWO_FILES.replace("constants:\n", "constants:\n  transmission-method-override: do_not_transmit\n")
    mapping = silenced + "silent: required\n"
    file, checked = checked_text(tmp_path, mapping, headers=HEADERS, lines="Order,Line,Price\n1,1,5\n3,1,7\n2,1,1\n")
    assert said(file, checked.errors) == ["lines.csv, line 3: line-without-header"]


def test_a_missing_second_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"lines\.csv"):
        checked_text(tmp_path, TWO_FILES, headers=HEADERS)


RECORDS = f"""\
bulkpo: import/1
name: records
document: {{key: po-number}}
record_types:
  H:
    columns: {{Order: po-number, Supplier: supplier/name}}
    skip_rows: {{Supplier: Closed}}
  L:
    columns: {{Line: order-lines/line-num, Price: order-lines/price}}
{COMMON}"""
HEADINGS = "H,Order,Supplier\nL,Line,Price\n"


def test_rows_belong_to_the_order_above_them(tmp_path: Path) -> None:
    text = HEADINGS + "H,1,Acme\nL,1,5\nL,2,6\nH,2,Bolt\nL,1,7\n"
    _, checked = checked_text(tmp_path, RECORDS, orders=text)
    assert checked.errors == []
    assert (checked.rows, checked.documents, checked.lines) == (5, 2, 3)


def test_headings_repeated_before_each_order_are_headings_again(tmp_path: Path) -> None:
    text = "H,Order,Supplier\nH,1,Acme\nL,Line,Price\nL,1,5\nH,Order,Supplier\nH,2,Bolt\nL,Line,Price\nL,1,7\n"
    _, checked = checked_text(tmp_path, RECORDS, orders=text)
    assert checked.errors == []
    assert (checked.rows, checked.documents, checked.lines) == (4, 2, 2)


def test_a_skipped_order_takes_its_lines_along_and_gives_them_to_no_other(tmp_path: Path) -> None:
    text = HEADINGS + "H,1,Acme\nL,1,5\nH,2,Closed\nL,1,6\nL,2,6\nH,3,Bolt\nL,1,7\n"
    _, checked = checked_text(tmp_path, RECORDS, orders=text)
    assert checked.errors == []
    assert (checked.documents, checked.lines, checked.skipped_rows) == (2, 2, 3)


def test_rows_above_the_first_order_or_under_one_without_a_key_belong_to_none(tmp_path: Path) -> None:
    text = HEADINGS + "L,1,5\nH,1,Acme\nL,1,5\nH,,Bolt\nL,1,6\n"
    file, checked = checked_text(tmp_path, RECORDS, orders=text)
    assert said(file, checked.errors) == [
        "orders.csv, line 3: line-without-header",
        "orders.csv, line 6, column 2: empty-key",
        "orders.csv, line 7: line-without-header",
    ]
    assert (checked.ok, checked.keyless, checked.rows) == (1, 3, 5)


def test_an_order_copied_with_its_lines_is_not_sent_with_them_doubled(tmp_path: Path) -> None:
    text = HEADINGS + "H,1,Acme\nL,1,5\nH,1,Acme\nL,2,5\n"
    file, checked = checked_text(tmp_path, RECORDS, orders=text)
    assert said(file, checked.errors) == ["orders.csv, line 5: header-twice"]
    assert checked.errors[0].message == "order 1 stands in row 3 too; remove one of the two"


def test_numbers_that_differ_in_zeros_in_front_alone_fail_both_orders(tmp_path: Path) -> None:
    file, checked = checked_text(tmp_path, PLAIN, orders="PO Number,Line,Price\n0047,1,5\n47,2,5\n48,1,5\n")
    assert said(file, checked.errors) == [
        "orders.csv, line 2, column 1: zeros-lost",
        "orders.csv, line 3, column 1: zeros-lost",
    ]
    assert (checked.ok, checked.failed) == (1, 2)
    assert sum(total.documents for total in checked.totals) == 1


def test_a_row_of_an_unknown_type_fails_the_order_it_stands_in(tmp_path: Path) -> None:
    text = HEADINGS + "H,1,Acme\nL,1,5\nX,2,9\nH,2,Bolt\nL,1,7\n"
    file, checked = checked_text(tmp_path, RECORDS, orders=text)
    assert said(file, checked.errors) == ["orders.csv, line 5, column 1: unknown-record-type"]
    assert (
        checked.errors[0].message == "the row starts with 'X', but its first cell must name its type: H, L; correct it"
    )
    assert (checked.ok, checked.failed) == (1, 1)


def test_two_lines_with_one_number_are_not_taken_for_one(tmp_path: Path) -> None:
    mapping = RECORDS.replace(
        "constants:",
        "  A:\n    columns: {Line: order-lines/line-num, Account: order-lines/account-allocations/account/code, "
        "Pct: order-lines/account-allocations/pct}\nconstants:",
    )
    text = HEADINGS + "A,Line,Account,Pct\nH,1,Acme\nL,1,5\nL,1,5\nA,1,01,100\n"
    file, checked = checked_text(tmp_path, mapping, orders=text)
    codes = ("duplicate-line", "account-missing")
    assert said(file, checked.errors) == [f"orders.csv, line 6, column 2: {code}" for code in codes]


def test_an_allocation_without_a_line_number_belongs_to_the_line_above(tmp_path: Path) -> None:
    mapping = RECORDS.replace(
        "constants:",
        "  A:\n    columns: {Account: order-lines/account-allocations/account/code, "
        "Pct: order-lines/account-allocations/pct}\nconstants:",
    )
    text = HEADINGS + "A,Account,Pct\nH,1,Acme\nL,1,5\nA,01,100\nL,2,6\nA,02,30\nA,03,70\n"
    file, checked = checked_text(tmp_path, mapping, orders=text)
    assert checked.errors == []
    (document,) = clean_documents(file, checked)
    assert [len(line.members) for line in document.members] == [1, 2]


def test_a_file_with_none_of_the_record_types_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"orders\.csv: no row starts with H or L; the first cell must name the type"):
        checked_text(tmp_path, RECORDS, orders="Order,Supplier\n1,Acme\n")


PLAIN = f"""\
bulkpo: import/1
name: plain
document: {{key: po-number}}
columns:
  PO Number: {{to: po-number, also: [PO No., Order Number]}}
  Line: order-lines/line-num
  Price: order-lines/price
  Account: {{to: order-lines/account/code, optional: true, default: A}}
  Notes: {{refuse: notes are not loaded}}
{COMMON}  supplier/number: V1
"""


@pytest.mark.parametrize("heading", ["PO Number", "PO No.", "Order Number"])
def test_a_column_is_found_by_any_of_its_names(tmp_path: Path, heading: str) -> None:
    _, checked = checked_text(tmp_path, PLAIN, orders=f"{heading},Line,Price\n1,1,5\n")
    assert (checked.errors, checked.ok) == ([], 1)


def test_two_names_of_one_column_in_one_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        MappingError, match=r"the file has both 'PO Number' and 'PO No\.'; map one and ignore the other"
    ):
        checked_text(tmp_path, PLAIN, orders="PO Number,PO No.,Line,Price\n1,2,1,5\n")


def test_a_column_that_is_refused_must_be_blank(tmp_path: Path) -> None:
    file, checked = checked_text(tmp_path, PLAIN, orders="PO Number,Line,Price,Notes\n1,1,5,\n2,1,5,call first\n")
    assert said(file, checked.errors) == ["orders.csv, line 3, column 4: not-blank"]
    assert checked.errors[0].message == "Notes: 'call first' cannot be loaded (notes are not loaded); clear the cell"
    assert (checked.ok, checked.failed) == (1, 1)


def test_a_column_that_is_called_part_is_a_column_like_any_other(tmp_path: Path) -> None:
    mapping = PLAIN.replace("  Notes: {refuse: notes are not loaded}", "  Part: order-lines/source-part-num")
    file, checked = checked_text(tmp_path, mapping, orders="PO Number,Line,Price,Part\n1,1,5,X\n,2,5,Y\n")
    assert said(file, checked.errors) == ["orders.csv, line 3, column 1: empty-key"]


def test_a_skipped_first_row_still_says_what_the_rows_below_belong_to(tmp_path: Path) -> None:
    mapping = PLAIN.replace("{key: po-number}", "{key: po-number, fill_down: [PO Number]}")
    mapping += "skip_rows: {Line: '0'}\n"
    file, checked = checked_text(tmp_path, mapping, orders="PO Number,Line,Price\n1,1,5\n2,0,5\n,1,7\n")
    assert checked.errors == []
    assert [(document.key, len(document.members)) for document in clean_documents(file, checked)] == [
        ("1", 1),
        ("2", 1),
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "columns:\n",
            "record_types: {}\ncolumns:\n",
            "m.yaml:4:15: this is empty; write at least one entry",
        ),
        (
            "columns:\n",
            "tables: {a: {columns: {x: po-number}}, b: {columns: {y: po-number}}}\ncolumns:\n",
            "m.yaml:4:1: give one of columns, tables and record_types, not columns and tables",
        ),
        (
            "Notes: {refuse: notes are not loaded}",
            "Notes: {refuse: 1}",
            "m.yaml:9:19: 1 is not what belongs here; expected why the column must be blank; a filled cell is an error",
        ),
    ],
)
def test_a_mapping_with_wrong_parts_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        checked_text(tmp_path, PLAIN.replace(old, new), orders="PO Number\n")
    assert problem in caught.value.problems
