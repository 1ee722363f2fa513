"""What was sent held against what Coupa has: control totals three ways, and every order element by element."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import ServiceError
from bulkpo.journal.records import Entry
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.model.document import Document, Layout
from bulkpo.model.matching import Mode
from bulkpo.model.signoff import (
    MOST_ALTERED,
    Altered,
    PartnerTotals,
    SignOff,
    changes_side_by_side,
    each_with_totals,
    side_by_side,
)
from bulkpo.model.totals import ControlTotals, CurrencyTotal, Totals, summed, without
from bulkpo.payload.compare import Compared, Difference, compared, differing, document_from, fields_of
from bulkpo.runs.imports.fates import SAID
from bulkpo.runs.imports.job import Halt, OrderPair, walk
from bulkpo.runs.imports.update_totals import UpdateTotals, update_totals
from bulkpo.runs.planning.batch import Plan
from bulkpo.runs.planning.plan import DocumentShape
from bulkpo.runs.planning.same_number import Found, by_number
from bulkpo.states import State

_PAGE = 150  # as many numbers as one question holds; the answer takes three pages
_BATCH = 6 * _PAGE
_THREADS = 2
_MOST_DIFFERENCES = 3
_NONE = UpdateTotals()


KeepReadBack = Callable[[Mapping[int, Sequence[Compared]]], None]


class ReadBack:
    """Adds up the orders a run creates, and reads them back, a page at a time, while others are still being sent.

    What cannot be read here is left: whoever adds up in the end reads it then, and says what is in the way. `numbers`
    are the orders that were read back, `doubled` those that are there more than once, `altered` those that are not as
    they were sent, and `sent` the totals of those created since, as they were sent. `resent` is how many
    were there, were changed and read back, and how many of them are sent to suppliers again, by Coupa's word for it;
    `reread` is what these came to.
    """

    def __init__(self, client: CoupaClient, shape: DocumentShape, keep: KeepReadBack | None = None) -> None:
        """`keep` is given each order that was read back, element by element, to be kept with the run."""
        self._keep = keep
        self._kind = kind_of(shape.resource)
        self._client = client
        self._shape = shape
        transmission = [self._kind.transmission[0]] if self._kind.transmission else []
        self._fields = [*dict.fromkeys([shape.key, *transmission]), *_without(fields_of(shape.layout), shape.key)]
        self._worth = self._kind.worth(shape.layout)
        self._partner = _partner_place(shape.layout, self._kind.partner)
        self._lock = threading.Lock()
        self._waiting: list[OrderPair] = []
        self._threads = ThreadPoolExecutor(_THREADS)
        self._created = 0
        self.sent, self.totals = Totals(), Totals()
        self.partners_sent, self.partners = PartnerTotals(), PartnerTotals()
        self.altered: dict[int, Altered] = {}
        self._transmissions: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self.numbers: set[int] = set()
        self.doubled: set[int] = set()
        self.resent: tuple[int, Mapping[str, int]] = (0, {})
        self.reread = PartnerTotals()

    def created(self, entry: Entry, document: Document) -> None:
        """Note an order that was created; a page of them is read at once."""
        with self._lock:
            self._created += 1
            self.sent.add(*self.note_sent(document))
            self._waiting.append((entry, document))
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

    def read(self, pairs: Sequence[OrderPair]) -> None:
        """Read these orders by their numbers, and add up those that are there once, with the id they were created with.

        One whose number another order has as well is `doubled`: something on the way may have sent it twice.
        """
        found, doubled = self._read_by_number([entry for entry, _ in pairs])
        layout = self._shape.layout
        there = [
            (entry, document, others[0]) for (entry, document), (_, others) in zip(pairs, found, strict=True) if others
        ]
        read = [document_from(layout, entry.key, dict(other)) for entry, _, other in there]
        shown = {entry.number: compared(layout, document, other) for entry, document, other in there}
        altered = [_altered(entry, differing(shown[entry.number]), other) for entry, _, other in there]
        if self._keep is not None:
            self._keep(shown)
        with self._lock:
            self.doubled |= doubled
            for (entry, _, other), document, difference in zip(there, read, altered, strict=True):
                self.numbers.add(entry.number)
                self._add(document, other)
                if difference is not None:
                    self.altered[entry.number] = difference

    def _add(self, document: Document, other: Found) -> None:
        """Count an order as Coupa has it."""
        figures = self.worth_of(document)
        self.totals.add(*figures)
        if self._partner is not None:
            self.partners.add(document.values[self._partner] or "", figures)
        if other.get("status"):
            self._statuses[str(other["status"])] += 1
        if self._kind.transmission is not None:
            element, unsent = self._kind.transmission
            said = str(other.get(element) or "")
            if said and said not in unsent:
                self._transmissions[said] += 1

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
        """The figures of an order."""
        return self._worth.of(document)

    def note_sent(self, document: Document) -> tuple[str, int, Decimal]:
        """Count an order that was sent for its supplier; gives its figures."""
        figures = self.worth_of(document)
        if self._partner is not None:
            self.partners_sent.add(document.values[self._partner] or "", figures)
        return figures

    def sign_off(
        self, outcomes: Iterable[tuple[str, Sequence[CurrencyTotal]]], changed: int = 0, updated: UpdateTotals = _NONE
    ) -> SignOff:
        """What is signed off, beside what became of the whole file; `changed` orders were compared as they changed."""
        altered = [self.altered[number] for number in sorted(self.altered)]
        reread, resent = self.resent
        sends = self._kind.transmission is not None and (bool(self.numbers) or not changed)
        return SignOff(
            each_with_totals(outcomes),
            side_by_side(self.partners_sent, self.partners),
            len(self.numbers) + changed,
            len(altered),
            tuple(altered[:MOST_ALTERED]),
            dict(sorted(self._transmissions.items())) if sends else None,
            reread,
            resent if self._kind.transmission is not None and reread else None,
            changes_side_by_side(updated.before, updated.after, self.reread),
        )

    @property
    def statuses(self) -> tuple[tuple[str, int], ...]:
        """How many of the orders that were read back have each status."""
        return tuple(sorted(self._statuses.items()))

    def _read_some(self, page: Sequence[OrderPair]) -> None:
        with suppress(ServiceError):
            self.read(page)


def added_up(plan: Plan, journal: RunJournal, read_back: ReadBack) -> tuple[ControlTotals, SignOff]:
    """The control totals and what is signed off; the file is read again only where not all was created just now.

    Of orders that are made, those not sent yet are what is left of the whole: none of them is derived for it.
    """
    counts = journal.counts()
    created = counts[State.CREATED]
    updated = _NONE if plan.mode is Mode.CREATE else update_totals(journal)
    if read_back.has_all(created) and sum(counts.values()) == created:
        source, sent, fates = plan.checked.totals, read_back.sent.by_currency(), {State.CREATED: read_back.sent}
        totals = ControlTotals(source, sent, read_back.totals.by_currency(), read_back.statuses)
    elif plan.mode is Mode.CREATE:
        totals, fates = control_totals(walk(plan, journal, journal.entries(set(State) - {State.PLANNED})), read_back)
        unsent = without(plan.checked.totals, totals.source)
        totals = replace(totals, source=plan.checked.totals)
        fates |= {State.PLANNED: summed(unsent)} if unsent else {}
    else:
        made = walk(plan, journal, (it for it in journal.entries() if it.number not in updated.numbers))
        totals, fates = control_totals(made, read_back)
    ways, held = (fates, updated.fates), plan.held
    outcomes = [(SAID[state], way[state].by_currency()) for state in State for way in ways if state in way]
    left = [("held back", held.worth), ("with errors", held.with_errors or plan.checked.failed_totals)]
    return totals, read_back.sign_off([*outcomes, *left], counts[State.CHANGED], updated)


def control_totals(pairs: Iterable[OrderPair], read_back: ReadBack) -> tuple[ControlTotals, dict[State, Totals]]:
    """Add up a run's orders all three ways, fetching those it created that were not read back yet.

    Gives the totals of what became of them as well.
    """
    source, sent, fates = Totals(), Totals(), dict[State, Totals]()
    read_back.partners_sent = PartnerTotals()
    waiting: list[OrderPair] = []
    for entry, document in pairs:
        figures = read_back.worth_of(document)
        source.add(*figures)
        fates.setdefault(entry.state, Totals()).add(*figures)
        if entry.state is State.CREATED:
            sent.add(*read_back.note_sent(document))
            waiting += [] if entry.number in read_back.numbers else [(entry, document)]
        if len(waiting) == _BATCH:
            read_back.read(waiting)
            waiting.clear()
    read_back.read(waiting)
    totals = (source.by_currency(), sent.by_currency(), read_back.totals.by_currency())
    return ControlTotals(*totals, read_back.statuses), fates


def _altered(entry: Entry, found: Sequence[Difference], other: Found) -> Altered | None:
    """How an order is not as it was sent; None if it is."""
    if not found:
        return None
    more = f" and {len(found) - _MOST_DIFFERENCES} more" if found[_MOST_DIFFERENCES:] else ""
    said = "; ".join(map(str, found[:_MOST_DIFFERENCES]))
    return Altered(entry.key, int(str(other["id"])), f"{said}{more}")


def _partner_place(layout: Layout, paths: Sequence[str]) -> int | None:
    """Where a document says whom it is with."""
    places = {str(field.path): place for place, field in enumerate(layout.fields)}
    return next((places[path] for path in paths if path in places), None)


def _without(fields: Sequence[object], key: str) -> list[object]:
    return [field for field in fields if field != key]
