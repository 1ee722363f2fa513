"""`bulkpo check` and `bulkpo preview`: look before anything is sent."""

from pathlib import Path
from typing import Literal

import click

from bulkpo.cli.common import (
    Whole,
    at_terminal,
    existing_file,
    expect_option,
    given_files,
    given_tables,
    json_option,
    mapping_and_files,
)
from bulkpo.cli.console import Console, write
from bulkpo.cli.render import plural
from bulkpo.workspace.checking import check, merged, preview
from bulkpo.workspace.requests import CheckRequest, PreviewRequest
from bulkpo.workspace.results import CheckResult

_out = click.Path(path_type=Path)


@click.command("check")
@mapping_and_files
@click.option("--report", type=_out, metavar="FILE", help="Write what was found to a .xlsx, .html, .csv or .json file.")
@click.option(
    "--failed", type=_out, metavar="FILE", help="Write what has errors, each order whole, in FILE's own layout."
)
@click.option("--to", "profile_name", metavar="NAME", help="Look up in this instance what FILE refers to, too.")
@expect_option
@json_option
def check_command(  # noqa: PLR0913 - a command's options
    *,
    mapping: Path,
    files: tuple[Path, ...],
    tables: tuple[str, ...],
    report: Path | None,
    failed: Path | None,
    profile_name: str | None,
    expect: dict[str, str],
    as_json: bool,
) -> int:
    """Check FILE by MAPPING, every cell, and send nothing.

    FILE may be several files, folders and patterns, which are checked together, or - for standard input. A template
    that `bulkpo template` wrote knows its mapping: FILE is enough.

    \b
    Examples:
      bulkpo check mappings/import/oracle-ebs.yaml orders.xlsx
      bulkpo check oracle-ebs.yaml orders.xlsx --report findings.xlsx --failed to-correct.xlsx
      bulkpo check oracle-ebs.yaml orders.xlsx --to production
      bulkpo check oracle-ebs.yaml orders.xlsx --expect orders=579 --expect amount.USD=1250.50
      bulkpo check oracle-ebs.yaml orders/ --report all.xlsx
      bulkpo check two-files.yaml headers.csv --table lines=lines.csv

    Of several files, --report FILE lists what was found in all of them; where it is a folder, each has a report in it.

    A report as .xlsx of a workbook is that workbook with the wrong cells marked. What failed can be corrected in its
    file and checked or imported from there.

    Exit code 0 if all of FILE is clean, 1 if something has errors.
    """
    console = Console(as_json)
    mapping, files = given_files(mapping, files)
    request = CheckRequest(mapping, files, profile_name, report, failed, expect, given_tables(tables))
    with at_terminal(console) as session:
        result = check(request, session)
    _say_written(console, request, result)
    console.result(result.as_json())
    return result.exit_code


def _say_written(console: Console, request: CheckRequest, result: CheckResult) -> None:
    """Which files were written, or could be."""
    noun = result.file.kind.noun
    if result.report is not None:
        console.say(f"\n{result.report.path}: {result.report.holds}")
    if result.failed is not None:
        failed = noun.counted(result.file.checked.failed)
        console.say(f"\n{result.failed.path}: {failed} to correct, in {plural(result.failed.rows, 'row')}")
    elif request.failed is not None:
        console.say(f"\n{request.failed} is not written: no {noun.one} has errors")
    elif result.file.checked.has_errors and request.report is None:
        console.say(
            f"\nTo see the wrong cells marked, add --report FILE.xlsx; for the failed {noun.many} alone, --failed FILE"
        )


@click.command("preview")
@mapping_and_files
@click.option("-n", "--orders", type=Whole(min=1), default=1, show_default=True, help="How many to show.")
@click.option("--form", type=click.Choice(["xml", "json"]), default="xml", show_default=True, help="XML or JSON.")
def preview_command(
    mapping: Path, files: tuple[Path, ...], tables: tuple[str, ...], orders: int, form: Literal["xml", "json"]
) -> int:
    """Show the first clean orders of FILE as they would be sent.

    \b
    Example:
      bulkpo preview mappings/import/oracle-ebs.yaml orders.xlsx -n 2
    """
    mapping, files = given_files(mapping, files)
    shown = preview(PreviewRequest(mapping, files, orders, form, given_tables(tables)))
    for text in shown.orders:
        write(text)
    failed = shown.file.checked.failed
    if failed:
        noun = shown.file.kind.noun
        write(f"{noun.counted(failed)} with errors not shown; bulkpo check tells why", err=True)
    return 1 if failed else 0


@click.command("mapping")
@click.argument("mapping", type=existing_file)
def mapping_command(mapping: Path) -> int:
    """Show MAPPING with all it extends merged in.

    \b
    Example:
      bulkpo mapping mappings/import/plant-de.yaml

    What is shown is a mapping of its own: it means the same in the same folder.
    """
    text, bases = merged(mapping)
    if bases:
        write(f"# {mapping.name}, which extends {', which extends '.join(bases)}")
    write(text, end="")
    return 0
