"""The changes of its documents that a run has kept: those that were planned, and those that were sent."""

from collections.abc import Iterable, Sequence

from bulkpo.errors import JournalError
from bulkpo.journal.records import Entry
from bulkpo.journal.run import RunJournal
from bulkpo.payload.change import Change
from bulkpo.payload.change_body import change_from
from bulkpo.states import Event


def kept_changes(journal: RunJournal, event: str, entries: Iterable[Entry]) -> dict[int, Change]:
    """What was last noted with this event of these documents, by number; those without one are left out.

    Raises JournalError for one that cannot be read.
    """
    try:
        return {number: change_from(text) for number, text in journal.details(event, entries).items()}
    except ValueError as error:
        raise JournalError(
            f"the journal is damaged: a change that run {journal.id} has kept cannot be read ({error}); "
            "`bulkpo journal check` says what is left of it"
        ) from None


def sent_changes(journal: RunJournal, entries: Sequence[Entry]) -> dict[int, Change]:
    """What was last sent of each of these documents, by number; raises JournalError where that is lost."""
    sent = kept_changes(journal, Event.UPDATE, entries)
    for entry in entries:
        if entry.number not in sent:
            raise journal.lost(entry)
    return sent


def read_change(journal: RunJournal, entry: Entry) -> Change:
    """What was last sent to change a document; raises JournalError if the journal does not know."""
    return sent_changes(journal, [entry])[entry.number]
