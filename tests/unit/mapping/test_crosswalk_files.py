"""Crosswalks of named columns: several keys, several results, empty ones, and what is wrong with them."""

from pathlib import Path

import openpyxl
import pytest
from cleaned import clean_documents
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.errors import InputError, MappingError
from bulkpo.mapping.language.crosswalks import CrosswalkFile
from bulkpo.mapping.language.spec import SourceSpec
from bulkpo.model.document import Value
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.crosswalk_files import read_columns
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: crossed
document: {{key: po-number}}
columns:
  PO: po-number
  Vendor: {vendor}
  Plant: {{ignore: a key}}
  Price: order-lines/price
constants: {{ship-to-user/login: m, order-lines/description: d, order-lines/currency/code: USD}}
crosswalks:
  v: {crosswalk}
"""
BOTH = (
    "[{to: supplier/number, crosswalk: v, by: [Vendor, Plant]}, "
    "{to: payment-term/code, crosswalk: v, by: [Vendor, Plant]}]"
)
VENDORS = "Old No,Plant,Name,New No,Terms\n007,P1,Acme,S-1,N30\n007,P2,Acme 2,S-2,\nab,P1,Beta,S-3,N60\n"
RESULTS = "{supplier/number: New No, payment-term/code: Terms}"


def read(
    folder: Path, crosswalk: str, vendor: str = "{to: supplier/number, crosswalk: v}", *, row: str = "007,P1"
) -> list[dict[str, Value]] | list[str]:
    """The header values of the orders that rows give, or what is wrong."""
    (folder / "m.yaml").write_text(MAPPING.format(crosswalk=crosswalk, vendor=vendor), encoding="utf-8")
    (folder / "o.csv").write_text(f"PO,Vendor,Plant,Price\nA,{row},2\n", encoding="utf-8")
    file = open_mapped(folder / "m.yaml", folder / "o.csv", TABLES)
    found = check(file)
    if found.has_errors:
        return [each.message for each in found.errors]
    names = [field.full_path for field in file.mapping.layout.fields]
    return [dict(zip(names, document.values, strict=True)) for document in clean_documents(file, found)]


def sent(folder: Path, crosswalk: str, vendor: str = "{to: supplier/number, crosswalk: v}", *, row: str) -> Value:
    (order,) = read(folder, crosswalk, vendor, row=row)
    assert isinstance(order, dict), order
    return order["supplier/number"]


def problem(folder: Path, crosswalk: str, vendor: str = "{to: supplier/number, crosswalk: v}") -> str:
    with pytest.raises(MappingError) as caught:
        read(folder, crosswalk, vendor)
    return "\n".join(caught.value.problems)


@pytest.fixture
def vendors(tmp_path: Path) -> Path:
    (tmp_path / "vendors.csv").write_text(VENDORS, encoding="utf-8")
    return tmp_path


def test_named_columns_of_a_wider_file_are_a_crosswalk(vendors: Path) -> None:
    assert sent(vendors, "{file: vendors.csv, from: Name, to: Plant}", row="Beta,x") == "P1"


def test_a_key_of_several_columns_has_several_results(vendors: Path) -> None:
    crosswalk = f"{{file: vendors.csv, from: [Old No, Plant], to: {RESULTS}}}"
    (order,) = read(vendors, crosswalk, BOTH)
    assert isinstance(order, dict)
    assert (order["supplier/number"], order["payment-term/code"]) == ("S-1", "N30")


def test_a_key_that_is_not_there_is_told_with_all_its_columns(vendors: Path) -> None:
    crosswalk = "{file: vendors.csv, from: [Old No, Plant], to: New No}"
    by = "{to: supplier/number, crosswalk: v, by: [Vendor, Plant]}"
    assert read(vendors, crosswalk, by, row="8,P9") == ["Vendor: '8 + P9' is not in the crosswalk v; add it there"]
    assert read(vendors, crosswalk, by, row="7,P1")[0] != {"supplier/number": "S-1"}


def test_nothing_is_looked_up_where_the_columns_own_cell_is_empty(vendors: Path) -> None:
    crosswalk = "{file: vendors.csv, from: [Old No, Plant], to: New No}"
    by = "{to: supplier/number, crosswalk: v, by: [Vendor, Plant]}"
    assert sent(vendors, crosswalk, by, row=",P1") is None


def test_a_text_stands_for_a_column_of_the_key_that_the_file_lacks(vendors: Path) -> None:
    crosswalk = "{file: vendors.csv, from: [Old No, Plant], to: New No}"
    target = "{{to: supplier/number, crosswalk: v, by: {by}}}"
    assert sent(vendors, crosswalk, target.format(by="[Vendor, {value: P2}]"), row="007,P1") == "S-2"
    assert sent(vendors, crosswalk, target.format(by="[Vendor, {value: P1}]"), row="ab,") == "S-3"
    turned = "{file: vendors.csv, from: [Plant, Old No], to: New No}"
    assert sent(vendors, turned, target.format(by="[{value: P2}, Vendor]"), row="007,P1") == "S-2"
    assert sent(vendors, turned, target.format(by="[{value: P2}, Vendor]"), row=",P1") is None
    (message,) = read(vendors, crosswalk, target.format(by="[Vendor, {value: P9}]"))
    assert str(message).startswith("Vendor: '007 + P9' is not in the crosswalk v")


def test_an_empty_result_is_an_error_only_where_a_cell_needs_it(vendors: Path) -> None:
    crosswalk = f"{{file: vendors.csv, from: [Old No, Plant], to: {RESULTS}}}"
    (message,) = read(vendors, crosswalk, BOTH, row="007,P2")
    assert message == (
        "Vendor: '007 + P2' has no result in the crosswalk v (Terms); fill it in there, or say empty: send_nothing if "
        "nothing is to be sent"
    )
    (order,) = read(vendors, crosswalk.replace("}}", "}, empty: send_nothing}"), BOTH, row="007,P2")
    assert isinstance(order, dict)
    assert (order["supplier/number"], order["payment-term/code"]) == ("S-2", None)


def test_an_entry_for_the_empty_cell(vendors: Path) -> None:
    assert sent(vendors, '{"": S-0, x: S-1}', row=",") == "S-0"
    assert sent(vendors, '{entries: {"": S-0, x: S-1}, unknown: S-9}', row="y,") == "S-9"
    (vendors / "vendors.csv").write_text("Old,New,More\n,S-0,\nx,S-1,\n")
    crosswalk = "{file: vendors.csv, from: Old, to: New, blank: entry}"
    assert sent(vendors, crosswalk, row=",") == "S-0"
    assert "row 2: Old is empty; fill it in, or say blank: entry" in problem(
        vendors, crosswalk.replace(", blank: entry", "")
    )


def test_case_is_ignored_only_where_that_is_said(vendors: Path) -> None:
    crosswalk = "{file: vendors.csv, from: Name, to: Plant, ignore_case: true}"
    assert sent(vendors, crosswalk, row="BETA,x") == "P1"
    assert isinstance(read(vendors, crosswalk.replace(", ignore_case: true", ""), row="BETA,x")[0], str)
    assert sent(vendors, "{entries: {Straße: S-1}, ignore_case: true}", row="STRASSE,x") == "S-1"
    said = problem(vendors, "{entries: {a: S-1, A: S-2}, ignore_case: true}")
    assert said == "m.yaml:11:25: 'A' is 'S-1' above and 'S-2' here, and case is ignored; remove one"


MANY = "a file of 5 columns does not say which are meant; name them: {file: vendors.csv, from: …, to: …}"


@pytest.mark.parametrize(
    ("crosswalk", "said"),
    [
        ("vendors.csv", f"vendors.csv: {MANY}; it has: Old No, Plant, Name, New No, Terms"),
        ("{file: vendors.csv, from: Old Nr, to: New No}", "no column 'Old Nr'; did you mean Old No?"),
        (
            "{file: vendors.csv, from: Old No, to: New No}",
            "vendors.csv, row 3: its legacy value stands in row 2 with another Coupa value; remove one of the two",
        ),
        ("{file: gone.csv, from: Old No, to: New No}", "gone.csv: there is no such file"),
        ("{file: vendors.csv, ignore_case: true}", f"vendors.csv: {MANY}; it has: Old No, Plant, Name, New No, Terms"),
        ("{file: vendors.csv, from: Old No}", "name the columns of both, its key and its result: from: …, to: …"),
    ],
)
def test_what_is_wrong_with_a_crosswalk_file_is_told(vendors: Path, crosswalk: str, said: str) -> None:
    assert said in problem(vendors, crosswalk)


@pytest.mark.parametrize(
    "crosswalk", ["secret.txt", "{file: secret.txt, from: a, to: b}", "{file: s.csv, header_row: 2, from: a, to: b}"]
)
def test_nothing_of_a_file_that_is_no_table_of_headings_is_told(tmp_path: Path, crosswalk: str) -> None:
    (tmp_path / "secret.txt").write_text("hush,hidden,sly\n1,2,3\n")
    (tmp_path / "s.csv").write_text("x,y,z\nhush,hidden,sly\n1,2,3\n")
    assert not [word for word in ("hush", "hidden", "sly") if word in problem(tmp_path, crosswalk)]


def test_a_file_of_two_columns_needs_no_names_where_something_else_is_said_of_it(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_bytes("Alt;Neu\nMüller;S-1\n007;\n".encode("cp1252"))
    crosswalk = "{file: v.csv, encoding: cp1252, ignore_case: true, empty: send_nothing, unknown: S-0}"
    found = [sent(tmp_path, crosswalk, row=f"{each},x") for each in ("MÜLLER", "007", "7")]
    assert found == ["S-1", None, "S-0"]


def test_a_crosswalk_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("Old No,Plant,New No\n007,,S-1\n")
    said = problem(tmp_path, "{file: v.csv, from: [Old No, Plant], to: New No}", BOTH)
    assert said == (
        "m.yaml:11:6: the crosswalk v cannot be read: v.csv, row 2: Plant is empty; fill it in, or say blank: entry if "
        "this is the entry for empty cells"
    )


def test_what_does_not_fit_the_crosswalk_is_told_where_it_is_used(vendors: Path) -> None:
    crosswalk = "{file: vendors.csv, from: [Old No, Plant], to: {payment-term/code: Terms}}"
    said = problem(vendors, crosswalk)
    assert "the crosswalk v has a key of 2 columns; name as many here: by: [Vendor, Plant]" in said
    assert "the crosswalk v has no result for supplier/number; it has: payment-term/code" in said


def test_a_workbook_keeps_the_zeros_of_text_and_of_number_formats(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("V")
    sheet.append(["made for the migration"])
    sheet.append(["Old", "x", "New"])
    sheet.append(["007", None, "S-1"])
    sheet.append([8, None, "0042"])
    sheet["A4"].number_format = "000"
    book.save(tmp_path / "vendors.xlsx")
    crosswalk = "{file: vendors.xlsx, sheet: V, header_row: 2, from: Old, to: New}"
    assert [sent(tmp_path, crosswalk, row=row) for row in ("007,", "008,")] == ["S-1", "0042"]
    assert isinstance(read(tmp_path, crosswalk, row="7,")[0], str)
    assert sent(tmp_path, "{file: vendors.xlsx, sheet: V, header_row: none, from: A, to: C}", row="007,") == "S-1"


def test_a_run_knows_when_its_crosswalk_has_changed(vendors: Path) -> None:
    def digest() -> str:
        read(vendors, "{file: vendors.csv, from: Name, to: Plant}", row="Beta,x")
        file = open_mapped(vendors / "m.yaml", vendors / "o.csv", TABLES)
        return FilePlan(file, check(file)).mapping_digest

    before = digest()
    assert digest() == before
    (vendors / "vendors.csv").write_text(VENDORS.replace("ab,P1", "ab,P7"))
    assert digest() != before


TEXTS = st.text(alphabet="abAB01 ", min_size=1, max_size=3).map(str.strip)


@given(st.dictionaries(st.tuples(TEXTS, TEXTS), TEXTS, min_size=1, max_size=8))
def test_every_entry_of_a_file_is_found_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[tuple[str, str], str]
) -> None:
    whole = {keys: value for keys, value in entries.items() if all(keys) and value}
    path = tmp_path_factory.mktemp("law") / "x.csv"
    path.write_text("".join(f"{a},{b},-,{c}\n" for (a, b), c in [(("K1", "K2"), "R"), *whole.items()]))
    file = CrosswalkFile(SourceSpec(str(path)), ("K1", "K2"), ("R",))
    (table,) = read_columns(path, file)
    assert table == {"␟".join(keys): value for keys, value in whole.items()}


def test_entries_of_one_key_with_two_results_never_pass(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("K,R,N\na,1,\nb,2,\na,1,\nA,1,\na,3,\n")
    with pytest.raises(InputError, match=r"x.csv, row 6: its legacy value stands in row 2 with another Coupa"):
        read_columns(path, CrosswalkFile(SourceSpec(), ("K",), ("R",)))
