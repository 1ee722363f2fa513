"""What the proof over bytes has to ask of cells, thing by thing: whatever it did not ask would pass for sound."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from judged_by_blocks import by_blocks, judged, lines_proved

from bulkpo.mapping.values.arithmetic import Operand, Operation, Rounding
from bulkpo.model.text_block import TextBlock

np = pytest.importorskip("numpy")

from bulkpo.mapping.proving.cut import cut  # noqa: E402 - needs numpy
from bulkpo.mapping.proving.fractions import Fractions, scaled_up  # noqa: E402 - needs numpy
from bulkpo.mapping.proving.left import chunk_of  # noqa: E402 - needs numpy
from bulkpo.mapping.proving.number_form import NumberCells  # noqa: E402 - needs numpy

TITLES = (
    "PO",
    "Supplier",
    "Line",
    "Text",
    "Quantity",
    "Price",
    "Per",
    "Less",
    "Line Total",
    "PO Total",
    "Lines",
    "Note",
)
MAPPING = """\
bulkpo: import/1
name: asked
resource: purchase_orders
document: {{key: po-number{fill}}}
numbers: {{decimal: "."}}
blanks: [n/a]
columns:
  PO: po-number
  Supplier: supplier/name
  Line: order-lines/line-num
  Text: order-lines/description
  Quantity: order-lines/quantity
  Price: {price}
ignore_rest: not needed
constants:
  ship-to-user/login: migration
  order-lines/account/code: A
  currency/code: USD
  order-lines/currency/code: USD
