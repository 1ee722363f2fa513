"""The stamp of a template: which mapping a workbook was made from, and as that then was.

Names, headings, element paths and a time zone are all that is ever taken from a workbook: no file, profile, crosswalk
or constant. Which file a mapping is in is looked up by its name, in the user's own folders.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bulkpo.errors import InputError, MappingError
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.binding import bind, loose_title
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.own import OWN_PREFIX
from bulkpo.model.table import Column, Source, stored
from bulkpo.runs.checking.mapping_files import merged_data
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.tables.workbooks.names import has_sheet

STAMP_SHEET = f"{OWN_PREFIX}template"
STAMP_FORMAT = 1
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".ods")
_DIGITS = 12
_MOST_NAMED = 5
_UNSAID = ("name", "description")
"""What of a mapping means nothing to its templates."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a template knows: its mapping's name and digest, or without a mapping the resource it is for alone.

    `columns` are the headings with the element paths they fill, `sheet` the name of theirs, `zone` that of dates.
    """

    name: str
    resource: str
    digest: str
    sheet: str
    zone: str
    columns: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_of_mapping(self) -> bool:
        """Whether it was made from a mapping that is in a file."""
        return bool(self.digest)

    def text(self) -> str:
        """For the hidden sheet."""
        facts = {name: getattr(self, name) for name in ("name", "resource", "digest", "sheet", "zone")}
        return json.dumps({"bulkpo": STAMP_FORMAT, **facts, "columns": self.columns}, ensure_ascii=False)


def read_stamp(path: Path) -> Stamp | None:
    """The stamp of a workbook; None where it has none. Raises InputError for one that was changed, or is newer."""
    if path.suffix.lower() not in _WORKBOOKS or not path.is_file() or not has_sheet(path, STAMP_SHEET):
        return None
    try:
        return _parsed(_text(path))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}: its hidden sheet {STAMP_SHEET!r} cannot be read ({error}); name the mapping, and write a new "
            "template by `bulkpo template`"
        ) from None


def _text(path: Path) -> str:
    source = open_source(path, SourceOptions(sheet=STAMP_SHEET, header_row=None))
    cells = [stored(cell) for chunk in source.chunks() for row in zip(*chunk.columns, strict=True) for cell in row]
    return "".join(str(cell) for cell in cells if cell is not None)


def _parsed(text: str) -> Stamp:
    data: Mapping[str, Any] = json.loads(text)
    if data["bulkpo"] != STAMP_FORMAT:
        raise ValueError("it is of another version of bulkpo")
    columns = tuple((str(title), tuple(map(str, paths))) for title, paths in data["columns"])
    facts = {name: str(data[name]) for name in ("name", "resource", "digest", "sheet", "zone")}
    return Stamp(columns=columns, **facts)


def digest_of_mapping(data: Mapping[str, Any]) -> str:
    """What tells one state of a mapping from another: all it says, bases included, but for comments and its names."""
    said = {name: value for name, value in data.items() if name not in _UNSAID}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:_DIGITS]


def filled_by(mapping: ImportMapping) -> dict[str, tuple[str, ...]]:
    """The columns of a mapping with the element paths each fills."""
    paths: dict[str, dict[str, None]] = {title: {} for title in mapping.columns}
    for level in mapping.levels:
        for slot in (slot for variant in level.variants for slot in variant):
            for target in slot.targets:
                for column in target.columns:
                    paths.setdefault(column, {})[slot.path] = None
    return {title: tuple(found) for title, found in paths.items()}


def stamp_findings(path: Path, mapping: ImportMapping, mapping_path: Path, source: Source) -> tuple[Finding, ...]:
    """What is told of a template that is read: columns added to it, and that it is not of the mapping as it is now."""
    stamp = read_stamp(path)
    if stamp is None:
        return ()
    return (*_older(stamp, mapping, mapping_path), *_added(stamp, mapping, source.columns))


def _added(stamp: Stamp, mapping: ImportMapping, columns: Sequence[Column]) -> Iterator[Finding]:
    """Columns that a template did not have and `ignore_rest` would pass over, which is meant for other files."""
    if not mapping.rest:
        return
    with suppress(MappingError):  # which ends the check
        told, had = bind(mapping, columns).unread, {loose_title(title) for title, _ in stamp.columns}
        for column in bind(replace(mapping, rest={}), columns).unread:
            if column not in told and loose_title(column.title) not in had:
                message = f"column {column.title!r} was added to the template; nothing reads it"
                yield Finding("added-column", message, 0, column.number, value=column.title, severity=Severity.NOTICE)


def _older(stamp: Stamp, mapping: ImportMapping, mapping_path: Path) -> tuple[Finding, ...]:
    """That a template is of another mapping than it is read by, or of that as it once was."""
    if stamp.digest == digest_of_mapping(merged_data(mapping_path).document.data):
        return ()
    if stamp.name != mapping.name:
        message = f"this is a template of {stamp.name}, and is read by {mapping.name}"
    elif not stamp.is_of_mapping:
        return ()
    else:
        changes = "; ".join(_changes(dict(stamp.columns), filled_by(mapping))) or "none of its columns has"
        message = f"this template is older than {mapping.file}, which has changed since: {changes}"
    return (Finding("template-older", message, severity=Severity.NOTICE),)


def _changes(old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Which columns are new, gone or fill something else."""
    told = {
        "new": [title for title in new if title not in old],
        "no longer read": [title for title in old if title not in new],
        "filling something else": [title for title in new if title in old and tuple(old[title]) != tuple(new[title])],
    }
    for what, titles in told.items():
        if titles:
            more = f" and {len(titles) - _MOST_NAMED} more" if len(titles) > _MOST_NAMED else ""
            yield f"{what}: {', '.join(map(repr, titles[:_MOST_NAMED]))}{more}"
