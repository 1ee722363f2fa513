"""The law of blocks where totals rows are left out: they are held against what is proved and what is read alike."""

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

np = pytest.importorskip("numpy")

from bulkpo.mapping.proving.number_form import NumberCells  # noqa: E402 - needs numpy
from bulkpo.mapping.proving.totals import in_cents_each  # noqa: E402 - needs numpy
from bulkpo.mapping.rows.running_sums import in_cents  # noqa: E402 - beside the above

TITLES = ("PO", "Currency", "Line", "Text", "Quantity", "Price", "Amount", "Type")
MAPPING = """\
bulkpo: import/1
name: law
resource: purchase_orders
document: {{key: po-number}}
numbers: {{decimal: "."}}
totals_rows: {totals}
columns:
  PO: po-number
  Currency: {currency}
  Line: order-lines/line-num
  Text: order-lines/description
  Quantity: {quantity}
  Price: order-lines/price
  Type: {type}
constants: {{supplier/name: Acme, ship-to-user/login: migration, order-lines/account/code: A}}
ignore_rest: not needed
rules: {{order-lines/currency: {{required: false}}, order-lines/quantity: {{required: false}}}}
{more}
"""
CHOICES = {
    "totals": ("skip", "keep", "{do: skip, amount: Amount, quantity: Quantity, within: 0.01}",
               "{do: skip, amount: [Amount, Price], differs: notice}", "{do: skip, differs: ignore}"),
    "currency": ("currency/code", "[currency/code, order-lines/currency/code]"),
    "type": ("{ignore: x}", "order-lines/type"),
    "quantity": ("order-lines/quantity",),
    "more": ("", "controls: [{column: Amount, equals: line_amount, within: 0.005}]",
             "open: {ordered: Quantity, received: {column: Line, empty: 0}, basis: not_received}",
             "skip_rows: {Text: gone}"),
}  # fmt: skip
ODD = {
    "Currency": ("", "EUR", "JPY"),
    "Line": ("", "x"),
    "Text": ("", "Total", "gone"),
    "Quantity": ("", "2", "1.5", "x", "0"),
    "Price": ("", "1.005", "2.345", "0", "x", "-3", "0.001"),
    "Amount": ("", "1", "x"),
    "Type": ("OrderAmountLine", "OrderQuantityLine", ""),
}
NOTHING: Mapping[str, str] = MappingProxyType({})


class Case(NamedTuple):
    """A mapping, and a file with totals rows, some of which say something else."""

    mapping: str
    rows: list[list[str]]

    def data(self) -> bytes:
        stream = io.StringIO(newline="")
        csv.writer(stream, lineterminator="\n").writerows([TITLES, *self.rows])
        return stream.getvalue().encode()


def rows_of(key: int, lines: list[tuple[int, int]]) -> list[list[str]]:
    """The rows of an order: of each line the quantity and the price in thousandths."""
    currency = ("USD", "EUR", "USD", "USD")[key % 4]
    rows = []
    for number, (quantity, price) in enumerate(lines, 1):
        each = Decimal(price) / 1000
        cells = [f"PO-{key:05d}", currency, str(number), f"a bolt {number}", str(quantity), f"{each:.3f}"]
        rows.append([*cells, str(quantity * each), "OrderQuantityLine"])
    return rows


def total_of(rows: list[list[str]], more: Decimal = Decimal(0), *, cents: bool = False) -> list[str]:
    """A totals row of some rows, with so much more than they come to."""
    amounts = [Decimal(row[6]) for row in rows if row[0] and row[6]]
    amount = sum(map(in_cents, amounts) if cents else amounts, more)
    quantity = sum((Decimal(row[4]) for row in rows if row[0] and row[4]), Decimal(0))
    return ["", "", "", "Total", str(quantity), "", str(amount), ""]


