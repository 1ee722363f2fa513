"""Columns that were sorted by themselves: their values are all still there, but in rows they do not belong to.

A protected sheet lets only editable columns be sorted, and then no key moves with them; each cell looks like an edit.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from bulkpo.errors import InputError
from bulkpo.runs.editing.edited import CellChange
from bulkpo.runs.editing.layout import EditLayout

_FEWEST = 3
"""As many cells, and different values among them, may hardly be exchanged by hand."""
_ONE_OF = 50
"""One in so many may have been edited besides."""


def refuse_sorted(layout: EditLayout, changes: Iterable[CellChange]) -> None:
    """Raise InputError where columns hold what they held, in other rows."""
    by_column: dict[int, list[CellChange]] = {}
    for change in changes:
        by_column.setdefault(change.place, []).append(change)
    moved = [layout.columns[place].title for place, some in sorted(by_column.items()) if _only_moved(some)]
    if moved:
        raise InputError(
            f"the values of {' and '.join(map(repr, moved))} are those that were exported, but in other rows, as if "
            "columns had been sorted without the rest of their rows; nothing was changed. Undo that and sort whole "
            "rows; if the values are meant where they are, say --moved take"
        )


def _only_moved(changes: Sequence[CellChange]) -> bool:
    old, new = (Counter(getattr(change, name) for change in changes) for name in ("old", "new"))
    edited = len(changes) - (old & new).total()
    return len(changes) >= _FEWEST and len(old) >= _FEWEST and edited * _ONE_OF <= len(changes)
