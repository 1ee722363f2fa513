"""What is to change of one document in Coupa, as a value: the elements with their old and new values, part by part.

A *change* is a tree of parts like the document itself: the header, below it the lines it touches, below these their
allocations. A part says how it changes and holds *edits*: one element each, what it was and what it is to be. What is
not to change is not in it.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from bulkpo.model.document import Value
from bulkpo.model.worth import Shift


class How(StrEnum):
    """What happens to a part: elements of it change, or it is added, or removed as a whole."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Edit(NamedTuple):
    """An element with what it was and what it is to be; None is empty.

    `names` lead to it from its part. The elements of a reference, such as `supplier/name`, change together: those of
    them whose old and new value are the same stand beside the one that differs. `old_id` is the id of what was referred
    to, if it is known, and `new_id` the id to refer to in place of names. `is_blind` where Coupa's answer leaves the
    element out, so that its old value is not known.
    """

    names: tuple[str, ...]
    type: str
    old: Value
    new: Value
    row: int = 0
    old_id: str | None = None
    new_id: str | None = None
    is_blind: bool = False

    @property
    def reference(self) -> str:
        """The element of the part that is sent as a whole for this one: `supplier` of `supplier/name`."""
        return reference_of(self.names)


class Tell(NamedTuple):
    """What tells a member from the others of its collection: an element with its value."""

    names: tuple[str, ...]
    type: str
    value: str


class Part(NamedTuple):
    """The header of a document, or a member below it. `id` is the member's in Coupa, None where it is yet to be made.

    `path` is as users know it, `order-lines[2]`; `tell` is what the file knows it by, if it is a member.
    """

    how: How
    collection: str
    path: str
    id: int | None
    tell: Tell | None
    edits: tuple[Edit, ...]
    parts: tuple["Part", ...] = ()
    row: int = 0


class Change(NamedTuple):
    """What is to change of the document with this id, and what kind of object Coupa calls it.

    `resends` where its supplier would be sent it again, `worth` is what it is worth before and after, where that is
    known.
    """

    id: int
    object: str
    header: Part
    resends: bool = False
    worth: Shift | None = None

    def __bool__(self) -> bool:
        """Whether anything is to change."""
        return not is_nothing(self.header)

    def cells(self) -> "list[ChangedCell]":
        """Every element that changes, line by line; an added or removed member first as a whole."""
        return list(_cells(self.header))


class ChangedCell(NamedTuple):
    """One element that changes, as it is value_said to people: where, in which row of the input, from what to what.

    A member that is added or removed as a whole is told by `how` and has no values of its own.
    """

    path: str
    row: int
    old: Value
    new: Value
    how: How = How.CHANGED

    def __str__(self) -> str:
        if self.how is not How.CHANGED:
            return f"{self.path} {self.how}"
        return f"{self.path} {value_said(self.old)} → {value_said(self.new)}"


def value_said(value: Value) -> str:
    """A value as people are value_said it."""
    return "(empty)" if value is None else repr(value)


def reference_of(names: tuple[str, ...]) -> str:
    """The element that is sent as a whole for one below it; a custom field stands for itself."""
    return "/".join(names[:2]) if names[0] == "custom-fields" else names[0]


def is_nothing(part: Part) -> bool:
    """Whether a part has nothing to be done about it."""
    return part.how is How.CHANGED and not part.edits and not part.parts


def _cells(part: Part) -> Iterator[ChangedCell]:
    prefix = f"{part.path}/" if part.path else ""
    if part.how is not How.CHANGED:
        yield ChangedCell(part.path, part.row, None, None, part.how)
    if part.how is How.REMOVED:
        return
    for edit in part.edits:
        if edit.old != edit.new or edit.is_blind:
            yield ChangedCell(prefix + "/".join(edit.names), edit.row, edit.old, edit.new)
    for below in part.parts:
        yield from _cells(below)


def adds(part: Part) -> bool:
    """Whether something is made by it: what is made twice is there twice."""
    return part.how is How.ADDED or any(map(adds, part.parts))


def added_paths(part: Part) -> Iterator[str]:
    """The members that a change makes, as users name them."""
    if part.how is How.ADDED:
        yield part.path
        return
    for below in part.parts:
        yield from added_paths(below)
