"""The `crosswalks:` of an import mapping: tables of legacy values and what Coupa has for them.

A table has one key or several, and one result or several; each result is kept as a table of its own. Keys of several
columns are kept joined, see `BETWEEN_KEYS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bulkpo.errors import InputError
from bulkpo.mapping.language.blocks import ReportProblem, yaml_text
from bulkpo.mapping.language.spec import SourceSpec
from bulkpo.model.path import ElementPath

BETWEEN_KEYS = "␟"
"""Stands between the columns of a key; a character that no file has."""

NO_RESULT = BETWEEN_KEYS
"""Stands for the empty result of a key that a file has."""

Entries = Mapping[str, str | None]
"""What legacy values become; "" is the empty cell, None says that nothing is sent, NO_RESULT that a file is silent."""


@dataclass(frozen=True, slots=True)
class CrosswalkFile:
    """Columns of a file: those of the key and those of the results; without names, the only two it has.

    `has_blank` where an empty key is the entry for empty cells, `ignores_case` where letters large and small are the
    same, `sends_nothing` where an empty result says that nothing is sent.
    """

    source: SourceSpec
    keys: tuple[str, ...]
    results: tuple[str, ...]
    has_blank: bool = False
    ignores_case: bool = False
    sends_nothing: bool = False


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A crosswalk as columns use it: the name of its table for an element, "" standing for all others.

    `keys` is of how many columns its key is: 0 where it cannot be read.
    """

    tables: Mapping[str, str]
    keys: int = 1
    unknown: str | None = None


@dataclass(slots=True)
class Crosswalks:
    """All crosswalks of a mapping: how columns use them, their tables, and those that ignore case."""

    by_name: dict[str, Crosswalk] = field(default_factory=dict)
    tables: dict[str, Entries] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)


ReadColumns = Callable[[CrosswalkFile], tuple[Entries, ...]]
"""Reads the named columns of a file, a table for each result; raises InputError."""


def no_columns(file: CrosswalkFile) -> tuple[Entries, ...]:
    """The columns of a file where there are none to read."""
    raise InputError(f"{file.source.file}: there is no such file")


class CrosswalkParser:
    """Parses the crosswalks of one mapping."""

    def __init__(self, read_file: Callable[[str], Entries], read_columns: ReadColumns, report: ReportProblem) -> None:
        self._read_file = read_file
        self._read_columns = read_columns
        self._report = report
        self._found = Crosswalks()

    def parse(self, data: Mapping[str, Any]) -> Crosswalks:
        """The crosswalks of a mapping, with problems reported on the way."""
        for name, given in data.get("crosswalks", {}).items():
            try:
                if isinstance(given, str):
                    self._plain(name, self._read_file(given))
                elif "file" in given:
                    self._columns(name, given)
                elif "entries" in given:
                    self._inline(name, given)
                else:
                    self._plain(name, {key: yaml_text(value) for key, value in given.items()})
            except InputError as error:
                self._report(["crosswalks", name], f"the crosswalk {name} cannot be read: {error}")
                self._found.by_name[name] = Crosswalk({"": name}, 0)
                self._found.tables[name] = {}
        return self._found

    def _plain(self, name: str, entries: Entries, unknown: object = None) -> None:
        self._found.tables[name] = entries
        self._found.by_name[name] = Crosswalk({"": name}, unknown=None if unknown is None else yaml_text(unknown))

    def _inline(self, name: str, given: Mapping[str, Any]) -> None:
        entries: dict[str, str | None] = {}
        for key, value in given["entries"].items():
            loose = key.casefold() if given.get("ignore_case") else key
            text = yaml_text(value)
            if entries.setdefault(loose, text) != text:
                message = f"{key!r} is {entries[loose]!r} above and {text!r} here, and case is ignored; remove one"
                self._report(["crosswalks", name, "entries", key], message, on_key=True)
        self._plain(name, entries, given.get("unknown"))
        if given.get("ignore_case"):
            self._found.loose.add(name)

    def _columns(self, name: str, given: Mapping[str, Any]) -> None:
        if ("from" in given) != ("to" in given):
            raise InputError("name the columns of both, its key and its result: from: …, to: …")
        named, wanted = given.get("from", []), given.get("to", "")
        keys = named if isinstance(named, list) else [named]
        results = wanted if isinstance(wanted, dict) else {"": wanted}
        settings = {each: given[each] for each in _OF_SOURCES if each in given}
        if settings.get("header_row") == "none":
            settings["header_row"] = None
        loose = bool(given.get("ignore_case"))
        file = CrosswalkFile(
            SourceSpec(**settings),
            tuple(map(str, keys)),
            tuple(map(str, results.values())),
            has_blank="blank" in given,
            ignores_case=loose,
            sends_nothing="empty" in given,
        )
        tables = self._read_columns(file)
        names: dict[str, str] = {}
        for (path, heading), table in zip(results.items(), tables, strict=True):
            own = name if not path else f"{name} ({heading})"
            names[self._element(path, ["crosswalks", name, "to", path])] = own
            self._found.tables[own] = table
            if loose:
                self._found.loose.add(own)
        unknown = given.get("unknown")
        self._found.by_name[name] = Crosswalk(names, len(keys) or 1, None if unknown is None else yaml_text(unknown))

    def _element(self, path: str, keys: list[str]) -> str:
        try:
            return str(ElementPath.parse(path)) if path else ""
        except ValueError as error:
            self._report(keys, str(error), on_key=True)
            return path


_OF_SOURCES = ("file", "sheet", "header_row", "header_rows", "encoding", "delimiter")
