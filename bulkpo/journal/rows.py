"""The lines of the journal's tables as values, and back."""

import json
import sqlite3
from dataclasses import asdict, fields
from operator import attrgetter
from typing import Any

from bulkpo.attachment_states import AttachmentState
from bulkpo.journal.encoding import options_of, summary_json, summary_of
from bulkpo.journal.group import packed, unpacked
from bulkpo.journal.records import (
    Action,
    Attachment,
    Entry,
    Happening,
    Noted,
    PlannedAttachment,
    PlannedEntry,
    Reading,
    Run,
    RunInput,
    RunStatus,
    Stint,
)
from bulkpo.model.by import By
from bulkpo.payload.compare import Compared, Sameness
from bulkpo.states import ActionState, State

_STATES = {state.value: state for state in State}
_ENTRY = tuple(each.name for each in fields(PlannedEntry))
_ENTRY_FACTS = attrgetter(*_ENTRY)
_PLANNED = tuple(each.name for each in fields(PlannedAttachment))


def run_of(row: sqlite3.Row) -> Run:
    """A line of the table of runs; raises ValueError or LookupError if it says nothing."""
    status, options, summary = RunStatus(row["status"]), options_of(row["options"]), summary_of(row["summary"])
    return Run(**{**dict(row), "status": status, "options": options, "summary": summary})


def entry_of(row: sqlite3.Row) -> Entry:
    """A line of the table of entries, whose columns are those of an entry in order."""
    run, number, key, first, digest, state, in_doubt, *facts = row
    return Entry(run, number, key, first, digest, _STATES[state], bool(in_doubt), *facts)


def planned_facts(entry: PlannedEntry) -> dict[str, Any]:
    """An order that is to be written down, by the names of its facts."""
    return dict(zip(_ENTRY, _ENTRY_FACTS(entry), strict=True))


def input_of(row: sqlite3.Row) -> RunInput:
    """A line of the table of inputs."""
    return RunInput(row["number"], row["file"], row["sheet"], row["digest"], row["before"], summary_of(row["summary"]))


def input_facts(each: RunInput) -> dict[str, Any]:
    """An input as a line of its table."""
    return {**asdict(each), "summary": json.dumps(summary_json(each.summary))}


def action_of(row: sqlite3.Row) -> Action:
    """A line of the table of actions."""
    return Action(**{**dict(row), "state": ActionState(row["state"])})


def happening_of(row: sqlite3.Row) -> Happening:
    """A line of the table of events."""
    return Happening(row["at"], row["event"], row["state"], row["detail"], unpacked(row["sent"]))


def noted_of(row: sqlite3.Row) -> Noted:
    """A line of the table of events, with its number and its order's."""
    return Noted(row["id"], row["number"], happening_of(row))


def stint_of(row: sqlite3.Row) -> Stint:
    """A line of the table of stints."""
    facts = json.loads(row["facts"])
    return Stint(row["number"], row["what"], row["started"], row["ended"], By.from_json(facts["by"]), facts["notes"])


def stint_facts(stint: Stint) -> dict[str, Any]:
    """A stint as a line of its table."""
    facts = json.dumps({"by": stint.by.as_json(), "notes": dict(stint.notes)})
    return {"what": stint.what, "started": stint.started, "ended": stint.ended, "facts": facts}


def reading_of(row: sqlite3.Row) -> Reading:
    """A line of the table of readings."""
    compared = tuple(
        Compared(path, sent, found, Sameness(said)) for path, sent, found, said in json.loads(unpacked(row["compared"]))
    )
    return Reading(row["number"], row["at"], compared, bool(row["differs"]))


def reading_facts(reading: Reading) -> dict[str, Any]:
    """A reading as a line of its table."""
    compared = packed(json.dumps(reading.compared).encode())
    return {"number": reading.number, "at": reading.at, "compared": compared, "differs": int(reading.differs)}


def attachment_of(row: sqlite3.Row) -> Attachment:
    """A line of the table of attachments."""
    planned = PlannedAttachment(**{name: row[name] for name in _PLANNED})
    state = AttachmentState(row["state"])
    return Attachment(row["run"], planned, state, row["coupa_id"], row["message"], row["changed"])


def attachment_facts(it: Attachment) -> dict[str, Any]:
    """What a move changes of an attachment, and by what it is known."""
    known = {"run": it.run, "number": it.planned.number, "place": it.planned.place, "at": it.changed}
    return {**known, "state": it.state, "coupa_id": it.coupa_id, "message": it.message}
