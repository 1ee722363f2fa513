"""Totals rows that are left out are held against the rows above, in every layout files add up their lines in."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulkpo.errors import MappingError
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: totals
numbers: {{decimal: "."}}
document: {{key: po-number, number_lines: true{fill}}}
columns:
  PO: po-number
  Cur: [currency/code, order-lines/currency/code]
  Text: order-lines/description
  Qty: order-lines/quantity
  Price: order-lines/price
  Total: {{ignore: held}}
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  supplier/name: Acme
  order-lines/type: OrderQuantityLine
  order-lines/uom/code: EA
  order-lines/account/code: A
{more}
"""
CONTROLLED = "controls: [{column: Total, equals: line_amount}]\n"
A = "A1,USD,pen,2,10,20\nA1,USD,ink,1,30,30\n"
B = "B2,USD,cap,4,2.5,10\n"
C = "C3,USD,hat,1,1,1\n"
G = "D4,USD,gum,1,10,10\n"


def checked(folder: Path, rows: str, totals: str = "skip", more: str = CONTROLLED, fill: str = "") -> Checked:
    text = MAPPING.format(more=f"{more}totals_rows: {totals}", fill=fill)
    (folder / "m.yaml").write_text(text, encoding="utf-8")
    (folder / "o.csv").write_text("PO,Cur,Text,Qty,Price,Total\n" + rows, encoding="utf-8")
    return check(open_mapped(folder / "m.yaml", folder / "o.csv", TABLES))


def told(found: Checked) -> list[tuple[int, str, str]]:
    return [(each.row, each.key, each.message) for each in found.findings if each.code == "totals-differ"]


@pytest.mark.parametrize(
    "rows",
    [
        f"{A},,Subtotal,,,50\n{B},,Subtotal,,,10\n",
        f"{A}{B},,Grand Total,,,60\n",
        f"{A},,Subtotal,,,50\n{B},,Subtotal,,,10\n,,Grand Total,,,60\n",
        f"{A},,Subtotal,,,50\n{B},,Subtotal,,,10.00\n,,Sum,,,60\n{C},,Subtotal,,,1\n,,Sum,,,1\n,,Total,,,61\n",
        f"{A},,Subtotal,,,50\n{B},,Sum,,,60\nC3,USD,hat,1,1,1\nD4,USD,hat,1,2,2\n,,Subtotal,,,2\n,,Sum,,,3\n",
        f"{A}{B}C3,EUR,hat,1,1,1\n,,Total USD,,,60\n,,Total EUR,,,1\n",
        f"A1,USD,pen,3,0.335,1.01\n{B},,Total,,,11.01\n",
        f"{A},,Subtotal,,,\n{B},,Total,,,n/a\n",
        f",,Subtotal,,,50\n{A},,Subtotal,,,10\n{B},,Subtotal,,,1\n{C}",
        f",,Grand Total,,,61\n,,Zwischensumme,,,50\n{A},,Zwischensumme,,,10\n{B},,Zwischensumme,,,1\n{C}",
        f",,Subtotal,,,50\n{A},,Subtotal,,,10\n{B},,Total,,,60\n",
        f",,Subtotal,,,50\n{A},,Subtotal,,,1\nC3,EUR,hat,1,1,1\n,,Subtotal,,,10\n{B}",
        f",,Subtotal,,,50\n{A},,,,,\n,,Subtotal,,,10\n{B},,,,,\n,,Subtotal,,,1\n{C}",
        f",,Sous-total,,,50\n{A},,Sous-total,,,10\n{B},,Total général,,,60\n",
        f",,Gesamtsumme,,,61\n,,Zwischensumme,,,50\n{A},,Zwischensumme,,,10\n{B},,Zwischensumme,,,1\n{C}",
        f",,Subtotal,,,50\n{A},,Subtotal,,,10\n{B},,Subtotal,,,1\n{C},,Total general,,,61\n",
        f",,Subtotal EUR,,,1\nC3,EUR,hat,1,1,1\n,,Subtotal USD,,,50\n{A},,Subtotal USD,,,10\n{B}",
    ],
)
def test_figures_that_agree_are_left_out_without_a_word(tmp_path: Path, rows: str) -> None:
    more = CONTROLLED.replace("line_amount", "line_amount, within: 0.01")
    found = checked(tmp_path, rows, more=more)
    assert (found.errors, told(found)) == ([], [])


