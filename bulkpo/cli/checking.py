"""`bulkpo check` and `bulkpo preview`: look before anything is sent."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import Console, Counter, element_tables, existing_file, json_option
from bulkpo.cli.render import findings_lines, plural, totals_table

if TYPE_CHECKING:
    from bulkpo.runs.check import Checked
    from bulkpo.runs.mapped import MappedFile


@click.command("check")
@click.argument("mapping", type=existing_file)
@click.argument("file", type=existing_file)
@click.option("--report", type=click.Path(path_type=Path), help="Write every finding to a .xlsx, .csv or .jsonl file.")
@json_option
def check_command(mapping: Path, file: Path, report: Path | None, *, as_json: bool) -> int:
    """Check FILE by MAPPING, every cell, and send nothing.

    \b
    Examples:
      bulkpo check mappings/import/oracle-ebs.yaml orders.xlsx
      bulkpo check mappings/import/oracle-ebs.yaml orders.xlsx --report findings.xlsx

    Exit code 0 if every order is clean, 1 if some have errors.
    """
    from bulkpo.runs.findings_report import write_findings

    console = Console(as_json)
    mapped, checked = check_file(mapping, file)
    say_checked(console, mapped, checked)
    if report is not None:
        write_findings(report, checked.findings, mapped.source)
        console.say(f"\nEvery finding is in {report}")
    console.result({**checked.as_json(), "report": str(report) if report else None})
    return 1 if checked.failed or checked.errors else 0


@click.command("preview")
@click.argument("mapping", type=existing_file)
@click.argument("file", type=existing_file)
@click.option("-n", "--orders", default=1, show_default=True, help="How many orders to show.")
@click.option("--form", type=click.Choice(["xml", "json"]), default="xml", show_default=True, help="XML or JSON.")
def preview_command(mapping: Path, file: Path, orders: int, form: str) -> int:
    """Show the first clean orders of FILE as they would be sent.

    \b
    Example:
      bulkpo preview mappings/import/oracle-ebs.yaml orders.xlsx -n 2
    """
    from bulkpo.runs.preview import previews

    mapped, checked = check_file(mapping, file)
    for text in previews(mapped, checked, orders, form):
        click.echo(text)
    if checked.failed:
        click.echo(f"{plural(checked.failed, 'order')} with errors not shown; bulkpo check tells why", err=True)
    return 1 if checked.failed else 0


def check_file(mapping: Path, file: Path) -> "tuple[MappedFile, Checked]":
    """Open a file by a mapping and check it, counting on the terminal."""
    from bulkpo.runs.check import check
    from bulkpo.runs.mapped import open_mapped

    mapped = open_mapped(mapping, file, element_tables())
    counter = Counter("rows checked")
    checked = check(mapped, counter)
    counter.done()
    return mapped, checked


def say_checked(console: Console, mapped: "MappedFile", checked: "Checked") -> None:
    """What a check found, in words."""
    source = mapped.source
    sheet = f", sheet {source.sheet}" if source.sheet else ""
    console.say(f"{source.file}{sheet}, read by {mapped.mapping.file}")
    console.say(f"  {plural(checked.rows, 'row')} read")
    for reason, rows in checked.skipped.items():
        console.say(f"  {plural(len(rows), 'row')} skipped: {reason}")
    console.say(
        f"  {plural(checked.documents, 'order')} with {plural(checked.lines, 'line')}: "
        f"{checked.ok:,} clean, {checked.failed:,} with errors"
    )
    if checked.totals:
        console.say("\nTotals of the clean orders")
        for line in totals_table(checked.totals):
            console.say(line)
    if checked.findings:
        errors, notices = len(checked.errors), len(checked.notices)
        console.say(f"\n{plural(errors, 'error')}, {plural(notices, 'notice')}")
        for line in findings_lines(checked.findings, source):
            console.say(line)
