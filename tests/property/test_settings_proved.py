"""The law of blocks for what a mapping says beside its columns: arithmetic, controls, conditions, fill down."""

import csv
import io
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from judged_by_blocks import by_blocks, check_names, judged, lines_proved

pytest.importorskip("numpy")

TITLES = (
    "PO", "Supplier", "Currency", "Line", "Text", "Status", "Quantity", "Price", "Per", "Discount", "Line Total",
    "PO Total", "Lines", "Terms", "Due", "Note",
)  # fmt: skip
MAPPING = """\
bulkpo: import/1
name: law
resource: purchase_orders
document: {{key: po-number{fill}}}
numbers: {numbers}
dates: {{order: YMD, time_zone: UTC}}
blanks: [n/a]
columns:
  PO: po-number
  Supplier: supplier/name
  Currency: {currency}
  Line: order-lines/line-num
  Text: {text}
  Quantity: {quantity}
  Price: {price}
  Terms: {terms}
{status}
constants: {{ship-to-user/login: migration, order-lines/account/code: A}}
ignore_rest: not needed
rules:
  order-lines/price: {{min: 0, max: 500000.5}}
  supplier/name: {{required: true}}
  order-lines/currency: {{required: false}}
{controls}{skipped}
"""


class Priced(NamedTuple):
    """How a price is calculated, and what it comes to for a cell, the number it is for, and a discount."""

    said: str
    of: Callable[[Decimal, Decimal, Decimal], Decimal]


