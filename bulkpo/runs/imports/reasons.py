"""Why orders were refused, differ, are unknown or held back: each reason once, with how many orders it holds for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bulkpo.journal.records import Entry
from bulkpo.model.finding import Finding, Severity
from bulkpo.states import State

TROUBLED = (State.REFUSED, State.DIFFERS, State.UNKNOWN, State.CONFLICT)
"""The states that have a reason."""
HELD = "held back"
_OWN = re.compile(r"""(?<!\w)'[^']*'|"[^"]*"|\b\d[\d.,]*""")
"""What a message says of its own order: quoted values and numbers. The apostrophe of can't quotes nothing."""
_HINT = re.compile(r"; did you mean .*|; create it there.*")
"""What a message advises, which depends on the value."""
_MOST_ALIKE = 4
_NO_REASON = "no reason was given"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for what orders came to, and for how many it holds.

    `message` is its most frequent wording; `others` orders have it with other values only.
    """

    state: str
    message: str
    orders: int
    others: int = 0

    def __str__(self) -> str:
        """As people read it: `4 × Supplier 'ACME' is not active, and 2 others like it`."""
        likewise = f" (and {self.others:,} more with other values)" if self.others else ""
        return f"{self.orders:,} × {self.message}{likewise}"


def reasons(entries: Iterable[Entry]) -> tuple[Reason, ...]:
    """The reasons of orders, by state, the most frequent first."""
    return _alike((str(entry.state), entry.message or _NO_REASON, entry.key) for entry in entries)


def reasons_held(findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """The reasons for which orders are held back, the most frequent first."""
    return _alike((HELD, each.message, each.key) for each in findings if each.severity is Severity.ERROR)


def _alike(said: Iterable[tuple[str, str, str]]) -> tuple[Reason, ...]:
    """Reasons of triples: a state, a message and the order it is about."""
    alike: dict[tuple[str, str], dict[str, set[str]]] = {}
    for state, message, key in said:
        parts = (_OWN.sub("…", part) for part in _HINT.sub("", message).split("; "))
        kind = "; ".join(dict.fromkeys(parts))  # one order has five lines at fault, another two
        alike.setdefault((state, kind), {}).setdefault(message, set()).add(key)
    found: list[Reason] = []
    for (state, _), messages in alike.items():
        if len(messages) <= _MOST_ALIKE:
            found += [Reason(state, message, len(keys)) for message, keys in messages.items()]
            continue
        first = max(messages, key=lambda message: len(messages[message]))
        every = set().union(*messages.values())
        found.append(Reason(state, first, len(messages[first]), len(every - messages[first])))
    return tuple(sorted(found, key=lambda reason: (reason.state, -reason.orders - reason.others)))
