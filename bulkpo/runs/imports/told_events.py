"""What happened to a document, for people."""

from dataclasses import replace

from bulkpo.journal.records import CHANGE_PLANNED, Happening
from bulkpo.payload.change_body import change_from
from bulkpo.runs.imports.update_words import told_change
from bulkpo.states import Event


def in_words(happening: Happening) -> Happening:
    """What happened to a document, with the change it notes in words."""
    if happening.event not in (CHANGE_PLANNED, Event.UPDATE):
        return happening
    try:
        return replace(happening, detail=told_change(change_from(happening.detail)))
    except ValueError:
        return replace(happening, detail="a change that cannot be read any more: the journal is damaged")
