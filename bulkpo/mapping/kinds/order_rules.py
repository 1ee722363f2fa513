"""Rules between the elements of one order: those of Coupa's purchase order pages, and a mapping's choices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.document import Columns, Document, Level, Member, Values, has_any
from bulkpo.model.totals import AMOUNT_LINE

SILENT = "do_not_transmit"


@dataclass(frozen=True, slots=True)
class OrderBreach:
    """A broken rule: code, message, row, and the element with its level and position in the layout.

    `values` are those of the member that breaks it.
    """

    code: str
    message: str
    row: int
    element: str
    level: int
    position: int
    values: Values


@dataclass(frozen=True, slots=True)
class _Choice:
    """Elements of one level of which exactly one must have a value, each with the positions of its fields.

    An option without positions is the collection below: allocations, for a line.
    """

    level: int
    element: str
    options: tuple[tuple[str, tuple[int, ...]], ...]


class OrderRules:
    """The rules one mapping's orders must keep."""

    def __init__(self, mapping: ImportMapping) -> None:
        levels = [each.level for each in mapping.levels]
        is_order = mapping.resource.object == "order-header"
        self._silent = positions(levels[0], "transmission-method-override") if mapping.silent else []
        lines = levels[1] if is_order and len(levels) > 1 and levels[1].collection == "order-lines" else None
        self._type = positions(lines, "type")
        self._quantity = positions(lines, "quantity")
        self._uom = positions(lines, "uom")
        self._needed = [places for places in (self._quantity, self._uom) if places]
        below = levels[2] if lines is not None and len(levels) > 2 else None
        self._percent = positions(below, "pct") if below and below.collection == "account-allocations" else []
        self._choices = [
            choice
            for path, rule in mapping.rules.items()
            if rule.exactly_one_of and (choice := _choice(levels, path, rule.exactly_one_of))
        ]

    def check(self, document: Document) -> Iterator[OrderBreach]:
        """Every rule a document breaks."""
        for position in self._silent:
            value = document.values[position]
            if value != SILENT:
                message = f"the mapping is silent: required, but the order would be sent to its supplier; send {SILENT}"
                name = "transmission-method-override"
                yield OrderBreach("not-silent", message, document.row, name, 0, position, document.values)
        if self._quantity or self._uom or self._percent:
            for line in document.members:
                if self._type and line.values[self._type[0]] == AMOUNT_LINE:
                    yield from self._check_amount_line(line)
                elif not self._has_all(line.values):
                    yield from self._check_quantity_line(line)
                if self._percent:
                    yield from self._check_allocations(line)
        for choice in self._choices:
            yield from _check_choice(choice, document)

    def hold_for(self, header: Columns, lines: Columns) -> bool:
        """Whether orders whose rows are lines keep every rule, asked of their columns; no proof where it is not."""
        if self._choices or self._percent or any(set(header[place]) != {SILENT} for place in self._silent):
            return False
        kinds = lines[self._type[0]] if self._type else ()
        if AMOUNT_LINE not in kinds:
            return all(any(None not in lines[place] for place in places) for places in self._needed)
        are_amounts = [kind == AMOUNT_LINE for kind in kinds]
        return all(_are_blank([lines[place] for place in places]) == are_amounts for places in self._needed)

    def _has_all(self, values: Values) -> bool:
        """Whether a line has all a quantity line needs; nearly every line has."""
        for places in self._needed:  # noqa: SIM110 - all() with a generator takes longer, on every line
            if not has_any(values, places):
                return False
        return True

    def _check_amount_line(self, line: Member) -> Iterator[OrderBreach]:
        for name, places in (("quantity", self._quantity), ("uom", self._uom)):
            if has_any(line.values, places):
                message = f"an amount line has no {name}; leave it empty, or make it a quantity line"
                element = f"order-lines/{name}"
                yield OrderBreach("amount-line-with-quantity", message, line.row, element, 1, places[0], line.values)

    def _check_quantity_line(self, line: Member) -> Iterator[OrderBreach]:
        if self._quantity and not has_any(line.values, self._quantity):
            message = "a quantity line needs a quantity; fill it in, or make it an amount line"
            name = "order-lines/quantity"
            yield OrderBreach("quantity-missing", message, line.row, name, 1, self._quantity[0], line.values)
        if self._uom and not has_any(line.values, self._uom):
            message = "a quantity line needs a unit of measure; fill it in, or make it an amount line"
            yield OrderBreach("uom-missing", message, line.row, "order-lines/uom", 1, self._uom[0], line.values)

    def _check_allocations(self, line: Member) -> Iterator[OrderBreach]:
        given = [pct for below in line.members for place in self._percent if (pct := below.values[place]) is not None]
        if given and sum(map(Decimal, given)) != 100:
            total = format(sum(map(Decimal, given)), "f")
            message = f"the allocations of the line add up to {total} percent, not 100; correct them"
            name = "order-lines/account-allocations/pct"
            first = line.members[0]
            yield OrderBreach("allocations-not-100", message, first.row, name, 2, self._percent[0], first.values)


def positions(level: Level | None, name: str) -> list[int]:
    """Where an element, or the elements below it, stand among a level's fields."""
    if level is None:
        return []
    return [place for place, field in enumerate(level.fields) if field.path.names[0] == name]


def _are_blank(columns: Columns) -> list[bool]:
    """Row by row, whether there is nothing in any of these columns."""
    return [values.count(None) == len(values) for values in zip(*columns, strict=True)]


def _choice(levels: Sequence[Level], path: str, names: Sequence[str]) -> _Choice | None:
    """The level whose object the named elements belong to, and where they stand in it."""
    prefix = ""
    for number, level in enumerate(levels):
        prefix += f"{level.collection}/" if level.collection else ""
        options = [(name, tuple(_places(level, f"{path}/{name}"))) for name in names]
        known = [name for name, places in options if places]
        collection = level.below.collection if level.below else ""
        if known and all(places or f"{path}/{name}" == prefix + collection for name, places in options):
            return _Choice(number, path, tuple(options))
    return None


def _places(level: Level, path: str) -> Iterator[int]:
    for place, field in enumerate(level.fields):
        if field.full_path == path or field.full_path.startswith(f"{path}/"):
            yield place


def _check_choice(choice: _Choice, document: Document) -> Iterator[OrderBreach]:
    members: list[Member | Document] = [document]
    for _ in range(choice.level):
        members = [below for member in members for below in member.members]
    listed = ", ".join(name for name, _ in choice.options)
    for member in members:
        given = [name for name, places in choice.options if _is_given(member, places)]
        if len(given) != 1:
            found = f"{' and '.join(given)} are given" if given else "none is given"
            message = f"{choice.element} needs exactly one of {listed}, but {found}; correct it"
            position = next(places[0] for _, places in choice.options if places)
            place = (choice.level, position, member.values)
            yield OrderBreach("not-exactly-one", message, member.row, choice.element, *place)


def _is_given(member: Member | Document, places: Sequence[int]) -> bool:
    return has_any(member.values, places) if places else bool(member.members)
