"""Control totals three ways: what the file asked for, what was sent, and what Coupa has of it."""

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import ServiceError
from bulkpo.journal.records import Entry
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.model.document import Document, Level
from bulkpo.model.totals import ControlTotals, Totals
from bulkpo.payload.compare import document_from
from bulkpo.runs.imports.job import Halt, OrderPair
from bulkpo.runs.planning.plan import DocumentShape
from bulkpo.runs.planning.same_number import Found, by_number
from bulkpo.states import State

_PAGE = 150  # as many numbers as one question holds; the answer takes three pages
_BATCH = 6 * _PAGE
_THREADS = 2
_OF_WORTH = {("currency", "code"), ("type",), ("price",), ("quantity",)}


class ReadBack:
    """Adds up the orders a run creates, and reads them back, a page at a time, while others are still being sent.

    What cannot be read here is left: whoever adds up in the end reads it then, and says what is in the way. `numbers`
    are the orders that were read back, `doubled` those that are there more than once, and `sent` the totals of those
    created since, as they were sent.
    """

    def __init__(self, client: CoupaClient, shape: DocumentShape) -> None:
        worth = kind_of(shape.resource).worth
        self._client = client
        self._shape = shape
        self._layout = _worth(shape.layout, shape.layout.below)
        self._fields = [shape.key, "status", *_asked(self._layout)]
        self._sent_worth, self._worth = worth(shape.layout), worth(self._layout)
        self._lock = threading.Lock()
        self._waiting: list[Entry] = []
        self._threads = ThreadPoolExecutor(_THREADS)
        self._created = 0
        self.sent, self.totals = Totals(), Totals()
        self._statuses: Counter[str] = Counter()
        self.numbers: set[int] = set()
        self.doubled: set[int] = set()

    def created(self, entry: Entry, document: Document) -> None:
        """Note an order that was created; a page of them is read at once."""
        figures = self.worth_of(document)
        with self._lock:
            self._created += 1
            self.sent.add(*figures)
            self._waiting.append(entry)
            if len(self._waiting) == _PAGE:
                page, self._waiting = self._waiting, []
                self._threads.submit(self._read_some, page)

    def finish(self, halt: Halt) -> None:
        """Come back when nothing is being read any more; an end asked for lets go of what was not begun.

        Whoever interrupts does not wait for what is under way either: nothing is added up then.
        """
        self._threads.shutdown(wait=not halt.is_interruption, cancel_futures=halt.is_set)

    def has_all(self, created: int) -> bool:
        """Read back the last ones noted; True if these are all that were created, and Coupa has each of them."""
        self.read(self._waiting)
        self._waiting = []
        return len(self.numbers) == self._created == created

    def read(self, entries: Sequence[Entry]) -> None:
        """Read these orders by their numbers, and add up those that are there once, with the id they were created with.

        One whose number another order has as well is `doubled`: something on the way may have sent it twice.
        """
        found, doubled = self._read_by_number(entries)
        figures = [
            self._worth.of(document_from(self._layout, entry.key, dict(others[0]))) for entry, others in found if others
        ]
        with self._lock:
            self.doubled |= doubled
            self.numbers.update(entry.number for entry, others in found if others)
            for each in figures:
                self.totals.add(*each)
            self._statuses.update(str(others[0]["status"]) for _, others in found if others and others[0].get("status"))

    def _read_by_number(self, entries: Sequence[Entry]) -> tuple[list[tuple[Entry, list[Found]]], set[int]]:
        """What is there of each order under its number and its id, and which share their number with others."""
        shape, found, doubled = self._shape, [], set()
        keys = [entry.key for entry in entries]
        answers = self._client.answers_by_keys(shape.resource, shape.key, keys, self._fields)
        by_key, _ = by_number(keys, [document for _, documents in answers for document in documents], shape.key)
        for entry in entries:
            others = by_key[entry.key]
            if len({str(other.get("id")) for other in others}) > 1:
                doubled.add(entry.number)
                others = []
            found.append((entry, [other for other in others if str(other.get("id")) == str(entry.coupa_id)]))
        return found, doubled

    def worth_of(self, document: Document) -> tuple[str, int, Decimal]:
        """The figures of an order as it is sent."""
        return self._sent_worth.of(document)

    @property
    def statuses(self) -> tuple[tuple[str, int], ...]:
        """How many of the orders that were read back have each status."""
        return tuple(sorted(self._statuses.items()))

    def _read_some(self, page: Sequence[Entry]) -> None:
        with suppress(ServiceError):
            self.read(page)


def control_totals(pairs: Iterable[OrderPair], read_back: ReadBack) -> ControlTotals:
    """Add up a run's orders all three ways, fetching those it created that were not read back yet."""
    source, sent = Totals(), Totals()
    waiting: list[Entry] = []
    for entry, document in pairs:
        figures = read_back.worth_of(document)
        source.add(*figures)
        if entry.state is State.CREATED:
            sent.add(*figures)
            waiting += [] if entry.number in read_back.numbers else [entry]
        if len(waiting) == _BATCH:
            read_back.read(waiting)
            waiting.clear()
    read_back.read(waiting)
    totals = (source.by_currency(), sent.by_currency(), read_back.totals.by_currency())
    return ControlTotals(*totals, read_back.statuses)


def _worth(level: Level, below: Level | None) -> Level:
    """The elements of a level that say what an order is worth, and the level below, if any."""
    fields = tuple(field for field in level.fields if field.path.names in _OF_WORTH)
    return replace(level, fields=fields, below=None if below is None else _worth(below, None))


def _asked(level: Level) -> list[object]:
    """The elements of a level as Coupa's `fields` wants them, and the id by which its members are counted."""
    paths = [field.path.names for field in level.fields]
    below = [] if level.below is None else [{level.below.collection: _asked(level.below)}]
    return ["id", *[{outer[0]: [last]} if outer else last for *outer, last in paths], *below]
