"""What an event makes of an order, an action on it, an attachment: pure, the same whatever keeps the journal."""

from dataclasses import dataclass, replace

from bulkpo.attachment_states import AttachmentEvent, AttachmentState, move_attachment
from bulkpo.journal.records import Action, Attachment, Entry, Happening
from bulkpo.states import ActionEvent, ActionState, Event, State, move, move_action


@dataclass(frozen=True, slots=True)
class Facts:
    """What an event brings to light; None leaves what is known as it is."""

    coupa_id: int | None = None
    version: str | None = None
    updated_at: str | None = None
    message: str = ""
    detail: str = ""
    sent: bytes | None = None
    digest: str | None = None


NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class EntryMove:
    """An order after an event, the state it must be in before, and what is noted of it."""

    after: Entry
    before: State
    noted: Happening


@dataclass(frozen=True, slots=True)
class ActionMove:
    """An action after an event, the state it must be in before, and what is noted of it."""

    after: Action
    before: ActionState
    noted: Happening


@dataclass(frozen=True, slots=True)
class AttachmentMove:
    """Something to attach after an event, the state it must be in before, and what is noted of it."""

    after: Attachment
    before: AttachmentState
    noted: Happening


AnyMove = EntryMove | ActionMove | AttachmentMove


def entry_move(entry: Entry, event: Event, facts: Facts, at: str) -> EntryMove:
    """What an event makes of an order; raises NotAllowedError for an event it cannot meet."""
    state = move(entry.state, event)
    after = Entry(
        entry.run,
        entry.number,
        entry.key,
        entry.row,
        entry.digest if facts.digest is None else facts.digest,
        state=state,
        in_doubt=entry.in_doubt or state is State.UNKNOWN,
        attempts=entry.attempts + (event in (Event.SEND, Event.UPDATE)),
        coupa_id=entry.coupa_id if facts.coupa_id is None else facts.coupa_id,
        version=entry.version if facts.version is None else facts.version,
        updated_at=entry.updated_at if facts.updated_at is None else facts.updated_at,
        message=facts.message,
        changed=at,
    )
    return EntryMove(after, entry.state, Happening(at, event, state, facts.detail or facts.message, facts.sent or b""))


def action_move(action: Action, event: ActionEvent, message: str, at: str) -> ActionMove:
    """What an event makes of an action; raises NotAllowedError for an event it cannot meet."""
    after = replace(action, state=move_action(action.state, event), message=message, changed=at)
    return ActionMove(after, action.state, Happening(at, f"{action.action}: {event}", after.state, message, b""))


def attachment_move(it: Attachment, event: AttachmentEvent, facts: Facts, at: str) -> AttachmentMove:
    """What an event makes of something to attach; raises NotAllowedError for an event it cannot meet."""
    number = it.coupa_id if facts.coupa_id is None else facts.coupa_id
    state = move_attachment(it.state, event)
    after = replace(it, state=state, coupa_id=number, message=facts.message, changed=at)
    detail = f"{it.name}: {facts.message}" if facts.message else it.name
    return AttachmentMove(after, it.state, Happening(at, f"attachment: {event}", state, detail, b""))
