"""The file's own figures: what lines and orders are said to come to, and what a whole file must."""

from pathlib import Path

import pytest

from bulkpo.errors import MappingError
from bulkpo.model.agreed import Agreed, agreeing_line
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
ADVICE = ("line-type-left-open", "perhaps-required", "account-left-open")
MAPPING = """\
bulkpo: import/1
name: controls
document: {{key: po-number}}
rules: {{ship-to-user: {{required: false}}, order-lines/account: {{required: false}}}}
constants: {{order-lines/description: bolts, order-lines/currency/code: EUR}}
{more}
columns:
  PO: po-number
  Line: order-lines/line-num
  Qty: order-lines/quantity
  Price: order-lines/price
  Total: {{ignore: control}}
  PO Total: {{ignore: control}}
  Lines: {{ignore: control}}
  Rec: {{ignore: counted}}
"""
TITLES = "PO,Line,Qty,Price,Total,PO Total,Lines,Rec"
ALL = (
    "[{column: Total, equals: line_amount}, {column: PO Total, equals: order_amount}, "
    "{column: Lines, equals: line_count}]"
)


def checked(folder: Path, *rows: str, more: str) -> tuple[MappedFile, Checked]:
    (folder / "m.yaml").write_text(MAPPING.format(more=more))
    (folder / "orders.csv").write_text("\n".join((TITLES, *rows, "")))
    file = open_mapped(folder / "m.yaml", folder / "orders.csv", TABLES)
    return file, check(file)


def told(file: MappedFile, found: Checked) -> list[tuple[str, str, str]]:
    return [
        (place_of(file.source, each.row, each.column).removeprefix("orders.csv, "), each.severity.value, each.message)
        for each in found.findings
        if each.code not in ADVICE
    ]


GOOD = ("A,1,3,2.5,7.50,17.5,2,0", "A,2,1,10,10,,,0", "B,1,2,1,2,2,1,0", "C,1,1,1,1,1,1,0")


def test_figures_that_agree_say_nothing(tmp_path: Path) -> None:
    file, found = checked(tmp_path, *GOOD, more=f"controls: {ALL}")
    assert told(file, found) == []
    assert found.ok == 3


def test_a_line_that_comes_to_something_else_holds_its_order(tmp_path: Path) -> None:
    file, found = checked(tmp_path, GOOD[0].replace("7.50", "7.51"), *GOOD[1:], more=f"controls: {ALL}")
    message = (
        "Total: the line comes to 7.5, but the cell says 7.51; correct one of the two, or say within: how far they may "
        "differ"
    )
    assert told(file, found) == [("line 2, column 5", "error", message)]
    assert found.failed_keys == {"A"}


def test_an_order_that_comes_to_something_else_is_held_and_both_figures_are_named(tmp_path: Path) -> None:
    rows = (GOOD[0], GOOD[1], "B,1,2,1,2,3,2,0", GOOD[3])
    remedy = "correct one of the two, or say within: how far they may differ"
    for scattered in (rows, (rows[0], rows[2], rows[1], rows[3])):
        file, found = checked(tmp_path, *scattered, more=f"controls: {ALL}")
        line = scattered.index(rows[2]) + 2
        assert told(file, found) == [
            (f"line {line}, column 6", "error", f"PO Total: order B comes to 2, but the cell says 3; {remedy}"),
            (f"line {line}, column 7", "error", f"Lines: order B has 1 line, but the cell says 2; {remedy}"),
        ]
        assert found.failed_keys == {"B"}
        assert found.rows == found.clean_rows + found.failed_rows


@pytest.mark.parametrize(
    ("control", "severity"), [("within: 0.01", None), ("within: 0.009", "error"), ("differs: notice", "notice")]
)
def test_differences_of_rounding_are_declared(tmp_path: Path, control: str, severity: str | None) -> None:
    more = f"controls: [{{column: PO Total, equals: order_amount, {control}}}]"
    file, found = checked(tmp_path, "A,1,3,3.33,,9.98,,0", GOOD[2], more=more)
    assert [each[1] for each in told(file, found)] == ([severity] if severity else [])
    assert found.ok == (1 if severity == "error" else 2)


def test_rows_of_one_order_that_state_different_totals_are_told(tmp_path: Path) -> None:
    more = "controls: [{column: PO Total, equals: order_amount}]"
    file, found = checked(tmp_path, "A,1,1,1,,2,,0", "A,2,1,1,,3,,0", more=more)
    message = (
        "PO Total: the cell says 2, but row 3 says otherwise; correct one of the two, or say within: how far they may "
        "differ"
    )
    assert told(file, found) == [("line 2, column 6", "error", message)]


def test_a_figure_that_is_no_number_is_an_error(tmp_path: Path) -> None:
    file, found = checked(tmp_path, "A,1,1,1,about 1,,,0", more=f"controls: {ALL}")
    assert [each[0] for each in told(file, found)] == ["line 2, column 5"]


@pytest.mark.parametrize(
    ("of", "total", "is_good"), [("ordered", 30, 1), ("open", 12, 1), ("ordered", 12, 0), ("open", 30, 0)]
)
def test_beside_a_balance_a_figure_is_of_what_is_ordered_or_of_what_is_open(
    tmp_path: Path, of: str, total: int, is_good: int
) -> None:
    more = (
        "open: {ordered: Qty, received: Rec, basis: not_received}\n"
        f"controls: [{{column: PO Total, equals: order_amount, of: {of}}}]"
    )
    _, found = checked(tmp_path, f"A,1,10,2,,{total},,4", f"A,2,5,2,,{total},,5", more=more)
    assert found.ok == is_good


