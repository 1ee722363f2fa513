"""What documents that are there are worth before and after an update, and as they were read back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from bulkpo.journal.records import CHANGE_PLANNED, Entry
from bulkpo.journal.run import RunJournal
from bulkpo.model.signoff import PartnerTotals
from bulkpo.model.totals import Totals
from bulkpo.model.worth import Stake
from bulkpo.payload.change import Change
from bulkpo.runs.imports.kept_changes import kept_changes
from bulkpo.states import Event, State

_TOGETHER = 500
SENT = frozenset({State.CHANGED, State.DIFFERS})
"""The states of documents whose change was sent, and that are read back."""

_AS_PLANNED = frozenset({State.CHANGED, State.UNCHANGED})
_NOTHING = Stake("", "", 0, Decimal(0))


@dataclass(slots=True)
class UpdateTotals:
    """The documents of a run that were there: what became of them with their totals, as Coupa has them since.

    `before` and `after` are those that were changed, by supplier and currency, `numbers` all that were there.
    """

    fates: dict[State, Totals] = field(default_factory=dict)
    before: PartnerTotals = field(default_factory=PartnerTotals)
    after: PartnerTotals = field(default_factory=PartnerTotals)
    numbers: set[int] = field(default_factory=set)


def update_totals(journal: RunJournal) -> UpdateTotals:
    """Add up what a run was to change, by what the journal has kept of each; raises JournalError."""
    totals = UpdateTotals()
    entries = (entry for entry in journal.entries() if entry.coupa_id is not None)
    while some := list(islice(entries, _TOGETHER)):
        planned = kept_changes(journal, CHANGE_PLANNED, some)
        sent = kept_changes(journal, Event.UPDATE, [entry for entry in some if entry.state in SENT])
        _add(totals, (entry for entry in some if entry.number in planned), planned | sent, sent)
    return totals


def _add(totals: UpdateTotals, entries: Iterable[Entry], changes: dict[int, Change], sent: dict[int, Change]) -> None:
    for entry in entries:
        shift = changes[entry.number].worth
        before, after = (_NOTHING, _NOTHING) if shift is None else shift
        now = after if entry.state in _AS_PLANNED else before
        totals.numbers.add(entry.number)
        totals.fates.setdefault(entry.state, Totals()).add(*now.figures)
        if shift is not None and entry.number in sent:
            totals.before.add(before.partner, before.figures)
            totals.after.add(after.partner, after.figures)
