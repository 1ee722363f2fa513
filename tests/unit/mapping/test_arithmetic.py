"""Arithmetic that a mapping declares: exact results, and whatever cannot be calculated told of its own cell."""

from decimal import Decimal
from pathlib import Path

import pytest
from cleaned import clean_documents

from bulkpo.errors import MappingError
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: arithmetic
document: {{key: po-number}}
numbers: {{decimal: ".", thousands: ","}}
blanks: [n/a]
columns:
  PO: po-number
  Price: {price}
  Per: {{ignore: calculated with}}
  Freight: {{ignore: calculated with}}
constants: {{order-lines/description: bolts, order-lines/currency/code: USD, order-lines/quantity: 2}}
rules: {{ship-to-user: {{required: false}}, ship-to-address: {{required: false}}}}
"""


def opened(folder: Path, price: str, *rows: str) -> MappedFile:
    (folder / "m.yaml").write_text(MAPPING.format(price=price))
    (folder / "orders.csv").write_text("PO,Price,Per,Freight\n" + "".join(f"{row}\n" for row in rows))
    return open_mapped(folder / "m.yaml", folder / "orders.csv", TABLES)


def prices(file: MappedFile) -> list[str | None]:
    """The prices of the lines that are sent."""
    place = next(n for n, each in enumerate(file.mapping.levels[1].level.fields) if str(each.path) == "price")
    return [line.values[place] for each in clean_documents(file, check(file)) for line in each.members]


def told(file: MappedFile) -> list[tuple[str, str, str]]:
    return [
        (place_of(file.source, each.row, each.column).removeprefix("orders.csv, "), each.code, each.message)
        for each in check(file).findings
        if each.code not in ("line-type-left-open", "perhaps-required", "account-left-open")
    ]


@pytest.mark.parametrize(
    ("block", "row", "price"),
    [
        ("divide_by: Per", "12.50,100,", "0.125"),
        ("divide_by: Per", '"1,250.00","1,000",', "1.25"),
        ("divide_by: 100", "12.50,,", "0.125"),
        ("multiply_by: 0.01", "37.5,,", "0.375"),
        ("negate: true", "12.50,,", "-12.5"),
        ("negate: true", "0,,", "0"),
        ("negate: false, add: 0", "12.50,,", "12.5"),
        ("add: Freight, divide_by: Per", "12.50,100,1", "1.125"),
        ("steps: [{add: Freight}, {divide_by: Per}]", "12.50,100,1", "0.135"),
        ("divide_by: Per, multiply_by: 3", "10,3,", "10"),
        ("divide_by: Per, round: {digits: 2}", "0.25,100,", "0"),
        ("divide_by: Per, round: {digits: 2}", "0.5,100,", "0.01"),
        ("divide_by: Per, round: {digits: 2, how: half_even}", "0.5,100,", "0"),
        ("divide_by: Per, round: {digits: 2, how: down}", "-1.99,100,", "-0.01"),
        ("divide_by: Per, round: {digits: 2, how: up}", "0.01,100,", "0.01"),
        ("divide_by: Per, round: {digits: 6}", "2,3,", "0.666667"),
        ("steps: [{divide_by: Per}, {round: {digits: 2}}, {multiply_by: 100}]", "1,3,", "33"),
        ("divide_by: {column: Per, empty: 1}", "12.50,,", "12.5"),
        ("divide_by: {column: Per, empty: 1}", "12.50,n/a,", "12.5"),
        ("divide_by: {column: Per, zero: 1}", "12.50,0.00,", "12.5"),
        ("divide_by: Per, default: 7", ",,", "7"),
        ("divide_by: Per, when: {Freight: yes}", "12,100,yes", "0.12"),
        ('extract: "[0-9.]+$", divide_by: Per', "EUR 12,100,", "0.12"),
    ],
)
def test_a_result_is_exact_and_only_rounded_where_the_mapping_says_so(
    tmp_path: Path, block: str, row: str, price: str
) -> None:
    file = opened(tmp_path, f"{{to: order-lines/price, {block}}}", f"A1,{row}")
    assert prices(file) == [price]


@pytest.mark.parametrize(
    ("block", "row", "finding"),
    [
        (
            "divide_by: Per",
            "12.50,,",
            (
                "line 2, column 3",
                "operand-empty",
                (
                    "Per: the cell is empty, and Price is to be divided by it; fill it in, or say divide_by: "
                    "{column: Per, empty: …}"
                ),
            ),
        ),
        (
            "divide_by: Per",
            "12.50,0,",
            (
                "line 2, column 3",
                "division-by-zero",
                (
                    "Per: nothing can be divided by 0; correct it, or say what it stands for: divide_by: {column: Per, "
                    "zero: …}"
                ),
            ),
        ),
        (
            "divide_by: Per",
            "10,3,",
            (
                "line 2, column 2",
                "endless-result",
                "Price: 10 ÷ 3 does not end; say to how many digits it is rounded: round: {digits: 6}",
            ),
        ),
        (
            "steps: [{add: Freight}, {divide_by: Per}]",
            "0.0125,1000,1",
            (
                "line 2, column 2",
                "too-many-decimals",
                (
                    "Price: (0.0125 + 1) ÷ 1000 is 0.0010125, which has 7 decimals, at most 6 fit; say how it is "
                    "rounded: round: {digits: 6, how: half_up}"
                ),
            ),
        ),
        (
            "divide_by: Per",
            "12.50,per 100,",
            ("line 2, column 3", "not-a-number", "Per: 'per 100' is not a number written like 1,234.50"),
        ),
        (
            "subtract: Freight",
            f"1,,{'9' * 45}",
            ("line 2, column 4", "too-large", "Freight: a number to calculate with has at most 40 digits; correct it"),
        ),
        (
            "multiply_by: Per",
            f"{'9' * 20},{'9' * 20},",
            (
                "line 2, column 2",
                "too-large",
                (
                    f"Price: {'9' * 20} × {'9' * 20} is {int('9' * 20) ** 2}: {int('9' * 20) ** 2} has more than 24 "
                    "digits before the decimal point; correct it"
                ),
            ),
        ),
    ],
)
def test_what_cannot_be_calculated_holds_its_order_and_is_told_of_its_own_cell(
    tmp_path: Path, block: str, row: str, finding: tuple[str, str, str]
) -> None:
    file = opened(tmp_path, f"{{to: order-lines/price, {block}}}", f"A1,{row}", "A2,8,2,0.5")
    assert told(file) == [finding]
    assert len(prices(file)) == 1


def test_rounding_is_counted_in_one_notice_with_its_first_result(tmp_path: Path) -> None:
    block = "{to: order-lines/price, divide_by: Per, round: {digits: 2}}"
    file = opened(tmp_path, block, "A1,10,3,", "A2,10,4,", "A3,20,3,")
    message = (
        "Price: 2 results rounded (round: {digits: 2, how: half_up}), as the mapping says; the first: 10 ÷ 3, sent as "
        "3.33"
    )
    assert told(file) == [("orders.csv", "results-rounded", message)]
    assert [total.amount for total in check(file).totals] == [2 * Decimal("12.50")]


@pytest.mark.parametrize(
    ("price", "problem"),
    [
        ("{to: order-lines/price, divide_by: 0}", "nothing can be divided by 0; write another number"),
        (
            "{to: order-lines/price, divide_by: {column: Per, empty: 0}}",
            "nothing can be divided by 0; write another number",
        ),
        (
            "{to: order-lines/price, divide_by: 2, round: {digits: 8}}",
            "Price, to order-lines/price: at most 6 decimals fit, so round to 6 digits",
        ),
        (
            "[order-lines/price, {to: order-lines/source-part-num, negate: true}]",
            (
                "Price, to order-lines/source-part-num: only numbers are calculated, and this is a string; remove the "
                "arithmetic"
            ),
        ),
        (
            "{to: order-lines/price, divide_by: 2, value: 3}",
            "Price, to order-lines/price: value and arithmetic do not go together; remove one of the two",
        ),
        ("{to: order-lines/price, steps: [{add: 1}], add: 2}", "steps says what is calculated; put add there"),
    ],
)
def test_arithmetic_that_cannot_be_meant_is_an_error_of_the_mapping(tmp_path: Path, price: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        opened(tmp_path, price)
    assert [each.partition(": ")[2] for each in caught.value.problems] == [problem]


def test_a_heading_to_calculate_with_that_the_file_lacks_is_named_before_any_row(tmp_path: Path) -> None:
    file = opened(tmp_path, "{to: order-lines/price, divide_by: Price unit}", "A1,1,1,1")
    with pytest.raises(MappingError) as caught:
        check(file)
    assert "'Price unit'" in caught.value.problems[0]
