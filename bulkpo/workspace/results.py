"""Results of calls. Those of runs and exports are the values of the floor below, handed on as they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from bulkpo.journal.records import Entry, Happening, Run, RunInput
    from bulkpo.mapping.kinds.kind import DocumentKind
    from bulkpo.model.document import Layout
    from bulkpo.model.held import Held
    from bulkpo.model.matching import Mode
    from bulkpo.model.profile import Profile
    from bulkpo.model.table import Source
    from bulkpo.model.totals import ControlTotals
    from bulkpo.runs.checking.checked import Checked
    from bulkpo.runs.checking.mapped import MappedFile
    from bulkpo.runs.imports.reasons import Reason
    from bulkpo.runs.imports.run import ImportResult
    from bulkpo.runs.planning.batch import BatchPlan
    from bulkpo.runs.planning.dry_run import DryRun
    from bulkpo.runs.planning.preflight import Preflight
    from bulkpo.states import ActionState, State


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file read by a mapping, and what checking it found."""

    mapped: "MappedFile"
    checked: "Checked"
    is_one_of_several: bool = False

    @property
    def kind(self) -> "DocumentKind":
        """What is special about the documents: what people call them, and what they are worth."""
        return self.mapped.mapping.kind

    @property
    def mode(self) -> "Mode":
        """Whether the documents are made, or change those that are there."""
        return self.mapped.mapping.mode

    @property
    def layout(self) -> "Layout":
        """How the documents' values are laid out."""
        return self.mapped.mapping.layout

    @property
    def exit_code(self) -> int:
        """0 if every document is clean, 1 if not."""
        return 1 if self.checked.has_errors else 0

    def sources(self) -> "Iterator[Source]":
        """The tables its findings are about."""
        yield self.mapped.source

    def files_json(self) -> list[dict[str, Any]]:
        """What was read, for programs."""
        return [_file_json(self.mapped.path, self.mapped.sheet or self.mapped.source.sheet, self.checked)]


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """Several files read by one mapping, and what checking them found."""

    plan: "BatchPlan"

    @property
    def checked(self) -> "Checked":
        """What was found in all of them, added up."""
        return self.plan.checked

    @property
    def kind(self) -> "DocumentKind":
        """What is special about the documents."""
        return self.plan.kind

    @property
    def mode(self) -> "Mode":
        """Whether the documents are made, or change those that are there."""
        return self.plan.mode

    @property
    def layout(self) -> "Layout":
        """How the documents' values are laid out."""
        return self.plan.layout

    @property
    def exit_code(self) -> int:
        """0 if every document is clean, 1 if not."""
        return 1 if self.checked.has_errors else 0

    def sources(self) -> "Iterator[Source]":
        """The tables of each file, opened one after another."""
        return (each.mapped.source for each in self.plan.files())

    def files_json(self) -> list[dict[str, Any]]:
        """What was read, for programs."""
        return [_file_json(each.given.path, each.given.sheet, each.checked) for each in self.plan.batch]


CheckedInput = CheckedFile | CheckedBatch
"""What was checked: a file, or several together."""


def _file_json(path: "Path", sheet: str, checked: "Checked") -> dict[str, Any]:
    told = checked.as_json()
    kept = ("rows", "skipped_rows", "documents", "lines", "ok", "failed", "totals")
    return {"file": str(path), "sheet": sheet, **{name: told[name] for name in kept}}


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written, and what it holds: in words, or as a number of rows."""

    path: "Path"
    holds: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check. `report` and `failed` are the files that were asked for and written."""

    file: CheckedInput
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
        return {**self.file.checked.as_json(), **looked_up, "report": report, "files": self.file.files_json()}


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import came to.

    `held` are the orders held back, since something they refer to cannot be used.

    `reasons` say why orders were refused, differ, are unknown or were held back.
    """

    file: CheckedInput
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
        written = self.result.files if len(self.result.files) == len(told_files := self.file.files_json()) else ()
        files = [{**each, **result.as_json()} for each, result in zip(told_files, written, strict=False)]
        return {**checked, **told, "files": files or told_files}


@dataclass(frozen=True, slots=True)
class DryRunOutcome:
    """What an import would come to."""

    file: CheckedInput
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
            "files": self.file.files_json(),
        }


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A run: what it set out to do, how many of its orders are in each state, and its control totals if it has any.

    `troubled` are the orders that were refused, differ or are unknown, `reasons` why, and `rows` where they stand in
    the file, as far as it is still what it was. `acted` counts, of a run that does something with orders, how far it
    got with how many; `inputs` are the files, where there are several.
    """

    run: "Run"
    counts: "Mapping[State, int]"
    totals: "ControlTotals | None" = None
    troubled: "tuple[Entry, ...]" = ()
    reasons: "tuple[Reason, ...]" = ()
    rows: "Mapping[str, Sequence[int]]" = field(default_factory=dict)
    acted: "Mapping[ActionState, int]" = field(default_factory=dict)
    inputs: "tuple[RunInput, ...]" = ()

    @property
    def what(self) -> str:
        """What it was a run of: its file, or how many files below which folder."""
        if self.inputs:
            return f"{len(self.inputs):,} inputs below {self.run.input_file}"
        return self.run.options.edited or self.run.input_file

    @property
    def act(self) -> str:
        """What kind of run it is, as its command is called: `import`, or `update` of an edited workbook."""
        return "update" if self.run.options.edited else self.run.kind

    def file_of(self, entry: "Entry") -> str:
        """The name of the file that holds an order, and its sheet, where there are several; else nothing."""
        known = [each for each in self.inputs if each.before < entry.number]
        if not known:
            return ""
        name = known[-1].file.replace("\\", "/").rpartition("/")[2]
        return f"{name}, sheet {known[-1].sheet}" if known[-1].sheet else name

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
        files = [{"file": each.file, "sheet": each.sheet, "digest": each.digest} for each in self.inputs]
        edited = {"edited": run.options.edited} if run.options.edited else {}
        files = files or [{"file": run.input_file, "sheet": "", "digest": run.input_digest, **edited}]
        told = {**asdict(run), "options": options_json(run.options), "summary": summary, "held": held, "files": files}
        acted = {"actions": {str(state): count for state, count in self.acted.items()}} if self.acted else {}
        return {**told, **counts, **acted}


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
