"""The actions on orders and lines: the statuses each can be taken in, and those it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class FirstStatus(Enum):
    """The status in which an order begins."""

    DRAFT = "draft"
    """As a real answer shows it: nothing is sent, until it is issued."""
    ISSUED = "issued"
    """As if it were issued at once."""


@dataclass(frozen=True, slots=True)
class Move:
    """What an action does: from each status the next one, and the status lines have after it."""

    next: Mapping[str, str]
    lines: Mapping[str, str]
    sends: bool = False


_LINES_OF = {
    "draft": "draft",
    "issued": "created",
    "cancelled": "cancelled",
    "soft_closed": "soft_closed_for_invoicing",
    "closed": "closed",
}
"""The status of every line once an action has left its order in a status."""

_HELD = frozenset({"draft", "error", "buyer_hold", "currency_hold", "supplier_hold", "supplier_window_hold"})
_OPEN = frozenset({"issued", "exported"})
_ISSUABLE = dict.fromkeys((_HELD - {"buyer_hold"}) | _OPEN, "issued")

ACTIONS: Mapping[str, Move] = {
    "issue": Move(_ISSUABLE, _LINES_OF, sends=True),
    "ignore_window_and_issue": Move(_ISSUABLE, _LINES_OF, sends=True),
    "issue_without_send": Move(_ISSUABLE, _LINES_OF),
    "release_from_buyer_hold": Move({"buyer_hold": "issued"}, _LINES_OF, sends=True),
    "cancel": Move(dict.fromkeys(_HELD | _OPEN | {"soft_closed"}, "cancelled"), _LINES_OF),
    "close": Move({**dict.fromkeys(_OPEN, "soft_closed"), "soft_closed": "closed"}, _LINES_OF),
    "reopen": Move({"soft_closed": "issued"}, _LINES_OF),
}

_RECEIVABLE = ("created", "partially_received", "received")
_SOFTLY_CLOSED = ("soft_closed_for_receiving", "soft_closed_for_invoicing")
LINE_ACTIONS: Mapping[str, Mapping[str, str]] = {
    "soft_close_for_receiving": dict.fromkeys(_RECEIVABLE, "soft_closed_for_receiving"),
    "soft_close_for_invoicing": dict.fromkeys((*_RECEIVABLE, "soft_closed_for_receiving"), "soft_closed_for_invoicing"),
    "reopen_for_receiving": dict.fromkeys(_SOFTLY_CLOSED, "created"),
    "reopen_for_invoicing": {"soft_closed_for_invoicing": "created"},
}
"""What each action on a line makes of its status."""

ASKED_OF_LINES = frozenset({"created", "closed", *_SOFTLY_CLOSED})
"""The statuses that an update of an order can give a line, as public integrations do."""

SENDINGS = {
    "email": "scheduled_for_email",
    "cxml": "scheduled_for_cxml",
    "xml": "scheduled_for_xml",
    "prompt": "pending_manual",
    "mark_as_sent": "sent_manually",
    "buy_online": "awaiting_online_purchase",
}
"""The transmission status after an order was sent, by how its supplier takes orders."""