@pytest.mark.parametrize(
    ("rows", "key", "said"),
    [
        (f",,Subtotal,,,70\n{A},,Subtotal,,,10\n{B}", "A1", "says 10, but the 2 lines above it come to 50"),
        (f",,Subtotal,,,50\n{A},,Subtotal,,,99\n{B},,Subtotal,,,1\n{C}", "B2", "says 1, but the 1 line above it"),
    ],
)
def test_a_subtotal_above_its_lines_that_differs_is_told_below_them(
    tmp_path: Path, rows: str, key: str, said: str
) -> None:
    ((_, of, message),) = told(checked(tmp_path, rows))
    assert of == key
    assert said in message


def test_a_subtotal_that_differs_holds_its_order_and_names_both_figures(tmp_path: Path) -> None:
    found = checked(tmp_path, f"{A},,Subtotal,,,70\n{B},,Subtotal,,,10\n,,Total,,,80\n")
    message = (
        "Total: the totals row says 70, but the 2 lines above it come to 50; see whether rows are missing or too many, "
        "or say totals_rows: {do: skip, differs: notice}"
    )
    assert told(found) == [(4, "A1", message)]
    assert (found.failed_keys, found.is_unexpected) == ({"A1"}, False)


def test_a_grand_total_that_differs_is_of_the_whole_file(tmp_path: Path) -> None:
    found = checked(tmp_path, f"{A},,Subtotal,,,50\n{B},,Subtotal,,,10\n,,Total,,,75\n")
    ((row, key, message),) = told(found)
    assert (row, key, found.failed_keys, found.is_unexpected) == (7, "", set(), True)
    assert "the totals row says 75, but the 3 lines above it come to 60;" in message


@pytest.mark.parametrize(
    "rows",
    [
        f",,Total,,,75\n{A}{B}",
        f",,Total,,,75\n,,Subtotal,,,33\n{A}{B}",
        f",,Total,,,75\n{A},,,,,\n{B}",
    ],
)
def test_a_grand_total_above_all_lines_that_differs_is_of_the_whole_file(tmp_path: Path, rows: str) -> None:
    found = checked(tmp_path, rows)
    assert {row for row, *_ in told(found)} == set(range(2, 2 + rows.count(",,Total") + rows.count("Subtotal")))
    row, key, message = told(found)[0]
    assert (row, key, found.failed_keys, found.is_unexpected) == (2, "", set(), True)
    assert "the totals row says 75, but the 3 lines below it come to 60;" in message
    assert checked(tmp_path, rows, "{do: skip, differs: notice}").errors == []


@pytest.mark.parametrize(
    "rows",
    [
        f",,Total,,,60\n{A}{B}",
        f",,Total USD,,,60\n,,Total EUR,,,1\n{A}{B}C3,EUR,hat,1,1,1\n",
        f",,Total,,,n/a\n{A}{B}",
        f",,Total,,,60\n,,Total of the filter,,,10\n{A}{B}",
        ",,Total,,,75\n",
        f",,Total,,,75\n{A}{B}C3,USD,hat,1,n/a,1\n",
    ],
)
def test_a_grand_total_above_all_lines_that_one_figure_agrees_with_is_left_out(tmp_path: Path, rows: str) -> None:
    assert told(checked(tmp_path, rows)) == []


