"""What the journal holds, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bulkpo.attachment_states import AttachmentState
from bulkpo.journal.options import RunOptions
from bulkpo.model.by import By
from bulkpo.model.held import Held
from bulkpo.model.signoff import SignOff
from bulkpo.model.totals import ControlTotals
from bulkpo.payload.compare import Compared
from bulkpo.states import ActionState, State

CHANGE_PLANNED = "change planned"
"""The event that notes what is to be changed of an order, as it was planned."""


class RunStatus(StrEnum):
    """How far a run is: its orders are being written down, some are not settled yet, all are, or nobody goes on."""

    PLANNING = "planning"
    OPEN = "open"
    DONE = "done"
    ABANDONED = "abandoned"

    @property
    def is_over(self) -> bool:
        """True if there is nothing to go on with."""
        return self in (RunStatus.DONE, RunStatus.ABANDONED)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run came to, and what is kept of it to go on with.

    `failed_file` is the file of its failed orders, and `failed_digest` what was written there, `failed_placed`
    what is about to be, and `result_file` with `result_placed` the same of its result; `history_started` is
    when Coupa's integration history is told that it began, and `integration_run` its id there. `held` are the orders
    that were held back when it was planned, `sign_off` what became of the whole file, `approved_by`, `approved_on` and
    `approved_plan` who approved the plan it was begun from, when, and the plan's digest. `unfit_files` are the names of
    files to attach that were not there or not fit when it was planned, by their folders: the code and words of each.
    """

    totals: ControlTotals | None = None
    failed_file: str | None = None
    failed_digest: str | None = None
    failed_placed: tuple[str, ...] = ()
    result_file: str | None = None
    result_placed: tuple[str, ...] = ()
    history_started: str | None = None
    integration_run: int | None = None
    held: Held | None = None
    sign_off: SignOff | None = None
    approved_by: str | None = None
    approved_on: str | None = None
    approved_plan: str | None = None
    unfit_files: Mapping[str, Mapping[str, Sequence[str]]] | None = None


@dataclass(frozen=True, slots=True)
class NewRun:
    """What a run sets out to do: which mapping brings which file to which instance.

    Of several inputs `input_file` is the folder they have in common, and `input_digest` is that of all their digests.
    """

    kind: str
    mapping: str
    mapping_file: str
    mapping_digest: str
    input_file: str
    input_digest: str
    profile: str
    url: str
    resource: str
    options: RunOptions = field(default_factory=RunOptions)


@dataclass(frozen=True, slots=True)
class RunInput:
    """One of the several inputs of a run: its number from 1, its file, the sheet if it is one of several, its digest.

    `before` is how many orders the inputs before it hold, `summary` what is kept of its results.
    """

    number: int
    file: str
    sheet: str
    digest: str
    before: int
    summary: RunSummary = RunSummary()


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the journal knows it. Times are ISO in UTC."""

    id: int
    kind: str
    status: RunStatus
    started: str
    ended: str | None
    mapping: str
    mapping_file: str
    mapping_digest: str
    input_file: str
    input_digest: str
    profile: str
    url: str
    resource: str
    options: RunOptions
    summary: RunSummary


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """An order to be sent: its number in the file's order, key, first row, and the digest of its payload.

    The digest is empty where the payload is not made before the order is sent.

    One that is there already and is to be changed has its id, its version and when it was last changed, as they were
    read, and the `change`; None makes it.
    """

    number: int
    key: str
    row: int
    digest: str
    coupa_id: int | None = None
    version: str | None = None
    updated_at: str | None = None
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An order of a run, and how far it got.

    `digest` is empty until the payload is made. `in_doubt` is true once an attempt ended without a clear answer.
    `version` and `updated_at` are Coupa's, as they stood when this run last touched the order.
    """

    run: int
    number: int
    key: str
    row: int
    digest: str
    state: State
    in_doubt: bool
    attempts: int
    coupa_id: int | None
    version: str | None
    updated_at: str | None
    message: str
    changed: str


@dataclass(frozen=True, slots=True)
class Action:
    """An action on an order: which one, and how far it got."""

    run: int
    number: int
    action: str
    state: ActionState
    message: str
    changed: str


@dataclass(frozen=True, slots=True)
class PlannedAttachment:
    """Something to attach to an order, as it was planned.

    `number` is the order's, `place` that of the attachment among the order's, from 1; `member` the place of the line it
    belongs to (0: the order itself), `line` the line's number, `row` the row that asks for it. `way`, `folder`,
    `content` and `intent` are the mapping's words; `size` and `digest` (SHA-256) are of the bytes that were checked.
    """

    number: int
    place: int
    row: int
    member: int
    line: str
    way: str
    folder: str
    content: str
    intent: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something to attach, and how far it got; `coupa_id` is its own in Coupa once it is there."""

    run: int
    planned: PlannedAttachment
    state: AttachmentState
    coupa_id: int | None
    message: str
    changed: str

    @property
    def name(self) -> str:
        """What people call it: a file's name without folders, or the text itself."""
        content = self.planned.content
        return content.rpartition("/")[2] if self.planned.way == "file" else content


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to an order: when, what, the state after it, what came back, and what was sent."""

    at: str
    event: str
    state: str
    detail: str
    sent: bytes


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that happened in a run: its number among all that ever happened, its order's, and what it was."""

    id: int
    number: int
    happening: Happening


@dataclass(frozen=True, slots=True)
class Stint:
    """One process's work on a run: its number from 1, what was done, from when till when, by whom.

    `ended` is None where the process works still, or ended without a word. `notes` are facts for whoever looks at the
    run later, as JSON has them: files as they were read, what was not checked.
    """

    number: int
    what: str
    started: str
    ended: str | None
    by: By
    notes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """An order as it was read back, element by element."""

    number: int
    at: str
    compared: tuple[Compared, ...]
    differs: bool
