"""A column mapped without a number beside those with one is refused where it would be sent nowhere."""

from pathlib import Path

import pytest

from bulkpo.errors import MappingError
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: wide
document: {{key: po-number}}
columns:
  PO: po-number
  First: "order-lines[1]/description"
  Price: "order-lines[1]/price"
  Second: "{second}"
  Second price: "order-lines[2]/price"
  Text: "{text}"
constants: {{supplier/name: Acme, ship-to-user/login: jdoe, order-lines/currency/code: USD}}
"""
TABLE = "PO,First,Price,Second,Second price,Text\nPO-1,Paper,2.50,Pens,1.50,Ink\n"


def opened(folder: Path, second: str, text: str) -> None:
    (folder / "m.yaml").write_text(MAPPING.format(second=second, text=text), encoding="utf-8")
    (folder / "o.csv").write_text(TABLE, encoding="utf-8")
    open_mapped(folder / "m.yaml", folder / "o.csv", TABLES)


def test_a_column_without_a_number_that_no_line_takes_is_refused_with_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as stopped:
        opened(tmp_path, "order-lines[2]/description", "order-lines/description")
    assert str(stopped.value) == (
        "m.yaml:10:9: order-lines/description would be sent nowhere, beside "
        "order-lines[1]/description and order-lines[2]/description, which come before it; "
        "write order-lines[3]/description if it is one more, or ignore it"
    )


@pytest.mark.parametrize(
    ("second", "text"),
    [
        ("order-lines[2]/source-part-num", "order-lines/description"),
        ("order-lines[2]/description", "order-lines/manufacturer-name"),
    ],
)
def test_what_stands_without_a_number_for_a_line_that_has_none_of_its_own_is_taken(
    tmp_path: Path, second: str, text: str
) -> None:
    opened(tmp_path, second, text)
