"""What became of each attachment, in the result of a run and in words for the rows of its orders."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bulkpo.attachment_states import ATTACHING, AttachmentState
from bulkpo.journal.records import Attachment, Entry
from bulkpo.journal.run import ATTACHABLE, RunJournal
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.model.table import Cell, row_number
from bulkpo.tables.writing.columns import BookSink, ColumnKind, SinkColumn

_SAID = {
    AttachmentState.WAITING: "not attached yet",
    AttachmentState.ATTACHING: "unknown",
    AttachmentState.TAKEN: "unknown",
    AttachmentState.ATTACHED: "attached",
    AttachmentState.LEFT: "not attached",
}
"""The states of an attachment in the user's words."""

_GROUP = 500


def write_attachments(book: BookSink, kind: DocumentKind, journal: RunJournal) -> None:
    """Write a sheet with every attachment and what became of it; none where the run has none."""
    rows = _rows(journal)
    first = next(rows, None)
    if first is None:
        return
    columns = [
        SinkColumn(kind.noun.title),
        SinkColumn("Coupa id", ColumnKind.INTEGER),
        SinkColumn("Line"),
        SinkColumn("Row", ColumnKind.INTEGER),
        SinkColumn("Attachment"),
        SinkColumn("Status"),
        SinkColumn("Attachment's id", ColumnKind.INTEGER),
        SinkColumn("Message"),
        SinkColumn("Bytes", ColumnKind.INTEGER),
        SinkColumn("SHA-256"),
    ]
    with book.sheet("Attachments", columns) as sheet:
        waiting = [first]
        for row in rows:
            waiting.append(row)
            if len(waiting) == _GROUP:
                sheet.write(waiting)
                waiting = []
        sheet.write(waiting)


def _rows(journal: RunJournal) -> Iterator[Sequence[Cell]]:
    for entry, it in owned(journal):
        planned, made = it.planned, entry.state in ATTACHABLE
        said = _SAID[it.state] if made else "not attached: its order is not there"
        line = planned.line or (str(planned.member) if planned.member else "")
        ids = [None if number is None else Decimal(number) for number in (entry.coupa_id, it.coupa_id)]
        row = Decimal(row_number(planned.row))
        yield entry.key, ids[0], line, row, it.name, said, ids[1], it.message, Decimal(planned.size), planned.digest


def owned(journal: RunJournal) -> Iterator[tuple[Entry, Attachment]]:
    """Each attachment with its order."""
    entries = journal.entries()
    entry = next(entries, None)
    for it in journal.attachments():
        while entry is not None and entry.number < it.planned.number:
            entry = next(entries, None)
        if entry is not None and entry.number == it.planned.number:
            yield entry, it


def troubles(journal: RunJournal) -> dict[int, str]:
    """What is to be said of orders that lack an attachment, by their numbers."""
    found: dict[int, list[str]] = {}
    for it in journal.attachments([AttachmentState.WAITING, AttachmentState.LEFT, *ATTACHING]):
        reason = f": {it.message}" if it.message else ""
        found.setdefault(it.planned.number, []).append(f"{it.name} {_WORDS[it.state]}{reason}")
    return {number: "; ".join(said) for number, said in found.items()}


_WORDS = {
    AttachmentState.WAITING: "is not attached yet",
    AttachmentState.LEFT: "was not attached",
    AttachmentState.ATTACHING: "may be attached or not",
    AttachmentState.TAKEN: "may be attached or not",
}
