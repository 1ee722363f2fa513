"""End a run that nobody will resume, and say which of its orders stay unknown."""

from dataclasses import asdict, dataclass
from typing import Any

from bulkpo.errors import RunError
from bulkpo.journal.records import Entry, Run, RunStatus
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.states import UNDER_WAY, ActionState, State


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A run that was ended as it stood.

    `unknown` are orders that may or may not be in Coupa, `undecided` those of which an action may or may not be done,
    `unsent` counts those that were never sent.
    """

    run: Run
    unknown: tuple[Entry, ...]
    undecided: int
    unsent: int

    @property
    def kind(self) -> DocumentKind:
        """What is special about its documents."""
        return kind_of(self.run.resource)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        unknown = [asdict(entry) for entry in self.unknown]
        return {"run": self.run.id, "unknown": unknown, "undecided": self.undecided, "unsent": self.unsent}


def abandon(journal: RunJournal) -> Abandoned:
    """End a run as it stands; raises RunError if it is over already, or a process works on it."""
    with journal.claim(), journal.stint("abandon"):
        run = journal.run
        if run.status.is_over:
            raise RunError(f"run {run.id} is {run.status} already; there is nothing to abandon")
        unknown = tuple(journal.entries([State.UNKNOWN, State.SENDING]))
        task = run.options.task
        names = kind_of(run.resource).tasks[task] if task else (run.options.after_create,)
        actions = [journal.count_actions(name) for name in names]
        journal.set_status(RunStatus.ABANDONED)
        undecided = sum(counts[state] for counts in actions for state in UNDER_WAY)
        waiting = sum(counts[ActionState.WAITING] for counts in actions)
        return Abandoned(run, unknown, undecided, waiting if task else journal.counts()[State.PLANNED])
