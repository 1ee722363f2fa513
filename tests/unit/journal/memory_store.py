"""A journal in memory: the smallest thing that keeps the promises of a store, so that they are seen to be enough."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from bulkpo.attachment_states import AttachmentState
from bulkpo.errors import JournalError, RunError
from bulkpo.journal.moves import AnyMove
from bulkpo.journal.records import (
    CHANGE_PLANNED,
    Action,
    Attachment,
    Entry,
    Happening,
    NewRun,
    Noted,
    PlannedAttachment,
    PlannedEntry,
    Reading,
    Run,
    RunInput,
    RunStatus,
    RunSummary,
    Stint,
)
from bulkpo.states import ActionState, State


class Written:
    """A ticket of a store that writes at once."""

    def __init__(self, store: "MemoryStore") -> None:
        self._store = store

    def wait(self) -> None:
        self._store.flush()


class MemoryStore:
    name = "memory"

    def __init__(self) -> None:
        self._runs: dict[int, Run] = {}
        self._last = 0
        self._entries: dict[tuple[int, int], Entry] = {}
        self._actions: dict[tuple[int, str, int], Action] = {}
        self._attachments: dict[tuple[int, int, int], Attachment] = {}
        self._trail: list[tuple[int, int, Happening]] = []
        self._inputs: dict[tuple[int, int], RunInput] = {}
        self._stints: dict[tuple[int, int], Stint] = {}
        self._readings: dict[tuple[int, int], Reading] = {}
        self._held: set[int] = set()
        self._broken: JournalError | None = None

    def close(self) -> None:
        self.flush()

    @contextmanager
    def claim(self, run: int) -> Iterator[None]:
        if run in self._held:
            raise RunError(f"run {run} is being worked on by process 1 on here; wait until it ends, or end it")
        self._held.add(run)
        try:
            yield
        finally:
            self._held.discard(run)

    def start(self, new: NewRun, at: str, inputs: Sequence[RunInput] = (), held: ExitStack | None = None) -> int:
        self._last += 1
        if held is not None:
            held.enter_context(self.claim(self._last))
        self._inputs |= {(self._last, each.number): each for each in inputs}
        known = {name: getattr(new, name) for name in NewRun.__slots__}
        self._runs[self._last] = Run(
            id=self._last, status=RunStatus.PLANNING, started=at, ended=None, summary=RunSummary(), **known
        )
        return self._last

    def inputs(self, run: int) -> list[RunInput]:
        return [self._inputs[place] for place in sorted(self._inputs) if place[0] == run]

    def set_input_summary(self, run: int, number: int, summary: RunSummary) -> None:
        self._inputs[run, number] = replace(self._inputs[run, number], summary=summary)

    def plan(self, run: int, entries: Iterable[PlannedEntry], at: str) -> int:
        self._entries = {place: entry for place, entry in self._entries.items() if place[0] != run}
        self._attachments = {place: each for place, each in self._attachments.items() if place[0] != run}
        planned = list(entries)
        made = [
            Entry(
                run,
                it.number,
                it.key,
                it.row,
                it.digest,
                state=State.PLANNED,
                in_doubt=False,
                attempts=0,
                coupa_id=it.coupa_id,
                version=it.version,
                updated_at=it.updated_at,
                message="",
                changed=at,
            )
            for it in planned
        ]
        self._trail = [noted for noted in self._trail if noted[0] != run]
        self._trail += [
            (run, it.number, Happening(at, CHANGE_PLANNED, State.PLANNED, it.change, b""))
            for it in planned
            if it.change is not None
        ]
        self._entries |= {(run, entry.number): entry for entry in made}
        return len(made)

    def set_status(self, run: int, status: RunStatus, ended: str | None) -> None:
        self._runs[run] = replace(self._runs[run], status=status, ended=ended)

    def set_summary(self, run: int, summary: RunSummary) -> None:
        self._runs[run] = replace(self._runs[run], summary=summary)

    def prune(self, run: int) -> None:
        with self.claim(run):
            self.plan(run, (), "")
            self._actions = {place: action for place, action in self._actions.items() if place[0] != run}
            self._trail = [each for each in self._trail if each[0] != run]
            self._inputs = {place: each for place, each in self._inputs.items() if place[0] != run}
            self._stints = {place: each for place, each in self._stints.items() if place[0] != run}
            self._readings = {place: each for place, each in self._readings.items() if place[0] != run}
            self._runs.pop(run, None)

    def runs(self) -> list[Run]:
        return [self._runs[number] for number in sorted(self._runs, reverse=True)]

    def run(self, run: int) -> Run | None:
        return self._runs.get(run)

    def add(self, moves: Sequence[AnyMove]) -> Written:
        try:
            if self._broken is None:
                self._write(moves)
        except JournalError as error:
            self._broken = error
        return Written(self)

    def _write(self, moves: Sequence[AnyMove]) -> None:
        entries, actions, trail = dict(self._entries), dict(self._actions), list(self._trail)
        attachments = dict(self._attachments)
        for move in moves:
            after = move.after
            known: Entry | Action | Attachment | None
            number = after.planned.number if isinstance(after, Attachment) else after.number
            if isinstance(after, Entry):
                known = entries.get((after.run, number))
                entries[after.run, number] = after
            elif isinstance(after, Action):
                known = actions.get((after.run, after.action, number))
                actions[after.run, after.action, number] = after
            else:
                known = attachments.get((after.run, number, after.planned.place))
                attachments[after.run, number, after.planned.place] = after
            if known is None or known.state is not move.before:
                raise JournalError(
                    f"run {after.run}: entry {number} is no longer {move.before} in the journal; "
                    "another process works on this run"
                )
            trail.append((after.run, number, move.noted))
        self._entries, self._actions, self._trail, self._attachments = entries, actions, trail, attachments

    def flush(self) -> None:
        if self._broken is not None:
            raise self._broken

    def entries(self, run: int, states: Iterable[State], *, are_tried: bool = False) -> Iterator[Entry]:
        self.flush()
        wanted = set(states)
        found = [entry for (of, _), entry in sorted(self._entries.items()) if of == run and entry.state in wanted]
        yield from (entry for entry in found if entry.attempts > 0 or not are_tried)

    def entries_of(self, run: int, keys: Iterable[str]) -> dict[str, Entry]:
        wanted = set(keys)
        return {entry.key: entry for entry in self.entries(run, State) if entry.key in wanted}

    def counts(self, run: int) -> dict[State, int]:
        states = [entry.state for entry in self.entries(run, State)]
        return {state: states.count(state) for state in State}

    def happenings(self, run: int, number: int) -> list[Happening]:
        return [noted for of, at, noted in self._trail if (of, at) == (run, number)]

    def details(self, run: int, event: str, numbers: Iterable[int]) -> dict[int, str]:
        wanted = set(numbers)
        trail = [(at, noted) for of, at, noted in self._trail if of == run and at in wanted]
        return {at: noted.detail for at, noted in trail if noted.event == event}

    def plan_attachments(self, run: int, attachments: Iterable[PlannedAttachment], at: str) -> None:
        for it in attachments:
            place = (run, it.number, it.place)
            self._attachments[place] = Attachment(run, it, AttachmentState.WAITING, None, "", at)

    def attachments(self, run: int, states: Iterable[AttachmentState]) -> Iterator[Attachment]:
        wanted = set(states)
        for (of, _, _), each in sorted(self._attachments.items(), key=lambda pair: pair[0]):
            if of == run and each.state in wanted:
                yield each

    def count_attachments(self, run: int, owners: Iterable[State]) -> dict[AttachmentState, int]:
        wanted = set(owners)
        found = [
            each.state
            for (of, number, _), each in self._attachments.items()
            if of == run and self._entries[of, number].state in wanted
        ]
        return {state: found.count(state) for state in AttachmentState}

    def plan_actions(self, run: int, action: str, numbers: Iterable[int], at: str) -> None:
        for number in numbers:
            self._actions.setdefault((run, action, number), Action(run, number, action, ActionState.WAITING, "", at))

    def actions(self, run: int, action: str, states: Iterable[ActionState]) -> Iterator[Action]:
        wanted = set(states)
        for (of, name, _), each in sorted(self._actions.items()):
            if (of, name) == (run, action) and each.state in wanted:
                yield each

    def count_actions(self, run: int, action: str) -> dict[ActionState, int]:
        states = [each.state for each in self.actions(run, action, ActionState)]
        return {state: states.count(state) for state in ActionState}

    def put_stint(self, run: int, stint: Stint) -> None:
        self._stints[run, stint.number] = stint

    def stints(self, run: int) -> list[Stint]:
        return [self._stints[place] for place in sorted(self._stints) if place[0] == run]

    def put_readings(self, run: int, readings: Sequence[Reading]) -> None:
        self._readings |= {(run, reading.number): reading for reading in readings}

    def readings(self, run: int) -> Iterator[Reading]:
        yield from [self._readings[place] for place in sorted(self._readings) if place[0] == run]

    def trail(self, run: int) -> Iterator[Noted]:
        self.flush()
        trail = [Noted(id_, number, noted) for id_, (of, number, noted) in enumerate(self._trail, 1) if of == run]
        yield from trail
