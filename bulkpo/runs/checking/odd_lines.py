"""Notices of lines whose price, quantity or currency is rarely meant."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from bulkpo.mapping.kinds.amounts import LineAmounts
from bulkpo.mapping.kinds.odd_amounts import OddAmount, OddAmounts
from bulkpo.mapping.rows.apply import Applier, FieldAt
from bulkpo.mapping.rows.group import Gathered
from bulkpo.mapping.rows.records import Records
from bulkpo.model.document import Document, Value
from bulkpo.model.finding import Finding, Severity


class OddLines:
    """Looks at the lines of one pass: row by row where each is a line, else once an order's rows are together.

    Rows with an error are told of that alone.
    """

    def __init__(self, applier: Applier) -> None:
        mapping = applier.mapping
        self._applier = applier
        self._is_wanted = mapping.kind.has_worth and len(mapping.levels) > 1
        self._is_by_row = len(mapping.levels) == 2 and len(mapping.levels[1].variants) == 1 and not mapping.parts
        self._odd = OddAmounts(mapping.layout)
        self._amounts = LineAmounts(mapping.layout)
        self._layout = mapping.layout
        self._above: tuple[Value, Value] = (None, None)

    def of_rows(self, records: Records) -> Iterator[Finding]:
        """The odd ones among a chunk's rows."""
        if not (self._is_wanted and self._is_by_row and records.rows):
            return
        header, lines = records.levels[0][0], records.levels[1][0]
        of_orders, own = self._amounts.currencies(header, lines)
        if None in of_orders:
            of_orders = self._carried(records.keys, of_orders, own)
        self._above = records.keys[-1], of_orders[-1]
        columns = (() if at is None else lines[at] for at in (self._odd.price, self._odd.quantity))
        prices, quantities = (_without(column, records.bad) for column in columns)
        for found in self._odd.among(prices, quantities, _without(of_orders, records.bad)):
            line, levels = found.line, records.levels
            odd = self._where_it_stands(found, [[values[line] for values in levels[level][0]] for level in (0, 1)])
            cell = self._applier.cell_of(FieldAt(odd.level, 0, odd.position), records.rows[line])
            yield self._finding(odd, cell, records.keys[line] or "", levels[odd.level][0][odd.position][line])

    def of_order(self, document: Document, gathered: Gathered) -> Iterator[Finding]:
        """The odd ones among an order's lines."""
        if not self._is_wanted or self._is_by_row or not document.members or gathered.has_bad_rows:
            return
        columns = list(zip(*(line.values for line in document.members), strict=True))
        header = [[value] * len(document.members) for value in document.values]
        of_order, own = self._amounts.currencies(header, columns)
        currencies = [mine or its for mine, its in zip(of_order, own, strict=True)]
        prices, quantities = (() if at is None else columns[at] for at in (self._odd.price, self._odd.quantity))
        for found in self._odd.among(prices, quantities, currencies):
            line = document.members[found.line]
            odd = self._where_it_stands(found, (document.values, line.values))
            values = line.values if odd.level else document.values
            variant = gathered.variant_of(1, line.row, line.values) if odd.level else 0
            field = FieldAt(odd.level, variant, odd.position)
            cell = self._applier.cell_of(field, line.row, gathered.header)
            yield self._finding(odd, cell, document.key, values[odd.position])

    def _where_it_stands(self, odd: OddAmount, values: Sequence[Sequence[Value]]) -> OddAmount:
        """A currency told of at the field that has it, given the values of the header and of the line."""
        fields = self._odd.currencies if odd.value else ()
        level, position = next((at for at in fields if values[at[0]][at[1]] == odd.value), (odd.level, odd.position))
        return odd._replace(level=level, position=position)

    def _carried(self, keys: Sequence[Value], of_orders: Sequence[Value], own: Sequence[Value]) -> list[Value]:
        """The currency of each row, that of its order above where it says none."""
        carried: list[Value] = []
        above, known = self._above
        for key, currency, its in zip(keys, of_orders, own, strict=True):
            known = currency or (known if key == above else None) or its
            above = key
            carried.append(known)
        return carried

    def _finding(self, odd: OddAmount, cell: tuple[int, int], key: str, value: Value) -> Finding:
        layout = self._layout.below if odd.level else self._layout
        path = layout.fields[odd.position].full_path if layout is not None else ""
        return Finding(odd.code, odd.message, *cell, path, value or "", key, Severity.NOTICE)


def _without(column: Sequence[Value], bad: AbstractSet[int]) -> Sequence[Value]:
    return [None if place in bad else value for place, value in enumerate(column)] if bad else column
