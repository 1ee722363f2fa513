"""A column's cells as a workbook's XML: rendered a column at a time, since a column mostly holds one type."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, repeat
from typing import NamedTuple, cast

from bulkpo.errors import OutputError
from bulkpo.model.table import IN_DOUBT, Cell, CellError, Doubtful, Formatted
from bulkpo.tables.writing.columns import ColumnKind, SinkColumn
from bulkpo.tables.writing.xlsx_parts import FIRST_FREE_STYLE
from bulkpo.tables.writing.xlsx_text import KEPT, cell_text, cell_texts
from bulkpo.where import column_letter

Refuse = Callable[[str, int, str], OutputError]
"""Makes the error for a cell (row, column) that cannot be written, given the reason."""

_LONGEST_TEXT = 32_767
_EXACT_DIGITS = 15
_PLAIN = re.compile(r"[-.0-9]*")
_LARGEST_EXPONENT = 300
_DATE_CODE, _DATETIME_CODE, _TIME_CODE = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm:ss"
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"}
_SPACED = (ColumnKind.DECIMAL, ColumnKind.FIGURE)
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets hold local times without zone
_EPOCH_ORDINAL = _EPOCH.toordinal()
_MARCH_1900 = date(1900, 3, 1).toordinal()


class Styles:
    """The number formats a workbook uses; a format's style is found by its code."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def of(self, code: str) -> int:
        """The style that shows numbers by a format code; without a code, Excel's general format."""
        if not code:
            return 0
        if code not in self.codes:
            self.codes.append(code)
        return self.codes.index(code) + FIRST_FREE_STYLE


class XmlColumn(NamedTuple):
    """A column's cells as XML: each is `start`, its row's number, `middle`, its own of the texts, and `end`.

    Without `start` the texts are the cells, whole.
    """

    start: str
    middle: str
    texts: Sequence[str]
    end: str


def row_texts(rows: Sequence[str], columns: Iterable[XmlColumn]) -> str:
    """The XML of rows of these numbers: what every row has alike, the numbers and the texts, joined in one go."""
    count = len(rows)
    parts: list[Iterable[str]] = [repeat('<row r="', count), rows]
    between = '">'
    for start, middle, texts, end in columns:
        if start:
            parts += [repeat(between + start, count), rows, repeat(middle, count), texts]
        else:
            parts += [repeat(between, count), texts]
        between = end
    parts.append(repeat(f"{between}</row>", count))
    return "".join(chain.from_iterable(zip(*parts, strict=True)))


