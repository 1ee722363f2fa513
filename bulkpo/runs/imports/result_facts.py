"""What a result tells beside its rows: control totals three ways, how many orders came to what, and of which run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bulkpo.journal.run import ResultNotes, RunJournal
from bulkpo.model.table import Cell
from bulkpo.model.totals import ControlTotals
from bulkpo.runs.imports.fates import SAID
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.states import State
from bulkpo.tables.writing.columns import BookSink, SinkColumn


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """What a result tells beside its rows: of the run, of the instance by its name, and of the input it is of.

    `totals` are those of the whole run, `refused` its orders that failed in Coupa, and why.
    """

    journal: RunJournal
    instance: str
    totals: ControlTotals | None
    refused: Mapping[str, str]
    notes: ResultNotes
    counts: Mapping[State, int]
    is_alone: bool


def write_facts(book: BookSink, facts: ResultFacts, plan: FilePlan) -> None:
    """Which run brought which input where."""
    run = facts.journal.run
    told: Sequence[tuple[str, Cell]] = [
        ("Run", Decimal(run.id)),
        ("Instance", facts.instance),
        ("Mapping", run.mapping),
        ("Mapping's SHA-256", run.mapping_digest),
        ("Input", str(plan.file.resolve())),
        *((("Sheet", plan.mapped.sheet),) if plan.mapped.sheet else ()),
        ("Input's SHA-256", plan.file_digest),
        ("Started", run.started),
    ]
    noun, counts = plan.kind.noun, facts.counts
    mine = [(f"{noun.titles} {word} of this input", Decimal(counts[it])) for it, word in SAID.items() if counts[it]]
    with book.sheet("Run", [SinkColumn("Fact"), SinkColumn("Value")]) as sheet:
        sheet.write(told if facts.is_alone else [*told, *mine])
