"""The XML of a sheet, as rows of cells.

Two ways to the same rows. The quick one reads blocks of text by patterns, many rows at a time where their shape is
known and row by row where it is not, and proves that it has seen every cell; where a block is of any other shape
(prefixed names, rich text, comments, cells without their names) the careful one, an XML parser, goes on from the row
reached.
"""

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import IO

from lxml import etree

from bulkpo.model.table import MOST_COLUMNS, Cell, Chunk
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row
from bulkpo.tables.reading.sheet_settings import Surroundings
from bulkpo.tables.workbooks.cell_values import decoded, is_noisy
from bulkpo.tables.workbooks.cells import CellKinds, FormattedNumbers, Numbers
from bulkpo.tables.workbooks.formulas import Formulas
from bulkpo.tables.workbooks.outside_rows import look_around
from bulkpo.tables.workbooks.package import elements, local_name
from bulkpo.tables.workbooks.row_pattern import (
    HIDDEN,
    LAST_ROW,
    ROW_END,
    Readers,
    RowBatch,
    RowPattern,
    UnexpectedShapeError,
)
from bulkpo.tables.workbooks.shared_texts import holds_declarations, rich_text
from bulkpo.where import cell_name, column_number

_BLOCK = 1 << 18
_LONGEST_ROW = 8 << 20

_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]{1,7}"([^>/]*)'
    r"(?:/>|>(?:<f[^<]*(?:</f>)?)?(?:(?:<v>|<is><t[^>/]*>)([^<]*)(?:</v>|</t></is>)|<v ?/>)?</c>)"
)
_NAME = itemgetter(0)
_FORMULA = re.compile(r'<c r="([A-Z]{1,3})[0-9]{1,7}"([^>/]*)><f([^<>]*)>?[^<]*(?:</f>)?(</c>|<v></v>|<v ?/>)?')
_REFERENCE = re.compile(r' ref="([^"]*)"')
_ROW_NUMBER = re.compile(r' r="([0-9]{1,7})"')
_START = re.compile(rb"<sheetData( ?/)?>")
_END = b"</sheetData>"
_ROW_END = b"</row>"
_EMPTY_ROWS = re.compile(rb"(?:\s*<row(?: [^<>]*)?/>)+")


