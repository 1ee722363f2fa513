"""Workbooks in the XML of Excel 2003 (SpreadsheetML), which many programs write and name `.xls`: read row by row.

A cell says what it is: a number, a moment, text, a truth value or an error. What its style's format shows is told apart
as in .xlsx. Formulas have the value that was stored beside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO

from lxml import etree

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding
from bulkpo.model.table import Cell, CellError
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row, SheetEntry, is_blank
from bulkpo.tables.reading.sheet_settings import Area, Surroundings
from bulkpo.tables.reading.spans import CellSpan, Grid
from bulkpo.tables.workbooks.cell_values import date_of, exact_number, is_noisy, iso_date, without_noise
from bulkpo.tables.workbooks.formulas import WITHOUT_VALUE
from bulkpo.tables.workbooks.number_formats import PLAIN, NumberFormat, Shown, understand
from bulkpo.tables.workbooks.package import attribute, local_name
from bulkpo.tables.workbooks.row_pattern import LAST_ROW
from bulkpo.tables.workbooks.workbook import choose_sheet, sheet_findings

_MOST_WITHIN = 100_000
_LARGEST = 1 << 30
_NAMED_FORMATS = {
    "General": "General", "General Number": "General", "General Date": "yyyy-mm-dd hh:mm", "Long Date": "yyyy-mm-dd",
    "Medium Date": "yyyy-mm-dd", "Short Date": "yyyy-mm-dd", "Long Time": "hh:mm:ss", "Medium Time": "hh:mm",
    "Short Time": "hh:mm", "Currency": "#,##0.00", "Euro Currency": "#,##0.00", "Fixed": "0.00", "Standard": "#,##0.00",
    "Percent": "0.00%", "Scientific": "0.00E+00",
}  # fmt: skip
_TRUTH = {"1": True, "0": False, "true": True, "false": False}


@dataclass(slots=True)
class _Sheet:
    """What is known of a sheet once the file has been looked through."""

    name: str
    visible: bool = True
    is_filled: bool = False
    areas: list[Area] = field(default_factory=list)


class SheetXmlReader:
    """Reads one sheet of such a workbook."""

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        self.file = path.name
        self._path = path
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{self.file}: a workbook of more than {_LARGEST >> 30} GB; save it as .xlsx")
        self._formats: dict[str, NumberFormat] = {}
        self._sheets = self._looked_through()
        entries = [SheetEntry(each.name, each.visible) for each in self._sheets]
        chosen = choose_sheet(self.file, entries, sheet)
        self._number = entries.index(chosen)
        self.sheet = chosen.name
        filled = [entry for entry, known in zip(entries, self._sheets, strict=True) if known.is_filled]
        self.findings: tuple[Finding, ...] = sheet_findings(chosen, sheet, filled)
        self.surroundings = Surroundings(merges=tuple(self._sheets[self._number].areas))

    def filled_sheets(self) -> tuple[SheetEntry, ...]:
        """The sheets that hold any value."""
        return tuple(SheetEntry(each.name, each.visible) for each in self._sheets if each.is_filled)

    def rows(self, notes: Notes) -> Iterator[Row]:
        """All rows the sheet has, from the top."""
        grid, last = Grid(f"{self.file}, sheet {self.sheet}"), 0
        for sheet, element in self._elements("Row"):
            if sheet != self._number:
                continue
            try:
                number = _index(element, last)
                self._check(number, last)
                cells = grid.row(number, self._spans(element, number, notes))
            except ValueError as error:
                raise InputError(
                    f"{self.file}, sheet {self.sheet}: the file is damaged after row {last}: {error}; open it in Excel "
                    "and save it again"
                ) from None
            last = number
            if attribute(element, "Hidden") == "1" and not is_blank(cells):
                notes.tally("hidden-rows", number)
            yield number, cells

    def _looked_through(self) -> list[_Sheet]:
        """The sheets with their merged areas, and the formats of styles on the way."""
        sheets: list[_Sheet] = []
        grids: list[Grid] = []
        last = 0
        for sheet, element in self._elements("Style", "Row", "Visible", "Worksheet"):
            name = local_name(element)
            if name == "Style":
                self._note_style(element)
                continue
            while len(sheets) <= sheet:
                sheets.append(_Sheet(""))
                grids.append(Grid(self.file))
                last = 0
            if name == "Row":
                number = _index(element, last)
                self._check(number, last)
                last = number
                spans = [_span(cell, None) for cell in element.iterchildren("{*}Cell")]
                grids[sheet].row(number, spans)
                sheets[sheet].is_filled |= any(cell.find("{*}Data") is not None for cell in element)
            elif name == "Visible":
                sheets[sheet].visible = (element.text or "").strip() == "SheetVisible"
            else:
                sheets[sheet].name = attribute(element, "Name") or f"Sheet{sheet + 1}"
                sheets[sheet].areas = grids[sheet].areas
        return sheets

    def _note_style(self, element: etree._Element) -> None:
        form = next((attribute(each, "Format") for each in element.iterchildren("{*}NumberFormat")), None)
        if form:
            self._formats[attribute(element, "ID") or ""] = understand(_NAMED_FORMATS.get(form, form))

    def _elements(self, *names: str) -> Iterator[tuple[int, etree._Element]]:
        """The elements of these names as they end, each with the number of the sheet it is in, in constant memory."""
        with reading(self._path), self._path.open("rb") as stream:
            try:
                yield from _walk(stream, names)
            except (etree.XMLSyntaxError, ValueError) as error:
                raise InputError(
                    f"{self.file}: the workbook is damaged or cut short ({error}); save it as .xlsx in Excel"
                ) from None

    def _spans(self, row: etree._Element, number: int, notes: Notes) -> Iterator[CellSpan]:
        column = 0
        for cell in row.iterchildren("{*}Cell"):
            column = _index(cell, column)
            yield _span(cell, self._value(cell, (number, column), notes))
            column += _number_of(cell, "MergeAcross")

    def _value(self, cell: etree._Element, place: tuple[int, int], notes: Notes) -> Cell:
        data = cell.find("{*}Data")
        if data is None:
            return WITHOUT_VALUE if attribute(cell, "Formula") is not None else None
        text, kind = "".join(map(str, data.itertext())), attribute(data, "Type") or "String"
        form = self._formats.get(attribute(cell, "StyleID") or "", PLAIN)
        match kind:
            case "Number":
                return _number(text, form, place, notes)
            case "DateTime":
                return iso_date(text)
            case "Boolean":
                return _TRUTH.get(text.strip(), text)
            case "Error":
                return CellError(text)
            case _:
                return form.of_texts(text) if form.of_text is not None and text else text or None

    def _check(self, number: int, last: int) -> None:
        if not last < number <= LAST_ROW:
            raise InputError(f"{self.file}: row {number:,} follows row {last:,}, so the workbook is damaged")


def _walk(stream: IO[bytes], names: tuple[str, ...]) -> Iterator[tuple[int, etree._Element]]:
    events = etree.iterparse(
        stream, events=("end",), resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    size = sheet = 0
    for _, element in events:
        size += 1
        if size > _MOST_WITHIN:
            raise ValueError(f"an element holds more than {_MOST_WITHIN:,} others")
        name = local_name(element)
        if name in ("Row", "Style", "Worksheet"):
            size = 0
        if name in names:
            yield sheet, element
        sheet += name == "Worksheet"
        if name in ("Row", "Style", "Worksheet"):
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _index(element: etree._Element, last: int) -> int:
    return _number_of(element, "Index") or last + 1


def _number_of(element: etree._Element, name: str) -> int:
    """The whole number an attribute says; 0 where it is not there; raises ValueError for what is none."""
    text = attribute(element, name) or "0"
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{text!r}, its {name}, is not a whole number") from None


def _span(cell: etree._Element, value: Cell) -> CellSpan:
    across, down = (max(_number_of(cell, name), 0) for name in ("MergeAcross", "MergeDown"))
    return CellSpan(value, across + 1, down + 1, max(_number_of(cell, "Index"), 0))


def _number(text: str, form: NumberFormat, place: tuple[int, int], notes: Notes) -> Cell:
    number: Decimal = exact_number(text)
    if form.shown is Shown.DATE:
        return date_of(float(number))
    if is_noisy(text.strip()):
        notes.tally("float-noise", *place)
        number = without_noise(number)
    return form.of(number) if form.shown is Shown.OTHERWISE else number
