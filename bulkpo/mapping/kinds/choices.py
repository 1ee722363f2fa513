"""A mapping's own choices: elements of which each document, or each member of it, must have exactly one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulkpo.mapping.kinds.kind import BrokenRule, Demands
from bulkpo.model.document import Columns, Document, Level, Member, has_any


@dataclass(frozen=True, slots=True)
class _Choice:
    """Elements of one level of which exactly one must have a value, each with the positions of its fields.

    An option without positions is the collection below: allocations, for a line.
    """

    level: int
    element: str
    options: tuple[tuple[str, tuple[int, ...]], ...]


class Choices:
    """The choices one mapping asks for; all the rules there are for a kind of document without rules of its own."""

    def __init__(self, levels: Sequence[Level], asked: Demands) -> None:
        wanted = {} if asked.partial else asked.exactly_one_of or {}
        found = (_choice(levels, path, names) for path, names in wanted.items())
        self._choices = [choice for choice in found if choice is not None]

    def check(self, document: Document) -> Iterator[BrokenRule]:
        """Every choice that was not made, or made twice."""
        for choice in self._choices:
            yield from _check_choice(choice, document)

    def hold_for(self, header: Columns, lines: Columns) -> bool:  # noqa: ARG002 - as of every kind's rules
        """Whether there is nothing to choose; choices are not proved by columns."""
        return not self._choices


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


def _check_choice(choice: _Choice, document: Document) -> Iterator[BrokenRule]:
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
            yield BrokenRule("not-exactly-one", message, member.row, choice.element, *place)


def _is_given(member: Member | Document, places: Sequence[int]) -> bool:
    return has_any(member.values, places) if places else bool(member.members)
