"""What a file is encoded in can be said to a guess, which writes it into the mapping."""

from pathlib import Path

import openpyxl
import pytest

from bulkpo.cli.main import run
from bulkpo.errors import InputError, UsageError
from bulkpo.workspace.drafting import guess
from bulkpo.workspace.fitting import FitRequest, fit_mapping
from bulkpo.workspace.opening import Workspace
from bulkpo.workspace.requests import GuessRequest
from bulkpo.yamldoc import parse_yaml

HEADINGS = "PO Number;Supplier;Line;Description;Quantity;Unit Price;Currency"
ROWS = "\n".join(f"PO-{number};Acme;1;Größe {number};2;10.50;EUR" for number in range(1, 7))
TEXT = f"{HEADINGS}\n{ROWS}\n"
PAGE = "".join(f"<tr><td>{line.replace(';', '<td>')}</tr>\n" for line in TEXT.splitlines())


def source_of(text: str) -> object:
    data = parse_yaml(text, "x").data
    assert isinstance(data, dict)
    return data["source"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("orders.csv", TEXT), ("orders.txt", TEXT.replace(";", "\t")), ("orders.xls", f"<table>{PAGE}</table>")],
)
def test_a_guess_reads_a_file_as_it_is_said_to_be_encoded_and_so_does_its_mapping(
    name: str, content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, mapping = tmp_path / name, tmp_path / "orders.yaml"
    file.write_bytes(content.encode("cp850"))
    with pytest.raises(InputError, match=r"such as cp850, .*--encoding of `bulkpo guess`"):
        guess(GuessRequest((file,)), Workspace(tmp_path))
    drafted = guess(GuessRequest((file,), mapping, encoding="cp850"), Workspace(tmp_path))
    assert source_of(drafted.text) == {"encoding": "cp850"}
    assert run(["check", str(mapping), str(file)]) in (0, 1)
    assert "encoding" not in capsys.readouterr().err


def test_columns_at_fixed_places_and_joined_tables_say_it_too(tmp_path: Path) -> None:
    fixed = tmp_path / "orders.txt"
    lines = [line.split(";") for line in TEXT.splitlines()]
    fixed.write_bytes("".join("".join(f"{cell:<14}" for cell in line) + "\n" for line in lines).encode("cp850"))
    drafted = guess(GuessRequest((fixed,), encoding="cp850"), Workspace(tmp_path))
    source = source_of(drafted.text)
    assert isinstance(source, dict)
    assert (source["encoding"], len(source["columns"])) == ("cp850", 7)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cp12522", "the encoding 'cp12522' is not known; did you mean cp1252"),
        ("Windows1254", "the encoding 'Windows1254' is not known; did you mean windows-1254"),
        ("rot13", "the encoding 'rot13' is not known"),
        ("a\0b", "the encoding 'a\\x00b' is not known; write utf-8, utf-16 or cp1252"),
    ],
)
def test_what_is_no_encoding_is_told_with_those_near_by(name: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(TEXT)
    with pytest.raises(UsageError) as caught:
        guess(GuessRequest((file,), encoding=name), Workspace(tmp_path))
    assert str(caught.value).startswith(f"--encoding: {said}")


MAPPING = """\
bulkpo: import/1
name: orders
resource: purchase_orders
document: {{key: po-number}}
{source}columns:
  PO Number: po-number
  Supplier: supplier/name
  Line: {{ignore: its number}}
  Description: order-lines/description
  Quantity: order-lines/quantity
  Unit Price: order-lines/price
  Currency: [currency/code, order-lines/currency/code]
constants: {{order-lines/uom/code: EA, ship-to-user/login: migration}}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "source: {encoding: cp850}\n"),
        ("source: {delimiter: ';'}\n", "source: {delimiter: ';', encoding: cp850}\n"),
        ("source:\n  delimiter: ;  # as ever\n", "source:\n  encoding: cp850\n  delimiter: ;  # as ever\n"),
        ("source: {encoding: 'cp1252'}\n", "source: {encoding: cp850}\n"),
        ("source: {encoding: cp850}\n", "source: {encoding: cp850}\n"),
    ],
)
def test_a_fit_writes_it_into_the_mapping_and_changes_nothing_else(before: str, after: str, tmp_path: Path) -> None:
    file, mapping = tmp_path / "orders.csv", tmp_path / "orders.yaml"
    file.write_bytes(TEXT.encode("cp850"))
    mapping.write_text(MAPPING.format(source=before))
    fitted = fit_mapping(FitRequest(mapping, file, encoding="cp850"), workspace=Workspace(tmp_path))
    assert fitted.text == MAPPING.format(source=after)
    assert bool(fitted.diff) == (before != after)
    assert fitted.open == ()


def test_a_workbook_and_a_crosswalk_take_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Orders").append(HEADINGS.split(";"))
    book.save(tmp_path / "orders.xlsx")
    assert run(["guess", str(tmp_path / "orders.xlsx"), "--encoding", "cp850"]) == 2
    assert "orders.xlsx is a workbook, which says its own; leave it out" in capsys.readouterr().err
    assert run(["guess", "--crosswalk", "uom", str(tmp_path / "orders.xlsx"), "--encoding", "cp850"]) == 2
    assert "--encoding does not go with --crosswalk" in capsys.readouterr().err
