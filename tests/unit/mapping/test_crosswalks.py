"""Crosswalks: legacy values become Coupa's, and what a file shows about them is told."""

from pathlib import Path

import pytest
from cleaned import clean_documents

from bulkpo.errors import MappingError
from bulkpo.model.finding import Finding, Severity
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: crosswalks
document: {key: po-number}
columns:
  PO: po-number
  UOM: {to: order-lines/uom/code, crosswalk: uom}
  Price: order-lines/price
constants:
  ship-to-user/login: migration
  order-lines/description: goods
  order-lines/currency/code: USD
  order-lines/type: OrderQuantityLine
rules: {supplier: {required: false}, order-lines/account: {required: false}, order-lines/quantity: {required: false}}
crosswalks: {uom: {Each: EA, Piece: EA, Case: CS}}
"""


def checked(folder: Path, *uoms: str, mapping: str = MAPPING) -> Checked:
    (folder / "m.yaml").write_text(mapping)
    rows = [f"{number},{uom},5\n" for number, uom in enumerate(uoms, 1)]
    (folder / "orders.csv").write_text("PO,UOM,Price\n" + "".join(rows))
    return check(open_mapped(folder / "m.yaml", folder / "orders.csv", TABLES))


BARREL = "UOM: 'Barrel' is not in the crosswalk uom"


def notices(found: Checked) -> list[tuple[str, str]]:
    return [(each.code, each.message) for each in found.notices]


def test_every_row_of_a_missing_value_says_the_same_so_that_they_group(tmp_path: Path) -> None:
    found = checked(tmp_path, "Eahc", "Case", "Eahc", "Barrel")
    assert [(each.row, each.message) for each in found.errors] == [
        (2, "UOM: 'Eahc' is not in the crosswalk uom; did you mean Each?"),
        (4, "UOM: 'Eahc' is not in the crosswalk uom; did you mean Each?"),
        (5, "UOM: 'Barrel' is not in the crosswalk uom; add it there"),
    ]


def test_entries_never_used_and_values_that_become_one_are_notices(tmp_path: Path) -> None:
    found = checked(tmp_path, "Each", "Piece", "Each")
    assert found.errors == []
    assert notices(found) == [
        ("crosswalk-unused", "crosswalk uom: 1 entry of it is never used by this file: Case"),
        (
            "crosswalk-merges",
            "crosswalk uom: several legacy values become one: Each and Piece → EA; see that it is meant so",
        ),
    ]


def test_all_values_that_become_one_are_one_notice(tmp_path: Path) -> None:
    mapping = MAPPING.replace("Piece: EA, ", "Piece: EA, Pc: EA, Stk: EA, Box: CS, ")
    many = "2 times several legacy values become one, such as Box and Case → CS; see that it is meant so"
    found = checked(tmp_path, "Each", "Piece", "Pc", "Stk", "Box", "Case", mapping=mapping)
    assert notices(found) == [("crosswalk-merges", f"crosswalk uom: {many}")]
    one = "several legacy values become one: Each and Pc and Piece and 1 more → EA; see that it is meant so"
    found = checked(tmp_path, "Each", "Piece", "Pc", "Stk", "Box", mapping=mapping)
    assert notices(found)[1] == ("crosswalk-merges", f"crosswalk uom: {one}")


def test_a_crosswalk_used_one_to_one_and_whole_says_nothing(tmp_path: Path) -> None:
    mapping = MAPPING.replace("Piece: EA, ", "")
    assert checked(tmp_path, "Each", "Case", mapping=mapping).findings == []


def test_a_crosswalk_used_by_two_columns_is_judged_by_both(tmp_path: Path) -> None:
    target = "UOM:\n    - {to: order-lines/uom/code, crosswalk: uom, when: {UOM: {not: Case}}}\n"
    target += "    - {to: order-lines/uom/code, crosswalk: uom, when: {UOM: Case}}"
    mapping = MAPPING.replace("UOM: {to: order-lines/uom/code, crosswalk: uom}", target)
    assert [code for code, _ in notices(checked(tmp_path, "Each", "Piece", "Case", mapping=mapping))] == [
        "crosswalk-merges"
    ]


def test_what_a_crosswalk_lacks_is_sent_as_its_unknown_and_told(tmp_path: Path) -> None:
    mapping = MAPPING.replace("crosswalk: uom}", "crosswalk: uom, unknown: UN}")
    (tmp_path / "m.yaml").write_text(mapping)
    found = checked(tmp_path, "Barrel", "Case", mapping=mapping)
    assert found.errors == []
    assert notices(found)[0] == (
        "crosswalk-unknown",
        "crosswalk uom: 1 value it does not have is sent as UN, as the mapping says: Barrel",
    )
    file = open_mapped(tmp_path / "m.yaml", tmp_path / "orders.csv", TABLES)
    assert [document.members[0].values[0] for document in clean_documents(file, found)] == ["UN", "CS"]


def test_a_default_is_for_empty_cells_and_says_so(tmp_path: Path) -> None:
    mapping = MAPPING.replace("crosswalk: uom}", "crosswalk: uom, default: UN}")
    found = checked(tmp_path, "Barrel", "", "Case", mapping=mapping)
    assert [finding.message for finding in found.errors] == [
        BARREL + "; add it there, or say unknown: UN, since default is for empty cells only"
    ]
    assert found.notices[0].code == "crosswalk-default"
    assert found.notices[0].message == (
        "UOM: default: UN is sent where the cell is empty; a value that the crosswalk uom does not have is an error; "
        "say unknown: UN to send that for it, too"
    )


def test_a_value_that_looks_like_an_entry_is_told_by_what_sets_it_apart(tmp_path: Path) -> None:
    mapping = MAPPING.replace("{Each: EA, Piece: EA, Case: CS}", "{Stück: EA, Case: CS}")
    found = checked(tmp_path, "Stu\u0308ck", "Ca\u00adse", mapping=mapping)
    assert [finding.message for finding in found.errors] == [
        "UOM: 'Stu<U+0308>ck' is not in the crosswalk uom; did you mean Stück?"
    ]
    assert ("unseen-characters", "UOM: 'Ca<U+00AD>se' has characters that cannot be seen; it is sent without them") in (
        notices(found)
    )


def test_a_crosswalk_file_may_be_csv_or_a_workbook(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("legacy", "coupa"), ("Each", "EA"), (7, "CS")):
        sheet.append(row)
    book.save(tmp_path / "uom.xlsx")
    (tmp_path / "uom.csv").write_text("legacy,coupa\nEach,EA\n7,CS\n")
    for name in ("uom.csv", "uom.xlsx"):
        mapping = MAPPING.replace("{Each: EA, Piece: EA, Case: CS}", name)
        assert checked(tmp_path, "Each", "7", mapping=mapping).findings == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "legacy,coupa\nEach,EA\nEach,EACH\n",
            "uom.csv, row 3: its legacy value stands in row 2 with another Coupa value; remove one of the two",
        ),
        ("legacy,coupa\nEach,\n", "uom.csv, row 2: a legacy value and a Coupa value are needed; one is empty"),
        ("legacy\nEach\n", "uom.csv: a crosswalk needs two columns, legacy value and Coupa value"),
    ],
)
def test_a_wrong_crosswalk_file_is_an_error_of_the_mapping(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "uom.csv").write_text(text)
    mapping = MAPPING.replace("{Each: EA, Piece: EA, Case: CS}", "uom.csv")
    with pytest.raises(MappingError) as caught:
        checked(tmp_path, "Each", mapping=mapping)
    assert caught.value.problems == (f"m.yaml:14:19: the crosswalk uom cannot be read: {problem}",)


def test_a_crosswalk_value_that_does_not_fit_is_an_error_of_the_mapping(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as caught:
        checked(tmp_path, "Each", mapping=MAPPING.replace("CS", "CARTONS"))
    assert caught.value.problems == (
        (
            "m.yaml:6:8: crosswalk uom, entry Case, to order-lines/uom/code: 'CARTONS' has 7 characters, at most 6 "
            "fit; it is no code of Coupa's: write one that is"
        ),
    )


def test_the_longest_lists_are_cut(tmp_path: Path) -> None:
    entries = ", ".join(f"U{number:02}: X{number}" for number in range(30))
    found = checked(tmp_path, "U00", mapping=MAPPING.replace("Each: EA, Piece: EA, Case: CS", entries))
    (notice,) = found.findings
    assert isinstance(notice, Finding)
    assert notice.severity is Severity.NOTICE
    assert notice.message.startswith("crosswalk uom: 29 entries of it are never used by this file: U01, U02")
    assert notice.message.endswith("U20 and 9 more")
