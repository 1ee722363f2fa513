"""Which mapping a template is of: looked up by its name where templates were made, and in the folders around it.

A workbook never says where a file is. A template that was made without a mapping is read by one that is written anew
from its headings and their paths, into the work folder, where a run finds it again.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bulkpo.errors import MappingError, UsageError
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.model.path import ElementPath
from bulkpo.runs.checking.mapping_files import merged_data
from bulkpo.runs.checking.stamps import Stamp, digest_of_mapping, read_stamp
from bulkpo.runs.drafting.templates.usual import has_usual_headings, mapping_text, usual_headings
from bulkpo.schema.tables import ElementTables, UnknownElement
from bulkpo.tables.faults import writing
from bulkpo.tables.writing.atomic import replacing
from bulkpo.userfiles import is_ordinary

_NOTES, _FOLDER = "templates.json", "templates"
_MOST_KEPT, _MOST_LOOKED_AT = 500, 300
_FOLDERS = ("", "mappings", "mappings/import")


class KnownTemplates:
    """The templates of a work folder; `here` is the folder the program runs in."""

    def __init__(self, work: Path, here: Path) -> None:
        self._work = work
        self._here = here

    def note(self, stamp: Stamp, mapping: Path) -> None:
        """Note which mapping a template was made from."""
        known = self._known()
        key = _key(stamp)
        known.pop(key, None)
        kept = dict(list(known.items())[1 - _MOST_KEPT :]) | {key: os.path.realpath(mapping)}
        path = self._work / _NOTES
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(json.dumps(kept, indent=1).encode())

    def mapping_of(self, workbook: Path, tables: ElementTables) -> Path:
        """The mapping that reads a template; raises UsageError where it is none, or its mapping is not found."""
        stamp = read_stamp(workbook)
        if stamp is None:
            raise UsageError(
                f"{workbook}: is no template that bulkpo wrote, so its mapping must be named: a .yaml or .yml file, "
                f"before it; `bulkpo guess {workbook} -o mapping.yaml` drafts one"
            )
        return self._file_of(stamp, workbook) if stamp.is_of_mapping else self._written(stamp, workbook, tables)

    def _file_of(self, stamp: Stamp, workbook: Path) -> Path:
        found = {os.path.realpath(path): path for path in self._candidates(workbook, stamp)}
        states = {path: _state(path) for path in found.values()}
        named = [path for path, state in states.items() if state is not None and state[0] == stamp.name]
        same = [path for path in named if states[path] == (stamp.name, stamp.digest)]
        chosen = same or named
        if len(chosen) == 1:
            return chosen[0]
        where = f"several files: {', '.join(map(str, chosen))}" if chosen else "none of the folders looked in"
        raise UsageError(
            f"{workbook}: is a template of the mapping {stamp.name!r}, which is in {where}; name it before the workbook"
        )

    def _candidates(self, workbook: Path, stamp: Stamp) -> Iterator[Path]:
        noted = self._known().get(_key(stamp))
        if noted is not None and is_ordinary(Path(noted)):
            yield _near(Path(noted), self._here)
        for folder in dict.fromkeys((*(self._here / each for each in _FOLDERS), workbook.parent)):
            with suppress(OSError):
                paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".yaml", ".yml"))
                yield from (_near(path, self._here) for path in paths[:_MOST_LOOKED_AT] if is_ordinary(path))

    def usual(self, resource: str, zone: str, tables: ElementTables) -> Path:
        """A mapping of the usual columns of a resource, in the work folder; raises UsageError where none are known."""
        headings = usual_headings(tables, resource)
        if not has_usual_headings(tables, resource, headings):
            raise UsageError(
                f"bulkpo knows no usual columns of {resource}; write a mapping, and make its template by "
                "`bulkpo template MAPPING`"
            )
        sheet = kind_of(resource).noun.titles
        return self._kept(resource, mapping_text(tables, resource, headings, (sheet, zone)))

    def _written(self, stamp: Stamp, workbook: Path, tables: ElementTables) -> Path:
        try:
            name = tables.resource(stamp.resource)
            for _, paths in stamp.columns:
                for path in paths:
                    tables.element(name.object, ElementPath.parse(path))
        except (UnknownElement, ValueError) as error:
            raise UsageError(
                f"{workbook}: its hidden sheet says what cannot be: {error}; make a new template"
            ) from None
        return self._kept(name.name, mapping_text(tables, name.name, stamp.columns, (stamp.sheet, stamp.zone)))

    def _kept(self, resource: str, text: str) -> Path:
        """A mapping in the work folder, where a run finds it again."""
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        path = self._work / _FOLDER / f"{resource.replace('/', '-')}-{digest}.yaml"
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(text.encode())
        return path

    def _known(self) -> dict[str, str]:
        try:
            known = json.loads((self._work / _NOTES).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(key): str(value) for key, value in known.items()} if isinstance(known, dict) else {}


def _key(stamp: Stamp) -> str:
    return f"{stamp.name} {stamp.digest}"


def _state(path: Path) -> tuple[str, str] | None:
    """The name and digest of an import mapping; None for what is none."""
    try:
        data = merged_data(path).document.data
    except MappingError:
        return None
    if not isinstance(data, dict) or data.get("bulkpo") != "import/1":
        return None
    return str(data.get("name")), digest_of_mapping(data)


def _near(path: Path, here: Path) -> Path:
    """A path as people would write it from a folder, where it is in it."""
    try:
        return path.absolute().relative_to(here.absolute())
    except ValueError:
        return path
