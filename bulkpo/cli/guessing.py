"""`bulkpo guess`: from a spreadsheet to a mapping."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import existing_file, json_option
from bulkpo.cli.console import Console, write
from bulkpo.cli.render import plural, table
from bulkpo.workspace.drafting import guess
from bulkpo.workspace.requests import GuessRequest

if TYPE_CHECKING:
    from bulkpo.runs.drafting.guess import Drafted


@click.command("guess")
@click.argument("files", type=existing_file, nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="MAPPING", help="Write the mapping to a file.")
@click.option("--force", is_flag=True, help="Write over a mapping that is there.")
@click.option("--to", "profile_name", metavar="NAME", help="The profile whose time zone dates are meant in.")
@click.option("--time-zone", metavar="ZONE", help="The time zone dates are meant in, such as Europe/Berlin.")
@click.option("--resource", default="purchase_orders", show_default=True, help="The resource the file is loaded into.")
@json_option
def guess_command(  # noqa: PLR0913 - a command's options
    *,
    files: tuple[Path, ...],
    output: Path | None,
    force: bool,
    profile_name: str | None,
    time_zone: str | None,
    resource: str,
    as_json: bool,
) -> int:
    """Guess a mapping for FILE, with the reasons of each choice, and write it.

    \b
    Examples:
      bulkpo guess orders.xlsx -o orders.yaml
      bulkpo guess orders.csv --time-zone Europe/Berlin

    What is unsure is left undecided, and nothing is sent until it is decided in the mapping. What is money, the order's
    number, the currency and the order of dates are decided on two independent pieces of evidence only.

    Exit code 0 if everything is decided, 1 if something is not.
    """
    console = Console(as_json)
    drafted = guess(GuessRequest(files, output, profile_name, resource, time_zone, force))
    if not as_json and output is None:
        write(drafted.text, end="")
    else:
        _show(console, drafted)
    if output is not None:
        console.say(f"\n{output} is written; now: bulkpo check {output} {' '.join(map(str, files))}")
    console.result(drafted.as_json())
    return 1 if drafted.open else 0


def _show(console: Console, drafted: "Drafted") -> None:
    """What was guessed of each column, and why."""
    rows = []
    for column in drafted.guess.columns:
        what = " or ".join(column.paths) if column.paths else f"ignored: {column.block.get('ignore', '')}"
        rows.append(
            (column.title, what if column.use != "undecided" else f"{what}?", column.sure, "; ".join(column.reasons))
        )
    console.show(table(("Column", "Guessed", "", "Why"), rows, width=console.width))
    for reason in drafted.guess.reasons:
        console.say(reason)
    if drafted.open:
        console.say(f"\n{plural(drafted.open, 'thing')} left to decide: look for undecided in the mapping")
