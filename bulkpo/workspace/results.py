"""Results of calls. Those of runs and exports are the values of the floor below, handed on as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from bulkpo.journal.records import Entry, Happening, Run
    from bulkpo.mapping.kinds.kind import DocumentKind
    from bulkpo.model.held import Held
    from bulkpo.model.profile import Profile
    from bulkpo.model.totals import ControlTotals
    from bulkpo.runs.checking.checked import Checked
    from bulkpo.runs.checking.mapped import MappedFile
    from bulkpo.runs.imports.reasons import Reason
    from bulkpo.runs.imports.run import ImportResult
    from bulkpo.runs.planning.dry_run import DryRun
    from bulkpo.runs.planning.preflight import Preflight
    from bulkpo.states import ActionState, State


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file read by a mapping, and what checking it found."""

    mapped: "MappedFile"
    checked: "Checked"

    @property
    def kind(self) -> "DocumentKind":
        """What is special about the documents: what people call them, and what they are worth."""
        return self.mapped.mapping.kind

    @property
    def exit_code(self) -> int:
        """0 if every document is clean, 1 if not."""
        return 1 if self.checked.has_errors else 0


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written, and what it holds: in words, or as a number of rows."""

    path: "Path"
    holds: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check. `report` and `failed` are the files that were asked for and written."""

    file: CheckedFile
    preflight: "Preflight | None" = None
    report: WrittenFile | None = None
    failed: WrittenFile | None = None

    @property
    def exit_code(self) -> int:
        """0 if every document is clean and all that was to be looked up was, 1 if not."""
        return 1 if self.preflight is not None and self.preflight.unchecked else self.file.exit_code

    def as_json(self) -> dict[str, Any]:
        """For programs.

        `unchecked` says of each resource that was to be looked up and could not be, why; `numbers_taken` are the
        documents that are there already.
        """
        found, looked_up = self.preflight, {}
        if found is not None:
            looked_up = {"unchecked": found.unchecked, "numbers_taken": found.existing}
        report = str(self.report.path) if self.report else None
        return {**self.file.checked.as_json(), **looked_up, "report": report}


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import came to.

    `held` are the orders held back, since something they refer to cannot be used.

    `reasons` say why orders were refused, differ, are unknown or were held back.
    """

    file: CheckedFile
    held: "Held"
    result: "ImportResult"
    reasons: "tuple[Reason, ...]" = ()

    @property
    def exit_code(self) -> int:
        """As the manual's table says: of the run and, where that is 0, of the check before it."""
        return self.result.exit_code or self.file.exit_code

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        checked, told = self.file.checked.as_json(), self.result.as_json()
        told |= {"totals": told["totals"] or checked["totals"], "held": len(self.held.keys), "report": None}
        told["reasons"] = [asdict(reason) for reason in self.reasons]
        return {**checked, **told}


@dataclass(frozen=True, slots=True)
class DryRunOutcome:
    """What an import would come to."""

    file: CheckedFile
    held: "Held"
    result: "DryRun"
    profile: "Profile"
    reasons: "tuple[Reason, ...]" = ()

    @property
    def exit_code(self) -> int:
        """As of the import."""
        return self.result.exit_code or self.file.exit_code

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            **self.file.checked.as_json(),
            **self.result.as_json(),
            "held": len(self.held.keys),
            "report": None,
        }


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A run: what it set out to do, how many of its orders are in each state, and its control totals if it has any.

    `troubled` are the orders that were refused, differ or are unknown, `reasons` why, and `rows` where they stand in
    the file, as far as it is still what it was. `acted` counts, of a run that does something with orders, how far it
    got with how many.
    """

    run: "Run"
    counts: "Mapping[State, int]"
    totals: "ControlTotals | None" = None
    troubled: "tuple[Entry, ...]" = ()
    reasons: "tuple[Reason, ...]" = ()
    rows: "Mapping[str, Sequence[int]]" = field(default_factory=dict)
    acted: "Mapping[ActionState, int]" = field(default_factory=dict)

    @property
    def status(self) -> str:
        """How far the run is, and whether it was taken back."""
        from bulkpo.states import State

        left = self.counts[State.CREATED] + self.counts[State.CHANGED]
        if not self.counts[State.UNDONE]:
            return self.run.status
        return f"{self.run.status}, {'partly ' if left else ''}undone"

    def rows_of(self, entry: "Entry") -> "Sequence[int]":
        """The rows of one of the troubled; where the file is no longer what it was, the first."""
        return self.rows.get(entry.key, (entry.row,))

    @property
    def kind(self) -> "DocumentKind":
        """What is special about its documents."""
        from bulkpo.mapping.kinds.known import kind_of

        return kind_of(self.run.resource)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        from bulkpo.journal.encoding import options_json, summary_json

        run, counts = self.run, {str(state): count for state, count in self.counts.items()}
        summary = {name: value for name, value in summary_json(run.summary).items() if name != "held"}
        held = len(run.summary.held.keys) if run.summary.held else 0
        acted = {"actions": {str(state): count for state, count in self.acted.items()}} if self.acted else {}
        return {
            **asdict(run),
            "options": options_json(run.options),
            "summary": summary,
            "held": held,
            **counts,
            **acted,
        }


@dataclass(frozen=True, slots=True)
class RunList:
    """Runs, the last one first, and how many older ones there are besides."""

    runs: tuple[RunSeen, ...]
    older: int


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """A document of a run, of which kind it is, and all that happened to it."""

    kind: "DocumentKind"
    entry: "Entry"
    happenings: "tuple[Happening, ...]"
