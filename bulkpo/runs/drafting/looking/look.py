"""A file nobody has mapped yet, looked at: its sheets, where their headings stand, and all their cells by column."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from bulkpo.mapping.guessing.cells.coded import Coded, Coding, coded
from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.cells.headings import HeadingGuess, find_headings
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.model.table import Cell, Source
from bulkpo.runs.drafting.looking.captions import caption_of_blocks
from bulkpo.runs.drafting.looking.fixed_places import fixed_places
from bulkpo.runs.drafting.looking.headed_types import headed_types
from bulkpo.runs.drafting.looking.side_by_side import SideBySide, beyond_headings, orders_beside
from bulkpo.runs.drafting.looking.typed_rows import TypedRows, typed_rows
from bulkpo.runs.drafting.looking.types_by_values import TypesByValues, types_by_values
from bulkpo.schema.synonyms import Synonyms
from bulkpo.tables.reading.fixed_width import Width
from bulkpo.tables.source import SourceOptions, filled_sheets, is_encoded, open_source

_FIRST_ROWS = 60
_FEWEST_KNOWN = 3


@dataclass(frozen=True, slots=True)
class LookedTable:
    """One table of a file: where it is and what it holds; `typed` where its rows are of several types.

    `notes` say what stands around it and is not read; `caption` is what a row says that names an order above its lines,
    where orders stand in blocks.
    """

    path: Path
    sheet: str
    heading: HeadingGuess
    table: TableCells
    source: Mapping[str, object]
    typed: TypedRows | None = None
    notes: tuple[str, ...] = ()
    caption: str = ""

    def __str__(self) -> str:
        return f"sheet {self.sheet}" if self.sheet else self.path.name


def look_at(path: Path, synonyms: Synonyms, encoding: str | None = None) -> tuple[LookedTable, ...]:
    """The tables of a file, a sheet each, in its order; raises InputError. `encoding` is that of a text or a page."""
    encoding = encoding if encoding is not None and is_encoded(path) else None
    declared = {} if encoding is None else {"encoding": encoding}
    sheets = filled_sheets(path, encoding)
    names = [entry.name for entry in sheets if entry.visible and not entry.is_own] if sheets else [None]
    found = []
    for name in names or [None]:
        looked = _look(path, SourceOptions(sheet=name, encoding=encoding), synonyms)
        named = {"sheet": name} if len(names) > 1 and name is not None else {}
        found.append(replace(looked, source={**named, **declared, **looked.source}))
    return tuple(_together(found))


def typed_among(found: Sequence[LookedTable]) -> LookedTable | None:
    """The table whose rows are of several types, unless these have no headings and another table has such as orders."""
    typed = next((each for each in found if each.typed is not None), None)
    if typed is None or typed.typed is None or typed.typed.has_headings:
        return typed
    return None if any(each.heading.known >= _FEWEST_KNOWN for each in found if each.typed is None) else typed


def _together(found: Sequence[LookedTable]) -> Iterator[LookedTable]:
    """Sheets with the same headings in the same rows as one table, each having a part of the orders."""
    alike: dict[object, list[LookedTable]] = {}
    for each in found:
        shape = tuple(column.title for column in each.table.columns), each.heading.row, each.source.get("area")
        alike.setdefault(shape if each.heading.known > 1 else each.sheet, []).append(each)
    for several in alike.values():
        first = several[0]
        if len(several) == 1:
            yield first
            continue
        tables = [each.table for each in several]
        columns = tuple(
            ColumnCells(own[0].column, coded(chain.from_iterable(each.cells for each in own)))
            for own in zip(*(table.columns for table in tables), strict=True)
        )
        rows = list(chain.from_iterable(table.rows for table in tables))
        source = {**first.source, "sheet": [each.sheet for each in several]}
        names = ", ".join(each.sheet for each in several)
        notes = tuple(dict.fromkeys(note for each in several for note in each.notes))
        notes += (f"{len(several)} sheets have the same headings and are read, each by itself: {names}",)
        yield replace(first, table=replace(first.table, columns=columns, rows=rows), source=source, notes=notes)


def _look(path: Path, options: SourceOptions, synonyms: Synonyms) -> LookedTable:
    places = fixed_places(path, options.encoding) if options.sheet is None and options.area is None else None
    if places:
        widths = tuple(Width(title, *place) for title, place in places.items())
        opened = open_source(path, replace(options, header_row=1, widths=widths))
        fixed = HeadingGuess(1, known=len(places), filled=len(places), reasons=("columns stand at fixed places",))
        return LookedTable(path, "", fixed, _table(opened, {}), {"header_row": 1, "columns": places})
    first = open_source(path, replace(options, header_row=None))
    rows = list(islice(_rows(first), _FIRST_ROWS))
    caption = caption_of_blocks(rows, synonyms)
    typed = typed_rows(path, options, rows, synonyms) if options.area is None and not caption else None
    if typed is not None:
        return LookedTable(path, first.sheet, HeadingGuess(1), TableCells((), ()), typed.source, typed)
    looked = replace(_with_headings(path, options, first, rows, synonyms), caption=caption)
    below = _types_below(looked.heading, rows, synonyms)
    is_whole = below is not None and options.area is None and below.first_row == _first_below(looked.heading, rows)
    headed = headed_types(path, options, below, looked.table.columns) if below is not None and is_whole else None
    if below is not None and headed is not None:
        return replace(looked, table=TableCells((), ()), source=headed.source, typed=headed)
    looked = replace(looked, notes=() if below is None else (_said_below(below, looked.heading),))
    found = _beside(looked, first, rows, synonyms) if options.area is None else None
    if found is None:
        return looked
    own = _look(path, replace(options, area=found.area), synonyms)
    return replace(own, source={"area": str(found.area), **own.source}, notes=(*found.notes, *own.notes))


def _types_below(
    heading: HeadingGuess, rows: Sequence[tuple[int, list[Cell]]], synonyms: Synonyms
) -> TypesByValues | None:
    """The types of rows that stand below one row of headings, if they are of several."""
    if heading.row is None:
        return None
    return types_by_values([row for row in rows if row[0] > _last(heading)], synonyms)


def _last(heading: HeadingGuess) -> int:
    return (heading.row or 0) + heading.rows - 1


def _first_below(heading: HeadingGuess, rows: Sequence[tuple[int, list[Cell]]]) -> int:
    return next((number for number, _ in rows if number > _last(heading)), 0)


def _said_below(types: TypesByValues, heading: HeadingGuess) -> str:
    """What is told where rows of several types stand below headings that do not fit those of each."""
    return (
        f"rows are of several types, orders ({types.first}) and lines ({types.line}) by their first cell, below one "
        "row of headings, and are guessed as if they were of one: a mapping reads them by record_types, with "
        f"`source: {{header_row: none, first_row: {_last(heading) + 1}}}` and columns by letters"
    )


def _beside(
    looked: LookedTable, first: Source, rows: Sequence[tuple[int, list[Cell]]], synonyms: Synonyms
) -> SideBySide | None:
    """The part of a sheet that the orders have, where something else stands beside them."""
    found = orders_beside(looked.table, synonyms)
    if found is not None or looked.heading.row is None:
        return found
    below = [cells for number, cells in rows if number >= looked.heading.row]
    return beyond_headings(len(looked.table.columns), below, [column.number for column in first.columns])


def _with_headings(
    path: Path, options: SourceOptions, first: Source, rows: list[tuple[int, list[Cell]]], synonyms: Synonyms
) -> LookedTable:
    """A table with its headings; `first` is the same as it is read without, `rows` are its first."""
    heading = find_headings(rows, synonyms)
    source: dict[str, object] = {}
    if heading.row is None:
        source["header_row"] = "none"
        opened = first
    else:
        if heading.row != 1:
            source["header_row"] = heading.row
        if heading.rows > 1:
            source["header_rows"] = heading.rows
        opened = open_source(path, replace(options, header_row=heading.row, header_rows=heading.rows))
    headings = _headings(rows, heading, [column.number for column in first.columns])
    table = replace(_table(opened, headings), has_headings=heading.row is not None)
    return LookedTable(path, opened.sheet, heading, table, source)


def _rows(source: Source) -> Iterator[tuple[int, list[Cell]]]:
    for piece in source.chunks():
        yield from zip(piece.rows, map(list, zip(*piece.columns, strict=True)), strict=True)


def _headings(
    rows: list[tuple[int, list[Cell]]], heading: HeadingGuess, numbers: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """What each of several heading rows says, by column; `numbers` are those of the columns."""
    if heading.row is None or heading.rows < 2:
        return {}
    mine = [cells for number, cells in rows if heading.row <= number < heading.row + heading.rows]
    return {
        number: tuple(str(cells[place]) for cells in mine if place < len(cells) and cells[place] is not None)
        for place, number in enumerate(numbers)
    }


def _table(source: Source, headings: Mapping[int, tuple[str, ...]]) -> TableCells:
    rows, codings = array("Q"), [Coding[Cell]() for _ in source.columns]
    for piece in source.chunks():
        rows.extend(piece.rows)
        for coding, cells in zip(codings, piece.columns, strict=True):
            coding.add(cells)
    columns = [coding.whole() for coding in codings]
    again, repeated = _repeated(source, columns)
    if repeated:
        rows = array("Q", (row for place, row in enumerate(rows) if place not in repeated))
        columns = [column.without(repeated) for column in columns]
    own = tuple(map(ColumnCells, source.columns, columns))
    return TableCells(own, rows, headings, again)


def _repeated(source: Source, cells: Sequence[Coded[Cell]]) -> tuple[tuple[str, str] | None, frozenset[int]]:
    """The rows that are the headings again, as a print repeats them on each page, and how they are known."""
    for column, own in zip(source.columns, cells, strict=True):
        same = {code for code, cell in enumerate(own.values) if isinstance(cell, str) and cell.strip() == column.title}
        places = (place for place, code in enumerate(own.codes) if code in same) if same else ()
        again = [place for place in places if _is_heading(source, cells, place)]
        if again:
            return (column.title, column.title), frozenset(again)
        if own and own[0] is not None:
            break
    return None, frozenset()


def _is_heading(source: Source, cells: Sequence[Coded[Cell]], place: int) -> bool:
    pairs = [(column.title, own[place]) for column, own in zip(source.columns, cells, strict=True)]
    return sum(isinstance(cell, str) and cell.strip() == title for title, cell in pairs) * 2 > len(pairs)
