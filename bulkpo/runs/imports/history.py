"""The integration history: a run that is done is told in Coupa itself, where its profile asks for it.

Nothing here changes what a run came to. A record that is refused, or whose outcome is unknown, becomes a notice;
`bulkpo resume` tries again. Each record is an errand: noted in the journal before it is sent, and sent again only once
its absence is proved, as that of an order is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, assert_never

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.errors import BulkpoError
from bulkpo.journal.records import Action, Entry, RunStatus
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.kind import Noun
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.memory import reason_of
from bulkpo.model.profile import Integration
from bulkpo.model.tree import Tree
from bulkpo.payload.encode import BodyFormat
from bulkpo.runs.delivery.deliver import Deliverer, Manner, Standing
from bulkpo.runs.imports.absence import Absence
from bulkpo.runs.imports.actions import taken
from bulkpo.runs.imports.history_records import ERROR, KEYS, RECORD, RESOURCES, RUN, HistoryRecords, RunFacts, key_of
from bulkpo.runs.imports.job import Job
from bulkpo.runs.planning.same_number import is_same_number
from bulkpo.states import UNDER_WAY, ActionEvent, ActionState, State

_END = "end of integration run"  # the last request of all: it says how the run went
_KINDS = (RUN, ERROR, RECORD, _END)
_OPEN = (ActionState.WAITING, *UNDER_WAY)
_NOT_DONE = (*_OPEN, ActionState.LEFT)
_FAILED = (State.REFUSED, State.DIFFERS)
_NOUN = Noun("record of the integration history", "records of the integration history")
_LONGEST_PAUSE_SECONDS = 60.0
MOST_UNCLEAR_RECORDS = 3


class Record(NamedTuple):
    """Something to be told: of an order, or of the run as a whole."""

    entry: Entry | None
    action: Action

    @property
    def number(self) -> int:
        """Its number in the run."""
        return self.action.number

    @property
    def key(self) -> str:
        """By which it is looked up."""
        return key_of(self.action.action, self.entry)


def plan_history(journal: RunJournal, integration: Integration | None) -> None:
    """Note what is to be told of a run that is about to be done."""
    if integration is None:
        return
    if not any(journal.count_actions(_END)[state] for state in _NOT_DONE):
        # A run that is done again, after refused orders were sent once more, is another one to Coupa, and begins where
        # the last one ended. Its number lies beyond those of the orders.
        ends = [action.changed for action in journal.actions(_END)]
        number = sum(journal.counts().values()) + len(ends) + 1
        journal.remember(history_started=max(ends, default=journal.run.started), integration_run=None)
        journal.plan_actions(RUN, [number])
        journal.plan_actions(_END, [number])
    if integration.refused_orders:
        journal.plan_actions(ERROR, [entry.number for entry in journal.entries(_FAILED)])
    if integration.created_orders:
        journal.plan_actions(RECORD, [entry.number for entry in journal.entries([State.CREATED])])


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of: an import of so many orders, under an integration and in a form of bodies.

    `file_of` gives the name of the file that holds an order, by the order's number.
    """

    integration: Integration
    file_of: Callable[[int], str]
    orders: int
    form: BodyFormat

    def records(self, journal: RunJournal) -> HistoryRecords:
        """The records of a run that is done."""
        run, created = journal.run, journal.counts()[State.CREATED]
        started = run.summary.history_started or run.started
        facts = RunFacts(run.id, self.file_of, started, run.ended or started, self.orders, created)
        return HistoryRecords(self.integration, facts, self.form, kind_of(run.resource).history_type)


def write_history(job: Job, journal: RunJournal, told: Told, manner: Manner, *, is_success: bool) -> tuple[str, ...]:
    """Tell Coupa what is noted and not told yet; gives notices of what could not be told. Never raises."""
    try:
        if journal.run.status is not RunStatus.DONE:
            return ()
        telling = Telling(job.client, journal, told.records(journal), "success" if is_success else "fail")
        return _Historian(job, journal, telling, manner).write()
    except Exception as error:  # noqa: BLE001 - no fault of the history may hide what was created
        return (
            f"not all is in Coupa's integration history: {reason_of(error)}; `bulkpo resume {journal.id}` tries again",
        )


