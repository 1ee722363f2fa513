"""A mapping that extends another: the base, with what the mapping says otherwise.

Blocks are merged entry by entry; lists and plain values take the base's place whole. A column of the base is replaced
by one of the same heading. Nothing (`null`, or no value at all) removes what the base says. What stands in a base is
meant from the base's own folder, and keeps the place it is written at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from posixpath import dirname, join, normpath
from typing import Any

from bulkpo.errors import MappingError
from bulkpo.schema.tables import nearest
from bulkpo.where import Place
from bulkpo.yamldoc import Keys, YamlDocument, parse_yaml

EXTENDS = "extends"
_MOST_BASES = 10
_IMPORT = "import/1"
_BY_HEADING = ("columns", "skip_rows")
_WHOLE = (*_BY_HEADING, "crosswalks")
"""Blocks whose entries replace the base's whole: half of one column with half of another makes no third."""
_MARKS = ("numbers",)
"""Blocks that are replaced whole themselves: their marks belong together."""

ReadText = Callable[[str], str]
"""Gives the text of a file named from the mapping's folder; raises MappingError."""


def no_file(name: str) -> str:
    """The text of a file where there are none to read."""
    raise MappingError([f"{name}: there is no such file; check the name and the folder"])


@dataclass(frozen=True, slots=True)
class Extended:
    """A mapping with its bases merged in, and these, by their names from the mapping's folder, nearest first."""

    document: YamlDocument
    bases: tuple[str, ...] = ()


def extended(document: YamlDocument, read: ReadText) -> Extended:
    """A mapping with all it extends; raises MappingError for a base that cannot be read, or that extends its heir."""
    above = [document]
    names = [document.file]
    while (name := _base_of(above[-1], names)) is not None:
        base = _parsed(name, above[-1], read)
        above.append(base)
        names.append(name)
    if len(above) == 1:
        return Extended(document)
    merged = _Located.of(above[-1], dirname(names[-1]))
    for heir, name in zip(above[-2::-1], names[-2::-1], strict=True):
        merged = _merged(merged, _Located.of(heir, dirname(name) if heir is not document else ""))
    merged.data.pop(EXTENDS, None)
    return Extended(YamlDocument(document.file, merged.data, merged.values, merged.names), tuple(names[1:]))


def _base_of(document: YamlDocument, names: list[str]) -> str | None:
    """The file a mapping extends, from the first mapping's folder."""
    written = document.data.get(EXTENDS) if isinstance(document.data, dict) else None
    if written is None:
        return None
    place = document.place([EXTENDS])
    if not isinstance(written, str) or not written.strip():
        raise MappingError([f"{place}: extends names one file, from this mapping's folder, such as base.yaml"])
    name = normpath(join(dirname(names[-1]) if len(names) > 1 else "", written.strip()))
    if name in names:
        circle = " → ".join([*names[names.index(name) :], name])
        raise MappingError([f"{place}: mappings extend each other in a circle: {circle}; let one extend none"])
    if len(names) > _MOST_BASES:
        raise MappingError([f"{place}: this is base number {len(names)} of {names[0]}; {_MOST_BASES} are allowed"])
    return name


def _parsed(name: str, heir: YamlDocument, read: ReadText) -> YamlDocument:
    place = heir.place([EXTENDS])
    try:
        text = read(name)
    except MappingError as error:
        raise MappingError([f"{place}: the base cannot be read: {problem}" for problem in error.problems]) from None
    base = parse_yaml(text, name)
    kind = base.data.get("bulkpo") if isinstance(base.data, dict) else None
    if kind != _IMPORT:
        raise MappingError(
            [f"{base.place(['bulkpo'])}: a base begins with bulkpo: {_IMPORT}, as its heirs do ({place})"]
        )
    return base


@dataclass(slots=True)
class _Located:
    """Data with the places of its keys and values."""

    data: Any
    values: dict[Keys, Place]
    names: dict[Keys, Place]

    @classmethod
    def of(cls, document: YamlDocument, folder: str) -> "_Located":
        """A document's data, the files it names taken from `folder`."""
        values, names = document.places
        return cls(_from_folder(document.data, folder), dict(values), dict(names))


