"""Conditions by pattern, number and date; what a mapping requires and refuses of cells."""

from pathlib import Path

import pytest

from bulkpo.errors import MappingError
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: conditions
document: {{key: po-number}}
numbers: {{decimal: ",", thousands: "."}}
dates: {{order: DMY, time_zone: Europe/Berlin}}
blanks: [n/a]
{more}
columns:
  PO: po-number
  Price: order-lines/price
  Type: {type}
  Per: {per}
  Date: {{ignore: compared only}}
  Limit: {{ignore: compared only}}
constants: {{order-lines/description: bolts, order-lines/currency/code: USD, order-lines/quantity: 2}}
rules: {{ship-to-user: {{required: false}}, ship-to-address: {{required: false}}}}
"""
TITLES = "PO;Price;Type;Per;Date;Limit"
ADVICE = ("line-type-left-open", "perhaps-required", "account-left-open", "delimiter-guessed")


def opened(
    folder: Path, *rows: str, more: str = "", type_: str = "{ignore: x}", per: str = "{ignore: x}"
) -> MappedFile:
    (folder / "m.yaml").write_text(MAPPING.format(more=more, type=type_, per=per))
    lines = (TITLES, *(f"A{number};1;{row}" for number, row in enumerate(rows, 1)))
    (folder / "orders.csv").write_text("".join(f"{line}\n" for line in lines))
    return open_mapped(folder / "m.yaml", folder / "orders.csv", TABLES)


def told(file: MappedFile, checked: Checked) -> list[tuple[str, str, str]]:
    return [
        (place_of(file.source, each.row, each.column).removeprefix("orders.csv, "), each.code, each.message)
        for each in checked.findings
        if each.code not in ADVICE
    ]


ROWS = ("NB;1;31.12.2025;10", "FO;100;1.1.2026;0,5", "ZNB;1.000,00;2.1.2026;2.000", "n/a;;;")


@pytest.mark.parametrize(
    ("condition", "skipped"),
    [
        ("{Type: NB}", [2]),
        ("{Type: {matches: 'Z?NB'}}", [2, 4]),
        ("{Type: {matches: NB}}", [2]),
        ("{Per: {gt: 1}}", [3, 4]),
        ("{Per: {gt_or_eq: 1}}", [2, 3, 4]),
        ("{Per: {lt: 100}}", [2]),
        ("{Per: {lt_or_eq: 100}}", [2, 3]),
        ("{Per: {equals: 1000}}", [4]),
        ("{Per: {gt: 1, lt: 1000}}", [3]),
        ("{Per: {gt: {column: Limit}}}", [3]),
        ("{Per: {blank: true}}", [5]),
        ("{Date: {lt: 2026-01-01}}", [2]),
        ("{Date: {gt_or_eq: 2026-01-01}}", [3, 4]),
        ("{Date: {equals: 2026-01-02}}", [4]),
        ("{Type: {equals: FO}}", [3]),
        ("{any: [{Type: NB}, {Per: {gt: 500}}]}", [2, 4]),
        ("{all: [{Type: {not: NB}}, {Per: {gt: 500}}]}", [4]),
        ("{any: [{Type: NB, Per: 1}, {all: [{Type: FO}, {Per: 1}]}]}", [2]),
        ("{Type: NB, Per: {gt: 500}}", [2, 4]),
    ],
)
def test_rows_are_skipped_by_pattern_number_date_and_several_conditions(
    tmp_path: Path, condition: str, skipped: list[int]
) -> None:
    file = opened(tmp_path, *ROWS, more=f"skip_rows: {condition}")
    checked = check(file)
    assert told(file, checked) == []
    assert sorted(row for rows in checked.skipped.values() for row in rows) == skipped


def test_a_cell_that_a_comparison_cannot_read_is_an_error_and_not_silently_false(tmp_path: Path) -> None:
    file = opened(tmp_path, "NB;per 100;31.13.2025;", more="skip_rows: {Per: {gt: 1}, Date: {lt: 2026-01-01}}")
    checked = check(file)
    assert [(place, code) for place, code, _ in told(file, checked)] == [
        ("line 2, column 4", "not-a-number"),
        ("line 2, column 5", "not-a-date"),
    ]
    assert checked.ok == 0


@pytest.mark.parametrize(
    ("per", "message"),
    [
        (
            "{require: {equals: 1}, when: {Type: {not: NB}}, reason: no price units}",
            (
                "Per: '100' is not as the mapping requires: Per = 1 where Type not NB (no price units); "
                "correct it, or skip the row"
            ),
        ),
        (
            "{refuse: {gt: 10, lt: 1000}, when: {Date: {gt: 2020-01-01}}}",
            (
                "Per: '100' is refused by the mapping: Per above 10 and Per below 1000 where Date above "
                "2020-01-01; correct it, or skip the row"
            ),
        ),
        ("{require: 1}", "Per: '100' is not as the mapping requires: Per 1; correct it, or skip the row"),
        (
            "{to: [order-lines/source-part-num], require: {in: [1, '1.000,00', '']}}",
            "Per: '100' is not as the mapping requires: Per (empty), 1, 1.000,00; correct it, or skip the row",
        ),
        (
            "[{to: order-lines/source-part-num, refuse: {matches: '[0-9]{3}'}}]",
            "Per: '100' is refused by the mapping: Per matches [0-9]{3}; correct it, or skip the row",
        ),
    ],
)
def test_cells_that_are_not_as_the_mapping_says_hold_their_orders(tmp_path: Path, per: str, message: str) -> None:
    file = opened(tmp_path, *ROWS[:2], ROWS[2].replace("1.000,00", "1"), per=per)
    checked = check(file)
    code = "value-refused" if "refused" in message else "not-as-required"
    assert told(file, checked) == [("line 3, column 4", code, message)]
    assert checked.failed_keys == {"A2"}


@pytest.mark.parametrize("per", ["{require: {equals: 1}, broken: notice}", "{refuse: {gt: 10}, broken: notice}"])
def test_cells_that_are_not_as_the_mapping_says_may_be_told_and_sent(tmp_path: Path, per: str) -> None:
    file = opened(tmp_path, *ROWS[:2], ROWS[2].replace("1.000,00", "1"), per=per)
    checked = check(file)
    assert (checked.errors, checked.ok) == ([], 3)
    (notice,) = (each for each in checked.notices if each.code in ("value-refused", "not-as-required"))
    assert notice.message.endswith("; told only, as the mapping says")


def test_an_empty_cell_is_not_what_is_required(tmp_path: Path) -> None:
    file = opened(tmp_path, *ROWS, per="{require: {gt: 0}}")
    assert told(file, check(file)) == [
        (
            "line 5, column 4",
            "not-as-required",
            "Per: the cell is empty, which is not as the mapping requires: Per above 0; correct it, or skip the row",
        )
    ]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (
            "skip_rows: {Per: {gt: many}}",
            "'many' is no number and no date like 2026-01-31; another column is {column: …}",
        ),
        (
            "skip_rows: {Per: [{Type: NB}]}",
            "several values of Per are {in: […]}; lists of conditions stand below any or all",
        ),
        (
            "skip_rows: {Per: [7]}",
            "on columns, all of which must hold; several values of one column are written {in: [A, B]}",
        ),
        ("skip_rows: {Per: {more: 1}}", "'more' is not known here"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_an_error_of_the_mapping(tmp_path: Path, more: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        opened(tmp_path, more=more)
    assert len(caught.value.problems) == 1
    assert problem in caught.value.problems[0]


def test_a_column_counts_where_a_comparison_holds(tmp_path: Path) -> None:
    file = opened(tmp_path, *ROWS, type_="{to: order-lines/source-part-num, when: {Per: {gt: 1}}}")
    assert told(file, check(file)) == []
