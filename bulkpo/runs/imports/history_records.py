"""What is written of a run into Coupa's own integration history: the elements of each record, and how to find it again.

Three of Coupa's objects, as its documentation of integration monitoring uses them: an *integration run* counts, an
*integration error* stands for an order that was refused (it has no document yet, only its number), an *integration
history record* for a document that was created.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bulkpo.coupa.queries import QueryTerm
from bulkpo.journal.records import Entry
from bulkpo.model.document import Document, Field, Level, Member
from bulkpo.model.path import ElementPath
from bulkpo.model.profile import Integration
from bulkpo.model.tree import Tree
from bulkpo.payload.encode import BodyFormat, Encoder
from bulkpo.runs.planning.same_number import is_same_number

RUN, ERROR, RECORD = "integration run", "integration error", "integration history record"
RESOURCES = {RUN: "integration_runs", ERROR: "integration_errors", RECORD: "integration_history_records"}
KEYS = {RUN: "start-time", ERROR: "external-id", RECORD: "document-id"}
"""The element by which one record of a kind is told from another."""
_LONGEST_MESSAGE = 2000
_INTEGERS = ("integration/id", "integration-run/id", "total-records", "records-processed", "document-id")


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is told of a whole run; times are ISO with their offset."""

    run: int
    file_of: Callable[[int], str]
    started: str
    ended: str
    orders: int
    created: int


@dataclass(frozen=True, slots=True)
class HistoryRecords:
    """Makes the records of one run."""

    integration: Integration
    facts: RunFacts
    form: BodyFormat
    document_type: str

    def body(self, name: str, entry: Entry | None, coupa_run: int | None) -> tuple[bytes, str]:
        """A record as Coupa takes it, and its content type."""
        if entry is None:
            return self._encoded(RUN, self._of_run(), ())
        values = {**self._of_order(entry), "integration-run/id": str(coupa_run)}
        if name == ERROR:
            values |= {"document-status": str(entry.state), "integration-filename": self.facts.file_of(entry.number)}
            return self._encoded(name, values, ("fail", f"{entry.message[:_LONGEST_MESSAGE]} ({self._source(entry)})"))
        values |= {"document-id": str(entry.coupa_id)}
        return self._encoded(name, values, ("success", f"created ({self._source(entry)})"))

    def conditions(self, name: str, entry: Entry | None, coupa_run: int | None, *beside: str) -> list[QueryTerm]:
        """What a record is found by once it is there, and others of its kind `beside` it, by their keys."""
        if entry is None:
            integration = self.integration
            start = _seconds(self.facts.started)
            return [
                (f"integration[{integration.element}]", integration.value),
                ("start-time[gt_or_eq]", start),
                ("start-time[lt_or_eq]", start),
            ]
        keys = [key_of(name, entry), *beside]
        told = (f"{KEYS[name]}[in]", ",".join(keys)) if beside else (KEYS[name], keys[0])
        return [("integration-run[id]", str(coupa_run)), told]

    def is_of(self, name: str, entry: Entry | None, document: Tree) -> bool:
        """Whether this is the record that was looked for."""
        said = str(document.get(KEYS[name]))
        if entry is not None:
            return is_same_number(said, key_of(name, entry))
        try:
            return datetime.fromisoformat(said) == datetime.fromisoformat(_seconds(self.facts.started))
        except (TypeError, ValueError):  # no time, or one without its zone
            return False

    def _of_run(self) -> dict[str, str]:
        facts = self.facts
        return {
            f"integration/{self.integration.element}": self.integration.value,
            "start-time": _seconds(facts.started),
            "end-time": _seconds(facts.ended),
            "total-records": str(facts.orders),
            "records-processed": str(facts.created),
        }

    def _of_order(self, entry: Entry) -> dict[str, str]:
        return {
            f"integration/{self.integration.element}": self.integration.value,
            "contact-alert-type": str(self.integration.contact_alert_type),
            "document-type": self.document_type,
            "external-id": entry.key,
        }

    def _source(self, entry: Entry) -> str:
        return f"bulkpo run {self.facts.run}, {self.facts.file_of(entry.number)}, row {entry.row}"

    def _encoded(self, name: str, values: dict[str, str], response: Sequence[str]) -> tuple[bytes, str]:
        below = Level("responses", "response", _fields(["response-code", "response-message"])) if response else None
        layout = Level("", name.replace(" ", "-"), _fields(values), below)
        members = (Member(0, tuple(response)),) if response else ()
        encode = Encoder(layout, self.form)
        return encode(Document(name, 0, tuple(values.values()), members)), encode.content_type


def key_of(name: str, entry: Entry | None) -> str:
    """What stands in that element of a record of an order; empty for what is of none."""
    if entry is None:
        return ""
    return entry.key if name == ERROR else str(entry.coupa_id)


def _fields(paths: Sequence[str] | dict[str, str]) -> tuple[Field, ...]:
    return tuple(Field(ElementPath.parse(it), "integer" if it in _INTEGERS else "string", it) for it in paths)


def _seconds(moment: str) -> str:
    """A moment in whole seconds, as Coupa keeps them."""
    return datetime.fromisoformat(moment).replace(microsecond=0).isoformat()
