"""The plain settings of an import mapping: where its tables are, how numbers and dates are written."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bulkpo.mapping.language.columns import Block, Report
from bulkpo.mapping.language.spec import SourceSpec
from bulkpo.mapping.values.date_patterns import DatePattern
from bulkpo.mapping.values.dates import DateOptions
from bulkpo.mapping.values.numbers import NumberMarks

Data = Mapping[str, Any]


def blocks_of(data: Data, report: Report) -> list[Block]:
    """The blocks of columns: one for a plain table, one for each of several tables or record types."""
    given = [name for name in ("columns", "tables", "record_types") if name in data]
    if len(given) != 1:
        found = " and ".join(given)
        message = f"give one of columns, tables and record_types, not {found}" if given else "'columns' is missing"
        report(given[1:2], message, on_key=bool(given))
        return []
    if given == ["columns"]:
        return [Block((), data, lettered=_is_lettered(data))]
    for name in ("source", "skip_rows") if given == ["tables"] else ("skip_rows",):
        if name in data:
            report([name], f"give each of the {given[0]} its own {name}", on_key=True)
    return [
        Block((given[0], part), block, part, lettered=_is_lettered(block)) for part, block in data[given[0]].items()
    ]


def parse_source(data: Data) -> SourceSpec:
    """Where a table is."""
    settings = dict(data.get("source", {}))
    if settings.get("header_row") == "none":
        settings["header_row"] = None
    return SourceSpec(**settings)


def parse_marks(data: Data, report: Report) -> NumberMarks | None:
    """The marks numbers are written with, if they are declared."""
    declared = data.get("numbers")
    if declared is None:
        return None
    marks = NumberMarks(declared["decimal"], declared.get("thousands", ""), tuple(declared.get("currency", ())))
    if marks.decimal == marks.thousands:
        report(["numbers", "thousands"], f"{marks.decimal!r} cannot be both the decimal mark and that of thousands")
    return marks


def parse_dates(data: Data, default_zone: str | None, report: Report) -> DateOptions:
    """How dates are written and meant; `default_zone` is the zone where the mapping declares none."""
    declared = data.get("dates", {})
    name = declared.get("time_zone", default_zone)
    zone = None
    if name is not None:
        try:
            zone = ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            report(["dates", "time_zone"], f"{name!r} is not a time zone; write one like America/New_York")
    patterns = []
    for number, text in enumerate(declared.get("patterns", ())):
        try:
            patterns.append(DatePattern.parse(text))
        except ValueError as error:
            report(["dates", "patterns", number], str(error))
    if patterns and "order" in declared:
        report(["dates", "order"], "patterns say the order already; remove one of the two", on_key=True)
    return DateOptions(declared.get("order"), zone, declared.get("pivot"), tuple(patterns))


def _is_lettered(data: Data) -> bool:
    return bool(data.get("source", {}).get("header_row") == "none")
