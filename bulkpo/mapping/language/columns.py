"""The `columns:` of an import mapping: targets, conditions and what is ignored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bulkpo.mapping.language.arithmetic import parse_steps
from bulkpo.mapping.language.attaching import own_path, parse_attach
from bulkpo.mapping.language.blocks import Block, ReportProblem, parse_pattern, yaml_text
from bulkpo.mapping.language.conditions import Assertion, ConditionParser, RowTest, single_tests
from bulkpo.mapping.language.crosswalks import Crosswalks
from bulkpo.mapping.language.figures import BALANCED, Balance, Control, FiguresParser, balance_problem, plain_path
from bulkpo.mapping.language.settings import OF_COLUMNS, parse_settings
from bulkpo.mapping.language.spec import Split, Target
from bulkpo.mapping.language.templates import TemplateParser
from bulkpo.mapping.language.undecided import choices
from bulkpo.model.path import ElementPath
from bulkpo.model.table import PART_MARK
from bulkpo.schema.tables import nearest
from bulkpo.where import Place
from bulkpo.yamldoc import Keys, YamlDocument

_MOST_NAMED = 10


@dataclass(slots=True)
class MappedColumns:
    """What the columns say: targets by element path, every column used with its place, reasons of those ignored.

    `also` has the other names a column may have, `optional` the columns a file may lack, `refused` those that must be
    blank and why. `rest` has the parts, or "" where there are none, all of whose other columns are ignored, and why;
    `removals` say which rows' lines are to be removed.
    """

    targets: dict[str, list[Target]] = field(default_factory=dict)
    used: dict[str, Place] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    rest: dict[str, str] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    skips: list[RowTest] = field(default_factory=list)
    assertions: list[Assertion] = field(default_factory=list)
    removals: list[Target] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)


class ColumnParser:
    """Parses blocks of columns, and notes the columns that conditions, joins and fill-downs need besides."""

    def __init__(self, document: YamlDocument, crosswalks: Crosswalks, report: ReportProblem) -> None:
        self._document = document
        self._crosswalks = crosswalks
        self._report = report
        self._columns = MappedColumns()
        self._mapped: set[str] = set()
        self._conditions = ConditionParser(report, self._needs)
        self._templates = TemplateParser(report, self._needs, document.place)

    def parse(self, blocks: Sequence[Block]) -> MappedColumns:
        """Every column of the file, with problems reported on the way."""
        for block in blocks:
            for name, entry in block.data.get("columns", {}).items():
                self._column(block, name, entry)
        for block in blocks:
            if "ignore_rest" in block.data:
                self._columns.rest[block.part] = str(block.data["ignore_rest"])
            skips = block.data.get("skip_rows", {})
            self._columns.skips += self._conditions.block(skips, block, (*block.keys, "skip_rows"), block.part)
            self._removal(block)
        self._figures(blocks)
        return self._columns

    def _removal(self, block: Block) -> None:
        """Note which rows' lines are to be removed: those where all conditions hold."""
        keys = (*block.keys, "remove_line")
        tests = self._conditions.block(block.data.get("remove_line", {}), block, keys, block.part)
        if tests:
            column = next(test.column for test in single_tests(tests))
            place = self._document.key_place(keys)
            self._columns.removals.append(Target(column, place, block.part, value="true", when=tests))

    def key(self, own: Mapping[str, Any], blocks: Sequence[Block], *, is_carried: bool) -> None:
        """Take in a key made of several columns, if the `document:` of the mapping has one."""
        for target in self._templates.keys(own, blocks, is_carried=is_carried):
            self._columns.targets.setdefault(str(own["key"]).strip().replace("_", "-"), []).append(target)

    def stand_in(self, own: Mapping[str, Any], undecided: Mapping[str, Sequence[str]], blocks: Sequence[Block]) -> None:
        """Where nothing fills the key of a block yet, let the first of its columns stand in for it that may be it."""
        key = str(own["key"]).strip().replace("_", "-")
        filled = {target.part for target in self._columns.targets.get(key, ())}
        for part in (block.part for block in blocks):
            start = f"{part}{PART_MARK}" if part else ""
            mine = (column for column, paths in undecided.items() if key in paths and column.startswith(start))
            column = next(mine, None)
            if column is not None and part not in filled:
                stand_in = Target(column, self._columns.used[column], part)
                self._columns.targets.setdefault(key, []).append(stand_in)

    def _figures(self, blocks: Sequence[Block]) -> None:
        figures = FiguresParser(self._report, self._needs)
        filled: dict[str, list[tuple[str, bool]]] = {}
        for path, targets in self._columns.targets.items():
            for target in targets:
                filled.setdefault(target.column, []).append((path, bool(target.steps)))
        for block in blocks:
            for balance in figures.balances(block):
                self._columns.balances.append(balance)
                if problem := balance_problem(balance, filled):
                    self._report((*block.keys, "open"), problem)
        for block in blocks:
            self._columns.controls += figures.controls(block, has_balance=bool(self._columns.balances))
        if self._columns.controls and not any(plain_path(path) in BALANCED for path in self._columns.targets):
            self._report(["controls"], f"no column fills {' or '.join(BALANCED)}, so there is nothing to add up")

    def needs(self, columns: Sequence[str], keys: Keys) -> None:
        """Note columns that a list at these keys names."""
        for number, column in enumerate(columns):
            self._needs(column, (*keys, number))

    def _column(self, block: Block, name: str, entry: str | list[Any] | Mapping[str, Any]) -> None:
        keys = (*block.keys, "columns", name)
        column = block.title(name)
        if column in self._mapped:
            self._report(keys, f"{name!r} is column {column}, which stands above; remove one", on_key=True)
        self._mapped.add(column)
        data: Mapping[str, Any] = entry if isinstance(entry, dict) else {"to": entry}
        if "ignore" in data:
            self._columns.ignored[column] = data["ignore"] if isinstance(data["ignore"], str) else ""
            self._named_otherwise(block, column, data)
            return
        self._columns.used[column] = self._document.key_place(keys)
        if isinstance(data.get("refuse"), str):
            self._columns.refused[column] = data["refuse"]
            self._columns.optional.add(column)
        if choices(data) or column in self._columns.refused:
            return
        self._named(block, column, data)
        if isinstance(data.get("to"), str):
            self._target(block, column, data, keys)
            return
        self._columns.assertions += self._conditions.assertion(data, column, block, keys)
        if "to" not in data:
            return
        inner = keys if isinstance(entry, list) else (*keys, "to")
        for number, target in enumerate(data["to"]):
            self._target(block, column, target, (*inner, number))

    def _named(self, block: Block, column: str, data: Mapping[str, Any]) -> None:
        """Note by which names a column may be found, whether it may be missing, and how its cells are read."""
        self._named_otherwise(block, column, data)
        if data.get("optional", block.data.get("optional", False)):
            self._columns.optional.add(column)
        settings = parse_settings(data)
        if settings:
            self._columns.settings[column] = settings

    def _named_otherwise(self, block: Block, column: str, data: Mapping[str, Any]) -> None:
        if "also" in data:
            self._columns.also[column] = tuple(block.title(str(each)) for each in data["also"])

    def needs_at(self, columns: Sequence[str], keys: Keys) -> None:
        """Note columns that are named at these keys, each for itself."""
        for column in columns:
            self._needs(column, keys)

    def _needs(self, column: str, keys: Keys) -> None:
        self._columns.used.setdefault(column, self._document.key_place(keys))

    def _target(self, block: Block, column: str, entry: str | Mapping[str, Any], keys: Keys) -> None:
        data: Mapping[str, Any] = {"to": entry} if isinstance(entry, str) else entry
        path = self._path(data, keys)
        if path is None:
            return
        self._columns.assertions += self._conditions.assertion(data, column, block, keys)
        joined = tuple(map(block.title, data.get("join", ())))
        self.needs(joined, (*keys, "join"))
        if data.get("unknown") is not None and "crosswalk" not in data:
            self._report((*keys, "unknown"), "unknown is for what a crosswalk does not have; name the crosswalk too")
        template = self._templates.of_target(data, column, block, keys)
        steps = parse_steps(data, block, keys, self._report)
        for operand in (step.operand for step in steps):
            if operand is not None and operand.column:
                self._needs(operand.column, keys)
        split = data.get("split")
        target = Target(
            column,
            self._document.place(keys),
            part=block.part,
            default=_text(data, "default"),
            unknown=_text(data, "unknown"),
            value=_text(data, "value"),
            when=self._conditions.block(data.get("when", {}), block, (*keys, "when")),
            case=data.get("case"),
            pad=data.get("pad", 0),
            extract=parse_pattern(data.get("extract"), (*keys, "extract"), self._report),
            split=None if split is None else Split(split["by"], split["part"]),
            shorten=data.get("shorten", False),
            join=joined,
            separator=data.get("separator", " "),
            template=template,
            prefix=yaml_text(data.get("prefix", "")),
            suffix=yaml_text(data.get("suffix", "")),
            steps=steps,
            clear="" if data.get("clear") is True else data.get("clear"),
            attach=parse_attach(data, path, keys, self._report),
        )
        found = self._crossed(target, path, (data, block), keys)
        self._columns.targets.setdefault(own_path(path, target, self._columns.targets), []).append(found)

    def _path(self, data: Mapping[str, Any], keys: Keys) -> ElementPath | None:
        """Where a target goes; what is said of it and belongs to the whole column is a problem."""
        if isinstance(keys[-1], int):
            for name in filter(data.__contains__, OF_COLUMNS):
                self._report((*keys, name), f"{name} is said of the whole column; write it beside to", on_key=True)
        try:
            return ElementPath.parse(data["to"])
        except ValueError as error:
            self._report(keys, str(error))
            return None

    def _crossed(self, target: Target, path: ElementPath, said: tuple[Mapping[str, Any], Block], keys: Keys) -> Target:
        """A target with the crosswalk it names, and the columns that are looked up in it."""
        data, block = said
        name = data.get("crosswalk")
        crosswalk = self._crosswalks.by_name.get(str(name))
        if name is None or crosswalk is None:
            known = tuple(self._crosswalks.by_name)
            if name is not None:
                listed = nearest(name, known) or f"; crosswalks has: {', '.join(known) or 'nothing'}"
                self._report((*keys, "crosswalk"), f"there is no crosswalk {name!r}{listed}")
            if "by" in data:
                self._report((*keys, "by"), "by is for the columns of a crosswalk; name that too", on_key=True)
            return target
        element = "/".join(path.names)
        table = crosswalk.tables.get(element, crosswalk.tables.get(""))
        if table is None:
            has = ", ".join(crosswalk.tables)
            self._report((*keys, "crosswalk"), f"the crosswalk {name} has no result for {element}; it has: {has}")
        by = data.get("by", [])
        if crosswalk.keys and max(1, len(by)) != crosswalk.keys:
            message = (
                f"the crosswalk {name} has a key of {crosswalk.keys} columns; name as many here: by: [Vendor, Plant]"
            )
            self._report((*keys, "by" if by else "crosswalk"), message)
        template = self._templates.of_lookup(by, target, block, (*keys, "by")) if by else target.template
        unknown = crosswalk.unknown if target.unknown is None else target.unknown
        return replace(target, crosswalk=table, unknown=unknown, template=template)


def _text(data: Mapping[str, Any], name: str) -> str | None:
    """A plain value of a block as text, None if it is not given."""
    return None if data.get(name) is None else yaml_text(data[name])


def filled_twice(columns: MappedColumns) -> Iterator[tuple[Place, str]]:
    """What is said of each path that several columns of a table fill without conditions, and where."""
    for path, targets in columns.targets.items():
        by_part: dict[str, list[Target]] = {}
        for target in targets:
            by_part.setdefault(target.part, []).append(target)
        for beside in by_part.values():
            if len(beside) > 1 and any(not other.when for other in beside):
                names = " and ".join(list(dict.fromkeys(other.column for other in beside))[:_MOST_NAMED])
                yield beside[-1].place, f"{path} is filled by {names}; give each a `when`, or remove one"
