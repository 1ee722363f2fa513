"""The law of blocks where a mapping says what is open of lines: finished lines, sums by currency, figures of both."""

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from judged_by_blocks import by_blocks, check_names, judged, lines_proved

pytest.importorskip("numpy")

TITLES = (
    "PO", "Supplier", "Currency", "Line", "Text", "Quantity", "Price", "Done", "Billed", "Ordered", "Open", "Lines",
    "Status", "PO Open",
)  # fmt: skip
MAPPING = """\
bulkpo: import/1
name: law
resource: purchase_orders
document: {{key: po-number}}
numbers: {{decimal: "."}}
blanks: [n/a]
open: {open}
columns:
  PO: po-number
  Supplier: supplier/name
  Currency: {currency}
  Line: order-lines/line-num
  Text: order-lines/description
  Quantity: {quantity}
  Price: {price}
constants: {{ship-to-user/login: migration, order-lines/account/code: A{constants}}}
ignore_rest: not needed
rules: {{order-lines/currency: {{required: false}}{rules}}}
{controls}{skipped}
"""
RECEIVED = "{ordered: Quantity, received: Done, basis: not_received}"
ORDERED = "{column: Ordered, equals: line_amount, of: ordered}"
CHOICES = {
    "open": (
        RECEIVED,
        "{ordered: Quantity, received: {column: Done, empty: 0}, basis: not_received, over: finished}",
        "{ordered: Quantity, invoiced: Billed, basis: not_invoiced, not_positive: skip, returned: add}",
        "{ordered: Quantity, received: Done, invoiced: Billed, basis: not_received, not_positive: send}",
        "{ordered: Price, received: Done, basis: not_received}",
        f"[{RECEIVED}, {{ordered: Price, invoiced: Billed, basis: not_invoiced, returned: ignore}}]",
    ),
    "currency": ("currency/code", "order-lines/currency/code", "[currency/code, order-lines/currency/code]"),
    "quantity": ("order-lines/quantity", "{to: order-lines/quantity, when: {Status: {not: free}}}"),
    "price": ("order-lines/price", "{to: order-lines/price, when: {Status: {not: free}}}"),
    "constants": ("", ", order-lines/type: OrderQuantityLine", ", order-lines/type: OrderAmountLine"),
    "rules": (
        "",
        ", order-lines/quantity: {max: 8}, order-lines/price: {min: 0.5}",
        ", order-lines/quantity: {required: false}",
        ", order-lines/quantity: {min: 1}",
    ),
    "controls": (
        "",
        f"controls: [{ORDERED}, {{column: Open, equals: line_amount, of: open}}]\n",
        "controls: [{column: PO Open, equals: order_amount, of: open, within: 0.5}]\n",
        "controls: [{column: Lines, equals: line_count, of: ordered}]\n",
        "controls: [{column: Lines, equals: line_count, of: open, differs: notice}]\n",
    ),
    "skipped": ("", "skip_rows: {Status: closed}"),
}  # fmt: skip
ODD = {
    "Supplier": ("", "Umbrella"),
    "Currency": ("", "EUR", "JPY", "XYZ", "n/a"),
    "Line": ("", "2", "x"),
    "Text": ("", "another"),
    "Quantity": ("", "0", "-2", "7", "1.5", "1.50", "x", "n/a", "12.345678901"),
    "Price": ("", "0", "-1", "12.345678", "2.505", "n/a", "0.25"),
    "Done": ("", "0", "-1", "1", "2.5", "2.50", "9", "99999999999999999", "x", "n/a", "0.0000001"),
    "Billed": ("", "0", "-1", "1", "2.5", "9", "x"),
    "Ordered": ("", "1", "x"),
    "Open": ("", "1", "0"),
    "Lines": ("", "1", "2", "x"),
    "Status": ("closed", "free"),
    "PO Open": ("", "40", "27"),
}
COLUMNS = tuple(ODD)
NOTHING: Mapping[str, str] = MappingProxyType({})
Line = tuple[int, int, int]


class Case(NamedTuple):
    """A mapping, and a file that it fits but for some odd cells."""

    mapping: str
    rows: list[list[str]]

    def data(self) -> bytes:
        stream = io.StringIO(newline="")
        csv.writer(stream, lineterminator="\n").writerows([TITLES, *self.rows])
        return stream.getvalue().encode()


def rows_of(key: int, lines: list[Line]) -> list[list[str]]:
    """The rows of an order: of each line the quantity, the price in cents, and how much is done."""
    currency = ("USD", "EUR", "USD", "USD")[key % 4]
    rows = []
    for number, (quantity, cents, done) in enumerate(lines, 1):
        price = Decimal(cents) / 100
        row = [f"PO-{key:05d}", "Acme Ltd", currency, str(number), f"a bolt {number}", str(quantity), f"{price:.2f}"]
        amounts = [quantity * price, (quantity - done) * price]
        rows.append(
            [*row, str(done), str(done), *(f"{each.normalize():f}" for each in amounts), str(len(lines)), "open"]
        )
    total = sum(Decimal(row[TITLES.index("Open")]) for row in rows)
    return [[*row, str(total)] for row in rows]


def plain_case(count: int, chosen: Mapping[str, str] = NOTHING, done: int = 2) -> Case:
    """Orders of three lines, of which one is finished where two pieces are done."""
    said = {**{name: of[0] for name, of in CHOICES.items()}, **chosen}
    rows = [row for key in range(count) for row in rows_of(key, [(3, 1_250, 1), (2, 999, done), (5, 50, 0)])]
    return Case(MAPPING.format(**said), rows)


