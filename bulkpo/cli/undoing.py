"""`bulkpo undo`: cancel what a run created, and put back what it changed."""

from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import at_terminal, json_option, run_number
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural
from bulkpo.workspace.requests import UndoRequest
from bulkpo.workspace.undoing import undo

if TYPE_CHECKING:
    from bulkpo.runs.imports.undo import UndoResult


@click.command("undo")
@click.argument("run", type=run_number)
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask before cancelling in a real instance.")
@json_option
def undo_command(run: int, *, is_sure: bool, as_json: bool) -> int:
    """Cancel what RUN created and put back what it changed, but nothing that anybody has changed since.

    What is left is listed with the reason. If it is interrupted, the same command goes on. What became of each order is
    written beside the run's file as NAME.undone.xlsx, of several files as run-RUN.undone.xlsx.

    \b
    Example:
      bulkpo undo 12
    """
    console = Console(as_json)
    with at_terminal(console, is_sure=is_sure) as session:
        result = undo(UndoRequest(run), session)
    _say(console, result)
    console.result(result.as_json())
    return result.exit_code


def _say(console: Console, result: "UndoResult") -> None:
    now, before = result.undone - result.earlier, ""
    if result.earlier:
        before = f"{plural(result.earlier, 'order')} of run {result.run} cancelled or put back before"
    if before and not (now or result.left or result.waiting):
        console.say(f"Nothing left to undo: {before}")
    else:
        said = f"{plural(now, 'order')} cancelled or put back, {len(result.left):,} left, {result.waiting:,} to go"
        console.say(f"{said}; {before}" if before else said)
    for order in result.left:
        console.say(f"  left: {order.key} (id {order.coupa_id}): {order.reason}")
    if result.attachments:
        console.say(f"{plural(result.attachments, 'attachment')} of this run stay in Coupa, with their orders")
    if result.file is not None:
        console.say(f"Result: {result.file}")
    if result.trouble is not None:
        console.complain(result.trouble)
    if result.waiting:
        console.say(f"To go on: bulkpo undo {result.run}")
