"""YAML into plain data that remembers where each part stands.

Stricter than YAML 1.1, whose surprises cost money: `012` stays text, `on` and `1:30` stay text, dates stay text,
decimals are Decimal, keys are always text, a key given twice is an error, and aliases cannot multiply.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from bulkpo.errors import MappingError
from bulkpo.where import Place

Keys = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_LINES_ABOVE = 3
_LOST = re.compile(r"""(?:^|[{,\[-])\s*([^\s{},:\[\]"'#-][^{},:\[\]"'#]*)(\s#[^:,{}]*):(?:\s|$)""")
"""A key with a blank and a `#` in it."""

MOST_CHARACTERS = 8 << 20
MOST_NODES = 200_000
"""The most values of a file, blocks and those that aliases repeat among them."""

MOST_LEVELS = 60
LONGEST_SCALAR = 100_000
MOST_PROBLEMS = 100
"""How many problems of a file are told at once."""

MORE_PROBLEMS = "more is wrong; correct these first"
_MOST_DIGITS = 1000
_LONGEST_HINTED = 1000
_LONGEST_SHOWN = 80
_TOO_MANY = f"the file has more than {MOST_NODES:,} values, or its aliases multiply; put a long table into a file"
_MOST_EVENTS = 3 * MOST_NODES
_OPENING, _CLOSING = (yaml.MappingStartEvent, yaml.SequenceStartEvent), (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_AROUND = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
_STANDARD_TAG = re.compile("tag:yaml.org,2002:[a-z]+")


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A YAML file's data, and the place of every key and value in it."""

    file: str
    data: Any
    _values: Mapping[Keys, Place]
    _names: Mapping[Keys, Place]

    def place(self, keys: Sequence[str | int] = ()) -> Place:
        """Where a value stands; the nearest enclosing one if there is none of its own."""
        return self._nearest(self._values, tuple(keys))

    def key_place(self, keys: Sequence[str | int]) -> Place:
        """Where the key of a mapping's entry stands."""
        wanted = tuple(keys)
        return self._names.get(wanted) or self._nearest(self._values, wanted)

    @property
    def places(self) -> tuple[Mapping[Keys, Place], Mapping[Keys, Place]]:
        """Where each value stands, and each key of a mapping's entry."""
        return self._values, self._names

    def _nearest(self, places: Mapping[Keys, Place], keys: Keys) -> Place:
        while keys not in places and keys:
            keys = keys[:-1]
        return places.get(keys, Place(self.file, 1, 1))


def parse_yaml(text: str, file: str) -> YamlDocument:
    """Read one YAML document; raises MappingError naming file, line and column.

    `file` is only a name for messages. Aliases are followed. What is longer, deeper or has more in it than any such
    file needs is an error before it takes memory or time (MOST_CHARACTERS, MOST_LEVELS, MOST_NODES, LONGEST_SCALAR).
    """
    if len(text) > MOST_CHARACTERS:
        raise MappingError([f"{file}: the file has {len(text):,} characters, at most {MOST_CHARACTERS:,} are read"])
    builder = _Builder(_events(text, file), file)
    data = builder.build(0, ()) if builder.events else None
    if builder.problems:
        raise MappingError(builder.problems)
    return YamlDocument(file, data, builder.values, builder.names)


def _events(text: str, file: str) -> list[Any]:
    """What the one document of a text consists of, in its order, without its beginning and end."""
    events: list[Any] = []
    depth = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            kind = type(event)
            if kind in _AROUND:
                continue
            if events and depth == 0:
                raise MappingError([f"{_place(file, event)}: a second document begins here; write one in a file"])
            depth += (kind in _OPENING) - (kind in _CLOSING)
            if depth > MOST_LEVELS or len(events) >= _MOST_EVENTS or _is_long(event):
                raise MappingError([f"{_place(file, event)}: {_too_much(event, depth)}"])
            events.append(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        hint = _comment_hint(text, place.line)
        raise MappingError([f"{place}: this is not YAML: {error.problem or error.context}{hint}"]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise MappingError([f"{Place(file, line, 1)}: this is not YAML: it holds a control character"]) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise MappingError([f"{Place(file, 1, 1)}: this is not YAML: {error}"]) from None
    return events


def _is_long(event: Any) -> bool:  # noqa: ANN401 - PyYAML has no types for events
    return type(event) is yaml.ScalarEvent and len(event.value) > LONGEST_SCALAR


def _too_much(event: Any, depth: int) -> str:  # noqa: ANN401 - PyYAML has no types for events
    """What is said of more than is read."""
    if depth > MOST_LEVELS:
        return f"blocks stand within blocks more than {MOST_LEVELS} deep; no such file needs that"
    if _is_long(event):
        return f"a text has {len(event.value):,} characters, at most {LONGEST_SCALAR:,} are read"
    return _TOO_MANY


def _place(file: str, event: Any) -> Place:  # noqa: ANN401 - PyYAML has no types for events
    return Place(file, event.start_mark.line + 1, event.start_mark.column + 1)


class _Dumper(yaml.SafeDumper):
    """Writes what the reader reads back as it was: text in quotation marks wherever it would be anything else."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write everything out."""
        return True

    def text(self, text: str) -> yaml.ScalarNode:
        """Text, in quotation marks where this file's reader takes the bare word for something else."""
        is_other = text.lower() in _CONSTANTS
        return self.represent_scalar("tag:yaml.org,2002:str", text, style='"' if is_other else None)

    def exact(self, number: Decimal) -> yaml.ScalarNode:
        """A number with its decimals."""
        return self.represent_scalar("tag:yaml.org,2002:float", format(number, "f"))


_Dumper.add_representer(str, _Dumper.text)
_Dumper.add_representer(Decimal, _Dumper.exact)


def dump_yaml(data: object) -> str:
    """Plain data as YAML, which `parse_yaml` reads back as it is."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def _comment_hint(text: str, line: int) -> str:
    """What to say where a heading such as `Vendor #:` above a place lost its end: ` #` begins a comment."""
    lines = text.splitlines()
    for number in range(min(line, len(lines)), max(line - _LINES_ABOVE, 0), -1):
        if found := _LOST.search(lines[number - 1][:_LONGEST_HINTED]):
            name = f'"{found[1].strip()}{found[2]}"'
            return f"; in line {number} ' #' begins a comment: write {name} with its quotation marks"
    return ""


class _Builder:
    """Walks the events of a document once, making data and noting places and problems."""

    def __init__(self, events: Sequence[Any], file: str) -> None:
        self.events = events
        self.values: dict[Keys, Place] = {}
        self.names: dict[Keys, Place] = {}
        self.problems: list[str] = []
        self._file = file
        self._nodes = 0
        self._at = 0
        self._anchors: dict[str, int] = {}
        self._open: set[int] = set()

    def build(self, start: int, keys: Keys) -> Any:  # noqa: ANN401 - YAML data of any shape
        """What the node that starts at an event stands for; `_at` is then behind it."""
        event = self.events[start]
        kind = type(event)
        if kind is yaml.AliasEvent:
            data = self.build(self._anchored(event), keys)
            self._at = start + 1
            return data
        self.values[keys] = place = _place(self._file, event)
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise MappingError([f"{place}: {_TOO_MANY}"])
        if event.anchor is not None:
            self._anchors[event.anchor] = start
        if event.tag is not None and event.tag != "!" and not _STANDARD_TAG.fullmatch(event.tag):
            self._report(place, f"the tag {event.tag} is not allowed; remove it")
        self._at = start + 1
        if kind is yaml.ScalarEvent:
            return _scalar(event)
        self._open.add(start)
        data = self._sequence(keys) if kind is yaml.SequenceStartEvent else self._mapping(keys)
        self._at += 1
        self._open.discard(start)
        return data

    def _anchored(self, event: Any) -> int:  # noqa: ANN401 - PyYAML has no types for events
        """Where what an alias stands for begins."""
        place = _place(self._file, event)
        start = self._anchors.get(event.anchor)
        if start is None:
            raise MappingError([f"{place}: this is not YAML: found undefined alias {event.anchor!r}"])
        if start in self._open:
            raise MappingError([f"{place}: an alias stands inside its own anchor; write the value out"])
        return start

    def _sequence(self, keys: Keys) -> list[Any]:
        data: list[Any] = []
        while type(self.events[self._at]) is not yaml.SequenceEndEvent:
            data.append(self.build(self._at, (*keys, len(data))))
        return data

    def _mapping(self, keys: Keys) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while type(event := self.events[self._at]) is not yaml.MappingEndEvent:
            place = _place(self._file, event)
            name = self._key(event)
            if name is None:
                self._report(place, "a key must be text")
            elif name in data:
                first = self.names[(*keys, name)]
                self._report(place, f"{name[:_LONGEST_SHOWN]!r} stands twice, first in line {first.line}; remove one")
            else:
                self.names[(*keys, name)] = place
                data[name] = self.build(self._at, (*keys, name))
                continue
            self.build(self._at, (*keys, "", ""))
        return data

    def _key(self, event: Any) -> str | None:  # noqa: ANN401 - PyYAML has no types for events
        """The text of a key, None for one that is none; `_at` is then behind it."""
        if type(event) is yaml.ScalarEvent and event.anchor is None and event.tag is None:
            self._at += 1
            return str(event.value)
        self.build(self._at, ("", ""))
        if type(event) is yaml.AliasEvent:
            event = self.events[self._anchored(event)]
        return str(event.value) if type(event) is yaml.ScalarEvent else None

    def _report(self, place: Place, problem: str) -> None:
        self.problems.append(f"{place}: {problem}")
        if len(self.problems) == MOST_PROBLEMS:
            raise MappingError([*self.problems, f"{place}: {MORE_PROBLEMS}"])


def _scalar(event: Any) -> str | int | Decimal | bool | None:  # noqa: ANN401 - PyYAML has no types for events
    text = str(event.value)
    if event.style in ("'", '"', "|", ">"):
        return text
    if text.lower() in _CONSTANTS:
        return _CONSTANTS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < _MOST_DIGITS else text
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
