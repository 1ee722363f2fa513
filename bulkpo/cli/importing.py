"""`bulkpo import` and `bulkpo resume`: clean orders into Coupa, each exactly once."""

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

import click

from bulkpo.cli.common import (
    Whole,
    at_terminal,
    expect_option,
    given_files,
    given_tables,
    json_option,
    mapping_and_files,
    run_number,
    to_option,
)
from bulkpo.cli.console import Console
from bulkpo.cli.doing import tell_done
from bulkpo.cli.import_result import say_held, tell
from bulkpo.cli.render import plural, reasons_lines
from bulkpo.errors import UsageError
from bulkpo.workspace.approving import plan_import
from bulkpo.workspace.importing import dry_run, import_orders, resume
from bulkpo.workspace.requests import ImportRequest, ResumeRequest, Share
from bulkpo.workspace.results import DryRunOutcome, ImportOutcome

if TYPE_CHECKING:
    from bulkpo.runs.approving.plan import PlanOfRun

_MOST_LISTED = 20


class _Given(TypedDict):
    """The options of an import as click reads them."""

    profile_name: str
    on_existing: Literal["skip", "fail", "compare"]
    on_conflict: Literal["skip", "theirs", "mine"]
    is_dry: bool
    plan_file: Path | None
    no_preflight: bool
    strict: bool
    limit: int | None
    canary: int
    max_failures: str | None
    again: bool
    out: Path | None
    expect: dict[str, str]
    is_sure: bool
    as_json: bool


@click.command("import")
@mapping_and_files
@to_option
@click.option(
    "--on-existing",
    type=click.Choice(["skip", "fail", "compare"]),
    default="skip",
    show_default=True,
    help="What to do about a key that is in Coupa already.",
)
@click.option(
    "--on-conflict",
    type=click.Choice(["skip", "theirs", "mine"]),
    default="skip",
    show_default=True,
    help="What to do where somebody else has changed what is to be changed.",
)
@click.option(
    "--dry-run", "is_dry", is_flag=True, help="Say what would be created, and what is there and differs; send nothing."
)
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what would happen as a workbook to approve, for `bulkpo apply`; send nothing.",
)
@click.option("--no-preflight", is_flag=True, help="Do not look up first what FILE refers to.")
@click.option("--strict", is_flag=True, help="Send nothing unless all of FILE is clean.")
@click.option("--limit", type=Whole(min=1), metavar="N", help="Send the first N only; resume --all sends the rest.")
@click.option(
    "--canary", type=Whole(min=0), default=0, metavar="K", help="Send K one by one first; stop if one of them fails."
)
@click.option("--max-failures", metavar="N|P%", help="Stop once more than N, or P percent, were refused.")
@click.option("--again", is_flag=True, help="Import FILE anew even if a run of it is not done.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Write the results there, not beside FILE; it must exist.",
)
@expect_option
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask before sending to a real instance.")
@json_option
def import_command(mapping: Path, files: tuple[Path, ...], tables: tuple[str, ...], **given: Unpack[_Given]) -> int:
    """Check FILE by MAPPING and create its clean orders in Coupa, or change them there where MAPPING says mode: update.

    FILE may be several files, folders and patterns, which are imported in one run, or - for standard input.

    Without --to the orders go into the embedded sandbox, where nothing real happens. What was sent and what came of it
    is kept in a journal: whatever interrupts the run, `bulkpo resume` goes on, and no order is created twice.

    \b
    Examples:
      bulkpo import mappings/import/legacy-orders.yaml samples/legacy-orders.xlsx
      bulkpo import orders.yaml orders.xlsx --to production --dry-run
      bulkpo import orders.yaml orders.xlsx --to production --canary 3
      bulkpo import orders.yaml orders/ --to production
      unzip -p orders.zip orders.csv | bulkpo import orders.yaml -

    The result is written beside FILE as NAME.result.xlsx, of a second import as NAME.result.2.xlsx, and so on. What
    failed is written as NAME.failed, in FILE's own layout (in a folder of that name where several files were read), to
    correct and import again.

    Suppliers, users and other things a mapping's resource names are imported in the same way as orders.
    """
    console = Console(given["as_json"])
    request = _request(mapping, files, given_tables(tables), given)
    with at_terminal(console, is_sure=given["is_sure"]) as session:
        if given["plan_file"] is not None:
            return tell_plan(console, *plan_import(request, given["plan_file"], session))
        if given["is_dry"]:
            return _tell_dry_run(console, dry_run(request, session))
        return tell(console, import_orders(request, session))


