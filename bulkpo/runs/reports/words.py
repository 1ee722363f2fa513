"""How reports and the terminal spell amounts and places."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bulkpo.model.finding import Finding
from bulkpo.model.table import JoinedTables, Source, row_number, table_number
from bulkpo.where import column_letter


def amount(value: Decimal) -> str:
    """An amount with thousands and at least two decimals; no digit is cut but zeros at the end."""
    whole, _, fraction = f"{value:,f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def table_at(source: Source, row: int) -> Source:
    """The one of several joined tables that a row is of; the source itself where there is only one."""
    return source.tables[table_number(row)] if isinstance(source, JoinedTables) else source


def places(findings: Sequence[Finding], most: int, *, has_sheet: bool) -> str:
    """Where findings are, compact: `cells I2, I5:I9 and 398 more` or, in text files, `lines 2, 5-9, column 3`.

    Empty where no row or column is known.
    """
    spots = sorted({(finding.column, row_number(finding.row)) for finding in findings} - {(0, 0)})
    if not spots:
        return ""
    (column, row), *_ = spots
    if not has_sheet and column and row and all(each == column for each, _ in spots):
        noun = "line" if len(spots) == 1 else "lines"
        return f"{noun} {row_ranges((row for _, row in spots), most)}, column {column}"
    runs = _runs(spots)
    shown = [_spell(*run, has_sheet=has_sheet) for run in runs[:most]]
    left = sum(last - first + 1 for _, first, last in runs[most:])
    noun = _noun(spots, has_sheet=has_sheet)
    return f"{noun} {', '.join(shown)}" + (f" and {left:,} more" if left else "")


def row_ranges(rows: Iterable[int], most: int) -> str:
    """Row numbers, compact: `2, 5-9 and 12 more`."""
    runs = _runs(sorted((0, row_number(row)) for row in set(rows)))
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for _, first, last in runs[:most])
    left = sum(last - first + 1 for _, first, last in runs[most:])
    return shown + (f" and {left:,} more" if left else "")


def _runs(spots: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Column, first and last row of spots that follow each other; the spots are sorted."""
    runs: list[tuple[int, int, int]] = []
    for column, row in spots:
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1:
            runs[-1] = (column, runs[-1][1], row)
        else:
            runs.append((column, row, row))
    return runs


def _noun(spots: Sequence[tuple[int, int]], *, has_sheet: bool) -> str:
    many = "s" if len(spots) > 1 else ""
    if all(row == 0 for _, row in spots):
        return f"column{many}"
    if has_sheet and all(column for column, _ in spots):
        return f"cell{many}"
    return f"row{many}" if has_sheet else f"line{many}"


def _spell(column: int, first: int, last: int, *, has_sheet: bool) -> str:
    if not first:
        return column_letter(column) if has_sheet else str(column)
    if not has_sheet:
        rows = str(first) if first == last else f"{first}-{last}"
        return f"{rows} (column {column})" if column else rows
    letter = column_letter(column) if column else ""
    return f"{letter}{first}" if first == last else f"{letter}{first}{':' if column else '-'}{letter}{last}"
