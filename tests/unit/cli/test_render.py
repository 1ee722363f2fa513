"""What a terminal shows: counts, tables, and findings grouped and folded."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from bulkpo.cli.render import findings_lines, plural, table, totals_table
from bulkpo.mapping.kinds.purchase_order import PURCHASE_ORDER
from bulkpo.model.document import Level
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Chunk, Column
from bulkpo.model.totals import CurrencyTotal
from bulkpo.runs.reports.words import amount


@dataclass(frozen=True)
class Sheet:
    file: str = "orders.xlsx"
    sheet: str = "Orders"
    columns: tuple[Column, ...] = ()

    def chunks(self) -> Iterator[Chunk]:
        return iter(())

    def findings(self) -> tuple[Finding, ...]:
        return ()


def each(rows: range, message: str = "UOM: 'EACH' is not in the crosswalk uom; did you mean EA?") -> list[Finding]:
    return [Finding("not-in-crosswalk", message, row, 9, "order-lines/uom/code", "EACH") for row in rows]


def test_the_same_words_are_said_once_with_how_many_rows_and_where() -> None:
    findings = [*each(range(2, 410)), *each(range(500, 504)), Finding("required", "fill it in", 7, 4)]
    assert findings_lines(findings, Sheet()) == [
        "413 errors",
        "  412 rows  UOM: 'EACH' is not in the crosswalk uom; did you mean EA?",
        "            sheet Orders, cells I2:I409, I500:I503 (not-in-crosswalk)",
        "     1 row  fill it in",
        "            sheet Orders, cell D7 (required)",
    ]


def test_errors_come_before_notices_whatever_their_number() -> None:
    notices = [Finding("shortened", "cut", row, 1, severity=Severity.NOTICE) for row in range(2, 9)]
    wide = Finding("other-sheets", "more sheets hold data", severity=Severity.NOTICE)
    assert findings_lines([*notices, wide, Finding("no-lines", "no lines", 3)], Sheet()) == [
        "1 error",
        "   1 row  no lines",
        "          sheet Orders, row 3 (no-lines)",
        "",
        "8 notices",
        "  7 rows  cut",
        "          sheet Orders, cells A2:A8 (shortened)",
        "          more sheets hold data",
        "          sheet Orders (other-sheets)",
    ]


def test_a_text_files_places_are_lines_and_columns() -> None:
    lines = findings_lines(each(range(4, 7)), Sheet("orders.csv", ""))
    assert lines[-1].strip() == "orders.csv, lines 4-6, column 9 (not-in-crosswalk)"


def test_long_words_are_folded_at_the_width() -> None:
    lines = findings_lines(each(range(2, 90, 2), "a word " * 40), Sheet())
    assert max(map(len, lines)) <= 100
    assert max(map(len, findings_lines(each(range(2, 90, 2), "a word " * 40), Sheet(), 60))) <= 60
    assert lines[-3].strip() == "sheet Orders, cells I2, I4, I6, I8, I10 and 39 more (not-in-crosswalk)"
    assert lines[-1] == "  … bulkpo check with --report FILE lists every one"


def test_more_kinds_than_fit_are_counted_and_the_way_to_all_is_told() -> None:
    findings = [Finding(f"code-{number}", f"kind {number}", 5, number) for number in range(1, 28)]
    assert (
        findings_lines(findings, Sheet())[-1]
        == "  … and 2 other kinds of finding; bulkpo check with --report FILE lists every one"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1234567.5", "1,234,567.50"), ("0", "0.00"), ("-3.1000", "-3.10"), ("0.000001", "0.000001")],
)
def test_amounts_keep_every_digit(value: str, shown: str) -> None:
    assert amount(Decimal(value)) == shown


def test_totals_stand_in_columns() -> None:
    totals = [CurrencyTotal("", 1, 2, Decimal(5)), CurrencyTotal("EUR", 1000, 20000, Decimal("1234.5678"))]
    assert totals_table(totals, PURCHASE_ORDER, Level("", "order-header", ())) == [
        "  Currency   Orders    Lines       Amount",
        "  (none)          1        2         5.00",
        "  EUR         1,000   20,000   1,234.5678",
    ]


def test_tables_are_as_wide_as_their_cells() -> None:
    assert table(("A", "Number"), [("long", "1")], right=(1,)) == ["  A      Number", "  long        1"]


def test_counts_have_their_words() -> None:
    assert [plural(1, "order"), plural(2724, "line"), plural(0, "entry", "entries")] == [
        "1 order",
        "2,724 lines",
        "0 entries",
    ]
