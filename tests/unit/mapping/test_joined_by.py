"""Lines that name their orders by another column than the order's number find them, and nothing is sent in doubt."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulkpo.errors import MappingError
from bulkpo.model.document import Document
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, Pass, open_mapped
from bulkpo.runs.checking.rows_of_keys import RowsOfKeys
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: business-one
document: {key: po-number, number_lines: true}
duplicates: keep
tables:
  OPOR:
    source: {header_row: 1}
    columns:
      DocNum: po-number
      CardCode: supplier/number
      CANCELED: {ignore: read by skip_rows}
      DocEntry: {ignore: joins the lines}
    skip_rows: {CANCELED: Y}
  POR1:
    source: {file: por1.csv}
    joined_by: {DocEntry: DocEntry}
    columns:
      DocEntry: {ignore: names the order}
      Dscription: order-lines/description
      Price: order-lines/price
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  currency/code: USD
  order-lines/currency/code: USD
  order-lines/type: OrderAmountLine
  order-lines/account/code: 01-100-8000
"""
HEADERS = ("DocEntry,DocNum,CardCode,CANCELED", "11,1001,V100,N", "12,1002,V200,N", "13,1003,V100,Y")
LINES = ("DocEntry,Dscription,Price", "11,Pens,2", "12,Ink,4", "11,Paper,6", "13,Gone,1")


def opened(
    folder: Path, headers: Sequence[str] = HEADERS, lines: Sequence[str] = LINES, mapping: str = MAPPING
) -> MappedFile:
    for name, text in (("opor.csv", "\n".join(headers)), ("por1.csv", "\n".join(lines)), ("m.yaml", mapping)):
        (folder / name).write_text(text + "\n", encoding="utf-8")
    return open_mapped(folder / "m.yaml", folder / "opor.csv", TABLES)


def told(checked: Checked) -> list[tuple[str, int, int]]:
    """What is wrong: the code, the table's number, and the row in it."""
    return [(each.code, each.row >> 32, each.row % (1 << 32)) for each in checked.errors]


def documents(file: MappedFile) -> list[Document]:
    counts = check(file).counts
    assert isinstance(counts, RowsOfKeys)
    one = Pass(file, counts)
    return [one.assembler.assemble(each)[0] for each in one.gathered()]


def test_lines_find_their_orders_by_another_column(tmp_path: Path) -> None:
    file = opened(tmp_path)
    found = check(file)
    assert (found.documents, found.ok, told(found)) == (2, 2, [])
    assert found.skipped == {
        "OPOR/CANCELED Y": [4],
        "OPOR/CANCELED Y, the order's other rows": [(1 << 32) + 5],
    }
    texts = {each.key: [line.values for line in each.members] for each in documents(file)}
    assert {key: len(lines) for key, lines in texts.items()} == {"1001": 2, "1002": 1}
    assert "Pens" in str(texts["1001"])
    assert "Paper" in str(texts["1001"])
    assert "Ink" in str(texts["1002"])


def test_numbers_of_one_file_and_texts_of_another_are_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["DocEntry", "DocNum", "CardCode", "CANCELED"])
    sheet.append([11, 1001, "V100", "N"])
    sheet.append([12, 1002, "V100", "N"])
    book.save(tmp_path / "opor.xlsx")
    opened(tmp_path, lines=LINES[:4])
    found = check(open_mapped(tmp_path / "m.yaml", tmp_path / "opor.xlsx", TABLES))
    assert (found.documents, found.ok) == (2, 2)


def test_zeros_in_front_that_one_side_has_lost_are_put_back_on_both(tmp_path: Path) -> None:
    lines = (LINES[0], *(line.zfill(len(line) + 4) for line in LINES[1:4]))
    assert check(opened(tmp_path, lines=lines)).ok == 0
    mapping = MAPPING.replace("{DocEntry: DocEntry}", "{DocEntry: {column: DocEntry, pad: 6}}")
    found = check(opened(tmp_path, lines=lines, mapping=mapping))
    assert (found.documents, found.ok) == (2, 2)


