"""A planned change held against the document as it is now, before it is sent and after; and turned back.

Only what the change touches is looked at: what others did to the rest of the document is theirs. An element that has
the new value already needs nothing; one that has neither the old nor the new one is a *conflict*.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from bulkpo.model.document import Value
from bulkpo.model.matching import EMPTIED
from bulkpo.model.tree import Tree
from bulkpo.payload.change import Change, Edit, How, Part, Tell, is_nothing, value_said
from bulkpo.payload.compare import NOT_READABLE, coupa_text, look, same
from bulkpo.payload.differ import ID, word_of


class Stand(Enum):
    """What a document shows of a change: nothing of it, all of it, or something else."""

    OLD = "old"
    NEW = "new"
    OTHER = "other"


class Conflict(NamedTuple):
    """An element that somebody else changed: what it was, what it is to be, and what it is now.

    Of a member as a whole, `yours` is how it is to change, and the others say whether it is there.
    """

    path: str
    row: int
    was: Value
    yours: Value
    theirs: Value

    def __str__(self) -> str:
        if isinstance(self.yours, How):
            return f"{self.path} was {self.was}, yours {self.yours}, theirs {self.theirs}"
        return (
            f"{self.path} was {value_said(self.was)}, yours {value_said(self.yours)}, theirs {value_said(self.theirs)}"
        )


class Rebased(NamedTuple):
    """What is left to be done of a change, and what stands against it.

    Where there are conflicts, `change` is what is left without them, or, if they were overruled, with them.
    """

    change: Change
    conflicts: tuple[Conflict, ...]
    done: int

    @property
    def shows(self) -> bool:
        """Whether anything that can be read speaks for or against it."""
        return bool(self.conflicts or self.done or readable(self.change.header))

    @property
    def stands(self) -> Stand:
        """What the document shows of the change; of elements that cannot be read nothing is known."""
        if self.conflicts:
            return Stand.OTHER
        if not self.done:
            return Stand.OLD
        return Stand.OTHER if readable(self.change.header) else Stand.NEW


def rebase(change: Change, now: Tree, *, overrules: bool = False) -> Rebased:
    """What is left of a change of a document that is so now; with `overrules`, conflicts are changed all the same."""
    look_at = _Rebase(overrules=overrules)
    header = look_at.part(change.header, now)
    return Rebased(change._replace(header=header), tuple(look_at.conflicts), look_at.done)


def reverse(change: Change) -> Change:
    """The change back: old values for new ones, what was added removed, what was removed added anew."""
    return change._replace(header=_reversed(change.header))


_BACK = {How.CHANGED: How.CHANGED, How.ADDED: How.REMOVED, How.REMOVED: How.ADDED}


def _reversed(part: Part) -> Part:
    edits = tuple(
        edit._replace(old=edit.new, new=edit.old, old_id=edit.new_id, new_id=edit.old_id)
        for edit in part.edits
        if not edit.is_blind
    )
    number = None if part.how is How.REMOVED else part.id
    return part._replace(how=_BACK[part.how], id=number, edits=edits, parts=tuple(map(_reversed, part.parts)))


class _Rebase:
    """One change held against one document."""

    def __init__(self, *, overrules: bool) -> None:
        self.conflicts: list[Conflict] = []
        self.done = 0
        self._overrules = overrules

    def part(self, part: Part, now: Tree) -> Part:
        """What is left of a part that is there."""
        edits = tuple(self._edits(part, now))
        parts = (self._below(below, now) for below in part.parts)
        return part._replace(edits=edits, parts=tuple(it for it in parts if it is not None and not is_nothing(it)))

    def _edits(self, part: Part, now: Tree) -> Iterator[Edit]:
        """What is left of the edits, reference by reference."""
        together: dict[str, list[Edit]] = {}
        for edit in part.edits:
            together.setdefault(edit.reference, []).append(edit)
        for edits in together.values():
            yield from self._reference(part, edits, now)

    def _reference(self, part: Part, edits: Sequence[Edit], now: Tree) -> Sequence[Edit]:
        found = [look(now, edit.names) for edit in edits]
        if all(theirs is not NOT_READABLE for theirs in found) and _are_new(edits, found):
            self.done += 1
            return ()
        against = [
            Conflict(_path(part, edit), edit.row, edit.old, edit.new, _plain(theirs))
            for edit, theirs in zip(edits, found, strict=True)
            if not _is(edit, edit.old, theirs) and not _is(edit, edit.new, theirs)
        ]
        self.conflicts += against
        if against and not self._overrules:
            return ()
        return [
            edit if theirs is NOT_READABLE else edit._replace(old=_plain(theirs), old_id=_id_of(now, edit))
            for edit, theirs in zip(edits, found, strict=True)
        ]

    def _below(self, part: Part, now: Tree) -> Part | None:
        """What is left of a member's part; None where nothing is."""
        others = find(part, now)
        match part.how:
            case How.CHANGED:
                if others:
                    return self.part(part, others[0])
                self._against(part, "there", "gone")
                return None
            case How.REMOVED:
                if not others:
                    self.done += 1
                    return None
                return self._to_remove(part, others)
            case How.ADDED:
                return self._to_add(part, others)

    def _to_remove(self, part: Part, others: Sequence[Tree]) -> Part | None:
        """A member that is to go; it stays where somebody has changed what is known of it."""
        before = len(self.conflicts)
        if len(others) > 1:
            self._against(part, "there once", f"there {len(others)} times")
        for edit in part.edits:
            theirs = look(others[0], edit.names)
            if edit.names[0] in others[0] and not _is(edit, edit.old, theirs):
                self.conflicts.append(Conflict(_path(part, edit), edit.row, edit.old, None, _plain(theirs)))
        if len(self.conflicts) > before and not (self._overrules and len(others) == 1):
            return None
        return part._replace(id=int(str(others[0][ID])))

    def _to_add(self, part: Part, others: Sequence[Tree]) -> Part | None:
        """A member that is to be made; one that is there already is not made again."""
        if not others:
            return part
        if len(others) > 1:
            self._against(part, "not there", f"there {len(others)} times")
            return None
        different = [
            Conflict(_path(part, edit), edit.row, None, edit.new, _plain(theirs))
            for edit in part.edits
            if edit.names[0] in others[0] and not _is(edit, edit.new, theirs := look(others[0], edit.names))
        ]
        self.conflicts += different
        self.done += not different
        return None

    def _against(self, part: Part, was: str, theirs: str) -> None:
        self.conflicts.append(Conflict(part.path, part.row, was, part.how, theirs))


