"""Parquet: one typed table a file, for programs that go on with the figures.

Numbers are exact decimals and moments instants that know their zone. Every column has one type, so a cell that holds
something else is refused with its column, never bent or left out. Needs pyarrow, which comes with `bulkpo[parquet]`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from types import TracebackType
from typing import IO, Any, Self
from zoneinfo import ZoneInfo

from bulkpo.errors import OutputError
from bulkpo.model.table import Cell
from bulkpo.tables.writing.columns import ColumnKind, SinkColumn
from bulkpo.tables.writing.delimited import OnlyOne, check_widths

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    raise OutputError(
        "writing .parquet needs pyarrow, which is not installed: pip install 'bulkpo[parquet]', or write .csv"
    ) from None

_DIGITS, _DECIMALS = 38, 12
_ROWS_A_GROUP = 50_000
_EXPECTED = {
    ColumnKind.INTEGER: "a whole number",
    ColumnKind.DECIMAL: f"a number of at most {_DECIMALS} decimals and {_DIGITS - _DECIMALS} digits before them",
    ColumnKind.DATE: "a date without time",
    ColumnKind.DATETIME: "a date and time",
    ColumnKind.BOOLEAN: "true or false",
}


class ParquetBook:
    """A Parquet file, ready for its one table. Moments are shown in `zone`; those without one are meant in it."""

    notices = ()

    def __init__(self, name: str, file: IO[bytes], zone: str) -> None:
        self._name = name
        self._only_one = OnlyOne(name)
        self._file = file
        self._zone = zone

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None and not self._only_one.is_taken:
            with self.sheet("", []):
                pass

    @contextmanager
    def sheet(self, name: str, columns: Sequence[SinkColumn]) -> Iterator["_ParquetSheet"]:
        """Begin the table; `name` has no place in a Parquet file. Raises OutputError for a title that stands twice."""
        self._only_one.take(name)
        types = [_type_of(column.kind, self._zone) for column in columns]
        schema = pa.schema([pa.field(_whole(column.title), kind) for column, kind in zip(columns, types, strict=True)])
        with pq.ParquetWriter(self._file, schema) as writer:
            sheet = _ParquetSheet(self._name, columns, writer, ZoneInfo(self._zone))
            yield sheet
            sheet.finish()


class _ParquetSheet:
    def __init__(self, name: str, columns: Sequence[SinkColumn], writer: Any, zone: ZoneInfo) -> None:  # noqa: ANN401 - pyarrow has no types
        self._name = name
        self._columns = columns
        self._writer = writer
        self._to_values = [_value_of(column.kind, zone) for column in columns]
        self._batches: list[Any] = []
        self._rows = 0

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows. Raises OutputError for a cell that is not of its column's type."""
        check_widths(rows, len(self._columns))
        if not rows:
            return
        cells = list(zip(*rows, strict=True))
        arrays = [self._array(number, column) for number, column in enumerate(cells)]
        self._batches.append(pa.record_batch(arrays, schema=self._writer.schema))
        self._rows += len(rows)
        if self._rows >= _ROWS_A_GROUP:
            self.finish()

    def finish(self) -> None:
        """Write what is left."""
        if self._batches:
            self._writer.write_table(pa.Table.from_batches(self._batches))
            self._batches.clear()
            self._rows = 0

    def _array(self, number: int, cells: Sequence[Cell]) -> Any:  # noqa: ANN401 - pyarrow has no types
        kind = self._writer.schema.types[number]
        value_of = self._to_values[number]
        try:
            return pa.array([None if cell is None else value_of(cell) for cell in cells], kind)
        except (TypeError, ValueError, OverflowError, pa.ArrowException):
            raise self._refused(number, cells) from None

    def _refused(self, number: int, cells: Sequence[Cell]) -> OutputError:
        column, kind = self._columns[number], self._writer.schema.types[number]
        expected = _EXPECTED.get(column.kind, "a text")
        for cell in cells:
            try:
                pa.array([None if cell is None else self._to_values[number](cell)], kind)
            except (TypeError, ValueError, OverflowError, pa.ArrowException):
                break
        return OutputError(f"{self._name}, column {column.title}: {cell} is not {expected}; write .xlsx or .csv")


def _whole(text: str) -> str:
    """Text without halves of surrogate pairs, which are no characters."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _type_of(kind: ColumnKind, zone: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    match kind:
        case ColumnKind.INTEGER:
            return pa.int64()
        case ColumnKind.DECIMAL | ColumnKind.FIGURE:
            return pa.decimal128(_DIGITS, _DECIMALS)
        case ColumnKind.DATE:
            return pa.date32()
        case ColumnKind.DATETIME:
            return pa.timestamp("us", zone)
        case ColumnKind.BOOLEAN:
            return pa.bool_()
        case ColumnKind.TEXT:
            return pa.string()


def _value_of(kind: ColumnKind, zone: ZoneInfo) -> Callable[[Cell], object]:
    """What makes a value of a cell; raises ValueError if it would have to be bent."""

    def whole(cell: Cell) -> object:
        if not isinstance(cell, Decimal) or cell != cell.to_integral_value():
            raise ValueError(cell)
        return int(cell)

    def day(cell: Cell) -> object:
        if isinstance(cell, datetime) and cell.time() != time():
            raise ValueError(cell)
        return cell.date() if isinstance(cell, datetime) else cell

    def moment(cell: Cell) -> object:
        if isinstance(cell, datetime):
            return cell if cell.tzinfo else cell.replace(tzinfo=zone)
        if isinstance(cell, date):
            return datetime.combine(cell, time(), zone)
        raise ValueError(cell)

    def text(cell: Cell) -> object:
        return _whole(str(cell))

    def itself(cell: Cell) -> object:
        return cell

    known: dict[ColumnKind, Callable[[Cell], object]] = {
        ColumnKind.INTEGER: whole,
        ColumnKind.DATE: day,
        ColumnKind.DATETIME: moment,
        ColumnKind.TEXT: text,
    }
    return known.get(kind, itself)
