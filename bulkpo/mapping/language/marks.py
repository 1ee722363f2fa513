"""How numbers, dates and empty cells are written: declared for the whole mapping, or for one column."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bulkpo.mapping.language.blocks import Block, ReportProblem, yaml_text
from bulkpo.mapping.language.settings import CELL_MARKS, CellMarks
from bulkpo.mapping.language.spec import SlotLevel
from bulkpo.mapping.language.undecided import decided_dates
from bulkpo.mapping.values.date_patterns import DatePattern
from bulkpo.mapping.values.dates import DateOptions
from bulkpo.mapping.values.month_names import MonthNames, names_in
from bulkpo.mapping.values.numbers import NumberMarks
from bulkpo.yamldoc import Keys

_WAYS = ("order", "patterns", "languages", "day_numbers")
"""What says how a date is written; a column that says any of it says it all."""

_MONTHS = "cldr/months.json"
"""The months' names by language; read only where a mapping declares languages."""


class MarksParser:
    """Parses the marks of one mapping; `zone` is that of dates where it declares none."""

    def __init__(
        self, data: Mapping[str, Any], read_schema: Callable[[str], str], zone: str | None, report: ReportProblem
    ) -> None:
        self._data = {**data, "dates": decided_dates(data.get("dates", {}))}
        self._read_schema = read_schema
        self._report = report
        self._zone = self._data["dates"].get("time_zone", zone)
        self._zones: dict[str, ZoneInfo | None] = {}
        blanks = frozenset(map(yaml_text, data.get("blanks", ())))
        self.general = CellMarks(self._numbers(data, ()), self._dates(self._data["dates"], ("dates",)), blanks)

    def by_column(self, blocks: Sequence[Block]) -> dict[str, CellMarks]:
        """What holds for columns that have marks of their own, by their titles."""
        return {
            block.title(name): self._of_column(own, (*block.keys, "columns", name))
            for block in blocks
            for name, own in _with_marks(block)
        }

    def _of_column(self, own: Mapping[str, Any], keys: Keys) -> CellMarks:
        found = self.general
        if "numbers" in own:
            found = replace(found, numbers=self._numbers(own, keys))
        if "blanks" in own:
            found = replace(found, blanks=frozenset(map(yaml_text, own["blanks"])))
        if "dates" in own:
            general = self._data.get("dates", {})
            if any(name in own["dates"] for name in _WAYS):
                general = {name: value for name, value in general.items() if name not in _WAYS}
            found = replace(found, dates=self._dates({**general, **own["dates"]}, (*keys, "dates")))
        return found

    def _numbers(self, data: Mapping[str, Any], above: Keys) -> NumberMarks | None:
        declared, keys = data.get("numbers"), (*above, "numbers")
        if declared is None:
            return None
        decimal, thousands = declared["decimal"], declared.get("thousands", "")
        is_indian = declared.get("grouping") == "indian"
        if decimal == thousands:
            message = f"{decimal!r} cannot be both the decimal mark and that of thousands"
            self._report([*keys, "thousands"], message)
        if is_indian and not thousands:
            self._report([*keys, "grouping"], 'digits in groups have a mark between them; add thousands: ","')
        return NumberMarks(decimal, thousands, tuple(declared.get("currency", ())), is_indian)

    def _dates(self, declared: Mapping[str, Any], keys: Keys) -> DateOptions:
        patterns = []
        names = self._names(declared, keys)
        for number, text in enumerate(declared.get("patterns", ())):
            try:
                patterns.append(DatePattern.parse(text, names))
            except ValueError as error:
                self._report([*keys, "patterns", number], str(error))
        if names and not any(pattern.has_name for pattern in patterns):
            message = "languages are for the names of months; add a pattern that has one, such as D MMMM YYYY"
            self._report([*keys, "languages"], message, on_key=True)
        return DateOptions(
            declared.get("order"),
            self._placed(declared.get("time_zone", self._zone), keys),
            declared.get("pivot"),
            tuple(patterns),
            declared.get("years") == "as_read",
            declared.get("day_numbers"),
        )

    def _placed(self, name: str | None, keys: Keys) -> ZoneInfo | None:
        if name is not None and name not in self._zones:
            try:
                self._zones[name] = ZoneInfo(name)
            except (KeyError, ValueError, OSError):
                self._zones[name] = None
                self._report([*keys, "time_zone"], f"{name!r} is not a time zone; write one like America/New_York")
        return None if name is None else self._zones[name]

    def _names(self, declared: Mapping[str, Any], keys: Keys) -> MonthNames | None:
        languages = declared.get("languages", ())
        if not languages:
            return None
        try:
            return names_in(languages, json.loads(self._read_schema(_MONTHS)))
        except ValueError as error:
            self._report([*keys, "languages"], str(error))
            return None


def _with_marks(block: Block) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The columns that declare marks, with what they declare."""
    for name, entry in block.data.get("columns", {}).items():
        own = {mark: entry[mark] for mark in CELL_MARKS if mark in entry} if isinstance(entry, dict) else {}
        if own:
            yield name, own


def need_zone(
    levels: Sequence[SlotLevel], marks_of: Callable[[str], CellMarks], data: Mapping[str, Any], report: ReportProblem
) -> None:
    """Report a moment that is filled while no time zone says what day it is."""
    if "time_zone" in data.get("dates", {}):
        return
    slots = (slot for level in levels for variant in level.variants for slot in variant)
    moments = (slot for slot in slots if slot.element.type == "datetime")
    for slot in moments:
        if any(marks_of(target.column).dates.zone is None for target in slot.targets):
            message = (
                f"{slot.path} is a moment; declare the zone it is meant in: dates: {{time_zone: America/New_York}}"
            )
            blocks = ("dates", "columns", "tables", "record_types")
            report([next(name for name in blocks if name in data)], message, on_key=True)
            return