def test_the_last_subtotal_above_its_lines_is_held_against_them(tmp_path: Path) -> None:
    rows = f",,Subtotal,,,50\n{A},,Subtotal,,,10\n{B},,Subtotal,,,7\n{C}"
    found = checked(tmp_path, rows)
    ((row, key, message),) = told(found)
    assert (row, key, found.failed_keys, found.is_unexpected) == (7, "", set(), True)
    assert "the totals row says 7, but the 1 line below it comes to 1 and all 4 to 61;" in message


def test_a_total_of_several_orders_names_the_lines_since_the_last_and_all(tmp_path: Path) -> None:
    rows = f"{A},,Total,,,50\n{B}C3,USD,hat,1,1,1\n,,Total,,,13\n"
    ((row, key, message),) = told(checked(tmp_path, rows))
    assert (row, key) == (7, "")
    assert "says 13, but the 2 lines above it come to 11 and all 4 to 61;" in message


def test_a_lost_row_is_not_made_up_for_by_the_block_above(tmp_path: Path) -> None:
    rows = "A1,USD,pen,1,50,50\n,,Subtotal,,,50\nB2,USD,cap,1,50,50\nB2,USD,ink,1,50,50\n,,Subtotal,,,150\n"
    found = checked(tmp_path, rows)
    assert [each[:2] for each in told(found)] == [(6, "")]
    assert found.is_unexpected
    more = f"{rows}C3,USD,hat,1,1,1\n,,Subtotal,,,1\n"
    assert [each[:2] for each in told(checked(tmp_path, more))] == [(6, "B2")]


def test_figures_that_differ_can_be_told_only_or_not_at_all(tmp_path: Path) -> None:
    rows = f"{A}{B},,Total,,,61\n"
    found = checked(tmp_path, rows, "{do: skip, differs: notice}")
    assert (found.errors, found.ok) == ([], 2)
    assert [message.rpartition("; ")[2] for *_, message in told(found)] == ["told only, as the mapping says"]
    for way_out in ("{do: skip, differs: ignore}", "{do: skip, within: 1}"):
        assert told(checked(tmp_path, rows, way_out)) == []


def test_the_columns_of_figures_can_be_named_a_quantity_among_them(tmp_path: Path) -> None:
    rows = f"{A},,Subtotal,9,,55\n"
    named = "{do: skip, amount: Total, quantity: Qty}"
    assert [message.partition(";")[0] for *_, message in told(checked(tmp_path, rows, named, more=""))] == [
        "Qty: the totals row says 9, but the 2 lines above it come to 3",
        "Total: the totals row says 55, but the 2 lines above it come to 50",
    ]


def test_rows_that_the_mapping_skips_may_count_or_not(tmp_path: Path) -> None:
    rows = f"{A}A1,USD,void,1,5,5\n,,Subtotal,,,%s\n{B},,Total,,,%s\n"
    more = CONTROLLED + "skip_rows: {Text: void}\n"
    assert told(checked(tmp_path, rows % (55, 65), more=more)) == []
    assert told(checked(tmp_path, rows % (50, 60), more=more)) == []
    assert len(told(checked(tmp_path, rows % (52, 62), more=more))) == 1


def test_a_total_of_lines_that_cannot_be_read_is_not_judged(tmp_path: Path) -> None:
    found = checked(tmp_path, f"A1,USD,pen,two,10,20\n{B},,Total,,,30\n", more="")
    assert told(found) == []
    assert found.failed_keys == {"A1"}


def test_totals_of_orders_whose_number_stands_on_their_first_row_are_held(tmp_path: Path) -> None:
    rows = "A1,USD,pen,2,10,20\n,,ink,1,30,30\n,,Subtotal,,,50\nB2,USD,cap,4,2.5,10\n,,Subtotal,,,11\n"
    found = checked(tmp_path, rows, fill=", fill_down: [PO, Cur]")
    ((row, key, message),) = told(found)
    assert (row, key) == (6, "B2")
    assert "the totals row says 11, but the 1 line above it comes to 10 and all 3 to 60;" in message


def test_a_column_of_totals_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="Sum"):
        checked(tmp_path, A, "{do: skip, amount: Sum}")


