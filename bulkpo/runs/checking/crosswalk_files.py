"""Crosswalks in files: legacy values and what Coupa has for them, in named columns or in the only two there are.

What is wrong with one is told by its row: a mapping of somebody else's may name any file, whose content is nobody's
business. Only the headings of what is a table by its name are told, where they stand in the first row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.mapping.language.crosswalks import BETWEEN_KEYS, NO_RESULT, CrosswalkFile, Entries
from bulkpo.mapping.rows.binding import loose_title
from bulkpo.mapping.values.cells import text_of
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.table import Source
from bulkpo.model.text import visible
from bulkpo.schema.tables import nearest
from bulkpo.tables.source import SourceOptions, open_source

_MOST_TITLES = 30
_TABLES = frozenset((".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"))


def read_crosswalk(path: Path) -> Entries:
    """The entries of a crosswalk file: legacy values in its first column, Coupa's in its second, headings above."""
    source = open_source(path, SourceOptions())
    table = _Table()
    for row, (key, value) in _rows(path, source, _both(path, source)):
        if not key or not value:
            raise InputError(f"{path.name}, row {row}: a legacy value and a Coupa value are needed; one is empty")
        _once(path, row, table, key, value)
    return table.entries


def read_columns(path: Path, file: CrosswalkFile) -> tuple[Entries, ...]:
    """The tables that named columns of a file give, one for each result; raises InputError."""
    spec = file.source
    options = SourceOptions(spec.sheet, spec.header_row, spec.header_rows, spec.encoding, spec.delimiter)
    source = open_source(path, options)
    titles = (*file.keys, *file.results)
    places = [_place(path, source, title, spec.header_row) for title in titles] if file.keys else _both(path, source)
    tables = tuple(_Table() for _ in file.results)
    many = len(file.keys) or 1
    for row, texts in _rows(path, source, places):
        if not any(texts):
            continue
        keys = texts[:many]
        if not all(keys) and not file.has_blank:
            names = file.keys or ("the legacy value",)
            empty = " and ".join(title for title, key in zip(names, keys, strict=True) if not key)
            raise InputError(
                f"{path.name}, row {row}: {empty} is empty; fill it in, or say blank: entry if this is the entry for "
                "empty cells"
            )
        key = BETWEEN_KEYS.join(keys) if any(keys) else ""
        for table, value in zip(tables, texts[many:], strict=True):
            entry = key.casefold() if file.ignores_case else key
            if value or file.sends_nothing:
                _once(path, row, table, entry, value or None)
            elif entry:
                table.empty[entry] = NO_RESULT
    return tuple({**table.empty, **table.entries} for table in tables)


@dataclass(slots=True)
class _Table:
    """Entries, the row each of them stands in first, and the keys of rows without a result."""

    entries: dict[str, str | None] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    empty: dict[str, str | None] = field(default_factory=dict)


def _once(path: Path, row: int, table: _Table, key: str, value: str | None) -> None:
    """Take an entry in; raises InputError if another row says otherwise."""
    if key in table.entries and table.entries[key] != value:
        message = f"its legacy value stands in row {table.rows[key]} with another Coupa value; remove one of the two"
        raise InputError(f"{path.name}, row {row}: {message}")
    table.entries.setdefault(key, value)
    table.rows.setdefault(key, row)


def _rows(path: Path, source: Source, places: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """The rows of some columns as text, with their numbers."""
    for chunk in source.chunks():
        for row, *cells in zip(chunk.rows, *(chunk.columns[place] for place in places), strict=True):
            try:
                yield row, [visible(text_of(cell)) for cell in cells]
            except Unreadable:
                raise InputError(f"{path.name}, row {row}: a cell cannot be read as text; correct it") from None


def _both(path: Path, source: Source) -> list[int]:
    """The places of a file's only two columns; raises InputError where it has more or fewer."""
    titles = [column.title for column in source.columns]
    if len(titles) < 2:
        raise InputError(f"{path.name}: a crosswalk needs two columns, legacy value and Coupa value")
    if len(titles) > 2:
        named = f"{{file: {path.name}, from: …, to: …}}"
        message = f"a file of {len(titles)} columns does not say which are meant; name them: {named}"
        raise InputError(f"{path.name}: {message}{_headings(path, titles)}")
    return [0, 1]


def _place(path: Path, source: Source, title: str, header_row: int | None) -> int:
    titles = [column.title for column in source.columns]
    wanted = " ".join(title.split())
    if wanted in titles:
        return titles.index(wanted)
    alike = [place for place, each in enumerate(titles) if loose_title(each) == loose_title(wanted)]
    if len(alike) != 1:
        hint = _headings(path, titles) if header_row == 1 else ""
        raise InputError(
            f"{path.name}: there is no column {wanted!r}{hint and (nearest(wanted, tuple(titles)) or hint)}"
        )
    return alike[0]


def _headings(path: Path, titles: Sequence[str]) -> str:
    """What the headings of a table are, as the end of a sentence."""
    if path.suffix.lower() not in _TABLES:
        return ""
    more = f" and {len(titles) - _MOST_TITLES:,} more" if len(titles) > _MOST_TITLES else ""
    return f"; it has: {', '.join(titles[:_MOST_TITLES])}{more}"
