"""What a move writes: the line it changes, and what it adds to the trail."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from operator import attrgetter

from bulkpo.journal.group import Statement, packed
from bulkpo.journal.moves import AnyMove
from bulkpo.journal.records import Action, Entry
from bulkpo.journal.rows import attachment_facts

_ENTRY = tuple(each.name for each in fields(Entry))
_values = attrgetter(*_ENTRY)  # as a dictionary, without the deep copies of dataclasses.asdict


def move_statements(sql: Mapping[str, str], move: AnyMove) -> tuple[Statement, Statement]:
    """The line a move changes, and what it adds to the trail."""
    after, noted = move.after, move.noted
    if isinstance(after, Entry):
        known = dict(zip(_ENTRY, _values(after), strict=True))
        known |= {"in_doubt": int(after.in_doubt), "at": after.changed, "from": move.before}
        name = "move_entry"
    elif isinstance(after, Action):
        known = {**asdict(after), "at": after.changed, "from": move.before}
        name = "move_action"
    else:
        known = {**attachment_facts(after), "from": move.before}
        name = "move_attachment"
    sent = packed(noted.sent) if noted.sent else None
    trail = {
        "run": after.run,
        "number": known["number"],
        "at": noted.at,
        "event": noted.event,
        "state": noted.state,
        "detail": noted.detail,
        "sent": sent,
    }
    return Statement(sql[name], known, moves=True), Statement(sql["add_event"], trail)