rules: {{order-lines/price: {{max: 500}}}}
{more}
"""
PLAIN, PER = "order-lines/price", "{to: order-lines/price, divide_by: Per}"
LESS = "{to: order-lines/price, subtract: Less}"
ROUNDED = "{to: order-lines/price, round: {digits: 1}}"
CONTROLS = (
    "controls: [{column: Line Total, equals: line_amount, within: 0.01}, {column: PO Total, equals: order_amount}]"
)
COUNTS = "controls: [{column: Lines, equals: line_count}]"
TWO_SKIPS = "skip_rows: {Note: {in: [void, gone]}, Quantity: {lt_or_eq: 0}}"
OPEN = "open: {ordered: Quantity, received: Less, basis: not_received}"
BOTH = (
    "open: [{ordered: Quantity, received: Less, basis: not_received}, "
    "{ordered: Price, invoiced: Per, basis: not_invoiced}]"
)
DONE = {"Less": "2"}
GONE = {"Quantity": "0", "Note": "gone"}
Cells = Mapping[str, str]
AS_EVER: Cells = MappingProxyType({})
DOWN = ", fill_down: [Text]"


class Case(NamedTuple):
    """What a mapping says, and the cells of the two lines of one order, in which something is asked for in vain."""

    said: str
    first: Cells
    second: Cells = AS_EVER
    price: str = PLAIN
    fill: str = ""


SIXTEEN = {"PO Total": "16"}
CASES = {
    "a division that does not end": Case("", {"Per": "3"}, price=PER),
    "a division by zero": Case("", {"Per": "0"}, price=PER),
    "an operand that cannot be read": Case("", {"Less": "some"}, price=LESS),
    "an operand that is missing": Case("", {"Less": ""}, price=LESS),
    "a result above the greatest": Case("", {"Less": "-600"}, price=LESS),
    "a result that is rounded": Case("", {"Price": "8.25"}, {"Price": "8.35"}, price=ROUNDED),
    "a figure that cannot be read": Case(CONTROLS, {"Price": "0", "Line Total": "no", "PO Total": "16"}, SIXTEEN),
    "a line that comes to something else": Case(CONTROLS, {"Line Total": "15.50"}),
    "a line that comes to less": Case(CONTROLS, {"Line Total": "17"}),
    "an order that comes to something else": Case(CONTROLS, {"PO Total": "33"}, {"PO Total": "33"}),
    "an order that says two things": Case(CONTROLS, {}, {"PO Total": "33"}),
    "an order that says it late": Case(CONTROLS, {"PO Total": ""}, {"PO Total": "32"}),
    "an order of fewer lines": Case(COUNTS, {"Lines": "3"}, {"Lines": "3"}),
    "a row that is skipped but for blanks": Case("skip_rows: {Note: void}", {}, {"Note": " void"}),
    "a row that is skipped where it is not": Case("skip_rows: {Note: {not: open}}", {}, {"Note": "void"}),
    "a blank that is no text": Case("skip_rows: {Note: {in: ['', void]}}", {"Note": "open"}, {"Note": "n/a"}),
    "a row that is skipped twice": Case(TWO_SKIPS, {}, GONE),
    "all rows of an order that are skipped": Case(TWO_SKIPS, GONE, GONE),
    "a row carried down from that is skipped": Case("skip_rows: {Note: void}", {"Note": "void"}, fill=DOWN),
    "a cell of blanks to carry down to": Case("", {}, {"Text": "  "}, fill=DOWN),
    "an empty cell to carry down to": Case("", {}, {"Text": ""}, fill=DOWN),
    "an error that was saved as text": Case("", {"Text": "#N/A"}),
    "an error of LibreOffice": Case("", {}, {"Text": "Err:502"}),
    "an error among few names": Case("", {"Supplier": "#WERT!"}, {"Supplier": "#WERT!"}),
    "what a narrow column shows": Case("", {"Text": "####"}),
    "a code that was made decimal": Case("", {"Text": "10042.0"}),
    "an order's number made decimal": Case("", {"PO": "5.0"}, {"PO": "5.0"}),
    "a quantity below zero": Case("", {"Quantity": "-2", "Line Total": "-16"}),
    "a line's number with a zero in front": Case("", {"Line": "01"}, {"Line": "1"}),
    "a line's number made decimal": Case("", {"Line": "1"}, {"Line": "1.0"}),
    "a line with the number 0": Case("", {"Line": "0"}),
    "a line with a number below 0": Case("", {"Line": "-1"}),
    "a word for nothing": Case("", {"Text": "NULL"}),
    "a word for nothing beyond ASCII": Case("", {}, {"Text": "(vacío)"}),
    "a word for nothing among few names": Case("", {"Supplier": "(en blanco)"}, {"Supplier": "(en blanco)"}),
    "an order numbered by a word for nothing": Case("", {"PO": "nan"}, {"PO": "nan"}),
    "what web pages write for a sign": Case("", {"Text": "nuts &amp; bolts"}),
    "what web pages write for a code": Case("", {"Text": "&#39;"}),
    "what web pages write for the end of a line": Case("", {}, {"Text": "nuts<BR/>bolts"}),
    "letters that were misread": Case("", {"Text": "GrÃ¶ÃŸe"}),
    "a letter that is lost": Case("", {"Text": "Gr\ufffde"}),
    "an order without an empty cell's text": Case("", {"Text": ""}, fill=DOWN),
    "a line of which some is done": Case(OPEN, {"Less": "1.5"}),
    "a line of which all is done": Case(OPEN, DONE),
    "a last line of which all is done": Case(OPEN, {}, DONE),
    "lines of an order that are all done": Case(OPEN, DONE, DONE),
    "a line that cannot be read but is done": Case(OPEN, {**DONE, "Price": "cheap"}),
    "more done than ordered": Case(OPEN, {"Less": "3"}),
    "more invoiced than ordered": Case(BOTH, {"Less": "0", "Per": "9"}),
    "a line that is done and invoiced beyond its price": Case(BOTH, {"Less": "2", "Per": "9"}),
    "less done than nothing": Case(OPEN, {"Less": "-1"}),
    "nothing ordered that could be open": Case(OPEN, {"Quantity": "0"}),
    "nothing ordered and nothing that says what is done": Case(OPEN, {"Quantity": "0", "Less": ""}),
    "a line that does not say what is done": Case(OPEN, {"Less": ""}),
    "a line that says what is done by no number": Case(OPEN, {"Less": "all"}),
    "a finer rest than can be sent": Case(OPEN, {"Less": "0.0000001"}),
    "a line that is done by two balances": Case(BOTH, {"Less": "2", "Per": "8"}),
    "a finer price in a line that is done": Case(OPEN, {**DONE, "Price": "8.005"}, {"Price": "8.005"}),
}  # fmt: skip


def file_of(*changed: Cells, count: int = 12) -> bytes:
    """Orders of two lines, the fifth with some other cells."""
    row = dict(zip(TITLES, ["", "Acme", "", "a bolt", "2", "8", "1", "0", "16", "32", "2", "open"], strict=True))
    rows = [
        {**row, "PO": f"PO-{order:04d}", "Line": str(line), **(changed[line - 1] if changed and order == 5 else {})}
        for order in range(count)
        for line in (1, 2)
    ]
    return "\n".join([",".join(TITLES), *(",".join(each.values()) for each in rows), ""]).encode()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_wrong_or_odd_is_found_in_bytes_as_in_text(case: Case, tmp_path: Path) -> None:
    mapping = MAPPING.format(fill=case.fill, price=case.price, more=case.said)
    data = file_of(case.first, case.second)
    plain = judged(tmp_path, mapping, data)
    assert isinstance(plain, dict)
    with by_blocks(100_000):
        assert judged(tmp_path, mapping, data) == plain
    assert lines_proved(tmp_path, mapping, file_of({}, {}), 100_000) == 20


@pytest.mark.parametrize("size", [300, 500, 700])
def test_an_order_parted_between_blocks_is_judged_whole(size: int, tmp_path: Path) -> None:
    mapping = MAPPING.format(fill="", price=PLAIN, more=COUNTS)
    plain = judged(tmp_path, mapping, file_of())
    with by_blocks(size):
        assert judged(tmp_path, mapping, file_of()) == plain


@pytest.mark.parametrize("price", ["12345678901234567890", "99999999999999999999.5"])
def test_a_constant_of_more_than_64_bits_is_judged_as_text(price: str, tmp_path: Path) -> None:
    mapping = MAPPING.format(fill="", price="{ignore: constant}", more="").replace(
        "constants:", f'constants:\n  order-lines/price: "{price}"'
    )
    mapping = mapping.replace("rules: {order-lines/price: {max: 500}}", "")
    plain = judged(tmp_path, mapping, file_of())
    with by_blocks(500):
        assert judged(tmp_path, mapping, file_of()) == plain


def numbers(*values: int, decimals: int = 0) -> NumberCells:
    """Numbers without their decimal mark, which have so many decimals."""
    count = len(values)
    return NumberCells(np.array(values), np.full(count, decimals), np.ones(count, np.bool_))


@pytest.mark.parametrize("kind", ["add", "subtract", "multiply_by"])
def test_a_result_of_more_than_64_bits_does_not_fit(kind: str) -> None:
    fractions = Fractions(numbers(1 << 61, 3))
    fractions.step(Operation(kind, Operand(Decimal(1))), numbers(-(1 << 61) if kind == "subtract" else 1 << 61, 2))
    assert fractions.fits.tolist() == [False, True]


def test_nothing_is_divided_by_zero_or_without_an_end() -> None:
    fractions = Fractions(numbers(8, 8, 8))
    fractions.step(Operation("divide_by", Operand(Decimal(1))), numbers(0, 2, 3))
    assert fractions.results(1)[1] == 40
    assert fractions.fits.tolist() == [False, True, False]


def test_a_number_is_not_scaled_up_beyond_what_fits() -> None:
    scaled, fits = scaled_up(np.array([1, 10, 7]), np.array([25, 18, 2]))
    assert (scaled.tolist(), fits.tolist()) == ([0, 0, 700], [False, False, True])


@pytest.mark.parametrize(
    ("how", "results"),
    [("half_up", [3, 4, 3, -3]), ("half_even", [2, 4, 3, -2]), ("up", [3, 4, 3, -3]), ("down", [2, 3, 2, -2])],
)
def test_numbers_are_rounded_each_way_as_they_are_as_decimals(how: str, results: list[int]) -> None:
    fractions = Fractions(numbers(25, 35, 26, -25, decimals=1))
    fractions.step(Operation("round", rounding=Rounding(0, how)), None)
    assert fractions.results(0).tolist() == results
    assert fractions.rounded.all()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("rows", [[], [1], [0, 2]])
def test_rows_that_are_left_of_a_block_are_text_as_they_stand_there(rows: list[int], encoding: str) -> None:
    found = cut(TextBlock('1;Müller;\n2;"a;b";x\n3;;é\n'.encode(encoding), 0, ";", encoding))
    assert found is not None
    chunk = chunk_of(found, np.array(rows, np.intp), encoding)
    whole: list[list[str | None]] = [["1", "2", "3"], ["Müller", "a;b", None], [None, "x", "é"]]
    assert chunk.is_text
    assert (list(chunk.rows), chunk.columns) == (rows, [[column[row] for row in rows] for column in whole])
