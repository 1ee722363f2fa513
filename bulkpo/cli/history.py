"""`bulkpo runs` and `bulkpo show`: what was done, and what became of each order."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import json_option, run_number
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural, reasons_lines, row_ranges, sign_off_lines, status_lines, table, ways_table
from bulkpo.workspace.history import abandon_run, list_runs, prune_run, show_order, show_run

if TYPE_CHECKING:
    from bulkpo.runs.imports.abandon import Abandoned
    from bulkpo.workspace.results import OrderSeen, RunSeen

_MOST_RUNS = 20
_MOST_LISTED = 20
_MOST_ROWS = 5


@click.command("runs")
@click.option("--all", "all_runs", is_flag=True, help=f"List all runs, not only the last {_MOST_RUNS}.")
@click.option(
    "--prune", "forgotten", type=run_number, metavar="RUN", help="Forget a run that is over, with all it kept."
)
@click.option(
    "--abandon",
    "abandoned",
    type=run_number,
    metavar="RUN",
    help="End a run that is not done; says what is unknown.",
)
@json_option
def runs_command(*, all_runs: bool, forgotten: int | None, abandoned: int | None, as_json: bool) -> None:
    """List the runs of this folder, the last one first.

    \b
    Examples:
      bulkpo runs
      bulkpo runs --prune 3
      bulkpo runs --abandon 4

    A run that was abandoned cannot be resumed; its file can be imported anew, and what is in Coupa already is not sent
    again.
    """
    console = Console(as_json)
    ended = None if abandoned is None else abandon_run(abandoned)
    if ended is not None:
        _say_abandoned(console, ended)
    if forgotten is not None:
        prune_run(forgotten)
        console.say(f"Run {forgotten} is forgotten")
    known = list_runs(None if all_runs else _MOST_RUNS)
    rows = [
        (
            str(seen.run.id),
            _when(seen.run.started),
            seen.status,
            _mapping_of(seen),
            _name_of(seen),
            seen.run.profile,
        )
        for seen in known.runs
    ]
    headings = ("Run", "Started (UTC)", "Status", "Mapping", "File", "Instance")
    console.show(table(headings, rows, right=(0,), width=console.width))
    if known.older:
        console.say(f"  and {known.older:,} older; --all lists them")
    told: dict[str, object] = {} if ended is None else {"abandoned": ended.as_json()}
    console.result({"runs": [seen.as_json() for seen in known.runs], **told})


def _mapping_of(seen: "RunSeen") -> str:
    """What a run went by: its mapping, with the command's name where that is another than import."""
    run = seen.run
    if run.options.task:
        return f"do {run.mapping}"
    return f"{seen.act} {run.mapping}" if run.options.edited else run.mapping


def _name_of(seen: "RunSeen") -> str:
    """The name of a run's file, or of the first of several."""
    names = list(dict.fromkeys(Path(each.file).name for each in seen.inputs)) or [
        Path(seen.run.options.edited or seen.run.input_file).name
    ]
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1:,} more"


def _say_abandoned(console: Console, ended: "Abandoned") -> None:
    noun = ended.kind.noun
    console.say(f"Run {ended.run.id} is abandoned: {noun.counted(ended.unsent)} of it not sent")
    if ended.unknown:
        console.say(f"  {noun.counted(len(ended.unknown))} may or may not be in {ended.run.profile}; look there:")
    for entry in ended.unknown[:_MOST_LISTED]:
        console.say(f"    {entry.key} (row {row_ranges([entry.row], 1)}): {entry.message or 'no answer is known'}")
    left = len(ended.unknown) - _MOST_LISTED
    if left > 0:
        console.say(f"    and {left:,} more; bulkpo show {ended.run.id} --json has them all")
    if ended.undecided:
        console.say(f"  {noun.counted(ended.undecided)} may or may not have been issued; look at their status there")


@click.command("show")
@click.argument("run", type=run_number, required=False)
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
    if key is None:
        _say_run(console, show_run(run))
    else:
        _say_order(console, show_order(key, run))


def _say_run(console: Console, seen: "RunSeen") -> None:
    run, kind = seen.run, seen.kind
    _say_origin(console, seen)
    console.say(f"  started {_when(run.started)}" + (f", ended {_when(run.ended)}" if run.ended else "") + " UTC")
    summary = run.summary
    if summary.approved_plan is not None:
        who, when = summary.approved_by or "nobody named", summary.approved_on or "no date"
        console.say(f"  from plan {summary.approved_plan[:12]}, approved by {who} on {when}")
    for state, count in (seen.acted or seen.counts).items():
        if count:
            console.say(f"  {kind.noun.counted(count)} {state}")
    if seen.totals is not None:
        console.show(ways_table(seen.totals.by_currency(), kind))
        for line in status_lines(seen.totals.statuses):
            console.say(line)
    if run.summary.sign_off is not None:
        console.show(sign_off_lines(run.summary.sign_off, kind))
    console.show(reasons_lines(seen.reasons, console.width, "--json has all"))
    for entry in seen.troubled[:_MOST_LISTED]:
        rows = seen.rows_of(entry)
        where = f"{'row' if len(rows) == 1 else 'rows'} {row_ranges(rows, _MOST_ROWS)}"
        where = ", ".join(filter(None, (seen.file_of(entry), where)))
        if run.options.edited:  # the rows are those of what was sent; the result has the workbook's beside each
            where = f"id {entry.coupa_id}" if entry.coupa_id is not None else "new"
        console.say(f"  {entry.key} ({where}) {entry.state}: {entry.message}")
    left = len(seen.troubled) - _MOST_LISTED
    if left > 0:
        beside = Path(run.options.edited or run.input_file).name
        beside = "each file" if seen.inputs else beside
        console.say(f"  and {left:,} more; --json has them all, and so has the result file beside {beside}")
    troubled = [{**asdict(entry), "rows": list(seen.rows_of(entry))} for entry in seen.troubled]
    console.result({**seen.as_json(), "troubled": troubled})


def _say_origin(console: Console, seen: "RunSeen") -> None:
    """What a run was, of what, and where."""
    run, task = seen.run, seen.run.options.task
    console.say(f"Run {run.id}, {seen.status}: {f'do {task}' if task else seen.act} of {seen.what}")
    console.say(f"  {'in' if task else f'by mapping {run.mapping} into'} {run.profile} ({run.url})")
    if run.options.edited:
        console.say(f"  what was edited in it is in {run.input_file}")


def _say_order(console: Console, seen: "OrderSeen") -> None:
    entry = seen.entry
    named = f"{seen.kind.noun.title} {entry.key}"
    console.say(f"{named} of run {entry.run}: {entry.state}, {plural(entry.attempts, 'attempt')}")
    if entry.coupa_id is not None:
        console.say(f"  id in Coupa: {entry.coupa_id}")
    for each in seen.happenings:
        console.say(f"  {_when(each.at)} {each.event} → {each.state} {each.detail}".rstrip())
        if each.sent:
            console.show([f"    sent: {each.sent.decode('utf-8', 'replace')}"])
    happened = [{**asdict(each), "sent": each.sent.decode("utf-8", "replace")} for each in seen.happenings]
    console.result({**asdict(entry), "history": happened})


def _when(moment: str) -> str:
    """An ISO time to the second, as people read it."""
    return moment[:19].replace("T", " ")