class SheetRows:
    """Reads the rows of one sheet, noting what is odd."""

    def __init__(self, kinds: CellKinds, notes: Notes, *, uncalculated: bool = False) -> None:
        """`uncalculated` where the workbook says that its formulas have not been worked out."""
        self._kinds = kinds
        self._formulas = Formulas(notes, uncalculated=uncalculated)
        self._notes = notes
        self._letters = _Letters()
        self._readers = Readers(kinds)
        self._pattern = RowPattern(self._readers, kinds.numbers, learns_formulas=not uncalculated)
        self._width = 1
        self.last = 0
        self.surroundings: Surroundings | None = None

    def quick(self, stream: IO[bytes]) -> Iterator[Chunk | Row]:
        """The rows by pattern, many or one at a time; raises UnexpectedShapeError where careful must go on."""
        for block in self._blocks(stream):
            if holds_declarations(block):
                raise UnexpectedShapeError
            for piece in self._pieces(block):
                if isinstance(piece, RowBatch):
                    yield self._noted(piece)
                else:
                    yield from self._rows_of(piece)

    def _blocks(self, stream: IO[bytes]) -> Iterator[str]:
        """The text of the rows, in pieces that end with a row's end."""
        start, rest = _parted(stream)
        searched = 0
        while True:
            end = rest.find(_END, max(searched - len(_END), 0))
            if end >= 0:
                yield rest[:end].decode()
                self.surroundings = look_around(chain([start + rest[end:]], byte_blocks(stream)))
                return
            cut = rest.rfind(_ROW_END, max(searched - len(_ROW_END), 0)) + len(_ROW_END)
            if cut < len(_ROW_END):
                empty = _EMPTY_ROWS.match(rest)
                cut = empty.end() if empty else 0
            if cut:
                yield rest[:cut].decode()
                rest = rest[cut:]
            if len(rest) > _LONGEST_ROW:
                raise UnexpectedShapeError
            searched = len(rest)
            block = stream.read(_BLOCK)
            if not block:
                raise EOFError("the sheet ends in mid-row")
            rest += block

    def _pieces(self, block: str) -> list[RowBatch | str]:
        try:
            return self._pattern.pieces(block)
        except ValueError:  # row by row, the place of what is damaged is told
            return list(block.split(ROW_END))

    def _noted(self, run: RowBatch) -> Chunk:
        self._counted(run.chunk.rows[0])
        self.last = run.chunk.rows[-1]
        for row, column, code in run.oddities:
            self._notes.tally(code, row, column)
        return run.chunk

    def _rows_of(self, piece: str) -> Iterator[Row]:
        head, _, body = piece.partition(">")
        while head[-1:] == "/":
            yield self._number(head), []
            head, _, body = body.partition(">")
        if body:
            number = self._number(head)
            cells = self._cells(number, body)
            self._pattern.learn(body)
            yield number, cells
            if HIDDEN.search(head):
                self._notes.tally("hidden-rows", number)
        elif head and not head.isspace():
            raise UnexpectedShapeError

    def _number(self, head: str) -> int:
        if not head.lstrip().startswith("<row"):
            raise UnexpectedShapeError
        match = _ROW_NUMBER.search(head)
        return self._counted(int(match[1]) if match else self.last + 1)

    def _counted(self, number: int) -> int:
        if not self.last < number <= LAST_ROW:
            raise ValueError(f"row {number} comes after row {self.last}")
        self.last = number
        return number

    def _cells(self, row: int, body: str) -> list[Cell]:
        letters, readers, noisy = self._letters, self._readers, self._kinds.numbers.noisy
        found = _CELL.findall(body)
        if len(found) != body.count("<c") or "<row" in body:
            raise UnexpectedShapeError
        if len(set(map(_NAME, found))) < len(found):
            raise UnexpectedShapeError
        if found and letters[found[-1][0]] >= self._width:
            self._width = letters[found[-1][0]] + 1
        cells: list[Cell] = [None] * self._width
        try:
            for name, attributes, text in found:
                cells[letters[name]] = readers[attributes][text]
        except IndexError:  # cells in disorder
            raise UnexpectedShapeError from None
        if "<f" in body:
            for name, attributes, formula, end in _FORMULA.findall(body):
                at, is_empty = letters[name], bool(end) and 't="str"' not in attributes
                reference = _REFERENCE.search(formula)
                cells[at] = self._formulas.cell(cells[at], reference[1] if reference else "", is_empty=is_empty)
        if self._kinds.numbers.noisy != noisy:
            self._tell_noise(row, found)
        return cells

    def _tell_noise(self, row: int, found: list[tuple[str, str, str]]) -> None:
        for name, attributes, text in found:
            if isinstance(self._readers[attributes], Numbers | FormattedNumbers) and is_noisy(text):
                self._notes.tally("float-noise", row, self._letters[name] + 1)

    def careful(self, stream: IO[bytes], after: int) -> Iterator[Row]:
        """The rows after one, by an XML parser."""
        self.last = 0
        for element in elements(stream, "row"):
            number = self._counted(int(element.get("r") or self.last + 1))
            if number > after:
                if len(element) and element.get("hidden") in ("1", "true"):
                    self._notes.tally("hidden-rows", number)
                yield number, self._parsed_cells(number, element)

    def _parsed_cells(self, row: int, element: etree._Element) -> list[Cell]:
        cells: list[Cell] = []
        column = 0
        seen: set[int] = set()
        for child in element.iterchildren("{*}c"):
            name = (child.get("r") or "").rstrip("0123456789")
            column = self._letters[name] + 1 if name else column + 1
            if column > MOST_COLUMNS:
                raise ValueError(f"row {row} has more than {MOST_COLUMNS:,} columns")
            if column in seen:
                raise ValueError(f"cell {cell_name(row, column)} stands twice")
            seen.add(column)
            cells.extend([None] * (column - len(cells)))
            cells[column - 1] = self._parsed_cell(row, column, child)
        return cells

    def _parsed_cell(self, row: int, column: int, element: etree._Element) -> Cell:
        kind = element.get("t", "")
        formula, text, inline = None, "", ""
        for child in element:
            name = local_name(child)
            formula = child.get("ref", "") if name == "f" else formula
            text = (child.text or "") if name == "v" else text
            inline = rich_text(child) if name == "is" else inline
        if inline or kind == "inlineStr":
            return decoded(inline) or None
        reader = self._kinds.of(element.get("s", ""), kind)
        if isinstance(reader, Numbers | FormattedNumbers) and text and is_noisy(text):
            self._notes.tally("float-noise", row, column)
        cell = decoded(text) or None if kind == "str" else reader[text]
        is_empty = not text and kind != "str"
        return cell if formula is None else self._formulas.cell(cell, formula, is_empty=is_empty)


class _Letters(dict[str, int]):
    """Column indexes from 0 by letters."""

    def __missing__(self, letters: str) -> int:
        number = column_number(letters) if letters.isalpha() and letters.isascii() and len(letters) <= 3 else 0
        if not 0 < number <= MOST_COLUMNS:
            raise ValueError(f"{letters!r} is not a column")
        self[letters] = number - 1
        return number - 1


def byte_blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The text of a part, some at a time."""
    return iter(partial(stream.read, _BLOCK), b"")


def _parted(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """What was read up to and with `<sheetData>`, and beyond; a sheet without rows gives its end."""
    start = b""
    while True:
        match = _START.search(start)
        if match:
            return start[: match.end()], (_END if match[1] else b"") + start[match.end() :]
        block = stream.read(_BLOCK)
        if not block or len(start) > _LONGEST_ROW:
            raise UnexpectedShapeError
        start += block
