"""`bulkpo undo`: cancel what a run created."""

from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import Console, json_option
from bulkpo.cli.instance import confirm, open_journal, open_target, stopping
from bulkpo.cli.render import plural

if TYPE_CHECKING:
    from bulkpo.runs.imports.undo import UndoResult


@click.command("undo")
@click.argument("run", type=int)
@click.option("--yes", is_flag=True, help="Do not ask before cancelling in a real instance.")
@json_option
def undo_command(run: int, *, yes: bool, as_json: bool) -> int:
    """Cancel the orders RUN created, but none that anybody has changed since.

    What is left is listed with the reason. If it is interrupted, the same command goes on.

    \b
    Example:
      bulkpo undo 12
    """
    from bulkpo.runs.imports.job import Desk
    from bulkpo.runs.imports.undo import undo
    from bulkpo.states import State

    console = Console(as_json)
    with open_journal() as journal:
        known = journal.run(run)
        created = journal.counts(run)[State.CREATED]
    with open_target(known.profile) as target:
        console.say(f"Cancelling what run {run} created in {target.profile}: {plural(created, 'order')}")
        confirm(target.profile, "cancel these orders", is_sure=yes)
        desk = Desk(target.client, target.journal)
        with stopping(desk.stop):
            result = undo(desk, run)
    _say(console, result)
    console.result(result.as_json())
    return result.exit_code


def _say(console: Console, result: "UndoResult") -> None:
    console.say(f"{plural(result.undone, 'order')} cancelled, {len(result.left):,} left, {result.waiting:,} to go")
    for order in result.left:
        console.say(f"  left: {order.key} (id {order.coupa_id}): {order.reason}")
    if result.trouble is not None:
        click.echo(f"bulkpo: {result.trouble}", err=True)
    if result.waiting:
        console.say(f"To go on: bulkpo undo {result.run}")