class CellTexts:
    """Renders the cells of one column; with `shortens` it cuts texts that no cell can hold, which it refuses else."""

    def __init__(self, column: SinkColumn, number: int, styles: Styles, *, shortens: bool = False) -> None:
        self._number = number
        self._shortens = shortens
        self._kind = column.kind
        self._scale = column.scale
        self._styles = styles
        self._open = f'<c r="{column_letter(number)}'
        self._number_style = _style(styles.of(_number_code(column)))
        self._whole_style = _style(styles.of("#,##0")) if column.kind is ColumnKind.FIGURE else self._number_style

    def render(self, rows: Sequence[str], cells: Sequence[Cell], refuse: Refuse) -> XmlColumn:
        """The XML of the cells, which are in rows of these numbers."""
        types = set(map(type, cells)) - {type(None)}
        if not types:
            return XmlColumn("", "", [""] * len(cells), "")
        if types == {str}:
            return self._texts(rows, cells, refuse)
        if types == {Decimal}:
            return self._numbers(rows, cells, refuse)
        if types == {datetime}:
            return self._moments(rows, cells, refuse)
        return self._each(rows, cells, refuse)

    def widest(self, cells: Sequence[Cell]) -> int:
        """How many characters the widest cell shows."""
        return max(map(self._width, cells), default=0)

    def _width(self, cell: Cell) -> int:
        if cell is None:
            return 0
        if isinstance(cell, str):
            return max(map(len, cell.split("\n")))
        if isinstance(cell, Decimal) and self._kind in _SPACED and abs(cell.adjusted()) < _EXACT_DIGITS:
            return len(format(cell, ",f" if self._scale is None else f",.{self._scale}f"))
        if isinstance(cell, datetime):
            return len(_DATE_CODE if self._kind is ColumnKind.DATE else _DATETIME_CODE)
        return len(str(cell))

    def _texts(self, rows: Sequence[str], cells: Sequence[Cell], refuse: Refuse) -> XmlColumn:
        texts = cast("list[str]", [cell or "" for cell in cells] if None in cells else list(cells))
        if max(map(len, texts)) * 2 > _LONGEST_TEXT:
            texts = [self._fitting(row, text, refuse) for row, text in zip(rows, texts, strict=True)]
        begin, texts = cell_texts(texts)
        return self._column(rows, f'" t="inlineStr"><is>{begin}', texts, "</t></is></c>")

    def _numbers(self, rows: Sequence[str], cells: Sequence[Cell], refuse: Refuse) -> XmlColumn:
        texts = [str(cell) for cell in cells if cell is not None]
        joined = "".join(texts)
        plain = _PLAIN.fullmatch(joined) and not (self._kind is ColumnKind.INTEGER and "." in joined)
        plain = plain and self._kind is not ColumnKind.FIGURE
        if not plain or max(map(len, texts)) > _EXACT_DIGITS:
            return self._each(rows, cells, refuse)
        return self._column(rows, f'"{self._number_style}><v>', _placed(texts, cells), "</v></c>")

    def _moments(self, rows: Sequence[str], cells: Sequence[Cell], refuse: Refuse) -> XmlColumn:
        moments: list[datetime] = [cell for cell in cells if cell is not None]  # type: ignore[misc] # nothing else
        days = list(map(datetime.toordinal, moments))
        if min(days) < _MARCH_1900:
            return self._each(rows, cells, refuse)
        date_style, moment_style = (_style(self._styles.of(code)) for code in (_DATE_CODE, _DATETIME_CODE))
        whole_style = date_style if self._kind is ColumnKind.DATE else moment_style
        texts = [
            f"{moment_style if part else whole_style}><v>{day - _EPOCH_ORDINAL}{part}"
            for day, part in zip(days, map(_PARTS.__getitem__, map(datetime.time, moments)), strict=True)
        ]
        return self._column(rows, '"', _placed(texts, cells), "</v></c>")

    def _column(self, rows: Sequence[str], middle: str, texts: Sequence[str], end: str) -> XmlColumn:
        """Cells of one shape; those without text are left out."""
        if "" not in texts:
            return XmlColumn(self._open, middle, texts, end)
        cells = zip(rows, texts, strict=True)
        return XmlColumn("", "", [f"{self._open}{row}{middle}{text}{end}" if text else "" for row, text in cells], "")

    def _each(self, rows: Sequence[str], cells: Sequence[Cell], refuse: Refuse) -> XmlColumn:
        return XmlColumn("", "", [self._one(row, cell, refuse) for row, cell in zip(rows, cells, strict=True)], "")

    def _one(self, row: str, cell: Cell, refuse: Refuse) -> str:
        if isinstance(cell, str):
            cell = self._fitting(row, cell, refuse)
        end = self._end(_without_zone(cell))
        return f"{self._open}{row}{end}" if end else ""

    def _fitting(self, row: str, text: str, refuse: Refuse) -> str:
        if self._shortens:
            return shortened(text)
        length = _length(text)
        if length > _LONGEST_TEXT:
            reason = f"the text has {length:,} characters and a cell holds {_LONGEST_TEXT:,}; write .csv or .jsonl"
            raise refuse(row, self._number, reason)
        return text

    def _end(self, cell: Cell) -> str:  # noqa: PLR0911 - one for each kind of cell
        """A cell's XML from after its place; empty for an empty cell."""
        if isinstance(cell, Doubtful):  # what is in doubt must not be read back as if it were not
            cell = IN_DOUBT
        if isinstance(cell, Formatted):
            return self._formatted_end(cell)
        if cell is None or cell == "":
            return ""
        if isinstance(cell, bool):
            return f'" t="b"><v>{int(cell)}</v></c>'
        if isinstance(cell, Decimal) and _fits(cell):
            return f'"{self._style_of(cell)}><v>{cell}</v></c>'
        if isinstance(cell, date | time):
            serial = _serial(cell)
            if serial:
                return f'"{_style(self._styles.of(self._moment_code(cell)))}><v>{serial}</v></c>'
        if isinstance(cell, CellError) and cell.text in _ERRORS:
            return f'" t="e"><v>{cell}</v></c>'
        text = format(cell, "f") if isinstance(cell, Decimal) else str(cell)
        return f'" t="inlineStr"><is>{KEPT}{cell_text(text)}</t></is></c>'

    def _formatted_end(self, cell: Formatted) -> str:
        """A number with the format it has, or the text that is shown."""
        if cell.code and isinstance(cell.stored, Decimal) and _fits(cell.stored):
            return f'"{_style(self._styles.of(cell.code))}><v>{cell.stored}</v></c>'
        return self._end(cell.shown or cell.stored)

    def _style_of(self, number: Decimal) -> str:
        if number == number.to_integral_value():
            return self._whole_style
        return "" if self._kind is ColumnKind.INTEGER else self._number_style

    def _moment_code(self, cell: date | time) -> str:
        if isinstance(cell, time):
            return _TIME_CODE
        if isinstance(cell, datetime) and not (self._kind is ColumnKind.DATE and cell.time() == time()):
            return _DATETIME_CODE
        return _DATE_CODE