class Telling:
    """The errand of telling: one record of any kind. `end` is how the run went."""

    def __init__(self, client: CoupaClient, journal: RunJournal, records: HistoryRecords, end: str) -> None:
        self._client = client
        self._journal = journal
        self._records = records
        self._end = end
        self.coupa_run = journal.run.summary.integration_run
        settle_for, timeout = float(client.profile.settle_for), float(client.profile.timeout)
        self._absences = {name: Absence(settle_for, timeout) for name in _KINDS}

    def standing(self, it: Record) -> Standing:
        """What is waiting can be sent, what was under way is looked up."""
        if it.action.state is ActionState.WAITING:
            return Standing.READY
        return Standing.UNCLEAR if it.action.state in UNDER_WAY else Standing.OVER

    def announce(self, it: Record) -> Record:
        """ACTING."""
        self._absence(it).sending(it)
        return it._replace(action=self._journal.announce_action(it.action, ActionEvent.ACT))

    def ask(self, it: Record) -> Outcome:
        """Make the record, or say how the run went."""
        name = it.action.action
        if name == _END:
            return self._client.act(RESOURCES[RUN], self.coupa_run or 0, self._end)
        body, content_type = self._records.body(name, it.entry, self.coupa_run)
        return self._client.create(RESOURCES[name], body, content_type)

    def note(self, it: Record, outcome: Outcome) -> Record:
        """DONE, LEFT where it was refused, WAITING as before; where it is unclear it stays ACTING."""
        match outcome:
            case Created():
                self._absence(it).created(it)
                return self._done(it, ActionEvent.ACCEPTED, outcome.id)
            case Refused():
                event, message = ActionEvent.REFUSAL, "; ".join(outcome.messages)
            case NotMade():
                event, message = ActionEvent.NOT_DONE, outcome.reason
            case Unclear():
                if it.action.action == _END:  # which may be said twice
                    return it
                self._absence(it).doubted(it)
                return it._replace(action=taken(self._journal, it.action, outcome))
            case _:
                assert_never(outcome)
        return it._replace(action=self._journal.record_action(it.action, event, message))

    def look_up(self, it: Record) -> Record:
        """DONE if it is there, WAITING if it is proved not to be, else as before; how a run went may be said twice."""
        if it.action.action == _END:
            return it._replace(action=self._journal.record_action(it.action, ActionEvent.NOT_DONE))
        absence = self._absence(it)
        asked_at, witness = absence.now(), absence.witness
        beside = [witness] if witness and "," not in f"{witness}{it.key}" else []
        found = self._page(it, beside)
        if ours := [other for other in found if self._records.is_of(it.action.action, it.entry, other)]:
            return self._done(it, ActionEvent.FOUND_DONE, int(str(ours[0]["id"])))
        shown = [other for other in found if is_same_number(str(other.get(KEYS[it.action.action])), witness or "")]
        proof = absence.proof(it, asked_at, witness_shown=bool(shown))
        if not proof or len(shown) < len(found) or it.action.state is ActionState.TAKEN:
            return it
        return it._replace(action=self._journal.record_action(it.action, ActionEvent.NOT_DONE, proof))

    def seconds_left(self, it: Record) -> float | None:
        """How long it takes until time proves that a record is not there; None if nothing would be sent again."""
        if it.action.state is not ActionState.ACTING or it.action.action == _END:
            return None
        return self._absence(it).seconds_left(it)

    def _page(self, it: Record, beside: Sequence[str]) -> Sequence[Tree]:
        """What is there of a record and one beside it that is known to be; an empty list need not be Coupa's."""
        name = it.action.action
        conditions = self._records.conditions(name, it.entry, self.coupa_run, *beside)
        for _ in range(2):
            if found := self._client.page(RESOURCES[name], conditions, ["id", KEYS[name]], is_due=bool(beside)):
                return found
        return []

    def _absence(self, it: Record) -> Absence:
        return self._absences[it.action.action]

    def _done(self, it: Record, event: ActionEvent, number: int) -> Record:
        if it.action.action == RUN:
            self.coupa_run = number
            self._journal.remember(integration_run=number)
        return it._replace(action=self._journal.record_action(it.action, event, f"id {number}"))


class _Historian:
    """Writes the history of one run, one kind of record after the other: all others belong to the integration run."""

    def __init__(self, job: Job, journal: RunJournal, telling: Telling, manner: Manner) -> None:
        self._job = job
        self._journal = journal
        self._telling = telling
        self._deliverer = Deliverer(telling, job.client.profile, manner)
        self._pause = manner.settle_seconds

    def write(self) -> tuple[str, ...]:
        """Write what is open; gives notices of what is left."""
        reason = ""
        for name in _KINDS:
            if name != RUN and self._telling.coupa_run is None:
                break
            try:
                self._write_all(name)
            except BulkpoError as error:
                reason = str(error)
                break
        return self._notices(reason)

    def _write_all(self, name: str) -> None:
        for action in self._journal.actions(name, [ActionState.LEFT]):
            self._journal.record_action(action, ActionEvent.RETRY)
        self._deliver_all(name)
        self._outwait(name)

    def _deliver_all(self, name: str) -> None:
        self._deliverer.deliver_all(self._open(name))
        self._journal.flush()

    def _outwait(self, name: str) -> None:
        """Look up what is in doubt until it shows, or is proved not to be there and is sent again."""
        pause, job = self._pause, self._job
        is_last = is_told = False
        while not is_last and not job.stop.is_set():
            seconds = [self._telling.seconds_left(it) for it in self._open(name)]
            left = [it for it in seconds if it is not None]
            if not left:
                return
            is_last = max(left) == 0
            if job.waits is not None and not (is_told or is_last):
                job.waits(_NOUN.counted(len(left)), max(left))
            is_told = True
            job.stop.wait(min(pause, max(left)))
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            self._deliver_all(name)

    def _open(self, name: str) -> Iterator[Record]:
        entries = self._journal.entries()
        for action in self._journal.actions(name, _OPEN):
            of_order = name in (ERROR, RECORD)
            entry = next(entry for entry in entries if entry.number == action.number) if of_order else None
            yield Record(entry, action)

    def _notices(self, reason: str) -> tuple[str, ...]:
        """Nothing if all is told; else how much is not, and why."""
        journal = self._journal
        left = {name: list(journal.actions(name, _NOT_DONE)) for name in _KINDS}
        counted = ", ".join(f"{name}: {len(actions):,}" for name, actions in left.items() if actions)
        if not counted:
            return ()
        said = reason or next((it.message for actions in left.values() for it in actions if it.message), "no answer")
        return (
            f"not all is in Coupa's integration history ({counted}): {said}; `bulkpo resume {journal.id}` tries again",
        )