def test_a_line_that_no_order_answers_to_is_an_error_of_its_own_and_holds_no_other(tmp_path: Path) -> None:
    found = check(opened(tmp_path, lines=(*LINES, "77,Orphan,1", "77,Orphan too,1")))
    assert (found.documents, found.ok, found.failed) == (3, 2, 1)
    (finding,) = found.errors
    assert finding.message == (
        "order DocEntry 77 has lines but no row in OPOR; add it there, or remove the lines, or say unmatched: skip in "
        "POR1"
    )


def test_such_lines_are_left_out_and_counted_where_the_mapping_says_so(tmp_path: Path) -> None:
    mapping = MAPPING.replace("    joined_by:", "    unmatched: skip\n    joined_by:")
    found = check(opened(tmp_path, lines=(*LINES, "77,Orphan,1"), mapping=mapping))
    assert (found.documents, found.ok, found.failed) == (2, 2, 0)
    assert found.skipped["unmatched: no row of OPOR has them"] == [(1 << 32) + 6]
    assert found.skipped["OPOR/CANCELED Y, the order's other rows"] == [(1 << 32) + 5]


@pytest.mark.parametrize("unmatched", ["", "    unmatched: skip\n"])
@pytest.mark.parametrize("text", ["011", "0011", "11\u200b"])
def test_a_line_that_names_what_looks_like_an_orders_value_holds_that_order(
    tmp_path: Path, text: str, unmatched: str
) -> None:
    mapping = MAPPING.replace("    joined_by:", f"{unmatched}    joined_by:")
    lines = [*LINES, f"{text},Lost,1"]
    found = check(opened(tmp_path, lines=lines, mapping=mapping))
    assert (told(found), found.failed_keys, found.ok) == ([("join-alike", 1, 6)], {"1001"}, 1)
    assert found.errors[0].message.endswith(
        " looks like 11 of 1001 (row 2 of OPOR), and no order has it; make them equal, say pad where zeros in front "
        "were lost, or keys: exact if they differ"
    )
    (tmp_path / "exact").mkdir()
    exact = check(
        opened(tmp_path / "exact", lines=lines, mapping=mapping.replace("duplicates:", "keys: exact\nduplicates:"))
    )
    assert (len(exact.errors), exact.ok) == (0 if unmatched else 1, 2)


def test_an_order_without_lines_is_held(tmp_path: Path) -> None:
    found = check(opened(tmp_path, headers=(*HEADERS, "14,1004,V100,N")))
    assert told(found) == [("header-without-lines", 0, 5)]


def test_an_empty_cell_names_no_order(tmp_path: Path) -> None:
    found = check(opened(tmp_path, lines=(*LINES, ",Lost,1")))
    assert told(found)[0] == ("empty-key", 1, 6)
    assert found.errors[0].message.startswith("POR1/DocEntry is empty, so the row belongs to no order; fill it in")


def test_two_orders_of_one_value_are_both_held_and_a_skipped_one_is_the_way_out(tmp_path: Path) -> None:
    found = check(opened(tmp_path, headers=(*HEADERS[:3], "11,1004,V100,N")))
    assert found.failed_keys == {"1001", "1004"} | {"DocEntry 13"}
    assert [code for code, _, _ in told(found)].count("join-shared") == 3
    assert found.errors[0].message == (
        "OPOR/DocEntry: 11 is that of 1001 too (row 2 of OPOR), and lines name it; correct one of them, or skip it by "
        "skip_rows"
    )
    found = check(opened(tmp_path, headers=(*HEADERS, "11,1004,V100,Y")))
    assert (found.ok, found.failed) == (2, 0)


