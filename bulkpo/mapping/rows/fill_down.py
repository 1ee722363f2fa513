"""Columns whose value stands only on an order's first row."""

from collections.abc import Sequence

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.table import Cell
from bulkpo.model.text import visible


class FillDown:
    """Carries values down to the rows below, for columns filled only on an order's first row."""

    def __init__(self, mapping: ImportMapping, key_columns: Sequence[str]) -> None:
        self._key_columns = [title for title in mapping.fill_down if title in key_columns]
        self._others = [title for title in mapping.fill_down if title not in key_columns]
        self._watched = list(key_columns)
        self._last: dict[str, Cell] = {}
        self._last_key: tuple[Cell, ...] = ()

    def fill(self, columns: dict[str, Sequence[Cell]]) -> None:
        """Fill one chunk, going on from the one before. Only a key is carried over to another order."""
        for title in self._key_columns:
            columns[title] = [self._carried(title, cell) for cell in columns[title]]
        if not self._others:
            return
        filled = {title: list(columns[title]) for title in self._others}
        for position, key in enumerate(zip(*(columns[title] for title in self._watched), strict=True)):
            if key != self._last_key:
                self._last_key = key
                for title in self._others:
                    self._last.pop(title, None)
            for title in self._others:
                filled[title][position] = self._carried(title, filled[title][position])
        columns.update(filled)

    def _carried(self, title: str, cell: Cell) -> Cell:
        if cell is None or (isinstance(cell, str) and not visible(cell)):
            return self._last.get(title)
        self._last[title] = cell
        return cell
