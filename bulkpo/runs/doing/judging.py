"""What an order shows of an action: whether it is as it was listed, already as the action leaves it, or neither.

An action whose answer was lost may still be under way, and arrive late. Doing it twice may do harm: an order that is
soft-closed is closed for good, and one that is issued is sent again. Such an action is repeated only once `settle_for`
has passed and the order still does not show it.
"""

import threading
import time
from collections.abc import Callable

from bulkpo.journal.records import Action, Entry
from bulkpo.mapping.kinds.kind import KindAction
from bulkpo.runs.imports.actions import Looked, changed_since
from bulkpo.runs.planning.same_number import Found
from bulkpo.states import UNDER_WAY, ActionEvent


class Doubts:
    """The actions whose answers were lost, by this process's own clock."""

    def __init__(self, settle_for: float, now: Callable[[], float] = time.monotonic) -> None:
        self._settle_for = settle_for
        self._now = now
        self._since: dict[tuple[str, int], float] = {}
        self._lock = threading.Lock()

    def may_come(self, action: Action) -> bool:
        """Whether an action may still arrive; the time is counted from when this was first asked."""
        key = (action.action, action.number)
        with self._lock:
            since = self._since.setdefault(key, self._now())
            if self._now() - since < self._settle_for:
                return True
            del self._since[key]
            return False

    def seconds_left(self) -> float:
        """How long it takes until none of them can arrive any more."""
        with self._lock:
            last = max(self._since.values(), default=self._now() - self._settle_for)
        return max(0.0, last + self._settle_for - self._now())


def judging(known: KindAction, doubts: Doubts) -> Callable[[Entry, Action, Found | None], Looked]:
    """What judges orders for an action."""

    def judge(entry: Entry, action: Action, found: Found | None) -> Looked:
        if found is None:
            return ActionEvent.CHANGED, "it is no longer in Coupa"
        status, is_under_way = found.get("status"), action.state in UNDER_WAY
        if status == known.leaves:
            return ActionEvent.FOUND_DONE, ""
        if status not in known.takes:
            return ActionEvent.CHANGED, f"it is {status} now"
        if is_under_way:
            may_come = not known.repeats and doubts.may_come(action)
            return (None, "") if may_come else (ActionEvent.NOT_DONE, "")
        changed = changed_since(entry, found)
        return (ActionEvent.CHANGED, f"{changed}; ask again") if changed else (ActionEvent.NOT_DONE, "")

    return judge