def test_two_orders_of_one_number_never_become_one(tmp_path: Path) -> None:
    headers = (*HEADERS, "14,1001,V100,N")
    found = check(opened(tmp_path, headers=headers, lines=(*LINES, "14,More pens,1")))
    assert found.failed_keys == {"1001"}
    assert ("join-shared", 0, 5) in told(found)
    found = check(opened(tmp_path, headers=(*HEADERS, "14,1001,V100,Y"), lines=(*LINES, "14,More pens,1")))
    assert (found.ok, found.failed, len(found.skipped["OPOR/CANCELED Y, the order's other rows"])) == (2, 0, 2)


def test_rows_that_repeat_an_order_in_the_first_table_are_one(tmp_path: Path) -> None:
    found = check(opened(tmp_path, headers=(*HEADERS, HEADERS[1])))
    assert (found.ok, found.failed) == (2, 0)


def test_files_that_have_nothing_in_common_are_told_once(tmp_path: Path) -> None:
    found = check(opened(tmp_path, lines=("DocEntry,Dscription,Price", "91,Pens,2", "92,Ink,4", "93,Paper,6")))
    assert [code for code, _, _ in told(found)] == ["line-without-header"]
    assert found.errors[0].message.startswith("none of 3 line keys is among the headers (OPOR and POR1)")


def test_several_columns_join_together(tmp_path: Path) -> None:
    mapping = MAPPING.replace("joined_by: {DocEntry: DocEntry}", "joined_by: {DocEntry: DocEntry, Co: Company}")
    mapping = mapping.replace("      DocNum:", "      Company: {ignore: joins}\n      DocNum:")
    mapping = mapping.replace("      Dscription:", "      Co: {ignore: joins}\n      Dscription:")
    headers = ("Company,DocEntry,DocNum,CardCode,CANCELED", "A,1,1001,V100,N", "B,1,1002,V100,N")
    lines = ("Co,DocEntry,Dscription,Price", "B,1,Ink,3", "A,1,Pens,2")
    assert {each.key: str(each.members) for each in documents(opened(tmp_path, headers, lines, mapping))}.keys() == {
        "1001",
        "1002",
    }
    found = check(opened(tmp_path, headers, (*lines, "C,1,Odd,1"), mapping))
    assert "order DocEntry / Company 1 / C has lines but no row in OPOR" in found.errors[0].message


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("      Dscription:", "      No: po-number\n      Dscription:",
         "POR1 is joined by a column of its own, so none of it fills po-number; ignore that column"),
        ("    joined_by: {DocEntry: DocEntry}", "    unmatched: skip", "unmatched is for a table that says joined_by"),
        ("    source: {header_row: 1}", "    joined_by: {DocEntry: DocEntry}",
         "OPOR is the first table, which the others are joined to; say it in the block of the lines"),
    ],
)  # fmt: skip
def test_a_join_that_cannot_be_is_a_problem_of_the_mapping(old: str, new: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError) as refused:
        opened(tmp_path, mapping=MAPPING.replace(old, new))
    assert problem in "\n".join(refused.value.problems)


def test_a_column_that_joins_and_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="the file has no column 'OPOR/DocEntry'"):
        check(opened(tmp_path, headers=("DocNum,CardCode,CANCELED", "1001,V100,N")))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=12), st.lists(st.integers(0, 5), max_size=8, unique=True))
def test_each_line_is_in_the_order_it_names_or_told_of(
    tmp_path_factory: pytest.TempPathFactory, lines: list[int], headers: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("law")
    file = opened(
        folder,
        (HEADERS[0], *(f"{each},{1000 + each},V100,N" for each in headers)),
        (LINES[0], *(f"{each},line {place},1" for place, each in enumerate(lines))),
    )
    found = check(file)
    with_both = {str(1000 + each) for each in headers if each in lines}
    strange = {f"DocEntry {each}" for each in lines if each not in headers}
    assert found.failed_keys == strange | {str(1000 + each) for each in headers if each not in lines}
    assert found.ok == len(with_both)
    assert found.lines == len(lines)