def with_cells(case: Case, title: str, *cells: tuple[int, str]) -> Case:
    for row, text in cells:
        case.rows[row][TITLES.index(title)] = text
    return case


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A mapping that says what is open, and a file of open and finished lines with a few odd cells."""
    chosen = {name: of[0] for name, of in CHOICES.items()}
    for name in draw(st.lists(st.sampled_from([*CHOICES]), max_size=4)):
        chosen[name] = draw(st.sampled_from(CHOICES[name]))
    keys = draw(st.lists(st.integers(1, 60), min_size=4, max_size=20, unique=draw(st.integers(0, 4)) > 0))
    line = st.tuples(st.integers(1, 4), st.sampled_from([50, 100, 999, 1_250]), st.integers(0, 4)).map(
        lambda each: (each[0], each[1], min(each[0], each[2]))
    )
    rows = [row for key in keys for row in rows_of(key, draw(st.lists(line, min_size=1, max_size=3)))]
    many = st.integers(0, len(rows) - 1)
    for place, title in draw(st.lists(st.tuples(many, st.sampled_from(COLUMNS)), max_size=5)):
        rows[place][TITLES.index(title)] = draw(st.sampled_from(ODD[title]))
    return Case(MAPPING.format(**chosen), rows)


AMOUNT_LINES = {"open": CHOICES["open"][4], "constants": CHOICES["constants"][2], "quantity": "{ignore: x}"}


@settings(max_examples=200, deadline=None)
@given(case=cases(), size=st.sampled_from([300, 700, 1_500, 100_000]))
@example(case=plain_case(9), size=100_000)
@example(case=plain_case(9), size=400)
@example(case=with_cells(plain_case(9), "Done", (9, "3"), (10, "2"), (11, "5")), size=100_000)
@example(case=with_cells(plain_case(9), "Done", (12, "3")), size=100_000)
@example(case=with_cells(plain_case(9), "Done", (12, "4")), size=100_000)
@example(case=with_cells(plain_case(9), "Done", (12, "-1")), size=100_000)
@example(case=with_cells(plain_case(9), "Done", (12, "")), size=100_000)
@example(case=with_cells(plain_case(9), "Done", (12, "x")), size=100_000)
@example(case=with_cells(plain_case(9), "Done", (12, "0.00000001")), size=100_000)
@example(case=with_cells(plain_case(9), "Quantity", (12, "0"), (15, "-2")), size=100_000)
@example(case=with_cells(plain_case(9, {"open": CHOICES["open"][1]}), "Done", (12, ""), (15, "4")), size=100_000)
@example(case=with_cells(plain_case(9), "Price", (13, "9.995"), (15, "9.995")), size=100_000)
@example(case=with_cells(plain_case(9), "Price", (13, "-9"), (16, "-9")), size=100_000)
@example(case=with_cells(plain_case(9, {"currency": CHOICES["currency"][1]}), "Currency", (13, "EUR")), size=100_000)
@example(
    case=with_cells(plain_case(9, {"controls": CHOICES["controls"][1]}), "Open", (12, "1"), (16, "1")), size=100_000
)
@example(case=with_cells(plain_case(9, {"controls": CHOICES["controls"][1]}), "Ordered", (13, "1")), size=100_000)
@example(case=plain_case(9, {"controls": CHOICES["controls"][4]}), size=100_000)
@example(case=plain_case(9, {"rules": CHOICES["rules"][3]}), size=100_000)
@example(case=with_cells(plain_case(9, AMOUNT_LINES, done=0), "Done", (12, "12.50"), (15, "12")), size=100_000)
@example(case=with_cells(plain_case(9, {"open": CHOICES["open"][5]}), "Billed", (13, "9.99")), size=100_000)
def test_a_file_of_open_lines_is_judged_alike_by_blocks_and_as_text(
    case: Case, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, data = tmp_path_factory.mktemp("law"), case.data()
    plain = judged(folder, case.mapping, data)
    with by_blocks(size):
        proved = judged(folder, case.mapping, data)
    assert proved == plain


@settings(max_examples=60, deadline=None)
@given(case=cases(), size=st.sampled_from([300, 700, 1_500, 100_000]))
@example(case=with_cells(plain_case(20), "Done", (9, "3"), (12, "3"), (15, "3"), (16, "2"), (17, "5")), size=100_000)
def test_open_orders_are_named_as_they_are_made(
    case: Case, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_names(tmp_path_factory.mktemp("law"), case.mapping, case.data(), size)


@pytest.mark.parametrize(
    ("setting", "text"),
    [("open", text) for text in CHOICES["open"][:4]]
    + [(name, text) for name in ("currency", "quantity", "price") for text in CHOICES[name]]
    + [("controls", CHOICES["controls"][place]) for place in (1, 2, 3)],
)
def test_open_lines_are_proved_with_finished_ones_among_them(setting: str, text: str, tmp_path: Path) -> None:
    case = plain_case(300, {setting: text})
    assert lines_proved(tmp_path, case.mapping, case.data(), 8_000) > 400


def test_open_amounts_are_proved(tmp_path: Path) -> None:
    case = plain_case(300, AMOUNT_LINES, done=0)
    assert lines_proved(tmp_path, case.mapping, case.data(), 8_000) > 600
