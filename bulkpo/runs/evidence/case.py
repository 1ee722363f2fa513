"""What a pack is made of: the run with its journal, its plan as far as that can be had again, and what to keep out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bulkpo.journal.records import Run, Stint
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.runs.evidence.hiding import Needles
from bulkpo.runs.imports.papers import notes_of
from bulkpo.runs.planning.batch import Plan

EVIDENCE = "evidence"
"""The stints in which packs are made; they are in none, so that making one does not change the next."""


@dataclass(frozen=True, slots=True)
class Case:
    """A run to give evidence of. `plan` is what it was planned from, opened again; None, and `no_plan` says why.

    `derived` are notes worked out from the plan, where the run is of a bulkpo that noted none.
    """

    journal: RunJournal
    run: Run
    stints: tuple[Stint, ...]
    plan: Plan | None
    no_plan: str
    needles: Needles
    derived: Mapping[str, Any]

    @property
    def kind(self) -> DocumentKind:
        """What is special about its documents."""
        return kind_of(self.run.resource)

    def notes(self, name: str) -> Sequence[Any]:
        """What each stint noted under a name, in order; stints that noted nothing are left out."""
        noted = [stint.notes[name] for stint in self.stints if name in stint.notes]
        return noted or ([self.derived[name]] if name in self.derived else [])

    def first(self, name: str) -> Any:  # noqa: ANN401 - what JSON holds
        """What was noted first under a name; None where nothing was."""
        return next(iter(self.notes(name)), None)

    def clean(self, facts: Any) -> Any:  # noqa: ANN401 - what JSON holds
        """Facts as JSON has them, with every secret in them put out of sight."""
        if isinstance(facts, str):
            return self.needles.masked(facts)
        if isinstance(facts, Mapping):
            return {self.clean(name): self.clean(value) for name, value in facts.items()}
        if isinstance(facts, list | tuple):
            return [self.clean(each) for each in facts]
        return facts


def case_of(journal: RunJournal, plan: Plan | None, no_plan: str, secrets: Sequence[str]) -> Case:
    """A run as evidence is given of it."""
    stints = tuple(stint for stint in journal.journal.stints(journal.id) if stint.what != EVIDENCE)
    has_notes = any("files" in stint.notes for stint in stints)
    derived: Mapping[str, Any] = {} if has_notes or plan is None else notes_of(plan)
    return Case(journal, journal.run, stints, plan, no_plan, Needles(secrets), derived)
