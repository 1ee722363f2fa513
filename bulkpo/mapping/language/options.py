"""The plain settings of an import mapping: where its tables are, and its rules."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from bulkpo.mapping.language.blocks import Block, ReportProblem, parse_pattern, yaml_text
from bulkpo.mapping.language.spec import EVERY_SHEET, Rule, SlotLevel, SourceSpec
from bulkpo.model.path import ElementPath
from bulkpo.schema.tables import nearest
from bulkpo.where import column_number

Data = Mapping[str, Any]


def column_blocks(data: Data, report: ReportProblem) -> list[Block]:
    """The blocks of columns: one for a plain table, one for each of several tables or record types."""
    _check_widths(data, report)
    _check_sheets(data, report)
    _check_extent(data, report)
    given = [name for name in ("columns", "tables", "record_types") if name in data]
    if len(given) != 1:
        found = " and ".join(given)
        message = f"give one of columns, tables and record_types, not {found}" if given else "'columns' is missing"
        report(given[1:2], message, on_key=bool(given))
        return []
    headings = {" ".join(name.split()): str(heading) for name, heading in data.get("headings", {}).items()}
    if given == ["columns"]:
        return [Block((), data, "", _is_lettered(data), headings)]
    own = ("skip_rows", "open", "controls")
    for name in ("source", *own) if given == ["tables"] else own:
        if name in data:
            report([name], f"give each of the {given[0]} its own {name}", on_key=True)
    blocks = data[given[0]]
    return [
        Block((given[0], part), block, part, _is_lettered(data if given == ["record_types"] else block), headings)
        for part, block in blocks.items()
    ]


def check_headings(data: Data, blocks: Sequence[Block], report: ReportProblem) -> None:
    """Report headings of columns that the mapping, which is parsed by now, names nowhere."""
    known = {name for block in blocks for name in block.asked}
    for written in data.get("headings", {}):
        name = " ".join(written.split())
        if blocks and name not in known:
            report(
                ["headings", written], f"{name!r} is no column of the mapping{nearest(name, tuple(known))}", on_key=True
            )


def parse_source(data: Data) -> SourceSpec:
    """Where a table is."""
    settings = dict(data.get("source", {}))
    if settings.get("header_row") == "none":
        settings["header_row"] = None
    if "columns" in settings:
        settings["widths"] = tuple((title, first, last) for title, (first, last) in settings.pop("columns").items())
        settings.setdefault("header_row", None)
    if "area" in settings:
        first, _, last = settings["area"].partition(":")
        settings["area"] = column_number(first), column_number(last)
    named = settings.pop("sheet", None)
    names = tuple(named) if isinstance(named, list) else () if named is None else (named,)
    if settings.pop("sheets", None) == "all":
        settings["sheets"] = (EVERY_SHEET,)
    elif len(names) > 1 or any(map(_is_sheet_pattern, names)):
        settings["sheets"] = names
    elif names:
        settings["sheet"] = names[0]
    return SourceSpec(**settings)


def _check_widths(data: Data, report: ReportProblem) -> None:
    """Report columns at fixed places that end before they begin, or lie over each other."""
    blocks = [(("source",), data), *((("tables", name, "source"), it) for name, it in data.get("tables", {}).items())]
    for keys, block in blocks:
        widths = sorted(parse_source(block).widths, key=lambda width: width[1])
        for title, first, last in widths:
            if last < first:
                report([*keys, "columns", title], f"the column begins at {first} and ends before, at {last}")
        for (title, _, last), (other, first, _) in pairwise(widths):
            if first <= last:
                report(
                    [*keys, "columns", other], f"the column begins at {first}, where {title!r} has not ended ({last})"
                )


def _check_extent(data: Data, report: ReportProblem) -> None:
    """Report an area that ends before it begins, and what does not go with it or with a first row."""
    blocks = [(("source",), data), *((("tables", name, "source"), it) for name, it in data.get("tables", {}).items())]
    for keys, block in blocks:
        source, spec = block.get("source", {}), parse_source(block)
        if spec.area is not None and spec.area[0] > spec.area[1]:
            report([*keys, "area"], f"{source['area']} ends before it begins; write the left column first")
        if spec.area is not None and (spec.widths or "record_types" in block):
            report([*keys, "area"], "an area has neither columns at fixed places nor record_types", on_key=True)
        if "first_row" in source and (spec.widths or (spec.header_row is not None and "record_types" not in block)):
            said = "first_row is for record_types and tables without headings; header_row says where headings stand"
            report([*keys, "first_row"], said, on_key=True)


def _check_sheets(data: Data, report: ReportProblem) -> None:
    """Report several sheets where there can be one only: as a table of several that are joined."""
    if {"sheet", "sheets"} <= data.get("source", {}).keys():
        report(["source", "sheets"], "sheet names the sheets already; remove one of the two", on_key=True)
    for name, table in data.get("tables", {}).items():
        if parse_source(table).sheets:
            report(["tables", name, "source"], "a table that is joined with others is one sheet; name it")


def _is_sheet_pattern(name: str) -> bool:
    return "*" in name or "?" in name


def _is_lettered(data: Data) -> bool:
    return bool(data.get("source", {}).get("header_row") == "none")


def parse_rules(data: Mapping[str, Any], report: ReportProblem) -> dict[str, Rule]:
    """The rules by element path, with problems reported on the way."""
    found = {}
    for path, rule in data.get("rules", {}).items():
        keys = ["rules", path]
        try:
            name = str(ElementPath.parse(path))
        except ValueError as error:
            report(keys, str(error), on_key=True)
            continue
        found[name] = Rule(
            required=rule.get("required"),
            minimum=_decimal(rule.get("min")),
            maximum=_decimal(rule.get("max")),
            length=rule.get("length"),
            pattern=parse_pattern(rule.get("pattern"), [*keys, "pattern"], report),
            allowed=frozenset(map(yaml_text, rule["allowed"])) if "allowed" in rule else None,
            unique=rule.get("unique", False),
            exactly_one_of=tuple(rule.get("exactly_one_of", ())),
        )
    return found


_NEVER_NUMBERS = ("boolean", "date", "datetime")


def check_rules(rules: Mapping[str, Rule], levels: Sequence[SlotLevel], report: ReportProblem) -> None:
    """Report rules that can never hold: nothing fills their elements, or these hold no numbers to be limited."""
    types = {
        field.full_path: slot.element.type
        for level in levels
        for field, slot in zip(level.level.fields, level.variants[0], strict=True)
    }
    known = set(types)
    for path, rule in rules.items():
        if types.get(path) in _NEVER_NUMBERS and (rule.minimum, rule.maximum) != (None, None):
            report(["rules", path], f"{path} is a {types[path]}; min and max are for numbers", on_key=True)
        if rule.exactly_one_of:
            for number, name in enumerate(rule.exactly_one_of):
                if not _is_filled(f"{path}/{name}", known):
                    message = f"no column or constant fills {path}/{name}; map one, or leave it out here"
                    report(["rules", path, "exactly_one_of", number], message)
        elif rule.required is not False and not _is_filled(path, known):
            report(["rules", path], f"no column or constant fills {path}, so this rule cannot hold", on_key=True)


def parse_as_named(data: Data, levels: Sequence[SlotLevel], report: ReportProblem) -> frozenset[str]:
    """The elements whose references are meant as they are named; one that nothing fills is a problem."""
    known = {field.full_path for level in levels for field in level.level.fields}
    found = set()
    for written in data.get("references", {}):
        path = written.strip().replace("_", "-")
        if path not in known:
            report(["references", written], f"no column or constant fills {path}; name an element that is", on_key=True)
        found.add(path)
    return frozenset(found)


def _is_filled(path: str, known: set[str]) -> bool:
    return path in known or any(name.startswith(f"{path}/") for name in known)


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)
