"""Texts made of several columns: templates, prefixes, keys of several columns; and rows that are alike."""

from pathlib import Path

import pytest
from cleaned import clean_documents

from bulkpo.errors import MappingError
from bulkpo.model.document import Document
from bulkpo.model.table import TABLE_STRIDE
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
TAIL = """\
constants: {ship-to-user/login: m, currency/code: EUR, order-lines/currency/code: EUR}
"""
FLAT = """\
bulkpo: import/1
name: made
document: {document}
{more}
columns:
  Company: {company}
  PO: {po}
  Line: order-lines/line-num
  Text: order-lines/description
  Price: order-lines/price
"""


def flat(
    document: str = "{key: po-number}", company: str = "{ignore: x}", po: str = "po-number", more: str = ""
) -> str:
    names = {"{document}": document, "{company}": company, "{po}": po, "{more}": more}
    text = FLAT
    for name, entry in names.items():
        text = text.replace(name, entry)
    return text + TAIL


def checked(folder: Path, mapping: str, *rows: str, **tables: str) -> tuple[MappedFile, Checked]:
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    (folder / "o.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    file = open_mapped(folder / "m.yaml", folder / "o.csv", TABLES)
    return file, check(file)


def keys(file: MappedFile, found: Checked) -> list[str]:
    return [document.key for document in clean_documents(file, found)]


HEAD = "Company,PO,Line,Text,Price"


def value(folder: Path, po: str, cell: str, company: str = "10") -> str:
    """What the PO column is sent as, or what is said of it."""
    file, found = checked(folder, flat(po=po), HEAD, f"{company},{cell},1,Bolt,2.5")
    sent = keys(file, found)
    return sent[0] if sent else found.errors[0].message


@pytest.mark.parametrize(
    ("po", "cell", "sent"),
    [
        ("{to: po-number, prefix: L-}", "007", "L-007"),
        ("{to: po-number, suffix: /A, pad: 5}", "7", "00007/A"),
        ("{to: po-number, prefix: 4500}", "007", "4500007"),
        ('{to: po-number, template: "{Company}-{PO}"}', "007", "10-007"),
        ('{to: po-number, template: "{Company}-{PO}", parts: {PO: {pad: 5}, Company: {pad: 4}}}', "007", "0010-00007"),
        ('{to: po-number, template: "{{{PO}}}"}', "007", "{007}"),
        ('{to: po-number, template: "{PO}", case: upper, prefix: X}', "a7", "XA7"),
        ('{to: po-number, template: "{Company}{PO}", parts: {PO: {split: {by: "/", part: 2}}}}', "a/7", "107"),
        ('{to: po-number, template: "{Company}-{PO}", parts: {PO: {extract: "[0-9]+"}}}', "PO 77 x", "10-77"),
    ],
)
def test_a_text_is_made_as_the_mapping_says(tmp_path: Path, po: str, cell: str, sent: str) -> None:
    assert value(tmp_path, po, cell) == sent


EMPTY_PART = (
    "PO: Company is empty, and this is made of Company and PO; fill it in, or say what an empty cell stands for: "
    "{empty: …}"
)
EMPTY_KEY = (
    "PO is empty, so the row belongs to no order; fill it in, skip the row by skip_rows, or carry it down by "
    "document.fill_down"
)


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ("", EMPTY_PART),
        (", where_empty: leave_out", "7"),
        (", parts: {Company: {empty: 99}}", "99-7"),
        (", where_empty: nothing", EMPTY_KEY),
    ],
)
def test_an_empty_part_is_what_the_mapping_says(tmp_path: Path, options: str, sent: str) -> None:
    assert value(tmp_path, f'{{to: po-number, template: "{{Company}}-{{PO}}"{options}}}', "7", company="") == sent


def test_a_prefix_that_the_cell_has_already_is_told(tmp_path: Path) -> None:
    _, found = checked(tmp_path, flat(po="{to: po-number, prefix: L-}"), HEAD, "1,L-7,1,Bolt,2")
    (told,) = [each for each in found.findings if each.code == "prefix-twice"]
    assert told.message == "PO: 'L-L-7' has 'L-' in front twice: the cell has it already"


