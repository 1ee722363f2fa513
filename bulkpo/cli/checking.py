"""`bulkpo check` and `bulkpo preview`: look before anything is sent."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import Console, Counter, element_tables, existing_file, json_option
from bulkpo.cli.instance import find_profile, open_client
from bulkpo.cli.render import findings_lines, plural, totals_table
from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.runs.imports.plan import FilePlan
from bulkpo.runs.imports.preflight import preflight
from bulkpo.settings import Profile

if TYPE_CHECKING:
    from bulkpo.runs.checking.checked import Checked
    from bulkpo.runs.checking.mapped import MappedFile

_out = click.Path(path_type=Path)


@click.command("check")
@click.argument("mapping", type=existing_file)
@click.argument("file", type=existing_file)
@click.option("--report", type=_out, metavar="FILE", help="Write what was found to a .xlsx, .html, .csv or .json file.")
@click.option("--failed", type=_out, metavar="FILE", help="Write the orders with errors, whole, in FILE's own layout.")
@click.option("--to", "profile_name", metavar="NAME", help="Look up in this instance what the orders refer to, too.")
@json_option
def check_command(  # noqa: PLR0913 - a command's options
    *, mapping: Path, file: Path, report: Path | None, failed: Path | None, profile_name: str | None, as_json: bool
) -> int:
    """Check FILE by MAPPING, every cell, and send nothing.

    \b
    Examples:
      bulkpo check mappings/import/oracle-ebs.yaml orders.xlsx
      bulkpo check mappings/import/oracle-ebs.yaml orders.xlsx --report findings.xlsx
      bulkpo check mappings/import/oracle-ebs.yaml orders.xlsx --failed to-correct.xlsx
      bulkpo check mappings/import/oracle-ebs.yaml orders.xlsx --to production

    A report as .xlsx of a workbook is that workbook with the wrong cells marked. The failed orders can be corrected
    in their file and checked or imported from there.

    Exit code 0 if every order is clean, 1 if some have errors.
    """
    console = Console(as_json)
    _refuse_outputs(mapping, file, report, failed)
    mapped, checked = check_file(mapping, file, find_profile(profile_name or SANDBOX).time_zone)
    say_checked(console, mapped, checked)
    if profile_name is not None:
        from bulkpo.runs.imports.plan import FilePlan

        with open_client(profile_name) as (profile, client):
            look_ahead(console, FilePlan(mapped, checked), profile, client)
    _write_files(console, mapped, checked, (report, failed))
    console.result({**checked.as_json(), "report": str(report) if report else None})
    return 1 if checked.has_errors else 0


def _write_files(
    console: Console, mapped: "MappedFile", checked: "Checked", files: tuple[Path | None, Path | None]
) -> None:
    """Write the report and the failed orders, where they are asked for."""
    report, failed = files
    if report is not None:
        from bulkpo.runs.reports.write import write_report

        console.say(f"\n{report}: {write_report(report, mapped, checked)}")
    if failed is not None and checked.has_errors:
        from bulkpo.runs.reports.failed import write_failed

        count = write_failed(failed, mapped, checked.failed_keys)
        console.say(f"\n{failed}: {plural(checked.failed, 'order')} to correct, in {plural(count, 'row')}")
    elif failed is not None:
        console.say(f"\n{failed} is not written: no order has errors")
    elif checked.has_errors and report is None:
        console.say(
            "\nTo see the wrong cells marked, add --report FILE.xlsx; for the failed orders alone, --failed FILE"
        )


def _refuse_outputs(mapping: Path, file: Path, report: Path | None, failed: Path | None) -> None:
    """Raise UsageError for an output that would take the place of an input, or has no form; before the long work."""
    taken = {mapping.resolve(): mapping, file.resolve(): file}
    for path in filter(None, (report, failed)):
        if path.resolve() in taken or _is_one_of(path, (mapping, file)):
            raise UsageError(f"{path}: this file is read or written already; choose another name")
        taken[path.resolve()] = path
    if report is not None:
        from bulkpo.runs.reports.write import refuse_report

        refuse_report(report)
    if failed is not None:
        from bulkpo.runs.reports.failed import refuse_failed

        refuse_failed(failed, file)


def _is_one_of(path: Path, others: Sequence[Path]) -> bool:
    """Whether a path leads to one of these files, under whatever name."""
    return path.exists() and any(path.samefile(other) for other in others if other.exists())


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
    from bulkpo.runs.checking.preview import previews

    mapped, checked = check_file(mapping, file, find_profile(SANDBOX).time_zone)
    for text in previews(mapped, checked, orders, form):
        click.echo(text)
    if checked.failed:
        click.echo(f"{plural(checked.failed, 'order')} with errors not shown; bulkpo check tells why", err=True)
    return 1 if checked.failed else 0


def check_file(mapping: Path, file: Path, time_zone: str | None) -> "tuple[MappedFile, Checked]":
    """Open a file by a mapping and check it, counting on the terminal.

    `time_zone` is the profile's, for dates of a mapping that declares none.
    """
    from bulkpo.runs.checking.check import check
    from bulkpo.runs.checking.mapped import open_mapped

    mapped = open_mapped(mapping, file, element_tables(), time_zone=time_zone)
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
        console.say()
        for line in findings_lines(checked.findings, source):
            console.say(line)


_MOST_LISTED = 5


def look_ahead(console: Console, plan: "FilePlan", profile: "Profile", client: "CoupaClient") -> bool:
    """Look up numbers and references, say what is wrong and add it to the findings; True if nothing is."""
    result = preflight(plan, client, element_tables())
    console.say(f"\nLooked up in {profile}")
    if result.existing:
        named = ", ".join(result.existing[:_MOST_LISTED]) + (" …" if result.existing[_MOST_LISTED:] else "")
        console.say(f"  {plural(len(result.existing), 'order')} with a number that is there already: {named}")
    for resource, reason in result.unchecked.items():
        console.say(f"  {resource} could not be looked up: {reason}")
    for line in findings_lines(result.findings, plan.mapped.source):
        console.say(line)
    if not result.findings:
        console.say("  everything the orders refer to is there")
    plan.hold(result.held)
    return not result.findings
