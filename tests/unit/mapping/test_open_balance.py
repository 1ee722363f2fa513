"""The open balance: what is finished is skipped, what is odd is told, and what is open is sent, in every layout."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from cleaned import clean_documents
from hypothesis import given, settings
from hypothesis import strategies as st

from bulkpo.errors import MappingError
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
ADVICE = ("line-type-left-open", "perhaps-required", "account-left-open", "unmapped-column", "delimiter-guessed")
HEAD = """\
bulkpo: import/1
name: open
document: {document}
rules: {{ship-to-user: {{required: false}}, order-lines/account: {{required: false}}}}
constants: {{order-lines/description: bolts, order-lines/currency/code: EUR}}
"""
PLAIN = """\
open: {open}
columns:
  PO: po-number
  Supplier: supplier/name
  Line: order-lines/line-num
  Qty: order-lines/quantity
  Price: order-lines/price
  Rec: {{ignore: counted}}
  Bill: {{ignore: counted}}
"""
RECEIVED = "{ordered: Qty, received: Rec, invoiced: Bill, basis: not_received}"
TITLES = "PO,Supplier,Line,Qty,Price,Rec,Bill"


def opened(folder: Path, mapping: str, files: Mapping[str, str]) -> tuple[MappedFile, Checked]:
    (folder / "m.yaml").write_text(mapping)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    file = open_mapped(folder / "m.yaml", folder / f"{next(iter(files))}.csv", TABLES)
    return file, check(file)


def plain(folder: Path, *rows: str, open_: str = RECEIVED, more: str = "") -> tuple[MappedFile, Checked]:
    mapping = HEAD.format(document="{key: po-number}") + PLAIN.format(open=open_) + more
    return opened(folder, mapping, {"orders": "\n".join((TITLES, *rows, ""))})


def sent(file: MappedFile, checked: Checked) -> dict[str, list[tuple[str | None, ...]]]:
    """The lines that are sent: number, quantity and price."""
    fields = [str(each.path) for each in file.mapping.levels[1].level.fields]
    places = [fields.index(name) if name in fields else None for name in ("line-num", "quantity", "price")]
    return {
        each.key: [tuple(None if at is None else line.values[at] for at in places) for line in each.members]
        for each in clean_documents(file, checked)
    }


def told(file: MappedFile, checked: Checked) -> list[tuple[str, str, str]]:
    return [
        (place_of(file.source, each.row, each.column).partition(", ")[2], each.code, each.message)
        for each in checked.findings
        if each.code not in ADVICE
    ]


def accounted(checked: Checked) -> bool:
    return checked.rows == checked.clean_rows + checked.failed_rows + checked.skipped_rows + checked.keyless


def test_what_is_open_is_sent_and_finished_lines_are_skipped_counted_and_listed(tmp_path: Path) -> None:
    file, checked = plain(tmp_path, "A,S,1,10,2.5,4,0", "A,S,2,3,1,3,3", "B,S,1,1,7,1,0", "C,S,1,2,8,0,0")
    assert sent(file, checked) == {"A": [("1", "6", "2.5")], "C": [("1", "2", "8")]}
    assert checked.skipped == {"finished: all of Qty is received (Rec)": [3, 4]}
    assert (checked.documents, checked.lines, told(file, checked)) == (2, 2, [])
    assert [each.as_json() for each in checked.open] == [
        {"currency": "EUR", "lines": 4, "finished": 2, "ordered": "51.0", "done": "20.0", "open": "31.0"}
    ]
    assert accounted(checked)


def test_the_basis_says_which_column_counts(tmp_path: Path) -> None:
    file, checked = plain(
        tmp_path, "A,S,1,10,2.5,4,3", open_="{ordered: Qty, received: Rec, invoiced: Bill, basis: not_invoiced}"
    )
    assert sent(file, checked) == {"A": [("1", "7", "2.5")]}


@pytest.mark.parametrize(
    ("row", "policy", "finding", "lines"),
    [
        (
            "A,S,1,10,2.5,12,0",
            "",
            (
                "line 2, column 6",
                "more-than-ordered",
                "Rec: 12 of 10 Qty are received; correct it, or say over: finished",
            ),
            {},
        ),
        (
            "A,S,1,10,2.5,12,0",
            "over: finished",
            (
                "line 2, column 6",
                "more-than-ordered",
                "Rec: 12 of 10 Qty are received; the line is skipped as finished, as the mapping says",
            ),
            {},
        ),
        (
            "A,S,1,-5,2.5,0,0",
            "",
            (
                "line 2, column 4",
                "nothing-ordered",
                "Qty: -5 are ordered, nothing that could be open; correct it, or say not_positive: skip, or send",
            ),
            {},
        ),
        ("A,S,1,0,2.5,0,0", "not_positive: skip", None, {}),
        (
            "A,S,1,-5,2.5,-2,0",
            "not_positive: send",
            (
                "line 2, column 4",
                "nothing-ordered",
                "Qty: -5 are ordered, nothing that could be open; sent as it stands, as the mapping says",
            ),
            {"A": [("1", "-3", "2.5")]},
        ),
        (
            "A,S,1,5,2.5,-2,0",
            "",
            (
                "line 2, column 6",
                "done-below-zero",
                "Rec: -2 are received, fewer than none; correct it, or say returned: add, or ignore",
            ),
            {},
        ),
        (
            "A,S,1,5,2.5,-2,0",
            "returned: add",
            (
                "line 2, column 6",
                "done-below-zero",
                "Rec: -2 are received, fewer than none; it adds to what is open, as the mapping says",
            ),
            {"A": [("1", "7", "2.5")]},
        ),
        (
            "A,S,1,5,2.5,,0",
            "",
            (
                "line 2, column 6",
                "operand-empty",
                (
                    "Rec: the cell is empty, and nothing says how much of Qty is received; fill it in, or say "
                    "received: {column: Rec, empty: 0}"
                ),
            ),
            {},
        ),
        ("A,S,1,5,2.5,some,0", "", ("line 2, column 6", "not-a-number", ""), {}),
        (
            "A,S,1,5,2.5,0.1234567,0",
            "",
            (
                "line 2, column 4",
                "too-many-decimals",
                "Qty: what is open of it is 4.8765433: 4.8765433 has 7 decimals, at most 6 fit; round it yourself",
            ),
            {},
        ),
    ],
)
def test_lines_that_are_not_plainly_open_or_finished_are_told(
    tmp_path: Path, row: str, policy: str, finding: tuple[str, str, str] | None, lines: dict[str, object]
) -> None:
    open_ = RECEIVED.replace("}", f", {policy}}}") if policy else RECEIVED
    file, checked = plain(tmp_path, row, "Z,S,1,1,1,0,0", open_=open_)
    found = [each for each in told(file, checked) if each[1] != "negative-quantity"]  # told of whatever is sent so
    assert [(place, code) for place, code, _ in found] == ([finding[:2]] if finding else [])
    assert not finding or found[0][2].startswith(finding[2])
    assert sent(file, checked) == {**lines, "Z": [("1", "1", "1")]}
    assert accounted(checked)


def test_what_a_skipped_first_row_says_of_its_order_is_not_lost(tmp_path: Path) -> None:
    file, checked = plain(tmp_path, "A,Acme,1,1,1,1,0", "A,,2,5,1,1,0", "B,Beta,1,1,1,1,1", "B,,2,1,1,1,1")
    fields = [str(each.path) for each in file.mapping.layout.fields]
    (document,) = clean_documents(file, checked)
    assert document.values[fields.index("supplier/name")] == "Acme"
    assert told(file, checked) == []


def test_amount_lines_have_a_balance_too(tmp_path: Path) -> None:
    open_ = (
        "[{ordered: Qty, received: Rec, basis: not_received}, {ordered: Price, invoiced: Bill, basis: not_invoiced}]"
    )
    mapping = HEAD.format(document="{key: po-number}") + PLAIN.format(open=open_)
    mapping = mapping.replace("Line: order", "Type: order-lines/type\n  Line: order")
    mapping = mapping.replace(
        "Qty: order-lines/quantity", "Qty: {to: order-lines/quantity, when: {Type: OrderQuantityLine}}"
    )
    rows = ("A,S,OrderAmountLine,1,,100,,40", "B,S,OrderAmountLine,1,,100,,100")
    file, checked = opened(tmp_path, mapping, {"orders": "\n".join((TITLES.replace("Line", "Type,Line"), *rows, ""))})
    assert told(file, checked) == []
    assert sent(file, checked) == {"A": [("1", None, "60")]}
    assert [(each.ordered, each.open) for each in checked.open] == [(Decimal(200), Decimal(60))]


JOINED = """\
tables:
  heads:
    columns: {PO: po-number, Currency: currency/code}
  lines:
    source: {file: lines.csv}
    open: {ordered: Qty, received: Rec, basis: not_received}
    columns:
      PO: po-number
      Line: order-lines/line-num
      Qty: order-lines/quantity
      Price: order-lines/price
      Rec: {ignore: counted}
