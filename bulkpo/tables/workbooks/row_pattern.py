"""A pattern for whole rows of a sheet, grown from the cells it has met.

In a column most sheets repeat a few shapes of cell: the same style and type around another value. Once they are known,
a block of rows is read by one pass of one pattern and its values by column. A row of any other shape is given back as
it stands, and what is learned from it is in the pattern for the next block.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import ge, itemgetter

from bulkpo.model.table import Cell, Chunk
from bulkpo.tables.workbooks.cell_values import SHOWN_DIGITS, is_noisy
from bulkpo.tables.workbooks.cells import CellKinds, FormattedNumbers, Memo, Numbers
from bulkpo.where import column_letter, column_number

ROW_END = "</row>"
LAST_ROW = 1_048_576
_MOST_LESSONS = 64
_MOST_SHAPES = 2_000
CELLS_PER_SHAPE = 150  # read one by one in about the time that a shape's part of a new pattern takes

_FORMS = {
    "blank": r"/>|>(?:<v ?/>)?</c>",
    "value": r"><v>([^<]*+)</v></c>",
    "inline": r'><is><t(?: xml:space="preserve")?>([^<]*+)</t></is></c>',
    "text_formula": r'(?<= t="str")><f[^<]*+(?:</f>)?<v>([^<]*+)</v></c>',
    "formula": r"><f[^<]*+(?:</f>)?<v>([^<]++)</v></c>",
}
"""What may follow a cell's attributes. A formula without a value is left to be noticed."""

_SHAPE = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]{1,7}"([^>/]*)(?:' + "|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()) + ")"
)
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
HIDDEN = re.compile(r' hidden="(?:1|true)"')


class UnexpectedShapeError(Exception):
    """A block that the quick way does not understand."""


class Readers(dict[str, Memo]):
    """Cell readers by a cell's attributes as they stand in the file."""

    def __init__(self, kinds: CellKinds) -> None:
        super().__init__()
        self._kinds = kinds

    def __missing__(self, attributes: str) -> Memo:
        pairs = _ATTRIBUTE.findall(attributes)
        if "".join(f' {name}="{value}"' for name, value in pairs) != attributes.rstrip():
            raise UnexpectedShapeError
        known = dict(pairs)
        reader = self[attributes] = self._kinds.of(known.get("s", ""), known.get("t", ""))
        return reader


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Rows read together, and what is odd in them: rows, columns from 1 (0 for the row itself) and codes."""

    chunk: Chunk
    oddities: Sequence[tuple[int, int, str]]


class RowPattern:
    """The pattern of one sheet's rows."""

    def __init__(self, readers: Readers, numbers: Numbers, *, learns_formulas: bool = True) -> None:
        self._readers = readers
        self._learns_formulas = learns_formulas
        self._numbers = numbers
        self._shapes: dict[int, dict[tuple[str, str], None]] = {}
        self._pattern: re.Pattern[str] | None = None
        self._slots: list[tuple[int, Memo]] = []
        self._lessons = _MOST_LESSONS
        self._known = self._walked = 0

    def learn(self, row: str) -> None:
        """Remember the shapes of a row's cells, which has been read and found sound."""
        self._walked += row.count("<c ")
        if self._lessons:
            self._lessons -= 1
            for cell in _SHAPE.finditer(row):
                if not self._learns_formulas and str(cell.lastgroup).endswith("formula"):
                    continue
                shapes = self._shapes.setdefault(column_number(cell[1]), {})
                shapes[cell[2], str(cell.lastgroup)] = None

    def pieces(self, block: str) -> list[RowBatch | str]:
        """A block that ends with a row's end, as runs of rows that are read and the text of others in between.

        A text holds one row without its end, or several where empty ones stand before it. Raises ValueError where a
        value cannot be read.
        """
        self._grow()
        self._lessons = _MOST_LESSONS
        end = block.rfind(ROW_END) + len(ROW_END)
        if self._pattern is None or end < len(ROW_END) or not block[:64].lstrip().startswith("<row"):
            return list(block.split(ROW_END))
        found = self._pattern.findall(block, 0, end)
        if not found or found[-1][-1] or len(found) != block.count(ROW_END):
            return list(block.split(ROW_END))
        pieces: list[RowBatch | str] = []
        for odd, rows in groupby(found, itemgetter(-2)):
            some = list(rows)
            pieces.extend((row[-2].removesuffix(ROW_END) for row in some) if odd else [self._run(some)])
        pieces.append(block[end:])
        return pieces

    def _grow(self) -> None:
        """Make the pattern anew where more shapes are known and enough cells were read without it."""
        known = sum(map(len, self._shapes.values()))
        if self._known < known <= _MOST_SHAPES and self._walked >= known * CELLS_PER_SHAPE:
            self._known, self._walked = known, 0
            self._slots = []
            cells = "".join(map(self._cell_pattern, sorted(self._shapes)))
            # what follows a row and is none is taken in whole, so that rows found without it are all of a block
            self._pattern = re.compile(
                rf'(?:<row r="([0-9]{{1,7}}+)"([^<>]*+)>\s*+(?=<c)(?>{cells}){ROW_END}'
                rf"|(<row[^<>]*+>(?:[^<]++|<(?!/row>))*+{ROW_END}))\s*+(?:(?=<row|\Z)|([\s\S]++))"
            )

    def _cell_pattern(self, column: int) -> str:
        """What a column's cell may look like; it may be left out."""
        variants = []
        for attributes, form in self._shapes[column]:
            variants.append(f"{re.escape(attributes)}(?:{_FORMS[form]})")
            if form != "blank":
                self._slots.append((column, self._readers[attributes]))
        return rf'(?:<c r="{column_letter(column)}[0-9]{{1,7}}+"(?:{"|".join(variants)})|)'

    def _run(self, rows: Sequence[tuple[str, ...]]) -> RowBatch:
        firsts, heads, *texts, _, _ = zip(*rows, strict=True)
        numbers = list(map(int, firsts))
        if any(map(ge, numbers, numbers[1:])) or numbers[-1] > LAST_ROW:
            raise ValueError("rows in disorder")
        columns: list[list[Cell]] = [[None] * len(numbers) for _ in range(max(self._shapes))]
        noisy = self._numbers.noisy
        for (column, reader), values in zip(self._slots, texts, strict=True):
            if any(values):
                columns[column - 1] = _merged(columns[column - 1], reader.column(values))
        oddities = sorted(self._noises(numbers, texts)) if self._numbers.noisy != noisy else []
        if HIDDEN.search("".join(heads)):
            oddities += [
                (number, 0, "hidden-rows") for number, head in zip(numbers, heads, strict=True) if HIDDEN.search(head)
            ]
        return RowBatch(Chunk(numbers, columns), oddities)

    def _noises(self, numbers: list[int], texts: list[tuple[str, ...]]) -> Iterator[tuple[int, int, str]]:
        for (column, reader), values in zip(self._slots, texts, strict=True):
            if isinstance(reader, Numbers | FormattedNumbers):
                for number, text in zip(numbers, values, strict=True):
                    if len(text) > SHOWN_DIGITS and is_noisy(text):
                        yield number, column, "float-noise"


def _merged(known: list[Cell], more: list[Cell]) -> list[Cell]:
    """A column's cells, of which each shape holds some."""
    if known.count(None) == len(known):
        return more
    return [cell if other is None else other for cell, other in zip(known, more, strict=True)]
