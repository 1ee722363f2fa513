"""`bulkpo update`: what was edited in an exported workbook, back into Coupa."""

from pathlib import Path
from typing import Literal

import click

from bulkpo.cli.common import at_terminal, existing_file, json_option, to_option
from bulkpo.cli.console import Console
from bulkpo.cli.import_result import say_result
from bulkpo.cli.importing import tell_plan
from bulkpo.workspace.editing import plan_update, update
from bulkpo.workspace.requests import UpdateRequest


@click.command("update")
@click.argument("workbook", type=existing_file)
@to_option
@click.option(
    "--on-conflict",
    type=click.Choice(["skip", "theirs", "mine"]),
    default="skip",
    show_default=True,
    help="What to do about a cell that somebody else has changed in Coupa since the export.",
)
@click.option("--upsert", is_flag=True, help="Rows that were added make new orders, and new lines of those there.")
@click.option(
    "--moved",
    type=click.Choice(["refuse", "take"]),
    default="refuse",
    show_default=True,
    help="What to do about columns whose values only moved to other rows, as by sorting them alone.",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Show what would change, and send nothing.")
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what would happen as a workbook to approve, for `bulkpo apply`; send nothing.",
)
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask before sending to a real instance.")
@json_option
def update_command(  # noqa: PLR0913 - a command's options
    *,
    workbook: Path,
    profile_name: str,
    on_conflict: Literal["skip", "theirs", "mine"],
    upsert: bool,
    moved: Literal["refuse", "take"],
    is_dry: bool,
    plan_file: Path | None,
    is_sure: bool,
    as_json: bool,
) -> int:
    """Bring what was edited in WORKBOOK, which `export --editable` wrote, back into Coupa.

    What would change is shown cell by cell, and sent once it is confirmed. An emptied cell empties its element; rows
    that are gone change nothing, rows that were added are told and left. With --upsert those are added: a new number
    makes a new order, a known one with a new line number a new line. Rows and columns may be sorted, hidden or moved,
    but no columns sorted without the rest of their rows. Whatever interrupts it, `bulkpo resume` goes on; `bulkpo undo`
    puts the old values back.

    \b
    Examples:
      bulkpo export mappings/export/open-orders.yaml --editable -o orders.xlsx
      bulkpo update orders.xlsx
    """
    console = Console(as_json)
    request = UpdateRequest(workbook, profile_name, on_conflict, is_dry, upsert, moved)
    with at_terminal(console, is_sure=is_sure) as session:
        if plan_file is not None:
            return tell_plan(console, *plan_update(request, plan_file, session))
        outcome = update(request, session)
    if not outcome.runs:
        console.say("Nothing was sent")
    for each in outcome.runs:
        say_result(console, each)
    console.result(outcome.as_json())
    return outcome.exit_code