def find(part: Part, now: Tree) -> list[Tree]:
    """The members of a document that a part is about: by their id, or by what tells them apart."""
    inner = now.get(part.collection)
    others = [other for other in inner if isinstance(other, dict)] if isinstance(inner, list) else []
    if part.id is not None:
        return [other for other in others if str(other.get(ID)) == str(part.id)]
    return [other for other in others if part.tell is not None and _tells(part.tell, other)]


def readable(part: Part) -> bool:
    """Whether a part changes anything that can be read afterwards."""
    if part.how is not How.CHANGED or any(not edit.is_blind for edit in part.edits):
        return True
    return any(map(readable, part.parts))


def _tells(tell: Tell, other: Mapping[str, object]) -> bool:
    theirs = coupa_text(look(other, tell.names))
    return theirs is not None and word_of(tell.type, theirs) == word_of(tell.type, tell.value)


def _are_new(edits: Sequence[Edit], found: Sequence[object]) -> bool:
    return all(_is(edit, edit.new, theirs) for edit, theirs in zip(edits, found, strict=True))


def _is(edit: Edit, value: Value, theirs: object) -> bool:
    """Whether an element has a value; of one that cannot be read nothing else is known."""
    return theirs is NOT_READABLE or same(edit.type, value or EMPTIED, theirs)


def _id_of(now: Tree, edit: Edit) -> str | None:
    inner = now.get(edit.names[0]) if len(edit.names) > 1 else None
    return coupa_text(inner.get(ID)) if isinstance(inner, Mapping) and edit.old_id is not None else None


def _plain(value: object) -> Value:
    return None if value is NOT_READABLE else coupa_text(value) or None


def _path(part: Part, edit: Edit) -> str:
    return "/".join(filter(None, [part.path, *edit.names]))
