"""`bulkpo template`: a workbook to fill in, that knows its mapping."""

from pathlib import Path

import click

from bulkpo.cli.common import existing_file, json_option, to_option
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural
from bulkpo.errors import UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.templates import TemplateRequest, WrittenTemplate, write_template


@click.command("template")
@click.argument("mapping", type=existing_file, required=False)
@click.option("--resource", metavar="R", help="Without a mapping: the resource whose usual columns it has.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The file, .xlsx.")
@to_option
@click.option("--no-lists", is_flag=True, help="Ask no instance for lists to choose from.")
@click.option("--time-zone", metavar="ZONE", help="The time zone dates are meant in, such as Europe/Berlin.")
@json_option
def template_command(  # noqa: PLR0913 - a command's options
    *,
    mapping: Path | None,
    resource: str | None,
    output: Path | None,
    profile_name: str,
    no_lists: bool,
    time_zone: str | None,
    as_json: bool,
) -> int:
    """Write a workbook to fill in: by MAPPING, or with the usual columns of a resource.

    What must be filled is marked; each heading has a note, each column its format, its limits and, from the instance of
    --to, a list to choose from. `bulkpo check FILE` knows the mapping, and says when that has changed since.

    \b
    Examples:
      bulkpo template mappings/import/legacy-orders.yaml -o to-fill-in.xlsx
      bulkpo template orders.yaml -o to-fill-in.xlsx --to production
      bulkpo template --resource purchase_orders --time-zone Europe/Berlin -o new-orders.xlsx
      bulkpo check to-fill-in.xlsx
    """
    console = Console(as_json)
    if (mapping is None) == (resource is None):
        raise UsageError("name a mapping, or a resource by --resource, one of the two")
    name = mapping.stem if mapping is not None else str(resource).replace("/", "-")
    file = output or Path(f"{name}.template.xlsx")
    to = None if no_lists else profile_name
    written = write_template(TemplateRequest(file, mapping, resource or "purchase_orders", to, time_zone))
    _say(console, written, is_sandbox=profile_name == SANDBOX)
    console.result(written.as_json())
    return 0


def _say(console: Console, written: WrittenTemplate, *, is_sandbox: bool) -> None:
    needed = "all" if written.required == written.columns else f"{written.required:,}"
    console.say(f"{written.file}: {plural(written.columns, 'column')}, {needed} of which must be filled in")
    if written.lists:
        shown = ", ".join(f"{title} ({count:,})" for title, count in written.lists.items())
        console.say(f"Lists to choose from: {shown}")
    if written.instance:
        more = "; --to NAME takes those of your own" if is_sandbox else ""
        console.say(f"What was asked of an instance was asked of {written.instance}{more}")
    for path, reason in written.left.items():
        console.say(f"No list for {path}: {reason}")
    console.say(f"\nWhen it is filled in: bulkpo check {written.file}")
