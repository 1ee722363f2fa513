"""Whatever a file holds, guessing from it gives a mapping that loads, or says in a sentence why there is none."""

from pathlib import Path

import pytest

from bulkpo.errors import InputError
from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

ROOT = Path(__file__).resolve().parents[3]
TABLES = ElementTables(schema_text)
WIDE = "\n".join([",".join(f"H{place}" for place in range(500)), *[",".join(["7"] * 500)] * 20])
ODD = {
    "headings alone": "PO Number,Qty,Price\n",
    "one row of values": "4711,2,3.5\n",
    "two columns": "a,b\n1,2\n3,4\n",
    "500 columns": WIDE,
    "headings YAML reads otherwise": '"PO #","It\'s: a, ""test"" [x]{y}","#3","- x","true",1.5,null\n1,2,3,4,5,6,7\n',
    "headings that come several times": "PO,PO,PO,Price,Price\n1,1,2,3,4\n2,2,3,4,5\n",
    "headings of another script": "注文番号,数量,単価\n1,2,3\n2,3,4\n",
    "headings over several lines": '"PO\nNumber","Unit\nPrice",Qty\n1,2.5,3\n2,3.5,4\n',
    "no headings": "\n".join(f"45000{row:03},V100,USD,1,Item,{row},2.50" for row in range(9)),
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_guess_from_an_odd_file_is_a_mapping_that_loads(text: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(text, encoding="utf-8")
    drafted = guess_files([path], TABLES, "purchase_orders", "")
    mapping = load_import(drafted.text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))
    assert mapping.undecided.columns or mapping.undecided.constants


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000)])
def test_a_file_without_a_table_is_said_to_have_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"none\.csv: "):
        guess_files([path], TABLES, "purchase_orders", "UTC")


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted((ROOT / "samples/damaged").glob("*.*")), ids=lambda path: path.name)
def test_damage_keeps_nobody_from_a_mapping(path: Path) -> None:
    try:
        drafted = guess_files([path], TABLES, "purchase_orders", "UTC")
    except InputError:
        return
    load_import(drafted.text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))


def test_a_first_row_of_words_is_no_second_heading(tmp_path: Path) -> None:
    """Where the first order's figures are words, no row is swallowed by the headings."""
    path = tmp_path / "o.csv"
    rows = ["PO Number,Supplier,Description,Qty,Unit Price", "PO-A,Acme Ltd,Paper A4,to come,to follow"]
    path.write_text(
        "\n".join([*rows, *(f"PO-{row},Acme Ltd,Pens,{row},2.50" for row in range(1, 9))]), encoding="utf-8"
    )
    assert dict(guess_files([path], TABLES, "purchase_orders", "UTC").guess.parts[0].source) == {}
