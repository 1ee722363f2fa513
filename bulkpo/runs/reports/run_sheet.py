"""The Run sheet: which run a result is of, who ran what, on which machine, where, as whom, and who approved it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bulkpo.journal.encoding import options_json
from bulkpo.journal.records import Run, Stint
from bulkpo.model.by import NOBODY, By
from bulkpo.model.profile import SANDBOX
from bulkpo.model.table import Cell
from bulkpo.tables.writing.columns import BookSink, SinkColumn

SHEET, OWN_RUN_SHEET = "Run", "bulkpo run"


def write_run_sheet(book: BookSink, facts: Sequence[Sequence[Cell]], name: str = SHEET) -> None:
    """Write the sheet, where there is anything to say."""
    if not facts:
        return
    with book.sheet(name, [SinkColumn("Fact"), SinkColumn("Value")]) as sheet:
        sheet.write(facts)


def facts_of_run(run: Run, stints: Sequence[Stint], what: Sequence[tuple[str, Cell]]) -> list[tuple[str, Cell]]:
    """The Run sheet of a run's result; `what` is what it was about, and the stint that writes it is the last one."""
    first = stints[:1] if len(stints) > 1 else ()
    begun = [(f"First {name[0].lower()}{name[1:]}", value) for each in first for name, value in each.by.told()]
    return [*run_facts(run), *what, *(it for each in stints[-1:] for it in each.by.told()), *begun]


def run_facts(run: Run) -> Iterator[tuple[str, Cell]]:
    """What a run was to do, from when till when, with which options, and who approved it. Times are in UTC."""
    summary = run.summary
    yield "Run", Decimal(run.id)
    yield "Instance", run.profile if run.profile == SANDBOX else f"{run.profile} ({run.url})"
    yield "Started (UTC)", run.started
    yield "Ended (UTC)", run.ended or "not over when this was written"
    yield "Options", options_said(run)
    if summary.approved_by or summary.approved_plan:
        yield "Approved by", summary.approved_by or "(nobody is named in the plan)"
        yield "Approved on", summary.approved_on
        yield "Approved plan's digest", summary.approved_plan


def options_said(run: Run) -> str:
    """The options of a run in words; those that say nothing are left out."""
    options: Mapping[str, Any] = options_json(run.options)
    said = (f"{name.replace('_', ' ')} {_said(value)}" for name, value in options.items() if name != "version")
    return ", ".join(text for text, value in zip(said, _without(options), strict=True) if value not in (None, "", 0))


def _without(options: Mapping[str, Any]) -> Iterator[Any]:
    return (value for name, value in options.items() if name != "version")


def _said(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={each}" for name, each in value.items())
    return str(value)


def told_stint(stint: Stint) -> Iterator[tuple[str, Cell]]:
    """One process's work on a run: what, from when till when, and by whom."""
    yield "Work", f"{stint.number}: {stint.what}"
    yield "Begun (UTC)", stint.started
    yield "Ended (UTC)", stint.ended or "not over when this was written"
    yield from stint.by.told()


def facts_of_work(by: By) -> list[tuple[str, str]]:
    """The Run sheet of a result that no run is behind: who wrote it, from when till now; nothing where nobody says."""
    if by == NOBODY:
        return []
    instance = by.profile if by.profile in ("", SANDBOX) else f"{by.profile} ({by.instance})"
    ended = datetime.now(UTC).isoformat(timespec="milliseconds")
    times = [("Started (UTC)", by.since), ("Ended (UTC)", ended)]
    return [*([("Instance", instance)] if instance else ()), *times, *by.told()]
