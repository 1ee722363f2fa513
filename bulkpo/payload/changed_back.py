"""A change held against the document as it is read back: every element it touched, with what is there now."""

from collections.abc import Iterator

from bulkpo.model.matching import EMPTIED
from bulkpo.model.tree import Tree
from bulkpo.payload.change import Change, How, Part
from bulkpo.payload.compare import NOT_READABLE, Compared, Sameness, coupa_text, look, same
from bulkpo.payload.rebase import find


def compared_change(change: Change, now: Tree) -> Iterator[Compared]:
    """Each element that was to change, and each member that was to come or to go, as the document shows it now."""
    yield from _edits(change.header, now)
    yield from _below(change.header, now)


def _edits(part: Part, now: Tree) -> Iterator[Compared]:
    for edit in part.edits:
        path, sent = "/".join(filter(None, [part.path, *edit.names])), edit.new or ""
        found = look(now, edit.names)
        if found is NOT_READABLE:
            yield Compared(path, sent, None, Sameness.NOT_SHOWN)
            continue
        is_same = same(edit.type, edit.new or EMPTIED, found)
        yield Compared(path, sent, coupa_text(found), Sameness.SAME if is_same else Sameness.DIFFERS)


def _below(part: Part, now: Tree) -> Iterator[Compared]:
    for below in part.parts:
        others = find(below, now)
        there = f"{len(others)} of it"
        match below.how:
            case How.REMOVED:
                yield Compared(below.path, "0 of it", there, Sameness.DIFFERS if others else Sameness.SAME)
                continue
            case How.ADDED:
                yield Compared(below.path, "1 of it", there, Sameness.SAME if len(others) == 1 else Sameness.DIFFERS)
            case How.CHANGED if len(others) != 1:
                yield Compared(below.path, "1 of it", there, Sameness.DIFFERS)
        if len(others) == 1:
            yield from _edits(below, others[0])
            yield from _below(below, others[0])
