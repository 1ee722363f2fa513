"""A text whose columns stand at fixed places, found by the places that are blank in every line."""

from itertools import pairwise
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.tables.source import SourceOptions, open_source

_MOST_LINES = 400
_FEWEST_LINES = 3
_FEWEST_COLUMNS = 3
_TABULATOR = "\t"
_MARKS = ";|,"


def fixed_places(path: Path, encoding: str | None = None) -> dict[str, list[int]] | None:
    """The columns by their headings, each with its first and last place from 1; None where there are none such."""
    lines = _lines(path, encoding)
    if len(lines) < _FEWEST_LINES or any(_TABULATOR in line for line in lines) or _is_delimited(lines):
        return None
    width = max(map(len, lines))
    filled = [any(len(line) > place and not line[place].isspace() for line in lines) for place in range(width)]
    starts = [place for place in range(width) if filled[place] and (place == 0 or not filled[place - 1])]
    bounds = [*starts, width]
    columns: dict[str, list[int]] = {}
    for first, end in pairwise(bounds):
        heading = lines[0][first:end].strip()
        is_column = any(line[first:end].strip() for line in lines[1:])
        if heading and is_column and heading not in columns:
            columns[heading] = [first + 1, end]
        elif columns:
            last = next(reversed(columns))
            columns[f"{last} {heading}".strip()] = [columns.pop(last)[0], end]
    return columns if len(columns) >= _FEWEST_COLUMNS and columns[next(iter(columns))][0] == 1 else None


def _is_delimited(lines: list[str]) -> bool:
    """Whether a mark parts every line into as many columns: cells of one length make no places."""
    counts = [{line.count(mark) for line in lines} for mark in _MARKS]
    return any(len(each) == 1 and min(each) >= _FEWEST_COLUMNS - 1 for each in counts)


def _lines(path: Path, encoding: str | None) -> list[str]:
    """The first lines, as one column each; empty where it has several, and so is no such text."""
    try:
        source = open_source(path, SourceOptions(header_row=None, delimiter=_TABULATOR, encoding=encoding))
    except InputError:
        return []
    if source.sheet or len(source.columns) > 1:
        return []
    chunk = next(iter(source.chunks()), None)
    return [str(cell) for cell in chunk.columns[0][:_MOST_LINES]] if chunk is not None else []