"""


def test_orders_of_joined_tables_whose_lines_are_all_finished_are_skipped_whole(tmp_path: Path) -> None:
    file, checked = opened(
        tmp_path,
        HEAD.format(document="{key: po-number}") + JOINED,
        {"heads": "PO,Currency\nA,EUR\nB,USD\n", "lines": "PO,Line,Qty,Price,Rec\nA,1,5,2,1\nA,2,1,1,1\nB,1,2,3,2\n"},
    )
    assert told(file, checked) == []
    assert sent(file, checked) == {"A": [("1", "4", "2")]}
    assert (checked.documents, checked.ok, checked.skipped_rows) == (1, 1, 3)
    assert [(each.currency, each.ordered, each.open) for each in checked.open] == [
        ("EUR", Decimal(11), Decimal(8)),
        ("USD", Decimal(6), Decimal(0)),
    ]
    assert accounted(checked)


WIDE = """\
open:
  - {ordered: Qty 1, received: Rec 1, basis: not_received}
  - {ordered: Qty 2, received: Rec 2, basis: not_received}
columns:
  PO: po-number
  Qty 1: "order-lines[1]/quantity"
  Price 1: "order-lines[1]/price"
  Rec 1: {ignore: counted}
  Qty 2: "order-lines[2]/quantity"
  Price 2: "order-lines[2]/price"
  Rec 2: {ignore: counted}