AMOUNTS = st.lists(st.lists(st.integers(1, 10_000), min_size=1, max_size=4), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(orders=AMOUNTS, lost=st.integers(0, 23), grand=st.booleans())
def test_no_row_is_lost_unseen_between_subtotals(
    tmp_path_factory: pytest.TempPathFactory, orders: list[list[int]], lost: int, *, grand: bool
) -> None:
    lines: list[str] = []
    places: list[int] = []
    for number, amounts in enumerate(orders):
        for cents in amounts:
            places.append(len(lines))
            lines.append(f"P{number},USD,pen,1,{cents / 100:.2f},{cents / 100:.2f}\n")
        lines.append(f",,Subtotal,,,{sum(amounts) / 100:.2f}\n")
    if grand:
        lines.append(f",,Total,,,{sum(map(sum, orders)) / 100:.2f}\n")
    folder = tmp_path_factory.mktemp("law")
    assert told(checked(folder, "".join(lines))) == []
    place = places[lost % len(places)]
    is_only = [len(amounts) for amounts in orders for _ in amounts][lost % len(places)] == 1
    rest = lines[:place] + lines[place + 1 :]
    if not is_only:
        assert [row for row, *_ in told(checked(folder, "".join(rest)))]


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        (f",,Total,,,0\n{A}{B}", ""),
        (f",,Sum,,,60\n,,Subtotal,,,50\n{A},,Subtotal,,,10\n{B},,Sum,,,1\n,,Subtotal,,,1\n{C}", ""),
        (f",,Sum,,,50\n,,Subtotal,,,50\n{A},,Sum,,,11\n,,Subtotal,,,10\n{B},,Subtotal,,,1\n{C}", ""),
        (f",,Subtotal,,,60\n{A}{G},,Subtotal,,,10\n{B}", "skip_rows: {Text: gum}\n"),
        (f",,Subtotal,,,50\n{A},,Subtotal,,,10\n{G}", "skip_rows: {Text: gum}\n"),
        (f",,Subtotal,,,50\n{A},,Subtotal,,,0\n{G}", "skip_rows: {Text: gum}\n"),
    ],
)
def test_totals_of_several_levels_above_their_lines_and_of_skipped_lines_are_no_alarm(
    tmp_path: Path, rows: str, more: str
) -> None:
    assert told(checked(tmp_path, rows, more=CONTROLLED + more)) == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (f",,Total,,,60\n{A}{B},,Total,,,75\n", "says 75, but the 3 lines above it come to 60"),
        (f",,Subtotal,,,50\n{A},,Subtotal,,,10\n{B},,Total,,,75\n", "says 75, but the 3 lines above it come to 60"),
        (f",,Subtotal,,,50\n{A},,Subtotal,,,10\n{B},,Subtotal,,,33\n", "says 33, but the 3 lines above it come to 60"),
    ],
)
def test_a_total_below_all_lines_is_held_against_them_though_others_stand_above(
    tmp_path: Path, rows: str, said: str
) -> None:
    ((row, key, message),) = told(checked(tmp_path, rows))
    assert (row, key) == (1 + rows.count("\n"), "")
    assert said in message


@pytest.mark.parametrize(
    ("rows", "agreed"),
    [
        (f"{A},,Subtotal,,,50\n{B},,Subtotal,,,10\n,,Grand Total,,,60\n", ["Total of 3 totals rows (the last 60.00)"]),
        (f",,Subtotal,,,50\n{A},,Subtotal,,,10\n{B}", ["Total of 2 totals rows (the last 10.00)"]),
        (f"{A}{B},,Grand Total,,,60\n", ["Total of the totals row (60.00)"]),
        (f"{A}{B},,Grand Total,,,61\n", []),
        (f"{A},,Subtotal,,,50\n{B},,Subtotal,,,11\n", []),
        (f"{A}{B},,Grand Total,,,\n", []),
    ],
)
def test_totals_rows_that_agree_are_told(tmp_path: Path, rows: str, agreed: list[str]) -> None:
    found = checked(tmp_path, rows).agreeing
    said = [str(each).replace(" with the lines above", "") for each in found if each.against == "the lines above"]
    assert said == agreed


