"""Documents: whole orders, as values laid out by a mapping.

A document does not repeat its element paths: they stand once in the `Layout`, and values stand in the same order.
A value is text in Coupa's own form (a decimal point, ISO dates with offset, `true`), already proved right for its
element's type, or None where nothing is to be sent. Named tuples, not dataclasses: a file has a million of them and
they cost a third as much to make.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bulkpo.model.attached import ATTACHMENT, Attached
from bulkpo.model.path import ElementPath

Value = str | None


@dataclass(frozen=True, slots=True)
class Field:
    """One element of a level: its path from the level's object, its plain type, and the path users know it by."""

    path: ElementPath
    type: str
    full_path: str


@dataclass(frozen=True, slots=True)
class Level:
    """The fields of an order's header (`collection` empty), of its lines, or of a line's allocations.

    `collection` is the plural name within the level above (`order-lines`), `object` the member's object name
    (`order-line`), `fields` the elements in the order of the values, `below` the level nested inside, if any.
    """

    collection: str
    object: str
    fields: tuple[Field, ...]
    below: "Level | None" = None


Layout = Level


class Member(NamedTuple):
    """One member of a collection: the row it came from, its values, and the members of the level below."""

    row: int
    values: tuple[Value, ...]
    members: tuple["Member", ...] = ()


class Document(NamedTuple):
    """A whole order: its key, the values of its header, its lines, and what is to be attached. `row` is its first."""

    key: str
    row: int
    values: tuple[Value, ...]
    members: tuple[Member, ...] = ()
    attached: tuple[Attached, ...] = ()

    def rows(self) -> Iterator[int]:
        """The rows the document came from, in order, each once."""
        seen = {self.row}
        yield self.row
        for member in self.members:
            for row in (member.row, *(below.row for below in member.members)):
                if row not in seen:
                    seen.add(row)
                    yield row


Values = tuple[Value, ...]


Columns = Sequence[Sequence[Value]]
"""The values of some rows, by field."""


def has_any(values: Values, places: Iterable[int]) -> bool:
    """Whether there is a value at one of these places; a plain loop, since most have it at the first."""
    for place in places:  # noqa: SIM110 - any() with a generator takes four times as long, on every line
        if values[place] is not None:
            return True
    return False


def without_attachments(level: Level) -> Level:
    """A layout as payloads have it: without the fields that attachments fill, which stand behind all others."""
    fields = tuple(field for field in level.fields if field.type != ATTACHMENT)
    return replace(level, fields=fields, below=None if level.below is None else without_attachments(level.below))