def shortened(text: str) -> str:
    """Text as much as a cell holds, with a mark at its end where that is not all; the user's own file has the rest."""
    if len(text) * 2 <= _LONGEST_TEXT or _length(text) <= _LONGEST_TEXT:
        return text
    mark = f"… (cut: {_length(text):,} characters)"
    kept = text[: _LONGEST_TEXT - len(mark)]
    while _length(kept) > _LONGEST_TEXT - len(mark):
        kept = kept[: (_LONGEST_TEXT - len(mark)) - _length(kept)]
    return kept + mark


def _length(text: str) -> int:
    """How long Excel takes a text to be: it counts what UTF-16 takes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _placed(texts: list[str], cells: Sequence[Cell]) -> list[str]:
    """The texts of those cells that are there, and empty ones in the places of the others."""
    if len(texts) == len(cells):
        return texts
    rest = iter(texts)
    return ["" if cell is None else next(rest) for cell in cells]


def _style(index: int) -> str:
    return f' s="{index}"' if index else ""


def _number_code(column: SinkColumn) -> str:
    if column.kind is ColumnKind.INTEGER:
        return "0"
    if column.kind not in _SPACED:
        return ""
    if column.scale is None:
        return "#,##0.00######"
    return "#,##0." + "0" * column.scale if column.scale else "#,##0"


def _without_zone(cell: Cell) -> Cell:
    """A moment's wall time as given: cells hold no zones."""
    return cell.replace(tzinfo=None) if isinstance(cell, datetime | time) and cell.tzinfo is not None else cell


def _fits(number: Decimal) -> bool:
    """Whether Excel's floating point numbers hold it without losing a digit."""
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        return False
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    return len(digits) <= _EXACT_DIGITS


def _serial(moment: date | time) -> str:
    """Days since Excel's epoch; empty for what is before its calendar, which is written as text.

    Excel's calendar of 1900 has a 29 February that never was: days before it count one less.
    """
    if isinstance(moment, time):
        return _serial_of(datetime.combine(_EPOCH, moment))
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.toordinal() >= _MARCH_1900:
        return _serial_of(moment)
    return _serial_of(moment - timedelta(days=1)) if moment.year == 1900 else ""


def _serial_of(moment: datetime) -> str:
    return f"{moment.toordinal() - _EPOCH_ORDINAL}{_PARTS[moment.time()]}"


class _Parts(dict[time, str]):
    """Times as parts of a day, from the decimal point on; empty for midnight. Those of whole seconds are kept."""

    def __missing__(self, moment: time) -> str:
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1_000_000
        part = f"{seconds / 86_400:.16f}".rstrip("0")[1:] if seconds else ""
        if not moment.microsecond:
            self[moment] = part
        return part


_PARTS = _Parts()
