"""What was not checked, and what is not in a pack: said as plainly as what is."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulkpo.journal.records import RunStatus
from bulkpo.mapping.kinds.kind import Noun
from bulkpo.model.profile import SANDBOX
from bulkpo.runs.evidence.case import Case
from bulkpo.runs.evidence.copies import PACKED, Copy
from bulkpo.runs.evidence.sums import Accounting
from bulkpo.runs.evidence.trails import Counted
from bulkpo.states import State

_READ_BACK = (State.CREATED, State.CHANGED)


class Gap(NamedTuple):
    """Something that was not checked or is not there: what it concerns, and what to know of it."""

    what: str
    said: str


def gaps(case: Case, counted: Counted, copies: Sequence[Copy], sums: Accounting) -> list[Gap]:
    """All that was not checked in a run, or is missing from its pack."""
    return [*_of_work(case), *_before(case), *_after(case, counted), *_of_files(case, copies), *_of_sums(case, sums)]


def _of_work(case: Case) -> Iterator[Gap]:
    if case.run.profile == SANDBOX:
        yield Gap("rehearsal", "the run was in the sandbox, bulkpo's own stand-in for Coupa: nothing of it is in Coupa")
    if not case.stints:
        yield Gap("who", "the run is of a bulkpo that did not note who ran it, on which machine and as whom")
    for stint in case.stints:
        if stint.ended is None:
            yield Gap("who", f"{stint.what} begun {stint.started} has no end: its process was ended, or works still")
        for notice in stint.notes.get("notices", ()):
            yield Gap("notice", notice)
        if stint.notes.get("trouble"):
            yield Gap("trouble", stint.notes["trouble"])
    if case.run.status is not RunStatus.DONE:
        yield Gap("run", f"the run is {case.run.status}: its pack shows it as it stands, and not as it ends")
    if case.run.kind == "import" and case.run.summary.approved_by is None:
        yield Gap("approval", "the run was not begun from a plan that somebody has approved")


def _before(case: Case) -> Iterator[Gap]:
    if case.run.kind != "import":
        return
    looked_up = case.first("looked_up")
    if not looked_up:
        why = "no look-up before sending was noted" if looked_up is None else "the look-up before sending was left out"
        yield Gap("references", f"{why}: whether suppliers, accounts and the like are there, only Coupa's answers say")
    for resource, why in (case.first("unchecked") or {}).items():
        yield Gap("references", f"{resource} could not be looked up: {why}")
    if not (case.run.options.expect or case.first("expected")):
        said = "no figures were expected of the input, neither by the mapping (expected:) nor on the command line"
        yield Gap("completeness", f"{said}: that it is the whole of its source, nothing here says")


def _after(case: Case, counted: Counted) -> Iterator[Gap]:
    noun: Noun = case.kind.noun
    made = sum(counted.states[state] for state in _READ_BACK)
    if made > counted.read_back:
        many = noun.counted(made - counted.read_back)
        yield Gap("read-back", f"{many} created or changed were not read back element by element")
    if counted.not_shown:
        yield Gap("read-back", f"{counted.not_shown:,} elements that were sent do not show in Coupa's answers")
    if counted.attachments:
        said = (
            "the files attached are not in the pack: their sizes and SHA-256 are, as they were checked before sending"
        )
        yield Gap("attachments", said)
    if counted.untold:
        lost = noun.counted(counted.untold)
        yield Gap("events", f"what happened to {lost} is lost in part: the journal was damaged or repaired")
    unknown = counted.orders["unknown"]
    if unknown:
        yield Gap("outcome", f"what became of {noun.counted(unknown)} is unknown; `bulkpo resume` settles that")
    if counted.states[State.UNDONE]:
        yield Gap("read-back", "what was undone is known by Coupa's answer to that, and was not read back by element")


def _of_files(case: Case, copies: Sequence[Copy]) -> Iterator[Gap]:
    for copy in copies:
        if copy.standing != PACKED:
            yield Gap("file", f"{copy.what} {copy.path} is not packed ({copy.standing}): {copy.said}")
    if case.plan is None and case.no_plan:
        yield Gap("rows", f"rows.jsonl is not there: {case.no_plan}")


def _of_sums(case: Case, sums: Accounting) -> Iterator[Gap]:
    for each in sums.sums:
        if not each.closes:
            yield Gap("sums", f"{each.what}: {each.whole:,} and not {sum(each.parts.values()):,}")
    if case.run.kind == "import" and case.run.summary.totals is None:
        yield Gap("totals", "control totals were not added up")