"""


def test_of_lines_side_by_side_the_finished_ones_are_left_out_and_told(tmp_path: Path) -> None:
    file, checked = opened(
        tmp_path,
        HEAD.format(document="{key: po-number}") + WIDE,
        {"orders": "PO,Qty 1,Price 1,Rec 1,Qty 2,Price 2,Rec 2\nA,5,2,5,3,1,1\nB,1,1,1,2,1,2\nC,1,1,0,,,\n"},
    )
    assert sent(file, checked) == {"A": [(None, "2", "1")], "C": [(None, "1", "1")]}
    said = "the line is skipped: finished: all of Qty"
    assert told(file, checked) == [
        ("line 2, column 2", "line-left-out", f"Qty 1: {said} 1 is received (Rec 1)"),
    ]
    assert checked.skipped_rows == 1
    assert [(each.lines, each.finished) for each in checked.open] == [(5, 3)]
    assert accounted(checked)


SPLIT = """\
open: {ordered: Qty, received: Rec, basis: not_received}
columns:
  PO: po-number
  Line: order-lines/line-num
  Qty: order-lines/quantity
  Price: order-lines/price
  Rec: {ignore: counted}
  Account: order-lines/account-allocations/account/code
  Pct: order-lines/account-allocations/pct
"""


def test_a_finished_line_need_not_be_a_line_of_the_least_quantity(tmp_path: Path) -> None:
    mapping = HEAD.format(document="{key: po-number}") + PLAIN.format(open=RECEIVED)
    said = mapping.replace("rules: {", "rules: {order-lines/quantity: {min: 2}, ")
    rows = (TITLES, "A,S,1,10,1,10,0", "B,S,1,5,1,2,0", "C,S,1,5,1,4,0", "")
    file, checked = opened(tmp_path, said, {"orders": "\n".join(rows)})
    assert told(file, checked) == [
        ("line 4, column 4", "too-small", "Qty: what is open of it is 1: 1 is below 2; correct it")
    ]
    assert sent(file, checked) == {"B": [("1", "3", "1")]}
    assert accounted(checked)


def test_a_line_finished_by_one_balance_and_wrong_by_another_holds_its_own_order(tmp_path: Path) -> None:
    both = "[{ordered: Qty, received: Rec, basis: not_received}, {ordered: Price, invoiced: Bill, basis: not_invoiced}]"
    file, checked = plain(tmp_path, "A,S,1,3,2,3,5", "B,S,1,3,2,1,1", open_=both)
    message = "Bill: 5 of 2 Price are invoiced; correct it, or say over: finished"
    assert told(file, checked) == [("line 2, column 7", "more-than-ordered", message)]
    assert (checked.failed_keys, sent(file, checked)) == ({"A"}, {"B": [("1", "2", "1")]})
    assert accounted(checked)


def test_rows_that_go_on_with_a_finished_line_go_with_it(tmp_path: Path) -> None:
    rows = ("A,1,5,2,5,X,50", "A,1,,,,Y,50", "A,2,5,2,1,X,50", "A,,,,,Y,50", "A,3,1,1,1,X,30", "A,,,,,Y,70")
    file, checked = opened(
        tmp_path,
        HEAD.format(document="{key: po-number}") + SPLIT,
        {"orders": "\n".join(("PO,Line,Qty,Price,Rec,Account,Pct", *rows, ""))},
    )
    assert told(file, checked) == []
    assert sent(file, checked) == {"A": [("2", "4", "2")]}
    assert [len(line.members) for each in clean_documents(file, checked) for line in each.members] == [2]
    assert checked.skipped == {"finished: all of Qty is received (Rec)": [2, 3, 6, 7]}
    assert accounted(checked)


def test_scattered_rows_and_a_file_of_many_chunks_come_to_the_same(tmp_path: Path) -> None:
    rows = [f"P{number % 700},S,{number // 700 + 1},10,1.5,{number % 11},0" for number in range(2100)]
    file, checked = plain(tmp_path, *rows)
    lines = [line for lines in sent(file, checked).values() for line in lines]
    assert len(lines) == sum(number % 11 < 10 for number in range(2100))
    assert sum(Decimal(line[1] or 0) for line in lines) == sum(10 - number % 11 for number in range(2100))
    assert checked.totals[0].amount == checked.open[0].open
    assert accounted(checked)


@pytest.mark.parametrize(
    ("open_", "problem"),
    [
        (
            "{ordered: Qty, received: Rec, basis: not_invoiced}",
            "not_invoiced needs the column that says what is invoiced",
        ),
        ("{ordered: Line, received: Rec, basis: not_received}", "Line fills neither order-lines/quantity nor"),
    ],
)
def test_a_balance_that_cannot_be_meant_is_an_error_of_the_mapping(tmp_path: Path, open_: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        plain(tmp_path, open_=open_)
    assert problem in caught.value.problems[0]


def test_what_a_skipped_first_row_says_of_its_order_reaches_rows_that_stand_elsewhere(tmp_path: Path) -> None:
    rows = ("A1,Acme,1,5,2,5,0", "B1,Best,1,3,2,0,0", "A1,,2,4,2,1,0", "C1,,1,1,1,1,0", "C1,Cole,2,2,1,0,0")
    file, checked = plain(tmp_path, *rows)
    assert checked.errors == []
    assert sent(file, checked) == {"A1": [("2", "3", "2")], "B1": [("1", "3", "2")], "C1": [("2", "2", "1")]}
    place = [str(each.path) for each in file.mapping.levels[0].level.fields].index("supplier/name")
    assert {each.key: each.values[place] for each in clean_documents(file, checked)} == {
        "A1": "Acme", "B1": "Best", "C1": "Cole"
    }  # fmt: skip


def test_rows_of_several_types_have_a_balance_in_the_block_of_their_lines(tmp_path: Path) -> None:
    types = """\
