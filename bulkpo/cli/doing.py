"""`bulkpo do`: close, cancel, issue, reopen or release the orders of a list."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from bulkpo.cli.common import at_terminal, existing_file, json_option, run_number, to_option
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural
from bulkpo.errors import UsageError
from bulkpo.workspace.doing import do
from bulkpo.workspace.requests import DoRequest

if TYPE_CHECKING:
    from bulkpo.runs.doing.outcome import Done, DoResult

_ACTIONS = ("close", "cancel", "issue", "issue-without-send", "reopen", "release")
_WORDS = ("done", "already", "held back", "left", "unknown", "waiting")
_TOLD = ("held back", "left", "unknown")
_MOST_LISTED = 20


class _Given(TypedDict):
    """The options as click reads them."""

    column: str | None
    sheet: str | None
    where: tuple[str, ...]
    run: int | None
    hard: bool
    reason: str
    comment: str
    send_to_suppliers: bool
    is_dry: bool
    output: Path | None
    profile_name: str
    is_sure: bool
    as_json: bool


@click.command("do")
@click.argument("action", type=click.Choice(_ACTIONS))
@click.argument("file", type=existing_file, required=False)
@click.option("--column", metavar="TITLE", help="The column of FILE that has the numbers or ids.")
@click.option("--sheet", metavar="NAME", help="The sheet of FILE it is on; the first if left out.")
@click.option("--where", multiple=True, metavar="CONDITION", help="A condition, as in 'status=issued'.")
@click.option("--run", type=run_number, metavar="RUN", help="The orders that an earlier run created.")
@click.option("--hard", is_flag=True, help="With close: close for good, not softly.")
@click.option("--reason", default="", metavar="CODE", help="With reopen: the code of a reason that Coupa knows.")
@click.option("--comment", default="", metavar="TEXT", help="With reopen: a comment beside the reason.")
@click.option("--send-to-suppliers", is_flag=True, help="Issue and release orders too that are not do_not_transmit.")
@click.option("--dry-run", "is_dry", is_flag=True, help="List them, and do nothing.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file of results: .xlsx, .csv, .tsv, .jsonl, .parquet."
)
@to_option
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask before doing it in a real instance.")
@json_option
def do_command(action: str, file: Path | None, **given: Unpack[_Given]) -> int:
    """Do ACTION with orders that are in Coupa: those of FILE, those that meet conditions, or those of a run.

    They are listed first, with what their status does not allow held back, and nothing is done unless it is confirmed.
    Each is done exactly once: whatever interrupts it, `bulkpo resume` goes on. The results are written beside FILE.

    \b
    Examples:
      bulkpo do close old-orders.xlsx --column "PO Number"
      bulkpo do cancel --run 12
      bulkpo do issue-without-send --where status=draft --to production --dry-run

    FILE is a spreadsheet, a CSV file or a plain list. `close` takes issued orders and closes them softly; `close
    --hard` closes issued and soft-closed ones for good.
    """
    if given["hard"] and action != "close":
        raise UsageError("--hard goes with close")
    console = Console(given["as_json"])
    request = DoRequest(
        "close --hard" if given["hard"] else action,
        file,
        given["where"],
        given["run"],
        given["column"],
        given["sheet"],
        given["profile_name"],
        given["reason"],
        given["comment"],
        given["send_to_suppliers"],
        given["is_dry"],
        given["output"],
    )
    with at_terminal(console, is_sure=given["is_sure"]) as session:
        listing, result = do(request, session)
    if result is None:
        console.say("Nothing was done" if given["is_dry"] else "There is nothing to do")
        console.result(listing.as_json())
        return listing.exit_code
    return tell_done(console, result)


def tell_done(console: Console, result: "DoResult") -> int:
    """Say what a run came to; gives its exit code."""
    counts = [(word, [each for each in result.outcomes if each.became == word]) for word in _WORDS]
    said = ", ".join(f"{len(some):,} {result.done if word == 'done' else word}" for word, some in counts if some)
    console.say(f"\nRun {result.run}: {said} ({plural(result.requests, 'request')}, {result.seconds:.1f} s)")
    for word, some in counts:
        if word in _TOLD:
            _say_troubled(console, word, some)
    console.say(f"Result: {result.result}")
    if result.trouble is not None:
        console.complain(result.trouble)
    if not result.is_over:
        console.say(f"To go on: bulkpo resume {result.run}")
    console.result(result.as_json())
    return result.exit_code


def _say_troubled(console: Console, word: str, some: "list[Done]") -> None:
    for each in some[:_MOST_LISTED]:
        console.say(f"  {word}: {each.key}: {each.message or 'no answer came; it may be done'}")
    left = len(some) - _MOST_LISTED
    if left > 0:
        console.say(f"  and {left:,} more {word}; the result file has them all")
