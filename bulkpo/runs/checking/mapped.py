"""A file seen through a mapping: its records and documents, derived anew each time they are asked for."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

from bulkpo.errors import MappingError
from bulkpo.mapping.language.figures import expected_from
from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.mapping.language.spec import ImportMapping, SourceSpec
from bulkpo.mapping.rows.apply import Applier
from bulkpo.mapping.rows.assemble import Assembler
from bulkpo.mapping.rows.binding import MissingColumnsError
from bulkpo.mapping.rows.doubts import NO_DOUBTS, Doubt
from bulkpo.mapping.rows.group import Gathered, Grouper, Stretch
from bulkpo.mapping.rows.records import Records
from bulkpo.model.finding import Finding
from bulkpo.model.table import PART_MARK, Source
from bulkpo.runs.checking.aside import OrdersAside
from bulkpo.runs.checking.commands import fit_command
from bulkpo.runs.checking.crosswalk_files import read_columns, read_crosswalk
from bulkpo.runs.checking.mapping_files import merged_data, read_yaml
from bulkpo.runs.checking.misplaced import misplaced_headings
from bulkpo.runs.checking.rows_of_keys import RowsOfKeys
from bulkpo.runs.checking.stamps import stamp_findings
from bulkpo.schema.tables import ElementTables
from bulkpo.shelves import open_shelf
from bulkpo.shipped import schema_text
from bulkpo.tables.reading.column_range import ColumnRange
from bulkpo.tables.reading.fixed_width import Width
from bulkpo.tables.reading.joined import JoinedSource
from bulkpo.tables.reading.named import NAMES, NamedSource
from bulkpo.tables.reading.record_types import WIDTH, RecordTypeSource
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.where import column_number
from bulkpo.yamldoc import dump_yaml


@dataclass(frozen=True, slots=True)
class Input:
    """What orders are read from: a file, the sheet where that is one of several, and other files of joined tables.

    `tables` are the files of tables by their names in the mapping, where they are not those it names.
    """

    path: Path
    sheet: str = ""
    tables: tuple[tuple[str, Path], ...] = ()

    def __str__(self) -> str:
        return f"{self.path.name}, sheet {self.sheet}" if self.sheet else self.path.name


@dataclass(frozen=True, slots=True)
class MappedFile:
    """A table and the mapping it is read by. `files` are all it is read from, the one that was given among them.

    `sheet` is that of the file where it is read as one of several; `notes` are what is told of it beside its rows.
    """

    mapping: ImportMapping
    mapping_path: Path
    source: Source
    path: Path
    files: tuple[Path, ...]
    sheet: str = ""
    notes: tuple[Finding, ...] = ()

    def applier(self, doubts: Mapping[str, Doubt] = NO_DOUBTS) -> Applier:
        """The mapping bound to the table's columns, for one pass over the rows; raises MappingError."""
        try:
            return Applier(self.mapping, self.source.columns, doubts)
        except MissingColumnsError as error:
            misplaced = list(self._misplaced(error.titles))
            if misplaced:
                raise MappingError(misplaced) from None
            raise MissingColumnsError([fit_command(each, self) for each in error.problems], error.titles) from None

    def expecting(self, said: Mapping[str, str]) -> "MappedFile":
        """The same file with more that is expected of it; raises ValueError where that is no figure."""
        return replace(self, mapping=expecting(self.mapping, said))

    def _misplaced(self, titles: Collection[str]) -> Iterator[str]:
        """What is said of each table whose headings stand in another row than declared."""
        mapping = self.mapping
        if mapping.record_types:
            return
        for part, spec in mapping.tables.items() if mapping.tables else [("", mapping.source)]:
            start = f"{part}{PART_MARK}" if part else ""
            own = [title.removeprefix(start) for title in titles if title.startswith(start)]
            path = self.path.parent / spec.file if spec.file else self.path
            said = misplaced_headings(path, _options(spec), own)
            if said:
                yield f"{path.name}: {said}"


def expecting(mapping: ImportMapping, said: Mapping[str, str]) -> ImportMapping:
    """A mapping with more that is expected of the whole; raises ValueError where that is no figure."""
    return replace(mapping, expected=mapping.expected.with_more(expected_from(said)))


@dataclass(slots=True)
class Pass:
    """One pass over a mapped file. `counts` gives the rows of each key where rows of one order are scattered.

    `doubts` are those an earlier pass came to.
    """

    file: MappedFile
    counts: RowsOfKeys | None = None
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    applier: Applier = field(init=False)
    assembler: Assembler = field(init=False)

    def __post_init__(self) -> None:
        """Bind a fresh applier: it remembers what stood above."""
        self.applier = self.file.applier(self.doubts)
        self.assembler = Assembler(self.applier)

    def records(self) -> Iterator[Records]:
        """The records of every chunk."""
        return map(self.applier.apply, self.file.source.chunks())

    def gathered(
        self, sound: Callable[[Records], Sequence[Stretch]] | None = None, *, are_known: bool = True
    ) -> Iterator[Gathered]:
        """The rows of each order. Those that `sound` knows among the records of a chunk are left out.

        Where it is not known yet that no key comes back, one that does raises ScatteredRows.
        """
        aside = None if self.counts is None else OrdersAside(self.counts)
        grouper = Grouper(self.counts, is_watched=are_known, aside=aside)
        for records in self.records():
            yield from grouper.push(records, sound(records) if sound is not None else ())
        yield from grouper.finish()


