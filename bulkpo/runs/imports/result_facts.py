"""What a result tells beside its rows: control totals three ways, how many orders came to what, and of which run."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath

from bulkpo.journal.run import ResultNotes, RunJournal
from bulkpo.model.totals import ControlTotals
from bulkpo.runs.imports.fates import SAID
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.runs.reports.run_sheet import facts_of_run, write_run_sheet
from bulkpo.states import State
from bulkpo.tables.writing.columns import BookSink


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """What a result tells beside its rows: of the run, and of the input it is of.

    `totals` are those of the whole run, `refused` its orders that failed in Coupa, and why.
    """

    journal: RunJournal
    totals: ControlTotals | None
    refused: Mapping[str, str]
    notes: ResultNotes
    counts: Mapping[State, int]
    is_alone: bool


def write_facts(book: BookSink, facts: ResultFacts, plan: FilePlan) -> None:
    """Which run brought which input where."""
    run, stints = facts.journal.run, facts.journal.journal.stints(facts.journal.id)
    read = [each for stint in stints[-1:] for each in stint.notes.get("files", ()) if each["what"] != "input"]
    told = facts_of_run(
        run,
        stints,
        [
            ("Mapping", run.mapping),
            *((f"SHA-256 of the {each['what']} {PurePath(each['path']).name}", each["sha256"]) for each in read),
            ("Digest of the mapping with all it draws on", run.mapping_digest),
            ("Input", str(plan.file.resolve())),
            *((("Sheet", plan.mapped.sheet),) if plan.mapped.sheet else ()),
            ("Input's SHA-256", plan.file_digest),
        ],
    )
    noun, counts = plan.kind.noun, facts.counts
    mine = [(f"{noun.titles} {word} of this input", Decimal(counts[it])) for it, word in SAID.items() if counts[it]]
    write_run_sheet(book, told if facts.is_alone else [*told, *mine])