@pytest.mark.parametrize(
    ("po", "problem"),
    [
        ('template: "{PO"', "33: '{' in '{PO' holds no heading; a brace of its own is written twice"),
        ('template: "{Company}"', "33: the template does not name its own column; write {PO} in it"),
        ('template: "{PO}", parts: {Plant: {pad: 2}}', "49: 'Plant' is no heading of the template"),
        ("where_empty: nothing", "23: where_empty is for the headings of a template; add one"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_where_it_stands(tmp_path: Path, po: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        checked(tmp_path, flat(po=f"{{to: po-number, {po}}}"), HEAD)
    assert f"m.yaml:7:{problem}" in caught.value.problems


KEY = '{key: po-number, from: [Company, PO], separator: "-"}'


def made_key(**more: str) -> str:
    return flat(document=KEY, po="{ignore: in the key}", **more)


def test_a_key_of_several_columns_is_their_texts_joined(tmp_path: Path) -> None:
    rows = ("1000,007,1,Bolt,2", "1000,007,2,Nut,1", "2000,007,1,Bolt,2")
    file, found = checked(tmp_path, made_key(), HEAD, *rows)
    assert (keys(file, found), found.has_errors) == (["1000-007", "2000-007"], False)


COLLISION = (
    "Company: 1-23-4 is made of '1' and '23-4' here, and of '1-23' and '4' in row 2: two orders would become one; "
    "choose another separator"
)


def test_keys_of_different_columns_that_read_alike_are_both_held_also_far_apart(tmp_path: Path) -> None:
    rows = ["1-23,4,1,Bolt,2", *(f"9,{number},1,Bolt,2" for number in range(1500)), "1,23-4,1,Bolt,2"]
    file, found = checked(tmp_path, made_key(), HEAD, *rows)
    told = next(each for each in found.errors if each.code == "key-collision")
    assert (told.row, told.message) == (1503, COLLISION)
    assert "1-23-4" not in keys(file, found)
    assert found.ok == 1500


def test_a_key_that_lacks_a_part_is_an_error_of_its_row(tmp_path: Path) -> None:
    _, found = checked(tmp_path, made_key(), HEAD, ",7,1,Bolt,2")
    assert [each.code for each in found.errors] == ["empty-part"]


def test_the_key_of_joined_tables_is_made_in_each(tmp_path: Path) -> None:
    mapping = (
        """\
bulkpo: import/1
name: joined
document: {key: po-number, from: {orders: [Company, PO], lines: [Bukrs, {column: Ebeln, pad: 3}]}, separator: "-"}
tables:
  orders:
    columns: {Note: order-lines/supp-aux-part-num}
  lines:
    source: {file: lines.csv}
    skip_rows: {Deleted: X}
    columns: {Line: order-lines/line-num, Text: order-lines/description, Price: order-lines/price}
"""
        + TAIL
    )
    lines = "Bukrs,Ebeln,Line,Text,Price,Deleted\n10,7,1,Bolt,2,\n20,7,1,Nut,1,X\n"
    file, found = checked(tmp_path, mapping, "Company,PO,Note", "10,007,a", "20,007,b", lines=lines)
    assert (keys(file, found), found.has_errors) == (["10-007"], False)
    assert found.skipped == {"lines/Deleted X": [TABLE_STRIDE + 3], "all lines of the order are left out": [3]}
    assert found.rows == found.clean_rows + found.failed_rows + found.skipped_rows + found.keyless


def test_an_order_whose_lines_are_all_left_out_is_left_out_and_listed(tmp_path: Path) -> None:
    mapping = flat(more="skip_rows: {Text: gone}")
    rows = ("1,P1,,,", "1,P1,1,gone,2", "1,P2,1,Bolt,2", "1,P3,,,")
    file, found = checked(tmp_path, mapping, HEAD, *rows)
    assert keys(file, found) == ["P2"]
    assert found.skipped == {"Text gone": [3], "all lines of the order are left out": [2]}
    assert [each.key for each in found.errors] == ["P3"]
    assert sum(total.documents for total in (*found.totals, *found.failed_totals)) == 2


LINELESS = flat().replace("  Line: order-lines/line-num\n", "  Line: {ignore: x}\n")


def documents(file: MappedFile, found: Checked) -> list[Document]:
    return list(clean_documents(file, found))


ALIKE = (
    "this row says the same as row 9 in every mapped column, and both are sent; say duplicates: skip if one is too many"
)


def test_rows_that_are_alike_are_told_and_sent_unless_the_mapping_says_otherwise(tmp_path: Path) -> None:
    rows = (HEAD, *(f"1,P{number},1,Bolt,2" for number in range(40)), "1,P7,9,Bolt,2", "1,P8,9,Nut,2")
    file, found = checked(tmp_path, LINELESS, *rows)
    (told,) = [each for each in found.findings if each.code == "alike-rows"]
    assert (told.row, told.message) == (42, ALIKE)
    assert (found.has_errors, sum(len(each.members) for each in documents(file, found))) == (False, 42)
    file, found = checked(tmp_path, LINELESS + "duplicates: error\n", *rows)
    assert found.failed_keys == {"P7"}
    file, found = checked(tmp_path, LINELESS + "duplicates: keep\n", *rows)
    assert (found.ok, [each.code for each in found.findings if each.code == "alike-rows"]) == (40, [])
    file, found = checked(tmp_path, LINELESS + "duplicates: skip\n", *rows)
    assert (found.skipped, found.has_errors) == ({"alike a row above, duplicates: skip": [42]}, False)
    assert sum(len(each.members) for each in documents(file, found)) == 41


def test_alike_rows_that_stand_together_are_told_too(tmp_path: Path) -> None:
    rows = (HEAD, "1,P0,1,Bolt,2", "1,P1,1,Bolt,2", "1,P1,2,Bolt,2.0", "1,P1,3,Bolt,2", "1,P2,1,Bolt,2")
    _, found = checked(tmp_path, LINELESS, *rows)
    assert [each.row for each in found.findings if each.code == "alike-rows"] == [5]


def test_all_the_other_columns_may_be_ignored_for_one_reason(tmp_path: Path) -> None:
    head = HEAD + "".join(f",C{number}" for number in range(425))
    row = "1,P1,1,Bolt,2" + ",x" * 425
    _, found = checked(tmp_path, flat(), head, row)
    (told,) = [each for each in found.findings if each.code == "unmapped-column"]
    assert told.message.startswith("425 columns are neither mapped nor ignored: 'C0', 'C1', ")
    assert told.message.endswith("'C19' and 405 more; add them to columns, or say ignore_rest: reason")
    assert told.value.endswith("C424")
    _, found = checked(tmp_path, flat(more="ignore_rest: not needed in Coupa"), head, row)
    assert not [each for each in found.findings if each.code == "unmapped-column"]
