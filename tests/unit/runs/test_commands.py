"""Commands that findings advise can be copied as they stand: with the names of the column, the mapping and the file."""

import shlex
from pathlib import Path

import pytest

from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

MAPPING = """\
bulkpo: import/1
name: codes
document: {key: po-number}
columns:
  PO: po-number
  %s: "order-lines%s/uom/code"
  Price: "order-lines%s/price"
constants:
  supplier/name: Acme
  ship-to-user/login: jdoe
  order-lines/description: bolts
  order-lines/account/code: "01"
  order-lines/currency/code: EUR
"""


@pytest.mark.parametrize("member", ["", "[1]"])
@pytest.mark.parametrize(("mapping", "file"), [("m.yaml", "o.csv"), ("my mapping.yaml", "open $rders.csv")])
@pytest.mark.parametrize("column", ["Unit", "Unit of Measure", 'the "unit"'])
def test_the_command_that_drafts_a_crosswalk_is_read_by_a_shell_as_it_is_meant(
    tmp_path: Path, mapping: str, file: str, column: str, member: str
) -> None:
    quoted = "'" + column + "'"
    (tmp_path / mapping).write_text(MAPPING % (quoted, member, member), encoding="utf-8")
    heading = column.replace('"', '""')
    (tmp_path / file).write_text(f'PO,"{heading}",Price\n1,Kilogramme,5\n2,Kilogramme,5\n', encoding="utf-8")
    found = check(open_mapped(tmp_path / mapping, tmp_path / file, ElementTables(schema_text))).errors
    (message,) = {each.message for each in found if each.code == "too-long"}
    assert shlex.split(message.split("`")[1]) == [
        *("bulkpo", "guess", "--crosswalk", column),
        *(str(tmp_path / mapping), str(tmp_path / file)),
        *("-o", "codes.xlsx"),
    ]


def test_of_two_columns_of_one_element_the_command_names_the_one_that_is_told_of(tmp_path: Path) -> None:
    two = [f"{each}: {{to: order-lines/uom/code, when: {{{each}: {{blank: false}}}}}}" for each in "AB"]
    mapping = MAPPING.replace('%s: "order-lines%s/uom/code"', "\n  ".join(two)).replace("%s", "")
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    (tmp_path / "o.csv").write_text("PO,A,B,Price\n1,Kilogramme,,5\n2,,Kilogrammes,5\n", encoding="utf-8")
    found = check(open_mapped(tmp_path / "m.yaml", tmp_path / "o.csv", ElementTables(schema_text))).errors
    commands = [each.message.split("`")[1] for each in found if each.code == "too-long"]
    assert [command.split()[3] for command in commands] == ["A", "B"]
