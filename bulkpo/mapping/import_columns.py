"""The `columns:` of an import mapping: targets, conditions and what is ignored."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bulkpo.mapping.import_spec import Condition, Target
from bulkpo.model.path import ElementPath
from bulkpo.schema.tables import nearest
from bulkpo.where import Place
from bulkpo.yamldoc import YamlDocument


class Report(Protocol):
    """Takes a problem and the keys of what is wrong."""

    def __call__(self, keys: Sequence[str | int], message: str, *, on_key: bool = False) -> None:
        """Note one problem."""


@dataclass(slots=True)
class Columns:
    """What the columns say: targets by element path, every column used with its place, reasons of those ignored."""

    targets: dict[str, list[Target]] = field(default_factory=dict)
    used: dict[str, Place] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)


class ColumnParser:
    """Parses `columns:`, and notes the columns that conditions, joins and fill-downs need besides."""

    def __init__(self, document: YamlDocument, crosswalks: Mapping[str, object], report: Report) -> None:
        self._document = document
        self._crosswalks = crosswalks
        self._report = report
        self._columns = Columns()

    def parse(self) -> Columns:
        """Every column of the file, with problems reported on the way."""
        data = self._document.data
        for column, entry in data["columns"].items():
            keys: tuple[str | int, ...] = ("columns", column)
            if isinstance(entry, dict) and "ignore" in entry:
                reason = entry["ignore"]
                self._columns.ignored[column] = reason if isinstance(reason, str) else ""
                continue
            self._columns.used[column] = self._document.key_place(keys)
            if isinstance(entry, list):
                for number, target in enumerate(entry):
                    self._target(column, target, (*keys, number))
            else:
                self._target(column, entry, keys)
        for column in data.get("skip_rows", {}):
            self._needs(column, ("skip_rows", column))
        for number, column in enumerate(data["document"].get("fill_down", ())):
            self._needs(column, ("document", "fill_down", number))
        return self._columns

    def _needs(self, column: str, keys: Sequence[str | int]) -> None:
        self._columns.used.setdefault(column, self._document.key_place(keys))

    def _target(self, column: str, entry: str | Mapping[str, Any], keys: tuple[str | int, ...]) -> None:
        data: Mapping[str, Any] = {"to": entry} if isinstance(entry, str) else entry
        try:
            path = ElementPath.parse(data["to"])
        except ValueError as error:
            self._report(keys, str(error))
            return
        for name, condition_column in (("when", each) for each in data.get("when", {})):
            self._needs(condition_column, (*keys, name, condition_column))
        for number, joined in enumerate(data.get("join", ())):
            self._needs(joined, (*keys, "join", number))
        crosswalk = data.get("crosswalk")
        if crosswalk is not None and crosswalk not in self._crosswalks:
            known = tuple(self._crosswalks)
            listed = nearest(crosswalk, known) or f"; crosswalks has: {', '.join(known) or 'nothing'}"
            self._report((*keys, "crosswalk"), f"there is no crosswalk {crosswalk!r}{listed}")
        default = data.get("default")
        target = Target(
            column,
            self._document.place(keys),
            crosswalk=crosswalk,
            default=None if default is None else plain_text(default),
            when=tuple(parse_condition(*condition) for condition in data.get("when", {}).items()),
            case=data.get("case"),
            pad=data.get("pad", 0),
            extract=parse_pattern(data.get("extract"), (*keys, "extract"), self._report),
            shorten=data.get("shorten", False),
            join=tuple(data.get("join", ())),
            separator=data.get("separator", " "),
        )
        self._columns.targets.setdefault(str(path), []).append(target)


def parse_condition(column: str, data: object) -> Condition:
    """A condition as YAML gives it: a value, or one of not, in, not_in and blank."""
    if not isinstance(data, dict):
        return Condition(column, frozenset([plain_text(data)]))
    (test, operand), *_ = data.items()
    match test:
        case "blank":
            return Condition(column, frozenset([""]), negated=not operand)
        case "not":
            return Condition(column, frozenset([plain_text(operand)]), negated=True)
        case _:
            return Condition(column, frozenset(map(plain_text, operand)), negated=test == "not_in")


def parse_pattern(text: str | None, keys: Sequence[str | int], report: Report) -> re.Pattern[str] | None:
    """A regular expression; one that cannot be read is reported and left out."""
    if text is None:
        return None
    try:
        return re.compile(text)
    except re.error as error:
        report(keys, f"{text!r} is not a pattern: {error}")
        return None


def plain_text(value: object) -> str:
    """A plain YAML value as the text it stands for."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
