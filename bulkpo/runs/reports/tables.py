"""The tables a checked file is read from: one, or several where orders come in parts."""

from pathlib import Path

from bulkpo.errors import UsageError
from bulkpo.model.table import JoinedTables
from bulkpo.runs.checking.mapped import MappedFile
from bulkpo.tables.reading.named import bare
from bulkpo.tables.subset.table import Table


def tables_of(file: MappedFile) -> list[Table]:
    """The tables, in the order of their numbers."""
    mapping, source = file.mapping, file.source
    if not isinstance(source, JoinedTables):
        return [Table(0, "", bare(source), mapping.source, file.path, is_typed=bool(mapping.record_types))]
    return [
        Table(number, name, bare(table), spec, file.path.parent / spec.file if spec.file else file.path)
        for number, ((name, spec), table) in enumerate(zip(mapping.tables.items(), source.tables, strict=True))
    ]


def refuse_input(path: Path, file: MappedFile) -> None:
    """Raise UsageError for an output that would take the place of a file the orders are read from."""
    if path.exists() and any(path.samefile(each) for each in (file.mapping_path, *file.files)):
        raise UsageError(f"{path}: this file is read or written already; choose another name")
