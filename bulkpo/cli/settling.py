"""`bulkpo settle`: a person decides what became of an order that no look-up can settle."""

import click

from bulkpo.cli.common import Whole, json_option, run_number
from bulkpo.cli.console import Console
from bulkpo.errors import UsageError
from bulkpo.workspace.importing import settle
from bulkpo.workspace.requests import SettleRequest


@click.command("settle")
@click.argument("run", type=run_number)
@click.option("--order", "key", metavar="KEY", required=True, help="The order's number.")
@click.option("--created", type=Whole(min=1), metavar="ID", help="It is in Coupa, under this id.")
@click.option("--not-made", is_flag=True, help="It is not in Coupa: `bulkpo resume` sends it.")
@json_option
def settle_command(run: int, key: str, *, created: int | None, not_made: bool, as_json: bool) -> int:
    """Say what became of an order of RUN whose outcome is unknown, after looking in Coupa.

    That is for an order which `bulkpo resume` cannot settle, such as one that Coupa says it took and does not show,
    or one that it refused as taken and has with the very content that was sent: where nobody else imports these, the
    network sent it twice, and --created makes it this run's, to be issued or undone with the others.
    What you say is noted in the journal. An id is looked up first, and must have the order's number; an order that was
    not made is sent when the run goes on, unless its number has turned up by then.

    \b
    Examples:
      bulkpo settle 12 --order 0004711 --created 5021
      bulkpo settle 12 --order 0004711 --not-made
    """
    if (created is None) is not not_made:
        raise UsageError("say either --created ID or --not-made")
    console = Console(as_json)
    settled = settle(SettleRequest(run, key, created))
    entry = settled.entry
    under = f" under the id {entry.coupa_id}" if entry.coupa_id is not None else ""
    console.say(f"Noted: order {entry.key} of run {entry.run} is {entry.state}{under}")
    console.say(f"  {settled.unknown:,} of the run {'is' if settled.unknown == 1 else 'are'} still unknown")
    console.say(f"To go on: bulkpo resume {entry.run}")
    console.result(settled.as_json())
    return 0
