"""Rows of totals below a sheet: one for each currency, since sums across currencies mean nothing."""

from collections.abc import Sequence
from decimal import Decimal

from bulkpo.mapping.language.export_columns import ExportColumn
from bulkpo.model.table import Cell


class Totals:
    """Adds up the columns asked for, exactly, per currency of the row."""

    def __init__(self, columns: Sequence[ExportColumn], titles: Sequence[str]) -> None:
        self._width = len(columns)
        self._summed = [number for number, column in enumerate(columns) if column.title in titles]
        self._currency = _currency_column(columns)
        self._label = next((number for number in range(self._width) if number not in self._summed), None)
        self._sums: dict[str, list[Decimal]] = {}

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Count some rows."""
        if not self._summed:
            return
        for row in rows:
            currency = "" if self._currency is None else str(row[self._currency] or "")
            sums = self._sums.setdefault(currency, [Decimal(0)] * len(self._summed))
            for position, number in enumerate(self._summed):
                if isinstance(cell := row[number], Decimal):
                    sums[position] += cell

    def rows(self) -> list[list[Cell]]:
        """The rows of totals, by currency; none where none were asked for."""
        return [self._row(currency, sums) for currency, sums in sorted(self._sums.items())]

    def _row(self, currency: str, sums: Sequence[Decimal]) -> list[Cell]:
        row: list[Cell] = [None] * self._width
        if self._label is not None:
            row[self._label] = "Total"
        if self._currency is not None:
            row[self._currency] = currency or None
        for number, amount in zip(self._summed, sums, strict=True):
            row[number] = amount
        return row


def _currency_column(columns: Sequence[ExportColumn]) -> int | None:
    """The column that tells a row's currency: the innermost one."""
    found = [
        (len(column.path.names), -number)
        for number, column in enumerate(columns)
        if column.path is not None and column.path.names[-2:] == ("currency", "code")
    ]
    return -max(found)[1] if found else None
