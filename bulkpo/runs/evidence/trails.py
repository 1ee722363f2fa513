"""The journal of a run as members of a pack: orders, events in a chain, payloads, what was read back, and every row."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any

from bulkpo.journal.records import Entry, Noted, Reading
from bulkpo.journal.run import ATTACHABLE
from bulkpo.payload.compare import Sameness
from bulkpo.runs.evidence.case import Case
from bulkpo.runs.evidence.chain import Chain
from bulkpo.runs.evidence.sealed import SealedZip
from bulkpo.runs.imports.fates import SAID, fates
from bulkpo.states import State
from bulkpo.tables.spool import RowSpool

_PIECE = 1 << 20


@dataclass(slots=True)
class Counted:
    """What was counted while the members were written."""

    orders: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    attachments: Counter[str] = field(default_factory=Counter)
    events: int = 0
    head: str = ""
    payloads: int = 0
    read_back: int = 0
    differing: int = 0
    not_shown: int = 0
    compared: int = 0
    has_rows: bool = False
    untold: int = 0


def write_trails(case: Case, pack: SealedZip, spool: RowSpool) -> Counted:
    """Write what the journal has, and what became of each row; rows are put aside for the workbook as well."""
    counted = Counted()
    last = _last_states(case)
    with pack.member("orders.jsonl") as member:
        for entry in case.journal.entries():
            counted.untold += last.get(entry.number, State.PLANNED) != entry.state
            counted.orders[SAID[entry.state]] += 1
            counted.states[entry.state] += 1
            member.write(_line(case.clean(order_facts(entry))))
    _write_attachments(case, pack, counted)
    with TemporaryFile() as payloads:
        with pack.member("events.jsonl") as member:
            _write_events(case, Chain(member.write, case.clean(_head(case))), payloads, counted)
        size = payloads.tell()
        payloads.seek(0)
        pack.put("payloads.jsonl", iter(lambda: payloads.read(_PIECE), b""), size)
    with pack.member("read-back.jsonl") as member:
        for facts in _read_back(case, counted):
            member.write(_line(case.clean(facts)))
    if case.plan is not None:
        counted.has_rows = True
        with pack.member("rows.jsonl") as member:
            for facts in _rows(case, spool, counted):
                member.write(_line(case.clean(facts)))
    return counted


def _write_attachments(case: Case, pack: SealedZip, counted: Counted) -> None:
    """Write what was to be attached, where there was anything."""
    waiting = attachments(case)
    if (first := next(waiting, None)) is None:
        return
    with pack.member("attachments.jsonl") as member:
        for facts in chain([first], waiting):
            counted.attachments[facts["outcome"]] += 1
            member.write(_line(case.clean(facts)))


def _last_states(case: Case) -> dict[int, str]:
    """The state after the last event of each order, by number; those that nothing happened to are left out."""
    trail = case.journal.journal.trail(case.run.id)
    return {it.number: it.happening.state for it in trail if not is_of_action(it.happening.event)}


def is_of_action(event: str) -> bool:
    """Whether an event is of an action on an order, whose states are others."""
    return ": " in event


def order_facts(entry: Entry) -> dict[str, Any]:
    """An order as it stands in the journal."""
    return {
        "order": entry.number,
        "key": entry.key,
        "row": entry.row,
        "outcome": SAID[entry.state],
        "state": str(entry.state),
        "coupa_id": entry.coupa_id,
        "version": entry.version,
        "updated_at": entry.updated_at,
        "attempts": entry.attempts,
        "message": entry.message,
        "payload_sha256": entry.digest or None,
        "at": entry.changed,
    }


def event_facts(noted: Noted, key: str) -> dict[str, Any]:
    """Something that happened, but for what was sent."""
    happening = noted.happening
    return {
        "order": noted.number,
        "key": key,
        "at": happening.at,
        "event": str(happening.event),
        "state": str(happening.state),
        "detail": happening.detail,
    }


def attachments(case: Case) -> Iterator[dict[str, Any]]:
    """What was to be attached, with size and digest as they were checked, and what became of each."""
    entries = {entry.number: entry for entry in case.journal.entries()}
    for each in case.journal.attachments():
        planned, owner = each.planned, entries.get(each.planned.number)
        is_due = owner is not None and owner.state in ATTACHABLE
        yield {
            "order": planned.number,
            "key": "" if owner is None else owner.key,
            "line": planned.line,
            "row": planned.row,
            "way": planned.way,
            "name": each.name,
            "bytes": planned.size,
            "sha256": planned.digest,
            "outcome": str(each.state) if is_due else "no order for it",
            "coupa_id": each.coupa_id,
            "message": each.message,
            "at": each.changed,
        }


def events(case: Case) -> Iterator[tuple[Noted, str]]:
    """All that happened in the run, each with its order's key."""
    keys = {entry.number: entry.key for entry in case.journal.entries()}
    for noted in case.journal.journal.trail(case.run.id):
        yield noted, keys.get(noted.number, "")


def _head(case: Case) -> dict[str, Any]:
    run = case.run
    facts = {"id": run.id, "kind": run.kind, "started": run.started, "profile": run.profile, "url": run.url}
    return {"evidence": 1, "run": {**facts, "resource": run.resource}}


def _write_events(case: Case, chain: Chain, payloads: IO[bytes], counted: Counted) -> None:
    """Write the chain, and beside it what was sent."""
    for noted, key in events(case):
        sent = case.clean(noted.happening.sent.decode("utf-8", "replace"))
        digest = hashlib.sha256(sent.encode()).hexdigest() if sent else None
        number = chain.add({**case.clean(event_facts(noted, key)), "sent_sha256": digest})
        if sent:
            counted.payloads += 1
            payloads.write(_line({"n": number, "key": case.clean(key), "sha256": digest, "payload": sent}))
    counted.head, counted.events = chain.end(), chain.count


def _read_back(case: Case, counted: Counted) -> Iterator[dict[str, Any]]:
    entries = case.journal.entries()
    for reading in case.journal.journal.readings(case.run.id):
        entry = next(entry for entry in entries if entry.number == reading.number)
        shown = [each for each in reading.compared if each.verdict is not Sameness.NOT_SHOWN]
        counted.read_back += 1
        counted.differing += reading.differs
        counted.compared += len(shown)
        counted.not_shown += len(reading.compared) - len(shown)
        yield reading_facts_of(entry, reading)


def reading_facts_of(entry: Entry, reading: Reading) -> dict[str, Any]:
    """An order as it was read back."""
    return {
        "order": entry.number,
        "key": entry.key,
        "coupa_id": entry.coupa_id,
        "at": reading.at,
        "differs": reading.differs,
        "fields": [list(each) for each in reading.compared],
    }


def _rows(case: Case, spool: RowSpool, counted: Counted) -> Iterator[dict[str, Any]]:
    """What became of each row of each input, in the files' order."""
    assert case.plan is not None  # noqa: S101 - for the type checker: asked before
    for plan in case.plan.files():
        width, name, sheet = len(plan.columns), plan.file.name, plan.mapped.source.sheet
        for some in fates(plan, case.journal):
            kept = []
            for row in some.rows:
                key, status, number, message, place, print_ = row[width:]
                counted.rows[str(status)] += 1
                kept.append([name, sheet, place, key, status, number, message])
                yield {
                    "file": name,
                    "sheet": sheet,
                    "row": int(str(place)),
                    "key": key,
                    "outcome": status,
                    "coupa_id": None if number is None else int(str(number)),
                    "message": message,
                    "fingerprint": print_,
                }
            spool.add(case.clean(kept))


def _line(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts).encode("ascii") + b"\n"
