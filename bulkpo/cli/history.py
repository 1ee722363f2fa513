"""`bulkpo runs` and `bulkpo show`: what was done, and what became of each order."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import Console, json_option
from bulkpo.cli.instance import open_journal
from bulkpo.cli.render import plural, table, ways_table
from bulkpo.errors import UsageError

if TYPE_CHECKING:
    from bulkpo.journal.records import Entry, Run
    from bulkpo.journal.store import Journal

MOST_RUNS = 20
_MOST_LISTED = 20


@click.command("runs")
@click.option("--all", "all_runs", is_flag=True, help=f"List all runs, not only the last {MOST_RUNS}.")
@click.option("--prune", type=int, metavar="RUN", help="Forget a run that is done, with all it kept.")
@json_option
def runs_command(*, all_runs: bool, prune: int | None, as_json: bool) -> None:
    """List the runs of this folder, the last one first.

    \b
    Examples:
      bulkpo runs
      bulkpo runs --prune 3
    """
    console = Console(as_json)
    with open_journal() as journal:
        if prune is not None:
            _prune(journal, prune)
            console.say(f"Run {prune} is forgotten")
        known = journal.runs()
        shown = known if all_runs else known[:MOST_RUNS]
        rows = [
            (str(run.id), _when(run.started), run.status, run.mapping, Path(run.input_file).name, run.profile)
            for run in shown
        ]
        for line in table(("Run", "Started (UTC)", "Status", "Mapping", "File", "Instance"), rows, right=(0,)):
            console.say(line)
        if len(known) > len(shown):
            console.say(f"  and {len(known) - len(shown)} older; --all lists them")
        console.result({"runs": [_run_json(journal, run) for run in shown]})


@click.command("show")
@click.argument("run", type=int, required=False)
@click.option("--order", "key", metavar="KEY", help="Show all that happened to one order.")
@json_option
def show_command(run: int | None, key: str | None, *, as_json: bool) -> None:
    """Show what RUN came to, or the last run; with --order, what was sent of one order and what came back.

    \b
    Examples:
      bulkpo show
      bulkpo show 12 --order 0004711
    """
    console = Console(as_json)
    with open_journal() as journal:
        known = journal.run(run) if run is not None else _last(journal)
        if key is None:
            _show_run(console, journal, known)
        else:
            _show_order(console, journal, known, key)


def _show_run(console: Console, journal: "Journal", run: "Run") -> None:
    from bulkpo.runs.imports.totals import ControlTotals
    from bulkpo.states import State

    console.say(f"Run {run.id}, {run.status}: {run.kind} of {run.input_file}")
    console.say(f"  by mapping {run.mapping} into {run.profile} ({run.url})")
    console.say(f"  started {_when(run.started)}" + (f", ended {_when(run.ended)}" if run.ended else "") + " UTC")
    counts = journal.counts(run.id)
    for state, count in counts.items():
        if count:
            console.say(f"  {plural(count, 'order')} {state}")
    totals = json.loads(run.summary).get("totals", []) if run.summary else []
    for line in ways_table(ControlTotals.from_json(totals).by_currency()) if totals else ():
        console.say(line)
    troubled = journal.entries(run.id, [State.REFUSED, State.UNKNOWN, State.DIFFERS])
    for entry, _ in zip(troubled, range(_MOST_LISTED), strict=False):
        console.say(f"  {entry.key} (row {entry.row}) {entry.state}: {entry.message}")
    console.result(_run_json(journal, run))


def _show_order(console: Console, journal: "Journal", run: "Run", key: str) -> None:
    entry = journal.entry(run.id, key)
    if entry is None:
        raise UsageError(f"run {run.id} has no order {key!r}; an order with errors in the file is not part of a run")
    console.say(f"Order {entry.key} of run {run.id}: {entry.state}, {plural(entry.attempts, 'attempt')}")
    if entry.coupa_id is not None:
        console.say(f"  id in Coupa: {entry.coupa_id}")
    happenings = journal.happenings(entry)
    for each in happenings:
        console.say(f"  {_when(each.at)} {each.event} → {each.state} {each.detail}".rstrip())
        if each.sent:
            console.say(f"    sent: {each.sent.decode('utf-8', 'replace')}")
    console.result(
        {
            **_entry_json(entry),
            "history": [{**asdict(each), "sent": each.sent.decode("utf-8", "replace")} for each in happenings],
        }
    )


def _run_json(journal: "Journal", run: "Run") -> dict[str, object]:
    counts = {str(state): count for state, count in journal.counts(run.id).items()}
    return {**asdict(run), "options": json.loads(run.options), "summary": json.loads(run.summary or "{}"), **counts}


def _entry_json(entry: "Entry") -> dict[str, object]:
    return asdict(entry)


def _prune(journal: "Journal", number: int) -> None:
    from bulkpo.journal.records import RunStatus

    run = journal.run(number)
    if run.status is not RunStatus.DONE:
        raise UsageError(
            f"run {number} is not done; `bulkpo resume {number}` first, or its orders could be lost track of"
        )
    journal.prune(number)


def _last(journal: "Journal") -> "Run":
    runs = journal.runs()
    if not runs:
        raise UsageError(f"there are no runs in {journal.path}; `bulkpo import` makes one")
    return runs[0]


def _when(moment: str) -> str:
    """An ISO time to the second, as people read it."""
    return moment[:19].replace("T", " ")