@pytest.mark.parametrize(
    "rows",
    [
        f"{A},,Subtotal,,,50\n{B},,Subtotal,,,60\n{C},,Subtotal,,,61\n",
        f"{A},,Subtotal,,,50\n{B},,Subtotal,,,60\n{C},,Subtotal,,,61\n,,Grand Total,,,61\n",
        f"{A},,Running total,,,50\n{B},,Running total,,,60\n",
        f"{A},,Subtotal,,,50\n,,Running total,,,50\n{B},,Subtotal,,,10\n,,Running total,,,60\n",
    ],
)
def test_totals_rows_of_one_name_may_run_on(tmp_path: Path, rows: str) -> None:
    found = checked(tmp_path, rows)
    assert (told(found), found.failed) == ([], 0)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (f"{A},,Subtotal,,,50\n{B},,Subtotal,,,60\n", [(6, "")]),
        (f"{A},,Subtotal,,,50\n{B},,Subtotal,,,60\n{C},,Subtotal,,,1\n", [(6, "B2")]),
        (f"{A},,Subtotal,,,50\n{B},,Subtotal,,,10\n{C},,Subtotal,,,61\n", [(8, "C3")]),
        (f"{A},,Subtotal,,,50\n{B},,Subtotal,,,60\n{C},,Subtotal,,,62\n{G},,Subtotal,,,71\n", [(8, "C3")]),
        (f"{A},,Running total,,,50\n{B},,Running total,,,61\n", [(6, "B2")]),
    ],
)
def test_a_row_that_runs_on_where_others_of_its_name_do_not_is_told_and_so_is_a_wrong_running_one(
    tmp_path: Path, rows: str, wrong: list[tuple[int, str]]
) -> None:
    assert [each[:2] for each in told(checked(tmp_path, rows))] == wrong


INNER = (f",,Subtotal,,,50\n{A},,Subtotal,,,10\n{B}", f",,Subtotal,,,1\n{C},,Subtotal,,,10\n{G}")


@pytest.mark.parametrize(
    ("outer", "wrong"),
    [
        ((60, 11), []),
        ((66, 11), [(2, "66, but the 3 lines below it, down to the next as far out, come to 60")]),
        ((60, 12), [(8, "12, but the 2 lines below it, down to the next as far out, come to 11")]),
        ((0, 11), []),
        ((61, 12), []),
    ],
)
@pytest.mark.parametrize("last", ["", ",,Grand Total,,,71\n"])
def test_a_total_above_several_others_is_held_where_another_as_far_out_is_right(
    tmp_path: Path, outer: tuple[int, int], wrong: list[tuple[int, str]], last: str
) -> None:
    rows = "".join(f",,Sum,,,{figure}\n{inner}" for figure, inner in zip(outer, INNER, strict=True))
    found = told(checked(tmp_path, rows + last))
    assert [(row, message.split("says ")[1].split(";")[0]) for row, _, message in found] == wrong


@given(st.lists(st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=3), min_size=1, max_size=3), max_size=4))
@settings(max_examples=40, deadline=None)
def test_right_totals_above_their_lines_in_two_levels_are_never_told(
    tmp_path_factory: pytest.TempPathFactory, groups: list[list[list[int]]]
) -> None:
    rows, number = "", 0
    for group in groups:
        rows += f",,Sum,,,{sum(map(sum, group))}\n"
        for order in group:
            number += 1
            rows += f",,Subtotal,,,{sum(order)}\n" + "".join(f"P{number},USD,pen,1,{each},{each}\n" for each in order)
    if rows:
        assert told(checked(tmp_path_factory.mktemp("outer"), rows)) == []
