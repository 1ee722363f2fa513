"""Tables of web pages (HTML), which many programs call Excel and name `.xls`: cells are the text that is shown.

SAP's "MHTML" is a page in the form of a mail; its parts are read as one page after the other. Nothing is fetched.
"""

import codecs
import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.tables.reading.encoding import WHERE_DECLARED, is_utf16, known_encoding, look_at_letters, refuse_misfit
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row, SheetEntry, is_blank
from bulkpo.tables.reading.sheet_settings import Surroundings
from bulkpo.tables.reading.spans import CellSpan, Grid, laid_out
from bulkpo.tables.reading.windows_text import telling_word
from bulkpo.tables.workbooks.page_cells import page_value, shown_text
from bulkpo.tables.workbooks.workbook import choose_sheet

_LARGEST = 64 << 20
_CHARSET = re.compile(rb"<meta[^>]*charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_SHEET_NAME = re.compile(r"<x:Name>\s*([^<]{1,31}?)\s*</x:Name>", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LATIN = ("iso8859-1", "ascii")
_MOST_SPAN = 65_534
_DEEPEST = 256  # as libxml2 has it


@dataclass(frozen=True, slots=True)
class _PageTable:
    """A table that holds no other: its name, and its rows."""

    name: str
    rows: tuple[etree._Element, ...]

    def __str__(self) -> str:
        first = next((texts for row in self.rows if (texts := [shown_text(cell) for cell in _cells(row)])), [])
        return f"{self.name!r} ({len(self.rows):,} rows: {', '.join(filter(None, first[:4]))})"


class PageReader:
    """Reads one table of a page. A row's number is its place in the table."""

    def __init__(self, path: Path, sheet: str | None = None, encoding: str | None = None) -> None:
        """`sheet` is the table: its caption, or `Table 2`."""
        self.file = path.name
        if path.stat().st_size > _LARGEST:
            size = f"more than {_LARGEST >> 20} MB"
            raise InputError(f"{self.file}: a web page of {size}; open it in Excel and save it as .xlsx")
        self.findings: tuple[Finding, ...] = ()
        texts = list(self._texts(path.read_bytes(), encoding))
        self._tables = _named([(table, text) for text in texts for table in self._leaves(text)])
        chosen = self._chosen(sheet)
        self.sheet = chosen.name
        self._rows = chosen.rows
        grid = Grid(self.file)
        for number, spans in self._spans():
            grid.row(number, spans)
        self.surroundings = Surroundings(merges=tuple(grid.areas))

    def filled_sheets(self) -> tuple[SheetEntry, ...]:
        """The tables that hold more than a line of text."""
        return tuple(SheetEntry(table.name, visible=True) for table in self._tables if _is_data(table))

    def rows(self, notes: Notes) -> Iterator[Row]:
        """All rows of the table, from the top."""
        for number, cells in laid_out(self.file, self._spans()):
            if _is_hidden(self._rows[number - 1]) and not is_blank(cells):
                notes.tally("hidden-rows", number)
            yield number, cells

    def _spans(self) -> Iterator[tuple[int, list[CellSpan]]]:
        for number, row in enumerate(self._rows, 1):
            left = len(self._rows) - number + 1
            yield (
                number,
                [
                    CellSpan(page_value(cell), _span(cell, "colspan"), min(_span(cell, "rowspan", left), left))
                    for cell in _cells(row)
                ],
            )

    def _chosen(self, sheet: str | None) -> _PageTable:
        if not self._tables:
            raise InputError(f"{self.file}: this is a web page without a table; open it and save the table as .xlsx")
        if sheet is not None:
            entry = choose_sheet(self.file, [SheetEntry(table.name, visible=True) for table in self._tables], sheet)
            return next(table for table in self._tables if table.name == entry.name)
        data = [table for table in self._tables if _is_data(table)]
        if len(data) > 1:
            listed = "; ".join(map(str, data[:10]))
            raise InputError(
                f"{self.file}: the page has {len(data):,} tables: {listed}; name the one that is meant, as in "
                f"source: {{sheet: {data[0].name}}}"
            )
        return data[0] if data else self._tables[0]

    def _texts(self, content: bytes, encoding: str | None) -> Iterator[str]:
        """The text of the page, or of each page of a mail."""
        if not content.lstrip()[:13].lower().startswith(b"mime-version:"):
            yield self._decoded(content, encoding)
            return
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                payload = part.get_payload(decode=True)
                html = payload if isinstance(payload, bytes) else b""
                yield self._decoded(html, encoding or part.get_content_charset())

    def _leaves(self, text: str) -> list[etree._Element]:
        """The tables that hold no other table, in the page's order; raises InputError where the parser gives up."""
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
        root = etree.fromstring(_DECLARATION.sub("", text).encode("utf-8", "surrogatepass"), parser)
        if any(said.level == etree.ErrorLevels.FATAL for said in parser.error_log):  # what follows is left out
            raise InputError(
                f"{self.file}: the page's elements lie {_DEEPEST} and more within each other; open it in Excel and "
                "save it as .xlsx"
            )
        if root is None:
            return []
        return [table for table in root.iter("table") if next(table.iterdescendants("table"), None) is None]

    def _decoded(self, content: bytes, encoding: str | None) -> str:
        """The text of a page, by its byte order mark, by what declares it, or as UTF-8 or Windows text."""
        name = encoding or _declared(content)
        if name is None:
            try:
                return content.decode("utf-8")
            except UnicodeDecodeError as error:
                refuse_misfit(self.file, [content])
                line = content.count(b"\n", 0, error.start) + 1
                letters = look_at_letters(telling_word([content]))
                message = f"the page is not UTF-8 and is read as Windows text (cp1252); {letters}"
                self.findings += (Finding("encoding-guessed", message, line, severity=Severity.NOTICE),)
                name = "cp1252"
        try:
            name = known_encoding(name)
        except ValueError as error:
            raise InputError(f"{self.file}: {error}; declare what it is ({WHERE_DECLARED})") from None
        try:
            return content.decode(*(("cp1252", "replace") if name in _LATIN else (name, "strict")))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise InputError(
                f"{self.file}, line {line}: the page says it is {name}, and is not; declare what it is, such as "
                f"cp1252 ({WHERE_DECLARED})"
            ) from None


def _declared(content: bytes) -> str | None:
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if is_utf16(content[:4096]):
        return "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    found = _CHARSET.search(content[:8192])
    return found[1].decode("ascii") if found else None


def _named(tables: list[tuple[etree._Element, str]]) -> list[_PageTable]:
    """Tables by their captions, by the sheet's name where the page is one, or by their number."""
    found: list[_PageTable] = []
    known: set[str] = set()
    for number, (table, text) in enumerate(tables, 1):
        caption = next((shown_text(each) for each in table.iterchildren("caption")), "")
        sheet = _SHEET_NAME.search(text) if len(tables) == 1 else None
        name = caption or (sheet[1] if sheet else _heading_above(table) or f"Table {number}")
        found.append(_PageTable(f"{name} ({number})" if name in known else name, tuple(table.iter("tr"))))
        known.add(found[-1].name)
    return found


def _heading_above(table: etree._Element) -> str:
    """The sheet's name, where LibreOffice wrote several: `Sheet 1: Orders`, beside an anchor `table0`."""
    above = table.getprevious()
    if above is None or not (above.get("name") or "").startswith("table"):
        return ""
    return next((shown_text(each) for each in above.iter("em")), "")


def _is_data(table: _PageTable) -> bool:
    """Whether a table holds more than what a page is laid out with: two rows, and two columns in one of them."""
    filled = [sum(1 for cell in _cells(row) if shown_text(cell)) for row in table.rows]
    return sum(1 for count in filled if count) > 1 and max(filled) > 1


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return row.iterchildren("td", "th")


def _span(cell: etree._Element, name: str, rest: int = 1) -> int:
    """How many columns or rows a cell takes; 0 rows are all that are left."""
    text = cell.get(name, "1").strip()
    number = int(text) if text.isdecimal() and len(text) < 6 else 1
    return min(number, _MOST_SPAN) or rest


def _is_hidden(row: etree._Element) -> bool:
    return "display:none" in row.get("style", "").replace(" ", "").lower()
