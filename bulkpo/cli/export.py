"""`bulkpo export`: what Coupa can answer, as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bulkpo.cli.common import Console, Counter, element_tables, json_option, to_option
from bulkpo.cli.instance import folder_here, open_client
from bulkpo.cli.render import plural
from bulkpo.errors import InputError, UsageError

if TYPE_CHECKING:
    from bulkpo.mapping.language.export import ExportContext, ExportMapping
    from bulkpo.runs.exports.run import ExportResult
    from bulkpo.settings import Profile


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for: a mapping file, or a resource with conditions and columns."""

    what: str
    where: tuple[str, ...]
    columns: str
    rows: str


@click.command("export")
@click.argument("what", metavar="MAPPING|RESOURCE")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file: .xlsx, .csv, .tsv, .jsonl or .parquet."
)
@click.option("--where", multiple=True, metavar="CONDITION", help="A condition, as in 'status[in]=issued,closed'.")
@click.option("--columns", default="", metavar="PATHS", help="Element paths with commas between them, or all.")
@click.option("--rows", default="", metavar="COLLECTION", help="The collection whose members are rows.")
@click.option("--set", "parameters", multiple=True, metavar="NAME=VALUE", help="A value for ${NAME} in the mapping.")
@click.option("--fresh", is_flag=True, help="Read everything anew, even where an interrupted export could go on.")
@to_option
@json_option
def export_command(  # noqa: PLR0913 - a command's options
    *,
    what: str,
    output: Path | None,
    where: tuple[str, ...],
    columns: str,
    rows: str,
    parameters: tuple[str, ...],
    fresh: bool,
    profile_name: str,
    as_json: bool,
) -> int:
    """Export what a mapping asks for, or a resource with conditions and columns of your own.

    \b
    Examples:
      bulkpo export mappings/export/open-orders.yaml -o open-orders.xlsx
      bulkpo export mappings/export/recently-changed.yaml --set since=2026-01-01
      bulkpo export purchase_orders --where 'status[in]=issued,closed' \\
          --columns po-number,supplier/name,order-lines/line-num --rows order-lines -o open.xlsx

    Conditions are Coupa's own and can be pasted from an address. The same command goes on with an interrupted export.
    """
    from bulkpo.runs.exports.run import ExportOptions, export

    console = Console(as_json)
    with open_client(profile_name) as (profile, client):
        context = _context(parameters, profile)
        mapping = _mapping(Asked(what, where, columns, rows), context)
        console.say(f"Reading {mapping.resource.name} of {profile}")
        for clause in mapping.clauses:
            console.say(f"  where {clause}")
        counter = Counter("documents read")
        options = ExportOptions(folder_here(), context.now, counter, fresh=fresh)
        result = export(mapping, client, output or Path(f"{mapping.name}.xlsx"), options)
        counter.done()
    _say(console, result)
    return 0


def _say(console: Console, result: "ExportResult") -> None:
    for notice in result.notices:
        console.say(f"  note: {notice}")
    console.say(
        f"{plural(result.documents, 'document')}, {plural(result.rows, 'row')} in {result.file} "
        f"({plural(result.requests, 'request')}, {result.seconds:.1f} s)"
    )
    console.result(result.as_json())


def _context(parameters: Sequence[str], profile: "Profile") -> "ExportContext":
    from bulkpo.mapping.language.export import ExportContext
    from bulkpo.shipped import schema_text

    given = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--set {parameter!r}: write it as NAME=VALUE, as in since=2026-01-01")
        given[name.strip()] = value.strip()
    zone = ZoneInfo(profile.time_zone) if profile.time_zone else None
    return ExportContext(element_tables(), schema_text, given, datetime.now(zone or UTC), zone)


def _mapping(asked: Asked, context: "ExportContext") -> "ExportMapping":
    from bulkpo.mapping.language.export import export_of, load_export

    if asked.what.lower().endswith((".yaml", ".yml")):
        if asked.where or asked.columns or asked.rows:
            raise UsageError("--where, --columns and --rows go with a resource's name; a mapping file has its own")
        try:
            text = Path(asked.what).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{asked.what}: cannot be read: {error}") from None
        return load_export(text, asked.what, context)
    data = {
        "name": asked.what.replace("/", "-"),
        "resource": asked.what,
        "where": list(asked.where),
        "rows": asked.rows,
        "columns": [path.strip() for path in asked.columns.split(",")] if asked.columns else ["all"],
    }
    return export_of(data, context)
