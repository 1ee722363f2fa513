"""The levels of a document, worked out from the element paths a mapping fills.

`po-number` belongs to the header; `order-lines/price` to the lines, one for each row; `order-lines[2]/price` to the
second line of a wide row; `order-lines/account-allocations/pct` to the allocations of a line.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from bulkpo.mapping.kinds.kind import is_optional
from bulkpo.mapping.language.spec import Requirement, Rule, Slot, SlotLevel, Target
from bulkpo.model.attached import ATTACHMENT
from bulkpo.model.document import Field, Level
from bulkpo.model.owned import names_record, naming, owned_name
from bulkpo.model.path import CUSTOM_FIELDS, ElementPath
from bulkpo.schema.tables import Element, ElementTables, ObjectTable, UnknownElement
from bulkpo.where import Place


@dataclass(slots=True)
class Filling:
    """An element path a mapping fills, with all that fills it."""

    path: ElementPath
    place: Place
    targets: list[Target] = field(default_factory=list)
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a path belongs: the collections on its way, the members' numbers, the rest of the path and its element."""

    collections: tuple[str, ...]
    numbers: tuple[int | None, ...]
    rest: ElementPath
    element: Element


def find_spot(
    tables: ElementTables, object_name: str, path: ElementPath, known_by: AbstractSet[str] = frozenset()
) -> Spot:
    """Where a path belongs; raises UnknownElement if nothing can be sent there.

    `known_by` are elements that need not be sent, since what is there is known by them.
    """
    element = tables.element(object_name, path)
    attaches = element.type == ATTACHMENT and element.many
    if not (element.is_plain or attaches):
        inside = [name for name, below in tables.object(element.type).elements.items() if below.is_plain]
        examples = ", ".join(f"{path}/{name}" for name in ("name", "code", "number", "login") if name in inside)
        raise UnknownElement(f"{path} is an object, not a value; name an element below it, such as {examples}")
    collections: list[str] = []
    numbers: list[int | None] = []
    owner = object_name
    for position, step in enumerate(path.steps):
        below = None if step.name == CUSTOM_FIELDS else tables.object(owner).elements[step.name]
        if below is not None and below.read_only and "/".join(path.names) not in known_by:
            raise UnknownElement(f"{_upto(path, position)} is read-only: Coupa sets it itself; remove it")
        if below is None or not below.many or (attaches and position + 1 == len(path.steps)):
            rest = ElementPath(path.steps[position:])
            _refuse_inner(tables, owner, rest)
            return Spot(tuple(collections), tuple(numbers), rest, element)
        collections.append(step.name)
        numbers.append(step.index)
        owner = below.type
    raise UnknownElement(f"{path} is a collection; name an element of its members")


def unknown_elements(tables: ElementTables, object_name: str, paths: Iterable[str]) -> Iterator[str]:
    """What is wrong with each path that nothing can be sent to."""
    for path in sorted(paths):
        try:
            find_spot(tables, object_name, ElementPath.parse(path))
        except (UnknownElement, ValueError) as unknown:
            yield str(unknown)


def _refuse_inner(tables: ElementTables, owner: str, rest: ElementPath) -> None:
    """Refuse a way through a collection of a referenced object, or through an object that Coupa fills itself."""
    current = owner
    for position, step in enumerate(rest.steps[:-1]):
        if step.name == CUSTOM_FIELDS:
            return
        element = tables.object(current).elements[step.name]
        if element.many:
            raise UnknownElement(f"{rest} goes through the collection {step.name} of a referenced object; use its key")
        if element.read_only:
            raise UnknownElement(f"{_upto(rest, position)} is read-only: Coupa sets it itself; remove it")
        current = element.type


def _upto(path: ElementPath, position: int) -> ElementPath:
    return ElementPath(path.steps[: position + 1])