PRICED = (
    Priced("{to: order-lines/price, divide_by: Per}", lambda price, per, _: price / per),
    Priced("order-lines/price", lambda price, *_: price),
    Priced("{to: order-lines/price, divide_by: {column: Per, empty: 1, zero: 10}}", lambda price, per, _: price / per),
    Priced("{to: order-lines/price, multiply_by: 0.25}", lambda price, *_: price / 4),
    Priced("{to: order-lines/price, subtract: Discount}", lambda price, _, less: price - less),
    Priced("{to: order-lines/price, subtract: {column: Discount, empty: 0}, round: {digits: 1, how: half_even}}",
           lambda price, _, less: (price - less).quantize(Decimal("0.1"), ROUND_HALF_EVEN)),
    Priced("{to: order-lines/price, steps: [{subtract: Discount}, {divide_by: Per}]}",
           lambda price, per, less: (price - less) / per),
    Priced("{to: order-lines/price, steps: [{divide_by: 3}, {add: 1}, {multiply_by: 3}]}",
           lambda price, *_: price + 3),
    Priced("{to: order-lines/price, steps: [{negate: true}, {divide_by: -7}, {round: {digits: 2}}]}",
           lambda price, *_: round(price / 7 + Decimal("0.000001"), 2)),
    Priced("{to: order-lines/price, steps: [{round: {digits: 0, how: down}}, {divide_by: Per}, {round: {digits: 3, "
           "how: up}}]}", lambda price, per, _: Decimal(int(price)) / per),
    Priced("{to: order-lines/price, divide_by: Per, when: {Status: {not: free}}}", lambda price, per, _: price / per),
    Priced("{to: order-lines/price, divide_by: Per, default: 1.25}", lambda price, per, _: price / per),
)  # fmt: skip
LINE_TOTAL = "{column: Line Total, equals: line_amount, within: 0.01}"
CHOICES = {
    "fill": ("", ", fill_down: [Supplier]", ", fill_down: [Supplier, Text, Terms]", ", fill_down: [PO]",
             ", fill_down: [Currency, Status, Per]"),
    "numbers": ('{decimal: "."}', '{decimal: ".", thousands: ","}', '{decimal: ","}'),
    "currency": ("currency/code", "{to: currency/code, when: {Status: {not: free}}}", "order-lines/currency/code"),
    "text": ("order-lines/description", "{to: order-lines/description, when: {Status: open}}",
             "{to: order-lines/description, when: {Quantity: {gt_or_eq: 2}}}"),
    "quantity": ("order-lines/quantity", "{to: order-lines/quantity, multiply_by: 1}"),
    "terms": ("payment-term/code", "{to: payment-term/code, when: {Status: {in: [open, free]}}}",
              "{to: payment-term/code, value: N45, when: {Text: {matches: 'a.*'}}}", "{ignore: x}"),
    "status": ("", "  Status: {require: {in: [open, free, '']}}", "  Status: {refuse: {blank: true}, broken: notice}",
               "  Per: {require: {equals: 1}, when: {Status: {not: open}}, broken: notice}",
               "  Per: {refuse: {gt: 100}}", "  Note: {refuse: has no place}"),
    "controls": (
        f"controls: [{LINE_TOTAL}, {{column: PO Total, equals: order_amount, within: 0.05}}]\n",
        "",
        "controls: [{column: Line Total, equals: line_amount}, {column: Lines, equals: line_count}]\n",
        "controls: [{column: PO Total, equals: order_amount, differs: notice}]\n",
        f"controls: [{{column: Lines, equals: line_count, within: 1}}, {LINE_TOTAL}]\n",
    ),
    "skipped": ("", "skip_rows: {Status: closed}", "skip_rows: {Status: {not_in: [open, free]}}",
                "skip_rows: {PO: {blank: true}, Status: {in: [closed, void]}}",
                "skip_rows: {Note: {matches: 's.*'}}", "skip_rows: {Quantity: {lt_or_eq: 0}}",
                "skip_rows: {any: [{Status: closed, Note: {blank: false}}, {Due: {lt: 2026-01-01}}]}",
                "skip_rows: {Price: {gt: {column: Per}}}"),
}  # fmt: skip
ODD = (
    ("", " ", "Umbrella", "Müller", " Acme Ltd", "n/a"),
    ("EUR", "", "JPY", "n/a"),
    ("", "2", "x", "1.0"),
    ("", "another", "1E5", "é", " a", "n/a", "x" * 80),
    ("closed", "free", "void", "", " open", "open ", "öpen", "\u00a0open", "n/a", "open\u200b", "x" * 80),
    ("", "0", "-2", "7", "1.5", "x", "1,000", "n/a"),
    ("", "0", "cheap", "-1", "12.345678", "99999999", "123456789012345", "1.005", "2.5", "0.05", "1e3", "n/a", " 3"),
    ("", "0", "3", "7", "1000", "100", "1", "-1", "0.5", "x", "n/a", "1.000"),
    ("", "0", "0.05", "-3", "x", "10", "99999999999999999"),
    ("", "0", "1", "1.005", "x", "-4", "n/a", "9" * 30),
    ("", "0", "1", "1.05", "x", "-4", "n/a"),
    ("", "1", "2", "3", "x", "1.0"),
    ("", "N30", " ", "n/a"),
    ("", "2025-12-31", "soon", "2026-13-01", "n/a"),
    ("skip", "s", "Total", "is refused", " s"),
)  # fmt: skip


NOTHING: Mapping[str, str] = MappingProxyType({})


class Case(NamedTuple):
    """A mapping, and a file that it fits but for some odd cells."""

    mapping: str
    rows: list[list[str]]


def _said(number: Decimal) -> str:
    text = format(number.quantize(Decimal("0.0001")), "f").rstrip("0").rstrip(".")
    return text if text != "-0" else "0"