def _request(mapping: Path, files: tuple[Path, ...], tables: dict[str, Path], given: _Given) -> ImportRequest:
    # What came by standard input has no place of its own: its results are written where the command is given.
    out = given["out"] or (Path() if Path("-") in files else None)
    mapping, files = given_files(mapping, files)
    return ImportRequest(
        mapping,
        files,
        to=given["profile_name"],
        on_existing=given["on_existing"],
        on_conflict=given["on_conflict"],
        preflight=not given["no_preflight"],
        strict=given["strict"],
        limit=given["limit"],
        canary=given["canary"],
        max_failures=_most_failures(given["max_failures"]),
        again=given["again"],
        out=out,
        expect=given["expect"],
        tables=tables,
    )


@click.command("resume")
@click.argument("run", type=run_number, required=False)
@click.option(
    "--retry-refused", is_flag=True, help="Send what was refused again, after something was put right in Coupa."
)
@click.option(
    "--all", "send_all", is_flag=True, help="Heed the import's --limit, --canary and --max-failures no longer."
)
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask before sending to a real instance.")
@json_option
def resume_command(run: int | None, *, retry_refused: bool, send_all: bool, is_sure: bool, as_json: bool) -> int:
    """Go on with RUN, or with the last one that is not done.

    Orders whose outcome is unknown are looked up in Coupa first; none is created twice. A run that is done does
    nothing more. The file and the mapping must be those the run was planned from. --limit, --canary and --max-failures
    of the import count on, unless --all is given.

    \b
    Examples:
      bulkpo resume
      bulkpo resume 12
    """
    console = Console(as_json)
    with at_terminal(console, is_sure=is_sure) as session:
        outcome = resume(ResumeRequest(run, retry_refused, send_all), session)
    if outcome is None:
        console.say("Every run is done; there is nothing to resume")
        console.result({"run": None})
        return 0
    return tell(console, outcome) if isinstance(outcome, ImportOutcome) else tell_done(console, outcome)


def tell_plan(console: Console, planned: "PlanOfRun", path: Path) -> int:
    """Say what a plan would do, and where it is."""
    counts = Counter(order.what for order in planned.orders)
    listed = ", ".join(f"{count:,} {what}" for what, count in counts.items()) or "no orders"
    held = len({key for key, _, _ in planned.held})
    console.say(f"\nPlanned: {listed}, {held:,} held back or with errors; nothing was sent")
    console.say(f"  {plural(planned.resent, 'order')} would be sent to suppliers again")
    console.say(f"Plan, to approve: {path}")
    console.say(f"To do exactly this: bulkpo apply {path}")
    told = {what.replace(" ", "_"): count for what, count in counts.items()}
    console.result({"plan": str(path), "digest": planned.digest, "held": held, "resent": planned.resent, **told})
    return 0


def _tell_dry_run(console: Console, outcome: DryRunOutcome) -> int:
    result = outcome.result
    console.say(f"\nA dry run against {outcome.profile}; nothing was sent")
    kind = outcome.file.kind
    beyond = f", {result.beyond:,} more come after the limit" if result.beyond else ""
    console.say(f"  {kind.noun.counted(result.new)} would be created{beyond}")
    if result.changes is not None:
        console.say(f"  {kind.noun.counted(result.changes.changed)} would be changed")
    console.say(f"  {kind.noun.counted(result.unchanged)} in Coupa already, and the same there")
    if result.cancelled:
        console.say(
            f"  {kind.noun.counted(len(result.cancelled))} in Coupa already, and cancelled there; the {kind.key_word} "
            f"is taken all the same, so {'it' if len(result.cancelled) == 1 else 'they'} would not be created again"
        )
    differing = kind.noun.counted(len(result.differing))
    console.say(f"  {differing} in Coupa already by {kind.key_word}, and different there")
    for key, said in islice(result.differing.items(), _MOST_LISTED):
        console.say(f"    {key}: {said}")
    left = len(result.differing) - _MOST_LISTED
    if left > 0:
        console.say(f"    and {left:,} more; --json names all")
    say_held(console, outcome.held, outcome.file.kind)
    console.show(reasons_lines(outcome.reasons, console.width, "bulkpo check with --to and --report lists all"))
    if result.trouble is not None:
        console.complain(result.trouble)
    console.result(outcome.as_json())
    return outcome.exit_code


def _most_failures(text: str | None) -> int | Share | None:
    """How many refused orders are too many to go on: a number, or a share of all."""
    if text is None:
        return None
    number = text.removesuffix("%")
    if not number.isdecimal() or (number != text and int(number) > 100):
        raise UsageError(f"--max-failures {text!r}: write a number, or a share as in 5%")
    return Share(int(number)) if number != text else int(number)
