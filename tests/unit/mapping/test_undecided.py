"""What a mapping leaves undecided loads, is an error of the whole file, and lets nothing be sent."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulkpo.cli.main import cli
from bulkpo.errors import MappingError
from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

MAPPING = """\
bulkpo: import/1
name: legacy
document: {key: po-number, number_lines: true}
ignore_rest: not needed
columns:
  PO: {undecided: [po-number, order-lines/source-part-num]}
  Text: order-lines/description
  Vendor: {undecided: [supplier/number, supplier/name]}
  Price: {undecided: [order-lines/price]}
  Day: order-lines/need-by-date
dates: {order: {undecided: [DMY, MDY]}, time_zone: {undecided: [Europe/Berlin, America/New_York]}}
constants:
  ship-to-user/login: migration
  currency/code: {undecided: [EUR, USD]}
  order-lines/currency/code: EUR
  order-lines/type: OrderAmountLine
  transmission-method-override: do_not_transmit
silent: required
"""
SAID = (
    "column 'PO' is undecided: it may be po-number or order-lines/source-part-num",
    "column 'Vendor' is undecided: it may be supplier/number or supplier/name",
    "column 'Price' is undecided: it may be order-lines/price",
    "currency/code is undecided: it may be EUR or USD",
    "dates: {order} is undecided: it may be DMY or MDY",
    "dates: {time_zone} is undecided: it may be Europe/Berlin or America/New_York",
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    Path("m.yaml").write_text(MAPPING, encoding="utf-8")
    with Path("o.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = [["PO", "Text", "Vendor", "Price", "Day", "Else"], ["1", "Paper", "V1", "2.50", "2026-03-25", "x"]]
        csv.writer(stream).writerows(rows)
    return "m.yaml", "o.csv"


def test_what_is_undecided_loads_and_requires_nothing() -> None:
    beside = Beside(schema_text, lambda _: {}, schema_text)
    mapping = load_import(MAPPING, "m.yaml", ElementTables(schema_text), beside)
    assert mapping.undecided.columns["Vendor"] == ("supplier/number", "supplier/name")
    assert "order-lines/price" not in {field.full_path for level in mapping.levels for field in level.level.fields}


def test_what_is_undecided_is_an_error_of_check_whatever_is_said_of_other_columns(files: tuple[str, str]) -> None:
    checked = CliRunner().invoke(cli, ["check", *files])
    for said in SAID:
        assert said in checked.output
    assert "0 clean, 1 with errors" in checked.output
    assert checked.return_value == 1 or checked.exit_code == 0


def test_nothing_is_shown_or_sent_while_something_is_undecided(files: tuple[str, str]) -> None:
    assert "1 order with errors not shown" in CliRunner().invoke(cli, ["preview", *files]).output
    assert "no orders (0 requests" in CliRunner().invoke(cli, ["import", *files]).output


def test_elements_there_are_none_of_are_errors_where_they_are_undecided() -> None:
    beside = Beside(schema_text, lambda _: {}, schema_text)
    wrong = MAPPING.replace("supplier/name]", "supplier/nam]").replace("[order-lines/price]", "[Price (EUR)]")
    with pytest.raises(MappingError) as caught:
        load_import(wrong, "m.yaml", ElementTables(schema_text), beside)
    said = "\n".join(caught.value.problems)
    assert "supplier has no element 'nam'" in said
    assert "'Price (EUR)' is not an element path" in said