def rows_of(key: int, lines: list[tuple[int, int, int, int]], priced: Priced) -> list[list[str]]:
    """The rows of an order: of each line the quantity, the price in cents, for how many it is, a discount in cents."""
    rows, amounts = [], []
    for line, (quantity, cents, per, less) in enumerate(lines, 1):
        price, discount = Decimal(cents) / 100, Decimal(less) / 100
        amounts.append(quantity * priced.of(price, Decimal(per), discount))
        row = [f"PO-{key:05d}", "Acme Ltd", "USD", str(line), f"a bolt {line}", "open", str(quantity), f"{price:.2f}"]
        rows.append([*row, str(per), f"{discount:.2f}", _said(amounts[-1])])
    total = _said(sum(amounts, Decimal(0)))
    return [[*row, total, str(len(rows)), "N30", "2026-03-04", ""] for row in rows]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A mapping that says a few things more than the plainest, and a file with a few odd cells."""
    chosen = {name: of[0] for name, of in CHOICES.items()}
    for name in draw(st.lists(st.sampled_from([*CHOICES]), max_size=3)):
        chosen[name] = draw(st.sampled_from(CHOICES[name]))
    priced = draw(st.sampled_from(PRICED))
    keys = draw(st.lists(st.integers(1, 60), min_size=4, max_size=20, unique=True))
    line = st.tuples(
        st.integers(1, 9), st.integers(1, 9_999), st.sampled_from([1, 10, 100, 1000]), st.sampled_from([0, 0, 1, 50])
    )
    rows = [row for key in keys for row in rows_of(key, draw(st.lists(line, min_size=1, max_size=3)), priced)]
    many = st.integers(0, len(rows) - 1)
    for place, column in draw(st.lists(st.tuples(many, st.integers(1, len(TITLES) - 1)), max_size=5)):
        rows[place][column] = draw(st.sampled_from(ODD[column - 1]))
    for column in draw(st.lists(st.sampled_from([1, 2, 4, 5, 8, 11, 12, 13]), max_size=2)):
        for above, row in pairwise(rows):
            row[column] = "" if above[0] == row[0] else row[column]
    if draw(st.integers(0, 4)) == 4:
        key, status = draw(st.sampled_from(["", "Total", "PO-1"])), draw(st.sampled_from(["closed", "closed", "", " "]))
        rows.insert(draw(many), [key, *[""] * 4, status, *[""] * 10])
    if draw(st.integers(0, 4)) == 4:
        make_lineless(rows[draw(many)])
    return Case(MAPPING.format(price=priced.said, **chosen), rows)


def file_of(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([TITLES, *rows])
    return stream.getvalue().encode()


def make_lineless(row: list[str]) -> None:
    """Leave of a row what it says of its order."""
    for place in (3, 4, *range(6, 11)):
        row[place] = ""


def orders_of_one_line() -> Case:
    """Orders of which the second row is skipped, one by one reason, the others by another; of one no line is left."""
    case = plain_case(30, chosen={"skipped": "skip_rows: {Status: closed, Note: skip}", "controls": ""})
    for row in case.rows[1::2]:
        row[TITLES.index("Status")] = "closed"
    case.rows[15][TITLES.index("Note")] = case.rows[17][TITLES.index("Note")] = "skip"
    case.rows[17][TITLES.index("Status")] = "open"
    make_lineless(case.rows[20])
    return case


def plain_case(count: int, priced: Priced = PRICED[0], chosen: Mapping[str, str] = NOTHING) -> Case:
    said = {**{name: of[0] for name, of in CHOICES.items()}, **chosen}
    lines = [(3, 1_250, 100, 50), (2, 999, 1, 0)]
    rows = [row for key in range(1, count) for row in rows_of(key, lines, priced)]
    return Case(MAPPING.format(price=priced.said, **said), rows)


def in_lines(count: int) -> Case:
    """Orders whose lines say the currency, with prices as fine as that."""
    return plain_case(count, PRICED[1], {"currency": "order-lines/currency/code", "controls": ""})


def with_row_of(case: Case, row: int, text: str) -> Case:
    """One more row, of which every cell says the same."""
    case.rows.insert(row, [text] * len(TITLES))
    return case


def with_cell(case: Case, row: int, title: str, text: str) -> Case:
    case.rows[row][TITLES.index(title)] = text
    return case


@settings(max_examples=200, deadline=None)
@given(case=cases(), size=st.sampled_from([300, 700, 1_500, 100_000]))
@example(case=with_cell(plain_case(9), 4, "PO Total", "1"), size=100_000)
@example(case=with_cell(plain_case(9), 5, "PO Total", "1"), size=100_000)
@example(case=with_cell(plain_case(9), 4, "Line Total", "1"), size=100_000)
@example(case=with_cell(plain_case(9), 1, "Per", "7"), size=100_000)
@example(case=with_cell(with_cell(plain_case(9, PRICED[5]), 3, "Discount", "n/a"), 3, "Price", "1.333"), size=100_000)
@example(case=with_cell(with_cell(in_lines(9), 4, "Currency", ""), 5, "Price", "1.505"), size=100_000)
@example(case=with_cell(plain_case(9, PRICED[5]), 6, "Price", "2.25"), size=500)
@example(
    case=with_cell(plain_case(9, chosen={"skipped": "skip_rows: {Status: closed}"}), 6, "Status", "closed"),
    size=100_000,
)
@example(
    case=with_cell(plain_case(9, chosen={"skipped": "skip_rows: {Status: closed}"}), 6, "Status", "closed "),
    size=100_000,
)
@example(case=with_row_of(plain_case(9, chosen={"skipped": CHOICES["skipped"][2]}), 6, ""), size=100_000)
@example(case=with_row_of(plain_case(9, chosen={"skipped": CHOICES["skipped"][2]}), 6, " "), size=100_000)
@example(case=with_row_of(plain_case(9, chosen={"skipped": CHOICES["skipped"][2]}), 6, "\u3000"), size=100_000)
@example(case=orders_of_one_line(), size=500)
@example(case=orders_of_one_line(), size=100_000)
@example(case=with_cell(plain_case(9, chosen={"fill": ", fill_down: [Supplier]"}), 6, "Supplier", " "), size=100_000)
def test_a_file_is_judged_alike_by_blocks_and_as_text(
    case: Case, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, data = tmp_path_factory.mktemp("law"), file_of(case.rows)
    plain = judged(folder, case.mapping, data)
    with by_blocks(size):
        proved = judged(folder, case.mapping, data)
    assert proved == plain


@settings(max_examples=60, deadline=None)
@given(case=cases(), size=st.sampled_from([300, 700, 1_500, 100_000]))
@example(case=orders_of_one_line(), size=500)
@example(case=orders_of_one_line(), size=1_500)
def test_orders_are_named_as_they_are_made(case: Case, size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    check_names(tmp_path_factory.mktemp("law"), case.mapping, file_of(case.rows), size)


@pytest.mark.parametrize("priced", PRICED[:7])
def test_calculated_prices_are_proved_with_the_figures_of_the_file(priced: Priced, tmp_path: Path) -> None:
    case = plain_case(300, priced)
    assert lines_proved(tmp_path, case.mapping, file_of(case.rows), 8_000) > 500


@pytest.mark.parametrize(
    ("setting", "text"),
    [(name, text) for name in ("currency", "text", "terms", "skipped") for text in CHOICES[name][:7]]
    + [("fill", text) for text in CHOICES["fill"][:3]]
    + [("status", CHOICES["status"][place]) for place in (1, 2, 4, 5)]
    + [("controls", CHOICES["controls"][place]) for place in (1, 2, 3, 4)],
)
def test_rows_under_conditions_are_proved(setting: str, text: str, tmp_path: Path) -> None:
    case = plain_case(300, chosen={setting: text})
    assert lines_proved(tmp_path, case.mapping, file_of(case.rows), 8_000) > 500


def test_rows_that_are_skipped_leave_the_orders_around_them_proved(tmp_path: Path) -> None:
    case = plain_case(300, chosen={"skipped": CHOICES["skipped"][3]})
    closed = [["", *row[1:5], "closed", *row[6:]] for row in case.rows]
    rows = [each for pair in zip(case.rows, closed, strict=True) for each in pair]
    assert lines_proved(tmp_path, case.mapping, file_of(rows), 16_000) > 500
