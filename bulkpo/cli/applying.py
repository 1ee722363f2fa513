"""`bulkpo apply`: what a plan says, exactly, or nothing."""

from pathlib import Path

import click

from bulkpo.cli.common import at_terminal, existing_file, json_option, to_option
from bulkpo.cli.console import Console
from bulkpo.cli.import_result import tell
from bulkpo.workspace.approving import apply
from bulkpo.workspace.requests import ApplyRequest


@click.command("apply")
@click.argument("plan", type=existing_file)
@to_option
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask before sending to a real instance.")
@json_option
def apply_command(*, plan: Path, profile_name: str, is_sure: bool, as_json: bool) -> int:
    """Do exactly what PLAN says, a workbook that `import --plan` or `update --plan` wrote.

    It is refused if the file, the mapping or what is in Coupa changed since. Who approved it, and on which day, is read
    from its marked cells and kept with the run; `bulkpo show` tells it.

    \b
    Examples:
      bulkpo import prices.yaml prices.xlsx --plan plan.xlsx
      bulkpo apply plan.xlsx
    """
    console = Console(as_json)
    with at_terminal(console, is_sure=is_sure) as session:
        return tell(console, apply(ApplyRequest(plan, profile_name), session))
