"""Which columns multiply: quantity times price, per so many, is the amount of a line, tried on the rows themselves."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar

_MOST_COLUMNS = 10
_FIGURES = (
    "order-lines/quantity", "order-lines/price", "LINE_AMOUNT", "PRICE_UNIT", "ORDER_AMOUNT", "RECEIVED",
    "OPEN_QUANTITY", "INVOICED", "AMOUNT_WITH_TAX", "PRICE_WITH_TAX", "LOCAL_AMOUNT", "LIST_PRICE",
)  # fmt: skip
"""What may be a factor or a product, the likeliest first."""
_FEWEST = 3
_CENT = Decimal("0.011")
_FITS = 0.9
_TELLING = 0.25
"""The share of rows that must say more than 1 times something is the same."""


_FRACTION = re.compile(r"[.,]\d?[1-9]\d*$|[.,]\d\d?[1-9]\d*$")


@dataclass(frozen=True, slots=True)
class Product:
    """Three columns of which the third is the product of the others, by `per` where there is one.

    `rows` of `tried` rows fit; `telling` of them with neither factor 1, which tells the factors from the product.
    """

    one: ColumnSoFar
    other: ColumnSoFar
    amount: ColumnSoFar
    per: ColumnSoFar | None
    rows: int
    tried: int
    telling: int

    @property
    def said(self) -> str:
        """What was found, in words."""
        by = f" / {self.per.title!r}" if self.per else ""
        rows = (
            f"in {self.rows:,} of {self.tried:,} rows" if self.rows < self.tried else f"in all of {self.tried:,} rows"
        )
        return f"{self.one.title!r} x {self.other.title!r}{by} = {self.amount.title!r} {rows}"

    def has(self, judged: ColumnSoFar) -> bool:
        """Whether a column is a factor."""
        return judged is self.one or judged is self.other


def products(table: TableCells, judged: Sequence[ColumnSoFar]) -> tuple[Product, ...]:
    """Every three columns that multiply, those that fit most rows first."""
    numeric = [each for each in judged if each.column.shares.number >= _FITS and each.column.shares.date < _TELLING]
    wanted = sorted(
        (each for each in numeric if each.target in _FIGURES), key=lambda each: _FIGURES.index(each.target)
    ) + [each for each in numeric if not each.target]
    wanted = wanted[:_MOST_COLUMNS]
    values = {id(each): table.numbers(each.column) for each in wanted}
    pers = [each for each in wanted if each.target == "PRICE_UNIT"]
    found: list[Product] = []
    for one, other, amount in permutations(wanted, 3):
        if wanted.index(one) > wanted.index(other) or one in pers or other in pers or amount in pers:
            continue
        for per in (None, *pers):
            product = _tried((one, other, amount, per), values)
            if product is not None:
                found.append(product)
    return tuple(sorted(found, key=lambda each: (-each.rows / each.tried, each.per is not None, -each.telling)))


def _tried(
    columns: tuple[ColumnSoFar, ColumnSoFar, ColumnSoFar, ColumnSoFar | None],
    values: dict[int, Sequence[Decimal | None]],
) -> Product | None:
    one, other, amount, per = columns
    rows = tried = telling = wrong = 0
    for first, second, result, divisor in _rows(columns, values):
        tried += 1
        exact = first * second / divisor
        if abs(exact - result) <= _CENT:
            rows += 1
            telling += first not in (0, 1) and second not in (0, 1)
        else:
            wrong += 1
            if wrong > 20 and wrong > rows:
                return None
    if rows < _FEWEST or rows < _FITS * tried or telling < _TELLING * rows:
        return None
    if per is not None and not _needs(per, values):
        return None
    return Product(one, other, amount, per, rows, tried, telling)


def _rows(
    columns: tuple[ColumnSoFar, ColumnSoFar, ColumnSoFar, ColumnSoFar | None],
    values: dict[int, Sequence[Decimal | None]],
) -> Iterator[tuple[Decimal, Decimal, Decimal, Decimal]]:
    one, other, amount, per = columns
    divisors = values[id(per)] if per is not None else None
    for place, (first, second, result) in enumerate(
        zip(values[id(one)], values[id(other)], values[id(amount)], strict=True)
    ):
        if first is None or second is None or result is None:
            continue
        divisor = divisors[place] if divisors is not None else None
        yield first, second, result, divisor or Decimal(1)


def _needs(per: ColumnSoFar, values: dict[int, Sequence[Decimal | None]]) -> bool:
    return any(value is not None and value > 1 for value in values[id(per)])


def fractions(each: ColumnSoFar) -> float:
    """Which share of different cells has decimals other than zeros."""
    texts = [str(cell).strip() for cell in each.column.sample]
    return sum(bool(_FRACTION.search(text)) for text in texts) / max(1, len(texts))
