"""`bulkpo schema`: what editors complete, explain and check while a mapping is written."""

from pathlib import Path
from typing import Literal

import click

from bulkpo.cli.common import json_option
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural
from bulkpo.workspace.editors import SchemaRequest, write_schema

_file = click.Path(path_type=Path)


@click.command("schema")
@click.option("--resource", default="purchase_orders", show_default=True, help="The resource the mappings are for.")
@click.option(
    "--for",
    "way",
    type=click.Choice(["import", "export"]),
    default="import",
    show_default=True,
    help="Whether the mappings import or export.",
)
@click.option(
    "--mode",
    type=click.Choice(["create", "update", "upsert"]),
    default="create",
    show_default=True,
    help="The mode of the mappings that import.",
)
@click.option("--from", "instance", type=_file, metavar="INSTANCE", help="The instance's file, with its custom fields.")
@click.option("--to", "profile_name", metavar="NAME", help="Ask this instance for its units, suppliers and the like.")
@click.option("-o", "--output", type=_file, metavar="FILE", help="The file; left out, RESOURCE.import.schema.json.")
@json_option
def schema_command(  # noqa: PLR0913 - a command's options
    *,
    resource: str,
    way: Literal["import", "export"],
    mode: Literal["create", "update", "upsert"],
    instance: Path | None,
    profile_name: str | None,
    output: Path | None,
    as_json: bool,
) -> int:
    """Write a JSON schema by which editors complete element paths, tell what they mean, and mark slips.

    The editor finds it by the first line of a mapping, which is shown. --from adds the instance's custom fields; --to
    asks the instance for what constants can be: its units, currencies, payment terms and all else of which it has no
    more than 200.

    \b
    Examples:
      bulkpo schema
      bulkpo schema --for export -o orders-export.schema.json
      bulkpo schema --from instances/acme.yaml --to production -o acme.schema.json
    """
    console = Console(as_json)
    file = output or Path(f"{resource.replace('/', '-')}.{way}.schema.json")
    written = write_schema(SchemaRequest(file, resource, way, mode, instance, profile_name))
    console.say(f"{written.file}: {plural(written.paths, 'element path')} of {resource}, for mappings that {way}")
    if profile_name is not None:
        console.say(f"Of {written.listed:,} of them it has what the instance of {profile_name} has")
        for path, reason in sorted(written.left.items()):
            console.say(f"  not of {path}: {reason}")
    console.say("\nThe first line of a mapping in the same folder is then:")
    console.say(f"  {written.line_for(written.file.with_name('mapping.yaml'))}")
    console.result(written.as_json())
    return 0