def _from_folder(data: Any, folder: str) -> Any:  # noqa: ANN401 - YAML data of any shape
    """A mapping's data with the files beside it named from the folder of the first heir."""
    if not folder or not isinstance(data, dict):
        return data
    found = dict(data)
    if isinstance(found.get("instance"), str):
        found["instance"] = normpath(join(folder, found["instance"]))
    if isinstance(found.get("crosswalks"), dict):
        found["crosswalks"] = {name: _crosswalk_from(entry, folder) for name, entry in found["crosswalks"].items()}
    return found


def _crosswalk_from(entry: Any, folder: str) -> Any:  # noqa: ANN401 - YAML data of any shape
    if isinstance(entry, str):
        return normpath(join(folder, entry))
    if isinstance(entry, dict) and isinstance(entry.get("file"), str):
        return {**entry, "file": normpath(join(folder, entry["file"]))}
    return entry


def _merged(base: _Located, heir: _Located) -> _Located:
    """The base with what its heir says otherwise; raises MappingError where it removes what the base does not say."""
    result = _Located(base.data, dict(base.values), dict(base.names))
    problems: list[str] = []
    result.data = _entries(result, (), (base.data, heir), problems)
    result.values[()] = heir.values[()]
    if problems:
        raise MappingError(problems)
    return result


def _entries(result: _Located, keys: Keys, both: tuple[Mapping[str, Any], _Located], problems: list[str]) -> Any:  # noqa: ANN401 - YAML data of any shape
    """The entries of one block of the base and its heir, whose places are set in `result`."""
    base, heir = both
    found = dict(base)
    for written, value in reduce(getitem, keys, heir.data).items():
        name = _heading(written, found) if keys and keys[-1] in _BY_HEADING else written
        mine, known = (*keys, written), found.get(name)
        if isinstance(value, dict) and isinstance(known, dict) and not _is_whole(mine):
            found[name] = _entries(result, mine, (known, heir), problems)
            result.names[mine] = heir.names[mine]
            continue
        if value is None and name not in found:
            place = heir.names[mine]
            problems.append(f"{place}: {written!r} removes nothing: no base has it{nearest(written, found)}")
        for places in (result.values, result.names):
            _forget(places, (*keys, name))
        if value is None or written != name:
            found.pop(name, None)
        if value is not None:
            found[written] = value
            result.values.update(_below(heir.values, mine))
            result.names.update(_below(heir.names, mine))
    return found


def _is_whole(keys: Keys) -> bool:
    """Whether what stands at these keys takes the place of the base's whole."""
    return keys[-1] in _MARKS if len(keys) == 1 else keys[-2] in _WHOLE


def _heading(written: str, columns: Mapping[str, Any]) -> str:
    """The heading of the base that a heading stands for, compared without regard to case and blanks."""
    if written in columns:
        return written
    loose = "".join(written.casefold().split())
    alike = [name for name in columns if "".join(name.casefold().split()) == loose]
    return alike[0] if len(alike) == 1 else written


def _below(places: Mapping[Keys, Place], keys: Keys) -> dict[Keys, Place]:
    return {each: place for each, place in places.items() if each[: len(keys)] == keys}


def _forget(places: dict[Keys, Place], keys: Keys) -> None:
    for each in _below(places, keys):
        del places[each]


def without_nothing(schema: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """The schema of a mapping whose bases are merged in: nothing is left in it that removes anything."""
    if isinstance(schema, list):
        return [without_nothing(each) for each in schema if each not in (None, "null", {"type": "null"})]
    if not isinstance(schema, dict):
        return schema
    found = {name: without_nothing(each) for name, each in schema.items()}
    for name in ("type", "anyOf"):
        only = found.get(name)
        if isinstance(only, list) and len(only) == 1:
            del found[name]
            found |= only[0] if name == "anyOf" else {name: only[0]}
    return found