def test_beside_a_balance_a_control_that_does_not_say_what_it_counts_is_an_error_of_the_mapping(tmp_path: Path) -> None:
    more = "open: {ordered: Qty, received: Rec, basis: not_received}\ncontrols: [{column: Total, equals: line_amount}]"
    with pytest.raises(MappingError) as caught:
        checked(tmp_path, more=more)
    assert "the mapping has a balance; say what the column counts: of: ordered, or of: open" in caught.value.problems[0]


def test_a_file_that_comes_to_what_is_expected_says_nothing(tmp_path: Path) -> None:
    file, found = checked(tmp_path, *GOOD, more="expected: {orders: 3, lines: 4, amount: {EUR: 20.50}}")
    assert told(file, found) == []


def test_amounts_are_compared_at_the_decimals_they_are_written_with(tmp_path: Path) -> None:
    for amount, differs in (("20.5", False), ("21", False), ("20", True), ("20.51", True)):
        _, found = checked(tmp_path, *GOOD, more=f"expected: {{amount: {{EUR: {amount}}}}}")
        assert found.is_unexpected == differs


def test_a_file_that_does_not_come_to_what_is_expected_names_both_figures(tmp_path: Path) -> None:
    more = "expected: {orders: 579, lines: 2724, amount: {EUR: 63946325.54, USD: 1}}"
    file, found = checked(tmp_path, *GOOD, more=more)
    rest = "see which rows are missing or too many, or correct what is expected"
    assert told(file, found) == [
        ("orders.csv", "error", f"the file has 3 orders, but 579 are expected; {rest}"),
        ("orders.csv", "error", f"the file has 4 lines, but 2,724 are expected; {rest}"),
        ("orders.csv", "error", f"the orders come to 20.50 EUR, but 63,946,325.54 are expected; {rest}"),
        (
            "orders.csv",
            "error",
            f"the orders come to 0.00 USD (no order is in USD; currencies are: EUR), but 1.00 are expected; {rest}",
        ),
    ]
    assert found.ok == 3


def test_orders_with_errors_count_for_what_is_expected(tmp_path: Path) -> None:
    _file, found = checked(tmp_path, *GOOD, "D,1,1,,,,,0", more="expected: {orders: 4, lines: 5, amount: {EUR: 20.5}}")
    assert not found.is_unexpected
    assert found.failed == 1


@pytest.mark.parametrize("said", ["orders=many", "ordres=5", "amount=5", "orders=1.5"])
def test_what_is_expected_on_the_command_line_must_be_a_figure(tmp_path: Path, said: str) -> None:
    file, _ = checked(tmp_path, *GOOD, more="")
    with pytest.raises(ValueError, match=said.partition("=")[0]):
        file.expecting(dict([said.split("=")]))


@pytest.mark.parametrize(
    ("rows", "more", "line"),
    [
        (
            GOOD,
            f"controls: {ALL}\nexpected: {{orders: 3, lines: 4, amount: {{EUR: 20.5}}}}",
            (
                "Control totals agree: 3 orders, 4 lines, EUR 20.50 with what is expected of the file; Total with what "
                "the lines of the orders come to (EUR 20.50); PO Total with what the orders come to (3 cells); Lines "
                "with how many lines the orders have (3 cells)."
            ),
        ),
        (GOOD, "expected: {orders: 4, lines: 4}", "Control totals agree: 4 lines with what is expected of the file."),
        (GOOD, "expected: {orders: 4}", ""),
        (
            (GOOD[0].replace("7.50", "7.51"), *GOOD[1:]),
            f"controls: {ALL}",
            (
                "Control totals agree: PO Total with what the clean orders come to (3 cells); Lines with how many "
                "lines the clean orders have (3 cells)."
            ),
        ),
        (
            ("A,1,3,2.5,7.51,,,0",),
            "controls: [{column: Total, equals: line_amount, differs: notice}, {column: Lines, equals: line_count}]",
            "",
        ),
        (("A,1,3,x,7.50,7.50,1,0",), f"controls: {ALL}", ""),
        (GOOD, "", ""),
    ],
)
def test_figures_that_agree_are_told_in_a_line_with_what_they_were_held_against(
    tmp_path: Path, rows: tuple[str, ...], more: str, line: str
) -> None:
    _, found = checked(tmp_path, *rows, more=more)
    assert agreeing_line(found.agreeing) == line


def test_figures_of_what_was_ordered_are_told_with_what_was(tmp_path: Path) -> None:
    more = "open: {ordered: Qty, basis: not_received, received: Rec}\n"
    more += "controls: [{column: Total, equals: line_amount, of: ordered}]"
    _, found = checked(tmp_path, "A,1,3,2.5,7.50,,,1", "B,1,2,1,2,,,1", more=more)
    (agreed,) = found.agreeing
    assert agreed == Agreed("Total", "what the lines of the orders come to as ordered", ("EUR 9.50",))


def test_figures_of_a_large_file_that_agree_are_told_too(tmp_path: Path) -> None:
    rows = [f"P{number},1,2,1,2,2,1,0" for number in range(40_000)]
    _, found = checked(tmp_path, *rows, more=f"controls: {ALL}")
    assert [str(each).partition(" with ")[0::2] for each in found.agreeing] == [
        ("Total", "what the lines of the orders come to (EUR 80,000.00)"),
        ("PO Total", "what the orders come to (EUR 80,000.00)"),
        ("Lines", "how many lines the orders have (40,000)"),
    ]


def test_the_line_of_what_agrees_stays_short() -> None:
    many = [Agreed(f"Total {number}", "the lines above", tuple("123456789")) for number in range(14)]
    line = agreeing_line(many)
    assert line.startswith("Control totals agree: Total 0 with the lines above (1, 2, 3, 4, 5, 6 and 3 more); Total 1 ")
    assert line.endswith("(1, 2, 3, 4, 5, 6 and 3 more); and 2 more.")
