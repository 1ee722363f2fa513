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
_MOST_NODES = 200_000
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

    `file` is only a name for messages. Aliases are followed, up to a bounded size.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        hint = _comment_hint(text, place.line)
        raise MappingError([f"{place}: this is not YAML: {error.problem or error.context}{hint}"]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise MappingError([f"{Place(file, 1, 1)}: this is not YAML: {error}"]) from None
    builder = _Builder(file)
    data = None if root is None else builder.build(root, ())
    if builder.problems:
        raise MappingError(builder.problems)
    return YamlDocument(file, data, builder.values, builder.names)


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
        if found := _LOST.search(lines[number - 1]):
            name = f'"{found[1].strip()}{found[2]}"'
            return f"; in line {number} ' #' begins a comment: write {name} with its quotation marks"
    return ""


class _Builder:
    """Walks YAML nodes once, making data and noting places and problems."""

    def __init__(self, file: str) -> None:
        self.values: dict[Keys, Place] = {}
        self.names: dict[Keys, Place] = {}
        self.problems: list[str] = []
        self._file = file
        self._nodes = 0
        self._open: set[int] = set()

    def build(self, node: yaml.Node, keys: Keys) -> Any:  # noqa: ANN401 - YAML data of any shape
        self.values[keys] = place = self._place(node)
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise MappingError([f"{place}: the file is too large, or its aliases multiply; write the values out"])
        if id(node) in self._open:
            raise MappingError([f"{place}: an alias stands inside its own anchor; write the value out"])
        if not _STANDARD_TAG.fullmatch(str(node.tag)) and not str(node.tag).endswith(":="):
            self.problems.append(f"{place}: the tag {node.tag} is not allowed; remove it")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self._open.add(id(node))
        data = self._sequence(node, keys) if isinstance(node, yaml.SequenceNode) else self._mapping(node, keys)
        self._open.discard(id(node))
        return data

    def _sequence(self, node: yaml.SequenceNode, keys: Keys) -> list[Any]:
        return [self.build(child, (*keys, number)) for number, child in enumerate(node.value)]

    def _mapping(self, node: yaml.Node, keys: Keys) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = self._place(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(f"{place}: a key must be text")
                continue
            name = str(key_node.value)
            if name in data:
                first = self.names[(*keys, name)]
                self.problems.append(f"{place}: {name!r} stands twice, first in line {first.line}; remove one")
                continue
            self.names[(*keys, name)] = place
            data[name] = self.build(value_node, (*keys, name))
        return data

    def _scalar(self, node: yaml.ScalarNode) -> str | int | Decimal | bool | None:
        text = str(node.value)
        if node.style in ("'", '"', "|", ">"):
            return text
        if text.lower() in _CONSTANTS:
            return _CONSTANTS[text.lower()]
        if _INTEGER.fullmatch(text):
            return int(text) if len(text) < 1000 else text
        return Decimal(text) if _DECIMAL.fullmatch(text) else text

    def _place(self, node: yaml.Node) -> Place:
        return Place(self._file, node.start_mark.line + 1, node.start_mark.column + 1)
