"""Two lines of an order never have one number, however it is written, and lines count from 1."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.mapping.rows.line_numbers import numbers_apart, plain_number
from bulkpo.model.finding import Finding
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: lines
document: {{key: po-number{numbered}}}
numbers: {{decimal: "."}}
columns:
  PO: po-number
  Line: order-lines/line-num
  Price: order-lines/price
constants:
  supplier/name: Acme
  ship-to-user/login: migration
  order-lines/description: a bolt
  order-lines/currency/code: USD
  order-lines/account/code: A
{more}
"""


def told(folder: Path, *numbers: str, more: str = "", numbered: str = "") -> list[Finding]:
    """What is found in one order with lines of these numbers, each with a price of its own."""
    (folder / "m.yaml").write_text(MAPPING.format(more=more, numbered=numbered))
    rows = "".join(f"7,{number},{place}\n" for place, number in enumerate(numbers, 1))
    (folder / "o.csv").write_text(f"PO,Line,Price\n{rows}")
    checked = check(open_mapped(folder / "m.yaml", folder / "o.csv", TABLES))
    return [finding for finding in checked.findings if "line" in finding.code]


@pytest.mark.parametrize(("first", "second"), [("1", "01"), ("001", "1.0"), ("10.", "10"), ("0010", "10"), ("+2", "2")])
def test_a_number_written_otherwise_is_one_number(tmp_path: Path, first: str, second: str) -> None:
    (finding,) = told(tmp_path, first, second)
    assert (finding.code, finding.row, finding.column, finding.severity.value) == ("duplicate-line", 3, 2, "error")
    assert finding.message == (
        f"line {second} of order 7 stands in row 2 too, as {first}; give each line its own number, or say keys: exact "
        "if it has"
    )


def test_numbers_written_otherwise_are_sent_and_told_where_the_mapping_says_so(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, "1", "01", more="keys: exact")
    assert finding.severity.value == "notice"
    assert (
        finding.message
        == "line 01 of order 7 stands in row 2 too, as 1; both are sent, as the mapping says (keys: exact)"
    )


def test_equal_numbers_are_an_error_whatever_the_mapping_says(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, "1", "1", more="keys: exact")
    assert finding.severity.value == "error"
    assert finding.message == (
        "line 1 of order 7 stands in row 2 too; give each line its own number, or map the accounts to "
        "order-lines/account-allocations/account/code if it is one line billed to several accounts"
    )


@pytest.mark.parametrize("number", ["0", "-1", "00", "-2.0", "0.0"])
def test_a_number_below_1_is_told(tmp_path: Path, number: str) -> None:
    (finding,) = told(tmp_path, "1", number)
    assert (finding.code, finding.row, finding.severity.value) == ("odd-line-number", 3, "notice")
    assert finding.message == f"{number} is the number of no line, which count from 1; it is sent as it stands"


@pytest.mark.parametrize(
    "numbers", [("1", "2"), ("01", "02"), ("1.1", "1.10"), ("A1", "A01"), ("0010", "0020"), ("-A",)]
)
def test_numbers_that_are_others_are_sent_without_a_word(tmp_path: Path, numbers: tuple[str, ...]) -> None:
    assert told(tmp_path, *numbers) == []


def test_lines_without_numbers_count_on_from_one_with_zeros_in_front(tmp_path: Path) -> None:
    assert told(tmp_path, "01", "2.0", "", numbered=", number_lines: true") == []


@given(st.integers(min_value=1), st.sampled_from(["", "0", "00"]), st.sampled_from(["", ".", ".0", ".00"]))
def test_zeros_around_a_number_change_nothing(number: int, before: str, after: str) -> None:
    assert plain_number(f"{before}{number}{after}") == str(number)


@given(st.lists(st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{1,2})?", fullmatch=True), min_size=1))
def test_numbers_are_numbers_apart_all_at_once_as_one_by_one(numbers: list[str]) -> None:
    plain = list(map(plain_number, numbers))
    found = numbers_apart(numbers)
    is_below = any(number == "0" or (number[0] == "-" and "." not in number) for number in plain)
    assert (found is None) == is_below
    assert found is None or len(set(found)) == len(set(plain))
