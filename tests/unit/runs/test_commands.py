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
