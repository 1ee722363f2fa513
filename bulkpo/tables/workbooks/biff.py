"""What calamine leaves out of old workbooks (.xls): errors, formats, formulas without value, hidden rows.

The file is a compound file (MS-CFB): sectors chained by a table, small streams in sectors of their own within the
root's. Its stream `Workbook` is a row of records (MS-XLS 2.4): type, length, content. Only the few records named here
are read.
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from bulkpo.tables.reading.sniff import OLE_MARK
from bulkpo.tables.workbooks.calamine import Overlay, Position
from bulkpo.tables.workbooks.formulas import WITHOUT_VALUE, uncalculated
from bulkpo.tables.workbooks.number_formats import NumberFormat, Shown, built_in, understand

_END_OF_CHAIN = 0xFFFFFFFA
_DIRECTORY_ENTRY = 128

_FORMULA, _EOF, _BOUND_SHEET, _MULTIPLE_RK, _XF, _ROW = 0x06, 0x0A, 0x85, 0xBD, 0xE0, 0x208
_NUMBER, _BOOLEAN_OR_ERROR, _RK, _FORMAT, _BOF = 0x203, 0x205, 0x27E, 0x41E, 0x809
_RICH_TEXT, _SHARED_TEXT, _TEXT, _RECALCULATION = 0xD6, 0xFD, 0x204, 0x1C1
_VALUED = (_NUMBER, _RK, _RICH_TEXT, _SHARED_TEXT, _TEXT)
_CALCULATES_ON_LOAD = 2
_ERROR_RESULT, _EMPTY_RESULT = 2, 3
_BIFF8 = 0x600
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def read_biff(path: Path) -> dict[str, Overlay]:
    """What the sheets of an old workbook have beyond their values, by name; none if the file is too old or odd."""
    try:
        return _overlays(_workbook_stream(path.read_bytes()))
    except (struct.error, IndexError, UnicodeDecodeError, KeyError):
        return {}


def _workbook_stream(content: bytes) -> bytes:
    """The stream of that name; raises KeyError if there is none."""
    shift = struct.unpack_from("<H", content, 30)[0]
    if content[:8] != OLE_MARK or shift not in (9, 12):
        raise KeyError("Workbook")
    size = 1 << shift
    sectors_content = content[size:]
    directory_start, cutoff, mini_start = struct.unpack_from("<I4xII", content, 48)
    next_table, tables = struct.unpack_from("<II", content, 68)
    sectors = list(struct.unpack_from("<109I", content, 76))
    for _ in range(min(tables, len(content) // size)):
        more = struct.unpack_from(f"<{size // 4}I", content, (next_table + 1) * size)
        sectors.extend(more[:-1])
        next_table = more[-1]
    table: list[int] = []
    for sector in sectors:
        if sector < _END_OF_CHAIN:
            table.extend(struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size))
    streams = _directory(_chain(sectors_content, table, directory_start, size))
    start, length = streams["Workbook"]
    if length >= cutoff:
        return _chain(sectors_content, table, start, size)[:length]
    small = _chain(sectors_content, table, streams["Root Entry"][0], size)
    mini = _chain(sectors_content, table, mini_start, size)
    return _chain(small, struct.unpack(f"<{len(mini) // 4}I", mini), start, 64)[:length]


def _chain(content: bytes, table: list[int] | tuple[int, ...], sector: int, size: int) -> bytes:
    parts: list[bytes] = []
    while sector < _END_OF_CHAIN and len(parts) <= len(table):
        parts.append(content[sector * size : (sector + 1) * size])
        sector = table[sector]
    return b"".join(parts)


def _directory(content: bytes) -> dict[str, tuple[int, int]]:
    """Stream name to first sector and length."""
    streams = {}
    for at in range(0, len(content), _DIRECTORY_ENTRY):
        length = struct.unpack_from("<H", content, at + 64)[0]
        name = content[at : at + max(length - 2, 0)].decode("utf-16-le")
        streams[name] = struct.unpack_from("<II", content, at + 116)
    return streams


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of the sheet that begins there."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        at += 4 + length


def _overlays(stream: bytes) -> dict[str, Overlay]:
    if struct.unpack_from("<H", stream, 4)[0] != _BIFF8:
        return {}
    custom: dict[int, str] = {}
    styles: list[int] = []
    places: dict[str, int] = {}
    is_calculated = False
    for kind, content in _records(stream, 0):
        if kind == _FORMAT:
            custom[struct.unpack_from("<H", content)[0]] = _text(content[2:], 2)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", content, 2)[0])
        elif kind == _RECALCULATION:
            is_calculated = True
        elif kind == _BOUND_SHEET:
            places[_text(content[6:], 1)] = struct.unpack_from("<I", content)[0]
    formats = [understand(custom[number]) if number in custom else built_in(number) for number in styles]
    return {
        name: _Sheet(formats, is_calculated=is_calculated).overlay(_records(stream, at)) for name, at in places.items()
    }


class _Sheet:
    """Lays the records of one sheet over it.

    `is_calculated` where the workbook names the program that worked out its formulas. Where none is named, a formula
    with empty text for a value has none: that is what libraries write.
    """

    def __init__(self, formats: list[NumberFormat], *, is_calculated: bool) -> None:
        self._formats = formats
        self._is_calculated = is_calculated
        self._overlay = Overlay()

    def overlay(self, records: Iterable[tuple[int, bytes]]) -> Overlay:
        """What the sheet has beyond its values."""
        for kind, content in records:
            self._note(kind, content)
        return self._overlay

    def _note(self, kind: int, content: bytes) -> None:
        overlay = self._overlay
        if kind == _ROW:
            if struct.unpack_from("<H", content, 12)[0] & 0x20:
                overlay.hidden_rows.add(struct.unpack_from("<H", content)[0] + 1)
        elif kind == _MULTIPLE_RK:
            row, first = struct.unpack_from("<HH", content)
            for place in range((len(content) - 6) // 6):
                style = struct.unpack_from("<H", content, 4 + 6 * place)[0]
                overlay.reach(row + 1, first + place + 1)
                self._note_format(style, (row + 1, first + place + 1))
        elif kind in _VALUED or kind in (_FORMULA, _BOOLEAN_OR_ERROR):
            row, column, style = struct.unpack_from("<HHH", content)
            position = row + 1, column + 1
            overlay.reach(*position)
            if kind == _BOOLEAN_OR_ERROR:
                if content[7]:
                    overlay.errors[position] = _ERRORS.get(content[6], "#ERROR")
                return
            self._note_format(style, position)
            if kind == _FORMULA:
                self._note_formula(content, position)

    def _note_formula(self, content: bytes, position: Position) -> None:
        kind = content[6] if content[12:14] == b"\xff\xff" else None
        if kind == _ERROR_RESULT:
            self._overlay.errors[position] = _ERRORS.get(content[8], "#ERROR")
        elif kind == _EMPTY_RESULT and not self._is_calculated:
            self._overlay.doubts[position] = WITHOUT_VALUE
        elif struct.unpack_from("<H", content, 14)[0] & _CALCULATES_ON_LOAD:
            self._overlay.doubts[position] = uncalculated(None)

    def _note_format(self, style: int, position: Position) -> None:
        form = self._formats[style]
        if form.shown is Shown.OTHERWISE:
            self._overlay.formats[position] = form


def _text(content: bytes, width: int) -> str:
    """A text after its length of one or two bytes; a flag says whether its characters take one byte or two."""
    length = int.from_bytes(content[:width], "little")
    if content[width] & 1:
        return content[width + 1 : width + 1 + 2 * length].decode("utf-16-le")
    return content[width + 1 : width + 1 + length].decode("latin-1")