record_types:
  H: {columns: {PO: po-number, Supplier: supplier/name}}
  L:
    open: {ordered: Qty, received: Rec, basis: not_received}
    columns:
      Line: order-lines/line-num
      Qty: order-lines/quantity
      Price: order-lines/price
      Rec: {ignore: counted}
"""
    text = "H,PO,Supplier\nL,Line,Qty,Price,Rec\nH,A1,Acme\nL,1,10,2,4\nL,2,3,2,3\nH,B2,Best\nL,1,5,2,5\n"
    file, checked = opened(tmp_path, HEAD.format(document="{key: po-number}") + types, {"orders": text})
    assert checked.errors == []
    assert sent(file, checked) == {"A1": [("1", "6", "2")]}
    (total,) = checked.open
    assert (total.lines, total.finished, total.ordered, total.open) == (3, 2, Decimal(36), Decimal(12))


QUANTITIES = st.lists(st.tuples(st.integers(1, 5), st.integers(-2, 9), st.integers(-2, 9)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(lines=QUANTITIES)
def test_what_is_open_is_what_is_ordered_less_what_is_done_and_no_line_is_lost(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[int, int, int]]
) -> None:
    rows = [f"P{order},Acme,{number},{of / 4},2,{done / 4},0" for number, (order, of, done) in enumerate(lines, 1)]
    file, checked = plain(tmp_path_factory.mktemp("law"), *rows)
    numbered = {(f"P{order}", str(number)): (of, done) for number, (order, of, done) in enumerate(lines, 1)}
    bad = {key for (key, _), (of, done) in numbered.items() if of <= 0 or done < 0 or done > of}
    finished = {at for at, (of, done) in numbered.items() if done == of > 0}
    expected = {
        at: Decimal(of - done) / 4 for at, (of, done) in numbered.items() if at not in finished | _of(bad, numbered)
    }
    found = {
        (key, number or ""): Decimal(quantity or 0)
        for key, members in sent(file, checked).items()
        for number, quantity, _ in members
    }
    assert found == expected
    assert checked.failed_keys == bad
    assert (
        checked.rows == checked.clean_rows + checked.failed_rows + checked.skipped_rows + checked.keyless == len(lines)
    )
    assert checked.skipped_rows == len(finished)


def _of(keys: set[str], lines: Mapping[tuple[str, str], object]) -> set[tuple[str, str]]:
    return {at for at in lines if at[0] in keys}