def open_mapped(mapping_path: Path, path: Path, tables: ElementTables, *, time_zone: str | None = None) -> MappedFile:
    """Load a mapping and open a file by it; raises MappingError or InputError.

    `time_zone` is the profile's, for a mapping that declares none.
    """
    return open_input(read_mapping(mapping_path, tables, time_zone), mapping_path, Input(path))


def open_input(mapping: ImportMapping, mapping_path: Path, given: Input) -> MappedFile:
    """Open what orders are read from by a mapping; raises MappingError or InputError."""
    mapping = _of_input(mapping, given)
    opened = _opened(mapping, mapping_path, given)
    return replace(opened, notes=stamp_findings(given.path, mapping, mapping_path, opened.source))


def _opened(mapping: ImportMapping, mapping_path: Path, given: Input) -> MappedFile:
    path = given.path
    if mapping.tables:
        files = {name: path if spec.file is None else path.parent / spec.file for name, spec in mapping.tables.items()}
        opened = {name: _open(file, mapping, name) for name, file in files.items()}
        return MappedFile(
            mapping, mapping_path, JoinedSource(opened), path, tuple(dict.fromkeys([path, *files.values()]))
        )
    if mapping.record_types:
        types = tuple(mapping.record_types)
        options = replace(_options(mapping.source), header_row=None, width=WIDTH, types=types)
        is_lettered = mapping.source.header_row is None
        source: Source = RecordTypeSource(open_source(path, options), types, is_lettered=is_lettered)
    else:
        source = _open(path, mapping)
    return MappedFile(mapping, mapping_path, source, path, (path,), given.sheet)


def _of_input(mapping: ImportMapping, given: Input) -> ImportMapping:
    """The mapping with the sheet and the tables' files that an input names; raises MappingError for other tables."""
    if given.sheet:
        mapping = replace(mapping, source=replace(mapping.source, sheet=given.sheet, sheets=()))
    unknown = [name for name, _ in given.tables if name not in mapping.tables]
    if unknown:
        known = f"it has {', '.join(mapping.tables)}" if mapping.tables else "it has no tables"
        raise MappingError([f"{mapping.file}: there is no table {unknown[0]!r} in the mapping; {known}"])
    files = {name: str(path.absolute()) for name, path in given.tables}
    tables = {name: replace(spec, file=files.get(name, spec.file)) for name, spec in mapping.tables.items()}
    return replace(mapping, tables=tables) if files else mapping


def _open(path: Path, mapping: ImportMapping, table: str = "") -> Source:
    """A table, with the names of its file and sheet as columns where the mapping asks for them."""
    options = _options(mapping.tables[table] if table else mapping.source)
    start = f"{table}{PART_MARK}" if table else ""
    if options.header_row is None:
        titles = (title.removeprefix(start) for title in mapping.columns if title.startswith(start))
        letters = [column_number(title) for title in titles if title.isascii() and title.isalpha()]
        options = replace(options, last_column=max(letters, default=0))
    source = open_source(path, options)
    asked = tuple(name for name in NAMES if start + name in mapping.columns)
    return NamedSource(source, asked) if asked else source


def rows_of_keys(file: MappedFile, keys: AbstractSet[str]) -> dict[str, list[int]]:
    """The rows of these documents, in the file's order."""
    rows: dict[str, list[int]] = {}
    for records in Pass(file).records():
        for row, key in zip(records.rows, records.keys, strict=True):
            if key is not None and key in keys:
                rows.setdefault(key, []).append(row)
    return rows


def _options(spec: SourceSpec) -> SourceOptions:
    return SourceOptions(
        sheet=spec.sheet,
        header_row=spec.header_row,
        header_rows=spec.header_rows,
        encoding=spec.encoding,
        delimiter=spec.delimiter,
        quotes_as_read=spec.quotes is not None,
        is_guarded=spec.guard is None,
        widths=tuple(Width(*each) for each in spec.widths),
        first_row=spec.first_row,
        area=None if spec.area is None else ColumnRange(*spec.area),
    )


def read_mapping(path: Path, tables: ElementTables, time_zone: str | None = None) -> ImportMapping:
    """Load an import mapping from a file, with the crosswalks and the instance file beside it."""
    return _read_mapping(path, tables, time_zone, {})


def files_of_mapping(path: Path, tables: ElementTables) -> dict[Path, str]:
    """The files a mapping consists of, itself first, each with what it is; raises MappingError."""
    read = {path: "mapping"}
    _read_mapping(path, tables, None, read)
    return read


def _read_mapping(path: Path, tables: ElementTables, time_zone: str | None, read: dict[Path, str]) -> ImportMapping:
    """Load a mapping, and note in `read` which files beside it that takes."""

    def beside(name: str, what: str) -> Path:
        found = path.parent / name
        read.setdefault(found, what)
        return found

    draws_on = Beside(
        read_schema=schema_text,
        read_crosswalk=lambda name: read_crosswalk(beside(name, "crosswalk")),
        read_instance=lambda name: read_yaml(beside(name, "instance")),
        read_base=lambda name: read_yaml(beside(name, "mapping that is extended")),
        read_columns=lambda file: read_columns(beside(str(file.source.file), "crosswalk"), file),
        time_zone=time_zone,
        open_shelf=lambda name: open_shelf(path.parent / name, name),
    )
    return load_import(read_yaml(path), path.name, tables, draws_on)


def merged_mapping(path: Path) -> tuple[str, tuple[str, ...]]:
    """An import mapping with its bases merged in, as YAML, and the names of these; raises MappingError."""
    found = merged_data(path)
    return dump_yaml(found.document.data), found.bases


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, to know it again."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
