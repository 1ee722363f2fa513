"""`bulkpo import` and `bulkpo resume`: clean orders into Coupa, each exactly once."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bulkpo.cli.checking import check_file, look_ahead, say_checked
from bulkpo.cli.common import Console, Counter, existing_file, json_option, to_option
from bulkpo.cli.instance import OpenInstance, confirm, find_profile, open_journal, open_target, stopping
from bulkpo.cli.render import plural, ways_table
from bulkpo.errors import UsageError

if TYPE_CHECKING:
    from bulkpo.journal.records import Run
    from bulkpo.journal.store import Journal
    from bulkpo.runs.checking.checked import Checked
    from bulkpo.runs.imports.job import ImportOptions, Job
    from bulkpo.runs.imports.plan import FilePlan
    from bulkpo.runs.imports.run import ImportResult
    from bulkpo.settings import Profile

_MOST_LISTED = 20
STATES = ("created", "existing", "refused", "differs", "unknown", "planned")


@click.command("import")
@click.argument("mapping", type=existing_file)
@click.argument("file", type=existing_file)
@to_option
@click.option(
    "--on-existing",
    type=click.Choice(["skip", "fail", "compare"]),
    default="skip",
    show_default=True,
    help="What to do about an order whose number is in Coupa already.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be created, and what is there and differs; send nothing.")
@click.option("--no-preflight", is_flag=True, help="Do not look up first what the orders refer to.")
@click.option("--strict", is_flag=True, help="Send nothing unless every order is clean.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Send the first N orders only.")
@click.option("--canary", type=click.IntRange(min=0), default=0, metavar="K", help="Send K orders one by one first.")
@click.option("--max-failures", metavar="N|P%", help="Stop once more than N orders, or P percent, were refused.")
@click.option("--yes", is_flag=True, help="Do not ask before sending to a real instance.")
@json_option
def import_command(mapping: Path, file: Path, **options: Any) -> int:  # noqa: ANN401 - click's options by name
    """Check FILE by MAPPING and create its clean orders in Coupa.

    Without --to the orders go into the embedded sandbox, where nothing real happens. What was sent and what came of it
    is kept in a journal: whatever interrupts the run, `bulkpo resume` goes on, and no order is created twice.

    \b
    Examples:
      bulkpo import mappings/import/legacy-orders.yaml samples/legacy-orders.xlsx
      bulkpo import mappings/import/legacy-orders.yaml orders.xlsx --to production --canary 3

    The result is written beside FILE as NAME.result.xlsx. Orders that failed are written as NAME.failed, in FILE's own
    layout (in a folder of that name where several files were read), to correct and import again.
    """
    from bulkpo.runs.imports.plan import FilePlan

    console = Console(options["as_json"])
    mapped, checked = check_file(mapping, file, find_profile(options["profile_name"]).time_zone)
    say_checked(console, mapped, checked)
    if options["strict"] and checked.failed:
        raise UsageError("some orders have errors and --strict is given: nothing was sent; correct them and try again")
    plan = FilePlan(mapped, checked)
    with open_target(options["profile_name"]) as target:
        if options["dry_run"]:
            return _dry_run(console, plan, target)
        asks = not (options["no_preflight"] or target.profile.is_sandbox)
        if asks and not look_ahead(console, plan, target.profile, target.client):
            console.say("Nothing was sent. Correct these, or send all the same with --no-preflight")
            console.result({**checked.as_json(), "report": None})
            return 1
        return _import(console, plan, target, options)


def _import(console: Console, plan: "FilePlan", target: OpenInstance, options: Mapping[str, Any]) -> int:
    """Announce, ask, and send."""
    from bulkpo.model.profile import Format
    from bulkpo.payload.encode import BodyFormat
    from bulkpo.runs.imports.job import AfterCreate, ImportOptions, Job, OnExisting
    from bulkpo.runs.imports.run import begin

    how = ImportOptions(
        format=BodyFormat.JSON if target.profile.format is Format.JSON else BodyFormat.XML,
        on_existing=OnExisting(options["on_existing"]),
        after_create=AfterCreate(plan.mapped.mapping.after_create or AfterCreate.NONE),
        limit=options["limit"],
        canary=options["canary"],
        max_failures=_most_failures(options["max_failures"], plan.checked.ok),
    )
    _announce(console, target.profile, plan.checked, how)
    confirm(target.profile, "create these orders", is_sure=options["yes"])
    return _run(console, begin(Job(plan, target.client, target.journal, run=0, options=how)), plan)


@click.command("resume")
@click.argument("run", type=int, required=False)
@click.option(
    "--retry-refused", is_flag=True, help="Send refused orders again, after something was put right in Coupa."
)
@json_option
def resume_command(run: int | None, *, retry_refused: bool, as_json: bool) -> int:
    """Go on with RUN, or with the last one that is not done.

    Orders whose outcome is unknown are looked up in Coupa first; none is created twice. A run that is done does
    nothing more. The file and the mapping must be those the run was planned from.

    \b
    Examples:
      bulkpo resume
      bulkpo resume 12
    """
    from bulkpo.runs.imports.job import ImportOptions, Job
    from bulkpo.runs.imports.plan import FilePlan

    console = Console(as_json)
    with open_journal() as journal:
        known = journal.run(run) if run is not None else _last_open(journal)
    if known is None:
        console.say("Every run is done; there is nothing to resume")
        console.result({"run": None})
        return 0
    mapped, checked = check_file(
        Path(known.mapping_file), Path(known.input_file), find_profile(known.profile).time_zone
    )
    plan = FilePlan(mapped, checked)
    with open_target(known.profile) as target:
        console.say(f"Going on with run {known.id}: {mapped.path.name} into {target.profile}")
        how = ImportOptions(retry_refused=retry_refused)
        return _run(console, Job(plan, target.client, target.journal, run=known.id, options=how), plan)


def _dry_run(console: Console, plan: "FilePlan", target: OpenInstance) -> int:
    from bulkpo.runs.imports.dry_run import dry_run

    result = dry_run(plan, target.client)
    console.say(f"\nA dry run against {target.profile}; nothing was sent")
    console.say(f"  {plural(result.new, 'order')} would be created, {result.unchanged:,} are there and unchanged")
    console.say(f"  {plural(len(result.differing), 'order')} with a number that is taken differ from what is in Coupa")
    for key, said in islice(result.differing.items(), _MOST_LISTED):
        console.say(f"    {key}: {said}")
    console.result({**plan.checked.as_json(), **result.as_json(), "report": None})
    return 1 if result.differing or plan.checked.failed else 0


def _run(console: Console, job: "Job", plan: "FilePlan") -> int:
    from bulkpo.runs.imports.run import run_import

    counter = Counter("orders sent")
    job.progress = counter
    with stopping(job.stop):
        result = run_import(job)
    counter.done()
    _say_result(console, result)
    checked = plan.checked.as_json()
    told = result.as_json()
    console.result({**checked, **told, "totals": told["totals"] or checked["totals"], "report": None})
    return max(result.exit_code, 1) if plan.checked.failed and result.exit_code == 0 else result.exit_code


def _say_result(console: Console, result: "ImportResult") -> None:
    counts = {state: count for state, count in result.as_json().items() if state in STATES}
    listed = ", ".join(f"{count:,} {state}" for state, count in counts.items() if count) or "no orders"
    console.say(f"\nRun {result.run}: {listed} ({plural(result.requests, 'request')}, {result.seconds:.1f} s)")
    if result.totals is not None:
        for line in ways_table(result.totals.by_currency()):
            console.say(line)
        agreed = (
            "Sent and read back agree." if result.totals.agree else "SENT AND READ BACK DIFFER: see the result file."
        )
        console.say(f"  {agreed}")
    if result.result is not None:
        console.say(f"Result: {result.result}")
    if result.failed is not None:
        console.say(f"Failed orders, to correct and import again: {result.failed}")
    for notice in result.notices:
        console.say(f"Notice: {notice}")
    if result.stopped_because:
        console.say(f"Stopped: {result.stopped_because}")
    if result.trouble is not None:
        click.echo(f"bulkpo: {result.trouble}", err=True)
    if counts["unknown"] or counts["planned"]:
        console.say(f"To go on: bulkpo resume {result.run}")


def _announce(console: Console, profile: "Profile", checked: "Checked", how: "ImportOptions") -> None:
    """Say what is about to happen, where, and how long it takes at best."""
    orders = min(checked.ok, how.limit or checked.ok)
    nothing_real = "; nothing real happens there" if profile.is_sandbox else ""
    console.say(f"\nImporting {plural(orders, 'order')} into {profile}{nothing_real}")
    if profile.rate:
        console.say(f"  at {profile.rate} requests a second this takes {float(orders / profile.rate):,.0f} s or more")
    if profile.integration is not None:
        console.say("  and telling it in the integration history there, as the profile asks for")


def _last_open(journal: "Journal") -> "Run | None":
    from bulkpo.journal.records import RunStatus

    return next((run for run in journal.runs() if run.status is not RunStatus.DONE), None)


def _most_failures(text: str | None, orders: int) -> int | None:
    """How many refused orders are too many to go on: a number, or a share of all."""
    if text is None:
        return None
    number = text.removesuffix("%")
    if not number.isdecimal() or (number != text and int(number) > 100):
        raise UsageError(f"--max-failures {text!r}: write a number, or a share as in 5%")
    return orders * int(number) // 100 if number != text else int(number)