def plain_case(count: int, chosen: Mapping[str, str] = NOTHING, more: str = "0", every: int = 1_000) -> Case:
    """Orders of two lines with a totals row now and then, and one of all at the end."""
    said = {**{name: of[0] for name, of in CHOICES.items()}, **chosen}
    rows: list[list[str]] = []
    since = 0
    for key in range(count):
        rows += rows_of(key, [(3, 12_505), (2, 9_995)])
        if key % every == every - 1:
            rows.append(total_of(rows[since:]))
            since = len(rows)
    return Case(MAPPING.format(**said), [*rows, total_of(rows, Decimal(more))])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A mapping that leaves totals rows out or keeps them, and a file with some, right and wrong."""
    chosen = {name: of[0] for name, of in CHOICES.items()}
    for name in draw(st.lists(st.sampled_from([*CHOICES]), max_size=3)):
        chosen[name] = draw(st.sampled_from(CHOICES[name]))
    line = st.tuples(st.integers(1, 4), st.sampled_from([500, 1_005, 9_995, 12_505, 333]))
    rows: list[list[str]] = []
    since = 0
    for key in draw(st.lists(st.integers(1, 60), min_size=4, max_size=20, unique=True)):
        order = rows_of(key, draw(st.lists(line, min_size=1, max_size=3)))
        if draw(st.integers(0, 4)) == 4:
            title = draw(st.sampled_from([*ODD]))
            order[0][TITLES.index(title)] = draw(st.sampled_from(ODD[title]))
        rows += order
        if draw(st.integers(0, 5)) == 5:
            more = draw(st.sampled_from(["0", "0", "0.005", "1", "-12.505"]))
            of = draw(st.sampled_from([order, rows[since:], rows]))
            numbers = [row for row in of if "x" not in (row[4], row[5], row[6])]
            rows.append(total_of(numbers, Decimal(more), cents=draw(st.booleans())))
            since = len(rows)
    return Case(MAPPING.format(**chosen), rows)


HELD = {"totals": CHOICES["totals"][2]}


@settings(max_examples=200, deadline=None)
@given(case=cases(), size=st.sampled_from([300, 700, 1_500, 100_000]))
@example(case=plain_case(12), size=400)
@example(case=plain_case(12, more="1"), size=400)
@example(case=plain_case(12, HELD, more="0.04"), size=400)
@example(case=plain_case(12, HELD, every=4), size=400)
@example(case=plain_case(12, {**HELD, "currency": CHOICES["currency"][1]}, more="-3"), size=300)
@example(case=plain_case(12, {"more": CHOICES["more"][3]}, more="1"), size=400)
def test_a_file_with_totals_rows_is_judged_alike_by_blocks_and_as_text(
    case: Case, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, data = tmp_path_factory.mktemp("law"), case.data()
    plain = judged(folder, case.mapping, data)
    with by_blocks(size):
        proved = judged(folder, case.mapping, data)
    assert proved == plain


def with_total(case: Case, said: list[str], *cells: tuple[int, str, str]) -> Case:
    """The case with other cells in some rows, and at its end a totals row that says this."""
    for row, title, text in cells:
        case.rows[row][TITLES.index(title)] = text
    return Case(case.mapping, [*case.rows[:-1], said])


def told(amount: str, quantity: str = "", text: str = "Total", price: str = "") -> list[str]:
    return ["", "", "", text, quantity, price, amount, ""]


EITHER = {**HELD, "currency": CHOICES["currency"][1]}
SKIPPED = {**HELD, "more": CHOICES["more"][3]}
CASES = {
    "right": plain_case(12, HELD),
    "wrong": plain_case(12, HELD, more="1"),
    "right where each line is in cents": with_total(plain_case(12), told("", text="Sum", price="690.12")),
    "wrong in a line that cannot be read": with_total(plain_case(12, HELD), told("600"), (8, "Price", "x")),
    "of a line without a quantity": with_total(plain_case(12, HELD), told("665.05", "57"), (8, "Quantity", "")),
    "of lines whose quantity no column says": with_total(
        plain_case(12, {**HELD, "quantity": "{ignore: x}"}), told("270.000", "0")
    ),
    "of rows that are skipped": with_total(plain_case(12, SKIPPED), told("690.06", "60"), (8, "Text", "gone")),
    "of quantities in cents": with_total(
        plain_case(12, HELD), told("", "12.24"), *((row, "Quantity", "0.505") for row in range(24))
    ),
    "of quantities that are not in cents": with_total(
        plain_case(12, HELD), told("", "12.5"), *((row, "Quantity", "0.505") for row in range(24))
    ),
    "of one currency": with_total(plain_case(12, EITHER), told("172.515", "60")),
    "of no currency": with_total(
        plain_case(12, HELD), told("345.03", "60"), *((row, "Currency", "") for row in range(0, 24, 4)),
        *((row, "Currency", "") for row in range(1, 24, 4)),
    ),
    "without a word": with_total(plain_case(12), told("", text="", price="690.06")),
    "after another": plain_case(12, HELD, every=4),
    "after another that is wrong": plain_case(12, HELD, more="-7", every=4),
}  # fmt: skip


WRONG = [CASES[name] for name in ("wrong", "of quantities that are not in cents", "after another that is wrong")]


@pytest.mark.parametrize("size", [400, 1_000])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_a_totals_row_says_is_held_in_bytes_as_in_text(case: Case, size: int, tmp_path: Path) -> None:
    plain = judged(tmp_path, case.mapping, case.data())
    assert isinstance(plain, dict)
    differing = [each for each in plain["findings"] if each.code == "totals-differ"]
    assert bool(differing) == (case in WRONG)
    with by_blocks(size):
        assert judged(tmp_path, case.mapping, case.data()) == plain


@pytest.mark.parametrize("size", [400, 1_000])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_orders_by_name_are_those_that_are_made_beside_totals_rows(case: Case, size: int, tmp_path: Path) -> None:
    check_names(tmp_path, case.mapping, case.data(), size, 3)


@pytest.mark.parametrize("said", CHOICES["totals"])
@pytest.mark.parametrize("more", CHOICES["more"][:3])
def test_orders_are_proved_where_totals_rows_are_left_out(said: str, more: str, tmp_path: Path) -> None:
    case = plain_case(300, {"totals": said, "more": more})
    assert lines_proved(tmp_path, case.mapping, case.data(), 4_000) > 200


@given(st.lists(st.tuples(st.integers(-(2**61), 2**61), st.integers(0, 36)), min_size=1, max_size=20))
@example([(5, 3), (-5, 3), (4, 3), (15, 3), (-(2**61), 20)])
def test_numbers_are_rounded_to_cents_as_decimals_are(numbers: list[tuple[int, int]]) -> None:
    values, decimals = (np.array(each, np.int64) for each in zip(*numbers, strict=True))
    found = in_cents_each(NumberCells(values, decimals, np.ones(len(values), np.bool_)))
    rounded = [
        Decimal(value).scaleb(-places)
        for value, places in zip(found.values.tolist(), found.decimals.tolist(), strict=True)
    ]
    assert rounded == [in_cents(Decimal(value).scaleb(-places)) for value, places in numbers]
