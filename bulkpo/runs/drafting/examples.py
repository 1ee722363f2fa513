"""The examples that come with bulkpo: what each is for, the files it needs, and the command that tries it.

A mapping says itself what it is for, in the comment above it, and which sample it reads; what it names beside that,
such as a crosswalk's file or the mapping it extends, comes along. So there is no list to keep.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from importlib.resources.abc import Traversable
from itertools import takewhile
from posixpath import dirname, normpath
from typing import Any

from bulkpo.errors import UsageError
from bulkpo.yamldoc import parse_yaml

_NAMED = re.compile(r"(?:samples|mappings)/[\w*./-]*[\w*]")
_SCHEMA = re.compile(r"\$schema=(\S+)")
_FIRST_SENTENCE = re.compile(r"(.+?)(?:[.](?:\s|$)|[:;]\s+bulkpo\s|$)")
_EXPORT, _IMPORT = "mappings/export/", "mappings/import/"


@dataclass(frozen=True, slots=True)
class Example:
    """An example by its name: what it shows, the paths of all its files, and commands that try it."""

    name: str
    about: str
    files: tuple[str, ...]
    commands: tuple[str, ...]


def examples_of(files: Mapping[str, Traversable]) -> tuple[Example, ...]:
    """The examples among files given by path, by name; the mappings of one name, there and back, are one example."""
    named: dict[str, list[str]] = {}
    for path in files:
        if name := _name_of(path):
            named.setdefault(name, []).append(path)
    return tuple(_example(name, paths, files) for name, paths in sorted(named.items()))


def chosen(examples: Iterable[Example], names: Iterable[str]) -> tuple[Example, ...]:
    """The examples of these names, given with or without folder and ending; raises UsageError for others."""
    known = {each.name: each for each in examples}
    found = []
    for name in names:
        plain = name.replace("\\", "/").rstrip("/").rpartition("/")[2].removesuffix(".yaml")
        if plain not in known:
            close = get_close_matches(plain, known, n=3, cutoff=0.5)
            hint = f"; did you mean {' or '.join(close)}?" if close else ""
            raise UsageError(f"there is no example {name!r}{hint or ';'} `bulkpo examples` lists them")
        found.append(known[plain])
    return tuple(dict.fromkeys(found))


def _name_of(path: str) -> str:
    """The name of the example that a file is the mapping of; empty where it is none of that kind."""
    folder, _, file = path.rpartition("/")
    if not file.endswith(".yaml"):
        return ""
    if f"{folder}/" in (_IMPORT, _EXPORT):
        return file.removesuffix(".yaml")
    return folder.rpartition("/")[2] if path == f"{folder}/orders.yaml" and folder.startswith("samples/") else ""


def _example(name: str, mappings: list[str], files: Mapping[str, Traversable]) -> Example:
    needed: dict[str, None] = {}
    for path in mappings:
        _gather(path, files, needed)
        for each in _beside(path, files):
            _gather(each, files, needed)
    main = next((path for path in mappings if path.startswith(_IMPORT)), mappings[0])
    found = _FIRST_SENTENCE.match(_comment(_text(files, main)))
    commands = tuple(dict.fromkeys(command for path in mappings for command in _commands(path, files)))
    return Example(name, found[1] if found else "", tuple(sorted(needed)), commands)


def _gather(path: str, files: Mapping[str, Traversable], needed: dict[str, None]) -> None:
    """Note a file and whatever it names, and that in turn."""
    if path in needed:
        return
    needed[path] = None
    if not path.endswith(".yaml"):
        return
    text = _text(files, path)
    folder = dirname(path)
    beside = [normpath(f"{folder}/{said}") for said in (*_texts(parse_yaml(text, path).data), *_SCHEMA.findall(text))]
    for said in beside:
        for each in [said] if said in files else _in_folder(said, path, files):
            _gather(each, files, needed)


def _in_folder(said: str, path: str, files: Mapping[str, Traversable]) -> list[str]:
    """The files of a folder that a mapping names, such as that of attachments; never one that it is in itself."""
    start = f"{said}/"
    return [] if said in (".", "..") or path.startswith(start) else [each for each in files if each.startswith(start)]


def _beside(path: str, files: Mapping[str, Traversable]) -> Iterator[str]:
    """What a mapping is for: the files its comment names, or, of one among samples, those in its folder."""
    if path.startswith("samples/"):
        yield from (each for each in files if dirname(each) == dirname(path))
    yield from _named(_text(files, path), files)


def _named(text: str, files: Mapping[str, Traversable]) -> list[str]:
    """The files that the comment above a mapping names, also by a pattern."""
    return [path for said in _NAMED.findall(_comment(text)) for path in files if fnmatchcase(path, said)]


def _commands(path: str, files: Mapping[str, Traversable]) -> list[str]:
    """What tries a mapping: what its comment says, or an export as it is, or a check of the sample it is for."""
    text = _text(files, path)
    if said := [line for line in _comment_lines(text) if line.startswith("bulkpo ")]:
        return said
    if path.startswith(_EXPORT):
        return [f"bulkpo export {path}"]
    if path.startswith("samples/"):
        return [f"bulkpo check {path} {min(each for each in _beside(path, files) if each.endswith('.csv'))}"]
    samples = [said for said in _NAMED.findall(_comment(text)) if said in files and said.startswith("samples/")]
    return [f"bulkpo check {path} {samples[0]}"] if samples else []


def _comment(text: str) -> str:
    return " ".join(_comment_lines(text))


def _comment_lines(text: str) -> list[str]:
    """The lines of the comment a mapping begins with, without the editor's own."""
    above = takewhile(lambda line: line.startswith("#"), text.splitlines())
    return [line.lstrip("# ") for line in above if not _SCHEMA.search(line)]


def _texts(data: Any) -> Iterator[str]:  # noqa: ANN401 - YAML's
    """Every text in plain data."""
    if isinstance(data, str):
        yield data
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(each)


def _text(files: Mapping[str, Traversable], path: str) -> str:
    return files[path].read_text(encoding="utf-8")
