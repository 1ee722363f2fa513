"""Changes and conflicts in few words, for messages and for what is shown of an order."""

from collections.abc import Sequence

from bulkpo.model.tree import Tree
from bulkpo.payload.change import Change
from bulkpo.payload.rebase import Conflict, Rebased

_MOST_SAID = 5


def is_newer(now: Tree, version: str | None) -> bool:
    """Whether a document has another version than it had; of one without versions nothing is known."""
    return bool(version) and now.get("version") is not None and str(now["version"]) != version


def told_change(change: Change) -> str:
    """A change in few words: `order-lines[2]/price '5.00' → '6.00' and 3 more`."""
    return _few(list(map(str, change.cells())))


def told_conflicts(conflicts: Sequence[Conflict]) -> str:
    """Conflicts in few words, each with what it was, what is wanted and what is there."""
    return f"changed in Coupa since: {_few(list(map(str, conflicts)))}"


def told_standing(held: Rebased) -> str:
    """In few words what is in conflict and what is left to be done of a change."""
    return _few([*map(str, held.conflicts), *map(str, held.change.cells())])


def _few(said: Sequence[str]) -> str:
    more = f" and {len(said) - _MOST_SAID} more" if said[_MOST_SAID:] else ""
    return "; ".join(said[:_MOST_SAID]) + more
