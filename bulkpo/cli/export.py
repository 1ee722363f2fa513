"""`bulkpo export`: what Coupa can answer, as a workbook."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import at_terminal, json_option, to_option
from bulkpo.cli.console import Console, copy_out
from bulkpo.cli.render import plural
from bulkpo.errors import UsageError
from bulkpo.workspace.editing import export_to_edit
from bulkpo.workspace.exporting import exported
from bulkpo.workspace.requests import ExportRequest, Selection

if TYPE_CHECKING:
    from bulkpo.runs.editing.export import EditableExport
    from bulkpo.runs.exports.run import ExportResult


@click.command("export")
@click.argument("what", metavar="MAPPING|RESOURCE")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file: .xlsx, .csv, .tsv, .jsonl or .parquet; - for CSV to standard output.",
)
@click.option("--where", multiple=True, metavar="CONDITION", help="A condition, as in 'status[in]=issued,closed'.")
@click.option("--columns", default="", metavar="PATHS", help="Element paths with commas between them, or all.")
@click.option("--rows", default="", metavar="COLLECTION", help="The collection whose members are rows.")
@click.option(
    "--time-zone", metavar="ZONE", help="The time zone of dates in conditions and file, such as Europe/Berlin."
)
@click.option("--set", "parameters", multiple=True, metavar="NAME=VALUE", help="A value for ${NAME} in the mapping.")
@click.option("--editable", is_flag=True, help="Write a workbook to edit: `bulkpo update` brings back what changed.")
@click.option("--fresh", is_flag=True, help="Read everything anew, even where an interrupted export could go on.")
@click.option("--any-value", is_flag=True, help="Ask for values as they are written, even if they look like slips.")
@to_option
@json_option
def export_command(  # noqa: PLR0913 - a command's options
    *,
    what: str,
    output: Path | None,
    where: tuple[str, ...],
    columns: str,
    rows: str,
    time_zone: str | None,
    parameters: tuple[str, ...],
    editable: bool,
    fresh: bool,
    any_value: bool,
    profile_name: str,
    as_json: bool,
) -> int:
    """Export what a mapping asks for, or a resource with conditions and columns of your own.

    \b
    Examples:
      bulkpo export mappings/export/open-orders.yaml -o open-orders.xlsx
      bulkpo export mappings/export/recently-changed.yaml --set since=2026-01-01
      bulkpo export purchase_orders --where 'status[in]=issued,closed' \\
          --columns po-number,supplier/name,order-lines/line-num \\
          --rows order-lines --time-zone Europe/Berlin -o open.xlsx
      bulkpo export mappings/export/grni.yaml -o "grni-{date}.xlsx"

    A name may hold {date}, or {date:%Y-%m}: the day of the export, in the mapping's time zone.

    Conditions are Coupa's own and can be pasted from an address. The same command goes on with an interrupted export.
    """
    asked = _asked(what, where, columns, rows, time_zone)
    given, is_piped = _given(parameters), output is not None and str(output) == "-"
    if is_piped and (as_json or editable):
        raise UsageError("-o - writes the rows to standard output; leave --json and --editable out, or name a file")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "export.csv" if is_piped else output
        request = ExportRequest(asked, file, profile_name, given, fresh, any_value, keeps=not is_piped)
        return _export(Console(as_json or is_piped), request, is_piped=is_piped, editable=editable)


def _export(console: Console, request: ExportRequest, *, is_piped: bool, editable: bool) -> int:
    with at_terminal(console) as session:
        if editable:
            _say_editable(console, export_to_edit(request, session))
            return 0
        with exported(request, session) as result:
            if is_piped:
                copy_out(result.file)
            else:
                _say(console, result)
            return result.exit_code


def _asked(what: str, where: tuple[str, ...], columns: str, rows: str, time_zone: str | None) -> Path | Selection:
    """What is to be exported: what a mapping file says, or a resource with conditions and columns."""
    if not what.lower().endswith((".yaml", ".yml")):
        paths = tuple(path.strip() for path in columns.split(",")) if columns else ("all",)
        return Selection(what, where, paths, rows, time_zone)
    if where or columns or rows or time_zone is not None:
        raise UsageError(
            "--where, --columns, --rows and --time-zone go with a resource's name; a mapping file says them itself"
        )
    return Path(what)


def _say(console: Console, result: "ExportResult") -> None:
    for notice in result.notices:
        console.say(f"  note: {notice}")
    console.say(
        f"{plural(result.documents, 'document')}, {plural(result.rows, 'row')} in {result.file} "
        f"({plural(result.requests, 'request')}, {result.seconds:.1f} s)"
    )
    console.result(result.as_json())


def _say_editable(console: Console, result: "EditableExport") -> None:
    console.say(f"{plural(result.documents, 'document')}, {plural(result.rows, 'row')} to edit in {result.file}")
    console.say(f"  {', '.join(result.editable) or 'no column'} can be edited; what is grey cannot")
    console.say(f"To bring back what you changed: bulkpo update {result.file}")
    told = {"documents": result.documents, "rows": result.rows, "file": str(result.file)}
    console.result({**told, "editable": list(result.editable)})


def _given(parameters: Sequence[str]) -> dict[str, str]:
    given = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--set {parameter!r}: write it as NAME=VALUE, as in since=2026-01-01")
        given[name.strip()] = value
    return given