class LevelBuilder:
    """Builds the levels, header first, from spots and fillings; problems are gathered in `problems`.

    Of documents that are `partial` nothing is required: they only say what is to change. Nor are the elements that
    what is `undecided` may yet fill.
    """

    def __init__(
        self,
        tables: ElementTables,
        object_name: str,
        rules: Mapping[str, Rule],
        *,
        undecided: AbstractSet[str] = frozenset(),
        partial: bool = False,
    ) -> None:
        self.problems: list[str] = []
        self._undecided = {path[: end.start()] for path in undecided for end in re.finditer("/|$", path)}
        self._partial = partial
        self._tables = tables
        self._object = object_name
        self._rules = rules

    def build(self, fillings: Sequence[tuple[Filling, Spot]], place: Place) -> tuple[SlotLevel, ...]:
        """The levels that these fillings make; `place` is where to report what is missing altogether."""
        chain = self._chain(fillings)
        levels: list[SlotLevel] = []
        for depth in range(len(chain), -1, -1):
            mine = [(filling, spot) for filling, spot in fillings if spot.collections == chain[:depth]]
            owner = self._owner(chain[:depth])
            below = levels[0].level if levels else None
            levels.insert(0, self._level(chain[:depth], owner, mine, below))
            self._report_missing(chain[:depth], owner, levels[0], place)
        return tuple(levels)

    def _chain(self, fillings: Iterable[tuple[Filling, Spot]]) -> tuple[str, ...]:
        """The one way down through the collections; rows cannot fill two collections side by side."""
        longest: tuple[str, ...] = ()
        for filling, spot in fillings:
            shorter, longer = sorted((spot.collections, longest), key=len)
            if longer[: len(shorter)] != shorter:
                self.problems.append(
                    f"{filling.place}: {filling.path} fills the collection {'/'.join(spot.collections)} beside "
                    f"{'/'.join(longest)}; rows can fill one collection only"
                )
                continue
            longest = longer
        return longest

    def _owner(self, collections: tuple[str, ...]) -> str:
        owner = self._object
        for name in collections:
            owner = self._tables.object(owner).elements[name].type
        return owner

    def _level(
        self,
        collections: tuple[str, ...],
        owner: str,
        fillings: Sequence[tuple[Filling, Spot]],
        below: Level | None,
    ) -> SlotLevel:
        prefix = "".join(f"{name}/" for name in collections)
        elements = {str(spot.rest): spot for _, spot in fillings}
        fields = tuple(Field(spot.rest, spot.element.type, prefix + rest) for rest, spot in elements.items())
        numbers = sorted({spot.numbers[-1] for _, spot in fillings if spot.numbers and spot.numbers[-1] is not None})
        variants: list[int | None] = [*numbers] or [None]
        by_spot = {(str(spot.rest), spot.numbers[-1] if spot.numbers else None): filling for filling, spot in fillings}
        self.problems += _never_sent(fillings, numbers)
        slots = []
        for number in variants:
            mine = [(rest, by_spot.get((rest, number)) or by_spot.get((rest, None))) for rest in elements]
            slots.append(tuple(self._slot(prefix + rest, filling, elements[rest].element) for rest, filling in mine))
        level = Level(collections[-1] if collections else "", owner, fields, below)
        return SlotLevel(level, tuple(slots), bool(numbers), self._requirements(prefix, owner, fields))

    def _slot(self, full_path: str, filling: Filling | None, element: Element) -> Slot:
        rule = self._rules.get(full_path, Rule())
        if filling is None:
            return Slot(full_path, element, rule)
        return Slot(str(filling.path), element, rule, tuple(filling.targets), filling.constant)

    def _requirements(self, prefix: str, owner: str, fields: tuple[Field, ...]) -> tuple[Requirement, ...]:
        """The elements of a level that need a value and have fields: Coupa's, unless a rule says otherwise."""
        found = []
        for name in _named(fields):
            positions = naming(fields, name)
            if self._is_required(prefix, owner, name, [fields[place].full_path for place in positions]):
                found.append(Requirement(prefix + name, positions))
        for position, each in enumerate(fields):
            rule = self._rules.get(each.full_path)
            if not self._partial and rule is not None and rule.required and owned_name(each.path) != str(each.path):
                found.append(Requirement(each.full_path, (position,)))
        return tuple(found)

    def _is_required(self, prefix: str, owner: str, name: str, filled: Sequence[str] = ()) -> bool:
        """Whether an element needs a value; rules of all paths below it that are `filled` lift that, as its own."""
        if self._partial:
            return False
        rule = self._rules.get(prefix + name)
        if rule is not None and rule.required is not None:
            return rule.required
        below = filled or [path for path in self._rules if path.startswith(f"{prefix}{name}/")]
        if below and all(path in self._rules and self._rules[path].required is False for path in below):
            return False
        element = _owned(self._tables.object(owner)).get(name)
        return element is not None and element.required

    def _report_missing(self, collections: tuple[str, ...], owner: str, built: SlotLevel, place: Place) -> None:
        prefix = "".join(f"{name}/" for name in collections)
        filled = set(_named(built.level.fields))
        if built.level.below is not None:
            filled.add(built.level.below.collection)
        for name in _owned(self._tables.object(owner)):
            if name in filled or prefix + name in self._undecided:
                continue
            if self._is_required(prefix, owner, name):
                self.problems.append(
                    f"{place}: {prefix}{name} is required by Coupa, but no column or constant fills it; map one, "
                    f"or say so in rules: {{{prefix}{name}: {{required: false}}}}"
                )


def lifted(rules: Mapping[str, Rule], lifted_with: Mapping[str, Sequence[str]]) -> Mapping[str, Rule]:
    """The rules, with elements that are not required since others are declared not to be, as their kind has it."""
    optional = {path for path, rule in rules.items() if rule.required is False}
    more = {
        path: replace(rule, required=False)
        for path, others in lifted_with.items()
        if (rule := rules.get(path, Rule())).required is None
        and any(
            each in optional or (not path.startswith(f"{each}/") and is_optional(each, optional)) for each in others
        )
    }
    return {**rules, **more}


def _never_sent(fillings: Sequence[tuple[Filling, Spot]], numbers: Sequence[int]) -> Iterator[str]:
    """The columns mapped without a number that fill no member, as each of them has one of its own."""
    own = {(str(spot.rest), spot.numbers[-1]): filling for filling, spot in fillings if spot.numbers}
    for filling, spot in fillings:
        rest = str(spot.rest)
        if (
            numbers
            and filling.targets
            and spot.numbers[-1] is None
            and all((rest, number) in own for number in numbers)
        ):
            collection = "/".join(spot.collections)
            beside = " and ".join(str(own[rest, number].path) for number in numbers)
            yield (
                f"{filling.place}: {filling.path} would be sent nowhere, beside {beside}, which come before it; "
                f"write {collection}[{numbers[-1] + 1}]/{rest} if it is one more, or ignore it"
            )


def _owned(table: ObjectTable) -> Mapping[str, Element]:
    """An object's elements by their names, its custom fields by theirs below `custom-fields`."""
    custom = {f"{CUSTOM_FIELDS}/{name}": element for name, element in (table.custom or {}).items()}
    return {**table.elements, **custom}


def _named(fields: Sequence[Field]) -> tuple[str, ...]:
    """The object's own elements that have a field which can name what they refer to."""
    return tuple(dict.fromkeys(owned_name(each.path) for each in fields if names_record(each.path)))
