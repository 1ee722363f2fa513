"""The states of what is attached to orders and their lines, as a table of allowed moves.

As with orders, ATTACHING is on disk before the request leaves; what may have been attached is looked up, by name, size
and SHA-256, and is sent again only once it is proved that the order does not have it.
"""

from enum import StrEnum

from bulkpo.states import Move, drawn, follow


class AttachmentState(StrEnum):
    """Where something to be attached to an order or its line stands."""

    WAITING = "waiting"
    ATTACHING = "attaching"
    TAKEN = "taken"
    ATTACHED = "attached"
    LEFT = "left"


ATTACHING = (AttachmentState.ATTACHING, AttachmentState.TAKEN)
"""The states of something that may have been attached."""


class AttachmentEvent(StrEnum):
    """What can happen to something that is to be attached."""

    ATTACH = "attach"
    ACCEPTED = "accepted"
    REFUSAL = "refusal"
    NOT_MADE = "not made"
    TAKEN = "taken"
    FOUND = "found"
    FOUND_NOTHING = "found nothing"
    IN_DOUBT = "in doubt"
    SPOILT = "spoilt"
    NO_PLACE = "no place"
    RETRY = "retry"


ATTACHMENT_MOVES: dict[tuple[AttachmentState, AttachmentEvent], Move] = {
    (AttachmentState.WAITING, AttachmentEvent.ATTACH): Move(
        AttachmentState.ATTACHING, "committed to disk before the request leaves"
    ),
    (AttachmentState.WAITING, AttachmentEvent.FOUND): Move(
        AttachmentState.ATTACHED, "an update: the document has it already, with the same content"
    ),
    (AttachmentState.WAITING, AttachmentEvent.SPOILT): Move(
        AttachmentState.LEFT, "the file is gone, or no longer what was checked: nothing is sent"
    ),
    (AttachmentState.WAITING, AttachmentEvent.NO_PLACE): Move(
        AttachmentState.LEFT, "the order, or its line, is not there to attach it to"
    ),
    (AttachmentState.ATTACHING, AttachmentEvent.ACCEPTED): Move(AttachmentState.ATTACHED, "the server's answer"),
    (AttachmentState.ATTACHING, AttachmentEvent.REFUSAL): Move(AttachmentState.LEFT, "the server's answer"),
    (AttachmentState.ATTACHING, AttachmentEvent.NOT_MADE): Move(
        AttachmentState.WAITING, "an answer that proves nothing was attached"
    ),
    (AttachmentState.ATTACHING, AttachmentEvent.SPOILT): Move(
        AttachmentState.LEFT, "the file changed while it was sent, and its end was not sent"
    ),
    (AttachmentState.ATTACHING, AttachmentEvent.TAKEN): Move(
        AttachmentState.TAKEN, "an answer of 2xx without what was attached: looked for, and never sent again"
    ),
    (AttachmentState.ATTACHING, AttachmentEvent.FOUND): Move(
        AttachmentState.ATTACHED, "the document has it: the same name, size and SHA-256"
    ),
    (AttachmentState.ATTACHING, AttachmentEvent.FOUND_NOTHING): Move(
        AttachmentState.WAITING, "the document does not have it, which is proved"
    ),
    (AttachmentState.ATTACHING, AttachmentEvent.IN_DOUBT): Move(
        AttachmentState.LEFT, "whether the document has it cannot be told"
    ),
    (AttachmentState.ATTACHING, AttachmentEvent.NO_PLACE): Move(
        AttachmentState.LEFT, "the order, or its line, is no longer there"
    ),
    (AttachmentState.TAKEN, AttachmentEvent.FOUND): Move(
        AttachmentState.ATTACHED, "the document has it: the same name, size and SHA-256"
    ),
    (AttachmentState.TAKEN, AttachmentEvent.IN_DOUBT): Move(
        AttachmentState.LEFT, "Coupa took it, and the document does not show it"
    ),
    (AttachmentState.TAKEN, AttachmentEvent.NO_PLACE): Move(
        AttachmentState.LEFT, "the order, or its line, is no longer there"
    ),
    (AttachmentState.LEFT, AttachmentEvent.RETRY): Move(
        AttachmentState.WAITING, "`resume --retry-refused`, after correction; it is looked up first"
    ),
}


def move_attachment(state: AttachmentState, event: AttachmentEvent) -> AttachmentState:
    """The state something to be attached is in after an event."""
    return AttachmentState(follow(ATTACHMENT_MOVES.get((state, event)), state, event).to)


def attachment_diagram() -> str:
    """The table as Markdown with its Mermaid diagram, as the documentation shows it behind the others."""
    return drawn("Something attached to an order or its line", ATTACHMENT_MOVES, AttachmentState.WAITING)
